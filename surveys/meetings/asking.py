"""What is asked at an item of the agenda is opened and closed there: each once, however often
somebody presses.

A questionnaire, a picking ballot that was drafted for it, a poll of the spot. An owners' vote is
only shown: no meeting moves a time that the law and a posted notice have set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from surveys.ballots import asking as ballots
from surveys.ballots import at_meeting, readiness
from surveys.ballots import rules as ballot_rules
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.base.db import Model, db, retrying
from surveys.base.words import N_
from surveys.errors import NotFound, Refused, SurveysError
from surveys.meetings import agenda, minutes, polls, rules
from surveys.meetings.models import AgendaItem, ItemKind, Meeting, MinuteKind
from surveys.meetings.rules import State
from surveys.owners import rules as owners
from surveys.owners.models import OwnersVote
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Questionnaire

Row = TypeVar("Row", bound=Model)


class Thing(StrEnum):
    """What is asked at an item."""

    POLL = "poll"
    """nothing was linked: a question of the spot, or a show of hands"""
    QUESTIONNAIRE = "questionnaire"
    BALLOT = "ballot"
    VOTE = "vote"


class Stage(StrEnum):
    """Where it stands."""

    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Host:
    """Whoever acts at a meeting."""

    account_id: str
    """answers for it: whoever made the remote's link, or is signed in"""
    called: str
    """for the minutes"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked at one item, and what its host may do with it now."""

    meeting_id: str
    thing: Thing
    id: str
    """of the questionnaire, the ballot, the owners' vote or the latest poll; empty: none yet"""
    title: str
    stage: Stage
    may_open: bool = False
    may_close: bool = False

    @property
    def address(self) -> str:
        """Where a resident answers, on the product's own site."""
        if not self.id:
            return ""
        prefix = {Thing.QUESTIONNAIRE: "/q/", Thing.BALLOT: "/v/", Thing.VOTE: "/owners/"}
        found = prefix.get(self.thing)
        return f"{found}{self.id}" if found else f"/m/{self.meeting_id}"


def asked_at(item: AgendaItem, at: datetime) -> Asked | None:
    """What is asked at an item; None where it is of a kind that asks nothing, or names nothing."""
    if item.kind is ItemKind.ASK and item.about_id is None:
        return _poll(item)
    look = _LOOKS.get(item.kind)
    return look(item, at) if look and item.about_id else None


def open_now(meeting: Meeting, at: datetime) -> Asked | None:
    """What residents at a meeting can answer now: what the present item asks, if it is open."""
    if meeting.item_id is None or rules.state(meeting) is not State.ON:
        return None
    found = asked_at(db.session.get_one(AgendaItem, meeting.item_id), at)
    return found if found and found.stage is Stage.OPEN else None


def in_the_way(item: AgendaItem, at: datetime) -> list[SurveysError]:
    """Why a ballot could not be opened at its item, known before the meeting; else nothing."""
    if item.kind is not ItemKind.PICK or item.about_id is None:
        return []
    ballot = _subject(item, Ballot)
    if ballot.frozen_at is not None:
        return []
    if not ballot.at_meeting:
        return [Refused(at_meeting.NOT_HERE)]
    return readiness.in_the_way(ballot, ballots.offer(ballot), at)


@retrying
def open_item(item: AgendaItem, *, host: Host, keys: LinkKeys, secret: bytes, at: datetime) -> None:
    """Open what is asked at an item. What is open already stays as it is.

    Args:
        keys, secret: as for opening a ballot at the desk.

    Raises:
        Refused: the meeting is not on, nothing is asked here, or it cannot be opened: the sentence
            says why.
    """
    meeting, item = _held(item)
    if item.kind is ItemKind.PICK:
        ballot = _subject(item, Ballot)
        begun = at_meeting._open(ballot, by=host.account_id, at=at, keys=keys, secret=secret)
    elif item.kind is ItemKind.ASK:
        begun = _open_questionnaire(item, host, at)
    elif item.kind is ItemKind.VOTE:
        begun = _show_vote(item, at)
    else:
        raise Refused(NOTHING)
    if item.opened_at is None or item.closed_at is not None:
        item.opened_at, item.closed_at = item.opened_at or at, None
        _tell(meeting, item, OPENED if begun else SHOWN, host, at)
    db.session.commit()


@retrying
def close_item(item: AgendaItem, *, host: Host, at: datetime) -> None:
    """Close what was opened at an item. Pressed twice it is closed once.

    What was open before the meeting, and an owners' vote, go on after it: the item alone ends.

    Raises:
        Refused: the meeting is not on, or nothing was opened here.
    """
    meeting, item = _held(item)
    if item.kind is ItemKind.ASK and item.about_id is None:
        poll = polls.latest(meeting, item.id)
        if poll is None:
            raise Refused(NOT_YET)
        polls._close(meeting, poll.id, host.called, at)
    elif item.opened_at is None:
        raise Refused(NOT_YET)
    else:
        _close(meeting, item, host, at)
    db.session.commit()


NOTHING = N_("这一项没有什么要打开的。")
NOT_YET = N_("这一项还没有打开。")
OPENED = N_("开始：%(title)s")
SHOWN = N_("给大家看：%(title)s。它按定好的时间收，会上不另开")
STAYS = N_("讲完了：%(title)s。它按定好的时间截止，会后还能交")


def _close(meeting: Meeting, item: AgendaItem, host: Host, at: datetime) -> None:
    if item.closed_at is not None:
        return
    item.closed_at = at
    say, facts = STAYS, {}
    if item.kind is ItemKind.PICK:
        ballot = _subject(item, Ballot)
        if ballot.at_meeting:
            at_meeting._close(ballot, by=host.account_id, at=at)
            say = N_("截止：%(title)s，%(households)s 户交了，花名册 %(roll)s 户")
            facts = {"households": ballot.households_in, "roll": ballot.roll_count}
    elif item.kind is ItemKind.ASK:
        asked = _subject(item, Questionnaire)
        if asked.opens_at == item.opened_at and asked.is_open(at):
            questionnaires._close_now(asked, host.account_id, at)
            say = N_("截止：%(title)s")
    _tell(meeting, item, say, host, at, **facts)


def _open_questionnaire(item: AgendaItem, host: Host, at: datetime) -> bool:
    """Whether it was this act that opened it."""
    if item.about_id is None:
        raise Refused(N_("先写好要问的一句话，或者连上一份问卷。"))
    asked = _subject(item, Questionnaire)
    state = questionnaires.state_of(asked, at)
    if state == "open":
        return False
    if state == "closed":
        raise Refused(N_("这份问卷已经截止了，不能再开。"))
    questionnaires._open_now(asked, "", host.account_id, at)
    return True


def _show_vote(item: AgendaItem, at: datetime) -> bool:
    """Never opens anything."""
    if owners.state(_subject(item, OwnersVote), at) is owners.State.DRAFT:
        raise Refused(N_("这次业主表决还是草稿，定下来以后才能给大家看。"))
    return False


def _held(item: AgendaItem) -> tuple[Meeting, AgendaItem]:
    """The meeting, locked, and its item as they are now."""
    meeting = minutes._lock(item.meeting_id)
    db.session.refresh(item)
    if item.removed_at is not None:
        raise NotFound
    if rules.state(meeting) is not State.ON:
        raise Refused(N_("会开着的时候，才能打开、截止这一项。"))
    return meeting, item


def _subject(item: AgendaItem, model: type[Row]) -> Row:
    """What an item is about.

    Raises:
        Refused: it names nothing.
    """
    found = db.session.get(model, item.about_id) if item.about_id else None
    if found is None:
        raise Refused(N_("这一项还没有连上要打开的东西。请在电脑上连好。"))
    return found


def _tell(
    meeting: Meeting, item: AgendaItem, say: str, host: Host, at: datetime, **facts: object
) -> None:
    title = agenda.title_of_subject(item) or item.title
    minutes._write(
        meeting,
        MinuteKind.ASKED,
        say,
        host.called,
        at,
        item_id=item.id,
        subject_id=item.about_id,
        title=title,
        **facts,
    )
    minutes._touch(meeting)


# --- what is asked -------------------------------------------------------------------------------


def _poll(item: AgendaItem) -> Asked:
    meeting = db.session.get_one(Meeting, item.meeting_id)
    poll = polls.latest(meeting, item.id)
    if poll is None:
        return Asked(item.meeting_id, Thing.POLL, "", item.title, Stage.BEFORE)
    is_open = poll.closed_at is None
    stage = Stage.OPEN if is_open else Stage.OVER
    return Asked(item.meeting_id, Thing.POLL, poll.id, poll.question, stage, may_close=is_open)


def _questionnaire(item: AgendaItem, at: datetime) -> Asked:
    asked = _subject(item, Questionnaire)
    state = questionnaires.state_of(asked, at)
    return _asked(item, Thing.QUESTIONNAIRE, asked.title, state == "open", state == "closed")


def _ballot(item: AgendaItem, at: datetime) -> Asked:
    ballot = _subject(item, Ballot)
    state = ballot_rules.state(ballot, at)
    return _asked(item, Thing.BALLOT, ballot.title, state in _VOTED_ON, state in _OVER)


def _vote(item: AgendaItem, at: datetime) -> Asked:
    vote = _subject(item, OwnersVote)
    state = owners.state(vote, at)
    return _asked(item, Thing.VOTE, vote.title, state is not owners.State.DRAFT, state in _OVER)


_VOTED_ON = frozenset({ballot_rules.State.OPEN})
_OVER = frozenset(ballot_rules.State) - {
    ballot_rules.State.DRAFT,
    ballot_rules.State.ANNOUNCED,
    ballot_rules.State.OPEN,
}
_LOOKS: Mapping[ItemKind, Callable[[AgendaItem, datetime], Asked]] = {
    ItemKind.ASK: _questionnaire,
    ItemKind.PICK: _ballot,
    ItemKind.VOTE: _vote,
}


def _asked(item: AgendaItem, thing: Thing, title: str, is_open: bool, is_over: bool) -> Asked:
    ended = item.closed_at is not None
    if item.opened_at is None:
        stage = Stage.OVER if is_over else Stage.BEFORE
    else:
        stage = Stage.OPEN if is_open and not ended else Stage.OVER
    is_on = stage is Stage.OPEN
    return Asked(
        item.meeting_id,
        thing,
        item.about_id or "",
        title,
        stage,
        may_open=not is_on and not is_over,
        may_close=is_on,
    )
