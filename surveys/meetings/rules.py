"""What is true of a meeting: its state, what may be shown and asked at an item, its steps. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

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
    BECAME = "became"
    """what became of the meeting before"""
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


class Where(NamedTuple):
    """Where hands are counted: a stairwell, all of a building, or, without both, all who came."""

    building: str = ""
    stairwell: str = ""


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


FOLLOWS_MS = 700
LEFT_ON_MS = 60_000
GOES_ON_FOR = timedelta(minutes=30)
"""after the end, in which a meeting that was ended by mistake may go on"""
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
LONGEST_QUESTION = 80
LONGEST_CHOICE = 20
"""letters: more does not fit beside a bar on the wall"""
LEAST_CHOICES, MOST_CHOICES = 2, 6
FEW_ANSWERS = 10
"""below so many answers a poll says itself that they tell little"""
MOST_PEOPLE = 999
"""who may stand before one counter"""
CHOICE_SETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "agree": (N_("同意"), N_("不同意"), N_("再商量")),
        "good": (N_("好"), N_("不好")),
        "letters": (N_("甲"), N_("乙")),
    }
)
"""choices of a question asked on the spot, made beforehand"""

_ALWAYS = (
    *(Picture.AGENDA, Picture.BECAME, Picture.CODE, Picture.ROOMS, Picture.OPINION),
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
        Picture.BECAME: N_("上次的事"),
        Picture.CODE: N_("二维码"),
        Picture.FIGURES: N_("数字"),
        Picture.ROOMS: N_("来了几户"),
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


def beat_ms(meeting: Instants, at: datetime) -> int:
    """Milliseconds between two questions of the wall: a wall left on overnight asks seldom."""
    over = meeting.ended_at or meeting.cancelled_at
    if over is None:
        return FOLLOWS_MS
    return FOLLOWS_MS if at - over < GOES_ON_FOR else LEFT_ON_MS


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


def asked(typed: str) -> str:
    """The question of a poll or a show of hands.

    Raises:
        Invalid: nothing was typed, or too much.
    """
    return one_line(typed, LONGEST_QUESTION, N_("请写要问的一句话。"))


def choices(typed: Iterable[str]) -> list[str]:
    """The choices of a question, in the order they were typed, empty lines left out.

    Raises:
        Invalid: too few, too many, too long, or one of them twice.
    """
    found = [one_line(each, LONGEST_CHOICE) for each in typed if tidy(each)]
    if len(set(found)) < len(found):
        raise Invalid(N_("有两个选项一样，请改一个。"))
    if not LEAST_CHOICES <= len(found) <= MOST_CHOICES:
        raise Invalid(
            N_("请写 %(least)d 到 %(most)d 个选项。"), least=LEAST_CHOICES, most=MOST_CHOICES
        )
    return found


def check_hands(counts: Sequence[int], people: int) -> None:
    """Nobody raises a hand twice, and nobody who is not there.

    Raises:
        Invalid: nobody is there, or more hands than people.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise Invalid(N_("在场几个人，请写 1 到 %(most)d。"), most=MOST_PEOPLE)
    if sum(counts) > people:
        raise Invalid(
            N_("举手的加起来有 %(hands)d 个，比在场的 %(people)d 个人还多，请再数一遍。"),
            hands=sum(counts),
            people=people,
        )


def overlap(one: Where, other: Where) -> bool:
    """Whether whoever is counted in one place is counted in the other too."""
    return _within(one, other) or _within(other, one)


def _within(inner: Where, outer: Where) -> bool:
    return all(wanted in {"", has} for has, wanted in zip(inner, outer, strict=True))
