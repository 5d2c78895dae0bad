"""The minutes as they are read, printed and signed: lines as the acts wrote them, and the figures.

What is signed is one canonical JSON text and its SHA-256. Figures in it are read from the tables
that hold them, never from a sentence. An opinion stands in it as number and fingerprint: its words
are shown beside it as long as whoever said it has not taken it back, and the hash holds either way.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from surveys.accounts.models import Account
from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.counting.canon import digest, text_digest
from surveys.courtyards import service as courtyards
from surveys.meetings import agenda, attending, hands, opinions, polls, promises
from surveys.meetings.models import (
    AgendaItem,
    ItemKind,
    Meeting,
    Minute,
    MinuteKind,
    OpinionState,
    Poll,
    Remote,
)

FORMAT = 1


@dataclass(frozen=True)
class Written:
    """The minutes, signed or as they stand now."""

    body: Mapping[str, Any]
    said: Mapping[int, str]
    """number → words of the opinions that may be read, masked"""
    fingerprint: str
    """SHA-256 of the signed text; empty: a draft"""
    signed_by: str = ""

    @cached_property
    def begun_at(self) -> datetime | None:
        """When the meeting began."""
        return _instant(self.body["begun"])

    @cached_property
    def ended_at(self) -> datetime | None:
        """When it ended."""
        return _instant(self.body["ended"])

    @cached_property
    def signed_at(self) -> datetime | None:
        """When they were signed."""
        return _instant(self.body.get("signed"))

    @cached_property
    def items(self) -> list[tuple[str, list[tuple[datetime | None, Mapping[str, Any]]]]]:
        """Item by item its title, empty before the first, and its lines with their instants."""
        titles = {each["id"]: each["title"] for each in self.body["agenda"]}
        found: list[tuple[str, list[tuple[datetime | None, Mapping[str, Any]]]]] = []
        for line in self.body["lines"]:
            title = titles.get(line["item"], "")
            if not found or found[-1][0] != title:
                found.append((title, []))
            found[-1][1].append((_instant(line["at"]), line))
        return found


def of(meeting: Meeting) -> Written:
    """The minutes of a meeting: as they were signed, else as they stand now."""
    said = {
        one.number: words
        for one in opinions.of_meeting(meeting.id, {OpinionState.ADMITTED})
        if (words := opinions.shown(one))
    }
    if meeting.minutes is None:
        return Written(draft(meeting), said, "")
    signer = db.session.get(Account, meeting.signed_by) if meeting.signed_by else None
    body = json.loads(meeting.minutes)
    return Written(body, said, meeting.minutes_hash, signer.title if signer else "")


def is_whole(meeting: Meeting) -> bool:
    """Whether the signed text still has the fingerprint that was taken of it."""
    return text_digest(meeting.minutes or "") == meeting.minutes_hash


def lines_of(meeting: Meeting) -> list[Minute]:
    """Every line in order, with those that were left out."""
    asked = select(Minute).where(Minute.meeting_id == meeting.id)
    return list(db.session.scalars(asked.order_by(Minute.number)))


def facts_of(line: Minute) -> dict[str, Any]:
    """What the act kept with its line: the parameters of its words, and more."""
    found: dict[str, Any] = json.loads(line.facts)
    return found


def text_of(line: Minute) -> str:
    """What stands there: as it was edited, else as the act said it, in the place's language."""
    return line.edited if line.edited is not None else original_of(line)


def original_of(line: Minute) -> str:
    """What the act said, in the place's language: days as people say them."""
    facts = facts_of(line)
    if "due" in facts:
        due = date.fromisoformat(facts["due"])
        facts["due"] = f"{due.month} 月 {due.day} 日"
    return line.say % facts


def draft(meeting: Meeting) -> dict[str, Any]:
    """What would be signed now, as plain data for `canonical_json`."""
    came = attending.counts(meeting)
    items = agenda.items_of(meeting)
    return {
        "format": FORMAT,
        "meeting": meeting.id,
        "title": meeting.title,
        "place": meeting.place,
        "courtyard": courtyards.find(meeting.courtyard_id).name,
        "begun": _iso(meeting.begun_at),
        "ended": _iso(meeting.ended_at),
        "hosts": _hosts(meeting),
        "came": {
            "households": came.households,
            "roll": came.roll,
            "phones": came.phones,
            "visitors": came.visitors,
        },
        "agenda": [{"id": item.id, "title": item.title} for item in items],
        "lines": _lines(meeting),
        "opinions": len(opinions.of_meeting(meeting.id, {OpinionState.ADMITTED})),
        "polls": _polls(meeting),
        "hands": _hands(meeting),
        "ballots": _ballots(items),
        "promises": [
            {"text": one.text, "who": one.who, "due": one.due_on.isoformat()}
            for one in promises.of_meeting(meeting.id)
        ],
    }


def seen_mark(meeting: Meeting) -> str:
    """Tells this draft from one that somebody has changed, for a form to bring back."""
    return digest(draft(meeting))[:16]


def _lines(meeting: Meeting) -> list[dict[str, Any]]:
    every = set(OpinionState)
    prints = {
        one.id: (one.number, digest([one.id, one.text]))
        for one in opinions.of_meeting(meeting.id, every)
    }
    found = []
    for line in lines_of(meeting):
        if line.left_out_at is not None:
            continue
        number, print_ = prints.get(line.subject_id or "", (0, ""))
        told = {
            "n": line.number,
            "at": _iso(line.at),
            "item": line.item_id or "",
            "kind": line.kind.value,
            "by": line.by,
            "text": text_of(line),
        }
        found.append(told | ({"opinion": number, "said": print_} if number else {}))
    return found


def _polls(meeting: Meeting) -> list[dict[str, Any]]:
    asked = select(Poll).where(Poll.meeting_id == meeting.id, Poll.closed_at.is_not(None))
    found = []
    for poll in db.session.scalars(asked.order_by(Poll.opened_at, Poll.id)):
        counted = polls.figures_of(poll)
        if counted is not None:
            found.append(
                {
                    "question": poll.question,
                    "counts": [list(each) for each in counted.counts],
                    "households": poll.households,
                    "phones": poll.phones,
                }
            )
    return found


def _hands(meeting: Meeting) -> list[dict[str, Any]]:
    return [
        {
            "question": show.question,
            "people": show.people,
            "counts": [list(each) for each in show.totals],
            "places": [
                {"where": list(count.where), "people": count.people, "counts": dict(count.hands)}
                for count in show.counts
            ],
        }
        for show in hands.shows_of(meeting)
    ]


def _ballots(items: Sequence[AgendaItem]) -> list[dict[str, Any]]:
    """Who took part in what was picked at the meeting; what they picked is told by its result."""
    opened = [
        item for item in items if item.kind is ItemKind.PICK and item.opened_at and item.about_id
    ]
    found = []
    for item in opened:
        ballot = db.session.get(Ballot, item.about_id)
        if ballot is not None:
            found.append(
                {
                    "id": ballot.id,
                    "title": ballot.title,
                    "households": ballot.households_in,
                    "roll": ballot.roll_count,
                }
            )
    return found


def _hosts(meeting: Meeting) -> list[str]:
    """Who held the remote, in the order of taking it."""
    taken = select(Remote.host).where(Remote.meeting_id == meeting.id, Remote.taken_at.is_not(None))
    return list(dict.fromkeys(db.session.scalars(taken.order_by(Remote.taken_at, Remote.id))))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def decisions(written: Written) -> list[str]:
    """What staff noted besides, among which is what was decided."""
    notes = (line for line in written.body["lines"] if line["kind"] == MinuteKind.NOTE)
    return [line["text"] for line in notes]
