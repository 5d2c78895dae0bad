"""Most votes first within the budget; what does not fit is skipped."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain, combinations, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.counting.canon import canonical_json
from surveys.counting.greedy import count
from surveys.counting.outcome import Outcome, Reason
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import Totals, tally
from surveys.counting.ties import SettledBy, TieOrder, by_lot, by_seed, unsettled
from surveys.counting.ways import Way
from tests.counting.elections import Election, countings, elections, naive_winners


def plain(item_id: str, cost_fen: int, *, must_do: bool = False) -> Item:
    """An item whose kind does not matter."""
    return Item(item_id, cost_fen, "basic", must_do=must_do)


def counted(
    items: Sequence[Item],
    votes: dict[str, int],
    budget_fen: int,
    settle: TieOrder = unsettled,
    counting: Counting | None = None,
) -> Outcome:
    """The count of twenty choices, by the first rule where no other is given."""
    return count(items, Totals(20, votes), budget_fen, counting or Counting(), settle)


def told(outcome: Outcome) -> list[tuple[str, Reason, int, int]]:
    """What a reader of the result sees of each line."""
    return [(n.item_id, n.reason, n.balance_before_fen, n.balance_after_fen) for n in outcome.lines]


def test_what_does_not_fit_is_skipped_and_the_next_has_its_turn() -> None:
    items = [plain("roof", 60), plain("pipes", 50), plain("lamp", 30), plain("bench", 20)]
    votes = {"roof": 9, "pipes": 7, "lamp": 5, "bench": 1}
    outcome = counted(items, votes, 100, unsettled)
    assert told(outcome) == [
        ("roof", Reason.FITS, 100, 40),
        ("pipes", Reason.DOES_NOT_FIT, 40, 40),
        ("lamp", Reason.FITS, 40, 10),
        ("bench", Reason.DOES_NOT_FIT, 10, 10),
    ]
    assert (outcome.winners, outcome.spent_fen, outcome.left_fen) == (("roof", "lamp"), 90, 10)
    assert not outcome.waits


def test_must_do_items_are_paid_first_whatever_their_votes() -> None:
    items = [plain("roof", 60), plain("fire", 50, must_do=True), plain("lamp", 30)]
    outcome = counted(items, {"roof": 9, "lamp": 1}, 100, unsettled)
    assert told(outcome) == [
        ("fire", Reason.MUST_DO, 100, 50),
        ("roof", Reason.DOES_NOT_FIT, 50, 50),
        ("lamp", Reason.FITS, 50, 20),
    ]


def test_a_must_do_item_that_cannot_be_paid_is_not_promised() -> None:
    items = [plain("fire", 80, must_do=True), plain("gas", 50, must_do=True)]
    outcome = counted(items, {}, 100, unsettled)
    assert [n.reason for n in outcome.lines] == [Reason.MUST_DO, Reason.DOES_NOT_FIT]
    assert outcome.winners == ("fire",)


def test_items_without_votes_are_not_done_even_for_nothing() -> None:
    items = [plain("wall", 0), plain("lamp", 5), plain("dance", 0)]
    outcome = counted(items, {"dance": 1}, 10, unsettled)
    assert told(outcome) == [
        ("dance", Reason.FITS, 10, 10),
        ("wall", Reason.NO_VOTES, 10, 10),
        ("lamp", Reason.NO_VOTES, 10, 10),
    ]


def test_an_item_that_costs_nothing_fits_an_empty_purse() -> None:
    items = [plain("lamp", 10), plain("wall", 0)]
    assert counted(items, {"lamp": 2, "wall": 1}, 10, unsettled).winners == ("lamp", "wall")
    assert counted(items, {"lamp": 2, "wall": 1}, 0, unsettled).winners == ("wall",)


def test_an_item_that_takes_the_last_fen_fits() -> None:
    assert counted([plain("a", 10_000_000_000)], {"a": 1}, 10_000_000_000, unsettled).winners == (
        "a",
    )


def test_equal_votes_with_money_for_all_are_no_tie_to_speak_of() -> None:
    items = [plain("9", 5), plain("10", 5), plain("dear", 11)]
    outcome = counted(items, dict.fromkeys(["9", "10", "dear"], 3), 10, unsettled)
    assert outcome.ties == ()
    assert told(outcome) == [
        ("dear", Reason.DOES_NOT_FIT, 10, 10),
        ("9", Reason.FITS, 10, 5),
        ("10", Reason.FITS, 5, 0),
    ]


def test_an_open_tie_at_the_edge_stops_the_count_and_says_so() -> None:
    items = [
        plain("first", 4),
        plain("9", 5),
        plain("10", 4),
        plain("dear", 7),
        plain("later", 1),
        plain("none", 1),
        plain("must", 0, must_do=True),
    ]
    votes = {"first": 4, "9": 3, "10": 3, "dear": 3, "later": 2, "none": 0}
    outcome = counted(items, votes, 10, unsettled)
    assert told(outcome) == [
        ("must", Reason.MUST_DO, 10, 10),
        ("first", Reason.FITS, 10, 6),
        ("dear", Reason.DOES_NOT_FIT, 6, 6),
        ("9", Reason.UNDECIDED, 6, 6),
        ("10", Reason.UNDECIDED, 6, 6),
        ("later", Reason.UNDECIDED, 6, 6),
        ("none", Reason.NO_VOTES, 6, 6),
    ]
    (tie,) = outcome.ties
    assert (tie.item_ids, tie.votes, tie.balance_fen) == (("9", "10"), 3, 6)
    assert (tie.settled_by, tie.order) == (None, ())
    assert outcome.waits
    assert outcome.winners == ("must", "first")


@pytest.mark.parametrize("first", ["9", "10"])
def test_the_lot_decides_an_open_tie_and_the_count_goes_on(first: str) -> None:
    items = [plain("9", 5), plain("10", 5), plain("later", 1)]
    second = {"9": "10", "10": "9"}[first]
    votes = {"9": 3, "10": 3, "later": 1}
    outcome = counted(items, votes, 6, by_lot([first, second]))
    assert outcome.winners == (first, "later")
    (tie,) = outcome.ties
    assert (tie.settled_by, tie.order) == (SettledBy.LOT, (first, second))
    assert not outcome.waits


def test_a_second_tie_waits_for_a_lot_of_its_own() -> None:
    items = [plain("a", 6), plain("b", 6), plain("c", 3), plain("d", 3)]
    votes = {"a": 2, "b": 2, "c": 1, "d": 1}
    halfway = counted(items, votes, 10, by_lot(["b", "a"]))
    assert [tie.settled_by for tie in halfway.ties] == [SettledBy.LOT, None]
    assert halfway.winners == ("b",)
    done = counted(items, votes, 10, by_lot(["b", "a", "d", "c"]))
    assert done.winners == ("b", "d")
    assert not done.waits


def test_without_skipping_the_first_that_does_not_fit_ends_the_count() -> None:
    items = [plain("roof", 60), plain("pipes", 50), plain("lamp", 30), plain("wall", 0)]
    votes = {"roof": 9, "pipes": 7, "lamp": 5}
    outcome = counted(items, votes, 100, counting=Counting(Rule.GREEDY_NO_SKIP))
    assert told(outcome) == [
        ("roof", Reason.FITS, 100, 40),
        ("pipes", Reason.DOES_NOT_FIT, 40, 40),
        ("lamp", Reason.AFTER_THE_END, 40, 40),
        ("wall", Reason.NO_VOTES, 40, 40),
    ]
    assert outcome.rule == "greedy-no-skip"


def test_without_skipping_a_dear_equal_makes_the_tie_matter() -> None:
    items = [plain("9", 5), plain("10", 11), plain("later", 1)]
    votes = {"9": 3, "10": 3, "later": 1}
    ending = Counting(Rule.GREEDY_NO_SKIP)
    assert counted(items, votes, 10, counting=ending).waits
    assert counted(items, votes, 10, by_lot(["9", "10"]), ending).winners == ("9",)
    assert counted(items, votes, 10, by_lot(["10", "9"]), ending).winners == ()
    assert not counted(items, votes, 10).waits


def test_too_little_support_is_named_and_ends_nothing() -> None:
    items = [plain("roof", 60), plain("few", 500), plain("lamp", 30)]
    votes = {"roof": 9, "few": 3, "lamp": 4}
    for counting in (
        Counting(Rule.GREEDY_NO_SKIP, least_votes=4),
        Counting(Rule.GREEDY_NO_SKIP, least_percent=16),  # of twenty: 3.2
    ):
        outcome = counted(items, votes, 100, counting=counting)
        assert [(n.item_id, n.reason) for n in outcome.lines] == [
            ("roof", Reason.FITS),
            ("lamp", Reason.FITS),
            ("few", Reason.TOO_FEW),
        ]


def test_exactly_the_share_that_was_asked_for_is_enough() -> None:
    three_of_twenty = Counting(least_percent=15)
    assert counted([plain("a", 1)], {"a": 3}, 1, counting=three_of_twenty).winners == ("a",)


def test_least_votes_for_borda_are_whole_points() -> None:
    asked = Counting(score=Score.BORDA, length=3, least_votes=4)
    outcome = counted([plain("a", 1), plain("b", 1)], {"a": 8, "b": 7}, 2, counting=asked)
    assert [n.reason for n in outcome.lines] == [Reason.FITS, Reason.TOO_FEW]


def test_what_more_are_against_is_not_done() -> None:
    items = [plain("gate", 5), plain("lamp", 5), plain("wall", 5)]
    totals = Totals(
        20, {"gate": 9, "lamp": 9, "wall": 0}, {"gate": 9, "lamp": 8, "wall": 4}, {"wall": 3}
    )
    outcome = count(items, totals, 100, Counting(), unsettled)
    assert [(n.item_id, n.reason) for n in outcome.lines] == [
        ("lamp", Reason.FITS),
        ("gate", Reason.OUTVOTED),
        ("wall", Reason.NO_VOTES),
    ]


def test_of_an_exclusive_group_one_at_most_is_chosen() -> None:
    items = [plain("north", 70), plain("south", 40), plain("lamp", 30), plain("east", 1)]
    votes = {"north": 9, "south": 8, "lamp": 7, "east": 6}
    outcome = counted(
        items, votes, 100, counting=Counting(exclusive=(("north", "south"), ("south", "east")))
    )
    assert told(outcome) == [
        ("north", Reason.FITS, 100, 30),
        ("south", Reason.EXCLUDED, 30, 30),
        ("lamp", Reason.FITS, 30, 0),
        ("east", Reason.DOES_NOT_FIT, 0, 0),
    ]


def test_a_must_do_item_rules_out_its_group_and_fills_the_cap_of_its_kind() -> None:
    items = [
        plain("gas", 10, must_do=True),
        plain("coal", 10),
        plain("lamp", 6),
        Item("dance", 6, "other"),
    ]
    rules = Counting(exclusive=(("gas", "coal"),), kind_cap_fen={"basic": 15})
    outcome = counted(items, {"coal": 9, "lamp": 8, "dance": 7}, 100, counting=rules)
    assert [(n.item_id, n.reason) for n in outcome.lines] == [
        ("gas", Reason.MUST_DO),
        ("coal", Reason.EXCLUDED),
        ("lamp", Reason.OVER_KIND_CAP),
        ("dance", Reason.FITS),
    ]


def test_equals_that_exclude_each_other_are_a_tie_whatever_they_cost() -> None:
    items = [plain("9", 0), plain("10", 0), plain("lamp", 1)]
    rules = Counting(exclusive=(("9", "10"),))
    votes = dict.fromkeys(["9", "10", "lamp"], 3)
    waiting = counted(items, votes, 10, counting=rules)
    assert waiting.ties[0].item_ids == ("9", "10", "lamp")
    drawn = counted(items, votes, 10, by_lot(["lamp", "10", "9"]), rules)
    assert drawn.winners == ("lamp", "10")


def test_the_first_item_that_money_pays_only_in_part_is_pointed_out_and_not_bought() -> None:
    items = [plain("roof", 60), plain("pipes", 50), plain("lamp", 40), plain("bench", 20)]
    outcome = counted(items, {"roof": 9, "pipes": 7, "lamp": 5, "bench": 1}, 100)
    assert outcome.partly is not None
    assert (outcome.partly.item_id, outcome.partly.balance_before_fen) == ("pipes", 40)
    assert counted(items, {"roof": 9, "lamp": 5, "bench": 1}, 100).partly is None


@given(elections(countings=countings), st.binary())
def test_the_money_is_never_overspent_and_every_line_adds_up(
    election: Election, seed: bytes
) -> None:
    for settle in (by_seed(seed), unsettled):
        outcome = election.count(settle)
        balance_fen = election.budget_fen
        for line in outcome.lines:
            assert line.balance_before_fen == balance_fen
            balance_fen -= line.cost_fen if line.chosen else 0
            assert line.balance_after_fen == balance_fen >= 0
        assert outcome.left_fen == balance_fen
        assert sorted(n.item_id for n in outcome.lines) == sorted(i.id for i in election.items)


@given(elections(), st.binary())
def test_each_reason_is_true(election: Election, seed: bytes) -> None:
    must_do = {item.id for item in election.items if item.must_do}
    for line in election.count(by_seed(seed)).lines:
        fits = line.cost_fen <= line.balance_before_fen
        wanted = line.item_id in must_do or election.votes[line.item_id] > 0
        assert line.chosen == (wanted and fits)
        assert (line.reason == Reason.NO_VOTES) == (not wanted)
        assert (line.reason == Reason.DOES_NOT_FIT) == (wanted and not fits)
        assert (line.reason == Reason.MUST_DO) == (line.item_id in must_do and fits)


@settings(max_examples=300)
@given(elections(countings=countings), st.randoms())
def test_the_count_agrees_with_a_slow_one_written_otherwise(
    election: Election, chance: Random
) -> None:
    order = [item.id for item in election.items]
    chance.shuffle(order)
    assert set(election.count(by_lot(order)).winners) == naive_winners(election, order)


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(elections(countings=countings), st.randoms())
def test_the_count_agrees_with_a_slow_one_for_long(election: Election, chance: Random) -> None:
    order = [item.id for item in election.items]
    chance.shuffle(order)
    assert set(election.count(by_lot(order)).winners) == naive_winners(election, order)


@settings(max_examples=250, deadline=None)
@given(elections(most=5, countings=countings))
def test_a_tie_is_reported_exactly_when_some_order_changes_who_is_chosen(
    election: Election,
) -> None:
    orders = list(permutations([item.id for item in election.items]))
    results = {frozenset(naive_winners(election, order)) for order in orders}
    waiting = election.count(unsettled)
    assert waiting.waits == (len(results) > 1)
    if not waiting.waits:
        assert frozenset(waiting.winners) in results
    for order in orders:
        assert bool(election.count(by_lot(order)).ties) == (len(results) > 1)


@given(elections(countings=countings))
def test_what_is_decided_before_an_open_tie_stays_decided_by_any_lot(election: Election) -> None:
    order = [item.id for item in reversed(election.items)]
    waiting, drawn = election.count(unsettled), election.count(by_lot(order))
    settled = {n.item_id: n.chosen for n in waiting.lines if n.reason != Reason.UNDECIDED}
    assert settled.items() <= {n.item_id: n.chosen for n in drawn.lines}.items()


@given(elections(), st.randoms())
def test_the_order_of_the_menu_changes_no_winner(election: Election, chance: Random) -> None:
    chosen = [i for i in election.items if not i.must_do]
    shuffled = list(chosen)
    chance.shuffle(shuffled)
    settle = by_seed(b"one seed for both")
    one, other = (
        counted(items, {i.id: election.votes[i.id] for i in items}, election.budget_fen, settle)
        for items in (chosen, shuffled)
    )
    assert set(one.winners) == set(other.winners)


def test_an_outcome_can_be_frozen_as_canonical_text() -> None:
    items = [plain("9", 5), plain("10", 5)]
    outcome = counted(items, {"9": 3, "10": 3}, 6, by_lot(["10", "9"]))
    text = canonical_json(asdict(outcome))
    assert '"reason":"does_not_fit"' in text
    assert '"settled_by":"lot"' in text


@pytest.mark.parametrize(
    ("items", "votes", "budget_fen"),
    [
        ([plain("a", 1), plain("a", 2)], {}, 1),
        ([plain("a", 1)], {"b": 1}, 1),
        ([plain("a", 1)], {"a": -1}, 1),
        ([plain("a", 1)], {"a": 1}, -1),
    ],
)
def test_numbers_that_cannot_be_are_not_counted(
    items: list[Item], votes: dict[str, int], budget_fen: int
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        counted(items, votes, budget_fen, unsettled)


@pytest.mark.parametrize(
    "counting", [Counting(Rule.RUNOFF), Counting(exclusive=(("a", "elsewhere"),))]
)
def test_a_rule_that_is_not_meant_for_this_is_not_counted_by(counting: Counting) -> None:
    with pytest.raises(ValueError, match="rule|unknown"):
        counted([plain("a", 1)], {"a": 1}, 1, counting=counting)


def test_twenty_thousand_votes_over_fifty_items_are_counted() -> None:
    ids = [str(number) for number in range(50)]
    pairs = list(combinations(ids, 2))
    choices = list(chain.from_iterable([pairs] * 17))[:20_000]
    items = [plain(item_id, 100 + int(item_id)) for item_id in ids]
    marks = [dict.fromkeys(pair, 1) for pair in choices]
    totals = tally(marks, ids, Way.APPROVE, Counting())
    assert sum(totals.scores.values()) == 40_000
    outcome = count(items, totals, 2_000, Counting(), by_seed(b"s"))
    assert outcome.spent_fen <= 2_000
