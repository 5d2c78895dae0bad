"""Who may answer: three rungs, kept in the acts and said on the pages."""

from collections.abc import Callable

import pytest
from flask import Flask

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Invalid, Refused
from surveys.questionnaires import answering, identity, keying, rules, service
from surveys.questionnaires.answering import NotAdmitted, Sender
from surveys.questionnaires.models import Questionnaire
from surveys.web import config_of
from tests.manners import Browser, Page
from tests.questionnaires.asking import (
    SECRET,
    WANTED,
    a_slip,
    answers_of,
    current,
    made,
    opened_now,
    responses,
)
from tests.questionnaires.test_tags import at_once
from tests.world import AT, World, sign_in, speaking_for


def opened_for(world: World, rung: str, template: str = "needs") -> str:
    """Id of a questionnaire that is open now, for those of one rung."""
    q, by = made(world, template), world.accounts["organizer"]
    identity.set_identity(q, rung, by=by, at=AT)
    service.open_now(q, by=by, at=clock.now())
    return q.id


@pytest.mark.parametrize(
    ("rung", "knows", "admitted"),
    [
        ("open", False, True),
        ("open", True, True),
        ("household", False, False),
        ("household", True, True),
        ("staff", False, False),
        ("staff", True, False),
    ],
)
def test_each_rung_admits_whom_it_says(rung: str, knows: bool, admitted: bool) -> None:
    assert rules.admits(rung, knows) is admitted


@pytest.mark.parametrize("rung", list(rules.IDENTITY))
@pytest.mark.parametrize("knows", [False, True])
def test_every_act_refuses_whom_the_rung_does_not_admit(
    world: World, rung: str, knows: bool
) -> None:
    asked = service.find(opened_for(world, rung))
    sender = Sender("a phone", world.households[0] if knows else None)
    question = asked.questions[2]
    at = clock.now()
    acts: list[Callable[[], object]] = [
        lambda: answering.save(asked, sender, question, ("a",), at=at, secret=SECRET),
        lambda: answering.send_draft(asked, sender, "one", at=at),
        lambda: answering.send(asked, sender, WANTED, "two", at=at, secret=SECRET),
    ]
    for act in acts:
        if rules.admits(rung, knows):
            act()
        else:
            with pytest.raises(NotAdmitted):
                act()
            db.session.rollback()
    assert len(current(asked.id)) == (1 if rules.admits(rung, knows) else 0)


def test_a_draft_of_a_slip_that_was_renewed_is_not_sent(world: World) -> None:
    asked = service.find(opened_for(world, "household"))
    home = Sender("a phone", world.households[0])
    at = clock.now()
    answering.save(asked, home, asked.questions[2], ("a",), at=at, secret=SECRET)
    with pytest.raises(NotAdmitted):
        answering.send_draft(asked, Sender("a phone"), "one", at=at)


def test_who_answers_is_set_until_the_opening_and_then_no_more(world: World) -> None:
    q, by = made(world), world.accounts["organizer"]
    identity.set_identity(q, "household", by=by, at=AT)
    with pytest.raises(Invalid):
        identity.set_identity(q, "everybody", by=by, at=AT)
    service.open_now(q, by=by, at=AT)
    with pytest.raises(Refused, match="另做一份"):
        identity.set_identity(q, "open", by=by, at=AT)
    service.close_now(q, by=by, at=clock.now())
    with pytest.raises(Refused):
        identity.set_identity(q, "staff", by=by, at=clock.now())
    assert q.identity == "household"


def test_the_desk_sets_it_and_says_why_it_can_no_longer_be_changed(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{made(world).id}"
    form = browser.see(here).form(here + "/identity")
    assert form["identity"] == "open"
    page = browser.send(here + "/identity", {**form, "identity": "staff"})
    assert page.says("由谁来答，存好了")
    assert page.form(here + "/identity")["identity"] == "staff"
    page = browser.send(here + "/open", page.form(here))
    assert not page.all(f"form[action='{here}/identity']")
    assert page.says("居民不自己答，工作人员录")
    assert page.says("合不到一起数")
    page = browser.send(here + "/identity", form)
    assert page.says("要改，另做一份")
    assert page.says("居民不自己答，工作人员录")


@pytest.mark.parametrize("page", ["", "/1", "/look", "/all"])
@pytest.mark.parametrize(
    ("rung", "words"), [("household", "要先认一下门"), ("staff", "工作人员会上门来问")]
)
def test_no_page_lets_in_a_phone_that_is_not_admitted(
    world: World, browser: Browser, page: str, rung: str, words: str
) -> None:
    shown = browser.see(f"/q/{opened_for(world, rung)}{page}")
    assert shown.status == 200
    assert shown.says(words)
    assert shown.says("记什么")
    assert not shown.all("[name^='a-']")


@pytest.mark.parametrize("rung", ["household", "staff"])
@pytest.mark.parametrize(
    ("page", "typed"),
    [("/1", {"a-q1": "下水道堵了"}), ("/all", {"a-q1": "下水道堵了", "a-q3": "a"}), ("/look", {})],
)
def test_what_is_sent_all_the_same_is_not_taken_and_shown_again(
    world: World, browser: Browser, rung: str, page: str, typed: dict[str, str]
) -> None:
    q = opened_for(world, rung)
    form = {"csrf_token": browser.see("/").form("/size")["csrf_token"], **typed}
    answer = browser.send(f"/q/{q}{page}", form)
    assert answer.status == 409
    assert answer.says("没有收下")
    assert answer.says("下水道堵了") is bool(typed)
    assert not responses(q)


@pytest.mark.parametrize("rung", ["household", "staff"])
@pytest.mark.parametrize("typed", [{}, {"a-q3": ["a", "b", "c", "d"]}])
def test_nobody_is_asked_to_mend_what_would_not_be_taken(
    world: World, browser: Browser, rung: str, typed: dict[str, list[str]]
) -> None:
    q = opened_for(world, rung)
    form = {"csrf_token": browser.see("/").form("/size")["csrf_token"], **typed}
    answer = browser.send(f"/q/{q}/3", form)
    assert answer.status == 409
    assert answer.says("没有收下")
    assert not answer.all("[name^='a-']")


def test_setting_it_while_it_opens_comes_before_or_is_refused(app: Flask, world: World) -> None:
    q, by = made(world).id, world.accounts["organizer"]

    def open_it() -> str:
        service.open_now(db.session.get_one(Questionnaire, q), by=by, at=AT)
        return "opened"

    def set_it() -> str:
        try:
            found = db.session.get_one(Questionnaire, q)
            identity.set_identity(found, "household", by=by, at=AT)
        except Refused:
            return "open"
        return "household"

    told = at_once(app, [set_it, open_it, set_it, set_it])
    db.session.expire_all()
    found = db.session.get_one(Questionnaire, q)
    assert found.is_open(AT)
    assert found.identity in told


def test_typing_the_slips_code_leads_back_to_the_questionnaire(
    world: World, browser: Browser
) -> None:
    q, (long, short) = opened_for(world, "household"), slip_of(world.households[3])
    page = browser.see(f"/q/{q}")
    door = page.one("a.button.main").get("href")
    page = browser.send(door, {**browser.see(door).form(door), "code": short})
    assert page.says("这是您家吗？")
    page = browser.send(f"/h/{long}", page.form(f"/h/{long}"))
    assert page.response.request.path == f"/q/{q}"
    assert page.says("开始")
    page = sent_whole(browser, q)
    assert page.says("收到了")
    (answer,) = current(q)
    assert answer.household_id == world.households[3]
    assert answers_of(answer) == {"q3": ("a",)}


def test_scanning_the_slip_leads_back_once_and_to_the_courtyard_afterwards(
    world: World, browser: Browser
) -> None:
    q, (long, _short) = opened_for(world, "household"), slip_of(world.households[0])
    browser.see(f"/q/{q}")
    scanned = browser.see(f"/h/{long}")
    assert browser.send(f"/h/{long}", scanned.form(f"/h/{long}")).says("改造意愿调查")
    assert browser.see(f"/h/{long}").response.request.path == f"/c/{world.code}"


def test_the_next_family_is_not_led_where_the_last_one_was_going(
    world: World, browser: Browser
) -> None:
    q, (long, _short) = opened_for(world, "household"), slip_of(world.households[0])
    token = browser.see(f"/q/{q}").form("/size")["csrf_token"]
    browser.send("/device/forget", {"csrf_token": token})
    page = browser.send(f"/h/{long}", browser.see(f"/h/{long}").form(f"/h/{long}"))
    assert page.response.request.path == f"/c/{world.code}"


def test_a_household_answers_once_whoever_of_it_does(world: World, browser: Browser) -> None:
    q = opened_for(world, "household")
    slip = a_slip(world.households[0])
    with speaking_for(browser, slip):
        assert sent_whole(browser, q).says("收到了")
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    with speaking_for(other, slip):
        assert other.see(f"/q/{q}").says("再交一份，就换成新的")
        assert sent_whole(other, q).says("收到了")
    assert len(current(q)) == 1


def test_an_open_one_counts_a_phone_that_knows_its_door_as_that_household(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    assert sent_whole(browser, q).says("收到了")
    with speaking_for(browser, a_slip(world.households[0])):
        assert sent_whole(browser, q).says("收到了")
    assert [r.household_id for r in current(q)] == [None, world.households[0]]


def test_a_sheet_without_a_door_is_not_keyed_where_each_household_answers_once(
    world: World,
) -> None:
    asked = service.find(opened_for(world, "household"))
    by, at = world.accounts["clerk"], clock.now()
    with pytest.raises(Invalid, match="哪一户"):
        keying.key_in(asked, sheet(None), by=by, at=at, secret=SECRET)
    home = db.session.get_one(Household, world.households[0])
    keying.key_in(asked, sheet(home), by=by, at=at, secret=SECRET)
    assert len(current(asked.id)) == 1


def test_what_staff_keyed_in_is_told_to_the_household(world: World, browser: Browser) -> None:
    q = opened_for(world, "staff")
    home = db.session.get_one(Household, world.households[0])
    by = world.accounts["clerk"]
    keying.key_in(service.find(q), sheet(home), by=by, at=clock.now(), secret=SECRET)
    with speaking_for(browser, a_slip(home.id)):
        assert browser.see(f"/q/{q}").says("已经记下了（纸质）")
        assert browser.see(f"/c/{world.code}").says("您家的已经记下了")
    assert len(current(q)) == 1


@pytest.mark.parametrize(
    ("rung", "say", "act"),
    [
        ("open", "住在这儿", "去答问卷"),
        ("household", "凭您家条子上的码来答", "先认门，再答"),
        ("staff", "工作人员上门来问，不用自己答", "看看问什么事"),
    ],
)
def test_the_courtyards_page_says_how_each_is_answered(
    world: World, browser: Browser, rung: str, say: str, act: str
) -> None:
    q = opened_for(world, rung)
    page = browser.see(f"/c/{world.code}")
    assert rung == "open" or page.says(say)
    assert [a.text_content() for a in page.all(f"a[href='/q/{q}']")] == [act]
    with speaking_for(browser, a_slip(world.households[0])):
        shown = browser.see(f"/c/{world.code}")
        assert shown.says("去答问卷") is (rung != "staff")


def sheet(home: Household | None) -> keying.Sheet:
    """What came on paper, with a door or without."""
    return keying.Sheet(home, "paper", WANTED, f"sheet of {home.id if home else 'nobody'}")


def slip_of(household_id: str) -> tuple[str, str]:
    """The code in the QR of a household's slip, and the one that is typed."""
    home = db.session.get_one(Household, household_id)
    courtyard = db.session.get_one(Courtyard, home.courtyard_id)
    secret = config_of().secret
    slips.print_slips(courtyard, [home.building], secret=secret, by="a clerk", at=AT)
    return slips.household_code(home, secret)


def sent_whole(browser: Browser, q: str) -> Page:
    """All questions answered on one page and sent."""
    return browser.send(
        f"/q/{q}/all", {**browser.see(f"/q/{q}/all").form(f"/q/{q}/all"), "a-q3": "a"}
    )
