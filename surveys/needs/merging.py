"""Two needs turn out to be one: merging leaves a trace, and can be taken apart again.

Placements stay where they were put. A merged need names the one that it counts under now, which is
never merged itself; those that counted under a merged need before are pointed on, and the trail
remembers from where.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs.keeping import check_free, lock_needs, note
from surveys.needs.models import Need

MERGE = "need.merge"
UNMERGE = "need.unmerge"
UNDO = "ledger.undo"


def merge(into: Need, other_ids: Collection[str], *, by: str, at: datetime) -> None:
    """Let `into` stand for the others too: whoever stood behind them stands behind it.

    Raises:
        Invalid: no other need was named.
        NotFound: one is not of this ledger.
        Refused: into itself; one was merged already; or an open ballot stands on one.
    """
    if not other_ids:
        raise Invalid(N_("还没有选并哪一件。"))
    if into.id in other_ids:
        raise Refused(N_("一件不能并进它自己。"))
    found = {need.id: need for need in lock_needs({into.id, *other_ids})}
    others = [found[i] for i in sorted(other_ids) if i in found]
    if len(others) != len(set(other_ids)) or any(n.round_id != into.round_id for n in others):
        raise NotFound(N_("台账里没有这一件诉求。"))
    for need in (into, *others):
        check_free(need)
    note(
        MERGE,
        into,
        by,
        at,
        title=into.title,
        others="、".join(need.title for need in others),
        merged=[need.id for need in others],
        pointed_on=_merge(into, others),
    )
    db.session.commit()


def unmerge(need: Need, *, by: str, at: datetime) -> None:
    """Let a merged need stand for itself again, with those merged into it before.

    Raises:
        Refused: it is not merged, or an open ballot stands on it.
    """
    if need.merged_into_id is None:
        raise Refused(N_("“%(title)s”没有并进别的。"), title=need.title)
    into_id = need.merged_into_id
    lock_needs({need.id, into_id})
    _unmerge(need)
    note(UNMERGE, need, by, at, title=need.title, into=into_id)
    db.session.commit()


def _merge(into: Need, others: Sequence[Need]) -> dict[str, str | None]:
    """Which needs were pointed on, and from where. Part of an act: needs are locked and free."""
    other_ids = [need.id for need in others]
    below = lock_needs(
        db.session.scalars(select(Need.id).where(Need.merged_into_id.in_(other_ids))).all()
    )
    pointed_on = {need.id: need.merged_into_id for need in below}
    for need in (*below, *others):
        need.merged_into_id = into.id
    db.session.flush()
    return pointed_on


def _unmerge(need: Need) -> None:
    """Part of an act: the needs are locked."""
    into_id = need.merged_into_id
    if into_id is None or need.pinned_at is not None:
        raise Refused(N_("“%(title)s”已经用在点单里，不能再改了。"), title=need.title)
    need.merged_into_id = None
    db.session.flush()
    for follower in lock_needs(_followers(need)):
        if follower.merged_into_id == into_id:
            follower.merged_into_id = need.id
    db.session.flush()


def _followers(need: Need) -> set[str]:
    """Needs that counted under `need` when it was merged, by the trail."""
    merges = select(audit.AuditEntry).where(
        audit.AuditEntry.courtyard_id == need.courtyard_id,
        audit.AuditEntry.act.in_([MERGE, UNDO]),  # undoing a parting merges again
    )
    found: set[str] = set()
    for entry in db.session.scalars(merges):
        pointed_on = entry.facts.get("pointed_on")
        if isinstance(pointed_on, Mapping):
            found |= {str(key) for key, was in pointed_on.items() if was == need.id}
    return found


audit.words(
    {
        MERGE: N_("把“%(others)s”并进“%(title)s”"),
        UNMERGE: N_("把“%(title)s”拆了出来"),
    }
)
