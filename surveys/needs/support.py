"""我家也是: a household stands behind a need without writing it all again.

It stands there once, however often it says so and in whatever words: `ledger.behind` counts
households, not voices. What was said of a need that is merged later counts for what it became.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from surveys.base import clock
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import NotFound, Refused
from surveys.needs.ledger import root_id
from surveys.needs.models import Lane, Need, Placement, Suggestion, Support
from surveys.rounds.models import Round


class Mine(NamedTuple):
    """The needs that one household stands behind, under what they were merged into."""

    said: frozenset[str] = frozenset()
    """it said so in words of its own"""
    too: frozenset[str] = frozenset()
    """it said 我家也是"""


def find(need_id: str) -> Need:
    """The need of this id; a merged one as what it became.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(Need).where(Need.id == select(root_id).where(Need.id == need_id).scalar_subquery())
    )
    if found is None:
        raise NotFound(N_("没有这一件。请回院子的页面再找。"))
    return found


def is_open(need: Need) -> bool:
    """Whether households may still say that theirs is so too."""
    ended = select(Round.ended_at).where(Round.id == need.round_id)
    return need.lane is not Lane.QUICK_FIX and db.session.scalar(ended) is None


def mine(household: Household) -> Mine:
    """Which needs this household stands behind, and how it says so."""
    said = (
        select(root_id)
        .join(Placement, Placement.need_id == Need.id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(Suggestion.household_id == household.id, Suggestion.superseded_at.is_(None))
    )
    too = (
        select(root_id)
        .join(Support, Support.need_id == Need.id)
        .where(Support.household_id == household.id)
    )
    return Mine(frozenset(db.session.scalars(said)), frozenset(db.session.scalars(too)))


@retrying
def support(need: Need, household: Household, *, at: datetime) -> None:
    """Let a household stand behind a need. It does already: nothing happens.

    Raises:
        NotFound: the household is of another courtyard.
        Refused: the need was met, or the round has ended.
    """
    _support(need, household, at)
    db.session.commit()


@retrying
def withdraw(need: Need, household: Household) -> None:
    """Take it back: what the household said in words of its own stays.

    Raises:
        Refused: the need was met, or the round has ended.
    """
    _check(need, household)
    db.session.execute(
        delete(Support)
        .where(
            Support.household_id == household.id,
            Support.need_id.in_(select(Need.id).where(root_id == need.id)),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _support(need: Need, household: Household, at: datetime) -> None:
    """Part of acts: does not commit."""
    _check(need, household)
    if need.id in mine(household).too:
        return
    courtyard = db.session.get_one(Courtyard, need.courtyard_id)
    db.session.add(
        Support(
            courtyard_id=courtyard.id,
            need_id=need.id,
            household_id=household.id,
            supported_on=clock.day(at, courtyard.zone),
        )
    )
    db.session.flush()


def check_open(need: Need) -> None:
    """Refuse where nobody can say any more that theirs is so too.

    Raises:
        Refused: the need was met, or the round has ended.
    """
    if need.lane is Lane.QUICK_FIX:
        raise Refused(
            N_("“%(title)s”已经办好了。要是又坏了，请在“我有话要说”里写一句。"), title=need.title
        )
    if not is_open(need):
        raise Refused(N_("这一轮已经结束，不再收意见。"))


def _check(need: Need, household: Household) -> None:
    if household.courtyard_id != need.courtyard_id:
        raise NotFound(N_("花名册上没有这一户。"))
    check_open(need)
