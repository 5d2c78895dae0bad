"""The papers of an owners' vote before its count, for the printer: all from the record."""

from flask import Response, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base.words import N_
from surveys.errors import Refused
from surveys.owners import delivering, extending, service
from surveys.owners.delivering import Reached
from surveys.owners.desk_views import page
from surveys.owners.models import OwnersVote
from surveys.owners.views import PAGES


def _frozen(vote_id: str) -> OwnersVote:
    """The vote, for somebody who may print, once its papers can be printed from the record."""
    vote = access.fetch(OwnersVote, vote_id, May.PRINT)
    if vote.frozen_at is None:
        raise Refused(N_("还是草稿。定下来以后，才能照着印。"))
    return vote


@PAGES.get("/desk/owners/<vote_id>/notice")
def notice(vote_id: str) -> Response:
    """The ballot notice, to be posted before the vote begins. Of a draft: to look at."""
    vote = access.fetch(OwnersVote, vote_id, May.PRINT)
    return page(
        "print_notice",
        vote,
        motions=service.motions_of(vote),
        buildings=service.buildings_of(vote),
        today=g.at,
    )


@PAGES.get("/desk/owners/<vote_id>/papers")
def papers(vote_id: str) -> Response:
    """Paper ballots, one for each owner, building by building; of one building where asked."""
    vote = _frozen(vote_id)
    listed = service.by_building(service.owners_of(vote))
    only = request.args.get("building", "")
    return page(
        "print_ballots",
        vote,
        motions=service.motions_of(vote),
        buildings=[building for building, _owners in listed],
        only=only,
        sheets=[one for name, owners in listed for one in owners if only in {"", name}],
    )


@PAGES.get("/desk/owners/<vote_id>/extension")
def extension(vote_id: str) -> Response:
    """The notice that the close was put off, as it was last."""
    vote = _frozen(vote_id)
    told = extending.extensions_of(vote)
    if not told:
        raise Refused(N_("截止没有推迟过，没有延期公告。"))
    return page("print_extension", vote, extension=told[-1], times=len(told))


@PAGES.get("/desk/owners/<vote_id>/delivery-list")
def delivery_list(vote_id: str) -> Response:
    """A list to take along door by door, of those whose ballot has not come yet."""
    vote = _frozen(vote_id)
    left = {
        one.listed.owner.id
        for one in delivering.doorsteps(vote)
        if one.reached in {Reached.NOT_YET, Reached.FAILED}
    }
    listed = service.by_building(service.owners_of(vote))
    return page(
        "print_delivery_list",
        vote,
        buildings=[(b, [o for o in owners if o.owner.id in left]) for b, owners in listed],
        left=len(left),
    )


@PAGES.get("/desk/owners/<vote_id>/undelivered")
def undelivered(vote_id: str) -> Response:
    """Which ballots could not be delivered, to post in the courtyard: doors, and no names."""
    vote = _frozen(vote_id)
    tried = {Reached.FAILED, Reached.POSTED}
    doors = sorted(
        (
            unit
            for one in delivering.doorsteps(vote)
            if one.reached in tried
            for unit in one.listed.units
        ),
        key=lambda unit: unit.position,
    )
    return page(
        "print_undelivered", vote, doors=doors, motions=service.motions_of(vote), today=g.at
    )
