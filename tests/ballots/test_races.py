"""Many at once: one household stays one vote, and sealing neither loses nor invents one."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from subprocess import Popen

import pytest
from flask import Flask

from surveys.ballots import asking, chain, keying, rules, sealing
from surveys.ballots.models import Ballot, CountedVote, Entry, EntryState, Participation, Vote
from surveys.ballots.receipts import LENGTH
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.errors import Refused
from tests.ballots.drill import drill
from tests.ballots.stage import SEALS, WHILE_OPEN, Stage, opened
from tests.world import make_world


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def at_once(app: Flask, acts: Sequence[Callable[[], object]], threads: int) -> list[object]:
    """Run the acts in so many threads, each in an app context of its own; what they returned."""

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, acts))


def in_this_thread(stage: Stage) -> Stage:
    """The stage with its ballot read anew, for a thread of its own."""
    return Stage(stage.world, asking.find(stage_id(stage)), stage.keys, stage.secret, stage.items)


def stage_id(stage: Stage) -> str:
    found: str = db.inspect(stage.ballot).identity[0]
    return found


def assert_sound(stage: Stage) -> None:
    """Every household has at most one vote that counts, and every number agrees."""
    db.session.expire_all()
    ballot = db.session.get_one(Ballot, stage_id(stage))
    parts = db.session.scalars(db.select(Participation)).all()
    for part in parts:
        entries = db.session.scalars(
            db.select(Entry).where(Entry.participation_id == part.id)
        ).all()
        counting = [e.number for e in entries if e.state == EntryState.CONFIRMED]
        assert part.current_entry == rules.current(entries)
        assert counting == ([part.current_entry] if part.current_entry else [])
    current = [part for part in parts if part.current_entry is not None]
    assert ballot.households_in == len(current)
    assert len(sealing.current_choices(ballot, stage.keys)) == len(current)
    assert chain.verify(ballot) is None


def test_thirty_two_threads_for_one_household_leave_one_vote(app: Flask, stage: Stage) -> None:
    def act() -> str:
        return in_this_thread(stage).cast(0, random.choice(["Drains", "Lamps", "Benches"]))

    receipts = at_once(app, [act] * 32, 32)
    assert len(set(receipts)) == 1
    assert (count(Participation), count(Entry), count(Vote)) == (1, 32, 32)
    assert stage.ballot.households_in == 1
    assert_sound(stage)


def test_one_form_sent_by_sixteen_threads_is_one_entry(app: Flask, stage: Stage) -> None:
    def act() -> str:
        return in_this_thread(stage).cast(0, "Drains", submission="form")

    assert len(set(at_once(app, [act] * 16, 16))) == 1
    assert (count(Participation), count(Entry), count(Vote)) == (1, 1, 1)
    assert_sound(stage)


def test_every_household_at_once_gets_its_vote(app: Flask, stage: Stage) -> None:
    def cast(n: int) -> str:
        return in_this_thread(stage).cast(n, "Drains")

    acts = [partial(cast, n) for n in range(24)]
    assert len(set(at_once(app, acts, 12))) == 24
    assert_sound(stage)
    assert stage.ballot.households_in == 24


def test_paper_phones_and_withdrawals_of_three_households_at_once_stay_sound(
    app: Flask, stage: Stage
) -> None:
    def anything(n: int) -> None:
        here, chance = in_this_thread(stage), random.Random(n)
        try:
            if chance.random() < 0.4:
                here.cast(n % 3, "Drains")
            elif chance.random() < 0.5:
                here.paper(n % 3, "Lamps")
            else:
                entries = asking.standing(here.ballot, here.household(n % 3)).entries
                if entries:
                    entry = chance.choice(entries)
                    keying.withdraw(entry, "Why", by=here.who("organizer"), at=WHILE_OPEN)
        except Refused:
            db.session.rollback()  # somebody else was quicker; the page would say so

    at_once(app, [partial(anything, n) for n in range(60)], 8)
    assert_sound(stage)


def finish(process: "Popen[str]") -> str:
    """The last word of another process, which must have ended well."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.close()
    told = process.stdout.read()  # not `communicate`: it forgets what came along with "ready"
    assert process.wait(120) == 0, process.stderr.read()
    return told.split("\n")[-2]


def race_with_a_seal(app: Flask, stage: Stage, per_process: int) -> tuple[int, int]:
    """Two processes cast, a third seals in the middle; how many were taken, how many refused."""
    choice, ballot_id = stage.items["Drains"], stage.ballot.id
    ids = [h.id for h in db.session.scalars(db.select(Household).order_by(Household.position))]
    ids = [i for i in ids if i in set(stage.world.households)]
    db.session.rollback()
    first, second = ids[:per_process], ids[-per_process:]
    at = WHILE_OPEN.isoformat()
    with (
        drill(app, "seal-when-told", ballot_id, SEALS.isoformat()) as sealer,
        drill(app, "cast-all", ballot_id, at, choice, *first) as one,
        drill(app, "cast-all", ballot_id, at, choice, *second) as two,
    ):
        for process in (sealer, one, two):
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        while not _some_are_in(app, ballot_id):
            pass
        counted = finish_told(sealer)
        sums = [tuple(map(int, finish(process).split())) for process in (one, two)]
    taken, refused = sum(s[0] for s in sums), sum(s[1] for s in sums)
    assert int(counted) == taken
    return taken, refused


def _some_are_in(app: Flask, ballot_id: str) -> bool:
    found = db.session.scalar(db.select(Ballot.households_in).where(Ballot.id == ballot_id))
    db.session.rollback()
    return bool(found and found >= 3)


def finish_told(process: "Popen[str]") -> str:
    """Give the word, and hear the last one."""
    out, err = process.communicate("now\n", timeout=120)
    assert process.returncode == 0, err
    return out.split("\n")[-2]


def test_sealing_in_the_middle_of_casting_counts_exactly_what_was_taken_in(app: Flask) -> None:
    stage = opened(app, make_world(buildings=6, rooms=20))
    taken, refused = race_with_a_seal(app, stage, 60)
    assert taken + refused == 120
    assert count(CountedVote) == taken
    assert count(Vote) == 0
    assert stage.ballot.id not in stage.keys.held()
    db.session.expire_all()
    assert chain.verify(db.session.get_one(Ballot, stage.ballot.id)) is None


def test_a_vote_that_was_answered_outlives_a_machine_that_is_killed(app: Flask) -> None:
    stage = opened(app, make_world(buildings=6, rooms=20))
    choice, ids = stage.items["Drains"], stage.world.households
    db.session.rollback()
    at = WHILE_OPEN.isoformat()
    with drill(app, "cast-and-tell", stage_id(stage), at, choice, *ids) as process:
        assert process.stdout is not None
        receipts = [process.stdout.readline().strip() for _ in range(30)]
        process.kill()
        receipts += process.stdout.read().split()
        process.wait()
    for receipt in receipts:
        if len(receipt) == LENGTH:  # the last one may have been cut off half said
            facts = asking.find_receipt(receipt)
            assert facts is not None
            assert facts.counted
    assert_sound(stage)


@pytest.mark.long
def test_a_whole_street_casting_while_it_is_sealed(app: Flask) -> None:
    stage = opened(app, make_world(buildings=20, rooms=50))
    taken, refused = race_with_a_seal(app, stage, 500)
    assert taken + refused == 1000
