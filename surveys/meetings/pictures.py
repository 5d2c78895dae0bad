"""What a meeting's wall shows now: which picture, what of it may be seen, and when it changes.

`show` is asked by every poll and costs few statements; what a picture needs besides is asked only
when it is rendered, once for each tag.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType

from surveys.ballots.rules import State as BallotState
from surveys.base.words import N_
from surveys.counting.canon import digest
from surveys.courtyards import service as courtyards
from surveys.meetings import (
    agenda,
    attending,
    became,
    figures,
    fitting,
    heard,
    opinions,
    polls,
    rules,
    squares,
)
from surveys.meetings.figures import Drawn, Facts, Scene, note
from surveys.meetings.models import Meeting, OpinionState, Picture
from surveys.meetings.rules import State
from surveys.questionnaires import received
from surveys.results.rules import Sight

ROWS_OF_AGENDA = 7
ROWS_OF_PROMISES = 6
SOON = timedelta(minutes=1)
STEP_S = 10
"""of the last minute of a countdown"""


@dataclass(frozen=True)
class Shown:
    """One picture, ready to be rendered."""

    tag: str
    """changes when, and only when, something that may be seen changes; not with the language"""
    name: str
    """of its template: meetings/wall/_<name>.html"""
    scene: Scene
    drawn: Drawn

    @cached_property
    def context(self) -> Facts:
        """Everything that the template needs."""
        meeting, item = self.scene.meeting, self.scene.item
        return {
            "meeting": meeting,
            "item": item,
            "courtyard": courtyards.find(meeting.courtyard_id),
            "letters": meeting.letters,
            "still": meeting.frozen_at is not None,
            "picture": self.name,
            "at": self.scene.at,
            "position": position_of(meeting, item.id if item else None),
            **self.drawn.more(),
        }


def show(meeting: Meeting, at: datetime) -> Shown:
    """What the wall of a meeting shows at `at`."""
    scene = Scene(meeting, agenda.current_item(meeting), at)
    drawn = _drawn(scene)
    frozen = meeting.frozen_at.isoformat() if meeting.frozen_at else ""
    marks = [meeting.id, meeting.revision, frozen, drawn.name, repr(drawn.marks)]
    return Shown(digest(marks)[:16], drawn.name, scene, drawn)


def position_of(meeting: Meeting, item_id: str | None) -> tuple[int, int]:
    """At which item a meeting is, and how many there are; 0 before the first."""
    ids = [item.id for item in agenda.items_of(meeting)]
    return (ids.index(item_id) + 1 if item_id in ids else 0, len(ids))


def _drawn(scene: Scene) -> Drawn:
    now = rules.state(scene.meeting)
    if now is State.CANCELLED:
        return note(N_("这次会取消了"), N_("什么时候再开，另行通知。"))
    if now is State.ENDED:
        return Drawn("ended", (), lambda: _ended(scene))
    return _PICTURES[scene.meeting.picture](scene)


def _ended(scene: Scene) -> Facts:
    said = opinions.of_meeting(scene.meeting.id, {OpinionState.ADMITTED})
    return {"came": attending.counts(scene.meeting), "said": len(said)}


def _agenda(scene: Scene) -> Drawn:
    def more() -> Facts:
        items = agenda.items_of(scene.meeting)
        here = next((n for n, item in enumerate(items) if item is scene.item), -1)
        most = fitting.rows(ROWS_OF_AGENDA, scene.meeting.letters)
        return {"rows": fitting.window(items, most, here), "here": here}

    return Drawn("agenda", (), more)


def _became(scene: Scene) -> Drawn:
    found = became.before(scene.meeting, scene.at)
    if found is None:
        return note(N_("上次的事"), N_("这是第一次，还没有上次的事。"))
    most = fitting.rows(ROWS_OF_PROMISES, scene.meeting.letters)
    facts: Facts = {"became": found, "rows": fitting.window(found.promised, most)}
    return Drawn("became", found.marks, lambda: facts)


def _announce(scene: Scene) -> Drawn:
    if scene.item is None:
        return _agenda(scene)
    title, text = scene.item.title, scene.item.text
    fitted = fitting.fit(text or title, scene.meeting.letters)
    return Drawn("announce", (), lambda: {"fitted": fitted, "alone": not text})


def _opinion(scene: Scene) -> Drawn:
    admitted = opinions.of_meeting(scene.meeting.id, {OpinionState.ADMITTED})
    found = [one for one in admitted if one.id == scene.meeting.subject_id]
    words = opinions.shown(found[0]) if found else None
    if not found or words is None:
        return Drawn("opinions", (len(admitted),), lambda: {"said": len(admitted)})
    too = opinions.supporters(scene.meeting.id).get(found[0].id, 0)
    facts: Facts = {
        "opinion": found[0],
        "fitted": fitting.fit(words, scene.meeting.letters),
        "too": too,
    }
    return Drawn("opinion", (found[0].id, too), lambda: facts)


def _countdown(scene: Scene) -> Drawn:
    until = scene.meeting.until
    if until is None:
        return _agenda(scene)
    minutes, seconds = left(until, scene.at)
    facts: Facts = {"minutes": minutes, "seconds": seconds, "until": until}
    return Drawn("countdown", (minutes, seconds), lambda: facts)


def left(until: datetime, at: datetime) -> tuple[int, int]:
    """Whole minutes still to go, rounded up; in the last one seconds, rounded up to ten."""
    rest = until - at
    if rest <= timedelta(0):
        return 0, 0
    if rest > SOON:
        return -(-rest // SOON), 0
    return 0, -(-rest // timedelta(seconds=STEP_S)) * STEP_S


def _blank(_scene: Scene) -> Drawn:
    return Drawn("blank")


def _code(scene: Scene) -> Drawn:
    seen = figures.seen_ballot(scene)
    if seen is not None:
        return Drawn("code", (seen.tag,), lambda: figures.of_ballot(seen))
    asked = figures.questionnaire_of(scene)
    if asked is not None:
        came = received.count(asked.id)
        return Drawn(
            "code", (asked.id, asked.state(scene.at), came), lambda: {"asked": asked, "came": came}
        )
    return _code_of_others(scene)


def _code_of_others(scene: Scene) -> Drawn:
    vote = figures.vote_of(scene)
    if vote is not None:
        now = figures.state_of_vote(vote, scene.at)
        return Drawn("code", (now, vote.revision), lambda: figures.of_vote(vote, now))
    poll = polls.latest(scene.meeting, scene.meeting.item_id)
    if poll is not None:
        came = poll.households + poll.phones
        return Drawn("code", (poll.id, came), lambda: {"poll": poll, "answered": came})
    return Drawn("code", (), lambda: {"here": attending.counts(scene.meeting)})


def _rooms(scene: Scene) -> Drawn:
    seen = figures.seen_ballot(scene)
    if seen is not None and seen.sight is Sight.NOTHING:
        return note(N_("点单"), N_("交了多少，截止以后公布。"))
    if seen is not None:
        return _houses(heard.of_ballot(seen.ballot), "ballot", seen.state is BallotState.OPEN)
    vote = figures.vote_of(scene)
    if vote is not None:
        is_open = figures.state_of_vote(vote, scene.at) is BallotState.OPEN
        return _houses(heard.of_vote(vote), "vote", is_open)
    asked = figures.questionnaire_of(scene)
    if asked is not None:
        found = heard.of_questionnaire(asked.id, asked.courtyard.id)
        return _houses(found, "questionnaire", asked.state(scene.at) == "open")
    came = attending.came_by_building(scene.meeting)
    return _houses([(name, n, roll) for name, (n, roll) in came.items()], "meeting", is_open=True)


def _houses(found: heard.Buildings, about: str, is_open: bool) -> Drawn:
    buildings = squares.at_most(squares.together(found))
    whole = (sum(n for _, n, _ in found), sum(roll for *_, roll in found))
    facts: Facts = {
        "houses": squares.houses(buildings),
        "heard": whole[0],
        "roll": whole[1],
        "about": about,
        "is_open": is_open,
        "least": squares.most_missing(buildings),
    }
    return Drawn("rooms", (about, is_open, found), lambda: facts)


_PICTURES: Mapping[Picture, Callable[[Scene], Drawn]] = MappingProxyType(
    {
        Picture.AGENDA: _agenda,
        Picture.BECAME: _became,
        Picture.CODE: _code,
        Picture.FIGURES: figures.of,
        Picture.ROOMS: _rooms,
        Picture.OPINION: _opinion,
        Picture.ANNOUNCE: _announce,
        Picture.COUNTDOWN: _countdown,
        Picture.BLANK: _blank,
    }
)
