"""What equal shares would have chosen from the same choices: worked out after the sealing, beside
the result and binding nobody.

It may take long, so the tick does it, and it says how far it has come. Whoever works on it holds
its row by the moment at which it was last heard of. One process takes it; whoever falls silent for
`LEASE` loses it to the next, which begins again, and finds out when it next speaks.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from surveys.ballots import asking, offers, sealing
from surveys.ballots.models import Ballot, TieMethod
from surveys.ballots.offers import Offer, OfferedItem
from surveys.base.db import db
from surveys.counting import shares, ties
from surveys.counting.canon import canonical_json
from surveys.counting.rules import Rule
from surveys.counting.shares import Shares
from surveys.counting.ways import Marks, Way
from surveys.results.counted import AnyCount, Count
from surveys.results.models import Result, SecondOpinion

LEASE = timedelta(minutes=2)
TELL_AFTER_S = 1.0
"""between two words about how far it has come"""
_RULES = frozenset({Rule.GREEDY, Rule.GREEDY_NO_SKIP})
_WAYS = frozenset({Way.APPROVE, Way.ONE})


class Overtaken(Exception):
    """Another process works on it now."""


@dataclass(frozen=True, slots=True)
class Other:
    """An item of which the two ways of counting think differently."""

    item: OfferedItem
    households: int
    """that picked it"""
    pays_fen: int
    """what each of them would pay at most, rounded up; 0 where it would not be done"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """The second opinion as a page tells it; until it is done, how far it has come."""

    done: bool
    steps_done: int
    instead: tuple[Other, ...] = ()
    """what would be done there and is not done here"""
    not_there: tuple[Other, ...] = ()
    """what is done here and would not be done there"""
    spent_fen: int = 0
    share_fen: int = 0
    """by which it was reached, rounded down"""

    @property
    def agrees(self) -> bool:
        """Whether both choose the same."""
        return not self.instead and not self.not_there


def is_asked_for(offer: Offer) -> bool:
    """Whether a ballot of this offer gets a second opinion: where items are picked for money, and
    choices are kept whole."""
    return not offer.parts and offer.way in _WAYS and offer.counting.rule in _RULES


def _begin(ballot: Ballot) -> None:
    """Part of the sealing: leave the row that the next tick finds."""
    if is_asked_for(offers.offer(ballot)):
        db.session.add(SecondOpinion(ballot_id=ballot.id))


def waiting(at: datetime) -> list[str]:
    """Ids of the ballots whose second opinion nobody works on at `at`."""
    free = select(SecondOpinion.ballot_id).where(*_is_free(at))
    return list(db.session.scalars(free.order_by(SecondOpinion.ballot_id)))


def work_out(ballot_id: str, at: datetime) -> int:
    """Work out the second opinion of a sealed ballot: 1, or 0 where another process is at it."""
    hold = Hold(ballot_id, at)
    if not hold.take():
        return 0
    offer, choices, settle = _asked(ballot_id)
    db.session.commit()  # it only read, and nothing is held while it is worked out
    unit_fen = shares.own_unit_fen(offer.budget_fen, len(choices))
    try:
        found = shares.count(
            offer.menu,
            choices,
            offer.way,
            offer.budget_fen,
            offer.counting,
            settle,
            unit_fen=unit_fen,
            progress=hold.tell,
        )
        hold.finish(_written(found))
    except Overtaken:
        return 0
    return 1


def of(ballot: Ballot, count: AnyCount) -> Opinion | None:
    """The second opinion on a count; None where none was asked for."""
    row = db.session.get(SecondOpinion, ballot.id, populate_existing=True)
    if row is None or not isinstance(count, Count):
        return None
    return _told(json.loads(row.body), count, row) if row.body else Opinion(False, row.steps_done)


def for_the_record(ballot: Ballot) -> dict[str, object] | None:
    """As the record tells it: winners, spent_fen and units; None where there is none yet."""
    row = db.session.get(SecondOpinion, ballot.id, populate_existing=True)
    if row is None or not row.body:
        return None
    held = json.loads(row.body)
    return {name: held[name] for name in ("winners", "spent_fen", "units")}


class Hold:
    """One process's hold on a second opinion. Each act is settled and committed by itself."""

    def __init__(self, ballot_id: str, at: datetime) -> None:
        self.ballot_id = ballot_id
        self.begun_at, self.heard_at = at, at
        self.begun = self.told = time.monotonic()
        self.steps = 0

    def take(self) -> bool:
        """Take it, unless somebody was heard of not long ago."""
        return self._write(_is_free(self.begun_at), steps_done=0, heard_at=self.begun_at)

    def tell(self, _units: int) -> None:
        """Say how far it has come, now and then.

        Raises:
            Overtaken: somebody else has it.
        """
        self.steps += 1
        now = time.monotonic()
        if now - self.told < TELL_AFTER_S:
            return
        self.told, mine = now, self._is_mine()
        self.heard_at = self.begun_at + timedelta(seconds=now - self.begun)
        if not self._write(mine, steps_done=self.steps, heard_at=self.heard_at):
            raise Overtaken

    def finish(self, body: str) -> None:
        """Write down what came of it.

        Raises:
            Overtaken: somebody else has it.
        """
        if not self._write(self._is_mine(), steps_done=self.steps, body=body):
            raise Overtaken

    def _is_mine(self) -> list[ColumnElement[bool]]:
        return [SecondOpinion.body.is_(None), SecondOpinion.heard_at == self.heard_at]

    def _write(self, conditions: list[ColumnElement[bool]], **values: object) -> bool:
        row = update(SecondOpinion).where(SecondOpinion.ballot_id == self.ballot_id, *conditions)
        done = db.session.execute(row.values(**values).execution_options(synchronize_session=False))
        db.session.commit()
        return bool(getattr(done, "rowcount", 0))


def _is_free(at: datetime) -> list[ColumnElement[bool]]:
    silent = or_(SecondOpinion.heard_at.is_(None), SecondOpinion.heard_at < at - LEASE)
    return [SecondOpinion.body.is_(None), silent]


def _asked(ballot_id: str) -> tuple[Offer, list[Marks], ties.TieOrder]:
    """The offer, every choice, and the order of equal prices: of the seed, else of the menu."""
    ballot = asking.find(ballot_id)
    result = db.session.get_one(Result, ballot_id)
    by_seed = ballot.tie_method is TieMethod.SEED and result.tie_seed
    settle = ties.by_seed(bytes.fromhex(result.tie_seed or "")) if by_seed else ties.unsettled
    return offers.offer(ballot), list(_each(ballot)), settle


def _each(ballot: Ballot) -> Iterator[Marks]:
    for marks, times in sealing.counted_choices(ballot):
        yield from [marks] * times


def _written(found: Shares) -> str:
    held = {
        "winners": found.outcome.winners,
        "spent_fen": found.outcome.spent_fen,
        "units": found.units,
        "share_fen": int(found.share_fen),
        "pays_fen": {paid.item_id: ceil(paid.most_fen) for paid in found.payments},
    }
    return canonical_json(held)


def _told(held: dict[str, Any], count: Count, row: SecondOpinion) -> Opinion:
    there, here = set(held["winners"]), set(count.winners)
    differing = [line for line in count.lines if (line.item.id in there) != line.chosen]
    others = [
        Other(line.item, line.line.votes, held["pays_fen"].get(line.item.id, 0))
        for line in differing
    ]
    return Opinion(
        done=True,
        steps_done=row.steps_done,
        instead=tuple(other for other in others if other.item.id not in here),
        not_there=tuple(other for other in others if other.item.id in here),
        spent_fen=held["spent_fen"],
        share_fen=held["share_fen"],
    )
