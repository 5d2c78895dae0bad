"""What the board offers for one suggestion: needs of the ledger, or new ones, wish by wish."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.accounts.rules import tidy
from surveys.needs import catalogue, proposing
from surveys.needs.ledger import Row
from surveys.needs.models import Need
from surveys.needs.proposals.masking import masked
from surveys.needs.proposals.places import unplaced
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import NOTHING
from surveys.needs.proposals.wishes import READ_MOST, Sure, Wish, wishes
from surveys.needs.proposals.words import Words
from surveys.needs.proposing import Asked
from surveys.needs.rules import TITLE_MOST, marked
from surveys.needs.spoken import Spoken

FOR_EACH = {1: 5, 2: 2}
"""offers for each wish, by the number of wishes; one where there are more of them"""
MANY_WISHES = 6
"""wishes that are told apart"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A need that a suggestion may be about, or a new one; and what says so."""

    need: Need | None
    title: str
    """of the need, or what a new one would be called"""
    category: str | None
    """key in the catalogue, for a new one"""
    sure: Sure
    words: tuple[str, ...] = ()
    """none where the same words were put there before, or where nothing is known"""
    said: str = ""
    """the clauses that it answers, where the suggestion asks for several things"""


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything that is offered for one suggestion."""

    asked: Asked
    each: Sequence[Offer]
    """wish by wish, in their order; of each wish the best first"""
    best: Sequence[Offer]
    """the best of each wish"""
    wishes: int
    pieces: Sequence[tuple[str, bool]]
    """its text, with the words that made an offer marked"""
    new: tuple[str, str | None]
    """title, in its own words, and category that a new need begins with where no offer fits"""

    @property
    def says_nothing(self) -> bool:
        """Whether no wish can be told in it."""
        return self.asked.key == NOTHING


def offers_for(text: str, round_id: str, rows: Sequence[Row], spoken: Spoken) -> Offers:
    """What a suggestion may be about.

    Args:
        rows: the ledger, most households first.
    """
    heard = wishes(text, spoken.vocabulary)
    asked, found = proposing.asked(text, heard, spoken), heard[:MANY_WISHES]
    single = {one for wish in found if (one := proposing.asked_for(wish))}
    homes = proposing.homes(round_id, {asked, *single})
    ledger = _Ledger(rows, homes)
    most = FOR_EACH.get(len(found), 1)
    told = [ledger.for_wish(text, wish, asked)[:most] for wish in found]
    if len(found) == 1:
        new = ledger.own_words(text, found[0])
        hinted = ledger.hinted(text, found[0], spoken)
        told = [_once([*told[0][: most - 1 - len(hinted)], *hinted, new])]
    if len(found) > 1:
        told = [
            [_quoting(text, wish, o) for o in own] for wish, own in zip(found, told, strict=True)
        ]
    told = told or [ledger.for_none(text, asked)]
    words = [word for wish in found for word in wish.words]
    return Offers(
        asked,
        each=_once([offer for own in told for offer in own]),
        best=_once([own[0] for own in told if own]),
        wishes=len(found),
        pieces=_marked(text, words),
        new=(_own_words(text, found[0] if found else None), found[0].key if found else None),
    )


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The needs, and those to which the same was put before."""

    rows: Sequence[Row]
    homes: Mapping[Asked, Sequence[str]]

    def for_wish(self, text: str, wish: Wish, asked: Asked) -> list[Offer]:
        """The best first: where others that ask for the same are, then what is called so.

        A need of the same entry comes before a new one only where it is not clear what is the
        matter.
        """
        one = proposing.asked_for(wish)
        entry = catalogue.entry(wish.key)
        title = one.matter if one and one.matter else entry.name if entry else ""
        needs = self._at_home(one or asked)
        alike = self._of(wish.key, text)
        needs += [need for need in alike if need.title == title]
        offers = [Offer(need, need.title, None, wish.sure, wish.words) for need in needs]
        others = [Offer(need, need.title, None, Sure.LOW, wish.words) for need in alike]
        new = Offer(None, title, wish.key, wish.sure, wish.words)
        return _once([*offers, new, *others] if one else [*offers, *others, new])

    def own_words(self, text: str, wish: Wish) -> Offer:
        """A new need in the words of the clause that says it."""
        return Offer(None, _own_words(text, wish), wish.key, Sure.LOW)

    def hinted(self, text: str, but: Wish, spoken: Spoken) -> list[Offer]:
        """What is hinted at besides: one offer for the entry that most speaks for."""
        weights: Counter[str] = Counter()
        words = spoken.vocabulary.words(unplaced(plain(text[:READ_MOST])))
        for word in words:
            weights.update({key: w for key, w in word.weights.items() if key != NOTHING})
        del weights[but.key]
        for key, _weight in weights.most_common(1):
            entry, needs = catalogue.entry(key), self._of(key, text)
            said = tuple(word.found.word for word in words if key in word.weights)
            if needs:
                return [Offer(needs[0], needs[0].title, None, Sure.LOW, said)]
            return [Offer(None, entry.name, key, Sure.LOW, said)] if entry else []
        return []

    def _of(self, key: str, text: str) -> list[Need]:
        """The needs of an entry, those first whose titles share most with the text."""
        said = proposing.characters(text)

        def shared(need: Need) -> int:
            return sum((said & proposing.characters(need.title)).values())

        needs = [row.need for row in self.rows if key in row.categories]
        return sorted(needs, key=shared, reverse=True)

    def for_none(self, text: str, asked: Asked) -> list[Offer]:
        """Where the same words were put before; else a new need in the very words."""
        offers = [Offer(need, need.title, None, Sure.HIGH) for need in self._at_home(asked)]
        if offers or asked.key == NOTHING:
            return offers
        title = _own_words(text, None)
        return [Offer(None, title, None, Sure.LOW)] if title else []

    def _at_home(self, asked: Asked) -> list[Need]:
        by_id = {row.need.id: row.need for row in self.rows}
        return [by_id[home] for home in self.homes.get(asked, ()) if home in by_id]


def _own_words(text: str, wish: Wish | None) -> str:
    """A title in the suggestion's own words: of the clause that says it, where it says several.

    Everybody reads titles: names, numbers and rooms are hidden in them.
    """
    clause = wish.clauses[0] if wish and wish.clauses else None
    said = masked(text, clause.start, clause.end) if clause else masked(text)
    return tidy(said)[:TITLE_MOST].strip()


def _once(offers: Sequence[Offer]) -> list[Offer]:
    """Each title once: a need that has it stands before a new one."""
    held = {offer.title for offer in offers if offer.need}
    found: dict[str, Offer] = {}
    for offer in offers:
        if offer.need or offer.title not in held:
            found.setdefault(offer.title, offer)
    return list(found.values())


def _quoting(text: str, wish: Wish, offer: Offer) -> Offer:
    said = "…".join(text[clause.start : clause.end].strip() for clause in wish.clauses)
    return Offer(offer.need, offer.title, offer.category, offer.sure, offer.words, said)


def _marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    found = Words(words).found(unplaced(plain(text[:READ_MOST]))) if words else []
    return marked(text, [span for word in found for span in word.spans])
