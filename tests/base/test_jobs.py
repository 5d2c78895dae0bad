"""Long work is done once, says how far it is, and outlives whoever works on it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from surveys.base import jobs
from surveys.base.db import db
from surveys.base.jobs import Job, Progress
from surveys.errors import Refused
from tests.world import AT, World

KIND = "test.copying"


class Maker:
    """Who does the work of these tests."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.fault: Exception | None = None

    def __call__(self, job: Job, file: Path, progress: Progress) -> None:
        file.write_text("half", "utf-8")
        if self.fault is not None:
            raise self.fault
        self.made.append(job.id)
        file.write_text("whole", "utf-8")
        progress.tell(2, 2)


@pytest.fixture
def maker(app: Flask) -> Iterator[Maker]:
    """Does the work of the kind of these tests."""
    made = Maker()
    jobs.does(KIND, made)
    yield made
    jobs._MAKERS.pop(KIND)


def asked(world: World, at: datetime = AT, **wanted: str) -> Job:
    """A job that the organizer asked for."""
    return jobs.ask(
        KIND,
        "subject",
        wanted,
        name="copy.txt",
        courtyard_id=world.courtyard,
        by=world.accounts["organizer"],
        at=at,
    )


def now(job: Job) -> Job:
    """The job as it stands."""
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def test_work_is_done_once_and_leaves_its_file(world: World, maker: Maker, tmp_path: Path) -> None:
    job = asked(world)
    assert jobs.work(tmp_path, lambda: AT)
    assert not jobs.work(tmp_path, lambda: AT)
    done = now(job)
    assert (done.state, done.done, done.total) == ("done", 2, 2)
    assert (tmp_path / done.file).read_text("utf-8") == "whole"
    assert maker.made == [job.id]


def test_asked_twice_at_once_is_one_job_and_something_else_another(
    app: Flask, world: World, maker: Maker
) -> None:
    found: list[str] = []

    def ask() -> None:
        with app.app_context():
            found.append(asked(world).id)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert asked(world, doors="1").id not in found


def test_once_it_is_done_it_may_be_asked_for_again(
    world: World, maker: Maker, tmp_path: Path
) -> None:
    first = asked(world)
    jobs.work(tmp_path, lambda: AT)
    assert asked(world).id != first.id


def test_who_falls_silent_loses_the_job_to_the_next(
    world: World, maker: Maker, tmp_path: Path
) -> None:
    job = asked(world)
    held = jobs._take(AT)
    assert held is not None
    assert jobs._take(AT + jobs.LEASE) is None
    later = AT + jobs.LEASE + timedelta(seconds=1)
    assert jobs.work(tmp_path, lambda: later)
    assert now(job).state == "done"
    with pytest.raises(jobs.Overtaken):
        jobs._put(held.id, 1, done=1)


def test_work_that_kills_its_worker_again_and_again_is_given_up(
    world: World, maker: Maker, tmp_path: Path
) -> None:
    job = asked(world)
    for n in range(jobs.MOST_TRIES):
        assert jobs._take(AT + n * 2 * jobs.LEASE) is not None
    assert jobs._take(AT + 9 * jobs.LEASE) is None
    failed = now(job)
    assert (failed.state, failed.fault) == ("failed", (jobs.FAILED, {}))


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            Refused("太多了，最多 %(most)d 份。", most=3),
            ("太多了，最多 %(most)d 份。", {"most": 3}),
        ),
        (RuntimeError("disk full"), (jobs.FAILED, {})),
    ],
)
def test_work_that_fails_says_so_and_leaves_no_file(
    world: World, maker: Maker, tmp_path: Path, fault: Exception, says: tuple[str, object]
) -> None:
    job, maker.fault = asked(world), fault
    jobs.work(tmp_path, lambda: AT)
    failed = now(job)
    assert (failed.state, failed.fault) == ("failed", says)
    assert list(tmp_path.iterdir()) == []


def test_what_was_dropped_is_not_done(world: World, maker: Maker, tmp_path: Path) -> None:
    job = asked(world)
    jobs.drop(job, at=AT)
    assert not jobs.work(tmp_path, lambda: AT)
    assert now(job).state == "dropped"


def test_files_go_when_they_expire_and_with_them_what_belongs_to_no_job(
    world: World, maker: Maker, tmp_path: Path
) -> None:
    job = asked(world)
    jobs.work(tmp_path, lambda: AT)
    (tmp_path / "left-behind").write_text("?", "utf-8")
    assert jobs.expire(tmp_path, AT) == 1
    assert jobs.expire(tmp_path, AT + jobs.KEPT) == 1
    assert list(tmp_path.iterdir()) == []
    assert now(job).file == ""
