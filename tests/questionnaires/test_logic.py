"""What is wrong with conditions is named, and nothing else is; how much is still to come."""

from dataclasses import replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as some

from surveys.errors import Invalid
from surveys.questionnaires import editing, logic, rules, shipped
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
    to_plain,
)
from surveys.questionnaires.logic import answering as logic_answers
from surveys.questionnaires.logic import ways as logic_ways
from surveys.questionnaires.rules import Choice, Question
from tests.questionnaires import plain, random_logic
from tests.questionnaires.random_logic import TYPES, questionnaires

AB = (Choice("a", "漏雨"), Choice("b", "停水"), Choice("z", "从前有", off=True))
ONE = Question("one", "single", "哪样？", choices=AB)
NOTE = Question("note", "note", "下面问得细一些。")
MANY = Question("many", "several", "哪些？", choices=(*AB, Choice("n", "都没有", alone=True)))
OLD = Question("old", "short", "不问了的", off=True)
AGE = Question("age", "number", "多大岁数？", lowest="18", highest="120")
GRID = Question(
    "grid", "matrix", "满意吗？", rows=AB, choices=(Choice("g", "好"), Choice("h", "差"))
)
RANK = Question("rank", "rank", "先做哪样？", most=1, choices=AB)
DAY = Question("day", "date", "哪天？", lowest="2026-01-01")
TEXT = Question("text", "short", "写一句")
BEFORE = (ONE, NOTE, MANY, OLD, AGE, GRID, RANK, DAY, TEXT)
LAST = Question("last", "short", "还有呢？")
LEAK = Picked("one", ("a",))


def said(*questions: Question) -> list[str]:
    """The faults of a questionnaire, as they are shown."""
    return [str(fault) for fault in logic.faults(questions)]


@pytest.mark.parametrize(
    "when",
    [
        LEAK,
        Not(LEAK),
        Answered("text"),
        Counted("many", ">=", 2),
        Picked("many", ("n",)),
        Compared("age", ">=", "120"),
        Compared("age", "<", "18.5"),
        All((Compared("age", ">", "20"), Compared("age", "<", "22"))),
        Picked("grid", ("g",), "a"),
        Ranked("rank", 1, "b"),
        All((Compared("day", ">", "2026-02-28"), Compared("day", "<", "2026-03-02"))),
        Compared("day", "<=", "2026-01-01"),
        All((LEAK, Picked("many", ("a",)), Picked("many", ("b",)))),
        AnyOf((LEAK, Not(LEAK))),
    ],
)
def test_a_condition_that_somebody_can_meet_is_no_fault(when: Condition) -> None:
    assert said(*BEFORE, replace(LAST, when=when)) == []


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        (Answered("x9"), "Q8：要看“x9”的答案，可是问卷里没有这一题。"),
        (Answered("old"), "Q8：要看“不问了的”的答案，可是那一题已经不问了。"),
        (Answered("last"), "Q8：不能拿这一题自己的答案当条件。"),
        (Answered("note"), "Q8：“下面问得细一些。” 只是一段说明，没有答案，条件里用不上它。"),
        (Compared("one", ">", "3"), "Q8：Q1 答的不是数字，也不是日期，不能比大小。"),
        (Compared("text", "=", "3"), "Q8：Q7 答的不是数字，也不是日期，不能比大小。"),
        (Compared("age", ">", "2026-01-01"), "Q8：Q3 答的是数字，“2026-01-01”不是数字。"),
        (
            Compared("day", ">", "3"),
            "Q8：Q6 答的是日期，“3”不是日期，请照“2026-03-05”这样写。",
        ),
        (Picked("one", ("q",)), "Q8：Q1 现在没有条件里写的那个选项，有：漏雨、停水。"),
        (Picked("one", ("z",)), "Q8：Q1 的选项“从前有”已经不用了。"),
        (Picked("grid", ("g",)), "Q8：Q4 有好几行，请写明是哪一行：漏雨、停水。"),
        (Picked("grid", ("g",), "q"), "Q8：Q4 现在没有条件里写的那一行，有：漏雨、停水。"),
        (Picked("grid", ("g",), "z"), "Q8：Q4 的“从前有”这一行已经不用了。"),
        (Ranked("rank", 2, "a"), "Q8：Q5 只排前 1 位，没有第 2 位。"),
    ],
)
def test_a_condition_that_does_not_fit_is_named(when: Condition, fault: str) -> None:
    assert said(*BEFORE, replace(LAST, when=when)) == [fault]


NOBODY = "这个条件谁也满足不了，这里永远不会显示。"


@pytest.mark.parametrize(
    "when",
    [
        All((LEAK, Picked("one", ("b",)))),
        All((LEAK, Not(Answered("one")))),
        Counted("one", ">", 1),
        Counted("many", ">", 2),
        All((Picked("many", ("n",)), Picked("many", ("a", "b")))),
        Compared("age", "<", "18"),
        All((Compared("age", ">", "20"), Compared("age", "<", "21"))),
        All((Compared("day", "<", "2026-01-02"), Compared("day", "!=", "2026-01-01"))),
        All((Picked("grid", ("g",), "a"), Picked("grid", ("h",), "a"))),
        Counted("grid", ">", 2),
        All((Ranked("rank", 1, "a"), Picked("rank", ("b",)))),
    ],
)
def test_a_condition_that_nobody_can_meet_is_named(when: Condition) -> None:
    assert said(*BEFORE, replace(LAST, when=when)) == [f"Q8：{NOBODY}"]


def test_an_answer_that_must_be_given_is_reckoned_with() -> None:
    unanswered = replace(LAST, when=Not(Answered("one")))
    assert said(ONE, unanswered) == []
    assert said(replace(ONE, required=True), unanswered) == [f"Q2：{NOBODY}"]


def test_a_choice_that_stands_alone_is_exempt_from_the_least_number() -> None:
    many = replace(MANY, least=2)
    one = replace(LAST, when=Counted("many", "=", 1))
    other = replace(LAST, when=All((Counted("many", "=", 1), Not(Picked("many", ("n",))))))
    assert said(many, one) == []
    assert said(many, other) == [f"Q2：{NOBODY}"]


def test_what_is_hidden_itself_is_as_if_it_were_not_answered() -> None:
    second = replace(TEXT, when=LEAK)
    third = replace(LAST, when=All((Answered("text"), Not(LEAK))))
    assert said(ONE, second, third) == [f"Q3：{NOBODY}"]


def test_a_note_is_named_by_its_title() -> None:
    assert said(replace(NOTE, when=Answered("one")), ONE) == [
        "“下面问得细一些。”：Q1 排在后面，那时候还没答。请把 Q1 挪到前面，或者换一个条件。"
    ]


def test_questions_that_wait_for_one_another_are_named_as_a_loop() -> None:
    first = replace(TEXT, when=Answered("last"))
    second = replace(AGE, when=Answered("text"))
    third = replace(LAST, when=Answered("age"))
    assert said(first, second, third) == ["Q1：Q1、Q3、Q2 互相等对方的答案，谁也显示不出来。"]


def test_one_fault_is_not_said_again_of_all_that_hangs_on_it() -> None:
    first = replace(TEXT, when=All((LEAK, Not(LEAK))))
    assert said(ONE, first, replace(LAST, when=Answered("text"))) == [f"Q2：{NOBODY}"]


def test_what_is_too_much_to_find_out_is_not_accused() -> None:
    many = tuple(
        replace(MANY, key=f"m{n}", choices=tuple(Choice(f"c{m}", f"第{m}样") for m in range(30)))
        for n in range(3)
    )
    each = tuple(Picked(q.key, (f"c{m}",)) for q in many for m in range(12))
    last = replace(LAST, when=All((*each, Not(each[0]))))
    assert logic_ways.can_hold((*many, last), last, logic_ways.Steps()) is None
    assert said(*many, last) == []


def test_moving_a_question_names_what_it_breaks() -> None:
    before = (ONE, TEXT, replace(LAST, when=LEAK))
    moved = editing.moved(editing.moved(before, "one", 1), "one", 1)
    assert [str(fault) for fault in logic.broken(before, moved)] == [
        "Q2：Q3 排在后面，那时候还没答。请把 Q3 挪到前面，或者换一个条件。"
    ]
    assert logic.broken(before, editing.moved(before, "text", 1)) == []


def test_removing_a_question_names_what_it_breaks_and_nothing_that_was_broken() -> None:
    before = (ONE, replace(TEXT, when=Answered("x9")), replace(LAST, when=LEAK))
    assert [str(fault) for fault in logic.broken(before, before[1:])] == [
        "Q2：要看“哪样？”的答案，可是问卷里没有这一题。"
    ]


def test_the_questionnaires_that_ship_have_no_faults() -> None:
    for template in shipped.offered():
        assert said(*template.questions) == []


def test_what_is_refused_names_the_place() -> None:
    logic.refuse([])
    with pytest.raises(Invalid) as fault:
        logic.refuse(logic.faults((replace(LAST, when=Answered("x9")),)))
    assert str(fault.value) == "Q1 的显示条件：要看“x9”的答案，可是问卷里没有这一题。"


@settings(max_examples=150)
@given(some.data())
def test_what_can_be_true_together_is_what_some_answer_makes_true(data: some.DataObject) -> None:
    question = data.draw(random_logic.question(1, [t for t in TYPES if t != "note"]))
    said = tuple(data.draw(some.lists(random_logic.said_of(question), min_size=1, max_size=3)))
    (asked,) = plain.questions_of(rules.write_questions([question]))
    made_true = {
        frozenset(one for one in said if plain.is_true(to_plain(one), {question.key: answer}))
        for answer in plain.every_answer(asked)
    }
    (offered,) = rules.asked([question])
    assert set(logic_answers.outcomes(offered, said) or ()) == made_true


@settings(max_examples=60)
@given(some.data())
def test_never_shown_is_said_exactly_where_no_way_leads_there(data: some.DataObject) -> None:
    questions = data.draw(questionnaires(most=4))
    asked = plain.questions_of(rules.write_questions(questions))
    try:
        ways = list(plain.every_way(asked, {}))
    except plain.TooMany:
        reject()
    seen = {key for way in ways for key in plain.seen(asked, way)}
    parts, steps = rules.asked(questions), logic_ways.Steps()
    assert {part.key for part in parts if logic_ways.can_hold(parts, part, steps)} == seen


@settings(max_examples=60)
@given(some.data())
def test_what_is_still_to_come_is_never_a_lie(data: some.DataObject) -> None:
    questions = data.draw(questionnaires(most=5))
    asked = plain.questions_of(rules.write_questions(questions))
    answers = {q["key"]: data.draw(some.sampled_from(plain.every_answer(q))) for q in asked}
    given = {key: value for key, value in answers.items() if data.draw(some.booleans())}
    keys = [q["key"] for q in asked if q["type"] != "note"]
    number = data.draw(some.integers(0, len(keys)))
    try:
        ways = list(plain.every_way(asked, given, number))
    except plain.TooMany:
        reject()
    counts = [len(set(keys[number:]) & set(plain.seen(asked, way))) for way in ways]
    parts = rules.asked(questions)
    assert logic.ahead(parts, given, number) == (min(counts), max(counts))
    unknown = [
        key for key in answers if not given.get(key) and key not in keys[: max(0, number - 1)]
    ]
    least, most = logic_ways.roughly(parts, given, unknown, lambda p: p.key in keys[number:])
    assert least <= min(counts) <= max(counts) <= most
