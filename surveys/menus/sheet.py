"""Everything that the desk's page of one menu shows. Only asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.counting.contradictions import out_of_reach
from surveys.menus import listing, posting
from surveys.menus.models import Funding, Menu, MenuClass, MenuItem, MenuVersion
from surveys.menus.rules import quantity_text
from surveys.menus.wording import worded
from surveys.needs import ledger
from surveys.needs.models import Need


@dataclass(frozen=True, slots=True)
class Line:
    """One item, the needs it answers, and who stands behind it through them."""

    item: MenuItem
    needs: Sequence[Need]
    behind: ledger.Behind

    @property
    def quantity(self) -> str:
        """How many units, as they are read."""
        return quantity_text(self.item.quantity_milli)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One menu."""

    menu: Menu
    classes: Sequence[MenuClass]
    lines: Sequence[Line]
    """in the order in which a household reads them"""
    limits: Mapping[str, int]
    caps_fen: Mapping[str, int]
    """what the chosen items of a class may cost together, by its key"""
    faults: Sequence[tuple[str, dict[str, str]]]
    """why no ballot could be opened on it: message ids and parameters"""
    out_of_reach: Sequence[str]
    """names of items that nobody could pick"""
    unanswered: Sequence[ledger.Row]
    funding: Sequence[Funding]
    """what is expected from each source"""
    version: MenuVersion | None
    """what was posted last"""

    @property
    def funding_fen(self) -> int:
        """What all sources give together."""
        return sum(money.amount_fen for money in self.funding)

    @property
    def total_fen(self) -> int:
        """What everything costs together."""
        return sum(line.item.cost_fen for line in self.lines)

    @property
    def unpriced(self) -> list[str]:
        """Names of the items that nobody has typed a cost for."""
        return [line.item.name for line in self.lines if not line.item.is_priced]

    def rivals(self, line: Line) -> list[str]:
        """Names of the other items of its group; at most one of them is done."""
        group = line.item.only_one_of
        others = (other.item for other in self.lines if group and other is not line)
        return [item.name for item in others if item.only_one_of == group]

    @property
    def must_do_fen(self) -> int:
        """What is done whatever is picked."""
        return sum(line.item.cost_fen for line in self.lines if line.item.must_do)

    @property
    def to_pick_fen(self) -> int:
        """What is left of the budget for the picks."""
        return max(0, self.menu.budget_fen - self.must_do_fen)

    def of_class(self, key: str) -> list[Line]:
        """The lines of one class."""
        return [line for line in self.lines if line.item.class_key == key]

    @property
    def own(self) -> list[list[Line]]:
        """What one building or stairwell alone picks, place by place."""
        found: dict[str, list[Line]] = {}
        for line in (line for line in self.lines if line.item.part):
            found.setdefault(line.item.part, []).append(line)
        return list(found.values())


def sheet(menu: Menu) -> Sheet:
    """The menu as it stands."""
    linked, known = listing.needs_by_item(menu), listing.behind(menu)
    items, rules = listing.as_counting(menu)
    beyond = set(out_of_reach(items, rules))
    lines = [
        Line(item, linked.get(item.id, []), known.get(item.id, ledger.Behind()))
        for item in listing.items_of(menu)
    ]
    known_classes = listing.classes()
    names = {line.item.id: line.item.name for line in lines}
    names |= {klass.key: klass.name for klass in known_classes}
    return Sheet(
        menu=menu,
        classes=known_classes,
        lines=lines,
        limits=dict(rules.kind_most),
        caps_fen=listing.caps_of(menu),
        faults=[worded(found, names) for found in listing.contradictions(menu)],
        out_of_reach=[line.item.name for line in lines if line.item.id in beyond],
        unanswered=listing.unanswered(menu),
        funding=listing.funding_of(menu),
        version=next(iter(posting.versions(menu.id)), None),
    )
