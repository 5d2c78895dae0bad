"""A household votes on its phone, without JavaScript."""

from datetime import timedelta

import pytest
from flask import Flask, current_app

from surveys.ballots.models import Channel, Entry, Participation
from surveys.base.db import db, new_id
from surveys.courtyards.models import Household
from tests.ballots.phones import (
    Clock,
    give_slips,
    hold_slip,
    pick,
    send,
    statements,
    vote,
)
from tests.ballots.stage import CLOSES, Stage, add_menu, drafted, opened
from tests.manners import Browser
from tests.world import World


@pytest.fixture(autouse=True)
def hour(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is while the ballot is open, and every household has its slip."""
    give_slips(app, world)
    return Clock(monkeypatch)


def entries() -> list[tuple[str, str]]:
    """Channel and state of every entry there is, oldest first in each household."""
    db.session.rollback()
    found = db.select(Entry.channel, Entry.state).order_by(Entry.participation_id, Entry.number)
    return [(str(channel), str(state)) for channel, state in db.session.execute(found)]


def test_a_household_ticks_looks_back_sends_and_has_a_receipt(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, 0)
    menu = browser.see(f"/v/{stage.ballot.id}")
    assert menu.says("您家想先改什么")
    assert menu.says("最多3项，加起来不超过27.4万元")
    assert menu.says("这是全院一起花的钱，不是您家出的钱")
    assert menu.says("11月30日上午10点截止")
    assert not menu.all("input:checked")
    looked = pick(browser, stage, "Drains", "Lamps")
    assert looked.says("看一遍，对了就交")
    assert [b.text for b in looked.all(".look b")] == ["Drains", "Lamps"]
    assert looked.says("一共2项12.2万元")
    receipt = send(browser, looked)
    assert receipt.says("收到了")
    assert receipt.says("1号楼1单元101")
    assert receipt.says("手机上以最后一次为准；有签字纸票的，以纸票为准")
    assert receipt.says("封存以后谁也对不上门牌")
    assert not receipt.says("Drains")
    assert not receipt.says("算进去")


def test_what_is_always_done_is_shown_but_cannot_be_picked(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, 0)
    menu = browser.see(f"/v/{stage.ballot.id}")
    fixed = menu.one(".pick.fixed")
    assert "Roof" in fixed.text_content()
    assert "一定做" in fixed.text_content()
    assert not fixed.cssselect("input")
    assert len(menu.all(".pick input")) == 5


def test_every_cost_is_told_in_words_a_person_grasps(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, 0)
    menu = browser.see(f"/v/{stage.ballot.id}")
    assert menu.says("9.8万元约每户4,083元")


def test_the_running_line_is_worked_out_without_a_script(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, 0)
    page = pick(browser, stage, "Drains", "Benches", go="sum")
    assert page.status == 200
    assert page.says("已选2项·共11.4万元")
    assert page.says("还能选1项或16万元")
    ticked = {box.get("value") for box in page.all("input:checked")}
    assert ticked == set(stage.ids("Drains", "Benches"))


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), "还差1项"),
        (("Drains", "Lamps", "Bicycle shed", "Benches"), "多选了1项"),
        (("Drains", "Drains"), "“Drains”选了两遍"),
        (("Roof", "Drains"), "“Roof”是必做的，不用选"),
    ],
)
def test_a_choice_against_the_rules_is_told_in_words_and_kept(
    browser: Browser, stage: Stage, names: tuple[str, ...], says: str
) -> None:
    hold_slip(browser, stage, 0)
    page = pick(browser, stage, *names)
    assert page.status == 422
    assert page.says("还交不了")
    assert page.says(says)
    ticked = {box.get("value") for box in page.all("input:checked")}
    assert ticked == set(stage.ids(*names)) - set(stage.ids("Roof"))
    assert entries() == []


def test_an_item_of_no_menu_is_told_and_not_counted(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, 0)
    address = f"/v/{stage.ballot.id}"
    form = browser.see(address).form(address)
    for odd in ("no such item", "\0", "💡" * 10_000):
        page = browser.send(address, {**form, "item": [odd], "go": "look"})
        assert page.status == 422
        assert page.says("不在这张菜单上")


def test_over_the_budget_says_by_how_much_and_what_was_picked(
    app: Flask, browser: Browser, world: World
) -> None:
    stage = opened(app, world, drafted(world, add_menu(world, budget_fen=30_000_000)))
    hold_slip(browser, stage, 0)
    page = pick(browser, stage, "Drains", "Bicycle shed", "Canteen")
    assert page.status == 422
    assert page.says("还交不了：超了6.9万元")
    assert page.says("请去掉一项，或者换一项便宜的")
    listed = [link.text_content() for link in page.all(".errors a")]
    assert [name.split("9.8")[0] for name in listed[:1]] == ["Drains"]
    assert len(listed) == 3
    for link in page.all(".errors a"):
        page.one(link.get("href"))


def test_who_has_voted_is_told_so_and_chooses_again_from_nothing(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, 0)
    vote(browser, stage, "Drains", "Lamps")
    again = browser.see(f"/v/{stage.ballot.id}")
    assert again.says("您家交过了")
    assert again.says("11月21日，扫码交的")
    assert not again.says("Drains")
    menu = browser.see(f"/v/{stage.ballot.id}?again=1")
    assert menu.says("上次选的不再显示")
    assert not menu.all("input:checked")
    looked = pick(browser, stage, "Canteen")
    assert looked.says("交了这一次，上一次就不算了")
    assert send(browser, looked).says("收到了")
    assert entries() == [("scan", "superseded"), ("scan", "confirmed")]


def test_a_household_with_signed_paper_is_told_that_paper_counts(
    browser: Browser, stage: Stage
) -> None:
    stage.paper(0, "Benches")
    hold_slip(browser, stage, 0)
    assert browser.see(f"/v/{stage.ballot.id}").says("以纸票为准")
    looked = pick(browser, stage, "Canteen")
    assert looked.says("以纸票为准。手机上再交，会记下，不算数")
    assert send(browser, looked).says("您家有签字的纸票，以纸票为准")


def test_a_vote_that_waits_for_the_second_account_is_told_as_that(
    browser: Browser, stage: Stage
) -> None:
    stage.key_in(0, "Benches", channel=Channel.PHONE)
    hold_slip(browser, stage, 0)
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("您家的票在核对")
    assert browser.see(f"/v/{stage.ballot.id}/receipt").says("等另一个人核对")


def test_sending_twice_going_back_and_reloading_make_one_vote(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, 0)
    looked = pick(browser, stage, "Drains")
    first, second = send(browser, looked), send(browser, looked)
    assert first.one(".code").text == second.one(".code").text
    assert entries() == [("scan", "confirmed")]


def test_at_the_closing_second_what_was_picked_stays_in_sight(
    browser: Browser, stage: Stage, hour: Clock
) -> None:
    hold_slip(browser, stage, 0)
    hour.is_now(CLOSES - timedelta(seconds=1))
    looked = pick(browser, stage, "Drains", "Lamps")
    hour.is_now(CLOSES)
    page = send(browser, looked)
    assert page.status == 409
    assert page.says("没有交上")
    assert page.says("截止了，现在不收票了")
    assert [b.text for b in page.all(".look b")] == ["Drains", "Lamps"]
    assert entries() == []


def test_a_lost_answer_sent_again_after_the_close_still_says_received(
    browser: Browser, stage: Stage, hour: Clock
) -> None:
    hold_slip(browser, stage, 0)
    looked = pick(browser, stage, "Drains")
    hour.is_now(CLOSES - timedelta(seconds=1))
    send(browser, looked)
    hour.is_now(CLOSES + timedelta(seconds=1))
    assert send(browser, looked).says("收到了")


def test_two_households_use_one_phone_one_after_the_other(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, 0)
    first = vote(browser, stage, "Drains")
    door = browser.send("/device/forget", first.form("/device/forget"))
    assert door.says("输入条子上的字")
    assert browser.see(f"/v/{stage.ballot.id}").says("先认一下门")
    hold_slip(browser, stage, 1)
    assert not browser.see(f"/v/{stage.ballot.id}").says("您家交过了")
    second = vote(browser, stage, "Lamps")
    assert second.says("1号楼1单元102")
    assert first.one(".code").text != second.one(".code").text
    assert len(db.session.scalars(db.select(Participation)).all()) == 2


def test_a_page_left_open_by_the_first_family_does_not_vote_for_the_second(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, 0)
    looked = pick(browser, stage, "Drains")
    hold_slip(browser, stage, 1)
    page = send(browser, looked)
    assert page.status == 409
    assert page.says("这部手机刚换了一家")
    assert not page.says("Drains")
    assert entries() == []


def test_a_phone_without_a_slip_reads_the_menu_and_is_led_to_its_door(
    browser: Browser, stage: Stage
) -> None:
    address = f"/v/{stage.ballot.id}"
    page = browser.see(address)
    assert page.says("先认一下门")
    assert page.says("Drains")
    assert not page.all(".pick input")
    assert page.all(f'a[href="/c/{stage.world.code}/door"]')
    form = browser.see(address).form()
    sent = browser.send(address, {**form, "item": stage.ids("Drains"), "go": "send"})
    assert sent.status == 409
    assert sent.says("认了门，再点一遍")
    assert sent.says("Drains")


def test_a_household_that_came_after_the_opening_is_told_why_it_cannot_pick(
    browser: Browser, stage: Stage, hour: Clock
) -> None:
    last = stage.household(0)
    late = Household(
        id=new_id(),
        courtyard_id=last.courtyard_id,
        place_id=last.place_id,
        building=last.building,
        stairwell=last.stairwell,
        room="999",
        position=99,
    )
    db.session.add(late)
    db.session.commit()
    stage.world.households.append(late.id)
    give_slips(current_app, stage.world)
    hold_slip(browser, stage, -1)
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("开票时的花名册上没有您家")
    assert not page.all(".pick input")


@pytest.mark.parametrize("go", ["look", "send", "sum", "", "nonsense"])
def test_a_button_of_no_form_never_votes_by_itself(browser: Browser, stage: Stage, go: str) -> None:
    hold_slip(browser, stage, 0)
    assert pick(browser, stage, "Drains", go=go).status == 200
    assert entries() == []


# --- what it costs -------------------------------------------------------------------------------


def test_the_page_and_the_sending_ask_little_of_the_database(
    browser: Browser, stage: Stage
) -> None:
    costs = []
    for n, before in ((0, 0), (20, 18)):
        for other in range(1, before + 1):
            stage.cast(other, "Lamps")
        hold_slip(browser, stage, n)
        with statements() as seen:
            browser.see(f"/v/{stage.ballot.id}")
        page = len(seen)
        looked = pick(browser, stage, "Drains")
        address = f"/v/{stage.ballot.id}"
        form = {**looked.form(address), "go": "send"}
        with statements() as seen:
            assert browser.send(address, form, follow=False).status == 303
        costs.append((page, len(seen)))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 8
    assert costs[0][1] <= 12, seen
