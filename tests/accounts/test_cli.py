"""The commands: the first administrator, a forgotten password, who there is."""

import json
from pathlib import Path

from flask import Flask

from surveys.base.db import db
from surveys.factory import create_app
from tests.accounts.people import typed
from tests.databases import config
from tests.manners import Browser
from tests.world import World


def _run(app: Flask, *words: str) -> tuple[int, str]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["accounts", *words])
    return result.exit_code, result.output


def test_the_first_administrator_plants_the_tree_and_signs_in(app: Flask, browser: Browser) -> None:
    code, told = _run(app, "create-admin", "chief", "--place", "金水区", "--json")
    assert code == 0, told
    found = json.loads(told)
    assert found["place"] == "金水区"
    assert typed(browser, "chief", found["one_time_password"]).status == 303
    code, told = _run(app, "list", "--json")
    assert [(row["name"], row["posts"]) for row in json.loads(told)] == [
        ("chief", [{"kind": "administrator", "place": "金水区"}])
    ]


def test_the_next_one_administers_the_same_top_place(app: Flask) -> None:
    first = json.loads(_run(app, "create-admin", "one", "--json")[1])
    second = json.loads(_run(app, "create-admin", "two", "--json")[1])
    assert first["place_id"] == second["place_id"]


def test_a_place_is_found_by_its_name(app: Flask, world: World) -> None:
    told = json.loads(_run(app, "create-admin", "one", "--place", "Community", "--json")[1])
    assert told["place_id"] == world.community


def test_a_fault_is_one_sentence_and_exit_1(app: Flask, world: World) -> None:
    for words in [
        ("create-admin", "one", "--place", "Nowhere"),
        ("create-admin", "clerk"),
        ("reset", "nobody"),
    ]:
        code, told = _run(app, *words)
        assert code == 1
        assert len(told.strip().splitlines()) == 1
        assert "%(" not in told


def test_a_database_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    for url in ("sqlite:////nowhere/at/all.sqlite3", f"sqlite:///{tmp_path}/empty.sqlite3"):
        told = create_app(config(tmp_path, url)).test_cli_runner().invoke(args=["accounts", "list"])
        assert told.exit_code == 1
        assert told.output.startswith("Error: 数据库打不开，或者还是空的")
        assert len(told.output.strip().splitlines()) == 1


def test_a_forgotten_password_is_reset(app: Flask, world: World, browser: Browser) -> None:
    code, told = _run(app, "reset", "clerk", "--json")
    assert code == 0
    assert typed(browser, "clerk", json.loads(told)["one_time_password"]).status == 303
    assert "clerk\tclerk\topen" in _run(app, "list")[1]
