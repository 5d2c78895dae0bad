"""What a question is, what counts as an answer to it, and the way through a questionnaire.

An answer is a tuple of text, whatever the question, or nothing at all:

- the keys of the choices picked, in the order of the question, those of a ranking in the order of
  their places; what was written beside a choice follows its key: `x=words`;
- of a matrix `row:column` for each row, in the order of the rows;
- one text; one number such as "12.5"; one day as in ISO 8601;
- the ids of photos.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from surveys.base.words import N_
from surveys.counting import canon
from surveys.questionnaires.conditions import Condition, from_plain, holds, to_plain

Value = tuple[str, ...]
Given = Mapping[str, Value]
State = Literal["draft", "waiting", "open", "closed"]
STATES: Sequence[State] = ("draft", "waiting", "open", "closed")
Go = Literal["next", "back", "skip", "look", "here"]

CHANNELS: Mapping[str, str] = {
    "scan": N_("扫码"),
    "paper": N_("纸质"),
    "phone": N_("电话"),
    "visit": N_("入户"),
    "meeting": N_("会上"),
}
"""How an answer came in: code → the word for it."""
IDENTITY: Mapping[str, str] = {
    "open": N_("谁都能答，认了门的算一户"),
    "household": N_("凭自家的码答，一户一份"),
    "staff": N_("居民不自己答，工作人员录"),
}
"""The three rungs of who answers: code → the word for it."""
RELATIONS: Mapping[str, str] = {
    "family": N_("家里人"),
    "neighbour": N_("邻居"),
    "leader": N_("楼栋长"),
    "staff": N_("工作人员"),
    "other": N_("别的人"),
}
"""Who answered in a household's place, 代填: code → the word for it."""
ASIDE = frozenset({"note", "section"})
"""types of what stands among the questions and takes no answer"""
KEYED = ("paper", "phone", "visit")
"""Channels of answers that staff key in."""

_LIMITS = re.compile("[最至]多|[最至]少|at (?:most|least)", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question, or one row of a matrix."""

    key: str
    name: str
    alone: bool = False
    """it excludes the others"""
    off: bool = False
    """it is no longer offered"""
    writes: bool = False
    """words may be written beside it: 其他"""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; a note or the head of a section stand among them."""

    key: str
    type: str
    title: str
    help: str = ""
    required: bool = False
    least: int | None = None
    """picks or places of a ranking at the least, where any are given"""
    most: int | None = None
    """the same at the most, also of photos"""
    lowest: str = ""
    """the smallest number or the first day that is taken, as it would be answered"""
    highest: str = ""
    decimals: int = 0
    """of a number, at most three"""
    unit: str = ""
    takes_suggestions: bool = False
    choices: tuple[Choice, ...] = ()
    """of a matrix its columns"""
    rows: tuple[Choice, ...] = ()
    when: Condition | None = None
    """shown only where this holds"""
    off: bool = False
    """it is not asked"""

    @property
    def says_limits(self) -> bool:
        """Whether its help says already how many, how much, or until when."""
        return _LIMITS.search(self.help) is not None

    def name_of(self, key: str) -> str:
        """The words of a choice; the key itself where there is none of that key."""
        return _name_among(self.choices, key)

    def say(self, value: Value) -> str:
        """An answer in words: the names of what was picked, or the text itself."""
        return "、".join(filter(None, (self._say_part(part) for part in value)))

    def beside(self, value: Value, key: str) -> str | None:
        """What was written beside a choice that was picked; none where it was not picked."""
        parts = (part.partition("=") for part in value)
        return next((words for picked, _sep, words in parts if picked == key), None)

    def _say_part(self, part: str) -> str:
        if self.rows:
            row, _sep, column = part.partition(":")
            return f"{_name_among(self.rows, row)}：{self.name_of(column)}"
        if not self.choices:
            return part + self.unit
        key, _sep, words = part.partition("=")
        return f"{self.name_of(key)}：{words}" if words else self.name_of(key)


def _name_among(choices: Sequence[Choice], key: str) -> str:
    return next((choice.name for choice in choices if choice.key == key), key)


def question_from(plain: Mapping[str, Any]) -> Question:
    """A question out of its JSON."""
    parts: dict[str, Any] = {
        name: tuple(Choice(**choice) for choice in plain.get(name) or ())
        for name in ("choices", "rows")
    }
    if plain.get("when"):
        parts["when"] = from_plain(plain["when"])
    return Question(**{**plain, **parts})


@lru_cache(maxsize=256)
def read_asked(text: str, places: tuple[Choice, ...] = ()) -> tuple[Question, ...]:
    """What is asked of a version, out of its JSON."""
    return asked(read_questions(text), places)


@lru_cache(maxsize=256)
def read_questions(text: str) -> tuple[Question, ...]:
    """All questions of a version, those switched off too, out of its JSON."""
    return tuple(question_from(plain) for plain in json.loads(text))


def write_questions(questions: Sequence[Question]) -> str:
    """The canonical JSON of a version: equal questions give equal text."""
    return canon.canonical_json([_plain(question) for question in questions])


def digest(questions: Sequence[Question]) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return canon.text_digest(write_questions(questions))


def _plain(part: Question | Choice) -> dict[str, Any]:
    """What is set, and nothing else: a field that comes later changes no digest."""
    plain: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if value == field.default:
            continue
        if field.name in {"choices", "rows"}:
            value = [_plain(choice) for choice in value]
        plain[field.name] = to_plain(value) if field.name == "when" else value
    return plain


def asked(questions: Sequence[Question], places: Sequence[Choice] = ()) -> tuple[Question, ...]:
    """The questions that are asked, each with the choices and rows that are offered.

    Args:
        places: the stairwells, which are the choices where a question asks for one.
    """
    return tuple(
        replace(
            question,
            choices=tuple(places) if question.type == "place" else _offered(question.choices),
            rows=_offered(question.rows),
        )
        for question in questions
        if not question.off
    )


def place_key(building: str, stairwell: str) -> str:
    """A stairwell as an answer: 3-2; the building alone where it has none."""
    return "-".join(filter(None, (building, stairwell)))


def _offered(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if not choice.off)


def leads(parts: Sequence[Question]) -> dict[str, tuple[Question, ...]]:
    """The notes and heads of sections before each question, by its key; "" for those at the end."""
    found: dict[str, tuple[Question, ...]] = {}
    waiting: tuple[Question, ...] = ()
    for part in parts:
        if part.type in ASIDE:
            waiting = (*waiting, part)
        else:
            found[part.key], waiting = waiting, ()
    return {**found, "": waiting}


def shown(questions: Sequence[Question], given: Given) -> tuple[Question, ...]:
    """The questions that are shown to whoever answered so.

    An answer to a question that is itself hidden is as if it had not been given.
    """
    seen: dict[str, Value] = {}
    found = []
    for question in questions:
        if question.when is None or holds(question.when, seen):
            found.append(question)
            seen[question.key] = given.get(question.key, ())
    return tuple(found)


def counted(questions: Sequence[Question], given: Given) -> dict[str, Value]:
    """What of the answers counts: those to questions that are shown."""
    keys = {question.key for question in shown(questions, given)}
    return {key: value for key, value in given.items() if key in keys and value}


def clean(text: str) -> str:
    """Text fit to keep: no control characters, no marks that turn the direction of writing.

    Emoji, and the joiners inside them, stay. Line ends become one kind; runs of blanks one blank.
    Signs that nobody can see are by themselves no text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _DIRECTION.sub("", text)
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    composed = unicodedata.normalize("NFC", "".join(kept))  # what is left may compose anew
    if all(unicodedata.category(c)[0] in "CZ" for c in composed):
        return ""
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in composed.split("\n")).strip()


def missing(questions: Sequence[Question], given: Given) -> list[Question]:
    """The questions that must be answered, are shown, and are not answered."""
    return [q for q in shown(questions, given) if q.required and not given.get(q.key)]


def admits(identity: str, knows_household: bool) -> bool:
    """Whether a phone may answer by itself, which knows whose it is or does not."""
    return identity == "open" or (identity == "household" and knows_household)


def state(opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> State:
    """Where a questionnaire stands at `at`."""
    if opens_at is None:
        return "draft"
    if at < opens_at:
        return "waiting"
    return "closed" if closes_at is not None and closes_at <= at else "open"
