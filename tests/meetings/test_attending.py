"""Who came: by scan, by hand, as a number; each counted once and said with what it counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused, TooOften
from surveys.meetings import attending, rules
from surveys.meetings.models import Attendance, Meeting
from tests.meetings.people import DURING, add_meeting, at_once, phone
from tests.world import AT, World


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A meeting that is on."""
    return add_meeting(world)


def numbers(meeting: Meeting) -> tuple[int, int, int]:
    found = attending.counts(meeting)
    return found.households, found.phones, found.visitors


@pytest.mark.parametrize(
    ("minutes_before", "begun", "ended", "cancelled", "takes"),
    [
        (61, False, False, False, False),
        (60, False, False, False, True),
        (-30, False, False, False, True),
        (-13 * 60, False, False, False, False),
        (-30, True, False, False, True),
        (-30, True, True, False, False),
        (30, False, False, True, False),
    ],
)
def test_phones_sign_in_from_an_hour_before_until_the_end(
    minutes_before: int, begun: bool, ended: bool, cancelled: bool, takes: bool
) -> None:
    meeting = Meeting(
        starts_at=AT,
        begun_at=AT if begun else None,
        ended_at=AT if ended else None,
        cancelled_at=AT if cancelled else None,
    )
    assert rules.takes_names(meeting, AT - timedelta(minutes=minutes_before)) is takes


def test_a_household_is_here_once_from_however_many_phones(meeting: Meeting, world: World) -> None:
    home = world.households[0]
    for name in ("her phone", "his phone", "her phone"):
        attending.sign_in(meeting, phone(name, home), at=DURING)
    attending.tick(meeting, home, by=world.accounts["clerk"], at=DURING)
    assert numbers(meeting) == (1, 0, 0)
    assert attending.counts(meeting).roll == 24


def test_a_phone_without_a_door_is_a_phone_and_no_household(meeting: Meeting) -> None:
    for _ in range(2):
        attending.sign_in(meeting, phone("a"), at=DURING)
    attending.sign_in(meeting, phone("b"), at=DURING)
    assert numbers(meeting) == (0, 2, 0)


def test_a_phone_that_finds_its_slip_is_its_household_and_no_more(
    meeting: Meeting, world: World
) -> None:
    attending.sign_in(meeting, phone("a"), at=DURING)
    attending.sign_in(meeting, phone("a", world.households[3]), at=DURING)
    assert numbers(meeting) == (1, 0, 0)
    assert not attending.is_here(meeting, phone("a")), "the next family's turn starts afresh"


def test_what_was_signed_or_ticked_is_taken_back_and_done_again(
    meeting: Meeting, world: World
) -> None:
    home, clerk = world.households[0], world.accounts["clerk"]
    attending.sign_in(meeting, phone("a", home), at=DURING)
    attending.sign_out(meeting, phone("a", home), at=DURING)
    attending.sign_out(meeting, phone("a", home), at=DURING)
    assert numbers(meeting) == (0, 0, 0)
    attending.tick(meeting, home, by=clerk, at=DURING)
    attending.untick(meeting, home, at=DURING)
    attending.tick(meeting, home, by=clerk, at=DURING)
    assert numbers(meeting) == (1, 0, 0)
    assert db.session.scalar(db.select(db.func.count()).select_from(Attendance)) == 3


def test_visitors_are_a_number_of_people(meeting: Meeting, world: World) -> None:
    before = meeting.revision
    for _ in range(2):
        attending.count_visitors(meeting, 4, by=world.accounts["clerk"], at=DURING)
    assert numbers(meeting) == (0, 0, 4)
    assert meeting.revision == before + 1
    with pytest.raises(Invalid):
        attending.count_visitors(meeting, -1, by=None, at=DURING)


def test_nobody_ticks_a_door_of_another_courtyard(meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        attending.tick(meeting, "nobody", by=None, at=DURING)


def test_once_the_minutes_are_signed_nobody_comes_or_goes(meeting: Meeting, world: World) -> None:
    attending.sign_in(meeting, phone("a"), at=DURING)
    meeting.ended_at = meeting.signed_at = DURING
    db.session.commit()
    acts: list[Callable[[], None]] = [
        lambda: attending.tick(meeting, world.households[0], by=None, at=DURING),
        lambda: attending.sign_out(meeting, phone("a"), at=DURING),
        lambda: attending.count_visitors(meeting, 1, by=None, at=DURING),
        lambda: attending.sign_in(meeting, phone("b"), at=DURING),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert numbers(meeting) == (0, 1, 0)


def test_the_roll_shows_who_is_here_stairwell_by_stairwell(meeting: Meeting, world: World) -> None:
    attending.sign_in(meeting, phone("a", world.households[0]), at=DURING)
    attending.tick(meeting, world.households[1], by=None, at=DURING)
    (stairwell,) = attending.roll(meeting, "1")
    assert stairwell.came == 2
    assert [door.way for door in stairwell.doors[:3]] == ["scan", "tick", None]
    assert attending.came_by_building(meeting) == {"1": (2, 12), "2": (0, 12)}


def test_a_household_that_signs_in_from_four_phones_at_once_is_here_once(
    app: Flask, world: World
) -> None:
    meeting_id, home = add_meeting(world).id, world.households[0]

    def arrive(name: str) -> None:
        attending.sign_in(db.session.get_one(Meeting, meeting_id), phone(name, home), at=DURING)

    assert at_once(app, [lambda n=n: arrive(f"{n}") for n in range(4)]) == []  # type: ignore[misc]
    assert numbers(db.session.get_one(Meeting, meeting_id)) == (1, 0, 0)


def test_one_phone_that_taps_without_end_is_told_so_and_a_hundred_phones_are_not(
    meeting: Meeting,
) -> None:
    for _ in range(30):
        attending.sign_in(meeting, phone("a"), at=DURING)
        attending.sign_out(meeting, phone("a"), at=DURING)
    with pytest.raises(TooOften, match="点得太多"):
        attending.sign_in(meeting, phone("a"), at=DURING)
    for n in range(100):
        attending.sign_in(meeting, phone(f"other {n}"), at=DURING)
    assert numbers(meeting) == (0, 100, 0)
