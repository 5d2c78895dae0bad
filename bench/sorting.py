"""Somebody who sorts by the board: how many keys that takes, and what becomes of the ledger.

Nobody is asked. A made-up clerk knows the labels, reads the suggestion that is shown and the first
others that go along, and presses what a person would press. No text is ever printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import insert

from bench import seed
from bench.agreement import pairs
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.needs import board, ledger, proposing, service, teaching
from surveys.needs.board import Board, Line, View
from surveys.needs.models import Need, Suggestion
from surveys.needs.offering import Offer
from surveys.needs.proposals.vocabulary import shipped
from surveys.needs.proposing import Besides
from surveys.rounds.models import Round

SUGGESTIONS = 700
READ = 8
"""others that are read before they go along: those that are not folded away"""
A_KEY = timedelta(seconds=3)
TICK_EVERY = 20
"""suggestions shown between two ticks of the clock"""
PICK = 2
"""keys for a need of the list, or for a line of the catalogue: one to find it, one to press it"""
SHORT = 20
"""characters of a title in the suggestion's own words that is kept as it is"""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sorted:
    """How it went."""

    keys: int
    shown: int
    """suggestions that were looked at one by one"""
    agreement: float
    """F1 of pairs of suggestions put to one need, against the labels of the first wish"""
    second_wishes: float
    """share of the second wishes that stand in the ledger too"""


def sort(rows: Sequence[Row]) -> Sorted:
    """Let the clerk sort `SUGGESTIONS` of these rows; those beyond their number are said again."""
    seeded = seed.seed(600)
    round_ = db.session.get_one(Round, seeded.round_id)
    said = dict(zip((new_id() for _ in range(SUGGESTIONS)), _repeated(rows), strict=True))
    write(seeded, [(key, text) for key, (text, _label) in said.items()])
    labels = {key: label for key, (_text, label) in said.items()}
    clerk = _Clerk(round_, seeded.account_id, labels, clock.now())
    clerk.sort()
    return clerk.result()


def write(seeded: seed.Seeded, texts: Sequence[tuple[str, str]]) -> None:
    """Suggestions (id, text) straight into the table, each of another household."""
    today = clock.now().date()
    db.session.execute(
        insert(Suggestion),
        [
            {
                "id": key,
                "courtyard_id": seeded.courtyard_id,
                "round_id": seeded.round_id,
                "household_id": seeded.households[n % len(seeded.households)],
                "number": n,
                "channel": "scan",
                "text": text[:500],
                "received_on": today,
            }
            for n, (key, text) in enumerate(texts, 1)
        ],
    )
    db.session.commit()


def tick(courtyard_id: str, at: datetime) -> None:
    """What the clock does for the board: words are learnt, proposals worked out."""
    for due in teaching.due(at):
        teaching.learn(due, at=at)
    for due in proposing.due():
        proposing.work_out(due)


@dataclass(frozen=True, slots=True)
class _Label:
    """What a suggestion asks for, as the labels have it."""

    group: str
    category: str
    """name in the catalogue; empty: nothing is wished for"""
    also: str


def _repeated(rows: Sequence[Row]) -> Iterator[tuple[str, _Label]]:
    """Every row once, in no order, and then some of them again, said in another building."""
    chance = Random(SUGGESTIONS)
    order = chance.sample(list(rows), len(rows))
    again = [chance.choice(order) for _ in range(SUGGESTIONS - len(order))]
    for n, row in enumerate([*order, *again][:SUGGESTIONS]):
        door = f"{chance.randint(1, 20)}号楼{chance.randint(1, 6)}单元，" if n >= len(rows) else ""
        group = row["group"] or f"row {row['row']}"
        yield door + row["text"], _Label(group, row["category"], row["also"])


@dataclass
class _Clerk:
    round: Round
    account_id: str
    labels: dict[str, _Label]
    at: datetime
    keys: int = 0
    shown: int = 0
    needs: dict[str, str] = field(default_factory=dict)
    """the need that stands for each group, once there is one"""
    titles: Iterator[int] = field(default_factory=count)

    def sort(self) -> None:
        tick(self.round.courtyard_id, self.at)
        while True:
            seen = board.board(self.round, self.account_id, self.at, View())
            if seen.said is None:
                return
            self._look(seen)
            self.shown += 1
            if self.shown % TICK_EVERY == 0:
                self.at += teaching.EVERY
                tick(self.round.courtyard_id, self.at)

    def _look(self, seen: Board) -> None:
        assert seen.said is not None
        assert seen.offers is not None
        one = seen.said.suggestion
        label = self.labels[one.id]
        ticked = self._ticked(seen, label)
        who = {**ticked, "by": self.account_id, "at": self.at}
        if not label.category:
            self._press(1)
            del who["besides"]
            service.set_aside(one, **who)  # type: ignore[arg-type]
            return
        right = [offer for offer in seen.offers.each if self._fits(offer, label)]
        first = next((offer for offer in right if not self._is_second(offer, label)), None)
        best = seen.offers.best
        if len(best) > 1 and all(self._fits(offer, label) for offer in best):
            self._press(1)
            self._place(one, best, label, who)
        elif first is not None:
            self._press(1)
            self._place(one, [first], label, who)
        elif label.group in self.needs:
            self._press(PICK)
            service.place(one, [self.needs[label.group]], **who)  # type: ignore[arg-type]
        else:
            title, _category = seen.offers.new
            self._press(2 + (PICK if 0 < len(title) <= SHORT else len(label.category)))
            title = f"{label.category}{next(self.titles)}"
            key = next(k for k, topic in shipped().topics.items() if topic.name == label.category)
            made = service.place_new(one, title, key, **who)  # type: ignore[arg-type]
            self._know(made, label)

    def _ticked(self, seen: Board, label: _Label) -> dict[str, object]:
        """Who goes along, and where else they go: what is wrong among those read is unticked."""
        lines = seen.same.lines
        ticks = [(line, need) for line in lines for need in (None, *line.besides)]
        in_sight = [(line, need) for line, need in ticks if line in lines[:READ]]
        right = [tick for line in lines[:READ] for tick in self._right(line, label)]
        wrong = len(in_sight) - len(right)
        if 1 + len(right) < wrong:  # untick all, tick the right ones again
            self._press(1 + len(right))
            left = right
        else:
            self._press(wrong)
            left = [tick for tick in ticks if tick in right or tick not in in_sight]
        return {
            "also": [key for line, need in left if need is None for key in line.ids],
            "besides": [Besides(key, n.id) for line, n in left if n for key in line.ids],
        }

    def _right(self, line: Line, with_: _Label) -> list[tuple[Line, Need | None]]:
        """Of a line's ticks (without a need: it goes along) those that are right.

        None is, unless one of them is for what is said first.
        """
        own, ticks = self.labels[line.said[0].suggestion.id], [None, *line.besides]
        if not with_.category:
            return [] if own.category else [(line, need) for need in ticks]
        home = self.needs.get(own.group)
        first = {n for n in ticks if (n.id == home if n else own.group == with_.group)}
        entries = {n: self._name(n.category) if n else with_.category for n in ticks}
        also = {n for n in ticks if own.also and entries[n] == own.also}
        return [(line, n) for n in ticks if n in first | also] if first else []

    def _fits(self, offer: Offer, label: _Label) -> bool:
        return self._is_first(offer, label) or self._is_second(offer, label)

    def _is_first(self, offer: Offer, label: _Label) -> bool:
        if offer.need is not None:
            return self.needs.get(label.group) == offer.need.id
        return label.group not in self.needs and self._name(offer.category) == label.category

    def _is_second(self, offer: Offer, label: _Label) -> bool:
        if not label.also or self._is_first(offer, label):
            return False
        return self._name(offer.need.category if offer.need else offer.category) == label.also

    def _name(self, key: str | None) -> str:
        return shipped().topics[key].name if key else ""

    def _place(
        self, one: Suggestion, offers: Sequence[Offer], label: _Label, who: dict[str, object]
    ) -> None:
        service.place(
            one,
            {offer.need.id for offer in offers if offer.need},
            fresh=[service.Fresh(o.title, o.category) for o in offers if o.need is None],
            **who,  # type: ignore[arg-type]
        )
        first = next(offer for offer in offers if self._is_first(offer, label))
        for need in ledger.needs_of([one.id])[one.id]:
            if need.title == first.title:
                self._know(need, label)

    def _know(self, need: Need, label: _Label) -> None:
        self.needs.setdefault(label.group, need.id)

    def _press(self, keys: int) -> None:
        self.keys += keys
        self.at += keys * A_KEY

    def result(self) -> Sorted:
        """What the ledger has become."""
        held = ledger.needs_of(list(self.labels))
        groups = {need: group for group, need in self.needs.items()}
        of = {key: {need.id for need in held.get(key, [])} for key in self.labels}
        # which of its needs is that of the first wish: its own group's, else any
        put = [
            self.needs.get(label.group)
            if self.needs.get(label.group) in of[key]
            else next(iter(sorted(of[key], key=lambda need: groups.get(need, ""))), None)
            for key, label in self.labels.items()
        ]
        wanted = [label.group if label.category else None for label in self.labels.values()]
        second = [
            label.also in {self._name(need.category) for need in held.get(key, [])}
            for key, label in self.labels.items()
            if label.also
        ]
        return Sorted(
            self.keys, self.shown, pairs(wanted, put).f1, sum(second) / max(1, len(second))
        )
