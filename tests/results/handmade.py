"""A small writer of bundles after docs/format.md, and what runs recount.py over them."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveys.config import ROOT

FILE = ROOT / "surveys" / "results" / "recount.py"
SEED = "5eed"
Obj = dict[str, Any]
Folder = Path


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def item(id: str, cost_fen: int = 0, **more: object) -> Obj:
    words = {"id": id, "name": f"修{id}", "class_key": None, "only_one_of": None}
    return {**words, "cost_fen": cost_fen, "must_do": False, **more}


def by_seed(ids: list[str]) -> list[str]:
    seed = bytes.fromhex(SEED)
    return sorted(ids, key=lambda i: hashlib.sha256(seed + b":" + i.encode()).hexdigest())


@dataclass(frozen=True)
class Case:
    """A ballot, and what ought to come of it."""

    items: list[Obj]
    choices: list[Obj]
    scores: list[int]
    lines: str = ""
    """'a fits, b does_not_fit': the rest of each line follows"""
    way: str = "approve"
    budget_fen: int = 100
    tie_method: str = "seed"
    counting: Obj = field(default_factory=dict)
    against: Obj = field(default_factory=dict)
    abstain: Obj = field(default_factory=dict)
    outcome: Obj = field(default_factory=dict)
    opinion: Obj | None = None
    lots: list[list[str]] = field(default_factory=list)
    parts: Obj = field(default_factory=dict)
    """households on the roll of each building or stairwell with items of its own"""
    pieces: dict[str, list[Obj]] = field(default_factory=dict)
    format: int = 1

    @property
    def rules(self) -> Obj:
        counting = {
            "rule": "greedy",
            "score": None,
            "length": None,
            "least_votes": 0,
            "least_percent": 0,
            "exclusive": list[str](),
            "kind_cap_fen": dict[str, int](),
        }
        return {
            **({"parts": self.parts} if self.parts else {}),
            "format": self.format,
            "title": "院里先修什么",
            "budget_fen": self.budget_fen,
            "way": self.way,
            "counting": {**counting, **self.counting},
            "tie_method": self.tie_method,
            "items": self.items,
            "households": 20,
        }

    @property
    def totals(self) -> Obj:
        scores = {i["id"]: n for i, n in zip(self.items, self.scores, strict=True)}
        totals = {"ballots": len(self.choices), "scores": scores}
        if self.parts:
            totals["parts"] = {part: len(found) for part, found in self.pieces.items()}
        return {**totals, "against": self.against, "abstain": self.abstain}

    def whole_outcome(self) -> Obj:
        cost = {i["id"]: i["cost_fen"] for i in self.items}
        lines, balance = [], self.budget_fen
        for id, reason in (line.split() for line in self.lines.split(", ") if line):
            chosen = reason in {"fits", "must_do"}
            after = balance - cost[id] * chosen
            words = {"item": id, "score": self.totals["scores"][id], "cost_fen": cost[id]}
            words |= {"chosen": chosen, "reason": reason}
            lines.append({**words, "before_fen": balance, "after_fen": after})
            balance = after
        short = [x for x in lines if x["reason"] == "does_not_fit" and x["before_fen"]]
        return {
            "winners": [x["item"] for x in lines if x["chosen"]],
            "spent_fen": self.budget_fen - balance,
            "lines": lines,
            "ties": [],
            "rounds": [],
            "partly": short[0]["item"] if short else None,
            **self.outcome,
        }


def story(case: Case, rules: str, result: str, sealed: str) -> list[Obj]:
    """The events, not yet linked: every household votes, one is replaced, one goes and returns."""
    count = len(case.choices)
    menu = sha(canonical(json.loads(rules)["items"]))
    seed = hashlib.sha256(b"surveys/tie-seed/1:" + bytes.fromhex(SEED)).hexdigest()
    told: list[Obj] = [
        {"kind": "open", "roll": sha("roll"), "households": 20, "menu": menu}
        | {"rules": sha(rules), "tie_seed": seed},
    ]
    for household in range(count):
        receipt = sha(f"receipt {household}")
        told.append({"kind": "cast", "receipt": receipt, "channel": "phone"})
        told[-1]["households_in"] = household + 1
    if count:
        swapped = {"counts": "paper", "gives_way": "phone", "households_in": count}
        gone = {"kind": "withdrawn", "channel": "phone", "households_in": count - 1}
        back = {"kind": "reinstated", "channel": "phone", "households_in": count}
        told += [{"kind": "replace", **swapped}, gone, back]
    told += [
        {"kind": "extend", "was": "2026-05-01T10:00:00Z", "closes_at": "2026-05-02T10:00:00Z"}
        | {"seals_at": "2026-05-09T10:00:00Z", "reason": "下雨"},
        {"kind": "close", "households_in": count},
        {"kind": "call_back", "drawn": 1},
        {"kind": "sign", "channels": {"phone": count}, "households_in": count}
        | {"by": "监督员", "called_back": 1},
        {"kind": "seal", "choices": sha(sealed), "count": count, "unconfirmed": 0, "signed": True},
        {"kind": "count", "rule": case.rules["counting"]["rule"], "result": sha(result)}
        | {"code": "1"},
    ]
    return told + [{"kind": "lot", "order": order, "witnesses": ["甲"]} for order in case.lots]


def linked(events: list[Obj]) -> list[str]:
    lines: list[str] = []
    for number, event in enumerate(events, start=1):
        before = sha(lines[-1]) if lines else ""
        common = {"ballot": "7", "number": number, "day": "2026-05-01", "previous": before}
        lines.append(canonical({**event, **common}))
    return lines


def record_of(case: Case, rules: str, result: str, sealed: str, head: str) -> Obj:
    return {
        "format": case.format,
        "ballot": "7",
        "title": "院里先修什么",
        "courtyard": "九号院",
        "head": head,
        "rules": rules,
        "result": result,
        "tie_seed": SEED if case.tie_method == "seed" else None,
        "lot_order": [i for order in case.lots for i in order] or None,
        "outcome": case.whole_outcome(),
        "second_opinion": case.opinion,
        "sealed_sha256": sha(sealed),
    }


def write(
    folder: Folder, case: Case, sealed: bool = True, act: Callable[[list[Obj]], object] = id
) -> Folder:
    """The bundle of a case; `act` alters its events before they are linked."""
    rules, totals = canonical(case.rules), case.totals
    result = canonical({"totals": totals, "households_in": totals["ballots"], "roll": "x"})
    held: Obj = {"choices": sorted(case.choices, key=canonical), "salt": "00ff"}
    if case.pieces:
        held["parts"] = {p: sorted(found, key=canonical) for p, found in case.pieces.items()}
    whole = canonical(held)
    events = story(case, rules, result, whole)
    act(events)
    lines = linked(events)
    receipts = sorted(sha(f"receipt {n}") for n in range(len(case.choices)))
    record = record_of(case, rules, result, whole, sha(lines[-1]))
    folder.mkdir(exist_ok=True)
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    (folder / "chain.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (folder / "receipts.txt").write_text("".join(f"{line}\n" for line in receipts), "utf-8")
    if sealed:
        (folder / "sealed.json").write_text(whole, "utf-8")
    return folder


# --- running the file, and altering a bundle -----------------------------------------------------


def recount(bundle: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(FILE), str(bundle), *more]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def holds(bundle: Path, *more: str) -> str:
    done = recount(bundle, *more)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith("全部对得上。\n")
    return done.stdout


def fails(bundle: Path, says: str, *more: str) -> None:
    done = recount(bundle, *more)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout + done.stderr
    assert re.search(says, done.stdout.splitlines()[-1]), done.stdout
    assert "全部对得上" not in done.stdout


def edited(folder: Path, name: str, act: Callable[[str], str]) -> None:
    before = (folder / name).read_text("utf-8")
    after = act(before)
    assert after != before
    (folder / name).write_text(after, "utf-8")


def packed(folder: Path, prefix: str = "") -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in sorted(folder.iterdir()):
            bundle.write(file, f"{prefix}{file.name}")
    return target
