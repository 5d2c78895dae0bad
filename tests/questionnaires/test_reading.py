"""What is typed becomes an answer or a sentence, for every kind of question: tables and chance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from surveys.errors import Invalid
from surveys.questionnaires import answers, forms, kinds
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.reading import BESIDE
from surveys.questionnaires.rules import Choice, Question, Value

OTHER = Choice("x", "别的", writes=True)
ABC = (Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙"))
ROWS = (Choice("r", "扫院子"), Choice("s", "修路灯"))
EVERY = {
    "single": Question("k", "single", "?", choices=(*ABC, OTHER)),
    "several": Question(
        "k", "several", "?", least=2, most=3, choices=(*ABC, OTHER, Choice("n", "都没有", True))
    ),
    "dropdown": Question("k", "dropdown", "?", choices=(*ABC, OTHER)),
    "rank": Question("k", "rank", "?", least=1, most=2, choices=ABC),
    "scale": Question("k", "scale", "?", choices=ABC),
    "yesno": Question("k", "yesno", "?", choices=ABC[:2]),
    "matrix": Question("k", "matrix", "?", choices=ABC, rows=ROWS),
    "number": Question("k", "number", "?", lowest="-5", highest="1000", decimals=1, unit="元"),
    "date": Question("k", "date", "?", lowest="2026-01-01", highest="2026-12-31"),
    "short": Question("k", "short", "?"),
    "long": Question("k", "long", "?"),
    "place": Question("k", "place", "?", choices=(Choice("1", "1 号楼"), Choice("2-1", "2 号楼"))),
    "photo": Question("k", "photo", "?", most=2),
    "note": Question("k", "note", "?"),
    "section": Question("k", "section", "?"),
}
HOW_MANY = Question("k", "number", "几口人？", unit="口")
ONE_ID, TWO_ID = "abcdefghij234", "zzzzzzzzzz777"


def test_every_kind_is_tried() -> None:
    assert set(EVERY) == set(KINDS)


READ: list[tuple[str, list[str], Value]] = [
    ("single", ["a"], ("a",)),
    ("single", ["x=老王家"], ("x=老王家",)),
    ("single", ["x", "x=老王家"], ("x=老王家",)),
    ("single", ["x", "x= "], ("x",)),
    ("single", ["a=不许写字"], ("a",)),
    ("single", ["x=一\n二"], ("x=一 二",)),
    ("single", ["x=1=2"], ("x=1=2",)),
    ("several", ["c", "a"], ("a", "c")),
    ("several", ["a", "a", "b"], ("a", "b")),
    ("several", ["x=墙皮", "b"], ("b", "x=墙皮")),
    ("several", ["n"], ("n",)),
    ("dropdown", [""], ()),
    ("dropdown", ["", "x=别处"], ("x=别处",)),
    ("rank", ["c", "a"], ("c", "a")),
    ("rank", ["", "b"], ("b",)),
    ("rank", ["", ""], ()),
    ("matrix", ["s:b", "r:a"], ("r:a", "s:b")),
    ("matrix", ["s:b"], ("s:b",)),
    ("number", ["12"], ("12",)),
    ("number", ["１２．５"], ("12.5",)),
    ("number", ["3。5"], ("3.5",)),
    ("number", ["3。"], ("3",)),
    ("number", [".5"], ("0.5",)),
    ("number", ["+7.0元"], ("7",)),
    ("number", ["１，０００"], ("1000",)),
    ("number", ["−4"], ("-4",)),
    ("number", ["-0"], ("0",)),
    ("number", ["007"], ("7",)),
    ("number", [" "], ()),
    ("date", ["2026-03-05"], ("2026-03-05",)),
    ("date", ["2026年3月5日"], ("2026-03-05",)),
    ("date", ["２０２６年３月５号"], ("2026-03-05",)),
    ("date", ["2026/3/5"], ("2026-03-05",)),
    ("date", ["2026. 3. 5"], ("2026-03-05",)),
    ("date", [""], ()),
    ("place", ["2-1"], ("2-1",)),
    ("photo", [ONE_ID, ONE_ID, TWO_ID], (ONE_ID, TWO_ID)),
    ("photo", [""], ()),
    ("note", ["a", "随便"], ()),
    ("section", ["a"], ()),
]


@pytest.mark.parametrize(("kind", "typed", "answer"), READ)
def test_what_was_typed_becomes_an_answer(kind: str, typed: list[str], answer: Value) -> None:
    assert kinds.read_answer(EVERY[kind], typed) == answer


SAID = [
    ("single", ["a", "b"], "只能选一个"),
    ("single", ["a", "x=老王家"], "请留一样"),
    ("single", ["z"], "不在这一题里"),
    ("single", ["=字"], "不在这一题里"),
    ("single", ["x=" + "字" * (BESIDE + 1)], "后面的字最多写"),
    ("several", ["a"], "至少选"),
    ("several", ["a", "b", "c", "x"], "最多选"),
    ("several", ["a", "n"], "就不能再选别的"),
    ("several", ["a", "x", "y"], "不在这一题里"),
    ("dropdown", ["甲"], "不在这一题里"),
    ("rank", ["a", "a"], "排了两次"),
    ("rank", ["a", "b", "c"], "只排前"),
    ("rank", ["z"], "不在这一题里"),
    ("rank", ["a=字"], "不在这一题里"),
    ("scale", ["a", "c"], "只能选一个"),
    ("yesno", ["c"], "不在这一题里"),
    ("matrix", ["r:a", "r:b"], "“%(name)s”只能选一个"),
    ("matrix", ["r:z"], "不在这一题里"),
    ("matrix", ["t:a"], "不在这一题里"),
    ("matrix", ["a"], "不在这一题里"),
    ("number", ["三"], "请填数字"),
    ("number", ["1e3"], "请填数字"),
    ("number", ["nan"], "请填数字"),
    ("number", ["12元钱"], "请填数字"),
    ("number", ["0.25"], "小数点后面最多"),
    ("number", ["1." + "0" * 40 + "1"], "小数点后面最多"),
    ("number", ["9" * 15], "太大"),
    ("number", ["9" * 16], "请填数字"),
    ("number", ["-6"], "之间"),
    ("number", ["1000.1"], "之间"),
    ("date", ["下礼拜三"], "日期看不懂"),
    ("date", ["2026-02-30"], "日期看不懂"),
    ("date", ["3月5日"], "日期看不懂"),
    ("date", ["2026-03-05 10:00"], "日期看不懂"),
    ("date", ["0000-00-00"], "日期看不懂"),
    ("date", ["2025-12-31"], "之间"),
    ("date", ["2027-01-01"], "之间"),
    ("short", ["字" * 101], "最多写"),
    ("long", ["字" * 501], "最多写"),
    ("place", ["1", "2-1"], "只能选一个"),
    ("place", ["9-9"], "不在这一题里"),
    ("photo", ["../../etc"], "照片没有收到"),
    ("photo", [ONE_ID, TWO_ID, "a" * 13], "最多放"),
]


@pytest.mark.parametrize(("kind", "typed", "words"), SAID)
def test_what_is_no_answer_is_said(kind: str, typed: list[str], words: str) -> None:
    with pytest.raises(Invalid) as fault:
        kinds.read_answer(EVERY[kind], typed)
    assert words in fault.value.msgid
    assert fault.value.msgid % fault.value.params


def test_a_matrix_that_must_be_answered_wants_every_row() -> None:
    with pytest.raises(Invalid) as fault:
        kinds.read_answer(replace(EVERY["matrix"], required=True), ["r:a"])
    assert fault.value.params["name"] == "修路灯"
    assert kinds.read_answer(replace(EVERY["matrix"], required=True), []) == ()


def test_a_unit_may_be_typed_and_a_whole_number_is_whole() -> None:
    assert kinds.read_answer(HOW_MANY, ["５ 口"]) == ("5",)
    with pytest.raises(Invalid, match="整数"):
        kinds.read_answer(HOW_MANY, ["2.5"])


def a_line() -> some.SearchStrategy[str]:
    """What a hand, or a program, may send as one field."""
    known = ["a", "b", "x", "x=字", "n", "r:a", "s:c", "1", "2-1", "12.5", "2026年3月5日", ONE_ID]
    return some.one_of(some.sampled_from(known), some.text(max_size=30), some.just("水" * 600))


LINES = some.lists(a_line(), max_size=6)


@pytest.mark.parametrize("kind", EVERY, ids=[f"a {kind}" for kind in EVERY])
@given(typed=LINES)
@example(typed=["\x00", "\u202e=", ":", "=", "a=b=c"])
def test_whatever_is_sent_is_an_answer_or_a_sentence(kind: str, typed: list[str]) -> None:
    question = EVERY[kind]
    shown = kinds.as_typed(question, typed)
    answer = said(question, typed)
    if isinstance(answer, str):
        assert answer
        return
    assert kinds.read_answer(question, answer) == answer, "it would be read so again"
    assert kinds.as_typed(question, answer) == answer, "and shown so"
    assert not answer or shown
    check(question, answer)


def said(question: Question, typed: Sequence[str]) -> Value | str:
    """The answer, or the sentence that says why it is none."""
    try:
        return kinds.read_answer(question, typed)
    except Invalid as fault:
        return fault.msgid % fault.params


def check(question: Question, answer: Value) -> None:
    """What every answer of its kind promises, asked in the plainest way."""
    keys = [choice.key for choice in question.choices]
    holds = KINDS[question.type].holds
    if holds in {"choices", "place"}:
        assert [k for k in keys if k in {part.split("=")[0] for part in answer}] == [
            part.split("=")[0] for part in answer
        ]
        assert question.type == "several" or len(answer) < 2
    elif holds == "ranks":
        assert len(set(answer)) == len(answer) <= (question.most or len(keys))
    elif holds == "cells":
        assert len({cell.split(":")[0] for cell in answer}) == len(answer)
    elif holds == "number" and answer:
        assert -5 <= float(answer[0]) <= 1000
    elif holds == "day" and answer:
        assert date(2026, 1, 1) <= date.fromisoformat(answer[0]) <= date(2026, 12, 31)
    elif holds == "text" and answer:
        assert len(answer[0]) <= (KINDS[question.type].most or 0)
    elif holds == "nothing":
        assert answer == ()


@pytest.mark.parametrize("kind", EVERY, ids=[f"a {kind}" for kind in EVERY])
@given(typed=LINES)
def test_an_answer_outlives_being_kept(kind: str, typed: list[str]) -> None:
    question = EVERY[kind]
    answer = said(question, typed)
    if isinstance(answer, str):
        return
    rows = list(answers.columns(question, answer))
    kept = [answers.part_of(row["choice"], row["text"]) for row in rows]
    assert kinds.as_typed(question, kept) == answer
    assert len({row["choice"] for row in rows}) == len(rows)
    assert all(len(row["choice"]) <= 81 for row in rows)


def read(questions: Sequence[Question], **typed: list[str]) -> Value:
    """The answer to the first question in a form."""
    form = MultiDict([(name, value) for name, values in typed.items() for value in values])
    return kinds.read_answer(questions[0], forms.typed_for(questions[0], form))


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("single", {"a-k=x": ["老王家"]}, ("x=老王家",)),
        ("single", {"a-k=a": ["不许写字"]}, ()),
        ("several", {"a-k": ["a", "x"], "a-k=x": ["墙皮"]}, ("a", "x=墙皮")),
        ("dropdown", {"a-k": ["x"], "a-k=x": ["  "]}, ("x",)),
        ("rank", {"a-k": ["b", "", "a"]}, ("b", "a")),
        ("matrix", {"a-k:r": ["r:c"], "a-k:s": ["s:a"]}, ("r:c", "s:a")),
        ("matrix", {"a-k:t": ["r:c"]}, ()),
        ("photo", {"a-k": [ONE_ID, TWO_ID], "go": [f"drop-{ONE_ID}"]}, (TWO_ID,)),
    ],
)
def test_the_fields_of_one_question_make_one_answer(
    kind: str, typed: dict[str, list[str]], answer: Value
) -> None:
    assert read([EVERY[kind]], **typed) == answer


@given(some.dictionaries(some.text(max_size=12), LINES, max_size=8))
def test_answers_to_unknown_questions_are_no_answers(typed: dict[str, list[str]]) -> None:
    form = MultiDict([("a-" + name, v) for name, values in typed.items() for v in values])
    found, faults = forms.read_page([replace(EVERY["short"], key="mine")], form)
    assert set(found) | set(faults) <= {"mine"}
