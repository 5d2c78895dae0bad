"""Chains of events: each link carries the hash of the one before it, and a row holds the head.

A body is canonical JSON and tells no time finer than the day. Every room that keeps a chain says
here which row holds its head and which table its links lie in; the queue is the lock on that row.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import String, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base import clock
from surveys.base.db import WithId, db, table_of
from surveys.counting.canon import canonical_json, text_digest


class HoldsChain(WithId):
    """Columns of a row that holds the head of a chain."""

    events: Mapped[int] = mapped_column(default=0, sort_order=1)
    head: Mapped[str] = mapped_column(String(64), default="", sort_order=1)
    """hash of the newest event of the chain"""


class ChainLink:
    """Columns of a link beside the head's id: never a choice, and no time within the day."""

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=1)
    body: Mapped[str] = mapped_column(sort_order=1)
    """canonical JSON: kind, number, day, previous hash, and what the kind needs"""
    hash: Mapped[str] = mapped_column(String(64), sort_order=1)


Head = TypeVar("Head", bound=HoldsChain)
Link = TypeVar("Link", bound=ChainLink)


class Chains(Generic[Head, Link]):
    """The chains of one room.

    Args:
        head: table whose rows hold the heads.
        link: table of the links, with a column `<name>_id` beside number, body and hash.
        name: what a head is called in the bodies of its links.
    """

    def __init__(self, head: type[Head], link: type[Link], name: str) -> None:
        self.link, self.name = link, name
        self._of = table_of(cast(Any, link)).c[f"{name}_id"]
        self._append = insert(table_of(cast(Any, link)))
        self._lock = (
            select(head)
            .where(table_of(cast(Any, head)).c.id == bindparam("head"))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    def append(
        self, head: Head, kind: str, body: Mapping[str, object], at: datetime, zone: str
    ) -> None:
        """Add a link at the end. The caller holds the lock on the head's row.

        Args:
            zone: IANA name of the zone whose calendar day is written down.
        """
        number = head.events + 1
        text = canonical_json(
            {
                **body,
                self.name: head.id,
                "kind": kind,
                "number": number,
                "day": clock.day(at, zone).isoformat(),
                "previous": head.head,
            }
        )
        digest = text_digest(text)
        link = {f"{self.name}_id": head.id, "number": number, "body": text, "hash": digest}
        db.session.connection().execute(self._append, link)  # past the session: all flushed once
        head.events, head.head = number, digest

    def lock(self, head_id: str) -> Head:
        """The head as it is now, held until the commit: the one deliberate queue, taken last.

        A weaker lock than the foreign keys of other rows would conflict with: two that come at
        once wait for each other here, and never in a circle.
        """
        return db.session.scalars(self._lock, {"head": head_id}).one()

    def links_of(self, head: Head) -> list[Link]:
        """The links in order."""
        found = select(self.link).where(self._of == head.id).order_by(self.link.number)
        return list(db.session.scalars(found))

    def of_kind(self, head: Head, kind: str) -> list[dict[str, Any]]:
        """The bodies of the links of one kind, in order."""
        found = db.session.scalars(
            select(self.link.body)
            .where(self._of == head.id, self.link.body.like(f'%"kind":"{kind}"%'))
            .order_by(self.link.number)
        )
        return [json.loads(text) for text in found]

    def verify(self, head: Head) -> int | None:
        """Number of the first link that does not hold, one past the end where the end is missing.

        None: the chain is whole and ends where its head says.
        """
        previous = ""
        expected = 0
        for expected, link in enumerate(self.links_of(head), 1):
            if not self._holds(link, head.id, expected, previous):
                return expected
            previous = link.hash
        whole = (expected, previous) == (head.events, head.head)
        return None if whole else min(expected, head.events) + 1

    def _holds(self, link: Link, head_id: str, number: int, previous: str) -> bool:
        if link.number != number or link.hash != text_digest(link.body):
            return False
        try:
            body = json.loads(link.body)
            said = (body[self.name], body["number"], body["previous"])
        except (ValueError, KeyError, TypeError):  # somebody wrote what we never would
            return False
        return said == (head_id, number, previous)
