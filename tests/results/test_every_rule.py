"""Each way of voting, by each rule that goes with it: live bars, the sealed result, its pages."""

from collections.abc import Mapping, Sequence

import pytest
from flask import Flask

from surveys.ballots.models import Showing, TieMethod
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.canon import canonical_json, text_digest
from surveys.counting.outcome import Reason
from surveys.counting.rules import Rule
from surveys.counting.tally import Totals
from surveys.counting.ways import Way
from surveys.errors import Invalid, Refused
from surveys.results import live, service
from surveys.results.counted import Count, RunoffCount, Unit
from surveys.results.rules import Surface
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, ITEMS, WHILE_OPEN, Stage, add_menu
from tests.manners import Browser, Page
from tests.results.sealed import events_of, publish, seal, voted
from tests.world import World, make_world, sign_in

Given = Sequence[Mapping[str, int]]

POINTS = [{"Lamps": 7, "Drains": 3}] * 6 + [{"Drains": 4, "Canteen": 6}] * 5
RANKS = [{"Lamps": 1, "Drains": 2}] * 4 + [{"Drains": 1, "Lamps": 1, "Canteen": 3}] * 3
JUDGED = [{"Lamps": 1, "Drains": -1, "Benches": 0}] * 6 + [{"Lamps": 1, "Drains": 1}] * 5
BY_ROUNDS = Terms(way=Way.RANK, rule=Rule.RUNOFF)
RUNOFF = (
    [{"Lamps": 1, "Drains": 2}] * 5
    + [{"Drains": 1, "Lamps": 2}] * 4
    + [{"Canteen": 1, "Drains": 2}] * 2
)


@pytest.mark.parametrize(
    ("terms", "given", "unit", "scores"),
    [
        (Terms(), [{"Lamps": 1, "Drains": 1}] * 3, Unit.HOUSEHOLDS, {"Lamps": 3, "Drains": 3}),
        (Terms(way=Way.ONE), [{"Lamps": 1}] * 2, Unit.HOUSEHOLDS, {"Lamps": 2}),
        (
            Terms(way=Way.POINTS, points=10),
            POINTS,
            Unit.POINTS,
            {"Lamps": 42, "Drains": 38, "Canteen": 30},
        ),
        # of three places the first has 6 half points; two on the first rank share 6 and 4
        (
            Terms(way=Way.RANK),
            RANKS,
            Unit.HALF_POINTS,
            {"Lamps": 4 * 6 + 3 * 5, "Drains": 4 * 4 + 3 * 5, "Canteen": 3 * 2},
        ),
        (Terms(way=Way.JUDGE), JUDGED, Unit.FOR, {"Lamps": 11, "Drains": 5}),
    ],
)
def test_scores_are_counted_in_what_the_way_of_voting_says(
    app: Flask, world: World, terms: Terms, given: Given, unit: Unit, scores: dict[str, int]
) -> None:
    stage = voted(app, world, terms, given)
    seal(stage)
    found = service.read(stage.ballot).count
    assert isinstance(found, Count)
    assert found.unit is unit
    named = {line.item.name: line.line.votes for line in found.lines if line.line.votes}
    assert named == scores
    assert found.households_in == len(given)


def test_a_runoff_is_counted_in_rounds_out_of_the_sealed_choices(app: Flask, world: World) -> None:
    stage = voted(app, world, BY_ROUNDS, RUNOFF, menu=add_menu(world, items=ITEMS[1:]))
    seal(stage)
    found = service.read(stage.ballot).count
    assert isinstance(found, RunoffCount)
    assert found.winner is not None
    assert found.winner.name == "Drains"  # 4 and the 2 of the canteen: 6 of 11
    assert found.unit is Unit.FIRST
    out = [each.item.name for each in found.finishes]
    assert out[:3] == ["Drains", "Lamps", "Canteen"]
    assert sorted(out) == sorted(stage.items)


def test_what_is_sealed_is_what_the_record_says(app: Flask, world: World) -> None:
    stage = voted(app, world, Terms(way=Way.JUDGE), JUDGED)
    seal(stage)
    found = service.read(stage.ballot)
    assert found.count.totals.against[stage.items["Drains"]] == 6
    assert found.count.totals.abstain[stage.items["Benches"]] == 6
    (counted,) = events_of(stage, "count")
    assert counted["rule"] == "greedy"
    assert counted["result"] == text_digest(found.result.body)


def test_a_small_building_is_not_told_by_itself(app: Flask) -> None:
    stage = voted(app, make_world(buildings=2, rooms=9), Terms(), [{"Lamps": 1}] * 4)
    seal(stage)
    assert service.read(stage.ballot).buildings == []


def test_ending_at_the_first_that_is_too_dear_leaves_the_rest(app: Flask, world: World) -> None:
    menu = add_menu(world, budget_fen=12_600_000 + 9_900_000)
    given = [{"Lamps": 1}] * 3 + [{"Drains": 1}] * 2 + [{"Benches": 1}]
    stage = voted(app, world, Terms(rule=Rule.GREEDY_NO_SKIP), given, menu=menu)
    seal(stage)
    found = service.read(stage.ballot).count
    assert isinstance(found, Count)
    reasons = {line.item.name: line.line.reason for line in found.lines}
    assert reasons["Drains"] is Reason.DOES_NOT_FIT
    assert reasons["Benches"] is Reason.AFTER_THE_END


def test_the_same_lot_is_counted_once_and_another_anew(app: Flask, world: World) -> None:
    stage = voted(app, world, Terms(), [{"Lamps": 1}])
    seal(stage)
    assert service.read(stage.ballot).count is service.read(stage.ballot).count


# --- lots ----------------------------------------------------------------------------------------

LEVEL = [{"Lamps": 1}] * 4 + [{"Drains": 1}] * 2 + [{"Canteen": 1}] * 2 + [{"Benches": 1}] * 3


def runoff_tied(app: Flask, world: World, method: TieMethod) -> Stage:
    """Drains and canteen are level and last; whoever stays is level with nobody."""
    items = [("Lamps", 1, "basic", False), ("Drains", 1, "basic", False)]
    items += [("Canteen", 1, "raise", False), ("Benches", 1, "improve", False)]
    menu = add_menu(world, items=items, most=None)
    stage = voted(app, world, BY_ROUNDS, LEVEL, menu=menu, tie_method=method)
    seal(stage)
    return stage


def test_a_runoff_that_waits_for_a_lot_draws_everything_that_is_left(
    app: Flask, world: World
) -> None:
    stage = runoff_tied(app, world, TieMethod.LOT)
    found = service.read(stage.ballot).count
    assert found.waits
    assert found.winners == ()
    drawn = service.to_draw(found)
    assert sorted(drawn) == sorted(stage.items.values())
    by, order = stage.who("organizer"), stage.ids("Canteen", "Benches", "Lamps", "Drains")
    with pytest.raises(Invalid, match="每项一次"):
        service.settle_by_lot(stage.ballot, order[:2], ["A", "B"], by=by, at=AFTER_CLOSE)
    with pytest.raises(Refused, match="抽签"):
        publish(stage)
    service.settle_by_lot(stage.ballot, order, ["A", "B"], by=by, at=AFTER_CLOSE)
    settled = service.read(stage.ballot).count
    assert isinstance(settled, RunoffCount)
    assert not settled.waits
    assert settled.rounds[0].out == stage.items["Drains"]  # the last of the two that are level
    with pytest.raises(Refused, match="抽签"):
        service.settle_by_lot(stage.ballot, order, ["A", "B"], by=by, at=AFTER_CLOSE)
    publish(stage)


def test_ties_one_after_the_other_take_a_lot_each(app: Flask, world: World) -> None:
    costs = {"A": 30, "B": 30, "C": 20, "D": 20}
    items = [(name, cost_fen, "basic", False) for name, cost_fen in costs.items()]
    menu = add_menu(world, items=items, budget_fen=50, most=None)
    given = [{"A": 1}, {"B": 1}] * 2 + [{"C": 1}, {"D": 1}]
    stage = voted(app, world, Terms(), given, menu=menu, tie_method=TieMethod.LOT)
    seal(stage)
    by = stage.who("organizer")
    for level, drawn, who in (("AB", "BA", ["X", "Y"]), ("CD", "DC", ["V", "W"])):
        assert service.to_draw(service.read(stage.ballot).count) == tuple(stage.ids(*level))
        order = stage.ids(*drawn)
        service.settle_by_lot(stage.ballot, order, who, by=by, at=AFTER_CLOSE)
    found = service.read(stage.ballot)
    assert found.count.winners == tuple(stage.ids("B", "D"))
    assert found.result.lot_order == canonical_json(stage.ids("B", "A", "D", "C"))
    assert [found.witnesses(tie) for tie in found.count.ties] == [["X", "Y"], ["V", "W"]]
    assert [event["order"] for event in events_of(stage, "lot")] == [
        stage.ids("B", "A"),
        stage.ids("D", "C"),
    ]


# --- pages ---------------------------------------------------------------------------------------


def pages_of(stage: Stage, browser: Browser, clock: Clock) -> list[Page]:
    """The desk before it is published; then the result, its part and the wall."""
    clock.is_now(AFTER_CLOSE)
    sign_in(browser, stage.who("organizer"))
    desk = browser.see(f"/desk/ballot/{stage.ballot.id}/result")
    publish(stage)
    ballot = stage.ballot.id
    public = (f"/result/{ballot}", f"/live/{ballot}", f"/screen/{ballot}")
    return [desk, *(browser.see(address) for address in public)]


@pytest.mark.parametrize(
    ("terms", "given", "said"),
    [
        (Terms(), [{"Lamps": 1}] * 3, "3户"),
        (Terms(way=Way.POINTS, points=10), POINTS, "42分"),
        (Terms(way=Way.RANK), RANKS, "19.5分"),
        (Terms(way=Way.JUDGE), JUDGED, "11户赞成"),
    ],
)
def test_pages_say_scores_with_their_unit(
    app: Flask,
    world: World,
    browser: Browser,
    clock: Clock,
    terms: Terms,
    given: Given,
    said: str,
) -> None:
    stage = voted(app, world, terms, given)
    seal(stage)
    _desk, result, _live, _wall = pages_of(stage, browser, clock)
    assert result.says(said)
    assert result.says("到此为止")


def test_a_judged_item_shows_who_was_against_it(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    stage = voted(app, world, Terms(way=Way.JUDGE), JUDGED)
    seal(stage)
    desk, result, _live, _wall = pages_of(stage, browser, clock)
    for page in (desk, result):
        assert page.says("赞成的不比反对的多")
    assert result.says("反对6户，弃权0户")


def test_a_runoff_shows_its_rounds_and_the_winner(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    stage = voted(app, world, BY_ROUNDS, RUNOFF, menu=add_menu(world, items=ITEMS[1:]))
    seal(stage)
    desk, result, _live, wall = pages_of(stage, browser, clock)
    for page in (desk, result):
        assert page.says("第1轮")
        assert page.says("出局")
    assert result.says("点单结果：Drains")
    assert wall.says("选出一项：Drains")


def test_a_lot_of_a_runoff_is_typed_on_the_desk(
    app: Flask, world: World, browser: Browser, clock: Clock
) -> None:
    stage = runoff_tied(app, world, TieMethod.LOT)
    clock.is_now(AFTER_CLOSE)
    sign_in(browser, stage.who("organizer"))
    address = f"/desk/ballot/{stage.ballot.id}"
    page = browser.see(f"{address}/result")
    assert page.says("把剩下的各项都抽一遍")
    form = page.form(f"{address}/lot")
    places = {f"place-{item}": str(n) for n, item in enumerate(stage.items.values(), 1)}
    told = {"first_witness": "A", "second_witness": "B"}
    settled = browser.send(f"{address}/lot", {**form, **places, **told})
    assert settled.says("当着A、B抽签定了先后")


@pytest.mark.parametrize("place", ["1", "", "x", "-1", "²", "9" * 5000])
def test_a_place_that_is_no_place_of_its_own_settles_nothing_and_stays_in_its_field(
    app: Flask, world: World, browser: Browser, clock: Clock, place: str
) -> None:
    stage = runoff_tied(app, world, TieMethod.LOT)
    clock.is_now(AFTER_CLOSE)
    sign_in(browser, stage.who("organizer"))
    address = f"/desk/ballot/{stage.ballot.id}"
    form = browser.see(f"{address}/result").form(f"{address}/lot")
    first, *rest = stage.items.values()
    places = {f"place-{item}": str(n) for n, item in enumerate(rest, 1)}
    told = {"first_witness": "A", "second_witness": "B"}
    again = browser.send(f"{address}/lot", {**form, **places, f"place-{first}": place, **told})
    assert again.status == 422
    assert again.one(f"#place-{first}").get("value") == place
    assert again.one(f"#place-{rest[0]}").get("value") == "1"
    assert again.one("#first_witness").get("value") == "A"
    assert service.read(stage.ballot).count.waits


def test_a_witness_has_a_name_and_not_a_novel(app: Flask, world: World) -> None:
    stage = runoff_tied(app, world, TieMethod.LOT)
    drawn, by = service.to_draw(service.read(stage.ballot).count), stage.who("organizer")
    with pytest.raises(Invalid, match="名字最多"):
        service.settle_by_lot(stage.ballot, drawn, ["A", "B" * 41], by=by, at=AFTER_CLOSE)


@pytest.mark.parametrize(
    ("terms", "given"),
    [
        (Terms(way=Way.POINTS, points=10), POINTS),
        (Terms(way=Way.RANK), RANKS + RANKS),
        (Terms(way=Way.JUDGE), JUDGED),
        (BY_ROUNDS, RUNOFF),
    ],
)
def test_live_bars_show_every_way(
    app: Flask, browser: Browser, clock: Clock, terms: Terms, given: Given
) -> None:
    world = make_world(buildings=5)
    menu = add_menu(world, items=ITEMS[1:] if terms is BY_ROUNDS else ITEMS)
    stage = voted(app, world, terms, given, menu=menu, showing=Showing.LIVE)
    assert live.refresh(stage.ballot.id, stage.keys)
    seen = live.figures(stage.ballot.id, Surface.PAGE, WHILE_OPEN)
    assert isinstance(seen.totals, Totals)
    assert seen.totals.ballots == len(given)
    clock.is_now(WHILE_OPEN)
    part = browser.see(f"/live/{stage.ballot.id}")
    assert part.says("Lamps")
    assert browser.see(f"/screen/{stage.ballot.id}/bars").says("Lamps")
    assert db.session.is_active
