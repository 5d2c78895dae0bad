"""Paper at the desk: keyed in, compared by a second account, disputed, signed for."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots import asking
from surveys.ballots.models import Channel, Entry, Participation
from surveys.ballots.rules import EntryState
from surveys.base.db import db
from tests.ballots.phones import Clock, at_desk
from tests.ballots.stage import AFTER_CLOSE, WHILE_OPEN, Stage
from tests.manners import Browser, Page


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is while the ballot is open."""
    return Clock(monkeypatch)


@pytest.fixture
def clerk(app: Flask, stage: Stage) -> Browser:
    """The clerk's browser."""
    return at_desk(app, stage, "clerk")


@pytest.fixture
def supervisor(app: Flask, stage: Stage) -> Browser:
    """The supervisor's browser."""
    return at_desk(app, stage, "supervisor")


def here(stage: Stage, end: str = "") -> str:
    """An address below the ballot's page."""
    return f"/desk/ballot/{stage.ballot.id}{end}"


def key(clerk: Browser, stage: Stage, door: str, *names: str, **typed: str) -> Page:
    """Key one sheet in, beginning with a fresh form."""
    address = here(stage, "/key-in")
    form = clerk.see(address).form(address)
    sheet = {**form, "household": door, "item": stage.ids(*names), **typed}
    return clerk.send(address, sheet)


def all_entries() -> list[Entry]:
    """Every entry, read afresh."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(Entry).order_by(Entry.number)))


def press(browser: Browser, page: Page, address: str, **typed: str) -> Page:
    """Press the button of the form that goes to `address`."""
    return browser.send(address, {**page.form(address), **typed})


# --- keying in -----------------------------------------------------------------------------------


def test_a_sheet_is_keyed_and_the_next_one_is_fresh(clerk: Browser, stage: Stage) -> None:
    page = key(clerk, stage, "2-1-103", "Drains", "Lamps", channel="visit")
    assert page.says("录好了：2号楼1单元103。等另一个人核对。")
    assert not page.all("input:checked")
    assert not page.one("#household").get("value")
    assert page.one("#channel option[selected]").get("value") == "visit"
    assert page.one("aside").text_content().split()[1:] == ["2", "号楼", "1", "单元", "103，入户"]
    (entry,) = all_entries()
    assert (entry.channel, entry.state) == (Channel.VISIT, EntryState.PENDING)


@pytest.mark.parametrize(
    ("door", "names", "says"),
    [
        ("9-9-999", ["Drains"], "花名册里没有“9-9-999”"),
        ("upstairs", ["Drains"], "请照“楼-单元-室”写"),
        ("", ["Drains"], "请写门牌"),
        ("1-1-101", [], "至少选1项"),
        ("1-1-101", ["Drains", "Lamps", "Benches", "Canteen"], "最多选3项，现在选了4项"),
        ("1-1-101", ["Roof"], "“Roof”是必做的"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_on_the_sheet(
    clerk: Browser, stage: Stage, door: str, names: list[str], says: str
) -> None:
    page = key(clerk, stage, door, *names, channel="phone")
    assert page.status == 422
    assert page.says(says)
    assert page.one("#household").get("value") == door
    assert page.one("#channel option[selected]").get("value") == "phone"
    ticked = {box.get("value") for box in page.all("input[name=item]:checked")}
    assert ticked == set(stage.ids(*names)) - set(stage.ids("Roof"))
    assert all_entries() == []


def test_the_same_sheet_sent_twice_is_one_vote(clerk: Browser, stage: Stage) -> None:
    address = here(stage, "/key-in")
    form = clerk.see(address).form(address)
    sheet = {**form, "household": "1-1-101", "item": stage.ids("Drains")}
    clerk.send(address, sheet)
    assert clerk.send(address, sheet).status == 200
    assert len(all_entries()) == 1


def test_after_the_close_only_paper_is_keyed(
    clerk: Browser, app: Flask, stage: Stage, hour: Clock
) -> None:
    hour.is_now(AFTER_CLOSE)
    clerk = at_desk(app, stage, "clerk")
    sheet = clerk.see(here(stage, "/key-in"))
    assert sheet.says("只录截止前收到的纸票")
    assert [way.get("value") for way in sheet.all("[name=channel] option")] == ["paper"]
    late = key(clerk, stage, "1-1-101", "Drains", channel="phone")
    assert late.status == 409
    assert late.says("截止了")
    assert late.all("input[name=item]:checked")
    assert key(clerk, stage, "1-1-101", "Drains", channel="paper").says("录好了")


# --- comparing -----------------------------------------------------------------------------------


def test_a_second_account_compares_and_confirms(
    clerk: Browser, supervisor: Browser, stage: Stage
) -> None:
    key(clerk, stage, "1-1-101", "Lamps", "Canteen")
    (entry,) = all_entries()
    waiting = supervisor.see(here(stage, "/confirm"))
    assert waiting.says("1号楼1单元101")
    assert not waiting.says("Lamps")
    look = f"/desk/entry/{entry.id}/look"
    shown = press(supervisor, waiting, look)
    assert [li.text_content().split() for li in shown.all(".look li")[:2]] == [
        ["2", "Lamps2.4", "万元"],
        ["5", "Canteen8.5", "万元"],
    ]
    assert press(supervisor, shown, f"/desk/entry/{entry.id}/confirm").says("确认了")
    assert all_entries()[0].state == EntryState.CONFIRMED
    assert db.session.scalars(db.select(Participation)).one().current_entry == 1


def test_of_what_waits_one_door_is_looked_for(
    clerk: Browser, supervisor: Browser, stage: Stage
) -> None:
    for door in ("1-1-101", "1-1-102", "2-1-101"):
        key(clerk, stage, door, "Lamps")
    found = supervisor.see(here(stage, "/confirm?q=101"))
    assert [th.text for th in found.all("tbody th")] == ["1 号楼 1 单元 101", "2 号楼 1 单元 101"]
    assert found.says("等核对的2份")
    assert supervisor.see(here(stage, "/confirm?q=2-1-999")).says("没有找到")


def test_a_page_that_was_lost_can_be_opened_again_for_ten_minutes(
    clerk: Browser, supervisor: Browser, stage: Stage, hour: Clock
) -> None:
    key(clerk, stage, "1-1-101", "Lamps", "Canteen")
    (entry,) = all_entries()
    look, list_ = f"/desk/entry/{entry.id}/look", here(stage, "/confirm")
    press(supervisor, supervisor.see(list_), look)
    waiting = supervisor.see(list_)
    assert waiting.says("再看一眼")
    assert press(supervisor, waiting, look).says("Canteen")
    hour.is_now(WHILE_OPEN + timedelta(minutes=10))
    assert not supervisor.see(list_).says("再看一眼")
    late = supervisor.send(look, waiting.form(look))
    assert late.status == 409
    assert late.says("不能再看")
    assert not late.says("Canteen")


def test_nobody_confirms_what_was_not_opened(
    clerk: Browser, supervisor: Browser, stage: Stage
) -> None:
    key(clerk, stage, "1-1-101", "Lamps")
    (entry,) = all_entries()
    token = supervisor.see(here(stage, "/confirm")).form()["csrf_token"]
    page = supervisor.send(f"/desk/entry/{entry.id}/confirm", {"csrf_token": token})
    assert page.status == 409
    assert all_entries()[0].state == EntryState.PENDING


def test_a_sheet_that_does_not_agree_is_sent_back_with_a_reason(
    clerk: Browser, supervisor: Browser, stage: Stage
) -> None:
    key(clerk, stage, "1-1-101", "Lamps")
    (entry,) = all_entries()
    address = f"/desk/entry/{entry.id}/reject"
    asked = supervisor.see(address)
    assert asked.says("1号楼1单元101")
    assert press(supervisor, asked, address, reason="").status == 422
    assert press(supervisor, asked, address, reason="少录了一项").says("退回了")
    assert all_entries()[0].state == EntryState.WITHDRAWN
    assert supervisor.see(here(stage, "/confirm")).says("没有等核对的票")
    assert supervisor.see(here(stage)).says("退回一张录入的票：少录了一项")


@pytest.mark.parametrize("kind", ["clerk", "organizer", "observer"])
def test_only_a_supervisor_opens_a_keyed_sheet(
    app: Flask, clerk: Browser, stage: Stage, kind: str
) -> None:
    key(clerk, stage, "1-1-101", "Lamps")
    (entry,) = all_entries()
    browser = at_desk(app, stage, kind)
    token = browser.see("/").form()["csrf_token"]
    for act in ("look", "confirm", "reject", "withdraw", "reinstate"):
        sent = browser.send(f"/desk/entry/{entry.id}/{act}", {"csrf_token": token, "reason": "x"})
        assert sent.status == 403
    assert all_entries()[0].state == EntryState.PENDING


def test_a_stranger_learns_of_no_entry(app: Flask, clerk: Browser, stage: Stage) -> None:
    key(clerk, stage, "1-1-101", "Lamps")
    (entry,) = all_entries()
    stranger = at_desk(app, stage, "stranger")
    assert stranger.see(f"/desk/entry/{entry.id}/reject").status == 404


# --- disputes ------------------------------------------------------------------------------------


def test_a_disputed_vote_is_withdrawn_and_reinstated(supervisor: Browser, stage: Stage) -> None:
    stage.cast(0, "Drains")
    entry = stage.paper(0, "Lamps")
    supervisor_sees = supervisor.see(here(stage, "/entries"))
    assert not supervisor_sees.says("说不是自家投的")
    found = supervisor.see(here(stage, "/entries?door=1-1-101"))
    assert found.says("1号楼1单元101")
    assert found.says("扫码")
    assert not found.says("Lamps")
    withdraw = f"/desk/entry/{entry.id}/withdraw"
    assert press(supervisor, supervisor.see(withdraw), withdraw, reason="那一户没签过字").says(
        "撤下了"
    )
    assert asking.by_channel(stage.ballot)[Channel.SCAN] == 1
    reinstate = f"/desk/entry/{entry.id}/reinstate"
    assert press(supervisor, supervisor.see(reinstate), reinstate, reason="弄错了，是他家的").says(
        "恢复了"
    )
    db.session.rollback()
    assert asking.by_channel(stage.ballot)[Channel.PAPER] == 1


def test_a_door_that_is_not_there_is_told_and_kept(supervisor: Browser, stage: Stage) -> None:
    page = supervisor.see(here(stage, "/entries?door=8-8-888"))
    assert page.status == 422
    assert page.says("花名册里没有“8-8-888”")
    assert page.one("#door").get("value") == "8-8-888"


# --- signing -------------------------------------------------------------------------------------


def test_signing_waits_for_the_close_and_for_the_last_comparison(
    app: Flask, stage: Stage, hour: Clock
) -> None:
    stage.cast(0, "Drains")
    entry = stage.key_in(1, "Lamps")
    supervisor = at_desk(app, stage, "supervisor")
    assert supervisor.see(here(stage, "/sign")).says("还没截止")
    hour.is_now(AFTER_CLOSE)
    supervisor = at_desk(app, stage, "supervisor")
    page = supervisor.see(here(stage, "/sign"))
    assert page.says("还有1份录入的票没有核对")
    assert not page.all(f'form[action="{here(stage, "/sign")}"]')
    stage.confirm(entry, at=AFTER_CLOSE)
    page = supervisor.see(here(stage, "/sign"))
    assert page.says("扫码1")
    assert page.says("纸票1")
    assert press(supervisor, page, here(stage, "/sign")).says("签好了")
    assert at_desk(app, stage, "clerk").see(here(stage, "/key-in")).says("现在不录票")
    db.session.rollback()
    db.session.expire_all()
    assert asking.find(stage.ballot.id).signed_at == AFTER_CLOSE
