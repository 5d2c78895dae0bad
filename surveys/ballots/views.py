"""A ballot as residents see it: the menu, a look back, the receipt, what was entered for them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import failures
from surveys.ballots import asking, casting, extending, keying, rules
from surveys.ballots.batch_views import BATCHES
from surveys.ballots.calling_back_views import CALLING
from surveys.ballots.desk_views import DESK
from surveys.ballots.extending_views import EXTENDING
from surveys.ballots.forms import SUBMISSION, made_from, sent_sheet
from surveys.ballots.keying_views import KEYING
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Channel, Entry
from surveys.ballots.rules import EntryState, State
from surveys.ballots.sheets import Sheet
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import codes, device
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import NotFound, Refused
from surveys.needs.models import Need
from surveys.web import config_of, reads_first

PAGES = Blueprint("ballots", __name__)
PAGES.register_blueprint(DESK)
PAGES.register_blueprint(KEYING)
PAGES.register_blueprint(BATCHES)
PAGES.register_blueprint(EXTENDING)
PAGES.register_blueprint(CALLING)

RECEIPT_TRIES = 20
"""wrong receipts a phone may type within a quarter of an hour"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A phone at one ballot: whom it speaks for there, and where that household stands."""

    ballot: Ballot
    state: State
    household: Household | None
    standing: asking.Standing | None

    @property
    def courtyard(self) -> Courtyard:
        """Where it is; asked for only by pages, since a vote that is sent shows none."""
        return courtyards.find(self.ballot.courtyard_id)

    @property
    def voted(self) -> bool:
        """Whether something of this household counts, or waits to be confirmed."""
        held = self.standing
        return held is not None and (
            held.current is not None or any(e.state == EntryState.PENDING for e in held.entries)
        )

    @property
    def counts(self) -> Entry | None:
        """The entry that counts for this household."""
        return self.standing.current_entry if self.standing else None

    @property
    def paper_counts(self) -> bool:
        """Whether a signed paper vote goes before whatever this phone sends."""
        return self.counts is not None and self.counts.channel == Channel.PAPER

    def parts(self, offer: asking.Offer) -> tuple[str, ...] | None:
        """Whose items this household may pick besides common ones; None: nobody knows whose."""
        home = self.standing.home if self.standing else None
        return offer.parts_of(*home) if home else None

    @property
    def may_pick(self) -> bool:
        """Whether this phone speaks for a household that may vote here, now."""
        return self.state is State.OPEN and self.standing is not None and self.standing.may_vote

    @property
    def asked_for(self) -> dict[str, list[Need]]:
        """The needs that each item answers, where nothing is picked: links lead away."""
        return {} if self.may_pick else asking.asked_for([self.ballot])

    def page(self, name: str, status: int = 200, **more: object) -> Response:
        """A page about this visit."""
        return hx.render(
            f"ballots/{name}.html",
            None,
            status,
            ballot=self.ballot,
            state=self.state.value,
            courtyard=self.courtyard,
            household=self.household,
            standing=self.standing,
            counts=self.counts,
            paper_counts=self.paper_counts,
            extension=extending.latest(self.ballot),
            hand=device.current().hand,
            **more,
        )


def _visit(ballot_id: str) -> Visit:
    ballot = asking.find(ballot_id)
    if ballot.frozen_at is None:
        raise NotFound
    household = device.current().household_in(ballot.courtyard_id)
    secret = config_of().secret
    return Visit(
        ballot=ballot,
        state=rules.state(ballot, g.at),
        household=household,
        standing=asking.standing(ballot, household, secret=secret) if household else None,
    )


# --- picking -------------------------------------------------------------------------------------


@PAGES.get("/v/<ballot_id>")
def ballot(ballot_id: str) -> Response:
    """The menu while it is open; before and after, what is happening, in kind words."""
    visit = _visit(ballot_id)
    if visit.state is State.PUBLISHED:
        return hx.see_other(f"/result/{ballot_id}")
    if visit.state is not State.OPEN:
        reason = asking.void_reason(visit.ballot)
        offer, asked_for = asking.offer(visit.ballot), visit.asked_for
        return visit.page("state", offer=offer, asked_for=asked_for, reason=reason)
    if visit.voted and "again" not in request.args:
        return visit.page("voted")
    offer = asking.offer(visit.ballot)
    return _menu(visit, Sheet(offer, parts=visit.parts(offer)))


@PAGES.post("/v/<ballot_id>")
@reads_first
def pick(ballot_id: str) -> Response:
    """Work out the running line, look back, or send: the same form each time."""
    visit = _visit(ballot_id)
    offer, go = asking.offer(visit.ballot), request.form.get("go")
    sheet = sent_sheet(offer, visit.parts(offer))
    if go == "send" and _sent_already(visit):
        return hx.see_other(url_for("ballots.receipt", ballot_id=ballot_id))
    if not visit.may_pick:
        return _not_taken(visit, sheet)
    if not made_from(offer):
        return _menu(visit, sheet, changed=True, status=409)
    if go == "sum":
        return _menu(visit, sheet)
    if found := sheet.refusals:
        return _menu(visit, sheet, found, status=422)
    if go == "send" and SUBMISSION.fullmatch(request.form.get("submission", "")):
        return _send(visit, sheet)
    return visit.page("look", sheet=sheet, offer=offer, submission=secrets.token_urlsafe(12))


def _menu(
    visit: Visit,
    sheet: Sheet,
    found: Sequence[Refused] = (),
    *,
    changed: bool = False,
    status: int = 200,
) -> Response:
    return visit.page(
        "menu",
        status=status,
        offer=sheet.offer,
        sheet=sheet,
        said=[say(fault) for fault in found],
        changed=changed,
        may_pick=visit.may_pick,
        asked_for=visit.asked_for,
    )


def _send(visit: Visit, sheet: Sheet) -> Response:
    household = visit.household
    if household is None or request.form.get("household") != household.id:
        why = _("这部手机刚换了一家。请重新点一遍，看清楚门牌再交。")
        return visit.page("refused", status=409, say=why, sheet=Sheet(sheet.offer))
    try:
        casting.cast(
            visit.ballot,
            household,
            sheet.choice,
            submission=request.form["submission"],
            at=g.at,
            keys=LinkKeys(config_of().link_key_dirs),
            secret=config_of().secret,
        )
    except Refused as fault:
        return _not_taken(visit, sheet, say(fault))
    return hx.see_other(url_for("ballots.receipt", ballot_id=visit.ballot.id))


def _sent_already(visit: Visit) -> bool:
    """Whether this very form came in before, though its answer may have been lost on the way."""
    submission = request.form.get("submission")
    return visit.standing is not None and any(
        entry.submission == submission for entry in visit.standing.entries
    )


def _not_taken(visit: Visit, sheet: Sheet, why: str | None = None) -> Response:
    """What was chosen stays in sight, so that it can still be written on paper."""
    return visit.page("refused", status=409, say=why, sheet=sheet)


# --- afterwards ----------------------------------------------------------------------------------


@PAGES.get("/v/<ballot_id>/receipt")
def receipt(ballot_id: str) -> Response:
    """That it was received, for the household's own phone."""
    visit = _visit(ballot_id)
    held = visit.standing
    if held is None or held.receipt is None or not visit.voted:
        return hx.see_other(url_for("ballots.ballot", ballot_id=ballot_id))
    return visit.page(
        "receipt",
        code=_grouped(held.receipt),
        entry=visit.counts or held.entries[-1],
    )


@PAGES.get("/v/<ballot_id>/mine")
def mine(ballot_id: str) -> Response:
    """Every entry made for this household: the day and the channel, never what."""
    return _visit(ballot_id).page("mine")


@PAGES.post("/v/<ballot_id>/mine")
def not_ours(ballot_id: str) -> Response:
    """The household says of one entry: that was not us."""
    visit = _visit(ballot_id)
    if visit.household is None:
        return visit.page("mine")
    entry_id = request.form.get("entry", "")
    if not entry_id.isalnum():
        raise NotFound
    entry = asking.entry_of(visit.ballot, entry_id)
    keying.dispute(entry, visit.household, at=g.at)
    flash(_("记下了。监督员会来查，查清之前先不动。"))
    return hx.see_other(url_for("ballots.mine", ballot_id=ballot_id))


@PAGES.get("/r/")
def ask_receipt() -> Response:
    """A field for a receipt."""
    return hx.render("ballots/receipt_ask.html")


@PAGES.post("/r/")
def look_up_receipt() -> Response:
    """Look up what was typed; wrong ones are counted, gently."""
    typed = request.form.get("code", "")[:60]
    subject = f"receipt:{device.current().token}"
    failures.refuse_if_too_many(subject, RECEIPT_TRIES, g.at)
    if asking.find_receipt(typed) is None:
        failures.note_failure(subject, g.at)
        return _no_receipt(typed)
    return hx.see_other(url_for("ballots.receipt_of", code=codes.fold(typed)))


@PAGES.get("/r/<code>")
def receipt_of(code: str) -> Response:
    """Received, and after sealing whether it is in the record. Nothing more."""
    found = asking.find_receipt(code)
    if found is None:
        return _no_receipt(code)
    return hx.render(
        "ballots/receipt_of.html",
        receipt=found,
        code=_grouped(codes.fold(code)),
        courtyard=courtyards.find(found.ballot.courtyard_id),
    )


def _no_receipt(typed: str) -> Response:
    fault = _("没有这个回执号。请对着截图再看一遍。")
    return hx.render("ballots/receipt_ask.html", status=404, typed=typed, fault=fault)


def _grouped(code: str) -> str:
    """A receipt as it is shown, breaking in the middle on a narrow screen: K7M4-Q9X 3RW5-2TB."""
    return f"{code[:4]}-{code[4:7]} {code[7:11]}-{code[11:]}"
