"""Equal shares, with and without add-one, against plain counters and by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.counting.outcome import Reason
from surveys.counting.picks import Item
from surveys.counting.pooling import Voters, run, same_between
from surveys.counting.room import Room
from surveys.counting.rules import Counting, Rule
from surveys.counting.shares import Payment, Shares, count, own_unit_fen
from surveys.counting.ties import SettledBy, TieOrder, by_file_order, by_seed, unsettled
from surveys.counting.ways import Marks, Way
from tests.counting import slow
from tests.counting.elections import IDS

ONE = Fraction(1)
SHARES = Counting(Rule.EQUAL_SHARES)


@dataclass(frozen=True)
class Pool:
    """A small election by equal shares."""

    costs: dict[str, int]
    choices: list[dict[str, int]]
    budget: int

    def count(
        self,
        unit: Fraction | None = ONE,
        settle: TieOrder = by_file_order,
        counting: Counting = SHARES,
    ) -> Shares:
        """The count of the product."""
        items = [Item(item_id, cost, "x") for item_id, cost in self.costs.items()]
        return count(items, self.choices, Way.APPROVE, self.budget, counting, settle, unit_fen=unit)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """With ties, equal choices, gifts, items that nobody wants and items nobody can pay."""
    ids = draw(st.permutations(IDS))[: draw(st.integers(1, 6))]
    costs = {item_id: draw(st.integers(0, 20)) for item_id in ids}
    picks = st.sets(st.sampled_from(ids)).map(lambda picked: dict.fromkeys(sorted(picked), 1))
    return Pool(costs, draw(st.lists(picks, min_size=1, max_size=9)), draw(st.integers(0, 60)))


def pool(costs: Sequence[int], choices: Sequence[str], budget: int) -> Pool:
    """Items a, b, c … and choices such as "ac"."""
    named = dict(zip("abcdefgh", costs, strict=False))
    return Pool(named, [dict.fromkeys(choice, 1) for choice in choices], budget)


def test_a_minority_has_its_part_of_the_money() -> None:
    everything = pool([30, 30, 30], ["ab"] * 6 + ["c"] * 3, 90)
    assert everything.count(None).outcome.winners == ("a", "b", "c")
    poorer = pool([30, 30, 25], ["ab"] * 7 + ["c"] * 3, 85)
    found = poorer.count(None)
    assert found.outcome.winners == ("a", "c")
    assert [(n.item_id, n.reason) for n in found.outcome.lines] == [
        ("a", Reason.FITS),
        ("c", Reason.FITS),
        ("b", Reason.SUPPORTERS_SHORT),
    ]


def test_who_has_less_left_gives_that_and_the_others_pay_the_rest_equally() -> None:
    found = pool([8, 12], ["a", "ab", "b", "b"], 24).count(None)
    assert found.first_share_fen == 6
    assert found.payments == (Payment("b", 3, Fraction(4), 0), Payment("a", 2, Fraction(6), 1))
    assert [n.balance_after_fen for n in found.outcome.lines] == [12, 4]


def test_payments_that_do_not_come_out_even_stay_exact() -> None:
    found = pool([10, 7], ["ab", "a", "ab"], 21).count(None)
    assert [p.most_fen for p in found.payments] == [Fraction(10, 3), Fraction(7, 2)]


def test_one_unit_more_for_everybody_until_it_would_cost_too_much() -> None:
    halves = pool([50, 50, 10], ["a"] * 4 + ["b"] * 4 + ["c"], 70)
    assert halves.count(None).outcome.winners == ()
    found = halves.count()
    assert (found.outcome.winners, found.units) == (("c",), 4)
    assert found.share_fen == Fraction(70, 9) + 4


def test_add_one_ends_when_nothing_is_out_of_reach() -> None:
    found = pool([10, 30], ["a", "a", "b"], 100).count()
    assert found.outcome.winners == ("a", "b")
    assert found.units == 0


def test_a_dear_wish_of_one_household_is_waited_for_without_a_run_for_each_unit() -> None:
    made: list[int] = []
    lonely = pool([100, 1_000_000], ["a"] * 20 + ["b"], 2_000_000)
    items = [Item(item_id, cost, "x") for item_id, cost in lonely.costs.items()]
    found = count(
        items,
        lonely.choices,
        Way.APPROVE,
        lonely.budget,
        SHARES,
        by_file_order,
        unit_fen=ONE,
        progress=made.append,
    )
    assert found.outcome.winners == ("a", "b")
    assert found.units == 1_000_000 - 2_000_000 // 21 > 900_000
    assert len(made) < 100


def test_gifts_are_taken_and_what_nobody_marks_is_not() -> None:
    found = pool([0, 0, 5], ["ac", "c"], 4).count()
    assert [(n.item_id, n.reason) for n in found.outcome.lines] == [
        ("a", Reason.FITS),
        ("c", Reason.SUPPORTERS_SHORT),
        ("b", Reason.NO_VOTES),
    ]


def test_gifts_that_exclude_each_other_are_a_tie_that_the_menu_settles() -> None:
    rules = Counting(Rule.EQUAL_SHARES, exclusive=(("9", "10"),))
    level = Pool({"9": 0, "10": 0}, [{"9": 1, "10": 1}] * 2, 10)
    for settle in (unsettled, by_seed(b"0" * 16)):
        outcome = level.count(None, settle, rules).outcome
        assert outcome.winners == ("9",)
        assert outcome.ties[0].order == ("9", "10")


def test_must_do_items_are_paid_before_the_money_is_shared() -> None:
    items = [Item("gas", 40, "x", must_do=True), Item("a", 60, "x"), Item("b", 61, "x")]
    choices: list[Marks] = [{"a": 1}, {"a": 1}]
    found = count(items, choices, Way.APPROVE, 100, SHARES, by_file_order, unit_fen=None)
    assert found.outcome.winners == ("gas", "a")
    assert found.first_share_fen == 30


def test_groups_caps_and_least_support_hold_here_too() -> None:
    rules = Counting(
        Rule.EQUAL_SHARES, least_votes=2, exclusive=(("a", "b"),), kind_cap_fen={"y": 10}
    )
    items = [
        Item("a", 10, "x"),
        Item("b", 10, "x"),
        Item("c", 11, "y"),
        Item("d", 1, "x"),
    ]
    choices = [dict.fromkeys("abc", 1)] * 3 + [{"d": 1}]
    found = count(items, choices, Way.APPROVE, 100, rules, by_file_order, unit_fen=ONE)
    assert {n.item_id: n.reason for n in found.outcome.lines} == {
        "a": Reason.FITS,
        "b": Reason.EXCLUDED,
        "c": Reason.OVER_KIND_CAP,
        "d": Reason.TOO_FEW,
    }


@pytest.mark.parametrize(
    ("way", "choice", "supports"),
    [
        (Way.POINTS, {"a": 7}, True),
        (Way.RANK, {"b": 1, "a": 9}, True),
        (Way.JUDGE, {"a": 1}, True),
        (Way.JUDGE, {"a": 0}, False),
        (Way.JUDGE, {"a": -1}, False),
    ],
)
def test_who_marks_an_item_supports_it_and_who_judges_it_must_be_for_it(
    way: Way, choice: Marks, supports: bool
) -> None:
    items = [Item("a", 5, "x"), Item("b", 100, "x")]
    found = count(items, [choice], way, 10, SHARES, by_file_order, unit_fen=None)
    assert ("a" in found.outcome.winners) == supports


def test_a_tie_between_ids_9_and_10_is_told_and_follows_the_order() -> None:
    level = Pool({"9": 6, "10": 6}, [{"9": 1, "10": 1}] * 4, 10)
    found = level.count(None)
    (tie,) = found.outcome.ties
    assert (tie.item_ids, tie.order, tie.settled_by) == (("9", "10"), ("9", "10"), "file order")
    assert (tie.votes, tie.balance_fen) == (4, 10)
    assert found.outcome.winners == ("9",)
    by_chance = {level.count(None, by_seed(bytes([n]) * 16)).outcome.winners for n in range(9)}
    assert by_chance == {("9",), ("10",)}
    (drawn,) = level.count(None, by_seed(b"x" * 16)).outcome.ties
    assert drawn.settled_by == SettledBy.SEED


def test_a_tie_stays_open_where_nothing_settles_it() -> None:
    found = Pool({"9": 6, "10": 6}, [{"9": 1, "10": 1}] * 4, 10).count(None, unsettled)
    assert found.outcome.waits
    assert found.outcome.winners == ("9",)


def test_equals_whose_supporters_can_pay_for_all_are_no_tie_to_speak_of() -> None:
    assert Pool({"9": 4, "10": 4}, [{"9": 1, "10": 1}] * 4, 10).count(None).outcome.ties == ()
    assert Pool({"9": 4, "10": 4}, [{"9": 1}, {"10": 1}], 8).count(None).outcome.ties == ()


def agrees_with_the_plain_counter(small: Pool) -> None:
    """Both with add-one and without, payment by payment."""
    share = Fraction(small.budget, len(small.choices))
    plain = slow.equal_shares(small.costs, small.choices, share)
    paid = [(item_id, most) for item_id, most in plain if small.costs[item_id]]
    assert [(p.item_id, p.most_fen) for p in small.count(None).payments] == paid
    won, units = slow.add_one(small.costs, small.choices, small.budget, ONE)
    found = small.count()
    assert (list(found.outcome.winners), found.units) == (won, units)


@settings(max_examples=250, deadline=None)
@given(pools())
def test_equal_shares_agree_with_a_plain_counter(small: Pool) -> None:
    agrees_with_the_plain_counter(small)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None)
@given(pools())
def test_equal_shares_agree_with_a_plain_counter_for_long(small: Pool) -> None:
    agrees_with_the_plain_counter(small)


@settings(max_examples=200, deadline=None)
@given(pools(), st.sets(st.sampled_from(IDS), min_size=2, max_size=3), st.integers(0, 30))
def test_groups_and_caps_agree_with_a_plain_counter(small: Pool, group: set[str], cap: int) -> None:
    def allowed(won: Sequence[str], item: str) -> bool:
        rivals = item in group and any(other in group for other in won)
        return not rivals and sum(small.costs[each] for each in (*won, item)) <= cap

    exclusive = (tuple(sorted(group)),) if group <= small.costs.keys() else ()
    group &= set(small.costs) if exclusive else set()
    rules = Counting(Rule.EQUAL_SHARES, exclusive=exclusive, kind_cap_fen={"x": cap})
    found = small.count(counting=rules)
    won, units = slow.add_one(small.costs, small.choices, small.budget, ONE, allowed)
    assert (list(found.outcome.winners), found.units) == (won, units)


@settings(deadline=None)
@given(pools(), st.binary(min_size=16, max_size=16))
def test_the_budget_is_never_passed_and_every_line_adds_up(small: Pool, seed: bytes) -> None:
    for settle in (by_seed(seed), unsettled):
        outcome = small.count(Fraction(1, 3), settle).outcome
        balance_fen = small.budget
        for line in outcome.lines:
            assert line.balance_before_fen == balance_fen
            balance_fen -= line.cost_fen if line.chosen else 0
            assert line.balance_after_fen == balance_fen >= 0
        assert sorted(n.item_id for n in outcome.lines) == sorted(small.costs)


@settings(max_examples=150, deadline=None)
@given(pools(), st.integers(0, 30), st.integers(2, 12))
def test_what_is_said_of_the_runs_between_two_is_true(small: Pool, low: int, gap: int) -> None:
    wanted = [
        Item(item_id, cost, "x")
        for item_id, cost in small.costs.items()
        if cost and any(item_id in choice for choice in small.choices)
    ]
    groups = {frozenset(choice): small.choices.count(choice) for choice in small.choices}
    runs = [
        run(Voters(wanted, groups), Fraction(low + step, 2), Room(10**6, SHARES))
        for step in range(gap + 1)
    ]
    if same_between(runs[0], runs[-1]):
        assert all(each.bought == runs[0].bought for each in runs)


@given(pools())
def test_the_order_of_the_choices_changes_nothing(small: Pool) -> None:
    turned = Pool(small.costs, small.choices[::-1], small.budget)
    assert turned.count().outcome == small.count().outcome


def test_nobody_voted() -> None:
    found = Pool({"a": 5, "b": 0}, [], 10).count()
    assert found.outcome.winners == ()
    assert {n.reason for n in found.outcome.lines} == {Reason.NO_VOTES}


def test_our_own_unit_is_a_thousandth_of_the_budget_for_all_together() -> None:
    assert own_unit_fen(40_000_000, 60) == Fraction(40_000, 60)
    assert own_unit_fen(0, 60) is own_unit_fen(100, 0) is None


def test_a_unit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        pool([1], ["a"], 1).count(Fraction(0))
