"""The register's bundle of an owners' vote: counted again by a stranger's program, or found out."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from surveys.base import audit
from surveys.base.db import db
from surveys.counting.canon import canonical_json, text_digest
from surveys.counting.double_majority import Unmarked
from surveys.errors import Refused
from surveys.owners import correcting, sealing
from surveys.owners.correcting import Claim, What
from surveys.owners.models import DeliveryWay, EntryState
from surveys.results import bundle, owners_record
from surveys.web import config_of
from tests.ballots.phones import Clock
from tests.databases import a_database
from tests.manners import Browser
from tests.owners import stage
from tests.owners.sheets import Counter
from tests.owners.stage import ABSTAIN, AFTER_CLOSE, AGAINST, BLANK, FOR, WHILE_OPEN, Stage
from tests.world import World, make_world, sign_in

Files = dict[str, bytes]


def sealed(vote: Stage, *, uncounted: int = 0) -> Files:
    """The supervisor signs, the organizer seals and publishes; the files of the bundle."""
    by, at = vote.who("organizer"), AFTER_CLOSE
    sealing.sign(vote.vote, uncounted=uncounted, by=vote.who("supervisor"), at=at)
    sealing.seal(vote.vote, by=by, at=at)
    sealing.publish(vote.vote, by=by, at=at)
    return unzipped(owners_record.hand_out(vote.vote, by=vote.who("supervisor"), at=at))


def unzipped(held: bytes) -> Files:
    """The files of a bundle."""
    with zipfile.ZipFile(BytesIO(held)) as found:
        return {name: found.read(name) for name in found.namelist()}


def recount(folder: Path, files: Files, *options: str) -> tuple[int, str]:
    """What the program of the bundle answers, run as a stranger does: alone."""
    folder.mkdir(exist_ok=True)
    program, path = folder / "recount.py", folder / "bundle.zip"
    program.write_bytes(files["recount.py"])
    path.write_bytes(bundle.write(files))
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(path), *options],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def linked(files: Files, change: Callable[[list[dict[str, Any]]], None]) -> Files:
    """The same with a chain that was changed and linked anew, as a liar would."""
    events = [json.loads(line) for line in files["chain.jsonl"].decode().splitlines()]
    change(events)
    previous, lines = "", []
    for event in events:
        lines.append(canonical_json({**event, "previous": previous}))
        previous = text_digest(lines[-1])
    record = {**json.loads(files["record.json"]), "head": previous}
    return {
        **files,
        "chain.jsonl": "".join(f"{line}\n" for line in lines).encode(),
        "record.json": canonical_json(record).encode(),
    }


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The bundle of a busy vote, made once: what is done to it needs no database."""
    folder = tmp_path_factory.mktemp("busy")
    with a_database("sqlite", folder) as (_database, app), app.app_context():
        files = sealed(busy(stage.opened(make_world())))
        db.session.remove()
    return files


def busy(vote: Stage) -> Stage:
    """Sheets of many kinds: counting, superseded, withdrawn, and an agent's."""
    at_work = Counter(vote)
    for number in (1, *range(5, 13)):
        at_work.paper(number, FOR, FOR)
    at_work.paper(2, AGAINST, FOR)
    at_work.paper(13, BLANK, ABSTAIN)
    at_work.paper(14, FOR, AGAINST, proxy=at_work.proxy(14))
    vote.deliver(*range(1, 15))
    return vote


def test_an_honest_bundle_holds(tmp_path: Path, held: Files) -> None:
    code, told = recount(tmp_path, held)
    assert (code, told.splitlines()[-1]) == (0, "全部对得上。")
    assert "业主名册：18 户，2112.00 ㎡" in told
    assert "表决票：12 份" in told
    assert "议题1：赞成 10 户、1232.00 ㎡，反对 1 户、88.00 ㎡。" in told
    assert "议题1：按已录入数据，达到法定比例。" in told


def test_it_speaks_english_and_json_and_knows_the_head_at_the_count(
    tmp_path: Path, held: Files
) -> None:
    at_count = next(
        text_digest(line)
        for line in held["chain.jsonl"].decode().splitlines()
        if json.loads(line)["kind"] == "count"
    )
    code, told = recount(tmp_path, held, "--lang", "en", "--head", at_count, "--json")
    report = json.loads(told)
    assert (code, report["holds"]) == (0, True)
    assert "The head you gave is that of the count" in told
    assert recount(tmp_path, held, "--head", "0" * 64)[0] == 1


@pytest.mark.parametrize("unmarked", list(Unmarked))
@pytest.mark.parametrize("rule_set", ["civil-code-2021"])
def test_a_silence_clause_and_what_did_not_count_are_recounted(
    tmp_path: Path, world: World, unmarked: Unmarked, rule_set: str
) -> None:
    draft = stage.drafted(
        world, unmarked=unmarked, rule_set=rule_set, silence_text="Silence is assent."
    )
    vote = stage.opened(world, draft)
    at_work = Counter(vote)
    at_work.paper(5, FOR, FOR)
    at_work.paper(6, BLANK, AGAINST)
    at_work.key(7, AGAINST, AGAINST)
    at_work.paper(2, FOR, FOR, signer="Owner 2")
    at_work.paper(2, AGAINST, FOR, signer="Wife of 2")
    vote.deliver(*range(1, 16))
    vote.deliver(16, way=DeliveryWay.FAILED)
    code, told = recount(tmp_path, sealed(vote, uncounted=2))
    assert code == 0, told
    assert "没有交回的有 11 户" in told  # 15 reached, less 5, 6, 7 and 2
    assert "按未表决的约定算，达到法定比例" in told


def test_a_register_that_was_corrected_is_recounted_as_corrected(
    tmp_path: Path, app: Flask, vote: Stage
) -> None:
    at_work = Counter(vote)
    at_work.paper(5, FOR, FOR)
    unit = vote.units(5)[0]
    asked = correcting.ask(
        vote.vote,
        (unit.building, unit.stairwell, unit.room),
        Claim(What.AREA, area_dm2=9_000),
        "the deed says so",
        by=vote.who("clerk"),
        at=WHILE_OPEN,
    )
    secret, by = config_of(app).secret, vote.who("supervisor")
    correcting.confirm(asked, secret=secret, by=by, at=WHILE_OPEN)
    code, told = recount(tmp_path, sealed(vote))
    assert code == 0, told
    assert "业主名册：18 户，2114.00 ㎡" in told
    assert "名册在表决中更正过 1 次" in told


# --- what was altered ----------------------------------------------------------------------------


def _marks(files: Files) -> Files:
    return {**files, "sheets.json": files["sheets.json"].replace(b'"1":"against"', b'"1":"for"')}


def _area(files: Files) -> Files:
    return {**files, "register.json": files["register.json"].replace(b",8800,", b",8801,", 1)}


def _delivery(files: Files) -> Files:
    return {**files, "deliveries.json": files["deliveries.json"].replace(b"hand", b"post", 1)}


def _result(files: Files) -> Files:
    record = json.loads(files["record.json"])
    record["result"] = record["result"].replace('"decided":true', '"decided":false')
    return {**files, "record.json": canonical_json(record).encode()}


def _threshold(files: Files) -> Files:
    record = json.loads(files["record.json"])
    record["rules"] = record["rules"].replace("[3,4]", "[1,2]")
    return {**files, "record.json": canonical_json(record).encode()}


def _result_and_chain(files: Files) -> Files:
    """A liar who can write the chain anew lies about the result alone."""
    lied = _result(files)
    body = text_digest(json.loads(lied["record.json"])["result"])

    def change(events: list[dict[str, Any]]) -> None:
        for event in events:
            if "result" in event:
                event["result"] = body

    return linked(lied, change)


def _sheets_and_chain(files: Files) -> Files:
    lied = _marks(files)
    sha = text_digest(lied["sheets.json"].decode())

    def change(events: list[dict[str, Any]]) -> None:
        next(e for e in events if e["kind"] == "seal")["sheets"] = sha

    return linked(lied, change)


def _sheet_left_out(files: Files) -> Files:
    held = json.loads(files["sheets.json"])
    held["sheets"].pop()
    lied = {**files, "sheets.json": canonical_json(held).encode()}
    sha = text_digest(lied["sheets.json"].decode())

    def change(events: list[dict[str, Any]]) -> None:
        next(e for e in events if e["kind"] == "seal")["sheets"] = sha

    return linked(lied, change)


def _end_cut_off(files: Files) -> Files:
    lines = files["chain.jsonl"].splitlines(keepends=True)
    return {**files, "chain.jsonl": b"".join(lines[:-3])}


def _event_removed(files: Files) -> Files:
    lines = files["chain.jsonl"].splitlines(keepends=True)
    return {**files, "chain.jsonl": b"".join(lines[:3] + lines[4:])}


def _sealed_twice(files: Files) -> Files:
    def change(events: list[dict[str, Any]]) -> None:
        again = next(e for e in events if e["kind"] == "close")
        events.insert(events.index(again) + 1, dict(again))
        for number, event in enumerate(events, 1):
            event["number"] = number

    return linked(files, change)


ALTERED: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a mark": (_marks, "sheets.json 被改过"),
    "an area": (_area, "register.json 被改过"),
    "a delivery": (_delivery, "deliveries.json 被改过"),
    "the result": (_result, "result 被改过"),
    "a threshold": (_threshold, "rules 被改过"),
    "the result, with the chain": (_result_and_chain, "decided 对不上"),
    "a mark, with the chain": (_sheets_and_chain, "对不上"),
    "a sheet left out, with the chain": (_sheet_left_out, "不是同一批"),
    "the end": (_end_cut_off, "没有走到计票"),
    "an event": (_event_removed, "编号是"),
    "a close too many": (_sealed_twice, "不能出现在这里"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_whatever_was_altered_is_named(tmp_path: Path, held: Files, what: str) -> None:
    alter, says = ALTERED[what]
    altered = alter(held)
    assert altered != held
    code, told = recount(tmp_path, altered)
    assert code == 1
    assert says in told.splitlines()[-1]


@pytest.mark.parametrize("name", ["register.json", "sheets.json", "deliveries.json", "record.json"])
@pytest.mark.parametrize("bytes_", [None, b"", b"[[1]]", b"\xff"])
def test_a_broken_file_is_a_sentence_and_no_traceback(
    tmp_path: Path, held: Files, name: str, bytes_: bytes | None
) -> None:
    others = {key: value for key, value in held.items() if key != name}
    code, told = recount(tmp_path, others if bytes_ is None else {**others, name: bytes_})
    assert code == 1
    assert name in told.splitlines()[-1]


# --- who gets it ---------------------------------------------------------------------------------


def test_there_is_no_bundle_before_the_sealing(vote: Stage) -> None:
    with pytest.raises(Refused):
        owners_record.hand_out(vote.vote, by=vote.who("supervisor"), at=AFTER_CLOSE)


def test_the_same_vote_gives_the_same_bytes(vote: Stage) -> None:
    files = sealed(busy(vote))
    assert dict(owners_record.whole(vote.vote)) == files


@pytest.mark.parametrize(
    ("kind", "status"),
    [("supervisor", 200), ("clerk", 403), ("organizer", 403), ("observer", 403), ("stranger", 404)],
)
def test_supervisors_and_named_counters_take_it_and_each_time_is_noted(
    app: Flask, vote: Stage, clock: Clock, kind: str, status: int
) -> None:
    vote.sheet(5, FOR, FOR, state=EntryState.SUPERSEDED)
    sealed(vote)
    clock.is_now(AFTER_CLOSE)
    browser = app.test_client()
    assert isinstance(browser, Browser)
    sign_in(browser, vote.who(kind))
    address = f"/desk/owners/{vote.vote.id}/bundle.zip"
    token = browser.see("/").form("/language")["csrf_token"]
    noted = len(_taken(vote))
    assert browser.post(address, data={"csrf_token": token}).status_code == status
    assert len(_taken(vote)) == noted + (status == 200)
    if kind == "clerk":
        vote.name_counter("clerk")
        assert browser.post(address, data={"csrf_token": token}).status_code == 200


def _taken(vote: Stage) -> list[str]:
    return [entry.id for entry in audit.about(vote.vote.id) if entry.act == "vote.bundle"]
