"""A ballot that opens pins its menu, and through it the needs that its items answer."""

from datetime import datetime

from sqlalchemy import select

from surveys.base.db import db
from surveys.menus.models import Menu, MenuItem, MenuItemNeed
from surveys.needs import pinning as needs


def _pin(menu: Menu, at: datetime) -> None:
    """Pin the menu for good: whoever was editing it is done first or comes too late.

    A menu that was pinned before stays as it is. Part of an act: does not commit.
    """
    db.session.refresh(menu, with_for_update=True)
    if menu.pinned_at is not None:
        return
    need_ids = db.session.scalars(
        select(MenuItemNeed.need_id)
        .join(MenuItem, MenuItem.id == MenuItemNeed.menu_item_id)
        .where(MenuItem.menu_id == menu.id)
    )
    needs._pin(set(need_ids), at)
    menu.pinned_at = at
    db.session.flush()
