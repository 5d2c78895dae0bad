"""What the desk's page of one courtyard shows, gathered from the rooms above. Changes nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.accounts.lists import Line, latest_acts
from surveys.accounts.rules import May
from surveys.ballots import asking, calling_back
from surveys.ballots.calling_back import OPEN
from surveys.ballots.models import Ballot
from surveys.ballots.rules import State, state
from surveys.base import clock
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.meetings import service as meetings
from surveys.menus import listing
from surveys.needs import answering, intake, ledger
from surveys.orders import service as orders
from surveys.orders.rules import OrderState
from surveys.overview.rules import Asked, Known, OwnersDue, Task, Votes, tasks
from surveys.owners import delivering, figures
from surveys.owners import rules as owners_rules
from surveys.owners import service as owners
from surveys.owners.delivering import Reached
from surveys.owners.models import OwnersVote
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.rounds import service as rounds
from surveys.rounds.models import Round, Step

SORTS = ("order", "name", "-households")
"""what the list of courtyards may be sorted by; the first is how the header offers them"""
LARGE_ENOUGH = 10
"""a smaller building is not compared: its few missing households would be known by name"""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How far the newest open ballot has come."""

    ballot: Ballot
    buildings: Sequence[tuple[str, int, int]]
    """building, households in, households on the roll"""
    channels: Mapping[str, int]

    @property
    def furthest_behind(self) -> tuple[str, int, int] | None:
        """Building, households missing, households: the one with the smallest share in."""
        large = [(b, n, of) for b, n, of in self.buildings if of >= LARGE_ENOUGH and n < of]
        if not large:
            return None
        building, came, of = min(large, key=lambda row: row[1] / row[2])
        return building, of - came, of


@dataclass(frozen=True, slots=True)
class CourtyardPage:
    """Everything on the desk's page of one courtyard."""

    households: int
    buildings: int
    area_dm2: int
    round: Round | None
    steps: Sequence[Step]
    tasks: Sequence[Task]
    turnout: Turnout | None
    log: Sequence[Line]


def courtyard_page(
    courtyard: Courtyard, may: Collection[May], at: datetime, answer_days: int
) -> CourtyardPage:
    """The page of one courtyard at `at`, for a reader who is allowed to `may`.

    Args:
        answer_days: within so many days a suggestion is to be sorted.
    """
    households, buildings, area_dm2 = courtyards.size(courtyard.id)
    round_ = rounds.current(courtyard.id)
    ballots = asking.all_of(courtyard.id)
    turnout = _turnout(ballots, at)
    known = replace(
        _known(courtyard, households, round_, ballots, turnout, at),
        overdue=_overdue(courtyard, at, answer_days),
    )
    return CourtyardPage(
        households=households,
        buildings=buildings,
        area_dm2=area_dm2,
        round=round_,
        steps=rounds.steps_of(round_) if round_ else (),
        tasks=tasks(known, courtyard.id, may),
        turnout=turnout,
        log=latest_acts(courtyard.id, 8),
    )


def courtyards_listed(seen: Sequence[Courtyard], view: View) -> list[tuple[Courtyard, int]]:
    """Those whose name or committee holds `q`, each with its households, in one of `SORTS`."""
    words = view.asked.get("q", "").casefold()
    found = [yard for yard in seen if words in f"{yard.name}\n{yard.committee}".casefold()]
    homes = courtyards.households_in([yard.id for yard in found])
    listed = [(n, yard, homes.get(yard.id, 0)) for n, yard in enumerate(found)]
    ordered = view.arranged(
        listed,
        {
            "order": lambda row: row[0],
            "name": lambda row: row[1].name,
            "households": lambda row: row[2],
        },
    )
    return [(yard, households) for _n, yard, households in ordered]


def _turnout(ballots: Sequence[Ballot], at: datetime) -> Turnout | None:
    ballot = next((b for b in ballots if state(b, at) is State.OPEN), None)
    if ballot is None:
        return None
    return Turnout(
        ballot=ballot,
        buildings=asking.turnout_by_building(ballot),
        channels={str(c): n for c, n in asking.by_channel(ballot).items()},
    )


def _known(
    courtyard: Courtyard,
    households: int,
    round_: Round | None,
    ballots: Sequence[Ballot],
    turnout: Turnout | None,
    at: datetime,
) -> Known:
    said = ledger.counts(courtyard.id)
    ordered = [line for _ballot, lines in orders.lines_of(courtyard.id, at) for line in lines]
    return Known(
        households=households,
        has_round=round_ is not None,
        asked=_asked(courtyard, at),
        unsorted=said.suggestions - said.sorted + intake.waiting(courtyard.id),
        needs=said.needs,
        menus=len(listing.of_courtyard(courtyard.id)),
        votes=_votes(ballots, turnout, at),
        reprints=courtyards.reprints_waiting(courtyard.id),
        owners=_owners(courtyard.id, at),
        orders_waiting=sum(line.stage is OrderState.WAITING for line in ordered),
        orders_late=sum(line.late for line in ordered),
        meetings=[
            (meeting.id, meeting.title, meeting.begun_at is not None)
            for meeting in meetings.announced(courtyard.id, at)
        ],
    )


def _overdue(courtyard: Courtyard, at: datetime, answer_days: int) -> int:
    kept = ledger.ledger_round(courtyard.id)
    today = clock.day(at, courtyard.zone)
    return answering.count_overdue(kept, today, answer_days) if kept else 0


def _asked(courtyard: Courtyard, at: datetime) -> Asked:
    asked = questionnaires.of_courtyard(courtyard.id)
    heard = received.counts([q.id for q in asked])
    return Asked(
        drafts=[(q.id, q.title) for q in asked if q.opens_at is None],
        open=[
            (q.id, q.title, heard[q.id].households if q.id in heard else 0)
            for q in asked
            if q.is_open(at)
        ],
        closed=sum(q.is_closed(at) for q in asked),
    )


def _votes(ballots: Sequence[Ballot], turnout: Turnout | None, at: datetime) -> Votes:
    in_state: dict[State, list[Ballot]] = {wanted: [] for wanted in State}
    for ballot in ballots:
        in_state[state(ballot, at)].append(ballot)
    takes_paper = [*in_state[State.OPEN], *in_state[State.CLOSED]]
    keyed = [(ballot.id, len(asking.pending(ballot))) for ballot in takes_paper]
    behind = turnout.furthest_behind if turnout else None
    closed = in_state[State.CLOSED]
    unsigned = [ballot for ballot in closed if ballot.signed_at is None]
    drawn = [(ballot.id, calling_back.numbers(ballot)[OPEN]) for ballot in unsigned]
    return Votes(
        drafts=_titled(in_state[State.DRAFT]),
        open=_titled(in_state[State.OPEN]),
        to_confirm=[(ballot_id, n) for ballot_id, n in keyed if n],
        to_call_back=[(ballot_id, n) for ballot_id, n in drawn if n],
        to_sign=_titled(unsigned),
        to_seal=_titled(b for b in closed if b.signed_at is not None),
        to_publish=_titled(in_state[State.SEALED]),
        knock=(turnout.ballot.id, behind[0], behind[1]) if turnout and behind else None,
    )


def _owners(courtyard_id: str, at: datetime) -> list[OwnersDue]:
    """What each owners' vote of the courtyard waits for; nothing of those that are done."""
    return [
        OwnersDue(vote.id, vote.title, step, n)
        for vote in owners.of_courtyard(courtyard_id)
        for step, n in _owners_steps(vote, at)
    ]


def _owners_steps(vote: OwnersVote, at: datetime) -> Iterator[tuple[str, int]]:
    """Steps as `overview.rules` names them, each with its number."""
    found = owners_rules.state(vote, at)
    if found is State.DRAFT:
        yield "draft", 0
    if found is State.SEALED:
        yield "publish", 0
    if found is State.CLOSED and vote.signed_at is not None:
        yield "seal", 0
        return
    if found in {State.OPEN, State.CLOSED} and (n := figures.gauges(vote).figures.waiting):
        yield "confirm", n
    if found is State.CLOSED:
        yield "sign", 0
    if found in owners_rules.RUNNING and (n := _undelivered(vote)):
        yield "deliver", n
    if found is State.OPEN:
        yield "gather", 0


def _undelivered(vote: OwnersVote) -> int:
    """Owners whose ballot has not come and is not posted either."""
    numbers = delivering.numbers(vote)
    return numbers[Reached.NOT_YET] + numbers[Reached.FAILED]


def _titled(ballots: Iterable[Ballot]) -> list[tuple[str, str]]:
    return [(ballot.id, ballot.title) for ballot in ballots]


_RUNNING = {State.ANNOUNCED, State.OPEN, State.CLOSED, State.SEALED}


def facts(courtyard: Courtyard, round_: Round, at: datetime) -> frozenset[str]:
    """Codes of what holds in the round, for closing its steps (see `rounds.rules.FACTS`)."""
    asked = [q for q in questionnaires.of_courtyard(courtyard.id) if q.round_id == round_.id]
    listed = [m for m in listing.of_courtyard(courtyard.id) if m.round_id == round_.id]
    states = {state(b, at) for b in asking.all_of(courtyard.id) if b.round_id == round_.id}
    found = {
        "questionnaire_closed": any(q.is_closed(at) for q in asked),
        "menu_ready": bool(listed),
        "ballot_published": State.PUBLISHED in states and not states & _RUNNING,
    }
    return frozenset(code for code, holds in found.items() if holds)
