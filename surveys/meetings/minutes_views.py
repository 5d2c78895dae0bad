"""The minutes at the desk: read, edited, signed, printed, taken along as a Word file."""

from io import BytesIO

from flask import Response, flash, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, word_file
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused, SurveysError
from surveys.meetings import agenda, rules, signing, told_minutes_forms, writing_up
from surveys.meetings.minutes_forms import LineForm, NoteForm
from surveys.meetings.models import Meeting
from surveys.meetings.record_views import Post, at_desk
from surveys.meetings.views import PAGES, courtyard_of


def _here(meeting: Meeting) -> str:
    return f"/desk/meeting/{meeting.id}/minutes"


@PAGES.get("/desk/meeting/<meeting_id>/minutes")
def minutes(meeting_id: str) -> Response:
    """The minutes as they are written."""
    return _minutes(access.fetch(Meeting, meeting_id, May.LOOK), _note_form(meeting_id))


@PAGES.post("/desk/meeting/<meeting_id>/minutes")
def add_note(meeting_id: str) -> Response:
    """Add a line."""
    post, form = at_desk(meeting_id), _note_form(meeting_id)
    if form.validate_on_submit():
        text, item_id = form.text.data or "", form.item.data or None
        try:
            signing.note(post.meeting, text, item_id, host=post.host, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("补上了。"), "done")
            return hx.see_other(_here(post.meeting))
    return _minutes(post.meeting, form, 422)


@PAGES.route("/desk/meeting/<meeting_id>/minutes/<minute_id>", methods=["GET", "POST"])
def line(meeting_id: str, minute_id: str) -> Response:
    """Word a line otherwise, leave it out, or put it back."""
    post = at_desk(meeting_id)
    found = signing.line_of(post.meeting, minute_id)
    act = {"out": signing.leave_out, "in": signing.put_back}.get(request.form.get("go", ""))
    form = LineForm(text=writing_up.text_of(found))
    by = post.host.account_id
    if act is not None:
        act(found, by=by, at=g.at)
        return hx.see_other(f"{_here(post.meeting)}#l-{found.number}")
    if form.validate_on_submit():
        try:
            signing.reword(found, form.text.data or "", by=by, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("改好了。"), "done")
            return hx.see_other(f"{_here(post.meeting)}#l-{found.number}")
    return _line(post, minute_id, form)


def _line(post: Post, minute_id: str, form: LineForm) -> Response:
    found = signing.line_of(post.meeting, minute_id)
    return hx.render(
        "meetings/minutes_line.html",
        None,
        422 if form.is_submitted() else 200,
        meeting=post.meeting,
        courtyard=courtyard_of(post.meeting),
        line=found,
        facts=writing_up.facts_of(found),
        form=form,
    )


@PAGES.post("/desk/meeting/<meeting_id>/minutes/sign")
def sign(meeting_id: str) -> Response:
    """Freeze them."""
    meeting = access.fetch(Meeting, meeting_id, May.RUN)
    try:
        signing.sign(meeting, seen=request.form.get("seen", ""), by=access.me(), at=g.at)
    except Refused as fault:
        return _minutes(meeting, _note_form(meeting_id), fault.status, fault)
    flash(_("签字定稿了。居民在手机上看得到定了什么、答应了什么。"), "done")
    return hx.see_other(_here(meeting))


@PAGES.get("/desk/meeting/<meeting_id>/minutes/print")
def print_minutes(meeting_id: str) -> Response:
    """The minutes on A4, with lines to sign on."""
    meeting = access.fetch(Meeting, meeting_id, May.PRINT)
    written, courtyard = writing_up.of(meeting), courtyard_of(meeting)
    return hx.render(
        "meetings/minutes_print.html",
        meeting=meeting,
        courtyard=courtyard,
        head=told_minutes_forms.head(written, courtyard.zone),
        sections=told_minutes_forms.sections(written, courtyard.zone),
        signers=told_minutes_forms.signers(),
        stands=told_minutes_forms.stands(written, courtyard.zone),
    )


@PAGES.get("/desk/meeting/<meeting_id>/minutes.docx")
def minutes_docx(meeting_id: str) -> Response:
    """The same as a Word file."""
    meeting = access.fetch(Meeting, meeting_id, May.PRINT)
    courtyard = courtyard_of(meeting)
    held = told_minutes_forms.word_file(writing_up.of(meeting), courtyard.name, courtyard.zone)
    name = _("纪要-%(title)s.docx", title=meeting.title)
    return send_file(BytesIO(held), word_file.MIMETYPE, as_attachment=True, download_name=name)


def _note_form(meeting_id: str) -> NoteForm:
    form = NoteForm()
    form.offer(agenda.items_of(access.fetch(Meeting, meeting_id, May.LOOK)))
    return form


def _minutes(
    meeting: Meeting, form: NoteForm, status: int = 200, fault: SurveysError | None = None
) -> Response:
    written, courtyard = writing_up.of(meeting), courtyard_of(meeting)
    return hx.render(
        "meetings/minutes.html",
        None,
        status,
        meeting=meeting,
        courtyard=courtyard,
        state=rules.state(meeting).value,
        lines=[(each, writing_up.facts_of(each)) for each in writing_up.lines_of(meeting)],
        said={line["n"]: written.said.get(line.get("opinion")) for line in written.body["lines"]},
        items={item.id: item for item in agenda.items_of(meeting)},
        head=told_minutes_forms.head(written, courtyard.zone),
        sections=[
            *[told_minutes_forms.Section(_("谁到了"), told_minutes_forms.came(written.body))],
            *told_minutes_forms.figures(written.body),
            *told_minutes_forms.promised(written.body["promises"]),
        ],
        stands=told_minutes_forms.stands(written, courtyard.zone),
        whole=meeting.signed_at is None or writing_up.is_whole(meeting),
        seen="" if meeting.signed_at else writing_up.seen_mark(meeting),
        form=form,
        fault=fault,
        may_key_in=access.allows(meeting.courtyard_id, May.KEY_IN),
        may_run=access.allows(meeting.courtyard_id, May.RUN),
        may_print=access.allows(meeting.courtyard_id, May.PRINT),
    )
