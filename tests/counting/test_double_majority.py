"""Owners deciding in law: every threshold at its edge, and random registers by a plain counter."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting import double_majority
from surveys.counting.double_majority import (
    CIVIL_CODE_2021,
    CURRENT,
    NOBODY,
    PROPERTY_LAW_2007,
    RULE_SETS,
    Base,
    Count,
    Counted,
    Mark,
    RuleSet,
    Share,
    Sheet,
    Standing,
    Threshold,
    Unmarked,
    Weight,
)
from tests.counting import slow

QUORUM = Threshold(Fraction(2, 3), includes=True, of=Base.EVERYONE)
OVER_HALF = Threshold(Fraction(1, 2), includes=False, of=Base.TAKING_PART)
THREE_QUARTERS = Threshold(Fraction(3, 4), includes=True, of=Base.TAKING_PART)


def sheets(number: int, mark: Mark, area_dm2: int = 1) -> list[Sheet]:
    """So many sheets alike."""
    return [Sheet(area_dm2, mark)] * number


def counted(
    everyone: Share,
    held: Sequence[Sheet],
    *,
    rules: RuleSet = CIVIL_CODE_2021,
    weight: Weight = Weight.ORDINARY,
    unmarked: Unmarked = Unmarked.ABSTAIN,
    silent: Share | None = None,
) -> Counted:
    """A count with what most tests leave as it is."""
    return double_majority.count(rules, weight, everyone, held, unmarked, silent)


def plain(everyone: Share, held: Sequence[Sheet], weight: Weight = Weight.ORDINARY) -> Count:
    """The count by the sheets alone."""
    return counted(everyone, held, weight=weight).plain


def quorum_of(found: Count) -> Standing:
    """The quorum of a rule set that has one."""
    assert found.quorum is not None
    return found.quorum


@pytest.mark.parametrize(
    ("threshold", "share", "base", "missing"),
    [
        (QUORUM, Share(2, 200), Share(3, 300), NOBODY),  # exactly two thirds
        (QUORUM, Share(1, 200), Share(3, 300), Share(1, 0)),
        (QUORUM, Share(2, 199), Share(3, 300), Share(0, 1)),
        (QUORUM, Share(0, 0), Share(144, 1_276_976), Share(96, 851_318)),  # 851,317.33 rounded up
        (QUORUM, Share(84, 768_268), Share(144, 1_276_976), Share(12, 83_050)),
        (OVER_HALF, Share(2, 200), Share(4, 400), Share(1, 1)),  # exactly half is not over half
        (OVER_HALF, Share(3, 201), Share(4, 400), NOBODY),
        (OVER_HALF, Share(2, 200), Share(3, 399), NOBODY),
        (THREE_QUARTERS, Share(3, 300), Share(4, 400), NOBODY),  # exactly three quarters
        (THREE_QUARTERS, Share(2, 299), Share(4, 400), Share(1, 1)),
        (THREE_QUARTERS, Share(7, 7), Share(10, 10), Share(1, 1)),  # 7.5 rounded up
        (QUORUM, Share(0, 0), Share(0, 0), Share(1, 1)),  # nothing is no part of nothing
        (OVER_HALF, Share(0, 0), Share(0, 0), Share(1, 1)),
    ],
)
def test_what_is_missing_is_told_in_whole_owners_and_whole_dm2(
    threshold: Threshold, share: Share, base: Share, missing: Share
) -> None:
    assert threshold.missing(share, base) == missing
    assert threshold.reached(share, base) == (missing == NOBODY)


@given(
    st.sampled_from([QUORUM, OVER_HALF, THREE_QUARTERS]),
    st.builds(Share, st.integers(0, 50), st.integers(0, 5000)),
    st.builds(Share, st.integers(0, 50), st.integers(0, 5000)),
)
def test_what_is_missing_is_enough_and_the_least(
    threshold: Threshold, share: Share, base: Share
) -> None:
    missing = threshold.missing(share, base)
    assert threshold.reached(share + missing, base)
    if missing.owners:
        assert not threshold.reached(share + missing - Share(1, 0), base)
    if missing.area_dm2:
        assert not threshold.reached(share + missing - Share(0, 1), base)


def test_the_area_passes_while_the_count_fails() -> None:
    held = [*sheets(1, Mark.FOR, 9_000), *sheets(2, Mark.AGAINST, 100)]
    agreement = plain(Share(3, 9_200), held).agreement
    assert (agreement.by_owners, agreement.by_area) == (False, True)
    assert agreement.missing == Share(1, 0)
    assert not plain(Share(3, 9_200), held).decided


def test_the_count_passes_while_the_area_fails() -> None:
    held = [*sheets(2, Mark.FOR, 100), *sheets(1, Mark.AGAINST, 9_000)]
    agreement = plain(Share(3, 9_200), held).agreement
    assert (agreement.by_owners, agreement.by_area) == (True, False)
    assert agreement.missing == Share(0, 4_401)


def test_a_quorum_by_area_alone_is_none() -> None:
    found = plain(Share(4, 400), sheets(2, Mark.FOR, 150))
    assert (quorum_of(found).by_owners, quorum_of(found).by_area) == (False, True)
    assert found.agreement.reached
    assert not found.decided


@pytest.mark.parametrize(
    ("for_", "against", "weight", "decided"),
    [
        (2, 2, Weight.ORDINARY, False),
        (3, 2, Weight.ORDINARY, True),
        (3, 1, Weight.GRAVE, True),
        (5, 2, Weight.GRAVE, False),
    ],
)
def test_a_grave_motion_needs_three_quarters_and_an_ordinary_one_more_than_half(
    for_: int, against: int, weight: Weight, decided: bool
) -> None:
    held = [*sheets(for_, Mark.FOR), *sheets(against, Mark.AGAINST)]
    assert plain(Share(len(held), len(held)), held, weight).decided == decided


def test_who_abstains_takes_part_and_stays_in_the_denominator() -> None:
    held = [*sheets(5, Mark.FOR), *sheets(1, Mark.AGAINST), *sheets(4, Mark.ABSTAIN)]
    found = plain(Share(10, 10), held)
    assert found.taking_part == Share(10, 10)
    assert found.agreement.missing == Share(1, 1)


@pytest.mark.parametrize(
    ("unmarked", "taking_part", "decided"),
    [(Unmarked.ABSTAIN, Share(10, 10), False), (Unmarked.VOID, Share(8, 8), True)],
)
def test_a_blank_abstains_or_takes_no_part_as_the_vote_says(
    unmarked: Unmarked, taking_part: Share, decided: bool
) -> None:
    held = [*sheets(5, Mark.FOR), *sheets(3, Mark.AGAINST), *sheets(2, Mark.UNMARKED)]
    found = counted(Share(10, 10), held, unmarked=unmarked).plain
    assert found.taking_part == taking_part
    assert found.unmarked == Share(2, 2)
    assert found.decided == decided


def test_nobody_came_and_nothing_is_reached() -> None:
    found = plain(Share(144, 1_276_976), [], Weight.GRAVE)
    assert quorum_of(found).missing == Share(96, 851_318)
    assert not found.agreement.reached
    assert not found.decided


def test_the_older_law_asks_a_part_of_all_owners_and_no_quorum() -> None:
    held = sheets(6, Mark.FOR)
    found = counted(Share(9, 9), held, rules=PROPERTY_LAW_2007, weight=Weight.GRAVE).plain
    assert found.quorum is None
    assert found.decided
    few = counted(Share(13, 13), held, rules=PROPERTY_LAW_2007).plain
    assert few.agreement.missing == Share(1, 1)


def test_the_published_case_has_its_three_figures() -> None:
    """2,261 entitled; 995 agree, 27 against, 125 abstain; 1,071 silent with proven delivery."""
    held = [
        *sheets(995, Mark.FOR),
        *sheets(27, Mark.AGAINST),
        *sheets(125, Mark.ABSTAIN),
    ]
    found = counted(Share(2261, 2261), held, silent=Share(1071, 1071))
    folded = found.with_silence
    assert folded is not None
    assert found.plain.taking_part.owners == 1147
    assert _percent(found.plain.taking_part, found.plain.everyone) == "50.73"
    assert not quorum_of(found.plain).reached
    assert quorum_of(found.plain).missing.owners == 361
    assert folded.for_.owners == 2066
    assert _percent(folded.for_, folded.everyone) == "91.38"
    assert _percent(folded.for_, folded.taking_part) == "93.15"
    assert (found.plain.decided, folded.decided) == (False, True)
    assert folded.everyone.owners - folded.taking_part.owners == 43


def _percent(part: Share, of: Share) -> str:
    hundredths = round(Fraction(part.owners * 10_000, of.owners))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


@pytest.mark.parametrize(
    ("held", "folded"),
    [
        ([*sheets(2, Mark.FOR), *sheets(1, Mark.AGAINST)], (Share(7, 7), Share(1, 1))),
        ([*sheets(1, Mark.FOR), *sheets(2, Mark.AGAINST)], (Share(1, 1), Share(7, 7))),
        ([*sheets(2, Mark.FOR), *sheets(2, Mark.AGAINST)], (Share(2, 2), Share(2, 2))),
        # more owners for, more area against: no majority in the sense of a double one
        ([*sheets(2, Mark.FOR), *sheets(1, Mark.AGAINST, 3)], (Share(2, 2), Share(1, 3))),
        (sheets(3, Mark.ABSTAIN), (NOBODY, NOBODY)),
    ],
)
def test_the_silent_follow_the_majority_where_there_is_one(
    held: list[Sheet], folded: tuple[Share, Share]
) -> None:
    found = counted(Share(9, 12), held, silent=Share(5, 5)).with_silence
    assert found is not None
    assert (found.for_, found.against) == folded
    assert found.taking_part == counted(Share(9, 12), held).plain.taking_part + found.folded


def test_more_sheets_than_owners_are_refused() -> None:
    with pytest.raises(ValueError, match="more owners"):
        counted(Share(2, 3), sheets(3, Mark.FOR))
    with pytest.raises(ValueError, match="more owners"):
        counted(Share(4, 4), sheets(3, Mark.FOR), silent=Share(1, 2))


# --- rule sets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        (date(2007, 9, 30), []),
        (date(2007, 10, 1), ["property-law-2007"]),
        (date(2020, 12, 31), ["property-law-2007"]),
        (date(2021, 1, 1), ["civil-code-2021"]),
        (date(2026, 11, 20), ["civil-code-2021"]),
    ],
)
def test_on_each_day_the_law_of_that_day_is_in_force(day: date, keys: list[str]) -> None:
    assert [rules.key for rules in double_majority.in_force(day)] == keys


def test_raising_the_fund_is_grave_and_using_it_is_ordinary_since_2021() -> None:
    for key, weights in (
        (CURRENT, (Weight.GRAVE, Weight.ORDINARY)),
        ("property-law-2007", (Weight.GRAVE, Weight.GRAVE)),
    ):
        rules = double_majority.rule_set(key)
        found = (rules.matter("raise_fund").weight, rules.matter("use_fund").weight)
        assert found == weights
    with pytest.raises(KeyError):
        CIVIL_CODE_2021.matter("parking")


# --- by a plain counter --------------------------------------------------------------------------

AREAS = st.lists(st.integers(1, 9), min_size=1, max_size=12)
"""small, so that exact halves, thirds and quarters come often"""


@given(
    areas=AREAS,
    data=st.data(),
    rules=st.sampled_from(list(RULE_SETS.values())),
    weight=st.sampled_from(list(Weight)),
    unmarked=st.sampled_from(list(Unmarked)),
)
def test_random_registers_are_decided_as_by_a_plain_counter(
    areas: list[int], data: st.DataObject, rules: RuleSet, weight: Weight, unmarked: Unmarked
) -> None:
    said = data.draw(
        st.lists(
            st.sampled_from([*Mark, "silent", "away"]), min_size=len(areas), max_size=len(areas)
        )
    )
    marks = {place: str(mark) for place, mark in enumerate(said) if mark in set(Mark)}
    silent = [place for place, mark in enumerate(said) if mark == "silent"]
    found = counted(
        Share(len(areas), sum(areas)),
        [Sheet(areas[place], Mark(mark)) for place, mark in marks.items()],
        rules=rules,
        weight=weight,
        unmarked=unmarked,
        silent=Share(len(silent), sum(areas[place] for place in silent)),
    )
    of_2021 = rules is CIVIL_CODE_2021
    grave = (3, 4) if of_2021 else (2, 3)
    for count, clause in ((found.plain, None), (found.with_silence, silent)):
        assert count is not None
        assert count.decided == slow.owners_decide(
            areas,
            marks,
            clause,
            blank_abstains=unmarked is Unmarked.ABSTAIN,
            quorum=(2, 3) if of_2021 else None,
            needed=grave if weight is Weight.GRAVE else (1, 2),
            exactly_is_enough=weight is Weight.GRAVE,
            of_everyone=not of_2021,
        )
