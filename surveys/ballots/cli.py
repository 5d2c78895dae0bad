"""Commands about ballots: which there are, and whether a chain of events holds."""

import json

import click

from surveys.ballots import asking, chain, rules
from surveys.ballots.models import Ballot
from surveys.base import clock
from surveys.base.commands import Commands
from surveys.errors import NotFound

ballots = Commands("ballots", help="Picking ballots and their records.")
COMMANDS = [ballots]


@ballots.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def list_ballots(as_json: bool) -> None:
    """List every ballot: id, state, households in, title."""
    rows = [_facts(ballot) for ballot in asking.everywhere()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))


@ballots.command("verify")
@click.argument("ballot_id", metavar="BALLOT")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def verify(ballot_id: str, as_json: bool) -> None:
    """Check the chain of events of BALLOT, link by link. Exit status 1 where it does not hold."""
    try:
        ballot = asking.find(ballot_id)
    except NotFound:
        raise click.ClickException(f"no such ballot: {ballot_id}") from None
    broken = chain.verify(ballot)
    if as_json:
        facts = {"ballot": ballot.id, "events": ballot.events, "head": ballot.head}
        click.echo(json.dumps({**facts, "broken_at": broken}))
    if broken is not None:
        raise click.ClickException(f"the chain does not hold at event {broken}")
    if not as_json:
        click.echo(f"{ballot.events} events hold; the last is {ballot.head}")


def _facts(ballot: Ballot) -> dict[str, object]:
    return {
        "id": ballot.id,
        "state": str(rules.state(ballot, clock.now())),
        "households_in": ballot.households_in,
        "title": ballot.title,
    }
