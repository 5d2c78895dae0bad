"""Amounts as people type them, what an item costs, and which items exclude each other.

Exact: whole fen, thousandths of a unit.
"""

import re
from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

from surveys.base.words import N_
from surveys.errors import Invalid

MOST_FEN = 10**13
"""¥100 billion: far above any courtyard, far below the end of 64 bits"""
MOST_MILLI = 10**12
"""a billion units"""
LONGEST = 60
"""signs of a number"""


class Grouped(Protocol):
    """Something that may stand in a group of which at most one is done."""

    @property
    def only_one_of(self) -> str: ...


AnyGrouped = TypeVar("AnyGrouped", bound=Grouped)

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord("￥"): "¥",
    ord("　"): " ",
}
"""full-width signs to the plain ones; no more than that, since NFKC would read 5² as 52"""
_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_YUAN = re.compile(r"¥?([0-9,.]+)(万|亿)?元?")
_BETWEEN = re.compile(r"[\s第条号和、,;。.]+")
_TENS = {None: 0, "万": 4, "亿": 8}


def parse_yuan(typed: str) -> int:
    """The amount in fen that somebody typed in yuan: 126000, 126,000.00, ¥12.6万, １２．６万元.

    Raises:
        Invalid: not a plain amount (约, a minus, words), finer than a fen, or too large.
    """
    text = _plain(typed)
    _refuse_long(text)
    found = _YUAN.fullmatch(text)
    number = _NUMBER.fullmatch(found[1]) if found else None
    if not found or not number:
        raise Invalid(N_("“%(typed)s”不是钱数。请只写数字，如 126000 或 12.6万。"), typed=text[:20])
    fen = _scaled(number, _TENS[found[2]] + 2)
    if fen is None:
        raise Invalid(N_("“%(typed)s”比分还小。钱最多写到分，两位小数。"), typed=text[:20])
    if fen > MOST_FEN:
        raise Invalid(N_("“%(typed)s”太大了。看看是不是多写了零。"), typed=text[:20])
    return fen


def parse_quantity(typed: str) -> int:
    """The quantity in thousandths that somebody typed: 72, 2,128.30, ３１８．５.

    Raises:
        Invalid: not a plain number above zero, finer than a thousandth, or too large.
    """
    text = _plain(typed)
    _refuse_long(text)
    number = _NUMBER.fullmatch(text)
    if not number:
        raise Invalid(N_("“%(typed)s”不是数量。请只写数字，如 72 或 318.5。"), typed=text[:20])
    milli = _scaled(number, 3)
    if milli is None:
        raise Invalid(N_("“%(typed)s”太细了。数量最多三位小数。"), typed=text[:20])
    if milli == 0:
        raise Invalid(N_("数量要比 0 大。"))
    if milli > MOST_MILLI:
        raise Invalid(N_("“%(typed)s”太大了。看看是不是多写了零。"), typed=text[:20])
    return milli


def parse_count(typed: str, most: int = 999) -> int:
    """A whole number, 0 to `most`, that somebody typed.

    Raises:
        Invalid: anything else.
    """
    text = _plain(typed)
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > most:
        raise Invalid(
            N_("“%(typed)s”不行。请写 0 到 %(most)s 的整数。"), typed=text[:20], most=most
        )
    return int(text)


def parse_numbers(typed: str) -> tuple[int, ...]:
    """The numbers of suggestions that somebody typed: 214, 第 214 条、第 215 条, ２１４ 215.

    Raises:
        Invalid: something else stands among them.
    """
    parts = [part for part in _BETWEEN.split(typed.translate(_NARROW)) if part]
    wrong = next((part for part in parts if not re.fullmatch(r"[0-9]{1,9}", part)), None)
    if wrong is not None:
        raise Invalid(N_("“%(typed)s”不是意见的号码。请只写号码，如 214、215。"), typed=wrong[:20])
    return tuple(dict.fromkeys(int(part) for part in parts))


def cost_fen(quantity_milli: int, unit_cost_fen: int) -> int:
    """What `quantity_milli` thousandths of a unit cost, half a fen rounded up.

    Raises:
        Invalid: more than can be kept.
    """
    fen = (quantity_milli * unit_cost_fen + 500) // 1000
    if fen > MOST_FEN:
        raise Invalid(N_("数量乘单价太大了。看看是不是多写了零。"))
    return fen


def groups(items: Iterable[AnyGrouped]) -> dict[str, list[AnyGrouped]]:
    """The items of each group of which at most one is done, by the group's name."""
    found: dict[str, list[AnyGrouped]] = {}
    for item in items:
        if item.only_one_of:
            found.setdefault(item.only_one_of, []).append(item)
    return found


def free_name(name: str, taken: Collection[str], most: int) -> str:
    """The name, or the name with the first number that nobody has, in at most `most` signs."""
    found, n = name[:most], 1
    while found in taken:
        n += 1
        found = f"{name[: most - len(str(n)) - 2]}（{n}）"
    return found


def quantity_text(milli: int) -> str:
    """A quantity as it is shown and typed again, as long as it needs to be: 72, 2128.3."""
    whole, rest = divmod(milli, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def yuan_text(fen: int) -> str:
    """An amount as it is typed again, in yuan: 126000, 52.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _plain(typed: str) -> str:
    return re.sub(r"\s", "", typed.translate(_NARROW))


def _refuse_long(text: str) -> None:
    """Python itself refuses to read thousands of digits, in words for programmers."""
    if len(text) > LONGEST:
        raise Invalid(N_("“%(typed)s”太大了。看看是不是多写了零。"), typed=text[:20])


def _scaled(number: re.Match[str], places: int) -> int | None:
    """The number times 10 to the power of `places`; None where that is not whole as written."""
    whole, decimals = number[1].replace(",", ""), number[2] or ""
    if len(decimals) > places:
        return None
    return int(whole + decimals.ljust(places, "0"))
