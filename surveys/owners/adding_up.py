"""Whether a register adds up: what keeps a vote from opening, what is worth a look. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from surveys.base.words import N_
from surveys.counting.double_majority import Share
from surveys.courtyards.rules import Door
from surveys.owners import parties
from surveys.owners.parties import Party, UnitRow


class Fault(NamedTuple):
    """What is to be mended, or looked at, as a message id with its parameters."""

    msgid: str
    params: Mapping[str, object]


class Stated(Protocol):
    """What is stated of the whole (`models.OwnersRegister`)."""

    stated_area_dm2: int | None
    stated_units: int | None
    gap_reason: str


@dataclass(frozen=True)
class Whole:
    """All units of a register, as it is or as it would be, and what is stated of it."""

    rows: Sequence[UnitRow]
    stated: Stated | None

    @cached_property
    def parties(self) -> list[Party]:
        """The owners."""
        return parties.gather(self.rows)

    @property
    def everyone(self) -> Share:
        """All owners by count, and the areas of all units together."""
        return Share(len(self.parties), sum(row.area_dm2 for row in self.rows))

    @property
    def gap(self) -> int | None:
        """What the stated area holds more than the units, in dm²; None where nothing is stated."""
        if self.stated is None or self.stated.stated_area_dm2 is None:
            return None
        return self.stated.stated_area_dm2 - self.everyone.area_dm2

    @property
    def units_gap(self) -> int | None:
        """How many more units are stated than there are; None where nothing is stated."""
        if self.stated is None or self.stated.stated_units is None:
            return None
        return self.stated.stated_units - len(self.rows)

    @property
    def lacking_a_voter(self) -> list[Party]:
        """Co-owners who have not named who votes for all of them."""
        return [party for party in self.parties if party.lacks_a_voter]


def faults(whole: Whole) -> list[Fault]:
    """What is to be mended before a vote may open."""
    if not whole.rows:
        return [Fault(N_("业主名册还是空的。请先导入名册。"), {})]
    found = [] if whole.stated is None or whole.stated.gap_reason else gaps(whole)
    lacking = whole.lacking_a_voter
    if lacking:
        say = N_("有 %(n)s 处共有的房子没写谁代表表决：%(doors)s。请补上。")
        doors = [door_in_line(party.rows[0].door) for party in lacking]
        found.append(Fault(say, {"n": len(lacking), "doors": _shortened(doors)}))
    return found


def gaps(whole: Whole) -> list[Fault]:
    """Where the units do not add up to what is stated."""
    found = []
    added = whole.everyone.area_dm2
    if whole.gap:
        say = N_("各套加起来 %(sum)s，登记的是 %(stated)s，对不上。请查清，或者写明原因。")
        stated = square_metres(added + whole.gap)
        found.append(Fault(say, {"sum": square_metres(added), "stated": stated}))
    if whole.units_gap:
        say = N_("名册里有 %(units)s 套，登记的是 %(stated)s 套，对不上。请查清，或者写明原因。")
        units = len(whole.rows)
        found.append(Fault(say, {"units": units, "stated": units + whole.units_gap}))
    return found


def warnings(whole: Whole, roll: Collection[Door]) -> list[Fault]:
    """What keeps no vote from opening, but should be looked at once more.

    Args:
        roll: the doors of all households; empty where there is no roll.
    """
    if not whole.rows:
        return []
    found = []
    if whole.gap is None or whole.units_gap is None:
        say = N_("还没写不动产登记上的总面积和总套数，没法核对有没有漏掉的房子。")
        found.append(Fault(say, {}))
    found += _names(whole)
    strange = [door_in_line(row.door) for row in whole.rows if row.door not in roll]
    if roll and strange:
        say = N_("有 %(n)s 套不在住户花名册里：%(doors)s。商铺、车库不用管，住宅请核对门牌。")
        found.append(Fault(say, {"n": len(strange), "doors": _shortened(strange)}))
    return found


def _names(whole: Whole) -> list[Fault]:
    """Names that may stand for one owner or for two: only a mark tells."""
    found = []
    alike = parties.same_name_without_mark(whole.parties)
    if alike:
        say = N_("同名、没写区分的，算成了同一位业主：%(names)s。要是两个人，请写上证件后四位。")
        found.append(Fault(say, {"names": _shortened([one.named[0].name for one in alike])}))
    half = parties.marked_here_and_not_there(whole.parties)
    if half:
        say = N_("有的写了区分、有的没写，算成了两位业主：%(names)s。要是一个人，请都写上。")
        found.append(Fault(say, {"names": _shortened(half)}))
    return found


def door_in_line(door: Iterable[str]) -> str:
    """A door in no language, as it may be typed: 3-2-301."""
    return "-".join(part for part in door if part)


def square_metres(area_dm2: int) -> str:
    """An area in no language: 88.67 ㎡."""
    return f"{area_dm2 // 100}.{area_dm2 % 100:02d} ㎡"


def _shortened(said: Sequence[str], most: int = 6) -> str:
    """A few of what could be said, with an ellipsis for the rest."""
    return "、".join([*said[:most], *(["…"] if len(said) > most else [])])
