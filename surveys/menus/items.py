"""The items of a menu: typed, changed, moved, taken off, and made again in another way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.menus import keeping, parts, rules
from surveys.menus.keeping import MOST_ITEMS
from surveys.menus.listing import items_of, needs_by_item
from surveys.menus.models import Menu, MenuClass, MenuItem

NAME_MOST = 30
GROUP_MOST = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as it was typed: quantity in thousandths of its unit, amounts in fen."""

    class_key: str
    name: str
    quantity_milli: int
    unit_cost_fen: int | None
    """None: nobody knows yet"""
    unit: str = ""
    what: str = ""
    benefits: str = ""
    upkeep: str = ""
    note: str = ""
    must_do: bool = False
    only_one_of: str = ""
    """name of a group of which at most one is done"""
    share_fen: int | None = None
    """what each household that benefits pays itself; None: nothing said"""
    upkeep_fen: int | None = None
    """what it costs each such household a year afterwards; None: nothing said"""
    building: str = ""
    """only this building picks it; empty: the whole courtyard does"""
    stairwell: str = ""
    """only this stairwell of the building; empty: all of it"""


_DRAFTED = tuple(f.name for f in fields(Draft) if f.name != "unit_cost_fen")
_KEPT = (*_DRAFTED, "unit_cost_fen", "cost_fen", "is_priced")
"""of an item that is copied"""


def add_item(
    menu: Menu, draft: Draft, need_ids: Collection[str] = (), *, by: str, at: datetime
) -> MenuItem:
    """Add an item that answers these needs.

    Raises:
        Invalid: no name, one that is there already, no such class, a cost beyond bounds, or a
            building too small to have an item of its own.
        NotFound: a need is not of this round's ledger.
        Refused: a ballot was opened on the menu, or it is full.
    """
    keeping.lock(menu)
    there = items_of(menu)
    _refuse_full(there)
    item = MenuItem(id=new_id(), courtyard_id=menu.courtyard_id, menu_id=menu.id)
    item.position = max((other.position for other in there), default=0) + 1
    _write(item, draft, there)
    linked = keeping.checked_needs(menu.round_id, need_ids)
    db.session.add(item)
    db.session.flush()
    keeping._link(item, linked)
    keeping.note("menu.add", menu, by, at, name=item.name, cost_fen=item.cost_fen)
    db.session.commit()
    return item


def edit_item(
    item: MenuItem, draft: Draft, need_ids: Collection[str] = (), *, by: str, at: datetime
) -> None:
    """Change an item; it answers these needs from now on. Raises as `add_item` does."""
    menu = keeping.lock_menu_of(item)
    linked = keeping.checked_needs(menu.round_id, need_ids)
    _write(item, draft, [other for other in items_of(menu) if other.id != item.id])
    db.session.flush()
    keeping._link(item, linked)
    keeping.note("menu.edit", menu, by, at, name=item.name, cost_fen=item.cost_fen)
    db.session.commit()


def remove_item(item: MenuItem, *, by: str, at: datetime) -> None:
    """Take an item off the menu; its needs are open again.

    Raises:
        Refused: a ballot was opened on the menu.
    """
    menu = keeping.lock_menu_of(item)
    keeping._link(item, set())
    db.session.delete(item)
    keeping.note("menu.remove", menu, by, at, name=item.name)
    db.session.commit()


def move_item(item: MenuItem, up: bool, *, by: str, at: datetime) -> None:
    """Change places with the item before (or after) it in its class; at the end nothing happens.

    Raises:
        Refused: a ballot was opened on the menu.
    """
    menu = keeping.lock_menu_of(item)
    same = [other for other in items_of(menu) if other.class_key == item.class_key]
    at_index = same.index(item)
    to_index = at_index - 1 if up else at_index + 1
    if 0 <= to_index < len(same):
        other = same[to_index]
        item.position, other.position = other.position, item.position
        keeping.note("menu.order", menu, by, at, name=item.name)
    db.session.commit()


def vary_item(item: MenuItem, *, by: str, at: datetime) -> MenuItem:
    """Another way of doing the same, right below it: of the two at most one is done.

    It answers the same needs; what it costs is to be typed anew.

    Raises:
        Refused: a ballot was opened on the menu, it is full, or the item is done in any case.
    """
    menu = keeping.lock_menu_of(item)
    there = items_of(menu)
    _refuse_full(there)
    if item.must_do:
        raise Refused(
            N_("“%(name)s”是必做的。先去掉必做，才能有几种做法给大家挑。"), name=item.name
        )
    item.only_one_of = item.only_one_of or rules.free_name(
        item.name, {other.only_one_of for other in there}, GROUP_MOST
    )
    for other in there:
        other.position += other.position > item.position
    twin = _copied(item, menu)
    twin.name = rules.free_name(item.name, {other.name for other in there}, NAME_MOST)
    twin.position = item.position + 1
    twin.is_priced, twin.unit_cost_fen, twin.cost_fen = False, 0, 0
    db.session.add(twin)
    db.session.flush()
    keeping._link(twin, {need.id for need in needs_by_item(menu).get(item.id, ())})
    keeping.note("menu.vary", menu, by, at, name=item.name)
    db.session.commit()
    return twin


# Parts of acts: none of them commits


def _copy_items(menu: Menu, made: Menu) -> None:
    """Put everything that stands on `menu` onto `made` too."""
    linked = needs_by_item(menu)
    for item in items_of(menu):
        twin = _copied(item, made)
        twin.position = item.position
        db.session.add(twin)
        db.session.flush()
        keeping._link(twin, {need.id for need in linked.get(item.id, ())})


def _copied(item: MenuItem, menu: Menu) -> MenuItem:
    twin = MenuItem(id=new_id(), courtyard_id=menu.courtyard_id, menu_id=menu.id)
    for name in _KEPT:
        setattr(twin, name, getattr(item, name))
    return twin


def _refuse_full(there: Sequence[MenuItem]) -> None:
    if len(there) >= MOST_ITEMS:
        raise Refused(N_("菜单最多 %(most)d 项，放不下了。"), most=MOST_ITEMS)


def _write(item: MenuItem, draft: Draft, others: Sequence[MenuItem]) -> None:
    name = tidy(draft.name)
    if not name:
        raise Invalid(N_("项目要有个名字，如“屋面防水修缮”。"))
    if any(other.name == name for other in others):
        raise Invalid(N_("菜单里已经有“%(name)s”了，换个名字。"), name=name)
    if db.session.get(MenuClass, draft.class_key) is None:
        raise Invalid(N_("没有这一类，请重新打开这一页。"))
    parts._refuse(item.courtyard_id, draft.building, draft.stairwell, must_do=draft.must_do)
    cost_fen = rules.cost_fen(draft.quantity_milli, draft.unit_cost_fen or 0)
    for key in _DRAFTED:
        typed = getattr(draft, key)
        setattr(item, key, tidy(typed) if isinstance(typed, str) else typed)
    item.is_priced = draft.unit_cost_fen is not None
    item.unit_cost_fen, item.cost_fen = draft.unit_cost_fen or 0, cost_fen


audit.words(
    {
        "menu.add": N_("菜单加了“%(name)s”"),
        "menu.edit": N_("菜单改了“%(name)s”"),
        "menu.remove": N_("菜单去掉了“%(name)s”"),
        "menu.order": N_("菜单挪了“%(name)s”的次序"),
        "menu.vary": N_("给“%(name)s”加了一种做法"),
    }
)
