"""What staff type off a sheet by its printed numbers: by tables."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from surveys.errors import Invalid
from surveys.questionnaires import kinds
from surveys.questionnaires.rules import Choice, Question, Value
from tests.questionnaires.every_kind import QUESTIONS, READ, TYPED

BY_KEY = {question.key: question for question in QUESTIONS}
STAIRWELLS = tuple(Choice(key, key) for key in ("1-1", "1-2", "2-1", "东楼"))
PLACE = replace(BY_KEY["place"], choices=STAIRWELLS)
SINGLE, SEVERAL, RANK, MATRIX = (BY_KEY[k] for k in ("dropdown", "several", "rank", "matrix"))
NUMBER, DATE = BY_KEY["number"], BY_KEY["date"]
TWELVE = Question("q6", "several", "多", choices=tuple(Choice(k, k) for k in "abcdefghijkl"))
ANY_DAY = replace(DATE, lowest="", highest="")


@pytest.mark.parametrize("key", TYPED)
def test_every_kind_is_typed_off_the_sheet(key: str) -> None:
    question = PLACE if key == "place" else BY_KEY[key]
    assert kinds.read_keyed(question, TYPED[key]) == READ[key]


@pytest.mark.parametrize("key", [q.key for q in QUESTIONS])
def test_what_was_left_empty_is_no_answer(key: str) -> None:
    for blank in ("", "  ", "\u3000"):
        assert kinds.read_keyed(BY_KEY[key], blank) == ()


@pytest.mark.parametrize("kind", ["photo", "note", "section"])
def test_what_a_sheet_cannot_hold_is_never_read(kind: str) -> None:
    question = next(q for q in QUESTIONS if q.type == kind)
    assert kinds.read_keyed(question, "1") == ()


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (SINGLE, "2", ("b",)),
        (SEVERAL, "13", ("a", "c")),
        (SEVERAL, "3 1", ("a", "c")),
        (SEVERAL, "１，３", ("a", "c")),
        (SEVERAL, "4", ("o",)),
        (SEVERAL, "4 凉亭", ("o=凉亭",)),
        (SEVERAL, "4凉亭", ("o=凉亭",)),
        (SEVERAL, "1 4：凉亭，带座", ("a", "o=凉亭，带座")),
        (SEVERAL, "4 2个凉亭", ("o=2个凉亭",)),
        (SEVERAL, "4=2个凉亭", ("o=2个凉亭",)),
        (TWELVE, "12", ("l",)),
        (TWELVE, "1 2 12", ("a", "b", "l")),
        (TWELVE, "3、11", ("c", "k")),
        (RANK, "3 1 2", ("c", "a", "b")),
        (RANK, "4，1", ("d", "a")),
        (MATRIX, "1320", ("r:a", "d:c", "w:b")),
        (MATRIX, "0 0 0 3", ("t:c",)),
        (MATRIX, "0000", ()),
        (NUMBER, "３.５", ("3.5",)),
        (NUMBER, "20元", ("20",)),
        (DATE, "2026-3-5", ("2026-03-05",)),
        (DATE, "20260305", ("2026-03-05",)),
        (DATE, "0305", ("2026-03-05",)),
        (DATE, "3-5", ("2026-03-05",)),
        (ANY_DAY, "20260305", ("2026-03-05",)),
        (PLACE, "1-2", ("1-2",)),
        (PLACE, "1 2", ("1-2",)),
        (PLACE, "1 号楼 2 单元", ("1-2",)),
        (PLACE, "一号楼二单元", ("1-2",)),
        (PLACE, "2", ("2-1",)),
        (PLACE, "东楼", ("东楼",)),
    ],
)
def test_it_may_be_typed_in_more_than_one_way(
    question: Question, typed: str, answer: tuple[str, ...]
) -> None:
    assert kinds.read_keyed(question, typed) == answer


@pytest.mark.parametrize(
    ("question", "typed", "words"),
    [
        (SINGLE, "5", "之间的号"),
        (SINGLE, "0", "之间的号"),
        (SINGLE, "²", "之间的号"),
        (SINGLE, "1 2", "只能选一个"),
        (SINGLE, "1 x", "后面不写字"),
        (SEVERAL, "-1", "之间的号"),
        (SEVERAL, "凉亭", "之间的号"),
        (SEVERAL, "4 凉亭" + "亭" * 60, "最多写"),
        (SEVERAL, "5 1", "就不能再选别的"),
        (TWELVE, "13", "之间的号"),
        (RANK, "3 3", "排了两次"),
        (RANK, "1", "请排出前"),
        (RANK, "1 2 3 4", "只排前"),
        (RANK, "1 树", "之间的号"),
        (MATRIX, "1 2 3", "要填"),
        (MATRIX, "1 2 3 4", "之间的号"),
        (MATRIX, "12345", "之间的号"),
        (NUMBER, "三", "请填数字"),
        (NUMBER, "5001", "之间"),
        (DATE, "3月", "日期看不懂"),
        (DATE, "0230", "日期看不懂"),
        (ANY_DAY, "0305", "日期看不懂"),
        (PLACE, "9-9", "没有"),
        (PLACE, "1", "没有"),
        (PLACE, "1-1-101", "请照"),
    ],
)
def test_what_cannot_stand_is_said_with_what_is_expected(
    question: Question, typed: str, words: str
) -> None:
    with pytest.raises(Invalid) as fault:
        kinds.read_keyed(question, typed)
    assert words in fault.value.msgid


def written(question: Question, answer: Value) -> str:
    """An answer as a clerk types it: the printed numbers, and words behind them."""
    numbers = {choice.key: n for n, choice in enumerate(question.choices, 1)}
    if question.rows:
        marked = dict(part.split(":") for part in answer)
        return " ".join(str(numbers.get(marked.get(row.key, ""), 0)) for row in question.rows)
    typed = [(numbers[part.partition("=")[0]], part.partition("=")[2]) for part in answer]
    if question.type != "rank":
        typed.sort(key=lambda one: bool(one[1]))  # words stand last
    return " ".join(f"{number}={words}" if words else str(number) for number, words in typed)


@some.composite
def filled_in(draw: some.DrawFn) -> tuple[Question, Value]:
    """A question whose answer is typed by numbers, and an answer to it."""
    keys = [f"c{n}" for n in range(draw(some.integers(2, 14)))]
    writes = draw(some.sampled_from(keys))
    choices = tuple(Choice(key, f"第 {key} 样", writes=key == writes) for key in keys)
    kind = draw(some.sampled_from(["single", "several", "rank", "matrix"]))
    picked = draw(some.lists(some.sampled_from(keys), unique=True, min_size=1))
    if kind == "matrix":
        rows = tuple(Choice(f"r{n}", f"第 {n} 行") for n in range(len(picked)))
        cells = tuple(f"{row.key}:{key}" for row, key in zip(rows, picked, strict=True))
        kept = draw(some.lists(some.booleans(), min_size=len(cells), max_size=len(cells)))
        plain = tuple(replace(choice, writes=False) for choice in choices)
        question = Question("q", kind, "问", rows=rows, choices=plain)
        return question, tuple(cell for cell, is_kept in zip(cells, kept, strict=True) if is_kept)
    if kind == "rank":
        return Question("q", kind, "问", choices=choices), tuple(picked)
    words = draw(some.sampled_from(["", "凉亭", "2 个凉亭", "3", "带座、带顶的"]))
    beside = f"={words}" if words else ""
    chosen = [key + (beside if key == writes else "") for key in sorted(picked, key=keys.index)]
    return Question("q", kind, "问", choices=choices), tuple(
        chosen[:1] if kind == "single" else chosen
    )


@given(filled_in())
def test_every_answer_can_be_typed_by_its_numbers(filled: tuple[Question, Value]) -> None:
    question, answer = filled
    assert kinds.read_keyed(question, written(question, answer)) == answer


@given(
    some.sampled_from([q for q in QUESTIONS if q.type != "place"] + [PLACE, TWELVE]),
    some.text(max_size=40) | some.text("0123456789 ，,-/.=:：楼单元年月日凉亭", max_size=20),
)
def test_whatever_is_typed_is_an_answer_or_a_sentence(question: Question, typed: str) -> None:
    try:
        answer = kinds.read_keyed(question, typed)
    except Invalid:
        return
    assert kinds.read_answer(question, answer) == answer
