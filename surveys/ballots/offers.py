"""What a ballot offers: the items with their costs, and the rules of choosing, of the count and of
precedence.

Written down as canonical JSON when the ballot opens and read from there ever after; before that
it is read from the menu, for preview.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from functools import cached_property, lru_cache
from operator import itemgetter

from sqlalchemy import func, select

from surveys.ballots.models import Ballot
from surveys.ballots.rules import PRECEDENCE, Channel
from surveys.base.db import db
from surveys.counting import marks, parts, picks
from surveys.counting.canon import canonical_json, digest
from surveys.counting.picks import ChoiceRules
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.ways import Marks, Way
from surveys.courtyards.models import Courtyard, Household
from surveys.menus.models import ClassLimit, Menu, MenuClass, MenuItem
from surveys.menus.rules import groups

FORMAT, FORMAT_WITH_PARTS = 1, 2
"""of the frozen JSON: the latter where an item is for one building or stairwell alone"""


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """One item as it was frozen: cost in fen, quantity in thousandths of its unit."""

    id: str
    name: str
    what: str
    class_key: str
    class_name: str
    cost_fen: int
    unit: str
    quantity_milli: int
    unit_cost_fen: int
    benefits: str
    upkeep: str
    note: str
    must_do: bool
    only_one_of: str
    """name of a group of which at most one is done; empty: none"""
    share_fen: int | None = None
    """what each household that benefits pays itself; None: nothing said"""
    upkeep_fen: int | None = None
    """what it costs each such household a year afterwards; None: nothing said"""
    building: str = ""
    """only this building picks it; empty: the whole courtyard does"""
    stairwell: str = ""
    """only this stairwell of the building; empty: all of it"""

    @property
    def part(self) -> str:
        """The part that alone picks it (`counting.parts`); a must-do item is picked by nobody."""
        return "" if self.must_do else parts.name(self.building, self.stairwell)

    @property
    def as_item(self) -> picks.Item:
        """The item as the counting rules see it."""
        return picks.Item(self.id, self.cost_fen, self.class_key, self.must_do, self.part)


@dataclass(frozen=True, slots=True)
class OfferedClass:
    """One class of items, with the words under its heading."""

    key: str
    name: str
    say: str


@dataclass(frozen=True)
class Offer:
    """Everything a household chooses from and by. Read by many, so it works things out once."""

    items: tuple[OfferedItem, ...]
    """in the order of the menu: by class, then as the menu stands"""
    classes: tuple[OfferedClass, ...]
    rules: ChoiceRules
    counting: Counting
    budget_fen: int
    households: int
    """on the roll"""
    zone: str
    parts: Mapping[str, int] = field(default_factory=dict, hash=False)
    """households on the roll of each part that has items of its own; none in most ballots"""
    receipts: str = ""
    """fingerprint of the secret that the receipts are derived from; none for a draft"""
    precedence: Mapping[Channel, int] = field(default_factory=lambda: PRECEDENCE, hash=False)

    @property
    def way(self) -> Way:
        """How a household marks the items."""
        return self.rules.way

    @cached_property
    def menu(self) -> list[picks.Item]:
        """The items as the counting rules see them."""
        return [item.as_item for item in self.items]

    @cached_property
    def choice_bytes(self) -> int:
        """A length that no choice exceeds; every stored choice is padded to it."""
        return marks.bytes_most(self.menu, self.rules)

    @cached_property
    def cap_fen(self) -> int | None:
        """What one household may spend on its picks; None: no cap."""
        return picks.household_cap_fen(self.menu, self.rules)

    @cached_property
    def places(self) -> int:
        """How many items one household may mark at most."""
        return picks.places(self.menu, self.rules)

    @cached_property
    def version(self) -> str:
        """Names exactly this menu and these rules: by it a form knows what it was made from."""
        return digest(_content(self))[:16]

    def listed(self, choice: Marks) -> list[tuple[OfferedItem, int]]:
        """The items of a choice with their marks: as the menu goes, or as they are ranked."""
        found = [(item, choice[item.id]) for item in self.items if item.id in choice]
        return sorted(found, key=itemgetter(1)) if self.way is Way.RANK else found

    @cached_property
    def names(self) -> dict[str, str]:
        """What items and classes are called, by id and by key."""
        return {klass.key: klass.name for klass in self.classes} | {
            item.id: item.name for item in self.items
        }

    @cached_property
    def groups(self) -> dict[str, list[OfferedItem]]:
        """The items of each group of which at most one is done, by the group's name."""
        return groups(self.items)

    @cached_property
    def shelves(self) -> list[tuple[OfferedClass, list[OfferedItem]]]:
        """The classes with what is for the whole courtyard; none that would be empty."""
        found = [
            (klass, [i for i in self.items if i.class_key == klass.key and not i.part])
            for klass in self.classes
        ]
        return [(klass, items) for klass, items in found if items]

    def own_of(self, belongs: Collection[str] | None) -> list[list[OfferedItem]]:
        """What one building or stairwell alone picks, part by part.

        Args:
            belongs: the parts of a household; None: all there are.
        """
        return [
            [item for item in self.items if item.part == part]
            for part in self.parts
            if belongs is None or part in belongs
        ]

    def parts_of(self, building: str, stairwell: str) -> tuple[str, ...]:
        """Those parts with items of their own to which a household there belongs."""
        if not self.parts:
            return ()
        return tuple(part for part in parts.around(building, stairwell) if part in self.parts)

    @cached_property
    def numbered(self) -> list[tuple[int, OfferedItem]]:
        """What can be marked, with its number on the paper ballot."""
        return list(enumerate((item for item in self.items if not item.must_do), 1))

    def item(self, item_id: str) -> OfferedItem | None:
        """The item of this id, if it is offered."""
        return next((item for item in self.items if item.id == item_id), None)


def offer(ballot: Ballot) -> Offer:
    """What the ballot offers: frozen since its opening; for a draft, what its menu says now."""
    return _from_menu(ballot) if ballot.frozen_at is None else _parsed(ballot.rules)


def written(offer: Offer, ballot: Ballot, receipts: str) -> str:
    """The canonical JSON that freezes `offer` for `ballot`.

    Args:
        receipts: fingerprint of the secret that the receipts are derived from.
    """
    held = {
        "format": FORMAT_WITH_PARTS if offer.parts else FORMAT,
        "title": ballot.title,
        "opens_at": ballot.opens_at.isoformat(),
        "closes_at": ballot.closes_at.isoformat(),
        "seals_at": ballot.seals_at.isoformat(),
        "zone": offer.zone,
        "households": offer.households,
        "receipts": receipts,
        "tie_method": str(ballot.tie_method),
        "precedence": {str(channel): rank for channel, rank in offer.precedence.items()},
        "choice_bytes": offer.choice_bytes,
        **({"at_meeting": True} if ballot.at_meeting else {}),
        **_content(offer),
    }
    return canonical_json(held)


def _content(offer: Offer) -> dict[str, object]:
    """What a household reads before it chooses, as plain data."""
    return {
        "budget_fen": offer.budget_fen,
        "way": offer.way.value,
        "counting": offer.counting.as_data(),
        "picks": {
            "least": offer.rules.least,
            "most": offer.rules.most,
            "cap_fen": offer.rules.cap_fen,
            "kind_most": offer.rules.kind_most,
            "points": offer.rules.points,
        },
        "classes": [asdict(klass) for klass in offer.classes],
        "items": items_as_data(offer),
        **({"parts": dict(offer.parts)} if offer.parts else {}),
    }


def items_as_data(offer: Offer) -> list[dict[str, object]]:
    """The items as plain data, in order."""
    return [_as_data(item) for item in offer.items]


def _as_data(item: OfferedItem) -> dict[str, object]:
    """An item without the facts that nobody gave: what was frozen before there were such facts
    reads back to the same digest."""
    return {
        fact.name: getattr(item, fact.name)
        for fact in fields(item)
        if fact.default is MISSING or getattr(item, fact.name) != fact.default
    }


@lru_cache(maxsize=64)
def _parsed(text: str) -> Offer:
    held = json.loads(text)
    return Offer(
        items=tuple(OfferedItem(**item) for item in held["items"]),
        classes=tuple(OfferedClass(**klass) for klass in held["classes"]),
        rules=ChoiceRules(way=Way(held["way"]), **held["picks"]),
        counting=Counting.from_data(held["counting"]),
        budget_fen=held["budget_fen"],
        households=held["households"],
        zone=held["zone"],
        parts=_in_order(held.get("parts", {}), held["items"]),
        receipts=held["receipts"],
        precedence={Channel(name): rank for name, rank in held["precedence"].items()},
    )


def _in_order(held: Mapping[str, int], items: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """The parts as the menu goes; canonical JSON sorts them."""
    named = (parts.name(i.get("building", ""), i.get("stairwell", "")) for i in items)
    return {part: held[part] for part in dict.fromkeys(named) if part in held}


def _from_menu(ballot: Ballot) -> Offer:
    menu = db.session.get_one(Menu, ballot.menu_id)
    rows, limits = _rows(menu.id), _limits(menu.id)
    items = tuple(_offered(item, klass) for item, klass in rows)
    rules = _choice_rules(ballot, menu, limits)
    return Offer(
        items=items,
        classes=tuple(dict.fromkeys(OfferedClass(k.key, k.name, k.say) for _, k in rows)),
        rules=rules,
        counting=_counting(ballot, items, rules, limits),
        budget_fen=menu.budget_fen,
        households=_households(ballot.courtyard_id),
        zone=db.session.get_one(Courtyard, ballot.courtyard_id).zone,
        parts=_parts(ballot.courtyard_id, [item.as_item for item in items]),
    )


def _rows(menu_id: str) -> Sequence[tuple[MenuItem, MenuClass]]:
    found = db.session.execute(
        select(MenuItem, MenuClass)
        .join(MenuClass, MenuClass.key == MenuItem.class_key)
        .where(MenuItem.menu_id == menu_id)
        .order_by(MenuClass.position, MenuItem.position, MenuItem.id)
    )
    return [(item, klass) for item, klass in found]


def _offered(item: MenuItem, klass: MenuClass) -> OfferedItem:
    return OfferedItem(
        id=item.id,
        name=item.name,
        what=item.what,
        class_key=klass.key,
        class_name=klass.name,
        cost_fen=item.cost_fen,
        unit=item.unit,
        quantity_milli=item.quantity_milli,
        unit_cost_fen=item.unit_cost_fen,
        benefits=item.benefits,
        upkeep=item.upkeep,
        note=item.note,
        must_do=item.must_do,
        only_one_of=item.only_one_of,
        share_fen=item.share_fen,
        upkeep_fen=item.upkeep_fen,
        building=item.building,
        stairwell=item.stairwell,
    )


def _limits(menu_id: str) -> Sequence[ClassLimit]:
    return db.session.scalars(select(ClassLimit).where(ClassLimit.menu_id == menu_id)).all()


def _choice_rules(ballot: Ballot, menu: Menu, limits: Sequence[ClassLimit]) -> ChoiceRules:
    return ChoiceRules.of(
        ballot.way,
        least=menu.least,
        most=menu.most,
        cap_fen=menu.budget_fen if menu.capped else None,
        kind_most={limit.class_key: limit.most for limit in limits if limit.most is not None},
        points=ballot.points,
    )


def _counting(
    ballot: Ballot,
    items: Sequence[OfferedItem],
    rules: ChoiceRules,
    limits: Sequence[ClassLimit],
) -> Counting:
    score = _SCORES.get(ballot.way, Score.VOTES)
    if ballot.rule is Rule.RUNOFF:
        score = Score.VOTES  # rounds are counted there, not ranks
    most = picks.places([item.as_item for item in items], rules)
    return Counting(
        rule=ballot.rule,
        score=score,
        length=max(1, most) if score is Score.BORDA else None,
        least_votes=ballot.least_votes,
        least_percent=ballot.least_percent,
        exclusive=tuple(
            tuple(item.id for item in group) for group in groups(items).values() if len(group) > 1
        ),
        kind_cap_fen={
            limit.class_key: limit.cap_fen for limit in limits if limit.cap_fen is not None
        },
    )


_SCORES = {Way.POINTS: Score.POINTS, Way.RANK: Score.BORDA}
"""what an item's score is made of; in the other ways it is votes"""


def _households(courtyard_id: str) -> int:
    found = select(func.count()).where(Household.courtyard_id == courtyard_id)
    return db.session.scalar(found) or 0


def _parts(courtyard_id: str, menu: Sequence[picks.Item]) -> dict[str, int]:
    """The parts with items of their own, and how many households live there now."""
    found = dict.fromkeys(parts.own(menu), 0)
    if not found:
        return found
    homes = select(Household.building, Household.stairwell, func.count())
    homes = homes.where(Household.courtyard_id == courtyard_id)
    grouped = homes.group_by(Household.building, Household.stairwell)
    for building, stairwell, households in db.session.execute(grouped):
        for part in parts.around(building, stairwell):
            if part in found:
                found[part] += households
    return found
