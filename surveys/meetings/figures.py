"""What the picture "figures" shows of an item: by its kind, through the gates of other rooms.

Nothing is counted here that those rooms would not show on their own pages: a ballot's figures come
through `results.live`, a questionnaire's after its close with small numbers hidden.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select

from surveys.ballots import extending, offers
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import NotFound
from surveys.meetings import hands_shown, heard
from surveys.meetings.models import AgendaItem, Hands, ItemKind, Meeting, Poll, PollVote
from surveys.needs import ledger
from surveys.questionnaires import figures as answers
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.service import Asked
from surveys.results import live
from surveys.results import service as results
from surveys.results.rules import Sight, Surface

Facts = dict[str, object]


@dataclass(frozen=True)
class Drawn:
    """A picture: which, what tells it from the one before, and what its template needs."""

    name: str
    """of its template: meetings/wall/_<name>.html"""
    marks: tuple[object, ...] = ()
    more: Callable[[], Facts] = field(default=dict)
    """asked only when it is rendered"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A meeting at an item, at an instant."""

    meeting: Meeting
    item: AgendaItem | None
    at: datetime


def note(words: str, more: str = "") -> Drawn:
    """A few words where there is nothing to show yet. Both are message ids."""
    return Drawn("note", (words, more), lambda: {"words": words, "more": more})


def of(scene: Scene) -> Drawn:
    """The figures of the item that the meeting is at."""
    kind = scene.item.kind if scene.item else None
    return _BY_KIND.get(kind, _nothing)(scene) if kind else _nothing(scene)


def _nothing(_scene: Scene) -> Drawn:
    return note(N_("大家谈"), N_("这一项没有数字要看。"))


# --- a picking ballot -----------------------------------------------------------------------------


def ballot_of(item: AgendaItem | None) -> str | None:
    """Id of the ballot that an item is about, if it is about one."""
    return item.about_id if item is not None and item.kind is ItemKind.PICK else None


def seen_ballot(scene: Scene) -> live.Figures | None:
    """What the wall may show of the ballot; None while there is none or it is a draft."""
    try:
        return live.figures(ballot_of(scene.item) or "", Surface.WALL, scene.at)
    except NotFound:
        return None


def _pick(scene: Scene) -> Drawn:
    seen = seen_ballot(scene)
    if seen is None:
        return note(N_("点单"), N_("还没有开始。"))
    if seen.sight is Sight.RESULT or seen.totals is not None:
        return Drawn("bars", (seen.tag,), lambda: {**of_ballot(seen), "counted": results.shown(seen)})
    return Drawn("turnout", (seen.tag,), lambda: of_ballot(seen))


def of_ballot(seen: live.Figures) -> Facts:
    """What every picture of a ballot needs."""
    return {
        "seen": seen,
        "ballot": seen.ballot,
        "offer": offers.offer(seen.ballot),
        "extension": extending.latest(seen.ballot),
        "is_result": seen.sight is Sight.RESULT,
    }


# --- the ledger -----------------------------------------------------------------------------------


def _needs(scene: Scene) -> Drawn:
    round_ = ledger.ledger_round(scene.meeting.courtyard_id)
    rows = ledger.rows(round_.id) if round_ else []
    if not rows:
        return note(N_("问题台账"), N_("还没有归好的事。"))
    told = tuple((row.need.title, row.behind.households) for row in rows)
    return Drawn("needs", told, lambda: {"rows": rows, "counts": ledger.counts_of(rows[0].need.round_id)})


# --- asked on the spot ----------------------------------------------------------------------------


def _ask(scene: Scene) -> Drawn:
    poll, hands = latest_poll(scene), hands_of(scene)
    if poll is not None and (poll.closed_at is None or not hands or hands[-1].at < poll.opened_at):
        return _poll(poll)
    if hands:
        counted = hands_shown.added_up(hands)
        return Drawn("hands", (counted,), lambda: {"counted": counted})
    asked = questionnaire_of(scene)
    return note(N_("当场问"), N_("还没有开始。")) if asked is None else _questionnaire(asked, scene.at)


def latest_poll(scene: Scene) -> Poll | None:
    """The quick poll of the item: the one that is open, else the last one."""
    return db.session.scalar(
        select(Poll)
        .where(Poll.meeting_id == scene.meeting.id, Poll.item_id == scene.meeting.item_id)
        .order_by(Poll.closed_at.is_not(None), Poll.opened_at.desc(), Poll.id)
        .limit(1)
    )


def answered(poll: Poll) -> int:
    """How many households and phones have answered so far."""
    asked = select(func.count()).select_from(PollVote).where(PollVote.poll_id == poll.id)
    return db.session.scalar(asked) or 0


def _poll(poll: Poll) -> Drawn:
    choices = json.loads(poll.choices)
    if poll.closed_at is None or poll.figures is None:
        came = answered(poll)
        facts: Facts = {"poll": poll, "choices": choices, "answered": came}
        return Drawn("poll", (poll.id, came), lambda: facts)
    counts: list[int] = json.loads(poll.figures)
    lines = list(zip(choices, counts, strict=True))
    return Drawn("counts", (poll.id, *counts), lambda: {"poll": poll, "lines": lines, "answered": sum(counts)})


def hands_of(scene: Scene) -> list[Hands]:
    """The shows of hands of the item that were not taken back, the earliest first."""
    return list(
        db.session.scalars(
            select(Hands)
            .where(
                Hands.meeting_id == scene.meeting.id,
                Hands.item_id == scene.meeting.item_id,
                Hands.taken_back_at.is_(None),
            )
            .order_by(Hands.at, Hands.id)
        )
    )


def questionnaire_of(scene: Scene) -> Asked | None:
    """The questionnaire that the item is about, if it is about one that was opened."""
    if scene.item is None or scene.item.kind is not ItemKind.ASK or not scene.item.about_id:
        return None
    try:
        return questionnaires.find(scene.item.about_id)
    except NotFound:
        return None


def _questionnaire(asked: Asked, at: datetime) -> Drawn:
    came = received.count(asked.id)
    if asked.state(at) != "closed":
        return Drawn("answers", (asked.id, came), lambda: {"asked": asked, "came": came})
    return Drawn("answered", (asked.id, came), lambda: {"asked": asked, "came": came, "questions": _told(asked)})


def _told(asked: Asked) -> list[answers.QuestionFigures]:
    """The questions of which everybody may see how often each choice was taken."""
    shown = answers.for_everybody(answers.exact(asked)).questions
    return [each for each in shown if each.enough and any(line.number for line in each.lines)]


# --- an owners' vote ------------------------------------------------------------------------------


def _vote(scene: Scene) -> Drawn:
    return note(N_("业主表决"), N_("还没有开始。"))


_BY_KIND: Mapping[ItemKind, Callable[[Scene], Drawn]] = MappingProxyType(
    {
        ItemKind.NEEDS: _needs,
        ItemKind.ASK: _ask,
        ItemKind.PICK: _pick,
        ItemKind.VOTE: _vote,
    }
)
