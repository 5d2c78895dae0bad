"""What is due by the clock, from every room. Each act may be done again at any time: it then
finds nothing to do. One that fails is logged and keeps none of the others waiting.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from surveys.accounts import failures
from surveys.ballots import asking, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.config import Config
from surveys.errors import SurveysError
from surveys.needs import photos, proposing, teaching
from surveys.needs import retention as needs_retention
from surveys.needs import service as needs
from surveys.owners import retention as owners_retention
from surveys.owners import sealing as owners_sealing
from surveys.owners import service as owners
from surveys.questionnaires import knocking, retention
from surveys.results import live, second_opinion
from surveys.results import service as results

LOG = logging.getLogger(__name__)


@dataclass
class Ticked:
    """What one tick did: how many of each, and which acts failed."""

    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def act(self, name: str, do: Callable[[], int]) -> None:
        """Do one act, which answers how many it did, and leave no transaction open behind it."""
        try:
            self.done[name] += do()
        except SurveysError as fault:  # known and worded: no need for where in the program
            LOG.warning("%s: %s", name, fault)
            self.failed.append(name)
        except Exception:
            LOG.exception("%s failed", name)
            self.failed.append(name)
        finally:
            db.session.remove()

    def each(self, name: str, find: Callable[[], Sequence[str]], do: Callable[[str], int]) -> None:
        """Find what is due and do one act for each of it."""
        found: list[str] = []

        def look() -> int:
            found.extend(find())
            return 0

        self.act(name, look)
        for due in found:
            self.act(name, partial(do, due))


def tick(at: datetime, keys: LinkKeys, proof_days: int = Config.proof_days) -> Ticked:
    """Do everything that is due at `at`, in the order in which one leads to the next.

    Args:
        proof_days: so long the photos of an owners' vote's papers are kept after its result.
    """
    ticked = Ticked()
    ticked.act("taken_in", lambda: needs.take_in_all(at))
    ticked.each("words_learnt", lambda: teaching.due(at), lambda due: teaching.learn(due, at=at))
    ticked.each("proposals", proposing.due, proposing.work_out)
    ticked.each("closed", lambda: _ids(sealing.due_to_close(at)), lambda due: _close(due, at))
    ticked.each("sealed", lambda: _ids(sealing.due_to_seal(at)), lambda due: _seal(due, keys, at))
    ticked.each(
        "votes_closed", lambda: owners_sealing.due_to_close(at), lambda due: _close_vote(due, at)
    )
    ticked.each(
        "votes_sealed", lambda: owners_sealing.due_to_seal(at), lambda due: _seal_vote(due, at)
    )
    ticked.act("keys_forgotten", lambda: sealing.forget_leftover_keys(keys))
    ticked.each("bars_moved", lambda: live.moving(at), lambda due: int(live.refresh(due, keys)))
    _forget(ticked, at, proof_days)
    ticked.each(
        "second_opinions",
        lambda: second_opinion.waiting(at),
        lambda due: second_opinion.work_out(due, at),
    )
    return ticked


def _forget(ticked: Ticked, at: datetime, proof_days: int) -> None:
    """What was kept long enough."""
    ticked.each(
        "answers_forgotten",
        lambda: retention.expired(at),
        lambda due: needs_retention.forget(due, at),
    )
    ticked.each(
        "proofs_forgotten",
        lambda: owners_retention.expired(at, proof_days),
        lambda due: owners_retention.forget(due, at),
    )
    ticked.act("drafts_forgotten", lambda: retention.forget_drafts(at))
    ticked.act("visits_forgotten", lambda: knocking.forget_visits(at))
    ticked.act("photos_forgotten", lambda: photos.forget_removed(at))
    ticked.act("failures_forgotten", lambda: _forget_failures(at))


def _ids(ballots: Sequence[Ballot]) -> list[str]:
    return [ballot.id for ballot in ballots]


def _close(ballot_id: str, at: datetime) -> int:
    sealing.close(asking.find(ballot_id), at=at)
    return 1


def _seal(ballot_id: str, keys: LinkKeys, at: datetime) -> int:
    results.seal(asking.find(ballot_id), by=None, at=at, keys=keys)
    return 1


def _close_vote(vote_id: str, at: datetime) -> int:
    owners_sealing.close(vote_id, at=at)
    return 1


def _seal_vote(vote_id: str, at: datetime) -> int:
    owners_sealing.seal(owners.find(vote_id), by=None, at=at)
    return 1


def _forget_failures(at: datetime) -> int:
    forgotten = failures.forget_old(at)
    db.session.commit()
    return forgotten
