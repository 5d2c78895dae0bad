"""Sheets are compared with their photos, looked into, decided where they disagree, taken out."""

from collections.abc import Callable
from io import BytesIO

from flask import Response, flash, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots.forms import ReasonForm
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import keying, proofs, recording, sheets
from surveys.owners.delivery_views import words_of
from surveys.owners.desk_views import page
from surveys.owners.keying_forms import NONE, DecideForm
from surveys.owners.keying_views import may_move
from surveys.owners.models import EntryState, OwnerEntry, OwnersVote, Proof
from surveys.owners.service import Listed
from surveys.owners.views import PAGES


@PAGES.get("/desk/owners/<vote_id>/confirm")
def to_confirm(vote_id: str) -> Response:
    """What waits to be compared with its photo, and what is contested."""
    vote = access.fetch(OwnersVote, vote_id, May.CONFIRM)
    view = View.read(request.path, request.args, ["came"], {"q": None}, anchor="wait")
    words = view.asked.get("q", "")
    found = [one for one in sheets.pending(vote) if words in words_of(one.listed)]
    return page(
        "confirm",
        vote,
        waiting=view.shown(found),
        total=len(found),
        view=view,
        contested=sheets.contested(vote),
        me=access.me(),
    )


@PAGES.get("/desk/sheet/<sheet_id>")
def sheet(sheet_id: str) -> Response:
    """One sheet beside its photo. Every look is noted."""
    entry = access.fetch(OwnerEntry, sheet_id, May.CONFIRM)
    vote, listed = sheets.vote_of(entry), sheets.listed_of(entry)
    keying.look(entry, by=access.me(), at=g.at)
    waits = entry.state is EntryState.PENDING and may_move(vote)
    waiting = [w for w in sheets.pending(vote) if w.entry.id == entry.id] if waits else []
    return page(
        "sheet",
        vote,
        entry=entry,
        listed=listed,
        marks=sheets.read(entry),
        proof=proofs.of([entry.proof_id]).get(entry.proof_id or ""),
        waits=waits,
        own=entry.keyed_by == access.me(),
        disagrees=any(w.disagrees for w in waiting),
    )


@PAGES.post("/desk/sheet/<sheet_id>/confirm")
def confirm(sheet_id: str) -> Response:
    """It agrees with the photo."""
    entry = access.fetch(OwnerEntry, sheet_id, May.CONFIRM)
    state = keying.confirm(entry, by=access.me(), at=g.at)
    if state is EntryState.CONTESTED:
        flash(_("这位业主交来的票不一样，哪一张都先不算。请看清楚，定下哪一张算数。"), "mind")
        return hx.see_other(f"/desk/sheet/{entry.id}/decide")
    if state is EntryState.SUPERSEDED:
        flash(_("确认了。和这位业主已经算数的那张一样，不重复算。"))
    else:
        flash(_("确认了，这张票算数了。"))
    return hx.see_other(f"/desk/owners/{entry.vote_id}/confirm")


@PAGES.get("/desk/proof/<proof_id>")
def proof(proof_id: str) -> Response:
    """The photo of a paper, as it is kept."""
    kept = access.fetch(Proof, proof_id, May.CONFIRM)
    return send_file(BytesIO(proofs.jpeg_of(kept)), "image/jpeg", etag=False)


# --- where sheets disagree -----------------------------------------------------------------------


@PAGES.route("/desk/sheet/<sheet_id>/decide", methods=["GET", "POST"])
def decide(sheet_id: str) -> Response:
    """The sheets of one owner that disagree, side by side: which of them counts, and why."""
    entry = access.fetch(OwnerEntry, sheet_id, May.CONFIRM)
    vote, listed = sheets.vote_of(entry), sheets.listed_of(entry)
    rows = [e for e in sheets.of_owner(listed.owner) if e.state is EntryState.CONTESTED]
    form = DecideForm()
    form.keep.choices = _offered(rows)
    if rows and may_move(vote) and form.validate_on_submit() and _decided(vote, listed, form):
        flash(_("定下来了，写进了记录。"))
        return hx.see_other(f"/desk/owners/{vote.id}/confirm")
    for row in rows:
        keying.look(row, by=access.me(), at=g.at)
    return page(
        "decide",
        vote,
        422 if form.is_submitted() else 200,
        listed=listed,
        entry=entry,
        rows=[(row, sheets.read(row)) for row in rows],
        form=form,
        open=may_move(vote),
    )


def _decided(vote: OwnersVote, listed: Listed, form: DecideForm) -> bool:
    """Decide as the form says; whether that was possible."""
    keep = None if form.keep.data == NONE else form.keep.data
    reason = form.reason.data or ""
    try:
        keying.decide(vote, listed.owner, keep, reason, by=access.me(), at=g.at)
    except (Refused, NotFound) as fault:
        blame(form, fault)
        return False
    return True


def _offered(rows: list[OwnerEntry]) -> dict[str, str]:
    """Nothing is chosen beforehand: who decides has to look first."""
    named = {row.id: _("第 %(n)d 张算数", n=row.number) for row in rows}
    return {"": _("请选一样"), **named, NONE: _("都不算数")}


# --- looking into one owner's sheets -------------------------------------------------------------


@PAGES.get("/desk/owners/<vote_id>/sheets")
def of_owner(vote_id: str) -> Response:
    """Every sheet of one owner: when and how it came, what became of it; never its marks."""
    vote = access.fetch(OwnersVote, vote_id, May.CONFIRM)
    typed = request.args.get("owner", "")[:60]
    listed, fault = None, None
    if typed:
        try:
            listed = sheets.owner_at(vote, typed)
        except Invalid as error:
            fault = say(error)
    return page(
        "sheets",
        vote,
        422 if fault else 200,
        typed=typed,
        fault=fault,
        listed=listed,
        entries=sheets.of_owner(listed.owner) if listed else [],
        open=may_move(vote),
        stands=recording.STANDS,
    )


@PAGES.route("/desk/sheet/<sheet_id>/send-back", methods=["GET", "POST"])
def send_back(sheet_id: str) -> Response:
    """It does not agree with the photo: send it back."""
    done = _("退回了，请录票的人照原件重录。")
    return _with_reason(sheet_id, keying.send_back, "send-back", done)


@PAGES.route("/desk/sheet/<sheet_id>/withdraw", methods=["GET", "POST"])
def withdraw(sheet_id: str) -> Response:
    """Take back a sheet that stood."""
    return _with_reason(sheet_id, keying.withdraw, "withdraw", _("撤下了。"))


@PAGES.route("/desk/sheet/<sheet_id>/reinstate", methods=["GET", "POST"])
def reinstate(sheet_id: str) -> Response:
    """Let a sheet stand again."""
    return _with_reason(sheet_id, keying.reinstate, "reinstate", _("恢复了。"))


@PAGES.route("/desk/sheet/<sheet_id>/dispute", methods=["GET", "POST"])
def dispute(sheet_id: str) -> Response:
    """The owner says: that was not us."""
    done = _("记下了。查清楚以前，这张票先不算数。")
    return _with_reason(sheet_id, keying.dispute, "dispute", done)


def _with_reason(sheet_id: str, act: Callable[..., object], name: str, done: str) -> Response:
    """Ask for a reason, then do `act`; `name` is the end of its address."""
    entry = access.fetch(OwnerEntry, sheet_id, May.CONFIRM)
    vote, listed, form = sheets.vote_of(entry), sheets.listed_of(entry), ReasonForm()
    if form.validate_on_submit():
        try:
            act(entry, form.reason.data or "", by=access.me(), at=g.at)
        except Refused as fault:
            blame(form, fault)
        else:
            flash(done)
            back = "confirm" if name == "send-back" else f"sheets?owner={listed.owner.number}"
            return hx.see_other(f"/desk/owners/{vote.id}/{back}")
    status = 422 if form.is_submitted() else 200
    return page("reason", vote, status, entry=entry, listed=listed, form=form, act=name)
