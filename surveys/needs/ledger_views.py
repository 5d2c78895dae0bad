"""The sorting board on the desk: one suggestion at a time, the ledger beside it."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May, own_path
from surveys.base import clock, hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused, SurveysError
from surveys.needs import board, forms, ledger, service, undoing
from surveys.needs.board import View
from surveys.needs.keeping import LANES
from surveys.needs.models import Need, Suggestion
from surveys.needs.proposing import Besides
from surveys.questionnaires.rules import CHANNELS

PAGES = Blueprint("needs", __name__)

FORMS: dict[str, type[forms.NeedForm]] = {"new": forms.NeedForm, "quick": forms.FixedNeedForm}
"""what the left pane may ask for, by the address's `do`"""


@PAGES.get("/desk/courtyard/<courtyard_id>/ledger")
def show(courtyard_id: str) -> Response:
    """The board."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return _board(courtyard, _view(), do=request.args.get("do", ""))


@PAGES.post("/desk/courtyard/<courtyard_id>/ledger/take-in")
def take_in(courtyard_id: str) -> Response:
    """Make suggestions of the answers that wait."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    service.take_in_courtyard(courtyard.id, at=g.at)
    return hx.see_other(_address(courtyard.id, _view()))


@PAGES.post("/desk/suggestion/<suggestion_id>/place")
def place(suggestion_id: str) -> Response:
    """Put a suggestion to what the button offers, or to the needs that are ticked."""
    suggestion = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    form, every = request.form, "every-" if request.form.get("go") == "all" else ""
    need_ids, offered = set(form.getlist(every + "need")), form.getlist(every + "fresh")
    if not need_ids and not offered:
        need_ids = set(form.getlist("ticked"))
    fresh = [_fresh(one) for one in offered]

    def act() -> None:
        who = access.me()
        service.place(
            suggestion, need_ids, fresh=fresh, also=_also(), besides=_besides(), by=who, at=g.at
        )

    return _sort(suggestion, act)


def _fresh(offered: str) -> service.Fresh:
    """A need that a button offers to make: the key of its entry, a colon, its title."""
    key, _colon, title = offered.partition(":")
    return service.Fresh(title, key or None)


def _also() -> set[str]:
    """Ids of the other suggestions that are ticked to go along, as many at once as are shown."""
    return set(_ids("also")[: board.SAME])


def _ids(name: str) -> list[str]:
    """One tick may stand for several suggestions, with commas between."""
    return [key for one in request.values.getlist(name) for key in one.split(",") if key]


def _besides() -> frozenset[Besides]:
    """Where their other wishes go, as it is ticked: ids of suggestions, a colon, a need's."""
    ticked = [one.partition(":") for one in request.values.getlist("besides")]
    found = [Besides(key, need) for ids, _colon, need in ticked for key in ids.split(",")]
    return frozenset(found[: board.BESIDES])


@PAGES.post("/desk/suggestion/<suggestion_id>/new")
def new(suggestion_id: str) -> Response:
    """Put a suggestion to a need that is not in the ledger yet."""
    suggestion = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    form = forms.NeedForm()
    return _make(suggestion, form, "new")


@PAGES.post("/desk/suggestion/<suggestion_id>/quick")
def quick(suggestion_id: str) -> Response:
    """Put a suggestion to a new need that was met at once."""
    suggestion = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    form = forms.FixedNeedForm()
    return _make(suggestion, form, "quick")


def _make(suggestion: Suggestion, form: forms.NeedForm, do: str) -> Response:
    if "title" not in request.form:  # the button that asks for the form
        return _again(suggestion, None, None, do)
    if not form.validate_on_submit():
        return _again(suggestion, None, form, do)

    def act() -> None:
        service.place_new(
            suggestion,
            form.title.data or "",
            form.category.data,
            form.fix if isinstance(form, forms.FixForm) else None,
            also=_also(),
            besides=_besides(),
            by=access.me(),
            at=g.at,
        )

    return _sort(suggestion, act, form, do)


@PAGES.post("/desk/suggestion/<suggestion_id>/aside")
def aside(suggestion_id: str) -> Response:
    """There is no wish in it."""
    suggestion = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    who = access.me()

    def act() -> None:
        service.set_aside(suggestion, also=_also(), by=who, at=g.at)

    return _sort(suggestion, act)


@PAGES.post("/desk/courtyard/<courtyard_id>/ledger/merge")
def merge(courtyard_id: str) -> Response:
    """The needs ticked become one: the one with the most households behind it."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    round_ = ledger.ledger_round(courtyard.id)
    ticked = set(request.form.getlist("ticked"))
    rows = [row.need for row in ledger.rows(round_.id) if row.need.id in ticked] if round_ else []
    try:
        if len(rows) < 2:
            raise Invalid(service.TICK_TWO)
        others = {need.id for need in rows[1:]}
        service.merge(rows[0], others, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _board(courtyard, _view(), fault=fault)
    return hx.see_other(_address(courtyard.id, _view()))


@PAGES.post("/desk/courtyard/<courtyard_id>/ledger/undo")
def undo(courtyard_id: str) -> Response:
    """Take back one's own last step."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    view, back = _view(), own_path(request.form.get("to"), otherwise="")
    try:
        who = access.me()
        number = undoing.undo(courtyard.id, request.form.get("entry", ""), by=who, at=g.at)
    except Refused as fault:
        if not back:
            return _board(courtyard, view, fault=fault)
        flash(say(fault), "mind")
    else:
        if back:
            flash(_("撤销了。"), "done")
    if back:
        return hx.see_other(back)
    return hx.see_other(_address(courtyard.id, view, number=number))


def _sort(
    suggestion: Suggestion,
    act: Callable[[], None],
    form: forms.NeedForm | None = None,
    do: str = "",
) -> Response:
    """Do one act with the suggestion shown; then the next one, or this one with what is wrong."""
    try:
        act()
    except (Invalid, Refused, NotFound) as fault:
        return _again(suggestion, fault, form, do)
    return hx.see_other(_address(suggestion.courtyard_id, _view(), number=suggestion.number))


def _again(
    suggestion: Suggestion, fault: SurveysError | None, form: forms.NeedForm | None, do: str
) -> Response:
    courtyard = access.fetch(Courtyard, suggestion.courtyard_id, May.KEY_IN)
    view = replace(_view(), number=suggestion.number)
    return _board(courtyard, view, fault=fault, form=form, do=do)


def _view() -> View:
    """What of the board is looked at, from the address or from the form's hidden fields."""
    at, words, page = (str(request.values.get(name, "")) for name in ("at", "q", "page"))
    group, also = request.values.get("group", ""), frozenset(_also())
    return View(_number(at), words.strip()[:40], _number(page), group, also, _besides())


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _address(courtyard_id: str, view: View, number: int | None = None) -> str:
    asked = {"at": number or view.number, "q": view.words}
    asked |= {"page": view.page} if view.page > 1 else {}
    kept = urlencode({key: value for key, value in asked.items() if value})
    return f"/desk/courtyard/{courtyard_id}/ledger{'?' if kept else ''}{kept}"


def _board(
    courtyard: Courtyard,
    view: View,
    *,
    fault: SurveysError | None = None,
    form: forms.NeedForm | None = None,
    do: str = "",
) -> Response:
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        return hx.render("needs/no_round.html", courtyard=courtyard)
    shown = board.board(round_, access.me(), g.at, view)
    if form is None and do in FORMS and shown.said:
        form = _filled(FORMS[do], courtyard, shown)
    return hx.render(
        "needs/ledger.html",
        "needs/_board.html",
        status=422 if fault or (form and form.errors) else 200,
        courtyard=courtyard,
        board=shown,
        may_sort=access.allows(courtyard.id, May.KEY_IN),
        fault=fault,
        form=form,
        do=do if form else "",
        lanes=LANES,
        channels=CHANNELS,
    )


def _filled(kind: type[forms.NeedForm], courtyard: Courtyard, shown: board.Board) -> forms.NeedForm:
    """The form of the left pane, with the line of the best new offer and today's day."""
    title, category = shown.offers.new if shown.offers else ("", None)
    today = clock.day(g.at, courtyard.zone)
    return kind(formdata=None, on=today, title=title, category=category)


def need_of(need_id: str, act: May) -> Need:
    """The need, if this account may do `act` with it; a merged one as what it was merged into."""
    need = access.fetch(Need, need_id, act)
    return access.fetch(Need, need.merged_into_id, act) if need.merged_into_id else need
