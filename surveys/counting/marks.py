"""What one household hands in, and what is wrong with it: the one check for every way of voting.

A phone, keyed paper, a file of votes and the preview all hand in the same: pairs of an item and
its mark, as they came. Only what has no fault becomes a choice (`ways.Marks`).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.counting import ways
from surveys.counting.parts import encloses, own
from surveys.counting.picks import (
    EVERYBODY,
    ChoiceRules,
    Item,
    by_id,
    cost_of,
    household_cap_fen,
    places,
)
from surveys.counting.ways import Way

Handed = Sequence[tuple[str, int | None]]
"""item ids and their marks as they came in; None is what could not be read as a mark"""

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_NARROW = str.maketrans("０１２３４５６７８９＋－−", "0123456789+--")


class FaultCode(StrEnum):
    """What can be wrong with a choice, and the parameters that come with it."""

    UNKNOWN = "unknown"  # number: so many marks are for no line of this menu
    REPEATED = "repeated"  # item
    MUST_DO_IS_FIXED = "must_do_is_fixed"  # item
    NOT_YOURS = "not_yours"  # item: another building or stairwell picks it
    NO_SUCH_MARK = "no_such_mark"  # item, most (the greatest mark there is)
    TOO_FEW = "too_few"  # picked, least
    TOO_MANY = "too_many"  # picked, most
    TOO_MANY_OF_KIND = "too_many_of_kind"  # kind, picked, most
    OVER_BUDGET = "over_budget"  # total_fen, cap_fen (the household's), over_fen
    TOO_MANY_POINTS = "too_many_points"  # given, points, over


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a choice; the forms put it into words."""

    code: FaultCode
    params: Mapping[str, int | str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a household stands while it chooses: the running line under the menu.

    `more_picks`, `left_fen` and `points_left` are None where there is no such limit, and below
    zero by as much as the limit is passed. `still_needed` is what is missing to the least, never
    below zero.
    """

    picked: int
    total_fen: int
    more_picks: int | None
    left_fen: int | None
    still_needed: int
    points_left: int | None = None


def read(typed: str) -> int | None:
    """The whole number that somebody typed as a mark; None where it is anything else."""
    text = typed.strip().translate(_NARROW)
    return int(text) if _NUMBER.fullmatch(text) else None


def faults(
    handed: Handed, menu: Sequence[Item], rules: ChoiceRules, parts: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Everything wrong with what was handed in; empty when it is a choice by these rules.

    First what is wrong with single marks, then with their number, then with money and points.
    These are taken over the marks that stand (`standing_marks`), without those of items that one
    building or stairwell picks.

    Args:
        parts: those that the household belongs to; None: not known whose it is, so any.
    """
    items = by_id(menu)
    stand = standing_marks(handed, menu, rules, parts)
    marked = [items[item] for item in stand if items[item].is_limited]
    return (
        *_faults_of_single_marks(handed, menu, rules, parts),
        *_faults_of_number(len(marked), rules),
        *_faults_of_kind(marked, rules),
        *_faults_of_money(marked, household_cap_fen(menu, rules)),
        *_faults_of_points(sum(stand.values()), rules),
    )


def standing_marks(
    handed: Handed, menu: Sequence[Item], rules: ChoiceRules, parts: Collection[str] | None = None
) -> dict[str, int]:
    """The marks that stand: of items that can be marked, each the first time, and a mark there is.

    Where nothing is at fault this is the choice. `parts` as in `faults`.
    """
    known = known_marks(menu, rules)
    open_ids = {item.id for item in menu if not item.must_do and is_for(item, parts)}
    stand: dict[str, int] = {}
    for item, mark in handed:
        if item in open_ids and mark is not None and mark in known:
            stand.setdefault(item, mark)
    return stand


def is_for(item: Item, parts: Collection[str] | None) -> bool:
    """Whether a household of these parts may pick the item; None: not known whose it is."""
    return item.part == EVERYBODY or parts is None or item.part in parts


def known_marks(menu: Sequence[Item], rules: ChoiceRules) -> range:
    """The marks there are for one item."""
    if rules.way is Way.POINTS:
        return range(1, (rules.points or 0) + 1)
    if rules.way is Way.RANK:
        return range(1, places(menu, rules) + 1)
    return range(-1, 2) if rules.way is Way.JUDGE else range(1, 2)


def standing(handed: Handed, menu: Sequence[Item], rules: ChoiceRules) -> Standing:
    """The running line for what is marked so far, which need not be allowed or complete.

    It is about the limits, and so about items that everybody chooses from.
    """
    items = by_id(menu)
    marked = standing_marks(handed, menu, rules)
    stand = {item: mark for item, mark in marked.items() if items[item].is_limited}
    cap_fen = household_cap_fen(menu, rules)
    total_fen = cost_of(items[item] for item in stand)
    return Standing(
        picked=len(stand),
        total_fen=total_fen,
        more_picks=None if rules.most is None else rules.most - len(stand),
        left_fen=None if cap_fen is None else cap_fen - total_fen,
        still_needed=max(0, rules.least - len(stand)),
        points_left=None if rules.points is None else rules.points - sum(stand.values()),
    )


def bytes_most(menu: Sequence[Item], rules: ChoiceRules) -> int:
    """A length in bytes that no written choice by these rules exceeds."""
    marks = known_marks(menu, rules)
    ends = (min(marks, default=0), max(marks, default=0))
    longest = max(ends, key=lambda mark: len(str(mark)))
    ids = sorted((item.id for item in menu if item.is_limited), key=_written_bytes)
    marked = [*ids[len(ids) - places(menu, rules) :], *_longest_of_parts(menu)]
    return len(ways.canonical(dict.fromkeys(marked, longest)).encode())


def _longest_of_parts(menu: Sequence[Item]) -> list[str]:
    """Ids of the items of that stairwell, and of its building, which take most to write down."""
    beside = [
        [item.id for item in menu if item.part and encloses(item.part, part)] for part in own(menu)
    ]
    return max(beside, key=lambda ids: sum(map(_written_bytes, ids)), default=[])


def _written_bytes(item_id: str) -> int:
    return len(ways.canonical({item_id: 1}).encode())


def _faults_of_single_marks(
    handed: Handed, menu: Sequence[Item], rules: ChoiceRules, parts: Collection[str] | None
) -> Iterator[Fault]:
    items, known = by_id(menu), known_marks(menu, rules)
    marks: dict[str, list[int | None]] = {}
    for item, mark in handed:
        marks.setdefault(item, []).append(mark)
    unknown = len(marks.keys() - items.keys())
    if unknown:  # one fault for all: an id that is on no menu says nothing to a person
        yield Fault(FaultCode.UNKNOWN, {"number": unknown})
    for item in marks:
        if item in items and items[item].must_do:
            yield Fault(FaultCode.MUST_DO_IS_FIXED, {"item": item})
        elif item in items and not is_for(items[item], parts):
            yield Fault(FaultCode.NOT_YOURS, {"item": item})
        elif item in items and len(marks[item]) > 1:
            yield Fault(FaultCode.REPEATED, {"item": item})
        elif item in items and marks[item][0] not in known:
            most = max(known, default=0)
            yield Fault(FaultCode.NO_SUCH_MARK, {"item": item, "most": most})


def _faults_of_number(picked: int, rules: ChoiceRules) -> Iterator[Fault]:
    if picked < rules.least:
        yield Fault(FaultCode.TOO_FEW, {"picked": picked, "least": rules.least})
    if rules.most is not None and picked > rules.most:
        yield Fault(FaultCode.TOO_MANY, {"picked": picked, "most": rules.most})


def _faults_of_kind(marked: Sequence[Item], rules: ChoiceRules) -> Iterator[Fault]:
    by_kind = Counter(item.kind for item in marked)
    for kind, picked in by_kind.items():
        most = rules.kind_most.get(kind)
        if most is not None and picked > most:
            yield Fault(FaultCode.TOO_MANY_OF_KIND, {"kind": kind, "picked": picked, "most": most})


def _faults_of_money(marked: Sequence[Item], cap_fen: int | None) -> Iterator[Fault]:
    cost_fen = cost_of(marked)
    if cap_fen is not None and cost_fen > cap_fen:
        params = {"total_fen": cost_fen, "cap_fen": cap_fen, "over_fen": cost_fen - cap_fen}
        yield Fault(FaultCode.OVER_BUDGET, params)


def _faults_of_points(given: int, rules: ChoiceRules) -> Iterator[Fault]:
    if rules.points is not None and given > rules.points:
        params = {"given": given, "points": rules.points, "over": given - rules.points}
        yield Fault(FaultCode.TOO_MANY_POINTS, params)
