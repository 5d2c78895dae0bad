"""A meeting on a resident's phone: the invitation, what is on, what one says, and afterwards."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, flash, g, request

from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import device
from surveys.errors import Invalid, Refused, SurveysError, TooOften
from surveys.meetings import (
    attending,
    became,
    figures,
    opinions,
    polls,
    rules,
    service,
    speaking,
    telling,
    told_minutes_forms,
    writing_up,
)
from surveys.meetings.models import Meeting, Opinion
from surveys.meetings.phones import Phone
from surveys.meetings.telling import Told
from surveys.meetings.views import PAGES, courtyard_of
from surveys.needs import intake
from surveys.web import config_of, reads_first

Tap = Callable[[Opinion, Phone], object]


def phone_at(courtyard_id: str) -> Phone:
    """The phone that asks, as acts of this room know it."""
    held = device.current()
    household = held.household_in(courtyard_id)
    return Phone(household.id if household else None, held.draft_key(courtyard_id), held.nameless)


@PAGES.get("/m/<meeting_id>")
@PAGES.get("/M/<meeting_id>")
def phone(meeting_id: str) -> Response:
    """The invitation before, what is on during, what was said after."""
    if request.path != request.path.lower():
        return hx.lead_to(request.path.lower(), 301)
    found = service.find(meeting_id)
    if rules.state(found) in {rules.State.PLANNED, rules.State.ON} and (
        device.current().household_in(found.courtyard_id) is None
    ):
        device.bound_for(found.courtyard_id, f"/m/{found.id}")  # whoever fetches its slip is back
    return _page(found)


@PAGES.get("/m/<meeting_id>/live")
def live_part(meeting_id: str) -> Response:
    """What is on now, as a part: 204 when what is shown already is still true."""
    seen = request.args.get("seen", "")
    if telling.still_true(meeting_id, seen, config_of().live_kept_ms):
        return Response(status=204)
    found = service.find(meeting_id)
    told = telling.told(found, g.at)
    telling.hold_true(meeting_id, told.tag)
    return Response(status=204) if seen == told.tag else _live(found, told=told)


@PAGES.post("/m/<meeting_id>/here")
@reads_first
def here(meeting_id: str) -> Response:
    """Sign in."""
    return _signed(service.find(meeting_id), attending.sign_in, _("签到了。"))


@PAGES.post("/m/<meeting_id>/away")
@reads_first
def away(meeting_id: str) -> Response:
    """Signed in by mistake."""
    return _signed(service.find(meeting_id), attending.sign_out, _("签到收回了。"))


def _signed(found: Meeting, act: Callable[..., None], done: str) -> Response:
    try:
        act(found, phone_at(found.courtyard_id), at=g.at)
    except (Refused, TooOften) as fault:
        return _page(found, fault)
    flash(done, "done")
    return hx.see_other(f"/m/{found.id}")


@PAGES.post("/m/<meeting_id>/say")
@reads_first
def say(meeting_id: str) -> Response:
    """Send what one has to say; or have the page again with what is typed so far."""
    found = service.find(meeting_id)
    if request.form.get("go") == "here":
        return _page(found)
    sent = request.form.get("submission", "")[:40] or intake.new_submission()
    try:
        speaking.say(
            found,
            request.form.get("text", ""),
            phone_at(found.courtyard_id),
            submission=sent,
            at=g.at,
        )
    except (Invalid, Refused, TooOften) as fault:
        return _page(found, fault)
    flash(_("收到了。主持人看过，就给大家看，也记进问题台账。"), "done")
    return hx.see_other(f"/m/{found.id}")


@PAGES.post("/m/<meeting_id>/too")
@reads_first
def too(meeting_id: str) -> Response:
    """我也是."""
    return _tapped(meeting_id, partial(speaking.support, at=g.at))


@PAGES.post("/m/<meeting_id>/not")
@reads_first
def not_too(meeting_id: str) -> Response:
    """我也是, taken back."""
    return _tapped(meeting_id, partial(speaking.unsupport, at=g.at))


@PAGES.post("/m/<meeting_id>/take-back")
@reads_first
def take_back(meeting_id: str) -> Response:
    """What one has said oneself, taken back."""
    return _tapped(meeting_id, partial(speaking.withdraw, at=g.at))


def _tapped(meeting_id: str, act: Tap) -> Response:
    found = service.find(meeting_id)
    opinion = opinions.find(request.form.get("opinion", ""), found.id)
    try:
        act(opinion, phone_at(found.courtyard_id))
    except (Refused, TooOften) as fault:
        return _live(found, fault) if hx.wants_part() else _page(found, fault)
    return _live(found) if hx.wants_part() else hx.see_other(f"/m/{found.id}#live")


def _live(
    found: Meeting, fault: SurveysError | None = None, *, told: Told | None = None
) -> Response:
    return hx.render(
        "meetings/_live.html",
        status=422 if fault else 200,  # of which htmx shows the part where it stood
        fault=fault,
        **_shown(found, told or telling.told(found, g.at)),
    )


def _page(found: Meeting, fault: SurveysError | None = None) -> Response:
    asks = phone_at(found.courtyard_id)
    return hx.render(
        "meetings/phone.html",
        status=_status(fault),
        fault=fault,
        courtyard=courtyard_of(found),
        household=device.current().household_in(found.courtyard_id),
        hand=device.current().hand,
        is_here=attending.is_here(found, asks),
        takes_names=rules.takes_names(found, g.at),
        typed=request.form.get("text", ""),
        submission=request.form.get("submission") or intake.new_submission(),
        most=rules.LONGEST_OPINION,
        became=became.before(found, g.at),
        **_signed_minutes(found),
        **_shown(found, telling.told(found, g.at)),
    )


def _signed_minutes(found: Meeting) -> dict[str, Any]:
    """What residents read of the minutes, once they are signed."""
    if found.signed_at is None:
        return {"sections": [], "fingerprint": ""}
    written = writing_up.of(found)
    counted = figures.with_known_turnout(written.body["ballots"], g.at)
    return {
        "sections": told_minutes_forms.public(written, counted),
        "fingerprint": told_minutes_forms.grouped(written.fingerprint),
    }


def _status(fault: SurveysError | None) -> int:
    return fault.status if fault else 200


def _shown(found: Meeting, told: Told) -> dict[str, Any]:
    """What the page and its moving part both show to this phone."""
    held = device.current()
    asks = phone_at(found.courtyard_id)
    return {
        "meeting": found,
        "told": told,
        "answered": polls.answer_of(told.question, asks),
        "mine": opinions.Mine() if held.is_new else opinions.mine(found.id, asks),
    }
