"""A new item is filled in from the needs it is to answer, by the catalogue. Only asks."""

from collections.abc import Collection, Sequence

from surveys.menus.listing import FOR_MENUS
from surveys.menus.models import Menu, MenuClass
from surveys.needs import catalogue, ledger
from surveys.needs.keeping import needs_in
from surveys.needs.ledger import Row
from surveys.needs.models import Need


def needs_of(menu: Menu, need_ids: Collection[str]) -> list[Need]:
    """The needs of the menu's round that were ticked; strange ids are passed over."""
    return sorted(needs_in(menu.round_id, need_ids), key=lambda need: need.title)


def fields(needs: Sequence[Need], classes: Sequence[MenuClass]) -> dict[str, str]:
    """What the form of a new item begins with, by field."""
    entry = next((e for need in needs if (e := catalogue.entry(need.category))), None)
    if entry is None:
        return {"name": needs[0].title[:30]} if needs else {}
    found = {"name": entry.name, "what": entry.what, "unit": entry.unit}
    if any(klass.key == entry.class_key for klass in classes):
        found["class_key"] = entry.class_key
    return found


def rows(menu: Menu, need_ids: Collection[str]) -> list[Row]:
    """The ledger's needs that an item may answer: those it answers first, then by households."""
    found = [
        row
        for row in ledger.rows(menu.round_id)
        if row.lane in FOR_MENUS or row.need.id in need_ids
    ]
    return sorted(found, key=lambda row: row.need.id not in need_ids)
