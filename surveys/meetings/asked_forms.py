"""What is typed on the spot: one question with its choices, and a show of hands in one place."""

import json
from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from surveys.base import show
from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.meetings import rules
from surveys.meetings.hands import LONGEST_NAME
from surveys.meetings.rules import Where
from surveys.menus import rules as typing_rules

WHOLE_BUILDING = N_("%(place)s整栋")
EVERYBODY = N_("全场")


class PollForm(Form):
    """A question and its choices: a ready set, or what is typed line by line."""

    question = StringField(
        _l("要问的一句话"),
        [InputRequired(_l("请写要问的一句话。")), Length(max=rules.LONGEST_QUESTION)],
    )
    set_ = RadioField(_l("怎么选"), [InputRequired(_l("请选一样。"))], name="set", default="agree")
    own = TextAreaField(_l("自己写的选项，一行一个"))

    @classmethod
    def fresh(cls) -> "PollForm":
        """The form as it was typed, or empty."""
        form = cls()
        form.set_.choices = [
            (key, "／".join(_(word) for word in words)) for key, words in rules.CHOICE_SETS.items()
        ]
        return form

    def choices(self) -> list[str]:
        """The choices, in the language of whoever asks. What was typed goes before a ready set."""
        typed = (self.own.data or "").splitlines()
        if any(line.strip() for line in typed):
            return typed
        return [_(word) for word in rules.CHOICE_SETS[self.set_.data]]


class HandsForm(Form):
    """What was counted in one place: hands for each choice, of how many people, by whom."""

    question = StringField(
        _l("举的是什么"),
        [InputRequired(_l("请写要问的一句话。")), Length(max=rules.LONGEST_QUESTION)],
    )
    where = SelectField(_l("哪里"), [InputRequired(_l("请选一个地方。"))])
    people = StringField(_l("这里在场几个人"), [InputRequired(_l("请先数在场几个人，写在这里。"))])
    counted_by = StringField(
        _l("谁数的"), [InputRequired(_l("请写是谁数的。")), Length(max=LONGEST_NAME)]
    )

    def offer(self, places: Sequence[Where], present: Where) -> None:
        """Let one of these places be chosen; `present` is the one that is to be counted next."""
        self.where.choices = [(canonical_json(list(each)), place_word(each)) for each in places]
        if not self.is_submitted():
            self.where.data = canonical_json(list(present))

    def place(self) -> Where:
        """The place that was chosen. The form has been checked."""
        return Where(*json.loads(self.where.data))

    def people_there(self) -> int:
        """How many were there to raise a hand.

        Raises:
            Invalid: no such number.
        """
        return _number(self.people.data or "")

    def hands(self) -> dict[str, int]:
        """Hands by choice, as the rows of the form go; rows without a word are left out.

        Raises:
            Invalid: a number that cannot be read.
        """
        words, numbers = request.form.getlist("choice"), request.form.getlist("raised")
        rows = zip(words, numbers, strict=False)
        return {" ".join(word.split()): _number(number) for word, number in rows if word.strip()}


def place_word(where: Where) -> str:
    """A place that may be counted, in words."""
    if not where.building:
        return _(EVERYBODY)
    if not where.stairwell:
        return _(WHOLE_BUILDING, place=show.place(where))
    return show.place(where)


def _number(typed: str) -> int:
    return typing_rules.parse_count(typed, most=rules.MOST_PEOPLE) if typed.strip() else 0
