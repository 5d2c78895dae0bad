"""The cells in which costs are typed, on the page as in a file: one item a line. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from surveys.accounts.rules import tidy
from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.menus import rules

COLUMNS: Mapping[str, str] = {
    "quantity": N_("数量"),
    "unit": N_("单位"),
    "unit_cost": N_("单价（元）"),
    "share": N_("每户自付（元）"),
    "upkeep": N_("每户每年（元）"),
}
UNIT_MOST = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """What an item costs: the quantity in thousandths of its unit, amounts in fen."""

    quantity_milli: int
    unit: str
    unit_cost_fen: int | None
    """None: nobody knows yet"""
    share_fen: int | None
    """of a household that benefits, once"""
    upkeep_fen: int | None
    """of the same, every year"""


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed for one item, cell by cell, and what is wrong with it."""

    typed: Mapping[str, str]
    cost: Cost
    """as far as it could be read"""
    faults: Mapping[str, Invalid] = field(default_factory=dict)


def shown(cost: Cost) -> dict[str, str]:
    """A cost as its cells show it, to be typed over."""
    return {
        "quantity": rules.quantity_text(cost.quantity_milli),
        "unit": cost.unit,
        "unit_cost": _amount(cost.unit_cost_fen),
        "share": _amount(cost.share_fen),
        "upkeep": _amount(cost.upkeep_fen),
    }


def read(typed: Mapping[str, str], was: Cost) -> Line:
    """One line of cells.

    Args:
        typed: by column; a column that is not there stays as it `was`.
    """
    faults: dict[str, Invalid] = {}

    def cell(column: str, reader: Callable[[str], T], stands: T) -> T:
        """What a cell holds; where it cannot be read, what stands there now."""
        try:
            return reader(typed[column]) if column in typed else stands
        except Invalid as fault:
            faults[column] = fault
            return stands

    stood: int | None = was.quantity_milli
    quantity_milli = cell("quantity", _quantity, stood)
    cost = Cost(
        quantity_milli=quantity_milli or was.quantity_milli,
        unit=cell("unit", _unit, was.unit),
        unit_cost_fen=cell("unit_cost", _yuan, was.unit_cost_fen),
        share_fen=cell("share", _yuan, was.share_fen),
        upkeep_fen=cell("upkeep", _yuan, was.upkeep_fen),
    )
    if quantity_milli is None and cost.unit_cost_fen is not None:
        faults["quantity"] = Invalid(N_("请写数量，如 72 或 318.5。"))
    try:
        rules.cost_fen(cost.quantity_milli, cost.unit_cost_fen or 0)
    except Invalid as fault:
        faults.setdefault("unit_cost", fault)
    return Line({**shown(was), **typed}, cost, faults)


def _amount(fen: int | None) -> str:
    return "" if fen is None else rules.yuan_text(fen)


def _quantity(text: str) -> int | None:
    return rules.parse_quantity(text) if text.strip() else None


def _unit(text: str) -> str:
    unit = tidy(text)
    if len(unit) > UNIT_MOST:
        raise Invalid(N_("单位最多 %(most)d 个字。"), most=UNIT_MOST)
    return unit


def _yuan(text: str) -> int | None:
    return rules.parse_yuan(text) if text.strip() else None
