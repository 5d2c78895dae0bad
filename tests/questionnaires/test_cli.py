"""`flask questionnaires check`: a file is looked through, for people and for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from surveys.questionnaires.files import workbook
from tests.questionnaires.xlsforms import NEEDS, SITE


@pytest.fixture
def check(app: Flask, tmp_path: Path) -> Any:
    """Runs the command on a file of these bytes."""

    def run(data: bytes, name: str = "a.xlsx", *options: str) -> Result:
        file = tmp_path / name
        file.write_bytes(data)
        return app.test_cli_runner().invoke(args=["questionnaires", "check", str(file), *options])

    return run


def test_a_program_is_told_the_questions_and_their_digest(check: Any) -> None:
    result = check(NEEDS, "a.xlsx", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["title"] == "入户需求调查"
    assert found["digest"] == workbook.read(NEEDS).digest
    assert found["questions"][1] == {
        "choices": [{"key": "yes", "name": "是"}, {"key": "no", "name": "否"}],
        "key": "consent",
        "required": True,
        "title": "愿意往下答吗？",
        "type": "yesno",
    }
    assert {line["row"] for line in found["left_out"]} == {2, 3, 4, 5, 15, 18, 19}


def test_a_program_is_told_every_fault(check: Any) -> None:
    result = check(SITE, "a.xlsx", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "faults": [
            {
                "sheet": "survey",
                "row": 6,
                "column": "type",
                "say": "没有“select_one_from_file a.csv”这种题型。",
            }
        ]
    }


def test_people_are_told_in_chinese(check: Any) -> None:
    result = check("院里的事\n1. 哪样？\nA. 屋顶\nB. 下水\n2. 说说".encode("gb18030"), "a.txt")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["院里的事", "1. 哪样？（单选）", "2. 说说（问答）"]
    result = check(SITE)
    assert result.exit_code == 1
    assert result.stderr.startswith("“survey”第 6 行“type”：没有")
    result = check("院里的事\n1. 哪样？\nA. 屋顶".encode(), "a.txt")
    assert result.stderr == "第 2 行：至少要有两个选项。\n"


def test_a_file_that_is_none_is_told_as_a_fault_of_the_whole(check: Any) -> None:
    result = check(b"%PDF-1.7", "a.xlsx", "--json")
    assert result.exit_code == 1
    (fault,) = json.loads(result.stdout)["faults"]
    assert (fault["row"], fault["say"][:5]) == (0, "这是 PDF"[:5])


def test_a_file_that_is_not_there_is_a_wrong_call(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["questionnaires", "check", "/nothing.xlsx"])
    assert result.exit_code == 2
