"""A file counted by a rule: which rule that is, and what the report says."""

import json

import pytest

from surveys.counting.elections import Election, Unreadable
from surveys.counting.pabulib import parse
from surveys.counting.picks import Item
from surveys.counting.preflib import parse as parse_ranking
from surveys.counting.report import count
from surveys.counting.rules import Counting
from surveys.counting.tally import Totals
from surveys.counting.ways import Way

RANKING = """# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# ALTERNATIVE NAME 1: 屋面
# ALTERNATIVE NAME 2: 灯
# ALTERNATIVE NAME 3: 座椅
4: 1
3: 2
2: 3,2
"""


def file(rule: str, vote_type: str = "approval", votes: str = "", meta: str = "") -> Election:
    """Three projects of which 9 and 10 are level where the money does not pay for both."""
    votes = votes or "1;1\n2;1,9\n3;9,10\n4;10,1"
    return parse(
        f"META\nkey;value\nnum_projects;3\nnum_votes;{len(votes.splitlines())}\nbudget;10.50\n"
        f"vote_type;{vote_type}\nrule;{rule}\n{meta}PROJECTS\nproject_id;cost;name;selected\n"
        f"1;4;屋面;1\n9;5;灯;1\n10;6.5;座椅;0\nVOTES\nvoter_id;vote\n{votes}\n"
    )


@pytest.mark.parametrize(
    ("rule", "winners"),
    [
        ("greedy", ("1", "9")),
        ("greedy-no-skip", ("1", "9")),
        ("greedy-exclusive", ("1", "9")),
        ("greedy-threshold", ("1", "9")),
        ("greedy-custom", ("1", "9")),
        ("equalshares/add1", ("1", "9")),
    ],
)
def test_the_rule_of_the_file_is_followed(rule: str, winners: tuple[str, ...]) -> None:
    found = count(file(rule))
    assert (found.winners, found.agrees) == (winners, True)
    warned = "not known here; counted as greedy" in " ".join(found.warnings)
    assert warned == (rule == "greedy-custom")
    assert found.rule == ("greedy" if warned else rule)


def test_the_least_score_of_the_file_holds_for_every_rule() -> None:
    least = "min_project_score_threshold;3\n"
    for rule in ("greedy", "greedy-no-skip", "greedy-threshold", "equalshares/add1"):
        assert count(file(rule, meta=least)).winners == ("1",)


def test_another_rule_may_be_named() -> None:
    ranked = file("greedy", "ordinal", "1;1,9,10\n2;9,10\n3;10,9\n4;10")
    assert count(ranked, "runoff").winners == ("10",)
    assert count(ranked, "runoff").rule == "runoff"
    assert count(ranked).rule == "greedy"


def test_ties_of_a_foreign_file_follow_its_order_and_say_so() -> None:
    data = json.loads(json.dumps(count(file("greedy")).as_data()))
    assert data["ties"] == [
        {"items": ["9", "10"], "score": 2, "settled_by": "file order", "order": ["9", "10"]}
    ]


def test_the_report_for_programs_names_everything() -> None:
    data = count(file("greedy")).as_data()
    assert list(data) == [
        "rule",
        "winners",
        "order",
        "ties",
        "rounds",
        "partly",
        "warnings",
        "names",
        "official",
        "agrees",
    ]
    assert (data["rule"], data["winners"], data["rounds"]) == ("greedy", ["1", "9"], [])
    assert data["partly"] == "10"
    order = data["order"]
    assert isinstance(order, list)
    assert order[2] == {
        "id": "10",
        "score": 2,
        "cost": "6.50",
        "chosen": False,
        "reason": "does_not_fit",
        "balance_before": "1.50",
        "balance_after": "1.50",
    }


def test_half_points_are_told_as_people_know_them() -> None:
    text = "1;1,9;1,1"
    election = parse(
        "META\nkey;value\nnum_projects;2\nnum_votes;1\nbudget;9\nvote_type;ordinal\nrule;greedy\n"
        f"PROJECTS\nproject_id;cost\n1;4\n9;5\nVOTES\nvoter_id;vote;ranks\n{text}\n"
    )
    by_votes, by_shares = count(election), count(election, "equalshares/add1")
    assert [by_votes.score(line.votes) for line in by_votes.lines] == ["1.5", "1.5"]
    assert [by_shares.score(line.votes) for line in by_shares.lines] == ["1", "1"]


def test_equal_shares_tell_who_paid_how_much() -> None:
    data = count(file("equalshares/add1")).as_data()
    assert data["rounds"] == [
        {"id": "1", "supporters": 3, "each_pays": "1.33", "paying_less": 0},
        {"id": "9", "supporters": 2, "each_pays": "2.50", "paying_less": 0},
    ]


def test_a_runoff_tells_its_rounds() -> None:
    found = count(parse_ranking(RANKING, "soi"))
    data = found.as_data()
    assert data["rounds"] == [
        {"votes": {"1": 4, "2": 3, "3": 2}, "exhausted": 0, "out": "3"},
        {"votes": {"2": 5, "1": 4}, "exhausted": 0, "out": None},
    ]
    assert data["order"] == [
        {"id": "3", "round": 1, "score": 2, "chosen": False},
        {"id": "1", "round": 2, "score": 4, "chosen": False},
        {"id": "2", "round": 2, "score": 5, "chosen": True},
    ]
    assert (found.winners, found.agrees) == (("2",), None)


def test_where_nobody_ranks_anything_a_runoff_has_no_winner_and_says_so() -> None:
    found = count(file("runoff", "ordinal", "1;\n2;"))
    assert found.winners == ()
    assert "Nobody wins" in found.warnings[0]


@pytest.mark.parametrize(
    ("election", "rule", "sentence"),
    [
        (file("cup"), None, "Unknown rule 'cup'; known are greedy, greedy-no-skip, "),
        (file(""), None, "The file names no rule; give one with --rule: greedy, "),
        (file("greedy"), "runoff", "A runoff needs rankings"),
        (parse_ranking(RANKING, "soi"), "greedy", "The file names no budget"),
        (parse_ranking(RANKING, "soi"), "equalshares/add1", "The file names no budget"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(
    election: Election, rule: str | None, sentence: str
) -> None:
    with pytest.raises(Unreadable, match=sentence):
        count(election, rule)


def test_totals_alone_are_enough_for_counting_by_votes_only() -> None:
    election = Election(
        items=(Item("a", 5, "x"), Item("b", 6, "x")),
        names={},
        way=Way.APPROVE,
        choices=(),
        counting=Counting(),
        stated="greedy",
        budget_fen=10,
        totals=Totals(4, {"a": 3, "b": 2}),
    )
    assert count(election).winners == ("a",)
    with pytest.raises(Unreadable, match="totals only"):
        count(election, "equalshares/add1")
