"""Whether a register adds up: what keeps a vote from opening, what is worth a look. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from surveys.base.words import N_
from surveys.counting.double_majority import Share
from surveys.courtyards.rules import Door
from surveys.owners import parties
from surveys.owners.parties import UnitRow

FEW = 6
"""of many doors or names, so many are said"""


class Fault(NamedTuple):
    """What is to be mended, or looked at, as a message id with its parameters."""

    msgid: str
    params: Mapping[str, object]


class Stated(Protocol):
    """What is stated of the whole (`register_models.OwnersRegister`)."""

    stated_area_dm2: int | None
    stated_units: int | None
    gap_reason: str


class Some(NamedTuple):
    """So many doors or names, and the first `FEW` of them."""

    n: int
    first: Sequence[str]

    @classmethod
    def of(cls, said: Sequence[str]) -> "Some":
        """Of all of them."""
        return cls(len(said), said[:FEW])

    @property
    def in_line(self) -> str:
        """The first of them, with an ellipsis for the rest."""
        return "、".join([*self.first, *(["…"] if self.n > len(self.first) else [])])


@dataclass(frozen=True, slots=True)
class Sums:
    """What a register comes to, and what is stated of it."""

    everyone: Share
    """all owners by count, and the areas of all units together"""
    units: int
    stated: Stated | None

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
        return self.stated.stated_units - self.units


@dataclass(frozen=True, slots=True)
class Whole:
    """A register looked over, as it is (`register_whole.look`) or as it would be (`of_rows`)."""

    sums: Sums
    lacking: Some
    """first doors of the co-owners who have not named who votes for all of them"""
    alike: Some
    """names of people who own several units, and nothing tells them from others of that name"""
    half: Some
    """names that stand alone with a mark, and elsewhere without one"""
    strange: Some
    """doors of units that no household has; none where there is no roll"""


def of_rows(rows: Sequence[UnitRow], stated: Stated | None, roll: Collection[Door]) -> Whole:
    """A register of these units, looked over.

    Args:
        roll: the doors of all households; empty where there is no roll.
    """
    owners = parties.gather(rows)
    lacking = [door_in_line(one.rows[0].door) for one in owners if one.lacks_a_voter]
    alone = ((one.named[0].name, one.named[0].mark) for one in owners if len(one.named) == 1)
    strange = [door_in_line(row.door) for row in rows if roll and row.door not in roll]
    return Whole(
        Sums(Share(len(owners), sum(row.area_dm2 for row in rows)), len(rows), stated),
        lacking=Some.of(lacking),
        alike=Some.of([one.named[0].name for one in parties.same_name_without_mark(owners)]),
        half=Some.of(parties.marked_here_and_not_there(alone)),
        strange=Some.of(strange),
    )


def faults(whole: Whole) -> list[Fault]:
    """What is to be mended before a vote may open."""
    sums, lacking = whole.sums, whole.lacking
    if not sums.units:
        return [Fault(N_("业主名册还是空的。请先导入名册。"), {})]
    found = [] if sums.stated is None or sums.stated.gap_reason else gaps(sums)
    if lacking.n:
        say = N_("有 %(n)s 处共有的房子没写谁代表表决：%(doors)s。请补上。")
        found.append(Fault(say, {"n": lacking.n, "doors": lacking.in_line}))
    return found


def gaps(sums: Sums) -> list[Fault]:
    """Where the units do not add up to what is stated."""
    found = []
    added = sums.everyone.area_dm2
    if sums.gap:
        say = N_("各套加起来 %(sum)s，登记的是 %(stated)s，对不上。请查清，或者写明原因。")
        stated = square_metres(added + sums.gap)
        found.append(Fault(say, {"sum": square_metres(added), "stated": stated}))
    if sums.units_gap:
        say = N_("名册里有 %(units)s 套，登记的是 %(stated)s 套，对不上。请查清，或者写明原因。")
        stated_units = sums.units + sums.units_gap
        found.append(Fault(say, {"units": sums.units, "stated": stated_units}))
    return found


def warnings(whole: Whole) -> list[Fault]:
    """What keeps no vote from opening, but should be looked at once more."""
    if not whole.sums.units:
        return []
    found = []
    if whole.sums.gap is None or whole.sums.units_gap is None:
        say = N_("还没写不动产登记上的总面积和总套数，没法核对有没有漏掉的房子。")
        found.append(Fault(say, {}))
    if whole.alike.n:  # a name may stand for one owner or for two: only a mark tells
        say = N_("同名、没写区分的，算成了同一位业主：%(names)s。要是两个人，请写上证件后四位。")
        found.append(Fault(say, {"names": whole.alike.in_line}))
    if whole.half.n:
        say = N_("有的写了区分、有的没写，算成了两位业主：%(names)s。要是一个人，请都写上。")
        found.append(Fault(say, {"names": whole.half.in_line}))
    if whole.strange.n:
        say = N_("有 %(n)s 套不在住户花名册里：%(doors)s。商铺、车库不用管，住宅请核对门牌。")
        found.append(Fault(say, {"n": whole.strange.n, "doors": whole.strange.in_line}))
    return found


def door_in_line(door: Iterable[str]) -> str:
    """A door in no language, as it may be typed: 3-2-301."""
    return "-".join(part for part in door if part)


def square_metres(area_dm2: int) -> str:
    """An area in no language: 88.67 ㎡."""
    return f"{area_dm2 // 100}.{area_dm2 % 100:02d} ㎡"
