"""Items of one building: who picks them, which limits they are under, and how choices are cut."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting import greedy, parts, ties, ways
from surveys.counting.contradictions import (
    Contradiction,
    ContradictionCode,
    contradictions,
    never_done,
    out_of_reach,
)
from surveys.counting.marks import Fault, FaultCode, bytes_most, faults, standing
from surveys.counting.outcome import Reason
from surveys.counting.picks import ChoiceRules, Item, places
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import Totals, tally
from surveys.counting.ways import Way

ROOF = Item("roof", 500, "basic")
LAMP = Item("lamp", 300, "basic")
SHED = Item("shed", 200, "better")
STAIRS = Item("stairs", 900, "basic", part="3")
RAMP = Item("ramp", 100, "better", part="3 2")
DOOR = Item("door", 100, "better", part="4")
FIRE = Item("fire", 100, "basic", must_do=True)
MENU = (ROOF, STAIRS, LAMP, RAMP, SHED, DOOR, FIRE)
IDS = [item.id for item in MENU]
PICK = ChoiceRules(least=1, most=2, cap_fen=700, kind_most={"basic": 1})
GREEDY = Counting()


def ticked(*ids: str) -> list[tuple[str, int | None]]:
    return [(item, 1) for item in ids]


@pytest.mark.parametrize(
    ("handed", "belongs", "wrong"),
    [
        (ticked("roof", "stairs", "ramp"), ("3", "3 2"), []),
        (ticked("roof", "stairs", "ramp", "door"), None, []),  # nobody knows whose it is
        (ticked("lamp", "shed"), (), []),
        (ticked("roof", "stairs"), (), [Fault(FaultCode.NOT_YOURS, {"item": "stairs"})]),
        (ticked("roof", "ramp"), ("3",), [Fault(FaultCode.NOT_YOURS, {"item": "ramp"})]),
        (ticked("stairs"), ("3",), [Fault(FaultCode.TOO_FEW, {"picked": 0, "least": 1})]),
        (
            [("roof", 1), ("stairs", 2)],
            ("3",),
            [Fault(FaultCode.NO_SUCH_MARK, {"item": "stairs", "most": 1})],
        ),
        (
            ticked("roof", "stairs", "stairs"),
            ("3",),
            [Fault(FaultCode.REPEATED, {"item": "stairs"})],
        ),
    ],
)
def test_a_household_picks_what_is_offered_to_it_and_limits_are_about_common_items(
    handed: list[tuple[str, int | None]], belongs: tuple[str, ...] | None, wrong: list[Fault]
) -> None:
    assert list(faults(handed, MENU, PICK, belongs)) == wrong


def test_the_running_line_is_about_what_everybody_chooses_from() -> None:
    line = standing(ticked("roof", "stairs", "ramp"), MENU, PICK)
    assert (line.picked, line.total_fen, line.more_picks, line.left_fen) == (1, 500, 1, 100)
    assert places(MENU, PICK) == 2


def test_a_household_belongs_to_its_building_and_its_stairwell() -> None:
    assert parts.around("3", "2") == ("3", "3 2")
    assert parts.around("3", "") == ("3",)
    assert parts.name("", "") == ""
    assert parts.encloses("3", "3 2")
    assert not parts.encloses("3", "31")
    assert not parts.encloses("3 2", "3")


def test_nobody_can_make_a_must_do_item_one_buildings_own() -> None:
    with pytest.raises(ValueError, match="must-do"):
        Item("fire", 1, "basic", must_do=True, part="3")


@given(
    st.sets(st.sampled_from(["roof", "lamp", "shed"]), max_size=2),
    st.sampled_from([(), ("3",), ("3", "3 2"), ("4",)]),
    st.data(),
)
def test_whatever_a_household_may_hand_in_fits_one_length(
    common: set[str], belongs: tuple[str, ...], data: st.DataObject
) -> None:
    mine = [item.id for item in MENU if item.part in belongs]
    local = data.draw(st.sets(st.sampled_from(mine)) if mine else st.just(set()))
    rules = ChoiceRules(least=0, most=2)
    assert not faults(ticked(*common, *local), MENU, rules, belongs)
    written = ways.canonical(dict.fromkeys([*common, *local], 1))
    assert len(written.encode()) <= bytes_most(MENU, rules)


def test_the_padded_length_is_that_of_the_longest_choice() -> None:
    longest = dict.fromkeys(["roof", "lamp", "stairs", "ramp"], 1)
    assert bytes_most(MENU, ChoiceRules(least=0, most=2)) == len(ways.canonical(longest))


# --- cutting -------------------------------------------------------------------------------------

belonging = st.sampled_from([(), ("3",), ("3", "3 2"), ("4",), ("5",)])


@st.composite
def handed_in(draw: st.DrawFn) -> tuple[dict[str, int], tuple[str, ...]]:
    """A choice of a household, and the parts that it belongs to."""
    belongs = draw(belonging)
    mine = [item.id for item in MENU if not item.must_do and (item.part in {"", *belongs})]
    return dict.fromkeys(draw(st.sets(st.sampled_from(mine))), 1), belongs


many = st.lists(handed_in(), max_size=40)


@given(many)
def test_what_is_cut_adds_up_to_what_was_handed_in(
    choices: Sequence[tuple[Mapping[str, int], tuple[str, ...]]],
) -> None:
    pieces = parts.cut(choices, MENU)
    assert list(pieces) == ["", "3", "3 2", "4"]
    belong = {part: [c for c, mine in choices if part in mine] for part in pieces if part}
    assert len(pieces[""]) == len(choices)
    for part, here in belong.items():
        assert len(pieces[part]) == (len(here) if len(here) >= parts.LEAST_IN else 0)
    own = {part: found for part, found in pieces.items() if part}
    totals = tally(pieces[""], IDS, Way.APPROVE, GREEDY, own)
    assert totals.ballots == len(choices)
    for item in MENU:
        handed = sum(item.id in choice for choice, _ in choices)
        few = item.part and len(belong[item.part]) < parts.LEAST_IN
        assert totals.scores[item.id] == (0 if few else handed)
    assert Totals.from_data(totals.as_data()) == totals


@given(many)
def test_no_piece_marks_what_is_not_of_its_part(
    choices: Sequence[tuple[Mapping[str, int], tuple[str, ...]]],
) -> None:
    of = {item.id: item.part for item in MENU}
    for part, found in parts.cut(choices, MENU).items():
        assert {of[item] for piece in found for item in piece} <= {part}


@pytest.mark.parametrize("choice", [{"stairs": 1}, {"nothing": 1}])
def test_a_choice_that_nobody_there_may_make_is_not_cut(choice: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not for its household"):
        parts.cut([(choice, ("4",))], MENU)


def test_what_is_common_is_left_when_the_rest_is_taken_away() -> None:
    assert parts.common({"roof": 1, "ramp": 1}, MENU) == {"roof": 1}


# --- counting ------------------------------------------------------------------------------------


def test_a_share_is_of_the_households_of_the_part_that_took_part() -> None:
    half = Counting(least_percent=50)
    scores = dict.fromkeys(IDS, 0) | {"roof": 9, "stairs": 4, "ramp": 2, "lamp": 10}
    totals = Totals(20, scores, parts={"3": 8, "3 2": 5, "4": 0})
    found = greedy.count(MENU, totals, 5000, half, ties.unsettled)
    reasons = {line.item_id: line.reason for line in found.lines}
    assert reasons["stairs"] is reasons["lamp"] is Reason.FITS
    assert reasons["roof"] is reasons["ramp"] is Reason.TOO_FEW
    assert reasons["door"] is Reason.NO_VOTES


@pytest.mark.parametrize("parts_told", [{"3": -1}, {"3": "8"}, {"3": True}, {}, []])
def test_totals_with_parts_are_written_in_one_way(parts_told: object) -> None:
    good = Totals(1, {"a": 0}).as_data()
    assert "parts" not in good
    with pytest.raises(ValueError, match=r"totals|less than"):
        Totals.from_data({**good, "parts": parts_told})


@pytest.mark.parametrize(
    ("way", "counting", "sound"),
    [
        (Way.APPROVE, Counting(), True),
        (Way.APPROVE, Counting(rule=Rule.GREEDY_NO_SKIP), True),
        (Way.ONE, Counting(), False),
        (Way.JUDGE, Counting(), False),
        (Way.POINTS, Counting(score=Score.POINTS), False),
        (Way.RANK, Counting(score=Score.BORDA, length=3), False),
        (Way.RANK, Counting(rule=Rule.RUNOFF), False),
    ],
)
def test_only_ticks_counted_one_by_one_can_be_cut(
    way: Way, counting: Counting, sound: bool
) -> None:
    points = 10 if way is Way.POINTS else None
    rules = ChoiceRules.of(way, least=1, most=2, cap_fen=None, kind_most={}, points=points)
    wrong = Contradiction(ContradictionCode.PART_NEEDS_TICKS, {"item": "stairs"})
    found = contradictions((ROOF, LAMP, STAIRS), rules, 5000, counting)
    assert (wrong in found) is not sound


def test_the_least_must_be_met_without_the_items_of_one_building() -> None:
    rules = ChoiceRules(least=3)
    codes = [each.code for each in contradictions((ROOF, LAMP, STAIRS, RAMP), rules, 5000)]
    assert codes == [ContradictionCode.LEAST_OVER_MENU]
    codes = [each.code for each in contradictions((STAIRS, RAMP), ChoiceRules(), 5000)]
    assert codes == [ContradictionCode.NOTHING_TO_PICK]


def test_no_cap_of_a_household_stands_between_it_and_its_buildings_items() -> None:
    dear = Item("lift", 10_000, "basic", part="3")
    assert out_of_reach((*MENU, dear), PICK) == ()
    assert never_done((*MENU, dear), 5000, GREEDY) == ("lift",)
