"""An owners' vote at the desk: drafting, what to do next, freezing, putting off, voiding."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access, lists
from surveys.accounts.rules import May
from surveys.ballots.forms import ReasonForm
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.counting.double_majority import RULE_SETS, rule_set
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from surveys.owners import (
    correcting,
    counters,
    delivering,
    drafting,
    extending,
    figures,
    online,
    register_whole,
    rules,
    sealing,
    service,
)
from surveys.owners.models import OwnersVote
from surveys.owners.rules import State
from surveys.owners.views import PAGES
from surveys.owners.vote_forms import PutOffForm, VoteForm
from surveys.web import config_of


def page(name: str, vote: OwnersVote, status: int = 200, **more: object) -> Response:
    """A page of the desk about this vote."""
    return hx.render(
        f"owners/{name}.html",
        None,
        status,
        vote=vote,
        state=rules.state(vote, g.at).value,
        courtyard=courtyards.find(vote.courtyard_id),
        law=rule_set(vote.rule_set),
        **more,
    )


def home(vote: OwnersVote) -> Response:
    """Back to the vote's page, after something was done."""
    return hx.see_other(url_for("owners.vote", vote_id=vote.id))


def may_read(vote: OwnersVote) -> bool:
    """Whether the signed-in account may read who voted how: a supervisor, or named to count."""
    is_supervisor = access.allows(vote.courtyard_id, May.CONFIRM)
    return is_supervisor or counters.is_named(vote, access.me())


def offered(form: VoteForm) -> VoteForm:
    """The form with the rule sets in the reader's words."""
    form.offer({key: _(found.name) for key, found in RULE_SETS.items()})
    return form


# --- drafting ------------------------------------------------------------------------------------


@PAGES.get("/desk/courtyard/<courtyard_id>/votes")
def votes(courtyard_id: str) -> Response:
    """The courtyard's owners' votes, and a new one."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    return _list(courtyard, VoteForm.fresh(g.at, courtyard.zone, courtyard.committee))


@PAGES.post("/desk/courtyard/<courtyard_id>/votes")
def draft(courtyard_id: str) -> Response:
    """Draft a vote."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = offered(VoteForm())
    if form.validate_on_submit():
        try:
            made = drafting.draft(courtyard, form.terms(courtyard.zone), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存成草稿了。再写要表决的议题。"))
            return hx.see_other(url_for("owners.motions", vote_id=made.id))
    return _list(courtyard, form, status=422)


def _list(courtyard: Courtyard, form: VoteForm, status: int = 200) -> Response:
    return hx.render(
        "owners/desk_list.html",
        status=status,
        courtyard=courtyard,
        votes=[(v, rules.state(v, g.at).value) for v in service.of_courtyard(courtyard.id)],
        form=offered(form) if access.allows(courtyard.id, May.RUN) else None,
        online=online.rule_of(courtyard.id),
    )


@PAGES.route("/desk/owners/<vote_id>/edit", methods=["GET", "POST"])
def edit(vote_id: str) -> Response:
    """Change a draft."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    zone = courtyards.find(vote.courtyard_id).zone
    form = offered(VoteForm.of(vote, zone))
    if form.validate_on_submit():
        try:
            drafting.change(vote, form.terms(zone), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存好了。"))
            return home(vote)
    elif not form.is_submitted() and vote.frozen_at is not None:
        flash(_("已经定下来了，不能再改。"), "mind")
        return home(vote)
    status = 422 if form.is_submitted() else 200
    return page("desk_edit", vote, status, form=form, online=online.rule_of(vote.courtyard_id))


# --- one vote ------------------------------------------------------------------------------------


@PAGES.get("/desk/owners/<vote_id>")
def vote(vote_id: str) -> Response:
    """What to do next with this vote, how far it has come, what is fixed."""
    found = access.fetch(OwnersVote, vote_id, May.LOOK)
    frozen = found.frozen_at is not None
    return page(
        "desk_vote",
        found,
        motions=service.motions_of(found),
        may={act.value: access.allows(found.courtyard_id, act) for act in May},
        blocks=[] if frozen else [say(f) for f in drafting.in_the_way(found, g.at)],
        gauges=figures.gauges(found) if frozen else None,
        delivered=delivering.numbers(found) if frozen else {},
        extensions=extending.extensions_of(found),
        corrections=correcting.waiting(found),
        may_read=may_read(found),
        post_by=rules.posted_by(found.sealed_at) if found.sealed_at else None,
        log=lists.acts_about(found.id, [found.courtyard_id]),
    )


@PAGES.route("/desk/owners/<vote_id>/open", methods=["GET", "POST"])
def open_(vote_id: str) -> Response:
    """What freezing settles for good, and what stands in its way; then freeze."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    if rules.state(vote, g.at) is not State.DRAFT:
        return home(vote)
    blocks = list(drafting.in_the_way(vote, g.at))
    if request.method == "POST" and not blocks:
        try:
            drafting.open_(vote, by=access.me(), at=g.at, secret=config_of().secret)
        except (Invalid, Refused) as fault:  # changed in this very moment
            blocks = [fault]
        else:
            flash(_("定下来了。现在印公告贴出去，印表决票。"))
            return home(vote)
    return page(
        "desk_open",
        vote,
        409 if request.method == "POST" else 200,
        blocks=[say(fault) for fault in blocks],
        minds=[say(fault) for fault in drafting.to_think_of(vote)],
        motions=service.motions_of(vote),
        sums=register_whole.sums(vote.courtyard_id),
    )


@PAGES.route("/desk/owners/<vote_id>/extend", methods=["GET", "POST"])
def extend(vote_id: str) -> Response:
    """Ask until when and why; then put the close off, and lead to its notice."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    zone = courtyards.find(vote.courtyard_id).zone
    form = PutOffForm.of(vote, zone)
    if form.validate_on_submit():
        by = access.me()
        try:
            extending.extend(vote, form.later(zone), form.reason.data or "", by=by, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("推迟了。把延期公告印出来，贴在原公告旁边。"))
            return home(vote)
    elif not form.is_submitted() and not extending.may_be_extended(vote, g.at):
        flash(_("截止前才能推迟。"), "mind")
        return home(vote)
    return page("desk_extend", vote, 422 if form.is_submitted() else 200, form=form)


@PAGES.route("/desk/owners/<vote_id>/void", methods=["GET", "POST"])
def void(vote_id: str) -> Response:
    """End a vote without a result, with the reason that owners will read."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            sealing.void(vote, form.reason.data or "", by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("作废了。"), "mind")
            return home(vote)
    return page("desk_void", vote, 422 if form.is_submitted() else 200, form=form)
