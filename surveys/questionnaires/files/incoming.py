"""What a questionnaire says that comes in from outside, and all that is wrong with it. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import rules
from surveys.questionnaires.cards import MOST_CHOICES, TITLE
from surveys.questionnaires.editing import MOST_KEPT, MOST_QUESTIONS
from surveys.questionnaires.rules import Choice, Question

MOST_OF_ALL = 3_000
"""choices and rows of all questions together: what is looked at travels in a form"""
_ENDS = re.compile(r"[。！？；\n]|[.!?;](?=\s)")
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


def split(text: str, sort: str) -> tuple[str, str]:
    """The title of a note that is too long for one, and the rest, which goes below it."""
    text = rules.clean(text)
    if sort not in rules.ASIDE or len(text) <= TITLE:
        return text, ""
    ends = [match.end() for match in _ENDS.finditer(text[:TITLE])]
    at = ends[-1] if ends else TITLE
    return text[:at].strip(), text[at:].strip()


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


def wrong_with(choices: Sequence[Choice], least: int) -> list[Invalid]:
    """What may be wrong with the choices or the rows that are offered together."""
    offered = [choice.name for choice in choices if not choice.off and choice.name]
    found = []
    if len(offered) < least:
        found.append(Invalid(N_("至少要有两个选项。") if least > 1 else N_("至少要有一行。")))
    if len(choices) > MOST_CHOICES:
        found.append(Invalid(N_("一题最多 %(most)d 个选项。"), most=MOST_CHOICES))
    return found


def doubled(choices: Sequence[Choice]) -> list[Invalid]:
    """Names that stand there twice: nobody can tell one from the other."""
    offered = [choice.name for choice in choices if not choice.off and choice.name]
    twice = [name for name, often in Counter(offered).items() if often > 1]
    return [Invalid(N_("有两个“%(name)s”，请留一个。"), name=name) for name in twice]


def too_many(questions: Sequence[Question], sheet: str) -> list[Fault]:
    """The fault of a questionnaire that nobody would answer to its end."""
    shown = sum(not question.off for question in questions)
    choices = sum(len(question.choices) + len(question.rows) for question in questions)
    if choices > MOST_OF_ALL:
        say = N_("选项加起来太多了，一份问卷最多 %(most)d 个，现在 %(now)d 个。")
        return [Fault(sheet, 0, "", say, {"most": MOST_OF_ALL, "now": choices})]
    if shown <= MOST_QUESTIONS and len(questions) <= MOST_KEPT:
        return []
    say = N_("题目太多了，一份问卷最多 %(most)d 题，现在 %(now)d 题。")
    return [Fault(sheet, 0, "", say, {"most": MOST_QUESTIONS, "now": len(questions)})]


def first_of(faults: Sequence[Fault], most: int = 500) -> tuple[Fault, ...]:
    """Faults in the order of the file, not more than anybody reads."""
    return tuple(sorted(faults, key=lambda fault: (fault.sheet, fault.row))[:most])
