"""Who voted how, owner by owner, for supervisors and named counters; and the result's notice."""

from typing import Any

from flask import Response, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import say
from surveys.base.words import N_
from surveys.errors import Forbidden, Invalid, Refused
from surveys.owners import (
    by_owner,
    correcting,
    delivering,
    extending,
    rules,
    sealing,
    service,
)
from surveys.owners.desk_views import may_read, page
from surveys.owners.models import OwnersVote
from surveys.owners.views import PAGES

SIZE = 50
"""owners on a page"""


def _entitled(vote_id: str) -> OwnersVote:
    vote = access.fetch(OwnersVote, vote_id, May.LOOK)
    if not may_read(vote):
        raise Forbidden(N_("只有监督员和指定的计票人能看逐户登记。"))
    return vote


@PAGES.get("/desk/owners/<vote_id>/by-owner")
def by_owner_page(vote_id: str) -> Response:
    """One owner who was asked for, or all of them; at first only who has looked so far."""
    vote = _entitled(vote_id)
    typed, fault = request.args.get("owner", "")[:60], None
    lines: list[by_owner.Line] = []
    pages = 0
    if typed:
        try:
            lines = [by_owner.one(vote, typed, by=access.me(), at=g.at)]
        except Invalid as error:
            fault = say(error)
    elif "page" in request.args:
        here = hx.page_asked()
        lines, pages = by_owner.whole(vote, page=here, size=SIZE, by=access.me(), at=g.at)
    return page(
        "by_owner",
        vote,
        422 if fault else 200,
        **_lines(vote, lines),
        typed=typed,
        fault=fault,
        now=hx.page_asked(),
        pages=pages,
        looks=by_owner.looks(vote),
    )


@PAGES.get("/desk/owners/<vote_id>/by-owner/print")
def print_by_owner(vote_id: str) -> Response:
    """All of them on paper, to be kept with the sheets."""
    vote = _entitled(vote_id)
    return page(
        "print_by_owner", vote, **_lines(vote, by_owner.printed(vote, by=access.me(), at=g.at))
    )


def _lines(vote: OwnersVote, lines: list[by_owner.Line]) -> dict[str, Any]:
    return {
        "lines": lines,
        "motions": service.motions_of(vote),
        "open": by_owner.may_show_marks(vote),
        "today": g.at,
    }


@PAGES.get("/desk/owners/<vote_id>/result-notice")
def result_notice(vote_id: str) -> Response:
    """The notice of the result, to be posted: totals, and nobody's name."""
    vote = access.fetch(OwnersVote, vote_id, May.PRINT)
    if vote.sealed_at is None:
        raise Refused(N_("封存计票以后，才能印结果公告。"))
    return page(
        "print_result",
        vote,
        result=sealing.read(vote),
        buildings=service.buildings_of(vote),
        delivered=delivering.numbers(vote),
        changes=[
            one for one in reversed(correcting.corrections_of(vote)) if one.correction.confirmed_at
        ],
        extensions=extending.extensions_of(vote),
        post_by=rules.posted_by(vote.sealed_at),
    )
