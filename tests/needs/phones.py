"""Residents' phones in the tests of this room."""

from flask import Flask

from surveys.base.db import db
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, HouseholdCode
from surveys.web import config_of
from tests.manners import Browser
from tests.world import AT, World


def hold_slip(app: Flask, browser: Browser, world: World, household: int) -> None:
    """This phone has scanned the slip of the household of this number."""
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    slips.ensure_codes(courtyard, config_of(app).secret, AT)
    code = db.session.scalars(
        db.select(HouseholdCode.id).where(
            HouseholdCode.household_id == world.households[household],
            HouseholdCode.retired_at.is_(None),
        )
    ).one()
    with browser.session_transaction() as session:
        session["code"] = code
        session.setdefault("device", "a phone of the tests")
