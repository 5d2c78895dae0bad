"""A vote at the desk from the close on: the numbers, signing, sealing, publishing, counters."""

from flask import Response, flash, g, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import service as courtyards
from surveys.errors import Refused, SurveysError
from surveys.owners import counted, counters, figures, rules, sealing
from surveys.owners.desk_views import may_read
from surveys.owners.models import OwnersVote
from surveys.owners.sealing_forms import CounterForm, SignForm
from surveys.owners.views import PAGES


@PAGES.get("/desk/owners/<vote_id>/sealing")
def sealing_page(vote_id: str) -> Response:
    """What has come in and what is to be done; once sealed, the result."""
    vote = access.fetch(OwnersVote, vote_id, May.LOOK)
    return _page(vote, SignForm())


def _page(vote: OwnersVote, form: SignForm, status: int = 200) -> Response:
    result = sealing.read(vote) if vote.sealed_at else None
    return hx.render(
        "owners/desk_sealing.html",
        status=status,
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        state=rules.state(vote, g.at).value,
        result=result,
        gauges=figures.gauges(vote),
        numbers=result.numbers if result else counted.numbers(counted.held(vote)),
        form=form,
        time_is_up=g.at >= vote.seals_at,
        may_sign=access.allows(vote.courtyard_id, May.CONFIRM),
        may_seal=access.allows(vote.courtyard_id, May.SEAL),
        may_run=access.allows(vote.courtyard_id, May.RUN),
        may_hold=may_read(vote),
        may_print=access.allows(vote.courtyard_id, May.PRINT),
    )


@PAGES.post("/desk/owners/<vote_id>/sign")
def sign(vote_id: str) -> Response:
    """A supervisor signs for the numbers."""
    vote = access.fetch(OwnersVote, vote_id, May.CONFIRM)
    form = SignForm()
    if not form.validate_on_submit():
        return _page(vote, form, 422)
    try:
        sealing.sign(vote, uncounted=form.uncounted.data or 0, by=access.me(), at=g.at)
    except Refused as fault:
        form.form_errors = [say(fault)]
        return _page(vote, form, fault.status)
    flash(_("签好了。票不能再动，组织者可以封存计票了。"))
    return hx.see_other(url_for("owners.sealing_page", vote_id=vote_id))


@PAGES.post("/desk/owners/<vote_id>/seal")
def seal(vote_id: str) -> Response:
    """Count and freeze."""
    vote = access.fetch(OwnersVote, vote_id, May.SEAL)
    sealing.seal(vote, by=access.me(), at=g.at)
    flash(_("封存好了，也数好了。看一遍，再公布。"))
    return hx.see_other(url_for("owners.sealing_page", vote_id=vote_id))


@PAGES.post("/desk/owners/<vote_id>/publish")
def publish(vote_id: str) -> Response:
    """Let everybody read the result."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    sealing.publish(vote, by=access.me(), at=g.at)
    flash(_("公布了。"))
    return hx.see_other(url_for("owners.sealing_page", vote_id=vote_id))


@PAGES.get("/desk/owners/<vote_id>/counters")
def counters_page(vote_id: str) -> Response:
    """Who was named to count."""
    vote = access.fetch(OwnersVote, vote_id, May.LOOK)
    return _counters(vote, CounterForm())


@PAGES.post("/desk/owners/<vote_id>/counters")
def name_counter(vote_id: str) -> Response:
    """Name somebody."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    form = CounterForm()
    if not form.validate_on_submit():
        return _counters(vote, form, 422)
    try:
        named = counters.name(vote, form.name.data or "", by=access.me(), at=g.at)
    except SurveysError as fault:
        form.form_errors = [say(fault)]
        return _counters(vote, form, fault.status)
    flash(_("%(name)s 可以看谁投了什么，每看一次都记在案。", name=named.title or named.name))
    return hx.see_other(url_for("owners.counters_page", vote_id=vote_id))


@PAGES.post("/desk/owners/<vote_id>/counters/<account_id>/drop")
def drop_counter(vote_id: str, account_id: str) -> Response:
    """Name somebody no longer."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    counters.drop(vote, account_id, by=access.me(), at=g.at)
    return hx.see_other(url_for("owners.counters_page", vote_id=vote_id))


def _counters(vote: OwnersVote, form: CounterForm, status: int = 200) -> Response:
    return hx.render(
        "owners/desk_counters.html",
        status=status,
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        named=counters.of(vote),
        form=form,
        may_run=access.allows(vote.courtyard_id, May.RUN),
    )
