"""Ballots on their way to a record: voted on as told, sealed, published."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from surveys.ballots import chain
from surveys.ballots.models import Ballot, Showing, TieMethod
from surveys.ballots.terms import Terms
from surveys.menus.models import Menu
from surveys.results import bundle, record, service
from tests.ballots.stage import AFTER_CLOSE, Stage, add_menu, drafted, opened
from tests.world import World

_USUAL = Terms()


def voted(
    app: Flask,
    world: World,
    terms: Terms = _USUAL,
    given: Sequence[Mapping[str, int]] = (),
    *,
    menu: Menu | None = None,
    tie_method: TieMethod = TieMethod.SEED,
    showing: Showing = Showing.TURNOUT,
) -> Stage:
    """An open ballot to which the first households gave these marks by name."""
    draft = drafted(
        world,
        menu or add_menu(world),
        terms=terms,
        tie_method=tie_method,
        showing=showing,
    )
    stage = opened(app, world, draft)
    for n, marks in enumerate(given):
        stage.cast(n, given=marks)
    return stage


def seal(stage: Stage) -> None:
    """A supervisor signs, the organizer seals."""
    stage.sign()
    by = stage.who("organizer")
    service.seal(stage.ballot, by=by, at=AFTER_CLOSE, keys=stage.keys)


def publish(stage: Stage) -> None:
    """The organizer publishes."""
    service.publish(stage.ballot, by=stage.who("organizer"), at=AFTER_CLOSE)


def bodies_of(stage: Stage) -> list[dict[str, Any]]:
    """The bodies of all events."""
    return [json.loads(event.body) for event in chain.events_of(stage.ballot)]


def events_of(stage: Stage, kind: str) -> list[dict[str, Any]]:
    """The bodies of the events of this kind."""
    return [body for body in bodies_of(stage) if body["kind"] == kind]


def written(ballot: Ballot, folder: Path, *, sealed: bool) -> Path:
    """The bundle as a file in `folder`."""
    made = record.sealed_files if sealed else record.public_files
    path = folder / ("封存.zip" if sealed else "公开.zip")
    path.write_bytes(bundle.write(made(record.of(ballot))))
    return path


def recounted(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What the program that lies in the bundle says of it, with nothing else around."""
    folder = path.parent / "empty"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path) as files:
        files.extract("recount.py", folder)
    command = [sys.executable, "-I", "recount.py", str(path), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
