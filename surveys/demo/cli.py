"""The command that makes an installation ready to serve, and says what to open."""

import json
from collections.abc import Iterable

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from surveys.ballots.link_key import LinkKeys
from surveys.base import clock
from surveys.base.commands import Command
from surveys.base.words import N_
from surveys.demo import addresses
from surveys.demo.addresses import Address
from surveys.demo.load import is_loaded, load
from surveys.web import config_of, printed_address


@click.command("prepare", cls=Command)
@click.option("--demo", "what", flag_value="demo", help="With the demonstration, loaded once.")
@click.option("--empty", "what", flag_value="empty", help="For real use, with nothing in it.")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
@with_appcontext
def prepare(what: str | None, as_json: bool) -> None:
    """Bring the database to the newest migration and print the addresses to open."""
    if what is None:
        raise click.UsageError("say --demo or --empty")
    upgrade()
    _tell(list(_demonstration() if what == "demo" else addresses.of_empty(clock.now())), as_json)


def _demonstration() -> Iterable[Address]:
    config = config_of()
    if not is_loaded():
        click.echo(N_("正在装演示，约十秒……"), err=True)
        load(clock.now(), LinkKeys(config.link_key_dirs), config.secret)
    told = list(addresses.of_demonstration(clock.now(), config.secret))
    if not any(address.path.startswith("/v/") for address in told):
        click.echo(N_("演示里的点单已经截止。想从头看，删掉演示的数据库再运行。"), err=True)
    return told


def _tell(told: Iterable[Address], as_json: bool) -> None:
    rows = [{"url": printed_address(path), "what": what} for path, what in told]
    if as_json:
        click.echo(json.dumps({"addresses": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['url']}  {row['what']}")


COMMANDS = [prepare]
