"""The stranger's count of an owners' vote agrees with ours, on whatever register."""

import importlib.util
from types import ModuleType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from surveys.counting import double_majority
from surveys.counting.double_majority import (
    RULE_SETS,
    Mark,
    RuleSet,
    Share,
    Sheet,
    Unmarked,
    Weight,
)
from surveys.owners import counted, terms
from tests.results.handmade import FILE


def _strangers_program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("strangers_recount", FILE)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


RECOUNT = _strangers_program()
OWNERS = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from([*Mark, "silent", "away"])),
    min_size=1,
    max_size=12,
)
"""area, and what came; small, so that exact halves, thirds and quarters come often"""


def theirs(
    owners: list[tuple[int, str]], rules: RuleSet, weight: Weight, unmarked: Unmarked
) -> dict[str, Any]:
    """What the program of the bundle makes of it."""
    areas = {number: area for number, (area, _) in enumerate(owners, 1)}
    counting = [
        {"owner": number, "marks": {"1": str(said)}}
        for number, (_, said) in enumerate(owners, 1)
        if said in set(Mark)
    ]
    silent = [area for area, said in owners if said == "silent"]
    found: dict[str, Any] = RECOUNT.motion_counted(
        {"law": terms.as_data(rules), "unmarked": str(unmarked)},
        {"number": 1, "weight": str(weight)},
        counting,
        areas,
        RECOUNT.together(silent),
    )
    return found


@given(
    OWNERS,
    st.sampled_from(list(RULE_SETS.values())),
    st.sampled_from(list(Weight)),
    st.sampled_from(list(Unmarked)),
)
def test_both_counts_agree_to_the_last_number(
    owners: list[tuple[int, str]], rules: RuleSet, weight: Weight, unmarked: Unmarked
) -> None:
    silent = [area for area, said in owners if said == "silent"]
    ours = double_majority.count(
        rules,
        weight,
        Share(len(owners), sum(area for area, _ in owners)),
        [Sheet(area, Mark(said)) for area, said in owners if said in set(Mark)],
        unmarked,
        Share(len(silent), sum(silent)),
    )
    found = theirs(owners, rules, weight, unmarked)
    assert ours.with_silence is not None
    assert found["plain"] == counted.count_data(ours.plain)
    assert found["with_silence"] == counted.count_data(ours.with_silence)
