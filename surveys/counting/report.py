"""The count of an election file, in one form whatever the rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from surveys.counting import greedy, runoff, shares
from surveys.counting.elections import RULES, Election, Unreadable, rule_named
from surveys.counting.outcome import Line
from surveys.counting.rules import Rule, Score
from surveys.counting.runoff import Round, Runoff
from surveys.counting.shares import Payment, Progress
from surveys.counting.ties import Tie
from surveys.counting.ways import Way


@dataclass(frozen=True, slots=True)
class Report:
    """A count. A runoff has rounds, the other rules have lines, equal shares payments too."""

    election: Election
    rule: str
    """as it was asked for, or as the file names it"""
    winners: tuple[str, ...]
    ties: tuple[Tie, ...]
    warnings: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()
    rounds: tuple[Round, ...] = ()
    partly: Line | None = None
    """the first item that the money left would have paid for in part"""

    @property
    def agrees(self) -> bool | None:
        """Whether these are the winners that the file names; None where it names none."""
        official = self.election.official
        return None if official is None else official == set(self.winners)

    def amount(self, fen: int | Fraction) -> str:
        """Money in the file's currency; where it does not come out even, rounded down."""
        places = max(2, len(str(self.election.fen_per_unit)) - 1)
        whole, rest = divmod(int(fen * 10**places // self.election.fen_per_unit), 10**places)
        return f"{whole}.{rest:0{places}d}" if rest else str(whole)

    def score(self, votes: int) -> str:
        """A score as people know it: Borda is counted in half points."""
        counting = self.election.counting
        halves = counting.score is Score.BORDA and counting.rule is not Rule.EQUAL_SHARES
        return f"{votes // 2}{'.5' if votes % 2 else ''}" if halves else str(votes)

    def as_data(self) -> dict[str, object]:
        """Everything about it, fit for JSON; numbers that are not whole are text, to stay exact."""
        official = self.election.official
        return {
            "rule": self.rule,
            "winners": list(self.winners),
            "order": [*map(self._line, self.lines), *self._finish()],
            "ties": [self._tie(tie) for tie in self.ties],
            "rounds": [*map(self._payment, self.payments), *map(_round, self.rounds)],
            "partly": self.partly.item_id if self.partly else None,
            "warnings": list(self.warnings),
            "names": dict(self.election.names),
            "official": None if official is None else sorted(official),
            "agrees": self.agrees,
        }

    def _line(self, line: Line) -> dict[str, object]:
        return {
            "id": line.item_id,
            "score": _number(self.score(line.votes)),
            "cost": _number(self.amount(line.cost_fen)),
            "chosen": line.chosen,
            "reason": line.reason.value,
            "balance_before": _number(self.amount(line.balance_before_fen)),
            "balance_after": _number(self.amount(line.balance_after_fen)),
        }

    def _tie(self, tie: Tie) -> dict[str, object]:
        return {
            "items": list(tie.item_ids),
            "score": _number(self.score(tie.votes)),
            "settled_by": tie.settled_by,
            "order": list(tie.order),
        }

    def _finish(self) -> Iterator[dict[str, object]]:
        """Who went out in which round, and who was left in the last one, the best at the end."""
        for number, each in enumerate(self.rounds, 1):
            gone = [each.out] if each.out else sorted(each.votes, key=each.votes.__getitem__)
            for item in gone:
                chosen = item in self.winners
                yield {"id": item, "round": number, "score": each.votes[item], "chosen": chosen}

    def _payment(self, payment: Payment) -> dict[str, object]:
        return {
            "id": payment.item_id,
            "supporters": payment.supporters,
            "each_pays": _number(self.amount(payment.most_fen)),
            "paying_less": payment.paying_less,
        }


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _round(each: Round) -> dict[str, object]:
    votes = sorted(each.votes.items(), key=lambda pair: -pair[1])
    return {"votes": dict(votes), "exhausted": each.exhausted, "out": each.out}


def count(election: Election, rule: str | None = None, progress: Progress | None = None) -> Report:
    """Count the election by the rule that is named, or else by the one that its file states.

    Raises:
        Unreadable: the rule is unknown, or the file does not hold what it needs.
    """
    name = rule or election.stated
    meant, warning = rule_named(name)
    ready = replace(election, counting=replace(election.counting, rule=meant))
    ready = replace(ready, warnings=(*election.warnings, *([warning] if warning else [])))
    name = name if name in RULES else meant.value
    if meant is Rule.RUNOFF:
        return _runoff(ready, name)
    if election.budget_fen is None:
        raise Unreadable(f"The file names no budget; it cannot be counted by {name}.")
    if meant is Rule.EQUAL_SHARES:
        return _shares(ready, name, election.budget_fen, progress)
    return _greedy(ready, name, election.budget_fen)


def _greedy(election: Election, name: str, budget_fen: int) -> Report:
    totals = election.scores(election.counting)
    found = greedy.count(election.items, totals, budget_fen, election.counting, election.settle)
    return Report(
        election,
        name,
        found.winners,
        found.ties,
        election.warnings,
        found.lines,
        partly=found.partly,
    )


def _shares(election: Election, name: str, budget_fen: int, progress: Progress | None) -> Report:
    _need_choices(election, name)
    found = shares.count(
        election.items,
        election.each_choice(),
        election.way,
        budget_fen,
        election.counting,
        election.settle,
        unit_fen=election.unit_fen,
        progress=progress,
    )
    whole = found.outcome
    return Report(
        election, name, whole.winners, whole.ties, election.warnings, whole.lines, found.payments
    )


def _runoff(election: Election, name: str) -> Report:
    _need_choices(election, name)
    if election.way is not Way.RANK:
        raise Unreadable("A runoff needs rankings, and in this file nobody ranks anything.")
    standing = [item.id for item in election.items if not item.must_do]
    found = runoff.count(standing, election.choices, election.settle)
    winners = (found.winner,) if found.winner else ()
    warnings = (*election.warnings, *_doubts(found, winners))
    return Report(election, name, winners, found.ties, warnings, rounds=found.rounds)


def _doubts(found: Runoff, winners: Sequence[str]) -> Iterator[str]:
    if not winners and not found.waits:
        yield "Nobody wins, for no choice counts."


def _need_choices(election: Election, name: str) -> None:
    if election.totals is not None:
        raise Unreadable(f"The file holds totals only; {name} needs every single choice.")
