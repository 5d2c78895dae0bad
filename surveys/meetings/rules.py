"""What is true of a meeting: its state, what may be shown and asked at an item, its steps. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from surveys.accounts.rules import one_line, tidy
from surveys.base.words import N_
from surveys.errors import Invalid


class ItemKind(StrEnum):
    """What is done at an item of the agenda."""

    TALK = "talk"
    NEEDS = "needs"
    """show the ledger of needs"""
    ASK = "ask"
    """a questionnaire, a quick poll, a show of hands"""
    PICK = "pick"
    """a picking ballot"""
    VOTE = "vote"
    """an owners' vote"""
    ANNOUNCE = "announce"


class Picture(StrEnum):
    """What the wall shows."""

    AGENDA = "agenda"
    CODE = "code"
    """the QR code of what is open, with its period and turnout"""
    FIGURES = "figures"
    """of the current item: bars, the filling budget, gauges, needs, a poll, a show of hands"""
    ROOMS = "rooms"
    """heard from, as squares"""
    OPINION = "opinion"
    ANNOUNCE = "announce"
    COUNTDOWN = "countdown"
    BLANK = "blank"


class OpinionState(StrEnum):
    """What became of something said at a meeting."""

    WAITING = "waiting"
    """for a glance of the recorder or the host"""
    ADMITTED = "admitted"
    """may be on the wall; is in the ledger"""
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    """by who said it"""


class MinuteKind(StrEnum):
    """What a line of the minutes tells."""

    MEETING = "meeting"
    """begun, ended, host changed"""
    ITEM = "item"
    """an item begun or ended"""
    ASKED = "asked"
    """something opened or closed, with its figures at the close"""
    HANDS = "hands"
    OPINION = "opinion"
    PROMISE = "promise"
    NOTE = "note"


class State(StrEnum):
    """Where a meeting is. Derived from its instants, never stored."""

    PLANNED = "planned"
    ON = "on"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Instants(Protocol):
    """What the state of a meeting follows from."""

    @property
    def begun_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


class Planned(Instants, Protocol):
    """The same, and when it is to begin."""

    @property
    def starts_at(self) -> datetime: ...


LONGEST_TITLE = 80
LONGEST_PLACE = 80
LONGEST_TEXT = 400
"""letters of what an item announces: more does not fit on the wall"""
MOST_ITEMS = 20
ANNOUNCED_BEFORE = timedelta(days=14)
"""a planned meeting stands on the courtyard's page from then on"""
STILL_PLANNED_FOR = timedelta(hours=12)
"""after its time: a meeting that nobody began by then did not take place"""

DOORS_OPEN = timedelta(hours=1)
"""before its time: from then on one may sign in"""
LONGEST_OPINION = 200
"""letters of what somebody says: more does not fit on the wall"""
MOST_VISITORS = 999

_ALWAYS = (
    *(Picture.AGENDA, Picture.CODE, Picture.ROOMS, Picture.OPINION),
    *(Picture.COUNTDOWN, Picture.BLANK),
)
_MORE: Mapping[ItemKind, tuple[Picture, ...]] = MappingProxyType(
    {
        ItemKind.TALK: (),
        ItemKind.NEEDS: (Picture.FIGURES,),
        ItemKind.ASK: (Picture.FIGURES,),
        ItemKind.PICK: (Picture.FIGURES,),
        ItemKind.VOTE: (Picture.FIGURES,),
        ItemKind.ANNOUNCE: (Picture.ANNOUNCE,),
    }
)
KIND_NAMES: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.TALK: N_("大家谈"),
        ItemKind.NEEDS: N_("看台账"),
        ItemKind.ASK: N_("当场问"),
        ItemKind.PICK: N_("点单"),
        ItemKind.VOTE: N_("业主表决"),
        ItemKind.ANNOUNCE: N_("通报"),
    }
)
PICTURE_NAMES: Mapping[Picture, str] = MappingProxyType(
    {
        Picture.AGENDA: N_("议程"),
        Picture.CODE: N_("二维码"),
        Picture.FIGURES: N_("数字"),
        Picture.ROOMS: N_("哪几栋来了"),
        Picture.OPINION: N_("意见"),
        Picture.ANNOUNCE: N_("通报"),
        Picture.COUNTDOWN: N_("倒计时"),
        Picture.BLANK: N_("关屏"),
    }
)
SUBJECT_NAMES: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.ASK: N_("问卷"),
        ItemKind.PICK: N_("点单"),
        ItemKind.VOTE: N_("业主表决"),
    }
)
"""what an item of a kind may be about"""


def state(meeting: Instants) -> State:
    """Where a meeting is."""
    if meeting.cancelled_at is not None:
        return State.CANCELLED
    if meeting.ended_at is not None:
        return State.ENDED
    return State.PLANNED if meeting.begun_at is None else State.ON


def is_announced(meeting: Planned, at: datetime) -> bool:
    """Whether residents are told of it at `at`: it is on, or planned and still to come."""
    now = state(meeting)
    if now is State.PLANNED:
        return at - STILL_PLANNED_FOR <= meeting.starts_at <= at + ANNOUNCED_BEFORE
    return now is State.ON


def takes_names(meeting: Planned, at: datetime) -> bool:
    """Whether a phone may sign in at `at`: while it is on, and in the hour before its time."""
    now = state(meeting)
    return now is State.ON or (
        now is State.PLANNED
        and at >= meeting.starts_at - DOORS_OPEN
        and at <= meeting.starts_at + STILL_PLANNED_FOR
    )


def spoken(typed: str) -> str:
    """What somebody said, as one line.

    Raises:
        Invalid: nothing was typed, or more than the wall has room for.
    """
    return one_line(typed, LONGEST_OPINION, N_("还没有写。写一句话就行。"))


def prose(typed: str) -> str:
    """Lines of text as they were typed, without what is invisible and without empty ends.

    Raises:
        Invalid: more than the wall has room for.
    """
    said = "\n".join(tidy(line) for line in typed.splitlines()).strip()
    if len(said) > LONGEST_TEXT:
        raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=LONGEST_TEXT)
    return said


def pictures(kind: ItemKind | None) -> tuple[Picture, ...]:
    """Which pictures the remote offers at an item; None: at no item."""
    return (*_ALWAYS, *(_MORE[kind] if kind else ()))


def first_picture(kind: ItemKind) -> Picture:
    """What the wall shows when the meeting comes to an item of this kind."""
    own = _MORE[kind]
    return own[0] if own else Picture.AGENDA


def moved(order: Sequence[str], item_id: str, by: int) -> list[str]:
    """The order with one item `by` places further down; at either end it stays."""
    found = list(order)
    here = found.index(item_id)
    there = min(max(here + by, 0), len(found) - 1)
    found.insert(there, found.pop(here))
    return found


def beside(order: Sequence[str], item_id: str | None, by: int) -> str | None:
    """The item `by` places after the present one; None where there is none.

    Where the meeting is at no item yet, the first one follows.
    """
    if item_id not in order:
        return order[0] if order and by > 0 else None
    there = order.index(item_id) + by
    return order[there] if 0 <= there < len(order) else None
