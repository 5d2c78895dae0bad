"""What a question is, what counts as an answer to it, and the way through a questionnaire.

An answer is a tuple of text, whatever the question: the keys of the choices picked, in the order
of the question; or one text; or nothing at all.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from surveys.base.words import N_
from surveys.counting import canon

Value = tuple[str, ...]
Given = Mapping[str, Value]
State = Literal["draft", "waiting", "open", "closed"]
Go = Literal["next", "back", "skip", "look"]

CHANNELS: Mapping[str, str] = {
    "scan": N_("扫码"),
    "paper": N_("纸质"),
    "phone": N_("电话"),
    "visit": N_("入户"),
    "meeting": N_("会上"),
}
"""How an answer came in: code → the word for it."""
KEYED = ("paper", "phone", "visit")
"""Channels of answers that staff key in."""

_BLANKS = re.compile(r"[^\S\n]+")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question. `alone` excludes the others; `off` is no longer offered."""

    key: str
    name: str
    alone: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `most` limits the picks where several are allowed; `off` is not asked."""

    key: str
    type: str
    title: str
    help: str = ""
    required: bool = False
    most: int | None = None
    takes_suggestions: bool = False
    choices: tuple[Choice, ...] = ()
    off: bool = False

    def name_of(self, key: str) -> str:
        """The words of a choice; the key itself where there is none of that key."""
        return next((choice.name for choice in self.choices if choice.key == key), key)

    def say(self, value: Value) -> str:
        """An answer in words: the names of what was picked, or the text itself."""
        return "、".join(self.name_of(part) for part in value)


def question_from(plain: Mapping[str, Any]) -> Question:
    """A question out of its JSON."""
    choices = tuple(Choice(**choice) for choice in plain.get("choices", ()))
    return Question(**{**plain, "choices": choices})


@lru_cache(maxsize=256)
def read_questions(text: str) -> tuple[Question, ...]:
    """All questions of a version, those switched off too, out of its JSON."""
    return tuple(question_from(plain) for plain in json.loads(text))


def write_questions(questions: Sequence[Question]) -> str:
    """The canonical JSON of a version: equal questions give equal text."""
    return canon.canonical_json([asdict(question) for question in questions])


def digest(questions: Sequence[Question]) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return canon.digest([asdict(question) for question in questions])


def asked(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions that are asked, each with the choices that are offered."""
    return tuple(
        replace(question, choices=tuple(c for c in question.choices if not c.off))
        for question in questions
        if not question.off
    )


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
    """The questions that must be answered and are not."""
    return [q for q in questions if q.required and not given.get(q.key)]


def resume_at(questions: Sequence[Question], given: Given) -> int:
    """The number of the question to go on with: the one after the last that was answered."""
    answered = [n for n, question in enumerate(questions, 1) if given.get(question.key)]
    return max(answered, default=0) + 1


def go_to(number: int, total: int, go: str) -> int:
    """Where a button leads from a question: 0 is the first page, `total` + 1 the look back.

    "here": the page is only to be shown anew, with what is typed.
    """
    if go in {"back", "here"}:
        return number - (go == "back")
    return total + 1 if go == "look" else min(number + 1, total + 1)


def state(opens_at: datetime | None, closes_at: datetime | None, at: datetime) -> State:
    """Where a questionnaire stands at `at`."""
    if opens_at is None:
        return "draft"
    if at < opens_at:
        return "waiting"
    return "closed" if closes_at is not None and closes_at <= at else "open"
