"""What counts as an answer, the way through, and rewording: by tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from surveys.errors import Invalid
from surveys.questionnaires import cards, kinds, rules, shipped
from surveys.questionnaires.conditions import Picked
from surveys.questionnaires.rules import Choice, Question
from surveys.questionnaires.walk import resume_at, walk

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ABC = (Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙"), Choice("n", "都没有", alone=True))
SINGLE = Question("q1", "single", "选哪个？", choices=ABC)
SEVERAL = Question("q2", "several", "选哪些？", most=2, choices=ABC)
SCALE = Question("q3", "scale", "满意吗？", choices=ABC[:3], required=True)
SHORT = Question("q4", "short", "写一句", required=True)
LONG = Question("q5", "long", "写几句", takes_suggestions=True)


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (SINGLE, [], ()),
        (SINGLE, [""], ()),
        (SINGLE, ["b"], ("b",)),
        (SINGLE, ["b", "b"], ("b",)),
        (SEVERAL, ["c", "a"], ("a", "c")),
        (SEVERAL, ["n"], ("n",)),
        (SCALE, ["c"], ("c",)),
        (SHORT, [], ()),
        (SHORT, ["  一棵  树 "], ("一棵 树",)),
        (LONG, ["\r\n下水道\r\n冒水\t了\r\n"], ("下水道\n冒水 了",)),
        (LONG, ["\x00\u202e \u200f"], ()),
        (LONG, ["水" * 500], ("水" * 500,)),
    ],
)
def test_what_was_typed_becomes_an_answer(
    question: Question, typed: list[str], answer: tuple[str, ...]
) -> None:
    assert kinds.read_answer(question, typed) == answer


@pytest.mark.parametrize(
    ("question", "typed", "words"),
    [
        (SINGLE, ["a", "b"], "只能选一个"),
        (SCALE, ["a", "b"], "只能选一个"),
        (SINGLE, ["z"], "不在这一题里"),
        (SEVERAL, ["a", "z"], "不在这一题里"),
        (SEVERAL, ["a", "b", "c"], "最多选"),
        (SEVERAL, ["a", "n"], "就不能再选别的"),
        (SHORT, ["水" * 101], "最多写"),
        (LONG, ["水" * 501], "最多写"),
    ],
)
def test_what_is_no_answer_is_said(question: Question, typed: list[str], words: str) -> None:
    with pytest.raises(Invalid) as fault:
        kinds.read_answer(question, typed)
    assert words in fault.value.msgid


@pytest.mark.parametrize(
    ("number", "go", "leads_to"),
    [(1, "next", 2), (1, "skip", 2), (1, "back", 0), (3, "back", 2), (10, "next", 11)]
    + [(2, "look", 11), (10, "skip", 11), (4, "nonsense", 5), (4, "here", 4)],
)
def test_every_button_leads_somewhere(number: int, go: str, leads_to: int) -> None:
    ten = tuple(replace(SINGLE, key=f"q{n}") for n in range(1, 11))
    assert walk(ten, {}).go_to(number, go) == leads_to


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (None, None, "draft"),
        (None, 1, "draft"),
        (1, None, "waiting"),
        (1, 2, "waiting"),
        (0, None, "open"),
        (-1, 1, "open"),
        (-2, 0, "closed"),
        (-2, -1, "closed"),
    ],
)
def test_the_state_follows_from_the_times(
    opens: int | None, closes: int | None, state: str
) -> None:
    def at(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    assert rules.state(at(opens), at(closes), NOW) == state


@pytest.mark.parametrize(
    ("given", "number"),
    [({}, 1), ({"q1": ("a",)}, 2), ({"q1": (), "q2": ("b",)}, 3), ({"q3": ("a",)}, 3)],
)
def test_one_goes_on_after_the_last_answer(given: rules.Given, number: int) -> None:
    three = (SINGLE, SEVERAL, SCALE)
    assert resume_at(three, walk(three, given), given) == number


LEAKS = replace(SEVERAL, when=Picked("q1", ("a",)))
WALKED = (SINGLE, Question("n1", "note", "说明"), LEAKS, SCALE)


@pytest.mark.parametrize(
    ("given", "numbers"), [({}, (1, 3)), ({"q1": ("a",)}, (1, 2, 3)), ({"q1": ("b",)}, (1, 3))]
)
def test_a_hidden_question_is_passed_over_both_ways(
    given: rules.Given, numbers: tuple[int, ...]
) -> None:
    way = walk(WALKED, given)
    assert way.numbers == numbers
    assert way.go_to(1, "next") == numbers[1]
    assert way.go_to(3, "back") == numbers[-2]
    assert way.go_to(3, "next") == 4
    assert [part.key for part in way.leads[WALKED[2 if 2 in numbers else 3].key]] == ["n1"]


def test_a_section_all_of_which_is_hidden_has_no_head() -> None:
    heads = [Question(f"s{n}", "section", f"{n}") for n in (1, 2)]
    way = walk((SINGLE, heads[0], LEAKS, heads[1], SCALE), {"q1": ("b",)})
    assert [part.key for part in way.leads["q3"]] == ["s2"]


def test_what_was_answered_last_may_be_hidden_since() -> None:
    given = {"q1": ("b",), "q2": ("a",)}
    assert resume_at((SINGLE, LEAKS, SCALE), walk((SINGLE, LEAKS, SCALE), given), given) == 3


def test_only_what_must_be_answered_is_missing() -> None:
    assert rules.missing((SINGLE, SCALE, SHORT), {"q4": ("树",)}) == [SCALE]
    assert rules.missing((SINGLE, SCALE, SHORT), {"q3": (), "q4": ()}) == [SCALE, SHORT]


@given(some.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = rules.clean(text)
    assert rules.clean(once) == once
    assert "\x00" not in once
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_what_a_dropped_sign_held_apart_is_composed() -> None:
    assert rules.clean("e\x00\u0301") == "é"


def test_emoji_and_their_joiners_stay() -> None:
    family = "👨\u200d👩\u200d👧"
    assert rules.clean(f"谢谢{family}") == f"谢谢{family}"


def test_signs_that_nobody_can_see_are_no_answer() -> None:
    assert rules.clean("\u200b \u200d\n\ufeff\u2060") == ""


@given(some.permutations(["a", "b", "c"]), some.text(max_size=20).map(rules.clean))
def test_questions_are_read_as_they_were_written(order: list[str], title: str) -> None:
    questions = [replace(SEVERAL, title=title, choices=tuple(Choice(k, k) for k in order)), LONG]
    text = rules.write_questions(questions)
    assert list(rules.read_questions(text)) == questions
    assert rules.write_questions(rules.read_questions(text)) == text


def test_the_questionnaires_that_ship_are_sound() -> None:
    blank, *others = shipped.offered()
    assert (blank.key, blank.questions) == ("blank", ())
    assert len(others) == 6
    for template in others:
        keys = [question.key for question in template.questions]
        assert len(keys) == len(set(keys))
        assert any(question.takes_suggestions for question in template.questions)
        when = cards.conditions(template.questions)
        for question in template.questions:
            card = cards.card_of(question, when.get(question.key, ""))
            assert cards.filled(question, card, template.questions, []) == question
