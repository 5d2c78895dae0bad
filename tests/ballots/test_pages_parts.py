"""What phones, paper, the desk and the wall show of items that one building alone picks."""

import pytest
from flask import Flask

from surveys.ballots import batches, sealing
from surveys.ballots.models import Showing
from surveys.base.db import db
from surveys.menus.models import MenuItem
from surveys.results import live
from surveys.web import config_of
from tests.ballots.parts_stage import add_parted_menu, home, parted, parted_world
from tests.ballots.phones import Clock, at_desk, give_slips, hold_slip, pick, send
from tests.ballots.stage import AFTER_CLOSE, Stage, drafted, keys_of
from tests.manners import Browser
from tests.results.sealed import publish, seal


@pytest.fixture
def stage(app: Flask, clock: Clock) -> Stage:
    """Open, and every household has its slip."""
    found = parted(app)
    give_slips(app, found.world)
    return found


def see(browser: Browser, stage: Stage, building: int, n: int = 0) -> set[str]:
    """Which of building 3's and 4's items the menu of this household offers."""
    hold_slip(browser, stage, home(building, n))
    page = browser.see(f"/v/{stage.ballot.id}")
    return {name for name in stage.items if page.says(name)} - {"Lamps", "Drains", "Benches"}


def test_a_household_sees_its_own_items_and_no_other_buildings(
    browser: Browser, stage: Stage
) -> None:
    assert see(browser, stage, 3) == {"Stairs of 3", "Ramp of 3-1"}
    assert see(browser, stage, 3, 11) == {"Stairs of 3"}
    assert see(browser, stage, 4) == {"Door of 4"}
    assert see(browser, stage, 1) == set()
    assert see(browser, stage, 3) == {"Stairs of 3", "Ramp of 3-1"}  # what is kept is kept apart


def test_they_stand_under_a_heading_that_says_who_picks_them(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, home(3))
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("只有3号楼的户能选")
    assert page.says("只有3号楼1单元的户能选")
    assert page.says("不占上面的名额")
    counted = {box.get("value") for box in page.all("[data-cost]")}
    assert counted == set(stage.ids("Lamps", "Drains", "Benches"))


def test_whoever_has_not_said_where_they_live_sees_all_and_who_picks_them(
    browser: Browser, stage: Stage
) -> None:
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("只有3号楼的户能选")
    assert page.says("只有4号楼的户能选")


def test_the_whole_way_on_the_phone(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, home(3))
    looked = pick(browser, stage, "Lamps", "Drains", "Stairs of 3", "Ramp of 3-1")
    assert looked.says("限3号楼")
    assert looked.says("一共4项")
    assert looked.says("16万元")
    assert send(browser, looked).says("收到")
    (choice,) = sealing.current_choices(stage.ballot, stage.keys)
    assert len(choice) == 4


def test_what_is_too_much_is_said_about_common_items_alone(browser: Browser, stage: Stage) -> None:
    hold_slip(browser, stage, home(3))
    page = pick(browser, stage, "Lamps", "Drains", "Benches", "Stairs of 3")
    assert page.status == 422
    assert page.says("最多选2项，现在选了3项")
    page = pick(browser, stage, "Stairs of 3")
    assert page.status == 422
    assert page.says("至少选1项，现在选了0项")


def test_a_form_that_was_filled_in_at_another_door_says_what_is_not_theirs(
    browser: Browser, stage: Stage
) -> None:
    hold_slip(browser, stage, home(1))
    page = pick(browser, stage, "Lamps", "Stairs of 3")
    assert page.status == 422
    assert page.says("“Stairs of 3”只给别的楼、别的单元选")


def test_paper_marks_them_and_keying_refuses_another_buildings(app: Flask, stage: Stage) -> None:
    here = f"/desk/ballot/{stage.ballot.id}"
    clerk = at_desk(app, stage, "clerk")
    assert clerk.see(f"{here}/print").says("限3号楼1单元")
    page = clerk.see(f"{here}/key-in")
    assert page.says("限4号楼")
    form = page.form(f"{here}/key-in")
    typed = {**form, "item": stage.ids("Lamps", "Door of 4"), "channel": "paper"}
    again = clerk.send(f"{here}/key-in", {**typed, "household": "3-1-101"})
    assert again.status == 409
    assert again.says("“Door of 4”只给别的楼、别的单元选")
    assert clerk.send(f"{here}/key-in", {**typed, "household": "4-1-101"}).says("录好了")


def test_paper_can_be_printed_for_one_place_with_the_same_numbers(app: Flask, stage: Stage) -> None:
    here = f"/desk/ballot/{stage.ballot.id}/print"
    clerk = at_desk(app, stage, "clerk")
    links = [link.get("href") for link in clerk.see(here).all("a[href*=place]")]
    assert links == ["?place=3", "?place=3%201", "?place=4", "?place="]
    printed = {link: clerk.see(here + str(link)) for link in links}
    shown = {
        link: [name for name in ("Stairs of 3", "Ramp of 3-1", "Door of 4") if page.says(name)]
        for link, page in printed.items()
    }
    assert shown == {
        "?place=3": ["Stairs of 3"],
        "?place=4": ["Door of 4"],
        "?place=3%201": ["Stairs of 3", "Ramp of 3-1"],
        "?place=": [],
    }
    assert printed["?place=4"].says("6. Door of 4")
    assert printed["?place=3%201"].one("h1 small").text == "3 号楼 1 单元"
    assert not printed["?place="].says("标着“限”哪里的")
    assert clerk.see(f"{here}?place=nowhere").says("Lamps")


def test_a_table_of_votes_says_which_cell_is_not_theirs(app: Flask, stage: Stage) -> None:
    header = "楼栋,单元,房号,渠道,1,2,3 Stairs of 3,4,5,6\n"
    rows = "1,1,101,纸票,,1,1,,,\n3,1,101,纸票,,1,1,,,\n"
    batch = batches.read(stage.ballot, (header + rows).encode("utf-8-sig"))
    (fault,) = batch.faults
    assert (fault.row, fault.column) == (2, "3 Stairs of 3")
    assert "只给别的楼" in fault.msgid


def test_the_preview_shows_everything_and_takes_any_of_it(app: Flask) -> None:
    stage = parted_draft(app)
    organizer = at_desk(app, stage, "organizer")
    here = f"/desk/ballot/{stage.ballot.id}"
    page = organizer.see(f"{here}/preview")
    assert page.says("只有4号楼的户能选")
    form = page.form(f"{here}/preview")
    picked = stage.ids("Lamps", "Door of 4", "Stairs of 3")
    assert organizer.send(f"{here}/preview", {**form, "item": picked}).says("这样选没有错")
    opening = organizer.see(f"{here}/open")
    assert opening.says("只给10户选，不到20户")
    assert opening.says("标着“限”哪里的")


def parted_draft(app: Flask) -> Stage:
    """Before it is opened."""
    world = parted_world()
    ballot = drafted(world, add_parted_menu(world))
    items = {item.name: item.id for item in db.session.scalars(db.select(MenuItem))}
    return Stage(world, ballot, keys_of(app), config_of(app).secret, items)


def test_the_result_says_of_how_many_and_the_record_and_the_wall_say_whose(
    browser: Browser, stage: Stage, clock: Clock
) -> None:
    for n in range(8):
        stage.cast(home(3, n), "Lamps", *["Stairs of 3"][: n % 2])
    for n in range(4):
        stage.cast(home(4, n), "Drains", "Door of 4")
    seal(stage)
    publish(stage)
    clock.is_now(AFTER_CLOSE)
    page = browser.see(f"/result/{stage.ballot.id}")
    assert page.says("Stairs of 3（限3号楼）")
    assert page.says("3号楼交了8户")
    assert page.says("那里交了的不到5户，没有数")
    assert page.says("“每户一份钱”不能另算一遍")
    assert browser.see(f"/screen/{stage.ballot.id}").says("Stairs of 3（限3号楼）")
    yard = stage.world.code
    assert browser.see(f"/record/{yard}/{stage.ballot.id}").says("就不数")


def test_live_bars_say_that_these_items_are_counted_later(
    app: Flask, browser: Browser, clock: Clock
) -> None:
    stage = parted(app, showing=Showing.LIVE)
    for n in range(10):
        stage.cast(home(3, n), "Lamps", "Stairs of 3")
    assert live.refresh(stage.ballot.id, stage.keys)
    for address in (f"/live/{stage.ballot.id}", f"/screen/{stage.ballot.id}/bars"):
        page = browser.see(address)
        assert page.says("封存以后才数")
        assert page.says("Lamps")
    assert not browser.see(f"/live/{stage.ballot.id}").says("Stairs of 3")
