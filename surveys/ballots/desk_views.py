"""A ballot at the desk: drafting, opening, how it goes, showing less, voiding, its paper."""

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access, lists
from surveys.accounts.rules import May
from surveys.ballots import asking, drafting, extending, readiness, rules
from surveys.ballots.forms import (
    BallotForm,
    ReasonForm,
    TightenForm,
    made_from,
    sent_sheet,
)
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Showing
from surveys.ballots.rules import State
from surveys.ballots.sheets import Sheet
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.counting import parts
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from surveys.menus import service as menus
from surveys.menus.models import Menu
from surveys.rounds import service as rounds
from surveys.rounds.models import Round
from surveys.web import config_of

DESK = Blueprint("desk", __name__)

TIGHTENED = {State.ANNOUNCED, State.OPEN, State.CLOSED}


def page(name: str, ballot: Ballot, status: int = 200, **more: object) -> Response:
    """A page of the desk about this ballot."""
    return hx.render(
        f"ballots/{name}.html",
        None,
        status,
        ballot=ballot,
        state=rules.state(ballot, g.at).value,
        courtyard=courtyards.find(ballot.courtyard_id),
        **more,
    )


def home(ballot: Ballot) -> Response:
    """Back to the ballot's page, after something was done."""
    return hx.see_other(url_for("ballots.desk.ballot", ballot_id=ballot.id))


def _keys() -> LinkKeys:
    return LinkKeys(config_of().link_key_dirs)


# --- drafting ------------------------------------------------------------------------------------


@DESK.get("/desk/courtyard/<courtyard_id>/ballots")
def ballots(courtyard_id: str) -> Response:
    """The courtyard's ballots, and a new one from a menu."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return _list(courtyard, BallotForm.fresh(g.at, courtyard.zone))


@DESK.post("/desk/courtyard/<courtyard_id>/ballots")
def draft(courtyard_id: str) -> Response:
    """Draft a ballot on a menu of the present round."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    round_ = rounds.current(courtyard_id)
    form = BallotForm()
    form.offer(_menus(round_))
    if round_ is not None and form.validate_on_submit():
        menu = access.fetch(Menu, form.menu.data, May.RUN)
        drafted = form.drafted(courtyard.zone)
        try:
            made = drafting.draft(round_, menu, **drafted, by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存成草稿了。看一遍，再开票。"))
            return home(made)
    return _list(courtyard, form, status=422)


def _list(courtyard: Courtyard, form: BallotForm, status: int = 200) -> Response:
    round_ = rounds.current(courtyard.id)
    offered = _menus(round_)
    form.offer(offered)
    return hx.render(
        "ballots/desk_list.html",
        status=status,
        courtyard=courtyard,
        round=round_,
        menus=offered,
        ballots=[(b, rules.state(b, g.at).value) for b in asking.all_of(courtyard.id)],
        form=form if access.allows(courtyard.id, May.RUN) else None,
    )


def _menus(round_: Round | None) -> list[Menu]:
    """The menus that a ballot of this round may be held on."""
    if round_ is None:
        return []
    return [menu for menu in menus.of_courtyard(round_.courtyard_id) if menu.round_id == round_.id]


@DESK.route("/desk/ballot/<ballot_id>/edit", methods=["GET", "POST"])
def edit(ballot_id: str) -> Response:
    """Change a draft."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    zone = courtyards.find(ballot.courtyard_id).zone
    form = BallotForm.of(ballot, zone)
    form.offer(_menus(rounds.find(ballot.round_id)))
    if form.validate_on_submit():
        menu = access.fetch(Menu, form.menu.data, May.RUN)
        try:
            drafting.change(ballot, menu=menu, **form.drafted(zone), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存好了。"))
            return home(ballot)
    return page("desk_edit", ballot, 422 if form.is_submitted() else 200, form=form)


# --- one ballot ----------------------------------------------------------------------------------


@DESK.get("/desk/ballot/<ballot_id>")
def ballot(ballot_id: str) -> Response:
    """What to do next with this ballot, how far it has come, what is fixed."""
    return _one(access.fetch(Ballot, ballot_id, May.LOOK))


def _one(ballot: Ballot, tighten: TightenForm | None = None) -> Response:
    offer = asking.offer(ballot)
    may = {act.value: access.allows(ballot.courtyard_id, act) for act in May}
    running = rules.state(ballot, g.at) in TIGHTENED and ballot.showing != Showing.HIDDEN
    if tighten is None and running and may["run"]:
        tighten = TightenForm.of(ballot)
    return page(
        "desk_ballot",
        ballot,
        422 if tighten and tighten.errors else 200,
        offer=offer,
        buildings=asking.turnout_by_building(ballot),
        channels=asking.by_channel(ballot),
        pending=len(asking.pending(ballot)),
        disputed=len(asking.disputed(ballot)),
        may=may,
        tighten=tighten,
        reason=asking.void_reason(ballot),
        extension=extending.latest(ballot),
        log=lists.acts_about(ballot.id, [ballot.courtyard_id]),
    )


@DESK.get("/desk/ballot/<ballot_id>/preview")
def preview(ballot_id: str) -> Response:
    """The menu as residents see it."""
    ballot = access.fetch(Ballot, ballot_id, May.LOOK)
    return _preview(ballot, Sheet(asking.offer(ballot)))


@DESK.post("/desk/ballot/<ballot_id>/preview")
def try_out(ballot_id: str) -> Response:
    """Look through what was marked, as a resident's phone would have it; nothing is sent."""
    ballot = access.fetch(Ballot, ballot_id, May.LOOK)
    sheet = sent_sheet(asking.offer(ballot))
    if not made_from(sheet.offer):
        return _preview(ballot, sheet, changed=True, status=409)
    if request.form.get("go") == "sum":
        return _preview(ballot, sheet)
    said = [say(fault) for fault in sheet.refusals]
    return _preview(ballot, sheet, said=said, fits=not said, status=422 if said else 200)


def _preview(ballot: Ballot, sheet: Sheet, status: int = 200, **more: object) -> Response:
    return page(
        "menu",
        ballot,
        status,
        offer=sheet.offer,
        sheet=sheet,
        may_pick=True,
        preview=True,
        **more,
    )


@DESK.route("/desk/ballot/<ballot_id>/open", methods=["GET", "POST"])
def open_(ballot_id: str) -> Response:
    """What opening fixes for good, and what stands in its way; then open."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    if rules.state(ballot, g.at) is not State.DRAFT:
        return home(ballot)
    if request.method == "POST":
        secret = config_of().secret
        drafting.open_(ballot, by=access.me(), at=g.at, keys=_keys(), secret=secret)
        flash(_("开票了。菜单、价钱、规则、花名册都定下来了。"))
        return home(ballot)
    offer = asking.offer(ballot)
    return page(
        "desk_open",
        ballot,
        offer=offer,
        blocks=[say(fault) for fault in readiness.in_the_way(ballot, offer, g.at)],
        minds=[say(fault) for fault in readiness.to_think_of(ballot, offer)],
    )


@DESK.post("/desk/ballot/<ballot_id>/tighten")
def tighten(ballot_id: str) -> Response:
    """Show less than now, for good."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    form = TightenForm.of(ballot)
    if not form.validate_on_submit():
        return _one(ballot, form)
    drafting.tighten(ballot, Showing(form.showing.data), by=access.me(), at=g.at)
    flash(_("收紧了。"))
    return home(ballot)


@DESK.route("/desk/ballot/<ballot_id>/void", methods=["GET", "POST"])
def void(ballot_id: str) -> Response:
    """End a ballot without a result, with the reason that residents will read."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    form = ReasonForm()
    if form.validate_on_submit():
        drafting.void(ballot, form.reason.data or "", by=access.me(), at=g.at, keys=_keys())
        flash(_("作废了。"), "mind")
        return home(ballot)
    return page("desk_void", ballot, 422 if form.is_submitted() else 200, form=form)


@DESK.get("/desk/ballot/<ballot_id>/print")
def print_paper(ballot_id: str) -> Response:
    """The paper ballot, numbered as it will be keyed in; of one building where somebody asks."""
    ballot = access.fetch(Ballot, ballot_id, May.PRINT)
    offer, place = asking.offer(ballot), request.args.get("place")
    belongs = None if place is None else offer.parts_of(*parts.place(place))
    return page("print", ballot, offer=offer, belongs=belongs)
