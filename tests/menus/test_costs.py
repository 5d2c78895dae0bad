"""What everything costs is typed in one table, by hand or in a spreadsheet, and saved together."""

import io
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest

from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.menus import cost_cells, cost_file, costs, pinning, service
from surveys.menus.cost_cells import Cost
from surveys.menus.cost_file import Standing
from surveys.menus.models import Menu, MenuItem
from surveys.menus.service import Draft
from surveys.rounds.models import Round
from tests.manners import Browser, Page
from tests.world import AT, World, sign_in

NOT_YET = Cost(1000, "盏", None, None, None)
LAMP = Standing("a", "楼道照明", "基础类", NOT_YET)
BENCH = Standing("b", "座椅", "完善类", Cost(10_000, "把", 128_000, None, 0))
HEADERS = ["项目", "数量", "单位", "单价（元）", "每户自付（元）", "每户每年（元）"]


def sheet(
    *rows: Sequence[str | int | None], headers: Sequence[str] = HEADERS, merged: str = ""
) -> bytes:
    """A workbook as somebody filled it in."""
    book = openpyxl.Workbook()
    (page,) = book.worksheets
    for row in (headers, *rows):
        page.append(list(row))
    if merged:
        page.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said(reading: cost_file.Reading) -> list[str]:
    """Faults as the page says them."""
    return [f"{f.row} {f.column} {f.msgid % f.params}" for f in reading.faults]


@pytest.mark.parametrize(
    ("typed", "column", "says"),
    [
        ({"unit_cost": "约3万"}, "unit_cost", "“约3万”不是钱数"),
        ({"unit_cost": "-3"}, "unit_cost", "“-3”不是钱数"),
        ({"unit_cost": "1e9"}, "unit_cost", "“1e9”不是钱数"),
        ({"unit_cost": "=1+1"}, "unit_cost", "不是钱数"),
        ({"unit_cost": "999999999999"}, "unit_cost", "太大了"),
        ({"unit_cost": "1亿", "quantity": "999999999"}, "unit_cost", "数量乘单价太大了"),
        ({"unit_cost": "3", "quantity": ""}, "quantity", "请写数量"),
        ({"quantity": "七十二"}, "quantity", "不是数量"),
        ({"share": "1.005"}, "share", "比分还小"),
        ({"upkeep": "很少"}, "upkeep", "不是钱数"),
        ({"unit": "长" * 21}, "unit", "单位最多 20 个字"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(typed: dict[str, str], column: str, says: str) -> None:
    line = cost_cells.read(typed, NOT_YET)
    assert list(line.faults) == [column]
    fault = line.faults[column]
    assert says in fault.msgid % fault.params
    assert line.typed[column] == typed[column], "what was typed is kept"


def test_a_line_may_wait_for_its_price() -> None:
    line = cost_cells.read(dict.fromkeys(cost_cells.COLUMNS, ""), NOT_YET)
    assert (line.cost, line.faults) == (replace(NOT_YET, unit=""), {})


def test_cells_are_read_as_people_type() -> None:
    line = cost_cells.read(
        {"quantity": "７２", "unit_cost": "1.2万", "share": "300", "upkeep": "0"}, NOT_YET
    )
    assert line.cost == Cost(72_000, "盏", 1_200_000, 30_000, 0)


def test_what_comes_out_goes_in_again_unchanged() -> None:
    odd = replace(BENCH.cost, quantity_milli=1_234, unit_cost_fen=5_250, share_fen=1)
    items = [LAMP, replace(BENCH, cost=odd)]
    reading = cost_file.read_file(cost_file.to_xlsx(items), items)
    assert reading.faults == []
    assert {key: line.cost for key, line in reading.lines.items()} == {"a": NOT_YET, "b": odd}


def test_a_file_names_every_bad_cell_by_row_and_column() -> None:
    reading = cost_file.read_file(
        sheet(
            ["楼道照明", "约72", "盏", "=1+2", None, None],
            ["座椅", 10, "把", -3, "1e9", None],
            ["座椅", 10, "把", 3, None, None],
            ["水井", 1, "口", 3, None, None],
            [None, 1, "口", 3, None, None],
            ["合计", None, None, 3, None, None],
        ),
        [LAMP, BENCH],
    )
    assert [fault.split("。")[0] for fault in said(reading)] == [
        "2 单价（元） 这一格是公式，请改成数或字（复制以后，选择性粘贴成“数值”）",
        "2 数量 “约72”不是数量",
        "3 单价（元） “-3”不是钱数",
        "3 每户自付（元） “1e9”不是钱数",
        "4 项目 和第 3 行是同一项，只留一行",
        "5 项目 菜单里没有“水井”",
        "6 项目 没写项目的名字",
        "7 项目 这一行像是合计，不是一项",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "这个文件是空的"),
        (b"PK\x03\x04 no workbook", "打不开"),
        (b"\x89PNG....", "这是图片"),
        (sheet(headers=["姓名", "电话"]), "没找到表头"),
        (sheet(headers=["项目", "单价（万元）"]), "请改成元"),
        (sheet(headers=["数量", "单价（元）"]), "没有“项目”这一列"),
        (sheet(headers=["项目", "单价", "综合单价"]), "有两列都像“单价（元）”"),
        (sheet(), "一项也没有"),
        (sheet(*[("水井", 1, "口", 3)] * 5_001), "太长了"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        cost_file.read_file(data, [LAMP, BENCH])


def test_merged_cells_among_the_items_are_named_where_they_stand() -> None:
    data = sheet(["座椅", 10, "把", 1], ["楼道照明", 1, "盏", None], merged="D2:D3")
    found = cost_file.read_file(data, [LAMP, BENCH])
    assert found.lines == {}
    (fault,) = said(found)
    assert fault.startswith("2 单价（元） 到第 3 行是合并的格子")


def test_five_thousand_strange_rows_are_faults_and_no_strain() -> None:
    rows: list[list[str | int | None]] = [
        [f"水井{n}", 1, "口", 3, None, None] for n in range(4_999)
    ]
    assert len(cost_file.read_file(sheet(*rows), [LAMP]).faults) == 4_999


def test_a_column_that_is_not_in_the_file_stays_as_it_is() -> None:
    data = "项目,单价\n座椅,1.5万\n".encode("utf-8-sig")
    reading = cost_file.read_file(data, [LAMP, BENCH])
    assert reading.lines["b"].cost == replace(BENCH.cost, unit_cost_fen=1_500_000)


# --- saved ---------------------------------------------------------------------------------------


@pytest.fixture
def by(world: World) -> str:
    """Who makes menus."""
    return world.accounts["organizer"]


@pytest.fixture
def menu(world: World, by: str) -> Menu:
    """A menu of a priced lamp and a bench that waits for its price."""
    round_ = db.session.get_one(Round, world.round)
    made = service.create(round_, "改造菜单", 40_000_000, by=by, at=AT)
    service.add_item(made, Draft("basic", "楼道照明", 72_000, 18_650, unit="盏"), by=by, at=AT)
    service.add_item(made, Draft("improve", "座椅", 1_000, None, unit="把"), by=by, at=AT)
    return made


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def item(menu: Menu, name: str) -> MenuItem:
    """The item of this name, as it is kept."""
    return next(found for found in service.items_of(menu) if found.name == name)


def filled(page: Page, menu: Menu, **cells: str) -> dict[str, object]:
    """The table with cells of the bench typed over."""
    bench = item(menu, "座椅")
    form = page.form(f"/desk/menu/{menu.id}/costs")
    return {**form, **{f"{column}-{bench.id}": text for column, text in cells.items()}}


def test_the_whole_table_is_saved_at_once(desk: Browser, menu: Menu) -> None:
    here = f"/desk/menu/{menu.id}/costs"
    page = desk.send(here, filled(desk.see(here), menu, quantity="10", unit_cost="1280", share="5"))
    assert page.says("存好了，改了 1 项")
    assert not page.says("还没填价钱")
    bench = item(menu, "座椅")
    db.session.refresh(bench)
    assert (bench.is_priced, bench.cost_fen, bench.share_fen) == (True, 1_280_000, 500)


def test_a_wrong_cell_keeps_everything_typed_and_saves_nothing(desk: Browser, menu: Menu) -> None:
    here, bench, lamp = f"/desk/menu/{menu.id}/costs", item(menu, "座椅"), item(menu, "楼道照明")
    form = filled(desk.see(here), menu, quantity="10", unit_cost="约3万")
    form[f"unit_cost-{lamp.id}"] = "200"
    page = desk.send(here, form)
    assert page.status == 422
    assert page.says("有 1 格要改，还没有存")
    assert page.says("座椅，单价（元）：“约3万”不是钱数")
    assert page.one(f"#unit_cost-{bench.id}").get("value") == "约3万"
    assert page.one(f"#unit_cost-{lamp.id}").get("value") == "200"
    assert page.says("原来：186.50")
    db.session.refresh(lamp)
    assert lamp.unit_cost_fen == 18_650


def test_two_people_fill_it_in_at_once_and_the_second_is_told(
    desk: Browser, menu: Menu, by: str
) -> None:
    here, lamp = f"/desk/menu/{menu.id}/costs", item(menu, "楼道照明")
    form = filled(desk.see(here), menu, quantity="10", unit_cost="1280")
    other = replace(costs.cost_of(lamp), unit_cost_fen=20_000)
    seen = costs.fingerprint(menu)
    costs.set_costs(menu, {lamp.id: other}, seen=seen, by=by, at=AT)
    page = desk.send(here, form)
    assert page.status == 422
    assert page.says("别人也改了这份菜单")
    assert page.one(f"#unit_cost-{item(menu, '座椅').id}").get("value") == "1280"
    assert page.says("原来：200"), "what the other one saved"
    with pytest.raises(Refused):
        costs.set_costs(menu, {lamp.id: other}, seen=seen, by=by, at=AT)


def test_a_file_fills_the_table_and_nothing_is_saved_before_it_was_seen(
    desk: Browser, menu: Menu
) -> None:
    here, bench = f"/desk/menu/{menu.id}/costs", item(menu, "座椅")
    page = desk.see(here)
    data = sheet(["座椅", 10, "把", 1280, None, 0])
    form = page.form(f"{here}/file") | {"file": (io.BytesIO(data), "a.xlsx")}
    page = desk.send(f"{here}/file", form)
    assert page.says("还没有存")
    assert page.says("表里没有的 1 项不动")
    assert page.one(f"#unit_cost-{bench.id}").get("value") == "1280"
    assert page.says("原来：没填")
    assert not item(menu, "座椅").is_priced
    page = desk.send(here, page.form(here))
    assert page.says("存好了，改了 1 项")
    db.session.refresh(bench)
    assert (bench.cost_fen, bench.upkeep_fen) == (1_280_000, 0)


def test_a_bad_file_is_named_cell_by_cell(desk: Browser, menu: Menu) -> None:
    here = f"/desk/menu/{menu.id}/costs"
    data = sheet(["座椅", 10, "把", "约3万", None, None])
    form = desk.see(here).form(f"{here}/file") | {"file": (io.BytesIO(data), "a.xlsx")}
    page = desk.send(f"{here}/file", form)
    assert page.status == 422
    assert page.says("有 1 处要改，一项也没存")
    assert page.says("第 2 行“单价（元）”：“约3万”不是钱数")
    none = desk.send(f"{here}/file", desk.see(here).form(f"{here}/file"))
    assert none.says("请先选一个文件")


def test_the_table_is_handed_out_with_chinese_headers(desk: Browser, menu: Menu) -> None:
    answer = desk.get(f"/desk/menu/{menu.id}/costs.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    answer.close()
    assert rows[0] == ("类别", *HEADERS)
    assert rows[1] == ("基础类", "楼道照明", 72, "盏", 186.5, None, None)
    assert rows[2] == ("完善类", "座椅", 1, "把", None, None, None)


def test_a_pinned_menu_keeps_its_costs(desk: Browser, menu: Menu) -> None:
    here = f"/desk/menu/{menu.id}/costs"
    form = filled(desk.see(here), menu, unit_cost="5")
    db.session.refresh(menu)
    pinning._pin(menu, AT)
    db.session.commit()
    page = desk.send(here, form)
    assert page.status == 422
    assert page.says("不能再改")
    assert not item(menu, "座椅").is_priced
