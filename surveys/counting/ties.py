"""Ties: when equal votes matter, and how the order is settled then, never silently.

**When a tie matters.** Items have equal scores and it is their turn. Some of them are *open*: no
item chosen before rules them out. All that may stop an open item is what is chosen before it (the
money that is left, an exclusive group, the cap of a kind), and a choice only ever takes away room:
what does not fit together fits no better with more beside it. A tie matters if and only if two
orders choose different items. Call T the tied items that fit if they come first.

* *Skipping.* What is not in T is chosen in no order. If T fits together, every order chooses all
  of T: the tie does not matter. If not, no order chooses all of T; take any order and an item of T
  that it leaves out: an order that begins with this item chooses it. The tie matters.
* *Ending at the first that the money cannot pay.* Now an open item too dear ends the count for
  those behind it. If T is empty, no order chooses anything. If all open items fit together, every
  order chooses them all. Else no order chooses them all; take any order and an open item that it
  leaves out. If that is in T, an order that begins with it chooses it. If it is not, an order that
  begins with it ends there and chooses nothing, while one that begins with an item of T chooses
  that. So the tie matters if and only if T is not empty and the open items do not fit together.

Two orders that choose the same items leave the same room behind them, and both end the count or
neither does (by the above: neither where everything open fits, each where nothing does), so what
comes later never makes a tie matter. Nothing has to be tried out. (The tests try all orders.)

**How it is settled.** Either by a seed of which the ballot publishes the `commitment` when it
opens and the seed itself when it is sealed, or by a lot drawn before witnesses.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from surveys.counting.picks import Item

COMMITMENT_DOMAIN = b"surveys/tie-seed/1:"
SEED_BYTES_LEAST = 16  # a shorter seed could be guessed from its commitment


class SettledBy(StrEnum):
    """What put tied items in order."""

    SEED = "seed"
    LOT = "lot"
    FILE_ORDER = "file order"  # foreign files, which tell of no lot, and what costs nothing


class Settled(NamedTuple):
    """The order of one tied group and what it rests on."""

    by: SettledBy
    order: tuple[str, ...]


TieOrder = Callable[[Sequence[str]], Settled | None]
"""Puts the ids of a tie that matters in order; None: it cannot, the tie waits."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that mattered: who was level, with which score, and how much was left then.

    `votes` is the score in which they are level; `item_ids` are in menu order; `balance_fen` is 0
    where no money is counted. While it waits, `settled_by` is None and `order` is empty.
    """

    item_ids: tuple[str, ...]
    votes: int
    balance_fen: int
    settled_by: SettledBy | None
    order: tuple[str, ...]


def matters(tied: Sequence[Item], fits: Callable[[Sequence[Item]], bool], *, ends: bool) -> bool:
    """Whether the order among items of equal scores changes who is chosen (proof above).

    Args:
        tied: the open items.
        fits: whether all of some items can be chosen together, each alone being one of them.
        ends: whether the first that the money cannot pay ends the count.
    """
    alone = [one for one in tied if fits([one])]
    return bool(alone) and not fits(tied if ends else alone)


def by_seed(seed: bytes) -> TieOrder:
    """Order by SHA-256 of seed, a colon and the id in UTF-8, as hex digits, smallest first."""

    def drawn(item_id: str) -> tuple[str, str]:
        return hashlib.sha256(seed + b":" + item_id.encode("utf-8")).hexdigest(), item_id

    return lambda tied: Settled(SettledBy.SEED, tuple(sorted(tied, key=drawn)))


def by_lot(order: Sequence[str]) -> TieOrder:
    """Order as drawn before witnesses. Later lots of the same ballot are appended to `order`.

    A tie with an item that was not drawn waits for a lot of its own.

    Raises:
        ValueError: an id was drawn twice.
    """
    place = {item_id: number for number, item_id in enumerate(order)}
    if len(place) != len(order):
        raise ValueError("an item is drawn once")

    def settle(tied: Sequence[str]) -> Settled | None:
        if not place.keys() >= set(tied):
            return None
        return Settled(SettledBy.LOT, tuple(sorted(tied, key=place.__getitem__)))

    return settle


def by_file_order(tied: Sequence[str]) -> Settled:
    """Keep the order of the file, which is that of the menu."""
    return Settled(SettledBy.FILE_ORDER, tuple(tied))


def unsettled(tied: Sequence[str]) -> None:
    """Leave the tie open: nothing is drawn yet."""


def commitment(seed: bytes) -> str:
    """SHA-256 of the seed behind `COMMITMENT_DOMAIN`, as hex digits: published at the opening.

    Raises:
        ValueError: the seed is shorter than `SEED_BYTES_LEAST`.
    """
    if len(seed) < SEED_BYTES_LEAST:
        raise ValueError(f"a tie seed has at least {SEED_BYTES_LEAST} bytes")
    return hashlib.sha256(COMMITMENT_DOMAIN + seed).hexdigest()
