"""Sheets of paper are keyed in; their photos are attached."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import clock, hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused
from surveys.owners import keying, proxies, rules, service, sheets
from surveys.owners.coming import Marks
from surveys.owners.desk_views import home, page
from surveys.owners.keying_forms import MARK, KeyForm, PhotoForm, submission
from surveys.owners.models import Capacity, Channel, EntryState, OwnerEntry, OwnersVote
from surveys.owners.recording import Came
from surveys.owners.rules import State
from surveys.owners.service import Listed
from surveys.owners.views import PAGES
from surveys.web import reads_first

NO_FAULTS: Mapping[int, str] = {}


def may_move(vote: OwnersVote) -> bool:
    """Whether sheets may still be keyed in, confirmed or taken out."""
    taken = rules.state(vote, g.at) in {State.OPEN, State.CLOSED}
    return taken and vote.signed_at is None


@PAGES.get("/desk/owners/<vote_id>/key")
def key(vote_id: str) -> Response:
    """A fresh sheet, received on the same day as the last one."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    if not may_move(vote):
        flash(_("这次表决现在不录票。"), "mind")
        return home(vote)
    return _sheet(vote, KeyForm.fresh(_day(vote)))


@PAGES.post("/desk/owners/<vote_id>/key")
@reads_first
def keep(vote_id: str) -> Response:
    """Keep what was keyed, for another account to compare with the photo."""
    vote, form = access.fetch(OwnersVote, vote_id, May.KEY_IN), KeyForm()
    marks, faults = form.marks(service.motions_of(vote))
    listed = _listed(form, vote) if form.validate_on_submit() else None
    if listed is None or faults:
        return _sheet(vote, form, faults, 422)
    came = _came(vote, form, marks, listed)
    try:
        entry = keying.key_in(
            vote,
            listed.owner,
            came,
            by=access.me(),
            at=g.at,
            picture=form.picture(),
            is_blank=bool(form.is_blank.data),
        )
    except (Invalid, Refused) as fault:
        blame(form, fault)
        return _sheet(vote, form, faults, fault.status)
    _say_kept(entry, listed)
    return hx.see_other(f"/desk/owners/{vote.id}/key?day={came.received_on.isoformat()}")


def _came(vote: OwnersVote, form: KeyForm, marks: Marks, listed: Listed) -> Came:
    """What was typed, as a coming of this owner's vote; an agent comes by the owner's 委托书."""
    capacity = Capacity(form.capacity.data)
    proxy = proxies.of_owner(listed.owner) if capacity is Capacity.AGENT else None
    return Came(
        channel=Channel.PAPER,
        capacity=capacity,
        signer=form.signer.data or "",
        marks=marks,
        received_on=form.received_on.data or _day(vote),
        submission=submission() or secrets.token_urlsafe(12),
        proxy_id=proxy.id if proxy else None,
    )


def _say_kept(entry: OwnerEntry, listed: Listed) -> None:
    number = listed.owner.number
    if entry.proof_id is None:
        flash(_("录好了：%(number)s 号业主。还要附上照片，才能核对。", number=number), "mind")
    else:
        flash(_("录好了：%(number)s 号业主。等另一个人核对。", number=number))


def _listed(form: KeyForm, vote: OwnersVote) -> Listed | None:
    try:
        return sheets.owner_at(vote, form.owner.data or "")
    except Invalid as fault:
        form.owner.errors = [say(fault)]
        return None


def _day(vote: OwnersVote) -> date:
    """The day that is offered: of the sheet before, else today, or the last day of the voting."""
    zone = courtyards.find(vote.courtyard_id).zone
    today = min(clock.day(g.at, zone), clock.day(vote.closes_at, zone))
    try:
        return min(today, date.fromisoformat(request.args.get("day", "")))
    except ValueError:
        return today


def _sheet(
    vote: OwnersVote, form: KeyForm, faults: Mapping[int, str] = NO_FAULTS, status: int = 200
) -> Response:
    me = access.me()
    return page(
        "key",
        vote,
        status,
        form=form,
        faults=faults,
        typed=form.typed(),
        motions=service.motions_of(vote),
        prefix=MARK,
        submission=submission() or secrets.token_urlsafe(12),
        mine=[w for w in sheets.pending(vote) if w.entry.keyed_by == me],
        **_whose(vote, form.owner.data or ""),
    )


@PAGES.get("/desk/owners/<vote_id>/key/who")
def who(vote_id: str) -> Response:
    """Whose number or door was typed, beside the sheet: names to compare the signature with."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    return hx.render("owners/_who.html", **_whose(vote, request.args.get("owner", "")[:60]))


def _whose(vote: OwnersVote, typed: str) -> dict[str, Any]:
    """What `_who.html` shows of the owner that was typed, or why there is none."""
    listed, fault = None, None
    try:
        listed = sheets.owner_at(vote, typed) if typed.strip() else None
    except Invalid as error:
        fault = say(error)
    return {
        "listed": listed,
        "unknown": fault,
        "proxy": proxies.of_owner(listed.owner) if listed else None,
        "came": len(sheets.of_owner(listed.owner)) if listed else 0,
    }


@PAGES.route("/desk/sheet/<sheet_id>/photo", methods=["GET", "POST"])
@reads_first
def attach(sheet_id: str) -> Response:
    """Attach the photo of a sheet that was keyed without one."""
    entry = access.fetch(OwnerEntry, sheet_id, May.KEY_IN)
    vote, form = sheets.vote_of(entry), PhotoForm()
    status = 200
    if form.is_submitted():
        status = 422
        try:
            picture = form.picture() if form.validate() else None
            if picture is not None:
                keying.attach(entry, picture, by=access.me(), at=g.at)
                flash(_("照片附上了。等另一个人核对。"))
                return hx.see_other(f"/desk/owners/{vote.id}/key")
        except (Invalid, Refused) as fault:
            blame(form, fault)
    waits = entry.state is EntryState.PENDING and entry.proof_id is None
    listed = sheets.listed_of(entry)
    return page("attach", vote, status, entry=entry, listed=listed, form=form, waits=waits)
