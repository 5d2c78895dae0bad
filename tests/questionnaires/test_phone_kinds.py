"""Every kind of question on a phone, and answers that decide what is asked next."""

import gzip
from dataclasses import replace

import pytest

from surveys.questionnaires.rules import Question
from tests.manners import Browser, Page
from tests.questionnaires.asking import (
    a_slip,
    answers_of,
    current,
    opened_with,
    put_anew,
)
from tests.questionnaires.test_phone import answer
from tests.questionnaires.walked import EVERY, choices
from tests.world import World, speaking_for

ONE = {question.key: question for question in EVERY}
FAMILY = replace(ONE["q9"], key="family")


def opened(world: World, *questions: Question) -> str:
    return opened_with(world, questions)


def after(browser: Browser, q: str, number: int, typed: dict[str, str | list[str]]) -> Page:
    """The page after an answer to one question."""
    return answer(browser, browser.see(f"/q/{q}/{number}"), typed)


ANSWERED = {
    "q1": ({"a-q1": ["a", "x"], "a-q1=x": "墙皮掉"}, ("a", "x=墙皮掉"), "房顶漏雨、别的：墙皮掉"),
    "q4": ({"a-q4": "b"}, ("b",), "1980 年代"),
    "q5": ({"a-q5": ["c", "a", ""]}, ("c", "a"), "1. 线路 2. 房顶"),
    "q7": ({"a-q7": "b"}, ("b",), "不愿意"),
    "q8": ({"a-q8:a": "a:b", "a-q8:c": "c:a"}, ("a:b", "c:a"), "扫院子：一般 修路灯：好"),
    "q9": ({"a-q9": "５口"}, ("5",), "5口"),
    "q10": ({"a-q10": "2026年12月5号"}, ("2026-12-05",), "2026 年 12 月 5 日"),
    "q11": ({"a-q11": "2-1"}, ("2-1",), "2 号楼 1 单元"),
}


@pytest.mark.parametrize(("key", "typed", "kept", "words"), [(k, *v) for k, v in ANSWERED.items()])
def test_an_answer_of_every_kind_is_kept_shown_again_and_read_back(
    world: World,
    browser: Browser,
    key: str,
    typed: dict[str, str | list[str]],
    kept: tuple[str, ...],
    words: str,
) -> None:
    q = opened(world, ONE[key])
    page = after(browser, q, 1, typed)
    assert page.says(words)
    form = browser.see(f"/q/{q}/1").form(f"/q/{q}/1")
    again = {name: value for name, value in form.items() if name.startswith("a-")}
    page = answer(browser, browser.see(f"/q/{q}/1"), again)
    page = browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert answers_of(sent) == {key: kept}
    (link,) = (a for a in page.all("a") if str(a.get("href")).startswith("/a/"))
    assert browser.see(link.get("href")).says(words)


@pytest.mark.parametrize(("key", "typed", "kept", "words"), [(k, *v) for k, v in ANSWERED.items()])
def test_an_answer_of_every_kind_is_sent_from_the_one_page(
    world: World,
    browser: Browser,
    key: str,
    typed: dict[str, str | list[str]],
    kept: tuple[str, ...],
    words: str,
) -> None:
    q = opened(world, ONE[key])
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    assert browser.send(f"/q/{q}/all", {**form, **typed}).says("收到了")
    (sent,) = current(q)
    assert answers_of(sent) == {key: kept}


def test_words_without_the_tick_are_a_tick_and_none_are_lost(
    world: World, browser: Browser
) -> None:
    single = replace(ONE["q2"], when=None)
    q = opened(world, single, ONE["q4"])
    after(browser, q, 1, {"a-q2=x": "从来都漏"})
    form = browser.see(f"/q/{q}/1").form(f"/q/{q}/1")
    assert (form["a-q2"], form["a-q2=x"]) == ("x", "从来都漏")
    page = after(browser, q, 1, {"a-q2": "a", "a-q2=x": "从来都漏"})
    assert page.status == 422
    assert page.says("选了“今年”，又在“别的”后面写了字，请留一样")
    kept = page.form(f"/q/{q}/1")
    assert (kept["a-q2"], kept["a-q2=x"]) == ("a", "从来都漏")


def test_a_ranking_with_a_repeat_is_said_and_shown_as_it_was(
    world: World, browser: Browser
) -> None:
    q = opened(world, ONE["q5"])
    page = after(browser, q, 1, {"a-q5": ["a", "a", "c"]})
    assert page.status == 422
    assert page.says("“房顶”排了两次")
    assert page.form(f"/q/{q}/1")["a-q5"] == ["a", "a", "c"]


def test_a_day_that_cannot_be_read_stays_in_sight(world: World, browser: Browser) -> None:
    q = opened(world, ONE["q10"])
    page = after(browser, q, 1, {"a-q10": "下礼拜三"})
    assert page.status == 422
    assert page.one("#a-q10").get("type") == "text"
    assert page.form(f"/q/{q}/1")["a-q10"] == "下礼拜三"


def test_a_phone_that_speaks_for_a_household_has_its_stairwell_filled_in(
    world: World, browser: Browser
) -> None:
    q = opened(world, ONE["q11"], FAMILY)
    assert "a-q11" not in browser.see(f"/q/{q}/1").form(f"/q/{q}/1")
    with speaking_for(browser, a_slip(world.households[12])):
        page = browser.see(f"/q/{q}/1")
        assert page.says("照您家的门牌先填上了")
        assert page.form(f"/q/{q}/1")["a-q11"] == "2-1"
        assert browser.see(f"/q/{q}/all").form(f"/q/{q}/all")["a-q11"] == "2-1"
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    assert "a-q11" not in other.see(f"/q/{q}/all").form(f"/q/{q}/all")


def test_a_hidden_question_is_passed_over_and_its_address_leads_on(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, EVERY)
    page = after(browser, q, 1, {"a-q1": ["b"]})
    assert page.says("房子是哪年盖的")
    assert page.says("第4题，后面还有7到9题")
    assert answer(browser, page, go="back").says("家里有哪些毛病")
    for number in (2, 3):
        assert browser.get(f"/q/{q}/{number}").location == f"/q/{q}/4"
    look = browser.see(f"/q/{q}/look")
    assert not look.says("漏了多久")


def test_an_answer_that_became_hidden_waits_in_the_draft_and_is_not_sent(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, EVERY)
    after(browser, q, 1, {"a-q1": ["a"]})
    after(browser, q, 2, {"a-q2": "b"})
    after(browser, q, 1, {"a-q1": ["b"]})
    assert not browser.see(f"/q/{q}/look").says("好几年")
    after(browser, q, 1, {"a-q1": ["a"]})
    page = browser.see(f"/q/{q}/look")
    assert page.says("好几年")
    after(browser, q, 1, {"a-q1": ["b"]})
    browser.send(f"/q/{q}/look", browser.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert answers_of(sent) == {"q1": ("b",)}


def test_on_the_one_page_what_is_hidden_neither_counts_nor_hinders(
    world: World, browser: Browser
) -> None:
    asked = (ONE["q1"], replace(ONE["q2"], required=True), replace(FAMILY, when=ONE["q2"].when))
    q = opened(world, *asked)
    page = browser.see(f"/q/{q}/all")
    assert page.says("第1题选了“房顶漏雨”的，才答这题")
    form = {**page.form(f"/q/{q}/all"), "a-q1": ["b"], "a-q2": "a", "a-family": "许多"}
    assert browser.send(f"/q/{q}/all", form).says("收到了")
    (sent,) = current(q)
    assert answers_of(sent) == {"q1": ("b",)}
    page = browser.send(f"/q/{q}/all", {**form, "a-q1": ["a"]})
    assert page.says("第3题：请填数字")


def test_the_first_page_says_how_many_questions_there_may_be(
    world: World, browser: Browser
) -> None:
    page = browser.see(f"/q/{opened_with(world, EVERY)}")
    assert page.says("9到13题，看您怎么答")


def test_notes_and_heads_stand_above_what_they_lead_and_at_the_end(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, EVERY)
    page = browser.see(f"/q/{q}/1")
    assert page.says("先说说房子")
    assert page.says("没有对错")
    assert not browser.see(f"/q/{q}/4").says("先说说房子")
    assert browser.see(f"/q/{q}/look").says("答完还要看一遍")
    assert browser.see(f"/q/{q}/all").says("再说说院里")


def test_a_draft_outlives_a_change_of_the_questions(world: World, browser: Browser) -> None:
    old = (ONE["q4"], ONE["q5"], FAMILY)
    q = opened(world, *old)
    after(browser, q, 1, {"a-q4": "b"})
    after(browser, q, 2, {"a-q5": ["d", "a"]})
    fewer = replace(ONE["q5"], choices=choices("房顶", "下水道", "线路"))
    put_anew(q, (replace(FAMILY, title="家里住着几口人？"), ONE["q4"], fewer))
    told = "题目改过了，您先前答的都还在，请看一遍"
    for address in (f"/q/{q}", f"/q/{q}/1", f"/q/{q}/look"):
        assert browser.see(address).says(told)
    page = after(browser, q, 1, {"a-family": "3"})
    assert not page.says(told)
    page = browser.see(f"/q/{q}/look")
    assert page.says("1980 年代")
    browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert answers_of(sent) == {"family": ("3",), "q4": ("b",), "q5": ("a",)}


def test_an_answer_that_the_changed_question_cannot_take_is_asked_for_again(
    world: World, browser: Browser
) -> None:
    several = replace(ONE["q1"], choices=choices("甲", "乙", "丙"))
    q = opened(world, several)
    after(browser, q, 1, {"a-q1": ["a", "b", "c"]})
    put_anew(q, [replace(several, most=2)])
    page = browser.send(f"/q/{q}/look", browser.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    assert page.status == 422
    assert page.says("第1题改过，您先前答的对不上了")
    after(browser, q, 1, {"a-q1": ["a", "b"]})
    page = browser.see(f"/q/{q}/look")
    assert browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look")).says("收到了")


def test_the_copy_shows_the_questions_as_they_stood_and_says_so(
    world: World, browser: Browser
) -> None:
    q = opened(world, FAMILY, ONE["q4"])
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    page = browser.send(f"/q/{q}/all", {**form, "a-family": "3"})
    (link,) = (a.get("href") for a in page.all("a") if str(a.get("href")).startswith("/a/"))
    assert not browser.see(link).says("题目后来改过")
    put_anew(q, [replace(FAMILY, title="别的话")])
    page = browser.see(link)
    assert page.says("题目后来改过")
    assert page.says("家里几口人")
    assert not page.says("别的话")


def test_no_page_weighs_more_than_a_poor_line_carries(world: World, browser: Browser) -> None:
    q = opened_with(world, EVERY)
    after(browser, q, 1, {"a-q1": ["a"]})
    for page in (*range(1, 14), "all", "look"):
        found = browser.see(f"/q/{q}/{page}")
        assert found.status == 200
        assert len(gzip.compress(found.response.get_data(), 5)) <= 12 * 1024


def test_what_nobody_asks_is_not_kept(world: World, browser: Browser) -> None:
    q = opened(world, ONE["q4"], FAMILY)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    odd = {"a-nobody": "x", "a-q4:r": "a", "a-q4=a": "字", "a-n1": "y", "a-family": "2"}
    assert browser.send(f"/q/{q}/all", {**form, **odd}).says("收到了")
    (sent,) = current(q)
    assert answers_of(sent) == {"family": ("2",)}


def test_a_family_that_takes_over_the_phone_finds_an_empty_sheet(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, EVERY)
    after(browser, q, 1, {"a-q1": ["a"]})
    page = browser.see(f"/q/{q}")
    browser.send("/device/forget", page.form("/device/forget"))
    assert not browser.see(f"/q/{q}").says("接着答")
    assert browser.get(f"/q/{q}/2").location == f"/q/{q}/4"


def test_with_htmx_the_one_page_is_told_what_is_not_asked_and_keeps_what_is_typed(
    world: World, browser: Browser
) -> None:
    q = opened_with(world, EVERY)
    address = f"/q/{q}/all"
    form = {**browser.see(address).form(address), "a-q1": ["b"], "go": "here"}
    answer = browser.post(address, data=form, headers={"HX-Request": "true"})
    part = Page(answer)
    assert not part.all("form, input, h1")
    passed = [found.get("id") for found in part.all("p.passed")]
    assert passed == ["when-2", "when-3", "when-12"]
    assert [found.get("id") for found in part.all("p:not(.passed)")] == ["when-13"]
    assert not browser.see(address).all(".passed"), "without a script nothing is folded away"
