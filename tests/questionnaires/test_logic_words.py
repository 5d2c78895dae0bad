"""Conditions as an organizer types them: what is understood, what is written, what is said."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from surveys.errors import Invalid
from surveys.questionnaires.conditions import (
    All,
    Answered,
    AnyOf,
    Compared,
    Condition,
    Counted,
    Not,
    Picked,
    Ranked,
)
from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import Choice, Question
from tests.questionnaires import random_questions
from tests.questionnaires.random_logic import questionnaires

LEAKS, WATER = Choice("x", "漏雨"), Choice("y", "停水")
SEVERAL = (Choice("x", "房顶漏雨"), Choice("y", "下水道堵"), Choice("z", "楼道灯不亮"))
GOOD, BAD = Choice("g", "好"), Choice("b", "差")
QUESTIONS = (
    Question("a", "single", "哪样？", choices=(LEAKS, WATER, Choice("z", "漏雨严重"))),
    Question("note", "note", "下面问得细一些。"),
    Question("b", "number", "几口人？", unit="口"),
    Question("gone", "short", "不问了的", off=True),
    Question("c", "several", "哪些？", choices=(*SEVERAL, Choice("q", "三个月没水"))),
    Question(
        "d",
        "matrix",
        "满意吗？",
        rows=(Choice("r", "楼道"), Choice("s", "院子")),
        choices=(GOOD, BAD),
    ),
    Question("e", "rank", "先做哪样？", most=2, choices=(LEAKS, WATER)),
    Question("f", "date", "哪天？"),
    Question("g", "short", "写一句"),
    Question("h", "place", "住哪？"),
    Question("i", "photo", "拍一张", most=3),
    Question("k", "short", "还有呢？"),
)
LEAK = Picked("a", ("x",))
MORE = Compared("b", ">", "3")


def read(text: str) -> Condition:
    """What is read for the last question."""
    return logic_words.read(text, QUESTIONS, "k")


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("Q1 选了 “漏雨”", LEAK),
        ("如果 Q1 选了 “漏雨” 则显示 Q10", LEAK),
        ("当第 1 题选了「漏雨」时，显示这一题。", LEAK),
        ("第一题选了漏雨的，才答这题。", LEAK),
        ("Ｑ１　选了　＂漏雨＂", LEAK),
        ("q1 = '漏雨'", LEAK),
        ("Q1 是“ 漏 雨 ”", LEAK),
        ("Q1 选了 1 号", LEAK),
        ("if q1 picked '漏雨' then show q10", LEAK),
        ("Q7 unanswered and not Q9 answered", All((Not(Answered("g")), Not(Answered("i"))))),
        ("Q3 picked >= 2", Counted("c", ">=", 2)),
        ("Q1选了漏雨严重", Picked("a", ("z",))),
        ("Q1 没选 “漏雨”", Not(LEAK)),
        ("Q1 不是 “漏雨”", Not(LEAK)),
        ("不是 Q1 选了 “漏雨”", Not(LEAK)),
        ("不是（Q1 选了 “漏雨”）", Not(LEAK)),
        ("not Q1 选了 “漏雨”", Not(LEAK)),
        ("Q1 选了 “漏雨”、“停水”", Picked("a", ("x", "y"))),
        ("Q3 选了 “房顶漏雨”、“下水道堵” 中的一个", Picked("c", ("x", "y"))),
        ("Q3 选了“房顶漏雨”或“下水道堵”", Picked("c", ("x", "y"))),
        ("Q3 选了房顶漏雨、下水道堵之一", Picked("c", ("x", "y"))),
        ("Q3 选了“房顶漏雨”和“下水道堵”", All((Picked("c", ("x",)), Picked("c", ("y",))))),
        ("Q3 没选“房顶漏雨”、“下水道堵”", Not(Picked("c", ("x", "y")))),
        ("Q3 选了三个月没水", Picked("c", ("q",))),
        ("Q3 选了至少 2 个", Counted("c", ">=", 2)),
        ("Q3 选了最多两样", Counted("c", "<=", 2)),
        ("Q3 选了正好 2 个", Counted("c", "=", 2)),
        ("Q3 选了三个以上", Counted("c", ">=", 3)),
        ("Q3 选了 2 个", Counted("c", "=", 2)),
        ("Q3 至少 2 个", Counted("c", ">=", 2)),
        ("Q3 选的个数 >= 2", Counted("c", ">=", 2)),
        ("Q3选的个数≠２", Counted("c", "!=", 2)),
        ("Q9 放了至少 2 张", Counted("i", ">=", 2)),
        ("Q2 > 3", MORE),
        ("Q2 大于 3 口", MORE),
        ("Q2 超过三", MORE),
        ("Q2 ＞ ３", MORE),
        ("Q2 不小于 3.50", Compared("b", ">=", "3.5")),
        ("Q2 至少 1,000", Compared("b", ">=", "1000")),
        ("Q2 ≤ -1", Compared("b", "<=", "-1")),
        ("Q2 等于 +3", Compared("b", "=", "3")),
        ("Q2 不等于 3", Compared("b", "!=", "3")),
        ("Q6 早于 2026年3月5日", Compared("f", "<", "2026-03-05")),
        ("Q6 >= 2026/3/5", Compared("f", ">=", "2026-03-05")),
        ("Q7 答了", Answered("g")),
        ("Q7 没答", Not(Answered("g"))),
        ("Q8 答了", Answered("h")),
        ("Q4 “楼道” 选了 “差”", Picked("d", ("b",), "r")),
        ("Q4 的楼道这一行选了差", Picked("d", ("b",), "r")),
        ("Q4 “院子” 没选 “好”", Not(Picked("d", ("g",), "s"))),
        ("Q5 第 1 位是 “漏雨”", Ranked("e", 1, "x")),
        ("Q5 第二位不是停水", Not(Ranked("e", 2, "y"))),
        ("Q5 第 1 位是“漏雨”或“停水”", AnyOf((Ranked("e", 1, "x"), Ranked("e", 1, "y")))),
        ("${gone} 答了", Answered("gone")),
        ("Q1 选了 “漏雨” 且 Q2 > 3 或 Q7 答了", AnyOf((All((LEAK, MORE)), Answered("g")))),
        ("Q7 答了 or Q1 选了 “漏雨” and Q2>3", AnyOf((Answered("g"), All((LEAK, MORE))))),
        ("Q1 选了 “漏雨” 且 (Q2 > 3 或 Q7 答了)", All((LEAK, AnyOf((MORE, Answered("g")))))),
        ("Q1 选了 “漏雨”，并且 Q2 > 3，而且 Q7 答了", All((LEAK, MORE, Answered("g")))),
        ("不是 Q1 选了“漏雨” 且 Q2 > 3", All((Not(LEAK), MORE))),
        ("非（Q1 选了“漏雨” 或者 Q2 > 3）", Not(AnyOf((LEAK, MORE)))),
    ],
)
def test_what_is_typed_is_understood(typed: str, condition: Condition) -> None:
    assert read(typed) == condition
    assert read(logic_words.words(condition, QUESTIONS)) == condition


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "这里还没写条件。照“Q3 选了 “漏雨””这样写。"),
        ("漏雨", "“漏雨”：这里要写是哪一题，比如“Q3”。"),
        ("Q99 答了", "没有 Q99，要答的题一共 10 道。"),
        ("${nobody} 答了", "没有“${nobody}”这一题。"),
        ("Q1", "“Q1”看不懂：Q1 后面要写怎么答的，比如“选了 “漏雨””“答了”“大于 3”。"),
        ("Q1 选了", "“Q1 选了”：这里要写 Q1 的一个选项，有：漏雨、停水、漏雨严重。"),
        (
            "Q3 选了 “漏水”",
            "Q3 没有“漏水”这个选项，有：房顶漏雨、下水道堵、三个月没水、楼道灯不亮。",
        ),
        ("Q1 选了 “漏雨", "““漏雨”的引号没有关上。"),
        ("(Q1 选了 “漏雨”", "“(Q1 选了 “漏雨””这个括号没有关上。"),
        ("Q1 选了 “漏雨”)", "“)”：这个右括号前面没有左括号。"),
        ("Q1 选了 “漏雨” Q2 > 3", "“Q2 > 3”接不上，两个条件之间要写“且”或者“或”。"),
        (
            "Q3 选了 “房顶漏雨”、“下水道堵”",
            "Q3 的几个选项，有一个就行，还是都要？请写“中的一个”，或者用“和”连起来。",
        ),
        (
            "Q3 选了 “房顶漏雨”和“下水道堵”或“楼道灯不亮”",
            "Q3 的几个选项，又写“和”又写“或”，看不出是都要还是有一个就行。",
        ),
        ("如果 Q1 选了 “漏雨” 则显示 Q4", "这里写的是显示 Q4，可这个条件是 Q10 的，请改成一样。"),
        ("Q1 > 3", "Q1 答的不是数字，也不是日期，不能比大小。"),
        ("Q7 选了 “漏雨”", "Q7 不是选择题，没有选项，只能写“答了”或“没答”。"),
        ("Q2 选了 “3”", "Q2 不是选择题，没有选项，可以写“大于”“小于”“等于”或“答了”。"),
        ("Q8 选了 “1号楼”", "Q8 问的是楼栋单元，各院不一样，条件里只能写“答了”或“没答”。"),
        ("Q7 选了至少 2 个", "Q7 不是选几样的题，没有个数可数。"),
        ("Q2 > 很多", "“很多”：Q2 答的是数字，这里要写一个数，比如 3。"),
        ("Q6 > 3", "“3”：Q6 答的是日期，请照“2026-03-05”这样写。"),
        ("Q4 选了 “差”", "Q4 有好几行，请写明是哪一行：楼道、院子。"),
        ("Q4 “后院” 选了 “差”", "Q4 没有“后院”这一行，有：院子、楼道。"),
        ("Q4 “楼道”", "“Q4 “楼道””：“楼道”这一行后面要写“选了”或“没选”。"),
        ("Q5 第 3 位是 “漏雨”", "Q5 只排前 2 位，没有第 3 位。"),
        ("Q1 第 1 位是 “漏雨”", "Q1 不是排序题，没有第几位。"),
        ("Q3 选的个数 2", "“2”：Q3 这里要写“至少”“最多”“正好”，或者 >=、<=、=。"),
        ("${note} 答了", "“下面问得细一些。” 只是一段说明，没有答案，条件里用不上它。"),
        ("(" * 30 + "Q7 答了" + ")" * 30, "括号套得太多了，请分成几道题，或者写简单些。"),
        ("Q7 答了" + " 且 Q7 答了" * 300, "条件太长了，最多 2000 个字，您写了 2405 个。"),
    ],
)
def test_what_is_not_understood_is_said_with_the_place(typed: str, said: str) -> None:
    with pytest.raises(Invalid) as fault:
        read(typed)
    assert str(fault.value) == said


def test_two_choices_of_one_name_are_told_apart_by_their_numbers() -> None:
    twins = replace(QUESTIONS[0], choices=(LEAKS, WATER, replace(LEAKS, key="w")))
    with pytest.raises(Invalid, match="有两个叫这个名字"):
        logic_words.read("Q1 选了 “漏雨”", (twins,), "k")
    condition = Picked("a", ("w",))
    assert logic_words.words(condition, (twins,)) == "Q1 选了 3 号"
    assert logic_words.read("Q1 选了 3 号", (twins,), "k") == condition


def test_what_is_no_longer_offered_can_still_be_read() -> None:
    less = replace(QUESTIONS[0], choices=(LEAKS, replace(WATER, off=True)), off=True)
    condition = Picked("a", ("y",))
    assert logic_words.words(condition, (less,)) == "${a} 选了 “停水”"
    assert logic_words.read("${a} 选了 “停水”", (less,), "k") == condition


def test_the_page_for_organizers_shows_only_what_is_understood() -> None:
    asked = (
        *(Question(f"q{n}", "short", "写") for n in (1, 2)),
        Question("q3", "several", "哪样？", choices=(LEAKS, WATER)),
        Question("q4", "short", "漏在哪里？"),
        replace(QUESTIONS[2], key="q5"),
        replace(QUESTIONS[8], key="q6", type="date"),
        replace(QUESTIONS[5], key="q7"),
        replace(QUESTIONS[6], key="q8"),
    )
    page = (Path(__file__).parents[2] / "docs" / "logic.md").read_text("utf-8")
    shown = re.findall(r"(?:^|`)((?:Q\d |不是（|如果)[^`\n]+)(?:$|`)", page, re.MULTILINE)
    examples = [example for example in shown if example]
    assert len(examples) > 15
    for example in examples:
        assert logic_words.read(example, asked, "q4")


@settings(max_examples=60)
@given(questionnaires() | random_questions.questionnaires())
def test_what_is_written_is_read_as_the_same(questions: tuple[Question, ...]) -> None:
    for question in questions:
        if question.when is not None:
            typed = logic_words.words(question.when, questions)
            assert logic_words.read(typed, questions, question.key) == question.when, typed


@given(some.text("Q123 选了没答“”漏雨停水且或不是（）()第题位至少个><=、，", max_size=30))
def test_any_text_is_read_or_refused_in_a_sentence(typed: str) -> None:
    try:
        condition = read(typed)
    except Invalid as fault:
        assert str(fault)  # noqa: PT017 - most texts are refused, some are not
    else:
        assert read(logic_words.words(condition, QUESTIONS)) == condition


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        (LEAK, "第 1 题选了“漏雨”的，才答这题。"),
        (Not(LEAK), "第 1 题没选“漏雨”的，才答这题。"),
        (All((LEAK, MORE)), "第 1 题选了“漏雨”，并且第 2 题大于 3 口的，才答这题。"),
        (Picked("d", ("b",), "r"), "第 4 题“楼道”选了“差”的，才答这题。"),
        (Counted("c", ">=", 2), "第 3 题选了至少 2 个的，才答这题。"),
        (Compared("f", "<", "2026-03-05"), "第 6 题早于 2026 年 3 月 5 日的，才答这题。"),
        (Ranked("e", 1, "x"), "第 5 题第 1 位是“漏雨”的，才答这题。"),
        (Not(AnyOf((LEAK, MORE))), "不是（第 1 题选了“漏雨”，或者第 2 题大于 3 口）的，才答这题。"),
    ],
)
def test_paper_says_whom_a_question_is_for(condition: Condition, line: str) -> None:
    assert logic_words.paper_words(condition, QUESTIONS) == line
    assert read(line) == condition


def test_paper_says_whom_a_note_is_for() -> None:
    line = logic_words.paper_words(LEAK, QUESTIONS, is_aside=True)
    assert line == "第 1 题选了“漏雨”的，才看这段。"
