"""A slow and plain reading of a questionnaire, straight from the JSON of its version.

It shares nothing with the product: whoever doubts what is shown and what counts reads it here.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, permutations, product
from typing import Any

Json = dict[str, Any]
Answers = Mapping[str, tuple[str, ...]]
MOST = 800
"""ways through a questionnaire that a test goes through"""


class TooMany(Exception):
    """A questionnaire is too large to be gone through on every way."""


def questions_of(text: str) -> list[Json]:
    """What is asked: the questions of a version that are not switched off, nor their choices."""
    asked = [question for question in json.loads(text) if not question.get("off")]
    for question in asked:
        for name in ("choices", "rows"):
            question[name] = [one for one in question.get(name, []) if not one.get("off")]
    return asked


def seen(asked: list[Json], answers: Answers) -> list[str]:
    """The keys of all that is shown to who answered so."""
    counted: dict[str, tuple[str, ...]] = {}
    found = []
    for question in asked:
        if "when" not in question or is_true(question["when"], counted):
            found.append(question["key"])
            counted[question["key"]] = answers.get(question["key"], ())
    return found


def counted(asked: list[Json], answers: Answers) -> dict[str, tuple[str, ...]]:
    """What of the answers counts."""
    keys = seen(asked, answers)
    return {key: answers[key] for key in keys if answers.get(key)}


def is_complete(asked: list[Json], answers: Answers) -> bool:
    """Whether all that must be answered is."""
    must = {question["key"] for question in asked if question.get("required")}
    return all(answers.get(key) for key in seen(asked, answers) if key in must)


def is_true(when: list[Any], answers: Answers) -> bool:
    """Whether a condition holds for these answers."""
    word = when[0]
    if word == "not":
        return not is_true(when[1], answers)
    if word == "all":
        return all(is_true(part, answers) for part in when[1])
    if word == "anyof":
        return any(is_true(part, answers) for part in when[1])
    answer = [part.split("=")[0] for part in answers.get(when[1], ())]
    if word == "answered":
        return answer != []
    if word == "picked":
        return any(f"{when[3]}:{key}".lstrip(":") in answer for key in when[2])
    if word == "ranked":
        return answer[when[2] - 1 : when[2]] == [when[3]]
    if word == "counted":
        return is_so(len(answer), when[2], when[3])
    assert word == "compared"
    return answer != [] and is_so(size(answer[0]), when[2], size(when[3]))


def is_so(one: Any, sign: str, other: Any) -> bool:
    """Whether two sizes stand so to one another."""
    order = "=" if one == other else "<" if one < other else ">"
    return order in sign.replace("!=", "<>")


def size(text: str) -> Any:
    """A day or a number."""
    return date.fromisoformat(text) if text.count("-") == 2 else Decimal(text)


# Every answer that can be given


def every_answer(question: Json) -> list[tuple[str, ...]]:
    """All answers to a question that is shown; nothing at all is the last, where it may be."""
    found = list(_given(question))
    return found if question.get("required") and found else [*found, ()]


def _given(question: Json) -> Iterator[tuple[str, ...]]:
    keys = [_picked(choice) for choice in question["choices"]]
    match question["type"]:
        case "single" | "dropdown" | "scale" | "yesno":
            yield from ((key,) for key in keys)
        case "several" | "rank":
            yield from _some_of(question, keys)
        case "matrix":
            yield from _grids(question, keys)
        case "number" | "date":
            yield from _between(question)
        case "photo":
            yield from (tuple("p" * count) for count in range(1, question.get("most", 1) + 1))
        case "short" | "long" | "place":
            yield ("words",)


def _picked(choice: Json) -> str:
    """As it is picked; with a word beside it where one may be written."""
    return f"{choice['key']}=写的" if choice.get("writes") else str(choice["key"])


def _some_of(question: Json, keys: list[str]) -> Iterator[tuple[str, ...]]:
    least, most = question.get("least", 1), question.get("most", len(keys))
    if question["type"] == "rank":
        for count in range(least, most + 1):
            yield from permutations(keys, count)
        return
    alone = [_picked(choice) for choice in question["choices"] if choice.get("alone")]
    yield from ((key,) for key in alone)
    together = [key for key in keys if key not in alone]
    for count in range(least, min(most, len(together)) + 1):
        yield from combinations(together, count)


def _between(question: Json) -> Iterator[tuple[str, ...]]:
    if question["type"] == "number":
        low, high = int(question["lowest"]), int(question["highest"])
        yield from ((str(number),) for number in range(low, high + 1))
        return
    day, last = (date.fromisoformat(question[name]) for name in ("lowest", "highest"))
    while day <= last:
        yield (day.isoformat(),)
        day += timedelta(days=1)


def _grids(question: Json, keys: list[str]) -> Iterator[tuple[str, ...]]:
    none = [] if question.get("required") else [""]
    rows = [[f"{row['key']}:{key}" for key in keys] + none for row in question["rows"]]
    for cells in product(*rows):
        if any(cells):
            yield tuple(cell for cell in cells if cell)


def every_way(
    asked: list[Json], given: Answers, number: int = 0
) -> Iterator[dict[str, tuple[str, ...]]]:
    """All that may be answered in the end, where nothing given changes.

    Args:
        number: of the present question; what was passed over before it stays without an answer.
    """
    ways: list[dict[str, tuple[str, ...]]] = [{}]
    at = 0
    for n, question in enumerate(asked):
        at += question["type"] not in {"note", "section"}
        longer = []
        for way in ways:
            answers: list[tuple[str, ...]] = [()]
            if question["key"] in seen(asked[: n + 1], way):
                value = given.get(question["key"], ())
                answers = [value] if value or at < number else every_answer(question)
            longer += [{**way, question["key"]: answer} for answer in answers]
        ways = longer
        if len(ways) > MOST:
            raise TooMany
    yield from ways
