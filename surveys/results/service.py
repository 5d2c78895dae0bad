"""Sealing a ballot into a result, settling a tie by lot, publishing, and reading results."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from surveys.ballots import asking, chain, offers, rules, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Channel, TieMethod
from surveys.ballots.offers import Offer
from surveys.ballots.rules import State
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting import ties
from surveys.counting.canon import canonical_json, digest, text_digest
from surveys.counting.rules import Rule
from surveys.counting.tally import Totals, tally
from surveys.counting.ties import Tie
from surveys.errors import Invalid, NotFound, Refused
from surveys.results import second_opinion
from surveys.results.counted import AnyCount, RunoffCount, count, count_rounds, so_far
from surveys.results.live import Figures
from surveys.results.models import LiveFigure, Result
from surveys.results.rules import Sight

COUNTING = Path(ties.__file__).parent
CODE_VERSION = digest([path.read_text("utf-8") for path in sorted(COUNTING.glob("*.py"))])[:16]
"""of the counting code; stands in the chain beside every result"""
LEAST_SHOWN = 10
"""households of a building below which it is not told how many of them took part"""
LONGEST_NAME = 40
"""of a witness"""
KEPT = 64
_counted: dict[tuple[str, str, str, str | None], AnyCount] = {}
"""counts by all that they come from: the ballot, its rules, what was sealed, the lots drawn"""

audit.words(
    {
        "ballot.sealed": N_("封存计票"),
        "ballot.tie_settled": N_("抽签定了并列"),
        "ballot.published": N_("公布结果"),
    }
)


@dataclass(frozen=True, slots=True)
class Published:
    """A sealed result as it is read: the count, and who took part how."""

    ballot: Ballot
    result: Result
    count: AnyCount
    channels: Mapping[str, int]
    buildings: Sequence[tuple[str, int, int]]
    """building, households in, households on the roll; without small buildings"""
    unconfirmed: int
    """keyed entries that nobody confirmed in time and that do not count"""
    lots: Sequence[Mapping[str, Any]]
    """the lots that were drawn, as the chain tells them: order and witnesses"""

    def witnesses(self, tie: Tie) -> list[str]:
        """Who saw the lot by which a tie was settled."""
        drawn = (lot for lot in self.lots if set(tie.item_ids) <= set(lot["order"]))
        return next((list(lot["witnesses"]) for lot in drawn), [])

    @property
    def keyed(self) -> int:
        """Households whose vote staff keyed in."""
        return sum(n for channel, n in self.channels.items() if channel != Channel.SCAN)


@retrying
def seal(ballot: Ballot, *, by: str | None, at: datetime, keys: LinkKeys) -> Result:
    """Decrypt, shuffle, count and freeze; afterwards nobody can link a choice to a door.

    Args:
        by: the organizer; None when the clock does it at `seals_at`.

    Raises:
        Refused: still open, sealed already, or no supervisor has signed and there is time left.
    """
    sealed = sealing._seal(ballot, by=by, at=at, keys=keys)
    result = Result(
        ballot_id=ballot.id,
        body=_body(ballot, sealed),
        salt=sealed.salt,
        tie_seed=sealed.tie_seed,
        counted_at=at,
    )
    db.session.add(result)
    db.session.execute(delete(LiveFigure).where(LiveFigure.ballot_id == ballot.id))
    second_opinion._begin(ballot)
    rule = offers.offer(ballot).counting.rule.value
    sealing._count_event(ballot, rule, text_digest(result.body), CODE_VERSION, at=at)
    audit.note(
        "ballot.sealed", by=by, at=at, courtyard_id=ballot.courtyard_id, subject_id=ballot.id
    )
    db.session.commit()
    sealing.forget_keys(ballot, keys)
    return result


def _body(ballot: Ballot, sealed: sealing.Sealed) -> str:
    """What is kept of the choices, and who took part how: canonical JSON."""
    offer = offers.offer(ballot)
    items = [item.id for item in offer.items]
    return canonical_json(
        {
            "totals": tally(
                sealed.choices, items, offer.way, offer.counting, sealed.pieces
            ).as_data(),
            "households_in": len(sealed.choices),
            "roll": ballot.roll_count,
            "channels": {str(channel): n for channel, n in asking.by_channel(ballot).items()},
            "buildings": _buildings(ballot),
            "unconfirmed": sealed.unconfirmed,
        }
    )


def _buildings(ballot: Ballot) -> list[tuple[str, int, int]]:
    """The turnout by building, of those that may be told."""
    rows = asking.turnout_by_building(ballot)
    return [(building, came, of) for building, came, of in rows if of >= LEAST_SHOWN]


def read(ballot: Ballot) -> Published:
    """The sealed result.

    Raises:
        NotFound: it is not sealed.
    """
    result = db.session.get(Result, ballot.id)
    if result is None:
        raise NotFound
    body = json.loads(result.body)
    return Published(
        ballot=ballot,
        result=result,
        count=_count(ballot, result, body),
        channels=body["channels"],
        buildings=[(b, n, of) for b, n, of in body["buildings"]],
        unconfirmed=body["unconfirmed"],
        lots=chain.of_kind(ballot, "lot") if result.lot_order else (),
    )


def shown(seen: Figures) -> AnyCount | None:
    """The frozen count once published, else the bars now on show; never a tie settled early."""
    if seen.sight is Sight.RESULT:
        return read(seen.ballot).count
    totals = seen.totals
    return None if totals is None else so_far(offers.offer(seen.ballot), totals)


def _count(ballot: Ballot, result: Result, body: Mapping[str, Any]) -> AnyCount:
    """The count, worked out once a process for each ballot and each lot that is drawn for it."""
    known = (ballot.id, ballot.rules, result.body, result.lot_order)
    if known not in _counted:
        if len(_counted) >= KEPT:
            _counted.clear()
        totals, settle = Totals.from_data(body["totals"]), _settle(ballot, result)
        _counted[known] = _counted_anew(ballot, offers.offer(ballot), totals, settle)
    return _counted[known]


def _counted_anew(ballot: Ballot, offer: Offer, totals: Totals, settle: ties.TieOrder) -> AnyCount:
    if offer.counting.rule is Rule.RUNOFF:
        return count_rounds(offer, totals, sealing.counted_choices(ballot), settle)
    return count(offer, totals, settle)


def _settle(ballot: Ballot, result: Result) -> ties.TieOrder:
    if ballot.tie_method is TieMethod.SEED and result.tie_seed:
        return ties.by_seed(bytes.fromhex(result.tie_seed))
    if result.lot_order:
        return ties.by_lot(json.loads(result.lot_order))
    return ties.unsettled


def to_draw(count: AnyCount) -> tuple[str, ...]:
    """Ids of the items to draw a lot for now; none where no tie waits.

    In a runoff some that are level now may be level again with others later. So everything that
    is left is drawn at once, and no lot ever meets an earlier one.
    """
    waiting = waiting_tie(count)
    if waiting is None:
        return ()
    return tuple(count.rounds[-1].votes) if isinstance(count, RunoffCount) else waiting.item_ids


def waiting_tie(count: AnyCount) -> Tie | None:
    """The tie that is still to be settled."""
    return next((tie for tie in count.ties if tie.settled_by is None), None)


@retrying
def settle_by_lot(
    ballot: Ballot, order: Sequence[str], witnesses: Sequence[str], *, by: str, at: datetime
) -> None:
    """Write down the order in which items were drawn before two witnesses.

    Args:
        order: ids of the items that are `to_draw`, first drawn first.

    Raises:
        Refused: nothing waits for a lot.
        Invalid: the order does not hold exactly these items, or two witnesses are not named.
    """
    ballot = chain.lock(ballot.id)
    found = read(ballot)
    drawn = to_draw(found.count)
    if not drawn or ballot.published_at is not None:
        raise Refused(N_("没有要抽签的并列。"))
    named = _named(witnesses)
    if sorted(order) != sorted(drawn):
        raise Invalid(N_("抽签的次序要把并列的几项都排上，每项一次。"))
    before = json.loads(found.result.lot_order) if found.result.lot_order else []
    found.result.lot_order = canonical_json([*before, *order])
    sealing._lot_event(ballot, list(order), named, at=at)
    yard = ballot.courtyard_id
    audit.note("ballot.tie_settled", by=by, at=at, courtyard_id=yard, subject_id=ballot.id)
    db.session.commit()


def _named(witnesses: Sequence[str]) -> list[str]:
    named = [name.strip() for name in witnesses if name.strip()]
    if len(set(named)) < 2 or max(map(len, named)) > LONGEST_NAME:
        raise Invalid(N_("请写上两位见证人，名字最多 %(most)s 个字。"), most=LONGEST_NAME)
    return named


@retrying
def publish(ballot: Ballot, *, by: str, at: datetime) -> None:
    """Let everybody see the result. Done already: nothing happens.

    Raises:
        Refused: it is not sealed, or a tie still waits for its lot.
    """
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) is State.PUBLISHED:
        db.session.rollback()
        return
    if rules.state(ballot, at) is not State.SEALED:
        raise Refused(N_("要先封存计票，才能公布。"))
    if read(ballot).count.waits:
        raise Refused(N_("有并列还没抽签，定下来再公布。"))
    sealing._publish(ballot, at)
    audit.note(
        "ballot.published", by=by, at=at, courtyard_id=ballot.courtyard_id, subject_id=ballot.id
    )
    db.session.commit()


def published_of(courtyard_id: str) -> list[Ballot]:
    """The courtyard's published ballots, the newest first."""
    return list(
        db.session.scalars(
            select(Ballot)
            .where(Ballot.courtyard_id == courtyard_id, Ballot.published_at.is_not(None))
            .order_by(Ballot.published_at.desc())
        )
    )
