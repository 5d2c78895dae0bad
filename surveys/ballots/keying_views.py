"""Votes that did not come by phone: keyed in, compared by another account, looked into, signed."""

import secrets
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import asking, calling_back, keying, rules, sealing
from surveys.ballots.desk_views import home, page
from surveys.ballots.forms import KeyForm, ReasonForm, sent_sheet
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Channel, Entry
from surveys.ballots.rules import EntryState, State
from surveys.ballots.sheets import Sheet
from surveys.base import hx, show
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from surveys.web import config_of

KEYING = Blueprint("keying", __name__)


def _keys() -> LinkKeys:
    return LinkKeys(config_of().link_key_dirs)


def _see(ballot: Ballot, endpoint: str, channel: str | None = None) -> Response:
    address = url_for(f"ballots.keying.{endpoint}", ballot_id=ballot.id, channel=channel)
    return hx.see_other(address)


# --- keying in -----------------------------------------------------------------------------------


@KEYING.get("/desk/ballot/<ballot_id>/key-in")
def key_in(ballot_id: str) -> Response:
    """A fresh sheet, on the channel of the last one; while any is taken."""
    ballot = access.fetch(Ballot, ballot_id, May.KEY_IN)
    if rules.state(ballot, g.at) not in {State.OPEN, State.CLOSED} or ballot.signed_at:
        flash(_("这次点单现在不录票。"))
        return home(ballot)
    channel = request.args.get("channel", Channel.PAPER.value)
    return _sheet(ballot, KeyForm(channel=channel), Sheet(asking.offer(ballot)))


@KEYING.post("/desk/ballot/<ballot_id>/key-in")
def keep(ballot_id: str) -> Response:
    """Keep what was keyed, for another account to compare with the paper."""
    ballot = access.fetch(Ballot, ballot_id, May.KEY_IN)
    form, sheet = KeyForm(), sent_sheet(asking.offer(ballot))
    said = [say(fault) for fault in sheet.refusals]
    household = _household(form, ballot) if form.validate_on_submit() else None
    if household is None or said:
        return _sheet(ballot, form, sheet, said, status=422)
    channel = Channel(form.channel.data)
    try:
        keying.key_in(
            ballot,
            household,
            sheet.choice,
            channel=channel,
            submission=form.submission_id(),
            by=access.me(),
            at=g.at,
            keys=_keys(),
            secret=config_of().secret,
        )
    except Refused as fault:
        return _sheet(ballot, form, sheet, [say(fault)], status=fault.status)
    flash(_("录好了：%(door)s。等另一个人核对。", door=show.door(household)))
    return _see(ballot, "key_in", channel=channel.value)


def _household(form: KeyForm, ballot: Ballot) -> Household | None:
    try:
        return courtyards.household_at(ballot.courtyard_id, form.household.data or "")
    except Invalid as fault:
        form.household.errors = [say(fault)]
        return None


def _sheet(
    ballot: Ballot, form: KeyForm, sheet: Sheet, said: Sequence[str] = (), status: int = 200
) -> Response:
    me = access.me()
    if rules.state(ballot, g.at) is State.CLOSED:
        form.only_paper()
    return page(
        "desk_key_in",
        ballot,
        status,
        form=form,
        offer=sheet.offer,
        sheet=sheet,
        said=said,
        submission=form.submission_id() or secrets.token_urlsafe(12),
        mine=[waiting for waiting in asking.pending(ballot) if waiting.entry.keyed_by == me],
    )


# --- comparing with the paper --------------------------------------------------------------------


@KEYING.get("/desk/ballot/<ballot_id>/confirm")
def to_confirm(ballot_id: str) -> Response:
    """What waits to be compared with its paper, door by door, or of the door looked for."""
    ballot, me = access.fetch(Ballot, ballot_id, May.CONFIRM), access.me()
    view = View.read(request.path, request.args, ["door"], {"q": None})
    found = asking.pending(ballot, view.asked.get("q", ""))
    waiting = view.shown(found)
    again = {w.entry.id for w in waiting if keying.may_look_again(w.entry, me, g.at)}
    return page(
        "desk_confirm", ballot, waiting=waiting, total=len(found), view=view, me=me, again=again
    )


@KEYING.post("/desk/entry/<entry_id>/look")
def look(entry_id: str) -> Response:
    """What was keyed, to one account, beside the paper."""
    entry = access.fetch(Entry, entry_id, May.CONFIRM)
    ballot = asking.find(entry.ballot_id)
    choice = keying.choice_to_confirm(entry, by=access.me(), at=g.at, keys=_keys())
    offer = asking.offer(ballot)
    return page(
        "desk_compare",
        ballot,
        entry=entry,
        household=asking.household_of(entry),
        offer=offer,
        items=[(n, item, choice[item.id]) for n, item in offer.numbered if item.id in choice],
    )


@KEYING.post("/desk/entry/<entry_id>/confirm")
def confirm(entry_id: str) -> Response:
    """It agrees with the paper."""
    entry = access.fetch(Entry, entry_id, May.CONFIRM)
    keying.confirm(entry, by=access.me(), at=g.at)
    flash(_("确认了。"))
    return _see(asking.find(entry.ballot_id), "to_confirm")


@KEYING.route("/desk/entry/<entry_id>/reject", methods=["GET", "POST"])
def reject(entry_id: str) -> Response:
    """It does not agree with the paper: send it back."""
    return _with_reason(entry_id, keying.reject, "reject", _("退回了，请录票的人照原件重录。"))


# --- looking into one household's votes ----------------------------------------------------------


@KEYING.get("/desk/ballot/<ballot_id>/entries")
def entries(ballot_id: str) -> Response:
    """What households dispute, and every entry of one door: the day and the channel, never what."""
    ballot = access.fetch(Ballot, ballot_id, May.CONFIRM)
    typed = request.args.get("door", "")[:60]
    household, fault = None, None
    if typed:
        try:
            household = courtyards.household_at(ballot.courtyard_id, typed)
        except Invalid as error:
            fault = say(error)
    view = View.read(
        f"/desk/ballot/{ballot.id}/entries",
        request.args,
        ["door", "-day"],
        {"q": None, "channel": set(Channel), "state": set(EntryState)},
        anchor="every",
    )
    came, total = asking.entries(ballot, view)
    return page(
        "desk_entries",
        ballot,
        422 if fault else 200,
        came=came,
        total=total,
        view=view,
        disputed=asking.disputed(ballot),
        typed=typed,
        fault=fault,
        household=household,
        standing=asking.standing(ballot, household) if household else None,
    )


@KEYING.route("/desk/entry/<entry_id>/withdraw", methods=["GET", "POST"])
def withdraw(entry_id: str) -> Response:
    """Take back an entry that stood."""
    return _with_reason(entry_id, keying.withdraw, "withdraw", _("撤下了。"))


@KEYING.route("/desk/entry/<entry_id>/reinstate", methods=["GET", "POST"])
def reinstate(entry_id: str) -> Response:
    """Let a withdrawn entry stand again."""
    return _with_reason(entry_id, keying.reinstate, "reinstate", _("恢复了。"))


def _with_reason(entry_id: str, act: Callable[..., None], name: str, done: str) -> Response:
    """Ask for a reason, then do `act`; `name` is its page."""
    entry = access.fetch(Entry, entry_id, May.CONFIRM)
    ballot, form = asking.find(entry.ballot_id), ReasonForm()
    if form.validate_on_submit():
        act(entry, form.reason.data or "", by=access.me(), at=g.at)
        flash(done)
        return _see(ballot, "to_confirm" if name == "reject" else "entries")
    return page(
        "desk_reason",
        ballot,
        422 if form.is_submitted() else 200,
        entry=entry,
        household=asking.household_of(entry),
        form=form,
        act=name,
    )


# --- signing -------------------------------------------------------------------------------------


@KEYING.route("/desk/ballot/<ballot_id>/sign", methods=["GET", "POST"])
def sign(ballot_id: str) -> Response:
    """A supervisor signs the numbers by channel; then nothing moves any more."""
    ballot = access.fetch(Ballot, ballot_id, May.CONFIRM)
    if request.method == "POST":
        sealing.sign(ballot, by=access.me(), at=g.at)
        flash(_("签好了。组织者可以封存计票了。"))
        return home(ballot)
    return page(
        "desk_sign",
        ballot,
        channels=asking.by_channel(ballot),
        called_back=calling_back.numbers(ballot),
        pending=len(asking.pending(ballot)),
        disputed=len(asking.disputed(ballot)),
    )
