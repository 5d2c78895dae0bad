"""Taking back the last thing one did in the ledger, step by step, as far as the trail reaches."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Refused
from surveys.needs import facts, keeping, merging, splitting, together, withholding
from surveys.needs.facts import Facts
from surveys.needs.merging import UNDO
from surveys.needs.models import Lane, Need, NeedPhoto, Placement, Suggestion
from surveys.needs.rules import PHOTOS_MOST
from surveys.needs.service import MANY, SOME

REACH = timedelta(hours=12)
"""what was done longer ago is set right on the need's own page"""
LOOKED_THROUGH = 60
PHOTO_REMOVED = "need.photo_removed"


def last_act(courtyard_id: str, account_id: str, at: datetime) -> AuditEntry | None:
    """The newest act of this account in the ledger that was not taken back yet."""
    found = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.courtyard_id == courtyard_id,
            AuditEntry.at > at - REACH,
            AuditEntry.account_id == account_id,
            AuditEntry.act.in_([UNDO, *_HOW]),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(LOOKED_THROUGH)
    ).all()
    undone = {entry.facts.get("entry") for entry in found if entry.act == UNDO}
    return next((e for e in found if e.act != UNDO and e.id not in undone), None)


def needs_made_or_changed(entry: AuditEntry) -> set[str]:
    """Ids of what an act was about and of the needs that it made: one, several or none."""
    return {str(entry.subject_id), *_made_by(entry)}


def _made_by(entry: AuditEntry) -> list[str]:
    """A split notes the need that it made, and so did sorting once; now it notes a list."""
    made = _noted(entry).get("made") or []
    return [made] if isinstance(made, str) else list(made)


def undo(courtyard_id: str, entry_id: str, *, by: str, at: datetime) -> int | None:
    """Take back what this entry of the trail says, if it is the last thing that `by` did.

    Returns: the number of the suggestion that it was about, if it was about one.

    Raises:
        Refused: it is not, or was taken back already, or somebody has built on it since.
    """
    entry = last_act(courtyard_id, by, at)
    if entry is None or entry.id != entry_id:
        raise Refused(N_("这一步已经撤销过了，或者不是您刚才做的。"))
    more = _HOW[entry.act](entry, by, at) or {}
    audit.note(
        UNDO,
        by=by,
        at=at,
        courtyard_id=courtyard_id,
        subject_id=entry.subject_id,
        entry=entry.id,
        **more,
    )
    db.session.commit()
    number = entry.facts.get("number")
    return number if isinstance(number, int) else None


def _suggestions(entry: AuditEntry) -> Sequence[Suggestion]:
    """The one that the act was about and those that went along, locked."""
    ids = {entry.subject_id, *_noted(entry).get("others", ())}
    rows = select(Suggestion).where(Suggestion.id.in_(ids)).order_by(Suggestion.id)
    locked = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).all()


def _need(entry: AuditEntry) -> Need:
    found = keeping.lock_needs([str(entry.subject_id)])
    if not found:
        raise _changed()
    return found[0]


def _changed() -> Refused:
    return Refused(N_("后来又有人动过，撤销不了了。请到那一件里改。"))


def _noted(entry: AuditEntry) -> Mapping[str, Any]:
    return entry.facts


def _place(entry: AuditEntry, by: str, at: datetime) -> None:
    noted = _noted(entry)
    db.session.execute(
        delete(Placement).where(
            Placement.suggestion_id.in_([one.id for one in _suggestions(entry)]),
            Placement.need_id.in_([*noted["needs"], *noted.get("besides", ())]),
            Placement.placed_by == by,
        )
    )
    for need_id in _made_by(entry):
        _take_back_need(need_id)


def _take_back_need(need_id: str) -> None:
    """Drop a need that was just made, unless something hangs on it by now."""
    used = select(Placement.id).where(Placement.need_id == need_id).limit(1)
    keeping.lock_needs([need_id])
    if db.session.scalar(used) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Need).where(Need.id == need_id))
    except IntegrityError:
        return  # a menu item or a merged need hangs on it: it stays


def _set_aside(entry: AuditEntry, by: str, at: datetime) -> None:
    for suggestion in _suggestions(entry):
        suggestion.set_aside_at = None


def _unplace(entry: AuditEntry, by: str, at: datetime) -> None:
    (suggestion,), noted = _suggestions(entry), _noted(entry)
    held = set(
        db.session.scalars(
            select(Placement.need_id).where(Placement.suggestion_id == suggestion.id)
        )
    )
    if suggestion.set_aside_at is not None or held & set(noted["needs"]):
        raise _changed()
    if noted["aside"]:
        if held:
            raise _changed()
        suggestion.set_aside_at = at
    for need in keeping.lock_needs(noted["needs"]):
        db.session.add(
            Placement(suggestion_id=suggestion.id, need_id=need.id, placed_by=by, placed_at=at)
        )


def _made(entry: AuditEntry, by: str, at: datetime) -> None:
    _take_back_need(_need(entry).id)


def _renamed(entry: AuditEntry, by: str, at: datetime) -> None:
    need, noted = _need(entry), _noted(entry)
    keeping.check_free(need)
    was = noted["was"]["title"]
    if need.title != noted["title"] or keeping.is_taken(need.round_id, was, but=need.id):
        raise _changed()
    need.title, need.category = noted["was"]["title"], noted["was"]["category"]


def _sent(entry: AuditEntry, by: str, at: datetime) -> None:
    need, noted = _need(entry), _noted(entry)
    was = noted["was"]
    if noted.get("now", keeping.lane_facts(need)) != keeping.lane_facts(need):
        raise _changed()
    _put_back(need, was)


def _put_back(need: Need, was: Mapping[str, Any]) -> None:
    need.lane, need.lane_note = Lane(was["lane"]), was.get("lane_note", "")
    need.fixed_on = date.fromisoformat(was["fixed_on"]) if was["fixed_on"] else None
    need.fix_note = was["fix_note"]


def _sent_together(entry: AuditEntry, by: str, at: datetime) -> None:
    sent = {one["id"]: one for one in _noted(entry)["sent"]}
    needs = keeping.lock_needs(list(sent))
    if len(needs) < len(sent) or any(
        need.merged_into_id or keeping.lane_facts(need) != sent[need.id]["now"] for need in needs
    ):
        raise _changed()
    for need in needs:
        _put_back(need, sent[need.id]["was"])


def _withheld_together(entry: AuditEntry, by: str, at: datetime) -> None:
    noted = _noted(entry)
    rows = select(Suggestion).where(Suggestion.id.in_(noted["held"])).order_by(Suggestion.id)
    locked = rows.with_for_update().execution_options(populate_existing=True)
    for suggestion in db.session.scalars(locked):
        if suggestion.withheld_at is not None and suggestion.withheld_reason == noted["why"]:
            withholding._release(suggestion, by, at)


def _described(entry: AuditEntry, by: str, at: datetime) -> None:
    need, noted = _need(entry), _noted(entry)
    keeping.check_root(need)
    if Facts.of(need) != Facts.read(noted["now"]):
        raise _changed()
    facts._put(need, Facts.read(noted["was"]))


def _merged(entry: AuditEntry, by: str, at: datetime) -> None:
    merged = _noted(entry)["merged"]
    found = keeping.lock_needs({*merged, str(entry.subject_id)})
    apart = [n for n in found if n.id in merged and n.merged_into_id == entry.subject_id]
    if len(apart) != len(merged):
        raise _changed()
    for need in apart:
        merging._unmerge(need)


def _unmerged(entry: AuditEntry, by: str, at: datetime) -> dict[str, object]:
    need, into_id = _need(entry), _noted(entry)["into"]
    into = keeping.lock_needs([into_id])
    for one in (need, *into):
        keeping.check_free(one)
    return {"pointed_on": merging._merge(into[0], [need])}


def _photo_removed(entry: AuditEntry, by: str, at: datetime) -> None:
    need = _need(entry)
    photo = db.session.get(NeedPhoto, _noted(entry).get("photo", ""))
    kept = select(func.count()).where(NeedPhoto.need_id == need.id, NeedPhoto.removed_at.is_(None))
    if photo is None or (db.session.scalar(kept) or 0) >= PHOTOS_MOST:
        raise _changed()
    photo.removed_at = None


_HOW: Mapping[str, Callable[[AuditEntry, str, datetime], dict[str, object] | None]] = {
    **{f"suggestion.place{ending}": _place for ending in ("", MANY, SOME)},
    **{f"suggestion.set_aside{ending}": _set_aside for ending in ("", MANY, SOME)},
    "suggestion.unplace": _unplace,
    "need.new": _made,
    "need.rename": _renamed,
    "need.lane": _sent,
    **{keeping.SENT + lane: _sent for lane in keeping.BY_HAND},
    together.SENT_TOGETHER: _sent_together,
    together.WITHHELD: _withheld_together,
    "need.facts": _described,
    PHOTO_REMOVED: _photo_removed,
    "need.quick_fix": _sent,
    "need.reopen": _sent,
    splitting.SPLIT: splitting._put_together,
    merging.MERGE: _merged,
    merging.UNMERGE: _unmerged,
}
"""Act → how it is taken back. What hangs together by now is not torn apart: then it refuses."""

audit.words({UNDO: N_("撤销了上一步")})
