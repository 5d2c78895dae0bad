"""What is typed about the minutes: a line's words, a note, a promise."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.meetings import promises, signing
from surveys.meetings.models import AgendaItem, Opinion
from surveys.needs import intake
from surveys.needs.proposals.masking import masked
from surveys.questionnaires.forms import sensible_year

USUAL_DAYS = 30
"""by when something is usually promised"""
SHORT = 30
"""letters of an opinion in a list to choose from"""


class LineForm(Form):
    """What a line of the minutes says."""

    text = TextAreaField(
        _l("这一行怎么写"),
        [
            InputRequired(_l("这一行不能空着。不要它，点“不写这一行”。")),
            Length(max=signing.LONGEST),
        ],
    )


class NoteForm(Form):
    """A line that is added."""

    text = TextAreaField(
        _l("补一行"), [InputRequired(_l("还没有写。")), Length(max=signing.LONGEST)]
    )
    item = SelectField(_l("写在哪一项下面"))

    def offer(self, items: Iterable[AgendaItem]) -> None:
        """Let it stand below one of these."""
        self.item.choices = [
            ("", _("开场")),
            *((item.id, f"{item.position}. {item.title}") for item in items),
        ]


class PromiseForm(Form):
    """What was promised, by whom, by when, about which opinion."""

    text = StringField(
        _l("答应了什么"),
        [InputRequired(_l("请写答应了做什么。")), Length(max=promises.LONGEST)],
    )
    who = StringField(
        _l("谁来办"), [InputRequired(_l("请写由谁来办。")), Length(max=promises.LONGEST_WHO)]
    )
    due_on = DateField(_l("最晚哪天"), [InputRequired(_l("请写最晚哪天。")), sensible_year])
    opinion = SelectField(_l("答的是哪一条意见"))
    submission = HiddenField()

    @classmethod
    def fresh(cls, today: date, opinions: Iterable[Opinion], chosen: str) -> "PromiseForm":
        """The form as it was typed, or a new one.

        Args:
            chosen: id of the opinion that it is about, where one was tapped.
        """
        form = cls(
            due_on=today + timedelta(days=USUAL_DAYS),
            opinion=chosen,
            submission=intake.new_submission(),
        )
        form.opinion.choices = [
            ("", _("不是答哪一条")),
            *((one.id, f"{one.number}. {masked(one.text)[:SHORT]}") for one in opinions),
        ]
        return form
