"""A meeting to test on, made straight in the tables: at any item, with what was said and asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from surveys.base.db import db, new_id
from surveys.counting.canon import canonical_json
from surveys.meetings.models import (
    AgendaItem,
    Attendance,
    Hands,
    ItemKind,
    Meeting,
    Opinion,
    OpinionState,
    OpinionSupport,
    Picture,
    Poll,
    PollVote,
)
from tests.world import AT, World

BEGINS = AT
WHILE_ON = AT + timedelta(minutes=20)
AGENDA = (
    (ItemKind.ANNOUNCE, "What became of last time"),
    (ItemKind.TALK, "What troubles you most"),
    (ItemKind.NEEDS, "The ledger"),
    (ItemKind.ASK, "A show of hands"),
    (ItemKind.PICK, "Picking"),
    (ItemKind.VOTE, "The owners' vote"),
)
"""one item of each kind, in the order that they are gone through"""


@dataclass
class Stage:
    """A meeting that is on; ids rather than rows, since rows belong to a session."""

    world: World
    meeting_id: str
    items: dict[ItemKind, str] = field(default_factory=dict)
    """id of the item of each kind (of the last one, where there are several)"""

    @property
    def meeting(self) -> Meeting:
        """The row as it is now."""
        return db.session.get_one(Meeting, self.meeting_id)

    @property
    def item(self) -> AgendaItem | None:
        """The item that the meeting is at."""
        return db.session.get(AgendaItem, self.meeting.item_id or "")

    def change(self, **columns: object) -> Meeting:
        """Set columns of the meeting; walls and phones are told that something is new."""
        meeting = self.meeting
        for name, value in columns.items():
            setattr(meeting, name, value)
        meeting.revision += 1
        db.session.commit()
        return meeting

    def add_item(
        self, kind: ItemKind, title: str, *, text: str = "", about_id: str | None = None
    ) -> str:
        """One more item at the end of the agenda; its id."""
        asked = db.select(db.func.count()).where(AgendaItem.meeting_id == self.meeting_id)
        item = AgendaItem(
            id=new_id(),
            courtyard_id=self.world.courtyard,
            meeting_id=self.meeting_id,
            position=(db.session.scalar(asked) or 0) + 1,
            kind=kind,
            title=title,
            text=text,
            about_id=about_id,
        )
        db.session.add(item)
        db.session.commit()
        self.items[kind] = item.id
        return item.id

    def go(
        self,
        kind: ItemKind,
        picture: Picture = Picture.FIGURES,
        *,
        about_id: str | None = None,
        text: str = "",
    ) -> Meeting:
        """Be at the item of this kind, about that, and show this picture."""
        item = db.session.get_one(AgendaItem, self.items[kind])
        item.about_id, item.text = about_id or item.about_id, text or item.text
        return self.change(item_id=item.id, picture=picture)

    def say(
        self,
        words: str,
        state: OpinionState = OpinionState.ADMITTED,
        *,
        n: int | None = None,
        too: int = 0,
        by: str | None = None,
    ) -> str:
        """Somebody said this, of the n-th household if it is known; `too` phones say 我也是."""
        asked = db.select(db.func.count()).where(Opinion.meeting_id == self.meeting_id)
        opinion = Opinion(
            id=new_id(),
            courtyard_id=self.world.courtyard,
            meeting_id=self.meeting_id,
            item_id=self.meeting.item_id,
            number=(db.session.scalar(asked) or 0) + 1,
            text=words,
            taken_down_by=by,
            household_id=None if n is None else self.world.households[n],
            submission=new_id(),
            said_at=WHILE_ON,
            state=state,
        )
        db.session.add(opinion)
        db.session.flush()
        db.session.add_all(
            OpinionSupport(id=new_id(), opinion_id=opinion.id, device_hash=f"{k:064d}", at=WHILE_ON)
            for k in range(too)
        )
        self.change()
        return opinion.id

    def ask(
        self, question: str, votes: Mapping[str, int], *, closed_at: datetime | None = None
    ) -> str:
        """A quick poll at the present item, with so many phones for each choice; its id."""
        poll = Poll(
            id=new_id(),
            courtyard_id=self.world.courtyard,
            meeting_id=self.meeting_id,
            item_id=self.meeting.item_id,
            question=question,
            choices=canonical_json(list(votes)),
            opened_at=WHILE_ON,
            phones=sum(votes.values()),
            closed_at=closed_at,
            figures=canonical_json(list(votes.values())) if closed_at else None,
        )
        db.session.add(poll)
        db.session.flush()
        if closed_at is None:  # the answers go with the close
            marks = [place for place, n in enumerate(votes.values(), 1) for _ in range(n)]
            db.session.add_all(
                PollVote(id=new_id(), poll_id=poll.id, device_hash=f"{k:064d}", choice=choice)
                for k, choice in enumerate(marks)
            )
        self.change()
        return poll.id

    def raise_hands(
        self,
        question: str,
        counted: Sequence[tuple[str, str, str, int, int]],
    ) -> None:
        """Hands counted at the present item, as (building, stairwell, choice, hands, people)."""
        choices = list(dict.fromkeys(choice for _, _, choice, _, _ in counted))
        db.session.add_all(
            Hands(
                id=new_id(),
                courtyard_id=self.world.courtyard,
                meeting_id=self.meeting_id,
                item_id=self.meeting.item_id,
                question=question,
                choice=choice,
                position=choices.index(choice) + 1,
                building=building,
                stairwell=stairwell,
                count=count,
                people=people,
                counted_by="A",
                typed_by="B",
                at=WHILE_ON,
            )
            for building, stairwell, choice, count, people in counted
        )
        self.change()

    def sign_in(self, households: Sequence[int], *, phones: int = 0, visitors: int = 0) -> None:
        """These households of the roll are here, so many phones without a door, and visitors."""
        who: list[dict[str, str]] = [{"household_id": self.world.households[n]} for n in households]
        who += [{"device_hash": f"{k:064d}"} for k in range(phones)]
        db.session.add_all(
            Attendance(
                id=new_id(),
                courtyard_id=self.world.courtyard,
                meeting_id=self.meeting_id,
                way="scan",
                at=WHILE_ON,
                **each,
            )
            for each in who
        )
        self.change(visitors=visitors)


def on_stage(
    world: World,
    *,
    title: str = "Small stools",
    agenda: Sequence[tuple[ItemKind, str]] = AGENDA,
    begun: bool = True,
) -> Stage:
    """A meeting with one item of each kind, begun and at none of them yet."""
    meeting = Meeting(
        id=new_id(),
        courtyard_id=world.courtyard,
        round_id=world.round,
        title=title,
        place="Under the tree",
        starts_at=BEGINS,
        created_by=world.accounts["organizer"],
        created_at=AT - timedelta(days=3),
        begun_at=BEGINS if begun else None,
    )
    db.session.add(meeting)
    db.session.commit()
    stage = Stage(world, meeting.id)
    for kind, name in agenda:
        stage.add_item(kind, name)
    return stage
