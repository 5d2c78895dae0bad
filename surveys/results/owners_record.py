"""The files of an owners' vote, whole, for those entitled: the register's bundle.

`docs/format.md` says what every file holds; `recount.py` in it counts again from them alone.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.courtyards import service as courtyards
from surveys.errors import Refused
from surveys.owners import chain, files, sealing, service
from surveys.owners.models import OwnersVote
from surveys.results import bundle
from surveys.results.bundle import CHAIN, PROGRAM, README, RECORD

FORMAT = 1
_HERE = Path(__file__).parent

audit.words({"vote.bundle": N_("取走了业主表决的名册包")})


def hand_out(vote: OwnersVote, *, by: str, at: datetime) -> bytes:
    """The register's bundle as a zip file; that somebody has it now stands in the trail.

    Args:
        by: a supervisor, or a named counter: that is for the caller to see to.

    Raises:
        Refused: the vote is not sealed.
    """
    if vote.sealed_at is None:
        raise Refused(N_("封存以后才有名册包。"))
    held = bundle.write(whole(vote))
    audit.note("vote.bundle", by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id)
    db.session.commit()
    return held


def whole(vote: OwnersVote) -> Mapping[str, bytes]:
    """Every file of the bundle by its name. Names people: see `hand_out`."""
    result = sealing.result_of(vote)
    record = {
        "format": FORMAT,
        "kind": "owners",
        "vote": vote.id,
        "title": vote.title,
        "courtyard": courtyards.find(vote.courtyard_id).name,
        "head": vote.head,
        "rules": vote.rules,
        "result": result.body,
    }
    held: dict[str, object] = {
        RECORD: record,
        "register.json": service.register_as_data(vote),
        "sheets.json": files.sheets(vote, result.salt),
        "deliveries.json": files.deliveries(vote),
    }
    return {
        **{name: canonical_json(value).encode() for name, value in held.items()},
        CHAIN: "".join(f"{event.body}\n" for event in chain.events_of(vote)).encode(),
        **_shipped(),
    }


@cache
def _shipped() -> dict[str, bytes]:
    """What lies in every bundle: the check, and how to run it."""
    return {
        PROGRAM: (_HERE / PROGRAM).read_bytes(),
        README: (_HERE / "OWNERS.txt").read_bytes(),
    }
