"""The bundles of a ballot: the program inside one checks it from an empty folder, and finds what
was touched; `flask count` reads it too."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from surveys.ballots import keying
from surveys.ballots.models import Channel, Entry, EntryState, TieMethod
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.menus.models import Menu, MenuItem
from surveys.results import bundle, record, second_opinion, service
from surveys.results.cli import count_file
from tests.ballots.stage import AFTER_CLOSE, ITEMS, WHILE_OPEN, Stage, add_menu
from tests.results.sealed import publish, recounted, seal, voted, written
from tests.world import World

Given = Sequence[Mapping[str, int]]
PUBLIC = {"record.json", "chain.jsonl", "receipts.txt", "recount.py", "README.txt"}
BY_ROUNDS = Terms(way=Way.RANK, rule=Rule.RUNOFF)

PICKED = [{"Lamps": 1, "Drains": 1}] * 5 + [{"Canteen": 1}] * 4 + [{"Benches": 1}] * 2
POINTS = [{"Lamps": 7, "Drains": 3}] * 6 + [{"Drains": 4, "Canteen": 6}] * 5
RANKS = [{"Lamps": 1, "Drains": 2}] * 4 + [{"Drains": 1, "Lamps": 1, "Canteen": 3}] * 3
JUDGED = [{"Lamps": 1, "Drains": -1, "Benches": 0}] * 6 + [{"Lamps": 1, "Drains": 1}] * 5
RUNOFF = [{"Lamps": 1, "Drains": 2}] * 5 + [{"Drains": 1}] * 4 + [{"Canteen": 1, "Drains": 2}] * 2
CASES = {
    "picks": (Terms(), PICKED),
    "picks, ending": (Terms(rule=Rule.GREEDY_NO_SKIP), PICKED),
    "picks, least support": (Terms(least_votes=3, least_percent=40), PICKED),
    "one": (Terms(way=Way.ONE), [{"Lamps": 1}] * 3 + [{"Drains": 1}] * 2),
    "points": (Terms(way=Way.POINTS, points=10), POINTS),
    "ranks": (Terms(way=Way.RANK, least_votes=4), RANKS),
    "judging": (Terms(way=Way.JUDGE), JUDGED),
    "runoff": (BY_ROUNDS, RUNOFF),
}


def menu_for(world: World, terms: Terms) -> Menu:
    """The usual menu; in a runoff nothing must be done."""
    return add_menu(world, items=ITEMS[1:] if terms is BY_ROUNDS else ITEMS)


def published(stage: Stage) -> Stage:
    """Sealed, with its second opinion, and published."""
    seal(stage)
    for ballot_id in second_opinion.waiting(AFTER_CLOSE):
        second_opinion.work_out(ballot_id, AFTER_CLOSE)
    publish(stage)
    return stage


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
def test_a_bundle_is_recounted_from_an_empty_folder(
    app: Flask, world: World, tmp_path: Path, case: str, sealed: bool
) -> None:
    terms, given = CASES[case]
    stage = published(voted(app, world, terms, given, menu=menu_for(world, terms)))
    path = written(stage.ballot, tmp_path, sealed=sealed)
    found = recounted(path, "--head", stage.ballot.head)
    assert (found.returncode, found.stderr) == (0, ""), found.stdout
    assert "全部对得上" in found.stdout
    assert ("封存包：按每一张选择重算" in found.stdout) is sealed
    if sealed and terms.way in {Way.APPROVE, Way.ONE}:
        assert "另一种算法（equalshares/add1）：按每一张选择重算，一致" in found.stdout


def test_all_that_happened_on_the_way_is_in_the_record_and_holds(
    app: Flask, world: World, tmp_path: Path
) -> None:
    stage = voted(app, world, Terms(), PICKED)
    stage.cast(0, "Canteen")
    stage.paper(1, "Lamps")
    stage.paper(20, "Drains", channel=Channel.PHONE)
    by = stage.who("supervisor")
    standing = db.select(Entry).where(Entry.state == EntryState.CONFIRMED).limit(1)
    entry = db.session.scalars(standing).one()
    keying.withdraw(entry, "Why", by=by, at=WHILE_OPEN)
    keying.reinstate(entry, "Why", by=by, at=WHILE_OPEN)
    published(stage)
    for sealed in (False, True):
        path = written(stage.ballot, tmp_path, sealed=sealed)
        found = recounted(path, "--head", stage.ballot.head)
        assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
def test_while_the_second_opinion_is_worked_out_the_rest_holds(
    app: Flask, world: World, tmp_path: Path, sealed: bool
) -> None:
    stage = voted(app, world, Terms(), PICKED)
    seal(stage)
    publish(stage)
    found = recounted(written(stage.ballot, tmp_path, sealed=sealed))
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("method", list(TieMethod))
def test_a_tie_is_settled_again_in_the_same_way(
    app: Flask, world: World, tmp_path: Path, method: TieMethod
) -> None:
    menu = add_menu(world, budget_fen=12_600_000 + 9_900_000)
    given = [{"Drains": 1}, {"Canteen": 1}] * 2
    stage = voted(app, world, Terms(), given, menu=menu, tie_method=method)
    seal(stage)
    second_opinion.work_out(stage.ballot.id, AFTER_CLOSE)
    at_the_sealing, by = stage.ballot.head, stage.who("organizer")
    if method is TieMethod.LOT:
        order = stage.ids("Canteen", "Drains")
        service.settle_by_lot(stage.ballot, order, ["A", "B"], by=by, at=AFTER_CLOSE)
    publish(stage)
    path = written(stage.ballot, tmp_path, sealed=False)
    for head in (at_the_sealing, stage.ballot.head):
        found = recounted(path, "--head", head)
        assert found.returncode == 0, found.stdout
    assert recounted(path, "--head", "0" * 64).returncode == 1


def test_a_runoff_with_a_lot_is_recounted_out_of_the_sealed_choices(
    app: Flask, world: World, tmp_path: Path
) -> None:
    given = [{"Lamps": 1}] * 4 + [{"Drains": 1}] * 2 + [{"Canteen": 1}] * 2
    menu = menu_for(world, BY_ROUNDS)
    stage = voted(app, world, BY_ROUNDS, given, menu=menu, tie_method=TieMethod.LOT)
    seal(stage)
    draws = 0
    while drawn := service.to_draw(service.read(stage.ballot).count):
        by = stage.who("organizer")
        service.settle_by_lot(stage.ballot, drawn, ["A", "B"], by=by, at=AFTER_CLOSE)
        draws += 1
    assert draws == 1
    publish(stage)
    found = recounted(written(stage.ballot, tmp_path, sealed=True), "--head", stage.ballot.head)
    assert found.returncode == 0, found.stdout


def test_the_same_ballot_gives_the_same_bytes(app: Flask, world: World) -> None:
    stage = published(voted(app, world, Terms(), PICKED))
    first = bundle.write(record.sealed_files(record.of(stage.ballot)))
    db.session.expire_all()
    assert bundle.write(record.sealed_files(record.of(stage.ballot))) == first
    with zipfile.ZipFile(BytesIO(first)) as files:
        assert set(files.namelist()) == PUBLIC | {"sealed.json", "election.pb"}
        assert files.testzip() is None


def test_the_public_bundle_holds_no_choice(app: Flask, world: World) -> None:
    stage = published(voted(app, world, Terms(way=Way.POINTS, points=10), POINTS))
    files = record.public_files(record.of(stage.ballot))
    assert files.keys() == PUBLIC
    told = json.loads(files["record.json"])
    assert stage.ballot.head == told["head"]
    salt = service.read(stage.ballot).result.salt
    assert all(salt.encode() not in held for held in files.values())


def test_two_records_of_one_ballot_have_one_version_until_something_is_added(
    app: Flask, world: World
) -> None:
    stage = voted(app, world, Terms(), PICKED)
    seal(stage)
    first = record.version(stage.ballot)
    assert record.version(stage.ballot) == first
    second_opinion.work_out(stage.ballot.id, AFTER_CLOSE)
    assert record.version(stage.ballot) != first


# --- what was touched is found -------------------------------------------------------------------


def touched(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The bundle with one file changed."""
    with zipfile.ZipFile(path) as files:
        held = {each: files.read(each) for each in files.namelist()}
    assert old in held[name]
    held[name] = held[name].replace(old, new, 1)
    path.write_bytes(bundle.write(held))
    return path


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("record.json", b'"spent_fen":', b'"spent_fen":1'),
        ("record.json", b'\\"ballots\\":11', b'\\"ballots\\":12'),
        ("record.json", b"Lamps", b"Lumps"),
        ("chain.jsonl", b'"channel":"scan"', b'"channel":"paper"'),
        ("chain.jsonl", b'"day":"2026-11-21"', b'"day":"2026-11-22"'),
        ("receipts.txt", b"\n", b"\n\n"),
        ("sealed.json", b'":1}', b'":2}'),
    ],
)
def test_the_program_of_the_bundle_finds_what_was_touched(
    app: Flask, world: World, tmp_path: Path, name: str, old: bytes, new: bytes
) -> None:
    stage = published(voted(app, world, Terms(), PICKED))
    found = recounted(touched(written(stage.ballot, tmp_path, sealed=True), name, old, new))
    assert found.returncode == 1
    assert "Traceback" not in found.stderr


# --- flask count ---------------------------------------------------------------------------------


def counted(path: Path, *options: str) -> Result:
    """What `flask count` answers."""
    return CliRunner().invoke(count_file, [str(path), *options])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
def test_flask_count_reads_both_bundles(
    app: Flask, world: World, tmp_path: Path, case: str, sealed: bool
) -> None:
    terms, given = CASES[case]
    stage = published(voted(app, world, terms, given, menu=menu_for(world, terms)))
    found = counted(written(stage.ballot, tmp_path, sealed=sealed), "--json")
    if terms is BY_ROUNDS and not sealed:
        assert found.exit_code == 1
        assert "totals only" in found.output
        return
    told = json.loads(found.output)
    assert told["agrees"] is True
    assert tuple(told["winners"]) == service.read(stage.ballot).count.winners


def test_flask_count_counts_equal_shares_out_of_the_sealed_bundle(
    app: Flask, world: World, tmp_path: Path
) -> None:
    stage = published(voted(app, world, Terms(), PICKED))
    path = written(stage.ballot, tmp_path, sealed=True)
    told = json.loads(counted(path, "--rule", "equalshares/add1", "--json").output)
    second = second_opinion.for_the_record(stage.ballot)
    assert second is not None
    assert told["winners"] == second["winners"]
    public = counted(written(stage.ballot, tmp_path, sealed=False), "--rule", "equalshares/add1")
    assert public.exit_code == 1


def test_other_programs_read_the_choices(app: Flask, world: World, tmp_path: Path) -> None:
    stage = published(voted(app, world, Terms(), PICKED))
    with zipfile.ZipFile(written(stage.ballot, tmp_path, sealed=True)) as files:
        files.extract("election.pb", tmp_path)
    told = json.loads(counted(tmp_path / "election.pb", "--json").output)
    must = set(db.session.scalars(db.select(MenuItem.id).where(MenuItem.must_do)))
    assert set(told["winners"]) == set(service.read(stage.ballot).count.winners) - must


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (b"no zip", "cannot be opened"),
        (bundle.write({"a": b"b"}), "no record.json"),
        (bundle.write({"record.json": b"{}"}), "not written as its format says"),
        (bundle.write({"record.json": b"\xff"}), "not written as its format says"),
        (bundle.write({"record.json": b'{"result":null}'}), "declared void"),
    ],
)
def test_what_is_no_bundle_is_said_in_a_sentence(
    tmp_path: Path, held: bytes, sentence: str
) -> None:
    (tmp_path / "a.zip").write_bytes(held)
    found = counted(tmp_path / "a.zip")
    assert found.exit_code == 1
    assert sentence in found.output


def test_sealed_choices_of_another_ballot_are_not_counted(
    app: Flask, world: World, tmp_path: Path
) -> None:
    stage = published(voted(app, world, Terms(), PICKED))
    path = touched(written(stage.ballot, tmp_path, sealed=True), "sealed.json", b'":1}', b'":2}')
    assert "hash the record names" in counted(path).output
