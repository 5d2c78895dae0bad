"""The register as a long list: what the database finds, a plain reading of all of it finds too."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.courtyards.models import Household
from surveys.owners import adding_up, register, register_list, register_whole
from surveys.owners.parties import Named, UnitRow, kind_of
from surveys.owners.register import Holder
from surveys.owners.register_models import (
    AreaSource,
    Owner,
    OwnerKind,
    OwnerName,
    OwnersRegister,
    Unit,
)
from tests.owners.registers import add_register, row
from tests.world import World

A_PAGE = 3
NAMES = ("王强", "王强强", "李 梅", "欧阳·阿里", "Li Mei", "LI", "AB\\c/d", "100%房_产")
"""in one order whatever the collation of the database"""
MARKS = ("", "", "1234", "567X", "A_1")
WORDS = ("", "王", "强 强", "li", "M", "%", "_", "\\", "/", "1-1", "1-2-1", "-1", "x", "a_1", "无")


@st.composite
def registers(draw: st.DrawFn) -> list[UnitRow]:
    """A few units of a few owners: alone, together, a body; alike, marked or not."""
    doors = st.tuples(
        st.sampled_from(["1", "2", "10"]),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["1", "12", "101", "底商A1"]),
    )
    named = st.builds(Named, st.sampled_from(NAMES), st.sampled_from(MARKS))
    people = st.lists(named, min_size=1, max_size=2, unique=True)
    parties = draw(st.lists(people, min_size=1, max_size=6))
    return [draw(units(door, parties)) for door in draw(st.lists(doors, max_size=12, unique=True))]


@st.composite
def units(
    draw: st.DrawFn, door: tuple[str, str, str], parties: Sequence[Sequence[Named]]
) -> UnitRow:
    """One unit of one of them."""
    named = tuple(draw(st.sampled_from(parties)))
    stated = draw(st.sampled_from([None, OwnerKind.BODY])) if len(named) == 1 else None
    voter = draw(st.sampled_from(["", named[0].name])) if len(named) > 1 else ""
    area = draw(st.integers(1, 4))
    kind = kind_of(stated, len(named))
    return UnitRow(*door, area, AreaSource.REGISTER, kind, named, voter)


def keep(world: World, rows: Sequence[UnitRow], stated_area_dm2: int | None) -> None:
    """These units are all that the register holds."""
    for model in (Unit, OwnerName, Owner, OwnersRegister):
        db.session.execute(delete(model))
    add_register(world.courtyard, *rows, stated_area_dm2=stated_area_dm2)


def asked(order: str = "door", words: str = "", page: int = 1) -> View:
    args = {"sort": order, "q": words, "page": str(page)}
    return View.read("/", args, register_list.SORTS, {"q": None}, a_page=A_PAGE)


def plainly(world: World, view: View) -> tuple[list[str], int]:
    """The ids of one page, and how many there are, out of all that stands in the register."""
    wanted = "".join(view.asked.get("q", "").split()).lower()
    found = [
        (place, one)
        for place, one in enumerate(register.read(world.courtyard).owners)
        if any(wanted in "".join(said.split()).lower() for said in texts(one))
    ]
    ordered = view.arranged(
        found,
        {
            "door": lambda one: one[0],
            "name": lambda one: one[1].names[0],
            "units": lambda one: len(one[1].units),
            "area": lambda one: one[1].area_dm2,
        },
    )
    return [one.id for _place, one in view.shown(ordered)], len(found)


def texts(one: Holder) -> list[str]:
    doors = [adding_up.door_in_line(unit.door) for unit in one.rows]
    return [*doors, *(said for who in one.named for said in (who.name, who.mark))]


def of_the_list(world: World, view: View) -> tuple[list[str], int]:
    holders, found = register_list.page(world.courtyard, view)
    return [one.id for one in holders], found


ON_A_CLEAN_TABLE = settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ON_A_CLEAN_TABLE
@given(rows=registers(), words=st.sampled_from(WORDS), page=st.integers(1, 3))
def test_a_page_holds_what_a_plain_reading_finds(
    world: World, rows: list[UnitRow], words: str, page: int
) -> None:
    keep(world, rows, None)
    for sort in ("door", "name", "units", "area"):
        for order in (sort, f"-{sort}"):
            view = asked(order, words, page)
            assert of_the_list(world, view) == plainly(world, view), (order, words, page)


@ON_A_CLEAN_TABLE
@given(rows=registers(), stated=st.none() | st.integers(1, 30), is_there_a_roll=st.booleans())
def test_the_whole_is_what_its_rows_add_up_to(
    world: World, rows: list[UnitRow], stated: int | None, is_there_a_roll: bool
) -> None:
    keep(world, rows, stated)
    db.session.execute(delete(Household))
    roll = {("1", "1", "101"), ("2", "", "12")} if is_there_a_roll else set()
    db.session.add_all(home(world, *door) for door in roll)
    found = register.read(world.courtyard)
    whole = register_whole.look(world.courtyard)
    assert whole == adding_up.of_rows(found.rows, whole.sums.stated, roll)


def home(world: World, building: str, stairwell: str, room: str) -> Household:
    household = Household(courtyard_id=world.courtyard, place_id=world.courtyard, position=1)
    household.building, household.stairwell, household.room = building, stairwell, room
    return household


def test_a_page_of_a_long_register_is_as_long_as_asked_for(world: World) -> None:
    add_register(world.courtyard, *(row(f"1-1-{n}", n, f"王{n}") for n in range(1, 9)))
    holders, found = register_list.page(world.courtyard, asked("-area", page=2))
    assert [one.area_dm2 for one in holders] == [5, 4, 3]
    assert found == 8
    beyond, _found = register_list.page(world.courtyard, asked("-area", page=99))
    assert [one.area_dm2 for one in beyond] == [2, 1]


def test_a_name_is_found_however_it_is_spaced(world: World) -> None:
    add_register(world.courtyard, row("1-1-1", 1, "Ali Mamat"), row("1-1-2", 1, "王强"))
    for words in ("ali mamat", "alimamat", "ALI  MAMAT"):
        assert register_list.page(world.courtyard, asked(words=words))[1] == 1, words


def test_another_courtyard_has_a_register_of_its_own(world: World) -> None:
    add_register(world.courtyard, row("1-1-1", 1, "王强"))
    assert register_list.page("elsewhere", asked()) == ([], 0)
    assert register_whole.look("elsewhere").sums.units == 0


def test_co_owners_without_a_voter_are_listed_with_their_homes(world: World) -> None:
    rows = [
        row(f"1-1-{n}", 1, f"王{n}、李{n}", voter="李3" if n == 3 else "") for n in range(1, 10)
    ]
    add_register(world.courtyard, *rows)
    first = register_list.lacking_a_voter(world.courtyard, 4)
    assert [one.units[0].room for one in first] == ["1", "2", "4", "5"]
    whole = register_whole.look(world.courtyard)
    assert whole.lacking.n == 8
    assert whole.lacking.in_line == "1-1-1、1-1-2、1-1-4、1-1-5、1-1-6、1-1-7、…"
