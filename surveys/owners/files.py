"""What a vote was counted from, as plain data: the register, the sheets, the deliveries.

Their digests stand in the chain from the sealing on, and the bundle of a vote holds them whole
(`docs/format.md`), so that whoever may read it can count again. No later act changes them.
"""

from datetime import date

from sqlalchemy import select

from surveys.base import clock
from surveys.base.db import db
from surveys.counting.canon import digest
from surveys.owners import service
from surveys.owners.models import Delivery, OwnerEntry, OwnersVote, VoteOwner
from surveys.owners.recording import marks_of


def closes_on(vote: OwnersVote) -> date:
    """The last day on which a sheet could come or a delivery could count, in the courtyard."""
    return clock.day(vote.closes_at, service.zone_of(vote))


def sheets(vote: OwnersVote, salt: str) -> dict[str, object]:
    """Every coming of every owner's vote, whatever became of it, by owner.

    Args:
        salt: keeps who knows the register from guessing sheets by their digest.
    """
    found = db.session.execute(
        select(VoteOwner.number, OwnerEntry)
        .join(OwnerEntry, OwnerEntry.vote_owner_id == VoteOwner.id)
        .where(OwnerEntry.vote_id == vote.id)
        .order_by(VoteOwner.number, OwnerEntry.number)
    )
    return {"salt": salt, "sheets": [_sheet(number, entry) for number, entry in found]}


def deliveries(vote: OwnersVote) -> list[dict[str, object]]:
    """Every line of the register of deliveries, taken back ones too, by owner."""
    found = db.session.execute(
        select(VoteOwner.number, Delivery)
        .join(Delivery, Delivery.vote_owner_id == VoteOwner.id)
        .where(Delivery.vote_id == vote.id)
        .order_by(VoteOwner.number, Delivery.at, Delivery.id)
    )
    return [
        {
            "owner": number,
            "way": str(line.way),
            "on_day": line.on_day.isoformat(),
            "to_whom": line.to_whom,
            "note": line.note,
            "taken_back": line.taken_back_at is not None,
        }
        for number, line in found
    ]


def digests(vote: OwnersVote, salt: str) -> dict[str, object]:
    """What the chain keeps of all that was counted, and the last day on which it could come."""
    return {
        "register": digest(service.register_as_data(vote)),
        "sheets": digest(sheets(vote, salt)),
        "deliveries": digest(deliveries(vote)),
        "closes_on": closes_on(vote).isoformat(),
    }


def _sheet(number: int, entry: OwnerEntry) -> dict[str, object]:
    return {
        "owner": number,
        "entry": entry.number,
        "channel": str(entry.channel),
        "capacity": str(entry.capacity),
        "signer": entry.signer,
        "received_on": entry.received_on.isoformat(),
        "state": str(entry.state),
        "marks": {str(motion): str(mark) for motion, mark in marks_of(entry).items()},
    }
