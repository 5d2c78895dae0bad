"""Taken down as it happens: opinions typed and glanced at, doors ticked, at the desk or the remote.

Both are the same pages; what differs is who acts, and which address they stand under.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.rules import printable
from surveys.errors import Invalid, NotFound, Refused, SurveysError
from surveys.meetings import attending, glancing, opinions, rules, service, showing
from surveys.meetings.asking import Host
from surveys.meetings.host_views import holding
from surveys.meetings.models import Meeting, OpinionState, Picture
from surveys.meetings.showing import Hand
from surveys.meetings.views import PAGES, courtyard_of
from surveys.needs import intake, public


@dataclass(frozen=True, slots=True)
class Post:
    """Where somebody acts from."""

    meeting: Meeting
    host: Host
    base: str
    """address that the pages stand under"""
    frame: str
    """template that they stand in"""


def at_desk(meeting_id: str, may: May = May.KEY_IN) -> Post:
    """Who is signed in at the desk, and may do this there."""
    meeting = access.fetch(Meeting, meeting_id, may)
    account = access.require_account()
    host = Host(account.id, account.title[:40])
    return Post(meeting, host, f"/desk/meeting/{meeting.id}", "base/desk.html")


def at_remote(meeting_id: str) -> Post:
    """The host whose phone holds the remote."""
    meeting, held = holding(meeting_id)
    host = Host(held.made_by, held.host)
    return Post(meeting, host, f"/host/{meeting.id}", "base/page.html")


# --- opinions ------------------------------------------------------------------------------------


@PAGES.get("/desk/meeting/<meeting_id>/record")
def record(meeting_id: str) -> Response:
    """The recorder's page: a line to type into, and what waits for a glance."""
    return _record(at_desk(meeting_id))


@PAGES.get("/desk/meeting/<meeting_id>/record/queue")
def record_queue(meeting_id: str) -> Response:
    """What waits, as a part: 204 where what is shown is still true."""
    return _queue_if_new(at_desk(meeting_id))


@PAGES.post("/desk/meeting/<meeting_id>/record")
def take_down(meeting_id: str) -> Response:
    """Type an opinion, or press a button beside one."""
    return _recorded(at_desk(meeting_id))


@PAGES.get("/host/<meeting_id>/record")
def host_record(meeting_id: str) -> Response:
    """The same on the host's phone."""
    return _record(at_remote(meeting_id))


@PAGES.get("/host/<meeting_id>/record/queue")
def host_queue(meeting_id: str) -> Response:
    """What waits, as a part on the host's phone."""
    return _queue_if_new(at_remote(meeting_id))


@PAGES.post("/host/<meeting_id>/record")
def host_take_down(meeting_id: str) -> Response:
    """Typed or pressed on the host's phone."""
    return _recorded(at_remote(meeting_id))


def _queue_if_new(post: Post) -> Response:
    if request.args.get("seen") == opinions.queue_tag(post.meeting):
        return Response(status=204)
    return _queue(post)


def _recorded(post: Post) -> Response:
    what, _colon, opinion_id = request.form.get("do", "").partition(":")
    try:
        if what in _ACTS:
            _ACTS[what](post, opinion_id)
        else:
            _typed(post)
    except (Invalid, Refused, NotFound) as fault:
        return _queue(post, fault) if hx.wants_part() else _record(post, fault)
    return _queue(post) if hx.wants_part() else hx.see_other(f"{post.base}/record")


def _typed(post: Post) -> None:
    door = request.form.get("door", "").strip()
    home = courtyards.household_at(post.meeting.courtyard_id, door) if door else None
    kept = glancing.take_down(
        post.meeting,
        request.form.get("text", ""),
        household_id=home.id if home else None,
        host=post.host,
        submission=request.form.get("submission", ""),
        at=g.at,
    )
    number = opinions.number_of(kept)
    if number is None:
        flash(_("记下了。院里没有在进行的一轮，没有进台账。"), "mind")
    else:
        flash(_("记下了，台账第 %(number)d 条。", number=number), "done")


def _admit(post: Post, opinion_id: str) -> None:
    glancing.admit(opinions.find(opinion_id, post.meeting.id), host=post.host, at=g.at)


def _onto_the_wall(post: Post, opinion_id: str) -> None:
    _admit(post, opinion_id)
    now = service.find(post.meeting.id)
    hand = Hand(post.host.called, now.step, g.at)  # of whatever step: this very opinion is meant
    showing.show(now, Picture.OPINION, hand, opinion_id)


def _withhold(post: Post, opinion_id: str) -> None:
    glancing.withhold(opinions.find(opinion_id, post.meeting.id), host=post.host, at=g.at)


def _strike(post: Post, opinion_id: str) -> None:
    glancing.strike(opinions.find(opinion_id, post.meeting.id), host=post.host, at=g.at)


_ACTS: Mapping[str, Callable[[Post, str], None]] = {
    "admit": _admit,
    "wall": _onto_the_wall,
    "withhold": _withhold,
    "strike": _strike,
}
"""what the name of a button wants, before its colon"""


def _record(post: Post, fault: SurveysError | None = None) -> Response:
    return hx.render(
        "meetings/record.html",
        None,
        fault.status if fault else 200,
        typed=printable(request.form.get("text", ""), most=2 * rules.LONGEST_OPINION),
        door=printable(request.form.get("door", ""), most=40),
        submission=request.form.get("submission") or intake.new_submission(),
        most=rules.LONGEST_OPINION,
        **_waiting(post, fault),
    )


def _queue(post: Post, fault: SurveysError | None = None) -> Response:
    status = 422 if fault else 200  # of which htmx shows the part where it stood
    return hx.render("meetings/_queue.html", None, status, **_waiting(post, fault))


def _waiting(post: Post, fault: SurveysError | None) -> dict[str, object]:
    every = opinions.of_meeting(
        post.meeting.id, {OpinionState.WAITING, OpinionState.ADMITTED, OpinionState.WITHHELD}
    )
    return {
        "post": post,
        "meeting": post.meeting,
        "courtyard": courtyard_of(post.meeting),
        "state": rules.state(post.meeting).value,
        "fault": fault,
        "tag": opinions.queue_tag(post.meeting),
        "waiting": [one for one in every if one.state is OpinionState.WAITING],
        "admitted": [one for one in reversed(every) if one.state is OpinionState.ADMITTED],
        "withheld": [one for one in reversed(every) if one.state is OpinionState.WITHHELD],
        "too": opinions.supporters(post.meeting.id),
        "numbers": opinions.ledger_numbers(every),
        "pieces": public.pieces,
    }


# --- who is here ---------------------------------------------------------------------------------


@PAGES.get("/desk/meeting/<meeting_id>/people")
def people(meeting_id: str) -> Response:
    """Who is here: the roll by building, a tap a door, and visitors as a number."""
    return _people(at_desk(meeting_id))


@PAGES.post("/desk/meeting/<meeting_id>/people")
def tick(meeting_id: str) -> Response:
    """Tick a door or take the tick back, or say how many visitors there are."""
    return _ticked(at_desk(meeting_id))


@PAGES.get("/host/<meeting_id>/people")
def host_people(meeting_id: str) -> Response:
    """The roll on the host's phone."""
    return _people(at_remote(meeting_id))


@PAGES.post("/host/<meeting_id>/people")
def host_tick(meeting_id: str) -> Response:
    """Ticked on the host's phone."""
    return _ticked(at_remote(meeting_id))


def _ticked(post: Post) -> Response:
    what, _colon, household_id = request.form.get("do", "").partition(":")
    by = post.host.account_id
    try:
        if what == "tick":
            attending.tick(post.meeting, household_id, by=by, at=g.at)
        elif what == "untick":
            attending.untick(post.meeting, household_id, at=g.at)
        else:
            attending.count_visitors(post.meeting, _number(), by=by, at=g.at)
    except (Invalid, Refused, NotFound) as fault:
        return _people(post, fault)
    if hx.wants_part():
        return _people(post)
    return hx.see_other(f"{post.base}/people?building={request.form.get('building', '')}")


def _number() -> int:
    typed = request.form.get("visitors", "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise Invalid(N_("外来的人数请写一个数，没有就写 0。"))
    return int(typed)


def _people(post: Post, fault: SurveysError | None = None) -> Response:
    buildings = attending.came_by_building(post.meeting)
    building = request.values.get("building", "")
    if building not in buildings:
        building = next(iter(buildings), "")
    return hx.render(
        "meetings/people.html",
        "meetings/_people.html",
        422 if fault else 200,
        post=post,
        meeting=post.meeting,
        courtyard=courtyard_of(post.meeting),
        fault=fault,
        counts=attending.counts(post.meeting),
        buildings=buildings,
        building=building,
        stairwells=attending.roll(post.meeting, building),
        typed=request.form.get("visitors", ""),
        signed=post.meeting.signed_at is not None,
    )
