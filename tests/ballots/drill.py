"""Another process that acts on the same database and key folders, to be raced with or killed.

Run as `python -m tests.ballots.drill <folder> <database address> <drill> <ballot> <instant> …`.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from surveys.ballots import asking, casting, extending, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.base.db import db, new_id
from surveys.config import ROOT
from surveys.courtyards.models import Household
from surveys.errors import Refused
from surveys.factory import create_app
from surveys.results import second_opinion
from surveys.results import service as results
from surveys.results.second_opinion import Hold
from surveys.web import config_of
from tests.databases import config


@contextmanager
def drill(app: Flask, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The other process, working on the test's own database; ended when the test is done."""
    held = config_of(app)
    address = make_url(held.database_url).render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.ballots.drill", str(held.instance), address]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def seal_and_wait(ballot_id: str, at: datetime, keys: LinkKeys) -> None:
    """Do everything that sealing does, and stop just before the commit."""
    sealing._seal(asking.find(ballot_id), by="nobody", at=at, keys=keys)
    say("half way")
    time.sleep(60)


def seal_when_told(ballot_id: str, at: datetime, keys: LinkKeys) -> None:
    """Seal once a line comes in, as the results do; say how many were counted."""
    say("ready")
    sys.stdin.readline()
    ballot = asking.find(ballot_id)
    sealed = sealing._seal(ballot, by=None, at=at, keys=keys)
    db.session.commit()
    sealing.forget_keys(ballot, keys)
    say(str(len(sealed.choices)))


def seal_and_count(ballot_id: str, at: datetime, keys: LinkKeys) -> None:
    """Seal and count as the clock does, or finish what was left; tell when it begins."""
    ballot = asking.find(ballot_id)
    db.session.rollback()
    say("ready")
    if ballot.sealed_at is None:
        results.seal(ballot, by=None, at=at, keys=keys)
    sealing.forget_leftover_keys(keys)
    say("done")


def stop_half_way(ballot_id: str, at: datetime) -> None:
    """Begin a second opinion, and stop when it tells for the first time how far it has come."""

    class Stops(Hold):
        def tell(self, _units: int) -> None:
            say("half way")
            time.sleep(60)

    vars(second_opinion)["Hold"] = Stops
    second_opinion.work_out(ballot_id, at)


def cast_all(
    ballot_id: str, at: datetime, keys: LinkKeys, secret: bytes, choice: str, households: list[str]
) -> None:
    """Cast for each household in turn; say how many were taken in and how many refused."""
    taken = refused = 0
    say("ready")
    for household_id in households:
        try:
            casting.cast(
                asking.find(ballot_id),
                db.session.get_one(Household, household_id),
                {choice: 1},
                submission=new_id(),
                at=at,
                keys=keys,
                secret=secret,
            )
            taken += 1
        except Refused:
            db.session.rollback()
            refused += 1
    say(f"{taken} {refused}")


def cast_and_tell(
    ballot_id: str, at: datetime, keys: LinkKeys, secret: bytes, choice: str, households: list[str]
) -> None:
    """Cast for each household in turn, and tell each receipt as a voter would see it."""
    for household_id in households:
        household = db.session.get_one(Household, household_id)
        ballot = asking.find(ballot_id)
        form = new_id()
        say(
            casting.cast(
                ballot, household, {choice: 1}, submission=form, at=at, keys=keys, secret=secret
            )
        )


def when_told(act: Callable[[], object]) -> None:
    """Act once a line comes in; say whether it was done or refused."""
    say("ready")
    sys.stdin.readline()
    try:
        act()
    except Refused:
        say("refused")
    else:
        say("done")


def say(line: str) -> None:
    """Tell the test."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: str, address: str, name: str, ballot_id: str, at: str, *rest: str) -> None:
    """Run one drill."""
    app = create_app(config(Path(folder), address))
    instant = datetime.fromisoformat(at)
    keys, secret = LinkKeys(config_of(app).link_key_dirs), config_of(app).secret
    with app.app_context():
        if name == "seal-and-wait":
            seal_and_wait(ballot_id, instant, keys)
        elif name == "seal-when-told":
            seal_when_told(ballot_id, instant, keys)
        elif name == "seal-and-count":
            seal_and_count(ballot_id, instant, keys)
        elif name == "opinion-half-way":
            stop_half_way(ballot_id, instant)
        elif name == "close-when-told":
            when_told(lambda: sealing.close(asking.find(ballot_id), at=instant))
        elif name == "extend-when-told":
            later = datetime.fromisoformat(rest[0])
            when_told(
                lambda: extending.extend(
                    asking.find(ballot_id), later, "Why", by=rest[1], at=instant
                )
            )
        else:
            casts = cast_and_tell if name == "cast-and-tell" else cast_all
            casts(ballot_id, instant, keys, secret, rest[0], list(rest[1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
