"""The remote on a host's phone: taken, pressed, looked at again every two seconds, put down."""

import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256

from flask import Response, g, request, session

from surveys.ballots.link_key import LinkKeys
from surveys.base import hx
from surveys.base.words import N_
from surveys.errors import Forbidden, Invalid, NotFound, Refused, SurveysError
from surveys.meetings import agenda, asking, hosting, polls, remote, rules, service, showing
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Picture, Remote
from surveys.meetings.showing import Hand
from surveys.meetings.views import PAGES, courtyard_of
from surveys.meetings.wall_views import board
from surveys.web import config_of

NOT_YOURS = N_("这部手机没有拿这次会的遥控器。请扫工作人员给的遥控器码。")
Act = Callable[[Meeting, Hand, str], None]


def _phone() -> str:
    """Hash that names this phone as a remote; empty where it never was one.

    Apart from what names a resident's phone, so that handing it to the next family loses nothing.
    """
    own = session.get("remote")
    return sha256(f"remote:{own}".encode()).hexdigest() if own else ""


def holding(meeting_id: str) -> tuple[Meeting, Remote]:
    """The meeting and its remote, which this very phone holds now.

    Raises:
        NotFound: no such meeting.
        Forbidden: this phone does not hold it; in words, who took it over.
    """
    meeting = service.find(meeting_id)
    standing = hosting.standing(meeting.id, _phone(), g.at)
    if standing.remote is None:
        raise Forbidden(NOT_YOURS)
    if not standing.holds:
        fault = hosting.why_not(standing.remote)
        raise Forbidden(fault.msgid, **fault.params)
    return meeting, standing.remote


# --- taken ---------------------------------------------------------------------------------------


@PAGES.route("/remote/<token>", methods=["GET", "POST"])
@PAGES.route("/REMOTE/<token>", methods=["GET", "POST"])
def take(token: str) -> Response:
    """Ask whether this phone is to be the remote; make it so when told."""
    link = hosting.find(token)
    meeting, fault = service.find(link.meeting_id), None
    if request.method == "POST":
        if not session.get("remote"):
            session.permanent = True
            session["remote"] = secrets.token_urlsafe(16)
        try:
            hosting.take(link, _phone(), at=g.at)
        except Refused as refused:
            fault = refused
    if hosting.standing(meeting.id, _phone(), g.at).remote == link and fault is None:
        return hx.see_other(f"/host/{meeting.id}")
    fault = fault or hosting.in_the_way(link, meeting, g.at)
    return hx.render(
        "meetings/take.html",
        None,
        fault.status if fault else 200,
        fault=fault,
        meeting=meeting,
        courtyard=courtyard_of(meeting),
        link=link,
        before=hosting.held(meeting.id),
        action=f"/remote/{token.upper()}",
    )


# --- pressed -------------------------------------------------------------------------------------


@PAGES.get("/host/<meeting_id>")
def host(meeting_id: str) -> Response:
    """The remote."""
    return _remote(service.find(meeting_id))


@PAGES.get("/host/<meeting_id>/part")
def host_part(meeting_id: str) -> Response:
    """The remote as a part: 204 where what is on it is still true."""
    meeting = service.find(meeting_id)
    standing = hosting.standing(meeting.id, _phone(), g.at)
    if request.args.get("seen") == remote.tag(meeting, standing, g.at):
        return Response(status=204)
    return _remote(meeting)


@PAGES.post("/host/<meeting_id>")
def press(meeting_id: str) -> Response:
    """One tap: what it wants is in the name of the button."""
    meeting, held = holding(meeting_id)
    hand = Hand(held.host, _step(), g.at)
    what, _colon, rest = request.form.get("do", "").partition(":")
    try:
        if what == "put_down":
            hosting.put_down(held, at=g.at)
        elif what in {"open", "close"}:
            _ask(meeting, held, what, rest)
        elif what == "close_poll":
            polls.close(polls.find_of(meeting, rest), called=held.host, at=g.at)
        elif what in _ACTS:
            _ACTS[what](meeting, hand, rest)
        else:
            raise Invalid(N_("没有这个按钮。"))
    except (Invalid, Refused, NotFound) as fault:
        return _remote(service.find(meeting_id), fault)
    if hx.wants_part():
        return _remote(service.find(meeting_id))
    return hx.see_other(f"/host/{meeting_id}")


def _step() -> int:
    """The step that the form was made from."""
    typed = request.form.get("step", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise Invalid(N_("请写一个数。"))
    return int(typed)


def _show(meeting: Meeting, hand: Hand, rest: str) -> None:
    name, _colon, subject_id = rest.partition(":")
    if name not in set(Picture):
        raise Invalid(N_("没有这个画面。"))
    showing.show(meeting, Picture(name), hand, subject_id or None)


def _ask(meeting: Meeting, held: Remote, what: str, item_id: str) -> None:
    """Open or close what is asked at the present item, or at the one that is named."""
    item = agenda.item_of(meeting, item_id) if item_id else agenda.current_item(meeting)
    if item is None:
        raise Refused(N_("会还没有开到哪一项。"))
    host = Host(held.made_by, held.host)
    if what == "close":
        asking.close_item(item, host=host, at=g.at)
    else:
        config = config_of()
        keys = LinkKeys(config.link_key_dirs)
        asking.open_item(item, host=host, keys=keys, secret=config.secret, at=g.at)


_ACTS: Mapping[str, Act] = {
    "begin": lambda meeting, hand, rest: showing.begin(meeting, hand),
    "end": lambda meeting, hand, rest: showing.end(meeting, hand),
    "go_on": lambda meeting, hand, rest: showing.go_on(meeting, hand),
    "go": lambda meeting, hand, rest: showing.go(meeting, rest, hand),
    "show": _show,
    "count": lambda meeting, hand, rest: showing.count_down(meeting, _number(rest), hand),
    "letters": lambda meeting, hand, rest: showing.letters(meeting, _number(rest), hand),
    "freeze": lambda meeting, hand, rest: showing.freeze(meeting, board(meeting, still=True), hand),
    "unfreeze": lambda meeting, hand, rest: showing.unfreeze(meeting, hand),
    "undo": lambda meeting, hand, rest: showing.undo(meeting, hand),
}


def _remote(meeting: Meeting, fault: SurveysError | None = None) -> Response:
    """The remote, or what became of it where this phone holds it no more."""
    standing = hosting.standing(meeting.id, _phone(), g.at)
    if standing.remote is None:
        raise Forbidden(NOT_YOURS)
    part = hx.wants_part()
    return hx.render(
        "meetings/host.html",
        "meetings/_remote.html",
        (422 if part else fault.status) if fault else 200,
        fault=fault or (None if standing.holds else hosting.why_not(standing.remote)),
        panel=remote.panel(meeting, g.at) if standing.holds else None,
        tag=remote.tag(meeting, standing, g.at),
        meeting=meeting,
        held=standing.remote,
        names=rules.PICTURE_NAMES,
        courtyard=courtyard_of(meeting),
    )
