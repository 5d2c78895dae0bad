"""A round climbs its ladder step by step."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Forbidden, Invalid, Refused
from surveys.rounds import rules, service
from surveys.rounds.models import Step
from tests.world import AT, World


def begin(world: World) -> list[Step]:
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    by = world.accounts["organizer"]
    return service.steps_of(service.begin(courtyard, "yizheng-sanyi", "2026 年改造", by=by, at=AT))


def close(world: World, step: Step, facts: set[str], held: RoleKind) -> None:
    by = world.accounts[held.value]
    service.close_step(step, facts, by=by, held={held}, at=AT)


def test_a_new_round_stands_on_its_first_step(world: World) -> None:
    steps = begin(world)
    assert [s.name for s in steps] == ["征集", "商议", "点单", "公示", "施工", "评价"]
    ladder = rules.ladder([(s.name, s.closed_at is not None) for s in steps])
    assert [rung.state for rung in ladder] == ["now", *["next"] * 5]


def test_a_step_closes_only_when_what_it_needs_is_there(world: World) -> None:
    first = begin(world)[0]
    with pytest.raises(Refused, match="问卷"):
        close(world, first, set(), RoleKind.ORGANIZER)
    close(world, first, {"questionnaire_closed"}, RoleKind.ORGANIZER)
    with pytest.raises(Refused, match="已经完成"):
        close(world, first, {"questionnaire_closed"}, RoleKind.ORGANIZER)


def test_steps_close_in_order_and_by_the_role_that_confirms_them(world: World) -> None:
    steps = begin(world)
    with pytest.raises(Refused, match="前面"):
        close(world, steps[1], {"menu_ready"}, RoleKind.ORGANIZER)
    with pytest.raises(Forbidden):
        close(world, steps[0], {"questionnaire_closed"}, RoleKind.CLERK)


def test_two_rounds_of_one_name_are_refused(world: World) -> None:
    begin(world)
    with pytest.raises(Invalid, match="2026 年改造"):
        begin(world)


@pytest.mark.parametrize("name", ["", " ", "\x00", "\u200b"])
def test_a_round_has_a_name_that_can_be_seen(world: World, name: str) -> None:
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    with pytest.raises(Invalid, match="名字"):
        service.begin(courtyard, "yizheng-sanyi", name, by=world.accounts["organizer"], at=AT)


@pytest.mark.parametrize(
    ("closed", "states"),
    [
        ([], ()),
        ([False, False], ("now", "next")),
        ([True, False], ("done", "now")),
        ([True, True], ("done", "done")),
    ],
)
def test_the_ladder_shows_one_step_as_now(closed: list[bool], states: tuple[str, ...]) -> None:
    rungs = rules.ladder([(str(n), done) for n, done in enumerate(closed)])
    assert tuple(rung.state for rung in rungs) == states


def test_every_step_that_ships_needs_a_fact_that_has_a_sentence(app: Flask) -> None:
    needs = {s["needs"] for t in service.templates().values() for s in t["steps"]}
    assert needs <= {"", *rules.FACTS}


def days(n: int) -> datetime:
    return AT + timedelta(days=n)


def test_the_timeline_of_a_round_fills_it_without_a_gap() -> None:
    steps = [("Ask", days(20)), ("Talk", days(30)), ("Pick", None), ("Post", None)]
    spans = rules.timeline(steps, AT, days(40))
    assert [(span.state, span.start, span.end) for span in spans] == [
        ("done", 0, 500),
        ("done", 500, 750),
        ("now", 750, 1000),
        ("next", 1000, 1000),
    ]
    assert [span.days for span in spans] == [20, 10, 10, 0]


def test_a_round_that_has_just_begun_has_a_timeline_too() -> None:
    assert {span.end for span in rules.timeline([("Ask", None), ("Talk", None)], AT, AT)} == {0}


@given(closed=st.lists(st.none() | st.integers(-5, 400), max_size=6), now=st.integers(-5, 400))
def test_whenever_steps_close_every_span_stays_within_the_round(
    closed: list[int | None], now: int
) -> None:
    steps = [("Step", None if day is None else days(day)) for day in closed]
    spans = rules.timeline(steps, AT, days(now))
    ends = [end for span in spans for end in (span.start, span.end)]
    assert ends == sorted(ends)
    assert all(0 <= end <= 1000 for end in ends)
