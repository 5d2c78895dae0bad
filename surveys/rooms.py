"""Which rooms answer on the web and on the command line, in the order of the house."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType
from typing import cast

from click import Group
from flask import Flask

ROOMS = (
    "accounts",
    "courtyards",
    "rounds",
    "questionnaires",
    "needs",
    "menus",
    "ballots",
    "owners",
    "results",
    "meetings",
    "orders",
    "overview",
    "resident",
    "demo",
)


def register_rooms(app: Flask) -> None:
    """Open every room: tables in `models`, pages of `views` and `…_views`, commands of `cli`.

    Then the commands that stand over all rooms.
    """
    import_module("surveys.base.audit")
    import_module("surveys.base.jobs")
    for room in ROOMS:
        if find_spec(f"surveys.{room}.models"):
            import_module(f"surveys.{room}.models")
        if find_spec(f"surveys.{room}.views"):
            for name in _pages_of(room):
                import_module(name)
            app.register_blueprint(import_module(f"surveys.{room}.views").PAGES)
        if find_spec(f"surveys.{room}.cli"):
            _add_commands(app, import_module(f"surveys.{room}.cli"))
    for command in import_module("surveys.cli").COMMANDS:
        app.cli.add_command(command)


def _pages_of(room: str) -> list[str]:
    """Names of the modules `…_views` of a room, which hang their pages on its `PAGES`."""
    found = iter_modules(import_module(f"surveys.{room}").__path__, f"surveys.{room}.")
    return [module.name for module in found if module.name.endswith("_views")]


def _add_commands(app: Flask, cli: ModuleType) -> None:
    """The room's `COMMANDS`, and those that stand `UNDER` a group of a room before it."""
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    for group, commands in getattr(cli, "UNDER", {}).items():
        for command in commands:
            cast(Group, app.cli.commands[group]).add_command(command)
