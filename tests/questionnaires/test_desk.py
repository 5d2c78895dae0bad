"""The desk's pages: made from a template, reworded, opened, closed, printed, read."""

from datetime import timedelta
from typing import Any

import pytest

from surveys.base import clock
from surveys.base.db import db
from surveys.questionnaires import desk_views, service
from tests.manners import Browser, Page
from tests.questionnaires.asking import (
    answers_of,
    current,
    made,
    opened,
    opened_now,
    sent_by_phones,
)
from tests.world import World, sign_in


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def test_a_questionnaire_is_made_from_a_template(world: World, desk: Browser) -> None:
    here = f"/desk/courtyard/{world.courtyard}/questionnaires"
    page = desk.see(here)
    for words in ("还没有问卷", "改造意愿调查", "方案意见", "满意度回访", "10题"):
        assert page.says(words), words
    page = desk.send(here, {**page.form(here), "template": "plan"})
    assert page.says("看一遍题目，改好了再开放")
    assert page.says("还没开放")
    assert desk.see(here).one("tbody th a").text == "方案意见"


def test_the_list_is_sorted_narrowed_and_leafed_through_by_its_address(
    world: World, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_views, "A_PAGE", 2)
    here = f"/desk/courtyard/{world.courtyard}/questionnaires"
    at = clock.now() - timedelta(days=9)
    first, second = made(world, "needs", at), opened(world, "plan", at + timedelta(days=1))
    third = made(world, "services", at + timedelta(days=2))
    service.close_now(service.find(second).questionnaire, by="", at=clock.now())

    def listed(query: str) -> list[str]:
        return [a.get("href").split("/")[-1] for a in desk.see(here + query).all("tbody th a")]

    assert listed("") == [third.id, second]
    assert listed("?page=2") == listed("?page=99") == [first.id]
    assert listed("?sort=made") == [first.id, second]
    assert listed("?sort=closes") == [second, third.id], "those that never close come last"
    assert listed("?state=closed") == [second]
    assert listed(f"?q={first.title[:2]}&state=draft") == [first.id]
    page = desk.see(f"{here}?q=没有这几个字&state=open")
    assert page.says("没有找到")
    assert page.says("做一份新的"), "the way to a new one stays"


@pytest.mark.parametrize("template", ["", "nothing", "../../secret"])
def test_without_a_template_nothing_is_made(world: World, desk: Browser, template: str) -> None:
    here = f"/desk/courtyard/{world.courtyard}/questionnaires"
    page = desk.send(here, {**desk.see(here).form(here), "template": template})
    assert page.status == 422
    assert page.says("还没做成")
    assert not service.of_courtyard(world.courtyard)


def test_a_page_of_questions_that_changed_meanwhile_is_not_opened(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    here = f"/desk/questionnaire/{q}"
    stale = desk.see(here).form(here + "/open")
    reworded(desk, q, "q1", title="哪里最不满意？")
    page = desk.send(here + "/open", stale)
    assert page.status == 409
    assert page.says("刚才有人改了题目")
    assert desk.send(here + "/open", page.form(here + "/open")).says("开放了")
    assert desk.send(here + "/open", stale).says("已经开放过了")


def test_closing_by_hand_is_final_for_phones_and_not_for_paper(world: World, desk: Browser) -> None:
    q = opened_now(world)
    here = f"/desk/questionnaire/{q}"
    page = desk.send(here + "/close", desk.see(here).form(here + "/close"))
    assert page.says("先前收到的纸质答卷还可以接着录")
    assert page.says("截止了，看看大家怎么答的")
    assert desk.see(f"/q/{q}").says("不再收答卷")
    assert desk.see(here + "/key-in").says("只录截止前收到的")
    assert desk.send(here + "/close", token(page)).says("现在没有开放")


def test_times_open_and_close_it_by_themselves(world: World, desk: Browser) -> None:
    q = made(world).id
    here = f"/desk/questionnaire/{q}/times"
    times = {"opens_at": "2031-05-01T08:00", "closes_at": "2031-05-15T20:00"}
    page = desk.send(here, {**desk.see(f"/desk/questionnaire/{q}").form(here), **times})
    assert page.status == 422
    assert page.says("答卷要保存到截止以后")
    page = desk.send(here, {**page.form(here), "kept_until": "2032-05-15"})
    assert page.says("时间存好了")
    assert page.says("到时自动开放")
    found = service.find(q).questionnaire
    assert str(found.opens_at) == "2031-05-01 00:00:00+00:00"  # 8 in the morning in Zhengzhou
    assert found.is_open(found.opens_at or clock.now())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"opens_at": "2020-01-01T08:00"}, "开放时间已经过去了"),
        ({"closes_at": "2020-01-01T08:00"}, "截止时间已经过去了"),
        ({"opens_at": "2031-01-02T08:00", "closes_at": "2031-01-01T08:00"}, "截止要比开放晚"),
        ({"closes_at": "后天"}, "到这时自动截止"),
        ({"kept_until": ""}, "请写保存到哪天"),
        ({"opens_at": "0001-01-01T00:00"}, "年份不对"),
        ({"closes_at": "9999-12-31T23:59"}, "年份不对"),
        ({"kept_until": "9999-12-31"}, "年份不对"),
    ],
)
def test_times_that_cannot_be_are_said(
    world: World, desk: Browser, typed: dict[str, str], words: str
) -> None:
    q = made(world).id
    here = f"/desk/questionnaire/{q}/times"
    form = {**desk.see(f"/desk/questionnaire/{q}").form(here), "kept_until": "2032-01-01"}
    page = desk.send(here, {**form, **typed})
    assert page.status == 422
    assert page.says(words)
    assert service.find(q).questionnaire.opens_at is None


def test_a_time_left_alone_stays_to_the_second(world: World, desk: Browser) -> None:
    q = opened_now(world)
    questionnaire = service.find(q).questionnaire
    by = world.accounts["organizer"]
    service.close_now(questionnaire, by=by, at=clock.now())
    closed = questionnaire.closes_at
    here = f"/desk/questionnaire/{q}/times"
    form = {**desk.see(f"/desk/questionnaire/{q}").form(here), "kept_until": "2033-01-01"}
    assert desk.send(here, form).says("时间存好了")
    db.session.expire_all()
    assert service.find(q).questionnaire.closes_at == closed


def test_a_later_close_takes_answers_again(world: World, desk: Browser) -> None:
    q = opened_now(world)
    by = world.accounts["organizer"]
    service.close_now(service.find(q).questionnaire, by=by, at=clock.now())
    here = f"/desk/questionnaire/{q}/times"
    later = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = {**desk.see(f"/desk/questionnaire/{q}").form(here), "closes_at": later}
    assert desk.send(here, form).says("正在收")
    assert desk.see(f"/q/{q}").says("开始")


def test_the_paper_bears_the_numbers_by_which_it_is_keyed_in(world: World, desk: Browser) -> None:
    page = desk.see(f"/desk/questionnaire/{made(world).id}/print")
    for words in ("1.房顶漏雨", "12.都没有", "最多选3样", "先别发", "门牌", "记什么", "打印"):
        assert page.says(words), words
    assert page.one("img.qr").get("src") == f"/c/{world.code}/qr.svg"
    assert not page.all("form")


def test_the_figures_state_what_they_are_counted_against(world: World, desk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 5, {"q1": ("修路<b>",), "q3": ("a", "b")})
    sent_by_phones(world, q, 1, {"q3": ("c",)}, nobodys=True)
    page = desk.see(f"/desk/questionnaire/{q}/answers")
    for words in (
        "5户答了，花名册24户，占20.8%；另有1份没写门牌",
        "答这题的6份里，选每一样的有几份。收到的一共6份。",
        "收到的6份里，5份写了话。",
        "修路<b>",
        "算数的6份答卷",
    ):
        assert page.says(words), words
    row = next(r for r in page.all("tr") if "修房顶" in r.text_content())
    assert [cell.text_content() for cell in row.cssselect("td")] == ["5", "83.3%"]


def test_a_page_without_answers_says_so(world: World, desk: Browser) -> None:
    page = desk.see(f"/desk/questionnaire/{opened_now(world)}/answers")
    assert page.says("还没有收到")
    assert page.says("0户答了，花名册24户")


def test_the_page_of_one_says_who_did_what(world: World, desk: Browser) -> None:
    q = opened_now(world)
    page = desk.see(f"/desk/questionnaire/{q}")
    assert page.says("开放了问卷“改造意愿调查”")
    assert page.says("做了问卷“改造意愿调查”")
    assert page.says(f"https://xbd.example/q/{q}")


def test_an_answered_questionnaire_is_read_in_its_own_words(world: World, desk: Browser) -> None:
    q = made(world).id
    reworded(desk, q, "q3", **{"choice-a": "先修屋顶"})
    here = f"/desk/questionnaire/{q}"
    desk.send(here + "/open", desk.see(here).form(here + "/open"))
    sent_by_phones(world, q, 1, {"q3": ("a",)})
    assert desk.see(f"{here}/answers").says("先修屋顶")
    assert answers_of(current(q)[0]) == {"q3": ("a",)}


def reworded(desk: Browser, questionnaire_id: str, key: str, **typed: str) -> Page:
    """The page after something was typed on the card of a question and saved."""
    here = f"/desk/questionnaire/{questionnaire_id}/edit"
    return desk.send(here, {**desk.see(f"{here}?open={key}").form(here), **typed})


def token(page: Page) -> dict[str, Any]:
    """A page's token alone, to send a button that is no longer shown."""
    return {"csrf_token": page.all("[name=csrf_token]")[0].get("value")}
