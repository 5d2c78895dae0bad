"""Reading the words of a condition. Pure.

sentence   如果? some 的话? (则 显示 Q4?)?
some       every (或 every)*
every      one (且 one)*
one        不是 one | （ some ） | Q3 and what is said of it
"""

from collections.abc import Sequence
from dataclasses import replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import reading
from surveys.questionnaires.conditions import (
    All,
    Answered,
    AnyOf,
    Compared,
    Condition,
    Counted,
    Not,
    Picked,
    Plain,
    Ranked,
    Sign,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.logic import fits as logic_fits
from surveys.questionnaires.logic import vocabulary
from surveys.questionnaires.logic.names import Names
from surveys.questionnaires.logic.text import Text
from surveys.questionnaires.rules import Choice, Question

_EXAMPLE = N_("这里还没写条件。照“Q3 选了 “漏雨””这样写。")
DEEPEST = 20
"""brackets inside one another"""


class Parser(Names):
    """Reads one condition."""

    def __init__(self, typed: str, questions: Sequence[Question], for_key: str) -> None:
        super().__init__(typed, questions)
        self._for_key = for_key
        self._by_number = {
            number: self._by_key[key] for key, number in logic_fits.numbers(questions).items()
        }
        self._depth = 0

    def read(self) -> Condition:
        """The condition.

        Raises:
            Invalid: it names the place and what was expected there.
        """
        text = self._text
        if text.is_over:
            raise Invalid(_EXAMPLE)
        text.take(*vocabulary.IF)
        found = self._some()
        while text.take(*vocabulary.THEN):
            pass
        if text.take(*vocabulary.SHOW):
            self._target()
        text.take("。", ".", "!", ";")
        if text.comes(")"):
            raise text.fault(N_("“%(near)s”：这个右括号前面没有左括号。"))
        if not text.is_over:
            raise text.fault(N_("“%(near)s”接不上，两个条件之间要写“且”或者“或”。"))
        return found

    def _target(self) -> None:
        """What is shown then; it must be the question that bears the condition."""
        if self._text.is_over or self._text.take(*vocabulary.THIS):
            return
        said = self._asks()
        if self._for_key in self._by_key and said.key != self._for_key:
            raise Invalid(
                N_("这里写的是显示 %(said)s，可这个条件是 %(this)s 的，请改成一样。"),
                said=self._called(said),
                this=self._called(self._by_key[self._for_key]),
            )

    # How conditions are put together

    def _some(self) -> Condition:
        parts = [self._every()]
        while self._joins(vocabulary.OR):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _every(self) -> Condition:
        parts = [self._one()]
        while self._joins(vocabulary.AND):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _joins(self, words: Sequence[str]) -> bool:
        """Whether such a word comes next, a comma before it or not."""
        before = self._text.at
        self._text.take(",", ";", "、")
        if self._text.take(*words):
            return True
        self._text.at = before
        return False

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Invalid(N_("括号套得太多了，请分成几道题，或者写简单些。"))
        try:
            if self._text.take(*vocabulary.NOT):
                return Not(self._one())
            return self._bracketed() if self._text.take("(") else self._said()
        finally:
            self._depth -= 1

    def _bracketed(self) -> Condition:
        start = self._text.at - 1
        found = self._some()
        if not self._text.take(")"):
            if self._text.is_over:
                self._text.at = start
                raise self._text.fault(N_("“%(near)s”这个括号没有关上。"))
            raise self._text.fault(N_("“%(near)s”接不上，两个条件之间要写“且”或者“或”。"))
        return found

    # What is said of one question

    def _asks(self) -> Question:
        text, start = self._text, self._text.at
        if key := text.key():
            if key in self._by_key:
                return self._by_key[key]
            raise Invalid(N_("没有“%(name)s”这一题。"), name=f"${{{key}}}")
        text.take("第") or text.take("q") or text.take("题")
        number = text.whole()
        if number is None:
            text.at = start
            raise text.fault(N_("“%(near)s”：这里要写是哪一题，比如“Q3”。"))
        text.take("题")
        if number not in self._by_number:
            say = N_("没有 Q%(number)d，要答的题一共 %(total)d 道。")
            raise Invalid(say, number=number, total=len(self._by_number))
        return self._by_number[number]

    def _said(self) -> Condition:
        question = self._asks()
        self._text.take("的", ":")
        found = self._of(question)
        if found is None:
            raise self._text.fault(
                N_(
                    "“%(near)s”看不懂：%(that)s 后面要写怎么答的，比如“选了 “漏雨””“答了”“大于 3”。"
                ),
                that=self._called(question),
            )
        return found

    def _of(self, question: Question) -> Condition | None:
        if question.rows and (row := self._row(question)) is not None:
            return self._in_row(question, row)
        if place := self._text.match(vocabulary.NTH):
            return self._nth(question, Text(place[1]).whole() or 0)
        if self._text.take(*vocabulary.COUNT):
            return self._counts(question, sign=self._sign(question))
        return self._done(question) or self._stands(question)

    def _done(self, question: Question) -> Condition | None:
        """What was done or not: 选了, 没选, 答了, 没答, and what."""
        if self._text.take(*vocabulary.UNPICKED):
            return Not(self._picks(question, denied=True))
        if self._text.take(*vocabulary.UNANSWERED):
            return Not(self._fit(Answered(question.key)))
        if self._text.take(*vocabulary.PICKED):
            is_choice = self._is_named(question, is_sure=True)
            return (None if is_choice else self._counted(question)) or self._picks(question)
        if self._text.take(*vocabulary.ANSWERED):
            return self._counted(question) or self._fit(Answered(question.key))
        return None

    def _row(self, question: Question) -> Choice | None:
        """The row of a matrix that is named next."""
        row = self._named(question, question.rows)
        if row is None and self._text.is_quoted:
            name = self._quoted()
            raise logic_fits.unknown_row(question, name, self._called(question))
        if row is not None:
            self._text.take("这一行", "那一行", "一行", "这行", "行")
        return row

    def _in_row(self, question: Question, row: Choice) -> Condition:
        if self._text.take(*vocabulary.UNPICKED, "不是"):
            return Not(self._picks(question, row=row.key, denied=True))
        if self._text.take(*vocabulary.PICKED, "是", "为", "==", "="):
            return self._picks(question, row=row.key)
        raise self._text.fault(
            N_("“%(near)s”：“%(row)s”这一行后面要写“选了”或“没选”。"), row=row.name
        )

    def _nth(self, question: Question, place: int) -> Condition:
        denied = bool(self._text.take("不是", "没选", "!=", "≠", "不等于"))
        if not denied:
            self._text.take("选了", "等于", "是", "为", "==", "=")
        keys, _all = self._choices(question)
        parts = tuple(self._fit(Ranked(question.key, place, key)) for key in keys)
        found = parts[0] if len(parts) == 1 else AnyOf(parts)
        return Not(found) if denied else found

    def _picks(self, question: Question, row: str = "", *, denied: bool = False) -> Condition:
        """Any of the choices that come next; each of them where they are joined by “和”."""
        self._fit(Picked(question.key, (), row))
        keys, are_all = self._choices(question, denied=denied)
        if are_all:
            return All(tuple(self._fit(Picked(question.key, (key,), row)) for key in keys))
        return self._fit(Picked(question.key, keys, row))

    def _counted(self, question: Question) -> Condition | None:
        """So many, where that comes next: 至少 2 个."""
        before = self._text.at
        sign = self._text.take_meaning(vocabulary.SIGNS)
        number = self._text.whole()
        unit = self._text.take(*vocabulary.UNITS) if number is not None else ""
        if number is None or not (unit or sign):
            self._text.at = before
            return None
        bound = None if sign else self._text.take_meaning(vocabulary.BOUNDS)
        return self._fit(Counted(question.key, sign or bound or "=", number))

    def _counts(self, question: Question, sign: Sign) -> Condition:
        number = self._text.whole()
        if number is None:
            raise self._text.fault(N_("“%(near)s”：这里要写一个数，比如 2。"))
        self._text.take(*vocabulary.UNITS)
        return self._fit(Counted(question.key, sign, number))

    def _sign(self, question: Question) -> Sign:
        sign = self._text.take_meaning(vocabulary.SIGNS)
        if sign is None:
            raise self._text.fault(
                N_("“%(near)s”：%(that)s 这里要写“至少”“最多”“正好”，或者 >=、<=、=。"),
                that=self._called(question),
            )
        return sign

    def _stands(self, question: Question) -> Condition | None:
        """A sign and what is behind it: of a number or a day, a size; else a choice or a count."""
        before = self._text.at
        sign = self._text.take_meaning(vocabulary.SIGNS)
        if sign is None:
            return None
        holds = KINDS[question.type].holds
        if holds in {"number", "day"}:
            value = self._number(question) if holds == "number" else self._day(question)
            return self._fit(Compared(question.key, sign, value))
        self._text.at = before
        if counted := self._counted_with_unit(question):
            return counted
        sign = self._text.take_meaning(vocabulary.SIGNS)
        if sign in {"=", "!="}:
            picked = self._picks(question, denied=sign == "!=")
            return Not(picked) if sign == "!=" else picked
        return self._fit(Compared(question.key, sign or "=", "0"))  # says why it cannot be

    def _counted_with_unit(self, question: Question) -> Condition | None:
        """至少 2 个, without 选了."""
        if KINDS[question.type].holds in {"text", "nothing"}:
            return None
        before = self._text.at
        found = self._counted(question)
        if found is not None and self._text.even[self._text.at - 1].isdigit():
            self._text.at, found = before, None
        return found

    def _number(self, question: Question) -> str:
        found = self._text.match(vocabulary.NUMBER)
        whole = None if found else self._text.whole()
        if found is None and whole is None:
            raise self._text.fault(
                N_("“%(near)s”：%(that)s 答的是数字，这里要写一个数，比如 3。"),
                that=self._called(question),
            )
        plain = replace(question, lowest="", highest="", unit="", decimals=3)
        (value,) = reading.a_number(plain, [found[0] if found else str(whole)])
        unit = Text(question.unit).even
        self._text.take(*filter(None, [unit]), *vocabulary.UNITS)
        return value

    def _day(self, question: Question) -> str:
        found = self._text.match(vocabulary.DATE)
        if found is None:
            raise self._text.fault(
                N_("“%(near)s”：%(that)s 答的是日期，请照“2026-03-05”这样写。"),
                that=self._called(question),
            )
        (value,) = reading.a_day(replace(question, lowest="", highest=""), [found[0]])
        return value

    def _fit(self, plain: Plain) -> Plain:
        """What is said, if it can be said of this question at all."""
        question = self._by_key[plain.question]
        if wrong := logic_fits.unfit(plain, question, self._called(question)):
            raise wrong
        return plain
