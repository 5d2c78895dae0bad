"""The sheet for the wall: what everybody may read, on one page, and not before its time."""

from datetime import timedelta
from random import Random

from hypothesis import given as drawn
from hypothesis import strategies as st

from surveys.base import clock
from surveys.base.db import db
from surveys.counting.cells import SMALL
from surveys.overview import sheet
from surveys.overview.coverage import Part
from surveys.questionnaires import figures, service
from surveys.questionnaires.figures import Figures, Line, QuestionFigures
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.received import Received
from surveys.questionnaires.rules import Question
from tests.manners import Browser
from tests.questionnaires.asking import opened_now, sent_by_phones
from tests.questionnaires.test_figures import asked_of, send_all
from tests.world import World, sign_in


def closed(questionnaire: str) -> None:
    """It has closed."""
    db.session.get_one(Questionnaire, questionnaire).closes_at = clock.now() - timedelta(seconds=1)
    db.session.commit()


def test_the_sheet_tells_no_number_that_is_hidden(world: World) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(1), 40)
    told, _more = sheet.told(figures.for_everybody(figures.exact(asked)))
    assert {"选几样", "一样一样说", "住了几年"} <= {one.title for one in told}
    lines = [line for one in told for line in (*one.picks, *(row[2] for row in one.rows))]
    assert all(line.number is not None and line.number >= SMALL for line in lines)
    assert all(len(one.picks) <= sheet.PICKS for one in told)


@drawn(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 60)), max_size=60))
def test_only_so_many_questions_as_one_sheet_takes(sizes: list[tuple[int, int]]) -> None:
    questions = tuple(
        QuestionFigures(Question(f"q{n}", "single", "题" * long), 20, (Line("样" * name, 20),))
        for n, (long, name) in enumerate(sizes)
    )
    told, more = sheet.told(Figures(Received(20), (), questions))
    assert len(told) + more == len(sizes)
    assert sum(one.height_mm for one in told) <= sheet.ROOM_MM
    assert [one.title for one in told] == [q.question.title for q in questions[: len(told)]]


def test_buildings_are_named_only_where_all_are_large() -> None:
    large, small = Part("1", roll=12), Part("2", roll=3)
    assert sheet.buildings([large, large]) == [large, large]
    assert not sheet.buildings([large, small])
    assert not sheet.buildings([large])


def test_while_answers_come_in_the_page_warns(world: World, browser: Browser) -> None:
    questionnaire = opened_now(world, "plan")
    sent_by_phones(world, questionnaire, 12, {"q1": ("a",), "q3": ("b",)})
    sign_in(browser, world.accounts["organizer"])
    page = browser.see(f"/desk/questionnaire/{questionnaire}/sheet")
    assert page.says("还在收，数还会变：截止了再贴")
    closed(questionnaire)
    page = browser.see(f"/desk/questionnaire/{questionnaire}/sheet")
    assert not page.says("数还会变")
    assert page.says("花名册 24 户，答了 12 户，占 50.0%")
    assert page.says("扫码 12 份")
    assert page.says("1 号楼 12 / 12")
    assert page.says("基本支持但需优化 12 份")


def test_with_few_answers_no_question_is_told(world: World, browser: Browser) -> None:
    questionnaire = opened_now(world, "plan")
    sent_by_phones(world, questionnaire, 9, {"q1": ("a",), "q3": ("b",)})
    sign_in(browser, world.accounts["organizer"])
    page = browser.see(f"/desk/questionnaire/{questionnaire}/sheet")
    assert page.says("不到 10 份，各题的数不公布")
    assert "基本支持" not in page.text
    assert service.find(questionnaire).state(clock.now()) == "open"


def test_before_it_opens_there_is_nothing_to_post(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["organizer"])
    questionnaire = opened_now(world)
    db.session.get_one(Questionnaire, questionnaire).opens_at = None
    db.session.commit()
    assert browser.see(f"/desk/questionnaire/{questionnaire}/sheet").says("还没开放，没有数可贴")
