"""What is counted at sealing, and the frozen result as plain data and back again.

The body of a result is canonical JSON. A share is {"owners", "area_dm2"}, area in dm².

    format       1
    everyone     share of all owners on the register who hold a unit
    returned     share of those whose sheet counts; channels, capacities: the same by each
    waiting      sheets that nobody confirmed in time; contested: owners of whom two sheets say
                 different things. Neither counts
    signed       whether a supervisor signed for the numbers
    silent       share of the owners who got their ballot and sent nothing; null: no silence clause
    motions      each with number, weight, `plain` and `with_silence` (null: no silence clause)

A count is for, against, abstain, unmarked, folded, taking_part (shares), quorum (null: none is
asked) and agreement, each {"base": share, "by_owners", "by_area", "missing": share}, and decided.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.counting.canon import canonical_json
from surveys.counting.double_majority import (
    NOBODY,
    Count,
    Counted,
    Mark,
    RuleSet,
    Share,
    Sheet,
    Standing,
    Weight,
    count,
    rule_set,
)
from surveys.owners import delivering, service
from surveys.owners.models import (
    Capacity,
    Channel,
    EntryState,
    Motion,
    OwnerEntry,
    OwnersVote,
    VoteUnit,
)

FORMAT = 1
_SAID_SOMETHING = (EntryState.CONFIRMED, EntryState.PENDING, EntryState.CONTESTED)


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet that counts: of an owner with so much area."""

    area_dm2: int
    channel: Channel
    capacity: Capacity
    marks: Mapping[str, str]
    """by number of the motion"""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that a count is made of."""

    everyone: Share
    returned: Sequence[Returned]
    silent: Share | None
    """owners who got their ballot and sent nothing; None: no silence clause"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Who came in, by how the sheet came and by who signed it; every way is there."""

    channels: Mapping[Channel, Share]
    capacities: Mapping[Capacity, Share]


@dataclass(frozen=True, slots=True)
class MotionResult:
    """One motion as it was counted."""

    motion: Motion
    counted: Counted


@dataclass(frozen=True, slots=True)
class Result:
    """The frozen result of a sealed vote."""

    everyone: Share
    returned: Share
    numbers: Numbers
    waiting: int
    contested: int
    signed: bool
    silent: Share | None
    motions: Sequence[MotionResult]


def held(vote: OwnersVote) -> Held:
    """What counts now: of each owner with a unit, the one confirmed sheet."""
    areas = _areas(vote)
    found = db.session.scalars(
        select(OwnerEntry)
        .where(OwnerEntry.vote_id == vote.id, OwnerEntry.state.in_(_SAID_SOMETHING))
        .order_by(OwnerEntry.vote_owner_id, OwnerEntry.number)
    ).all()
    returned = [
        Returned(areas[e.vote_owner_id], e.channel, e.capacity, json.loads(e.marks))
        for e in found
        if e.state is EntryState.CONFIRMED and e.vote_owner_id in areas
    ]
    silent = None
    if vote.silence_text:
        reached = delivering.delivered(vote) & areas.keys()
        silent = _together(areas[one] for one in reached - {e.vote_owner_id for e in found})
    return Held(_together(areas.values()), returned, silent)


def numbers(found: Held) -> Numbers:
    """What a supervisor signs for."""
    channels, capacities = dict.fromkeys(Channel, NOBODY), dict.fromkeys(Capacity, NOBODY)
    for one in found.returned:
        channels[one.channel] += Share(1, one.area_dm2)
        capacities[one.capacity] += Share(1, one.area_dm2)
    return Numbers(channels, capacities)


def numbers_data(told: Numbers) -> dict[str, dict[str, dict[str, int]]]:
    """The numbers as plain data."""
    return {
        "channels": _shares_data(told.channels),
        "capacities": _shares_data(told.capacities),
    }


def count_motion(vote: OwnersVote, motion: Motion, found: Held) -> Counted:
    """One motion counted by the rules that the vote was opened by."""
    sheets = (Sheet(one.area_dm2, Mark(one.marks[str(motion.number)])) for one in found.returned)
    rules = rule_set(vote.rule_set)
    return count(rules, motion.weight, found.everyone, sheets, vote.unmarked, found.silent)


def written(vote: OwnersVote, found: Held, *, waiting: int, contested: int, signed: bool) -> str:
    """The body of the result: everything counted, as canonical JSON."""
    return canonical_json(
        {
            "format": FORMAT,
            "everyone": share_data(found.everyone),
            "returned": share_data(_together(one.area_dm2 for one in found.returned)),
            **numbers_data(numbers(found)),
            "waiting": waiting,
            "contested": contested,
            "signed": signed,
            "silent": share_data(found.silent) if found.silent else None,
            "motions": [_motion_data(vote, m, found) for m in service.motions_of(vote)],
        }
    )


def read(vote: OwnersVote, body: str) -> Result:
    """The result that a body holds, with everything that follows from its shares."""
    data = json.loads(body)
    rules, everyone = rule_set(vote.rule_set), _share(data["everyone"])
    told = {each["number"]: each for each in data["motions"]}
    return Result(
        everyone=everyone,
        returned=_share(data["returned"]),
        numbers=Numbers(
            {Channel(name): _share(each) for name, each in data["channels"].items()},
            {Capacity(name): _share(each) for name, each in data["capacities"].items()},
        ),
        waiting=data["waiting"],
        contested=data["contested"],
        signed=data["signed"],
        silent=_share(data["silent"]) if data["silent"] else None,
        motions=[
            MotionResult(motion, _counted(rules, everyone, told[motion.number]))
            for motion in service.motions_of(vote)
        ],
    )


def share_data(share: Share) -> dict[str, int]:
    """A share as plain data."""
    return {"owners": share.owners, "area_dm2": share.area_dm2}


def _areas(vote: OwnersVote) -> dict[str, int]:
    """Area of each owner that holds a unit, by id."""
    found = (
        select(VoteUnit.vote_owner_id, func.sum(VoteUnit.area_dm2))
        .where(VoteUnit.vote_id == vote.id)
        .group_by(VoteUnit.vote_owner_id)
    )
    return {owner_id: int(area_dm2) for owner_id, area_dm2 in db.session.execute(found)}


def _together(areas: Iterable[int]) -> Share:
    each = list(areas)
    return Share(len(each), sum(each))


def _motion_data(vote: OwnersVote, motion: Motion, found: Held) -> dict[str, object]:
    counted = count_motion(vote, motion, found)
    return {
        "number": motion.number,
        "weight": str(motion.weight),
        "plain": count_data(counted.plain),
        "with_silence": count_data(counted.with_silence) if counted.with_silence else None,
    }


def count_data(found: Count) -> dict[str, object]:
    """A count as plain data, with everything that follows from its shares."""
    shares = {
        "for": found.for_,
        "against": found.against,
        "abstain": found.abstain,
        "unmarked": found.unmarked,
        "folded": found.folded,
        "taking_part": found.taking_part,
    }
    return {
        **_shares_data(shares),
        "quorum": _standing_data(found.quorum) if found.quorum else None,
        "agreement": _standing_data(found.agreement),
        "decided": found.decided,
    }


def _standing_data(standing: Standing) -> dict[str, object]:
    return {
        "base": share_data(standing.base),
        "by_owners": standing.by_owners,
        "by_area": standing.by_area,
        "missing": share_data(standing.missing),
    }


def _shares_data(shares: Mapping[Any, Share]) -> dict[str, dict[str, int]]:
    """Shares by name as plain data."""
    return {str(name): share_data(share) for name, share in shares.items()}


def _share(data: Mapping[str, int]) -> Share:
    return Share(data["owners"], data["area_dm2"])


def _counted(rules: RuleSet, everyone: Share, data: Mapping[str, Any]) -> Counted:
    plain, folded = data["plain"], data["with_silence"]
    weight = Weight(data["weight"])
    return Counted(
        _count(rules, weight, everyone, plain),
        _count(rules, weight, everyone, folded) if folded else None,
    )


def _count(rules: RuleSet, weight: Weight, everyone: Share, data: Mapping[str, Any]) -> Count:
    shares = {name: _share(data[name]) for name in ("against", "abstain", "unmarked", "folded")}
    return Count(rules, weight, everyone, for_=_share(data["for"]), **shares)
