"""Questions that the pages and the results ask about a ballot."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from surveys.ballots import asking, drafting, wording
from surveys.ballots.models import Channel
from surveys.ballots.rules import EntryState
from surveys.base.long_lists import View
from surveys.counting.contradictions import Contradiction, ContradictionCode
from surveys.counting.marks import Fault, FaultCode
from surveys.counting.picks import ChoiceRules
from surveys.counting.ways import Way
from surveys.errors import NotFound
from tests.ballots.stage import AFTER_CLOSE, CLOSES, OPENS, WHILE_OPEN, Stage, drafted


def test_an_unknown_ballot_is_not_found(stage: Stage) -> None:
    assert asking.find(stage.ballot.id) is stage.ballot
    with pytest.raises(NotFound):
        asking.find("nothing")


def test_an_entry_of_another_ballot_is_not_found(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    assert asking.entry_of(stage.ballot, entry.id) is entry
    with pytest.raises(NotFound):
        asking.entry_of(drafted(stage.world), entry.id)
    with pytest.raises(NotFound):
        asking.entry_of(stage.ballot, "nothing")


def test_turnout_is_told_by_building_in_the_order_of_the_doors(stage: Stage) -> None:
    assert asking.turnout_by_building(stage.ballot) == [("1", 0, 12), ("2", 0, 12)]
    stage.cast(0, "Drains")
    stage.cast(13, "Drains")
    stage.cast(14, "Drains")
    stage.key_in(15, "Drains")
    assert asking.turnout_by_building(stage.ballot) == [("1", 1, 12), ("2", 2, 12)]


def test_turnout_is_told_by_the_channel_of_the_vote_that_counts(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.cast(1, "Drains")
    stage.paper(1, "Lamps")
    stage.paper(2, "Lamps", channel=Channel.VISIT)
    assert asking.by_channel(stage.ballot) == {
        Channel.SCAN: 1,
        Channel.PAPER: 1,
        Channel.PHONE: 0,
        Channel.VISIT: 1,
        Channel.MEETING: 0,
    }


def test_what_is_open_now_is_found_and_nothing_else(stage: Stage) -> None:
    draft = drafted(stage.world)
    courtyard = stage.world.courtyard
    assert asking.open_ones(courtyard, WHILE_OPEN) == [stage.ballot]
    assert asking.open_ones(courtyard, OPENS) == [stage.ballot]
    assert asking.open_ones(courtyard, CLOSES) == []
    assert {ballot.id for ballot in asking.all_of(courtyard)} == {draft.id, stage.ballot.id}
    drafting.void(stage.ballot, "Why", by=stage.who("organizer"), at=WHILE_OPEN, keys=stage.keys)
    assert asking.open_ones(courtyard, WHILE_OPEN) == []


def test_a_household_sees_every_entry_made_for_it(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.key_in(0, "Lamps")
    standing = asking.standing(stage.ballot, stage.household())
    assert standing.may_vote
    assert [entry.channel for entry in standing.entries] == [Channel.SCAN, Channel.PAPER]
    assert standing.current_entry is standing.entries[0]
    nobody = asking.standing(stage.ballot, stage.household(5))
    assert (nobody.may_vote, nobody.entries, nobody.current_entry) == (True, (), None)


def _came(stage: Stage, query: str = "") -> tuple[list[tuple[str, str]], int]:
    """Room and channel of each entry that the address asks for, and how many there are."""
    narrowed = {"q": None, "channel": set(Channel), "state": set(EntryState)}
    view = View.read("", dict(parse_qsl(query)), ["door", "-day"], narrowed, a_page=2)
    found, total = asking.entries(stage.ballot, view)
    return [(one.household.room, one.entry.channel.value) for one in found], total


def test_all_comings_of_votes_are_listed_narrowed_and_leafed_through(stage: Stage) -> None:
    stage.cast(2, "Drains")
    stage.cast(0, "Drains", at=WHILE_OPEN + timedelta(days=2))
    stage.key_in(0, "Lamps")
    rooms = [stage.household(n).room for n in (0, 2)]
    assert _came(stage) == ([(rooms[0], "scan"), (rooms[0], "paper")], 3)
    assert _came(stage, "page=2") == ([(rooms[1], "scan")], 3)
    assert _came(stage, "sort=-day") == ([(rooms[0], "scan"), (rooms[0], "paper")], 3)
    assert _came(stage, "sort=day&page=2") == ([(rooms[0], "scan")], 3)
    assert _came(stage, "channel=paper") == ([(rooms[0], "paper")], 1)
    assert _came(stage, "state=pending") == ([(rooms[0], "paper")], 1)
    assert _came(stage, f"q={rooms[1]}") == ([(rooms[1], "scan")], 1)
    assert _came(stage, "q=9-9-9") == ([], 0)


def test_before_anybody_compared_it_a_receipt_says_received_but_not_counted(
    stage: Stage,
) -> None:
    stage.key_in(0, "Drains")
    receipt = asking.standing(stage.ballot, stage.household(), secret=stage.secret).receipt
    facts = asking.find_receipt(str(receipt))
    assert facts is not None
    assert not facts.counted
    assert asking.pending(stage.ballot)[0].household.id == stage.household().id
    assert facts.ballot.closes_at < AFTER_CLOSE


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_its_words(stage: Stage, code: FaultCode, way: Way) -> None:
    offer = asking.offer(stage.ballot)
    most, points = (1 if way is Way.ONE else None), (3 if way is Way.POINTS else None)
    offer = replace(offer, rules=ChoiceRules(way, most=most, points=points))
    every: dict[str, int | str] = {
        "item": stage.items["Drains"],
        "kind": "basic",
        "number": 1,
        "picked": 1,
        "least": 2,
        "most": 1,
        "total_fen": 150,
        "cap_fen": 100,
        "over_fen": 50,
        "given": 4,
        "points": 3,
        "over": 1,
    }
    words = str(wording.refusal(Fault(code, every), offer))
    assert "%" not in words
    assert stage.items["Drains"] not in words


@pytest.mark.parametrize("code", ContradictionCode)
def test_every_contradiction_has_its_words(stage: Stage, code: ContradictionCode) -> None:
    every: dict[str, int | str] = {
        "item": stage.items["Drains"],
        "kind": "basic",
        "points": 1,
        "least": 2,
        "most": 1,
        "pickable": 1,
        "must_do_fen": 2,
        "budget_fen": 1,
        "cheapest_fen": 2,
        "cap_fen": 1,
    }
    words = str(wording.impossible(Contradiction(code, every), asking.offer(stage.ballot)))
    assert "%" not in words
    assert stage.items["Drains"] not in words
    assert "basic" not in words
