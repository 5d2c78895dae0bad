"""Which of many suggestions ask for the same thing, and the command that says so."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bench import needs as bench
from bench.agreement import macro_f1, pairs
from surveys.errors import Invalid
from surveys.needs import shipped as catalogue
from surveys.needs.proposals.grouping import Placed, place
from surveys.needs.proposals.vocabulary import shipped
from surveys.needs.texts import MOST_TEXTS, read_texts


def placed(*texts: str) -> list[Placed]:
    return place(texts, shipped())


def groups(*texts: str) -> list[int | None]:
    return [found.group for found in placed(*texts)]


# --- groups ---------------------------------------------------------------------------------------


def test_the_same_wish_of_several_buildings_is_one_group_with_a_title() -> None:
    found = placed("3号楼楼道灯不亮", "俺单元的灯坏了，上楼摸黑", "装电梯", "五单元楼梯没灯")
    assert [one.group for one in found] == [1, 1, None, 1]
    assert found[0].title == "楼道灯不亮，上楼摸黑"
    assert found[2].title is None
    assert [one.key for one in found] == ["stair-light", "stair-light", "lift", "stair-light"]


def test_another_matter_of_the_same_thing_is_another_group() -> None:
    assert groups("装电梯", "装电梯每家摊多少钱", "求装电梯", "电梯的钱怎么摊") == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3号楼二单元的事情说过三回", "3号楼二单元昨天有人来访"),
        ("南门那里人来人往", "南门口的对联谁写的"),
        ("A市中海国际社区的开学通知", "A市中海国际社区的选举结果"),
    ],
)
def test_a_place_alone_holds_no_group_together(one: str, other: str) -> None:
    assert groups(one, other) == [None, None]


def test_what_no_word_tells_is_gathered_by_its_characters() -> None:
    found = placed("学区划分不公正", "请问学区划分的事", "公交站牌看不懂")
    assert [one.group for one in found] == [1, 1, None]
    assert found[0].title in ("学区划分不公正", "请问学区划分的事")


def test_one_text_repeated_five_hundred_times_is_one_group() -> None:
    assert set(groups(*["修房顶"] * 500)) == {1}
    assert set(groups(*["说不清的一桩事情"] * 500)) == {1}
    assert groups("幼儿园的问题", "幼儿园的问题", "幼儿园很大") == [1, 1, None]


def test_texts_without_a_wish_are_in_no_group() -> None:
    nothing = ["", " ", "好", "！！", "谢谢", "谢谢", "没意见", "111", "111", "👍", "👍"]
    assert {(one.key, one.group, one.title) for one in placed(*nothing)} == {(None, None, None)}


def test_very_long_texts_are_read() -> None:
    found = placed("路灯不亮，" * 2_000, "路灯不亮", "啊" * 10_000, "灯…不亮" * 2_500)
    assert [one.key for one in found[:2]] == ["yard-light", "yard-light"]
    assert found[0].group == found[1].group == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_texts_are_placed_the_same_way_twice(texts: list[str]) -> None:
    found = place(texts, shipped())
    assert found == place(texts, shipped())
    assert len(found) == len(texts)


def test_the_labels_that_were_tuned_on_are_agreed_with() -> None:
    tune = [row for row in bench.labelled() if row["part"] == "tune"]
    found = place([row["text"] for row in tune], shipped())
    names = [shipped().topics[one.key].name if one.key else None for one in found]
    assert macro_f1([row["category"] or None for row in tune], names, 8) >= 0.95
    together = pairs([row["group"] or None for row in tune], [one.group for one in found])
    assert together.precision >= 0.95
    assert together.f1 >= 0.95


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        ("a.csv", "text\n路灯坏了\n修房顶\n", ["路灯坏了", "修房顶"]),
        ("a.csv", "id,title\n1,路灯坏了\n2,修房顶\n", ["路灯坏了", "修房顶"]),
        ("a.csv", "title,text\n甲,路灯坏了\n", ["路灯坏了"]),
        ("a.csv", "意见内容,楼栋\n路灯坏了,3\n", ["路灯坏了"]),
        ("a.csv", "路灯坏了\n修房顶\n", ["路灯坏了", "修房顶"]),
        (
            "a.csv",
            "text\n路灯不亮，下水道也堵，电梯也装\n好\n",
            ["路灯不亮，下水道也堵，电梯也装", "好"],
        ),
        ("a.csv", 'text\n甲\n""\n乙\n', ["甲", "", "乙"]),
        ("a.csv", "text,n\n甲,1\n,2\n乙,3\n", ["甲", "", "乙"]),
        (
            "a.csv",
            'text\n"他说""漏"", 快修"\n路"灯"坏\n"两行\n的话"\n',
            ['他说"漏", 快修', '路"灯"坏', "两行\n的话"],
        ),
        ("a.tsv", "title\ttags\na,b,c，d，e，f\t1\n修,好\t2\n", ["a,b,c，d，e，f", "修,好"]),
    ],
)
def test_a_file_gives_one_text_for_every_row(name: str, data: str, texts: list[str]) -> None:
    assert read_texts(data.encode(), name) == texts


def test_chinese_of_an_office_computer_is_read() -> None:
    assert read_texts("text\r\n路灯坏了\r\n".encode("gb18030"), "a.csv") == ["路灯坏了"]


def test_a_workbook_is_read_with_its_empty_rows() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["编号", "text"], [1, "路灯坏了"], [None, None], [3, "修房顶"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read_texts(out.getvalue(), "a.xlsx") == ["路灯坏了", "", "修房顶"]


def test_a_long_file_with_odd_quoting_is_read_to_its_end() -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(["text"])
    rows = ['"路灯"坏了', '逗号,引号",换行\n都有', "'单引号", "=1+1"]
    csv.writer(out, lineterminator="\n").writerows([rows[n % 4]] for n in range(MOST_TEXTS))
    found = read_texts(out.getvalue().encode(), "a.csv")
    assert len(found) == MOST_TEXTS
    assert found[:4] == rows


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"%PDF-1.7",
        b"PK\x03\x04 broken",
        b"\xff\xd8\xff",
        b"text\n\xff\xfe\x00\x81\x30",
        ("text\n" + "路灯坏了\n" * (MOST_TEXTS + 1)).encode(),
        ('text\n"' + "没有收尾的引号" * 40_000).encode(),
    ],
)
def test_a_bad_file_is_one_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as fault:
        read_texts(data, "a.csv")
    assert "\n" not in str(fault.value)


# --- the command ----------------------------------------------------------------------------------


def test_the_command_tells_a_program_about_every_row(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "said.csv"
    file.write_text("text\n路灯不亮\n\n没意见\n院里路灯坏了\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["needs", "group", str(file), "--json"])
    assert done.exit_code == 0
    light = {"category": "院内照明", "group": 1, "title": "院里黑，路灯不亮"}
    none = {"category": None, "group": None, "title": None}
    assert json.loads(done.stdout) == [
        {"row": 1, **light},
        {"row": 2, **none},
        {"row": 3, **none},
        {"row": 4, **light},
    ]
    assert "院内照明" in {entry.name for entry in catalogue.entries()}


def test_the_command_tells_a_person_line_by_line(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "said.tsv"
    file.write_text("title\ttags\n修房顶\tx\n", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["needs", "group", str(file)])
    assert done.stdout == "1\t屋面防水修缮\t-\t-\n"


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_the_command_ends_with_one_sentence_where_nothing_can_be_read(
    app: Flask, tmp_path: Path, name: str
) -> None:
    done = app.test_cli_runner().invoke(args=["needs", "group", str(tmp_path / name)])
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: 打不开这个文件")
    assert done.stderr.count("\n") == 1
