"""A table of votes: read cell by cell, keyed in whole or not at all, waiting to be compared."""

import csv
import io

import pytest
from flask import Flask

from surveys.ballots import asking, batches, vote_tables
from surveys.ballots.models import Channel, Entry
from surveys.ballots.sealing import current_choices
from surveys.ballots.vote_tables import MOST_VOTES, Batch
from surveys.base import tables
from surveys.base.db import db
from surveys.counting.ways import Way
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from tests.ballots.phones import Clock, at_desk
from tests.ballots.stage import AFTER_CLOSE, WHILE_OPEN, Stage, drafted, opened
from tests.ballots.test_ways import TERMS
from tests.manners import Page
from tests.world import World

HEADER = ["楼栋", "单元", "房号", "渠道", "1", "2", "3", "4", "5"]


def file_of(*rows: list[str], header: list[str] = HEADER) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def said(batch: Batch) -> list[str]:
    """The faults as the page says them, without the last words."""
    return [f"{f.row} {f.column} {f.msgid % f.params}" for f in batch.faults]


def keyed(stage: Stage, data: bytes) -> int:
    """Read and key in a file as the clerk."""
    return batches.key_in(
        stage.ballot,
        batches.read(stage.ballot, data),
        source=batches.fingerprint(data),
        by=stage.who("clerk"),
        at=WHILE_OPEN,
        keys=stage.keys,
        secret=stage.secret,
    )


def entries() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Entry)) or 0


def test_every_row_becomes_a_vote_that_waits(stage: Stage) -> None:
    data = file_of(
        ["1号楼", "1单元", "101室", "纸票", "1", "", "√", "", ""],
        ["1", "", "102", "电话", "", "是", "否", "0", ""],
    )
    assert keyed(stage, data) == 2
    waiting = asking.pending(stage.ballot)
    assert [w.entry.channel for w in waiting] == [Channel.PAPER, Channel.PHONE]
    assert all(w.entry.keyed_by == stage.who("clerk") for w in waiting)
    assert stage.ballot.households_in == 0
    for one in waiting:
        stage.confirm(one.entry)
    found = sorted(stage.names(choice) for choice in current_choices(stage.ballot, stage.keys))
    assert found == [["Bicycle shed", "Drains"], ["Lamps"]]


@pytest.mark.parametrize(
    ("way", "cells", "expected"),
    [
        (Way.ONE, ["", "1", "", "", ""], {"Lamps": 1}),
        (Way.POINTS, ["7", "", "０", "3", ""], {"Drains": 7, "Benches": 3}),
        (Way.RANK, ["1", "1", "", "", "3"], {"Drains": 1, "Lamps": 1, "Canteen": 3}),
        (
            Way.JUDGE,
            ["赞成", "反对", "弃 权", "against", "同意"],
            {"Drains": 1, "Lamps": -1, "Bicycle shed": 0, "Benches": -1, "Canteen": 1},
        ),
    ],
)
def test_a_table_of_each_way_is_read(
    app: Flask, world: World, way: Way, cells: list[str], expected: dict[str, int]
) -> None:
    stage = opened(app, world, drafted(world, terms=TERMS[way]))
    batch = batches.read(stage.ballot, file_of(["1", "1", "101", "会上", *cells]))
    assert said(batch) == []
    assert [row.choice for row in batch.rows] == [stage.marks(given=expected)]
    assert batch.by_channel == {Channel.MEETING: 1}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["1", "1", "999", "纸票", "1"], "2 房号 这次点单的花名册上没有这一户。"),
        (["", "1", "101", "纸票", "1"], "2 楼栋 没有填。"),
        (["1", "1", "101", "扫码", "1"], "2 渠道 请写纸票、电话、入户或者会上。"),
        (["1", "1", "101", "", "1"], "2 渠道 请写纸票、电话、入户或者会上。"),
        (["1", "1", "101", "纸票", "想要"], "2 1 “Drains”看不明白：选就打勾，不选就空着。"),
        (["1", "1", "101", "纸票"], "2 房号 至少选 1 项，现在选了 0 项。"),
        (
            ["1", "1", "101", "纸票", "1", "1", "1", "1"],
            "2 房号 最多选 3 项，现在选了 4 项。请去掉几项。",
        ),
        (
            ["1", "1", "101", "纸票", "=1+1"],
            "2 1 这一格是公式，请改成数或字（复制以后，选择性粘贴成“数值”）。",
        ),
    ],
)
def test_every_wrong_cell_is_named_by_its_row_and_column(
    stage: Stage, row: list[str], says: str
) -> None:
    good = ["2", "1", "101", "纸票", "1"]
    batch = batches.read(stage.ballot, file_of(row, good))
    assert said(batch)[0] == says
    with pytest.raises(ValueError, match="faults"):
        batches.key_in(
            stage.ballot,
            batch,
            source="",
            by=stage.who("clerk"),
            at=WHILE_OPEN,
            keys=stage.keys,
            secret=stage.secret,
        )
    assert entries() == 0


def test_marks_of_other_ways_are_named_by_the_column_of_their_item(
    app: Flask, world: World
) -> None:
    points = opened(app, world, drafted(world, terms=TERMS[Way.POINTS]))
    bad = file_of(
        ["1", "1", "101", "纸票", "三", "-1", "9" * 40], ["1", "1", "102", "纸票", "8", "3"]
    )
    assert said(batches.read(points.ballot, bad)) == [
        "2 1 “Drains”的分看不明白：请写 1 到 10 的整数，不给就空着。",
        "2 2 “Lamps”的分看不明白：请写 1 到 10 的整数，不给就空着。",
        "2 3 “Bicycle shed”的分看不明白：请写 1 到 10 的整数，不给就空着。",
        "2 房号 至少给 1 项分，现在给了 0 项。",
        "3 房号 一户一共 10 分，现在给了 11 分，多了 1 分。请减掉一些。",
    ]
    judged = opened(app, world, drafted(world, title="J", terms=TERMS[Way.JUDGE]))
    (fault, *_rest) = said(batches.read(judged.ballot, file_of(["1", "1", "101", "纸票", "1"])))
    assert fault == "2 1 “Drains”只能写赞成、反对或者弃权。"


def test_a_household_may_stand_in_a_table_once(stage: Stage) -> None:
    row = ["1", "1", "101", "纸票", "1"]
    batch = batches.read(stage.ballot, file_of(row, [*row[:3], "电话", "1"]))
    assert said(batch) == ["3 房号 和第 2 行是同一户，只留一行。"]


def test_a_door_that_several_have_needs_its_stairwell(app: Flask, world: World) -> None:
    first = db.session.get_one(Household, world.households[0])
    second = db.session.get_one(Household, world.households[1])
    second.stairwell, second.room = "2", first.room
    db.session.commit()
    stage = opened(app, world)
    batch = batches.read(stage.ballot, file_of(["1", "", "101", "纸票", "1"]))
    assert said(batch) == ["2 房号 有好几户都叫这个门牌，请把单元也写上。"]
    assert not batches.read(stage.ballot, file_of(["1", "2", "101", "纸票", "1"])).faults


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["甲", "乙"], "没找到表头"),
        (["楼栋", "单元", "房号", "1", "2", "3", "4", "5"], "没有“渠道”这一列"),
        (["楼栋", "房号", "渠道", "1", "2", "3", "5"], "没有第 4 项“Benches”这一列"),
        ([*HEADER, "3."], "“3.”有两列"),
        ([*HEADER, "楼号"], "“楼号”有两列"),
    ],
)
def test_a_header_that_does_not_do_is_told(stage: Stage, header: list[str], says: str) -> None:
    with pytest.raises(Invalid) as fault:
        batches.read(stage.ballot, file_of(["1", "1", "101"], header=header))
    assert says in str(fault.value)


def test_too_many_rows_or_none_are_told(stage: Stage) -> None:
    with pytest.raises(Invalid, match="一行也没有"):
        batches.read(stage.ballot, file_of())
    with pytest.raises(Invalid, match=f"最多 {MOST_VOTES} 行"):
        batches.read(stage.ballot, file_of(*[["1", "1", "101"]] * (MOST_VOTES + 1)))


def test_our_own_empty_table_can_be_filled_in_and_read(stage: Stage) -> None:
    table = tables.read(vote_tables.example(asking.offer(stage.ballot)))
    ((_number, cells),) = table.rows
    header = [cell.text for cell in cells]
    assert header[:5] == ["楼栋", "单元", "房号", "渠道", "1 Drains"]
    data = file_of(["1", "1", "101", "纸票", "1"], header=header)
    assert not batches.read(stage.ballot, data).faults


def test_an_item_whose_name_begins_with_a_number_keeps_its_place(app: Flask, world: World) -> None:
    stage = opened(app, world)
    header = ["楼栋", "单元", "房号", "渠道", "1 2号楼屋面", "2、路灯", "3.棚", "４", "5 凳"]
    data = file_of(["1", "1", "101", "纸票", "1", "", "", "1", ""], header=header)
    (row,) = batches.read(stage.ballot, data).rows
    assert row.choice == stage.marks("Drains", "Benches")


def test_the_same_file_handed_in_again_makes_nothing_twice(stage: Stage) -> None:
    data = file_of(["1", "1", "101", "纸票", "1"], ["1", "1", "102", "纸票", "1"])
    assert (keyed(stage, data), keyed(stage, data)) == (2, 0)
    assert entries() == 2


def test_after_the_close_a_table_with_anything_but_paper_is_refused_whole(stage: Stage) -> None:
    data = file_of(["1", "1", "101", "纸票", "1"], ["1", "1", "102", "电话", "1"])
    with pytest.raises(Refused, match="截止"):
        batches.key_in(
            stage.ballot,
            batches.read(stage.ballot, data),
            source="s",
            by=stage.who("clerk"),
            at=AFTER_CLOSE,
            keys=stage.keys,
            secret=stage.secret,
        )
    db.session.rollback()
    assert entries() == 0


# --- at the desk ---------------------------------------------------------------------------------


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is the day after the ballot opened."""
    return Clock(monkeypatch)


def test_a_table_is_looked_through_first_and_keyed_in_when_asked(
    app: Flask, stage: Stage, hour: Clock
) -> None:
    clerk = at_desk(app, stage, "clerk")
    here = f"/desk/ballot/{stage.ballot.id}/table"
    assert clerk.see(f"/desk/ballot/{stage.ballot.id}/key-in").all(f'a[href="{here}"]')
    data = file_of(["1", "1", "101", "纸票", "1"], ["1", "1", "102", "电话", "1"])
    form = clerk.see(here).form(here)

    def hand_in(go: str, data: bytes) -> Page:
        upload = (io.BytesIO(data), "votes.csv")
        return clerk.send(here, {**form, "file": upload, "go": go})

    looked = hand_in("check", data)
    assert looked.says("每一格都看得懂，一共2份。还没有录")
    assert entries() == 0
    bad = hand_in("save", data + "1,1,103,纸票,x\n".encode())
    assert bad.status == 422
    assert bad.says("有2处要改，一份也没录")
    assert bad.says("第4行“1”：“Drains”看不明白")
    assert entries() == 0
    assert hand_in("check", b"%PDF").says("这是 PDF")
    done = hand_in("save", data)
    assert done.says("录好了2份")
    assert entries() == 2
    hour.is_now(stage.ballot.seals_at)
    stage.seal(at=stage.ballot.seals_at)
    assert at_desk(app, stage, "clerk").see(here).says("现在不录票")


def test_the_empty_table_is_a_workbook(app: Flask, stage: Stage, hour: Clock) -> None:
    clerk = at_desk(app, stage, "clerk")
    answer = clerk.get(f"/desk/ballot/{stage.ballot.id}/table.xlsx")
    assert answer.mimetype == tables.XLSX
    assert tables.read(answer.data).rows[0][1][4].text == "1 Drains"
