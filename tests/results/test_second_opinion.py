"""The second opinion: worked out once, begun again when it was cut off, told in plain words."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots.models import TieMethod
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.results import second_opinion, service
from surveys.results.models import SecondOpinion
from surveys.results.second_opinion import LEASE, Hold, Opinion, Overtaken
from tests.ballots.drill import drill
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, Stage, add_menu
from tests.manners import Browser
from tests.results.sealed import publish, seal, voted
from tests.world import World, sign_in

ITEMS = [
    ("Square", 60, "basic", False),
    ("Lamps", 40, "basic", False),
    ("Benches", 30, "basic", False),
    ("Shed", 10, "basic", False),
]
GIVEN = [{"Square": 1, "Lamps": 1}] * 5 + [{"Square": 1}] + [{"Benches": 1, "Shed": 1}] * 4
"""six want the square and five the lamps, which cost all there is; four want something else"""


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """Sealed: the majority's two items take all the money, the others' get nothing."""
    menu = add_menu(world, items=ITEMS, budget_fen=100, most=None)
    made = voted(app, world, Terms(), GIVEN, menu=menu)
    seal(made)
    return made


def row(stage: Stage) -> SecondOpinion:
    """The row as the database has it now."""
    found = db.session.get(SecondOpinion, stage.ballot.id, populate_existing=True)
    assert found is not None
    return found


def opinion(stage: Stage) -> Opinion:
    """What a page would tell."""
    found = second_opinion.of(stage.ballot, service.read(stage.ballot).count)
    assert found is not None
    return found


def test_it_says_what_would_be_done_instead_and_what_each_would_pay(stage: Stage) -> None:
    assert service.read(stage.ballot).count.winners == tuple(stage.ids("Square", "Lamps"))
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE) == 1
    found = opinion(stage)
    # ten households have 10 each: the six pay for the square, the four for benches and shed
    assert [(o.item.name, o.households, o.pays_fen) for o in found.instead] == [
        ("Benches", 4, 8),
        ("Shed", 4, 3),
    ]
    assert [(o.item.name, o.households) for o in found.not_there] == [("Lamps", 5)]
    # shares may grow until the lamps came within reach, which would be too much: at 18 each
    assert (found.spent_fen, found.share_fen, found.agrees) == (100, 17, False)


def test_the_record_tells_winners_money_and_units_and_nothing_else(stage: Stage) -> None:
    assert second_opinion.for_the_record(stage.ballot) is None
    second_opinion.work_out(stage.ballot.id, AFTER_CLOSE)
    told = second_opinion.for_the_record(stage.ballot)
    assert told is not None
    assert told.keys() == {"winners", "spent_fen", "units"}
    assert sorted(told["winners"]) == sorted(stage.ids("Square", "Benches", "Shed"))  # type: ignore[call-overload]


def test_it_is_worked_out_once(stage: Stage) -> None:
    assert second_opinion.waiting(AFTER_CLOSE) == [stage.ballot.id]
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE) == 1
    assert second_opinion.waiting(AFTER_CLOSE + 2 * LEASE) == []
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE + 2 * LEASE) == 0


def test_two_at_once_are_one_and_one_that_leaves_it_alone(stage: Stage) -> None:
    first, second = (Hold(stage.ballot.id, AFTER_CLOSE + timedelta(seconds=n)) for n in range(2))
    assert first.take()
    assert not second.take()
    assert second_opinion.waiting(AFTER_CLOSE) == []
    first.finish("{}")
    assert row(stage).body == "{}"


def test_one_that_fell_silent_is_begun_again_and_its_first_worker_learns_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_opinion, "TELL_AFTER_S", 0)
    silent, later = Hold(stage.ballot.id, AFTER_CLOSE), AFTER_CLOSE + LEASE + timedelta(seconds=9)
    assert silent.take()
    silent.tell(0)
    silent.tell(1)
    assert row(stage).steps_done == 2
    assert second_opinion.waiting(later) == [stage.ballot.id]
    next_one = Hold(stage.ballot.id, later)
    assert next_one.take()
    assert row(stage).steps_done == 0
    with pytest.raises(Overtaken):
        silent.tell(2)
    with pytest.raises(Overtaken):
        silent.finish('{"winners": []}')
    next_one.finish("{}")
    assert row(stage).body == "{}"


def test_whoever_is_overtaken_on_the_way_writes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_opinion, "TELL_AFTER_S", 0)
    tell, later = Hold.tell, AFTER_CLOSE + 2 * LEASE

    def overtaken_first(hold: Hold, units: int) -> None:
        monkeypatch.setattr(Hold, "tell", tell)
        assert second_opinion.work_out(hold.ballot_id, later) == 1
        tell(hold, units)

    monkeypatch.setattr(Hold, "tell", overtaken_first)
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE) == 0
    assert json.loads(row(stage).body or "{}")["spent_fen"] == 100


def test_a_process_that_is_killed_on_the_way_leaves_it_to_the_next(
    app: Flask, stage: Stage
) -> None:
    ballot_id = stage.ballot.id
    db.session.rollback()
    with drill(app, "opinion-half-way", ballot_id, AFTER_CLOSE.isoformat()) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half way"
        assert second_opinion.work_out(ballot_id, AFTER_CLOSE + timedelta(seconds=9)) == 0
        process.kill()
        process.wait()
    assert row(stage).body is None
    assert second_opinion.work_out(ballot_id, AFTER_CLOSE + 2 * LEASE) == 1
    assert not opinion(stage).agrees


@pytest.mark.parametrize(
    "terms",
    [
        Terms(way=Way.POINTS, points=10),
        Terms(way=Way.RANK),
        Terms(way=Way.JUDGE),
        Terms(way=Way.RANK, rule=Rule.RUNOFF),
    ],
)
def test_only_where_items_are_picked_for_money_is_there_one(
    app: Flask, world: World, terms: Terms
) -> None:
    menu = add_menu(world, items=ITEMS, budget_fen=100)
    stage = voted(app, world, terms, [{"Lamps": 1}] * 2, menu=menu)
    seal(stage)
    assert second_opinion.waiting(AFTER_CLOSE) == []
    assert second_opinion.of(stage.ballot, service.read(stage.ballot).count) is None


def test_nobody_voted_and_still_it_comes_to_an_end(app: Flask, world: World) -> None:
    stage = voted(app, world)
    seal(stage)
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE) == 1
    assert opinion(stage).agrees


def test_where_lots_are_drawn_it_goes_by_the_menu(app: Flask, world: World) -> None:
    menu = add_menu(world, items=ITEMS, budget_fen=100, most=None)
    stage = voted(app, world, Terms(), GIVEN, menu=menu, tie_method=TieMethod.LOT)
    seal(stage)
    assert second_opinion.work_out(stage.ballot.id, AFTER_CLOSE) == 1
    assert [other.item.name for other in opinion(stage).instead] == ["Benches", "Shed"]


# --- pages ---------------------------------------------------------------------------------------


def test_pages_tell_how_far_it_has_come_and_then_the_difference(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    publish(stage)
    address = f"/result/{stage.ballot.id}"
    assert browser.see(address).says("正在算")
    second_opinion.work_out(stage.ballot.id, AFTER_CLOSE)
    page = browser.see(address)
    assert not page.says("正在算")
    assert page.says("选“Benches”的4户，每户出约1元，就凑够了")
    assert page.says("选“Lamps”的5户，手里的钱凑不够")
    assert page.says("只给大家参考，不改结果")
    sign_in(browser, stage.who("organizer"))
    assert browser.see(f"/desk/ballot/{stage.ballot.id}/result").says("手里的钱凑不够")


def test_where_both_agree_a_page_says_so(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    stage = voted(app, world, Terms(), [{"Lamps": 1}] * 3)
    seal(stage)
    second_opinion.work_out(stage.ballot.id, AFTER_CLOSE)
    publish(stage)
    clock.is_now(AFTER_CLOSE)
    assert browser.see(f"/result/{stage.ballot.id}").says("选出来的一样")
