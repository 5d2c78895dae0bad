"""Signing and sealing: who may, when, what is left afterwards, and that a crash does no harm."""

import json
import os
import signal
from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots import asking, chain, drafting, sealing
from surveys.ballots.models import CountedVote, Participation, TieMethod, Vote
from surveys.ballots.rules import State, state
from surveys.base.db import db
from surveys.counting import ties, ways
from surveys.errors import Refused
from tests.ballots.drill import drill
from tests.ballots.stage import AFTER_CLOSE, CLOSES, SEALS, WHILE_OPEN, Stage, drafted, opened
from tests.world import World


def kinds(stage: Stage) -> list[str]:
    return [json.loads(e.body)["kind"] for e in chain.events_of(stage.ballot)]


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def counted(stage: Stage) -> list[list[str]]:
    rows = db.session.scalars(db.select(CountedVote.choice))
    return sorted(stage.names(ways.parse(row)) for row in rows)


def test_sealing_keeps_what_was_chosen_and_drops_what_could_be_linked(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.cast(1, "Lamps", "Benches")
    stage.cast(1, "Benches")
    stage.paper(2, "Canteen")
    stage.sign()
    sealed = stage.seal()
    assert counted(stage) == [["Benches"], ["Canteen"], ["Drains"]]
    assert sorted(map(stage.names, sealed.choices)) == counted(stage)
    assert count(Vote) == 0
    assert stage.ballot.id not in stage.keys.held()
    assert set(db.session.scalars(db.select(Participation.changed_at_revision))) == {0}
    assert state(stage.ballot, AFTER_CLOSE) is State.SEALED
    assert kinds(stage)[-4:] == ["close", "call_back", "sign", "seal"]
    assert chain.verify(stage.ballot) is None


def test_anybody_with_the_salt_can_check_the_hash_of_the_choices(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.cast(1, "Lamps")
    stage.sign()
    sealed = stage.seal()
    event = json.loads(chain.events_of(stage.ballot)[-1].body)
    rows = [ways.parse(row) for row in db.session.scalars(db.select(CountedVote.choice))]
    assert event["choices"] == sealing.choices_hash(rows, sealed.salt)
    assert event["choices"] != sealing.choices_hash(rows[:1], sealed.salt)
    assert event["count"] == 2


def test_the_revealed_tie_seed_is_the_one_committed_to_at_the_opening(stage: Stage) -> None:
    opening = json.loads(chain.events_of(stage.ballot)[0].body)
    stage.sign()
    sealed = stage.seal()
    assert sealed.tie_seed is not None
    assert ties.commitment(bytes.fromhex(sealed.tie_seed)) == opening["tie_seed"]


def test_where_ties_go_to_a_lot_no_seed_is_revealed(app: Flask, world: World) -> None:
    stage = opened(app, world, drafted(world, tie_method=TieMethod.LOT))
    stage.sign()
    assert stage.seal().tie_seed is None


def test_a_ballot_without_votes_can_be_sealed(stage: Stage) -> None:
    stage.sign()
    assert stage.seal().choices == []


def test_signing_puts_the_numbers_by_channel_into_the_chain(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.paper(1, "Lamps")
    stage.sign()
    event = json.loads(chain.events_of(stage.ballot)[-1].body)
    assert event["channels"] == {"scan": 1, "paper": 1, "phone": 0, "visit": 0, "meeting": 0}
    assert event["households_in"] == 2
    assert stage.ballot.signed_by == stage.who("supervisor")


def test_nobody_signs_while_the_ballot_is_open_or_twice(stage: Stage) -> None:
    with pytest.raises(Refused, match="截止以后"):
        stage.sign(at=WHILE_OPEN)
    db.session.rollback()
    stage.sign()
    with pytest.raises(Refused, match="签过字"):
        stage.sign()


def test_nobody_signs_over_entries_that_nobody_compared(stage: Stage) -> None:
    stage.key_in(0, "Drains")
    with pytest.raises(Refused, match="还有 1 张"):
        stage.sign()


@pytest.mark.parametrize(
    ("at", "says"), [(WHILE_OPEN, "还没截止"), (AFTER_CLOSE, "先请监督员签认")]
)
def test_sealing_too_early_is_refused(stage: Stage, at: object, says: str) -> None:
    with pytest.raises(Refused, match=says):
        stage.seal(at=at)  # type: ignore[arg-type]


def test_a_ballot_is_sealed_once(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    stage.seal()
    with pytest.raises(Refused, match="已经封存"):
        stage.seal()
    db.session.rollback()
    assert len(counted(stage)) == 1


def test_at_the_last_hour_it_is_sealed_unsigned_and_what_nobody_confirmed_does_not_count(
    stage: Stage,
) -> None:
    stage.cast(0, "Drains")
    stage.key_in(1, "Lamps")
    sealed = sealing._seal(stage.ballot, by=None, at=SEALS, keys=stage.keys)
    db.session.commit()
    assert (len(sealed.choices), sealed.unconfirmed) == (1, 1)
    event = json.loads(chain.events_of(stage.ballot)[-1].body)
    assert (event["signed"], event["unconfirmed"]) == (False, 1)


def test_the_clock_does_not_seal_before_the_last_hour(stage: Stage) -> None:
    stage.sign()
    with pytest.raises(Refused):
        sealing._seal(stage.ballot, by=None, at=SEALS - timedelta(seconds=1), keys=stage.keys)


def test_one_key_file_is_enough_to_seal_and_none_is_too_few(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    first, second = (folder / f"{stage.ballot.id}.json" for folder in stage.keys.folders)
    held = first.read_bytes()
    first.unlink()
    second.rename(second.with_suffix(".away"))
    with pytest.raises(Refused, match="作废"):
        stage.seal()
    db.session.rollback()
    second.with_suffix(".away").rename(second)
    stage.seal()
    assert counted(stage) == [["Drains"]]
    assert held not in [f.read_bytes() for d in stage.keys.folders for f in d.iterdir()]


def test_a_missing_encrypted_vote_stops_the_sealing(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.cast(1, "Lamps")
    db.session.execute(db.text("DELETE FROM vote WHERE id = (SELECT min(id) FROM vote)"))
    db.session.commit()
    stage.sign()
    with pytest.raises(Refused, match="读不出来"):
        stage.seal()
    db.session.rollback()
    assert count(Vote) == 1


def test_a_broken_chain_stops_the_sealing(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    db.session.execute(db.text("UPDATE ballot SET head = 'x'"))
    db.session.commit()
    stage.ballot = asking.find(stage.ballot.id)
    with pytest.raises(Refused, match="事件链"):
        stage.seal()


def test_the_close_is_written_once_whoever_writes_it(stage: Stage) -> None:
    assert sealing.due_to_close(WHILE_OPEN) == []
    sealing.close(stage.ballot, at=WHILE_OPEN)
    assert "close" not in kinds(stage)
    assert sealing.due_to_close(CLOSES) == [stage.ballot]
    sealing.close(stage.ballot, at=CLOSES)
    sealing.close(stage.ballot, at=CLOSES)
    stage.sign()
    assert kinds(stage).count("close") == 1
    assert sealing.due_to_close(AFTER_CLOSE) == []


def test_nobody_is_let_in_after_the_close_was_written(stage: Stage) -> None:
    sealing.close(stage.ballot, at=CLOSES)
    with pytest.raises(Refused, match="截止"):
        stage.cast(0, "Drains", at=CLOSES - timedelta(seconds=1))


def test_only_what_runs_and_is_past_its_hour_is_due(stage: Stage) -> None:
    assert sealing.due_to_seal(SEALS - timedelta(seconds=1)) == []
    assert sealing.due_to_seal(SEALS) == [stage.ballot]
    stage.sign()
    stage.seal()
    assert sealing.due_to_seal(SEALS) == []


def test_keys_are_not_forgotten_while_they_are_needed(stage: Stage) -> None:
    with pytest.raises(ValueError, match="still needed"):
        sealing.forget_keys(stage.ballot, stage.keys)
    assert sealing.forget_leftover_keys(stage.keys) == 0
    assert stage.ballot.id in stage.keys.held()


def test_keys_that_outlived_a_crash_are_forgotten_by_the_clock(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    sealing._seal(stage.ballot, by=stage.who("organizer"), at=AFTER_CLOSE, keys=stage.keys)
    db.session.commit()  # and here the machine lost power
    assert stage.ballot.id in stage.keys.held()
    assert sealing.forget_leftover_keys(stage.keys) == 1
    assert sealing.forget_leftover_keys(stage.keys) == 0
    assert stage.ballot.id not in stage.keys.held()


def test_a_sealing_killed_half_way_changed_nothing_and_is_begun_again(
    app: Flask, stage: Stage
) -> None:
    for n in range(6):
        stage.cast(n, "Drains" if n % 2 else "Lamps")
    stage.sign()
    db.session.rollback()
    with drill(app, "seal-and-wait", stage.ballot.id, AFTER_CLOSE.isoformat()) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half way"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    db.session.rollback()
    assert (count(Vote), count(CountedVote)) == (6, 0)
    assert stage.ballot.id in stage.keys.held()
    stage.ballot = asking.find(stage.ballot.id)
    stage.seal()
    assert counted(stage) == [["Drains"]] * 3 + [["Lamps"]] * 3
    assert chain.verify(stage.ballot) is None


def test_a_counted_vote_that_nobody_cast_stops_the_sealing(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    db.session.add(CountedVote(ballot_id=stage.ballot.id, choice="{}"))
    db.session.commit()
    with pytest.raises(Refused, match="对不上"):
        stage.seal()
    db.session.rollback()
    assert state(asking.find(stage.ballot.id), AFTER_CLOSE) is State.CLOSED


def test_a_sealed_ballot_cannot_be_voided_whoever_dislikes_it(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    stage.seal()
    db.session.commit()
    with pytest.raises(Refused, match="封存"):
        drafting.void(
            stage.ballot, "Why", by=stage.who("organizer"), at=AFTER_CLOSE, keys=stage.keys
        )
    db.session.rollback()
    assert "void" not in kinds(stage)


def test_a_sealed_ballot_is_published_and_then_cannot_be_voided(stage: Stage) -> None:
    stage.sign()
    with pytest.raises(Refused, match="先封存"):
        sealing._publish(stage.ballot, AFTER_CLOSE)
    db.session.rollback()
    stage.seal()
    sealing._count_event(stage.ballot, "greedy", "0" * 64, "1", at=AFTER_CLOSE)
    sealing._publish(stage.ballot, AFTER_CLOSE)
    db.session.commit()
    assert state(stage.ballot, AFTER_CLOSE) is State.PUBLISHED
    assert kinds(stage)[-1] == "count"
    with pytest.raises(Refused):
        drafting.void(
            stage.ballot, "Why", by=stage.who("organizer"), at=AFTER_CLOSE, keys=stage.keys
        )
