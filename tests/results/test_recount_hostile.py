"""recount.py on hostile files: one sentence, and never a traceback."""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.results.by_hand import BY_LOT, PICKS, RUNOFF
from tests.results.handmade import canonical, fails, holds, linked, packed, recount, sha, write

JUNK = [
    *(b"", b"\xff\xfe", b"\n", b"null", b"[]", b"{}", b"{", b'{"format":1.0}', b"[" * 200_000),
    *(b"NaN", b"9" * 100_000, b'"\\ud800"', b'{"a":' * 900 + b"1" + b"}" * 900, b"\x00" * 99),
]


@pytest.mark.parametrize("name", ["record.json", "chain.jsonl", "receipts.txt", "sealed.json"])
def test_junk_gets_one_sentence(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "bundle", PICKS)
    for junk in JUNK:
        (folder / name).write_bytes(junk)
        fails(folder, "。$")
    (folder / name).unlink()
    if name != "sealed.json":
        fails(folder, f"没有 {name}")


def twist(value: Any, chance: random.Random) -> Any:
    """A value of JSON with one thing in it turned into something else."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        return {**value, key: twist(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        return [*value[:place], twist(value[place], chance), *value[place + 1 :]]
    return chance.choice([None, -1, 2**70, "?", "\x1b[2J\ud800", [], {}, [[]], {"?": None}, True])


@pytest.mark.parametrize("seed", range(40))
def test_wrong_values_end_in_a_sentence_and_never_in_a_traceback(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = write(tmp_path / "bundle", chance.choice([PICKS, RUNOFF, BY_LOT]), seed % 2 == 0)
    record = json.loads((folder / "record.json").read_text("utf-8"))
    events = [json.loads(line) for line in (folder / "chain.jsonl").read_text("utf-8").splitlines()]
    counted = next(event for event in events if event["kind"] == "count")
    inner = chance.choice(["rules", "result", "record"])
    if inner == "record":
        record = twist(record, chance)
    else:
        twisted = twist(json.loads(record[inner]), chance)
        record[inner] = canonical(twisted)
        counted["result"] = sha_of(record["result"])
        events[0]["rules"] = sha_of(record["rules"])
        if inner == "rules" and isinstance(twisted, dict) and "items" in twisted:
            events[0]["menu"] = sha_of(canonical(twisted["items"]))
        lines = linked(events)
        record["head"] = sha(lines[-1])
        (folder / "chain.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    done = recount(folder)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
    assert "\x1b" not in done.stdout


def sha_of(text: str) -> str:
    return sha(text.encode("utf-8", "replace").decode())


def test_a_zip_file_is_read_by_names_and_nothing_is_unpacked(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", PICKS)
    for prefix in ("", "九号院/", "../../"):
        holds(packed(folder, prefix))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "bundle.zip"]


def test_a_broken_zip_file_gets_one_sentence(tmp_path: Path) -> None:
    whole = packed(write(tmp_path / "bundle", PICKS)).read_bytes()
    broken = tmp_path / "broken.zip"
    contents = [b"", b"PK", whole[:-30], whole[: len(whole) // 2]]
    for number in range(12):
        place = number * len(whole) // 12 + 40
        contents.append(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    for content in contents:
        broken.write_bytes(content)
        done = recount(broken)
        assert done.stderr == ""
        assert done.returncode in (0, 1)
    fails(tmp_path / "nowhere.zip", "nowhere.zip 打不开")


def test_a_bomb_and_a_double_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", PICKS)
    with zipfile.ZipFile(packed(folder), "a") as bundle:
        bundle.writestr("other/record.json", "{}")
    fails(tmp_path / "bundle.zip", "两个 record.json")
    with (folder / "sealed.json").open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    fails(folder, "sealed.json 太大")
    fails(packed(folder), "sealed.json 太大")
