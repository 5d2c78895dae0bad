"""Answering on a phone, without a script: pages as people meet them."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from surveys.base import clock
from surveys.base.db import db
from surveys.questionnaires import rules, service
from tests.manners import Browser, Page
from tests.questionnaires.asking import a_slip, answers_of, current, made, opened_now, responses
from tests.world import World, speaking_for


def test_the_first_page_says_what_is_kept_who_sees_it_and_until_when(
    world: World, browser: Browser
) -> None:
    page = browser.see(f"/q/{opened_now(world)}")
    for words in ("记什么", "不问姓名、电话", "谁看得到", "保存到", "一共10题", "分钟", "开始"):
        assert page.says(words), words


def test_ten_screens_a_look_back_and_thanks_with_a_number(world: World, browser: Browser) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "下水道一下雨就冒水😀"})
    assert page.says("第2题，共10题")
    assert page.says("答的已经存好")
    page = answer(browser, page, {"a-q2": ["a", "b"]})
    page = answer(browser, page, {"a-q3": ["a", "c", "g"]})
    while not page.says("看一遍，没错就交上"):
        page = answer(browser, page, go="skip")
    assert page.says("下水道一下雨就冒水😀")
    assert page.says("房顶漏雨、下水道堵、返味")
    assert page.says("没答")
    page = browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    assert page.says("收到了")
    (sent,) = current(q)
    assert sent.number in page.text
    assert sent.household_id is None
    assert answers_of(sent) == {
        "q1": ("下水道一下雨就冒水😀",),
        "q2": ("a", "b"),
        "q3": ("a", "c", "g"),
    }


def test_back_and_forth_keeps_what_was_answered(world: World, browser: Browser) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/2"), {"a-q2": ["c"]})
    page = answer(browser, page, {"a-q3": ["d"]}, go="back")
    assert page.form(f"/q/{q}/2")["a-q2"] == "c"
    assert browser.see(f"/q/{q}/3").form(f"/q/{q}/3")["a-q3"] == "d"


def test_the_same_phone_goes_on_where_it_stopped_and_another_sees_nothing(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "路灯太少"})
    page = browser.see(f"/q/{q}")
    assert page.says("接着答")
    assert page.one("a.button.main").get("href") == f"/q/{q}/2"
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    assert not other.see(f"/q/{q}").says("接着答")
    assert not other.see(f"/q/{q}/1").says("路灯太少")
    assert not other.see(f"/q/{q}/look").says("路灯太少")


def test_a_question_that_must_be_answered_does_not_let_go(world: World, browser: Browser) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/3"))
    assert page.status == 422
    assert page.says("这一题要答了，才能往下走")
    assert not page.says("跳过")


def test_too_many_picks_are_said_and_kept(world: World, browser: Browser) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/3"), {"a-q3": ["a", "b", "c", "d"]})
    assert page.status == 422
    assert page.says("最多选3样，您选了4样")
    assert page.form(f"/q/{q}/3")["a-q3"] == ["a", "b", "c", "d"]


def test_ten_thousand_characters_are_a_sentence_and_none_is_lost(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "水" * 10_000})
    assert page.status == 422
    assert page.says("最多写500个字，您写了10000个")
    assert page.form(f"/q/{q}/1")["a-q1"] == "水" * 10_000


def test_sending_twice_is_one_answer(world: World, browser: Browser) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/3"), {"a-q3": "a"})
    form = browser.see(f"/q/{q}/look").form(f"/q/{q}/look")
    first = browser.send(f"/q/{q}/look", form)
    second = browser.send(f"/q/{q}/look", form)
    assert first.says("收到了")
    assert second.says("收到了")
    assert len(responses(q)) == 1


def test_nothing_is_sent_where_nothing_was_answered(world: World, browser: Browser) -> None:
    q = opened_now(world)
    page = browser.send(f"/q/{q}/look", browser.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    assert page.status == 409
    assert page.says("没有可交的")
    assert not responses(q)


def test_all_on_one_page_is_sent_at_once(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    page = browser.send(f"/q/{q}/all", {**form, "a-q1": "装电梯", "a-q3": ["g"], "a-q4": "1"})
    assert page.says("收到了")
    (sent,) = current(q)
    assert answers_of(sent) == {"q1": ("装电梯",), "q3": ("g",), "q4": ("1",)}


def test_a_fault_on_the_one_page_names_its_question_and_keeps_everything(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    page = browser.send(f"/q/{q}/all", {**form, "a-q1": "水" * 501, "a-q4": "2"})
    assert page.status == 422
    assert page.says("第1题：最多写500个字")
    page = browser.send(f"/q/{q}/all", {**page.form(f"/q/{q}/all"), "a-q1": "水"})
    assert page.says("第3题：这一题要答")
    assert page.form(f"/q/{q}/all")["a-q4"] == "2"
    page = browser.send(f"/q/{q}/all", {**page.form(f"/q/{q}/all"), "a-q3": "a"})
    assert page.says("收到了")


def test_going_back_and_changing_an_answer_replaces_it(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["a"]})
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["a"]})
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["b"]})
    assert len(responses(q)) == 2
    (sent,) = current(q)
    assert answers_of(sent) == {"q3": ("b",)}


def test_the_next_family_on_a_shared_phone_is_no_repetition(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["a"]})
    with browser.session_transaction() as session:
        session.pop("device")
    assert not browser.see(f"/q/{q}").says("答过一份")
    form["csrf_token"] = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")["csrf_token"]
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["a"]})
    assert len(current(q)) == 2


def test_one_answer_may_be_changed_afterwards(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    browser.send(f"/q/{q}/all", {**form, "a-q1": "修路", "a-q3": ["a"]})
    page = browser.see(f"/q/{q}")
    assert page.says("用这部手机答过一份")
    assert page.says("改一改")
    page = answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "修路，装路灯"})
    page = browser.see(f"/q/{q}/look")
    assert page.says("先前交的那份就换成这份")
    browser.send(f"/q/{q}/look", page.form(f"/q/{q}/look"))
    (sent,) = current(q)
    assert answers_of(sent) == {"q1": ("修路，装路灯",), "q3": ("a",)}
    assert len(responses(q)) == 2


def test_a_household_has_one_answer_whichever_phone_it_comes_from(
    world: World, browser: Browser
) -> None:
    q, slip = opened_now(world), a_slip(world.households[0])
    with speaking_for(browser, slip):
        form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
        assert browser.send(f"/q/{q}/all", {**form, "a-q3": ["a"]}).says("1号楼1单元101的答卷")
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    with other.session_transaction() as session:
        session["code"], session["device"] = slip, "another phone"
    page = other.see(f"/q/{q}")
    assert page.says("您家")
    assert page.says("答过一份")
    assert other.see(f"/q/{q}/3").form(f"/q/{q}/3").get("a-q3") is None
    form = other.see(f"/q/{q}/all").form(f"/q/{q}/all")
    other.send(f"/q/{q}/all", {**form, "a-q3": ["b"]})
    (sent,) = current(q)
    assert sent.household_id == world.households[0]
    assert answers_of(sent) == {"q3": ("b",)}


def test_an_answer_after_the_close_is_not_lost(world: World, browser: Browser) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "早就写好的"})
    one, whole = browser.see(f"/q/{q}/2"), browser.see(f"/q/{q}/all")
    close(q, world)
    page = answer(browser, one, {"a-q2": ["a"]})
    assert page.status == 409
    for words in ("没有收下", "早就写好的", "房顶漏雨", "可以复制"):
        assert page.says(words), words
    form = {**whole.form(f"/q/{q}/all"), "a-q1": "新写的一句", "a-q3": "a"}
    page = browser.send(f"/q/{q}/all", form)
    assert page.status == 409
    assert page.says("新写的一句")
    assert browser.see(f"/q/{q}").says("不再收答卷")
    assert not responses(q)


def test_what_was_sent_before_the_close_stays_sent_after_it(world: World, browser: Browser) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/3"), {"a-q3": "a"})
    form = browser.see(f"/q/{q}/look").form(f"/q/{q}/look")
    browser.send(f"/q/{q}/look", form)
    close(q, world)
    assert browser.send(f"/q/{q}/look", form).says("收到了")


def test_one_that_is_not_open_says_when_to_come(world: World, browser: Browser) -> None:
    questionnaire = made(world)
    assert browser.see(f"/q/{questionnaire.id}").says("还没有开放")
    service.set_times(
        questionnaire,
        clock.now() + timedelta(days=1),
        None,
        by=world.accounts["organizer"],
        at=clock.now(),
    )
    page = browser.see(f"/q/{questionnaire.id}")
    assert page.says("才开放")
    assert page.status == 200


def test_an_unknown_questionnaire_says_what_to_do(world: World, browser: Browser) -> None:
    page = browser.see("/q/nosuchthing00")
    assert page.status == 404
    assert page.says("再扫一次墙上的码")


def test_ones_own_copy_is_read_by_its_code_and_by_no_other(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    page = browser.send(f"/q/{q}/all", {**form, "a-q1": "修路", "a-q3": ["a"]})
    (address,) = (a.get("href") for a in page.all("a") if str(a.get("href")).startswith("/a/"))
    assert len(address.removeprefix("/a/")) == 26
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    assert other.see(address).says("修路")
    assert other.see(address.upper()).says("修路")
    assert other.see(address[:-1] + ("a" if address[-1] != "a" else "b")).status == 404
    browser.send(f"/q/{q}/all", {**form, "a-q3": ["b"]})
    assert other.see(address).says("这一份不算数了")


def test_text_is_shown_as_text(world: World, browser: Browser) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": "<script>alert(1)</script>\x00\u202e坏"})
    page = browser.see(f"/q/{q}/look")
    assert page.says("<script>alert(1)</script>坏")
    assert not page.all("main script")


ODD = {
    "nothing but NUL": "\x00",
    "right to left": "\u202e\u2067坏\u200f",
    "emoji": "👨\u200d👩\u200d👧😀",
    "many lines": "一\r\n二\n" * 30,
    "markup": "<b>&amp;'\"{{ 7*7 }}",
    "a formula": "=1+1",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_never_breaks_a_page(world: World, browser: Browser, text: str) -> None:
    q = opened_now(world)
    page = answer(browser, browser.see(f"/q/{q}/1"), {"a-q1": text})
    assert page.says("第2题")
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    typed = {**form, "a-q1": text, "a-q3": ["a"], "a-q4": "x" + text}
    page = browser.send(f"/q/{q}/all", typed)
    assert page.says("第4题：选的有一样不在这一题里")
    page = browser.send(f"/q/{q}/all", {**typed, "a-q4": "1"})
    assert page.says("收到了")
    (kept,) = current(q)
    assert "".join(answers_of(kept).get("q1", ())) == rules.clean(text)


@pytest.mark.parametrize("submission", ["", "\x00", "长" * 5_000, "'; --"])
def test_an_odd_submission_id_sends_all_the_same(
    world: World, browser: Browser, submission: str
) -> None:
    q = opened_now(world)
    answer(browser, browser.see(f"/q/{q}/3"), {"a-q3": "a"})
    form = browser.see(f"/q/{q}/look").form(f"/q/{q}/look")
    assert browser.send(f"/q/{q}/look", {**form, "submission": submission}).says("收到了")
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    sent = {**form, "submission": submission, "a-q3": "b"}
    assert browser.send(f"/q/{q}/all", sent).says("收到了")
    assert len(current(q)) == 1


@pytest.mark.parametrize("address", ["/q/%00", "/q/%00/1", "/a/%00", "/q/x/99999999999999999999"])
def test_an_odd_address_is_a_page_that_is_not_there(
    world: World, browser: Browser, address: str
) -> None:
    assert browser.see(address).status == 404


def test_a_question_that_does_not_exist_leads_to_one_that_does(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    assert browser.see(f"/q/{q}/11").says("看一遍")
    form = browser.see(f"/q/{q}/1").form(f"/q/{q}/1")
    assert browser.send(f"/q/{q}/11", form).says("开始")
    assert browser.see(f"/q/{q}/thanks").says("开始")


def test_a_long_text_in_every_field_of_the_page_is_kept(world: World, browser: Browser) -> None:
    q = opened_now(world)
    address = f"/q/{q}/all"
    texts = {"a-q1": "水" * 10_000, "a-q10": "树" * 10_000}
    page = browser.send(address, {**browser.see(address).form(address), **texts})
    assert page.status == 422
    kept = page.form(address)
    assert {name: kept[name] for name in texts} == texts


def test_an_expired_token_gives_everything_back(world: World, browser: Browser) -> None:
    q = opened_now(world)
    address = f"/q/{q}/all"
    form = {**browser.see(address).form(address), "a-q1": "修路", "a-q3": ["a", "b"]}
    page = browser.send(address, {**form, "csrf_token": "stale"})
    assert page.status == 400
    again = page.form(address)
    assert (again["a-q1"], again["a-q3"]) == ("修路", ["a", "b"])
    assert browser.send(address, again).says("收到了")
    assert len(current(q)) == 1


def answer(
    browser: Browser, page: Page, typed: Mapping[str, str | list[str]] = {}, go: str = "next"
) -> Page:
    """Fill in the one question on the page and press a button."""
    action = str(page.one("form.head").get("action"))
    form = {k: v for k, v in page.form(action).items() if not k.startswith("a-")}
    return browser.send(action, {**form, **typed, "go": go})


def close(questionnaire_id: str, world: World) -> None:
    """Close it by hand, now."""
    questionnaire = service.find(questionnaire_id).questionnaire
    service.close_now(questionnaire, by=world.accounts["organizer"], at=clock.now())
    db.session.rollback()
