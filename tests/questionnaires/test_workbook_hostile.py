"""Workbooks from anybody's computer: each is refused in a sentence, or read as plain text."""

import io
import time
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.errors import Invalid
from surveys.questionnaires.files import workbook
from tests.questionnaires.xlsforms import NEEDS, saved, workbook_of

GOOD = workbook_of([["type", "name", "label"], ["text", "q1", "<script>alert(1)</script>"]])


def with_part(name: str, data: bytes, start: bytes = GOOD) -> bytes:
    """The workbook with one more part in its zip."""
    out = io.BytesIO(start)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, data)
    return out.getvalue()


def rewritten(part: str, old: str, new: str) -> bytes:
    """The workbook whose part says `new` instead of `old`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as parts, zipfile.ZipFile(out, "w") as packed:
        for name in parts.namelist():
            text = parts.read(name)
            if name.endswith(part):
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            packed.writestr(name, text)
    return out.getvalue()


def far_below() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book["survey"].cell(1_000_000, 3, "far")
    return saved(book)


def a_million_rows() -> bytes:
    rows = b"<row><c t='n'><v>1</v></c></row>" * 1_000_000
    return with_part("xl/worksheets/sheet9.xml", b"<worksheet>" + rows + b"</worksheet>")


XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet'
HOSTILE = {
    "macros": (with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "带着宏"),
    "old macros": (with_part("xl/macrosheets/sheet1.xml", b"<a/>"), "带着宏"),
    "links": (with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), "连着别的文件"),
    "entities": (rewritten("sheet1.xml", "<worksheet", XXE), "坏了，打不开"),
    "bomb": (with_part("xl/media/a.xml", b"0" * 50_000_000), "太长了，一次最多 5000 行"),
    "a million rows": (a_million_rows(), "太长了"),
    "a cell far below": (far_below(), "一直拉到了第 1000000 行"),
    "cut short": (GOOD[:400], "坏了，打不开"),
    "no questions' sheet": (workbook_of([], others=[["a", "b"]]), "没找到写题目的那张表"),
    "a header alone": (workbook_of([["type", "name", "label"]]), "一道题也没有"),
    "no header": (workbook_of([["猜", "不到"], ["a", "b"]]), "没找到表头"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "老式的 .xls"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_one_sentence_and_soon(name: str) -> None:
    data, says = HOSTILE[name]
    assert len(data) < 2_000_000
    began = time.monotonic()
    with pytest.raises(Invalid, match=says):
        workbook.read(data)
    assert time.monotonic() - began < 5


def test_html_in_labels_is_text() -> None:
    (question,) = workbook.read(GOOD).questions
    assert question.title == "<script>alert(1)</script>"


def test_formulas_are_never_computed_and_named_by_their_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book["survey"].append(["text", "q2", "=HYPERLINK(A1)"])
    book["survey"].append(["text", "q3", "#REF!"])
    found = workbook.read(saved(book))
    assert [(fault.row, fault.column) for fault in found.faults[:2]] == [(3, "label"), (3, "label")]
    assert "公式" in found.faults[0].msgid
    assert {fault.row for fault in found.faults} == {3, 4}
    assert any("公式出了错" in fault.msgid for fault in found.faults)


def test_merged_cells_are_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book["survey"].merge_cells("A2:A3")
    (fault,) = workbook.read(saved(book)).faults
    assert (fault.row, fault.params) == (2, {"last": 3})


def test_a_name_of_five_thousand_signs_is_a_fault_like_another() -> None:
    rows = [["type", "name", "label"], ["text" * 2000, "q" * 5000, "长" * 5000]]
    found = workbook.read(workbook_of(rows))
    assert found.faults
    assert all(len(fault.msgid % fault.params) < 200 for fault in found.faults)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(NEEDS) - 1), st.integers(0, 255)), max_size=8))
def test_a_damaged_workbook_is_read_or_refused_but_never_fails(
    damage: list[tuple[int, int]],
) -> None:
    data = bytearray(NEEDS)
    for at, value in damage:
        data[at] = value
    with suppress(Invalid):
        workbook.read(bytes(data))


KINDS = (
    "text|select_one a|select_multiple a or_other|rank a|range|矩阵|单选|begin_group|end_group"
    "|begin_repeat|note|integer"
)
CELLS = (
    "a|q1|q2|yes|${q1} = 'a'|Q1 答了|. > 3|start=1 end=5|minimal|table-list|label|list-nolabel"
    "|甲；乙|是|2026-01-01|-1|1|"
)
WORDS = st.sampled_from(f"{KINDS}|{CELLS}".split("|"))
HEADER = (
    "type name label required relevant constraint appearance parameters 选项 行 最少 最多 最小 最大"
)


@settings(max_examples=60)
@given(st.lists(st.lists(WORDS, min_size=3, max_size=14), min_size=1, max_size=8))
def test_any_sheet_is_read_or_its_faults_are_named(rows: list[list[str]]) -> None:
    choices = [["list_name", "name", "label"], ["a", "a", "甲"], ["a", "b", "乙"]]
    try:
        found = workbook.read(workbook_of([HEADER.split(), *rows], choices))
    except Invalid:
        return
    assert bool(found.questions) != bool(found.faults)
    assert all(fault.msgid % fault.params for fault in (*found.faults, *found.told))
