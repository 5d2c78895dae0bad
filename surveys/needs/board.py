"""The sorting board: one suggestion on the left with what it may be about, the ledger beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from surveys.base.audit import AuditEntry
from surveys.courtyards import service as courtyards
from surveys.needs import intake, ledger, proposing, spoken, undoing
from surveys.needs.ledger import Counts, Found, Row, Said
from surveys.needs.offering import Offers, offers_for
from surveys.rounds.models import Round

ROWS = 10
"""lines of the ledger on a page: what fits beside the suggestion on a desk's screen"""
LATER = 5
SAME = 60
"""others that ask for the same and are put away at once: as many as somebody can look through"""


@dataclass(frozen=True, slots=True)
class View:
    """What of the board is asked for."""

    number: int = 1
    """the suggestion from which on the next unsorted one is shown"""
    words: str = ""
    """in the titles of the needs"""
    page: int = 1
    group: str = ""
    """id of the suggestion beside which `also` was ticked"""
    also: frozenset[str] = frozenset()
    """ids of the others that are ticked"""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board."""

    view: View
    counts: Counts
    waiting: int
    """answers that are no suggestions yet"""
    said: Said | None
    offers: Offers | None
    same: Found
    """others that ask for the same: the first of them, and how many there are"""
    besides: Mapping[str, Sequence[str]]
    """titles of the needs that their other wishes are put to, by the id of a suggestion"""
    later: Sequence[Said]
    before: int | None
    """number of the unsorted suggestion before this one"""
    rows: Sequence[Row]
    found: int
    """needs on all pages"""
    buildings: Sequence[str]
    tallest: int
    """most households of one building behind one need: the full height of a bar"""
    last: AuditEntry | None
    """what this account did last and may take back"""

    def ticks(self, suggestion_id: str) -> bool:
        """Whether another suggestion goes along: all do, until somebody unticks one."""
        told = self.said is not None and self.view.group == self.said.suggestion.id
        return not told or suggestion_id in self.view.also

    @property
    def pages(self) -> int:
        """How many pages the ledger has."""
        return max(1, -(-self.found // ROWS))


def board(round_: Round, account_id: str, at: datetime, view: View) -> Board:
    """The board of a round as one account sees it."""
    rows = ledger.rows(round_.id)
    asked = [row for row in rows if row.titled(view.words)]
    waiting = ledger.unsorted(round_.id, view.number, 1 + LATER)
    said = waiting[0] if waiting else None
    offers = _offers(round_, said, rows)
    same = _same(round_, said, offers)
    page = min(max(view.page, 1), max(1, -(-len(asked) // ROWS)))
    return Board(
        view=replace(view, page=page),
        counts=ledger.counts_of(round_),
        waiting=intake.waiting(round_.courtyard_id),
        said=said,
        offers=offers,
        same=same,
        besides=_besides(round_, offers, same, rows),
        later=waiting[1:],
        before=ledger.unsorted_before(round_.id, said.suggestion.number) if said else None,
        rows=asked[(page - 1) * ROWS : page * ROWS],
        found=len(asked),
        buildings=[building for building, _ in courtyards.buildings_of(round_.courtyard_id)],
        tallest=max((n for row in rows for n in row.behind.by_building.values()), default=0),
        last=undoing.last_act(round_.courtyard_id, account_id, at),
    )


def _offers(round_: Round, said: Said | None, rows: Sequence[Row]) -> Offers | None:
    if said is None:
        return None
    words = spoken.in_courtyard(round_.courtyard_id)
    return offers_for(said.suggestion.text, round_.id, rows, words)


def _same(round_: Round, said: Said | None, offers: Offers | None) -> Found:
    """Others that ask for the same, those first that are least like it: they are looked at."""
    if said is None or offers is None:
        return Found([], 0)
    found = proposing.same(said.suggestion, offers.asked, SAME)
    own = proposing.characters(said.suggestion.text)

    def likeness(other: Said) -> float:
        return proposing.likeness(own, proposing.characters(other.suggestion.text))

    return Found(sorted(found.said, key=likeness), found.total)


def _besides(
    round_: Round, offers: Offers | None, same: Found, rows: Sequence[Row]
) -> dict[str, list[str]]:
    if offers is None:
        return {}
    ids = [said.suggestion.id for said in same.said]
    titles = {row.need.id: row.need.title for row in rows}
    found = proposing.along(round_.id, offers.asked, ids).needs
    return {key: [titles[n] for n in needs if n in titles] for key, needs in found.items()}
