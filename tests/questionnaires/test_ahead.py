"""How many questions are still to come, where some are shown to some only."""

from surveys.questionnaires import logic
from surveys.questionnaires.conditions import Answered, Picked
from surveys.questionnaires.rules import Choice, Question

YES_NO = (Choice("yes", "有"), Choice("no", "没有"))
PARTS = (
    Question("a", "yesno", "漏雨吗？", choices=YES_NO),
    Question("n", "note", "下面问得细一些。"),
    Question("b", "short", "漏在哪里？", when=Picked("a", ("yes",))),
    Question("c", "short", "还有呢？", when=Answered("b")),
    Question("d", "short", "最后一句"),
)


def test_what_hangs_on_an_answer_may_come_or_not() -> None:
    assert logic.ahead(PARTS, {}, 0) == (2, 4)
    assert logic.ahead(PARTS, {}, 1) == (1, 3)


def test_what_is_decided_is_counted_exactly() -> None:
    assert logic.ahead(PARTS, {"a": ("no",)}, 1) == (1, 1)
    assert logic.ahead(PARTS, {"a": ("yes",)}, 1) == (2, 3)
    assert logic.ahead(PARTS, {"a": ("yes",)}, 2) == (1, 2)
    assert logic.ahead(PARTS, {"a": ("yes",)}, 3) == (1, 1)  # the second was passed over


def test_after_the_last_there_is_nothing() -> None:
    assert logic.ahead(PARTS, {}, 4) == (0, 0)
