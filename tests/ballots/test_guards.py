"""Tampering: what is frozen, counted or noted is guarded by the database itself."""

import pytest
from sqlalchemy.exc import DBAPIError

from surveys.base.db import db
from tests.ballots.stage import AFTER_CLOSE, Stage

WHILE_IT_IS_OPEN = [
    "UPDATE ballot SET rules = '{}'",
    "UPDATE ballot SET roll_count = 1",
    "UPDATE ballot SET title = 'Another'",
    "UPDATE ballot SET opens_at = created_at",
    "UPDATE ballot SET seals_at = closes_at",
    "UPDATE ballot SET way = 'points'",
    "UPDATE ballot SET points = 10",
    "UPDATE ballot SET rule = 'runoff'",
    "UPDATE ballot SET least_votes = 1",
    "UPDATE ballot SET least_percent = 1",
    "UPDATE ballot SET tie_method = 'lot'",
    "UPDATE ballot SET frozen_at = NULL",
    "UPDATE ballot SET showing = 'live'",
    "DELETE FROM ballot",
    "UPDATE ballot_household SET building = 'X'",
    "DELETE FROM ballot_household",
    "UPDATE menu SET budget_fen = 1",
    "UPDATE menu SET pinned_at = NULL",
    "DELETE FROM menu",
    "UPDATE menu_item SET cost_fen = 1",
    "UPDATE menu_item SET name = 'Gold'",
    "DELETE FROM menu_item",
    "UPDATE event SET body = '{}'",
    "DELETE FROM event",
    "UPDATE vote SET pseudonym = 'x'",
    "UPDATE participation SET receipt_hash = 'x'",
    "UPDATE participation SET household_id = "
    "(SELECT id FROM household WHERE id NOT IN (SELECT household_id FROM participation) LIMIT 1)",
    "DELETE FROM participation",
    "UPDATE entry SET channel = 'paper'",
    "UPDATE entry SET day = '2026-01-01'",
    "UPDATE entry SET number = 7",
    "DELETE FROM entry",
    "UPDATE audit_entry SET details = '{}'",
    "DELETE FROM audit_entry",
]

ONCE_SEALED = [
    "UPDATE ballot SET sealed_at = NULL",
    "UPDATE ballot SET signed_at = NULL",
    "UPDATE ballot SET households_in = 99",
    "UPDATE ballot SET voided_at = sealed_at",
    "UPDATE participation SET current_entry = NULL",
    "UPDATE entry SET state = 'withdrawn'",
    "UPDATE entry SET disputed_on = day",
    "UPDATE counted_vote SET choice = '[]'",
    "DELETE FROM counted_vote",
    "INSERT INTO counted_vote (id, ballot_id, choice) SELECT 'more', id, '[]' FROM ballot",
    "INSERT INTO vote (id, ballot_id, pseudonym, sealed_choice) "
    "SELECT 'more', id, 'x', CAST('x' AS {bytes}) FROM ballot",
    "INSERT INTO participation (id, ballot_id, household_id, receipt_hash, changed_at_revision) "
    "SELECT 'more', ballot.id, household.id, 'x', 0 FROM ballot, household "
    "WHERE household.id NOT IN (SELECT household_id FROM participation) LIMIT 1",
]


def assert_refused(statement: str) -> None:
    kind = "bytea" if db.engine.dialect.name == "postgresql" else "blob"
    with pytest.raises(DBAPIError, match="guarded"):
        db.session.execute(db.text(statement.replace("{bytes}", kind)))
    db.session.rollback()


@pytest.mark.parametrize("statement", WHILE_IT_IS_OPEN)
def test_what_was_frozen_at_the_opening_cannot_be_changed(stage: Stage, statement: str) -> None:
    stage.cast(0, "Drains")
    assert_refused(statement)


@pytest.mark.parametrize("statement", ONCE_SEALED)
def test_what_was_counted_cannot_be_changed(stage: Stage, statement: str) -> None:
    stage.cast(0, "Drains")
    stage.sign()
    stage.seal(at=AFTER_CLOSE)
    assert_refused(statement)
