"""What is typed at the desk when a sheet is keyed in."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from surveys.base.forms import Form
from surveys.base.language import gettext, say
from surveys.base.words import N_
from surveys.courtyards.models import Household
from surveys.errors import Invalid
from surveys.questionnaires.forms import PREFIX, Faults, Typed
from surveys.questionnaires.keying import Sheet
from surveys.questionnaires.kinds import read_keyed
from surveys.questionnaires.rules import CHANNELS, KEYED, RELATIONS, Given, Question, Value


def read_sheet(questions: Sequence[Question], form: Typed) -> tuple[Given, Faults]:
    """The answers of a sheet, where choices are typed by their printed numbers; and what is wrong
    with each that cannot be read."""
    given: dict[str, Value] = {}
    faults: Faults = {}
    for question in questions:
        try:
            given[question.key] = read_keyed(question, form.get(PREFIX + question.key, ""))
        except Invalid as fault:
            faults[question.key] = say(fault)
    return {key: value for key, value in given.items() if value}, faults


class KeyInForm(Form):
    """What stands above and below the questions of a sheet."""

    channel = RadioField(
        _("怎么来的"),
        choices=lambda: {channel: gettext(CHANNELS[channel]) for channel in KEYED},
        validators=[InputRequired(_("请选一下怎么来的：纸质、电话、入户。"))],
    )
    door = StringField(_("哪一户"), [Length(max=40, message=_("太长了，照“3-2-301”写就行。"))])
    relation = SelectField(
        _("谁答的"),
        choices=lambda: [
            ("", gettext(N_("这家自己答的"))),
            *((key, gettext(word)) for key, word in RELATIONS.items()),
        ],
        default="",
    )
    has_consent = BooleanField(_("别人替答的，这家本人同意"))
    submission = HiddenField()
    back = HiddenField()
    """the page to go on to, where somebody came from a list of doors"""

    def validate_has_consent(self, field: Field) -> None:
        """Nobody is answered for against their will."""
        if self.relation.data and not field.data:
            raise ValidationError(_("替人答的，要这家本人同意。同意了，请勾上。"))

    def sheet(self, household: Household | None, given: Given) -> Sheet:
        """The sheet as it was typed."""
        return Sheet(
            household=household,
            channel=self.channel.data,
            given=given,
            submission=self.submission.data or "",
            relation=self.relation.data or "",
            has_consent=self.has_consent.data,
        )
