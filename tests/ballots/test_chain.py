"""The chain of events: whoever changes, drops or adds a link is found out."""

import json

import pytest
from flask import Flask

from surveys.ballots import asking, chain
from surveys.ballots.models import Event
from surveys.base.db import db
from surveys.counting.canon import canonical_json, text_digest
from tests.ballots.stage import Stage, drafted, opened


def tampered(stage: Stage, statement: str) -> int | None:
    """What a check says after somebody passed the guards and ran `statement`."""
    dialect = db.engine.dialect.name
    if dialect == "postgresql":
        db.session.execute(db.text("SET session_replication_role = replica"))
    else:
        names = db.session.scalars(
            db.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
        ).all()
        for name in names:
            db.session.execute(db.text(f"DROP TRIGGER {name}"))
    db.session.connection().exec_driver_sql(statement)
    db.session.expire_all()
    found = chain.verify(asking.find(stage.ballot.id))
    db.session.rollback()
    if dialect == "postgresql":
        db.session.execute(db.text("SET session_replication_role = origin"))
        db.session.commit()
    return found


def voted(stage: Stage) -> None:
    for n in range(4):
        stage.cast(n, "Drains")


def test_an_untouched_chain_holds(stage: Stage) -> None:
    voted(stage)
    assert chain.verify(stage.ballot) is None
    assert [e.number for e in chain.events_of(stage.ballot)] == [1, 2, 3, 4, 5]


def test_a_changed_event_is_found(app: Flask, stage: Stage) -> None:
    voted(stage)
    assert tampered(stage, "UPDATE event SET body = replace(body, 'scan', 'visit')") == 2


def test_a_changed_event_with_its_hash_made_anew_is_found_at_the_next(
    app: Flask, stage: Stage
) -> None:
    voted(stage)
    event = db.session.get_one(Event, (stage.ballot.id, 3))
    body = event.body.replace("scan", "visit")
    statement = f"UPDATE event SET body = '{body}', hash = '{text_digest(body)}' WHERE number = 3"
    assert tampered(stage, statement) == 4


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "{}", '{"ballot":1}', "7"])
def test_an_event_that_is_none_at_all_is_found(app: Flask, stage: Stage, body: str) -> None:
    voted(stage)
    statement = f"UPDATE event SET body = '{body}', hash = '{text_digest(body)}' WHERE number = 3"
    assert tampered(stage, statement) == 3


@pytest.mark.parametrize(("one", "other"), [(2, 3), (2, 5), (3, 4)])
def test_swapped_events_are_found(app: Flask, stage: Stage, one: int, other: int) -> None:
    voted(stage)
    first, second = (db.session.get_one(Event, (stage.ballot.id, n)) for n in (one, other))
    places = {one: (second.body, second.hash), other: (first.body, first.hash)}
    told = " ".join(f"WHEN {n} THEN '{body}'" for n, (body, _hash) in places.items())
    hashes = " ".join(f"WHEN {n} THEN '{hash_}'" for n, (_body, hash_) in places.items())
    statement = (
        f"UPDATE event SET body = CASE number {told} ELSE body END, "
        f"hash = CASE number {hashes} ELSE hash END"
    )
    assert tampered(stage, statement) == one


@pytest.mark.parametrize("left", [4, 3, 1, 0])
def test_an_end_that_was_cut_off_is_found(app: Flask, stage: Stage, left: int) -> None:
    voted(stage)
    assert tampered(stage, f"DELETE FROM event WHERE number > {left}") == left + 1


def test_an_appended_event_is_found_though_it_fits_the_one_before(app: Flask, stage: Stage) -> None:
    voted(stage)
    last = db.session.get_one(Event, (stage.ballot.id, 5))
    forged = {**json.loads(last.body), "number": 6, "previous": last.hash}
    body = canonical_json(forged)
    statement = (
        "INSERT INTO event (ballot_id, number, body, hash) "
        f"VALUES ('{stage.ballot.id}', 6, '{body}', '{text_digest(body)}')"
    )
    assert tampered(stage, statement) == 6


def test_an_event_of_another_ballot_is_found(app: Flask, stage: Stage) -> None:
    voted(stage)
    other = opened(app, stage.world, drafted(stage.world, title="Another"))
    statement = (
        "UPDATE event SET body = (SELECT body FROM event AS o WHERE o.ballot_id = "
        f"'{other.ballot.id}' AND o.number = 1), hash = (SELECT hash FROM event AS o "
        f"WHERE o.ballot_id = '{other.ballot.id}' AND o.number = 1) "
        f"WHERE ballot_id = '{stage.ballot.id}' AND number = 1"
    )
    assert tampered(stage, statement) == 1


def test_a_dropped_event_is_found(app: Flask, stage: Stage) -> None:
    voted(stage)
    assert tampered(stage, "DELETE FROM event WHERE number = 3") == 3


def test_a_dropped_last_event_is_found(app: Flask, stage: Stage) -> None:
    voted(stage)
    assert tampered(stage, "DELETE FROM event WHERE number = 5") == 5


def test_events_name_the_day_and_no_finer_time(stage: Stage) -> None:
    voted(stage)
    for event in chain.events_of(stage.ballot):
        body = json.loads(event.body)
        assert body["day"] in {"2026-11-20", "2026-11-21"}
        assert ":" not in json.dumps([body[key] for key in sorted(body)], separators=(",", ";"))
