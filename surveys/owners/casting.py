"""An owner votes online, where the place's rules allow it: one transaction, signed by name."""

from datetime import datetime

from surveys.base import clock
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting.double_majority import Mark
from surveys.errors import Invalid, Refused
from surveys.owners import recording, rules, service
from surveys.owners.coming import Marks
from surveys.owners.models import Capacity, Channel, OwnerEntry, OwnersVote, VoteOwner
from surveys.owners.recording import Came
from surveys.owners.rules import State

MARKED = frozenset({Mark.FOR, Mark.AGAINST, Mark.ABSTAIN})
"""what an owner may say of a motion"""


@retrying
def cast(
    vote: OwnersVote,
    owner: VoteOwner,
    marks: Marks,
    signer: str,
    *,
    submission: str,
    at: datetime,
) -> OwnerEntry:
    """Record what an owner sends online. It replaces what the same person sent before.

    Args:
        marks: by number of the motion; every motion has one.
        signer: the own name that somebody of the owner typed.
        submission: made with the form; the same one sent again changes nothing.

    Returns:
        The entry. CONTESTED where another of the owner said otherwise, SUPERSEDED where a signed
        paper goes before it.

    Raises:
        Invalid: nobody signed, or a motion is not marked.
        Refused: no online vote, not open, or whoever signed is not the owner.
    """
    refuse_unless_open(vote, at)
    _refuse_half(vote, marks)
    if not signer.strip():
        raise Invalid(N_("请写上您的姓名，当作签字。"))
    zone = service.zone_of(vote)
    came = Came(
        channel=Channel.ONLINE,
        capacity=Capacity.OWNER,
        signer=signer,
        marks=marks,
        received_on=clock.day(at, zone),
        submission=submission,
    )
    entry = recording._record(vote, owner, came, None, at)
    db.session.commit()
    return entry


def refuse_unless_open(vote: OwnersVote, at: datetime) -> None:
    """Raises Refused, in words, where nothing is taken online at `at`."""
    if not vote.is_online:
        raise Refused(N_("这次表决不在网上投，请用纸质表决票。"))
    state = rules.state(vote, at)
    if state is State.ANNOUNCED:
        raise Refused(N_("投票还没有开始。"))
    if state is not State.OPEN:
        raise Refused(N_("已经截止，现在不收票了。您刚才选的没有交上。"))


def _refuse_half(vote: OwnersVote, marks: Marks) -> None:
    left = [m.number for m in service.motions_of(vote) if marks.get(m.number) not in MARKED]
    if left:
        raise Invalid(
            N_("第 %(number)s 项还没有选。赞成、反对、弃权，请每一项都选一个。"), number=left[0]
        )
