"""What is typed on the pages of questionnaires: by residents, and at the desk."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DateTimeLocalField, Field, RadioField
from wtforms.validators import InputRequired, Optional, ValidationError

from surveys.base.forms import Form
from surveys.base.language import say
from surveys.base.show import local
from surveys.errors import Invalid
from surveys.questionnaires.kinds import KINDS, as_typed, read_answer
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.rules import Question, Value

Typed = MultiDict[str, str]
Faults = dict[str, str]
"""question → what is wrong with its answer, in words"""
YEARS = range(2000, 2100)
PREFIX = "a-"
"""stands before a question's key in the name of its field"""
DROP = "drop-"
"""stands before a photo's id in the value of the button that takes it away"""


def typed_for(question: Question, form: Typed) -> list[str]:
    """What was typed or ticked for one question: cells of each row, words beside a choice."""
    name = PREFIX + question.key
    typed = form.getlist(name)
    if question.type == "photo":
        return [one for one in typed if one and f"{DROP}{one}" != form.get("go")]
    for row in question.rows:
        typed += form.getlist(f"{name}:{row.key}")
    if KINDS[question.type].holds == "choices":
        beside = ((c.key, form.get(f"{name}={c.key}", "")) for c in question.choices if c.writes)
        typed += [f"{key}={words}" for key, words in beside if words.strip()]
    return typed


def pressed(form: Typed) -> str:
    """Where the button leads that was pressed; what is taken away leads nowhere else."""
    go = form.get("go", "next")
    return "here" if go.startswith(DROP) else go


def read_page(questions: Sequence[Question], form: Typed) -> tuple[dict[str, Value], Faults]:
    """The answers of a page, by question: what can be read, what cannot as it was typed; and
    what is wrong with it."""
    given: dict[str, Value] = {}
    faults: Faults = {}
    for question in questions:
        try:
            given[question.key] = read_answer(question, typed_for(question, form))
        except Invalid as fault:
            given[question.key] = as_typed(question, typed_for(question, form))
            faults[question.key] = say(fault)
    return {key: value for key, value in given.items() if value}, faults


def sensible_year(form: Form, field: Field) -> None:
    """A slip of the finger in the year must not reach the clock."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("年份不对，请再看一遍。"))


class NewForm(Form):
    """Which template a new questionnaire is made from."""

    template = RadioField(_("用哪个模板"), [InputRequired(_("请选一个模板。"))])


class TimesForm(Form):
    """When it opens and closes by itself, and until when answers are kept; in the place's zone."""

    opens_at = DateTimeLocalField(_("到这时自动开放"), [Optional(), sensible_year])
    closes_at = DateTimeLocalField(_("到这时自动截止"), [Optional(), sensible_year])
    kept_until = DateField(
        _("答卷保存到哪天"), [InputRequired(_("请写保存到哪天。")), sensible_year]
    )

    @classmethod
    def of(cls, questionnaire: Questionnaire, zone: str) -> "TimesForm":
        """The form as it was typed, or with the times that are set."""
        return cls(
            opens_at=_typed_as(questionnaire.opens_at, zone),
            closes_at=_typed_as(questionnaire.closes_at, zone),
            kept_until=local(questionnaire.kept_until, zone).date(),
        )

    def times(
        self, questionnaire: Questionnaire, zone: str
    ) -> tuple[datetime | None, datetime | None, datetime]:
        """Opening, close, and the end of the last day on which answers are kept."""
        last = datetime.combine(self.kept_until.data or date.max, time(23, 59, 59))
        return (
            _aware(self.opens_at.data, questionnaire.opens_at, zone),
            _aware(self.closes_at.data, questionnaire.closes_at, zone),
            last.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC),
        )


def _typed_as(at: datetime | None, zone: str) -> datetime | None:
    return local(at, zone).replace(tzinfo=None, second=0, microsecond=0) if at else None


def _aware(typed: datetime | None, was: datetime | None, zone: str) -> datetime | None:
    """The instant that was typed; the one that was set, to its second, where it was left alone."""
    if typed is None or typed == _typed_as(was, zone):
        return was if typed else None
    return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
