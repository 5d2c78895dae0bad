"""Items that one building or stairwell alone picks: frozen, cast, keyed, and cut at the sealing."""

import json

import pytest
from flask import Flask

from surveys.ballots import drafting, offers, readiness
from surveys.ballots.models import Ballot, BallotHousehold, CountedVote, Vote
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting import ways
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.courtyards.models import Household
from surveys.errors import Refused
from tests.ballots.parts_stage import add_parted_menu, home, parted, parted_world
from tests.ballots.phones import statements
from tests.ballots.stage import AFTER_CLOSE, Stage, drafted, keys_of, opened
from tests.world import AT, World, make_world


@pytest.fixture
def stage(app: Flask) -> Stage:
    """Items for building 3, its first stairwell, and building 4."""
    return parted(app)


def rows() -> dict[str, list[str]]:
    """What lies counted, by part."""
    found: dict[str, list[str]] = {}
    for row in db.session.scalars(db.select(CountedVote)):
        found.setdefault(row.part, []).append(row.choice)
    return found


# --- freezing ------------------------------------------------------------------------------------


def test_opening_freezes_where_everybody_lives_and_who_picks_what(stage: Stage) -> None:
    held = json.loads(stage.ballot.rules)
    assert held["format"] == 2
    assert held["parts"] == {"3": 12, "3 1": 10, "4": 12}
    items = {item["name"]: item for item in held["items"]}
    assert items["Stairs of 3"]["building"] == "3"
    assert "stairwell" not in items["Stairs of 3"]
    assert items["Ramp of 3-1"]["stairwell"] == "1"
    assert "building" not in items["Lamps"]
    homes = db.session.scalars(db.select(BallotHousehold)).all()
    assert sum((h.building, h.stairwell) == ("3", "2") for h in homes) == 2


def test_a_frozen_offer_is_the_offer_that_was_drafted(app: Flask) -> None:
    world = parted_world()
    ballot = drafted(world, add_parted_menu(world))
    before = offers.offer(ballot)
    after = offers.offer(opened(app, world, ballot).ballot)
    assert (after.items, dict(after.parts)) == (before.items, dict(before.parts))
    assert after.version == before.version
    assert [[item.name for item in own] for own in after.own_of(("3", "3 1"))] == [
        ["Stairs of 3"],
        ["Ramp of 3-1"],
    ]


def test_a_ballot_without_such_items_is_written_as_ever(app: Flask, world: World) -> None:
    held = json.loads(opened(app, world).ballot.rules)
    assert held["format"] == 1
    assert "parts" not in held
    assert not any({"building", "stairwell"} & item.keys() for item in held["items"])


def refused(app: Flask, ballot: Ballot) -> str:
    """Why it cannot be opened, as the list before opening and the act both say."""
    (listed,) = readiness.in_the_way(ballot, offers.offer(ballot), AT)
    with pytest.raises(Refused) as fault:
        drafting.open_(ballot, by=ballot.id, at=AT, keys=keys_of(app), secret=b"")
    assert (listed.msgid, listed.params) == (fault.value.msgid, fault.value.params)
    return fault.value.msgid % fault.value.params


def test_a_stairwell_of_nine_households_has_no_items_of_its_own(app: Flask) -> None:
    world = parted_world()
    db.session.get_one(Household, world.households[home(3)]).stairwell = "2"
    said = refused(app, drafted(world, add_parted_menu(world)))
    assert "Ramp of 3-1" in said
    assert "9 户" in said


def test_nor_has_a_building_that_is_too_small_or_gone(app: Flask) -> None:
    world = make_world(buildings=3, rooms=12)
    assert "Door of 4" in refused(app, drafted(world, add_parted_menu(world)))


def test_more_households_than_live_there_cannot_be_asked_for(app: Flask) -> None:
    world = parted_world()
    said = refused(app, drafted(world, add_parted_menu(world), terms=Terms(least_votes=11)))
    assert "Ramp of 3-1" in said
    assert "10 户选" in said


@pytest.mark.parametrize(
    "terms",
    [
        Terms(way=Way.ONE),
        Terms(way=Way.POINTS, points=10),
        Terms(way=Way.RANK),
        Terms(way=Way.JUDGE),
        Terms(way=Way.RANK, rule=Rule.RUNOFF),
    ],
)
def test_only_ticks_can_be_cut_in_pieces(app: Flask, terms: Terms) -> None:
    world = parted_world()
    assert "打勾" in refused(app, drafted(world, add_parted_menu(world), terms=terms))


# --- casting -------------------------------------------------------------------------------------


def test_a_household_picks_its_own_buildings_items_beside_the_common_ones(stage: Stage) -> None:
    assert stage.cast(home(3), "Lamps", "Drains", "Stairs of 3", "Ramp of 3-1")
    assert stage.cast(home(3, 11), "Lamps", "Stairs of 3")  # of the second stairwell
    assert stage.cast(home(4), "Benches", "Door of 4")


@pytest.mark.parametrize(
    ("building", "n", "names", "why"),
    [
        (1, 0, ("Lamps", "Stairs of 3"), "只给别的楼"),
        (3, 11, ("Lamps", "Ramp of 3-1"), "只给别的楼"),
        (4, 0, ("Lamps", "Stairs of 3"), "只给别的楼"),
        (3, 0, ("Stairs of 3",), "至少选"),
        (3, 0, ("Lamps", "Drains", "Benches", "Stairs of 3"), "最多选"),
    ],
)
def test_it_picks_nothing_of_another_buildings_and_its_own_fill_no_place(
    stage: Stage, building: int, n: int, names: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        stage.cast(home(building, n), *names)
    with pytest.raises(Refused, match=why):
        stage.key_in(home(building, n), *names)


def test_where_it_lived_at_the_opening_is_what_counts(stage: Stage) -> None:
    stage.household(home(3)).building = "9"
    db.session.commit()
    assert stage.cast(home(3), "Lamps", "Stairs of 3")


def test_the_length_of_what_is_kept_tells_no_building(stage: Stage) -> None:
    stage.cast(home(1), "Lamps")
    stage.cast(home(3), "Lamps", "Drains", "Stairs of 3", "Ramp of 3-1")
    stage.cast(home(4), "Lamps", "Door of 4")
    assert len({len(vote) for vote in db.session.scalars(db.select(Vote.sealed_choice))}) == 1


def test_a_vote_costs_no_statement_more_where_nothing_is_one_buildings_own(
    app: Flask, world: World
) -> None:
    stage = opened(app, world)
    stage.cast(0, "Lamps")
    with statements() as seen:
        stage.cast(1, "Lamps")
    assert not any("ballot_household.building" in each for each in seen)


# --- sealing -------------------------------------------------------------------------------------


def cast_some(stage: Stage) -> None:
    """Ten of building 3 (one of its second stairwell), four of building 4, three of building 1."""
    for n in range(9):
        own = ["Stairs of 3"][: n % 2] + ["Ramp of 3-1"][: n % 3]
        stage.cast(home(3, n), "Lamps", *own)
    stage.cast(home(3, 11), "Benches", "Stairs of 3")
    for n in range(4):
        stage.cast(home(4, n), "Drains", "Door of 4")
    for n in range(3):
        stage.cast(home(1, n), "Benches")


def test_sealing_cuts_every_choice_and_gives_each_part_its_own_rows(stage: Stage) -> None:
    cast_some(stage)
    stage.sign()
    sealed = stage.seal()
    lying = rows()
    assert {part: len(found) for part, found in lying.items()} == {"": 17, "3": 10, "3 1": 9}
    assert {part: len(found) for part, found in sealed.pieces.items()} == {
        "3": 10,
        "3 1": 9,
        "4": 0,
    }
    marked = {part: {i for c in found for i in ways.parse(c)} for part, found in lying.items()}
    assert stage.names(marked[""]) == ["Benches", "Drains", "Lamps"]
    assert stage.names(marked["3"]) == ["Stairs of 3"]
    assert stage.names(marked["3 1"]) == ["Ramp of 3-1"]
    assert sum(choice != "{}" for choice in lying["3"]) == 5
    assert sum(choice != "{}" for choice in lying["3 1"]) == 6


def test_of_fewer_than_five_nothing_is_kept_of_what_they_chose_among_themselves(
    stage: Stage,
) -> None:
    cast_some(stage)
    stage.sign()
    stage.seal()
    assert stage.items["Door of 4"] not in "".join(
        db.session.scalars(db.select(CountedVote.choice))
    )


def test_a_choice_that_its_household_could_not_make_seals_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("surveys.ballots.recording._refuse_faults", lambda *_: None)
        stage.cast(home(1), "Lamps", "Stairs of 3")
    stage.sign()
    with pytest.raises(Refused, match="读不出来"):
        stage.seal()
    db.session.rollback()
    assert not rows()


def test_without_a_vote_nothing_is_counted_anywhere(stage: Stage) -> None:
    stage.sign(at=AFTER_CLOSE)
    sealed = stage.seal()
    assert sealed.pieces == {"3": [], "3 1": [], "4": []}
    assert not rows()
