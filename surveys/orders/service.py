"""Accepting, finishing and declining what was chosen; each order is one public line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.ballots import chain
from surveys.ballots.models import Ballot
from surveys.ballots.offers import OfferedItem
from surveys.base import audit, clock
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.orders.models import Order
from surveys.orders.rules import (
    NAME_MOST,
    REASON_MOST,
    Facts,
    OrderState,
    is_late,
    last_notice_day,
    stage,
)
from surveys.results import service as results
from surveys.results.counted import RunoffCount


@dataclass(frozen=True, slots=True)
class Line:
    """One chosen item, and what became of it."""

    ballot: Ballot
    item: OfferedItem
    published_from: date
    facts: Facts
    stage: OrderState
    late: bool
    """the promised day has passed"""
    accepted_by: str = ""
    reason: str = ""


def lines(ballot: Ballot, at: datetime) -> list[Line]:
    """What was chosen in a published ballot, in the order of the result, on the day of `at`."""
    known = {order.item_id: order for order in _orders(ballot.id)}
    today = clock.day(at, _zone(ballot))
    return [_line(ballot, item, known.get(item.id), today) for item in _chosen(ballot)]


def lines_of(courtyard_id: str, at: datetime) -> list[tuple[Ballot, list[Line]]]:
    """The same for every published ballot of a courtyard, the newest first."""
    return [(ballot, lines(ballot, at)) for ballot in results.published_of(courtyard_id)]


def accept(
    ballot: Ballot, item_id: str, who: str, promised_for: date, *, by: str, at: datetime
) -> None:
    """A body accepts the order and says until when it is done.

    Raises:
        NotFound: the item was not chosen.
        Invalid: nobody is named, or the day is past.
        Refused: the notice is not over, or it was accepted or declined already.
    """
    name = one_line(who, NAME_MOST, N_("请写是哪个单位接的，如“中心路街道办”。"))
    order, today = _locked(ballot, item_id, at)
    _mind(order, today, {OrderState.WAITING})
    if promised_for < today:
        raise Invalid(N_("答应的日子已经过了，请写今天以后的。"))
    order.accepted_by, order.accepted_on, order.promised_for = name, today, promised_for
    order.reason = ""
    _keep("order.accept", order, by, at, who=name, day=promised_for.isoformat())


def put_off(
    ballot: Ballot, item_id: str, promised_for: date, why: str, *, by: str, at: datetime
) -> None:
    """Promise another day, with a reason that everybody reads.

    Raises:
        NotFound: the item was not chosen.
        Invalid: no reason, the same day, or a day that is past.
        Refused: it is not accepted, or it is done.
    """
    reason = one_line(why, REASON_MOST, N_("请写一句为什么改日子，居民看得到。"))
    order, today = _locked(ballot, item_id, at)
    _mind(order, today, {OrderState.ACCEPTED})
    if promised_for < today or promised_for == order.promised_for:
        raise Invalid(N_("请写一个新的日子，今天或今天以后。"))
    order.promised_for, order.reason = promised_for, reason
    _keep("order.put_off", order, by, at, day=promised_for.isoformat(), reason=reason)


def finish(ballot: Ballot, item_id: str, on: date, *, by: str, at: datetime) -> None:
    """It is done.

    Raises:
        NotFound: the item was not chosen.
        Invalid: the day lies ahead, or before it was accepted.
        Refused: it is not accepted, or done already.
    """
    order, today = _locked(ballot, item_id, at)
    _mind(order, today, {OrderState.ACCEPTED})
    if on > today or (order.accepted_on and on < order.accepted_on):
        raise Invalid(N_("办好的日子要在接单以后、今天以前。"))
    order.done_on = on
    _keep("order.finish", order, by, at, day=on.isoformat())


def decline(ballot: Ballot, item_id: str, why: str, *, by: str, at: datetime) -> None:
    """It will not be done after all, for a reason that everybody reads.

    Raises:
        NotFound: the item was not chosen.
        Invalid: no reason, or too long a one.
        Refused: it was accepted or declined already.
    """
    reason = one_line(why, REASON_MOST, N_("不接要写明原因，居民看得到。"))
    order, today = _locked(ballot, item_id, at)
    _mind(order, today, {OrderState.POSTED, OrderState.WAITING})
    order.declined_on, order.reason = today, reason
    _keep("order.decline", order, by, at, reason=reason)


def take_back(ballot: Ballot, item_id: str, *, by: str, at: datetime) -> None:
    """Take the last step back: done is accepted again, accepted or declined is waiting again.

    Raises:
        NotFound: the item was not chosen.
        Refused: there is no step to take back.
    """
    order, today = _locked(ballot, item_id, at)
    where = _mind(order, today, {OrderState.DONE, OrderState.ACCEPTED, OrderState.DECLINED})
    if where is OrderState.DONE:
        order.done_on = None
    else:
        order.accepted_by, order.accepted_on, order.promised_for = "", None, None
        order.declined_on, order.reason = None, ""
    _keep("order.take_back", order, by, at)


# Parts of acts: none of them commits


def _orders(ballot_id: str) -> Sequence[Order]:
    return db.session.scalars(select(Order).where(Order.ballot_id == ballot_id)).all()


def _chosen(ballot: Ballot) -> list[OfferedItem]:
    count = results.read(ballot).count
    if isinstance(count, RunoffCount):
        return [count.winner] if count.winner else []
    return [line.item for line in count.chosen]


def _zone(ballot: Ballot) -> str:
    return db.session.get_one(Courtyard, ballot.courtyard_id).zone


def _facts(order: Order) -> Facts:
    return Facts(
        order.published_to,
        order.accepted_on,
        order.promised_for,
        order.done_on,
        order.declined_on,
    )


def _line(ballot: Ballot, item: OfferedItem, order: Order | None, today: date) -> Line:
    published_on = _published_on(ballot)
    facts = _facts(order) if order else Facts(last_notice_day(published_on))
    return Line(
        ballot=ballot,
        item=item,
        published_from=published_on,
        facts=facts,
        stage=stage(facts, today),
        late=is_late(facts, today),
        accepted_by=order.accepted_by if order else "",
        reason=order.reason if order else "",
    )


def _published_on(ballot: Ballot) -> date:
    if ballot.published_at is None:
        raise NotFound(N_("结果还没公布，没有单可接。"))
    return clock.day(ballot.published_at, _zone(ballot))


def _locked(ballot: Ballot, item_id: str, at: datetime) -> tuple[Order, date]:
    """The order of a chosen item, made at the first act; whoever comes second waits here."""
    ballot = chain.lock(ballot.id)
    published_on = _published_on(ballot)
    if item_id not in {item.id for item in _chosen(ballot)}:
        raise NotFound(N_("结果里没有选上这一项。"))
    asked = select(Order).where(Order.ballot_id == ballot.id, Order.item_id == item_id)
    order = db.session.scalar(asked.execution_options(populate_existing=True))
    if order is None:
        order = Order(
            id=new_id(),
            courtyard_id=ballot.courtyard_id,
            ballot_id=ballot.id,
            item_id=item_id,
            accepted_by="",
            reason="",
            published_to=last_notice_day(published_on),
            changed_at=at,
        )
        db.session.add(order)
    return order, clock.day(at, _zone(ballot))


_NOT_NOW: Mapping[OrderState, str] = {
    OrderState.POSTED: N_("还在公示，满了再接单。"),
    OrderState.WAITING: N_("还没有单位接这一单。"),
    OrderState.ACCEPTED: N_("这一单已经有单位接了。"),
    OrderState.DONE: N_("这一单已经记着办好了。"),
    OrderState.DECLINED: N_("这一单已经记着不接了。"),
}


def _mind(order: Order, today: date, wanted: set[OrderState]) -> OrderState:
    where = stage(_facts(order), today)
    if where not in wanted:
        db.session.rollback()
        raise Refused(_NOT_NOW[where])
    return where


def _keep(act: str, order: Order, by: str, at: datetime, **details: object) -> None:
    order.changed_at = at
    ballot = db.session.get_one(Ballot, order.ballot_id)
    name = next(item.name for item in _chosen(ballot) if item.id == order.item_id)
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=order.courtyard_id,
        subject_id=order.ballot_id,
        name=name,
        **details,
    )
    db.session.commit()


audit.words(
    {
        "order.accept": N_("“%(name)s”由%(who)s接单，答应 %(day)s 前办好"),
        "order.put_off": N_("“%(name)s”改到 %(day)s 前办好：%(reason)s"),
        "order.finish": N_("“%(name)s”办好了，%(day)s"),
        "order.decline": N_("“%(name)s”不接：%(reason)s"),
        "order.take_back": N_("“%(name)s”退回一步"),
    }
)
