"""A ballot with items for one building and one stairwell, for the tests of several rooms.

Four buildings of twelve households in one stairwell each; building 3 has a second stairwell made
of its last two, so its first one has ten.
"""

from flask import Flask

from surveys.ballots.models import Showing
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.menus.models import Menu, MenuItem
from tests.ballots.stage import Stage, add_menu, drafted, opened
from tests.world import World, make_world

ROOMS = 12
LOCAL = (
    ("Drains", 9_800_000, "basic", False),
    ("Lamps", 2_400_000, "basic", False),
    ("Benches", 1_600_000, "improve", False),
    ("Stairs of 3", 3_000_000, "basic", False),
    ("Ramp of 3-1", 800_000, "improve", False),
    ("Door of 4", 900_000, "improve", False),
)
PLACES = {"Stairs of 3": ("3", ""), "Ramp of 3-1": ("3", "1"), "Door of 4": ("4", "")}
_USUAL = Terms()


def parted_world(buildings: int = 4) -> World:
    """Some buildings; the last two households of building 3 have a stairwell of their own."""
    world = make_world(buildings=buildings, rooms=ROOMS)
    for household_id in world.households[3 * ROOMS - 2 : 3 * ROOMS]:
        db.session.get_one(Household, household_id).stairwell = "2"
    db.session.commit()
    return world


def add_parted_menu(world: World, *, least: int = 1, most: int | None = 2) -> Menu:
    """Three items for all, two for building 3 (one of them for its first stairwell), one for 4."""
    menu = add_menu(world, items=LOCAL, least=least, most=most)
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == menu.id)):
        item.building, item.stairwell = PLACES.get(item.name, ("", ""))
    db.session.commit()
    return menu


def parted(app: Flask, terms: Terms = _USUAL, showing: Showing = Showing.TURNOUT) -> Stage:
    """The ballot, open; with live bars among sixty households."""
    world = parted_world(5 if showing is Showing.LIVE else 4)
    draft = drafted(world, add_parted_menu(world), terms=terms, showing=showing)
    return opened(app, world, draft)


def home(building: int, n: int = 0) -> int:
    """The n-th household of a building, as the stage numbers them."""
    return (building - 1) * ROOMS + n
