"""A show of hands, typed in place by place from the host's phone or the desk."""

from flask import Response, flash, g, request

from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused
from surveys.meetings import agenda, hands, rules
from surveys.meetings.asked_forms import HandsForm, place_word
from surveys.meetings.asked_views import BOTH, Acting, at_desk
from surveys.meetings.forms import blame
from surveys.meetings.hands import Show
from surveys.meetings.views import PAGES, courtyard_of


@PAGES.route("/desk/meeting/<meeting_id>/hands", methods=BOTH)
def count_hands(meeting_id: str) -> Response:
    """Type in what was counted in one place; then the next one."""
    return _count_hands(at_desk(meeting_id, May.KEY_IN))


@PAGES.post("/desk/meeting/<meeting_id>/hands/<hands_id>/take-back")
def take_back_hands(meeting_id: str, hands_id: str) -> Response:
    """Take back what was counted in one place."""
    return _take_back(at_desk(meeting_id, May.KEY_IN), hands_id)


def _count_hands(acting: Acting) -> Response:
    meeting = acting.meeting
    show = None if "new" in request.args else hands.latest(meeting, meeting.item_id)
    form = HandsForm()
    present = hands.next_place(meeting.courtyard_id, show)
    form.offer(hands.places_of(meeting.courtyard_id), present)
    if form.validate_on_submit():
        try:
            _count(acting, form)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("记下了：%(place)s。", place=place_word(form.place())), "done")
            return hx.see_other(request.path)
    return _page(acting, form, show)


def _count(acting: Acting, form: HandsForm) -> None:
    hands.count(
        acting.meeting,
        form.question.data or "",
        form.hands(),
        where=form.place(),
        people=form.people_there(),
        counted_by=form.counted_by.data or "",
        typed_by=acting.host.called,
        item_id=acting.meeting.item_id,
        at=g.at,
    )


def _page(acting: Acting, form: HandsForm, show: Show | None) -> Response:
    if not form.is_submitted():
        item = agenda.current_item(acting.meeting)
        form.question.data = show.question if show else item.title if item else ""
        form.counted_by.data = show.counts[-1].counted_by if show else acting.host.called
    return hx.render(
        "meetings/hands.html",
        None,
        422 if form.is_submitted() else 200,
        meeting=acting.meeting,
        courtyard=courtyard_of(acting.meeting),
        on=acting.on,
        back=acting.home,
        form=form,
        show_of_hands=show,
        rows=_rows(show),
        place_word=place_word,
    )


def _take_back(acting: Acting, hands_id: str) -> Response:
    hands.take_back(acting.meeting, hands_id, called=acting.host.called, at=g.at)
    flash(_("撤回了。"), "done")
    return hx.see_other(f"{acting.home}/hands")


def _rows(show: Show | None) -> list[tuple[str, str]]:
    """Words and numbers of the form's rows: as typed, as called before, or those of a ready set."""
    if request.method == "POST":
        words, raised = request.form.getlist("choice"), request.form.getlist("raised")
        return list(zip(words, raised, strict=False))[: rules.MOST_CHOICES]
    if show:
        return [(word, "") for word in show.choices]
    chosen = rules.CHOICE_SETS.get(request.args.get("set", ""), rules.CHOICE_SETS["agree"])
    return [(_(word), "") for word in chosen]
