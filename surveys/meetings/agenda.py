"""The agenda of a meeting: items added, changed, moved, taken off, each about something or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.ballots.models import Ballot
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import minutes, rules
from surveys.meetings.models import AgendaItem, ItemKind, Meeting
from surveys.meetings.rules import State
from surveys.owners.models import OwnersVote
from surveys.questionnaires.models import Questionnaire

audit.words(
    {
        "meeting.item_added": N_("恳谈会加了一项“%(title)s”"),
        "meeting.item_changed": N_("恳谈会改了一项“%(title)s”"),
        "meeting.item_moved": N_("恳谈会挪了一项“%(title)s”"),
        "meeting.item_removed": N_("恳谈会去掉了一项“%(title)s”"),
    }
)

Subject = type[Questionnaire] | type[Ballot] | type[OwnersVote]
SUBJECTS: Mapping[ItemKind, Subject] = MappingProxyType(
    {
        ItemKind.ASK: Questionnaire,
        ItemKind.PICK: Ballot,
        ItemKind.VOTE: OwnersVote,
    }
)
"""what an item of a kind may be about"""

Wish = tuple[ItemKind, str]
"""an item to be: its kind and its title"""
TEMPLATES: Mapping[str, tuple[str, tuple[Wish, ...]]] = MappingProxyType(
    {
        "wishes": (
            N_("听意见（征集）"),
            (
                (ItemKind.ANNOUNCE, N_("上次说的事，办得怎么样")),
                (ItemKind.TALK, N_("大家说说，院里最要紧的是什么")),
                (ItemKind.NEEDS, N_("看看台账上有哪些事")),
                (ItemKind.ASK, N_("当场问一问")),
            ),
        ),
        "picking": (
            N_("点单"),
            (
                (ItemKind.NEEDS, N_("大家提过的事")),
                (ItemKind.ANNOUNCE, N_("菜单和预算")),
                (ItemKind.PICK, N_("点单")),
            ),
        ),
        "plan": (
            N_("说方案、议表决"),
            (
                (ItemKind.ANNOUNCE, N_("方案是什么")),
                (ItemKind.TALK, N_("大家有什么担心")),
                (ItemKind.VOTE, N_("业主表决怎么投")),
            ),
        ),
        "empty": (N_("空白，自己写"), ()),
    }
)
"""agendas to begin from, by key: name and items"""


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The items of the agenda in their order."""
    return list(
        db.session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id, AgendaItem.removed_at.is_(None))
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


def item_of(meeting: Meeting, item_id: str) -> AgendaItem:
    """An item of this very meeting.

    Raises:
        NotFound: there is none, or it was taken off.
    """
    item = db.session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting.id or item.removed_at is not None:
        raise NotFound
    return item


def current_item(meeting: Meeting) -> AgendaItem | None:
    """The item that the meeting is at."""
    return db.session.get(AgendaItem, meeting.item_id) if meeting.item_id else None


def subjects(courtyard_id: str) -> list[tuple[ItemKind, str, str]]:
    """What items may be about, as (kind, id, title): the newest of each kind first."""
    found: list[tuple[ItemKind, str, str]] = []
    for kind, model in SUBJECTS.items():
        asked = select(model.id, model.title).where(model.courtyard_id == courtyard_id)
        rows = db.session.execute(asked.order_by(model.created_at.desc(), model.id))
        found.extend((kind, row.id, row.title) for row in rows)
    return found


def title_of_subject(item: AgendaItem) -> str:
    """The title of what an item is about; empty where it is about nothing."""
    if not item.about_id:
        return ""
    model = SUBJECTS[item.kind]
    return db.session.scalar(select(model.title).where(model.id == item.about_id)) or ""


@retrying
def add(
    meeting: Meeting,
    kind: ItemKind,
    title: str,
    *,
    text: str = "",
    about_id: str | None = None,
    by: str,
    at: datetime,
) -> AgendaItem:
    """Put an item at the end of the agenda, also while the meeting is on.

    Raises:
        Invalid: no title, too long, or there is no such thing for it to be about.
        Refused: the meeting has ended or was cancelled, or the agenda is full.
    """
    meeting = _open(meeting)
    present = items_of(meeting)
    if len(present) >= rules.MOST_ITEMS:
        raise Refused(N_("议程最多 %(most)d 项，开不完的。"), most=rules.MOST_ITEMS)
    item = _item(meeting, kind, len(present) + 1)
    _fill(item, title, text, about_id)
    db.session.add(item)
    _note("meeting.item_added", item, by, at)
    minutes._touch(meeting)
    db.session.commit()
    return item


def _add_all(meeting: Meeting, wishes: Sequence[Wish]) -> None:
    """The items of a new meeting. Never commits."""
    for position, (kind, title) in enumerate(wishes, 1):
        item = _item(meeting, kind, position)
        _fill(item, title, "", None)
        db.session.add(item)


@retrying
def change(
    item: AgendaItem,
    *,
    title: str,
    text: str = "",
    about_id: str | None = None,
    by: str,
    at: datetime,
) -> None:
    """Change what an item says and is about.

    Raises:
        Invalid: as for `add`.
        Refused: the meeting is over, or what it is about was opened at it and is named anew.
    """
    meeting = _open(db.session.get_one(Meeting, item.meeting_id))
    db.session.refresh(item)
    if item.opened_at is not None and (about_id or None) != item.about_id:
        raise Refused(N_("这一项已经当场打开过了，不能再换成别的。"))
    _fill(item, title, text, about_id)
    _note("meeting.item_changed", item, by, at)
    minutes._touch(meeting)
    db.session.commit()


@retrying
def move(item: AgendaItem, down: int, *, by: str, at: datetime) -> None:
    """Move an item `down` places, up where it is negative; at an end it stays.

    Raises:
        Refused: the meeting is over.
    """
    meeting = _open(db.session.get_one(Meeting, item.meeting_id))
    present = {each.id: each for each in items_of(meeting)}
    if item.id not in present:
        raise NotFound
    for position, item_id in enumerate(rules.moved(list(present), item.id, down), 1):
        present[item_id].position = position
    _note("meeting.item_moved", item, by, at)
    minutes._touch(meeting)
    db.session.commit()


@retrying
def remove(item: AgendaItem, *, by: str, at: datetime) -> None:
    """Take an item off the agenda.

    Raises:
        Refused: the meeting is over, at this very item, or something was opened at it.
    """
    meeting = _open(db.session.get_one(Meeting, item.meeting_id))
    db.session.refresh(item)
    if item.removed_at is not None:
        db.session.rollback()
        return
    if meeting.item_id == item.id or item.opened_at is not None:
        raise Refused(N_("会已经开到这一项了，不能去掉。"))
    item.removed_at = at
    for position, each in enumerate((i for i in items_of(meeting) if i is not item), 1):
        each.position = position
    _note("meeting.item_removed", item, by, at)
    minutes._touch(meeting)
    db.session.commit()


def _item(meeting: Meeting, kind: ItemKind, position: int) -> AgendaItem:
    return AgendaItem(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        position=position,
        kind=kind,
    )


def _fill(item: AgendaItem, title: str, text: str, about_id: str | None) -> None:
    item.title = one_line(title, rules.LONGEST_TITLE, N_("请写这一项叫什么。"))
    item.text = rules.prose(text)
    item.about_id = about_id or None
    if item.about_id is None:
        return
    model = SUBJECTS.get(item.kind)
    if model is None or not db.session.scalar(
        select(model.id).where(model.id == item.about_id, model.courtyard_id == item.courtyard_id)
    ):
        raise Invalid(N_("没有找到要连的那一个，请从列出来的里面选。"))


def _open(meeting: Meeting) -> Meeting:
    """The meeting, held, if its agenda may still change."""
    meeting = minutes._lock(meeting.id)
    if rules.state(meeting) in {State.ENDED, State.CANCELLED}:
        raise Refused(N_("这次会已经结束了，议程不能再改。"))
    return meeting


def _note(act: str, item: AgendaItem, by: str, at: datetime) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=item.courtyard_id,
        subject_id=item.meeting_id,
        title=item.title,
    )
