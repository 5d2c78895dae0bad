"""A meeting at the desk: planned, its agenda, its invitation, the link of its remote."""

from datetime import datetime
from typing import TypedDict

from flask import Response, flash, g, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import qr
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import agenda, asking, became, hosting, rules, service
from surveys.meetings.forms import HostForm, ItemForm, MeetingForm, PlanForm
from surveys.meetings.models import AgendaItem, Meeting, Remote
from surveys.meetings.views import PAGES, courtyard_of
from surveys.web import config_of, printed_address


class _Planned(TypedDict):
    """What a meeting is planned by."""

    title: str
    place: str
    starts_at: datetime


def _page(name: str, meeting: Meeting, status: int = 200, **more: object) -> Response:
    return hx.render(
        f"meetings/{name}.html",
        None,
        status,
        meeting=meeting,
        state=rules.state(meeting).value,
        courtyard=courtyard_of(meeting),
        kind_names=rules.KIND_NAMES,
        **more,
    )


def _home(meeting_id: str) -> Response:
    return hx.see_other(url_for("meetings.meeting", meeting_id=meeting_id))


# --- planned -------------------------------------------------------------------------------------


@PAGES.get("/desk/courtyard/<courtyard_id>/meetings")
def meetings(courtyard_id: str) -> Response:
    """The courtyard's meetings, and a new one."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return _list(courtyard, PlanForm.fresh(g.at, courtyard.zone))


@PAGES.post("/desk/courtyard/<courtyard_id>/meetings")
def plan(courtyard_id: str) -> Response:
    """Plan a meeting."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = PlanForm.fresh(g.at, courtyard.zone)
    if form.validate_on_submit():
        try:
            made = service.create(
                courtyard,
                **_planned(form, courtyard.zone),
                items=form.wishes(),
                by=access.me(),
                at=g.at,
            )
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("定好了。看一眼议程，印一张海报，发到群里。"), "done")
            return _home(made.id)
    return _list(courtyard, form, 422)


def _planned(form: MeetingForm, zone: str) -> _Planned:
    return _Planned(
        title=form.title.data or "", place=form.place.data or "", starts_at=form.instant(zone)
    )


def _list(courtyard: Courtyard, form: PlanForm, status: int = 200) -> Response:
    every = service.of_courtyard(courtyard.id)
    return hx.render(
        "meetings/desk_list.html",
        None,
        status,
        courtyard=courtyard,
        meetings=[(meeting, rules.state(meeting).value) for meeting in every],
        form=form,
        may_run=access.allows(courtyard.id, May.RUN),
    )


@PAGES.route("/desk/meeting/<meeting_id>/edit", methods=["GET", "POST"])
def edit(meeting_id: str) -> Response:
    """Change when and where it is."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    zone = courtyard_of(meeting).zone
    form = MeetingForm.of(meeting, zone)
    if form.validate_on_submit():
        try:
            service.change(meeting, **_planned(form, zone), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存好了。印过海报、发过群的，请再印、再发一次。"), "done")
            return _home(meeting_id)
    return _page("desk_edit", meeting, 422 if form.is_submitted() else 200, form=form)


@PAGES.post("/desk/meeting/<meeting_id>/cancel")
def cancel(meeting_id: str) -> Response:
    """Call it off."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    service.cancel(meeting, by=access.me(), at=g.at)
    flash(_("取消了。居民再扫码，会看到这次不开了。"), "done")
    return _home(meeting_id)


# --- one meeting ---------------------------------------------------------------------------------


@PAGES.get("/desk/meeting/<meeting_id>")
def meeting(meeting_id: str) -> Response:
    """The meeting's agenda, its invitation, and the way to wall and remote."""
    found = access.fetch(Meeting, meeting_id, May.LOOK)
    return _one(found, HostForm(host=access.require_account().title))


def _one(meeting: Meeting, host_form: HostForm, status: int = 200) -> Response:
    form = ItemForm(formdata=None)
    form.offer(agenda.subjects(meeting.courtyard_id))
    return _page(
        "desk",
        meeting,
        status,
        items=_titled(meeting),
        became=became.before(meeting, g.at),
        asked={item.id: asking.asked_at(item, g.at) for item in agenda.items_of(meeting)},
        hindered=_hindered(meeting),
        form=form,
        host_form=host_form,
        held=hosting.held(meeting.id),
        address=printed_address(f"/m/{meeting.id}"),
        wall=printed_address(f"/wall/{meeting.id}"),
        may_run=access.allows(meeting.courtyard_id, May.RUN),
        may_key_in=access.allows(meeting.courtyard_id, May.KEY_IN),
        may_print=access.allows(meeting.courtyard_id, May.PRINT),
    )


def _hindered(meeting: Meeting) -> dict[str, list[str]]:
    """Why a ballot could not be opened at its item, by the item; told before the meeting."""
    found = {item.id: asking.in_the_way(item, g.at) for item in agenda.items_of(meeting)}
    return {
        item_id: [say(fault) for fault in faults] for item_id, faults in found.items() if faults
    }


def _titled(meeting: Meeting) -> list[tuple[AgendaItem, str]]:
    """The items, each with the title of what it is about."""
    return [(item, agenda.title_of_subject(item)) for item in agenda.items_of(meeting)]


@PAGES.post("/desk/meeting/<meeting_id>/item")
def add_item(meeting_id: str) -> Response:
    """Put an item at the end of the agenda."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    form = ItemForm()
    form.offer(agenda.subjects(meeting.courtyard_id))
    if form.validate_on_submit():
        try:
            agenda.add(
                meeting,
                form.settled_kind(),
                form.title.data or "",
                text=form.text.data or "",
                about_id=form.about_id(),
                by=access.me(),
                at=g.at,
            )
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            return hx.see_other(url_for("meetings.meeting", meeting_id=meeting_id) + "#agenda")
    return _page("desk_item", meeting, 422, form=form, item=None)


@PAGES.route("/desk/meeting/<meeting_id>/item/<agenda_item_id>", methods=["GET", "POST"])
def change_item(meeting_id: str, agenda_item_id: str) -> Response:
    """Change what an item says and is about."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    item = agenda.item_of(meeting, agenda_item_id)
    form = ItemForm.of(item)
    form.offer(agenda.subjects(meeting.courtyard_id), only=item.kind)
    if form.validate_on_submit():
        try:
            agenda.change(
                item,
                title=form.title.data or "",
                text=form.text.data or "",
                about_id=form.about_id(),
                by=access.me(),
                at=g.at,
            )
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            return hx.see_other(url_for("meetings.meeting", meeting_id=meeting_id) + "#agenda")
    return _page("desk_item", meeting, 422 if form.is_submitted() else 200, form=form, item=item)


@PAGES.post("/desk/meeting/<meeting_id>/item/<agenda_item_id>/<any(up, down):way>")
def move_item(meeting_id: str, agenda_item_id: str, way: str) -> Response:
    """Move an item one place."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    item = agenda.item_of(meeting, agenda_item_id)
    agenda.move(item, 1 if way == "down" else -1, by=access.me(), at=g.at)
    return hx.see_other(url_for("meetings.meeting", meeting_id=meeting_id) + f"#i-{item.id}")


@PAGES.post("/desk/meeting/<meeting_id>/item/<agenda_item_id>/remove")
def remove_item(meeting_id: str, agenda_item_id: str) -> Response:
    """Take an item off the agenda."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    agenda.remove(agenda.item_of(meeting, agenda_item_id), by=access.me(), at=g.at)
    return hx.see_other(url_for("meetings.meeting", meeting_id=meeting_id) + "#agenda")


# --- the invitation ------------------------------------------------------------------------------


@PAGES.get("/desk/meeting/<meeting_id>/poster")
def poster(meeting_id: str) -> Response:
    """The invitation for the wall of the courtyard, A4."""
    meeting = access.fetch(Meeting, meeting_id, May.PRINT)
    address = printed_address(f"/m/{meeting.id}")
    return _page(
        "poster",
        meeting,
        items=agenda.items_of(meeting),
        picture=qr.svg_uri(address.upper()),
        printed_on=g.at,
    )


@PAGES.get("/m/<meeting_id>/qr.png")
def qr_png(meeting_id: str) -> Response:
    """The meeting's code as a picture to send to a group."""
    found = service.find(meeting_id)
    response = Response(
        qr.png_bytes(printed_address(f"/m/{found.id}").upper()), mimetype="image/png"
    )
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


# --- the remote's link ---------------------------------------------------------------------------


@PAGES.post("/desk/meeting/<meeting_id>/remote")
def make_remote(meeting_id: str) -> Response:
    """Make a link for a host."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    form = HostForm()
    if form.validate_on_submit():
        try:
            made = hosting.make(
                meeting,
                form.host.data or "",
                secret=config_of().secret,
                by=access.me(),
                at=g.at,
            )
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            return hx.see_other(f"/desk/meeting/{meeting_id}/remote/{made.id}")
    return _one(meeting, form, 422)


@PAGES.get("/desk/meeting/<meeting_id>/remote/<remote_id>")
def remote_link(meeting_id: str, remote_id: str) -> Response:
    """The link to scan with the host's phone, until it was taken."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    remote = access.fetch(Remote, remote_id, May.RUN)
    if remote.meeting_id != meeting.id:
        raise NotFound
    address = printed_address(f"/remote/{hosting.token_of(remote, config_of().secret)}")
    is_free = remote.taken_at is None and g.at < remote.expires_at
    return _page(
        "desk_remote",
        meeting,
        remote=remote,
        is_free=is_free,
        may_act=hosting.may_act(remote, g.at),
        address=address if is_free else "",
        picture=qr.svg_uri(address.upper()) if is_free else "",
    )
