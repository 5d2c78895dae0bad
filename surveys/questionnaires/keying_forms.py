"""What is typed at the desk when a sheet is keyed in."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.errors import Invalid
from surveys.questionnaires.forms import Faults, Typed, typed_for
from surveys.questionnaires.kinds import KINDS, keys_of_numbers, read_answer
from surveys.questionnaires.rules import CHANNELS, KEYED, Given, Question, Value


def read_sheet(questions: Sequence[Question], form: Typed) -> tuple[Given, Faults]:
    """The answers of a sheet, where choices are typed by their printed numbers; and what is wrong
    with each that cannot be read."""
    given: dict[str, Value] = {}
    faults: Faults = {}
    for question in questions:
        try:
            given[question.key] = read_answer(question, _keyed_for(question, form))
        except Invalid as fault:
            faults[question.key] = gettext(fault.msgid, **fault.params)
    return {key: value for key, value in given.items() if value}, faults


def _keyed_for(question: Question, form: Typed) -> list[str]:
    typed = typed_for(question, form)
    if KINDS[question.type].is_free or not typed:
        return typed
    return keys_of_numbers(question, typed[0])


class KeyInForm(Form):
    """What stands above and below the questions of a sheet."""

    channel = RadioField(
        _("怎么来的"),
        choices=lambda: {channel: gettext(CHANNELS[channel]) for channel in KEYED},
        validators=[InputRequired(_("请选一下怎么来的：纸质、电话、入户。"))],
    )
    door = StringField(_("哪一户"), [Length(max=40, message=_("太长了，照“3-2-301”写就行。"))])
    submission = HiddenField()
