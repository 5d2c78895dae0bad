"""What the demonstration says: the files in `content/`, and chance that always falls the same."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

FOLDER = Path(__file__).parent / "content"
Key = TypeVar("Key")


@cache
def content(name: str) -> Any:
    """One file of `content/`, read. Nobody changes what it holds."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def chance(of_what: str) -> Random:
    """Chance for one part of the demonstration; the same every time. Never for a secret."""
    return Random(f"demonstration: {of_what}")  # noqa: S311


def one_of(rng: Random, weights: Mapping[Key, int]) -> Key:
    """One key, each as likely as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]


def in_some_order(rng: Random, weights: Mapping[Key, int]) -> list[Key]:
    """All keys of a weight above zero, the heavier ones rather sooner."""
    left = {key: weight for key, weight in weights.items() if weight}
    drawn = []
    while left:
        drawn.append(one_of(rng, left))
        del left[drawn[-1]]
    return drawn
