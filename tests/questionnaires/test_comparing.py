"""One questionnaire across courtyards: each row its own, guarded as its own page is."""

from dataclasses import replace

from surveys.base import clock
from surveys.base.db import db
from surveys.counting.cells import guard
from surveys.courtyards.models import Courtyard
from surveys.questionnaires import answering, comparing, figures, rules, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.comparing import Compared, Yard
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, opened_now
from tests.questionnaires.test_copying import copies, copy, roles, yards
from tests.questionnaires.test_races import statements
from tests.world import World, sign_in


def sent(questionnaire: str, picked: str) -> None:
    """A phone of nobody for each letter: which of the first question's choices it picks."""
    asked = service.find(questionnaire)
    for n, key in enumerate(picked):
        given = {"q1": (key,), "q3": ("a",)}
        sender = Sender(f"phone {questionnaire} {n}")
        answering.send(asked, sender, given, f"sheet {n}", at=clock.now(), secret=SECRET)


def spread(world: World, number: int = 2) -> list[str]:
    """The first one and its copies, all open; the plan is asked."""
    first = opened_now(world, "plan")
    copy(world, first, yards(world, number), with_times=True)
    return [first, *(one.id for one in copies(first))]


def compared(world: World, first: str) -> Compared:
    """The first question of the comparison, as the street's organizer reads it."""
    found = comparing.compare(service.find(first), roles(world))
    return found.questions[0]


def of(found: Compared, questionnaire: str) -> Yard:
    return next(y for y in found.yards if y.copy.questionnaire.id == questionnaire)


def test_each_courtyard_is_a_row_of_its_own_numbers(world: World) -> None:
    first, second, third = spread(world)
    sent(first, "a" * 9 + "b" * 7 + "c" * 2 + "d")
    sent(second, "a" * 6 + "d" * 6)
    sent(third, "abcd")
    found = compared(world, first)
    assert of(found, first).answered == 19
    assert of(found, first).numbers == guard([9, 7, 2, 1])
    assert of(found, second).numbers == (6, 0, 0, 6)
    assert of(found, third).numbers == ()
    assert of(found, third).answered == 4
    assert found.hides


def test_a_row_is_what_the_courtyards_own_page_shows(world: World) -> None:
    first, second = spread(world, 1)
    sent(second, "aaaaaaabbbcddddddd")
    shown = figures.for_everybody(figures.exact(service.find(second))).questions[0]
    row = of(compared(world, first), second)
    assert row.numbers == tuple(line.number for line in shown.lines)


def test_where_it_is_asked_in_other_words_the_row_says_so(world: World, browser: Browser) -> None:
    first, second = spread(world, 1)
    questions = service.find(second).every_question
    version = service.find(second).version
    changed = (replace(questions[0], title="方案的事，您听说了吗？"), *questions[1:])
    version.questions, version.digest = rules.write_questions(changed), rules.digest(changed)
    db.session.commit()
    found = compared(world, first)
    assert of(found, second).reworded
    assert not of(found, first).reworded
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/questionnaire/{first}/compare")
    assert page.says("这里的问法不一样")
    assert page.says("您看得到的 2 个院子")
    assert "各院比一比" in browser.see(f"/desk/questionnaire/{first}/answers").text


def test_only_courtyards_that_one_may_look_at_are_compared(world: World, browser: Browser) -> None:
    first = opened_now(world, "plan")
    far = yards(world, 1, area="Far")
    copy(world, first, far, with_times=True)
    sign_in(browser, world.accounts["organizer"])
    page = browser.see(f"/desk/questionnaire/{first}/compare")
    assert page.says("没有可以比的")
    assert db.session.get_one(Courtyard, far[0]).name not in page.text
    assert "各院比一比" not in browser.see(f"/desk/questionnaire/{first}/answers").text


def test_many_courtyards_take_no_more_statements_than_two(world: World) -> None:
    first = spread(world, 30)[0]
    asked = service.find(first)
    with statements() as seen:
        found = comparing.compare(asked, roles(world))
    assert len(found.copies) == 31
    assert len(seen) < 10
    assert [one.number for one in found.questions] == [1, 2, 3, 5, 6, 7, 8]
