"""Who takes part, while a vote is open: numbers of owners and areas, never what they say.

Before sealing nothing of agreement is told on any surface, so nothing here reads a mark.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ScalarSelect, and_, case, func, select

from surveys.base.db import db
from surveys.counting.double_majority import NOBODY, RuleSet, Share, Standing, rule_set
from surveys.owners.models import EntryState, OwnerEntry, OwnersVote, VoteUnit

MOST_KEPT = 256
"""figures kept by one process"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What has come in. An owner without a unit any more counts nowhere."""

    everyone: Share
    taking_part: Share
    """owners with a confirmed sheet, whatever it says"""
    waiting: int
    """sheets that no second account has confirmed yet"""
    contested: int
    """owners of whom two sheets say different things"""


@dataclass(frozen=True, slots=True)
class Gauges:
    """Participation against the quorum, as phones, desk and wall show it."""

    figures: Figures
    rules: RuleSet

    @property
    def everyone(self) -> Share:
        """All owners on the register, and the area of all units."""
        return self.figures.everyone

    @property
    def taking_part(self) -> Share:
        """What has come in and was confirmed."""
        return self.figures.taking_part

    @property
    def quorum(self) -> Standing | None:
        """What came in against the quorum; None where the rules ask none.

        A motion that a sheet leaves blank may count as not taking part in it: so says the vote, and
        then the quorum of each motion is known at sealing only.
        """
        asked = self.rules.quorum
        return Standing(asked, self.taking_part, self.everyone) if asked else None

    @property
    def missing(self) -> Share:
        """Owners and dm² still lacking for the quorum, 0 where reached."""
        return self.quorum.missing if self.quorum else NOBODY


def of(vote: OwnersVote) -> Figures:
    """What has come in, in one statement."""
    row = db.session.execute(
        select(
            func.count(VoteUnit.vote_owner_id.distinct()),
            func.sum(VoteUnit.area_dm2),
            func.count(OwnerEntry.vote_owner_id.distinct()),
            func.sum(case((OwnerEntry.id.is_not(None), VoteUnit.area_dm2), else_=0)),
            _entries(vote, EntryState.PENDING),
            _entries(vote, EntryState.CONTESTED, by_owner=True),
        )
        .select_from(VoteUnit)
        .outerjoin(
            OwnerEntry,
            and_(
                OwnerEntry.vote_owner_id == VoteUnit.vote_owner_id,
                OwnerEntry.state == EntryState.CONFIRMED,
            ),
        )
        .where(VoteUnit.vote_id == vote.id)
    ).one()
    owners, area_dm2, owners_in, area_in_dm2, waiting, contested = (int(n or 0) for n in row)
    return Figures(Share(owners, area_dm2), Share(owners_in, area_in_dm2), waiting, contested)


def taking_part(vote: OwnersVote) -> Share:
    """Owners with a confirmed sheet, and the area of their units."""
    return of(vote).taking_part


def gauges(vote: OwnersVote) -> Gauges:
    """Participation against the quorum, worked out once for each revision of the vote.

    For pages: within an act, what the act itself has changed is in `of` alone.
    """
    return _gauges(vote.id, vote.revision)


@lru_cache(maxsize=MOST_KEPT)
def _gauges(vote_id: str, revision: int) -> Gauges:
    vote = db.session.get_one(OwnersVote, vote_id)
    return Gauges(of(vote), rule_set(vote.rule_set))


def _entries(vote: OwnersVote, state: EntryState, *, by_owner: bool = False) -> ScalarSelect[int]:
    counted = func.count(OwnerEntry.vote_owner_id.distinct()) if by_owner else func.count()
    return (
        select(counted)
        .where(OwnerEntry.vote_id == vote.id, OwnerEntry.state == state)
        .scalar_subquery()
    )
