"""What phones are told of a meeting: the same for everybody, gathered once for each state of it.

Polls read the meeting's row, the item that it is at and what that asks; all else is kept by the tag
that these make, so that a thousand phones cost what one does.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.counting.canon import digest
from surveys.meetings import agenda, asking, opinions, polls, rules
from surveys.meetings.models import AgendaItem, Meeting, OpinionState
from surveys.meetings.polls import Question
from surveys.meetings.rules import State

SHOWN = 12
"""opinions on a phone, the newest first: more are read by nobody during a meeting"""
MOST_KEPT = 64

_true_at: dict[tuple[str, str], float] = {}
_told: dict[str, "Told"] = {}


@dataclass(frozen=True, slots=True)
class Card:
    """An opinion as everybody may read it."""

    id: str
    number: int
    text: str
    too: int
    """households, and phones without a door, that said 我也是"""
    is_kept: bool
    """in the ledger"""


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the agenda."""

    title: str
    kind: str
    """message id"""
    is_now: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What is asked at the present item and takes answers."""

    thing: str
    """of `asking.Thing`"""
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a phone shows of a meeting."""

    tag: str
    """changes when, and only when, something of it does"""
    state: State
    agenda: Sequence[Line]
    now: str
    """title of the item that the meeting is at; empty: at none"""
    text: str
    """what is announced there"""
    cards: Sequence[Card]
    asked: Opened | None
    """what one can answer now"""
    question: Question | None
    """of the spot: to be answered here, or with what came of it"""
    said: int
    """opinions that everybody may read"""
    kept: int
    """of them in the ledger: all, unless no round is on in the courtyard"""


def still_true(meeting_id: str, tag: str, kept_ms: int) -> bool:
    """Whether `tag` was true so short a while ago that nobody need look again."""
    seen_at = _true_at.get((meeting_id, tag))
    return seen_at is not None and time.monotonic() - seen_at < kept_ms / 1000


def hold_true(meeting_id: str, tag: str) -> None:
    """Remember that `tag` is true now."""
    if len(_true_at) >= MOST_KEPT:
        _true_at.clear()
    _true_at[meeting_id, tag] = time.monotonic()


def told(meeting: Meeting, at: datetime) -> Told:
    """What phones are told at `at`."""
    asked = asking.open_now(meeting, at)
    open_id = asked.id if asked else ""
    tag = digest([meeting.id, meeting.revision, rules.state(meeting).value, open_id])[:16]
    if tag not in _told:
        if len(_told) >= MOST_KEPT:
            _told.clear()
        opened = Opened(asked.thing.value, asked.title, asked.address) if asked else None
        _told[tag] = _gathered(meeting, tag, opened)
    return _told[tag]


def _gathered(meeting: Meeting, tag: str, opened: Opened | None) -> Told:
    items = agenda.items_of(meeting)
    now = next((item for item in items if item.id == meeting.item_id), None)
    cards = _cards(meeting)
    state = rules.state(meeting)
    return Told(
        tag=tag,
        state=state,
        agenda=[_line(item, is_now=state is State.ON and item is now) for item in items],
        now=now.title if now else "",
        text=now.text if now else "",
        asked=opened,
        question=polls.question_now(meeting) if state is State.ON else None,
        cards=cards[:SHOWN],
        said=len(cards),
        kept=sum(card.is_kept for card in cards),
    )


def _line(item: AgendaItem, *, is_now: bool) -> Line:
    return Line(item.title, rules.KIND_NAMES[item.kind], is_now)


def _cards(meeting: Meeting) -> list[Card]:
    too = opinions.supporters(meeting.id)
    found = opinions.of_meeting(meeting.id, {OpinionState.ADMITTED})
    return [
        Card(
            id=one.id,
            number=one.number,
            text=opinions.shown(one) or "",
            too=too.get(one.id, 0),
            is_kept=one.suggestion_id is not None,
        )
        for one in reversed(found)
    ]
