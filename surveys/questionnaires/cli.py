"""Questionnaires from the command line: looking a file through before anybody hands it in."""

import json
from pathlib import Path

import click

from surveys.base.commands import Commands
from surveys.errors import Invalid
from surveys.questionnaires import importing, kinds, rules
from surveys.questionnaires.files.incoming import Fault, Incoming
from surveys.questionnaires.logic import words as logic_words

group = Commands("questionnaires", help="Questionnaires and their files.")
COMMANDS = [group]


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="for a program to read")
def check(file: Path, as_json: bool) -> None:
    """Read FILE (.xlsx, also XLSForm; or .txt) and print its questions, or all that is wrong.

    Saves nothing. Ends with 1 where something is wrong.
    """
    try:
        found = importing.read_file(file.read_bytes(), file.name)
    except Invalid as error:
        found = Incoming({}, faults=(Fault("", 0, "", error.msgid, error.params),))
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        _say(found)
    if found.faults:
        raise SystemExit(1)


def _plain(found: Incoming) -> dict[str, object]:
    if found.faults:
        return {"faults": [_told(fault) for fault in found.faults]}
    return {
        **found.head,
        "digest": found.digest,
        "questions": json.loads(rules.write_questions(found.questions)),
        "left_out": [_told(line) for line in found.told],
    }


def _told(fault: Fault) -> dict[str, object]:
    said = fault.msgid % fault.params if fault.params else fault.msgid
    return {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "say": said}


def _say(found: Incoming) -> None:
    for fault in found.faults:
        click.echo(_in_words(fault), err=True)
    if found.faults:
        return
    click.echo(found.head.get("title", ""))
    number = 0
    for question in found.questions:
        number += question.type not in rules.ASIDE and not question.off
        mark = "  " if question.type in rules.ASIDE or question.off else f"{number}."
        click.echo(f"{mark} {question.title}（{kinds.KINDS[question.type].name}）")
        if question.when:
            click.echo(f"   显示条件：{logic_words.words(question.when, found.questions)}")
    for line in found.told:
        click.echo(f"没有收：{_in_words(line)}", err=True)


def _in_words(fault: Fault) -> str:
    told = _told(fault)
    sheet = f"“{fault.sheet}”" if fault.sheet else ""
    row = f"第 {fault.row} 行" if fault.row else ""
    column = f"“{fault.column}”" if fault.column else ""
    where = sheet + row + column
    return f"{where}：{told['say']}" if where else str(told["say"])
