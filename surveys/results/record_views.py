"""The public record: what there is, one ballot's, its receipts and its files; the sealed bundle."""

from io import BytesIO

from flask import Blueprint, Response, g, make_response, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import asking, rules
from surveys.ballots.models import Ballot
from surveys.ballots.rules import State
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound
from surveys.results import record, story

RECORDS = Blueprint("records", __name__)

ZIP = "application/zip"
ON_A_PAGE = 100
"""receipts"""


@RECORDS.get("/record/<code>")
def everything(code: str) -> Response:
    """The sealed and published ballots of a courtyard, and what was voided and why."""
    courtyard = courtyards.by_code(code)
    ballots = [(b, rules.state(b, g.at)) for b in asking.all_of(courtyard.id)]
    shown = {State.SEALED, State.PUBLISHED}
    return hx.render(
        "results/records.html",
        courtyard=courtyard,
        sealed=[ballot for ballot, state in ballots if state in shown],
        void=[
            (ballot, asking.void_reason(ballot))
            for ballot, state in ballots
            if state is State.VOID and ballot.frozen_at is not None
        ],
    )


@RECORDS.get("/record/<code>/<ballot_id>")
def one(code: str, ballot_id: str) -> Response:
    """One ballot's record; before it is published, its rules and the end of its chain alone."""
    courtyard, ballot = _asked(code, ballot_id)
    found = record.of(ballot) if record.is_public(ballot, g.at) else None
    return hx.render(
        "results/record.html",
        courtyard=courtyard,
        ballot=ballot,
        offer=asking.offer(ballot),
        record=found,
        story=story.told(found.bodies) if found else [],
    )


@RECORDS.get("/record/<code>/<ballot_id>/receipts")
def receipts(code: str, ballot_id: str) -> Response:
    """All hashes of receipts, a hundred a page; the page that one stands on, where it is asked."""
    courtyard, ballot = _public(code, ballot_id)
    found = record.of(ballot).receipts
    sought = request.args.get("hash", "")
    number = found.index(sought) // ON_A_PAGE + 1 if sought in found else _page()
    pages = max(1, -(-len(found) // ON_A_PAGE))
    if not 1 <= number <= pages:
        raise NotFound
    return hx.render(
        "results/receipts.html",
        courtyard=courtyard,
        ballot=ballot,
        receipts=found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE],
        total=len(found),
        sought=sought,
        number=number,
        pages=pages,
    )


def _page() -> int:
    typed = request.args.get("page", "1")
    return int(typed) if typed.isdecimal() and len(typed) < 6 else 0


@RECORDS.get("/record/<code>/<ballot_id>.zip")
def public_bundle(code: str, ballot_id: str) -> Response:
    """The public bundle; whoever has it already is told so."""
    _courtyard, ballot = _public(code, ballot_id)
    version = record.version(ballot)
    if request.if_none_match.contains(version):
        response = Response(status=304)
    else:
        held = record.public_bundle(ballot)
        name = _("点单记录-%(title)s.zip", title=ballot.title)
        response = make_response(_file(held, name))
    response.set_etag(version)
    response.headers["Cache-Control"] = "no-cache"
    return response


@RECORDS.post("/desk/ballot/<ballot_id>/sealed.zip")
def sealed_bundle(ballot_id: str) -> Response:
    """The sealed bundle, for supervisors; that it was handed out is noted."""
    ballot = access.fetch(Ballot, ballot_id, May.CONFIRM)
    held = record.hand_out_sealed(ballot, by=access.me(), at=g.at)
    return _file(held, _("封存包-%(title)s.zip", title=ballot.title))


def _file(held: bytes, name: str) -> Response:
    return send_file(BytesIO(held), ZIP, as_attachment=True, download_name=name)


def _asked(code: str, ballot_id: str) -> tuple[Courtyard, Ballot]:
    """A ballot of this very courtyard that is sealed, and not void."""
    courtyard, ballot = courtyards.by_code(code), asking.find(ballot_id)
    if ballot.courtyard_id != courtyard.id or not record.is_sealed(ballot, g.at):
        raise NotFound
    return courtyard, ballot


def _public(code: str, ballot_id: str) -> tuple[Courtyard, Ballot]:
    courtyard, ballot = _asked(code, ballot_id)
    if not record.is_public(ballot, g.at):
        raise NotFound
    return courtyard, ballot
