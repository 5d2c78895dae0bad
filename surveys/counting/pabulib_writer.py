"""A sealed ballot of ours as a Pabulib file: whole choices, in an order that tells nothing.

The same ballot always gives the same bytes. Must-do items are no choice of anybody: they are left
out, and their cost is taken off the budget. See `pabulib` for what is added to the format.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain

from surveys.counting.picks import Item, must_do_fen
from surveys.counting.rules import Counting, Rule
from surveys.counting.ways import Marks, Way, canonical

VOTE_TYPES = {
    Way.APPROVE: "approval",
    Way.ONE: "choose-1",
    Way.POINTS: "cumulative",
    Way.RANK: "ordinal",
    Way.JUDGE: "scoring",
}
EXTRA_COLUMN = {Way.POINTS: "points", Way.JUDGE: "points", Way.RANK: "ranks"}


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is written of a ballot. `facts` are further lines of META, such as `description`."""

    items: Sequence[Item]
    names: Mapping[str, str]
    way: Way
    choices: Collection[Marks]
    counting: Counting
    budget_fen: int
    winners: Collection[str]
    facts: Mapping[str, str]


def written(ballot: Ballot) -> str:
    """The text of the .pb file; money in yuan."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([["META"], ["key", "value"], *_meta(ballot)])
    writer.writerows([["PROJECTS"], *_projects(ballot)])
    writer.writerows([["VOTES"], *_votes(ballot.choices, ballot.way)])
    return text.getvalue()


def _open(ballot: Ballot) -> list[Item]:
    return [item for item in ballot.items if not item.must_do]


def _meta(ballot: Ballot) -> Iterator[tuple[str, str]]:
    yield from ballot.facts.items()
    yield "num_projects", str(len(_open(ballot)))
    yield "num_votes", str(len(ballot.choices))
    yield "budget", _yuan(max(0, ballot.budget_fen - must_do_fen(ballot.items)))
    yield "vote_type", VOTE_TYPES[ballot.way]
    yield "rule", _rule(ballot.counting)
    if ballot.way is Way.JUDGE:
        yield from (("way", Way.JUDGE.value), ("min_points", "-1"), ("max_points", "1"))
    if ballot.way is Way.POINTS:
        most = max((sum(marks.values()) for marks in ballot.choices), default=0)
        yield "max_sum_points", str(most)
    if ballot.counting.length is not None:
        yield "max_length", str(ballot.counting.length)
    least = _least(ballot.counting, len(ballot.choices))
    if least:
        yield "min_project_score_threshold", str(least)
    yield "currency", "CNY"


def _rule(counting: Counting) -> str:
    """The name by which other programs know the rule; what they cannot know is custom."""
    if counting.rule is not Rule.GREEDY:
        return counting.rule.value
    if counting.kind_cap_fen:
        return "greedy-custom"
    if counting.exclusive:
        return "greedy-exclusive"
    return "greedy-threshold" if counting.least_votes or counting.least_percent else "greedy"


def _least(counting: Counting, choices: int) -> int:
    share = -(-counting.least_percent * choices // 100)  # rounded up
    return max(counting.least_votes, share)


def _projects(ballot: Ballot) -> Iterator[tuple[str, ...]]:
    votes = Counter(chain.from_iterable(ballot.choices))
    yield "project_id", "cost", "votes", "name", "category", "selected"
    for item in _open(ballot):
        selected = str(int(item.id in ballot.winners))
        cost, name = _yuan(item.cost_fen), ballot.names.get(item.id, "")
        yield item.id, cost, str(votes[item.id]), name, item.kind, selected


def _votes(choices: Iterable[Marks], way: Way) -> Iterator[tuple[str, ...]]:
    extra = EXTRA_COLUMN.get(way)
    yield ("voter_id", "vote", *([extra] if extra else []))
    for number, marks in enumerate(sorted(choices, key=canonical), 1):
        in_order = sorted(marks, key=lambda item: (_best_first(marks[item], way), item))
        numbers = ",".join(str(marks[item]) for item in in_order)
        yield (str(number), ",".join(in_order), *([numbers] if extra else []))


def _best_first(mark: int, way: Way) -> int:
    return mark if way is Way.RANK else -mark


def _yuan(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02d}" if rest else str(yuan)
