"""The motions of a draft at the desk: written, changed, put in order, taken off."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.counting.double_majority import rule_set
from surveys.errors import Invalid, Refused
from surveys.owners import drafting, service
from surveys.owners.desk_views import home, page
from surveys.owners.models import OwnersVote
from surveys.owners.views import PAGES
from surveys.owners.vote_forms import MotionForm, matters_of


@PAGES.route("/desk/owners/<vote_id>/motions", methods=["GET", "POST"])
def motions(vote_id: str) -> Response:
    """The motions in order, and one more."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    if vote.frozen_at is not None:
        flash(_("已经定下来了，不能再改。"), "mind")
        return home(vote)
    form = _offered(MotionForm(), vote)
    if form.validate_on_submit():
        try:
            drafting.add_motion(vote, *_typed(form), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("加上了。"))
            return _back(vote)
    status = 422 if form.is_submitted() else 200
    return page("desk_motions", vote, status, motions=service.motions_of(vote), form=form)


@PAGES.route("/desk/owners/<vote_id>/motions/<motion_id>", methods=["GET", "POST"])
def motion(vote_id: str, motion_id: str) -> Response:
    """Change one motion."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    found = drafting.motion_of(vote, motion_id)
    if vote.frozen_at is not None:
        flash(_("已经定下来了，不能再改。"), "mind")
        return home(vote)
    form = _offered(MotionForm.of(found), vote)
    if form.validate_on_submit():
        try:
            drafting.change_motion(vote, found.id, *_typed(form), by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("存好了。"))
            return _back(vote)
    return page("desk_motion", vote, 422 if form.is_submitted() else 200, motion=found, form=form)


@PAGES.post("/desk/owners/<vote_id>/motions/<motion_id>/move")
def move_motion(vote_id: str, motion_id: str) -> Response:
    """Put a motion one place up or down."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    found = drafting.motion_of(vote, motion_id)
    number = found.number + (1 if request.form.get("to") == "down" else -1)
    drafting.move_motion(vote, found.id, number, by=access.me(), at=g.at)
    return _back(vote)


@PAGES.post("/desk/owners/<vote_id>/motions/<motion_id>/remove")
def remove_motion(vote_id: str, motion_id: str) -> Response:
    """Take a motion off."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    found = drafting.motion_of(vote, motion_id)
    drafting.remove_motion(vote, found.id, by=access.me(), at=g.at)
    flash(_("去掉了“%(title)s”。", title=found.title))
    return _back(vote)


def _offered(form: MotionForm, vote: OwnersVote) -> MotionForm:
    form.offer({key: _(name) for key, name in matters_of(rule_set(vote.rule_set)).items()})
    return form


def _typed(form: MotionForm) -> tuple[str, str, str]:
    return form.title.data or "", form.text.data or "", form.matter.data


def _back(vote: OwnersVote) -> Response:
    return hx.see_other(url_for("owners.motions", vote_id=vote.id))
