"""委托书 at the desk: who votes for whom, with a photo of the paper."""

from flask import Response, flash, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots.forms import ReasonForm
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused
from surveys.owners import proxies, sheets
from surveys.owners.desk_views import page
from surveys.owners.keying_forms import ProxyForm
from surveys.owners.models import OwnersVote, Proxy
from surveys.owners.views import PAGES
from surveys.web import reads_first


@PAGES.get("/desk/owners/<vote_id>/proxies")
def agents(vote_id: str) -> Response:
    """Everybody who votes for others, and a form for one more."""
    return _page(access.fetch(OwnersVote, vote_id, May.KEY_IN), ProxyForm())


@PAGES.post("/desk/owners/<vote_id>/proxies")
@reads_first
def give(vote_id: str) -> Response:
    """Note a 委托书 with its photo."""
    vote, form = access.fetch(OwnersVote, vote_id, May.KEY_IN), ProxyForm()
    if not form.validate_on_submit():
        return _page(vote, form, 422)
    try:
        listed = sheets.owner_at(vote, form.owner.data or "")
        picture = form.picture()
        if picture is not None:
            name, mark = form.agent.data or "", form.mark.data or ""
            by = access.me()
            proxies.give(vote, listed.owner, name, mark, picture, by=by, at=g.at)
            flash(_("委托书登记好了：%(number)s 号业主。", number=listed.owner.number))
    except (Invalid, Refused) as fault:
        blame(form, fault)
        return _page(vote, form, fault.status)
    return hx.see_other(f"/desk/owners/{vote.id}/proxies")


def _page(vote: OwnersVote, form: ProxyForm, status: int = 200) -> Response:
    return page(
        "proxies",
        vote,
        status,
        form=form,
        agents=proxies.agents(vote),
        open=vote.frozen_at is not None and vote.signed_at is None and vote.sealed_at is None,
        may_see=access.allows(vote.courtyard_id, May.CONFIRM),
    )


@PAGES.route("/desk/proxy/<proxy_id>/end", methods=["GET", "POST"])
def end(proxy_id: str) -> Response:
    """A 委托书 holds no more."""
    proxy, form = access.fetch(Proxy, proxy_id, May.KEY_IN), ReasonForm()
    vote = proxies.vote_of(proxy)
    if form.validate_on_submit():
        try:
            proxies.end(proxy, form.reason.data or "", by=access.me(), at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("委托书收回了。"))
            return hx.see_other(f"/desk/owners/{vote.id}/proxies")
    status = 422 if form.is_submitted() else 200
    return page("proxy_end", vote, status, proxy=proxy, listed=proxies.listed_of(proxy), form=form)
