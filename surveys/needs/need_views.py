"""One need with everybody behind it, and the list of all suggestions."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, request
from flask_wtf import FlaskForm

from surveys.accounts import access
from surveys.accounts.lists import acts_on
from surveys.accounts.rules import May, own_path
from surveys.base import clock, hx
from surveys.base.audit import AuditEntry
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused, SurveysError
from surveys.needs import (
    catalogue,
    facts,
    forms,
    ledger,
    photos,
    public,
    service,
    splitting,
    undoing,
)
from surveys.needs.keeping import MARKS, STATUS, lane_facts, mark
from surveys.needs.ledger_views import PAGES, need_of
from surveys.needs.models import Need, Suggestion
from surveys.needs.rules import PHOTOS_MOST, status
from surveys.needs.sorters import sorters
from surveys.questionnaires.rules import CHANNELS

A_PAGE = 20


@PAGES.get("/desk/need/<need_id>")
def one(need_id: str) -> Response:
    """A need: who stands behind it, what they said, and what may be done with it."""
    need = need_of(need_id, May.LOOK)
    if need.id != need_id:
        return hx.see_other(f"/desk/need/{need.id}")
    return show(need)


@PAGES.post("/desk/need/<need_id>/rename")
def rename(need_id: str) -> Response:
    """Other words, or another line of the catalogue."""
    need, form = need_of(need_id, May.KEY_IN), forms.NeedForm()

    def act(who: str) -> None:
        service.rename(need, form.title.data or "", form.category.data, by=who, at=g.at)

    return _act(need, act, form)


@PAGES.post("/desk/need/<need_id>/lane")
def lane(need_id: str) -> Response:
    """Where it goes, by hand."""
    need, form = need_of(need_id, May.KEY_IN), forms.LaneForm()

    def act(who: str) -> None:
        note, seen = form.lane_note.data or "", form.seen.data
        service.set_lane(need, form.sent_to, note, seen=seen, by=who, at=g.at)

    return _act(need, act, form)


@PAGES.post("/desk/need/<need_id>/facts")
def describe(need_id: str) -> Response:
    """What it is, where, who sees to it, and by when it is answered."""
    need, form = need_of(need_id, May.KEY_IN), forms.FactsForm()
    seen = form.seen.data

    def act(who: str) -> None:
        facts.set_facts(need, form.facts, seen=seen, by=who, at=g.at)

    return _act(need, act, form)


@PAGES.post("/desk/need/<need_id>/split")
def split(need_id: str) -> Response:
    """The suggestions ticked become a need of their own, which is shown then."""
    need, form = need_of(need_id, May.KEY_IN), forms.SplitForm()
    if not form.validate_on_submit():
        return show(need, form)
    try:
        made = splitting.split(
            need,
            set(request.form.getlist("ticked")),
            form.title.data or "",
            form.category.data,
            by=access.me(),
            at=g.at,
        )
    except (Invalid, Refused) as fault:
        return show(need, form, fault)
    flash(_("从“%(title)s”里拆出来了。", title=need.title), "done")
    return hx.see_other(f"/desk/need/{made.id}")


@PAGES.post("/desk/need/<need_id>/quick")
def fixed_at_once(need_id: str) -> Response:
    """It was met at once."""
    need, form = need_of(need_id, May.KEY_IN), forms.FixForm()
    return _act(need, lambda who: service.quick_fix(need, form.fix, by=who, at=g.at), form)


@PAGES.post("/desk/need/<need_id>/reopen")
def reopen(need_id: str) -> Response:
    """It was not met after all."""
    need = need_of(need_id, May.KEY_IN)
    return _act(need, lambda who: service.reopen(need, by=who, at=g.at))


@PAGES.post("/desk/need/<need_id>/merge")
def merge_into(need_id: str) -> Response:
    """This need becomes part of another, which is shown then."""
    need = need_of(need_id, May.KEY_IN)
    into = need_of(request.form.get("into", ""), May.KEY_IN)
    return _act(into, lambda who: service.merge(into, {need.id}, by=who, at=g.at), on_fault=need)


@PAGES.post("/desk/need/<need_id>/part")
def part(need_id: str) -> Response:
    """A merged need stands for itself again."""
    merged = access.fetch(Need, need_id, May.KEY_IN)
    return _act(merged, lambda who: service.unmerge(merged, by=who, at=g.at))


@PAGES.post("/desk/suggestion/<suggestion_id>/back")
def back(suggestion_id: str) -> Response:
    """Take a suggestion out of one need, or from wherever it is: it waits to be sorted again."""
    suggestion = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    named = request.form.get("need")
    need = need_of(named, May.KEY_IN) if named else None
    service.unplace(suggestion, need, by=access.me(), at=g.at)
    flash(_("第 %(number)d 条拿出来了，等着重新归。", number=suggestion.number), "done")
    return hx.see_other(own_path(request.form.get("to")))


@PAGES.get("/desk/courtyard/<courtyard_id>/suggestions")
def suggestions(courtyard_id: str) -> Response:
    """Everything that was said, to be searched."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return suggestions_page(courtyard)


@PAGES.post("/desk/courtyard/<courtyard_id>/suggestions")
def take_down(courtyard_id: str) -> Response:
    """Keep what somebody told the staff."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    form, round_ = forms.SuggestionForm(), ledger.ledger_round(courtyard.id)
    if round_ is None or not form.validate_on_submit():
        return suggestions_page(courtyard, form)
    try:
        door = (form.door.data or "").strip()
        home = courtyards.household_at(courtyard.id, door) if door else None
        kept = service.add_suggestion(
            round_,
            form.text.data or "",
            household_id=home.id if home else None,
            channel=form.channel.data,
            by=access.me(),
            at=g.at,
            submission=form.submission.data or None,
        )
    except (Invalid, Refused) as fault:
        return suggestions_page(courtyard, form, fault)
    flash(_("记下了，是第 %(number)d 条。", number=kept.number), "done")
    return hx.see_other(f"/desk/courtyard/{courtyard.id}/suggestions")


def _act(
    need: Need,
    act: Callable[[str], None],
    form: FlaskForm | None = None,
    on_fault: Need | None = None,
) -> Response:
    """Do one act with a need and show it; or show it again with what is wrong."""
    if form is not None and not form.validate_on_submit():
        return show(on_fault or need, form)
    try:
        act(access.me())
    except (Invalid, Refused) as fault:
        return show(on_fault or need, form, fault)
    flash(_("存好了"), "done")
    return hx.see_other(f"/desk/need/{need.id}")


def show(need: Need, typed: FlaskForm | None = None, fault: SurveysError | None = None) -> Response:
    """The page of a need; with what was typed just now, and what is wrong with it."""
    courtyard = access.fetch(Courtyard, need.courtyard_id, May.LOOK)
    may_sort = access.allows(courtyard.id, May.KEY_IN)
    row = ledger.row_of(need)
    return hx.render(
        "needs/need.html",
        status=422 if fault or (typed and typed.errors) else 200,
        courtyard=courtyard,
        row=row,
        others=[one.need for one in ledger.rows(need.round_id) if one.need.id != need.id],
        entry=catalogue.entry(need.category),
        buildings=[name for name, _n in courtyards.buildings_of(courtyard.id)],
        may_sort=may_sort,
        fault=fault,
        forms=_forms(need, courtyard, typed),
        typed=type(typed).__name__ if typed else "",
        ticked=set(request.form.getlist("ticked")),
        photos=photos.of(need),
        photos_most=PHOTOS_MOST,
        trail=acts_on(need.id, also=[merged.id for merged in row.merged]),
        last=_last(need) if may_sort else None,
        **_standing(row, courtyard),
        **_sources(need),
    )


def _standing(row: ledger.Row, courtyard: Courtyard) -> dict[str, Any]:
    """How the need stands today, with the words for it."""
    stands = status(
        row.lane,
        pinned=row.need.pinned_at is not None,
        due_on=row.need.due_on,
        today=clock.day(g.at, courtyard.zone),
    )
    return {"stands": stands, "words_of": STATUS, "marks_of": MARKS, "kinds": facts.KINDS}


def _sources(need: Need) -> dict[str, Any]:
    """A page of what was said, and who sorted it."""
    words, page = request.args.get("q", "").strip()[:40], hx.page_asked()
    found = ledger.sources(need, words, skip=(page - 1) * A_PAGE, most=A_PAGE)
    ids = [said.suggestion.id for said in found.said]
    return {
        "found": found,
        "words": words,
        "page": page,
        "pages": max(1, -(-found.total // A_PAGE)),
        "elsewhere": ledger.needs_of(ids),
        "sorters": sorters(need, ids),
        "channels": CHANNELS,
    }


def _last(need: Need) -> AuditEntry | None:
    """What this account did last in the ledger, if it was about this need: it may take it back."""
    found = undoing.last_act(need.courtyard_id, access.me(), g.at)
    return found if found and need.id in undoing.needs_made_or_changed(found) else None


def _forms(need: Need, courtyard: Courtyard, typed: FlaskForm | None) -> dict[str, FlaskForm]:
    """The page's forms as the need stands, but for the one that was typed into just now."""
    today = clock.day(g.at, courtyard.zone)
    fresh = [
        forms.NeedForm(formdata=None, obj=need),
        forms.SplitForm(formdata=None),
        forms.FactsForm(formdata=None, obj=need, seen=facts.Facts.of(need).mark),
        forms.LaneForm(formdata=None, obj=need, seen=mark(lane_facts(need))),
        forms.PhotosForm(formdata=None),
        forms.FixForm(formdata=None, on=need.fixed_on or today, note=need.fix_note),
    ]
    for form in fresh:
        if typed is not None and type(typed) is type(form) and "seen" in form:
            typed["seen"].data = form["seen"].data  # what is on the page now
    return {type(f).__name__: typed if type(typed) is type(f) else f for f in fresh}


def suggestions_page(
    courtyard: Courtyard,
    form: forms.SuggestionForm | None = None,
    fault: SurveysError | None = None,
    together_fault: SurveysError | None = None,
) -> Response:
    """The list of all suggestions; with what was typed just now, and what is wrong with it."""
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        return hx.render("needs/no_round.html", courtyard=courtyard)
    view = View.read(
        f"/desk/courtyard/{courtyard.id}/suggestions",
        request.args,
        ["number", "-day", "where"],
        {"q": None, "state": set(ledger.STATES) - {"all"}, "channel": set(CHANNELS)},
        a_page=A_PAGE,
    )
    found, may_sort = ledger.search(round_.id, view), access.allows(courtyard.id, May.KEY_IN)
    return hx.render(
        "needs/suggestions.html",
        status=422 if fault or together_fault or (form and form.errors) else 200,
        courtyard=courtyard,
        found=found,
        view=view,
        last=undoing.last_act(courtyard.id, access.me(), g.at) if may_sort else None,
        ticked=set(request.form.getlist("ticked")),
        together_fault=together_fault,
        placed=ledger.needs_of([said.suggestion.id for said in found.said]),
        form=form or forms.SuggestionForm(formdata=None, submission=service.new_submission()),
        fault=fault,
        may_sort=may_sort,
        channels=CHANNELS,
        pieces=public.pieces,
    )
