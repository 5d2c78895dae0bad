"""The register's bundle of an owners' vote, for supervisors and named counters."""

from io import BytesIO

from flask import Response, g, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base.language import gettext as _
from surveys.errors import Forbidden
from surveys.owners import counters
from surveys.owners.models import OwnersVote
from surveys.results import owners_record
from surveys.results.views import PAGES


@PAGES.post("/desk/owners/<vote_id>/bundle.zip")
def register_bundle(vote_id: str) -> Response:
    """Everything the result was counted from; that it was handed out is noted."""
    vote = access.fetch(OwnersVote, vote_id, May.LOOK)
    may_hold = access.allows(vote.courtyard_id, May.CONFIRM)
    if not may_hold and not counters.is_named(vote, access.me()):
        raise Forbidden
    held = owners_record.hand_out(vote, by=access.me(), at=g.at)
    name = _("名册包-%(title)s.zip", title=vote.title)
    return send_file(BytesIO(held), "application/zip", as_attachment=True, download_name=name)
