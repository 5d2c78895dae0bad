"""Courtyards from the command line: what there is, and bringing in a roll."""

import json
from pathlib import Path

import click

from surveys.base import clock
from surveys.base.commands import Commands
from surveys.courtyards import roll, service
from surveys.courtyards.headed import Fault
from surveys.courtyards.rules import Plan

group = Commands("courtyards", help="Courtyards, their codes and their rolls of households.")
COMMANDS = [group]


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="for a program to read")
def list_courtyards(as_json: bool) -> None:
    """List the courtyards: code, households, name."""
    found = [
        {
            "id": courtyard.id,
            "code": courtyard.code,
            "name": courtyard.name,
            "households": service.size(courtyard.id)[0],
        }
        for courtyard in service.all_courtyards()
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['code']}  {one['households']:>5}  {one['name']}")


@group.command("import-roll")
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="show what would change and save nothing")
@click.option("--json", "as_json", is_flag=True, help="for a program to read")
def import_roll(code: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Bring the roll of courtyard CODE up to FILE (.xlsx or CSV), all or nothing.

    With wrong cells nothing is saved: each is named, and the command ends with 1.
    """
    courtyard = service.by_code(code)
    reading = roll.read_file(file.read_bytes())
    if reading.faults:
        _say_faults(reading.faults, as_json)
        raise SystemExit(1)
    if dry_run:
        plan = service.plan_import(courtyard, reading.rows)
    else:
        plan = service.import_roll(courtyard, reading.rows, by=None, at=clock.now())
    _say_plan(plan, as_json)


def _say_faults(faults: list[Fault], as_json: bool) -> None:
    said = [
        {"row": fault.row, "column": fault.column, "fault": fault.msgid % fault.params}
        for fault in faults
    ]
    if as_json:
        click.echo(json.dumps({"faults": said}, ensure_ascii=False))
        return
    for one in said:
        click.echo(f"第 {one['row']} 行“{one['column']}”：{one['fault']}", err=True)


def _say_plan(plan: Plan, as_json: bool) -> None:
    counts = {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": len(plan.same),
        "missing": ["-".join(filter(None, row.door)) for row in plan.missing],
    }
    if as_json:
        click.echo(json.dumps(counts, ensure_ascii=False))
        return
    click.echo(
        f"新增 {counts['new']} 户，改面积 {counts['changed']} 户，"
        f"不变 {counts['same']} 户，表里没有、留着 {len(plan.missing)} 户"
    )
    for row in plan.missing:
        click.echo("  " + "-".join(filter(None, row.door)))
