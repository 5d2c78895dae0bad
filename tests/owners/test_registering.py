"""Changing the living register: imported, added to, put right, sold, taken out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from surveys.base import audit
from surveys.base.db import db
from surveys.counting.double_majority import Share
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import register, register_whole, registering
from surveys.owners.parties import UnitRow
from surveys.owners.register_models import Owner, OwnerKind, OwnersRegister, Unit
from tests.owners.registers import row
from tests.world import AT, World

ROWS = (
    row("1-1-101", 8867, "王强#1234"),
    row("1-1-102", 9050, "李梅、张三", voter="张三"),
    row("2-1-301", 10000, "王强#1234"),
)


def bring_in(world: World, *rows: UnitRow) -> None:
    plan = registering.plan_import(world.courtyard, rows)
    registering.import_rows(
        world.courtyard, rows, seen=plan.fingerprint, by=world.accounts["organizer"], at=AT
    )


def by(world: World) -> str:
    return world.accounts["organizer"]


def names(world: World) -> list[str]:
    return ["、".join(one.names) for one in register.read(world.courtyard).owners]


def unit_at(world: World, room: str) -> str:
    found = db.select(Unit.id).where(Unit.courtyard_id == world.courtyard, Unit.room == room)
    return str(db.session.scalars(found).one())


@pytest.fixture
def filled(world: World) -> World:
    bring_in(world, *ROWS)
    return world


def test_a_table_becomes_the_register(filled: World) -> None:
    found = register.read(filled.courtyard)
    assert names(filled) == ["王强", "李梅、张三"]
    assert found.everyone == Share(2, 27917)
    assert sorted(found.rows, key=lambda one: one.door) == list(ROWS)


def test_the_same_table_again_changes_nothing(filled: World) -> None:
    before = db.session.get_one(OwnersRegister, filled.courtyard).revision
    assert not registering.plan_import(filled.courtyard, ROWS).changes
    bring_in(filled, *ROWS)
    assert db.session.get_one(OwnersRegister, filled.courtyard).revision == before


def test_a_table_that_was_looked_at_before_another_changed_the_register_is_refused(
    filled: World,
) -> None:
    coming = [row("1-1-103", 1, "赵四")]
    seen = registering.plan_import(filled.courtyard, coming).fingerprint
    bring_in(filled, replace(ROWS[0], area_dm2=1), row("1-1-103", 5, "赵四"))
    with pytest.raises(Refused):
        registering.import_rows(filled.courtyard, coming, seen=seen, by=by(filled), at=AT)


def test_a_unit_that_the_table_does_not_name_stays(filled: World) -> None:
    plan = registering.plan_import(filled.courtyard, [ROWS[0]])
    assert len(plan.missing) == 2
    assert not plan.changes


def test_the_plan_tells_units_that_pass_on_from_those_that_change_otherwise(filled: World) -> None:
    plan = registering.plan_import(
        filled.courtyard,
        [replace(ROWS[0], area_dm2=9000), row("1-1-102", 9050, "赵四"), row("3-1-1", 1, "钱五")],
    )
    assert [after.door for _before, after in plan.otherwise] == [("1", "1", "101")]
    assert [after.door for _before, after in plan.passed_on] == [("1", "1", "102")]
    assert [one.door for one in plan.new] == [("3", "1", "1")]


def test_an_owner_written_otherwise_is_no_change(filled: World) -> None:
    same = row("1-1-102", 9050, "张三、李 梅")
    assert not registering.plan_import(filled.courtyard, [same]).changes


def test_an_owner_who_sells_everything_is_on_the_register_no_more(filled: World) -> None:
    registering.change_unit(
        unit_at(filled, "102"), row("1-1-102", 9050, "赵四"), is_sold=True, by=by(filled), at=AT
    )
    assert names(filled) == ["王强", "赵四"]
    gone = db.session.scalars(db.select(Owner).where(Owner.retired_at.is_not(None))).all()
    assert [one.kind for one in gone] == [OwnerKind.TOGETHER]


def test_who_buys_a_second_unit_is_still_one_owner(filled: World) -> None:
    registering.change_unit(
        unit_at(filled, "102"),
        row("1-1-102", 9050, "王强#1234"),
        is_sold=True,
        by=by(filled),
        at=AT,
    )
    assert register.read(filled.courtyard).everyone == Share(1, 27917)


def test_who_sold_everything_and_buys_again_is_there_again(filled: World) -> None:
    for people in ("赵四", "李梅、张三"):
        registering.change_unit(
            unit_at(filled, "102"), row("1-1-102", 9050, people), is_sold=True, by=by(filled), at=AT
        )
    assert names(filled) == ["王强", "李梅、张三"]


def test_a_door_that_is_taken_is_refused(filled: World) -> None:
    with pytest.raises(Invalid, match="1-1-101"):
        registering.add_unit(filled.courtyard, row("1-1-101", 1, "赵四"), by=by(filled), at=AT)
    with pytest.raises(Invalid):
        registering.change_unit(
            unit_at(filled, "102"), row("1-1-101", 1, "赵四"), is_sold=False, by=by(filled), at=AT
        )


def test_a_unit_can_be_added_and_taken_out(filled: World) -> None:
    registering.add_unit(filled.courtyard, row("1-1-103", 5, "赵四"), by=by(filled), at=AT)
    assert names(filled) == ["王强", "李梅、张三", "赵四"]
    unit = unit_at(filled, "103")
    registering.remove_unit(unit, by=by(filled), at=AT)
    assert names(filled) == ["王强", "李梅、张三"]
    with pytest.raises(NotFound):
        registering.remove_unit(unit, by=by(filled), at=AT)


def test_a_voter_is_set_and_taken_back(filled: World) -> None:
    owner = register.read(filled.courtyard).owners[1]
    registering.set_voter(filled.courtyard, owner.id, "李梅", by=by(filled), at=AT)
    assert register.find_owner(owner.id).voter == "李梅"
    registering.set_voter(filled.courtyard, owner.id, "", by=by(filled), at=AT)
    assert register.find_owner(owner.id).lacks_a_voter
    with pytest.raises(Invalid):
        registering.set_voter(filled.courtyard, owner.id, "王强", by=by(filled), at=AT)


def test_an_emptied_voter_of_a_unit_is_taken_back(filled: World) -> None:
    registering.change_unit(
        unit_at(filled, "102"), replace(ROWS[1], voter=""), is_sold=False, by=by(filled), at=AT
    )
    assert register.read(filled.courtyard).owners[1].lacks_a_voter


def test_a_reason_for_a_gap_holds_until_the_gap_changes(filled: World) -> None:
    registering.state(
        filled.courtyard,
        area_dm2=30000,
        units=3,
        source="登记中心",
        gap_reason="地下室没登记",
        by=by(filled),
        at=AT,
    )
    assert register_whole.faults(filled.courtyard) == []
    owner = register.read(filled.courtyard).owners[1].id
    registering.set_voter(filled.courtyard, owner, "李梅", by=by(filled), at=AT)
    assert register_whole.faults(filled.courtyard) == []
    registering.add_unit(filled.courtyard, row("1-1-103", 5, "赵四"), by=by(filled), at=AT)
    assert len(register_whole.faults(filled.courtyard)) == 2


def test_stated_totals_need_their_source(filled: World) -> None:
    with pytest.raises(Invalid):
        registering.state(
            filled.courtyard,
            area_dm2=1,
            units=None,
            source="",
            gap_reason="",
            by=by(filled),
            at=AT,
        )


def test_the_trail_names_doors_and_never_owners(filled: World) -> None:
    registering.change_unit(
        unit_at(filled, "102"), row("1-1-102", 9050, "赵四"), is_sold=True, by=by(filled), at=AT
    )
    lines = [line.details for line in audit.latest(filled.courtyard)]
    assert any("1-1-102" in line for line in lines)
    assert not any(name in line for line in lines for name in ("赵四", "李梅", "王强", "1234"))


def test_every_change_raises_the_revision(filled: World) -> None:
    held = db.session.get_one(OwnersRegister, filled.courtyard)
    before = held.revision
    registering.add_unit(filled.courtyard, row("1-1-103", 5, "赵四"), by=by(filled), at=AT)
    registering.remove_unit(unit_at(filled, "103"), by=by(filled), at=AT)
    assert held.revision == before + 2


def test_five_who_add_the_first_units_at_once_make_one_register(app: Flask, world: World) -> None:
    def add(n: int) -> None:
        with app.app_context():
            registering.add_unit(
                world.courtyard, row(f"1-1-10{n}", n, "王强#1234"), by=by(world), at=AT
            )

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(add, range(1, 6)))
    db.session.rollback()
    found = register.read(world.courtyard)
    assert found.everyone == Share(1, 15)
    assert len(found.rows) == 5
