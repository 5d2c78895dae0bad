"""Who may read who voted how: supervisors, and accounts that were named to count this vote."""

from datetime import datetime

from sqlalchemy import select

from surveys.accounts import lists
from surveys.accounts.models import Account
from surveys.accounts.rules import May
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain
from surveys.owners.models import Counter, OwnersVote

audit.words(
    {
        "counter.named": N_("指定 %(name)s 为业主表决的计票人"),
        "counter.dropped": N_("%(name)s 不再是业主表决的计票人"),
    }
)


@retrying
def name(vote: OwnersVote, account_name: str, *, by: str, at: datetime) -> Account:
    """Name an account, by what it signs in with, to count this vote. Named twice, it is once.

    Raises:
        Invalid: there is no such account, or it has no post at this courtyard.
        Refused: the vote is void.
    """
    vote = chain.lock(vote.id)
    if vote.voided_at is not None:
        raise Refused(N_("这次表决已经作废。"))
    account = _posted(vote, account_name)
    if db.session.get(Counter, (vote.id, account.id)) is None:
        db.session.add(Counter(vote_id=vote.id, account_id=account.id, named_by=by, named_at=at))
        _note("counter.named", vote, account, by, at)
    db.session.commit()
    return account


@retrying
def drop(vote: OwnersVote, account_id: str, *, by: str, at: datetime) -> None:
    """Let an account count this vote no more. What it has read stays in the trail.

    Raises:
        NotFound: it was not named.
    """
    chain.lock(vote.id)
    counter = db.session.get(Counter, (vote.id, account_id))
    if counter is None:
        raise NotFound
    db.session.delete(counter)
    _note("counter.dropped", vote, db.session.get_one(Account, account_id), by, at)
    db.session.commit()


def of(vote: OwnersVote) -> list[Account]:
    """Who was named, in that order."""
    return list(
        db.session.scalars(
            select(Account)
            .join(Counter, Counter.account_id == Account.id)
            .where(Counter.vote_id == vote.id)
            .order_by(Counter.named_at, Account.name)
        )
    )


def is_named(vote: OwnersVote, account_id: str) -> bool:
    """Whether this account was named to count this vote."""
    return db.session.get(Counter, (vote.id, account_id)) is not None


def _posted(vote: OwnersVote, account_name: str) -> Account:
    try:
        account = lists.called(account_name.strip())
    except NotFound as fault:
        raise Invalid(N_("没有用“%(name)s”登录的人。"), name=account_name.strip()[:60]) from fault
    if account.disabled_at or not lists.may_at(account, vote.courtyard_id, May.LOOK):
        raise Invalid(N_("“%(name)s”在这个楼院没有职务。"), name=account.name)
    return account


def _note(act: str, vote: OwnersVote, account: Account, by: str, at: datetime) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=vote.courtyard_id,
        subject_id=vote.id,
        name=account.title or account.name,
    )
