"""A question of the spot: once a household or phone, changed until the close, then gone."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from surveys.base.db import db
from surveys.errors import Invalid, Refused, TooOften
from surveys.meetings import polls, rules
from surveys.meetings.models import Meeting, Poll, PollVote
from surveys.meetings.phones import TAPS_MOST
from tests.ballots.test_races import at_once
from tests.meetings.asked import BEGUN, CALLED, facts, first_item, lines, meeting_on, phone
from tests.world import World

NOW = BEGUN + timedelta(minutes=10)
AGREE = rules.CHOICE_SETS["agree"]


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_on(world)


def ask(meeting: Meeting, question: str = "Close the gate?", at: datetime = NOW) -> Poll:
    item = first_item(meeting).id
    return polls.ask(meeting, question, AGREE, item_id=item, called=CALLED, at=at)


def close(poll: Poll) -> polls.Figures:
    polls.close(poll, called=CALLED, at=NOW)
    found = polls.figures_of(db.session.get_one(Poll, poll.id))
    assert found is not None
    return found


def counts(figures: polls.Figures) -> list[int]:
    return [number for _, number in figures.counts]


def test_households_and_phones_answer_and_change_until_the_close(
    world: World, meeting: Meeting
) -> None:
    poll = ask(meeting)
    polls.answer(poll, phone(world, 0), 1, at=NOW)
    polls.answer(poll, phone(world, 0, of="b"), 2, at=NOW)
    polls.answer(poll, phone(world, 1), 2, at=NOW)
    polls.answer(poll, phone(world), 3, at=NOW)
    assert (poll.households, poll.phones) == (2, 1)
    assert polls.answer_of(polls.question_now(meeting), phone(world, 0)) == 2
    figures = close(poll)
    assert counts(figures) == [0, 2, 1]
    assert (figures.households, figures.phones, figures.answers) == (2, 1, 3)
    assert figures.few


def test_who_finds_the_slip_later_counts_as_the_household_alone(
    world: World, meeting: Meeting
) -> None:
    poll = ask(meeting)
    polls.answer(poll, phone(world), 1, at=NOW)
    polls.answer(poll, phone(world, 3), 1, at=NOW)
    assert (poll.households, poll.phones) == (1, 0)
    assert counts(close(poll)) == [1, 0, 0]


def test_no_figure_is_known_before_the_close_and_no_answer_after_it(
    world: World, meeting: Meeting
) -> None:
    poll = ask(meeting)
    polls.answer(poll, phone(world, 0), 1, at=NOW)
    assert polls.figures_of(poll) is None
    close(poll)
    assert db.session.scalars(db.select(PollVote)).all() == []


def test_the_minutes_tell_what_was_asked_and_what_came(world: World, meeting: Meeting) -> None:
    poll = ask(meeting)
    polls.answer(poll, phone(world, 0), 1, at=NOW)
    close(poll)
    close(poll)
    assert [line[:5] for line in lines(meeting)] == ["当场问：%", "当场问的截"]
    kept = json.loads(facts(meeting))
    assert kept["said"] == "同意 1，不同意 0，再商量 0"
    assert (kept["households"], kept["phones"]) == (1, 0)


def test_asked_twice_by_a_double_tap_is_one_and_only_one_is_open(
    world: World, meeting: Meeting
) -> None:
    poll = ask(meeting)
    assert ask(meeting).id == poll.id
    with pytest.raises(Refused, match="还开着"):
        ask(meeting, "Another?")
    db.session.rollback()
    close(poll)
    assert polls.open_poll(meeting) is None
    again = ask(meeting, "Another?", NOW + timedelta(minutes=1))
    assert polls.latest(meeting, first_item(meeting).id) == again
    assert [each.id for each in polls.of_meeting(meeting)] == [poll.id, again.id]


def test_not_even_the_database_holds_two_open_ones(meeting: Meeting) -> None:
    poll = ask(meeting)
    twin = Poll(
        courtyard_id=poll.courtyard_id,
        meeting_id=poll.meeting_id,
        question="Q",
        choices=poll.choices,
        opened_at=NOW,
    )
    db.session.add(twin)
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    ("question", "choices", "says"),
    [
        (" ", AGREE, "要问的一句话"),
        ("Q" * 81, AGREE, "太长了"),
        ("Q", ["Only"], "2 到 6"),
        ("Q", ["a", "b", "c", "d", "e", "f", "g"], "2 到 6"),
        ("Q", ["a", "a"], "一样"),
        ("Q", ["a", "b" * 21], "太长了"),
    ],
)
def test_a_question_that_cannot_stand_is_refused(
    meeting: Meeting, question: str, choices: list[str], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        polls.ask(meeting, question, choices, item_id=None, called=CALLED, at=NOW)


def test_nothing_is_asked_before_the_meeting_and_after_it(meeting: Meeting) -> None:
    meeting.ended_at = NOW
    db.session.commit()
    with pytest.raises(Refused, match="会开着"):
        ask(meeting)


def test_an_answer_to_a_closed_question_is_told(world: World, meeting: Meeting) -> None:
    poll = ask(meeting)
    close(poll)
    with pytest.raises(Refused, match="已经截止"):
        polls.answer(poll, phone(world, 0), 1, at=NOW)
    db.session.rollback()
    with pytest.raises(Invalid):
        polls.answer(ask(meeting, "Another?"), phone(world, 0), 4, at=NOW)


def test_one_phone_changing_its_mind_a_thousand_times_is_stopped_and_no_other(
    world: World, meeting: Meeting
) -> None:
    poll = ask(meeting)
    for n in range(TAPS_MOST):
        polls.answer(poll, phone(world), 1 + n % 2, at=NOW)
    with pytest.raises(TooOften):
        polls.answer(poll, phone(world), 1, at=NOW)
    polls.answer(poll, phone(world), 2, at=NOW)  # that is what stands: nothing is counted
    polls.answer(poll, phone(world, of="b"), 1, at=NOW)
    assert counts(close(poll)) == [1, 1, 0]


def test_answers_that_come_while_it_closes_are_in_or_told(
    app: Flask, world: World, meeting: Meeting
) -> None:
    poll_id = ask(meeting).id

    def answer(n: int) -> Callable[[], str]:
        def act() -> str:
            try:
                polls.answer(db.session.get_one(Poll, poll_id), phone(world, n), 1, at=NOW)
            except Refused as fault:
                db.session.rollback()
                return "told" if fault.msgid == polls.OVER else fault.msgid
            return "in"

        return act

    def shut() -> str:
        polls.close(db.session.get_one(Poll, poll_id), called=CALLED, at=NOW)
        return "closed"

    acts: list[Callable[[], str]] = [answer(n) for n in range(20)]
    acts[8:8] = [shut, shut]
    said = at_once(app, acts, 8)
    assert set(said) <= {"in", "told", "closed"}
    db.session.expire_all()
    figures = polls.figures_of(db.session.get_one(Poll, poll_id))
    assert figures is not None
    assert counts(figures) == [said.count("in"), 0, 0]
    assert figures.households == said.count("in")
    assert len([line for line in lines(meeting) if line.startswith("当场问的截止")]) == 1


def test_two_phones_of_one_household_at_once_are_one_answer(
    app: Flask, world: World, meeting: Meeting
) -> None:
    poll_id = ask(meeting).id

    def answer(n: int) -> Callable[[], None]:
        def act() -> None:
            polls.answer(
                db.session.get_one(Poll, poll_id), phone(world, 0, of=str(n)), 1 + n % 3, at=NOW
            )

        return act

    at_once(app, [answer(n) for n in range(16)], 8)
    db.session.expire_all()
    assert sum(counts(close(db.session.get_one(Poll, poll_id)))) == 1
