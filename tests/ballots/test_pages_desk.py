"""A ballot at the desk: drafted, checked, opened, tightened, voided, printed."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from surveys.accounts.models import Role
from surveys.accounts.rules import RoleKind
from surveys.ballots import asking
from surveys.ballots.models import Ballot, Showing
from surveys.ballots.rules import State, state
from surveys.base.db import db, new_id
from tests.ballots.phones import Clock, at_desk
from tests.ballots.stage import AFTER_CLOSE, CLOSES, WHILE_OPEN, Stage, add_menu, drafted, opened
from tests.manners import Browser, Page
from tests.world import AT, World, make_world, sign_in


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is the day after the ballot opened."""
    return Clock(monkeypatch)


@pytest.fixture
def organizer(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def ballots_of(world: World) -> str:
    """Address of the list."""
    return f"/desk/courtyard/{world.courtyard}/ballots"


def draft_by_hand(browser: Browser, world: World, **typed: str) -> Page:
    """Fill the form for a new ballot in and send it."""
    address = ballots_of(world)
    form = browser.see(address).form(address)
    return browser.send(address, {**form, "title": "What first?", **typed})


def newest(world: World) -> Ballot:
    """The ballot that was made last, read afresh."""
    db.session.rollback()
    db.session.expire_all()
    return asking.all_of(world.courtyard)[0]


# --- drafting ------------------------------------------------------------------------------------


def test_a_draft_keeps_its_times_as_the_clocks_of_the_courtyard_show_them(
    organizer: Browser, world: World
) -> None:
    add_menu(world)
    page = draft_by_hand(
        organizer,
        world,
        opens_at="2026-11-22T08:00",
        closes_at="2026-11-30T20:00",
        seals_at="2026-12-02T20:00",
    )
    assert page.says("存成草稿了")
    made = newest(world)
    assert made.opens_at == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert page.says("11 月 30 日晚上 8 点截止")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"title": ""}, "请写个名字"),
        ({"title": "长" * 81}, "最多80个字"),
        ({"closes_at": "2026-11-01T20:00"}, "截止要在开始之后"),
        ({"seals_at": "2026-12-20T20:00"}, "最多5天"),
        ({"opens_at": "0026-11-22T08:00"}, "年份不对"),
        ({"opens_at": "tomorrow"}, "什么时候开始"),
        ({"menu": "another"}, "用哪张菜单"),
        ({"showing": ""}, "请选一样"),
    ],
)
def test_what_is_wrong_with_a_draft_is_told_and_what_was_typed_is_kept(
    organizer: Browser, world: World, typed: dict[str, str], says: str
) -> None:
    add_menu(world)
    page = draft_by_hand(organizer, world, **{"title": "Kept?", **typed})
    assert page.status == 422
    assert page.says(says)
    assert page.one("#title").get("value") == typed.get("title", "Kept?")
    assert asking.all_of(world.courtyard) == []


def test_what_nobody_can_see_is_not_kept_in_a_name(organizer: Browser, world: World) -> None:
    add_menu(world)
    draft_by_hand(organizer, world, title=" What\0 \u202efirst? ")
    assert newest(world).title == "What first?"


def test_without_a_menu_the_desk_says_what_comes_first(organizer: Browser, world: World) -> None:
    assert organizer.see(ballots_of(world)).says("这一轮还没有菜单")


def test_a_draft_can_be_changed_until_it_opens(organizer: Browser, world: World) -> None:
    ballot = drafted(world)
    address = f"/desk/ballot/{ballot.id}/edit"
    form = organizer.see(address).form(address)
    assert form["closes_at"] == "2026-11-30T10:00"
    page = organizer.send(address, {**form, "title": "Better name"})
    assert page.says("存好了")
    assert newest(world).title == "Better name"


def test_the_preview_shows_the_residents_menu_and_sends_nothing(
    organizer: Browser, world: World
) -> None:
    page = organizer.see(f"/desk/ballot/{drafted(world).id}/preview")
    assert page.says("您家想先改什么")
    assert page.says("交不了")
    assert not page.all("button[value=send], button[value=look]")


# --- opening -------------------------------------------------------------------------------------


def test_the_check_list_says_what_opening_fixes_and_then_it_is_open(
    organizer: Browser, world: World
) -> None:
    ballot = drafted(world)
    address = f"/desk/ballot/{ballot.id}/open"
    page = organizer.see(address)
    assert page.says("开了就定下来，一个字也不能改")
    assert page.says("24户。以后新来的户，这次投不了")
    assert page.says("截止前只能往后推")
    opened_page = organizer.send(address, page.form(address))
    assert opened_page.says("开票了")
    assert opened_page.says("还有24户没交")
    assert state(newest(world), WHILE_OPEN) is State.OPEN


def test_everything_in_the_way_of_opening_is_listed_at_once(
    organizer: Browser, world: World, hour: Clock
) -> None:
    menu = add_menu(world, least=6, most=6)
    ballot = drafted(world, menu, showing=Showing.LIVE)
    hour.is_now(CLOSES + timedelta(days=1))
    sign_in(organizer, world.accounts["organizer"])
    address = f"/desk/ballot/{ballot.id}/open"
    page = organizer.see(address)
    assert page.says("还开不了")
    assert page.says("截止时间已经过了")
    assert page.says("花名册不到50户")
    assert page.says("至少选6项")
    assert not page.all(f'form[action="{address}"]')
    token = organizer.see(f"/desk/ballot/{ballot.id}/edit").form()["csrf_token"]
    assert organizer.send(address, {"csrf_token": token}).status == 409
    assert newest(world).frozen_at is None


def test_households_without_a_slip_are_told_of_before_opening(
    organizer: Browser, world: World
) -> None:
    ballot = drafted(world)
    assert organizer.see(f"/desk/ballot/{ballot.id}/open").says("还有 24 户从没印过条子")


def test_who_keeps_accounts_and_organizes_is_told_of_before_opening(
    organizer: Browser, world: World
) -> None:
    ballot = drafted(world)
    address = f"/desk/ballot/{ballot.id}/open"
    assert not organizer.see(address).says("又管账号又组织")
    post = Role(id=new_id(), account_id=world.accounts["organizer"], place_id=world.street)
    post.kind = RoleKind.ADMINISTRATOR
    db.session.add(post)
    db.session.commit()
    assert organizer.see(address).says("“organizer”又管账号又组织")


def test_a_roll_under_twenty_is_warned_of_before_opening(app: Flask, browser: Browser) -> None:
    small = make_world(buildings=1, rooms=12)
    sign_in(browser, small.accounts["organizer"])
    page = browser.see(f"/desk/ballot/{drafted(small).id}/open")
    assert page.says("花名册只有12户，不到20户")
    assert page.all("form .button.main")


def test_once_open_nothing_can_be_edited(organizer: Browser, stage: Stage) -> None:
    address = f"/desk/ballot/{stage.ballot.id}/edit"
    form = organizer.see(address).form(address)
    page = organizer.send(address, {**form, "title": "Another"})
    assert page.status == 422
    assert page.says("已经开票，定下来的不能再改")
    assert newest(stage.world).title == "What first?"


# --- while it runs -------------------------------------------------------------------------------


def test_turnout_is_told_by_building_and_by_channel(organizer: Browser, stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.paper(13, "Lamps")
    stage.key_in(14, "Lamps")
    page = organizer.see(f"/desk/ballot/{stage.ballot.id}")
    assert page.says("2户，花名册24户，占8.3%")
    assert page.says("1号楼1/12")
    assert page.says("2号楼1/12")
    assert page.says("扫码1")
    assert page.says("纸票1")
    assert page.says("有1份录入的票等另一个人核对")


def test_the_showing_can_be_tightened_and_not_loosened(organizer: Browser, stage: Stage) -> None:
    here = f"/desk/ballot/{stage.ballot.id}"
    page = organizer.see(here)
    offered = [box.get("value") for box in page.all("input[name=showing]")]
    assert offered == ["hidden"]
    form = page.form(f"{here}/tighten")
    loosened = organizer.send(f"{here}/tighten", {**form, "showing": "live"})
    assert loosened.status == 422
    assert organizer.send(f"{here}/tighten", {**form, "showing": "hidden"}).says("收紧了")
    assert newest(stage.world).showing is Showing.HIDDEN
    assert not organizer.see(here).all("input[name=showing]")


def test_voiding_asks_why_and_keeps_the_record(organizer: Browser, stage: Stage) -> None:
    stage.cast(0, "Drains")
    address = f"/desk/ballot/{stage.ballot.id}/void"
    page = organizer.see(address)
    assert page.says("交来的1户的票都不算")
    assert organizer.send(address, {**page.form(address), "reason": " "}).status == 422
    done = organizer.send(address, {**page.form(address), "reason": "价钱写错了"})
    assert done.says("作废了")
    assert done.says("价钱写错了")
    assert newest(stage.world).voided_at is not None


def test_the_paper_is_numbered_as_it_will_be_keyed(organizer: Browser, stage: Stage) -> None:
    paper = organizer.see(f"/desk/ballot/{stage.ballot.id}/print")
    printed = [b.text for b in paper.all(".opts b")]
    assert printed == [
        "1. Drains",
        "2. Lamps",
        "3. Bicycle shed",
        "4. Benches",
        "5. Canteen",
    ]
    assert paper.says("签字：")
    assert paper.says("一定做，不用选：Roof")
    sheet = organizer.see(f"/desk/ballot/{stage.ballot.id}/key-in")
    keyed = [
        f"{label.cssselect('kbd')[0].text}. {label.cssselect('span')[0].text.strip()}"
        for label in sheet.all("label.tickbox")
        if label.cssselect("kbd")
    ]
    assert keyed == printed


def test_what_to_do_next_follows_the_ballot(
    app: Flask, organizer: Browser, stage: Stage, hour: Clock
) -> None:
    here = f"/desk/ballot/{stage.ballot.id}"
    hour.is_now(AT - timedelta(days=1))
    assert organizer.see(here).says("11月20日上午10点开始")
    hour.is_now(AFTER_CLOSE)
    sign_in(organizer, stage.who("organizer"))
    assert organizer.see(here).says("请监督员签认票数")
    assert not organizer.see(here).all(f'form[action="{here}/seal"]')
    supervisor = at_desk(app, stage, "supervisor")
    sign = supervisor.see(f"{here}/sign")
    assert supervisor.send(f"{here}/sign", sign.form(f"{here}/sign")).says("签好了")
    assert not supervisor.see(here).all(f'form[action="{here}/seal"]')
    assert organizer.see(here).all(f'form[action="{here}/seal"]')
    stage.ballot = newest(stage.world)
    stage.seal()
    assert organizer.see(here).says("看一遍结果，再公布")


# --- who may ------------------------------------------------------------------------------------


PAGES = {
    "list": {"organizer", "clerk", "supervisor", "observer", "administrator"},
    "": {"organizer", "clerk", "supervisor", "observer", "administrator"},
    "/preview": {"organizer", "clerk", "supervisor", "observer", "administrator"},
    "/edit": {"organizer"},
    "/void": {"organizer"},
    "/open": {"organizer"},
    "/print": {"organizer", "clerk"},
    "/key-in": {"organizer", "clerk"},
    "/confirm": {"supervisor"},
    "/entries": {"supervisor"},
    "/sign": {"supervisor"},
}


@pytest.mark.parametrize("end", PAGES)
def test_each_page_opens_for_those_whose_post_it_is_and_nobody_else(
    app: Flask, stage: Stage, end: str
) -> None:
    address = ballots_of(stage.world) if end == "list" else f"/desk/ballot/{stage.ballot.id}{end}"
    for kind in stage.world.accounts:
        status = at_desk(app, stage, kind).see(address).status
        expected = 404 if kind == "stranger" else 200 if kind in PAGES[end] else 403
        assert status == expected, kind
    nobody = app.test_client()
    assert nobody.get(address).headers["Location"].startswith("/desk/sign-in")


@pytest.mark.parametrize("end", ["/open", "/tighten", "/void", "/edit", "/seal"])
def test_a_clerk_cannot_open_tighten_void_edit_or_seal(app: Flask, stage: Stage, end: str) -> None:
    clerk = at_desk(app, stage, "clerk")
    token = clerk.see(f"/desk/ballot/{stage.ballot.id}/key-in").form()["csrf_token"]
    sent = clerk.send(f"/desk/ballot/{stage.ballot.id}{end}", {"csrf_token": token, "reason": "x"})
    assert sent.status == 403


def test_a_draft_of_another_courtyards_menu_is_not_there(
    app: Flask, organizer: Browser, world: World
) -> None:
    stage = opened(app, world)
    stranger = at_desk(app, stage, "stranger")
    assert stranger.see(ballots_of(world)).status == 404
