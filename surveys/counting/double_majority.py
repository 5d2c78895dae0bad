"""Owners deciding in law: by the number of owners and by the floor area they own, both at once.

Whoever takes part in a motion is asked three things. Did enough owners take part (the quorum)?
Are enough of them for it? And is each true twice: of the owners, each a party that the law counts
once, and of the exclusive floor area in dm² (1 m² = 100 dm²)? Numbers are whole and parts are
fractions, so that exactly two thirds are two thirds.

"以上" includes the number itself and "过半数" does not (Civil Code art. 1259, art. 278). Who
abstains takes part and stays among those of whom a part is asked; a sheet that did not come back
takes no part. The thresholds are law and laws change: they stand in named rule sets with source
and validity, and a vote keeps the one it was opened by.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Self


def N_(msgid: str) -> str:
    """Mark `msgid` for the catalogues, as base/words.py does, which is unknown in this room."""
    return msgid


class Weight(StrEnum):
    """Which of the two thresholds of a rule set a motion needs."""

    ORDINARY = "ordinary"
    GRAVE = "grave"


class Unmarked(StrEnum):
    """What a motion counts as that a returned sheet leaves blank or marks twice."""

    ABSTAIN = "abstain"
    VOID = "void"
    """it does not take part in that motion"""


class Mark(StrEnum):
    """What a sheet says of one motion."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    UNMARKED = "unmarked"
    """left blank, or marked twice"""


class Base(StrEnum):
    """Of whom a threshold asks a part."""

    EVERYONE = "everyone"
    TAKING_PART = "taking_part"


@dataclass(frozen=True, slots=True)
class Share:
    """So many owners, and the exclusive floor area of all their units in dm²."""

    owners: int
    area_dm2: int

    def __add__(self, other: Self) -> Self:
        return type(self)(self.owners + other.owners, self.area_dm2 + other.area_dm2)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.owners - other.owners, self.area_dm2 - other.area_dm2)


NOBODY = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A part of the owners and the same part of the area, each of which must be reached."""

    part: Fraction
    includes: bool
    """whether exactly this part is enough"""
    of: Base

    def least(self, base: Share) -> Share:
        """The fewest whole owners and whole dm² of `base` that reach it: never nothing."""
        return Share(self._least(base.owners), self._least(base.area_dm2))

    def missing(self, share: Share, base: Share) -> Share:
        """How many owners and dm² `share` still lacks, with `base` as it is; 0 where reached."""
        least = self.least(base)
        return Share(max(0, least.owners - share.owners), max(0, least.area_dm2 - share.area_dm2))

    def reached(self, share: Share, base: Share) -> bool:
        """Whether `share` is enough of `base` by owners and by area."""
        return self.missing(share, base) == NOBODY

    def _least(self, base: int) -> int:
        wanted = self.part * base
        return max(1, ceil(wanted)) if self.includes else floor(wanted) + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """A threshold held against what there is."""

    threshold: Threshold
    share: Share
    base: Share

    @property
    def missing(self) -> Share:
        """Owners and dm² still lacking, each 0 where reached."""
        return self.threshold.missing(self.share, self.base)

    @property
    def by_owners(self) -> bool:
        """Whether it is reached by the number of owners."""
        return not self.missing.owners

    @property
    def by_area(self) -> bool:
        """Whether it is reached by floor area."""
        return not self.missing.area_dm2

    @property
    def reached(self) -> bool:
        """Whether it is reached in both."""
        return self.by_owners and self.by_area


# --- rule sets -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of thing that owners decide together, and the threshold the law asks for it."""

    key: str
    name: str
    """message id"""
    weight: Weight


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Thresholds as a law states them, while it is in force."""

    key: str
    name: str
    """message id"""
    source: str
    """message id: the articles"""
    valid_from: date
    valid_until: date | None
    """the last day; None while nothing has replaced it"""
    quorum: Threshold | None
    """None: the law asks nothing of how many take part, only of how many are for it"""
    ordinary: Threshold
    grave: Threshold
    matters: tuple[Matter, ...]

    def threshold(self, weight: Weight) -> Threshold:
        """What has to be for a motion of this weight."""
        return self.grave if weight is Weight.GRAVE else self.ordinary

    def matter(self, key: str) -> Matter:
        """The matter of this key.

        Raises:
            KeyError: this rule set has none.
        """
        return {matter.key: matter for matter in self.matters}[key]

    def is_in_force(self, day: date) -> bool:
        """Whether it is the law on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


_RULES_OF_PROCEDURE = N_("制定和修改业主大会议事规则")
_CONVENTION = N_("制定和修改管理规约")
_COMMITTEE = N_("选举业主委员会或者更换业主委员会成员")
_MANAGER = N_("选聘和解聘物业服务企业或者其他管理人")
_USE_FUND = N_("使用维修资金")
_RAISE_FUND = N_("筹集维修资金")
_REBUILD = N_("改建、重建建筑物及其附属设施")
_COMMON_PARTS = N_("改变共有部分的用途或者利用共有部分从事经营活动")
_OTHER = N_("有关共有和共同管理权利的其他重大事项")

CIVIL_CODE_2021 = RuleSet(
    key="civil-code-2021",
    name=N_("民法典（2021年起）"),
    source=N_("《中华人民共和国民法典》第二百七十八条、第一千二百五十九条"),
    valid_from=date(2021, 1, 1),
    valid_until=None,
    quorum=Threshold(Fraction(2, 3), includes=True, of=Base.EVERYONE),
    ordinary=Threshold(Fraction(1, 2), includes=False, of=Base.TAKING_PART),
    grave=Threshold(Fraction(3, 4), includes=True, of=Base.TAKING_PART),
    matters=(
        Matter("procedure", _RULES_OF_PROCEDURE, Weight.ORDINARY),
        Matter("convention", _CONVENTION, Weight.ORDINARY),
        Matter("committee", _COMMITTEE, Weight.ORDINARY),
        Matter("manager", _MANAGER, Weight.ORDINARY),
        Matter("use_fund", _USE_FUND, Weight.ORDINARY),
        Matter("raise_fund", _RAISE_FUND, Weight.GRAVE),
        Matter("rebuild", _REBUILD, Weight.GRAVE),
        Matter("common_parts", _COMMON_PARTS, Weight.GRAVE),
        Matter("other", _OTHER, Weight.ORDINARY),
    ),
)
"""Civil Code of the PRC, art. 278: at least 2/3 of both take part; more than half of those taking
part, or for items 6 to 8 at least 3/4 of them. Art. 1259 says what includes the number itself."""

PROPERTY_LAW_2007 = RuleSet(
    key="property-law-2007",
    name=N_("物权法（2007年至2020年，已废止）"),
    source=N_("《中华人民共和国物权法》第七十六条、《物业管理条例》（2018年修订）第十二条"),
    valid_from=date(2007, 10, 1),
    valid_until=date(2020, 12, 31),
    quorum=None,
    ordinary=Threshold(Fraction(1, 2), includes=False, of=Base.EVERYONE),
    grave=Threshold(Fraction(2, 3), includes=True, of=Base.EVERYONE),
    matters=(
        Matter("procedure", _RULES_OF_PROCEDURE, Weight.ORDINARY),
        Matter("convention", _CONVENTION, Weight.ORDINARY),
        Matter("committee", _COMMITTEE, Weight.ORDINARY),
        Matter("manager", _MANAGER, Weight.ORDINARY),
        Matter("use_fund", _USE_FUND, Weight.GRAVE),
        Matter("raise_fund", _RAISE_FUND, Weight.GRAVE),
        Matter("rebuild", _REBUILD, Weight.GRAVE),
        Matter("other", _OTHER, Weight.ORDINARY),
    ),
)
"""Superseded: Property Law art. 76, as the Property Management Regulation of 2018 still prints it
in art. 12. More than half, or at least 2/3, of ALL owners and ALL area must be for it; so the
presence of more than half that the regulation asks for follows by itself."""

RULE_SETS: Mapping[str, RuleSet] = MappingProxyType(
    {rules.key: rules for rules in (CIVIL_CODE_2021, PROPERTY_LAW_2007)}
)
CURRENT = CIVIL_CODE_2021.key


def rule_set(key: str) -> RuleSet:
    """The rule set of this key.

    Raises:
        KeyError: there is none.
    """
    return RULE_SETS[key]


def in_force(day: date) -> list[RuleSet]:
    """The rule sets that are the law on this day."""
    return [rules for rules in RULE_SETS.values() if rules.is_in_force(day)]


# --- the count -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What counts of one owner for one motion: the area of all the owner's units, and the mark."""

    area_dm2: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Count:
    """One motion counted; with `folded`, in the sense of a silence clause."""

    rules: RuleSet
    weight: Weight
    everyone: Share
    for_: Share
    against: Share
    abstain: Share
    """with the unmarked ones where these count as abstaining"""
    unmarked: Share
    """as the sheets came, whatever these count as"""
    folded: Share = NOBODY
    """silent owners that are in `for_` or `against` by a silence clause"""

    @property
    def taking_part(self) -> Share:
        """Of whom the agreement is asked: for, against and abstaining."""
        return self.for_ + self.against + self.abstain

    @property
    def quorum(self) -> Standing | None:
        """Whether enough take part; None where the rules ask nothing of it."""
        asked = self.rules.quorum
        return Standing(asked, self.taking_part, self.everyone) if asked else None

    @property
    def agreement(self) -> Standing:
        """Whether enough are for it."""
        asked = self.rules.threshold(self.weight)
        base = self.everyone if asked.of is Base.EVERYONE else self.taking_part
        return Standing(asked, self.for_, base)

    @property
    def decided(self) -> bool:
        """Whether quorum and agreement are reached, by the data as they were entered."""
        return (self.quorum is None or self.quorum.reached) and self.agreement.reached

    def fold(self, silent: Share) -> "Count":
        """The same with the silent owners on the side of the majority.

        The majority is of those who said for or against, and it is one by owners and by area
        alike: where the two are equal or contradict each other, there is none and nobody is
        folded. `silent` are only owners whose ballot is proven to have reached them.
        """
        ahead = self.for_ - self.against
        is_for = ahead.owners > 0 and ahead.area_dm2 > 0
        is_against = ahead.owners < 0 and ahead.area_dm2 < 0
        return Count(
            rules=self.rules,
            weight=self.weight,
            everyone=self.everyone,
            for_=self.for_ + silent if is_for else self.for_,
            against=self.against + silent if is_against else self.against,
            abstain=self.abstain,
            unmarked=self.unmarked,
            folded=silent if is_for or is_against else NOBODY,
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """A motion counted by the sheets alone, and with a silence clause where one stands."""

    plain: Count
    with_silence: Count | None


def count(
    rules: RuleSet,
    weight: Weight,
    everyone: Share,
    sheets: Iterable[Sheet],
    unmarked: Unmarked,
    silent: Share | None = None,
) -> Counted:
    """Count one motion, exactly.

    Args:
        everyone: all owners on the register and the area of all units.
        sheets: one of each owner whose sheet came back and counts.
        silent: of the owners who got their ballot and did not return it; None: no silence clause.

    Raises:
        ValueError: more came back, or were silent, than there are.
    """
    owners: Counter[Mark] = Counter()
    area_dm2: Counter[Mark] = Counter()
    for sheet in sheets:
        owners[sheet.mark] += 1
        area_dm2[sheet.mark] += sheet.area_dm2
    said = {mark: Share(owners[mark], area_dm2[mark]) for mark in Mark}
    returned = sum(said.values(), NOBODY)
    left = everyone - returned - (silent or NOBODY)
    if left.owners < 0 or left.area_dm2 < 0:
        raise ValueError("more owners or area than the register has")
    blank = said[Mark.UNMARKED]
    plain = Count(
        rules=rules,
        weight=weight,
        everyone=everyone,
        for_=said[Mark.FOR],
        against=said[Mark.AGAINST],
        abstain=said[Mark.ABSTAIN] + (blank if unmarked is Unmarked.ABSTAIN else NOBODY),
        unmarked=blank,
    )
    return Counted(plain, None if silent is None else plain.fold(silent))
