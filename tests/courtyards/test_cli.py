"""Commands: thin calls, a fault is one sentence and exit 1."""

import json
from pathlib import Path

from flask import Flask

from surveys.base.db import db
from surveys.courtyards import service
from tests.courtyards.test_roll import HEADER, file_of
from tests.world import World


def run(app: Flask, *args: str) -> tuple[int, str]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["courtyards", *args])
    return result.exit_code, result.output


def test_courtyards_are_listed(app: Flask, world: World) -> None:
    status, output = run(app, "list", "--json")
    assert status == 0
    assert [(c["code"], c["households"]) for c in json.loads(output)] == [
        (world.code, 24),
        ("M3TV8NC", 12),
    ]
    assert world.code in run(app, "list")[1]


def test_a_roll_is_tried_and_then_brought_in(app: Flask, world: World, tmp_path: Path) -> None:
    file = tmp_path / "roll.xlsx"
    file.write_bytes(file_of(HEADER, [1, 1, 101, 99], [3, 1, 101, 50]))
    status, output = run(app, "import-roll", world.code, str(file), "--dry-run", "--json")
    assert status == 0
    assert json.loads(output)["new"] == 1
    assert service.size(world.courtyard)[0] == 24
    status, output = run(app, "import-roll", world.code.lower(), str(file))
    assert status == 0
    assert "新增 1 户，改面积 1 户，不变 0 户，表里没有、留着 23 户" in output
    assert "2-1-101" in output
    assert service.size(world.courtyard)[0] == 25


def test_wrong_cells_and_wrong_codes_end_with_one(app: Flask, world: World, tmp_path: Path) -> None:
    file = tmp_path / "roll.xlsx"
    file.write_bytes(file_of(HEADER, [1, 1, 101, "约98"]))
    status, output = run(app, "import-roll", world.code, str(file))
    assert status == 1
    assert "第 2 行“面积”：“约98”不是数" in output
    status, output = run(app, "import-roll", world.code, str(file), "--json")
    assert (status, json.loads(output)["faults"][0]["row"]) == (1, 2)
    status, output = run(app, "import-roll", "0000000", str(file))
    assert status == 1
    assert "没有哪个院子" in output
