"""Reading the names of choices and rows in a condition. Pure."""

from collections.abc import Sequence

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.logic import fits as logic_fits
from surveys.questionnaires.logic import vocabulary
from surveys.questionnaires.logic.text import Text, Twice
from surveys.questionnaires.rules import Choice, Question


class Names:
    """A text and the questions whose choices it may name."""

    def __init__(self, typed: str, questions: Sequence[Question]) -> None:
        self._text = Text(typed)
        self._questions = questions
        self._by_key = {question.key: question for question in questions}

    def _choices(self, question: Question, *, denied: bool = False) -> tuple[tuple[str, ...], bool]:
        """The keys of the choices that come next, and whether each of them is meant."""
        keys = [self._choice(question)]
        joints: set[str] = set()
        while joint := self._another(question):
            joints.add(joint)
            keys.append(self._choice(question))
        among = self._text.match(vocabulary.AMONG)
        joints.discard("、")
        if len(joints) > 1:
            raise Invalid(
                N_("%(that)s 的几个选项，又写“和”又写“或”，看不出是都要还是有一个就行。"),
                that=self._called(question),
            )
        is_any = denied or among or joints == {"or"} or question.type not in {"several", "rank"}
        if len(keys) > 1 and not is_any and not joints:
            raise Invalid(
                N_("%(that)s 的几个选项，有一个就行，还是都要？请写“中的一个”，或者用“和”连起来。"),
                that=self._called(question),
            )
        return tuple(keys), len(keys) > 1 and not is_any

    def _another(self, question: Question) -> str:
        """How another choice is joined on, where one is: "、", "or", "and"; it is then read."""
        before = self._text.at
        mark = "、" if self._text.take("、", ",") else ""
        joint = self._text.take_meaning(vocabulary.JOINTS) or mark
        here = self._text.at
        is_choice = self._text.is_quoted or bool(self._text.match(vocabulary.NUMBERED))
        is_choice = is_choice or self._is_named(question, is_sure=joint == "、")
        self._text.at = here if joint and is_choice else before
        return joint if joint and is_choice else ""

    def _is_named(self, question: Question, *, is_sure: bool) -> bool:
        """Whether a choice comes next that is neither quoted nor numbered; reads no further.

        Args:
            is_sure: nothing but a choice can come here, so that it may also be bare words, or
                have the key of a question.
        """
        before = self._text.at
        key = self._text.key()
        self._text.at = before
        if key:
            known = any(choice.key == key for choice in question.choices)
            return known and (is_sure or key not in self._by_key)
        if not is_sure:
            return False
        try:
            return self._text.name(question.choices) is not None
        except Twice:
            return True
        finally:
            self._text.at = before

    def _choice(self, question: Question) -> str:
        choice = self._named(question, question.choices)
        if choice is not None:
            return choice.key
        called = self._called(question)
        if self._text.is_quoted:
            raise logic_fits.unknown_choice(question, self._quoted(), called)
        raise self._text.fault(
            N_("“%(near)s”：这里要写 %(that)s 的一个选项，有：%(names)s。"),
            that=called,
            names=logic_fits.listed(one.name for one in question.choices if not one.off),
        )

    def _quoted(self) -> str:
        name = self._text.quoted()
        if name is None:
            raise self._text.fault(N_("“%(near)s”的引号没有关上。"))
        return name

    def _named(self, question: Question, among: Sequence[Choice]) -> Choice | None:
        """A choice or a row by its words, its printed number or its key."""
        try:
            found = self._text.name(among)
        except Twice:
            raise self._text.fault(
                N_("“%(near)s”：%(that)s 有两个叫这个名字，请写号，比如“2 号”。"),
                that=self._called(question),
            ) from None
        if found is not None:
            return found
        before = self._text.at
        offered = [one for one in among if not one.off]
        if number := self._text.match(vocabulary.NUMBERED):
            if 1 <= int(number[1]) <= len(offered):
                return offered[int(number[1]) - 1]
            self._text.at = before
            return None
        key = self._text.key()
        found = next((one for one in among if one.key == key), None)
        if found is None:
            self._text.at = before
        return found

    def _called(self, question: Question) -> str:
        return logic_fits.called(question, self._questions)
