"""The living register: read, looked over, frozen for a vote."""

import json
from datetime import timedelta

import pytest

from surveys.base.db import db, new_id
from surveys.counting.double_majority import Share
from surveys.owners import register, register_whole
from surveys.owners.models import OwnersVote, VoteOwner, VoteUnit
from surveys.owners.register_models import OwnersRegister
from tests.owners.registers import add_register, row
from tests.world import AT, World

ROWS = (
    row("2-1-301", 10000, "王强#1234"),
    row("1-1-101", 8867, "王强#1234"),
    row("1-1-102", 9050, "李梅、张三", voter="张三"),
    row("1-1-110", 50, "赵四"),
)


def a_vote(world: World, *, is_online: bool = False) -> OwnersVote:
    """A draft of a vote, straight in its table."""
    vote = OwnersVote(
        id=new_id(),
        courtyard_id=world.courtyard,
        title="T",
        rule_set="civil-code-2021",
        noticed_on=AT.date(),
        opens_at=AT,
        closes_at=AT + timedelta(days=10),
        seals_at=AT + timedelta(days=13),
        is_online=is_online,
        created_by=world.accounts["organizer"],
        created_at=AT,
    )
    db.session.add(vote)
    db.session.commit()
    return vote


def said(world: World) -> list[str]:
    return [str(fault.msgid % fault.params) for fault in register_whole.faults(world.courtyard)]


def test_owners_stand_in_order_of_their_first_door(world: World) -> None:
    add_register(world.courtyard, *ROWS)
    found = register.read(world.courtyard)
    assert [owner.names for owner in found.owners] == [["王强"], ["李梅", "张三"], ["赵四"]]
    assert [unit.room for unit in found.owners[0].units] == ["101", "301"]
    assert found.everyone == Share(3, 27967)
    assert len(found.rows) == 4


def test_an_empty_register_opens_no_vote(world: World) -> None:
    assert "还是空的" in said(world)[0]


def test_areas_that_do_not_add_up_open_no_vote_until_it_is_said_why(world: World) -> None:
    add_register(world.courtyard, *ROWS, stated_area_dm2=30000)
    assert "279.67 ㎡" in said(world)[0]
    assert "300.00 ㎡" in said(world)[0]
    stated = db.session.get_one(OwnersRegister, world.courtyard)
    stated.gap_reason = "地下室没有登记"
    assert said(world) == []


def test_areas_that_add_up_are_no_fault(world: World) -> None:
    add_register(world.courtyard, *ROWS, stated_area_dm2=27967)
    assert said(world) == []


def test_units_that_are_not_as_many_as_stated_are_a_fault(world: World) -> None:
    add_register(world.courtyard, *ROWS)
    db.session.get_one(OwnersRegister, world.courtyard).stated_units = 5
    assert "有 4 套，登记的是 5 套" in said(world)[0]


def test_co_owners_without_a_named_voter_open_no_vote(world: World) -> None:
    add_register(world.courtyard, row("1-1-101", 1, "王强、李梅"))
    assert "1-1-101" in said(world)[0]


def test_a_unit_that_no_household_has_is_a_warning_and_no_fault(world: World) -> None:
    add_register(world.courtyard, row("9-1-101", 1, "王强"))
    assert said(world) == []
    warned = register_whole.warnings(world.courtyard)
    assert any("9-1-101" in str(fault.params) for fault in warned)


def test_the_register_of_a_vote_is_a_copy(world: World) -> None:
    add_register(world.courtyard, *ROWS)
    vote = a_vote(world)
    assert register._freeze(vote.id, world.courtyard) == Share(3, 27967)
    db.session.commit()
    owners = db.session.scalars(db.select(VoteOwner).order_by(VoteOwner.number)).all()
    assert [json.loads(one.names) for one in owners] == [["王强"], ["李梅", "张三"], ["赵四"]]
    assert [one.number for one in owners] == [1, 2, 3]
    assert owners[1].voter == "张三"
    units = db.session.scalars(db.select(VoteUnit).order_by(VoteUnit.position)).all()
    assert sum(unit.area_dm2 for unit in units) == 27967
    assert [unit.vote_owner_id for unit in units].count(owners[0].id) == 2


@pytest.mark.parametrize("rooms", [0, 1])
def test_a_register_is_frozen_whatever_its_size(world: World, rooms: int) -> None:
    if rooms:
        add_register(world.courtyard, ROWS[0])
    assert register._freeze(a_vote(world).id, world.courtyard).owners == rooms
