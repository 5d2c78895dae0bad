"""One need turns out to be two: some of its suggestions go to a new one, in one act.

The suggestions may have been put to needs that were merged into it. The trail remembers where each
was, so that taking the step back puts everything where it was.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.needs import keeping
from surveys.needs.ledger import root_id
from surveys.needs.models import Need, Placement, Suggestion
from surveys.rounds.models import Round

SPLIT = "need.split"


def split(
    need: Need,
    suggestion_ids: Collection[str],
    title: str,
    category: str | None,
    *,
    by: str,
    at: datetime,
) -> Need:
    """Put these suggestions of a need to a new one.

    Raises:
        Invalid: none was ticked, or the new need cannot be called so.
        Refused: all of them were ticked; one was taken elsewhere meanwhile; a ballot stands on
            the need, or it was merged.
    """
    if not suggestion_ids:
        raise Invalid(N_("要拆的，先在原话旁边勾上一条或几条。"))
    _lock_suggestions(suggestion_ids)
    keeping.lock_needs([need.id])
    keeping.check_free(need)
    group = _placements(need)
    moved = [p for p in group if p.suggestion_id in suggestion_ids]
    if {p.suggestion_id for p in moved} != set(suggestion_ids):
        raise Refused(N_("勾上的刚才有人动过了。请重新打开这一页，再勾一次。"))
    if len({p.suggestion_id for p in group}) == len(set(suggestion_ids)):
        raise Refused(N_("全勾上就不是拆了。只想换个名字，请用“名字和类”。"))
    made = keeping._new(db.session.get_one(Round, need.round_id), title, category, None, at)
    _move(moved, suggestion_ids, made, by, at)
    facts: dict[str, object] = {
        "title": made.title,
        "out_of": need.title,
        "n": len(set(suggestion_ids)),
        "made": made.id,
        "moved": [[p.suggestion_id, p.need_id] for p in moved],
    }
    keeping.note(SPLIT, need, by, at, **facts)
    keeping.note("need.split_off", made, by, at, out_of=need.title, title=made.title)
    db.session.commit()
    return made


def _lock_suggestions(suggestion_ids: Collection[str]) -> None:
    """Suggestions are locked before needs, as by everybody who sorts."""
    rows = select(Suggestion.id).where(Suggestion.id.in_(suggestion_ids))
    db.session.execute(rows.order_by(Suggestion.id).with_for_update()).all()


def _placements(need: Need) -> Sequence[Placement]:
    """Everything that counts under a need, but for what its household said otherwise since."""
    return db.session.scalars(
        select(Placement)
        .join(Need, Need.id == Placement.need_id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(root_id == need.id, Suggestion.superseded_at.is_(None))
        .order_by(Placement.id)
    ).all()


def _move(
    placements: Sequence[Placement],
    suggestion_ids: Collection[str],
    to: Need,
    by: str,
    at: datetime,
) -> None:
    db.session.execute(delete(Placement).where(Placement.id.in_([p.id for p in placements])))
    db.session.add_all(
        Placement(suggestion_id=suggestion_id, need_id=to.id, placed_by=by, placed_at=at)
        for suggestion_id in sorted(set(suggestion_ids))
    )
    db.session.flush()


def _put_together(entry: AuditEntry, by: str, at: datetime) -> None:
    """Take a split back. Part of an act.

    Raises:
        Refused: what was split off has been built on since.
    """
    noted: Mapping[str, Any] = entry.facts
    moved: list[list[str]] = noted["moved"]
    said = {suggestion_id for suggestion_id, _ in moved}
    _lock_suggestions(said)
    kept = keeping.lock_needs({noted["made"], *(need_id for _, need_id in moved)})
    made = next((need for need in kept if need.id == noted["made"]), None)
    if made is None or len(kept) != 1 + len({need_id for _, need_id in moved}):
        raise _built_on()
    keeping.check_free(made)
    keeping.check_free(db.session.get_one(Need, entry.subject_id))
    held = select(Placement.suggestion_id).where(Placement.need_id == made.id)
    if set(db.session.scalars(held)) != said or _placed_again(moved):
        raise _built_on()
    _drop(made)
    db.session.add_all(
        Placement(suggestion_id=suggestion_id, need_id=need_id, placed_by=by, placed_at=at)
        for suggestion_id, need_id in moved
    )


def _placed_again(moved: Sequence[Sequence[str]]) -> bool:
    held = db.session.execute(
        select(Placement.suggestion_id, Placement.need_id).where(
            Placement.suggestion_id.in_([suggestion_id for suggestion_id, _ in moved])
        )
    )
    return not {(s, n) for s, n in moved}.isdisjoint({(s, n) for s, n in held})


def _drop(made: Need) -> None:
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Placement).where(Placement.need_id == made.id))
            db.session.execute(delete(Need).where(Need.id == made.id))
    except IntegrityError:  # a menu item, a picture or a merged need hangs on it
        raise _built_on() from None


def _built_on() -> Refused:
    return Refused(N_("后来又有人动过，撤销不了了。请到那一件里改。"))


audit.words(
    {
        SPLIT: N_("把 %(n)s 条从“%(out_of)s”拆成“%(title)s”"),
        "need.split_off": N_("“%(title)s”从“%(out_of)s”里拆出来"),
    }
)
