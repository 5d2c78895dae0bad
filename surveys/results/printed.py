"""A count of a file, as lines for a terminal."""

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from surveys.counting.outcome import Reason
from surveys.counting.report import Report

REASONS = {
    Reason.MUST_DO: "must be done",
    Reason.FITS: "fits",
    Reason.DOES_NOT_FIT: "does not fit",
    Reason.EXCLUDED: "another of its group is chosen",
    Reason.OVER_KIND_CAP: "over the cap of its kind",
    Reason.AFTER_THE_END: "after the end",
    Reason.OUTVOTED: "outvoted",
    Reason.SUPPORTERS_SHORT: "its supporters have too little left",
    Reason.TOO_FEW: "too little support",
    Reason.NO_VOTES: "no votes",
    Reason.UNDECIDED: "a tie is open",
}
LONGEST_NAME = 40


def printed(report: Report) -> str:
    """The whole report, without the last line break."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"Counted by {report.rule}: {_money(report)}"
    yield ""
    yield from _table(list(_decisions(report) if report.lines else _rounds(report)))
    yield ""
    for tie in report.ties:
        yield _tie(tie.item_ids, tie.settled_by, tie.order)
    if report.partly:
        left = report.amount(report.partly.balance_before_fen)
        yield f"The {left} left would have paid for a part of {report.partly.item_id}: not bought."
    yield f"Chosen: {_listed(report, report.winners)}"
    if report.agrees is not None:
        yield _comparison(report)
    for warning in report.warnings:
        yield f"Warning: {warning}"


def _money(report: Report) -> str:
    election = report.election
    voted = election.totals.ballots if election.totals else sum(n for _, n in election.choices)
    choices = f"{len(election.items)} items, {voted} choices"
    if election.budget_fen is None:
        return choices
    return f"{choices}, budget {report.amount(election.budget_fen)} {election.currency}".rstrip()


def _decisions(report: Report) -> Iterator[Sequence[str]]:
    pays = {payment.item_id: report.amount(payment.most_fen) for payment in report.payments}
    heads = ("", "id", "name", "score", "cost", "left", "reason")
    yield (*heads, "each pays") if pays else heads
    for line in report.lines:
        row = (
            "+" if line.chosen else "-",
            line.item_id,
            report.election.names.get(line.item_id, "")[:LONGEST_NAME],
            report.score(line.votes),
            report.amount(line.cost_fen),
            report.amount(line.balance_after_fen),
            REASONS[line.reason],
        )
        yield (*row, pays.get(line.item_id, "")) if pays else row


def _rounds(report: Report) -> Iterator[Sequence[str]]:
    numbers = [str(number) for number, _ in enumerate(report.rounds, 1)]
    yield ("", "id", "name", *(f"round {number}" for number in numbers))
    first = report.rounds[0].votes
    for item in sorted(first, key=lambda item: (-_lasted(report, item), -first[item])):
        votes = [str(each.votes.get(item, "")) for each in report.rounds]
        name = report.election.names.get(item, "")[:LONGEST_NAME]
        yield ("+" if item in report.winners else "-", item, name, *votes)
    yield ("", "", "exhausted", *(str(each.exhausted) for each in report.rounds))


def _lasted(report: Report, item: str) -> int:
    return sum(item in each.votes for each in report.rounds)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in cells).rstrip()


def _width(cell: str) -> int:
    """Columns of a terminal; a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell)


def _tie(item_ids: Sequence[str], settled_by: str | None, order: Sequence[str]) -> str:
    if settled_by is None:
        return f"Tie, still open: {', '.join(item_ids)}"
    return f"Tie, settled by {settled_by}: {', '.join(order)}"


def _listed(report: Report, item_ids: Sequence[str]) -> str:
    names = report.election.names
    told = (f"{item} {names.get(item, '')[:LONGEST_NAME]}".strip() for item in item_ids)
    return "; ".join(told) or "nothing"


def _comparison(report: Report) -> str:
    if report.agrees:
        return "These are the winners that the file names."
    official = report.election.official or frozenset()
    more = ", ".join(sorted(set(report.winners) - official)) or "none"
    fewer = ", ".join(sorted(official - set(report.winners))) or "none"
    return f"The file names other winners. Chosen here only: {more}; in the file only: {fewer}."
