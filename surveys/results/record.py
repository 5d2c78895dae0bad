"""The record of a sealed ballot: what is handed to everybody, and what to supervisors alone.

`docs/format.md` says what every file holds. Made from the database each time, and the same ballot
always gives the same bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from itertools import chain as joined
from pathlib import Path
from typing import Any

from surveys.ballots import chain, offers, rules, sealing
from surveys.ballots.models import Ballot
from surveys.ballots.rules import State
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting import pabulib_writer
from surveys.counting.canon import canonical_json, digest
from surveys.counting.outcome import Line
from surveys.counting.picks import EVERYBODY
from surveys.counting.runoff import Round
from surveys.counting.ties import Tie
from surveys.counting.ways import Marks
from surveys.courtyards import service as courtyards
from surveys.errors import Refused
from surveys.results import bundle, second_opinion, service
from surveys.results.bundle import CHAIN, ELECTION, PROGRAM, README, RECEIPTS, RECORD, SEALED
from surveys.results.counted import AnyCount, Count
from surveys.results.rules import Sight, Surface, may_see
from surveys.results.service import Published

KEPT = 8
_kept: dict[str, bytes] = {}
"""public bundles by their versions, for everybody who asks for the same"""
_HERE = Path(__file__).parent

audit.words({"ballot.sealed_bundle": N_("取走了封存包")})


@dataclass(frozen=True)
class Record:
    """What is told of one sealed ballot."""

    found: Published
    courtyard: str
    events: tuple[str, ...]
    """canonical JSON, in order"""
    second: dict[str, object] | None

    @property
    def ballot(self) -> Ballot:
        """Whose record it is."""
        return self.found.ballot

    @cached_property
    def bodies(self) -> list[dict[str, Any]]:
        """The events, read."""
        return [json.loads(text) for text in self.events]

    @cached_property
    def receipts(self) -> list[str]:
        """The hashes of all receipts, sorted."""
        return sorted({body["receipt"] for body in self.bodies if body["kind"] == "cast"})

    @property
    def sealed_sha256(self) -> str:
        """The hash of the sealed choices, as it stands in the chain."""
        return next(str(body["choices"]) for body in self.bodies if body["kind"] == "seal")

    def as_data(self) -> dict[str, object]:
        """What `record.json` holds."""
        result = self.found.result
        parted = offers.offer(self.ballot).parts
        return {
            "format": offers.FORMAT_WITH_PARTS if parted else offers.FORMAT,
            "ballot": self.ballot.id,
            "title": self.ballot.title,
            "courtyard": self.courtyard,
            "head": self.ballot.head,
            "rules": self.ballot.rules,
            "result": result.body,
            "tie_seed": result.tie_seed,
            "lot_order": json.loads(result.lot_order) if result.lot_order else None,
            "outcome": outcome(self.found.count),
            "second_opinion": self.second,
            "sealed_sha256": self.sealed_sha256,
        }


def of(ballot: Ballot) -> Record:
    """The record of a sealed ballot.

    Raises:
        NotFound: it is not sealed.
    """
    return Record(
        found=service.read(ballot),
        courtyard=courtyards.find(ballot.courtyard_id).name,
        events=tuple(event.body for event in chain.events_of(ballot)),
        second=second_opinion.for_the_record(ballot),
    )


def is_sealed(ballot: Ballot, at: datetime) -> bool:
    """Whether there is a record, be it public or not."""
    return rules.state(ballot, at) in {State.SEALED, State.PUBLISHED}


def is_public(ballot: Ballot, at: datetime) -> bool:
    """Whether everybody may have the files."""
    return may_see(rules.state(ballot, at), ballot.showing, Surface.EXPORT) is Sight.RESULT


def public_bundle(ballot: Ballot) -> bytes:
    """The public bundle of a ballot whose record is public, as a zip file."""
    known = version(ballot)
    if known not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[known] = bundle.write(public_files(of(ballot)))
    return _kept[known]


def hand_out_sealed(ballot: Ballot, *, by: str, at: datetime) -> bytes:
    """The sealed bundle as a zip file; that somebody has it now stands in the trail.

    Args:
        by: the supervisor.

    Raises:
        Refused: the ballot is not sealed.
    """
    if not is_sealed(ballot, at):
        raise Refused(N_("封存以后才有封存包。"))
    held = bundle.write(sealed_files(of(ballot)))
    audit.note(
        "ballot.sealed_bundle", by=by, at=at, courtyard_id=ballot.courtyard_id, subject_id=ballot.id
    )
    db.session.commit()
    return held


def version(ballot: Ballot) -> str:
    """Changes when, and only when, the files do."""
    yard = courtyards.find(ballot.courtyard_id).name
    second = second_opinion.for_the_record(ballot)
    return digest([ballot.id, ballot.head, yard, second, _shipped_digest()])[:32]


def public_files(record: Record) -> dict[str, bytes]:
    """The public bundle: totals and the chain, no choice."""
    return {
        RECORD: canonical_json(record.as_data()).encode(),
        CHAIN: "".join(f"{text}\n" for text in record.events).encode(),
        RECEIPTS: "".join(f"{receipt}\n" for receipt in record.receipts).encode(),
        **_shipped(),
    }


def sealed_files(record: Record) -> dict[str, bytes]:
    """The sealed bundle: the public one, and every choice as it was sealed.

    Where choices were cut in pieces, no other program could count them: there is no election file.
    """
    ballot, salt = record.ballot, record.found.result.salt
    choices = list(each_choice(ballot))
    pieces = {part: list(each_choice(ballot, part)) for part in offers.offer(ballot).parts}
    sealed = canonical_json(sealing.sealed_as_data(choices, salt, pieces)).encode()
    files = {**public_files(record), SEALED: sealed}
    return files if pieces else {**files, ELECTION: _election(record, choices).encode()}


def each_choice(ballot: Ballot, part: str = EVERYBODY) -> Iterator[Marks]:
    """Every sealed choice as often as it was handed in, sorted by its text.

    Args:
        part: as of `sealing.counted_choices`.
    """
    return joined.from_iterable([marks] * n for marks, n in sealing.counted_choices(ballot, part))


def outcome(count: AnyCount) -> dict[str, object]:
    """What the rule makes of the totals or the choices, as plain data."""
    told = {"winners": list(count.winners), "ties": [_tie(tie) for tie in count.ties]}
    if not isinstance(count, Count):
        rounds = [_round(each) for each in count.rounds]
        return {**told, "spent_fen": 0, "lines": [], "rounds": rounds, "partly": None}
    partly = count.outcome.partly
    return {
        **told,
        "spent_fen": count.outcome.spent_fen,
        "lines": [_line(counted.line) for counted in count.lines],
        "rounds": [],
        "partly": partly.item_id if partly else None,
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "item": line.item_id,
        "score": line.votes,
        "cost_fen": line.cost_fen,
        "chosen": line.chosen,
        "reason": line.reason.value,
        "before_fen": line.balance_before_fen,
        "after_fen": line.balance_after_fen,
    }


def _tie(tie: Tie) -> dict[str, object]:
    return {
        "items": list(tie.item_ids),
        "score": tie.votes,
        "balance_fen": tie.balance_fen,
        "settled_by": tie.settled_by.value if tie.settled_by else None,
        "order": list(tie.order),
    }


def _round(each: Round) -> dict[str, object]:
    return {"votes": dict(each.votes), "exhausted": each.exhausted, "out": each.out}


def _election(record: Record, choices: list[Marks]) -> str:
    offer = offers.offer(record.ballot)
    ballot = pabulib_writer.Ballot(
        items=offer.menu,
        names=offer.names,
        way=offer.way,
        choices=choices,
        counting=offer.counting,
        budget_fen=offer.budget_fen,
        winners=record.found.count.winners,
        facts={"description": record.ballot.title, "unit": record.courtyard},
    )
    return pabulib_writer.written(ballot)


@cache
def _shipped() -> dict[str, bytes]:
    """What lies in every bundle: the check, and how to run it."""
    return {name: (_HERE / name).read_bytes() for name in (PROGRAM, README)}


@cache
def _shipped_digest() -> str:
    return digest({name: held.hex() for name, held in _shipped().items()})
