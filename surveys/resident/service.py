"""What one courtyard has open now, gathered from the rooms above. Asks; changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from surveys.ballots import asking as ballots
from surveys.ballots.extending import Extension, latest
from surveys.ballots.models import Ballot
from surveys.ballots.offers import Offer, offer
from surveys.ballots.rules import State, state
from surveys.base import clock
from surveys.courtyards.models import Courtyard, Household
from surveys.meetings import service as meetings
from surveys.meetings.models import Meeting
from surveys.menus import posting
from surveys.menus.models import MenuVersion
from surveys.needs import ledger
from surveys.needs.models import Need
from surveys.owners import service as owners
from surveys.owners.models import OwnersVote
from surveys.owners.rules import COUNTED, RUNNING
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Questionnaire
from surveys.results import service as results
from surveys.results.rules import Sight, Surface, may_see
from surveys.rounds import service as rounds
from surveys.rounds.models import Round
from surveys.rounds.rules import Rung, Span

FIXED_SHOWN = 5
OVER = frozenset({State.CLOSED, *COUNTED})
"""an owners' vote that takes no sheets any more"""


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot that takes votes now, and whether this phone's household is in."""

    ballot: Ballot
    offer: Offer
    items: int
    """of the menu, but for those that other buildings and stairwells alone pick"""
    voted: bool
    shows_turnout: bool
    extension: Extension | None
    """how its close was put off"""


@dataclass(frozen=True, slots=True)
class OpenQuestionnaire:
    """A questionnaire that takes answers now, and whether this phone has answered it."""

    questionnaire: Questionnaire
    answered: bool


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the page behind the courtyard's code shows."""

    round: Round | None
    ladder: tuple[Rung, ...]
    timeline: tuple[Span, ...]
    ballots: tuple[OpenBallot, ...]
    questionnaires: tuple[OpenQuestionnaire, ...]
    owners_votes: tuple[OwnersVote, ...]
    """announced or open: owners vote on them, and everybody may know"""
    owners_counted: tuple[tuple[OwnersVote, State], ...]
    """closed, sealed or published"""
    counting: tuple[Ballot, ...]
    """closed and not yet published"""
    published: tuple[Ballot, ...]
    asked: tuple[Questionnaire, ...]
    """closed questionnaires"""
    menus: tuple[MenuVersion, ...]
    """posted, and open for comment"""
    fixed: tuple[Need, ...]
    meetings: tuple[Meeting, ...]
    """on now, or planned for the days to come"""
    heard: ledger.Counts
    """suggestions, how many of them are sorted, and the needs they became"""

    @property
    def nothing_open(self) -> bool:
        """Whether there is nothing to answer or pick now."""
        return not self.ballots and not self.questionnaires


def today(courtyard: Courtyard, household: Household | None, draft_key: str, at: datetime) -> Today:
    """What `courtyard` has open at `at`, as this phone sees it."""
    round_ = rounds.current(courtyard.id)
    all_ballots = ballots.all_of(courtyard.id)
    every = questionnaires.of_courtyard(courtyard.id)
    heard = ledger.counts(courtyard.id)
    votes = [(vote, state(vote, at)) for vote in owners.of_courtyard(courtyard.id)]
    return Today(
        round=round_,
        ladder=rounds.ladder_of(round_) if round_ else (),
        timeline=rounds.timeline_of(round_, at) if round_ else (),
        ballots=tuple(
            _open_ballot(b, household) for b in all_ballots if state(b, at) is State.OPEN
        ),
        questionnaires=tuple(
            OpenQuestionnaire(q, received.has_answered(q, household, draft_key))
            for q in questionnaires.open_among(every, at)
        ),
        owners_votes=tuple(vote for vote, now in votes if now in RUNNING),
        owners_counted=tuple((vote, now) for vote, now in votes if now in OVER),
        counting=tuple(b for b in all_ballots if state(b, at) in {State.CLOSED, State.SEALED}),
        published=tuple(results.published_of(courtyard.id)),
        asked=tuple(questionnaires.closed_among(every, at)),
        menus=tuple(posting.open_for_comment(courtyard.id, clock.day(at, courtyard.zone))),
        fixed=tuple(ledger.fixed(courtyard.id, FIXED_SHOWN)),
        meetings=tuple(meetings.announced(courtyard.id, at)),
        heard=heard,
    )


def _open_ballot(ballot: Ballot, household: Household | None) -> OpenBallot:
    standing = ballots.standing(ballot, household) if household else None
    offered = offer(ballot)
    own = offered.parts_of(*standing.home) if standing and standing.home else ()
    return OpenBallot(
        ballot=ballot,
        offer=offered,
        items=sum(not item.part or item.part in own for item in offered.items),
        voted=bool(standing and standing.entries),
        shows_turnout=may_see(State.OPEN, ballot.showing, Surface.PAGE) is not Sight.NOTHING,
        extension=latest(ballot),
    )
