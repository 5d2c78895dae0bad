"""What changed between two versions of the questions, for people to read. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import Choice, Question

What = Literal["added", "removed", "moved", "reworded", "helped", "shown", "rules", "choice"]
"""of a choice: it came where nothing was, it is gone where nothing is now, else it was reworded"""
Questions = Sequence[Question]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    what: What
    title: str
    """of the question as it is now; as it was, where it is gone"""
    was: str = ""
    now: str = ""


def differences(old: Questions, new: Questions) -> list[Difference]:
    """All that changed from `old` to `new`, in the order of the questions; none where nothing did.

    What was switched off is gone, what is switched on again has come.
    """
    before = {question.key: question for question in old if not question.off}
    after = {question.key: question for question in new if not question.off}
    found = [Difference("removed", q.title) for q in before.values() if q.key not in after]
    kept = [key for key in after if key in before]
    still = _longest_rising(kept, {key: n for n, key in enumerate(before)})
    for question in after.values():
        if question.key not in before:
            found.append(Difference("added", question.title))
            continue
        if question.key not in still:
            found.append(Difference("moved", question.title))
        found += _of_one(before[question.key], question, old, new)
    return found


def _of_one(was: Question, now: Question, old: Questions, new: Questions) -> Iterator[Difference]:
    title = now.title
    if was.title != title:
        yield Difference("reworded", title, was.title, title)
    if was.help != now.help:
        yield Difference("helped", title, was.help, now.help)
    yield from _of_choices(title, was.choices, now.choices)
    yield from _of_choices(title, was.rows, now.rows)
    if was.when != now.when:
        yield Difference("shown", title, _words(was, old), _words(now, new))
    if _rules(was) != _rules(now):
        yield Difference("rules", title)


def _of_choices(title: str, old: Sequence[Choice], new: Sequence[Choice]) -> Iterator[Difference]:
    before = {choice.key: choice.name for choice in old if not choice.off}
    after = {choice.key: choice.name for choice in new if not choice.off}
    for key, name in before.items():
        if key not in after:
            yield Difference("choice", title, was=name)
        elif after[key] != name:
            yield Difference("choice", title, name, after[key])
    for key, name in after.items():
        if key not in before:
            yield Difference("choice", title, now=name)


def _rules(question: Question) -> tuple[object, ...]:
    """All but words, order and condition: what counts as an answer."""
    marks = {c.key: (c.alone, c.writes) for c in question.choices if c.alone or c.writes}
    bare = replace(question, title="", help="", choices=(), rows=(), when=None)
    return (bare, marks)


def _words(question: Question, questions: Questions) -> str:
    return logic_words.words(question.when, questions) if question.when else ""


def _longest_rising(keys: Sequence[str], place: Mapping[str, int]) -> set[str]:
    """The most keys that stand in the order of their places: those that were not moved."""
    tails: list[int] = []
    runs: list[list[str]] = []
    for key in keys:
        at = bisect_left(tails, place[key])
        run = [*(runs[at - 1] if at else []), key]
        tails[at : at + 1] = [place[key]]
        runs[at : at + 1] = [run]
    return set(runs[-1]) if runs else set()
