"""How numbers, days and Chinese prose are shown. Pure but for the translations of a few units."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import floor
from typing import Protocol
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from surveys.base.language import gettext as _
from surveys.base.language import language_code, ngettext, say
from surveys.base.words import N_

_PHRASE = re.compile(
    r"(?:[^，。？！：；、（]{1,3}：)?（?[^，。？！：；、（]+[，。？！：；、]*[”』」）]*[，。？！：；、]*"
    r"|[，。？！：；、（]+"
)
_TAGGED = re.compile(r"(<[^>]+>)")
LONGEST_PHRASE = 32
"""in half widths, of which a Chinese character takes two; what is longer must wrap inside"""
_WIDE_FROM = "\u2e80"


def phrases(prose: object) -> Markup:
    """Wrap each phrase of Chinese prose so that a line breaks between phrases, not inside one."""
    pieces = _TAGGED.split(str(escape(prose)))
    return Markup("").join(
        Markup(p) if p.startswith("<") else _wrapped(p)  # noqa: S704 - escaped above
        for p in pieces
    )


def _wrapped(text: str) -> Markup:
    found = _PHRASE.findall(text)
    return Markup("").join(
        Markup(_kept_whole(part) if _is_phrase(part) else part)  # noqa: S704 - escaped
        for part in found
    )


def _kept_whole(part: str) -> str:
    """Blanks at its ends stay outside: an inline block swallows them."""
    text = part.strip()
    before, after = part.split(text, 1)
    return f'{before}<span class="nb">{text}</span>{after}'


def _is_phrase(part: str) -> bool:
    text = part.strip()
    return len(text) > 1 and sum(1 + (c >= _WIDE_FROM) for c in text) <= LONGEST_PHRASE


def wan(fen: int) -> str:
    """An amount in ten thousands of yuan, to the nearest hundred yuan: 12.6, 9.85, 40."""
    whole, rest = divmod((abs(fen) + 5_000) // 10_000, 100)
    digits = f"{rest:02d}".rstrip("0")
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def yuan(fen: int) -> str:
    """An amount in yuan: 875, 12.50."""
    whole, rest = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d}" if rest else f"{sign}{whole:,}"


def whole_yuan(fen: int) -> str:
    """An amount to the nearest yuan: 126,000."""
    return yuan((fen + 50) // 100 * 100)


def in_wan() -> bool:
    """Whether large amounts are counted in ten thousands where the reader's language is spoken."""
    return language_code() == "zh-CN"


def money(fen: int) -> str:
    """An amount in the unit that a person grasps: 12.6 万元 (to two decimals), 875 元 (exact).

    Where nobody counts in 万, a large amount is said in whole yuan: 126,000 yuan.
    """
    if abs(fen) < 1_000_000:
        return _("%(amount)s 元", amount=yuan(fen))
    if in_wan():
        return _("%(amount)s 万元", amount=wan(fen))
    return _("%(amount)s 元", amount=whole_yuan(fen))


def per_household(fen: int, households: int) -> str:
    """An amount shared by `households`, in whole yuan, rounded."""
    share = (fen + households * 50) // (households * 100) if households else 0
    return _("约每户 %(amount)s 元", amount=f"{share:,}")


def area(dm2: int) -> str:
    """A floor area: 12,769.76 ㎡."""
    return f"{dm2 // 100:,}.{dm2 % 100:02d} ㎡"


def percent(part: int, whole: int, places: int = 1) -> str:
    """A share with so many decimals, rounded half up; a dash where there is nothing to share."""
    if not whole:
        return "—"
    scale: int = 10**places
    found = (part * 200 * scale + whole) // (2 * whole)
    return f"{found // scale}.{found % scale:0{places}d}%"


def decimal(number: Fraction | None) -> str:
    """A mean with one decimal, rounded half up; a dash where there is none."""
    if number is None:
        return "—"
    tenths = floor(number * 10 + Fraction(1, 2))
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def thousandths(number: int) -> str:
    """A number given in thousandths: 12.5."""
    return f"{Decimal(number) / 1000:f}"


class Place(Protocol):
    """A building, or a stairwell of it."""

    @property
    def building(self) -> str: ...
    @property
    def stairwell(self) -> str: ...


class Door(Protocol):
    """Anything that stands behind a door of the courtyard."""

    building: str
    stairwell: str
    room: str


def building(name: str) -> str:
    """A building as people say it: 3 → 3 号楼; a name that is no number stays as it is."""
    return _("%(name)s 号楼", name=name) if name.isdigit() else name


def door(household: Door) -> str:
    """A door as people say it: 1 号楼 2 单元 301."""
    return _within(place(household), household.room)


def place(part: Place) -> str:
    """A building, or a stairwell of it, as people say it: 1 号楼 2 单元."""
    stairwell = part.stairwell
    inner = _("%(name)s 单元", name=stairwell) if stairwell.isdigit() else stairwell
    return reduce(_within, filter(None, (building(part.building), inner)))


def _within(outer: str, inner: str) -> str:
    return _("%(outer)s %(inner)s", outer=outer, inner=inner)


def local(at: datetime, zone: str) -> datetime:
    """The instant as clocks in `zone` show it."""
    return at.astimezone(ZoneInfo(zone))


MONTHS = (
    *(N_("1 月"), N_("2 月"), N_("3 月"), N_("4 月"), N_("5 月"), N_("6 月")),
    *(N_("7 月"), N_("8 月"), N_("9 月"), N_("10 月"), N_("11 月"), N_("12 月")),
)


def day_words(at: datetime | date, zone: str = "Asia/Shanghai") -> str:
    """A day in words: 11 月 30 日."""
    there = local(at, zone) if isinstance(at, datetime) else at
    return _("%(month)s %(day)d 日", month=_(MONTHS[there.month - 1]), day=there.day)


def said(facts: Mapping[str, object]) -> dict[str, object]:
    """What was noted of an act, for its sentence: its days, noted as in ISO 8601, in words."""
    days = {name: str(facts[name]) for name in _DAYS if name in facts}
    return {**facts, **{name: _day_said(day) for name, day in days.items()}}


_DAYS = ("day", "due")


def _day_said(noted: str) -> str:
    try:
        return day_words(date.fromisoformat(noted))
    except ValueError:  # the dash of what was not noted
        return noted


def time_words(at: datetime, zone: str = "Asia/Shanghai") -> str:
    """A time of day as people say it: 晚上 8 点, 下午 3 点 30 分, 零点."""
    there = local(at, zone)
    hour = there.hour
    part = next(name for until, name in _parts_of_day() if hour < until)
    said = hour if hour <= 12 else hour - 12
    if hour == there.minute == 0:
        return _("零点")
    if there.minute == 0:
        return _("%(part)s %(hour)d 点", part=part, hour=said)
    return _("%(part)s %(hour)d 点 %(minute)02d 分", part=part, hour=said, minute=there.minute)


def _parts_of_day() -> tuple[tuple[int, str], ...]:
    return (
        (6, _("凌晨")),
        (12, _("上午")),
        (13, _("中午")),
        (18, _("下午")),
        (24, _("晚上")),
    )


def moment(at: datetime, zone: str = "Asia/Shanghai") -> str:
    """A day and a time: 11 月 30 日晚上 8 点."""
    return _("%(day)s%(time)s", day=day_words(at, zone), time=time_words(at, zone))


def stamp(at: datetime, zone: str = "Asia/Shanghai") -> str:
    """A day and a clock time for the desk: 2026-11-30 20:00."""
    return local(at, zone).strftime("%Y-%m-%d %H:%M")


def ago(at: datetime, now: datetime, zone: str = "Asia/Shanghai") -> str:
    """A moment as people say it: 刚才, 今天 14:05, 昨天 9:30, 3 天前, 11 月 3 日.

    What lies ahead is said as a moment; what lies in another year, in full.
    """
    there, today = local(at, zone), local(now, zone).date()
    clock = f"{there.hour}:{there.minute:02d}"
    days = (today - there.date()).days
    if at > now:
        return moment(at, zone) if there.year == today.year else stamp(at, zone)
    if now - at < timedelta(minutes=1):
        return _("刚才")
    if days < 2:
        return _("昨天 %(time)s", time=clock) if days else _("今天 %(time)s", time=clock)
    if days < 7:
        return ngettext("%(num)d 天前", "%(num)d 天前", days)
    return day_words(at, zone) if there.year == today.year else stamp(at, zone)[:10]


def days_left(until: datetime, at: datetime) -> str:
    """How long there is still: 还剩 10 天, 还剩 3 小时, 不到 1 小时."""
    left = until - at
    if left >= timedelta(days=1):
        return ngettext("还剩 %(num)d 天", "还剩 %(num)d 天", left.days)
    hours = int(left.total_seconds() // 3600)
    return ngettext("还剩 %(num)d 小时", "还剩 %(num)d 小时", hours) if hours else _("不到 1 小时")


def grouped(code: str) -> str:
    """A code as it is copied by hand: IHBJ JPNA IFT3X."""
    signs = code.upper()
    return " ".join(filter(None, (signs[:4], signs[4:8], signs[8:])))


FILTERS = {
    "ph": phrases,
    "wan": wan,
    "yuan": yuan,
    "money": money,
    "area": area,
    "building": building,
    "door": door,
    "place": place,
    "percent": percent,
    "decimal": decimal,
    "thousandths": thousandths,
    "day": day_words,
    "moment": moment,
    "said": said,
    "stamp": stamp,
    "grouped": grouped,
    "say": say,
}
