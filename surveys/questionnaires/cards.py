"""The card of one question: what was typed, read as a question; each fault at its field. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count
from string import ascii_lowercase
from typing import Any, TypeVar

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.conditions import Condition, Picked, thousandths
from surveys.questionnaires.kinds import read_answer
from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import ASIDE, Choice, Question, clean

T = TypeVar("T")
Questions = tuple[Question, ...]
TITLE = 60  # characters of a question
HELP = 120
TEXT = 500  # characters of a note
NAME = 40  # characters of a choice
UNIT = 10
MOST_CHOICES = 500
MOST_PHOTOS = 3
MOST_DECIMALS = 3

PICKS = frozenset({"single", "several", "dropdown", "rank"})
FIXED: Mapping[str, tuple[Choice, ...]] = {
    "scale": tuple(
        Choice(str(n), name)
        for n, name in enumerate(("很满意", "满意", "一般", "不太满意", "不满意"), 1)
    ),
    "yesno": (Choice("yes", "是"), Choice("no", "否")),
}
"""types whose choices are reworded, and neither added nor taken away: how they are at first"""
ALIKE = (PICKS, frozenset({"short", "long"}), frozenset({"note", "section"}))
"""types of which one may become another, as long as nobody was asked"""
FIELDS: Mapping[str, frozenset[str]] = {
    "single": frozenset({"choices", "writes"}),
    "several": frozenset({"choices", "writes", "alone", "least", "most"}),
    "dropdown": frozenset({"choices", "writes"}),
    "rank": frozenset({"choices", "least", "most"}),
    "scale": frozenset({"choices"}),
    "yesno": frozenset({"choices"}),
    "matrix": frozenset({"choices", "rows"}),
    "number": frozenset({"lowest", "highest", "decimals", "unit"}),
    "date": frozenset({"lowest", "highest"}),
    "long": frozenset({"takes_suggestions"}),
    "photo": frozenset({"most"}),
}
"""what there is on the card of each type, besides what every card has"""


@dataclass(frozen=True, slots=True)
class Line:
    """One choice or row as it was typed."""

    key: str
    name: str
    alone: bool = False
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What was typed on the card of one question."""

    type: str
    title: str = ""
    help: str = ""
    required: bool = False
    takes_suggestions: bool = False
    limits: Mapping[str, str] = field(default_factory=dict)
    """least, most, lowest, highest, decimals, unit"""
    when: str = ""
    """its condition in words"""
    choices: tuple[Line, ...] = ()
    more: str = ""
    """choices to come after them, one a line"""
    rows: tuple[Line, ...] = ()
    more_rows: str = ""
    back: str = ""
    """a choice or row that is put back: choice-a, row-r1"""


class Faulty(Invalid):
    """A card that cannot stand."""

    def __init__(self, faults: Mapping[str, Invalid], msgid: str, **params: object) -> None:
        super().__init__(msgid, **params)
        self.faults = faults
        """field → what is wrong with it"""


def conditions(questions: Sequence[Question]) -> dict[str, str]:
    """When each question is shown, in words, by its key; those without a condition are left out."""
    return {q.key: logic_words.words(q.when, questions) for q in questions if q.when}


def example(questions: Sequence[Question], key: str) -> str:
    """A condition that may be typed for the question of `key`, on the nearest one before it.

    Nothing where no choice can be picked before it.
    """
    here = next((n for n, q in enumerate(questions) if q.key == key), len(questions))
    for question in reversed(questions[:here]):
        choice = next((choice for choice in question.choices if not choice.off), None)
        if choice and not question.off and not question.rows and question.type != "rank":
            return logic_words.words(Picked(question.key, (choice.key,)), questions)
    return ""


def card_of(question: Question, when: str = "") -> Card:
    """The card of a question as it stands, before anything is typed.

    Args:
        when: its condition in words.
    """
    typed = {name: getattr(question, name) for name in ("least", "most", "lowest", "highest")}
    limits = {**typed, "decimals": question.decimals, "unit": question.unit}
    return Card(
        type=question.type,
        title=question.title,
        help=question.help,
        required=question.required,
        takes_suggestions=question.takes_suggestions,
        limits={name: str(value or "") for name, value in limits.items()},
        when=when,
        choices=_lines(question.choices),
        rows=_lines(question.rows),
    )


def _lines(choices: Sequence[Choice]) -> tuple[Line, ...]:
    return tuple(Line(c.key, c.name, c.alone, c.writes) for c in choices if not c.off)


def blank(key: str, type_: str) -> Question:
    """A new question of this type, nothing typed yet."""
    most = 1 if type_ == "photo" else None
    return Question(key, type_, "", most=most, choices=FIXED.get(type_, ()))


def is_untouched(card: Card) -> bool:
    """Whether nothing was typed on the card of a new question."""
    named = card.title + card.help + card.more + card.more_rows + card.when
    return not clean(named) and (card.type in FIXED or not card.choices)


def next_key(known: Collection[str]) -> str:
    """A key for a new question, after all those of any version: q1, q2 …"""
    numbers = [int(key[1:]) for key in known if re.fullmatch(r"q[0-9]{1,6}", key)]
    return f"q{max(numbers, default=0) + 1}"


def filled(
    question: Question, card: Card, around: Questions, published: Sequence[Questions]
) -> Question:
    """The question as the card says it.

    Args:
        around: all questions, this one among them as it was.
        published: the questions of every version that was asked.

    Raises:
        Faulty: with a sentence for every field that cannot stand so.
    """
    reader = _Reader(question, card, [q for v in published for q in v if q.key == question.key])
    made = reader.question(around)
    if reader.faults:
        say = N_("第 %(number)d 题还存不了，请看红字。")
        raise Faulty(reader.faults, say, number=_number_of(question, around))
    return made


def _number_of(question: Question, around: Questions) -> int:
    before = around[: next(n for n, one in enumerate(around) if one.key == question.key)]
    return 1 + sum(not one.off and one.type not in ASIDE for one in before)


class _Reader:
    """Reads one field after the other, and notes what is wrong with each."""

    def __init__(self, question: Question, card: Card, held: Sequence[Question]) -> None:
        self.old, self.card, self.held = question, card, held
        self.faults: dict[str, Invalid] = {}

    def take(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Invalid as fault:
            self.faults[name] = fault
            return otherwise

    def question(self, around: Questions) -> Question:
        card, old = self.card, self.old
        type_ = self.take("type", self._type, old.type)
        parts = FIELDS.get(type_, frozenset())
        longest = TEXT if type_ in ASIDE else HELP
        made = replace(
            old,
            type=type_,
            title=self.take("title", lambda: _text(card.title, TITLE), ""),
            help=self.take("help", lambda: _text(card.help, longest, may_be_empty=True), ""),
            required=card.required and type_ not in ASIDE,
            takes_suggestions=card.takes_suggestions and "takes_suggestions" in parts,
            choices=self._choices("choice", old.choices, parts) if "choices" in parts else (),
            rows=self._choices("row", old.rows, parts) if "rows" in parts else (),
            least=None,
            most=None,
        )
        made = self._limited(made, parts)
        when = self.take("when", lambda: _condition(card.when, around, old.key), None)
        return replace(made, when=when)

    def _type(self) -> str:
        wanted, was = self.card.type, self.old.type
        if wanted == was or (not self.held and any({wanted, was} <= kin for kin in ALIKE)):
            return wanted
        raise Invalid(N_("这一题已经问过人了，题型不能换。要换，就去掉它，另加一题。"))

    # Choices and rows

    def _choices(
        self, part: str, old: tuple[Choice, ...], parts: Collection[str]
    ) -> tuple[Choice, ...]:
        is_row = part == "row"
        lines = self.card.rows if is_row else self.card.choices
        more = self.card.more_rows if is_row else self.card.more
        free = _free_keys(part, {*(c.key for c in old), *self._held_keys(is_row=is_row)})
        found: list[Choice] = []
        for line in lines:
            found += self._line(f"{part}-{line.key}", line, old, parts, free)
        if self.old.type not in FIXED or is_row:
            found += self.take(f"{part}s-more", lambda: list(_more(more, free)), [])
        shown = {choice.key for choice in found}
        left = [
            replace(c, off=f"{part}-{c.key}" != self.card.back) for c in old if c.key not in shown
        ]
        self._check_choices(f"{part}s-more", found, left, 1 if is_row else 2)
        return (*found, *left)

    def _line(
        self,
        name: str,
        line: Line,
        old: tuple[Choice, ...],
        parts: Collection[str],
        free: Iterator[str],
    ) -> list[Choice]:
        """One choice; more where several lines were pasted into its field."""
        first, _sep, rest = line.name.strip().partition("\n")
        key = line.key if any(c.key == line.key for c in old) else next(free)
        words = self.take(name, lambda: _text(first, NAME), "")
        alone, writes = line.alone and "alone" in parts, line.writes and "writes" in parts
        after: list[Choice] = self.take(name, lambda: list(_more(rest, free)), [])
        return [Choice(key, words, alone=alone, writes=writes), *after]

    def _held_keys(self, *, is_row: bool) -> Iterator[str]:
        for question in self.held:
            yield from (choice.key for choice in (question.rows if is_row else question.choices))

    def _check_choices(
        self, name: str, found: Sequence[Choice], left: Sequence[Choice], least: int
    ) -> None:
        names = [choice.name for choice in (*found, *(c for c in left if not c.off)) if choice.name]
        twice = next((one for one, often in Counter(names).items() if often > 1), None)
        if len(found) + sum(not c.off for c in left) < least:
            say = N_("至少要有两个选项。") if least > 1 else N_("至少要有一行。")
            self.faults.setdefault(name, Invalid(say))
        if len(found) + len(left) > MOST_CHOICES:
            say = N_("一题最多 %(most)d 个选项。")
            self.faults.setdefault(name, Invalid(say, most=MOST_CHOICES))
        if twice is not None:
            say = N_("有两个“%(name)s”，请留一个。")
            self.faults.setdefault(name, Invalid(say, name=twice))

    # Limits

    def _limited(self, made: Question, parts: Collection[str]) -> Question:
        limits: dict[str, Any] = {"lowest": "", "highest": "", "unit": "", "decimals": 0}
        for name in ("least", "most"):
            if name in parts:
                limits[name] = self.take(name, partial(self._count, name, made), None)
        if "unit" in parts:
            limits["unit"] = self.take("unit", self._unit, "")
            limits["decimals"] = self.take("decimals", self._decimals, 0)
        free = replace(made, **limits)
        for name in ("lowest", "highest"):
            if name in parts:
                limits[name] = self.take(name, partial(self._bound, name, free), "")
        self._check_order(limits)
        return replace(made, **limits)

    def _unit(self) -> str:
        return _text(self.card.limits.get("unit", ""), UNIT, may_be_empty=True)

    def _decimals(self) -> int:
        typed = self.card.limits.get("decimals", "").strip() or "0"
        if typed not in {str(n) for n in range(MOST_DECIMALS + 1)}:
            raise Invalid(N_("小数位数填 0 到 %(most)d。"), most=MOST_DECIMALS)
        return int(typed)

    def _count(self, name: str, made: Question) -> int | None:
        """So many at the least or the most; none where that is no limit."""
        typed = clean(self.card.limits.get(name, ""))
        offered = sum(not choice.off for choice in made.choices)
        if made.type == "photo":
            if typed not in {str(n) for n in range(1, MOST_PHOTOS + 1)}:
                raise Invalid(N_("照片可以放 1 到 %(most)d 张。"), most=MOST_PHOTOS)
            return int(typed)
        if not typed:
            return None
        if not re.fullmatch(r"[1-9]\d{0,2}", typed, re.ASCII):
            raise Invalid(N_("这里填数字，不限就空着。"))
        if name == "least" and int(typed) > offered:
            raise Invalid(N_("一共只有 %(n)d 个选项。"), n=offered)
        return int(typed) if name == "least" or int(typed) < offered else None

    def _bound(self, name: str, free: Question) -> str:
        value = read_answer(free, [self.card.limits.get(name, "")])
        return value[0] if value else ""

    def _check_order(self, limits: Mapping[str, Any]) -> None:
        least, most = limits.get("least"), limits.get("most")
        if least and most and least > most:
            self.faults.setdefault("most", Invalid(N_("最多的要不少于最少的。")))
        low, high = limits["lowest"], limits["highest"]
        if low and high and _size(low) > _size(high):
            self.faults.setdefault("highest", Invalid(N_("后一个要不小于前一个。")))


def _size(bound: str) -> tuple[int, str]:
    """Days sort as text, numbers by their size in thousandths."""
    return (0, bound) if re.fullmatch(r"\d{4}-\d\d-\d\d", bound) else (thousandths(bound), "")


def _condition(typed: str, around: Questions, key: str) -> Condition | None:
    return logic_words.read(typed, around, key) if clean(typed) else None


def _free_keys(part: str, known: Collection[str]) -> Iterator[str]:
    names = (
        (f"r{n}" for n in count(1))
        if part == "row"
        else chain(ascii_lowercase, (f"c{n}" for n in count(27)))
    )
    return (key for key in names if key not in known)


def _more(typed: str, free: Iterator[str]) -> Iterator[Choice]:
    for text in typed.splitlines():
        if name := _text(text, NAME, may_be_empty=True):
            yield Choice(next(free), name)


def _text(typed: str, most: int, *, may_be_empty: bool = False) -> str:
    text = clean(typed).replace("\n", " ")
    if not text and not may_be_empty:
        raise Invalid(N_("这里不能空着。"))
    if len(text) > most:
        say = N_("“%(start)s…”太长了，最多 %(most)d 个字。")
        raise Invalid(say, start=text[:8], most=most)
    return text
