"""What a questionnaire says that comes in from outside, and all that is wrong with it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import rules
from surveys.questionnaires.rules import Question

TITLE, HELP, NAME, UNIT = 60, 120, 40, 10
"""characters of a question, of what helps with it, of a choice, of a unit"""
MOST_QUESTIONS = 100
"""notes and heads of sections among them"""
MOST_CHOICES = 200
"""of one question"""
_KEY = re.compile(r"[\w.-]{1,40}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, or is left out, and where: in pasted text the row is the line."""

    sheet: str
    row: int
    """as the spreadsheet or the editor counts; 0 for the whole file"""
    column: str
    msgid: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A questionnaire as a file or a text says it, or the faults that keep it out."""

    head: Mapping[str, str]
    """title, intro, keeps, seen_by, as far as they are said"""
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()
    told: tuple[Fault, ...] = ()
    """what is not taken over, though nothing is wrong with it"""

    @property
    def digest(self) -> str:
        """Of its questions, as of a version's."""
        return rules.digest(self.questions)


def short(text: str, most: int, *, may_be_empty: bool = False) -> str:
    """Text of one line as it is kept.

    Raises:
        Invalid: it is empty or too long.
    """
    found = rules.clean(text).replace("\n", " ")
    if not found and not may_be_empty:
        raise Invalid(N_("这一格要写。"))
    if len(found) > most:
        say = N_("“%(start)s…”太长了，最多 %(most)d 个字，现在 %(now)d 个。")
        raise Invalid(say, start=found[:8], most=most, now=len(found))
    return found


def a_key(text: str) -> str:
    """The key of a question or a choice, as typed.

    Raises:
        Invalid: it has blanks or other signs, or is too long.
    """
    if not _KEY.fullmatch(text):
        say = N_("编号“%(key)s”不行：只用字母、数字、汉字、下划线、点和横线，最多 40 个。")
        raise Invalid(say, key=text[:40])
    return text


def next_free(start: str, taken: set[str], number: int) -> str:
    """A key that nobody has, such as q3; it is taken from now on."""
    while (key := f"{start}{number}") in taken:
        number += 1
    taken.add(key)
    return key


def first_of(faults: Sequence[Fault], most: int = 500) -> tuple[Fault, ...]:
    """Faults in the order of the file, not more than anybody reads."""
    return tuple(sorted(faults, key=lambda fault: (fault.sheet, fault.row))[:most])
