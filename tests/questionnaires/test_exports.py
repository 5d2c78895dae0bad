"""What goes out: the same answers in words and in codes, harmless, and for who may have it."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from itertools import zip_longest
from random import Random
from typing import Any

import openpyxl
from flask import Flask
from hypothesis import given as drawn
from hypothesis import strategies as st

from surveys.base import clock, jobs
from surveys.base.big_tables import csv_pieces
from surveys.base.db import db
from surveys.base.jobs import Job
from surveys.questionnaires import answering, exporting
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.service import Asked
from surveys.web import config_of
from tests.manners import Browser
from tests.questionnaires.asking import SECRET
from tests.questionnaires.test_figures import asked_of, send_all
from tests.world import AT, World, sign_in

WHOLE = {
    "one": ("b",),
    "more": ("a", "x=凉亭"),
    "order": ("c", "a"),
    "steps": ("5",),
    "grid": ("a:1", "c:3"),
    "years": ("2.5",),
    "since": ("2001-05-06",),
    "say": ("=1+1 看看",),
}


def answered_once(world: World) -> Asked:
    """A questionnaire with one answer of the first household."""
    asked = asked_of(world)
    sender = Sender("phone", world.households[0])
    answering.send(asked, sender, WHOLE, "sheet", at=clock.now(), secret=SECRET)
    return asked


def sheet_of(book: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by their heads."""
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip_longest(head, row)) for row in rows]


def test_a_csv_has_the_answers_in_words_and_starts_no_formula(
    world: World, browser: Browser
) -> None:
    asked = answered_once(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{asked.id}/export"
    form = browser.see(here).form(here)
    told = browser.open(f"{here}.csv", method="POST", data=form)
    assert told.data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(told.data.decode("utf-8-sig")))
    assert row["2. 选几样"] == "第1样、其他：凉亭"
    assert row["3. 排一排"] == "第3样、第1样"
    assert row["5. 一样一样说"] == "第1样：第1级、第3样：第3级"
    assert row["6. 住了几年"] == "2.5"
    assert row["8. 说说"] == "'=1+1 看看"
    assert row["楼栋"] == "1"
    assert "室" not in row
    with_doors = browser.open(f"{here}.csv", method="POST", data={**form, "doors": "1"})
    (row,) = csv.DictReader(io.StringIO(with_doors.data.decode("utf-8-sig")))
    assert row["室"] == "101"


def test_a_workbook_is_made_beside_the_page_and_fetched_by_who_asked(
    app: Flask, world: World, browser: Browser
) -> None:
    asked = answered_once(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{asked.id}/export"
    form = browser.see(here).form(here)
    for _twice in range(2):
        page = browser.send(here, form)
    assert page.text.count("排着队") == 1
    assert jobs.work(config_of(app).files, clock.now)
    (job,) = db.session.scalars(db.select(Job))
    assert f"/desk/job/{job.id}/file" in browser.open(here).text
    with browser.open(f"/desk/job/{job.id}/file") as got:
        book = openpyxl.load_workbook(io.BytesIO(got.data), read_only=True)
    assert book.sheetnames == ["答卷", "编码", "编码说明"]
    (words,), (codes,) = sheet_of(book, "答卷"), sheet_of(book, "编码")
    assert words["1. 选一样"] == "第2样"
    assert [codes[f"more/{key}"] for key in "abcx"] == [1, 0, 0, 1]
    assert codes["more/x/text"] == "凉亭"
    assert [codes[f"order/{n}"] for n in (1, 2)] == ["c", "a"]
    assert [codes[f"grid/{key}"] for key in "abc"] == ["1", None, "3"]
    assert ("one", "b", "第2样") in {
        (row["列"], row["编码"], row["意思"]) for row in sheet_of(book, "编码说明")
    }
    sign_in(browser, world.accounts["clerk"])
    assert browser.open(f"/desk/job/{job.id}/file").status_code == 403


def test_only_current_answers_go_out_each_once(world: World, app: Flask) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(7), 40)
    exporting_all = list(exporting.answers(asked))
    assert len(exporting_all) == len(kept) == exporting.number_of(asked)
    found = sorted(sorted(sent.parts.items()) for sent in exporting_all)
    wanted = sorted(sorted((k, list(v)) for k, v in given.items()) for _c, given in kept)
    assert found == wanted


def test_a_worker_that_is_killed_is_followed_by_another(app: Flask, world: World) -> None:
    asked = answered_once(world)
    job = jobs.ask(
        "questionnaire.workbook",
        asked.id,
        {"language": "zh-CN"},
        name="a.xlsx",
        courtyard_id=world.courtyard,
        by=world.accounts["organizer"],
        at=AT,
    )
    db.session.remove()
    config = config_of(app)
    environment = {
        **os.environ,
        "SURVEYS_INSTANCE": str(config.instance),
        "SURVEYS_DATABASE_URL": config.database_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "--every", "1"]
    with subprocess.Popen(command, env=environment) as child:
        _wait_for(job.id)
        child.send_signal(signal.SIGKILL)
    assert jobs.work(config.files, clock.now) is False
    with app.app_context():
        assert db.session.get_one(Job, job.id).state == "done"


def _wait_for(job_id: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        db.session.rollback()
        if db.session.get_one(Job, job_id, populate_existing=True).state == "done":
            return
        time.sleep(0.1)
    raise AssertionError("nobody did the work")


@drawn(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_csv_starts_a_formula(rows: list[list[str]]) -> None:
    whole = b"".join(csv_pieces(["=a", "b"], rows)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(whole, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
