"""Making a menu: its title, its budget, the rules of picking, and another one like it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.menus import items, keeping, money
from surveys.menus.drafting import draft
from surveys.menus.items import Draft, add_item, edit_item, move_item, remove_item, vary_item
from surveys.menus.keeping import MOST_ITEMS
from surveys.menus.listing import (
    as_counting,
    behind,
    caps_of,
    classes,
    contradictions,
    items_of,
    limits_of,
    needs_by_item,
    of_courtyard,
    unanswered,
)
from surveys.menus.models import ClassLimit, Menu
from surveys.rounds.models import Round

__all__ = [  # asked for here by other rooms
    "MOST_ITEMS",
    "Draft",
    "add_item",
    "as_counting",
    "behind",
    "caps_of",
    "classes",
    "contradictions",
    "draft",
    "edit_item",
    "items_of",
    "limits_of",
    "move_item",
    "needs_by_item",
    "of_courtyard",
    "remove_item",
    "unanswered",
    "vary_item",
]


@dataclass(frozen=True, slots=True)
class Rules:
    """How households pick, and what there is to spend."""

    budget_fen: int
    least: int = 1
    most: int | None = None
    capped: bool = True
    class_most: Mapping[str, int] = field(default_factory=dict, hash=False)
    """class key → at most so many picks of it; a class not named has no limit"""
    class_cap_fen: Mapping[str, int] = field(default_factory=dict, hash=False)
    """class key → what its chosen items may cost together; a class not named has no cap"""


def create(round_: Round, title: str, budget_fen: int, *, by: str, at: datetime) -> Menu:
    """An empty menu of a round.

    Raises:
        Invalid: it has no title, or a menu of this title is there already.
        Refused: the round has ended.
    """
    menu = keeping._begin(round_, keeping.free_title(title, round_), budget_fen, at)
    keeping.note("menu.create", menu, by, at)
    db.session.commit()
    return menu


def set_rules(menu: Menu, title: str, wanted: Rules, *, by: str, at: datetime) -> None:
    """Set the title, the budget and the rules of picking.

    Rules that nobody can meet are kept: `contradictions` says what is wrong, and no ballot opens.

    Raises:
        Invalid: no title; at least none; at most fewer than at least; no such class.
        Refused: a ballot was opened on it.
    """
    keeping.lock(menu)
    said = keeping.checked_title(title)
    if wanted.least < 1:
        raise Invalid(N_("至少选几项，最少写 1。"))
    if wanted.most is not None and wanted.most < wanted.least:
        raise Invalid(N_("最多选几项，不能比至少选的少。"))
    limited = {*wanted.class_most, *wanted.class_cap_fen}
    if not limited <= {klass.key for klass in classes()}:
        raise Invalid(N_("没有这一类，请重新打开这一页。"))
    menu.title, menu.budget_fen = said, wanted.budget_fen
    menu.least, menu.most, menu.capped = wanted.least, wanted.most, wanted.capped
    db.session.execute(delete(ClassLimit).where(ClassLimit.menu_id == menu.id))
    keeping._limit(menu, wanted.class_most, wanted.class_cap_fen)
    keeping.note("menu.rules", menu, by, at, budget_fen=menu.budget_fen)
    db.session.commit()


def copy(menu: Menu, title: str, *, by: str, at: datetime) -> Menu:
    """A new menu like this one, which may be changed: items, needs, budget, money and rules.

    Raises:
        Invalid: it has no title, or a menu of this title is there already.
    """
    title = keeping.free_title(title, db.session.get_one(Round, menu.round_id))
    made = Menu(
        id=new_id(),
        courtyard_id=menu.courtyard_id,
        round_id=menu.round_id,
        title=title,
        budget_fen=menu.budget_fen,
        least=menu.least,
        most=menu.most,
        capped=menu.capped,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    keeping._limit(made, limits_of(menu), caps_of(menu))
    items._copy_items(menu, made)
    money._copy_funding(menu, made)
    keeping.note("menu.copy", made, by, at, of=menu.id)
    db.session.commit()
    return made


audit.words(
    {
        "menu.create": N_("新做菜单“%(title)s”"),
        "menu.copy": N_("照着做了菜单“%(title)s”"),
        "menu.rules": N_("改了“%(title)s”的预算和规则"),
    }
)
