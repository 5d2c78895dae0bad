"""From votes to a published result: counted as one would by hand, and no sooner."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots import drafting, sealing
from surveys.ballots.models import CountedVote, Showing, TieMethod, Vote
from surveys.base import audit
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.results import live, service
from surveys.results.counted import Count
from surveys.results.models import LiveFigure
from surveys.results.rules import Sight, Surface
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, WHILE_OPEN, Stage, add_menu, drafted, opened
from tests.manners import Browser
from tests.world import World, make_world, sign_in

VOTES = [("Drains", "Lamps")] * 5 + [("Lamps",)] * 4 + [("Canteen", "Benches")] * 3


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An open ballot with twelve households in."""
    made = opened(app, world)
    for n, names in enumerate(VOTES):
        made.cast(n, *names)
    return made


def seal(stage: Stage) -> None:
    """A supervisor signs, the organizer seals."""
    stage.sign()
    by = stage.who("organizer")
    service.seal(stage.ballot, by=by, at=AFTER_CLOSE, keys=stage.keys)


def publish(stage: Stage) -> None:
    """The organizer publishes."""
    service.publish(stage.ballot, by=stage.who("organizer"), at=AFTER_CLOSE)


def test_the_result_agrees_with_a_count_by_hand(stage: Stage) -> None:
    seal(stage)
    found = service.read(stage.ballot)
    assert isinstance(found.count, Count)
    votes = {line.item.name: line.line.votes for line in found.count.lines}
    assert votes == {
        "Roof": 0,
        "Drains": 5,
        "Lamps": 9,
        "Bicycle shed": 0,
        "Benches": 3,
        "Canteen": 3,
    }
    # 40 in all: 12.6 must be done, then 2.4, 9.8; then 8.5 and 1.6 fit into the 15.2 left
    assert [line.item.name for line in found.count.chosen] == [
        "Roof",
        "Lamps",
        "Drains",
        "Benches",
        "Canteen",
    ]
    assert found.count.outcome.spent_fen == 34_900_000
    assert (found.count.households_in, found.count.roll) == (12, 24)
    assert dict(found.channels)["scan"] == 12
    assert found.buildings == [("1", 12, 12), ("2", 0, 12)]


def test_sealing_leaves_choices_alone_and_no_encrypted_vote(stage: Stage) -> None:
    seal(stage)
    count = db.session.scalar(db.select(db.func.count()).select_from(CountedVote))
    assert count == len(VOTES)
    assert db.session.scalar(db.select(db.func.count()).select_from(Vote)) == 0
    assert stage.ballot.id not in stage.keys.held()


def test_nothing_is_published_before_it_is_sealed(stage: Stage) -> None:
    with pytest.raises(Refused, match="封存"):
        publish(stage)
    with pytest.raises(NotFound):
        service.read(stage.ballot)


def test_publishing_twice_is_publishing_once(stage: Stage) -> None:
    seal(stage)
    publish(stage)
    publish(stage)
    assert [act.act for act in audit.about(stage.ballot.id)].count("ballot.published") == 1


def test_the_clock_seals_what_nobody_signed(stage: Stage) -> None:
    latest = stage.ballot.seals_at
    assert sealing.due_to_seal(latest - timedelta(seconds=1)) == []
    (due,) = sealing.due_to_seal(latest)
    service.seal(due, by=None, at=latest, keys=stage.keys)
    assert sealing.due_to_seal(latest) == []
    assert service.read(stage.ballot).count.households_in == 12


def tied(app: Flask, world: World, method: TieMethod) -> Stage:
    """Drains and Canteen level, money for one of them."""
    menu = add_menu(world, budget_fen=12_600_000 + 9_900_000)
    made = opened(app, world, drafted(world, menu, tie_method=method))
    for n in range(4):
        made.cast(n, "Drains" if n % 2 else "Canteen")
    seal(made)
    return made


def test_a_tie_by_seed_is_settled_and_told(app: Flask, world: World) -> None:
    stage = tied(app, world, TieMethod.SEED)
    (tie,) = service.read(stage.ballot).count.ties
    assert tie.settled_by == "seed"
    publish(stage)


def test_a_tie_by_lot_waits_for_two_witnesses(app: Flask, world: World) -> None:
    stage = tied(app, world, TieMethod.LOT)
    by = stage.who("organizer")
    with pytest.raises(Refused, match="抽签"):
        publish(stage)
    with pytest.raises(Invalid, match="见证人"):
        service.settle_by_lot(
            stage.ballot, stage.ids("Canteen", "Drains"), ["A", "A"], by=by, at=AFTER_CLOSE
        )
    with pytest.raises(Invalid, match="每项一次"):
        service.settle_by_lot(
            stage.ballot, stage.ids("Canteen", "Lamps"), ["A", "B"], by=by, at=AFTER_CLOSE
        )
    service.settle_by_lot(
        stage.ballot, stage.ids("Canteen", "Drains"), ["A", "B"], by=by, at=AFTER_CLOSE
    )
    publish(stage)
    assert service.read(stage.ballot).count.winners == tuple(stage.ids("Roof", "Canteen"))


def test_the_lot_is_typed_on_the_desk(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    stage = tied(app, world, TieMethod.LOT)
    clock.is_now(AFTER_CLOSE)
    sign_in(browser, stage.who("organizer"))
    address = f"/desk/ballot/{stage.ballot.id}"
    form = browser.see(f"{address}/result").form(f"{address}/lot")
    canteen, drains = stage.ids("Canteen", "Drains")
    again = browser.send(f"{address}/lot", {**form, f"place-{canteen}": "1"})
    assert again.status == 422
    order = {f"place-{canteen}": "1", f"place-{drains}": "2"}
    told = {"first_witness": "A", "second_witness": "B"}
    assert browser.send(f"{address}/lot", {**form, **order, **told}).status == 200
    page = browser.send(f"{address}/publish", browser.see(f"{address}/result").form(address))
    assert page.says("点单结果")
    assert page.says("抽签定了先后")


def test_hidden_figures_look_the_same_however_many_voted(
    app: Flask, browser: Browser, clock: Clock
) -> None:
    world = make_world()
    stage = opened(app, world, drafted(world, showing=Showing.HIDDEN))
    before = browser.get(f"/live/{stage.ballot.id}")
    stage.cast(0, "Lamps")
    after = browser.get(f"/live/{stage.ballot.id}")
    assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])
    assert clock.at == WHILE_OPEN


def test_an_unchanged_poll_answers_without_a_part(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    part = browser.see(f"/live/{stage.ballot.id}")
    again = part.one("#live").get("hx-get")
    assert browser.get(again).status_code == 204
    stage.cast(20, "Lamps")
    moved = browser.see(again)
    assert moved.status == 200
    assert moved.says("13户交了")
    assert clock.at == WHILE_OPEN


@pytest.fixture
def live_stage(app: Flask) -> Stage:
    """An open ballot of 60 households that shows its bars."""
    world = make_world(buildings=5)
    return opened(app, world, drafted(world, showing=Showing.LIVE))


def test_bars_come_at_ten_and_move_by_fives(live_stage: Stage) -> None:
    stage = live_stage
    moved = []
    for n in range(16):
        stage.cast(n, "Lamps")
        moved.append(live.refresh(stage.ballot.id, stage.keys))
    assert [n + 1 for n, yes in enumerate(moved) if yes] == [10, 15]


def test_one_household_that_changes_its_mind_five_times_moves_no_bar(live_stage: Stage) -> None:
    stage = live_stage
    for n in range(10):
        stage.cast(n, "Lamps")
    assert live.refresh(stage.ballot.id, stage.keys)
    for name in ("Drains", "Lamps", "Canteen", "Benches", "Drains"):
        stage.cast(0, name)
        assert not live.refresh(stage.ballot.id, stage.keys)


def test_no_bars_are_kept_after_sealing(live_stage: Stage) -> None:
    stage = live_stage
    for n in range(10):
        stage.cast(n, "Lamps")
    live.refresh(stage.ballot.id, stage.keys)
    seen = live.figures(stage.ballot.id, Surface.WALL, WHILE_OPEN)
    assert seen.sight is Sight.LIVE
    assert seen.totals is not None
    assert seen.totals.scores[stage.items["Lamps"]] == 10
    seal(stage)
    assert db.session.get(LiveFigure, stage.ballot.id) is None
    assert live.figures(stage.ballot.id, Surface.WALL, AFTER_CLOSE).totals is None


def test_the_wall_shows_code_bars_and_result_in_turn(
    live_stage: Stage, browser: Browser, clock: Clock
) -> None:
    stage = live_stage
    for n in range(10):
        stage.cast(n, "Lamps", "Drains")
    wall = browser.see(f"/screen/{stage.ballot.id}")
    assert wall.says("扫码点单")
    assert wall.says("10户交了")
    assert wall.one("#board").get("hx-trigger") == "every 2s"  # moves within three
    assert browser.see(f"/screen/{stage.ballot.id}/bars").says("满10户才显示")
    live.refresh(stage.ballot.id, stage.keys)
    bars = browser.see(f"/screen/{stage.ballot.id}/bars")
    assert bars.says("到此为止")
    assert bars.says("Lamps")
    seal(stage)
    clock.is_now(AFTER_CLOSE)
    assert browser.see(f"/screen/{stage.ballot.id}").says("计票")
    assert browser.get(f"/result/{stage.ballot.id}").status_code == 404
    publish(stage)
    still = browser.see(f"/screen/{stage.ballot.id}")
    assert still.says("已定格")
    assert not still.all("[hx-get]")
    assert browser.see(f"/result/{stage.ballot.id}").says("怎么定的")


def test_a_draft_has_no_figures(world: World, browser: Browser) -> None:
    ballot = drafted(world)
    assert browser.get(f"/live/{ballot.id}").status_code == 404
    assert browser.get(f"/screen/{ballot.id}").status_code == 404


def test_a_void_ballot_shows_nothing(stage: Stage, browser: Browser, clock: Clock) -> None:
    by = stage.who("organizer")
    drafting.void(stage.ballot, "钥匙丢了", by=by, at=WHILE_OPEN, keys=stage.keys)
    page = browser.see(f"/live/{stage.ballot.id}")
    assert not page.says("户交了，全院")
    assert clock.at == WHILE_OPEN


@pytest.mark.parametrize(
    ("kind", "status"), [("clerk", 403), ("supervisor", 403), ("observer", 403), ("stranger", 404)]
)
@pytest.mark.parametrize("act", ["seal", "lot", "publish"])
def test_only_the_organizer_seals_and_publishes(
    stage: Stage, browser: Browser, kind: str, status: int, act: str
) -> None:
    sign_in(browser, stage.who(kind))
    form = browser.see("/").form("/language")
    assert browser.send(f"/desk/ballot/{stage.ballot.id}/{act}", form).status == status
