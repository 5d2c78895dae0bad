"""XLSForm's expressions, as conditions and as bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from surveys.questionnaires.files import constraints, relevance
from surveys.questionnaires.rules import Choice, Question

AB = (Choice("a", "甲"), Choice("b", "乙"))
STEPS = tuple(Choice(str(n), str(n)) for n in range(1, 6))
QUESTIONS = (
    Question("one", "single", "单选", choices=AB),
    Question("some", "several", "多选", choices=AB),
    Question("ack", "yesno", "好吗", choices=(Choice("yes", "是"), Choice("no", "否"))),
    Question("stars", "scale", "几分", choices=STEPS),
    Question("first", "rank", "排", choices=AB),
    Question("grid", "matrix", "矩阵", choices=AB, rows=(Choice("roof", "屋顶"),)),
    Question("n", "number", "几", decimals=1),
    Question("day", "date", "哪天"),
    Question("t", "short", "字"),
    Question("photo", "photo", "照片"),
)
SUBJECTS = relevance.subjects_of(QUESTIONS)
A, N3 = Picked("one", ("a",)), Compared("n", ">", "3")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${one} = 'a'", A),
        ("${one}='a'", A),
        ("'a' = ${one}", A),
        ('${ one } = "a"', A),
        ("${one} = ‘a’", A),
        ("${one} != 'a'", Not(A)),
        ("selected(${some}, 'a')", Picked("some", ("a",))),
        ("${some} = 'a'", All((Picked("some", ("a",)), Counted("some", "=", 1)))),
        ("not(selected(${some}, 'a'))", Not(Picked("some", ("a",)))),
        ("count-selected(${some}) >= 2", Counted("some", ">=", 2)),
        ("2 <= count-selected(${some})", Counted("some", ">=", 2)),
        ("selected-at(${first}, 0) = 'b'", Ranked("first", 1, "b")),
        ("selected(${grid:roof}, 'a')", Picked("grid", ("a",), "roof")),
        ("${n} > 3", N3),
        ("${n} > '3'", N3),
        ("3 < ${n}", N3),
        ("${n} >= -0.5", Compared("n", ">=", "-0.5")),
        ("${n} != ''", Answered("n")),
        ("${t} != ''", Answered("t")),
        ("${t} = ''", Not(Answered("t"))),
        ("string-length(${t}) > 0", Answered("t")),
        ("${day} >= date('2026-03-05')", Compared("day", ">=", "2026-03-05")),
        ("${day} < '2026-03-05'", Compared("day", "<", "2026-03-05")),
        ("${ack} = 'OK'", Picked("ack", ("yes",))),
        ("${stars} <= 2", Picked("stars", ("1", "2"))),
        ("${one} = 'a' and ${n} > 3", All((A, N3))),
        ("${one} = 'a' or ${n} > 3", AnyOf((A, N3))),
        ("${one} = 'a' or ${n} > 3 and ${n} > 3", AnyOf((A, All((N3, N3))))),
        ("(${one} = 'a' or ${n} > 3) and ${n} > 3", All((AnyOf((A, N3)), N3))),
        ("not(${one} = 'a' and ${n} > 3)", Not(All((A, N3)))),
    ],
)
def test_an_expression_is_read(text: str, condition: Condition) -> None:
    assert relevance.read(text, SUBJECTS) == condition


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "没写完"),
        ("${one} =", "没写完"),
        ("${one}", "没写完"),
        ("(${one} = 'a'", "没写完"),
        ("${one} = 'a')", "起读不懂"),
        ("${one} = 'a' ${n} > 3", "起读不懂"),
        ("${one} = 'a' @", "起读不懂"),
        ("${nobody} = 'a'", "“nobody”，不是哪道题的编号"),
        ("${one} = 'z'", "没有编号是“z”的选项"),
        ("${one} > 1", "不是数，不能比大小"),
        ("${stars} > 9", "没有这样的选项"),
        ("${t} = 'x'", "不能这样比"),
        ("${photo} > 1", "不能这样比"),
        ("${n} > 'x'", "不是数"),
        ("${n} > 1.2345", "不是数"),
        ("${day} > 'x'", "不是日期"),
        ("${n} > ${n}", "一个写明的值"),
        ("1 = 1", "一个写明的值"),
        ("today() > ${day}", "“today”，这里没有"),
        ("regex(${t}, 'a')", "“regex”，这里没有"),
        ("selected(${some})", "起读不懂"),
        ("count-selected(${some}) > 'x'", "不是个数"),
        ("string-length(${t}) > 5", "不能这样比"),
        ("(" * 30 + "${n} > 3" + ")" * 30, "套得太深"),
        ("${n} > 3 and " * 200, "太长"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        relevance.read(text, SUBJECTS)
    assert says in str(refused.value)


WORDS = "${one}|${n}|${day}|${some}| and | or |not(|(|)|=|>|!=|'a'|''|3|-|.|,|selected(|date('"
PIECES = st.sampled_from(WORDS.split("|"))


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join))
def test_any_expression_is_read_or_refused_and_what_is_read_is_written_the_same(text: str) -> None:
    try:
        condition = relevance.read(text, SUBJECTS)
    except Invalid:
        return
    assert relevance.read(relevance.write(condition), SUBJECTS) == condition


def bounds(question: Question) -> tuple[str, str, int | None, int | None, list[str]]:
    alone = [choice.key for choice in question.choices if choice.alone]
    return question.lowest, question.highest, question.least, question.most, alone


@pytest.mark.parametrize(
    ("key", "text", "expected", "left"),
    [
        ("n", ". >= 0 and . <= 120", ("0", "120", None, None, []), []),
        ("n", "(. >= 0 and . <= 120)", ("0", "120", None, None, []), []),
        ("n", ". > 0 and . < 10", ("0.1", "9.9", None, None, []), []),
        ("n", ".>0", ("0.1", "", None, None, []), []),
        ("n", ". = 5", ("5", "5", None, None, []), []),
        ("day", ". > '2026-02-28'", ("2026-03-01", "", None, None, []), []),
        ("day", ". <= today()", ("", "", None, None, []), [". <= today()"]),
        ("some", "count-selected(.) <= 3", ("", "", None, 3, []), []),
        ("some", "count-selected(.) > 1", ("", "", 2, None, []), []),
        ("first", "count-selected(.) = 2", ("", "", 2, 2, []), []),
        (
            "some",
            "not(selected(., 'b') and count-selected(.) > 1)",
            ("", "", None, None, ["b"]),
            [],
        ),
        (
            "some",
            "not(selected(., 'b')) or count-selected(.) = 1",
            ("", "", None, None, ["b"]),
            [],
        ),
        ("t", "regex(., '^a')", ("", "", None, None, []), ["regex(., '^a')"]),
        ("n", ". >= 0 and regex(., '1')", ("0", "", None, None, []), ["regex(., '1')"]),
        ("n", ". < 0 or . > 9", ("", "", None, None, []), [". < 0 or . > 9"]),
        ("n", ". != 3", ("", "", None, None, []), [". != 3"]),
        ("n", "胡说", ("", "", None, None, []), ["胡说"]),
    ],
)
def test_a_constraint_becomes_bounds_and_the_rest_is_left(
    key: str, text: str, expected: tuple[str, str, int | None, int | None, list[str]], left: object
) -> None:
    question = SUBJECTS[key].question
    found, rest = constraints.bounded(question, text)
    assert (bounds(found), rest) == (expected, left)
