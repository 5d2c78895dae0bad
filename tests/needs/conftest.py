"""A courtyard whose residents have said things."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.needs import service
from surveys.needs.models import Need, Suggestion
from surveys.rounds.models import Round
from tests.world import AT, World

Say = Callable[..., Suggestion]


@pytest.fixture
def courtyard(world: World) -> Courtyard:
    """The courtyard of the world."""
    return db.session.get_one(Courtyard, world.courtyard)


@pytest.fixture
def round_(world: World) -> Round:
    """Its round."""
    return db.session.get_one(Round, world.round)


@pytest.fixture
def clerk(world: World) -> str:
    """Who sorts."""
    return world.accounts["clerk"]


@pytest.fixture
def say(world: World, round_: Round) -> Say:
    """The household of a number on the roll (None: nobody knows) says something."""

    def said(text: str, household: int | None = 0) -> Suggestion:
        return service.add_suggestion(
            round_,
            text,
            household_id=None if household is None else world.households[household],
            channel="phone",
            by=world.accounts["clerk"],
            at=AT,
        )

    return said


@pytest.fixture
def need(round_: Round, clerk: str) -> Callable[[str], Need]:
    """A need of the ledger by its title."""
    made: list[Need] = []

    def named(title: str) -> Need:
        at = AT + timedelta(seconds=len(made))
        made.append(service.new_need(round_, title, by=clerk, at=at))
        return made[-1]

    return named
