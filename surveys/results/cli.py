"""The commands that count a file of an election and write the bundle of a ballot."""

import json
import sys
import time
from pathlib import Path

import click
from flask.cli import with_appcontext

from surveys.accounts import lists
from surveys.accounts.rules import May
from surveys.ballots import asking
from surveys.ballots.models import Ballot
from surveys.base import clock
from surveys.base.commands import Command
from surveys.counting.report import count
from surveys.counting.shares import Progress
from surveys.errors import NotFound, Refused
from surveys.results import record
from surveys.results.files import read
from surveys.results.printed import printed

QUIET_S = 1.0
"""so long nothing is said about progress, and then between two words about it"""


@click.command("count")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--rule", metavar="NAME", help="Count by this rule, not by the one of the file.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def count_file(file: Path, rule: str | None, as_json: bool) -> None:
    """Count the election in FILE: Pabulib (.pb), PrefLib (.soi, .soc, .toi, .toc) or a bundle."""
    try:
        report = count(read(file), rule, _progress() if sys.stderr.isatty() else None)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(json.dumps(report.as_data(), ensure_ascii=False) if as_json else printed(report))


def _progress() -> Progress:
    """Tells how far equal shares have come, now and then."""
    said = time.monotonic()

    def tell(units: int) -> None:
        nonlocal said
        if time.monotonic() - said >= QUIET_S:
            said = time.monotonic()
            click.echo(f"shares larger by {units:,} units …", err=True)

    return tell


@click.command("bundle", cls=Command)
@click.argument("ballot_id", metavar="BALLOT")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--sealed-for", metavar="ACCOUNT", help="With every choice, for this supervisor.")
@with_appcontext
def write_bundle(ballot_id: str, file: Path, sealed_for: str | None) -> None:
    """Write the public bundle of BALLOT, once it is published, or the sealed one, into FILE."""
    at = clock.now()
    try:
        ballot = asking.find(ballot_id)
        if sealed_for:
            held = record.hand_out_sealed(ballot, by=_supervisor(sealed_for, ballot), at=at)
        elif record.is_public(ballot, at):
            held = record.public_bundle(ballot)
        else:
            raise click.ClickException("the ballot is not published")
        file.write_bytes(held)
    except NotFound:
        raise click.ClickException(f"no such ballot: {ballot_id}") from None
    except Refused:
        raise click.ClickException("the ballot is not sealed") from None
    except OSError as fault:
        raise click.ClickException(f"{file} cannot be written: {fault.strerror}") from None
    click.echo(f"{file}: {len(held):,} bytes; the head is {ballot.head}")


def _supervisor(name: str, ballot: Ballot) -> str:
    """The account that answers for the sealed bundle from now on."""
    try:
        account = lists.called(name)
    except NotFound:
        raise click.ClickException(f"no such account: {name}") from None
    if not lists.may_at(account, ballot.courtyard_id, May.CONFIRM):
        raise click.ClickException(f"{name} is no supervisor of this courtyard")
    return account.id


COMMANDS = [count_file]
UNDER = {"ballots": [write_bundle]}
"""commands of a group that another room opens"""
