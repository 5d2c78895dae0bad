"""The sorting board: one suggestion on the left with what it may be about, the ledger beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from surveys.base.audit import AuditEntry
from surveys.courtyards import service as courtyards
from surveys.needs import intake, ledger, proposing, spoken, undoing
from surveys.needs.ledger import Counts, Row, Said
from surveys.needs.models import Need
from surveys.needs.offering import Offers, offers_for
from surveys.needs.proposing import Besides
from surveys.rounds.models import Round

ROWS = 10
"""lines of the ledger on a page: what fits beside the suggestion on a desk's screen"""
LATER = 5
SAME = 60
"""others that ask for the same and are put away at once: as many as somebody can look through"""
BESIDES = 5 * SAME
"""needs that their other wishes are put to meanwhile"""


@dataclass(frozen=True, slots=True)
class Line:
    """Others who say the same but for places and politeness: read once, with one tick for each."""

    said: Sequence[Said]
    besides: Sequence[Need]
    """the needs that their other wishes are put to"""

    @property
    def ids(self) -> frozenset[str]:
        """Of its suggestions."""
        return frozenset(said.suggestion.id for said in self.said)

    @property
    def buildings(self) -> list[str]:
        """From where it was said, each once."""
        return list(dict.fromkeys(said.building for said in self.said if said.building))


class Others(NamedTuple):
    """Others that ask for the same, those first that are least like it, and how many there are."""

    lines: Sequence[Line]
    total: int

    @property
    def said(self) -> list[Said]:
        """Those of the lines, one by one."""
        return [said for line in self.lines for said in line.said]


@dataclass(frozen=True, slots=True)
class View:
    """What of the board is asked for."""

    number: int = 0
    """of the suggestion that is shown, or after which the next unsorted one is; 0: the first"""
    words: str = ""
    """in the titles of the needs"""
    page: int = 1
    group: str = ""
    """id of the suggestion beside which `also` was ticked"""
    also: frozenset[str] = frozenset()
    """ids of the others that are ticked"""
    besides: frozenset[Besides] = frozenset()
    """what is ticked for their other wishes"""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board."""

    view: View
    counts: Counts
    waiting: int
    """answers that are no suggestions yet"""
    said: Said | None
    offers: Offers | None
    same: Others
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

    def ticks(self, line: Line, need: Need | None = None) -> bool:
        """Whether a line goes along, or to that need besides: it does, until it is unticked."""
        if self.said is None or self.view.group != self.said.suggestion.id:
            return True
        if need is not None:
            return {Besides(key, need.id) for key in line.ids} <= self.view.besides
        return line.ids <= self.view.also

    @property
    def pages(self) -> int:
        """How many pages the ledger has."""
        return max(1, -(-self.found // ROWS))


def board(round_: Round, account_id: str, at: datetime, view: View) -> Board:
    """The board of a round as one account sees it."""
    rows = ledger.rows(round_.id, by_building=True)
    asked = [row for row in rows if row.titled(view.words)]
    waiting = ledger.unsorted(round_.id, view.number, 1 + LATER)
    said = waiting[0] if waiting else None
    offers = _offers(round_, said, rows)
    page = min(max(view.page, 1), max(1, -(-len(asked) // ROWS)))
    return Board(
        view=replace(view, page=page),
        counts=ledger.counts_of(round_),
        waiting=intake.waiting(round_.courtyard_id),
        said=said,
        offers=offers,
        same=_same(round_, said, offers, rows),
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


def _same(round_: Round, said: Said | None, offers: Offers | None, rows: Sequence[Row]) -> Others:
    """Others that ask for the same, those first that are least like it: they are looked at."""
    if said is None or offers is None:
        return Others([], 0)
    found = proposing.same(said.suggestion, offers.asked, SAME)
    own = proposing.characters(said.suggestion.text)

    def likeness(line: Line) -> float:
        return proposing.likeness(own, proposing.characters(line.said[0].suggestion.text))

    return Others(sorted(_lines(round_, offers, found.said, rows), key=likeness), found.total)


def _lines(
    round_: Round, offers: Offers, others: Sequence[Said], rows: Sequence[Row]
) -> list[Line]:
    """Those who say the same words, and would go to the same needs, in one line."""
    roots = {row.need.id: row.need for row in rows}
    ids = [said.suggestion.id for said in others]
    besides = proposing.along(round_.id, offers.asked, ids).needs if ids else {}
    alike: dict[tuple[str, ...], list[Said]] = {}
    for said in others:
        put = [key for key in besides.get(said.suggestion.id, ()) if key in roots]
        words = proposing.words_themselves(said.suggestion.text)
        alike.setdefault((words, *put), []).append(said)
    return [Line(same, [roots[key] for key in put]) for (_words, *put), same in alike.items()]
