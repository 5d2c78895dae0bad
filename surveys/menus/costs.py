"""What everything on a menu costs, typed in one table and saved in one act."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.canon import digest
from surveys.errors import Refused
from surveys.menus import keeping, rules
from surveys.menus.cost_cells import Cost
from surveys.menus.listing import items_of
from surveys.menus.models import Menu, MenuItem


def cost_of(item: MenuItem) -> Cost:
    """What the item costs as it stands."""
    return Cost(
        item.quantity_milli,
        item.unit,
        item.unit_cost_fen if item.is_priced else None,
        item.share_fen,
        item.upkeep_fen,
    )


def fingerprint(menu: Menu) -> str:
    """Names exactly these items at these costs: by it a table knows what it was made from."""
    return digest([[item.id, *astuple(cost_of(item))] for item in items_of(menu)])[:16]


def set_costs(
    menu: Menu, wanted: Mapping[str, Cost], *, seen: str, by: str, at: datetime
) -> list[str]:
    """Set what items cost, by their ids; items not named stay as they are.

    Args:
        seen: the fingerprint of the table that was typed over.

    Returns:
        Names of the items that changed.

    Raises:
        Invalid: a cost beyond bounds.
        Refused: a ballot was opened on the menu, or somebody else changed it meanwhile.
    """
    keeping.lock(menu)
    if fingerprint(menu) != seen:
        raise Refused(
            N_("您填的时候，别人也改了这份菜单。您填的都还在，请照着新的再看一遍，再存。")
        )
    changed = [
        item
        for item in items_of(menu)
        if (cost := wanted.get(item.id)) is not None and cost != cost_of(item)
    ]
    totals = {
        item.id: rules.cost_fen(wanted[item.id].quantity_milli, wanted[item.id].unit_cost_fen or 0)
        for item in changed
    }
    for item in changed:
        _write(item, wanted[item.id], totals[item.id])
    if changed:
        keeping.note("menu.costs", menu, by, at, items=len(changed))
    db.session.commit()
    return [item.name for item in changed]


def _write(item: MenuItem, cost: Cost, total_fen: int) -> None:
    item.quantity_milli, item.unit = cost.quantity_milli, cost.unit
    item.is_priced, item.unit_cost_fen = cost.unit_cost_fen is not None, cost.unit_cost_fen or 0
    item.share_fen, item.upkeep_fen = cost.share_fen, cost.upkeep_fen
    item.cost_fen = total_fen


audit.words({"menu.costs": N_("填了“%(title)s”里 %(items)s 项的价钱")})
