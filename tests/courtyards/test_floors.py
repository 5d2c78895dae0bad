"""Doors told in words: a line a building, by stairwells and floors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.courtyards import floors


def told(*lines: str) -> list[str]:
    """The doors, each as 1-2-301; nothing may be wrong."""
    found = floors.read("\n".join(lines))
    assert found.faults == []
    return ["-".join(part for part in row.door if part) for row in found.rows]


@pytest.mark.parametrize(
    ("line", "first", "last", "doors"),
    [
        ("1 栋 2 单元 6 层 每层 2 户", "1-1-101", "1-2-602", 24),
        ("1 号楼 2 个单元，6 层，一梯两户。", "1-1-101", "1-2-602", 24),
        ("一号楼三单元六层每层两户", "1-1-101", "1-3-602", 36),
        ("１－３号楼　３单元　６层　每层２户", "1-1-101", "3-3-602", 108),
        ("1到3栋 1单元 7层 2户", "1-1-101", "3-1-702", 42),
        ("1、2、5 栋 6 层 每层 4 户", "1-101", "5-604", 72),
        ("东楼 4 层 每层 12 户", "东楼-101", "东楼-412", 48),
        ("2 号楼 3 单元 2-6 层 每层 2 户", "2-1-201", "2-3-602", 30),
        ("2 号楼 第 3 单元 6 层 每层 2 户", "2-3-101", "2-3-602", 12),
        ("A 座 1 单元 30 层 每层 4 户", "A座-1-101", "A座-1-3004", 120),
        ("Building 1: 2 stairwells, 6 floors, 2 doors a floor", "1-1-101", "1-2-602", 24),
        ("Buildings 1-3: 6 floors, 2 doors a floor", "1-101", "3-602", 36),
        ("传达室-1、3-1-101室", "3-1-101", "传达室-1", 2),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, first: str, last: str, doors: int) -> None:
    found = told(line)
    assert (found[0], found[-1], len(found)) == (first, last, doors)


def test_lines_add_up_and_one_takes_doors_away_again() -> None:
    lines = ("1 栋 1 单元 2 层 每层 2 户", "", "没有 1-1-101、1-1-102", "2-1-101")
    assert told(*lines) == ["1-1-201", "1-1-202", "2-1-101"]
    assert told(*lines, "Without 2-1-101") == ["1-1-201", "1-1-202"]


@pytest.mark.parametrize(
    ("typed", "row", "say"),
    [
        ("三栋楼", 1, "这一行看不懂"),
        ("6 层 每层 2 户", 1, "这一行看不懂"),
        ("1 栋 2 单元 6-2 层 2 户", 1, "这一行看不懂"),
        ("1 栋 0 单元 6 层 2 户", 1, "这一行看不懂"),
        ("1 栋 2 层 1 户\n1 栋 1 层 1 户", 2, "前面已经有了"),
        ("1 栋 2 层 1 户\n没有 1-901", 2, "前面没有"),
        ("1 栋 99 单元 99 层 99 户", 1, "超过 %(most)d 户"),
        ("1-999 栋 6 层 2 户", 1, "超过 %(most)d 户"),
    ],
)
def test_a_line_that_cannot_be_is_named(typed: str, row: int, say: str) -> None:
    (fault,) = floors.read(typed).faults
    assert fault.row == row
    assert say in fault.msgid


WORDS = st.sampled_from(
    [
        *"1269 -、,\n",
        "号楼",
        "栋",
        "单元",
        "层",
        "每层",
        "户",
        "没有",
        "第",
        "十",
        "两",
        "东",
        "-101",
    ]
)


@given(st.lists(WORDS, max_size=40).map("".join))
def test_whatever_is_typed_is_read_or_refused_by_its_line(typed: str) -> None:
    found = floors.read(typed)
    doors = [row.door for row in found.rows]
    assert len(set(doors)) == len(doors)
    assert {fault.row for fault in found.faults} <= set(range(1, len(typed.splitlines()) + 1))
