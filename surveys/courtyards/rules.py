"""How doors are written and ordered, what a floor area is, and what an import would change. Pure.

People write one door in many ways (一号楼, 1栋, 01 号楼). A roll keeps one way for each, so that
the same household is found again in the next file.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from surveys.base.words import N_
from surveys.errors import Invalid

MOST_AREA_DM2 = 9_999_999
"""99,999.99 m²: a larger home is a slip of the finger"""
MOST_TOGETHER_DM2 = 999_999_999
"""the same of all homes of a courtyard together"""
LONGEST = 20

_WRITTEN = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff/.#()-]*")
_BUILDING = re.compile(r"第?(.+?)(?:号楼|楼栋|#楼|栋|幢|座|号|楼|#)")
_STAIRWELL = re.compile(r"第?(.+?)(?:单元|门洞|门)")
_ROOM = re.compile(r"(.*[0-9A-Z])(?:号|室|房|户)")
_NUMBERED = re.compile(r"\d+[A-Z]?|[一二三四五六七八九十]{1,3}")
_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_UNIT = re.compile(r"(?:m2|平方米|平米|平方)$", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?")
_JOINT = re.compile(r"号楼|楼栋|#楼|单元|门洞|[栋幢座]|[-/,#、]")
_PIECE = re.compile(r"\d+|\D+")

Door = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RollRow:
    """One household as a roll names it, already tidy; its floor area in dm² where it is known."""

    building: str
    stairwell: str
    room: str
    area_dm2: int | None

    @property
    def door(self) -> Door:
        """Building, stairwell and room: what a household is known by."""
        return self.building, self.stairwell, self.room


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would change. A household that the file does not name stays."""

    new: list[RollRow]
    changed: list[tuple[RollRow, int | None]]
    """with the area that the roll has now"""
    same: list[RollRow]
    missing: list[RollRow]

    @property
    def without_area(self) -> int:
        """How many households would have no area."""
        return sum(row.area_dm2 is None for row in [*self.new, *self.same, *self.missing])

    @property
    def looks_renamed(self) -> bool:
        """Whether many doors are new while as many are missing: written another way, perhaps."""
        return len(self.missing) >= 3 and len(self.new) >= 3

    @property
    def fingerprint(self) -> str:
        """Tells two plans apart, so that nobody saves another change than the one they saw."""
        return sha256(repr((self.new, self.changed, len(self.same))).encode()).hexdigest()[:16]


def compare(present: Iterable[RollRow], coming: Iterable[RollRow]) -> Plan:
    """What saving `coming` would change. A blank area leaves the area that is there."""
    held = {row.door: row.area_dm2 for row in present}
    plan = Plan([], [], [], [])
    for row in coming:
        if row.door not in held:
            plan.new.append(row)
            continue
        area = held.pop(row.door)
        if row.area_dm2 is None or row.area_dm2 == area:
            plan.same.append(RollRow(*row.door, area))
        else:
            plan.changed.append((row, area))
    plan.missing.extend(RollRow(*door, area) for door, area in held.items())
    for rows in (plan.new, plan.same, plan.missing):
        rows.sort(key=lambda row: door_key(row.door))
    plan.changed.sort(key=lambda pair: door_key(pair[0].door))
    return plan


def by_stairwell(rows: Iterable[RollRow]) -> list[list[RollRow]]:
    """The rows of each stairwell, or building without stairwells, in order of doors."""
    found: dict[tuple[str, str], list[RollRow]] = {}
    for row in sorted(rows, key=lambda row: door_key(row.door)):
        found.setdefault((row.building, row.stairwell), []).append(row)
    return list(found.values())


def place_in_words(building: str, stairwell: str = "") -> str:
    """A building or a stairwell as a choice of a question names it: 3 号楼 2 单元."""
    outer = f"{building} 号楼" if building.isdecimal() else building
    inner = f"{stairwell} 单元" if stairwell.isdecimal() else stairwell
    return f"{outer} {inner}".rstrip()


def door_key(door: Sequence[str]) -> tuple[object, ...]:
    """Sorts doors as people count them: building 2 before 10, room 201 before 1001."""
    return tuple(natural_key(part) for part in door)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts numbers within text by their value, and before words."""
    return tuple(
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in _PIECE.findall(text)
    )


def tidy_building(text: str) -> str:
    """A building's one way to be written: 1 for 1号楼, 01栋 and 一号楼; 东楼 as it is.

    Raises:
        Invalid: nothing is written, too much, or signs that no door has.
    """
    return _numbered(_written(text), _BUILDING)


def tidy_stairwell(text: str) -> str:
    """A stairwell's one way to be written: 2 for 2单元 and 二单元. Empty where there is none.

    Raises:
        Invalid: as for a building, but it may be empty.
    """
    return _numbered(_written(text), _STAIRWELL) if _folded(text) else ""


def tidy_room(text: str) -> str:
    """A room's one way to be written: 101 for 101室.

    Raises:
        Invalid: as for a building.
    """
    written = _written(text)
    found = _ROOM.fullmatch(written)
    return found[1] if found else written


def typed_door(typed: str) -> Door:
    """A door written in one line: 3-2-301, 3号楼2单元301室 or, without stairwell, 3-301.

    Raises:
        Invalid: it has not two or three parts, or one of them cannot be a door's.
    """
    folded = _folded(typed)
    parts = [part for part in _JOINT.split(folded) if part]
    if len(parts) not in (2, 3):
        raise Invalid(N_("请照“楼-单元-室”写，比如 3-2-301。"))
    stairwell = tidy_stairwell(parts[1]) if len(parts) == 3 else ""
    return tidy_building(parts[0]), stairwell, tidy_room(parts[-1])


def door_sought(typed: str) -> Door:
    """A door that is looked for: one as 3-2-301, or the room of every building, as 301.

    What can be no door's is left as a room that there is not.
    """
    try:
        return typed_door(typed)
    except Invalid:
        try:
            return "", "", tidy_room(typed)
        except Invalid:
            return "", "", ""


def typed_stairwell(typed: str) -> tuple[str, str]:
    """A stairwell written in one line: 3-2, 3 2, 3号楼2单元; or a building: 3, with "" behind it.

    Raises:
        Invalid: it has not one or two parts, or one of them cannot be a door's.
    """
    parts = [part for part in _JOINT.split(_folded("-".join(typed.split()))) if part]
    if len(parts) not in (1, 2):
        raise Invalid(N_("请照“楼-单元”写，比如 3-2。"))
    return tidy_building(parts[0]), tidy_stairwell(parts[1]) if len(parts) == 2 else ""


def _folded(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).upper()
    wide = re.sub(r"[\u2010-\u2015\u2212]", "-", wide)
    return "".join(wide.split())


def _written(text: str) -> str:
    folded = _folded(text)
    if not folded:
        raise Invalid(N_("没有填。"))
    if len(folded) > LONGEST:
        raise Invalid(N_("太长了，最多 %(most)d 个字。"), most=LONGEST)
    if not _WRITTEN.fullmatch(folded):
        raise Invalid(N_("里面有不能用的符号，只能用数字、字母和汉字，中间可以有横线。"))
    return folded


def _numbered(written: str, pattern: re.Pattern[str]) -> str:
    found = pattern.fullmatch(written)
    core = found[1] if found else written
    if not _NUMBERED.fullmatch(core):
        return written
    return arabic(core).lstrip("0") or "0"


def arabic(number: str) -> str:
    """Chinese numerals up to 99 in digits; anything else as it is."""
    if number[0].isascii():
        return number
    tens, ten, ones = number.rpartition("十")
    if tens not in ("", *_DIGITS) or ones not in ("", *_DIGITS):
        return number
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))


def read_area(text: str, most_dm2: int = MOST_AREA_DM2) -> int | None:
    """A floor area in dm² from square metres as typed; None where nothing is written.

    Full-width digits and a unit behind the number are understood; zeros at the end do not count.

    Raises:
        Invalid: no number, not above zero, more than two decimals, or beyond any home.
    """
    plain = _UNIT.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain):
        raise Invalid(N_("“%(typed)s”不是数，请只填数字，如 98.50。"), typed=printable(text))
    dm2 = Decimal(plain) * 100
    if dm2 <= 0:
        raise Invalid(N_("“%(typed)s”不行，面积要大于 0。"), typed=printable(text))
    if dm2 != dm2.to_integral_value():
        raise Invalid(N_("“%(typed)s”小数太多，最多两位，如 98.50。"), typed=printable(text))
    if dm2 > most_dm2:
        raise Invalid(N_("“%(typed)s”太大了，请看看是不是多打了一位。"), typed=printable(text))
    return int(dm2)


def printable(text: str, most: int = LONGEST) -> str:
    """What was typed, fit to be shown again: short, and nothing that hides or reverses."""
    kept = "".join(sign for sign in text.strip() if sign.isprintable())
    return kept if len(kept) <= most else kept[: most - 1] + "…"
