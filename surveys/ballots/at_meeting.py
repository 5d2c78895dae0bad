"""A ballot that the host of a meeting opens at an item of the agenda, and closes there.

Only one that was drafted so: its rules say it, and its pages do, before the first vote. Nobody who
closes it can have seen how it goes, since it never shows bars (`drafting`). Nothing here commits:
the meeting's act does, with the line of its minutes.
"""

from datetime import datetime

from surveys.ballots import chain, drafting, rules, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.ballots.rules import State
from surveys.base import audit
from surveys.base.words import N_
from surveys.errors import Refused

NOT_HERE = N_("这次点单不是会上开的。请先在电脑上开票，或者改成会上开。")

audit.words({"ballot.closed_at_meeting": N_("会上截止点单，%(households)s 户交了")})


def _open(ballot: Ballot, *, by: str, at: datetime, keys: LinkKeys, secret: bytes) -> bool:
    """Open the ballot from now on; whether it was this act that did. Locked until the commit.

    A ballot that opened by its hour stands as it is: the meeting only shows it.

    Raises:
        Refused: a draft that no meeting opens, one that `drafting.open_` would refuse, one that
            opens later, or one that is over.
    """
    ballot = chain.lock(ballot.id)
    state = rules.state(ballot, at)
    if state is State.OPEN:
        return False
    if state is State.ANNOUNCED:
        raise Refused(N_("这次点单已经定好时间开始，还没到。到时候再开。"))
    if state is not State.DRAFT:
        raise Refused(N_("这次点单已经截止了，不能再开。"))
    if not ballot.at_meeting:
        raise Refused(NOT_HERE)
    ballot.opens_at = at
    drafting._open(ballot, by, at, keys, secret)
    return True


def _close(ballot: Ballot, *, by: str, at: datetime) -> bool:
    """Close the ballot now; whether it was this act that did. Locked until the commit.

    A vote that is being written down either stands in the chain before the close, or is told.

    Raises:
        Refused: it does not close at a meeting, or was never opened.
    """
    ballot = chain.lock(ballot.id)
    state = rules.state(ballot, at)
    if state in {State.DRAFT, State.ANNOUNCED}:
        raise Refused(N_("这次点单还没有开始。"))
    if state is not State.OPEN:
        return False
    if not ballot.at_meeting:
        raise Refused(N_("这次点单不是会上截止的，到定好的时间才截止。"))
    sealing._close(ballot, at)
    ballot.revision += 1
    audit.note(
        "ballot.closed_at_meeting",
        by=by,
        at=at,
        courtyard_id=ballot.courtyard_id,
        subject_id=ballot.id,
        households=ballot.households_in,
    )
    return True
