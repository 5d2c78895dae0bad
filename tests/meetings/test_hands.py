"""A show of hands: what was counted where, of how many people; nobody counted twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import hands, rules
from surveys.meetings.models import Hands, Meeting
from surveys.meetings.rules import Where
from tests.meetings.asked import BEGUN, CALLED, first_item, lines, meeting_on
from tests.world import World

NOW = BEGUN + timedelta(minutes=10)
HERE = Where("1", "1")
THERE = Where("2", "1")


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_on(world)


def count(
    meeting: Meeting,
    yes: int,
    no: int,
    *,
    where: Where = HERE,
    people: int = 20,
    question: str = "A lift?",
    by: str = "Aunt Li",
) -> None:
    hands.count(
        meeting,
        question,
        {"Yes": yes, "No": no},
        where=where,
        people=people,
        counted_by=by,
        typed_by=CALLED,
        item_id=first_item(meeting).id,
        at=NOW,
    )


def show(meeting: Meeting) -> hands.Show:
    found = hands.latest(meeting, first_item(meeting).id)
    assert found is not None
    return found


def test_stairwells_add_up_each_with_its_people(meeting: Meeting) -> None:
    count(meeting, 3, 5, where=THERE, people=9)
    count(meeting, 12, 4, people=18)
    found = show(meeting)
    assert found.totals == [("Yes", 15), ("No", 9)]
    assert found.people == 27
    assert [(c.where, c.people, dict(c.hands)) for c in found.counts] == [
        (HERE, 18, {"Yes": 12, "No": 4}),
        (THERE, 9, {"Yes": 3, "No": 5}),
    ]
    assert found.counts[0].where == ("1", "1")
    assert found.counts[0].counted_by == "Aunt Li"


def test_counted_again_the_new_number_stands_and_the_old_one_is_kept_as_taken_back(
    meeting: Meeting,
) -> None:
    count(meeting, 3, 5)
    count(meeting, 4, 5)
    assert show(meeting).totals == [("Yes", 4), ("No", 5)]
    kept = db.session.scalars(db.select(Hands.count).where(Hands.taken_back_at.is_not(None)))
    assert sorted(kept) == [3, 5]


def test_taken_back_twice_it_is_gone_once_and_the_minutes_say_so(meeting: Meeting) -> None:
    count(meeting, 3, 5)
    row = show(meeting).counts[0].id
    hands.take_back(meeting, row, called=CALLED, at=NOW)
    hands.take_back(meeting, row, called=CALLED, at=NOW)
    assert hands.shows_of(meeting) == []
    assert [line[:2] for line in lines(meeting)] == ["举手", "撤回"]
    with pytest.raises(NotFound):
        hands.take_back(meeting, "nothing", called=CALLED, at=NOW)


@pytest.mark.parametrize(
    ("first", "then"),
    [(HERE, ("1", "")), (("1", ""), HERE), (HERE, ("", "")), (("", ""), ("2", ""))],
)
def test_nobody_is_counted_in_a_place_and_around_it(
    meeting: Meeting, first: Where, then: Where
) -> None:
    count(meeting, 1, 1, where=first)
    with pytest.raises(Refused, match="算两遍"):
        count(meeting, 1, 1, where=then)
    db.session.rollback()
    count(meeting, 1, 1, where=then, question="Something else?")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"yes": 15, "no": 6}, "比在场的"),
        ({"people": 0, "yes": 0, "no": 0}, "在场几个人"),
        ({"people": 1000}, "在场几个人"),
        ({"question": " "}, "要问的一句话"),
        ({"where": ("9", "9")}, "没有这个地方"),
        ({"by": " "}, "谁数的"),
    ],
)
def test_what_cannot_be_is_refused(meeting: Meeting, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        count(meeting, **{"yes": 1, "no": 1, **wrong})  # type: ignore[arg-type]


def test_hands_may_be_typed_in_after_the_meeting_until_the_minutes_are_signed(
    world: World, meeting: Meeting
) -> None:
    meeting.ended_at = NOW
    db.session.commit()
    count(meeting, 1, 1)
    meeting.signed_at, meeting.signed_by = NOW, world.accounts["organizer"]
    db.session.commit()
    with pytest.raises(Refused, match="签过字"):
        count(meeting, 2, 1)


def test_places_are_offered_in_the_order_of_the_doors(meeting: Meeting) -> None:
    assert hands.places_of(meeting.courtyard_id) == [
        ("", ""),
        ("1", ""),
        ("1", "1"),
        ("2", ""),
        ("2", "1"),
    ]


PLACES = st.builds(Where, st.sampled_from(["", "1", "2"]), st.just("")) | st.builds(
    Where, st.sampled_from(["1", "2"]), st.sampled_from(["1", "2"])
)


@given(PLACES, PLACES)
def test_places_overlap_exactly_where_a_door_lies_in_both(one: Where, other: Where) -> None:
    doors = [Where("1", "1"), Where("1", "2"), Where("2", "1"), Where("2", "2")]

    def holds(place: Where, door: Where) -> bool:
        return place[0] in {"", door[0]} and place[1] in {"", door[1]}

    assert rules.overlap(one, other) == any(holds(one, d) and holds(other, d) for d in doors)
