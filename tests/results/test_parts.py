"""Items that one building alone picks: counted, told, handed out and counted again."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from surveys.ballots.models import Showing
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.outcome import Reason
from surveys.counting.rules import Rule
from surveys.results import live, record, second_opinion, service
from surveys.results.counted import Count
from surveys.results.models import SecondOpinion
from surveys.results.rules import Surface
from tests.ballots.parts_stage import home, parted
from tests.ballots.stage import WHILE_OPEN, Stage
from tests.results.sealed import publish, recounted, seal, written


def voted(stage: Stage) -> Stage:
    """Ten of building 3, six of building 4 and twelve of building 1."""
    for n in range(10):
        stage.cast(home(3, n), "Lamps", *["Stairs of 3", "Ramp of 3-1"][: 2 if n < 7 else 0])
    for n in range(6):
        stage.cast(home(4, n), "Drains", *["Door of 4"][: n % 2])
    for n in range(12):
        stage.cast(home(1, n), "Drains")
    return stage


@pytest.fixture
def sealed(app: Flask) -> Stage:
    """Sealed and published."""
    stage = voted(parted(app))
    seal(stage)
    publish(stage)
    return stage


def count_of(stage: Stage) -> Count:
    found = service.read(stage.ballot).count
    assert isinstance(found, Count)
    return found


def test_an_item_has_the_votes_of_its_building_and_a_place_among_all(sealed: Stage) -> None:
    found = count_of(sealed)
    assert {line.item.name: line.line.votes for line in found.lines} == {
        "Drains": 18,
        "Lamps": 10,
        "Stairs of 3": 7,
        "Ramp of 3-1": 7,
        "Door of 4": 3,
        "Benches": 0,
    }
    assert dict(found.totals.parts) == {"3": 10, "3 1": 10, "4": 6}
    assert found.totals.ballots == found.households_in == 28
    stairs = next(line.item for line in found.lines if line.item.name == "Stairs of 3")
    assert found.whole_of(stairs) == 10


@pytest.mark.parametrize("rule", [Rule.GREEDY, Rule.GREEDY_NO_SKIP])
def test_a_share_is_asked_of_those_who_might_pick_it(app: Flask, rule: Rule) -> None:
    stage = voted(parted(app, Terms(rule=rule, least_percent=60)))
    seal(stage)
    reasons = {line.item.name: line.line.reason for line in count_of(stage).lines}
    assert reasons["Stairs of 3"] is reasons["Drains"] is Reason.FITS  # 7 of 10, 18 of 28
    assert reasons["Lamps"] is reasons["Door of 4"] is Reason.TOO_FEW  # 10 of 28, 3 of 6


def test_there_is_no_second_opinion_where_no_choice_is_whole(sealed: Stage) -> None:
    assert db.session.get(SecondOpinion, sealed.ballot.id) is None
    assert second_opinion.waiting(WHILE_OPEN) == []
    assert record.of(sealed.ballot).second is None


def test_live_bars_leave_these_items_out_until_the_sealing(app: Flask) -> None:
    stage = voted(parted(app, showing=Showing.LIVE))
    assert live.refresh(stage.ballot.id, stage.keys)
    totals = live.figures(stage.ballot.id, Surface.PAGE, WHILE_OPEN).totals
    assert totals is not None
    assert totals.scores[stage.items["Drains"]] == 18
    assert totals.scores[stage.items["Stairs of 3"]] == 0
    assert not totals.parts


# --- the bundles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_the_program_in_the_bundle_counts_it_again(
    sealed: Stage, tmp_path: Path, whole: bool
) -> None:
    path = written(sealed.ballot, tmp_path, sealed=whole)
    report = recounted(path, "--json")
    assert report.returncode == 0, report.stdout
    checks = [check["check"] for check in json.loads(report.stdout)["checks"]]
    assert ("parts" in checks) is whole
    assert "opinion" not in "".join(checks)


def test_the_sealed_bundle_holds_pieces_and_no_election_file(sealed: Stage) -> None:
    files = record.sealed_files(record.of(sealed.ballot))
    assert "election.pb" not in files
    held = json.loads(files["sealed.json"])
    assert {part: len(found) for part, found in held["parts"].items()} == {
        "3": 10,
        "3 1": 10,
        "4": 6,
    }
    assert len(held["choices"]) == 28
    assert json.loads(files["record.json"])["format"] == 2


def test_a_building_of_which_four_came_has_no_figures(app: Flask, tmp_path: Path) -> None:
    stage = parted(app)
    for n in range(4):
        stage.cast(home(4, n), "Lamps", "Door of 4")
    for n in range(5):
        stage.cast(home(3, n), "Lamps", "Stairs of 3")
    seal(stage)
    found = count_of(stage)
    assert dict(found.totals.parts) == {"3": 5, "3 1": 5, "4": 0}
    lines = {line.item.name: line.line for line in found.lines}
    assert lines["Door of 4"].reason is Reason.NO_VOTES
    assert lines["Stairs of 3"].votes == 5
    for whole in (False, True):
        assert recounted(written(stage.ballot, tmp_path, sealed=whole)).returncode == 0


Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(
    ("file", "change", "says"),
    [
        ("record.json", lambda held: held.update(format=1), "格式号"),
        ("sealed.json", lambda held: held["parts"].pop("4"), "被改过"),
        ("sealed.json", lambda held: held["parts"]["3"].reverse(), "被改过"),
    ],
)
def test_what_was_changed_afterwards_is_found(
    sealed: Stage, tmp_path: Path, file: str, change: Change, says: str
) -> None:
    files = record.sealed_files(record.of(sealed.ballot))
    held = json.loads(files[file])
    change(held)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / file).write_text(text, "utf-8")
    report = recounted_folder(folder)
    assert says in report


def recounted_folder(folder: Path) -> str:
    """What the program says of a bundle that lies unpacked."""
    command = [sys.executable, "-I", str(folder / "recount.py"), str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env={})
    assert ran.returncode == 1
    return ran.stdout
