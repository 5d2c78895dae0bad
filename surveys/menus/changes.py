"""What changed between a posted menu and the one before: derived, never typed. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from surveys.base.words import N_
from surveys.menus.posted import Posted, PostedItem

WHOLE = "menu"
"""stands where an item's id would, for what concerns the whole menu"""


T = TypeVar("T", Posted, PostedItem)


class Kind(StrEnum):
    """What became of something."""

    WHOLE = "whole"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Shape(StrEnum):
    """How a value is shown."""

    TEXT = "text"
    PLAIN = "plain"
    """a few words that need no quotation marks"""
    MONEY = "money"
    YES = "yes"
    CLASS = "class"
    PLACE = "place"
    FUNDING = "funding"
    PICKING = "picking"


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact: its name as a message id, and what it was and is now."""

    name: str
    shape: Shape
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about one item, or about the whole menu."""

    key: str
    """the item's id, or WHOLE"""
    kind: Kind
    name: str
    """of the item as it is called now; empty for the whole menu"""
    differences: tuple[Difference, ...] = ()


def changes(before: Posted, after: Posted) -> tuple[Change, ...]:
    """Everything that a reader of `before` must know to have read `after`.

    The order of items and the households behind them are no change.
    """
    was = {item.id: item for item in before.items}
    now = {item.id: item for item in after.items}
    found = [
        *_whole(before, after),
        *(Change(i.id, Kind.ADDED, i.name) for i in after.items if i.id not in was),
        *(Change(i.id, Kind.REMOVED, i.name) for i in before.items if i.id not in now),
    ]
    for item in after.items:
        if item.id in was and (told := _differences(_ITEM, was[item.id], item)):
            found.append(Change(item.id, Kind.CHANGED, item.name, told))
    return tuple(found)


def _whole(before: Posted, after: Posted) -> Iterator[Change]:
    if told := _differences(_MENU, before, after):
        yield Change(WHOLE, Kind.WHOLE, "", told)


def _differences(
    facts: Mapping[str, tuple[Shape, Callable[[T], object]]], before: T, after: T
) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, shape, told(before), told(after))
        for name, (shape, told) in facts.items()
        if told(before) != told(after)
    )


def _picking(menu: Posted) -> tuple[object, ...]:
    """The rules of picking; a class without limits says nothing."""
    limits = ((k.name, k.most, k.cap_fen) for k in menu.classes)
    limited = tuple(limit for limit in limits if limit[1:] != (None, None))
    return menu.least, menu.most, menu.capped, limited


_MENU: Mapping[str, tuple[Shape, Callable[[Posted], object]]] = {
    N_("名称"): (Shape.TEXT, lambda menu: menu.title),
    N_("预算"): (Shape.MONEY, lambda menu: menu.budget_fen),
    N_("钱从哪来"): (Shape.FUNDING, lambda menu: menu.funding),
    N_("怎么挑"): (Shape.PICKING, _picking),
}
_ITEM: Mapping[str, tuple[Shape, Callable[[PostedItem], object]]] = {
    N_("名称"): (Shape.TEXT, lambda item: item.name),
    N_("做什么"): (Shape.TEXT, lambda item: item.what),
    N_("类别"): (Shape.CLASS, lambda item: item.class_key),
    N_("数量"): (Shape.PLAIN, lambda item: item.quantity),
    N_("单价"): (Shape.MONEY, lambda item: item.unit_cost_fen if item.is_priced else None),
    N_("要花"): (Shape.MONEY, lambda item: item.cost_fen if item.is_priced else None),
    N_("必做"): (Shape.YES, lambda item: item.must_do),
    N_("只做一项的组"): (Shape.TEXT, lambda item: item.only_one_of),
    N_("受益的每户自己出"): (Shape.MONEY, lambda item: item.share_fen),
    N_("以后每户每年"): (Shape.MONEY, lambda item: item.upkeep_fen),
    N_("好处"): (Shape.TEXT, lambda item: item.benefits),
    N_("以后谁管"): (Shape.TEXT, lambda item: item.upkeep),
    N_("说明"): (Shape.TEXT, lambda item: item.note),
    N_("只在哪里"): (Shape.PLACE, lambda item: (item.building, item.stairwell)),
}
