"""What may be done to the questions, by tables and by chance; and what changed between versions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from surveys.errors import Invalid, Refused
from surveys.questionnaires import cards, editing, kinds, logic, rules
from surveys.questionnaires.cards import Card, Faulty, card_of
from surveys.questionnaires.conditions import Answered, Picked
from surveys.questionnaires.differences import differences
from surveys.questionnaires.editing import NEW, Edit, Edited, Questions, edited
from surveys.questionnaires.rules import Choice, Question

ABC = (Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙"))
ONE = Question("q1", "single", "一？", choices=ABC)
TWO = Question("q2", "several", "二？", most=2, choices=ABC)
NOTE = Question("n", "note", "说明")
THREE = Question("q3", "number", "三？", lowest="0", highest="9.5", decimals=1, unit="米")
FOUR = Question("q4", "long", "四？", when=Picked("q1", ("a",)))
ALL = (ONE, TWO, NOTE, THREE, FOUR)


def pressed(questions: Questions, place: str, act: str = "", **typed: object) -> Edited:
    """What comes of typing on the card of a question and pressing a button."""
    one = next((q for q in questions if q.key == place), None)
    card = card_of(one, cards.conditions(questions).get(place, "")) if one else None
    name, _sep, rest = act.partition(":")
    on, _sep, to = rest.partition(":")
    to = on if name == "to" else to
    typed_card = replace(card, **typed) if card else None  # type: ignore[arg-type]
    return edited(questions, Edit("", place, typed_card, act=name, on=on, to=to))


def keys(questions: Sequence[Question]) -> str:
    """The keys of what is shown, in order."""
    return " ".join(question.key for question in questions if not question.off)


@pytest.mark.parametrize(
    ("place", "act", "after"),
    [
        ("q2", "up", "q2 q1 n q3 q4"),
        ("q1", "up", "q1 q2 n q3 q4"),
        ("q2", "down", "q1 n q2 q3 q4"),
        ("q4", "down", "q1 q2 n q3 q4"),
        ("q3", "to:1", "q3 q1 q2 n q4"),
        ("q1", "to:3", "q2 n q3 q1 q4"),
        ("q3", "to:100", "q1 q2 n q4 q3"),
        ("n", "to:1", "n q1 q2 q3 q4"),
        ("n", "to:9", "q1 q2 q3 q4 n"),
        ("q3", "copy", "q1 q2 n q3 q5 q4"),
        ("q3", "remove", "q1 q2 n q4"),
        ("q3", "open:q1", "q1 q2 n q3 q4"),
    ],
)
def test_an_act_on_the_list(place: str, act: str, after: str) -> None:
    assert keys(pressed(ALL, place, act).questions) == after


@pytest.mark.parametrize("typed", ["", "0", "-1", "三", "1.5", "101", "²", "9" * 40])
def test_a_place_that_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(Invalid) as fault:
        pressed(ALL, "q2", f"to:{typed}")
    assert "请填数字" in str(fault.value)


@pytest.mark.parametrize("act", ["up", "to:1", "to:2"])
def test_a_question_does_not_pass_the_one_that_it_hangs_on(act: str) -> None:
    five = (ONE, replace(TWO, when=Picked("q1", ("a",))))
    with pytest.raises(Faulty) as fault:
        pressed(five, "q2", act if act != "to:2" else "up")
    assert "排在后面" in str(fault.value.faults["when"])


def test_what_others_hang_on_is_not_taken_away_and_the_place_is_named() -> None:
    for act in ("remove", "down", "choice-remove:a"):
        five = (ONE, replace(FOUR, key="q2"), TWO)
        with pytest.raises(Invalid) as fault:
            pressed(five, "q1", act)
        assert "Q" in str(fault.value)


@pytest.mark.parametrize(
    ("question", "typed", "field", "words"),
    [
        (TWO, {"title": "  "}, "title", "不能空着"),
        (TWO, {"title": "长" * 61}, "title", "太长了"),
        (TWO, {"help": "长" * 121}, "help", "太长了"),
        (TWO, {"limits": {"most": "两样"}}, "most", "填数字"),
        (TWO, {"limits": {"most": "-1"}}, "most", "填数字"),
        (TWO, {"limits": {"least": "4"}}, "least", "只有 3 个"),
        (TWO, {"limits": {"least": "2", "most": "1"}}, "most", "不少于"),
        (TWO, {"more": "丁\n甲"}, "choices-more", "两个“甲”"),
        (TWO, {"more": "长" * 41}, "choices-more", "太长了"),
        (TWO, {"more": "\n".join(map(str, range(500)))}, "choices-more", "最多 500"),
        (TWO, {"choices": (cards.Line("a", "甲"),)}, "choices-more", "两个选项"),
        (TWO, {"choices": (cards.Line("a", "\0"), cards.Line("b", "乙"))}, "choice-a", "空着"),
        (TWO, {"when": "Q1 选了"}, "when", ""),
        (TWO, {"when": "Q9 选了 “甲”"}, "when", ""),
        (TWO, {"when": "Q3 等于 1"}, "when", "排在后面"),
        (TWO, {"type": "number"}, "type", "题型不能换"),
        (THREE, {"limits": {"decimals": "4"}}, "decimals", "0 到 3"),
        (THREE, {"limits": {"lowest": "三"}}, "lowest", "请填数字"),
        (THREE, {"limits": {"lowest": "1.25", "decimals": "1"}}, "lowest", "小数点后面"),
        (THREE, {"limits": {"lowest": "10", "highest": "9"}}, "highest", "不小于"),
        (Question("d", "date", "哪天"), {"limits": {"lowest": "昨天"}}, "lowest", "看不懂"),
        (Question("p", "photo", "拍", most=1), {"limits": {"most": "4"}}, "most", "1 到 3"),
        (Question("m", "matrix", "打分", choices=ABC), {}, "rows-more", "至少要有一行"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(
    question: Question, typed: dict[str, Any], field: str, words: str
) -> None:
    around = (ONE, question, replace(THREE, key="q9"))
    with pytest.raises(Faulty) as fault:
        pressed(around, question.key, **typed)
    assert list(fault.value.faults) == [field]
    assert words in str(fault.value.faults[field])


def test_a_card_left_alone_changes_nothing() -> None:
    for question in ALL:
        assert pressed(ALL, question.key).questions == ALL


def test_several_lines_pasted_into_one_field_are_several_choices() -> None:
    lines = (cards.Line("a", "甲\n子\n\n丑"), *(cards.Line(c.key, c.name) for c in ABC[1:]))
    made = pressed(ALL, "q1", choices=lines).questions[0]
    assert [(c.key, c.name) for c in made.choices] == [
        ("a", "甲"), ("d", "子"), ("e", "丑"), ("b", "乙"), ("c", "丙")
    ]  # fmt: skip


def test_a_most_that_allows_everything_is_no_limit() -> None:
    assert pressed(ALL, "q2", limits={"most": "3"}).questions[1].most is None
    assert pressed(ALL, "q2", limits={"most": " 2 "}).questions[1].most == 2


def test_a_type_may_change_among_its_kin_until_it_is_asked() -> None:
    assert pressed(ALL, "q2", type="rank").questions[1].type == "rank"
    card = replace(card_of(TWO), type="rank")
    with pytest.raises(Faulty):
        edited(ALL, Edit("", "q2", card), [ALL])


def test_what_was_asked_is_never_gone_for_good_and_its_keys_never_come_again() -> None:
    switched = tuple(replace(q, off=q.key in {"q2", "q3"}) for q in ALL)
    fewer = tuple(replace(q, choices=(*q.choices[:2], replace(q.choices[2], off=True)))
                  if q.key == "q1" else q for q in switched)  # fmt: skip
    gone = editing.purged(fewer, [])
    assert keys(gone) == "q1 n q4"
    assert len(gone) == 3
    assert [c.key for c in gone[0].choices] == ["a", "b"]
    assert editing.purged(fewer, [ALL]) == fewer
    card = Card("short", "新的？")
    found = edited(gone, Edit("", NEW, card), [(*ALL, Question("q7", "short", "七"))])
    assert found.questions[-1].key == "q8"
    more = edited(gone, Edit("", "q1", replace(card_of(gone[0]), more="丁")), [ALL])
    assert [c.key for c in more.questions[0].choices] == ["a", "b", "d"]


def test_an_untouched_new_card_goes_without_a_trace() -> None:
    for kind in kinds.KINDS:
        card = card_of(cards.blank(NEW, kind))
        assert edited(ALL, Edit("", NEW, card, act="open", on="q1")).questions == ALL
        with pytest.raises(Faulty):
            edited(ALL, Edit("", NEW, card, act="save"))


def test_more_than_a_hundred_questions_are_too_many() -> None:
    many = tuple(Question(f"q{n}", "short", f"{n}") for n in range(1, 101))
    with pytest.raises(Refused):
        pressed(many, "q1", "copy")
    assert pressed(many, "q1", "remove").questions[0].off


# By chance

ACTS = ("up", "down", "copy", "remove", "restore", "to", "purge", "add", "choice-up",
        "choice-remove", "choice-restore", "save")  # fmt: skip
typed = some.fixed_dictionaries(
    {"title": some.text(max_size=5), "more": some.text("甲乙丙丁\n ", max_size=9)},
    optional={"when": some.sampled_from(["", "Q1 选了 “甲”", "Q2 答了", "不是（Q1 选了 “乙”）"])},
)


@settings(max_examples=60)
@given(some.lists(some.tuples(some.integers(0, 20), some.sampled_from(ACTS), typed), max_size=14))
def test_whatever_is_done_the_questions_stay_sound(
    steps: list[tuple[int, str, dict[str, str]]],
) -> None:
    questions: Questions = ALL
    for n, act, words in steps:
        one = questions[n % len(questions)] if questions else ONE
        on = {"add": "single", "to": str(n % 4)}.get(act, "abcd"[n % 4])
        on = one.key if act == "restore" else on
        try:
            done = pressed(questions, "" if one.off else one.key, f"{act}:{on}", **words)
        except (Invalid, Refused):
            continue
        questions = done.questions
        if done.place == NEW:
            card = Card(done.type, words["title"], more=words["more"])
            try:
                questions = edited(questions, Edit("", NEW, card, after=done.after)).questions
            except Invalid:
                continue
    assert len({q.key for q in questions}) == len(questions)
    assert all(len({c.key for c in q.choices}) == len(q.choices) for q in questions)
    assert rules.read_questions(rules.write_questions(questions)) == questions
    assert logic.faults(questions) == []


# What changed

FIVE = Question("q5", "short", "五？")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (ALL, []),
        ((*ALL, FIVE), [("added", "五？", "", "")]),
        ((TWO, NOTE, THREE), [("removed", "一？", "", ""), ("removed", "四？", "", "")]),
        ((replace(ONE, off=True), *ALL[1:4]), [("removed", "一？"), ("removed", "四？")]),
        ((TWO, NOTE, THREE, ONE, FOUR), [("moved", "一？")]),
        ((replace(ONE, title="壹？"), *ALL[1:]), [("reworded", "壹？", "一？", "壹？")]),
        ((replace(ONE, help="小字"), *ALL[1:]), [("helped", "一？", "", "小字")]),
        ((ONE, replace(TWO, most=1), *ALL[2:]), [("rules", "二？")]),
        (
            (*ALL[:4], replace(FOUR, when=Answered("q1"))),
            [("shown", "四？", "Q1 选了 “甲”", "Q1 答了")],
        ),
        (
            (ONE, replace(TWO, choices=(ABC[1], Choice("a", "子"), Choice("d", "丁"))), *ALL[2:]),
            [
                ("choice", "二？", "甲", "子"),
                ("choice", "二？", "丙", ""),
                ("choice", "二？", "", "丁"),
            ],
        ),
    ],
)
def test_what_changed_is_said(new: Questions, expected: list[tuple[str, ...]]) -> None:
    found = differences(ALL, new)
    said = [(one.what, one.title, one.was, one.now) for one in found]
    assert [one[: len(e)] for one, e in zip(said, expected, strict=True)] == expected


@given(some.permutations(ALL), some.sets(some.integers(0, 4)))
def test_changes_name_what_came_and_went_and_nothing_more(
    order: list[Question], off: set[int]
) -> None:
    new = [replace(q, off=n in off) for n, q in enumerate(order)]
    found = differences(ALL, new)
    gone = sum(question.off for question in new)
    assert sum(one.what == "removed" for one in found) == gone
    assert {one.what for one in found} <= {"removed", "moved", "shown"}
    assert all(one.what != "moved" for one in differences(new, new))
