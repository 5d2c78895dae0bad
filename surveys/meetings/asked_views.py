"""What is asked on the spot: a poll from the host's phone and the desk, answered by residents'.

Also what an item links to, opened and closed from the desk where there is no remote.
"""

from flask import Response, flash, g, request

from surveys.accounts.rules import May
from surveys.ballots.link_key import LinkKeys
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.errors import Invalid, Refused, TooOften
from surveys.meetings import agenda, asking, polls, rules, service
from surveys.meetings.asked_forms import PollForm
from surveys.meetings.phone_views import phone_at
from surveys.meetings.record_views import Post, at_desk, at_remote
from surveys.meetings.views import PAGES, courtyard_of
from surveys.web import config_of, reads_first

BOTH = ["GET", "POST"]


# --- a poll --------------------------------------------------------------------------------------


@PAGES.route("/desk/meeting/<meeting_id>/poll", methods=BOTH)
def poll(meeting_id: str) -> Response:
    """Ask one question, or close the one that is open, and see what came of it."""
    return _poll(at_desk(meeting_id, May.RUN))


@PAGES.route("/host/<meeting_id>/poll", methods=BOTH)
def host_poll(meeting_id: str) -> Response:
    """The same on the host's phone."""
    return _poll(at_remote(meeting_id))


def _poll(post: Post) -> Response:
    meeting, called = post.meeting, post.host.called
    if request.form.get("go") == "close":
        polls.close(polls.find_of(meeting, request.form.get("poll", "")), called=called, at=g.at)
        return hx.see_other(request.path)
    form = PollForm.fresh()
    if form.validate_on_submit():
        asked, item_id = form.question.data or "", meeting.item_id
        try:
            polls.ask(meeting, asked, form.choices(), item_id=item_id, called=called, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            return hx.see_other(request.path)
    return _poll_page(post, form)


def _poll_page(post: Post, form: PollForm) -> Response:
    meeting = post.meeting
    latest = polls.open_poll(meeting) or polls.latest(meeting, meeting.item_id)
    return hx.render(
        "meetings/ask.html",
        None,
        422 if form.is_submitted() else 200,
        meeting=meeting,
        courtyard=courtyard_of(meeting),
        post=post,
        form=form,
        poll=latest,
        figures=polls.figures_of(latest) if latest else None,
        may_ask=rules.state(meeting) is rules.State.ON,
    )


@PAGES.post("/m/<meeting_id>/poll")
@reads_first
def answer(meeting_id: str) -> Response:
    """Take a choice from a resident's phone, once or changed."""
    meeting = service.find(meeting_id)
    typed = request.form.get("choice", "")
    try:
        polls.answer(
            polls.find_of(meeting, request.form.get("poll", "")),
            phone_at(meeting.courtyard_id),
            int(typed) if typed in _CHOICES else 0,
            at=g.at,
        )
    except (Invalid, Refused, TooOften) as fault:
        flash(say(fault), "mind")
        return hx.see_other(f"/m/{meeting.id}")
    return hx.see_other(f"/m/{meeting.id}#now")


_CHOICES = frozenset(str(n) for n in range(1, rules.MOST_CHOICES + 1))


# --- what an item links to -----------------------------------------------------------------------


@PAGES.post("/desk/meeting/<meeting_id>/item/<agenda_item_id>/<any(open, close):act>")
def open_or_close(meeting_id: str, agenda_item_id: str, act: str) -> Response:
    """Open or close what an item asks, as the remote would."""
    post = at_desk(meeting_id, May.RUN)
    meeting, host = post.meeting, post.host
    item = agenda.item_of(meeting, agenda_item_id)
    if act == "open":
        config = config_of()
        keys = LinkKeys(config.link_key_dirs)
        asking.open_item(item, host=host, keys=keys, secret=config.secret, at=g.at)
        flash(_("打开了。居民的手机上马上看得到。"), "done")
    else:
        asking.close_item(item, host=host, at=g.at)
        flash(_("截止了。"), "done")
    return hx.see_other(f"/desk/meeting/{meeting.id}#i-{item.id}")
