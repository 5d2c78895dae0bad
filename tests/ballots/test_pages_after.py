"""Before and after a vote: what the pages say, receipts, and every entry of a household."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots import drafting
from surveys.ballots.models import Entry
from surveys.base.db import db
from tests.ballots.phones import Clock, give_slips, hold_slip
from tests.ballots.stage import AFTER_CLOSE, CLOSES, OPENS, Stage, drafted
from tests.manners import Browser
from tests.world import World


@pytest.fixture(autouse=True)
def hour(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is while the ballot is open, and every household has its slip."""
    give_slips(app, world)
    return Clock(monkeypatch)


# --- before and after ----------------------------------------------------------------------------


def test_a_draft_is_not_there_for_residents(browser: Browser, world: World) -> None:
    assert browser.see(f"/v/{drafted(world).id}").status == 404
    assert browser.see("/v/nosuchballot1").status == 404


@pytest.mark.parametrize("odd", ["%00", "a%00b", "💡", "x" * 5_000, "%E2%80%AEabc"])
def test_an_odd_address_is_told_kindly(browser: Browser, stage: Stage, odd: str) -> None:
    for address in (f"/v/{odd}", f"/v/{odd}/receipt", f"/v/{odd}/mine", f"/r/{odd}"):
        assert browser.see(address).status == 404
    hold_slip(browser, stage, 0)
    mine = f"/v/{stage.ballot.id}/mine"
    token = browser.see(mine).form()["csrf_token"]
    assert browser.send(mine, {"csrf_token": token, "entry": "a\0b"}).status == 404


def test_before_it_opens_the_page_says_when(browser: Browser, stage: Stage, hour: Clock) -> None:
    hour.is_now(OPENS - timedelta(hours=1))
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("点单还没开始")
    assert page.says("11月20日上午10点开始")
    assert page.says("先看看菜单")
    assert page.says("Drains")
    assert not page.all(".pick input")


def test_after_the_close_and_the_sealing_the_page_says_so(
    browser: Browser, stage: Stage, hour: Clock
) -> None:
    stage.cast(0, "Drains")
    hour.is_now(AFTER_CLOSE)
    assert browser.see(f"/v/{stage.ballot.id}").says("截止了，正在计票")
    stage.sign()
    stage.seal()
    assert browser.see(f"/v/{stage.ballot.id}").says("封存好了，等公布")


def test_a_voided_ballot_says_why(browser: Browser, stage: Stage) -> None:
    drafting.void(stage.ballot, "价钱写错了", by=stage.who("organizer"), at=CLOSES, keys=stage.keys)
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("这次点单作废了")
    assert page.says("价钱写错了")


# --- the receipt, and every entry ----------------------------------------------------------------


def test_a_receipt_is_found_however_it_is_typed_and_tells_no_door(
    browser: Browser, stage: Stage
) -> None:
    code = stage.cast(0, "Drains")
    form = browser.see("/r/").form("/r/")
    typed = f" {code[:5].lower()} - {code[5:]} "
    page = browser.send("/r/", {**form, "code": typed})
    assert page.says("收到过")
    assert page.says("还没封存")
    assert not page.says("101")
    assert not page.says("Drains")


def test_after_sealing_a_receipt_tells_whether_it_is_in_the_record(
    browser: Browser, stage: Stage
) -> None:
    counted = stage.cast(0, "Drains")
    stage.sign()
    stage.seal()
    assert browser.see(f"/r/{counted}").says("在公开记录里，算进去了")


def test_a_wrong_receipt_is_told_kept_and_not_tried_for_ever(
    browser: Browser, stage: Stage
) -> None:
    form = browser.see("/r/").form("/r/")
    page = browser.send("/r/", {**form, "code": "K7M4"})
    assert page.status == 404
    assert page.says("没有这个回执号")
    assert page.one("#code").get("value") == "K7M4"
    for _n in range(25):
        page = browser.send("/r/", {**form, "code": "K7M4"})
    assert page.status == 429
    assert browser.see("/r/nonsense").status == 404


def test_a_household_sees_every_entry_and_may_say_that_was_not_us(
    browser: Browser, stage: Stage
) -> None:
    stage.cast(0, "Drains")
    entry = stage.paper(0, "Lamps")
    hold_slip(browser, stage, 0)
    address = f"/v/{stage.ballot.id}/mine"
    page = browser.see(address)
    assert page.says("第1次：11月21日，扫码")
    assert page.says("第2次：11月21日，纸票")
    assert not page.says("Lamps")
    told = browser.send(address, {**page.form(address), "entry": entry.id})
    assert told.says("11月21日您家说过，这一份不是您家投的")
    db.session.rollback()
    assert db.session.get_one(Entry, entry.id).disputed_on is not None


def test_nobody_disputes_the_vote_of_another_household(browser: Browser, stage: Stage) -> None:
    stage.cast(1, "Drains")
    other = stage.paper(0, "Lamps")
    hold_slip(browser, stage, 1)
    address = f"/v/{stage.ballot.id}/mine"
    page = browser.see(address)
    assert browser.send(address, {**page.form(address), "entry": other.id}).status == 404
