"""What docs/counting.md tells of the other ways of counting is what the code does."""

import re
from fractions import Fraction

from surveys.counting import greedy, runoff, shares
from surveys.counting.outcome import Outcome, Reason
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import Totals, half_points, tally
from surveys.counting.ties import by_file_order, unsettled
from surveys.counting.ways import Marks, Way
from tests.counting.test_worked_example import PAGE, REASONS, fen, menu, table

MORE_REASONS = {
    **REASONS,
    "和排在前面的只做一项": Reason.EXCLUDED,
    "这一类的钱不够": Reason.OVER_KIND_CAP,
    "户数不够": Reason.TOO_FEW,
}


def decided(outcome: Outcome) -> list[tuple[str, bool, Reason, int]]:
    """What a table of results tells of each item."""
    return [(n.item_id, n.chosen, n.reason, n.balance_after_fen) for n in outcome.lines]


def test_ending_at_the_first_that_does_not_fit() -> None:
    votes = {row[0]: int(row[4]) for row in table("编号 | 项目")}
    counting = Counting(Rule.GREEDY_NO_SKIP)
    outcome = greedy.count(menu(), Totals(60, votes), fen("40.0"), counting, unsettled)
    told = [(r[1], r[3] == "做", REASONS[r[4]], fen(r[5])) for r in table("到停为止")]
    assert decided(outcome)[: len(told)] == told
    after = outcome.lines[len(told) :]
    assert f"后面的 {len(after)} 项都不做" in PAGE
    assert not any(line.chosen for line in after)


def test_several_settings_together() -> None:
    rows = table("几条一起用的编号")
    items = [Item(row[0], fen(row[3]), row[2]) for row in rows]
    votes = {row[0]: int(row[4]) for row in rows}
    counting = Counting(least_votes=10, exclusive=(("1", "2"),), kind_cap_fen={"完善": fen("5.0")})
    outcome = greedy.count(items, Totals(30, votes), fen("20.0"), counting, unsettled)
    told = table("几条一起用的先后")
    assert decided(outcome) == [
        (row[1], row[2] == "做", MORE_REASONS[row[3]], fen(row[4])) for row in told
    ]
    assert outcome.partly is not None
    assert outcome.partly.item_id == "5"


def test_points() -> None:
    *rows, total = [[int(cell) for cell in row[1:]] for row in table("给分的住户")]
    choices: list[Marks] = [{str(n): p for n, p in enumerate(row) if p} for row in rows]
    counting = Counting(score=Score.POINTS)
    found = tally(choices, ["0", "1", "2"], Way.POINTS, counting)
    assert list(found.scores.values()) == total


def test_ranks() -> None:
    ranks = [
        {n: int(cell.removeprefix("第 ")) for n, cell in enumerate(row[1:]) if cell != "没排"}
        for row in table("排名次的住户")
    ]
    told = [[int(Fraction(cell) * 2) for cell in row[1:]] for row in table("得分的住户")]
    for marks, halves in zip(ranks, told, strict=False):
        assert half_points(list(marks.values()), 3) == tuple(halves[n] for n in marks)
    choices: list[Marks] = [{str(n): rank for n, rank in marks.items()} for marks in ranks]
    counting = Counting(score=Score.BORDA, length=3)
    found = tally(choices, ["0", "1", "2"], Way.RANK, counting)
    assert list(found.scores.values()) == told[-1]


def test_for_and_against() -> None:
    rows = table("表态的项目")
    votes = [{row[0]: int(row[column]) for row in rows} for column in (1, 2, 3)]
    items = [Item(row[0], 1, "x") for row in rows]
    outcome = greedy.count(items, Totals(45, *votes), 100, Counting(), unsettled)
    assert set(outcome.winners) == {row[0] for row in rows if row[4] == "做"}


def ranking(told: str) -> Marks:
    """From words such as 东墙和南门并列，再西角."""
    ranks = told.removesuffix("并列").replace("并列，再", "，再").split("，再")
    return {item: n for n, rank in enumerate(ranks, 1) for item in rank.split("和")}


def test_rounds_of_a_runoff() -> None:
    choices = [(ranking(row[0]), int(row[1])) for row in table("排法")]
    places = ["东墙", "南门", "西角"]
    found = runoff.count(places, choices, unsettled)
    told = [
        (
            {place: int(n) for place, n in zip(places, row[1:4], strict=True) if n != "出局"},
            int(row[4]),
            None if row[5] == "没有" else row[5],
        )
        for row in table("轮")
    ]
    assert [(dict(r.votes), r.exhausted, r.out) for r in found.rounds] == told
    assert f"建在{found.winner}" in PAGE


def test_equal_shares() -> None:
    choices: list[Marks] = []
    for picked, households in table("选法"):
        choices += [dict.fromkeys(picked.split("、"), 1)] * int(households)
    line = re.search(r"^屋面防水要 .*$", PAGE, re.MULTILINE)
    assert line
    costs = re.findall(r"([^，。]+)要 ([\d.]+) 万元", line[0])
    items = [Item(name, fen(cost), "x") for name, cost in costs]
    found = shares.count(
        items,
        choices,
        Way.APPROVE,
        fen("10.0"),
        Counting(Rule.EQUAL_SHARES),
        by_file_order,
        unit_fen=shares.own_unit_fen(fen("10.0"), len(choices)),
    )
    left = [line.balance_after_fen for line in found.outcome.lines if line.chosen]
    assert [
        (p.item_id, p.supporters, p.most_fen, left_fen)
        for p, left_fen in zip(found.payments, left, strict=True)
    ] == [
        (row[1], int(row[2]), Fraction(row[3]) * 1_000_000, fen(row[4]))
        for row in table("平分钱的先后")
    ]
