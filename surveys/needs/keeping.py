"""What staff do with the needs of the ledger: make, rename, send somewhere, fix at once.

Every act notes in the trail what `undoing` must know to take it back. Checks come before changes:
a refused act leaves nothing behind for the page that is shown again.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select

from surveys.accounts.rules import one_line, tidy
from surveys.base import audit, clock
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from surveys.needs import catalogue
from surveys.needs.models import Lane, Need, Suggestion
from surveys.needs.rules import NOTE_MOST, TITLE_MOST, Status
from surveys.rounds.models import Round

LANES: Mapping[Lane, str] = {
    Lane.OPEN: N_("还没定"),
    Lane.MENU: N_("进菜单"),
    Lane.QUICK_FIX: N_("立行立改"),
    Lane.OWNERS_VOTE: N_("业主表决"),
    Lane.UPWARD: N_("报上级"),
    Lane.DECLINED: N_("不采纳"),
}
"""Where a need goes, in words."""

BY_HAND = tuple(lane for lane in LANES if lane is not Lane.QUICK_FIX)
"""where staff may send a need; what was done at once has its day besides"""

STATUS: Mapping[Status, str] = {
    Status.UNDECIDED: N_("还没定"),
    Status.OVERDUE: N_("超期没答复"),
    Status.IN_MENU: N_("进菜单"),
    Status.ON_BALLOT: N_("上了点单"),
    Status.OWNERS_VOTE: N_("业主表决"),
    Status.FIXED: N_("办好了"),
    Status.UPWARD: N_("报上级了"),
    Status.DECLINED: N_("不采纳"),
}
"""How a need stands, in words."""

MARKS: Mapping[Status, str] = {
    Status.OVERDUE: "mind",
    Status.IN_MENU: "now",
    Status.ON_BALLOT: "now",
    Status.OWNERS_VOTE: "now",
    Status.UPWARD: "now",
    Status.FIXED: "done",
}
"""The shape that stands beside the word; none: not begun."""

SENT = "need.lane."
"""begins the name of the act; its end is the lane"""


@dataclass(frozen=True, slots=True)
class Fix:
    """What was done at once, and on which day."""

    on: date
    note: str


def new_need(
    round_: Round, title: str, category: str | None = None, *, by: str | None, at: datetime
) -> Need:
    """A need of the ledger that nothing is put to yet.

    Raises:
        Invalid: no title, one too long, one that is there already, or no such category.
    """
    need = _new(round_, title, category, None, at)
    note("need.new", need, by, at, title=need.title)
    db.session.commit()
    return need


def rename(need: Need, title: str, category: str | None, *, by: str, at: datetime) -> None:
    """Give a need other words, or another line of the catalogue.

    Raises:
        Refused: a ballot stands on it, or it was merged.
        Invalid: see `new_need`.
    """
    lock_needs([need.id])
    check_free(need)
    said, key = _title(need.round_id, title, but=need.id), _category(category)
    before = {"title": need.title, "category": need.category}
    need.title, need.category = said, key
    note("need.rename", need, by, at, title=need.title, was=before)
    db.session.commit()


def set_lane(
    need: Need, lane: Lane, note_: str = "", *, seen: str | None = None, by: str, at: datetime
) -> None:
    """Say where a need goes, and why, for the public. What was done at once: see `quick_fix`.

    Args:
        seen: the mark of `lane_facts` that were on the page, where there was one.

    Raises:
        Invalid: declined without a reason, or it is too long.
        Refused: it was merged into another, or somebody has sent it elsewhere meanwhile.
    """
    said = lane_words(lane, note_)
    lock_needs([need.id])
    check_root(need)
    before = lane_facts(need)
    if before == {"lane": str(lane), "lane_note": said, "fixed_on": None, "fix_note": ""}:
        db.session.rollback()  # sent twice
        return
    check_seen(seen, mark(before))
    need.lane, need.lane_note, need.fixed_on, need.fix_note = lane, said, None, ""
    facts = {"title": need.title, "note": said, "was": before, "now": lane_facts(need)}
    note(SENT + lane, need, by, at, **facts)
    db.session.commit()


def quick_fix(need: Need, fix: Fix, *, by: str, at: datetime) -> None:
    """Note that a need was met at once, on which day and how.

    Raises:
        Invalid: no note, one too long, or a day that lies ahead.
        Refused: it was merged into another.
    """
    lock_needs([need.id])
    check_root(need)
    done, before = _checked(fix, need.courtyard_id, at), lane_facts(need)
    need.lane, need.lane_note = Lane.QUICK_FIX, ""
    need.fixed_on, need.fix_note = done.on, done.note
    note("need.quick_fix", need, by, at, title=need.title, was=before, now=lane_facts(need))
    db.session.commit()


def reopen(need: Need, *, by: str, at: datetime) -> None:
    """Take the quick fix back: it is not settled after all.

    Raises:
        Refused: it was not fixed.
    """
    lock_needs([need.id])
    if need.lane != Lane.QUICK_FIX:
        raise Refused(N_("这一件没有记立行立改。"))
    before = lane_facts(need)
    need.lane, need.fixed_on, need.fix_note = Lane.OPEN, None, ""
    note("need.reopen", need, by, at, title=need.title, was=before, now=lane_facts(need))
    db.session.commit()


def needs_in(round_id: str, need_ids: Collection[str]) -> list[Need]:
    """The needs of these ids that stand in the round's ledger, in no order."""
    rows = select(Need).where(Need.round_id == round_id, Need.id.in_(need_ids))
    return list(db.session.scalars(rows))


# Parts of acts: none of them commits


def _to_menu(need_ids: Collection[str], in_menu: Collection[str]) -> None:
    """Of these needs, those `in_menu` go there; the others are open again. Part of an act.

    What was said for the public spoke of the lane that a need leaves: it goes with it.
    """
    for need in db.session.scalars(select(Need).where(Need.id.in_(need_ids))):
        if need.lane == Lane.OPEN and need.id in in_menu:
            need.lane, need.lane_note = Lane.MENU, ""
        elif need.lane == Lane.MENU and need.id not in in_menu:
            need.lane, need.lane_note = Lane.OPEN, ""
    db.session.flush()


def note(
    act: str, subject: Suggestion | Need, by: str | None, at: datetime, **details: object
) -> None:
    """Note an act of the ledger in the trail."""
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=subject.courtyard_id,
        subject_id=subject.id,
        **details,
    )


def lock_needs(need_ids: Collection[str]) -> list[Need]:
    """These needs as they stand now; whoever changes one of them waits for this act."""
    rows = select(Need).where(Need.id.in_(need_ids)).order_by(Need.id).with_for_update()
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def mark(facts: Mapping[str, str | None]) -> str:
    """Tells these facts from others, for a form to bring back."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def check_seen(seen: str | None, now: str) -> None:
    """Refuse to write over what another wrote since the page was opened.

    Args:
        seen: the mark that came back with the form, or nothing.

    Raises:
        Refused: it is not the present one.
    """
    if seen and seen != now:
        raise Refused(N_("刚才有人改过了，上面写的是现在的样子。还要改，就再存一次。"))


def check_free(need: Need) -> None:
    """Refuse where the need may not change any more.

    Raises:
        Refused: a ballot stands on it, or it was merged.
    """
    check_root(need)
    if need.pinned_at is not None:
        raise Refused(N_("“%(title)s”已经用在点单里，不能再改了。"), title=need.title)


def check_root(need: Need) -> None:
    """Refuse where the need was merged into another.

    Raises:
        Refused: it was.
    """
    if need.merged_into_id is not None:
        into = db.session.get_one(Need, need.merged_into_id)
        raise Refused(N_("“%(title)s”已经并进“%(into)s”了。"), title=need.title, into=into.title)


def _new(round_: Round, title: str, category: str | None, fix: Fix | None, at: datetime) -> Need:
    if round_.ended_at is not None:
        raise Refused(N_("这一轮已经结束，台账不再改了。"))
    done = _checked(fix, round_.courtyard_id, at) if fix else None
    need = Need(
        id=new_id(),
        courtyard_id=round_.courtyard_id,
        round_id=round_.id,
        title=_title(round_.id, title),
        category=_category(category),
        lane=Lane.QUICK_FIX if done else Lane.OPEN,
        fixed_on=done.on if done else None,
        fix_note=done.note if done else "",
        created_at=at,
    )
    db.session.add(need)
    db.session.flush()
    return need


def _title(round_id: str, typed: str, but: str | None = None) -> str:
    title = tidy(typed)
    if not title:
        raise Invalid(N_("诉求要有个名字，如“楼道照明”。"))
    if len(title) > TITLE_MOST:
        raise Invalid(N_("名字太长了，最多 %(most)d 个字。"), most=TITLE_MOST)
    if is_taken(round_id, title, but):
        raise Invalid(N_("台账里已经有“%(title)s”了，归到那一件就行。"), title=title)
    return title


def is_taken(round_id: str, title: str, but: str | None = None) -> bool:
    """Whether a need of the ledger, other than `but`, is called so."""
    same = select(Need.id).where(
        Need.round_id == round_id, Need.title == title, Need.merged_into_id.is_(None)
    )
    return not set(db.session.scalars(same)) <= {but}


def _category(key: str | None) -> str | None:
    if not key:
        return None
    if catalogue.entry(key) is None:
        raise Invalid(N_("目录里没有这一类，请重新选。"))
    return key


def _checked(fix: Fix, courtyard_id: str, at: datetime) -> Fix:
    said = one_line(fix.note, NOTE_MOST, N_("请写一句是怎么办的。"))
    if fix.on > clock.day(at, db.session.get_one(Courtyard, courtyard_id).zone):
        raise Invalid(N_("日子还没到。请写已经办好的那一天。"))
    return Fix(fix.on, said)


def lane_words(lane: Lane, typed: str) -> str:
    """What is said to the public beside a lane, tidied.

    Raises:
        Invalid: declined without a reason, or it is too long; the lane asks for a day besides.
    """
    if lane is Lane.QUICK_FIX:
        raise Invalid(N_("立行立改要写哪天办好的、怎么办的。"))
    missing = N_("不采纳要写一句为什么，居民看得到。") if lane is Lane.DECLINED else None
    return one_line(typed, NOTE_MOST, missing)


def lane_facts(need: Need) -> dict[str, str | None]:
    """Where a need goes with all that hangs on it, as the trail keeps it."""
    return {
        "lane": str(Lane(need.lane)),
        "lane_note": need.lane_note,
        "fixed_on": need.fixed_on.isoformat() if need.fixed_on else None,
        "fix_note": need.fix_note,
    }


audit.words(
    {
        "need.new": N_("新建诉求“%(title)s”"),
        "need.rename": N_("诉求改叫“%(title)s”"),
        "need.lane": N_("改了“%(title)s”的去向"),
        SENT + Lane.OPEN: N_("“%(title)s”的去向改回还没定"),
        SENT + Lane.MENU: N_("“%(title)s”的去向改为进菜单"),
        SENT + Lane.OWNERS_VOTE: N_("“%(title)s”的去向改为业主表决"),
        SENT + Lane.UPWARD: N_("“%(title)s”的去向改为报上级"),
        SENT + Lane.DECLINED: N_("“%(title)s”不采纳：%(note)s"),
        "need.quick_fix": N_("“%(title)s”立行立改"),
        "need.reopen": N_("“%(title)s”的立行立改收回"),
    }
)
