"""The files of a record as one zip file: written, and read again for a count. Pure.

`docs/format.md` says what every file holds.
"""

import json
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zlib import error as Undeflatable

from surveys.counting import shares, ties
from surveys.counting.canon import text_digest
from surveys.counting.elections import Election, Unreadable
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import Totals
from surveys.counting.ways import Marks, Way, canonical, parse

RECORD, CHAIN, RECEIPTS = "record.json", "chain.jsonl", "receipts.txt"
SEALED, ELECTION = "sealed.json", "election.pb"
PROGRAM, README = "recount.py", "README.txt"
MOST_BYTES = 64 * 1024 * 1024
"""of one file; none of ours comes near"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""the time of every file: the same record gives the same bytes"""
_PLAIN_FILE = 0o100644 << 16


def write(files: Mapping[str, bytes]) -> bytes:
    """A zip file of these files, in the order of their names; always the same bytes."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            about = ZipInfo(name, _LONG_AGO)
            about.compress_type, about.create_system = ZIP_DEFLATED, 3
            about.external_attr = _PLAIN_FILE
            bundle.writestr(about, files[name])
    return held.getvalue()


def read(held: bytes) -> Election:
    """The election of a public or sealed bundle: of the latter every choice, else the totals.

    Nothing is checked but what the count needs; checking is what `recount.py` is for.

    Raises:
        Unreadable: it is no bundle of a ballot that was counted.
    """
    files = _unpacked(held)
    if RECORD not in files:
        raise Unreadable(f"The zip file holds no {RECORD}: it is no bundle of a ballot.")
    try:
        return _election(json.loads(files[RECORD]), files.get(SEALED))
    except Unreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Unreadable("The bundle is not written as its format says.") from fault


def _unpacked(held: bytes) -> dict[str, bytes]:
    try:
        with ZipFile(BytesIO(held)) as bundle:
            wanted = [about for about in bundle.infolist() if about.filename in {RECORD, SEALED}]
            if any(about.file_size > MOST_BYTES for about in wanted):
                raise Unreadable("A file of the bundle is beyond all measure.")
            return {about.filename: bundle.read(about) for about in wanted}
    except (BadZipFile, Undeflatable, NotImplementedError, EOFError, RuntimeError) as fault:
        raise Unreadable("The zip file cannot be opened; it is not whole.") from fault


def _election(record: Mapping[str, Any], sealed: bytes | None) -> Election:
    if record["result"] is None:
        raise Unreadable("This ballot was declared void: nothing was counted.")
    rules, totals = json.loads(record["rules"]), json.loads(record["result"])["totals"]
    way, counting = Way(rules["way"]), Counting.from_data(rules["counting"])
    runs_off = counting.rule is Rule.RUNOFF
    items = [item for item in rules["items"] if not (runs_off and item["must_do"])]
    return Election(
        items=tuple(map(_item, items)),
        names={item["id"]: item["name"] for item in items},
        way=way,
        choices=_choices(sealed, record["sealed_sha256"]) if sealed else (),
        counting=counting,
        stated=counting.rule.value,
        budget_fen=None if runs_off else rules["budget_fen"],
        fen_per_unit=100,
        currency="CNY",
        unit_fen=shares.own_unit_fen(rules["budget_fen"], totals["ballots"]),
        settle=_settle(record),
        official=frozenset(record["outcome"]["winners"]),
        totals=None if sealed else Totals.from_data(totals),
    )


def _item(item: Mapping[str, Any]) -> Item:
    return Item(item["id"], item["cost_fen"], item["class_key"], item["must_do"])


def _choices(sealed: bytes, sha256: str) -> tuple[tuple[Marks, int], ...]:
    text = sealed.decode("utf-8")
    if text_digest(text) != sha256:
        raise Unreadable(f"{SEALED} is not the one whose hash the record names.")
    handed_in = Counter(canonical(choice) for choice in json.loads(text)["choices"])
    return tuple((parse(choice), times) for choice, times in handed_in.items())


def _settle(record: Mapping[str, Any]) -> ties.TieOrder:
    if record["tie_seed"]:
        return ties.by_seed(bytes.fromhex(record["tie_seed"]))
    return ties.by_lot(record["lot_order"]) if record["lot_order"] else ties.unsettled
