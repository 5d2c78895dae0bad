"""Making courtyards, importing rolls, finding doors."""

import time
from datetime import timedelta

import pytest

from surveys.accounts.models import Account, Place
from surveys.accounts.rules import RoleKind
from surveys.base import audit
from surveys.base.db import db
from surveys.courtyards import codes, service, slips
from surveys.courtyards.models import Courtyard, Household
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid, NotFound, Refused
from tests.world import AT, World

SECRET = bytes(range(32))


def a_courtyard(world: World, name: str = "槐树里 3 号院") -> Courtyard:
    community = db.session.get_one(Place, world.community)
    return service.create_courtyard(
        name, community, phone="0000-0000000", committee="自管会", by=None, at=AT
    )


def rows(buildings: int, stairwells: int, rooms: int) -> list[RollRow]:
    return [
        RollRow(f"{b}", f"{s}", f"{r // 4 + 1}{r % 4 + 1:02d}", 8000 + r)
        for b in range(1, buildings + 1)
        for s in range(1, stairwells + 1)
        for r in range(rooms)
    ]


def doors(courtyard: Courtyard) -> list[str]:
    return [f"{h.building}-{h.stairwell}-{h.room}" for h in service.households_of(courtyard.id)]


def test_a_courtyard_gets_a_place_and_a_permanent_code(world: World) -> None:
    made = a_courtyard(world)
    place = db.session.get_one(Place, made.id)
    community = db.session.get_one(Place, world.community)
    assert (place.level, place.parent_id) == ("courtyard", community.id)
    assert place.path == f"{community.path}{place.id}/"
    assert codes.is_whole(made.code)
    assert service.by_code(made.code.lower()).id == made.id


def test_two_courtyards_of_one_community_have_two_names(world: World) -> None:
    a_courtyard(world)
    with pytest.raises(Invalid, match="已经有一个"):
        a_courtyard(world, " 槐树里  3 号院 ")
    with pytest.raises(Invalid, match="名字"):
        a_courtyard(world, "\u202e")


def test_no_courtyard_lies_in_a_courtyard(world: World) -> None:
    place = db.session.get_one(Place, world.courtyard)
    with pytest.raises(Invalid, match="下面不能建楼院"):
        service.create_courtyard("a", place, phone="", committee="", by=None, at=AT)


def test_changing_a_courtyard_keeps_its_code(world: World) -> None:
    made = a_courtyard(world)
    code = made.code
    by = world.accounts["organizer"]
    service.change_courtyard(made, name="新名", phone="1", committee="2", by=by, at=AT)
    assert (made.name, made.code) == ("新名", code)
    assert db.session.get_one(Place, made.id).name == "新名"


@pytest.mark.parametrize(
    ("typed", "says"),
    [("7KQ4", "应该是 7 个字"), ("7KQ4HX3", "看错了"), ("", "还没有填"), ("0000000", "海报")],
)
def test_a_wrong_courtyard_code_says_what_is_wrong(world: World, typed: str, says: str) -> None:
    with pytest.raises(NotFound) as caught:
        service.by_code(typed)
    assert says in str(caught.value)


def test_an_import_makes_buildings_and_stairwells_and_orders_the_doors(world: World) -> None:
    made = a_courtyard(world)
    coming = [
        RollRow("10", "1", "101", 5000),
        RollRow("2", "1", "1001", 5000),
        RollRow("2", "1", "201", 5000),
        RollRow("东楼", "", "1", None),
    ]
    service.import_roll(made, coming, by=None, at=AT)
    assert doors(made) == ["2-1-201", "2-1-1001", "10-1-101", "东楼--1"]
    home = service.household_at(made.id, "2-1-201")
    stairwell = db.session.get_one(Place, home.place_id)
    building = db.session.get_one(Place, str(stairwell.parent_id))
    assert (stairwell.level, stairwell.name) == ("stairwell", "1")
    assert (building.level, building.name, building.parent_id) == ("building", "2", made.id)
    assert stairwell.path == f"{building.path}{stairwell.id}/"
    assert service.size(made.id) == (4, 3, 15000)
    assert service.buildings_of(made.id) == [("2", 2), ("10", 1), ("东楼", 1)]


def test_importing_again_updates_areas_and_keeps_codes_and_missing_households(
    world: World,
) -> None:
    made = a_courtyard(world)
    service.import_roll(made, rows(1, 2, 4), by=None, at=AT)
    slips.ensure_codes(made, SECRET, AT)
    before = {h.id: slips.household_code(h, SECRET) for h in service.households_of(made.id)}
    plan = service.import_roll(
        made, [RollRow("1", "1", "101", 9999), RollRow("1", "3", "101", 100)], by=None, at=AT
    )
    assert (len(plan.new), len(plan.changed), len(plan.missing)) == (1, 1, 7)
    assert service.size(made.id)[0] == 9
    assert service.household_at(made.id, "1-1-101").area_dm2 == 9999
    for household_id, code in before.items():
        home = db.session.get_one(Household, household_id)
        assert slips.household_code(home, SECRET) == code


def test_nobody_saves_another_change_than_the_one_they_saw(world: World) -> None:
    made = a_courtyard(world)
    seen = service.plan_import(made, rows(1, 1, 4)).fingerprint
    service.import_roll(made, rows(1, 1, 2), by=None, at=AT)
    with pytest.raises(Refused, match="被别人改过"):
        service.import_roll(made, rows(1, 1, 4), by=None, at=AT, seen=seen)
    db.session.rollback()
    assert service.size(made.id)[0] == 2


def test_six_hundred_households_come_in_within_two_seconds(world: World) -> None:
    made = a_courtyard(world)
    coming = rows(10, 3, 20)
    start = time.perf_counter()
    service.import_roll(made, coming, by=None, at=AT)
    assert time.perf_counter() - start < 2
    assert service.size(made.id)[0] == 600


def test_an_import_is_in_the_audit_trail(world: World) -> None:
    made = a_courtyard(world)
    later = AT + timedelta(minutes=1)
    service.import_roll(made, rows(1, 1, 4), by=world.accounts["organizer"], at=later)
    newest = audit.latest(made.id, 1)[0]
    assert newest.account_id == world.accounts["organizer"]
    assert newest.say % newest.params == "导入花名册：新增 4 户，改面积 0 户"


def test_a_door_is_found_however_it_is_written(world: World) -> None:
    wanted = service.household_at(world.courtyard, "2-1-103")
    for typed in ("2号楼1单元103室", "２－１－１０３", "2-103", "二号楼 103"):
        assert service.household_at(world.courtyard, typed).id == wanted.id
    with pytest.raises(Invalid, match="花名册里没有“9-1-101”"):
        service.household_at(world.courtyard, "9-1-101")


def test_a_door_in_two_stairwells_needs_its_stairwell(world: World) -> None:
    made = a_courtyard(world)
    service.import_roll(made, rows(1, 2, 4), by=None, at=AT)
    with pytest.raises(Invalid, match="把单元也写上"):
        service.household_at(made.id, "1-101")


def test_one_sees_the_courtyards_below_ones_roles_only(world: World) -> None:
    def seen(name: str) -> list[str]:
        account = db.session.get_one(Account, world.accounts[name])
        paths = db.session.execute(
            db.select(Place.path)
            .join_from(Place, db.metadata.tables["role"])
            .where(db.metadata.tables["role"].c.account_id == account.id)
        ).scalars()
        return [c.name for c in service.visible([(RoleKind.OBSERVER, path) for path in paths])]

    assert seen("observer") == ["Courtyard"]
    assert seen("stranger") == ["Other"]
    assert service.visible([]) == []
