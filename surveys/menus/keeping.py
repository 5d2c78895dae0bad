"""What every act on a menu begins and ends with: the menu held, names checked, needs linked.

None of these commits.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.menus.models import ClassLimit, Menu, MenuItem, MenuItemNeed
from surveys.needs import keeping as needs
from surveys.rounds.models import Round

MOST_ITEMS = 100


def lock(menu: Menu) -> None:
    """Hold the menu until this act is done: a ballot that opens waits, or has opened.

    Raises:
        Refused: it has.
    """
    db.session.refresh(menu, with_for_update=True)
    if menu.pinned_at is not None:
        raise Refused(N_("点单已经照这份菜单开放，不能再改。要改，请照着再做一份。"))


def lock_menu_of(item: MenuItem) -> Menu:
    """Hold the menu that an item stands on, as `lock` does."""
    menu = db.session.get_one(Menu, item.menu_id)
    lock(menu)
    return menu


def checked_title(typed: str) -> str:
    """A menu's title as it is kept.

    Raises:
        Invalid: none, or too long.
    """
    title = tidy(typed)
    if not title:
        raise Invalid(N_("菜单要有个名字，如“2026 年改造菜单”。"))
    if len(title) > 80:
        raise Invalid(N_("名字太长了，最多 %(most)d 个字。"), most=80)
    return title


def free_title(typed: str, round_: Round) -> str:
    """A title that no menu of the round has yet: whoever taps twice makes one menu.

    Raises:
        Invalid: as `checked_title`, or a menu of this title is there already.
    """
    title = checked_title(typed)
    db.session.refresh(round_, with_for_update=True)
    same = select(Menu.id).where(Menu.round_id == round_.id, Menu.title == title)
    if db.session.scalar(same.limit(1)):
        raise Invalid(N_("已经有叫“%(title)s”的菜单了，换个名字。"), title=title)
    return title


def checked_needs(round_id: str, need_ids: Collection[str]) -> set[str]:
    """The needs to link, as they stand: a merged one under what it was merged into.

    Raises:
        NotFound: one is not of this round's ledger.
    """
    found = needs.needs_in(round_id, need_ids)
    if len(found) != len(set(need_ids)):
        raise NotFound(N_("台账里没有这一件诉求。"))
    return {need.merged_into_id or need.id for need in found}


def note(act: str, menu: Menu, by: str, at: datetime, **details: object) -> None:
    """Note an act on the menu in the trail."""
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=menu.courtyard_id,
        subject_id=menu.id,
        title=menu.title,
        **details,
    )


# Parts of acts


def _begin(round_: Round, title: str, budget_fen: int, at: datetime) -> Menu:
    """An empty menu of a round; its title was checked before.

    Raises:
        Refused: the round has ended.
    """
    if round_.ended_at is not None:
        raise Refused(N_("这一轮已经结束，不能再做菜单。"))
    menu = Menu(
        id=new_id(),
        courtyard_id=round_.courtyard_id,
        round_id=round_.id,
        title=title,
        budget_fen=budget_fen,
        least=1,
        capped=True,
        created_at=at,
    )
    db.session.add(menu)
    db.session.flush()
    return menu


def _link(item: MenuItem, need_ids: Collection[str]) -> None:
    """Let the item answer exactly these needs; the ledger says which are in a menu."""
    rows = select(MenuItemNeed).where(MenuItemNeed.menu_item_id == item.id)
    before = {link.need_id: link for link in db.session.scalars(rows)}
    for need_id in before.keys() - set(need_ids):
        db.session.delete(before[need_id])
    for need_id in set(need_ids) - before.keys():
        db.session.add(MenuItemNeed(menu_item_id=item.id, need_id=need_id))
    db.session.flush()
    touched = before.keys() | set(need_ids)
    still = select(MenuItemNeed.need_id).where(MenuItemNeed.need_id.in_(touched))
    needs._to_menu(touched, set(db.session.scalars(still)))


def _limit(menu: Menu, most: Mapping[str, int], cap_fen: Mapping[str, int]) -> None:
    db.session.add_all(
        ClassLimit(menu_id=menu.id, class_key=key, most=most.get(key), cap_fen=cap_fen.get(key))
        for key in sorted({*most, *cap_fen})
    )
