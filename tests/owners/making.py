"""A vote as it is made by the acts themselves: its terms, and its register in the tables."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.owners import drafting, service
from surveys.owners.models import OwnersVote
from surveys.owners.terms import Terms
from surveys.web import config_of
from tests.owners import stage
from tests.owners.stage import CLOSES, MOTIONS, NOTICED, OPENS, SEALS, ZONE, Stage
from tests.world import World

TERMS = Terms(
    title="Owners' vote",
    called_by="The committee",
    noticed_on=clock.day(NOTICED, ZONE),
    opens_at=OPENS,
    closes_at=CLOSES,
    seals_at=SEALS,
)
BEFORE = NOTICED - timedelta(days=1)


def drafted(world: World, **changes: Any) -> OwnersVote:
    """A draft of the organizer's with no motion yet."""
    return drafting.draft(
        db.session.get_one(Courtyard, world.courtyard),
        replace(TERMS, **changes),
        by=world.accounts["organizer"],
        at=BEFORE,
    )


def with_motions(world: World, **changes: Any) -> OwnersVote:
    """A draft with its motions."""
    vote = drafted(world, **changes)
    for title, matter in MOTIONS:
        drafting.add_motion(vote, title, "", matter, by=world.accounts["organizer"], at=BEFORE)
    return vote


def opened(app: Flask, world: World, **changes: Any) -> Stage:
    """A vote that was frozen by the act, on the register of the stage."""
    stage.register(world)
    vote = with_motions(world, **changes)
    secret = config_of(app).secret
    drafting.open_(vote, by=world.accounts["organizer"], at=NOTICED, secret=secret)
    vote = service.find(vote.id)
    return Stage(world, vote, {o.owner.number: o.owner.id for o in service.owners_of(vote)})
