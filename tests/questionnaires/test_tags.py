"""Links of their own: what is remembered on the phone, what is counted, what is printed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from surveys.questionnaires import answering, keying, service, tags
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.models import Questionnaire, Tag
from surveys.questionnaires.tags import Came
from tests.manners import Browser, Page
from tests.questionnaires.asking import SECRET, WANTED, a_slip, current, made, opened_now
from tests.world import AT, World, sign_in, speaking_for


def a_tag(world: World, q: str, name: str) -> Tag:
    """A link for one way of spreading."""
    found = db.session.get_one(Questionnaire, q)
    return tags.make(found, name, by=world.accounts["organizer"], at=AT)


def test_who_comes_by_a_link_is_counted_with_it(world: World, browser: Browser) -> None:
    q = opened_now(world)
    chat, poster = a_tag(world, q, "微信群"), a_tag(world, q, "海报")
    page = browser.see(f"/q/{q}/t/{chat.code}")
    assert page.response.request.path == f"/q/{q}"
    form = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
    browser.send(f"/q/{q}/3", {**form, "a-q3": "a"})
    assert tags.counts(q).by_tag == {chat.id: Came(0, 1)}
    browser.send(f"/q/{q}/look", browser.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    sent_whole(phone(browser), q)
    ways = tags.counts(q)
    assert ways.by_tag == {chat.id: Came(1, 0)}
    assert ways.plain == Came(1, 0)
    assert ways.all == Came(2, 0)
    assert poster.id not in ways.by_tag


def test_of_two_links_the_last_one_counts(world: World, browser: Browser) -> None:
    q = opened_now(world)
    first, last = a_tag(world, q, "微信群"), a_tag(world, q, "横幅")
    browser.see(f"/q/{q}/t/{first.code}")
    form = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
    browser.send(f"/q/{q}/3", {**form, "a-q3": "a"})
    browser.see(f"/q/{q}/t/{last.code}")
    browser.send(f"/q/{q}/look", browser.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    assert tags.counts(q).by_tag == {last.id: Came(1, 0)}


def test_the_link_stays_with_the_phone_when_the_next_family_takes_it(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    tag = a_tag(world, q, "入户")
    browser.see(f"/q/{q}/t/{tag.code}")
    for household in world.households[:2]:
        with speaking_for(browser, a_slip(household)):
            sent_whole(browser, q)
        token = browser.see(f"/q/{q}").form("/device/forget")
        browser.send("/device/forget", token)
    assert tags.counts(q).by_tag == {tag.id: Came(2, 0)}


def test_a_link_of_one_questionnaire_says_nothing_of_another(
    world: World, browser: Browser
) -> None:
    q, other = opened_now(world), opened_now(world, "plan")
    tag = a_tag(world, q, "海报")
    browser.see(f"/q/{other}/t/{tag.code}")
    browser.see(f"/q/{q}/t/{tag.code}")
    form = browser.see(f"/q/{other}/all").form(f"/q/{other}/all")
    browser.send(f"/q/{other}/all", {**form, "a-q1": "a", "a-q3": "a"})
    assert tags.counts(other).plain == Came(1, 0)


def test_a_phone_remembers_a_few_links_and_no_more(world: World, browser: Browser) -> None:
    q = ""
    for _n in range(9):
        q = opened_now(world)
        browser.see(f"/q/{q}/t/{a_tag(world, q, '海报').code}")
    with browser.session_transaction() as session:
        assert len(session["tags"]) == 6
        assert session["tags"][-1][0] == q


@pytest.mark.parametrize("address", ["/q/{q}/t/zzzz", "/Q/{Q}/T/ZZZZ", "/q/{q}/t/{withdrawn}"])
def test_a_link_that_is_nobodys_or_withdrawn_still_leads_on(
    world: World, browser: Browser, address: str
) -> None:
    q = opened_now(world)
    tag, by = a_tag(world, q, "海报"), world.accounts["organizer"]
    tags.withdraw(db.session.get_one(Questionnaire, q), tag, by=by, at=AT)
    page = browser.see(address.format(q=q, Q=q.upper(), withdrawn=tag.code))
    assert page.says("开始")
    sent_whole(browser, q)
    assert tags.counts(q).plain == Came(1, 0)


def test_the_capital_address_in_the_code_is_the_same_link(world: World, browser: Browser) -> None:
    q = opened_now(world)
    tag = a_tag(world, q, "海报")
    assert browser.see(f"/q/{q}/t/{tag.code}".upper()).says("开始")
    sent_whole(browser, q)
    assert tags.counts(q).by_tag == {tag.id: Came(1, 0)}


def test_a_tag_that_a_restored_database_does_not_know_costs_nobody_the_answer(
    world: World,
) -> None:
    asked = service.find(opened_now(world))
    sender = Sender("a phone", None, tag_id="gone")
    at = clock.now()
    answering.save(asked, sender, asked.questions[2], ("a",), at=at, secret=SECRET)
    answering.save(asked, sender, asked.questions[2], ("b",), at=at, secret=SECRET)
    answering.send_draft(asked, sender, "one", at=at)
    assert current(asked.id)[0].tag_id is None


def test_what_staff_key_in_stands_by_itself_and_a_replaced_answer_counts_no_more(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    tag = a_tag(world, q, "微信群")
    browser.see(f"/q/{q}/t/{tag.code}")
    with speaking_for(browser, a_slip(world.households[0])):
        sent_whole(browser, q)
    home = db.session.get_one(Household, world.households[0])
    sheet = keying.Sheet(home, "paper", WANTED, "a sheet")
    by = world.accounts["clerk"]
    keying.key_in(service.find(q), sheet, by=by, at=clock.now(), secret=SECRET)
    ways = tags.counts(q)
    assert ways.by_tag.get(tag.id, Came()) == Came(0, 0)
    assert ways.keyed == Came(1, 0)
    assert ways.all == Came(1, 0)


def test_renaming_and_withdrawing_keep_what_came(world: World, browser: Browser) -> None:
    q = opened_now(world)
    tag, by = a_tag(world, q, "微信群"), world.accounts["organizer"]
    browser.see(f"/q/{q}/t/{tag.code}")
    sent_whole(browser, q)
    questionnaire, code = db.session.get_one(Questionnaire, q), tag.code
    tags.rename(questionnaire, tag, "业主群", by=by, at=AT)
    tags.withdraw(questionnaire, tag, by=by, at=AT)
    assert tags.counts(q).by_tag == {tag.id: Came(1, 0)}
    assert tags.make(questionnaire, "业主群", by=by, at=AT).code == code
    assert tags.by_code(q, code) is not None


@pytest.mark.parametrize(
    ("name", "words"), [("", "给哪里用"), ("长" * 21, "太长"), ("\u200b", "哪里用")]
)
def test_a_name_that_cannot_stand_is_said(world: World, name: str, words: str) -> None:
    q = made(world)
    with pytest.raises(Invalid, match=words):
        tags.make(q, name, by=world.accounts["organizer"], at=AT)


def test_two_links_have_two_names_and_there_is_an_end_to_them(world: World) -> None:
    q, by = made(world), world.accounts["organizer"]
    first = tags.make(q, "0", by=by, at=AT)
    for n in range(1, tags.MOST):
        tags.make(q, f"{n}", by=by, at=AT)
    with pytest.raises(Refused, match="最多"):
        tags.make(q, "one more", by=by, at=AT)
    with pytest.raises(Invalid, match="换个名字"):
        tags.rename(q, first, "1", by=by, at=AT)
    assert len({tag.code for tag in tags.tags_of(q.id)}) == tags.MOST


def test_the_desk_makes_prints_renames_and_withdraws(world: World, browser: Browser) -> None:
    q = opened_now(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/tags"
    page = browser.see(here)
    assert page.says("还没有单做的链接")
    page = browser.send(here, {**page.form(here), "name": "<b>微信群</b>"})
    (tag,) = tags.tags_of(q)
    assert page.says(f"https://xbd.example/q/{q}/t/{tag.code}")
    assert page.says("<b>微信群</b>")
    one = f"{here}/{tag.id}"
    page = browser.send(one, {**page.form(one), "name": "微信群"})
    assert page.says("链接和码都没变")
    poster = browser.see(f"{one}/poster")
    for words in ("改造意愿调查", "一共10题", "看到“收到了”才算交上", "打印"):
        assert poster.says(words), words
    assert poster.one("img.qr").get("src").startswith("data:image/svg+xml")
    assert browser.get(f"{one}/qr.png").mimetype == "image/png"
    page = browser.send(f"{one}/withdraw", page.form(f"{one}/withdraw"))
    assert page.says("微信群（收回了）")
    page = browser.send(here, {**page.form(here), "name": "微信群"})
    assert not page.says("收回了）")


def test_a_name_that_is_refused_is_shown_again(world: World, browser: Browser) -> None:
    q = opened_now(world)
    a_tag(world, q, "海报")
    second = a_tag(world, q, "横幅")
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/tags"
    form = browser.see(here).form(f"{here}/{second.id}")
    page = browser.send(f"{here}/{second.id}", {**form, "name": "海报"})
    assert page.status == 422
    assert page.says("换个名字")
    assert page.form(f"{here}/{second.id}")["name"] == "海报"


def test_a_tag_of_another_questionnaire_is_not_found(world: World, browser: Browser) -> None:
    q, other = opened_now(world), opened_now(world, "plan")
    tag = a_tag(world, other, "海报")
    sign_in(browser, world.accounts["organizer"])
    assert browser.see(f"/desk/questionnaire/{q}/tags/{tag.id}/poster").status == 404


def test_eight_presses_at_once_make_one_link(app: Flask, world: World) -> None:
    q, by = made(world).id, world.accounts["organizer"]
    codes = at_once(app, [lambda: a_tag(world, q, "微信群").code] * 8)
    assert len(set(codes)) == 1
    assert len(tags.tags_of(q)) == 1
    assert by


def at_once(app: Flask, acts: list[Callable[[], str]]) -> list[str]:
    """Each act in a thread and a session of its own."""
    db.session.rollback()

    def do(act: Callable[[], str]) -> str:
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def phone(browser: Browser) -> Browser:
    """Another phone."""
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    return other


def sent_whole(browser: Browser, q: str) -> Page:
    """All questions answered on one page and sent."""
    form = browser.see(f"/q/{q}/all").form(f"/q/{q}/all")
    return browser.send(f"/q/{q}/all", {**form, "a-q3": "a"})
