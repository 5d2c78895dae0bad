"""What suggestions ask for, worked out ahead: so the board finds at once who asks for the same.

Nothing is decided here: a proposal is an offer, and another one may take its place at any time.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.needs.ledger import Found, is_unsorted, listed, root_id
from surveys.needs.models import Need, Placement, Proposal, ProposedWish, Suggestion
from surveys.needs.proposals.likeness import essence, grams
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import NOTHING
from surveys.needs.proposals.wishes import Wish, says_nothing, wishes
from surveys.needs.rules import TITLE_MOST
from surveys.needs.spoken import Spoken, in_courtyard
from surveys.rounds.models import Round

OWN_WORDS = "="
"""before the digest of words of which it is not clear what they ask for"""
ALIKE = 0.4
"""share of their pairs and triples of characters from which such texts are alike"""
BATCH = 400
"""suggestions that one act works out: less than half a second, for which others wait"""


class Asked(NamedTuple):
    """What a whole suggestion asks for. Those who ask for the same are a group."""

    key: str | None
    """of the entry; `NOTHING` where there is no wish; None where no word tells"""
    matter: str | None
    """title of what is the matter. Several wishes at once, or none that a word tells: a sign and a
    digest of them, of the words themselves"""


class Besides(NamedTuple):
    """One of those who go along, and a need that another wish of theirs is put to."""

    suggestion_id: str
    need_id: str


class Along(NamedTuple):
    """Where the other wishes of somebody who goes along are put."""

    needs: Mapping[str, Sequence[str]]
    """ids of needs, by the id of each suggestion that says several things"""
    homeless: frozenset[str]
    """ids of those of which some wish has no need yet: they must be looked at by themselves"""


def asked_for(wish: Wish) -> Asked | None:
    """What one wish asks for, if it is clear what is the matter."""
    return Asked(wish.key, wish.matter.title[:TITLE_MOST]) if wish.matter else None


def asked(text: str, found: Sequence[Wish], spoken: Spoken) -> Asked:
    """What a suggestion asks for.

    Args:
        found: the wishes in it.
    """
    if not found:
        nothing = says_nothing(text, spoken.vocabulary)
        return Asked(NOTHING, None) if nothing else Asked(None, words_themselves(text))
    every = every_one(found)
    if not every:
        return Asked(found[0].key, words_themselves(text))
    if len(found) == 1:
        return every[0]
    together = "\n".join(sorted(f"{one.key}\t{one.matter}" for one in every))
    return Asked(min(one.key or "" for one in every), "+" + _digest(together))


def every_one(found: Sequence[Wish]) -> list[Asked]:
    """What each wish asks for, each once; nothing where it is not clear of one of them."""
    every = [asked_for(wish) for wish in found]
    clear = [one for one in every if one]
    return list(dict.fromkeys(clear)) if len(clear) == len(every) else []


def words_themselves(text: str) -> str:
    """The same for texts that differ in places, politeness and signs only."""
    said = plain(text)
    return OWN_WORDS + _digest("".join(essence(said).split()) or said)


def characters(text: str) -> Counter[str]:
    """Pairs and triples of characters of what a text says, but for places and politeness."""
    return grams(essence(plain(text)))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much two texts share, 0 to 1 (Sørensen and Dice)."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# --- asking --------------------------------------------------------------------------------------


def same(one: Suggestion, of: Asked, most: int) -> Found:
    """Unsorted suggestions that ask for the same, in their order, and how many there are.

    And those that ask for it among other things, if every other one has a need already; where no
    word tells what is asked for, those whose words are alike.
    """
    round_id = one.round_id
    asked_for_it = [
        Suggestion.id.in_(select(Proposal.suggestion_id).where(_is(round_id, of))),
        Suggestion.id.in_(_among_others(round_id, of)),
    ]
    if of.matter and of.matter.startswith(OWN_WORDS):
        asked_for_it.append(Suggestion.id.in_(_alike(one, of)))
    which = and_(
        Suggestion.round_id == round_id, Suggestion.id != one.id, or_(*asked_for_it), is_unsorted()
    )
    return listed(which, 0, most)


def _alike(one: Suggestion, of: Asked) -> list[str]:
    """Ids of unsorted suggestions about the same thing that share most of their characters."""
    rows = db.session.execute(
        select(Suggestion.id, Suggestion.text)
        .join(Proposal, Proposal.suggestion_id == Suggestion.id)
        .where(
            Proposal.round_id == one.round_id,
            Proposal.entry_key.is_(None) if of.key is None else Proposal.entry_key == of.key,
            Proposal.matter.startswith(OWN_WORDS),
            is_unsorted(),
        )
    )
    own = characters(one.text)
    return [key for key, text in rows if likeness(own, characters(text)) >= ALIKE]


def _among_others(round_id: str, of: Asked) -> Select[str]:
    one, other = aliased(ProposedWish), aliased(ProposedWish)
    has_home = exists(
        select(1)
        .select_from(Proposal)
        .join(Placement, Placement.suggestion_id == Proposal.suggestion_id)
        .where(
            Proposal.round_id == round_id,
            Proposal.entry_key == other.entry_key,
            Proposal.matter == other.matter,
        )
    )
    is_another = or_(other.entry_key != of.key, other.matter != of.matter)
    homeless = exists(
        select(1).where(other.suggestion_id == one.suggestion_id, is_another, ~has_home)
    )
    return select(one.suggestion_id).where(
        one.round_id == round_id, one.entry_key == of.key, one.matter == of.matter, ~homeless
    )


def along(round_id: str, of: Asked, suggestion_ids: Collection[str]) -> Along:
    """Where the other wishes of suggestions go that are put away with one that asks for `of`."""
    several: dict[str, set[Asked]] = {}
    rows = select(ProposedWish).where(ProposedWish.suggestion_id.in_(suggestion_ids))
    for row in db.session.scalars(rows):
        several.setdefault(row.suggestion_id, set()).add(Asked(row.entry_key, row.matter))
    others = {key: wishes - {of} for key, wishes in several.items() if of in wishes}
    found = homes(round_id, set().union(*others.values())) if others else {}
    return Along(
        {key: sorted({found[w][0] for w in own if w in found}) for key, own in others.items()},
        frozenset(key for key, own in others.items() if own - found.keys()),
    )


def asked_by(suggestion_id: str) -> Asked | None:
    """What was worked out for a suggestion, if it was."""
    found = db.session.get(Proposal, suggestion_id)
    return Asked(found.entry_key, found.matter) if found else None


def homes(round_id: str, of: Collection[Asked]) -> dict[Asked, list[str]]:
    """Ids of the needs that those who asked for the same were put to, most of them first."""
    rows = db.session.execute(
        select(Proposal.entry_key, Proposal.matter, root_id)
        .join(Placement, Placement.suggestion_id == Proposal.suggestion_id)
        .join(Need, Need.id == Placement.need_id)
        .where(or_(*(_is(round_id, one) for one in of)), Need.round_id == round_id)
        .group_by(Proposal.entry_key, Proposal.matter, root_id)
        .order_by(func.count().desc(), root_id)
    )
    found: dict[Asked, list[str]] = {}
    for key, matter, need_id in rows:
        found.setdefault(Asked(key, matter), []).append(need_id)
    return found


def _is(round_id: str, of: Asked) -> ColumnElement[bool]:
    columns = ((Proposal.entry_key, of.key), (Proposal.matter, of.matter))
    return and_(
        Proposal.round_id == round_id,
        *(column.is_(None) if value is None else column == value for column, value in columns),
    )


# --- working out ---------------------------------------------------------------------------------


def due() -> list[str]:
    """Courtyards that have suggestions to work out; each as often as it has batches of them."""
    left: Counter[str] = Counter()
    digests: dict[str, str] = {}
    for courtyard_id, words, many in db.session.execute(
        select(Suggestion.courtyard_id, Proposal.vocabulary, func.count())
        .join(Round, Round.id == Suggestion.round_id)
        .outerjoin(Proposal, Proposal.suggestion_id == Suggestion.id)
        .where(Round.ended_at.is_(None), _is_open())
        .group_by(Suggestion.courtyard_id, Proposal.vocabulary)
    ):
        if courtyard_id not in digests:
            digests[courtyard_id] = in_courtyard(courtyard_id).digest
        if words != digests[courtyard_id]:
            left[courtyard_id] += many
    return [one for one, many in sorted(left.items()) for _batch in range(-(-many // BATCH))]


def work_out(courtyard_id: str) -> int:
    """Work out a batch of what is new, or was worked out by other words; how many. An act."""
    spoken = in_courtyard(courtyard_id)
    found = db.session.scalars(
        select(Suggestion)
        .join(Round, Round.id == Suggestion.round_id)
        .outerjoin(Proposal, Proposal.suggestion_id == Suggestion.id)
        .where(Suggestion.courtyard_id == courtyard_id, Round.ended_at.is_(None), _is_open())
        .where(func.coalesce(Proposal.vocabulary, "") != spoken.digest)
        .order_by(Suggestion.number)
        .limit(BATCH)
    ).all()
    _work_out(found, spoken)
    db.session.commit()
    return len(found)


def _is_open() -> ColumnElement[bool]:
    """Whether there is something to work out: it has no proposal, or waits to be sorted."""
    return and_(
        Suggestion.superseded_at.is_(None), or_(Proposal.suggestion_id.is_(None), is_unsorted())
    )


def _work_out(suggestions: Sequence[Suggestion], spoken: Spoken) -> None:
    """Part of an act: does not commit."""
    ids = [suggestion.id for suggestion in suggestions]
    for table in (Proposal, ProposedWish):
        db.session.execute(delete(table).where(table.suggestion_id.in_(ids)))
    rows, several = [], []
    for suggestion in suggestions:
        found = wishes(suggestion.text, spoken.vocabulary)
        where = {"suggestion_id": suggestion.id, "round_id": suggestion.round_id}
        whole = asked(suggestion.text, found, spoken)
        rows.append({**where, **_columns(whole), "vocabulary": spoken.digest})
        every = every_one(found)
        several += [{**where, **_columns(one)} for one in every if len(every) > 1]
    if rows:
        db.session.execute(insert(Proposal), rows)
    if several:
        db.session.execute(insert(ProposedWish), several)


def _columns(one: Asked) -> dict[str, str | None]:
    return {"entry_key": one.key, "matter": one.matter}
