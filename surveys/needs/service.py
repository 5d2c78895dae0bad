"""Sorting: a suggestion is put to needs, set aside, or taken out again.

Every act notes in the trail what `undoing` must know to take it back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import keeping, proposing
from surveys.needs.intake import (
    add_suggestion,
    find_said,
    new_submission,
    take_in,
    take_in_all,
    take_in_courtyard,
    waiting,
)
from surveys.needs.keeping import Fix, new_need, quick_fix, rename, reopen, set_lane
from surveys.needs.ledger import counts, fixed, is_unsorted, root_id
from surveys.needs.merging import merge, unmerge
from surveys.needs.models import Need, Placement, Suggestion
from surveys.needs.proposing import Besides
from surveys.rounds.models import Round

__all__ = [  # asked for here by other rooms
    "Fix",
    "add_suggestion",
    "counts",
    "find_said",
    "fixed",
    "merge",
    "new_need",
    "new_submission",
    "quick_fix",
    "rename",
    "reopen",
    "set_lane",
    "take_in",
    "take_in_all",
    "take_in_courtyard",
    "unmerge",
    "waiting",
]

MANY, SOME = "_many", "_some"
"""how an act is called that was done with several at once; with those that were left to do"""
TICK_TWO = N_("要并的，先在右边勾上两件或几件。")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A need that was offered: it is made, unless the ledger has one of that title by now."""

    title: str
    category: str | None


class _Along(NamedTuple):
    """The others that are put away with one, locked."""

    others: Sequence[Suggestion]
    apart: frozenset[str]
    """ids of those of them that are put besides only, not to where the one is put"""
    besides: Mapping[str, Sequence[str]]
    """ids of the needs that their other wishes are put to"""
    left: int
    """those that were to go along and do not"""


def place(
    suggestion: Suggestion,
    need_ids: Collection[str],
    *,
    fresh: Sequence[Fresh] = (),
    also: Collection[str] = (),
    besides: Collection[Besides] = (),
    by: str,
    at: datetime,
) -> int:
    """Put an unsorted suggestion to one need or to several, and others that ask for the same.

    Args:
        fresh: needs besides, which may have to be made.
        also: ids of suggestions of the round that go along; those that somebody has sorted in the
            meantime are left alone.
        besides: where other wishes of such suggestions are put, as far as that is proposed. One
            that is not among `also` is put there alone.

    Returns: how many were put to something.

    Raises:
        Invalid: no need was named, or a title cannot stand.
        NotFound: a need is not of this ledger.
        Refused: somebody has sorted it otherwise in the meantime, or it was replaced.
    """
    if not need_ids and not fresh:
        raise Invalid(N_("还没有选归到哪一件。"))
    if fresh:
        _one_maker_at_a_time(suggestion.round_id)
    along = _go_along(suggestion, also, besides, need_ids)
    needs = _roots(suggestion.round_id, need_ids)
    there = [_called(suggestion.round_id, one.title) for one in fresh]
    if _placed(suggestion) == {need.id if need else "" for need in (*needs, *there)}:
        db.session.rollback()  # sent twice
        return 0
    _check_unsorted(suggestion)
    made = []
    for one in fresh:
        need, is_new = _found_or_made(suggestion, one, at)
        made += [need] if is_new else []
        needs += [] if need in needs else [need]
    return _put(suggestion, along, needs, made, by, at)


def place_new(
    suggestion: Suggestion,
    title: str,
    category: str | None,
    fix: Fix | None = None,
    *,
    also: Collection[str] = (),
    besides: Collection[Besides] = (),
    by: str,
    at: datetime,
) -> Need:
    """Put an unsorted suggestion to a new need, which may be one that is fixed at once.

    Args:
        also, besides: see `place`.

    Raises:
        Invalid: the title or the note cannot stand so, or the day lies ahead.
        Refused: somebody has sorted it in the meantime, or it was replaced.
    """
    _one_maker_at_a_time(suggestion.round_id)
    along = _go_along(suggestion, also, besides, ())
    _check_unsorted(suggestion)
    round_ = db.session.get_one(Round, suggestion.round_id)
    need = keeping._new(round_, title, category, fix, at)
    _put(suggestion, along, [need], [need], by, at)
    return need


def set_aside(suggestion: Suggestion, *, also: Collection[str] = (), by: str, at: datetime) -> int:
    """Say that there is no wish in it (没意见, 谢谢 …), nor in others; how many were set aside.

    Args:
        also: see `place`.

    Raises:
        Refused: somebody has put it to a need in the meantime, or it was replaced.
    """
    others = _lock(suggestion, also)
    if suggestion.set_aside_at is not None:
        db.session.rollback()
        return 0
    _check_unsorted(suggestion)
    for one in (suggestion, *others):
        one.set_aside_at = at
    left = len(set(also)) - len(others)
    _note("suggestion.set_aside", suggestion, _Along(others, frozenset(), {}, left), by, at)
    db.session.commit()
    return 1 + len(others)


def unplace(suggestion: Suggestion, need: Need | None = None, *, by: str, at: datetime) -> None:
    """Take a suggestion out of a need (with those merged into it), or from wherever it is."""
    _lock(suggestion, ())
    asked = select(Placement).where(Placement.suggestion_id == suggestion.id)
    if need is not None:
        group = select(Need.id).where(root_id == (need.merged_into_id or need.id))
        asked = asked.where(Placement.need_id.in_(group))
    placements = list(db.session.scalars(asked))
    was_aside = suggestion.set_aside_at is not None and need is None
    if not placements and not was_aside:
        db.session.rollback()
        return
    for placement in placements:
        db.session.delete(placement)
    if was_aside:
        suggestion.set_aside_at = None
    keeping.note(
        "suggestion.unplace",
        suggestion,
        by,
        at,
        number=suggestion.number,
        needs=[placement.need_id for placement in placements],
        aside=was_aside,
    )
    db.session.commit()


def _one_maker_at_a_time(round_id: str) -> None:
    """Two who make a need of the same title at once: the second finds the first one's."""
    asked = select(Round.id).where(Round.id == round_id)
    db.session.execute(asked.with_for_update(key_share=True))


def _lock(suggestion: Suggestion, also: Collection[str]) -> list[Suggestion]:
    """Lock all of them, in one order; those of the others that nobody has sorted."""
    found = db.session.scalars(
        select(Suggestion)
        .where(Suggestion.round_id == suggestion.round_id)
        .where(Suggestion.id.in_({suggestion.id, *also}))
        .order_by(Suggestion.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not also:
        return []
    waiting = select(Suggestion.id).where(Suggestion.id.in_(also), is_unsorted())
    free = set(db.session.scalars(waiting)) - {suggestion.id}
    return sorted((one for one in found if one.id in free), key=lambda one: one.number)


def _go_along(
    suggestion: Suggestion,
    also: Collection[str],
    besides: Collection[Besides],
    need_ids: Collection[str],
) -> _Along:
    """The others that go along, locked, and the needs that their other wishes are put to besides.

    All needs are locked at once, in one order; one whose other wish has no need is left alone.
    """
    asked = {*also, *(one.suggestion_id for one in besides)}
    free = _lock(suggestion, asked)
    of = proposing.asked_by(suggestion.id) if free else None
    found = proposing.along(suggestion.round_id, of, [one.id for one in free]) if of else None
    proposed, homeless = (found.needs, found.homeless) if found else ({}, frozenset[str]())
    put = {key: [n for n in own if Besides(key, n) in besides] for key, own in proposed.items()}
    others = [one for one in free if one.id not in homeless and (one.id in also or put.get(one.id))]
    put = {one.id: put.get(one.id, []) for one in others}
    other_needs = {need_id for own in put.values() for need_id in own}
    if other_needs:
        _roots(suggestion.round_id, {*need_ids, *other_needs})
    apart = frozenset(put.keys() - set(also))
    return _Along(others, apart, put, len(asked) - len(others))


def _placed(suggestion: Suggestion) -> set[str]:
    return set(
        db.session.scalars(
            select(root_id)
            .join(Placement, Placement.need_id == Need.id)
            .where(Placement.suggestion_id == suggestion.id)
        )
    )


def _check_unsorted(suggestion: Suggestion) -> None:
    if suggestion.superseded_at is not None:
        raise Refused(
            N_("第 %(number)d 条，后来改了说法或收回了，不再归类。"), number=suggestion.number
        )
    if _placed(suggestion) or suggestion.set_aside_at is not None:
        raise Refused(N_("第 %(number)d 条刚才已经有人归好了。"), number=suggestion.number)


def _roots(round_id: str, need_ids: Collection[str]) -> list[Need]:
    """The needs that these count under, locked: none is merged or taken back meanwhile."""
    if not need_ids:
        return []
    rows = select(root_id).where(Need.round_id == round_id, Need.id.in_(need_ids))
    found = db.session.scalars(rows).all()
    needs = keeping.lock_needs(set(found))
    if len(found) != len(set(need_ids)) or len(needs) != len(set(found)):
        raise NotFound(N_("台账里没有这一件诉求。"))
    return needs


def _found_or_made(suggestion: Suggestion, fresh: Fresh, at: datetime) -> tuple[Need, bool]:
    """The need of this title that the ledger has, else a new one; and whether it is new."""
    found = _called(suggestion.round_id, fresh.title)
    if found:
        return found, False
    round_ = db.session.get_one(Round, suggestion.round_id)
    return keeping._new(round_, fresh.title, fresh.category, None, at), True


def _called(round_id: str, title: str) -> Need | None:
    """The need of the ledger that has this title, locked."""
    same = select(Need.id).where(
        Need.round_id == round_id, Need.title == tidy(title), Need.merged_into_id.is_(None)
    )
    return next(iter(keeping.lock_needs(db.session.scalars(same).all())), None)


def _put(
    suggestion: Suggestion,
    along: _Along,
    needs: Sequence[Need],
    made: Sequence[Need],
    by: str,
    at: datetime,
) -> int:
    """The end of an act that places: commits."""
    shared = {need.id for need in needs}
    put = {suggestion.id: shared}
    for key, own in along.besides.items():
        put[key] = set(own) if key in along.apart else shared | set(own)
    db.session.add_all(
        Placement(suggestion_id=key, need_id=need_id, placed_by=by, placed_at=at)
        for key, own in put.items()
        for need_id in sorted(own)
    )
    db.session.flush()
    _note(
        "suggestion.place",
        suggestion,
        along,
        by,
        at,
        needs=[need.id for need in needs],
        besides=sorted(set().union(*put.values()) - shared),
        titles="、".join(need.title for need in needs),
        made=[need.id for need in made],
    )
    db.session.commit()
    return len(put)


def _note(
    act: str, suggestion: Suggestion, along: _Along, by: str, at: datetime, **facts: object
) -> None:
    """Note what was done with one suggestion, or with it and others at once."""
    many = 1 + len(along.others) - len(along.apart)
    ending = SOME if along.left else MANY if many > 1 else ""
    keeping.note(
        act + ending,
        suggestion,
        by,
        at,
        number=suggestion.number,
        others=[other.id for other in along.others],
        n=many,
        left=along.left,
        **facts,
    )


audit.words(
    {
        "suggestion.place": N_("把第 %(number)s 条归进“%(titles)s”"),
        "suggestion.place_many": N_("把第 %(number)s 条等 %(n)s 条归进“%(titles)s”"),
        "suggestion.place_some": N_(
            "把第 %(number)s 条等 %(n)s 条归进“%(titles)s”；另有 %(left)s 条别人刚才归了，没有动"
        ),
        "suggestion.unplace": N_("把第 %(number)s 条拿出来重新归"),
        "suggestion.set_aside": N_("第 %(number)s 条里没有诉求，放下了"),
        "suggestion.set_aside_many": N_("第 %(number)s 条等 %(n)s 条里没有诉求，放下了"),
        "suggestion.set_aside_some": N_(
            "第 %(number)s 条等 %(n)s 条里没有诉求，放下了；另有 %(left)s 条别人刚才归了，没有动"
        ),
    }
)
