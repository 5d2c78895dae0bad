"""The public record on its pages: who may see what of it, and when; receipts; the sealed bundle."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask

from surveys.ballots import asking, drafting, extending, keying
from surveys.ballots.models import Entry, Showing, TieMethod
from surveys.ballots.terms import Terms
from surveys.base import audit
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.results import bundle, record, second_opinion, service, story
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, CLOSES, WHILE_OPEN, Stage, add_menu
from tests.manners import Browser
from tests.results.sealed import bodies_of, publish, seal, voted
from tests.world import World, make_world, sign_in

A_DAY = timedelta(days=1)
PICKED = [{"Lamps": 1, "Drains": 1}] * 3 + [{"Canteen": 1}] * 2


def address(stage: Stage, more: str = "") -> str:
    """Where the record of the stage's ballot is."""
    return f"/record/{stage.world.code}/{stage.ballot.id}{more}"


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An open ballot with five households in."""
    return voted(app, world, Terms(), PICKED)


@pytest.fixture
def done(stage: Stage, clock: Clock) -> Stage:
    """Sealed and published."""
    seal(stage)
    publish(stage)
    clock.is_now(AFTER_CLOSE)
    return stage


# --- who may see what, and when ------------------------------------------------------------------


def test_before_the_sealing_there_is_no_record(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    for more in ("", "/receipts", ".zip"):
        assert browser.get(address(stage, more)).status_code == 404
    assert not browser.see(f"/record/{stage.world.code}").says(stage.ballot.title)
    assert clock.at == WHILE_OPEN


@pytest.mark.parametrize("showing", [Showing.HIDDEN, Showing.TURNOUT])
def test_between_sealing_and_publishing_it_tells_rules_and_head_and_no_number(
    app: Flask, world: World, browser: Browser, clock: Clock, showing: Showing
) -> None:
    pages = []
    for votes in (1, 4):
        stage = voted(app, world, Terms(), PICKED[:votes], showing=showing)
        seal(stage)
        clock.is_now(AFTER_CLOSE)
        page = browser.see(address(stage))
        assert page.says("封存了，还没公布")
        assert page.says(stage.ballot.head)
        for more in ("/receipts", ".zip"):
            assert browser.get(address(stage, more)).status_code == 404
        pages.append(page.text.replace(stage.ballot.head, ""))
    assert pages[0] == pages[1]
    assert browser.see(f"/record/{world.code}").says("还没公布")


def test_once_it_is_published_everybody_reads_all_of_it(done: Stage, browser: Browser) -> None:
    page = browser.see(address(done))
    for words in ("选的户多的先做", "交来5户", "监督员签认：扫码5户", "封存：5份选择", "计票"):
        assert page.says(words), words
    assert page.says(done.ballot.head)
    assert page.says("必做")
    assert browser.see(f"/record/{done.world.code}").says("已公布")
    assert browser.see(f"/result/{done.ballot.id}").says(done.ballot.head)
    assert browser.see(f"/c/{done.world.code}").all(f'[href="/record/{done.world.code}"]')


def test_a_record_is_found_under_its_own_courtyard_alone(done: Stage, browser: Browser) -> None:
    elsewhere = f"/record/M3TV8NC/{done.ballot.id}"
    for more in ("", "/receipts", ".zip"):
        assert browser.get(elsewhere + more).status_code == 404
    assert browser.get("/record/AAAAAAA").status_code == 404


def test_a_void_ballot_is_named_with_its_reason_and_has_no_record(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    by = stage.who("organizer")
    drafting.void(stage.ballot, "花名册错了", by=by, at=WHILE_OPEN, keys=stage.keys)
    page = browser.see(f"/record/{stage.world.code}")
    assert page.says("花名册错了")
    for more in ("", "/receipts", ".zip"):
        assert browser.get(address(stage, more)).status_code == 404
    assert clock.at == WHILE_OPEN


def test_a_courtyard_without_a_sealed_ballot_says_so(
    world: World, browser: Browser, clock: Clock
) -> None:
    assert browser.see(f"/record/{world.code}").says("还没有封存的点单")
    assert clock.at == WHILE_OPEN


# --- the public bundle ---------------------------------------------------------------------------


def test_the_public_bundle_is_sent_once_and_then_known_by_its_tag(
    done: Stage, browser: Browser
) -> None:
    first = browser.get(address(done, ".zip"))
    assert first.mimetype == "application/zip"
    assert first.headers["Cache-Control"] == "no-cache"
    assert quote("点单记录") in first.headers["Content-Disposition"]
    assert first.data == bundle.write(record.public_files(record.of(done.ballot)))
    tag = first.headers["ETag"]
    again = browser.get(address(done, ".zip"), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    second_opinion.work_out(done.ballot.id, AFTER_CLOSE)
    later = browser.get(address(done, ".zip"), headers={"If-None-Match": tag})
    assert later.status_code == 200
    assert later.headers["ETag"] != tag


def test_the_bundle_knows_when_the_courtyard_is_called_something_else(
    done: Stage, browser: Browser
) -> None:
    before = browser.get(address(done, ".zip"))
    db.session.get_one(Courtyard, done.world.courtyard).name = "A new name"
    db.session.commit()
    after = browser.get(address(done, ".zip"))
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.data != after.data


# --- receipts ------------------------------------------------------------------------------------


def test_a_receipt_leads_to_its_place_in_the_record(
    app: Flask, browser: Browser, clock: Clock
) -> None:
    world = make_world(buildings=10, rooms=12)
    stage = voted(app, world)
    receipts = [stage.cast(n, "Lamps") for n in range(110)]
    clock.is_now(AFTER_CLOSE)
    assert browser.see(f"/r/{receipts[0]}").says("还没封存")
    seal(stage)
    sealed = browser.see(f"/r/{receipts[0]}")
    assert sealed.says("在公开记录里，算进去了")
    assert sealed.says("公布以后，公开记录里能找到它")
    publish(stage)
    hashes = record.of(stage.ballot).receipts
    assert len(hashes) == 110
    assert hashes == sorted(hashes)
    for code in receipts[:3]:
        (link,) = browser.see(f"/r/{code}").all(f'[href^="{address(stage)}"]')
        page = browser.see(link.get("href"))
        own = page.one(".tip a").get("href").removeprefix("#")
        assert page.one(f'[id="{own}"]') is not None
        assert own in hashes
        assert page.says(own)
    numbers = [
        len(browser.see(address(stage, f"/receipts?page={n}")).all("li[id]")) for n in (1, 2)
    ]
    assert numbers == [100, 10]
    for nonsense in ("3", "0", "-1", "x", "9" * 9):
        assert browser.get(address(stage, f"/receipts?page={nonsense}")).status_code == 404


def test_a_receipt_stays_in_the_record_when_the_vote_is_replaced_or_withdrawn(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    replaced = stage.cast(0, "Canteen")
    withdrawn = stage.cast(10, "Lamps")
    (entry,) = asking.standing(stage.ballot, stage.household(10)).entries
    keying.withdraw(entry, "Why", by=stage.who("supervisor"), at=WHILE_OPEN)
    clock.is_now(AFTER_CLOSE)
    seal(stage)
    publish(stage)
    assert browser.see(f"/r/{replaced}").says("在公开记录里，算进去了")
    page = browser.see(f"/r/{withdrawn}")
    assert page.says("在公开记录里，可后来撤下了，没算进去")
    assert page.all(f'[href^="{address(stage)}/receipts"]')


# --- the chain in words --------------------------------------------------------------------------


def test_the_votes_of_a_day_are_told_together(stage: Stage) -> None:
    stage.cast(0, "Canteen")
    stage.paper(1, "Lamps")
    stage.paper(7, "Lamps")
    by = stage.who("organizer")
    extending.extend(stage.ballot, CLOSES + A_DAY, "下雨", by=by, at=WHILE_OPEN)
    told = story.told(bodies_of(stage))
    assert [(each.kind, each.first, each.last) for each in told] == [
        ("open", 1, 1),
        ("votes", 2, 9),
        ("extend", 10, 10),
    ]
    votes = told[1]
    assert votes.votes == {"cast": 6, "replace": 1, "override": 1}
    assert votes.channels == {"scan": 5, "paper": 1}
    assert votes.body["households_in"] == 6
    assert told[2].closes_at > CLOSES


def test_every_kind_of_event_has_its_words(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    menu = add_menu(world, budget_fen=12_600_000 + 9_900_000)
    given = [{"Drains": 1}, {"Canteen": 1}] * 2
    stage = voted(app, world, Terms(), given, menu=menu, tie_method=TieMethod.LOT)
    by = stage.who("supervisor")
    later = CLOSES + A_DAY
    extending.extend(stage.ballot, later, "下雨", by=stage.who("organizer"), at=WHILE_OPEN)
    entry = db.session.scalars(db.select(Entry).limit(1)).one()
    keying.withdraw(entry, "Why", by=by, at=WHILE_OPEN)
    keying.reinstate(entry, "Why", by=by, at=WHILE_OPEN)
    stage.cast(0, "Canteen")
    stage.cast(1, "Drains")
    at = later + timedelta(hours=1)
    stage.sign(at=at)
    service.seal(stage.ballot, by=stage.who("organizer"), at=at, keys=stage.keys)
    drawn, who = service.to_draw(service.read(stage.ballot).count), stage.who("organizer")
    service.settle_by_lot(stage.ballot, drawn, ["张", "李"], by=who, at=at)
    service.publish(stage.ballot, by=stage.who("organizer"), at=at)
    clock.is_now(at)
    page = browser.see(address(stage))
    for words in (
        "开票",
        "推迟到",
        "撤下一份",
        "恢复一份",
        "改选",
        "截止，一共4户",
        "回访",
        "封存",
        "当着张、李抽签",
    ):
        assert page.says(words), words
    assert len(page.all("#chain ~ ul > li")) == len(story.told(record.of(stage.ballot).bodies))


# --- the sealed bundle ---------------------------------------------------------------------------


def test_a_supervisor_takes_the_sealed_bundle_and_that_is_noted(
    done: Stage, browser: Browser
) -> None:
    sign_in(browser, done.who("supervisor"))
    where = f"/desk/ballot/{done.ballot.id}"
    form = browser.see(f"{where}/result").form(f"{where}/sealed.zip")
    taken = browser.post(f"{where}/sealed.zip", data=form)
    assert taken.status_code == 200
    assert "no-store" in taken.headers["Cache-Control"]
    with zipfile.ZipFile(BytesIO(taken.data)) as files:
        assert "sealed.json" in files.namelist()
    (note,) = [act for act in audit.about(done.ballot.id) if act.act == "ballot.sealed_bundle"]
    assert note.account_id == done.who("supervisor")


@pytest.mark.parametrize("kind", ["organizer", "clerk", "observer", "administrator"])
def test_nobody_else_takes_the_sealed_bundle(done: Stage, browser: Browser, kind: str) -> None:
    sign_in(browser, done.who(kind))
    where = f"/desk/ballot/{done.ballot.id}"
    page = browser.see(f"{where}/result")
    assert not page.all('[action$="sealed.zip"]')
    token = browser.see("/").form("/language")
    assert browser.post(f"{where}/sealed.zip", data=token).status_code == 403


def test_before_the_sealing_there_is_no_sealed_bundle(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    sign_in(browser, stage.who("supervisor"))
    token = browser.see("/").form("/language")
    answer = browser.post(f"/desk/ballot/{stage.ballot.id}/sealed.zip", data=token)
    assert answer.status_code == 409
    assert clock.at == WHILE_OPEN


def test_the_command_writes_bundles(app: Flask, stage: Stage, tmp_path: Path, clock: Clock) -> None:
    clock.is_now(AFTER_CLOSE)
    run, ballot = app.test_cli_runner(), stage.ballot.id
    path = tmp_path / "a.zip"
    assert "not published" in run.invoke(args=["ballots", "bundle", ballot, str(path)]).output
    sealed = ["ballots", "bundle", "--sealed-for", "supervisor", ballot, str(path)]
    assert "not sealed" in run.invoke(args=sealed).output
    assert "no such ballot" in run.invoke(args=["ballots", "bundle", "x", str(path)]).output
    for name, why in (("organizer", "is no supervisor"), ("nobody", "no such account")):
        asked = ["ballots", "bundle", "--sealed-for", name, ballot, str(path)]
        assert why in run.invoke(args=asked).output
    assert not path.exists()
    db.session.rollback()
    seal(stage)
    told = run.invoke(args=sealed)
    assert told.exit_code == 0
    assert stage.ballot.head in told.output
    with zipfile.ZipFile(path) as files:
        assert "sealed.json" in files.namelist()
    publish(stage)
    assert run.invoke(args=["ballots", "bundle", ballot, str(path)]).exit_code == 0
    assert path.read_bytes() == record.public_bundle(stage.ballot)
    nowhere = ["ballots", "bundle", ballot, str(tmp_path / "no" / "a.zip")]
    assert "cannot be written" in run.invoke(args=nowhere).output


# --- the wall ------------------------------------------------------------------------------------


def test_the_wall_shows_the_head_from_the_sealing_on(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    screen = f"/screen/{stage.ballot.id}"
    assert not browser.see(screen).says(stage.ballot.head)
    seal(stage)
    clock.is_now(AFTER_CLOSE)
    assert browser.see(screen).says(stage.ballot.head)
    publish(stage)
    assert browser.see(screen).says(stage.ballot.head)


def test_a_lot_moves_the_head_on_the_wall(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    menu = add_menu(world, budget_fen=12_600_000 + 9_900_000)
    given = [{"Drains": 1}, {"Canteen": 1}] * 2
    stage = voted(app, world, Terms(), given, menu=menu, tie_method=TieMethod.LOT)
    seal(stage)
    clock.is_now(AFTER_CLOSE)
    wall = browser.see(f"/screen/{stage.ballot.id}")
    by, order = stage.who("organizer"), stage.ids("Canteen", "Drains")
    service.settle_by_lot(stage.ballot, order, ["A", "B"], by=by, at=AFTER_CLOSE)
    moved = browser.see(wall.one("#board").get("hx-get"))
    assert moved.status == 200
    assert moved.says(stage.ballot.head)
