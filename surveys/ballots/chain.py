"""The chain of a ballot's events: each carries the hash of the one before it.

A body is canonical JSON and tells no time finer than the day. None holds a choice.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from surveys.ballots.models import Ballot, Event
from surveys.base import clock
from surveys.base.db import db, table_of
from surveys.counting.canon import canonical_json, text_digest

_APPEND = insert(table_of(Event))
_LOCK = (
    select(Ballot)
    .where(Ballot.id == bindparam("ballot"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def append(ballot: Ballot, kind: str, body: Mapping[str, object], at: datetime, zone: str) -> None:
    """Add an event at the end of the chain. The caller holds the lock on the ballot's row.

    Args:
        kind: open, extend, cast, replace, override, withdrawn, reinstated, close, call_back,
            sign, seal, count, lot or void.
        zone: IANA name of the zone whose calendar day is written down.
    """
    number = ballot.events + 1
    text = canonical_json(
        {
            **body,
            "ballot": ballot.id,
            "kind": kind,
            "number": number,
            "day": clock.day(at, zone).isoformat(),
            "previous": ballot.head,
        }
    )
    head = text_digest(text)
    link = {"ballot_id": ballot.id, "number": number, "body": text, "hash": head}
    db.session.connection().execute(_APPEND, link)  # past the session: the rest is flushed once
    ballot.events, ballot.head = number, head


def lock(ballot_id: str) -> Ballot:
    """The ballot as it is now, held until the commit: the one deliberate queue, taken last.

    A weaker lock than the foreign keys of other rows would conflict with: two households that
    come at once wait for each other here, and never in a circle.
    """
    return db.session.scalars(_LOCK, {"ballot": ballot_id}).one()


def events_of(ballot: Ballot) -> list[Event]:
    """The ballot's events in order."""
    return list(
        db.session.scalars(select(Event).where(Event.ballot_id == ballot.id).order_by(Event.number))
    )


def of_kind(ballot: Ballot, kind: str) -> list[dict[str, Any]]:
    """The bodies of the events of one kind, in order."""
    found = db.session.scalars(
        select(Event.body)
        .where(Event.ballot_id == ballot.id, Event.body.like(f'%"kind":"{kind}"%'))
        .order_by(Event.number)
    )
    return [json.loads(text) for text in found]


def verify(ballot: Ballot) -> int | None:
    """Number of the first event that does not hold, one past the end where the end is missing.

    None: the chain is whole and ends where the ballot says.
    """
    previous = ""
    expected = 0
    for expected, event in enumerate(events_of(ballot), 1):
        if not _holds(event, ballot.id, expected, previous):
            return expected
        previous = event.hash
    whole = (expected, previous) == (ballot.events, ballot.head)
    return None if whole else min(expected, ballot.events) + 1


def _holds(event: Event, ballot_id: str, number: int, previous: str) -> bool:
    if event.number != number or event.hash != text_digest(event.body):
        return False
    try:
        body = json.loads(event.body)
        return (body["ballot"], body["number"], body["previous"]) == (ballot_id, number, previous)
    except (ValueError, KeyError, TypeError):  # somebody wrote what we never would
        return False
