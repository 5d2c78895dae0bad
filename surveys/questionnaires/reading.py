"""What was typed or ticked, read as an answer; what cannot stand is said in one sentence. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.conditions import picked_key, thousandths
from surveys.questionnaires.rules import Question, Value, clean

_T = TypeVar("_T", int, str)
Reader = Callable[[Question, Sequence[str]], Value]
BESIDE = 60
"""characters that may be written beside a choice"""
_LARGEST = 10**12
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.([0-9]*))?|\.([0-9]+))")
_MINUS_AND_POINT = str.maketrans("\u2212。", "-.")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_PHOTO = re.compile(r"[2-7a-z]{13}")


def in_order(question: Question, typed: Sequence[str]) -> Value:
    """What of the typed is a choice of the question, in the question's order, with its words."""
    beside: dict[str, str] = {}
    for part in typed:
        key, _sep, words = part.partition("=")
        beside[key] = clean(words).replace("\n", " ") or beside.get(key, "")
    return tuple(
        f"{choice.key}={beside[choice.key]}" if choice.writes and beside[choice.key] else choice.key
        for choice in question.choices
        if choice.key in beside
    )


def _picks(question: Question, typed: Sequence[str]) -> Value:
    wanted = {picked_key(part) for part in typed if part}
    picked = in_order(question, typed)
    if len(picked) != len(wanted):
        raise Invalid(N_("选的有一样不在这一题里，请重新选。"))
    written = max((len(part.partition("=")[2]) for part in picked), default=0)
    if written > BESIDE:
        say = N_("后面的字最多写 %(most)d 个，您写了 %(written)d 个，请写短一些。")
        raise Invalid(say, most=BESIDE, written=written)
    return picked


def one_pick(question: Question, typed: Sequence[str]) -> Value:
    """One choice at the most."""
    picked = _picks(question, typed)
    if len(picked) < 2:
        return picked
    ticked = [question.name_of(part) for part in picked if "=" not in part]
    written = [question.name_of(picked_key(part)) for part in picked if "=" in part]
    if ticked and written:  # the words alone stand for a tick, but not against another one
        raise Invalid(
            N_("这一题只能选一个：选了“%(ticked)s”，又在“%(written)s”后面写了字，请留一样。"),
            ticked=ticked[0],
            written=written[0],
        )
    raise Invalid(N_("这一题只能选一个。"))


def several_picks(question: Question, typed: Sequence[str]) -> Value:
    """Several choices, as many as the question allows; one that stands alone only by itself."""
    picked = _picks(question, typed)
    keys = {picked_key(part) for part in picked}
    lonely = [c.name for c in question.choices if c.alone and c.key in keys]
    if lonely and len(picked) > 1:
        raise Invalid(N_("选了“%(name)s”，就不能再选别的。"), name=lonely[0])
    if question.most is not None and len(picked) > question.most:
        raise Invalid(
            N_("最多选 %(most)d 样，您选了 %(picked)d 样，请去掉几样。"),
            most=question.most,
            picked=len(picked),
        )
    if picked and not lonely and len(picked) < (question.least or 0):
        raise Invalid(
            N_("至少选 %(least)d 样，您选了 %(picked)d 样，请再选几样。"),
            least=question.least,
            picked=len(picked),
        )
    return picked


def a_ranking(question: Question, typed: Sequence[str]) -> Value:
    """Choices in the order of their places, from the first on without a gap."""
    keys = [key for key in typed if key]
    known = {choice.key: choice.name for choice in question.choices}
    if any(key not in known for key in keys):
        raise Invalid(N_("选的有一样不在这一题里，请重新选。"))
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise Invalid(N_("“%(name)s”排了两次，请留一次。"), name=known[twice])
    most = question.most or len(known)
    if len(keys) > most:
        raise Invalid(N_("只排前 %(most)d 位，请去掉几样。"), most=most)
    if keys and len(keys) < (question.least or 0):
        raise Invalid(N_("请排出前 %(least)d 位。"), least=question.least)
    return tuple(keys)


def cells_in_order(question: Question, typed: Sequence[str]) -> Value:
    """What of the typed is a cell of the matrix, `row:column`, in the order of its rows."""
    marks = set(typed)
    offered = (f"{row.key}:{column.key}" for row in question.rows for column in question.choices)
    return tuple(cell for cell in offered if cell in marks)


def a_grid(question: Question, typed: Sequence[str]) -> Value:
    """One column for each row; rows may be left out unless an answer is asked for."""
    picked = cells_in_order(question, typed)
    if len(picked) != len({part for part in typed if part}):
        raise Invalid(N_("选的有一样不在这一题里，请重新选。"))
    done = [cell.partition(":")[0] for cell in picked]
    for row in question.rows:
        if done.count(row.key) > 1:
            raise Invalid(N_("“%(name)s”只能选一个。"), name=row.name)
        if question.required and picked and row.key not in done:
            raise Invalid(N_("“%(name)s”还没选。每一行都要选。"), name=row.name)
    return picked


def a_text(most: int) -> Reader:
    """A reader of texts of at most so many characters."""

    def read(_question: Question, typed: Sequence[str]) -> Value:
        text = clean(typed[0]) if typed else ""
        if len(text) > most:
            raise Invalid(
                N_("最多写 %(most)d 个字，您写了 %(written)d 个，请写短一些。"),
                most=most,
                written=len(text),
            )
        return (text,) if text else ()

    return read


def a_number(question: Question, typed: Sequence[str]) -> Value:
    """One number as canonical text: "12", "-0.5"."""
    text = _one_line(typed).translate(_MINUS_AND_POINT)
    text = text.removesuffix(unicodedata.normalize("NFKC", question.unit)).strip().replace(",", "")
    if not text:
        return ()
    found = _NUMBER.fullmatch(text)
    if not found:
        raise Invalid(N_("请填数字，比如 3。"))
    decimals = min(question.decimals, 3)
    if len((found[1] or found[2] or "").rstrip("0")) > decimals:
        if decimals == 0:
            raise Invalid(N_("请填整数，不带小数点。"))
        raise Invalid(N_("小数点后面最多 %(most)d 位。"), most=decimals)
    number = Decimal(text.rstrip(".")).normalize()
    if abs(number) >= _LARGEST:
        raise Invalid(N_("这个数太大了，请再看一遍。"))
    plain = f"{number + 0:f}"  # never "-0"
    _check_bounds(question, thousandths(plain), thousandths)
    return (plain,)


def _one_line(typed: Sequence[str]) -> str:
    """What was typed, with the digits and signs of a Chinese keyboard made plain."""
    return unicodedata.normalize("NFKC", clean(typed[0]) if typed else "")


def a_day(question: Question, typed: Sequence[str]) -> Value:
    """One day as in ISO 8601, also where it was typed as 2026年3月5日 or 2026/3/5."""
    text = _one_line(typed)
    if not text:
        return ()
    found = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2100:
        raise Invalid(N_("日期看不懂，请照“2026-3-5”这样写。"))
    _check_bounds(question, day.isoformat(), str)
    return (day.isoformat(),)


def _check_bounds(question: Question, value: _T, read: Callable[[str], _T]) -> None:
    low, high = question.lowest, question.highest
    if (low and value < read(low)) or (high and value > read(high)):
        if low and high:
            say = N_("要在 %(low)s 到 %(high)s 之间。")
        else:
            say = N_("不能小于 %(low)s。") if low else N_("不能大于 %(high)s。")
        raise Invalid(say, low=low, high=high)


def some_photos(question: Question, typed: Sequence[str]) -> Value:
    """The ids of photos; whether they exist and are the sender's, the act that keeps them says."""
    ids = tuple(dict.fromkeys(part for part in typed if part))
    if not all(map(is_photo, ids)):
        raise Invalid(N_("照片没有收到，请再选一次。"))
    most = question.most or 1
    if len(ids) > most:
        raise Invalid(N_("最多放 %(most)d 张照片，请去掉几张。"), most=most)
    return ids


def is_photo(part: str) -> bool:
    """Whether it could be the id of a photo."""
    return _PHOTO.fullmatch(part) is not None


def nothing(_question: Question, _typed: Sequence[str]) -> Value:
    """A note and the head of a section take no answer, whatever is sent."""
    return ()
