"""What may go wrong around an open ballot: the close in the middle of a rush, a kill, a clock."""

import json
import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func

from surveys.ballots import asking, chain, rules, sealing
from surveys.ballots.models import Ballot, CountedVote, Participation, Vote
from surveys.ballots.rules import State, state
from surveys.base.db import db
from surveys.errors import Refused
from surveys.results.models import Result
from tests.ballots.drill import drill
from tests.ballots.phones import Clock, give_slips, hold_slip, pick, vote
from tests.ballots.stage import AFTER_CLOSE, CLOSES, OPENS, SEALS, WHILE_OPEN, Stage, opened
from tests.ballots.test_races import finish
from tests.manners import Browser
from tests.world import make_world

SECOND = timedelta(seconds=1)


def kinds(stage: Stage) -> list[str]:
    return [json.loads(event.body)["kind"] for event in chain.events_of(stage.ballot)]


def count(model: type) -> int:
    return db.session.scalar(db.select(func.count()).select_from(model)) or 0


def read_anew(stage: Stage, ballot_id: str) -> None:
    db.session.rollback()
    db.session.expire_all()
    stage.ballot = asking.find(ballot_id)


# --- closing in the middle of casting -------------------------------------------------------------


def rush_at_the_close(app: Flask, stage: Stage) -> tuple[int, int]:
    """Two processes cast in the last second, a third writes the close; taken, and refused."""
    choice, ballot_id, ids = stage.items["Drains"], stage.ballot.id, stage.world.households
    half, last = len(ids) // 2, (CLOSES - SECOND).isoformat()
    db.session.rollback()
    with (
        drill(app, "close-when-told", ballot_id, CLOSES.isoformat()) as closing,
        drill(app, "cast-all", ballot_id, last, choice, *ids[:half]) as one,
        drill(app, "cast-all", ballot_id, last, choice, *ids[half:]) as other,
    ):
        for process in (closing, one, other):
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        while count(Participation) < len(ids) // 8:
            db.session.rollback()
        db.session.rollback()
        assert closing.communicate("now\n", timeout=120)[0].strip() == "done"
        told = [tuple(map(int, finish(process).split())) for process in (one, other)]
    read_anew(stage, ballot_id)
    return sum(taken for taken, _ in told), sum(refused for _, refused in told)


def check_the_close(stage: Stage, taken: int) -> None:
    """Nothing came in after the close, and nothing that was taken in is missing."""
    told = [json.loads(event.body) for event in chain.events_of(stage.ballot)]
    assert [e["kind"] for e in told] == ["open", *["cast"] * taken, "close", "call_back"]
    assert told[-2]["households_in"] == taken == stage.ballot.households_in
    assert told[-1]["drawn"] == rules.to_call_back(taken)
    assert len(sealing.current_choices(stage.ballot, stage.keys)) == count(Vote) == taken
    assert chain.verify(stage.ballot) is None


def test_the_close_in_a_rush_lets_nobody_in_behind_it_and_loses_nobody(app: Flask) -> None:
    stage = opened(app, make_world(buildings=5, rooms=16))
    taken, refused = rush_at_the_close(app, stage)
    assert taken + refused == 80
    check_the_close(stage, taken)


@pytest.mark.long
def test_a_whole_street_at_the_close(app: Flask) -> None:
    stage = opened(app, make_world(buildings=20, rooms=50))
    taken, refused = rush_at_the_close(app, stage)
    assert taken + refused == 1000
    assert refused
    check_the_close(stage, taken)


# --- sealing killed ------------------------------------------------------------------------------


def kill_a_sealing(app: Flask, ballot_id: str, after_s: float) -> None:
    """A process begins to seal and count, and is killed so long after."""
    with drill(app, "seal-and-count", ballot_id, SEALS.isoformat()) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        time.sleep(after_s)
        process.kill()
        process.wait()


def check_all_or_nothing(stage: Stage, households: int) -> bool:
    """Sealed altogether, or not at all; which of them."""
    is_sealed = stage.ballot.sealed_at is not None
    whole = (0, households, 1) if is_sealed else (households, 0, 0)
    assert (count(Vote), count(CountedVote), count(Result)) == whole
    assert chain.verify(stage.ballot) is None
    assert kinds(stage).count("seal") == kinds(stage).count("count") == int(is_sealed)
    return is_sealed or stage.ballot.id in stage.keys.held()


def killed_and_begun_again(app: Flask, delays_s: list[float]) -> None:
    stage = opened(app, make_world(buildings=5, rooms=20)).with_votes(100)
    ballot_id = stage.ballot.id
    for after_s in delays_s:
        db.session.rollback()
        kill_a_sealing(app, ballot_id, after_s)
        read_anew(stage, ballot_id)
        assert check_all_or_nothing(stage, 100)
    db.session.rollback()
    with drill(app, "seal-and-count", ballot_id, SEALS.isoformat()) as process:
        assert finish(process) == "done"
    read_anew(stage, ballot_id)
    assert check_all_or_nothing(stage, 100)
    assert stage.ballot.sealed_at is not None
    assert ballot_id not in stage.keys.held()


def test_a_sealing_killed_on_its_way_is_all_or_nothing_and_is_begun_again(app: Flask) -> None:
    killed_and_begun_again(app, [0.02, 0.06])


@pytest.mark.long
def test_a_sealing_killed_again_and_again_is_all_or_nothing(app: Flask) -> None:
    killed_and_begun_again(app, [n / 200 for n in range(24)])


# --- the clock goes back -------------------------------------------------------------------------


def test_a_clock_that_goes_back_before_the_opening_lets_nobody_in_and_keeps_who_is(
    stage: Stage,
) -> None:
    stage.cast(0, "Drains")
    with pytest.raises(Refused, match="才开始"):
        stage.cast(1, "Drains", at=OPENS - SECOND)
    db.session.rollback()
    stage.cast(1, "Drains")
    assert stage.ballot.households_in == 2
    assert chain.verify(stage.ballot) is None


@pytest.mark.parametrize("back_to", [OPENS - SECOND, WHILE_OPEN, CLOSES - SECOND])
def test_a_clock_that_goes_back_after_the_close_opens_nothing_again(
    stage: Stage, back_to: datetime
) -> None:
    stage.cast(0, "Drains")
    sealing.close(stage.ballot, at=CLOSES)
    assert state(stage.ballot, back_to) is State.CLOSED
    with pytest.raises(Refused, match="截止"):
        stage.cast(1, "Drains", at=back_to)
    db.session.rollback()
    assert asking.open_ones(stage.world.courtyard, back_to) == []
    stage.sign(at=back_to)
    stage.seal(at=back_to)
    assert count(CountedVote) == 1
    assert chain.verify(stage.ballot) is None


def test_a_clock_that_went_back_between_a_vote_and_the_close_loses_nothing(stage: Stage) -> None:
    stage.cast(0, "Drains", at=CLOSES - SECOND)
    stage.cast(1, "Lamps", at=OPENS)  # nine days earlier, by a clock that was set back
    stage.cast(0, "Lamps", at=OPENS)
    sealing.close(stage.ballot, at=CLOSES)
    days = [json.loads(event.body)["day"] for event in chain.events_of(stage.ballot)]
    assert days == ["2026-11-20", "2026-11-30", "2026-11-20", "2026-11-20", *["2026-11-30"] * 2]
    assert chain.verify(stage.ballot) is None
    stage.sign()
    assert sorted(stage.names(list(c)) for c in stage.seal().choices) == [["Lamps"], ["Lamps"]]


def test_a_phone_reads_that_it_is_closed_though_the_clock_went_back(
    app: Flask, browser: Browser, stage: Stage, clock: Clock
) -> None:
    give_slips(app, stage.world)
    hold_slip(browser, stage, 0)
    vote(browser, stage, "Drains")
    hold_slip(browser, stage, 1)
    looked = pick(browser, stage, "Lamps")
    clock.is_now(CLOSES)
    sealing.close(stage.ballot, at=CLOSES)
    clock.is_now(WHILE_OPEN)
    address = f"/v/{stage.ballot.id}"
    assert browser.see(address).says("截止了，正在计票")
    sent = browser.send(address, {**looked.form(address), "go": "send"})
    assert (sent.status, sent.says("您刚才选的没有交上")) == (409, True)
    db.session.expire_all()
    assert db.session.get_one(Ballot, stage.ballot.id).households_in == 1
    assert state(stage.ballot, AFTER_CLOSE) is State.CLOSED
