"""Somebody with full read access to a database, who tries to tell whose choice is whose.

The attacker knows no key. It puts the households that took part into every order that it can read
anywhere (rows as they lie, ids, receipts, the chain, the day and channel, the raw files), does the
same with the counted choices, lays each of the one beside each of the other, and keeps the best.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.ballots.models import Event, Participation
from surveys.base.db import db
from surveys.courtyards.models import Household

Order = tuple[int, ...]
"""places of the things in question, by this order"""

TRIALS = 1000


@dataclass(frozen=True)
class Evidence:
    """Every order of the participants and of the counted choices that can be read."""

    participants: frozenset[Order]
    choices: frozenset[Order]


@dataclass(frozen=True)
class Truth:
    """What the attacker is measured against.

    Participants and choices are numbered; `choice_of` names the choice of each participant. The
    choices are numbered along time and channel, so that a near miss is near in time.
    """

    choice_of: Sequence[int]


def best(evidence: Evidence, truth: Truth) -> tuple[int, int]:
    """The most households named rightly by one pair of orders, and the closest in all."""
    return _best(_guesses(evidence), truth)


def by_chance(evidence: Evidence, truth: Truth, chance: random.Random) -> tuple[int, int]:
    """The 95th percentile of what as many random assignments reach, over TRIALS trials."""
    size = len(truth.choice_of)
    tries = len(evidence.participants) * len(evidence.choices) * 2
    trials = [
        _best((tuple(chance.sample(range(size), size)) for _ in range(tries)), truth)
        for _ in range(TRIALS)
    ]
    at = TRIALS * 95 // 100
    return sorted(t[0] for t in trials)[at], sorted(t[1] for t in trials)[at]


def _best(guesses: Iterator[Order], truth: Truth) -> tuple[int, int]:
    scores = [_score(guess, truth) for guess in guesses]
    return max(s[0] for s in scores), max(s[1] for s in scores)


def _score(guess: Order, truth: Truth) -> tuple[int, int]:
    """Households named rightly, and nearness: the sum of distances, the less the better."""
    away = [abs(a - b) for a, b in zip(guess, truth.choice_of, strict=True)]
    return away.count(0), -sum(away)


def _guesses(evidence: Evidence) -> Iterator[Order]:
    for participants in evidence.participants:
        for choices in evidence.choices:
            for laid in (choices, choices[::-1]):
                guess = [0] * len(laid)
                for participant, choice in zip(participants, laid, strict=True):
                    guess[participant] = choice
                yield tuple(guess)


def read_evidence(parts: list[str], choices: list[str], raw: Sequence[bytes]) -> Evidence:
    """Read every order.

    Args:
        parts: ids of the participations, in the numbering of the truth.
        choices: the counted choices as they are written, in the numbering of the truth.
        raw: bytes of the files of the database.
    """
    part_numbers = {part: n for n, part in enumerate(parts)}
    choice_numbers = {choice: n for n, choice in enumerate(choices)}
    rows = dict(_pairs("SELECT id, choice FROM counted_vote"))
    counted = {row: choice_numbers[c] for row, c in rows.items() if c in choice_numbers}
    of_parts = (*_orders_of_participants(), *_raw_orders(parts, raw))
    of_rows = (*_orders_of_rows("counted_vote"), *_raw_orders(list(counted), raw))
    return Evidence(_numbered(of_parts, part_numbers), _numbered(of_rows, counted))


def read_links(common: list[str], local: list[str], raw: Sequence[bytes]) -> Evidence:
    """Read every order of the counted choices, to lay pieces of one part beside pieces of another.

    Args:
        common, local: the two pieces of each household as they are written, in the numbering of the
            truth.
        raw: bytes of the files of the database.
    """
    rows = dict(_pairs("SELECT id, choice FROM counted_vote"))
    sides = []
    for pieces in (common, local):
        numbers = {piece: n for n, piece in enumerate(pieces)}
        counted = {row: numbers[piece] for row, piece in rows.items() if piece in numbers}
        orders = (*_orders_of_rows("counted_vote"), *_raw_orders(list(counted), raw))
        sides.append(_numbered(orders, counted))
    return Evidence(*sides)


def _numbered(orders: Iterable[list[str]], numbers: Mapping[str, int]) -> frozenset[Order]:
    """The orders in numbers, each once, without rows of other ballots; whole ones only."""
    found = {tuple(numbers[name] for name in order if name in numbers) for order in orders}
    return frozenset(order for order in found if len(order) == len(numbers))


def _orders_of_participants() -> Iterator[list[str]]:
    yield from _orders_of_rows("participation")
    for entry_order in _orders_of_rows("entry"):
        belongs = dict(_pairs("SELECT id, participation_id FROM entry"))
        of_parts = [belongs[entry] for entry in entry_order]
        yield list(dict.fromkeys(of_parts))
        yield list(dict.fromkeys(reversed(of_parts)))[::-1]
    yield _in_order_of_the_chain()
    for column in ("receipt_hash", "household_id", "changed_at_revision"):
        yield _ids(f"SELECT id FROM participation ORDER BY {column}, id")
    yield from _by_entry()
    yield _by_door()


def _by_entry() -> Iterator[list[str]]:
    joined = (
        "SELECT participation.id FROM participation JOIN entry "
        "ON entry.participation_id = participation.id "
        "AND entry.number = participation.current_entry ORDER BY "
    )
    for columns in ("channel, day", "day, channel", "channel", "submission", "day DESC, channel"):
        lies = "rowid" if db.engine.dialect.name == "sqlite" else "ctid"
        yield _ids(f"{joined}{columns}, entry.{lies}")


def _by_door() -> list[str]:
    found = db.session.execute(
        db.select(Participation.id)
        .join(Household, Household.id == Participation.household_id)
        .order_by(Household.position)
    )
    return [row[0] for row in found]


def _in_order_of_the_chain() -> list[str]:
    receipts = dict(_pairs("SELECT receipt_hash, id FROM participation"))
    rows = db.session.scalars(db.select(Event.body).order_by(Event.number))
    bodies = [json.loads(body) for body in rows]
    found = [receipts[body["receipt"]] for body in bodies if body.get("receipt") in receipts]
    return list(dict.fromkeys(found))


def _orders_of_rows(table: str) -> Iterator[list[str]]:
    """The rows as they lie, as they were written, and by their ids."""
    sqlite = db.engine.dialect.name == "sqlite"
    columns = ("rowid", "id") if sqlite else ("ctid", "xmin::text::bigint, ctid", "id")
    for column in columns:
        yield _ids(f"SELECT id FROM {table} ORDER BY {column}")


def _raw_orders(names: list[str], raw: Sequence[bytes]) -> Iterator[list[str]]:
    """In the order in which the names are first, and last, met in each raw file."""
    for data in raw:
        # files are large: the first name that one lacks ends the search in it
        if all(name.encode() in data for name in names):
            for find in (data.find, data.rfind):
                at = {name: find(name.encode()) for name in names}
                yield sorted(names, key=at.__getitem__)


def _ids(statement: str) -> list[str]:
    return list(db.session.scalars(db.text(statement)))


def _pairs(statement: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in db.session.execute(db.text(statement))]


def raw_files(since: str | None) -> list[bytes]:
    """The bytes of the database: files and log of SQLite; tables, indexes and log of PostgreSQL.

    Args:
        since: PostgreSQL's log from this place on.
    """
    if db.engine.dialect.name == "sqlite":
        file = str(db.engine.url.database)
        return [p.read_bytes() for p in map(Path, (file, f"{file}-wal")) if p.exists()]
    db.session.execute(db.text("CHECKPOINT"))
    names = _ids(
        "SELECT pg_relation_filepath(oid::regclass) FROM pg_class "
        "WHERE relkind IN ('r', 'i', 't') AND relnamespace <> 'pg_catalog'::regnamespace "
        "AND pg_relation_filepath(oid::regclass) IS NOT NULL"
    )
    wal = db.session.scalars(
        db.text("SELECT name FROM pg_ls_waldir() WHERE name >= pg_walfile_name(:since) ORDER BY 1"),
        {"since": since},
    ).all()
    log = b"".join(_server_file(f"pg_wal/{name}") for name in wal)
    return [*(_server_file(name) for name in names), log]


def log_place() -> str | None:
    """Where PostgreSQL's log stands now."""
    if db.engine.dialect.name == "sqlite":
        return None
    return str(db.session.scalar(db.text("SELECT pg_current_wal_lsn()")))


def _server_file(name: str) -> bytes:
    found = db.session.scalar(
        db.text("SELECT pg_read_binary_file(:name, 0, 100000000, true)"), {"name": name}
    )
    return bytes(found or b"")
