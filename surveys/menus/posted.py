"""A menu as it is posted for comment: written down once, as canonical JSON, and read from there."""

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from surveys.counting.canon import canonical_json
from surveys.menus import listing
from surveys.menus.models import Menu, MenuItem
from surveys.menus.rules import quantity_text
from surveys.needs import ledger

FORMAT = 1


@dataclass(frozen=True, slots=True)
class PostedNeed:
    """A need that an item answers."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PostedItem:
    """One item as it was posted: amounts in fen, the quantity in thousandths of its unit."""

    id: str
    name: str
    what: str
    class_key: str
    unit: str
    quantity_milli: int
    unit_cost_fen: int
    cost_fen: int
    is_priced: bool
    must_do: bool
    only_one_of: str
    share_fen: int | None
    upkeep_fen: int | None
    benefits: str
    upkeep: str
    note: str
    building: str
    stairwell: str
    needs: tuple[PostedNeed, ...]
    households: int
    """behind it when it was posted, each counted once"""

    @property
    def quantity(self) -> str:
        """How much of it, as it is read: 72 盏."""
        return f"{quantity_text(self.quantity_milli)} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class PostedClass:
    """A class of items; `most` picks of one household, `cap_fen` for what is chosen of it."""

    key: str
    name: str
    say: str
    most: int | None
    cap_fen: int | None


@dataclass(frozen=True, slots=True)
class PostedMoney:
    """What is expected from one source."""

    source: str
    amount_fen: int
    note: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A whole menu."""

    title: str
    budget_fen: int
    least: int
    most: int | None
    capped: bool
    funding: tuple[PostedMoney, ...]
    classes: tuple[PostedClass, ...]
    """those that have items"""
    items: tuple[PostedItem, ...]
    """in the order in which a household reads them"""

    @property
    def funding_fen(self) -> int:
        """What all sources give together."""
        return sum(money.amount_fen for money in self.funding)

    @property
    def total_fen(self) -> int:
        """What everything that has a price costs together."""
        return sum(item.cost_fen for item in self.items)

    def of_class(self, key: str) -> list[PostedItem]:
        """The items of one class."""
        return [item for item in self.items if item.class_key == key]

    def rivals(self, item: PostedItem) -> list[str]:
        """Names of the other items of its group; at most one of them is done."""
        group = item.only_one_of
        return [i.name for i in self.items if group and i is not item and i.only_one_of == group]


def as_it_stands(menu: Menu) -> Posted:
    """The menu as it would be posted now."""
    items, known = listing.items_of(menu), listing.behind(menu)
    linked, most, caps = (
        listing.needs_by_item(menu),
        listing.limits_of(menu),
        listing.caps_of(menu),
    )
    used = {item.class_key for item in items}
    return Posted(
        title=menu.title,
        budget_fen=menu.budget_fen,
        least=menu.least,
        most=menu.most,
        capped=menu.capped,
        funding=tuple(
            PostedMoney(str(money.source), money.amount_fen, money.note)
            for money in listing.funding_of(menu)
        ),
        classes=tuple(
            PostedClass(k.key, k.name, k.say, most.get(k.key), caps.get(k.key))
            for k in listing.classes()
            if k.key in used
        ),
        items=tuple(
            _posted(
                item,
                tuple(PostedNeed(need.id, need.title) for need in linked.get(item.id, ())),
                known.get(item.id, ledger.Behind()).households,
            )
            for item in items
        ),
    )


_COPIED = tuple(f.name for f in fields(PostedItem) if f.name not in {"needs", "households"})


def _posted(item: MenuItem, needs: tuple[PostedNeed, ...], households: int) -> PostedItem:
    copied = {name: getattr(item, name) for name in _COPIED}
    return PostedItem(**copied, needs=needs, households=households)


def written(posted: Posted) -> str:
    """The canonical JSON of a posted menu."""
    return canonical_json({"format": FORMAT, **asdict(posted)})


@lru_cache(maxsize=64)
def parsed(body: str) -> Posted:
    """What was posted, as `written` wrote it."""
    held: dict[str, Any] = json.loads(body)
    del held["format"]
    held["funding"] = tuple(PostedMoney(**money) for money in held["funding"])
    held["classes"] = tuple(PostedClass(**klass) for klass in held["classes"])
    held["items"] = tuple(_parsed_item(item) for item in held["items"])
    return Posted(**held)


def _parsed_item(held: dict[str, Any]) -> PostedItem:
    needs = tuple(PostedNeed(**need) for need in held.pop("needs"))
    return PostedItem(**held, needs=needs)
