"""`flask count`: what a person and a program get to read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from surveys.results.cli import count_file

ELECTION = """META
key;value
num_projects;2
num_votes;3
budget;10
vote_type;approval
rule;greedy
currency;CNY
PROJECTS
project_id;cost;name;selected
9;6;屋面防水;1
10;5;灯;0
VOTES
voter_id;vote
1;9,10
2;9,10
3;
"""
RANKING = """# NUMBER ALTERNATIVES: 2
# NUMBER VOTERS: 5
# ALTERNATIVE NAME 1: 屋面
# ALTERNATIVE NAME 2: 灯
3: 2
2: 1,2
"""


def counted(path: Path, *options: str) -> Result:
    """What the command answers."""
    return CliRunner().invoke(count_file, [str(path), *options])


@pytest.fixture
def election(tmp_path: Path) -> Path:
    """A small Pabulib file with a tie at the edge of the budget."""
    path = tmp_path / "院子.PB"
    path.write_text(ELECTION, encoding="utf-8")
    return path


def test_a_person_reads_a_table_the_ties_and_the_winners(election: Path) -> None:
    found = counted(election)
    assert found.exit_code == 0
    assert found.output == (
        "Counted by greedy: 2 items, 3 choices, budget 10 CNY\n"
        "\n"
        "   id  name      score  cost  left  reason\n"
        "+  9   屋面防水  2      6     4     fits\n"
        "-  10  灯        2      5     4     does not fit\n"
        "\n"
        "Tie, settled by file order: 9, 10\n"
        "The 4 left would have paid for a part of 10: not bought.\n"
        "Chosen: 9 屋面防水\n"
        "These are the winners that the file names.\n"
    )


def test_a_program_reads_json(election: Path) -> None:
    data = json.loads(counted(election, "--json").output)
    assert (data["rule"], data["winners"]) == ("greedy", ["9"])
    assert data["ties"][0]["settled_by"] == "file order"
    assert [line["id"] for line in data["order"]] == ["9", "10"]


def test_another_rule_is_named_by_an_option(election: Path) -> None:
    data = json.loads(counted(election, "--rule", "equalshares/add1", "--json").output)
    assert data["rule"] == "equalshares/add1"
    assert "each pays" in counted(election, "--rule", "equalshares/add1").output


def test_winners_that_the_file_does_not_name_are_pointed_out(election: Path) -> None:
    election.write_text(
        ELECTION.replace("屋面防水;1", "屋面防水;0").replace("灯;0", "灯;1"), "utf-8"
    )
    said = counted(election).output.splitlines()[-1]
    assert said == "The file names other winners. Chosen here only: 9; in the file only: 10."


def test_rankings_are_counted_as_a_runoff(tmp_path: Path) -> None:
    path = tmp_path / "ranking.soi"
    path.write_text(RANKING, encoding="utf-8-sig")
    found = counted(path)
    assert found.exit_code == 0
    assert "+  2   灯         3\n" in found.output
    assert "Chosen: 2 灯\n" in found.output


def test_warnings_are_told(election: Path) -> None:
    election.write_text(ELECTION.replace("rule;greedy", "rule;greedy-odd"), encoding="utf-8")
    assert "Warning: The rule greedy-odd is not known here" in counted(election).output


@pytest.mark.parametrize(
    ("name", "content", "options", "sentence"),
    [
        ("a.pb", b"nonsense", [], "Line 1: the file does not begin with META."),
        ("a.pb", ELECTION.encode().replace(b"num_votes;3", b"num_votes;4"), [], "num_votes is 4"),
        ("a.pb", ELECTION.encode(), ["--rule", "cup"], "Unknown rule 'cup'; known are"),
        ("a.pb", b"META\nkey;value\n\xff", [], "Line 3 is not written in UTF-8."),
        ("a.soi", b"# TITLE: a", [], "The file does not say NUMBER ALTERNATIVES."),
        ("a.xlsx", b"", [], "The name 'a.xlsx' does not end in one of .pb, .soi"),
        ("a.pb", None, [], "cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_counted_is_one_sentence_and_status_1(
    tmp_path: Path, name: str, content: bytes | None, options: list[str], sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    found = counted(tmp_path / name, *options)
    assert found.exit_code == 1
    assert found.output.startswith("Error: ")
    assert found.output.count("\n") == 1
    assert sentence in found.output
