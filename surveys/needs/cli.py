"""Commands about needs: a file of texts is sorted as the board would propose it."""

import json
from pathlib import Path

import click

from surveys.base.commands import Commands
from surveys.needs.proposals.grouping import Placed, place
from surveys.needs.proposals.vocabulary import shipped
from surveys.needs.texts import read_texts

needs = Commands("needs", help="Suggestions and needs.")
COMMANDS = [needs]


@needs.command("group")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def group(file: Path, as_json: bool) -> None:
    """Propose a category and a group for every text in FILE (.csv, .tsv or .xlsx).

    One text in a row: in the column `text` or `title`, else in the first. Nothing is saved.
    """
    try:
        texts = read_texts(file.read_bytes(), file.name)
    except OSError:
        raise click.ClickException(f"打不开这个文件：{file}") from None
    rows = [_row(n, found) for n, found in enumerate(place(texts, shipped()), 1)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("\t".join("-" if value is None else str(value) for value in row.values()))


def _row(number: int, found: Placed) -> dict[str, int | str | None]:
    topic = shipped().topics[found.key] if found.key else None
    return {
        "row": number,
        "category": topic.name if topic else None,
        "group": found.group,
        "title": found.title,
    }
