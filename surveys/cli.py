"""Commands that stand over all rooms."""

import json
import signal
from datetime import timedelta
from threading import Event

import click
from flask.cli import with_appcontext

from surveys.ballots.link_key import LinkKeys
from surveys.base import clock, jobs
from surveys.base.commands import Command
from surveys.tick import Ticked, tick
from surveys.web import config_of

SWEPT_EVERY = timedelta(minutes=10)
"""files that have expired are looked for so often"""


@click.command("tick", cls=Command)
@click.option("--every", type=click.IntRange(min=1), help="Go on, with so many seconds between.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read: one line a tick.")
@with_appcontext
def tick_command(every: int | None, as_json: bool) -> None:
    """Do what is due by the clock: close and seal ballots, take in suggestions, move bars."""
    keys = LinkKeys(config_of().link_key_dirs)
    if every is not None:
        _go_on(every, keys, as_json)
        return
    done = tick(clock.now(), keys, config_of().proof_days)
    _tell(done, as_json)
    if done.failed:
        raise click.ClickException("not done: " + ", ".join(done.failed))


@click.command("jobs", cls=Command)
@click.option("--every", type=click.IntRange(min=1), help="Go on, with so many seconds between.")
@with_appcontext
def jobs_command(every: int | None) -> None:
    """Do the long work that was asked for, one after the other: exports and their like."""
    stop, swept_at = _until_told(), None
    while not stop.is_set():
        if jobs.work(config_of().files, clock.now):
            continue
        if swept_at is None or clock.now() - swept_at > SWEPT_EVERY:
            swept_at = clock.now()
            jobs.expire(config_of().files, swept_at)
        if every is None:
            return
        stop.wait(every)


def _go_on(every: int, keys: LinkKeys, as_json: bool) -> None:
    """Tick until told to stop; an act that is under way is finished first."""
    stop = _until_told()
    while not stop.is_set():
        done = tick(clock.now(), keys, config_of().proof_days)
        if as_json:
            _tell(done, as_json)
        stop.wait(every)


def _until_told() -> Event:
    """Set when somebody tells this process to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # whoever started us minds it for us
            signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _tell(done: Ticked, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({**done.done, "failed": done.failed}))
        return
    for name, count in done.done.items():
        click.echo(f"{name}\t{count}")


COMMANDS = [tick_command, jobs_command]
