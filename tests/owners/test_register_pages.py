"""The register at the desk: handed in, looked at, saved, searched, changed a unit at a time."""

import io

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.owners import register, register_file
from surveys.owners.register_models import Unit
from tests.courtyards.test_roll import file_of
from tests.manners import Browser, Page
from tests.owners.registers import add_register, row
from tests.owners.test_register_file import GOOD, HEADER, line
from tests.world import World, sign_in

ROWS = (
    row("1-1-101", 8867, "王强#1234"),
    row("1-1-102", 9050, "李梅、张三"),
    row("2-1-103", 10000, "王强#1234"),
)


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    sign_in(browser, world.accounts["organizer"])
    return browser


def here(world: World, page: str = "") -> str:
    return f"/desk/courtyard/{world.courtyard}/owners{page}"


def hand_in(browser: Browser, world: World, *rows: list[object]) -> Page:
    form = browser.see(here(world)).form(here(world, "/check"))
    file = (io.BytesIO(file_of(HEADER, *rows)), "owners.xlsx")
    return browser.send(here(world, "/check"), form | {"file": file})


def unit_page(world: World, room: str) -> str:
    found = db.select(Unit.id).where(Unit.courtyard_id == world.courtyard, Unit.room == room)
    return f"/desk/unit/{db.session.scalars(found).one()}"


def test_a_file_is_looked_at_and_then_saved(world: World, desk: Browser) -> None:
    page = hand_in(desk, world, GOOD, line(room=102, names="李梅、张三", marks=None))
    assert page.says("还没有存")
    assert page.says("存了以后：2 位业主，2 套，一共 177.34 ㎡")
    assert page.says("1 处共有的还没写谁代表表决")
    assert register.read(world.courtyard).rows == []
    page = desk.send(here(world), page.form(here(world)))
    assert page.says("存好了：新增 2 套")
    assert page.says("李梅、张三")


def test_a_file_with_faults_is_told_cell_by_cell_and_nothing_is_saved(
    world: World, desk: Browser
) -> None:
    page = hand_in(desk, world, GOOD, line(room=102, area=0), line(room=103, names=""))
    assert page.status == 422
    assert page.says("有 2 处要改，一套也没存")
    assert page.says("第 3 行“专有面积”：“0”不行")
    assert page.says("第 4 行“产权人”：没写产权人")
    assert register.read(world.courtyard).rows == []


def test_a_file_that_is_no_table_is_told(world: World, desk: Browser) -> None:
    form = desk.see(here(world)).form(here(world, "/check"))
    page = desk.send(here(world, "/check"), form | {"file": (io.BytesIO(b"%PDF-1"), "a.xlsx")})
    assert page.status == 422
    assert page.says("这是 PDF，不是表格")
    assert desk.send(here(world, "/check"), form).says("请先选一个文件")


def test_rows_that_were_changed_on_the_way_are_not_saved(world: World, desk: Browser) -> None:
    page = hand_in(desk, world, GOOD)
    form = page.form(here(world))
    spoilt = desk.send(here(world), form | {"packed": str(form["packed"])[:-2]})
    assert spoilt.status == 422
    assert spoilt.says("这一页不完整了")


def test_what_changes_hands_is_shown_apart(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    page = hand_in(desk, world, GOOD, line(room=102, area=95, names="李梅、张三", marks=None))
    assert page.says("真是过户了，还是原来写错了")
    assert page.says("90.50 ㎡95.00 ㎡")
    assert page.says("表里没有的")


def test_owners_are_found_by_name_mark_and_door(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    for words, found in (("王", 1), ("1234", 1), ("2-1-103", 1), ("1-1-1", 2), ("赵", 0)):
        page = desk.see(here(world, f"?q={words}"))
        assert len(page.all("th[rowspan]")) == found, words
    assert page.says("没有找到")


def test_a_long_register_is_turned_page_by_page(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *(row(f"1-1-{n}", 1, f"王{n}") for n in range(1, 121)))
    assert len(desk.see(here(world)).all("th[rowspan]")) == 50
    last = desk.see(here(world, "?page=99"))
    assert len(last.all("th[rowspan]")) == 20
    assert last.says("第 3 页，共 3 页")


def test_who_votes_for_co_owners_is_written_down(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    page = desk.see(here(world))
    assert page.says("有 1 处共有的房子没写谁代表表决：1-1-102")
    form = page.form(here(world, "/voter"))
    page = desk.send(here(world, "/voter"), form | {"voter": "张三"})
    assert page.says("共有，由张三代表表决")
    assert not page.says("开票以前要补的")
    assert desk.send(here(world, "/voter"), form | {"voter": "王强"}).status == 422
    assert desk.send(here(world, "/voter"), form | {"owner": "nobody"}).status == 404


def test_totals_are_stated_and_compared(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    form = desk.see(here(world)).form(here(world, "/stated"))
    typed = {"area": "300", "units": "3", "source": "登记中心"}
    page = desk.send(here(world, "/stated"), form | typed)
    assert page.says("20.83 ㎡登记的还多出这些")
    assert page.says("开票以前要补的")
    page = desk.send(here(world, "/stated"), form | typed | {"gap_reason": "地下室没登记"})
    assert not page.says("对不上。请查清")
    page = desk.send(here(world, "/stated"), form | typed | {"source": "", "units": "三"})
    assert page.status == 422
    assert page.says("请只填数字")
    assert page.one("#area").get("value") == "300"
    page = desk.send(here(world, "/stated"), form | typed | {"source": ""})
    assert page.says("请写总面积和总套数是从哪里抄来的")


def test_a_unit_is_added_changed_sold_and_taken_out(world: World, desk: Browser) -> None:
    form = desk.see(here(world, "/new")).form(here(world, "/new"))
    typed = {"building": "1", "stairwell": "1", "room": "101", "area": "88.67", "names": "王强"}
    assert desk.send(here(world, "/new"), form | typed).says("加好了")
    page = desk.send(here(world, "/new"), form | typed)
    assert page.status == 422
    assert page.says("名册里已经有“1-1-101”了")
    at = unit_page(world, "101")
    form = desk.see(at).form(at)
    assert form["area"] == "88.67"
    page = desk.send(at, form | {"area": "0"})
    assert page.status == 422
    assert page.says("请选一样")
    page = desk.send(at, form | {"names": "赵四", "why": "sold"})
    assert page.says("改好了")
    assert register.read(world.courtyard).owners[0].names == ["赵四"]
    form = desk.see(at).form(f"{at}/remove")
    assert desk.send(f"{at}/remove", form).says("先勾上")
    assert desk.send(f"{at}/remove", form | {"sure": "y"}).says("去掉了")
    assert desk.get(at).status_code == 404


def test_a_wrong_field_of_a_unit_is_told_beside_it(world: World, desk: Browser) -> None:
    form = desk.see(here(world, "/new")).form(here(world, "/new"))
    typed = {"building": "1", "room": "101", "area": "88.675", "names": "甲、乙", "voter": "丙"}
    page = desk.send(here(world, "/new"), form | typed)
    assert page.status == 422
    assert page.says("小数太多")
    page = desk.send(here(world, "/new"), form | typed | {"area": "88"})
    assert page.one("#voter-fault").text_content().strip().startswith("表决代表要是产权人里的一个")


def test_the_register_goes_out_and_comes_in_again(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    form = desk.see(here(world)).form(here(world, "/export.xlsx"))
    data = desk.post(here(world, "/export.xlsx"), data=form).get_data()
    assert list(register_file.read_file(data).rows) == list(ROWS)
    assert desk.see(f"/desk/courtyard/{world.courtyard}/audit").says("下载了业主名册，3 套")


@pytest.mark.parametrize("query", ["", "?roll=1"])
def test_a_table_to_fill_in_is_handed_out(world: World, desk: Browser, query: str) -> None:
    answer = desk.get(here(world, f"/template.xlsx{query}"))
    assert answer.status_code == 200
    assert answer.get_data().startswith(b"PK")


@pytest.mark.parametrize("who", ["observer", "supervisor", "administrator"])
def test_names_of_owners_are_shown_to_nobody_else(
    app: Flask, world: World, browser: Browser, who: str
) -> None:
    add_register(world.courtyard, *ROWS)
    sign_in(browser, world.accounts[who])
    page = browser.see(here(world))
    assert page.status == 403
    assert not page.says("王强")


def test_a_clerk_reads_the_register_and_changes_nothing(world: World, browser: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(here(world))
    assert page.says("王强")
    assert not page.all("form[action$='/check'], a[href^='/desk/unit/']")


def test_the_largest_owners_come_first_by_a_press_on_the_head(world: World, desk: Browser) -> None:
    add_register(world.courtyard, *ROWS)
    page = desk.see(here(world))
    area = next(a for a in page.all("thead a") if "area" in a.get("href"))
    told = desk.see(area.get("href"))
    assert told.one("th[aria-sort]").get("aria-sort") == "descending"
    cells = told.all("td.right[rowspan]")
    sizes = [float(cell.text.split()[0].replace(",", "")) for cell in cells]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 1
