"""The same done to many at once, from the lists: set aside, withheld, sent somewhere.

Each row has its own line in the trail, as if it had been done alone; one more line, which `undoing`
reads, stands for all of them and takes all of them back.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.audit import ACTS
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.needs import keeping, ledger, service, withholding
from surveys.needs.keeping import SENT, lane_facts
from surveys.needs.models import Lane, Suggestion
from surveys.needs.rules import NOTE_MOST
from surveys.rounds.models import Round

WITHHELD = "suggestion.withhold_together"
SENT_TOGETHER = "need.sent_together"
_ALONG = "need.sent_along."
"""begins the name of the act noted of each need; its end is the lane"""
MOST = 200
"""at once: ten pages of the list"""


def set_aside(round_: Round, ids: Collection[str], *, by: str, at: datetime) -> int:
    """Say of those that nobody has sorted yet that there is no wish in them; how many there were.

    Raises:
        Invalid: none is ticked, or too many.
    """
    _check(ids)
    waiting = select(Suggestion).where(
        Suggestion.round_id == round_.id, Suggestion.id.in_(ids), ledger.is_unsorted()
    )
    found = list(db.session.scalars(waiting.order_by(Suggestion.number)))
    if not found:
        return 0
    return service.set_aside(found[0], also=[one.id for one in found[1:]], by=by, at=at)


def withhold(round_: Round, ids: Collection[str], reason: str, *, by: str, at: datetime) -> int:
    """Show these to nobody but staff and their makers; how many others could read until now.

    Raises:
        Invalid: none is ticked, or too many; no reason, or one too long.
    """
    _check(ids)
    why = one_line(reason, NOTE_MOST, N_("不给别人看，要写一句为什么。说的人看得到。"))
    found = [one for one in _locked(round_, ids) if one.withheld_at is None]
    for one in found:
        withholding._withhold(one, why, by, at)
    if found:
        held = [one.id for one in found]
        facts = {"n": len(found), "why": why, "held": held}
        keeping.note(WITHHELD, found[0], by, at, **facts)
    db.session.commit()
    return len(found)


def send(
    round_: Round, ids: Collection[str], lane: Lane, note: str, *, by: str, at: datetime
) -> int:
    """Say where these needs go, and why, for the public; how many went elsewhere until now.

    Raises:
        Invalid: none is ticked, or too many; declined without a reason, or it is too long; the
            lane asks for a day.
    """
    _check(ids)
    said = keeping.lane_words(lane, note)
    wanted = {"lane": str(lane), "lane_note": said, "fixed_on": None, "fix_note": ""}
    sent = []
    for need in keeping.lock_needs([need.id for need in keeping.needs_in(round_.id, ids)]):
        was = lane_facts(need)
        if need.merged_into_id is not None or was == wanted:
            continue
        need.lane, need.lane_note, need.fixed_on, need.fix_note = lane, said, None, ""
        keeping.note(_ALONG + lane, need, by, at, title=need.title, note=said)
        sent.append({"id": need.id, "was": was, "now": lane_facts(need)})
    if sent:
        audit.note(
            SENT_TOGETHER,
            by=by,
            at=at,
            courtyard_id=round_.courtyard_id,
            subject_id=round_.id,
            n=len(sent),
            sent=sent,
        )
    db.session.commit()
    return len(sent)


def _check(ids: Collection[str]) -> None:
    if not ids:
        raise Invalid(N_("先勾上，再按。"))
    if len(ids) > MOST:
        raise Invalid(N_("一回最多 %(most)d 条。"), most=MOST)


def _locked(round_: Round, ids: Collection[str]) -> list[Suggestion]:
    rows = select(Suggestion).where(Suggestion.round_id == round_.id, Suggestion.id.in_(ids))
    locked = rows.order_by(Suggestion.number).with_for_update()
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


audit.words(
    {
        WITHHELD: N_("%(n)s 条一起不给别人看：%(why)s"),
        SENT_TOGETHER: N_("%(n)s 件诉求一起定了去向"),
        **{_ALONG + lane: ACTS[SENT + lane] for lane in keeping.BY_HAND},
    }
)
