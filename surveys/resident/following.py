"""The way on from a need: the menu items that answer it, their ballots, results and orders.

Shown is only what is public already: an item from the day its menu was posted or put to the vote,
a choice from the day its result was published.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveys.ballots.models import Ballot
from surveys.ballots.rules import State, state
from surveys.base.db import db
from surveys.menus.models import MenuCause, MenuItem, MenuItemNeed, MenuVersion
from surveys.menus.posted import parsed
from surveys.needs.ledger import root_id
from surveys.needs.models import Need
from surveys.orders import service as orders
from surveys.orders.service import Line

PUBLIC = {State.ANNOUNCED, State.OPEN, State.CLOSED, State.SEALED, State.PUBLISHED}


@dataclass(frozen=True, slots=True)
class Link:
    """One item on its way, as far as it has come."""

    item: MenuItem
    posted: MenuVersion | None
    """the menu as it was posted last, if the item stands in it"""
    ballot: Ballot | None = None
    """the newest public one that offers it"""
    state: State | None = None
    """of that ballot"""
    chosen: bool | None = None
    """whether the published result has it done; None: not published"""
    order: Line | None = None
    """what became of it, where it was chosen"""


def way_on(need_ids: Collection[str], at: datetime) -> dict[str, list[Link]]:
    """Where each of these needs, none of them merged, has led to by `at`."""
    found: dict[str, list[Link]] = {}
    rows = db.session.execute(
        select(root_id, MenuItem)
        .join(MenuItemNeed, MenuItemNeed.need_id == Need.id)
        .join(MenuItem, MenuItem.id == MenuItemNeed.menu_item_id)
        .where(root_id.in_(need_ids))
        .order_by(MenuItem.position, MenuItem.id)
        .distinct()
    ).all()
    menu_ids = {item.menu_id for _need, item in rows}
    ballots, posted = _ballots(menu_ids, at), _posted(menu_ids)
    chosen = {ballot.id: _chosen(ballot, at) for ballot in ballots.values()}
    for need_id, item in rows:
        ballot, version = ballots.get(item.menu_id), posted.get(item.id)
        if ballot:
            found.setdefault(need_id, []).append(_link(item, version, ballot, chosen, at))
        elif version:
            found.setdefault(need_id, []).append(Link(item, version))
    return found


def caused_by(suggestion_id: str) -> list[MenuVersion]:
    """The posted menus that were changed because of this suggestion, the first one first."""
    return list(
        db.session.scalars(
            select(MenuVersion)
            .where(
                MenuVersion.id.in_(
                    select(MenuCause.version_id).where(MenuCause.suggestion_id == suggestion_id)
                )
            )
            .order_by(MenuVersion.posted_at, MenuVersion.number)
        )
    )


def _link(
    item: MenuItem,
    version: MenuVersion | None,
    ballot: Ballot,
    chosen: Mapping[str, Mapping[str, Line] | None],
    at: datetime,
) -> Link:
    lines = chosen[ballot.id]
    reached = state(ballot, at)
    if lines is None:
        return Link(item, version, ballot, reached)
    return Link(item, version, ballot, reached, item.id in lines, lines.get(item.id))


def _chosen(ballot: Ballot, at: datetime) -> dict[str, Line] | None:
    """The lines of what was chosen by item; None before the result is published."""
    if state(ballot, at) is not State.PUBLISHED:
        return None
    return {line.item.id: line for line in orders.lines(ballot, at)}


def _ballots(menu_ids: Collection[str], at: datetime) -> dict[str, Ballot]:
    """The newest public ballot on each menu."""
    asked = select(Ballot).where(Ballot.menu_id.in_(menu_ids)).order_by(Ballot.created_at)
    return {b.menu_id: b for b in db.session.scalars(asked) if state(b, at) in PUBLIC}


def _posted(menu_ids: Collection[str]) -> dict[str, MenuVersion]:
    """The latest posted version of each menu, by the id of every item that stands in it."""
    asked = (
        select(MenuVersion)
        .where(MenuVersion.menu_id.in_(menu_ids))
        .order_by(MenuVersion.menu_id, MenuVersion.number)
    )
    latest = {version.menu_id: version for version in db.session.scalars(asked)}
    return {item.id: v for v in latest.values() for item in parsed(v.body).items}
