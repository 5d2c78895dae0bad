"""Household codes: found by what was scanned or typed, printed with a trace, renewed by two."""

from datetime import timedelta

import pytest

from surveys.accounts.models import Account
from surveys.base import audit
from surveys.base.db import db
from surveys.courtyards import codes, service, slips
from surveys.courtyards.models import Courtyard, Household, HouseholdCode
from surveys.courtyards.rules import RollRow
from surveys.errors import Forbidden, Invalid, NotFound, Refused
from tests.world import AT, World

SECRET = bytes(range(32))
LATER = AT + timedelta(days=10)


@pytest.fixture
def courtyard(world: World) -> Courtyard:
    found = service.find(world.courtyard)
    slips.ensure_codes(found, SECRET, AT)
    return found


@pytest.fixture
def home(world: World, courtyard: Courtyard) -> Household:
    return db.session.get_one(Household, world.households[0])


def guard(courtyard: Courtyard) -> None:
    service._guard_slips_until(courtyard.id, LATER)
    db.session.commit()


def test_every_household_gets_one_code_once(courtyard: Courtyard) -> None:
    assert slips.ensure_codes(courtyard, SECRET, AT) == 0
    found = db.session.scalars(
        db.select(HouseholdCode).where(HouseholdCode.courtyard_id == courtyard.id)
    ).all()
    assert len(found) == 24
    assert {code.generation for code in found} == {1}


def test_no_code_stands_in_the_table(courtyard: Courtyard, home: Household) -> None:
    long, short = slips.household_code(home, SECRET)
    kept = db.session.scalars(
        db.select(HouseholdCode).where(HouseholdCode.household_id == home.id)
    ).one()
    everything = " ".join(str(value) for value in vars(kept).values()).upper()
    assert long not in everything
    assert short not in everything
    assert short[:-1] not in everything


def test_a_code_is_found_by_its_long_and_its_short_form(
    courtyard: Courtyard, home: Household
) -> None:
    long, short = slips.household_code(home, SECRET)
    for typed in (long, long.lower()):
        assert slips.household_of(slips.find_by_long(typed, SECRET)).id == home.id
    for typed in (short, codes.grouped(short).lower(), f" {short} "):
        assert slips.household_of(slips.find_by_short(courtyard, typed, SECRET)).id == home.id


def test_a_short_code_opens_no_other_courtyard(courtyard: Courtyard, home: Household) -> None:
    _long, short = slips.household_code(home, SECRET)
    other = service.by_code("M3TV8NC")
    slips.ensure_codes(other, SECRET, AT)
    with pytest.raises(NotFound, match="可能是别的院子的"):
        slips.find_by_short(other, short, SECRET)


def test_another_secret_finds_nothing(courtyard: Courtyard, home: Household) -> None:
    long, short = slips.household_code(home, SECRET)
    with pytest.raises(NotFound):
        slips.find_by_long(long, bytes(32))
    with pytest.raises(NotFound):
        slips.find_by_short(courtyard, short, bytes(32))


def test_an_unknown_long_code_is_not_found(courtyard: Courtyard) -> None:
    for typed in ("", "0" * 26, "楼" * 9000, "\0"):
        with pytest.raises(NotFound):
            slips.find_by_long(typed, SECRET)


def test_printing_says_who_printed_what(world: World, courtyard: Courtyard) -> None:
    by = world.accounts["clerk"]
    found = slips.print_slips(courtyard, ["2"], secret=SECRET, by=by, at=AT)
    assert [slip.household.building for slip in found] == ["2"] * 12
    assert len({slip.long for slip in found}) == 12
    ((entry, who),) = slips.printed(courtyard.id)
    assert who == db.session.get_one(Account, by).title
    assert entry.say % entry.params == "印了 12 张条子，楼栋：2"
    assert not any(slip.long in entry.details or slip.short in entry.details for slip in found)


def test_printing_needs_a_building_that_is_there(world: World, courtyard: Courtyard) -> None:
    for chosen in ([], ["9"]):
        with pytest.raises(Invalid, match="请至少选一栋楼"):
            slips.print_slips(courtyard, chosen, secret=SECRET, by=world.accounts["clerk"], at=AT)


def test_a_lost_slip_is_replaced_and_the_old_one_is_void(
    world: World, courtyard: Courtyard, home: Household
) -> None:
    old, _short = slips.household_code(home, SECRET)
    by = world.accounts["clerk"]
    slip = slips.renew_slip(courtyard, home, secret=SECRET, by=by, at=AT)
    assert slip.long != old
    assert slips.find_by_long(old, SECRET).retired_at == AT
    assert slips.find_by_long(slip.long, SECRET).retired_at is None
    assert slips.household_code(home, SECRET)[0] == slip.long


def test_while_guarded_nothing_is_printed_in_bulk_or_by_one_account(
    world: World, courtyard: Courtyard, home: Household
) -> None:
    guard(courtyard)
    by = world.accounts["clerk"]
    with pytest.raises(Refused, match="不能成批再印"):
        slips.print_slips(courtyard, ["1"], secret=SECRET, by=by, at=LATER - timedelta(seconds=1))
    db.session.rollback()
    with pytest.raises(Refused):
        slips.renew_slip(courtyard, home, secret=SECRET, by=by, at=AT)
    db.session.rollback()
    assert slips.print_slips(courtyard, ["1"], secret=SECRET, by=by, at=LATER)


def test_while_guarded_a_first_slip_is_still_printed_but_no_second(
    world: World, courtyard: Courtyard
) -> None:
    by = world.accounts["clerk"]
    service.import_roll(courtyard, [RollRow("2", "1", "999", None)], by=None, at=AT)
    guard(courtyard)
    (slip,) = slips.print_slips(courtyard, ["1", "2"], secret=SECRET, by=by, at=AT)
    assert slip.household.room == "999"
    with pytest.raises(Refused, match="不能成批再印"):
        slips.print_slips(courtyard, ["1", "2"], secret=SECRET, by=by, at=AT)


def test_a_reprint_takes_two_accounts_raises_the_generation_and_prints_once(
    world: World, courtyard: Courtyard, home: Household
) -> None:
    guard(courtyard)
    clerk, supervisor = world.accounts["clerk"], world.accounts["supervisor"]
    old, _short = slips.household_code(home, SECRET)
    wish = slips.ask_reprint(courtyard, home, " 丢了 ", by=clerk, at=AT)
    assert service.reprints_waiting(courtyard.id) == 1
    with pytest.raises(Refused, match="还没有人同意"):
        slips.print_reprint(wish, secret=SECRET, by=clerk, at=AT)
    with pytest.raises(Forbidden, match="另一个人"):
        slips.grant_reprint(wish, secret=SECRET, by=clerk, at=AT)
    assert slips.find_by_long(old, SECRET).retired_at is None
    slips.grant_reprint(wish, secret=SECRET, by=supervisor, at=AT)
    assert service.reprints_waiting(courtyard.id) == 0
    with pytest.raises(Refused, match="已经有人同意"):
        slips.grant_reprint(wish, secret=SECRET, by=supervisor, at=AT)
    assert slips.find_by_long(old, SECRET).retired_at == AT
    slip = slips.print_reprint(wish, secret=SECRET, by=clerk, at=AT)
    assert slips.household_of(slips.find_by_long(slip.long, SECRET)).id == home.id
    with pytest.raises(Refused, match="已经印过"):
        slips.print_reprint(wish, secret=SECRET, by=clerk, at=AT)
    assert slips.wishes(courtyard.id) == []
    acts = [entry.act for entry in audit.about(home.id)]
    assert set(acts) == {"slips.ask", "slips.grant", "slips.reprint"}


def test_a_reprint_needs_a_reason_and_is_asked_for_once(
    world: World, courtyard: Courtyard, home: Household
) -> None:
    by = world.accounts["clerk"]
    with pytest.raises(Invalid, match="为什么"):
        slips.ask_reprint(courtyard, home, "  ", by=by, at=AT)
    slips.ask_reprint(courtyard, home, "丢了", by=by, at=AT)
    with pytest.raises(Refused, match="已经有人申请"):
        slips.ask_reprint(courtyard, home, "丢了", by=by, at=AT)


def test_a_household_that_joins_later_gets_its_code_when_slips_are_printed(
    world: World, courtyard: Courtyard
) -> None:
    service.import_roll(courtyard, [RollRow("3", "1", "101", None)], by=None, at=AT)
    with pytest.raises(NotFound, match="还没有条子"):
        slips.household_code(service.household_at(courtyard.id, "3-1-101"), SECRET)
    by = world.accounts["clerk"]
    (slip,) = slips.print_slips(courtyard, ["3"], secret=SECRET, by=by, at=AT)
    assert slips.find_by_long(slip.long, SECRET).household_id == slip.household.id
