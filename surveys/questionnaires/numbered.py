"""What staff type off a printed sheet, by its numbers, as a page would have sent it. Pure."""

import re
from collections.abc import Callable

from surveys.base.words import N_
from surveys.courtyards.rules import printable, typed_stairwell
from surveys.errors import Invalid
from surveys.questionnaires.rules import Question, clean

Numbered = Callable[[Question, str], list[str]]
"""what was typed for a question → what is read as its answer"""

_SEPARATORS = r"\s,，、;；.。/+"
_LED = re.compile(rf"((?:\d+(?:[{_SEPARATORS}]+|$))*)(\d*)(.*)", re.DOTALL)
_SIGNS = ("=", ":", "：")
_WHOLE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})[-/.月 ](\d{1,2})日?|(\d{2})(\d{2})")


def picks(question: Question, typed: str) -> list[str]:
    """Keys of choices by their numbers: "3", "1 4 12", "147"; "9 凉亭" with words beside the 9th.

    Digits may run together where no choice has a number of two digits. Words that begin with a
    number stand behind a sign: "9=2 个凉亭".

    Raises:
        Invalid: no number of this question's choices, or words where none are written.
    """
    led, digits, words = _LED.findall(clean(typed))[0]
    numbers = _numbers(question, led)
    if numbers and question.choices[numbers[-1] - 1].writes and words[:1] not in _SIGNS:
        words = digits + words  # a number among the words
    else:
        numbers += _numbers(question, digits)
    picked = [question.choices[number - 1] for number in numbers]
    beside = words.lstrip(" =:：")
    if not beside:
        return [choice.key for choice in picked]
    if not picked:
        raise _no_number(question)
    if not picked[-1].writes:
        raise Invalid(N_("“%(name)s”后面不写字，只填号。"), name=picked[-1].name)
    return [*(choice.key for choice in picked[:-1]), f"{picked[-1].key}={beside}"]


def _numbers(question: Question, typed: str, lowest: int = 1) -> list[int]:
    most = len(question.choices)
    words = re.findall(r"\d" if most < 10 else r"\d+", typed)
    numbers = [int(word) for word in words]
    if any(not lowest <= number <= most for number in numbers):
        raise _no_number(question, lowest)
    return numbers


def _no_number(question: Question, lowest: int = 1) -> Invalid:
    say = N_("请填 %(least)d 到 %(most)d 之间的号，几个号用空格隔开。")
    return Invalid(say, least=lowest, most=len(question.choices))


def _only_numbers(question: Question, typed: str, lowest: int = 1) -> list[int]:
    text = clean(typed)
    if not re.fullmatch(rf"[\d{_SEPARATORS}]*", text):
        raise _no_number(question, lowest)
    return _numbers(question, text, lowest)


def ranking(question: Question, typed: str) -> list[str]:
    """Keys of choices in the order of their places: "3 1 2".

    Raises:
        Invalid: something else than the numbers of this question's choices.
    """
    return [question.choices[number - 1].key for number in _only_numbers(question, typed)]


def grid(question: Question, typed: str) -> list[str]:
    """The cells of a matrix: for each row the number of its column, 0 where it was left empty.

    Raises:
        Invalid: something else than numbers of columns, or not one for each row.
    """
    numbers = _only_numbers(question, typed, lowest=0)
    if numbers and len(numbers) != len(question.rows):
        say = N_("这一题有 %(rows)d 行，要填 %(rows)d 个号，您填了 %(typed)d 个。空着的行填 0。")
        raise Invalid(say, rows=len(question.rows), typed=len(numbers))
    return [
        f"{row.key}:{question.choices[number - 1].key}"
        for row, number in zip(question.rows, numbers, strict=False)
        if number
    ]


def stairwell(question: Question, typed: str) -> list[str]:
    """The key of a stairwell, typed as 3-2; of a building that has only one, as 3.

    Raises:
        Invalid: no stairwell of this courtyard.
    """
    if not clean(typed):
        return []
    building, inner = typed_stairwell(typed)
    wanted = f"{building}-{inner}" if inner else building
    keys = [choice.key for choice in question.choices]
    found = [key for key in keys if key == wanted]
    if not found and not inner:
        found = [key for key in keys if key.startswith(f"{building}-")]
    if len(found) != 1:
        say = N_("没有“%(place)s”，请照“楼-单元”写，比如 %(example)s。")
        raise Invalid(say, place=printable(typed), example=next(iter(keys), "3-2"))
    return found


def day(question: Question, typed: str) -> list[str]:
    """A day; also as 20260305, or as 0305 or 3-5 where only one year is possible."""
    text = clean(typed)
    if whole := _WHOLE_DAY.fullmatch(text):
        return ["-".join(whole.groups())]
    year = question.lowest[:4]
    found = _DAY_OF_YEAR.fullmatch(text)
    if found and year and year == question.highest[:4]:
        return ["-".join((year, *filter(None, found.groups())))]
    return [text]


def as_written(_question: Question, typed: str) -> list[str]:
    """Words and numbers, as they stand on the sheet."""
    return [typed]


def nothing(_question: Question, _typed: str) -> list[str]:
    """What a sheet cannot hold, such as a photo."""
    return []
