"""Whom a questionnaire has heard from, against a plain count; and the three rates."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import visiting
from surveys.courtyards.models import Household, Visit
from surveys.overview import coverage, rates
from surveys.overview.coverage import Measured
from surveys.overview.rates import LINE_PERCENT, Rate
from surveys.questionnaires import keying, service
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.rules import Given
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, WANTED, opened, opened_now, sent_by_phones
from tests.world import AT, World, sign_in

OUTCOMES = list(visiting.OUTCOMES)


def answered(world: World, questionnaire: str, numbers: list[int], given: Given) -> None:
    """These households answer on paper."""
    asked = service.find(questionnaire)
    for n in numbers:
        home = db.session.get_one(Household, world.households[n])
        typed = keying.Sheet(home, "paper", given, f"{questionnaire} {n}")
        at = clock.now()
        keying.key_in(asked, typed, by=world.accounts["clerk"], at=at, secret=SECRET)


def knocked(world: World, questionnaire: str, n: int, outcome: str, minutes: int = 0) -> None:
    """Somebody was at a door about it."""
    visiting.note(
        db.session.get_one(Household, world.households[n]),
        way="visit",
        outcome=outcome,
        about=questionnaire,
        by=world.accounts["clerk"],
        at=AT + timedelta(minutes=minutes),
    )


def covered(questionnaire: str) -> coverage.Coverage:
    return coverage.of_questionnaire(db.session.get_one(Questionnaire, questionnaire))


@pytest.mark.parametrize("seed", range(3))
def test_every_household_is_counted_once_and_where_it_lives(world: World, seed: int) -> None:
    rng = Random(seed)
    questionnaire = opened(world)
    last: dict[int, str] = {}
    for minutes in range(20):
        n, outcome = rng.randrange(24), rng.choice(OUTCOMES)
        knocked(world, questionnaire, n, outcome, minutes)
        last[n] = outcome
    came = set(rng.sample(range(24), 7))
    answered(world, questionnaire, sorted(came), WANTED)
    found = covered(questionnaire)
    for part, homes in zip(found.buildings, (range(12), range(12, 24)), strict=True):
        mine = [n for n in homes if n not in came]
        left = Counter(last[n] for n in mine if n in last)
        assert (part.roll, part.heard, part.missing) == (12, 12 - len(mine), len(mine))
        assert {key: n for key, n in part.knocks.items() if n} == left
        assert part.untried == len(mine) - left.total()
    assert found.whole.channels == {"paper": 7}
    assert sum(found.noted.values()) >= len(last)


def test_what_was_noted_of_something_else_or_taken_back_does_not_count(world: World) -> None:
    questionnaire = opened(world)
    other = opened(world, "plan")
    knocked(world, other, 0, "refused")
    knocked(world, questionnaire, 1, "absent")
    line = db.session.scalars(db.select(Visit).where(Visit.about == questionnaire)).one()
    visiting.take_back(line, by=world.accounts["clerk"], at=AT)
    found = covered(questionnaire)
    assert found.whole.untried == found.whole.roll == 24
    assert not found.noted


def test_nothing_heard_from_nobody_on_the_roll_is_no_fault() -> None:
    assert coverage.Coverage((), 0, {}).whole.missing == 0
    assert Rate(0, 0).lacking == 0


# --- the three rates -----------------------------------------------------------------------------


@drawn(st.integers(0, 3000), st.integers(1, 3000))
def test_what_lacks_is_just_enough_to_be_above_the_line(part: int, whole: int) -> None:
    lacking = Rate(part, whole).lacking
    assert (part + lacking) * 100 > LINE_PERCENT * whole
    assert not lacking or (part + lacking - 1) * 100 <= LINE_PERCENT * whole


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ([("a", 20), ("b", 9), ("c", 6), ("d", 0)], 29),
        ([("a", 20), ("b", None), ("c", 9), ("d", 6)], 20),  # of 35 the rest is all shown
        ([("a", 20), ("b", None), ("c", None), ("d", 9)], None),
        ([("a", None), ("b", None), ("c", None), ("d", None)], None),
    ],
)
def test_a_rate_says_no_more_than_the_table(
    shown: list[tuple[str, int | None]], told: int | None
) -> None:
    assert rates.sum_of(shown, {"a", "b"}, 35) == told


def rates_of(world: World, *, sees_all: bool = True) -> dict[str, Measured]:
    every = coverage.subjects(world.courtyard, clock.now())
    found = coverage.measured(every[0], every, sees_all=sees_all)
    return {one.measure.name: one for one in found}


def test_the_rates_say_of_which_question_they_are(world: World) -> None:
    plan, glad = opened_now(world, "plan"), opened_now(world, "satisfaction")
    answered(world, plan, list(range(8)), {"q1": ("a",), "q3": ("a",)})
    answered(world, plan, [8, 9, 10], {"q1": ("d",), "q3": ("a",)})
    answered(world, glad, [0], {"q9": ("2",)})
    found = rates_of(world)
    assert found["知晓率"].rate == Rate(8, 11)
    assert found["知晓率"].counted == ["知道，看明白了", "看过，没太看懂"]
    assert found["满意率"].rate == Rate(1, 1)
    seen = rates_of(world, sees_all=False)
    assert seen["知晓率"].rate is None
    assert seen["满意率"].rate is None


def test_where_nobody_was_asked_the_page_says_so(world: World, browser: Browser) -> None:
    questionnaire = opened_now(world)
    sent_by_phones(world, questionnaire, 3, WANTED)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/coverage?about={questionnaire}")
    assert page.says("还没有用“满意度回访”问过")
    assert page.says("花名册 24 户里")
    assert page.says("户答了，花名册24户，占12.5%")
    assert page.says("打印敲门单：还没答的 21 户")


def test_an_observer_reads_who_answered_but_not_who_refused(world: World, browser: Browser) -> None:
    knocked(world, opened_now(world), 0, "refused")
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/coverage")
    assert page.says("还没答")
    assert not page.says("去过了没有")
    assert browser.get(f"/desk/courtyard/{world.courtyard}/coverage?about=x").status_code == 404


def test_before_anything_was_asked_the_page_says_what_to_do(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["clerk"])
    assert browser.see(f"/desk/courtyard/{world.courtyard}/coverage").says("还没有发过问卷")


def test_those_nobody_met_are_listed_from_here(world: World, browser: Browser) -> None:
    q = opened_now(world)
    answered(world, q, [1, 2], WANTED)
    for n, outcome in enumerate(OUTCOMES):
        knocked(world, q, n, outcome)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/coverage?about={q}")
    (link,) = (a for a in page.all("a.button") if "state=left" in str(a.get("href")))
    assert link.text_content() == "列出还没见到人的 20 户"
    assert len(browser.see(str(link.get("href"))).all("li[id]")) == 20
