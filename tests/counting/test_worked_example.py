"""What docs/counting.md tells the residents is what the code does."""

import re
from pathlib import Path

from surveys.counting.greedy import count
from surveys.counting.outcome import Outcome, Reason
from surveys.counting.picks import Item
from surveys.counting.rules import Counting
from surveys.counting.tally import Totals
from surveys.counting.ties import SettledBy, by_lot, by_seed, unsettled

PAGE = (Path(__file__).parents[2] / "docs" / "counting.md").read_text("utf-8")
REASONS = {
    "必做": Reason.MUST_DO,
    "钱够": Reason.FITS,
    "钱不够": Reason.DOES_NOT_FIT,
    "没人选": Reason.NO_VOTES,
}


def table(first_cell: str) -> list[list[str]]:
    """The body of the table of the page whose head begins with `first_cell`."""
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)
    (found,) = [text for text in tables if text.startswith(f"| {first_cell} ")]
    lines = found.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def fen(wan: str) -> int:
    """Fen from 万元 with one decimal, exactly."""
    whole, tenths = wan.split(".")
    return (int(whole) * 10 + int(tenths)) * 100_000


def menu() -> list[Item]:
    """The menu of the page."""
    rows = table("编号 | 项目")
    return [Item(row[0], fen(row[2]), "basic", must_do=row[3] == "必做") for row in rows]


def counted() -> Outcome:
    """The example, counted with the lot that the page tells of."""
    lot = re.search(r"抽出来的先后是：([\d、]+)。", PAGE)
    assert lot
    votes = {row[0]: int(row[4]) for row in table("编号 | 项目")}
    return count(menu(), Totals(60, votes), fen("40.0"), Counting(), by_lot(lot[1].split("、")))


def test_the_result_table_of_the_page_is_what_is_counted() -> None:
    told = [
        (row[1], fen(row[2]), row[3] == "做", REASONS[row[4]], fen(row[5])) for row in table("先后")
    ]
    lines = counted().lines
    assert told == [
        (n.item_id, n.balance_before_fen, n.chosen, n.reason, n.balance_after_fen) for n in lines
    ]


def test_the_sums_and_the_tie_of_the_page_are_true() -> None:
    outcome = counted()
    told = re.search(r"一共做 (\d+) 项，花 ([\d.]+) 万元，剩 ([\d.]+) 万元", PAGE)
    assert told
    assert (len(outcome.winners), outcome.spent_fen, outcome.left_fen) == (
        int(told[1]),
        fen(told[2]),
        fen(told[3]),
    )
    (tie,) = outcome.ties
    assert (tie.item_ids, tie.balance_fen) == (("7", "9"), fen("5.2"))
    assert tie.settled_by == SettledBy.LOT


def test_before_the_lot_the_page_would_wait() -> None:
    votes = {row[0]: int(row[4]) for row in table("编号 | 项目")}
    waiting = count(menu(), Totals(60, votes), fen("40.0"), Counting(), unsettled)
    undecided = [n.item_id for n in waiting.lines if n.reason == Reason.UNDECIDED]
    assert undecided == ["7", "9", "10", "11", "12"]


def test_the_seed_of_the_page_gives_the_order_of_the_page() -> None:
    rows = table("编号 | 算出来的字，开头八位")
    by_place = sorted(rows, key=lambda row: ["先", "后"].index(row[2]))
    by_hash = sorted(rows, key=lambda row: row[1])
    assert by_place == by_hash
    settled = by_seed(b"xiaobandeng-demo")([row[0] for row in rows])
    assert settled is not None
    assert settled.order == tuple(row[0] for row in by_place)
