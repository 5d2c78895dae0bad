"""An owner votes on the phone, where the place's rules allow it: slip, sheet, look back, receipt.

A phone speaks for an owner by the code of that owner's slip in that vote, held in the signed
cookie. A household's slip is another code of another room and opens nothing here.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, flash, g, request, session

from surveys.accounts import failures
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.counting.double_majority import Mark
from surveys.courtyards import codes as symbols
from surveys.courtyards import device
from surveys.courtyards import service as courtyards
from surveys.courtyards.rules import printable
from surveys.errors import Invalid, NotFound, Refused, SurveysError, TooOften
from surveys.owners import casting, codes, recording, rules, service, sheets
from surveys.owners.keying_forms import MARK, sent_marks, submission
from surveys.owners.models import EntryState, OwnerCode, OwnerEntry, OwnersVote
from surveys.owners.rules import State
from surveys.owners.service import Listed
from surveys.owners.views import PAGES
from surveys.web import config_of, reads_first

MOST_GUESSES = 20
"""codes that were nobody's, from one phone within a quarter of an hour"""
HELD = "owner"
"""where the cookie keeps the id of the code"""
NOTHING: Mapping[int, Mark] = {}


@dataclass(frozen=True, slots=True)
class Visit:
    """A phone at one vote: for whom it speaks there, and what came for that owner."""

    vote: OwnersVote
    code: OwnerCode
    listed: Listed
    entries: list[OwnerEntry]

    @property
    def may_vote(self) -> bool:
        """Whether anything may be sent from here, now."""
        open_now = self.vote.is_online and rules.state(self.vote, g.at) is State.OPEN
        return open_now and sheets.may_send(self.listed.owner, self.entries)

    @property
    def voted(self) -> bool:
        """Whether something came for this owner that was not taken back."""
        return any(entry.state is not EntryState.WITHDRAWN for entry in self.entries)

    def page(self, name: str, status: int = 200, **more: object) -> Response:
        """A page about this visit."""
        return hx.render(
            f"owners/{name}.html",
            None,
            status,
            vote=self.vote,
            state=rules.state(self.vote, g.at).value,
            courtyard=courtyards.find(self.vote.courtyard_id),
            listed=self.listed,
            entries=self.entries,
            may_vote=self.may_vote,
            hand="hand-" + sha256(f"owner:{self.code.id}".encode()).hexdigest()[:8],
            **more,
        )


# --- the slip ------------------------------------------------------------------------------------


@PAGES.route("/o/", methods=["GET", "POST"])
def typed_slip() -> Response:
    """The code of an owner's slip, typed; wrong ones are counted, gently."""
    typed, fault, status = request.form.get("code", "")[:60], None, 200
    if request.method == "POST":
        try:
            _guess(typed)
        except SurveysError as error:
            fault, status = say(error), 429 if isinstance(error, TooOften) else 422
        else:
            return hx.see_other(f"/o/{symbols.fold(typed)}")
    return hx.render("owners/slip_ask.html", None, status, typed=printable(typed), fault=fault)


def _guess(typed: str) -> None:
    subject = f"owner:{device.current().token}"
    failures.refuse_if_too_many(subject, MOST_GUESSES, g.at)
    try:
        codes.by_code(typed, config_of().secret)
    except NotFound:
        failures.note_failure(subject, g.at)
        raise


@PAGES.route("/o/<code>", methods=["GET", "POST"])
@PAGES.route("/O/<code>", methods=["GET", "POST"])
def slip(code: str) -> Response:
    """Ask whether the reader is the owner; remember it on this phone when told so."""
    found = codes.by_code(code, config_of().secret)
    vote = service.find(found.vote_id)
    listed = service.owner_of(vote, found.vote_owner_id)
    if request.method == "POST":
        session.permanent = True
        session[HELD] = found.id
    if session.get(HELD) == found.id:
        return hx.see_other(f"/owners/{vote.id}/vote")
    return hx.render(
        "owners/slip.html",
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        listed=listed,
        names=[sheets.masked(name) for name in listed.names],
        action=f"/o/{symbols.fold(code)}",
    )


@PAGES.post("/o/forget")
def forget_owner() -> Response:
    """This phone speaks for no owner any more: a wrong slip, or the next one's turn."""
    session.pop(HELD, None)
    flash(_("这部手机不再代表哪一位业主了。"), "done")
    return hx.see_other("/o/")


def _visit(vote_id: str) -> Visit | None:
    """The visit of whoever this phone speaks for in this vote; None: for nobody.

    Raises:
        NotFound: there is no such vote, or it is a draft.
    """
    vote = service.find(vote_id)
    if vote.frozen_at is None:
        raise NotFound
    code = codes.held(session.get(HELD), vote)
    if code is None:
        return None
    listed = service.owner_of(vote, code.vote_owner_id)
    return Visit(vote, code, listed, sheets.of_owner(listed.owner))


def _no_slip(vote_id: str, status: int = 200) -> Response:
    vote = service.find(vote_id)
    return hx.render(
        "owners/slip_first.html",
        None,
        status,
        vote=vote,
        state=rules.state(vote, g.at).value,
        courtyard=courtyards.find(vote.courtyard_id),
    )


# --- the sheet -----------------------------------------------------------------------------------


@PAGES.get("/owners/<vote_id>/vote")
def vote_online(vote_id: str) -> Response:
    """The motions, empty: what was sent before is never shown again."""
    visit = _visit(vote_id)
    if visit is None:
        return _no_slip(vote_id)
    if not visit.may_vote or (visit.voted and "again" not in request.args):
        return hx.see_other(f"/owners/{vote_id}/receipt")
    return _sheet(visit, NOTHING)


@PAGES.post("/owners/<vote_id>/vote")
@reads_first
def send_online(vote_id: str) -> Response:
    """Look back, go back, or send with one's name: the same form each time."""
    visit, marks = _visit(vote_id), sent_marks()
    if visit is None:
        return _no_slip(vote_id, 409)
    go, sent = request.form.get("go"), submission()
    if go == "send" and any(entry.submission == sent for entry in visit.entries):
        return hx.see_other(f"/owners/{vote_id}/receipt")
    if request.form.get("owner") != visit.code.id:
        why = _("这部手机刚换了一位业主。请看清楚房号，重新选一遍。")
        return _sheet(visit, NOTHING, why, 409)
    if not visit.may_vote:
        return visit.page("not_taken", 409, marks=_named(visit, marks))
    left = [m.number for m in service.motions_of(visit.vote) if marks.get(m.number) is None]
    if go != "back" and left:
        return _sheet(visit, marks, _("还有没选的：第 %(n)s 项。", n=left[0]), 422, left)
    if go == "send":
        return _send(visit, marks, sent)
    return _sheet(visit, marks) if go == "back" else _look(visit, marks)


def _send(visit: Visit, marks: Mapping[int, Mark], sent: str) -> Response:
    signer = request.form.get("signer", "")[:60]
    try:
        entry = casting.cast(
            visit.vote,
            visit.listed.owner,
            marks,
            signer,
            submission=sent or secrets.token_urlsafe(12),
            at=g.at,
        )
    except (Invalid, Refused) as fault:
        return _look(visit, marks, say(fault), signer, fault.status)
    if entry.state is EntryState.CONTESTED:
        flash(_("收到了。同一位业主还有一张票，写的不一样，要由监督员问清楚，先都不算。"), "mind")
    return hx.see_other(f"/owners/{visit.vote.id}/receipt")


def _sheet(
    visit: Visit,
    marks: Mapping[int, Mark],
    fault: str | None = None,
    status: int = 200,
    left: list[int] | None = None,
) -> Response:
    return visit.page(
        "vote",
        status,
        motions=service.motions_of(visit.vote),
        marks=marks,
        prefix=MARK,
        code=visit.code.id,
        fault=fault,
        left=left or [],
    )


def _look(
    visit: Visit,
    marks: Mapping[int, Mark],
    fault: str | None = None,
    signer: str = "",
    status: int = 200,
) -> Response:
    return visit.page(
        "look",
        status,
        marks=_named(visit, marks),
        prefix=MARK,
        code=visit.code.id,
        submission=submission() or secrets.token_urlsafe(12),
        together=len(recording.names_of(visit.listed.owner)) > 1,
        fault=fault,
        signer=signer,
    )


def _named(visit: Visit, marks: Mapping[int, Mark]) -> list[tuple[object, Mark]]:
    motions = service.motions_of(visit.vote)
    return [(m, marks[m.number]) for m in motions if m.number in marks]


@PAGES.get("/owners/<vote_id>/receipt")
def owner_receipt(vote_id: str) -> Response:
    """When and how anything came for this owner, and whether it counts; never what it said."""
    visit = _visit(vote_id)
    if visit is None:
        return _no_slip(vote_id)
    signers = {entry.id: sheets.masked(entry.signer) for entry in visit.entries}
    return visit.page("receipt", signers=signers)
