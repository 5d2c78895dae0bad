"""Commands about ballots, for whoever keeps the machine."""

import json

from flask import Flask

from surveys.base.db import db
from tests.ballots.stage import Stage


def test_ballots_are_listed(app: Flask, stage: Stage) -> None:
    stage.cast(0, "Drains")
    found = app.test_cli_runner().invoke(args=["ballots", "list", "--json"])
    rows = json.loads(found.output)
    assert [(r["id"], r["households_in"], r["title"]) for r in rows] == [
        (stage.ballot.id, 1, "What first?")
    ]
    assert stage.ballot.id in app.test_cli_runner().invoke(args=["ballots", "list"]).output


def test_a_chain_is_verified_link_by_link(app: Flask, stage: Stage) -> None:
    stage.cast(0, "Drains")
    found = app.test_cli_runner().invoke(args=["ballots", "verify", stage.ballot.id])
    assert (found.exit_code, found.output.split(" events")[0]) == (0, "2")


def test_a_broken_chain_is_said_and_exits_with_one(app: Flask, stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.ballot.head = "x"
    db.session.commit()
    found = app.test_cli_runner().invoke(args=["ballots", "verify", stage.ballot.id, "--json"])
    assert found.exit_code == 1
    assert json.loads(found.output.splitlines()[0])["broken_at"] == 3


def test_an_unknown_ballot_is_one_sentence(app: Flask) -> None:
    found = app.test_cli_runner().invoke(args=["ballots", "verify", "nothing"])
    assert (found.exit_code, found.output) == (1, "Error: no such ballot: nothing\n")
