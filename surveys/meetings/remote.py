"""What is on the remote: what the wall shows now, and every button that may be pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.counting.canon import digest
from surveys.meetings import agenda, asking, attending, became, opinions, polls, rules, showing
from surveys.meetings.asking import Asked
from surveys.meetings.hosting import Standing
from surveys.meetings.models import (
    AgendaItem,
    Meeting,
    Opinion,
    OpinionState,
    Picture,
    Poll,
)
from surveys.meetings.rules import State

OPINIONS_OFFERED = 8
"""the latest that may be put onto the wall; older ones are on the page of opinions"""


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything on the remote."""

    state: State
    items: Sequence[AgendaItem]
    item: AgendaItem | None
    next_item: AgendaItem | None
    previous_item: AgendaItem | None
    pictures: Sequence[Picture]
    asked: Asked | None
    left_open: Sequence[AgendaItem]
    """other items at which something is still open"""
    loose_poll: Poll | None
    """a question that is open and was asked at no item"""
    said: Sequence[tuple[Opinion, str]]
    """opinions that may be put onto the wall, the newest first, as they would stand there"""
    shown: str | None
    """the opinion on the wall"""
    waiting: int
    """opinions that wait for a glance"""
    here: attending.Counts
    to_undo: int
    may_go_on: bool
    """ended a short while ago"""


def panel(meeting: Meeting, at: datetime) -> Panel:
    """What is on the remote of a meeting at `at`."""
    items = agenda.items_of(meeting)
    by_id = {item.id: item for item in items}
    order, item = list(by_id), by_id.get(meeting.item_id or "")
    every = opinions.of_meeting(meeting.id, {OpinionState.ADMITTED, OpinionState.WAITING})
    said = [
        (one, words)
        for one in every
        if one.state is OpinionState.ADMITTED and (words := opinions.shown(one))
    ]
    return Panel(
        state=rules.state(meeting),
        items=items,
        item=item,
        next_item=by_id.get(rules.beside(order, meeting.item_id, 1) or ""),
        previous_item=by_id.get(rules.beside(order, meeting.item_id, -1) or ""),
        pictures=_pictures(meeting, item, at),
        asked=asking.asked_at(item, at) if item else None,
        left_open=[one for one in items if one.opened_at and not one.closed_at and one is not item],
        loose_poll=_loose_poll(meeting),
        said=sorted(said, key=lambda one: -one[0].number)[:OPINIONS_OFFERED],
        shown=next((words for one, words in said if one.id == meeting.subject_id), None),
        waiting=sum(one.state is OpinionState.WAITING for one in every),
        here=attending.counts(meeting),
        to_undo=showing.steps_to_undo(meeting),
        may_go_on=showing.may_go_on(meeting, at),
    )


def _loose_poll(meeting: Meeting) -> Poll | None:
    found = polls.open_poll(meeting)
    return found if found is not None and found.item_id is None else None


def _pictures(meeting: Meeting, item: AgendaItem | None, at: datetime) -> list[Picture]:
    """What may be put up; what became of the meeting before only where there was one."""
    every = rules.pictures(item.kind if item else None)
    is_first = became.before(meeting, at) is None
    return [one for one in every if not (is_first and one is Picture.BECAME)]


def tag(meeting: Meeting, standing: Standing, at: datetime) -> str:
    """Changes when, and only when, something on the remote changes."""
    item = agenda.current_item(meeting)
    asked = asking.asked_at(item, at) if item else None
    stage = [asked.id, asked.stage.value, asked.may_open, asked.may_close] if asked else []
    held = standing.remote.id if standing.remote else ""
    late = showing.may_go_on(meeting, at)
    return digest([meeting.id, meeting.revision, held, standing.holds, stage, late])[:16]
