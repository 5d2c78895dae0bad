"""A small courtyard of owners with an opened vote, made straight in the tables, for any test.

24 units of 88.00 m² in two buildings belong to 18 owners. So 12 owners and 16 units are exactly
two thirds, 9 owners exactly half. `OWNERS` says who holds how many units, in order of numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.counting import double_majority
from surveys.counting.canon import canonical_json, text_digest
from surveys.counting.double_majority import Mark, Unmarked
from surveys.owners import drafting, service
from surveys.owners.models import (
    Capacity,
    Channel,
    Correction,
    Counter,
    Delivery,
    DeliveryWay,
    EntryState,
    Motion,
    OwnerEntry,
    OwnersVote,
    Proof,
    VoteOwner,
    VoteUnit,
)
from surveys.owners.register_models import (
    AreaSource,
    OnlineRule,
    Owner,
    OwnerKind,
    OwnerName,
    OwnersRegister,
    Unit,
)
from surveys.web import config_of
from tests.world import AT, World

ZONE = "Asia/Shanghai"
NOTICED = AT - timedelta(days=15)
OPENS = AT
CLOSES = AT + timedelta(days=10)
SEALS = CLOSES + timedelta(days=3)
WHILE_OPEN = AT + timedelta(days=1)
AFTER_CLOSE = CLOSES + timedelta(hours=1)

AREA_DM2 = 8_800
"""of every unit"""
OWNERS: tuple[tuple[OwnerKind, tuple[str, ...], int], ...] = (
    (OwnerKind.PERSON, ("Owner 1",), 5),
    (OwnerKind.TOGETHER, ("Owner 2", "Wife of 2"), 1),
    (OwnerKind.BODY, ("Company 3",), 1),
    (OwnerKind.DEVELOPER, ("Developer 4",), 3),
    *((OwnerKind.PERSON, (f"Owner {n}",), 1) for n in range(5, 19)),
)
"""kind, names, and how many units, of numbers 1 to 18"""
MOTIONS = (("Hire a company", "manager"), ("Raise the fund", "raise_fund"))
"""title and matter: the first is ordinary, the second grave"""
FOR, AGAINST, ABSTAIN, BLANK = Mark.FOR, Mark.AGAINST, Mark.ABSTAIN, Mark.UNMARKED
_PICTURE = b"\xff\xd8\xff a picture \xff\xd9"


@dataclass
class Stage:
    """An opened vote and what acting on it takes. Owners and motions go by their numbers."""

    world: World
    vote: OwnersVote
    owners: dict[int, str]
    """id of the owner on the vote's register by number"""
    _proof: list[str] = field(default_factory=list)

    def who(self, kind: str) -> str:
        """Id of the account of this role."""
        return self.world.accounts[kind]

    def owner(self, number: int) -> VoteOwner:
        """An owner on the register of the vote."""
        return db.session.get_one(VoteOwner, self.owners[number])

    def units(self, number: int) -> list[VoteUnit]:
        """What an owner holds there."""
        found = db.select(VoteUnit).where(VoteUnit.vote_owner_id == self.owners[number])
        return list(db.session.scalars(found.order_by(VoteUnit.position)))

    def proof(self) -> str:
        """Id of a picture of a signed paper, made once."""
        if not self._proof:
            picture = Proof(
                id=new_id(),
                courtyard_id=self.world.courtyard,
                vote_id=self.vote.id,
                digest=text_digest("a picture"),
                width=1,
                height=1,
                jpeg=_PICTURE,
                added_by=self.who("clerk"),
                added_at=WHILE_OPEN,
            )
            db.session.add(picture)
            db.session.commit()
            self._proof.append(picture.id)
        return self._proof[0]

    def sheet(
        self,
        number: int,
        *marks: Mark,
        state: EntryState = EntryState.CONFIRMED,
        channel: Channel = Channel.PAPER,
        at: datetime = WHILE_OPEN,
    ) -> OwnerEntry:
        """A sheet of this owner, one mark for each motion, in any state, past all rules."""
        came = db.select(db.func.count()).where(OwnerEntry.vote_owner_id == self.owners[number])
        on_paper = channel is Channel.PAPER
        entry = OwnerEntry(
            id=new_id(),
            courtyard_id=self.world.courtyard,
            vote_id=self.vote.id,
            vote_owner_id=self.owners[number],
            number=1 + db.session.scalars(came).one(),
            submission=new_id(),
            channel=channel,
            capacity=Capacity.OWNER,
            signer=OWNERS[number - 1][1][0],
            proof_id=self.proof() if on_paper else None,
            received_on=clock.day(at, ZONE),
            marks=canonical_json({str(n): str(mark) for n, mark in enumerate(marks, 1)}),
            state=state,
            keyed_by=self.who("clerk") if on_paper else None,
            keyed_at=at,
            confirmed_by=None if state is EntryState.PENDING else self.who("supervisor"),
        )
        db.session.add(entry)
        self.vote.revision += 1
        db.session.commit()
        return entry

    def sheets(self, numbers: Sequence[int], *marks: Mark) -> None:
        """Confirmed sheets of several owners, all with the same marks."""
        for number in numbers:
            self.sheet(number, *marks)

    def deliver(
        self,
        *numbers: int,
        way: DeliveryWay = DeliveryWay.HAND,
        at: datetime = WHILE_OPEN,
    ) -> None:
        """The ballots of these owners went this way."""
        for number in numbers:
            db.session.add(
                Delivery(
                    id=new_id(),
                    courtyard_id=self.world.courtyard,
                    vote_id=self.vote.id,
                    vote_owner_id=self.owners[number],
                    way=way,
                    on_day=clock.day(at, ZONE),
                    by=self.who("clerk"),
                    at=at,
                )
            )
        self.vote.revision += 1
        db.session.commit()

    def name_counter(self, kind: str) -> str:
        """This account may read who voted how; its id."""
        account_id = self.who(kind)
        db.session.add(
            Counter(
                vote_id=self.vote.id,
                account_id=account_id,
                named_by=self.who("organizer"),
                named_at=WHILE_OPEN,
            )
        )
        db.session.commit()
        return account_id

    def sold(self, number: int, to: str) -> Correction:
        """It is noted, and confirmed by another, that an owner's first unit was sold since."""
        noted = Correction(
            id=new_id(),
            courtyard_id=self.world.courtyard,
            vote_id=self.vote.id,
            vote_unit_id=self.units(number)[0].id,
            kind="sold",
            body=canonical_json(
                {"before": {"names": [OWNERS[number - 1][1][0]]}, "after": {"names": [to]}}
            ),
            reason="sold",
            asked_by=self.who("clerk"),
            asked_at=WHILE_OPEN,
            confirmed_by=self.who("supervisor"),
            confirmed_at=WHILE_OPEN,
        )
        db.session.add(noted)
        db.session.commit()
        return noted


def register(world: World) -> list[Owner]:
    """The living register of the world's courtyard: `OWNERS` and their units, door by door."""
    owners = [
        Owner(
            id=new_id(),
            courtyard_id=world.courtyard,
            kind=kind,
            party=text_digest("、".join(names)),
            voter=names[0] if kind is OwnerKind.TOGETHER else "",
            position=number,
        )
        for number, (kind, names, _) in enumerate(OWNERS, 1)
    ]
    db.session.add_all(owners)
    db.session.flush()
    for owner, (_, names, _) in zip(owners, OWNERS, strict=True):
        db.session.add_all(
            OwnerName(owner_id=owner.id, position=place, name=name)
            for place, name in enumerate(names, 1)
        )
    whose = [
        owner for owner, (_, _, units) in zip(owners, OWNERS, strict=True) for _ in range(units)
    ]
    for place, owner in enumerate(whose):
        building, at_home = divmod(place, 12)
        db.session.add(
            Unit(
                id=new_id(),
                courtyard_id=world.courtyard,
                owner_id=owner.id,
                building=f"{building + 1}",
                stairwell="1",
                room=f"{(at_home + 1) // 10 + 1}{(at_home + 1) % 10:02d}",
                area_dm2=AREA_DM2,
                source=AreaSource.REGISTER,
                position=place,
            )
        )
    db.session.add(
        OwnersRegister(
            courtyard_id=world.courtyard,
            stated_area_dm2=len(whose) * AREA_DM2,
            stated_units=len(whose),
            source="the property register",
            changed_at=NOTICED,
        )
    )
    db.session.commit()
    return owners


def drafted(
    world: World,
    *,
    motions: Sequence[tuple[str, str]] = MOTIONS,
    rule_set: str = double_majority.CURRENT,
    unmarked: Unmarked = Unmarked.ABSTAIN,
    silence_text: str = "",
    is_online: bool = False,
    opens_at: datetime = OPENS,
    closes_at: datetime = CLOSES,
    seals_at: datetime = SEALS,
) -> OwnersVote:
    """A draft of the organizer's."""
    vote = OwnersVote(
        id=new_id(),
        courtyard_id=world.courtyard,
        title="Owners' vote",
        called_by="The committee",
        rule_set=rule_set,
        noticed_on=clock.day(NOTICED, ZONE),
        opens_at=opens_at,
        closes_at=closes_at,
        seals_at=seals_at,
        unmarked=unmarked,
        is_online=is_online,
        online_basis="allowed here" if is_online else "",
        silence_text=silence_text,
        silence_source="the rules of procedure" if silence_text else "",
        created_by=world.accounts["organizer"],
        created_at=NOTICED,
    )
    db.session.add(vote)
    db.session.flush()
    rules = double_majority.rule_set(rule_set)
    for number, (title, matter) in enumerate(motions, 1):
        db.session.add(
            Motion(
                id=new_id(),
                vote_id=vote.id,
                number=number,
                title=title,
                matter=matter,
                weight=rules.matter(matter).weight,
            )
        )
    db.session.commit()
    return vote


def allow_online(world: World) -> None:
    """The local rules at the world's courtyard allow voting online."""
    db.session.add(
        OnlineRule(
            place_id=world.courtyard,
            is_allowed=True,
            basis="The city allows it.",
            set_by=world.accounts["administrator"],
            set_at=NOTICED,
        )
    )
    db.session.commit()


def opened(world: World, vote: OwnersVote | None = None, at: datetime = NOTICED) -> Stage:
    """A vote that takes sheets from OPENS on, on a register frozen from the living one at `at`."""
    register(world)
    vote = vote or drafted(world)
    secret = config_of(current_app).secret
    drafting.open_(vote, by=world.accounts["organizer"], at=at, secret=secret)
    return Stage(world, vote, {one.owner.number: one.owner.id for one in service.owners_of(vote)})
