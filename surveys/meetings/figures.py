"""What the picture "figures" shows of an item: by its kind, through the gates of other rooms.

Nothing is counted here that those rooms would not show on their own pages: a ballot's figures come
through `results.live`, a questionnaire's after its close with small numbers hidden.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from surveys.ballots import extending, offers
from surveys.ballots.rules import State as BallotState
from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.double_majority import NOBODY
from surveys.errors import NotFound
from surveys.meetings import fitting, hands, polls
from surveys.meetings.hands import Show
from surveys.meetings.models import AgendaItem, ItemKind, Meeting, Poll
from surveys.needs import ledger
from surveys.owners import figures as owners_figures
from surveys.owners import rules as owners_rules
from surveys.owners import sealing as owners_sealing
from surveys.owners.models import OwnersVote
from surveys.questionnaires import figures as answers
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.service import Asked
from surveys.results import live
from surveys.results import service as results
from surveys.results.rules import Sight, Surface

ROWS = 7
"""of a list with bars"""
ROWS_OF_PLACES = 6
"""of hands by stairwell"""
ROWS_OF_MOTIONS = 3
ROWS_OF_BARS, ROWS_OF_RESULT = 8, 7
"""of a ballot's items, as its own big screen has them: while it runs, and in a result"""

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


def with_known_turnout(told: Iterable[Mapping[str, Any]], at: datetime) -> list[Mapping[str, Any]]:
    """Of the ballots that the minutes tell of, those whose turnout everybody may know."""
    return [one for one in told if live.figures(str(one["id"]), Surface.WALL, at).shows_turnout]


def _pick(scene: Scene) -> Drawn:
    seen = seen_ballot(scene)
    if seen is None:
        return note(N_("点单"), N_("还没有开始。"))
    return of_seen(seen, scene.meeting.letters)


def of_seen(seen: live.Figures, letters: int) -> Drawn:
    """A ballot as far as it may be seen: its bars, or the turnout, or not even that."""
    if seen.sight is Sight.RESULT or seen.totals is not None:
        return Drawn("bars", (seen.tag,), lambda: _bars(seen, letters))
    return Drawn("turnout", (seen.tag,), lambda: of_ballot(seen))


def _bars(seen: live.Figures, letters: int) -> Facts:
    facts = of_ballot(seen)
    is_result = seen.sight is Sight.RESULT
    room = fitting.rows(ROWS_OF_RESULT if is_result else ROWS_OF_BARS, letters)
    facts |= {"counted": results.shown(seen), "is_result": is_result, "room": room}
    return facts | {"still": True} if is_result else facts


def of_ballot(seen: live.Figures) -> Facts:
    """What every picture of a ballot needs."""
    return {
        "seen": seen,
        "ballot": seen.ballot,
        "offer": offers.offer(seen.ballot),
        "extension": extending.latest(seen.ballot),
    }


# --- the ledger -----------------------------------------------------------------------------------


def _needs(scene: Scene) -> Drawn:
    round_ = ledger.ledger_round(scene.meeting.courtyard_id)
    rows = ledger.rows(round_.id) if round_ else []
    if not rows:
        return note(N_("问题台账"), N_("还没有归好的事。"))
    most = fitting.rows(ROWS, scene.meeting.letters)
    facts: Facts = {
        "rows": fitting.window(rows, most),
        "counts": ledger.counts_of(round_) if round_ else ledger.Counts(),
        "tallest": rows[0].behind.households,
    }
    told = [(row.need.title, row.behind.households) for row in rows[:most]]
    return Drawn("needs", (facts["counts"], told), lambda: facts)


# --- asked on the spot ----------------------------------------------------------------------------


def _ask(scene: Scene) -> Drawn:
    poll, raised = polls.latest(scene.meeting, scene.meeting.item_id), hands_of(scene)
    if poll is not None and (poll.closed_at is None or raised is None):
        return _poll(poll)
    if raised is not None:
        return _hands(raised, scene.meeting.letters)
    asked = questionnaire_of(scene)
    if asked is None:
        return note(N_("当场问"), N_("还没有开始。"))
    return _questionnaire(asked, scene)


def hands_of(scene: Scene) -> Show | None:
    """The show of hands that was counted last at the item."""
    return hands.latest(scene.meeting, scene.meeting.item_id)


def _poll(poll: Poll) -> Drawn:
    came = poll.households + poll.phones
    found = polls.figures_of(poll)
    if found is None:
        facts: Facts = {"poll": poll, "choices": polls.choices_of(poll), "answered": came}
        return Drawn("poll", (poll.id, came), lambda: facts)
    counted: Facts = {"poll": poll, "counted": found}
    return Drawn("counts", (poll.id, found.counts), lambda: counted)


def _hands(raised: Show, letters: int) -> Drawn:
    rows = fitting.window(raised.counts, fitting.rows(ROWS_OF_PLACES, letters))
    return Drawn("hands", (raised,), lambda: {"raised": raised, "rows": rows})


def questionnaire_of(scene: Scene) -> Asked | None:
    """The questionnaire that the item is about, if it is about one that was opened."""
    if scene.item is None or scene.item.kind is not ItemKind.ASK or not scene.item.about_id:
        return None
    try:
        return questionnaires.find(scene.item.about_id)
    except NotFound:
        return None


def _questionnaire(asked: Asked, scene: Scene) -> Drawn:
    came = received.count(asked.id)
    facts: Facts = {"asked": asked, "came": came}
    if asked.state(scene.at) != "closed":
        return Drawn("answers", (asked.id, came), lambda: facts)
    return Drawn("answered", (asked.id, came), lambda: facts | _answered(asked, scene.meeting))


def _answered(asked: Asked, meeting: Meeting) -> Facts:
    """The question that the remote chose, else the first; of those that everybody may see."""
    shown = answers.for_everybody(answers.exact(asked)).questions
    told = [each for each in shown if each.enough and any(line.number for line in each.lines)]
    chosen = [each for each in told if each.question.key == meeting.subject_id] or told
    if not chosen:
        return {"question": None, "others": 0}
    most = fitting.rows(ROWS, meeting.letters)
    return {
        "question": chosen[0],
        "rows": fitting.window(chosen[0].lines, most),
        "others": len(told) - 1,
    }


# --- an owners' vote ------------------------------------------------------------------------------


def vote_of(scene: Scene) -> OwnersVote | None:
    """The owners' vote that the item is about, if it is about one that is no draft."""
    if scene.item is None or scene.item.kind is not ItemKind.VOTE or not scene.item.about_id:
        return None
    vote = db.session.get(OwnersVote, scene.item.about_id)
    return None if vote is None or vote.frozen_at is None else vote


def state_of_vote(vote: OwnersVote, at: datetime) -> BallotState:
    """Where an owners' vote is."""
    return owners_rules.state(vote, at)


def _vote(scene: Scene) -> Drawn:
    vote = vote_of(scene)
    if vote is None:
        return note(N_("业主表决"), N_("还没有开始。"))
    now = state_of_vote(vote, scene.at)
    if now is BallotState.VOID:
        return note(N_("业主表决"), N_("这次作废了"))
    if now is BallotState.PUBLISHED:
        return Drawn("motions", (vote.id, now), lambda: _motions(vote, scene.meeting.letters))
    return Drawn("vote", (vote.id, now, vote.revision), lambda: of_vote(vote, now))


def of_vote(vote: OwnersVote, now: BallotState) -> Facts:
    """Who takes part, against the quorum: before the result is public nothing else is told."""
    found = owners_figures.gauges(vote)
    least = found.rules.quorum.least(found.everyone) if found.rules.quorum else NOBODY
    return {"vote": vote, "state": now.value, "gauges": found, "needed": least}


def _motions(vote: OwnersVote, letters: int) -> Facts:
    result = owners_sealing.read(vote)
    most = fitting.rows(ROWS_OF_MOTIONS, letters)
    return {
        "vote": vote,
        "result": result,
        "rows": fitting.window(result.motions, most),
        "still": True,
    }


_BY_KIND: Mapping[ItemKind, Callable[[Scene], Drawn]] = MappingProxyType(
    {
        ItemKind.NEEDS: _needs,
        ItemKind.ASK: _ask,
        ItemKind.PICK: _pick,
        ItemKind.VOTE: _vote,
    }
)
