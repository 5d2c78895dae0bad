"""Every act that is noted in the trail is worded for people, with what was noted beside it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from surveys.base import audit

ROOT = Path(__file__).resolve().parents[2]


def noted(source: str) -> Iterator[tuple[str, set[str] | None]]:
    """Acts noted by name, and what is noted beside each; None where that is not said in place."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"audit.note", "note"}:
            continue
        act = node.args[0] if node.args else None
        if isinstance(act, ast.Constant) and isinstance(act.value, str):
            names = {keyword.arg for keyword in node.keywords}
            yield act.value, None if None in names else {name for name in names if name}


def test_every_act_has_its_words_and_what_they_name(app: Flask) -> None:
    faults = []
    for path in sorted((ROOT / "surveys").rglob("*.py")):
        for act, given in noted(path.read_text("utf-8")):
            said = audit.ACTS.get(act)
            if said is None:
                faults.append(f"{path.name}: {act} is worded nowhere")
            elif given is not None and (lacking := audit.named(said) - given):
                faults.append(f"{path.name}: {act} does not note {', '.join(sorted(lacking))}")
    assert not faults, "\n".join(faults)


def test_what_is_noted_is_read_from_the_source() -> None:
    source = 'audit.note("a.b", by=me, at=now, name=1)\naudit.note("c.d", **facts)\nnote(act)'
    assert list(noted(source)) == [("a.b", {"by", "at", "name"}), ("c.d", None)]
