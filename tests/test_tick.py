"""What is due by the clock is done once, and one failing act keeps none of the others waiting."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask

from surveys.accounts import failures
from surveys.accounts.models import Failure
from surveys.ballots import asking
from surveys.ballots.models import Showing
from surveys.base.db import db
from surveys.courtyards import service as courtyards
from surveys.courtyards import visiting
from surveys.courtyards.models import Household
from surveys.needs.models import Suggestion
from surveys.questionnaires import answering
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.models import Answer, Questionnaire, Response
from surveys.tick import Ticked, tick
from surveys.web import config_of
from tests.ballots.stage import CLOSES, SEALS, WHILE_OPEN, Stage, drafted, opened
from tests.world import AT, World, make_world


def did(ticked: Ticked) -> dict[str, int]:
    """What a tick did, without what it found nothing to do for."""
    return {name: count for name, count in ticked.done.items() if count}


def test_nothing_is_due_in_an_empty_house(app: Flask, world: World) -> None:
    ticked = tick(AT, opened(app, world).keys)
    assert (did(ticked), ticked.failed) == ({}, [])


def test_what_was_noted_at_a_door_is_forgotten_in_a_year(app: Flask, world: World) -> None:
    keys = opened(app, world).keys
    household = db.session.get_one(Household, world.households[0])
    visiting.note(household, way="visit", outcome="met", by=world.accounts["clerk"], at=AT)
    later = AT + visiting.KEPT
    assert "visits_forgotten" not in did(tick(later - timedelta(seconds=1), keys))
    assert did(tick(later, keys))["visits_forgotten"] == 1


def test_a_ballot_is_closed_at_its_hour_and_sealed_at_the_latest_hour(
    app: Flask, world: World
) -> None:
    stage = opened(app, world)
    stage.cast(0, "Lamps")
    ballot_id, keys = stage.ballot.id, stage.keys
    assert did(tick(CLOSES - timedelta(seconds=1), keys)) == {}
    assert did(tick(CLOSES, keys)) == {"closed": 1}
    assert did(tick(SEALS, keys)) == {"sealed": 1, "second_opinions": 1}
    assert did(tick(SEALS, keys)) == {}
    assert asking.find(ballot_id).sealed_at == SEALS
    assert ballot_id not in keys.held()


def test_the_bars_of_a_live_ballot_move(app: Flask) -> None:
    world = make_world(buildings=5)
    stage = opened(app, world, drafted(world, showing=Showing.LIVE))
    for n in range(10):
        stage.cast(n, "Lamps")
    assert did(tick(WHILE_OPEN, stage.keys)) == {"bars_moved": 1}
    assert did(tick(WHILE_OPEN, stage.keys)) == {}


def answered(app: Flask, world: World) -> Questionnaire:
    """An open questionnaire with one household's answer."""
    courtyard, by = courtyards.find(world.courtyard), world.accounts["organizer"]
    made = questionnaires.create(courtyard, "needs", by=by, at=AT)
    questionnaires.open_now(made, by=by, at=AT)
    answering.send(
        questionnaires.find(made.id),
        Sender("d" * 64, world.households[0]),
        {"q1": ("房顶漏雨",), "q3": ("a",)},
        answering.new_submission(),
        at=WHILE_OPEN,
        secret=config_of(app).secret,
    )
    return made


def test_what_somebody_wrote_becomes_a_suggestion(app: Flask, world: World) -> None:
    keys = opened(app, world).keys
    answered(app, world)
    assert did(tick(WHILE_OPEN, keys)) == {"taken_in": 1}
    assert did(tick(WHILE_OPEN, keys)) == {}


def test_answers_are_deleted_on_the_day_that_was_promised(app: Flask, world: World) -> None:
    keys = opened(app, world).keys
    made = answered(app, world)
    tick(WHILE_OPEN, keys)
    due = made.kept_until
    assert "answers_forgotten" not in did(tick(due - timedelta(seconds=1), keys))
    assert did(tick(due, keys)) == {"answers_forgotten": 1}
    assert did(tick(due, keys)) == {}
    assert db.session.query(Answer).count() == db.session.query(Response).count() == 0
    (said,) = db.session.query(Suggestion)
    assert (said.text, said.household_id) == ("房顶漏雨", None)


def test_old_failures_are_forgotten(app: Flask, world: World) -> None:
    keys = opened(app, world).keys
    failures.note_failure("sign-in:somebody", AT)
    assert did(tick(AT + timedelta(minutes=1), keys)) == {}
    assert did(tick(AT + timedelta(minutes=16), keys)) == {"failures_forgotten": 1}
    assert db.session.query(Failure).count() == 0


def test_a_ballot_that_cannot_be_sealed_keeps_no_other_waiting(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    lost, other = opened(app, world), opened(app, world, drafted(world))
    lost.cast(0, "Lamps")
    other.cast(0, "Lamps")
    lost_id, other_id, keys = lost.ballot.id, other.ballot.id, other.keys
    keys.forget(lost_id)
    ticked = tick(SEALS, keys)
    assert did(ticked) == {"closed": 2, "sealed": 1, "second_opinions": 1}
    assert ticked.failed == ["sealed"]
    assert "钥匙" in caplog.text
    assert asking.find(lost_id).sealed_at is None
    assert asking.find(other_id).sealed_at == SEALS


def test_an_act_that_breaks_is_told_and_leaves_no_transaction(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def break_() -> int:
        db.session.execute(db.text("SELECT 1"))
        raise RuntimeError("broken")

    ticked = Ticked()
    ticked.act("first", break_)
    ticked.act("second", lambda: 1)
    assert (ticked.failed, did(ticked)) == (["first"], {"second": 1})
    assert "RuntimeError: broken" in caplog.text


def test_the_command_tells_what_it_did(app: Flask, world: World) -> None:
    opened(app, world)
    db.session.remove()
    told = app.test_cli_runner().invoke(args=["tick", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["failed"] == []
    assert "sealed\t0" in app.test_cli_runner().invoke(args=["tick"]).output


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_going_on_ends_when_told_to(stage: Stage, app: Flask) -> None:
    db.session.remove()
    config = config_of(app)
    environment = {
        **os.environ,
        "SURVEYS_INSTANCE": str(config.instance),
        "SURVEYS_DATABASE_URL": config.database_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "tick", "--every", "60", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline())["failed"] == []
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An open ballot."""
    return opened(app, world)
