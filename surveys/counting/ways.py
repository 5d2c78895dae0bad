"""Ways of voting: what one household's choice looks like, written down in one form for all.

A choice is a mapping from item to mark. Items that were not marked are not in it.

| way | mark |
|---|---|
| approve | 1 for each item picked |
| one | 1 for the one item picked |
| points | the points given, 1 or more |
| rank | the rank given, 1 is best; equal and skipped ranks stay as they were given |
| judge | 1 for, -1 against, 0 abstains |
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from unicodedata import normalize

from surveys.counting.canon import canonical_json

Marks = Mapping[str, int]


class Way(StrEnum):
    """How a household marks the items."""

    APPROVE = "approve"
    ONE = "one"
    POINTS = "points"
    RANK = "rank"
    JUDGE = "judge"


def canonical(marks: Marks) -> str:
    """The one way to write a choice down: canonical JSON, an object of item ids and marks.

    Raises:
        ValueError: two ids are the same in NFC.
    """
    return canonical_json(marks)


def parse(text: str) -> dict[str, int]:
    """The marks of a choice written by `canonical`, in its order.

    Raises:
        ValueError: `text` is anything that `canonical` would not have written.
    """
    held = json.loads(text)
    if not isinstance(held, dict) or not all(type(mark) is int for mark in held.values()):
        raise ValueError("a choice is an object of items and whole marks")
    if any(normalize("NFC", item) != item for item in held) or canonical(held) != text:
        raise ValueError("a choice is written in its canonical form")
    return held
