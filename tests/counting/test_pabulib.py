"""Pabulib files: what is read, what is refused with a sentence, and what is written."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.counting.elections import Election, Unreadable
from surveys.counting.pabulib import parse
from surveys.counting.pabulib_writer import Ballot, written
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.ways import Marks, Way, canonical

APPROVAL = '''META
key;value
description;院子
num_projects;3
num_votes;4
budget;100
vote_type;approval
rule;greedy
currency;CNY
PROJECTS
project_id;cost;votes;name;selected
9;60;3;"屋面; ""防水""";1
10;50;2;灯;0
x/1;40;0;;2
VOTES
voter_id;vote;age
a;9;70
b;9,10;
c;;30
d;10,9;41
'''


def changed(old: str, new: str, text: str = APPROVAL) -> str:
    """The file with one thing different."""
    assert text.count(old) == 1
    return text.replace(old, new)


def of_type(vote_type: str, votes: str, meta: str = "", columns: str = "voter_id;vote") -> str:
    """A file of two projects with other votes."""
    lines = votes.splitlines()
    return f"""META
key;value
num_projects;2
num_votes;{len(lines)}
budget;10
vote_type;{vote_type}
rule;greedy
{meta}PROJECTS
project_id;cost
a;5
b;6
VOTES
{columns}
{votes}
"""


def marks(election: Election) -> list[Marks]:
    """Every choice."""
    return list(election.each_choice())


def test_an_approval_file_is_read() -> None:
    found = parse(APPROVAL)
    assert found.items == (Item("9", 60, ""), Item("10", 50, ""), Item("x/1", 40, ""))
    assert found.names == {"9": '屋面; "防水"', "10": "灯", "x/1": ""}
    assert (found.budget_fen, found.fen_per_unit, found.currency) == (100, 1, "CNY")
    assert (found.way, found.stated) == (Way.APPROVE, "greedy")
    assert found.official == frozenset({"9"})
    assert marks(found) == [{"9": 1}, {"9": 1, "10": 1}, {}, {"10": 1, "9": 1}]
    assert found.unit_fen == 1


def test_amounts_that_are_not_whole_are_counted_in_smaller_parts() -> None:
    found = parse(changed("9;60;3", "9;60.25;3", changed("budget;100", "budget;100,5")))
    assert [item.cost_fen for item in found.items] == [6025, 5000, 4000]
    assert (found.budget_fen, found.fen_per_unit) == (10_050, 100)
    assert found.unit_fen == 100


def test_whole_amounts_with_zeros_behind_the_point_stay_whole() -> None:
    assert parse(changed("budget;100", "budget;100.00")).fen_per_unit == 1


@pytest.mark.parametrize(
    ("text", "way", "score", "read"),
    [
        (of_type("choose-1", "1;a\n2;"), Way.ONE, Score.VOTES, [{"a": 1}, {}]),
        (
            of_type("cumulative", "1;b,a;3,1\n2;a;0", columns="voter_id;vote;points"),
            Way.POINTS,
            Score.POINTS,
            [{"b": 3, "a": 1}, {}],
        ),
        (
            of_type("scoring", "1;a;7", columns="voter_id;vote;points"),
            Way.POINTS,
            Score.POINTS,
            [{"a": 7}],
        ),
        (of_type("ordinal", "1;b,a\n2;a"), Way.RANK, Score.BORDA, [{"b": 1, "a": 2}, {"a": 1}]),
    ],
)
def test_every_type_of_vote_is_read(text: str, way: Way, score: Score, read: list[Marks]) -> None:
    found = parse(text)
    assert (found.way, found.counting.score, marks(found)) == (way, score, read)


def test_the_length_of_borda_is_the_longest_vote_allowed() -> None:
    assert parse(of_type("ordinal", "1;b,a")).counting.length == 2
    assert parse(of_type("ordinal", "1;b", meta="max_length;1\n")).counting.length == 1


def test_the_least_score_is_read() -> None:
    text = changed("rule;greedy", "rule;greedy-threshold\nmin_project_score_threshold;3")
    assert parse(text).counting.least_votes == 3


def test_a_file_that_does_not_say_who_excludes_whom_warns() -> None:
    assert "exclude" in parse(changed("rule;greedy", "rule;greedy-exclusive")).warnings[0]


def test_a_file_without_the_winners_names_none() -> None:
    assert parse(of_type("approval", "1;a")).official is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file has no section META."),
        ("hello", "Line 1: the file does not begin with META."),
        (changed("META\n", ""), "Line 1: the file does not begin with META."),
        (APPROVAL + "META\n", "Line 21: the section META does not belong here."),
        (changed("PROJECTS\n", "VOTES\n"), "Line 10: the section VOTES does not belong here."),
        (APPROVAL.partition("VOTES")[0], "The file has no section VOTES."),
        (changed("key;value", "key;key"), "Line 2: two columns of META have the same head."),
        (changed("key;value", "key;text"), "Line 2: META has no column value."),
        (changed("voter_id;vote;", "voter;vote;"), "Line 16: VOTES has no column voter_id."),
        (changed("currency;CNY", "budget;100"), "Line 9: META says budget twice."),
        (changed("budget;100", "money;100"), "META does not say budget."),
        (changed("num_votes;4", "votes;4"), "META does not say num_votes."),
        (changed("budget;100", "budget;-1"), "Line 6: budget is not an amount: '-1'."),
        (changed("budget;100", "budget;1e9"), "Line 6: budget is not an amount: '1e9'."),
        (changed("budget;100", "budget;٣"), "Line 6: budget is not an amount: '٣'."),
        (changed("num_votes;4", "num_votes;5"), "Line 5: num_votes is 5, but there are 4 votes."),
        (
            changed("num_projects;3", "num_projects;2"),
            "Line 4: num_projects is 2, but there are 3 projects.",
        ),
        (changed("approval", "thumbs"), "Line 7: vote_type 'thumbs' is not known here."),
        (changed("9;60;3", "9;;3"), "Line 12: cost is not an amount: ''."),
        (changed("9;60;3", "9;60;4"), "Line 12: votes is 4, but counted it is 3."),
        (changed("10;50;2;灯;0", "10;50;2;灯"), "Line 13 has 4 cells, but there are 5 columns."),
        (changed("10;50;2;灯;0", "9;50;2;灯;0"), "Line 13: project_id '9' is not one of its own."),
        (changed("10;50;2;灯;0", ";50;2;灯;0"), "Line 13: project_id '' is not one of its own."),
        (changed("灯;0", "灯;yes"), "Line 13: selected is not a whole number: 'yes'."),
        (changed("a;9;70", "a;9;70;1"), "Line 17 has 4 cells, but there are 3 columns."),
        (changed("a;9;70", "a;8;70"), "Line 17: vote names '8', which is no project."),
        (changed("a;9;70", "a;9,;70"), "Line 17: vote names '', which is no project."),
        (changed("a;9;70", "a;9,9;70"), "Line 17: vote names a project twice."),
        (changed("b;9,10;", "a;9,10;"), "Line 17: voter_id 'a' votes twice."),
        (changed('"屋面;', '"屋"面;'), "Line 12: the quoting is wrong"),
        (of_type("choose-1", "1;a,b"), "Line 14: vote names 2 projects; one is allowed."),
        (of_type("cumulative", "1;a"), "Line 14: points has 0 numbers for 1 projects."),
        (
            of_type("cumulative", "1;a;1,2", columns="voter_id;vote;points"),
            "Line 14: points has 2 numbers for 1 projects.",
        ),
        (
            of_type("scoring", "1;a;-1", columns="voter_id;vote;points"),
            "Line 14: points has a number below 0.",
        ),
        (
            of_type("scoring", "1;a;0.5", columns="voter_id;vote;points"),
            "Line 14: points is not a whole number: '0.5'.",
        ),
        (
            of_type("ordinal", "1;a", meta="scoring_fn;Dowdall\n"),
            "Line 8: scoring_fn other than Borda is not known here.",
        ),
        (
            of_type("scoring", "1;a", meta="default_score;2\n"),
            "Line 8: default_score other than 0 is not known here.",
        ),
        (of_type("ordinal", "1;a", meta="max_length;0\n"), "Nobody may rank anything"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        parse(text)


def test_points_that_do_not_add_up_to_the_score_are_found() -> None:
    columns = "voter_id;vote;points"
    text = of_type("cumulative", "1;a,b;3,1\n2;a;2", columns=columns)
    right = text.replace("cost\na;5\nb;6", "cost;score\na;5;5\nb;6;1")
    assert parse(right).scores(Counting(score=Score.POINTS)).scores == {"a": 5, "b": 1}
    with pytest.raises(Unreadable, match="Line 10: score is 6, but counted it is 5"):
        parse(right.replace("a;5;5", "a;5;6"))


def test_half_points_of_equal_ranks_may_stand_in_a_score() -> None:
    text = of_type("ordinal", "1;a,b;1,1", columns="voter_id;vote;ranks")
    assert parse(text.replace("cost\na;5\nb;6", "cost;score\na;5;1.5\nb;6;1.5"))


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_done_to_a_file_it_is_read_or_refused_with_a_sentence(
    data: st.DataObject,
) -> None:
    text = data.draw(st.sampled_from([APPROVAL, of_type("ordinal", "1;b,a\n2;a")]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    put = data.draw(st.text('09ab;,."\n\r\0-屋META', max_size=6))
    try:
        parse(text[:start] + put + text[end:])
    except Unreadable as fault:
        assert str(fault).endswith(".") or "(" in str(fault)  # noqa: PT017 - none is fine too


# --- writing -------------------------------------------------------------------------------------

ITEMS = (
    Item("gas", 10_050, "basic", must_do=True),
    Item("9", 6_000, "basic"),
    Item("10", 5_005, "better"),
    Item("1", 0, "better"),
)


def ballot(way: Way, choices: list[Marks], counting: Counting | None = None) -> Ballot:
    """A sealed ballot."""
    return Ballot(
        items=ITEMS,
        names={"9": '屋面; "防水"', "10": "灯", "1": "墙"},
        way=way,
        choices=choices,
        counting=counting or Counting(),
        budget_fen=30_000,
        winners={"gas", "9"},
        facts={"description": "甲院", "country": "China"},
    )


def test_a_sealed_ballot_is_written_like_this() -> None:
    choices: list[Marks] = [{"9": 1, "10": 1}, {}, {"9": 1}]
    assert written(ballot(Way.APPROVE, choices)) == (
        "META\nkey;value\ndescription;甲院\ncountry;China\nnum_projects;3\nnum_votes;3\n"
        "budget;199.50\nvote_type;approval\nrule;greedy\ncurrency;CNY\n"
        "PROJECTS\nproject_id;cost;votes;name;category;selected\n"
        '9;60;2;"屋面; ""防水""";basic;1\n10;50.05;1;灯;better;0\n1;0;0;墙;better;0\n'
        "VOTES\nvoter_id;vote\n1;10,9\n2;9\n3;\n"
    )


@pytest.mark.parametrize(
    ("way", "counting", "choices"),
    [
        (Way.APPROVE, Counting(), [{"9": 1, "10": 1}, {}, {"9": 1}]),
        (Way.ONE, Counting(Rule.GREEDY_NO_SKIP), [{"9": 1}, {"9": 1}, {}]),
        (Way.POINTS, Counting(score=Score.POINTS), [{"9": 2, "10": 5}, {"1": 1}]),
        (
            Way.RANK,
            Counting(score=Score.BORDA, length=3),
            [{"9": 1, "10": 1, "1": 7}, {"10": 3}],
        ),
        (Way.JUDGE, Counting(), [{"9": 1, "10": -1, "1": 0}, {"9": -1}]),
    ],
)
def test_a_written_ballot_is_read_back_with_whole_choices(
    way: Way, counting: Counting, choices: list[Marks]
) -> None:
    found = parse(written(ballot(way, choices, counting)))
    assert (found.way, found.stated) == (way, counting.rule)
    assert sorted(map(canonical, marks(found))) == sorted(map(canonical, choices))
    ours = [item for item in ITEMS if not item.must_do]
    assert [item.id for item in found.items] == [item.id for item in ours]
    assert found.scores(replace(counting, rule=Rule.GREEDY)).ballots == len(choices)


def test_the_order_in_which_choices_come_changes_no_byte() -> None:
    choices: list[Marks] = [{"9": 2, "10": 5}, {"1": 1}, {"10": 1}, {"1": 1}]
    counting = Counting(score=Score.POINTS)
    one = written(ballot(Way.POINTS, choices, counting))
    turned: list[Marks] = [{i: choice[i] for i in sorted(choice)} for choice in reversed(choices)]
    other = written(ballot(Way.POINTS, turned, counting))
    assert one == other


@pytest.mark.parametrize(
    ("counting", "name"),
    [
        (Counting(), "greedy"),
        (Counting(least_votes=2), "greedy-threshold"),
        (Counting(least_percent=2), "greedy-threshold"),
        (Counting(exclusive=(("9", "10"),)), "greedy-exclusive"),
        (Counting(kind_cap_fen={"basic": 5}), "greedy-custom"),
        (Counting(Rule.GREEDY_NO_SKIP, least_votes=2), "greedy-no-skip"),
        (Counting(Rule.EQUAL_SHARES), "equalshares/add1"),
    ],
)
def test_the_rule_is_named_as_other_programs_know_it(counting: Counting, name: str) -> None:
    assert parse(written(ballot(Way.APPROVE, [{"9": 1}], counting))).stated == name


def test_the_least_share_is_written_as_a_number_of_votes_rounded_up() -> None:
    choices: list[Marks] = [{"9": 1}] * 7
    text = written(ballot(Way.APPROVE, choices, Counting(least_votes=1, least_percent=20)))
    assert "min_project_score_threshold;2\n" in text
