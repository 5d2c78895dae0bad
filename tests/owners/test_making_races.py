"""Two at once at the same draft: it is frozen once, motions keep their numbers, no one is lost."""

import threading
from collections.abc import Callable

from flask import Flask

from surveys.base import clock
from surveys.base.db import db
from surveys.errors import SurveysError
from surveys.owners import chain, delivering, drafting, extending, service
from surveys.owners.delivering import Noted, Reached
from surveys.owners.models import DeliveryWay, OwnersVote
from surveys.web import config_of
from tests.owners import stage
from tests.owners.making import BEFORE, drafted, with_motions
from tests.owners.stage import CLOSES, NOTICED, WHILE_OPEN, Stage
from tests.world import World


def at_once(app: Flask, vote: OwnersVote, *acts: Callable[[OwnersVote], object]) -> list[str]:
    """Do all acts at the same moment; what each was told, "" where it was done."""
    vote_id, ready, told = vote.id, threading.Barrier(len(acts), timeout=20), [""] * len(acts)

    def do(n: int) -> None:
        with app.app_context():
            ready.wait()
            found = service.find(vote_id)
            try:
                acts[n](found)
            except SurveysError as fault:
                told[n] = str(fault)

    db.session.rollback()
    threads = [threading.Thread(target=do, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return told


def test_a_vote_is_frozen_once(app: Flask, world: World) -> None:
    stage.register(world)
    vote, secret = with_motions(world), config_of(app).secret
    by = world.accounts["organizer"]
    told = at_once(
        app,
        vote,
        *[lambda v: drafting.open_(v, by=by, at=NOTICED, secret=secret)] * 3,
    )
    assert sorted(told) == ["", *["已经定下来了，不能再改。"] * 2]
    found = service.find(vote.id)
    assert found.owners == len(service.owners_of(found)) == 18
    assert chain.verify(found) is None


def test_motions_added_at_once_have_each_a_number(app: Flask, world: World) -> None:
    vote, by = drafted(world), world.accounts["organizer"]
    told = at_once(
        app,
        vote,
        *[lambda v: drafting.add_motion(v, "A", "", "other", by=by, at=BEFORE)] * 4,
    )
    assert told == [""] * 4
    assert [motion.number for motion in service.motions_of(vote)] == [1, 2, 3, 4]


def test_a_motion_added_while_the_vote_is_frozen_is_in_the_record_or_refused(
    app: Flask, world: World
) -> None:
    stage.register(world)
    vote, by, secret = with_motions(world), world.accounts["organizer"], config_of(app).secret
    refused, frozen = at_once(
        app,
        vote,
        lambda v: drafting.add_motion(v, "A", "", "other", by=by, at=BEFORE),
        lambda v: drafting.open_(v, by=by, at=NOTICED, secret=secret),
    )
    assert frozen == ""
    found = service.find(vote.id)
    assert len(service.motions_of(found)) == (2 if refused else 3)
    assert found.rules.count('"matter"') == len(service.motions_of(found))


def test_a_close_put_off_while_deliveries_are_noted_loses_neither(app: Flask, vote: Stage) -> None:
    by = vote.who("organizer")
    day = clock.day(WHILE_OPEN, stage.ZONE)
    handed = Noted(DeliveryWay.HAND, day, "A")
    told = at_once(
        app,
        vote.vote,
        lambda v: extending.extend(v, CLOSES + (CLOSES - NOTICED) / 5, "A", by=by, at=WHILE_OPEN),
        lambda v: delivering.note(v, [vote.owners[1]], handed, by=by, at=WHILE_OPEN),
        lambda v: delivering.note(v, [vote.owners[2]], handed, by=by, at=WHILE_OPEN),
    )
    assert told == [""] * 3
    found = service.find(vote.vote.id)
    assert found.closes_at > CLOSES
    assert delivering.numbers(found)[Reached.DELIVERED] == 2
    assert chain.verify(found) is None
