"""Conditions as XLSForm writes them, such as `${q3} = 'yes'`: read, and written. Pure.

What a condition looks at is told by a mapping: the name in the file → the question, and of a
matrix the row. `.` is the question itself, in a constraint.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.conditions import (
    SIGNS,
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
    thousandths,
)
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import Question

DEEPEST = 20
"""brackets within brackets"""
LONGEST = 2_000
"""characters of an expression"""
_TOKEN = re.compile(
    r"""\s*(?:
    \$\{\s*(?P<ref>[^}]{1,90}?)\s*\}
    |'(?P<one>[^']*)'|"(?P<two>[^"]*)"
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_:-]*)
    |(?P<sign><=|>=|!=|[=<>(),.+*/-])
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans("‘’“”＝＞＜（），", "''\"\"=><(),")
_FLIPPED: Mapping[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a name in an expression stands for: a question, of a matrix one of its rows."""

    key: str
    question: Question
    row: str = ""


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class _Of:
    """What a function takes of a question: its count, the choice in a place, its length."""

    what: str
    subject: Subject
    place: int = 0


_Operand = Subject | _Literal | _Of


def looks_like(text: str) -> bool:
    """Whether a condition is an expression, not words."""
    return "${" in text


def read(text: str, subjects: Mapping[str, Subject]) -> Condition:
    """The condition that an expression says.

    Raises:
        Invalid: it cannot be read, or looks at what is not there, or says what cannot be asked.
    """
    if len(text) > LONGEST:
        raise Invalid(N_("条件太长了，最多 %(most)d 个字。"), most=LONGEST)
    reader = _Reader(_tokens(text.translate(_QUOTES)), subjects)
    found = reader.either()
    reader.end()
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unread(text[at:].strip())
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _unread(rest: str) -> Invalid:
    if not rest:
        return Invalid(N_("条件没写完。"))
    return Invalid(N_("条件从“%(rest)s”起读不懂。"), rest=rest[:20])


class _Reader:
    """Goes over the tokens once, from the left."""

    def __init__(self, tokens: list[tuple[str, str]], subjects: Mapping[str, Subject]) -> None:
        self._tokens = tokens
        self._subjects = subjects
        self._at = self._deep = 0

    def either(self) -> Condition:
        """Conditions with `or` between them."""
        return self._joined("or", self._both, AnyOf)

    def _both(self) -> Condition:
        return self._joined("and", self._one, All)

    def _joined(
        self,
        word: str,
        read_part: Callable[[], Condition],
        join: Callable[[tuple[Condition, ...]], Condition],
    ) -> Condition:
        parts = [read_part()]
        while self._next() == ("name", word):
            self._at += 1
            parts.append(read_part())
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def _one(self) -> Condition:
        sort, text = self._next()
        if sort == "sign" and text == "(":
            return self._bracketed()
        if sort == "name" and text == "not":
            self._at += 1
            return Not(self._bracketed())
        if sort == "name" and text == "selected":
            self._at += 1
            return self._selected()
        left, sign, right = self._operand(), self._sign(), self._operand()
        if isinstance(left, _Literal):
            left, sign, right = right, _FLIPPED[sign], left
        if isinstance(left, _Literal) or not isinstance(right, _Literal):
            raise Invalid(N_("条件只能拿一道题的答案和一个写明的值比。"))
        return compared(left, sign, right)

    def _bracketed(self) -> Condition:
        self._deep += 1
        if self._deep > DEEPEST:
            raise Invalid(N_("条件的括号套得太深了。"))
        self._take("(")
        found = self.either()
        self._take(")")
        self._deep -= 1
        return found

    def _selected(self) -> Condition:
        self._take("(")
        subject = self._subject()
        keys: list[str] = []
        while self._next() == ("sign", ","):
            self._at += 1
            literal = self._operand()
            if not isinstance(literal, _Literal):
                raise Invalid(N_("条件只能拿一道题的答案和一个写明的值比。"))
            keys.append(_choice(subject, literal.text))
        self._take(")")
        if not keys:
            raise _unread("selected(")
        return Picked(subject.key, tuple(keys), subject.row)

    def _operand(self) -> _Operand:
        sort, text = self._next()
        if sort == "ref" or (sort, text) == ("sign", "."):
            return self._subject()
        self._at += 1
        if sort in {"one", "two"}:
            return _Literal(text)
        if sort == "number":
            return _Literal(text, is_number=True)
        if (sort, text) == ("sign", "-") and self._next()[0] == "number":
            return _Literal("-" + self._taken(), is_number=True)
        if sort == "name":
            return self._function(text)
        raise _unread(text)

    def _function(self, name: str) -> _Operand:
        if name not in {"count-selected", "selected-at", "string-length", "date"}:
            raise Invalid(N_("条件里用了“%(name)s”，这里没有。"), name=name[:30])
        self._take("(")
        found = self._day() if name == "date" else self._taken_of(name)
        self._take(")")
        return found

    def _day(self) -> _Operand:
        sort, text = self._next()
        if sort not in {"one", "two"}:
            raise _unread(text)
        self._at += 1
        return _Literal(text)

    def _taken_of(self, name: str) -> _Operand:
        subject, place = self._subject(), 0
        if name == "selected-at":
            self._take(",")
            sort, text = self._next()
            if sort != "number" or not text.isdecimal():
                raise _unread(text)
            place = int(self._taken()[:4]) + 1
        return _Of(name, subject, place)

    def _subject(self) -> Subject:
        sort, text = self._next()
        if sort != "ref" and (sort, text) != ("sign", "."):
            raise _unread(text)
        self._at += 1
        if text not in self._subjects:
            raise Invalid(N_("条件里说的“%(name)s”，不是哪道题的编号。"), name=text[:40])
        return self._subjects[text]

    def _sign(self) -> Sign:
        _sort, text = self._next()
        if text not in SIGNS:
            raise _unread(text)
        self._at += 1
        return cast(Sign, text)

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _taken(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _take(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise _unread(self._next()[1])
        self._at += 1

    def end(self) -> None:
        """Nothing may follow."""
        if self._at < len(self._tokens):
            raise _unread(self._next()[1])


def compared(left: Subject | _Of, sign: Sign, literal: _Literal) -> Condition:
    """What a comparison says of a question.

    Raises:
        Invalid: an answer of this kind cannot be compared so.
    """
    if isinstance(left, _Of):
        return _compared_part(left, sign, literal)
    if not literal.text and sign in {"=", "!="}:
        answered = Answered(left.key)
        return answered if sign == "!=" else Not(answered)
    match KINDS[left.question.type].holds:
        case "number" | "day":
            return Compared(left.key, sign, _measure(left.question, literal.text))
        case "choices" | "cells":
            return _picked(left, sign, literal.text)
    raise Invalid(N_("“%(name)s”这一题的答案不能这样比。"), name=left.question.title[:20])


def _measure(question: Question, text: str) -> str:
    is_day = question.type == "date"
    found = _DAY.fullmatch(text) if is_day else None
    if is_day and found is None:
        raise Invalid(N_("“%(text)s”不是日期，请照“2026-03-05”这样写。"), text=text[:20])
    if found:
        return found[1]
    try:
        thousandths(text)
    except ValueError as error:
        raise Invalid(N_("“%(text)s”不是数，小数最多三位。"), text=text[:20]) from error
    return text


def _picked(subject: Subject, sign: Sign, text: str) -> Condition:
    if sign not in {"=", "!="}:
        return Picked(subject.key, _numbered(subject, sign, text), subject.row)
    found: Condition = Picked(subject.key, (_choice(subject, text),), subject.row)
    if subject.question.type == "several":  # it is this one and no other
        found = All((found, Counted(subject.key, "=", 1)))
    return found if sign == "=" else Not(found)


def _numbered(subject: Subject, sign: Sign, text: str) -> tuple[str, ...]:
    """Choices that are numbers, such as those of a scale, by their size."""
    try:
        than = thousandths(text)
        sizes = {choice.key: thousandths(choice.key) for choice in subject.question.choices}
    except ValueError as error:
        say = N_("“%(name)s”的选项不是数，不能比大小。")
        raise Invalid(say, name=subject.question.title[:20]) from error
    keys = tuple(key for key, size in sizes.items() if SIGNS[sign](size, than))
    if not keys:
        say = N_("“%(name)s”里没有这样的选项。")
        raise Invalid(say, name=subject.question.title[:20])
    return keys


def _choice(subject: Subject, key: str) -> str:
    keys = {choice.key for choice in subject.question.choices}
    if key == "OK" and key not in keys and subject.question.type == "yesno":
        return "yes"  # as XLSForm says that something was acknowledged
    if key not in keys:
        say = N_("“%(name)s”这一题没有编号是“%(key)s”的选项。")
        raise Invalid(say, name=subject.question.title[:20], key=key[:40])
    return key


def _compared_part(left: _Of, sign: Sign, literal: _Literal) -> Condition:
    key = left.subject.key
    if left.what == "selected-at" and sign in {"=", "!="}:
        ranked = Ranked(key, left.place, _choice(left.subject, literal.text))
        return ranked if sign == "=" else Not(ranked)
    if not re.fullmatch(r"\d{1,4}", literal.text):
        raise Invalid(N_("“%(text)s”不是个数。"), text=literal.text[:20])
    number = int(literal.text)
    if left.what == "count-selected":
        return Counted(key, sign, number)
    if left.what == "string-length":
        if (sign, number) in {(">", 0), (">=", 1), ("!=", 0)}:
            return Answered(key)
        if (sign, number) in {("=", 0), ("<", 1), ("<=", 0)}:
            return Not(Answered(key))
    raise Invalid(N_("“%(name)s”这一题的答案不能这样比。"), name=left.subject.question.title[:20])


# out


def write(condition: Condition) -> str:
    """The condition as an expression; `read` gives the very same one.

    Where XLSForm has no word, one of its own is made to reach further: `selected` takes several
    choices, and `${q:row}` is a row of a matrix.
    """
    match condition:
        case Not(part):
            return f"not({write(part)})"
        case All(parts):
            return " and ".join(_inside(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inside(part) for part in parts)
        case _:
            return _write_plain(condition)


def _write_plain(plain: Plain) -> str:
    match plain:
        case Answered(key):
            return f"${{{key}}} != ''"
        case Counted(key, sign, number):
            return f"count-selected(${{{key}}}) {sign} {number}"
        case Compared(key, sign, value):
            measure = f"date('{value}')" if _DAY.fullmatch(value) else value
            return f"${{{key}}} {sign} {measure}"
        case Ranked(key, place, choice):
            return f"selected-at(${{{key}}}, {place - 1}) = '{choice}'"
        case Picked(key, choices, row):
            named = ["${" + (f"{key}:{row}" if row else key) + "}", *map("'{}'".format, choices)]
            return f"selected({', '.join(named)})"


def _inside(part: Condition) -> str:
    return f"({write(part)})" if isinstance(part, All | AnyOf) else write(part)


def subjects_of(questions: Sequence[Question]) -> dict[str, Subject]:
    """What may be named: each question by its key, each row of a matrix by `key:row`."""
    found = {}
    for question in questions:
        found[question.key] = Subject(question.key, question)
        for row in question.rows:
            found[f"{question.key}:{row.key}"] = Subject(question.key, question, row.key)
    return found
