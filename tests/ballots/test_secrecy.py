"""What `docs/integrity.md` promises: after sealing nobody can tell whose choice is whose.

Choices are planted to go with time and channel, so that any order that survives would show.
"""

import random
from dataclasses import dataclass
from itertools import combinations

import pytest
from flask import Flask

from surveys.ballots.models import CountedVote, Participation
from surveys.ballots.terms import Terms
from surveys.base.db import db, new_id
from surveys.counting import ways
from surveys.counting.ways import Way
from surveys.menus.models import MenuItem
from surveys.web import config_of
from tests.ballots import attacker
from tests.ballots.attacker import Truth
from tests.ballots.stage import Stage, add_menu, drafted, opened
from tests.world import World, make_world

HOUSEHOLDS = 48
BALLOTS = 3
"""chance beats its own 95th percentile once in twenty ballots; a leak shows in every one"""


@dataclass
class Planted:
    """A ballot whose choices went along with time and channel."""

    stage: Stage
    parts: list[str]
    """participations: phones as they came, then paper as it came"""
    choices: list[str]
    """the choice of each, written canonically; all differ"""
    came: list[int]
    """numbers of all of them in the order of coming"""
    since: str | None

    @property
    def truth(self) -> Truth:
        return Truth(range(len(self.parts)))


def plant(app: Flask, world: World) -> Planted:
    """Forty-eight households, each with a choice of its own; every sixth one on paper."""
    since = attacker.log_place()
    items = [(f"Item {n}", 1000 + n, "basic", False) for n in range(12)]
    terms = Terms(Way.POINTS, points=10)
    stage = opened(app, world, drafted(world, add_menu(world, items=items), terms=terms))
    doors = random.sample(range(HOUSEHOLDS), HOUSEHOLDS)
    on_paper = doors[::6]
    came = [door for door in doors if door not in on_paper] + on_paper
    pairs = zip(came, combinations(stage.items, 2), strict=False)
    wanted = {door: {much: 7, little: 3} for door, (much, little) in pairs}
    for door in doors:
        if door in on_paper:
            stage.paper(door, given=wanted[door])
        else:
            stage.cast(door, given=wanted[door])
    rows = db.session.scalars(
        db.select(Participation).where(Participation.ballot_id == stage.ballot.id)
    )
    parts = {part.household_id: part.id for part in rows}
    return Planted(
        stage,
        [parts[world.households[door]] for door in came],
        [ways.canonical(stage.marks(given=wanted[door])) for door in came],
        [came.index(door) for door in doors],
        since,
    )


Attack = tuple[tuple[int, int], tuple[int, int]]


def attack(planted: Planted) -> Attack:
    """What the attacker reaches, and the 95th percentile of chance: rightly named, nearness."""
    raw = attacker.raw_files(planted.since) if may_read_files() else []
    evidence = attacker.read_evidence(planted.parts, planted.choices, raw)
    assert len(evidence.participants) > 8
    assert len(evidence.choices) >= 2
    reached = attacker.best(evidence, planted.truth)
    return reached, attacker.by_chance(evidence, planted.truth, random.Random(7))


def may_read_files() -> bool:
    """Whether the database lets us read its raw files; a PostgreSQL of somebody else's may not."""
    if db.engine.dialect.name == "sqlite":
        return True
    own = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(db.session.scalar(db.text(own)))


def beats(attack: Attack) -> bool:
    (right, near), (right_by_chance, near_by_chance) = attack
    return right > right_by_chance or near > near_by_chance


def test_full_read_access_to_a_sealed_database_names_no_household_better_than_chance(
    app: Flask,
) -> None:
    world = make_world(buildings=4, rooms=12)
    attacks = []
    for _ in range(BALLOTS):
        planted = plant(app, world)
        planted.stage.sign()
        planted.stage.seal()
        attacks.append(attack(planted))
        if not beats(attacks[-1]):
            return
    pytest.fail(f"the attacker beat chance in every ballot: {attacks}")


def test_the_attacker_does_find_choices_that_were_written_in_the_order_of_coming(
    app: Flask,
) -> None:
    planted = plant(app, make_world(buildings=4, rooms=12))
    for number in planted.came:
        choice, ballot_id = planted.choices[number], planted.stage.ballot.id
        db.session.add(CountedVote(id=new_id(), ballot_id=ballot_id, choice=choice))
        db.session.flush()
    db.session.commit()
    (right, _), (right_by_chance, _) = attack(planted)
    assert right == HOUSEHOLDS
    assert right_by_chance < HOUSEHOLDS // 4


# --- items of one building -----------------------------------------------------------------------

LOCAL = 6
"""items of building 1: enough for each of its households to choose others"""


def plant_pieces(app: Flask, world: World) -> tuple[Stage, list[str], list[str], str | None]:
    """Forty-eight households of one building, whose pieces all differ and come in a row."""
    since = attacker.log_place()
    items = [(f"Item {n}", 1000 + n, "basic", False) for n in range(12)]
    items += [(f"Own {n}", 1000 + n, "basic", False) for n in range(LOCAL)]
    menu = add_menu(world, items=items)
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == menu.id)):
        item.building = "1" if item.name.startswith("Own") else ""
    db.session.commit()
    stage = opened(app, world, drafted(world, menu))
    of_all = list(combinations([name for name in stage.items if name.startswith("Item")], 2))
    names = [name for name in stage.items if name.startswith("Own")]
    of_own = [own for size in (1, 2, 3, 4) for own in combinations(names, size)]
    doors = random.sample(range(HOUSEHOLDS), HOUSEHOLDS)
    for door, *marked in zip(doors, of_all, of_own, strict=False):
        stage.cast(door, *marked[0], *marked[1])
    common, local = (
        [ways.canonical(stage.marks(*marked)) for marked in pieces[:HOUSEHOLDS]]
        for pieces in (of_all, of_own)
    )
    return stage, common, local, since


def link(common: list[str], local: list[str], since: str | None) -> Attack:
    """What laying the two kinds of pieces beside each other reaches, and what chance does."""
    raw = attacker.raw_files(since) if may_read_files() else []
    evidence = attacker.read_links(common, local, raw)
    assert len(evidence.participants) >= 2
    assert len(evidence.choices) >= 2
    truth = Truth(range(HOUSEHOLDS))
    chance = attacker.by_chance(evidence, truth, random.Random(7))
    return attacker.best(evidence, truth), chance


def test_full_read_access_links_no_piece_of_a_choice_with_its_other_piece(app: Flask) -> None:
    world = make_world(buildings=2, rooms=HOUSEHOLDS)
    attacks = []
    for _ in range(BALLOTS):
        stage, common, local, since = plant_pieces(app, world)
        stage.sign()
        stage.seal()
        attacks.append(link(common, local, since))
        if not beats(attacks[-1]):
            return
    pytest.fail(f"the attacker beat chance in every ballot: {attacks}")


def test_the_attacker_does_link_pieces_that_were_shuffled_together(app: Flask) -> None:
    world = make_world(buildings=2, rooms=HOUSEHOLDS)
    stage, common, local, since = plant_pieces(app, world)
    for part, pieces in (("", common), ("1", local)):
        for piece in pieces:
            row = {"ballot_id": stage.ballot.id, "part": part, "choice": piece}
            db.session.add(CountedVote(id=new_id(), **row))
            db.session.flush()
    db.session.commit()
    (right, _), (right_by_chance, _) = link(common, local, since)
    assert right == HOUSEHOLDS
    assert right_by_chance < HOUSEHOLDS // 4


def test_before_sealing_no_choice_lies_in_the_clear_anywhere(app: Flask) -> None:
    planted = plant(app, make_world(buildings=4, rooms=12))
    if not may_read_files():
        pytest.skip("this PostgreSQL does not let us read its files")
    raw = b"".join(attacker.raw_files(planted.since))
    for part, choice in zip(planted.parts, planted.choices, strict=True):
        assert part.encode() in raw  # we do look in the right place
        for written in (choice.strip("{}"), choice.replace('"', "")):
            assert written.encode() not in raw


def test_the_key_never_reaches_the_database_and_is_gone_after_sealing(app: Flask) -> None:
    planted = plant(app, make_world(buildings=4, rooms=12))
    stage = planted.stage
    key = stage.keys.read(stage.ballot.id)
    stage.sign()
    stage.seal()
    raw = b"".join(attacker.raw_files(planted.since)) if may_read_files() else b""
    for held in (key.key, key.tie_seed):
        assert held not in raw
        assert held.hex().encode() not in raw
    for folder in config_of(app).link_key_dirs:
        assert not any(stage.ballot.id in file.name for file in folder.iterdir())
