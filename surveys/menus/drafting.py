"""A whole menu drafted out of the ledger in one act; what things cost is typed afterwards."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.menus import keeping, listing, rules
from surveys.menus.items import NAME_MOST
from surveys.menus.keeping import MOST_ITEMS
from surveys.menus.listing import FOR_MENUS
from surveys.menus.models import Menu, MenuClass, MenuItem
from surveys.needs import catalogue, ledger
from surveys.needs import keeping as needs
from surveys.needs.ledger import Row
from surveys.needs.rules import Entry
from surveys.rounds.models import Round

LEAST_BEHIND = 3
"""households behind a need for which it is ticked beforehand; staff tick as they see fit"""


def offered(round_: Round) -> list[Row]:
    """The needs of a round that a menu may be made of, most households first."""
    return [row for row in ledger.rows(round_.id) if row.lane in FOR_MENUS]


def draft(
    round_: Round,
    title: str,
    budget_fen: int,
    need_ids: Collection[str],
    *,
    by: str,
    at: datetime,
) -> Menu:
    """A menu with an item for each of these needs, most households first, none of them priced.

    Needs of one line of the catalogue share an item.

    Raises:
        Invalid: no title, one that is there already, no need, or too many.
        NotFound: a need is not of this round's ledger.
        Refused: the round has ended, or a need goes elsewhere.
    """
    title = keeping.free_title(title, round_)
    rows = _checked_rows(round_, need_ids)
    menu = keeping._begin(round_, title, budget_fen, at)
    classes = listing.classes()
    for entry, together in _by_entry(rows):
        there = listing.items_of(menu)
        if len(there) >= MOST_ITEMS:
            raise Invalid(N_("菜单最多 %(most)d 项，勾得太多了，请去掉几件。"), most=MOST_ITEMS)
        item = _item(menu, entry, together, {item.name for item in there}, classes)
        db.session.add(item)
        db.session.flush()
        keeping._link(item, {row.need.id for row in together})
    _put_in_order(menu)
    keeping.note("menu.draft", menu, by, at, items=len(listing.items_of(menu)))
    db.session.commit()
    return menu


def _checked_rows(round_: Round, need_ids: Collection[str]) -> list[Row]:
    if not need_ids:
        raise Invalid(N_("一件也没勾。请至少勾一件诉求。"))
    wanted = keeping.checked_needs(round_.id, need_ids)
    needs.lock_needs(wanted)
    found = [row for row in ledger.rows(round_.id) if row.need.id in wanted]
    for row in found:
        if row.lane not in FOR_MENUS:
            raise Refused(N_("“%(title)s”已经另有去处，不进菜单。请去掉它。"), title=row.need.title)
    return found


def _by_entry(rows: Sequence[Row]) -> Iterator[tuple[Entry | None, list[Row]]]:
    """Needs of one line of the catalogue together; what is in no line stands alone."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        own = row.need.category or min(row.categories, default=None)
        groups.setdefault(own or row.need.id, []).append(row)
    for key, together in groups.items():
        yield catalogue.entry(key), together


def _item(
    menu: Menu,
    entry: Entry | None,
    together: Sequence[Row],
    taken: Collection[str],
    classes: Sequence[MenuClass],
) -> MenuItem:
    """One item, as the catalogue has it; where it has nothing, as the need is called.

    What is in no class of the menus (a service, a need without a line) goes to the last one.
    """
    known = {klass.key for klass in classes}
    name = entry.name if entry else together[0].need.title
    return MenuItem(
        id=new_id(),
        courtyard_id=menu.courtyard_id,
        menu_id=menu.id,
        position=0,
        class_key=entry.class_key if entry and entry.class_key in known else classes[-1].key,
        name=rules.free_name(name, taken, NAME_MOST),
        what=entry.what if entry else "",
        unit=entry.unit if entry else "",
        quantity_milli=1000,
        unit_cost_fen=0,
        cost_fen=0,
        is_priced=False,
    )


def _put_in_order(menu: Menu) -> None:
    """Items in the order of the distinct households behind them."""
    known, nobody = listing.behind(menu), ledger.Behind()
    found = listing.items_of(menu)
    found.sort(key=lambda item: (-known.get(item.id, nobody).households, item.name))
    for position, item in enumerate(found, 1):
        item.position = position


audit.words({"menu.draft": N_("照台账起草了菜单“%(title)s”，%(items)s 项")})
