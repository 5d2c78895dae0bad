"""Figures of an open ballot: one statement a poll, counted anew only when enough has changed."""

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from surveys.ballots import chain, offers, rules, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Participation, Showing
from surveys.ballots.rules import State
from surveys.base.db import db, writing
from surveys.counting import parts
from surveys.counting.canon import canonical_json, digest
from surveys.counting.tally import Totals, tally
from surveys.errors import NotFound
from surveys.results.models import LiveFigure
from surveys.results.rules import Sight, Surface, bars_may_move, may_see

LOOK_AGAIN_AFTER_S = 2.0
"""seconds between two looks at whether the bars may move, in one process"""

MOST_KEPT = 256
"""tags kept by one process"""

_looked: dict[str, float] = {}
_true_at: dict[tuple[str, Surface, str], float] = {}
_looking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Figures:
    """What one surface may show of one ballot now."""

    ballot: Ballot
    state: State
    sight: Sight
    live: LiveFigure | None
    """the bars' last count, where bars may be shown and there are any"""

    @property
    def totals(self) -> Totals | None:
        """What the bars show; None while there are none."""
        return Totals.from_data(json.loads(self.live.totals)) if self.live else None

    @property
    def counted_in(self) -> int:
        """Households in when the bars were counted."""
        return self.live.households if self.live else 0

    @property
    def at_revision(self) -> int:
        """The ballot's revision when the bars were counted."""
        return self.live.revision if self.live else 0

    @property
    def shows_turnout(self) -> bool:
        """Whether the number of households in may be told."""
        return self.sight is not Sight.NOTHING

    @property
    def tag(self) -> str:
        """Changes when, and only when, something that may be seen changes."""
        closes = self.ballot.closes_at.isoformat()
        seen: list[object] = [self.ballot.id, self.state.value, self.sight.value, closes]
        if self.shows_turnout:
            seen.append(self.ballot.households_in)
        if self.ballot.sealed_at is not None:
            seen.append(self.ballot.head)
        if self.live is not None:
            seen.append(self.at_revision)
        return digest(seen)[:16]


_SEEN = (
    select(Ballot, LiveFigure)
    .outerjoin(LiveFigure, LiveFigure.ballot_id == Ballot.id)
    .where(Ballot.id == bindparam("ballot"))
)
"""put together once: every poll asks it"""


def still_true(ballot_id: str, surface: Surface, tag: str, kept_ms: int) -> bool:
    """Whether `tag` was true so short a while ago that nobody need look again.

    Of a thousand phones that ask every few seconds one in a hundred then asks the database.
    """
    seen_at = _true_at.get((ballot_id, surface, tag))
    return seen_at is not None and time.monotonic() - seen_at < kept_ms / 1000


def hold_true(ballot_id: str, surface: Surface, tag: str) -> None:
    """Remember that `tag` is true now."""
    if len(_true_at) >= MOST_KEPT:
        _true_at.clear()
    _true_at[ballot_id, surface, tag] = time.monotonic()


def figures(ballot_id: str, surface: Surface, at: datetime) -> Figures:
    """The figures that `surface` may show, in one statement.

    Raises:
        NotFound: no such ballot, or it is a draft.
    """
    found = db.session.execute(_SEEN, {"ballot": ballot_id}).one_or_none()
    if found is None or found[0].frozen_at is None:
        raise NotFound
    ballot, figure = found
    state = rules.state(ballot, at)
    sight = may_see(state, ballot.showing, surface)
    return Figures(ballot, state, sight, figure if sight is Sight.LIVE else None)


def count_anew_if_due(seen: Figures, keys: LinkKeys) -> bool:
    """Count the bars anew when the rule allows it; whether they moved.

    Asked by every poll, so it looks at most once in a while and otherwise costs nothing.
    """
    ballot = seen.ballot
    if seen.sight is not Sight.LIVE or seen.state is not State.OPEN:
        return False
    if ballot.revision == seen.at_revision or not _time_to_look(ballot.id):
        return False
    with writing():
        return refresh(ballot.id, keys)


def _time_to_look(ballot_id: str) -> bool:
    now = time.monotonic()
    with _looking:
        if now - _looked.get(ballot_id, 0.0) < LOOK_AGAIN_AFTER_S:
            return False
        _looked[ballot_id] = now
        return True


def refresh(ballot_id: str, keys: LinkKeys) -> bool:
    """Count the bars of a live ballot anew if enough households changed; whether they moved."""
    ballot = chain.lock(ballot_id)
    if ballot.showing is not Showing.LIVE or ballot.sealed_at is not None:
        return False
    figure = db.session.get(LiveFigure, ballot_id)
    changed = _changed_since(ballot, figure.revision if figure else 0)
    if not bars_may_move(ballot.households_in, changed, shown_before=figure is not None):
        return False
    offer = offers.offer(ballot)
    choices = _shown(sealing.current_choices(ballot, keys), offer)
    totals = tally(choices, [item.id for item in offer.items], offer.way, offer.counting)
    figure = figure or LiveFigure(ballot_id=ballot_id)
    figure.revision, figure.households = ballot.revision, len(choices)
    figure.totals = canonical_json(totals.as_data())
    db.session.add(figure)
    db.session.commit()
    return True


def _shown(choices: list[dict[str, int]], offer: offers.Offer) -> list[dict[str, int]]:
    """The choices without what one building or stairwell alone picks.

    Five households that changed in the courtyard may be one there: bars would tell what it chose.
    """
    if not offer.parts:
        return choices
    return [parts.common(choice, offer.menu) for choice in choices]


def _changed_since(ballot: Ballot, revision: int) -> int:
    found = db.session.scalar(
        select(func.count())
        .select_from(Participation)
        .where(Participation.ballot_id == ballot.id, Participation.changed_at_revision > revision)
    )
    return found or 0


def moving(at: datetime) -> list[str]:
    """Ids of the live ballots that are open at `at`: those whose bars may have to move."""
    live = select(Ballot.id).where(
        Ballot.showing == Showing.LIVE,
        Ballot.frozen_at.is_not(None),
        Ballot.sealed_at.is_(None),
        Ballot.voided_at.is_(None),
        Ballot.opens_at <= at,
        Ballot.closes_at > at,
    )
    return list(db.session.scalars(live))
