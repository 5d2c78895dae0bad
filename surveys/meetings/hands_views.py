"""A show of hands, typed in place by place from the host's phone or the desk."""

from flask import Response, flash, g, request

from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused
from surveys.meetings import agenda, hands, rules
from surveys.meetings.asked_forms import HandsForm, place_word
from surveys.meetings.asked_views import BOTH
from surveys.meetings.hands import Show
from surveys.meetings.record_views import Post, at_desk, at_remote
from surveys.meetings.views import PAGES, courtyard_of


@PAGES.route("/desk/meeting/<meeting_id>/hands", methods=BOTH)
def count_hands(meeting_id: str) -> Response:
    """Type in what was counted in one place; then the next one."""
    return _count_hands(at_desk(meeting_id, May.KEY_IN))


@PAGES.route("/host/<meeting_id>/hands", methods=BOTH)
def host_hands(meeting_id: str) -> Response:
    """The same on the host's phone."""
    return _count_hands(at_remote(meeting_id))


@PAGES.post("/host/<meeting_id>/hands/<hands_id>/take-back")
def host_take_back_hands(meeting_id: str, hands_id: str) -> Response:
    """The same on the host's phone."""
    return _take_back(at_remote(meeting_id), hands_id)


@PAGES.post("/desk/meeting/<meeting_id>/hands/<hands_id>/take-back")
def take_back_hands(meeting_id: str, hands_id: str) -> Response:
    """Take back what was counted in one place."""
    return _take_back(at_desk(meeting_id, May.KEY_IN), hands_id)


def _count_hands(post: Post) -> Response:
    meeting = post.meeting
    show = None if "new" in request.args else hands.latest(meeting, meeting.item_id)
    form = HandsForm()
    present = hands.next_place(meeting.courtyard_id, show)
    form.offer(hands.places_of(meeting.courtyard_id), present)
    if form.validate_on_submit():
        try:
            _count(post, form)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("记下了：%(place)s。", place=place_word(form.place())), "done")
            return hx.see_other(request.path)
    return _page(post, form, show)


def _count(post: Post, form: HandsForm) -> None:
    hands.count(
        post.meeting,
        form.question.data or "",
        form.hands(),
        where=form.place(),
        people=form.people_there(),
        counted_by=form.counted_by.data or "",
        typed_by=post.host.called,
        item_id=post.meeting.item_id,
        at=g.at,
    )


def _page(post: Post, form: HandsForm, show: Show | None) -> Response:
    if not form.is_submitted():
        item = agenda.current_item(post.meeting)
        form.question.data = show.question if show else item.title if item else ""
        form.counted_by.data = show.counts[-1].counted_by if show else post.host.called
    return hx.render(
        "meetings/hands.html",
        None,
        422 if form.is_submitted() else 200,
        meeting=post.meeting,
        courtyard=courtyard_of(post.meeting),
        post=post,
        form=form,
        show_of_hands=show,
        rows=_rows(show),
        place_word=place_word,
    )


def _take_back(post: Post, hands_id: str) -> Response:
    hands.take_back(post.meeting, hands_id, called=post.host.called, at=g.at)
    flash(_("撤回了。"), "done")
    return hx.see_other(f"{post.base}/hands")


def _rows(show: Show | None) -> list[tuple[str, str]]:
    """Words and numbers of the form's rows: as typed, as called before, or those of a ready set."""
    if request.method == "POST":
        words, raised = request.form.getlist("choice"), request.form.getlist("raised")
        return list(zip(words, raised, strict=False))[: rules.MOST_CHOICES]
    if show:
        return [(word, "") for word in show.choices]
    chosen = rules.CHOICE_SETS.get(request.args.get("set", ""), rules.CHOICE_SETS["agree"])
    return [(_(word), "") for word in chosen]
