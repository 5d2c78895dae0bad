"""A show of hands: counted before each stairwell or building, typed in with who stood there.

A count is never changed. Counting a place again takes back what was counted there before, and says
so in the minutes; nobody is counted in two places that hold one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, starmap

from sqlalchemy import ColumnElement, select

from surveys.accounts.rules import one_line
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.rules import place_in_words
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import minutes, polls, rules
from surveys.meetings.models import Hands, Meeting, MinuteKind
from surveys.meetings.rules import State, Where

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted in one place."""

    where: Where
    people: int
    """who were there to raise a hand"""
    hands: Mapping[str, int]
    """by choice, in the order in which they were called"""
    counted_by: str
    id: str
    """of one of its rows, by which it is taken back"""


@dataclass(frozen=True, slots=True)
class Show:
    """One question with all that was counted for it."""

    question: str
    item_id: str | None
    counts: Sequence[Count]

    @property
    def choices(self) -> list[str]:
        """Every choice that was called, in order."""
        return list(dict.fromkeys(choice for count in self.counts for choice in count.hands))

    @property
    def people(self) -> int:
        """Everybody who was there to raise a hand: what the totals are of."""
        return sum(count.people for count in self.counts)

    @property
    def totals(self) -> list[tuple[str, int]]:
        """Each choice and its hands in all places together."""
        return [
            (choice, sum(count.hands.get(choice, 0) for count in self.counts))
            for choice in self.choices
        ]


def shows_of(meeting: Meeting) -> list[Show]:
    """Every question of this meeting that hands were raised for, in the order of asking."""
    rows = _rows(Hands.meeting_id == meeting.id)
    asked: dict[tuple[str | None, str], list[Hands]] = {}
    for row in rows:
        asked.setdefault((row.item_id, row.question), []).append(row)
    order = {where: n for n, where in enumerate(places_of(meeting.courtyard_id))}
    return [
        Show(question, item_id, _counts(found, order))
        for (item_id, question), found in asked.items()
    ]


def latest(meeting: Meeting, item_id: str | None) -> Show | None:
    """The show of hands that was counted last at an item."""
    found = [show for show in shows_of(meeting) if show.item_id == item_id]
    return found[-1] if found else None


def places_of(courtyard_id: str) -> list[Where]:
    """All who are there, then each building with its stairwells, in the order of the doors."""
    found: dict[Where, None] = {Where(): None}
    for building, stairwell in courtyards.stairwells_of(courtyard_id):
        found[Where(building)] = None
        found[Where(building, stairwell)] = None
    return list(found)


def next_place(courtyard_id: str, show: Show | None) -> Where:
    """Which place is likely to be counted next: the stairwell after those that were, or all."""
    if show is None:
        return Where()
    counted = [each.where for each in show.counts]
    left = (
        place
        for place in starmap(Where, courtyards.stairwells_of(courtyard_id))
        if not any(rules.overlap(place, each) for each in counted)
    )
    return next(left, counted[-1])


@retrying
def count(
    meeting: Meeting,
    question: str,
    hands: Mapping[str, int],
    *,
    where: Where,
    people: int,
    counted_by: str,
    typed_by: str,
    item_id: str | None,
    at: datetime,
) -> None:
    """Type in what was counted in one place, instead of what was typed for it before.

    Args:
        hands: raised for each choice, in the order in which they were called.
        people: who were there to raise one.

    Raises:
        Invalid: no question, no such place, choices that cannot stand, more hands than people,
            or nobody who counted.
        Refused: the meeting has not begun or its minutes are signed, or the people of this place
            were counted in a larger or a smaller one.
    """
    said = rules.asked(question)
    rules.check_hands(list(hands.values()), people)
    if rules.choices(hands) != list(hands):
        raise Invalid(N_("选项没写对，请重新填一遍。"))
    who = one_line(counted_by, LONGEST_NAME, N_("请写是谁数的。"))
    meeting = minutes._lock(meeting.id)
    _refuse_unless_countable(meeting)
    if where not in places_of(meeting.courtyard_id):
        raise Invalid(N_("没有这个地方，请从列出来的里面选。"))
    _make_room(meeting, item_id, said, where, at)
    db.session.add_all(
        Hands(
            id=new_id(),
            courtyard_id=meeting.courtyard_id,
            meeting_id=meeting.id,
            item_id=item_id,
            question=said,
            choice=choice,
            position=position,
            building=where[0],
            stairwell=where[1],
            count=raised,
            people=people,
            counted_by=who,
            typed_by=typed_by,
            at=at,
        )
        for position, (choice, raised) in enumerate(hands.items(), 1)
    )
    _tell(
        meeting,
        item_id,
        N_("举手：%(question)s %(place)s在场 %(people)s 人，%(said)s。%(who)s数的"),
        typed_by,
        at,
        question=said,
        place=_place(where),
        people=people,
        said=polls.in_words(hands.items()),
        who=who,
    )
    db.session.commit()


@retrying
def take_back(meeting: Meeting, row_id: str, *, called: str, at: datetime) -> None:
    """Take back what was counted in one place. Pressed twice it is taken back once.

    Raises:
        NotFound: nothing of this meeting was counted under this id.
        Refused: its minutes are signed.
    """
    meeting = minutes._lock(meeting.id)
    row = db.session.get(Hands, row_id)
    if row is None or row.meeting_id != meeting.id:
        raise NotFound
    _refuse_unless_countable(meeting)
    where = _where(row)
    same = _rows(
        Hands.meeting_id == meeting.id,
        Hands.item_id.is_not_distinct_from(row.item_id),
        Hands.question == row.question,
        Hands.building == row.building,
        Hands.stairwell == row.stairwell,
    )
    if row in same:
        _drop(same, at)
        say = N_("撤回举手的数：%(question)s %(place)s")
        _tell(meeting, row.item_id, say, called, at, question=row.question, place=_place(where))
    db.session.commit()


def _rows(*conditions: ColumnElement[bool]) -> list[Hands]:
    """What was counted and not taken back, in the order in which it was typed in."""
    found = select(Hands).where(Hands.taken_back_at.is_(None), *conditions)
    return list(db.session.scalars(found.order_by(Hands.at, Hands.position)))


def _counts(rows: Sequence[Hands], order: Mapping[Where, int]) -> list[Count]:
    placed = sorted(rows, key=lambda row: order.get(_where(row), len(order)))
    found = []
    for place, group in groupby(placed, key=_where):
        here = list(group)
        by_choice = {row.choice: row.count for row in here}
        found.append(Count(place, here[0].people, by_choice, here[0].counted_by, here[0].id))
    return found


def _make_room(
    meeting: Meeting, item_id: str | None, question: str, where: Where, at: datetime
) -> None:
    """Take back what was counted here before; refuse where it was counted around or within."""
    before = _rows(
        Hands.meeting_id == meeting.id,
        Hands.item_id.is_not_distinct_from(item_id),
        Hands.question == question,
    )
    for row in before:
        there = _where(row)
        if there != where and rules.overlap(there, where):
            raise Refused(
                N_("%(place)s已经数过了，同一个人会算两遍。先撤回那一处，再填这一处。"),
                place=_place(there),
            )
    _drop([row for row in before if _where(row) == where], at)


def _drop(rows: Sequence[Hands], at: datetime) -> None:
    for row in rows:
        row.taken_back_at = at


def _refuse_unless_countable(meeting: Meeting) -> None:
    if rules.state(meeting) not in {State.ON, State.ENDED}:
        raise Refused(N_("会开始以后才能数举手。"))
    if meeting.signed_at is not None:
        raise Refused(N_("纪要签过字了，举手的数不能再改。"))


def _where(row: Hands) -> Where:
    return Where(row.building, row.stairwell)


def _place(where: Where) -> str:
    return place_in_words(*where) if where[0] else "全场"


def _tell(
    meeting: Meeting, item_id: str | None, say: str, called: str, at: datetime, **facts: object
) -> None:
    minutes._write(meeting, MinuteKind.HANDS, say, called, at, item_id, None, **facts)
    minutes._touch(meeting)
