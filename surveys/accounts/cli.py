"""Commands about accounts: the first administrator, a forgotten password, who there is."""

import json

import click

from surveys.accounts import lists, service
from surveys.accounts.models import Account, Place
from surveys.accounts.rules import PLANTED, RoleKind
from surveys.base import clock
from surveys.base.commands import Commands
from surveys.base.words import N_
from surveys.errors import NotFound

accounts = Commands("accounts", help="Accounts of the staff.")
COMMANDS = [accounts]


@accounts.command("create-admin")
@click.argument("name")
@click.option("--title", default=N_("管理员"), show_default=True, help="What others see.")
@click.option("--place", help="Name or id of the place to administer; made where there is none.")
@click.option(
    "--level",
    type=click.Choice(PLANTED),
    default="district",
    show_default=True,
    help="Level of the first place, where it is made.",
)
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def create_admin(name: str, title: str, place: str | None, level: str, as_json: bool) -> None:
    """Make an administrator called NAME and print a one-time password."""
    where = _top(place, level)
    role = (where, RoleKind.ADMINISTRATOR)
    account, once = service.create_account(name, title, by=None, at=clock.now(), role=role)
    _hand_over(account, once, where, as_json)


@accounts.command("reset")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def reset(name: str, as_json: bool) -> None:
    """Give the account NAME a one-time password and print it."""
    account = lists.called(name)
    once = service.reset_password(account, by=None, at=clock.now())
    _hand_over(account, once, None, as_json)


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def list_accounts(as_json: bool) -> None:
    """List every account with its posts."""
    rows = lists.everybody()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        posts = ", ".join(f"{post['kind']}@{post['place']}" for post in row["posts"])
        click.echo("\t".join([row["name"], row["title"], row["state"], posts]))


def _top(place: str | None, level: str) -> Place:
    """The place to administer: the one called so, the only top one, or the first ever."""
    if not lists.any_place():
        return service.add_place(place or N_("本区"), level, None, by=None, at=clock.now())
    found = lists.place_called(place)
    if found is None and place:
        raise NotFound(N_("没有叫“%(name)s”的地方，或者不止一个。"), name=place)
    if found is None:
        raise NotFound(N_("最上一级不止一个地方，请用 --place 写明是哪一个。"))
    return found


def _hand_over(account: Account, once: str, place: Place | None, as_json: bool) -> None:
    told = {"name": account.name, "one_time_password": once}
    if place is not None:
        told |= {"place": place.name, "place_id": place.id}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for key, value in told.items():
        click.echo(f"{key}\t{value}")
