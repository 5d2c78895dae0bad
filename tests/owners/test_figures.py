"""Participation while a vote is open: exact, and silent about what anybody said."""

from dataclasses import fields

from surveys.counting.double_majority import NOBODY, Share
from surveys.owners import figures
from surveys.owners.figures import Figures
from surveys.owners.models import Channel, EntryState
from tests.owners import stage
from tests.owners.stage import ABSTAIN, AGAINST, AREA_DM2, BLANK, FOR, Stage
from tests.world import World


def test_nobody_came_and_two_thirds_of_both_are_missing(vote: Stage) -> None:
    found = figures.gauges(vote.vote)
    assert found.everyone == Share(18, 24 * AREA_DM2)
    assert found.taking_part == NOBODY
    assert found.missing == Share(12, 16 * AREA_DM2)


def test_an_owner_of_five_flats_is_one_owner_with_the_area_of_five(vote: Stage) -> None:
    vote.sheet(1, FOR, AGAINST)
    assert figures.taking_part(vote.vote) == Share(1, 5 * AREA_DM2)


def test_whatever_a_sheet_says_it_takes_part(vote: Stage) -> None:
    for number, mark in ((5, FOR), (6, AGAINST), (7, ABSTAIN), (8, BLANK)):
        vote.sheet(number, mark, mark)
    assert figures.taking_part(vote.vote) == Share(4, 4 * AREA_DM2)


def test_the_quorum_is_reached_at_exactly_two_thirds_of_both(vote: Stage) -> None:
    vote.sheets([1, *range(5, 16)], FOR, FOR)  # 12 owners with 16 units
    found = figures.gauges(vote.vote)
    assert found.quorum is not None
    assert found.quorum.reached
    assert found.missing == NOBODY


def test_one_owner_short_is_short_though_the_area_is_there(vote: Stage) -> None:
    vote.sheets([1, 4, *range(5, 13)], FOR, FOR)  # 10 owners with 16 units
    found = figures.gauges(vote.vote)
    assert found.quorum is not None
    assert (found.quorum.by_owners, found.quorum.by_area) == (False, True)
    assert found.missing == Share(2, 0)


def test_what_waits_or_is_in_dispute_is_counted_apart(vote: Stage) -> None:
    vote.sheet(5, FOR, FOR)
    vote.sheet(6, FOR, FOR, state=EntryState.PENDING)
    vote.sheet(6, AGAINST, FOR, state=EntryState.PENDING)
    vote.sheet(7, FOR, FOR, state=EntryState.CONTESTED)
    vote.sheet(7, AGAINST, FOR, state=EntryState.CONTESTED)
    vote.sheet(8, FOR, FOR, state=EntryState.SUPERSEDED)
    vote.sheet(9, FOR, FOR, state=EntryState.WITHDRAWN)
    found = figures.of(vote.vote)
    assert found.taking_part == Share(1, AREA_DM2)
    assert (found.waiting, found.contested) == (2, 1)


def test_gauges_are_worked_out_anew_when_something_came(vote: Stage) -> None:
    assert figures.gauges(vote.vote) is figures.gauges(vote.vote)
    vote.sheet(5, FOR, FOR, channel=Channel.ONLINE)
    assert figures.gauges(vote.vote).taking_part == Share(1, AREA_DM2)


def test_a_superseded_law_asks_no_quorum(world: World) -> None:
    draft = stage.drafted(world)
    draft.rule_set = "property-law-2007"
    found = figures.gauges(draft)
    assert found.quorum is None
    assert found.missing == NOBODY


def test_figures_have_no_room_for_what_anybody_said() -> None:
    assert {field.name for field in fields(Figures)} == {
        "everyone",
        "taking_part",
        "waiting",
        "contested",
    }
