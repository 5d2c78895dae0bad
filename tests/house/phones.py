"""Phones of the walk through every page: whom they speak for, by what the cookie holds."""

from hashlib import sha256

from sqlalchemy import select

from surveys.base.db import db
from surveys.courtyards.models import Household, HouseholdCode

DEVICE = "a phone"
HOSTS_PHONE = "a host's phone"
Values = dict[str, str]
"""what stands for each argument of a route"""


def phone_of(home: Household) -> dict[str, str]:
    """What the cookie holds of a phone that speaks for this household."""
    code = select(HouseholdCode.id).where(
        HouseholdCode.household_id == home.id, HouseholdCode.retired_at.is_(None)
    )
    return {"code": db.session.scalars(code).one(), "device": DEVICE}


def drafts_of(home: Household) -> str:
    """The key under which that phone's answers are kept."""
    return sha256(f"{DEVICE}:{home.id}".encode()).hexdigest()
