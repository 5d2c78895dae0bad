"""Promises, noted on the spot from the host's phone or at the desk, and their list on paper."""

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import opinions, promises
from surveys.meetings.minutes_forms import PromiseForm
from surveys.meetings.models import Meeting, OpinionState
from surveys.meetings.record_views import Post, at_desk, at_remote
from surveys.meetings.views import PAGES, courtyard_of


@PAGES.route("/desk/meeting/<meeting_id>/promise", methods=["GET", "POST"])
def promise(meeting_id: str) -> Response:
    """Note what was promised; the list of it."""
    return _promise(at_desk(meeting_id))


@PAGES.route("/host/<meeting_id>/promise", methods=["GET", "POST"])
def host_promise(meeting_id: str) -> Response:
    """The same on the host's phone."""
    return _promise(at_remote(meeting_id))


@PAGES.post("/desk/meeting/<meeting_id>/promise/<promise_id>/take-back")
def take_back_promise(meeting_id: str, promise_id: str) -> Response:
    """Take one back."""
    return _take_back(at_desk(meeting_id), promise_id)


@PAGES.post("/host/<meeting_id>/promise/<promise_id>/take-back")
def host_take_back_promise(meeting_id: str, promise_id: str) -> Response:
    """The same on the host's phone."""
    return _take_back(at_remote(meeting_id), promise_id)


@PAGES.get("/desk/meeting/<meeting_id>/promises")
def print_promises(meeting_id: str) -> Response:
    """The list on A4, to be put up."""
    meeting = access.fetch(Meeting, meeting_id, May.PRINT)
    return hx.render(
        "meetings/promises_print.html",
        meeting=meeting,
        courtyard=courtyard_of(meeting),
        kept=_kept(meeting),
    )


def _kept(meeting: Meeting) -> list[promises.Kept]:
    today = promises.today_of(meeting, g.at)
    return promises.standing_of(promises.of_meeting(meeting.id), today)


def _promise(post: Post) -> Response:
    meeting = post.meeting
    admitted = opinions.of_meeting(meeting.id, {OpinionState.ADMITTED})
    today = promises.today_of(meeting, g.at)
    form = PromiseForm.fresh(today, reversed(admitted), request.args.get("opinion", ""))
    if form.validate_on_submit():
        try:
            _make(post, form)
        except (Invalid, Refused, NotFound) as fault:
            blame(form, fault)
        else:
            return hx.see_other(request.path)
    return hx.render(
        "meetings/promise.html",
        None,
        422 if form.is_submitted() else 200,
        meeting=meeting,
        courtyard=courtyard_of(meeting),
        post=post,
        form=form,
        kept=_kept(meeting),
        today=today,
    )


def _make(post: Post, form: PromiseForm) -> None:
    if form.due_on.data is None:
        raise ValueError("the form has been checked")
    made = promises.make(
        post.meeting,
        form.text.data or "",
        form.who.data or "",
        form.due_on.data,
        opinion_id=form.opinion.data or None,
        host=post.host,
        submission=form.submission.data or "",
        at=g.at,
    )
    if made.need_id is None:
        flash(_("记下了。院里没有在进行的一轮，没有进台账。"), "mind")
    else:
        flash(_("记下了，进了问题台账，到期会提醒。"), "done")


def _take_back(post: Post, promise_id: str) -> Response:
    promises.take_back(promises.find(post.meeting, promise_id), host=post.host, at=g.at)
    flash(_("收回了。"), "done")
    return hx.see_other(f"{post.base}/promise")
