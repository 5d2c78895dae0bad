"""The desk: courtyards, rolls by file, posters and slips, each for whom it may be."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import openpyxl
import pytest
from flask import Flask

from surveys.accounts.models import Place
from surveys.base import clock, tables
from surveys.base.db import db
from surveys.courtyards import roll, service, slips
from surveys.courtyards.models import Courtyard, Household
from surveys.courtyards.rules import RollRow
from surveys.web import config_of
from tests.courtyards.test_roll import HEADER, file_of
from tests.manners import Browser, Page
from tests.world import AT, World, add_courtyard, sign_in


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    sign_in(browser, world.accounts["organizer"])
    return browser


def here(world: World, page: str) -> str:
    return f"/desk/courtyard/{world.courtyard}/{page}"


def hand_in(browser: Browser, world: World, data: bytes, name: str = "roll.xlsx") -> Page:
    form = browser.see(here(world, "roll")).form(here(world, "roll/check"))
    return browser.send(here(world, "roll/check"), form | {"file": (io.BytesIO(data), name)})


# courtyards


def test_an_organizer_makes_a_courtyard_and_is_led_to_its_roll(world: World, desk: Browser) -> None:
    form = desk.see("/desk/courtyard/new").form("/desk/courtyard/new")
    typed = {
        "parent": world.community,
        "name": "槐树里 3 号院",
        "phone": "1",
        "committee": "居委会",
    }
    page = desk.send("/desk/courtyard/new", form | typed)
    assert page.says("接下来把花名册交上来")
    assert page.one("h1").text_content() == "花名册"
    again = desk.send("/desk/courtyard/new", form | typed)
    assert again.status == 422
    assert again.says("已经有一个“槐树里 3 号院”了")
    assert again.one("#name").get("value") == "槐树里 3 号院"


def test_a_new_courtyard_lives_by_the_clocks_that_the_installation_is_set_to(
    app: Flask, world: World, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = replace(config_of(app), default_zone="Asia/Urumqi")
    monkeypatch.setitem(app.extensions, "surveys_config", elsewhere)
    form = desk.see("/desk/courtyard/new").form("/desk/courtyard/new")
    desk.send("/desk/courtyard/new", form | {"parent": world.community, "name": "West"})
    db.session.rollback()
    made = db.select(Courtyard.zone).where(Courtyard.name == "West")
    assert db.session.scalar(made) == "Asia/Urumqi"


def test_a_courtyard_is_made_where_one_has_a_say_only(world: World, desk: Browser) -> None:
    form = desk.see("/desk/courtyard/new").form("/desk/courtyard/new")
    page = desk.send("/desk/courtyard/new", form | {"parent": world.street, "name": "x"})
    assert page.status == 422
    sign_in(desk, world.accounts["clerk"])
    assert desk.see("/desk/courtyard/new").status == 403


def test_settings_are_changed_by_who_runs_the_courtyard(world: World, desk: Browser) -> None:
    address = here(world, "settings")
    form = desk.see(address).form(address)
    assert form["phone"] == "0000-0000000"
    page = desk.send(address, form | {"phone": "1111-1111111"})
    assert page.says("存好了")
    assert service.find(world.courtyard).phone == "1111-1111111"
    assert desk.send(address, form | {"name": " "}).status == 422
    sign_in(desk, world.accounts["observer"])
    assert desk.see(address).status == 403


def test_the_header_leads_to_ones_courtyards(world: World, desk: Browser) -> None:
    page = desk.see(here(world, "roll"))
    assert [option.get("value") for option in page.all("#yard option")] == [world.courtyard]
    found = desk.get(f"/desk/go?to={world.courtyard}")
    assert found.location == f"/desk/courtyard/{world.courtyard}"
    assert desk.see("/desk/go?to=elsewhere").status == 404


def test_among_many_courtyards_the_header_searches(world: World, desk: Browser) -> None:
    community = db.session.get_one(Place, world.community)
    for n in range(31):
        add_courtyard(f"Yard {n}", f"Y{n:05d}", community, 1, 1)
    db.session.commit()
    page = desk.see(here(world, "roll"))
    assert not page.all("#yard option")
    page = desk.see(f"/desk/?{page.one('#yard').get('name')}=yard 17")
    assert [a.text for a in page.all("tbody th a")] == ["Yard 17"]


@pytest.mark.parametrize("page", ["roll", "roll/export.xlsx", "settings", "poster", "slips"])
def test_another_courtyards_organizer_finds_nothing_here(
    world: World, browser: Browser, page: str
) -> None:
    sign_in(browser, world.accounts["stranger"])
    assert browser.see(here(world, page)).status == 404


# the roll


def test_a_file_is_looked_at_first_and_saved_after(world: World, desk: Browser) -> None:
    data = file_of(HEADER, [1, 1, 101, 88.67], [1, 1, 102, "９０．５"], [3, 1, 101, 50])
    page = hand_in(desk, world, data)
    assert page.status == 200
    assert [b.text_content() for b in page.all(".figure b")] == ["1", "1", "1", "22"]
    assert page.says("3 号楼 1 单元 101")
    assert page.says("88.67 ㎡90.50 ㎡")
    assert page.says("2 号楼 1 单元 202")  # missing, named
    assert service.size(world.courtyard)[0] == 24
    after = desk.send(here(world, "roll"), page.form(here(world, "roll")))
    assert after.says("新增 1 户，改面积 1 户")
    assert service.size(world.courtyard)[0] == 25
    assert service.household_at(world.courtyard, "1-1-102").area_dm2 == 9050


def test_a_roll_sent_twice_is_saved_once_and_nobody_is_blamed(world: World, desk: Browser) -> None:
    form = hand_in(desk, world, file_of(HEADER, [3, 1, 101, 50])).form(here(world, "roll"))
    assert desk.send(here(world, "roll"), form).says("新增 1 户")
    again = desk.send(here(world, "roll"), form)
    assert again.status == 200
    assert again.says("已经和这张表一样")
    assert service.size(world.courtyard)[0] == 25


def test_a_page_that_lies_open_while_somebody_else_imports_saves_nothing(
    world: World, desk: Browser
) -> None:
    page = hand_in(desk, world, file_of(HEADER, [3, 1, 101, 50]))
    service.import_roll(
        service.find(world.courtyard), [RollRow("3", "1", "101", 6000)], by=None, at=AT
    )
    after = desk.send(here(world, "roll"), page.form(here(world, "roll")))
    assert after.status == 422
    assert after.says("被别人改过")
    forged = desk.send(here(world, "roll"), page.form(here(world, "roll")) | {"packed": "x"})
    assert forged.status == 422
    assert service.size(world.courtyard)[0] == 25


def test_wrong_cells_are_named_and_nothing_is_saved(world: World, desk: Browser) -> None:
    page = hand_in(desk, world, file_of(HEADER, [9, 1, 101, 50], [9, 1, 102, "约98"]))
    assert page.status == 422
    assert page.says("有 1 处要改，一户也没存")
    assert page.says("第 3 行“面积”：“约98”不是数，请只填数字，如 98.50。")
    assert service.size(world.courtyard)[0] == 24


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.4", "这是 PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "老式的 .xls"),
        (b"", "这个文件是空的"),
        (file_of(), "这张表是空的"),
        (file_of(HEADER, [1, 1, 101, 50], merged=("A1:B1",)), "合并的格子"),
    ],
)
def test_a_file_that_is_no_roll_says_why(
    world: World, desk: Browser, data: bytes, says: str
) -> None:
    page = hand_in(desk, world, data)
    assert page.status == 422
    assert page.says(says)
    assert page.says("先看一遍")  # the form is there to try again


def test_no_file_and_a_file_of_fifty_megabytes(world: World, desk: Browser) -> None:
    address = here(world, "roll/check")
    form = desk.see(here(world, "roll")).form(address)
    form.pop("file", None)
    assert desk.send(address, form).says("请先选一个文件")
    kind = "multipart/form-data; boundary=x"
    huge = Page(desk.post(address, data=b"0" * (50 * 1024 * 1024), content_type=kind))
    assert huge.status == 413
    assert huge.says("12 MB")


def test_five_thousand_households_travel_through_the_form(world: World, desk: Browser) -> None:
    rows = [[b, s, r, 88] for b in range(1, 51) for s in range(1, 5) for r in range(101, 126)]
    data = (
        "楼栋,单元,房号,面积\n" + "\n".join(",".join(map(str, row)) for row in rows[:4999])
    ).encode()
    page = hand_in(desk, world, data, "roll.csv")
    assert page.status == 200
    assert desk.send(here(world, "roll"), page.form(here(world, "roll"))).status == 200
    assert service.size(world.courtyard)[0] >= 4999


def test_the_present_roll_comes_out_as_it_can_go_in(world: World, desk: Browser) -> None:
    answer = desk.get(here(world, "roll/export.xlsx"))
    assert answer.mimetype == tables.XLSX
    assert "花名册-Courtyard.xlsx" in unquote(answer.headers["Content-Disposition"])
    found = roll.read_roll(tables.read(answer.data))
    assert found.rows == service.rows_of(world.courtyard)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert sheet["D2"].value == pytest.approx(88.67)
    page = hand_in(desk, world, answer.data)
    assert page.says("没有要改的")
    assert not page.all("[name=packed]")


def test_the_template_is_a_roll(world: World, desk: Browser) -> None:
    found = roll.read_roll(tables.read(desk.get(here(world, "roll/template.xlsx")).data))
    assert len(found.rows) == 3


def test_the_roll_is_narrowed_to_a_door_or_a_building_and_sorted(
    world: World, desk: Browser
) -> None:
    def doors(query: str) -> list[str]:
        return [cell.text for cell in desk.see(here(world, f"roll?{query}")).all("tbody th")]

    every = doors("")
    assert len(every) == len(world.households)
    assert len(doors("building=2")) == len(every) // 2
    assert len(doors("q=101")) == 2, "that room of every building"
    assert len(doors("q=2-1-101")) == 1
    assert doors("sort=-door") == every[::-1]
    assert desk.see(here(world, "roll?q=nothing")).says("没有找到")


def test_a_clerk_sees_the_roll_and_imports_nothing(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(here(world, "roll"))
    assert page.status == 200
    assert not page.all("[name=file]")
    token = page.form("/desk/sign-out")["csrf_token"]
    for action in ("roll", "roll/check"):
        assert browser.send(here(world, action), {"csrf_token": token}).status == 403


# paper


def test_the_poster_warns_while_the_address_is_not_fit_for_paper(
    world: World, desk: Browser, app: Flask
) -> None:
    page = desk.see(here(world, "poster"))
    assert page.one(".poster .qr").get("src") == f"/c/{world.code}/qr.svg"
    assert page.says(f"/{world.code}")
    assert page.says("0000-0000000")
    assert page.says("还没有设对外的网址") is not config_of(app).printable_url
    sign_in(desk, world.accounts["observer"])
    assert desk.see(here(world, "poster")).status == 403


def print_all(browser: Browser, world: World, *buildings: str) -> Page:
    form = browser.see(here(world, "slips")).form(here(world, "slips"))
    return browser.send(here(world, "slips"), form | {"building": list(buildings)})


def test_slips_are_printed_eight_a_page_and_named_on_the_desk(
    world: World, browser: Browser, app: Flask
) -> None:
    sign_in(browser, world.accounts["clerk"])
    page = print_all(browser, world, "1", "2")
    assert page.status == 200
    assert len(page.all(".slip")) == 24
    assert len(page.all(".a4")) == 3
    home = db.session.get_one(Household, world.households[0])
    _long, short = slips.household_code(home, config_of(app).secret)
    first = page.all(".slip")[0]
    assert re.sub(r"\W", "", first.cssselect(".slip-code")[0].text_content()) == short
    assert first.cssselect("img")[0].get("src").startswith("data:image/svg+xml,")
    assert page.response.headers["Cache-Control"] == "no-store"
    log = browser.see(here(world, "slips"))
    assert log.says("clerk印了 24 张条子，楼栋：1、2")


def test_one_button_prints_the_whole_courtyard(world: World, desk: Browser) -> None:
    form = desk.see(here(world, "slips")).form(here(world, "slips"))
    page = desk.send(here(world, "slips"), form | {"all": "1"})
    assert len(page.all(".slip")) == 24


def test_printing_nothing_is_refused_in_words(world: World, desk: Browser) -> None:
    page = print_all(desk, world)
    assert page.status == 422
    assert page.says("请至少选一栋楼")


def test_who_may_not_print_sees_no_button_and_gets_no_slip(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["observer"])
    page = browser.see(here(world, "slips"))
    assert not page.all("[name=building]")
    token = page.form("/desk/sign-out")["csrf_token"]
    for action in ("slips", "slips/one"):
        assert browser.send(here(world, action), {"csrf_token": token}).status == 403


def test_one_lost_slip_is_replaced_at_once_when_nothing_is_open(
    world: World, desk: Browser
) -> None:
    form = desk.see(here(world, "slips")).form(here(world, "slips/one"))
    unsure = desk.send(here(world, "slips/one"), form | {"door": "1-1-101"})
    assert unsure.status == 422
    assert unsure.one("#door").get("value") == "1-1-101"
    wrong = desk.send(here(world, "slips/one"), form | {"door": "9-1-101", "sure": "y"})
    assert wrong.says("花名册里没有“9-1-101”")
    page = desk.send(here(world, "slips/one"), form | {"door": "1号楼101", "sure": "y"})
    assert len(page.all(".slip")) == 1
    assert page.says("1 号楼 1 单元 101")


def test_while_a_ballot_is_open_a_slip_is_replaced_by_two_accounts_and_printed_once(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["clerk"])
    form = browser.see(here(world, "slips")).form(here(world, "slips"))
    browser.send(here(world, "slips"), form | {"all": "1"})
    service._guard_slips_until(world.courtyard, clock.now() + timedelta(days=3))
    db.session.commit()
    page = browser.see(here(world, "slips"))
    assert page.says("点单正开着")
    assert not page.all("[name=building]")
    form = page.form(here(world, "slips/one"))
    refused = browser.send(
        here(world, "slips"), {"csrf_token": form["csrf_token"], "building": "1"}
    )
    assert refused.status == 422
    assert refused.says("条子不能成批再印")
    typed = form | {"door": "1-1-101", "sure": "y"}
    assert browser.send(here(world, "slips/one"), typed).says("请写为什么要换")
    asked = browser.send(here(world, "slips/one"), typed | {"reason": "丢了"})
    assert asked.says("等另一个人同意")
    assert not [f for f in asked.all("form") if "/grant" in f.get("action")]
    sign_in(browser, world.accounts["supervisor"])
    page = browser.see(here(world, "slips"))
    grant = next(f.get("action") for f in page.all("form") if "/grant" in f.get("action"))
    assert browser.send(grant, page.form(grant)).says("旧条子已经作废")
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(here(world, "slips"))
    prints = next(f.get("action") for f in page.all("form") if "/print" in f.get("action"))
    assert len(browser.send(prints, page.form(prints)).all(".slip")) == 1
    again = browser.send(prints, page.form(prints))
    assert again.status == 409
    assert again.says("已经印过")
