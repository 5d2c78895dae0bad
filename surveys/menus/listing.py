"""What a menu holds, who stands behind its items, and whether its rules can be met. Only asks."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.contradictions import Contradiction
from surveys.counting.contradictions import contradictions as _contradictions
from surveys.counting.picks import ChoiceRules, Item
from surveys.counting.rules import Counting
from surveys.courtyards.models import Household
from surveys.menus.models import (
    ClassLimit,
    Funding,
    Menu,
    MenuClass,
    MenuItem,
    MenuItemNeed,
    Source,
)
from surveys.menus.rules import groups
from surveys.needs import ledger
from surveys.needs.models import Lane, Need

FOR_MENUS = frozenset({Lane.OPEN, Lane.MENU})
"""a need of another lane goes elsewhere: done at once, declined, handed upward, voted on"""

SAID_OF_CLASSES = (N_("先把要紧的修好"), N_("住得更舒心"), N_("让日子更方便"))
"""what ships beside the names of the national three, for the catalogues of words"""


def of_courtyard(courtyard_id: str) -> list[Menu]:
    """The courtyard's menus, the newest first."""
    return list(
        db.session.scalars(
            select(Menu)
            .where(Menu.courtyard_id == courtyard_id)
            .order_by(Menu.created_at.desc(), Menu.id)
        )
    )


def classes() -> list[MenuClass]:
    """The classes of items in their order, worded where they are shown."""
    return list(db.session.scalars(select(MenuClass).order_by(MenuClass.position)))


def items_of(menu: Menu) -> list[MenuItem]:
    """The menu's items as a household reads them: class by class."""
    return list(
        db.session.scalars(
            select(MenuItem)
            .join(MenuClass, MenuClass.key == MenuItem.class_key)
            .where(MenuItem.menu_id == menu.id)
            .order_by(MenuClass.position, MenuItem.position, MenuItem.id)
        )
    )


def unpriced(menu_id: str) -> list[str]:
    """Names of the items that nobody has typed a cost for, as the menu goes."""
    return list(
        db.session.scalars(
            select(MenuItem.name)
            .join(MenuClass, MenuClass.key == MenuItem.class_key)
            .where(MenuItem.menu_id == menu_id, MenuItem.is_priced.is_(False))
            .order_by(MenuClass.position, MenuItem.position, MenuItem.id)
        )
    )


def sums(courtyard_id: str) -> dict[str, tuple[int, int]]:
    """For each menu of a courtyard: how many items, and what they cost together in fen."""
    rows = db.session.execute(
        select(MenuItem.menu_id, func.count(), func.sum(MenuItem.cost_fen))
        .where(MenuItem.courtyard_id == courtyard_id)
        .group_by(MenuItem.menu_id)
    )
    return {menu_id: (items, int(cost_fen)) for menu_id, items, cost_fen in rows}


def limits_of(menu: Menu) -> dict[str, int]:
    """At most so many picks of a class, by the key of the class."""
    rows = db.session.scalars(select(ClassLimit).where(ClassLimit.menu_id == menu.id))
    return {limit.class_key: limit.most for limit in rows if limit.most is not None}


def caps_of(menu: Menu) -> dict[str, int]:
    """What the chosen items of a class may cost together in fen, by the key of the class."""
    rows = db.session.scalars(select(ClassLimit).where(ClassLimit.menu_id == menu.id))
    return {limit.class_key: limit.cap_fen for limit in rows if limit.cap_fen is not None}


def funding_of(menu: Menu) -> list[Funding]:
    """What is expected from each source, in the order in which they are named."""
    order = {source: place for place, source in enumerate(Source)}
    rows = db.session.scalars(select(Funding).where(Funding.menu_id == menu.id))
    return sorted(rows, key=lambda money: order[money.source])


def as_counting(menu: Menu) -> tuple[list[Item], ChoiceRules]:
    """The menu as the counting rules see it, where households pick."""
    items = [Item(i.id, i.cost_fen, i.class_key, i.must_do, i.part) for i in items_of(menu)]
    return items, ChoiceRules(
        least=menu.least,
        most=menu.most,
        cap_fen=menu.budget_fen if menu.capped else None,
        kind_most=limits_of(menu),
    )


def contradictions(menu: Menu) -> tuple[Contradiction, ...]:
    """Why no ballot could be opened on the menu as it stands."""
    items, rules = as_counting(menu)
    together = groups(items_of(menu)).values()
    counting = Counting(
        exclusive=tuple(tuple(item.id for item in group) for group in together if len(group) > 1),
        kind_cap_fen=caps_of(menu),
    )
    return _contradictions(items, rules, menu.budget_fen, counting)


def needs_by_item(menu: Menu) -> dict[str, list[Need]]:
    """The needs that each item answers; a merged one under what it was merged into."""
    root = aliased(Need)
    found: dict[str, list[Need]] = {}
    for item_id, need in db.session.execute(
        select(MenuItemNeed.menu_item_id, root)
        .join(MenuItem, MenuItem.id == MenuItemNeed.menu_item_id)
        .join(Need, Need.id == MenuItemNeed.need_id)
        .join(root, root.id == ledger.root_id)
        .where(MenuItem.menu_id == menu.id)
        .order_by(root.title)
    ):
        if need not in found.setdefault(item_id, []):
            found[item_id].append(need)
    return found


def behind(menu: Menu) -> dict[str, ledger.Behind]:
    """Who stands behind each item, through all its needs, each household once; one statement."""
    voices = ledger.voices(Need.round_id == menu.round_id)
    voice = voices.c
    rows = db.session.execute(
        select(
            MenuItemNeed.menu_item_id,
            Household.building,
            func.count(voice.household_id.distinct()),
            func.count(voice.suggestion_id.distinct()),
        )
        .join(MenuItem, MenuItem.id == MenuItemNeed.menu_item_id)
        .join(Need, Need.id == MenuItemNeed.need_id)
        .join(voices, voice.root == ledger.root_id)
        .outerjoin(Household, Household.id == voice.household_id)
        .where(MenuItem.menu_id == menu.id)
        .group_by(MenuItemNeed.menu_item_id, Household.building)
    )
    return ledger.gathered([(key, building, homes, said) for key, building, homes, said in rows])


def unanswered(menu: Menu) -> list[ledger.Row]:
    """Needs that no item answers and that go nowhere else, most households first."""
    answered = {need.id for needs in needs_by_item(menu).values() for need in needs}
    found = ledger.rows(menu.round_id)
    return [r for r in found if r.need.id not in answered and r.lane in {Lane.OPEN, Lane.MENU}]
