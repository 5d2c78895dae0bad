"""Drafting and opening: what is refused, and that everything is frozen in one commit."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots import asking, chain, drafting, offers, readiness
from surveys.ballots.models import Ballot, BallotHousehold, Event, Showing, Vote
from surveys.ballots.rules import State, state
from surveys.base.db import db, new_id
from surveys.counting import ties
from surveys.counting.canon import digest, text_digest
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Invalid, Refused
from surveys.menus.models import Menu, MenuItem, MenuItemNeed
from surveys.needs.models import Need
from surveys.rounds.models import Round
from surveys.web import config_of
from tests.ballots.stage import (
    AFTER_CLOSE,
    BUDGET_FEN,
    CLOSES,
    OPENS,
    SEALS,
    WHILE_OPEN,
    Stage,
    add_menu,
    drafted,
    keys_of,
    opened,
)
from tests.world import AT, World, make_world


def test_a_draft_previews_what_the_menu_says_now(world: World) -> None:
    ballot = drafted(world)
    offer = asking.offer(ballot)
    assert state(ballot, WHILE_OPEN) is State.DRAFT
    assert [item.name for item in offer.items][:2] == ["Roof", "Drains"]
    assert offer.budget_fen == BUDGET_FEN
    assert offer.rules.cap_fen == BUDGET_FEN
    assert offer.households == 24


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "x" * 81},
        {"opens_at": CLOSES},
        {"seals_at": CLOSES - timedelta(seconds=1)},
        {"seals_at": CLOSES + timedelta(days=5, seconds=1)},
    ],
)
def test_a_draft_without_sense_is_not_kept(world: World, wrong: dict[str, object]) -> None:
    menu = add_menu(world)
    with pytest.raises(Invalid):
        drafted(world, menu, **wrong)  # type: ignore[arg-type]
    db.session.rollback()
    assert asking.all_of(world.courtyard) == []


def test_whoever_taps_twice_makes_one_draft(world: World) -> None:
    menu = add_menu(world)
    drafted(world, menu, title="点单")
    with pytest.raises(Invalid, match="已经有叫"):
        drafted(world, menu, title=" 点单")


def test_a_menu_of_another_round_is_refused(world: World) -> None:
    menu = add_menu(world)
    other = Round(id=new_id(), courtyard_id=world.courtyard, name="B", method="M", created_at=AT)
    db.session.add(other)
    db.session.commit()
    world.round = other.id
    with pytest.raises(Refused):
        drafted(world, menu)


def test_a_draft_can_be_changed_until_it_opens(stage: Stage) -> None:
    ballot = drafted(stage.world, db.session.get_one(Menu, stage.ballot.menu_id))
    wanted = {
        "title": "Second thoughts",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "seals_at": SEALS,
        "showing": Showing.HIDDEN,
        "tie_method": ballot.tie_method,
        "by": stage.who("organizer"),
        "at": AT,
    }
    drafting.change(ballot, **wanted)  # type: ignore[arg-type]
    assert (ballot.title, ballot.showing) == ("Second thoughts", Showing.HIDDEN)
    with pytest.raises(Refused):
        drafting.change(stage.ballot, **wanted)  # type: ignore[arg-type]


def test_opening_freezes_the_roll_the_rules_and_their_digests(stage: Stage) -> None:
    ballot = stage.ballot
    roll = db.session.scalars(db.select(BallotHousehold)).all()
    opening = json.loads(db.session.get_one(Event, (ballot.id, 1)).body)
    assert ballot.roll_count == len(roll) == 24
    assert opening["kind"] == "open"
    assert opening["households"] == 24
    assert opening["roll"] == digest(
        sorted([r.household_id, r.building, r.stairwell] for r in roll)
    )
    assert opening["rules"] == text_digest(ballot.rules)
    assert opening["menu"] == digest(json.loads(ballot.rules)["items"])
    assert opening["tie_seed"] == ties.commitment(stage.keys.read(ballot.id).tie_seed)
    assert opening["day"] == "2026-11-20"
    assert chain.verify(ballot) is None


def test_the_frozen_offer_is_the_one_that_the_draft_showed(app: Flask, world: World) -> None:
    ballot = drafted(world)
    before = asking.offer(ballot)
    opened(app, world, ballot)
    after = asking.offer(db.session.get_one(Ballot, ballot.id))
    assert after.items == before.items
    assert after.classes == before.classes
    assert after.rules == before.rules
    assert (after.budget_fen, after.households) == (before.budget_fen, before.households)
    assert after.precedence == before.precedence


def test_what_nobody_said_of_an_item_is_not_frozen_so_that_older_digests_hold(
    world: World,
) -> None:
    menu = add_menu(world)
    plain = offers.items_as_data(asking.offer(drafted(world, menu)))
    assert {"share_fen", "upkeep_fen"}.isdisjoint(plain[0])
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.name == "Lamps")):
        item.share_fen, item.upkeep_fen = 30_000, 0
    db.session.commit()
    told = offers.items_as_data(asking.offer(drafted(world, menu, title="Another")))
    changed = [now for was, now in zip(plain, told, strict=True) if was != now]
    assert [(item["share_fen"], item["upkeep_fen"]) for item in changed] == [(30_000, 0)]


def test_a_ballot_frozen_before_there_were_shares_reads_back_as_it_was(stage: Stage) -> None:
    held = json.loads(stage.ballot.rules)
    offer = offers.offer(stage.ballot)
    assert [item.share_fen for item in offer.items] == [None] * 6
    assert digest(offers.items_as_data(offer)) == digest(held["items"])


def test_an_item_without_a_price_keeps_the_ballot_shut(app: Flask, world: World) -> None:
    menu = add_menu(world)
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.name == "Lamps")):
        item.is_priced = False
    db.session.commit()
    ballot = drafted(world, menu)
    found = readiness.in_the_way(ballot, offers.offer(ballot), AT)
    assert [fault.msgid % fault.params for fault in found] == [
        "还没填价钱：Lamps。先到菜单里填好。"
    ]
    assert "还没填价钱" in refused_opening(app, world, ballot)


def test_opening_pins_the_menu_and_the_needs_behind_it(app: Flask, world: World) -> None:
    menu = add_menu(world)
    need = Need(
        id=new_id(), courtyard_id=world.courtyard, round_id=world.round, title="N", created_at=AT
    )
    db.session.add(need)
    db.session.flush()
    item = db.session.scalars(db.select(MenuItem).limit(1)).one()
    db.session.add(MenuItemNeed(menu_item_id=item.id, need_id=need.id))
    db.session.commit()
    opened(app, world, drafted(world, menu))
    assert db.session.get_one(Menu, menu.id).pinned_at == AT
    assert db.session.get_one(Need, need.id).pinned_at == AT


def test_opening_guards_slips_until_the_sealing(stage: Stage) -> None:
    courtyard = db.session.get_one(Courtyard, stage.world.courtyard)
    assert courtyard.slips_guarded_until == SEALS


def test_who_joins_the_roll_later_is_not_on_the_frozen_one(stage: Stage) -> None:
    first = stage.household()
    late = Household(
        id=new_id(),
        courtyard_id=first.courtyard_id,
        place_id=first.place_id,
        building=first.building,
        stairwell=first.stairwell,
        room="999",
        position=999,
    )
    db.session.add(late)
    db.session.commit()
    assert asking.standing(stage.ballot, stage.household()).may_vote
    assert not asking.standing(stage.ballot, late).may_vote
    assert asking.offer(stage.ballot).households == 24


def refused_opening(app: Flask, world: World, ballot: Ballot, at: object = AT) -> str:
    with pytest.raises(Refused) as refused:
        drafting.open_(
            ballot,
            by=world.accounts["organizer"],
            at=at,  # type: ignore[arg-type]
            keys=keys_of(app),
            secret=config_of(app).secret,
        )
    db.session.rollback()
    assert db.session.get_one(Ballot, ballot.id).frozen_at is None
    assert not db.session.scalar(db.select(db.func.count()).select_from(Event))
    assert ballot.id not in keys_of(app).held()
    return str(refused.value)


def test_a_second_opening_is_refused(app: Flask, stage: Stage) -> None:
    with pytest.raises(Refused):
        opened(app, stage.world, stage.ballot)


def test_opening_after_the_close_is_refused(app: Flask, world: World) -> None:
    assert "截止" in refused_opening(app, world, drafted(world), AFTER_CLOSE)


@pytest.mark.parametrize(
    ("menu", "says"),
    [
        ({"items": ()}, "没有可以选的"),
        ({"items": [("Roof", 1, "basic", True)]}, "没有可以选的"),
        ({"least": 6, "most": None}, "至少选 6 项"),
        ({"budget_fen": 12_599_999}, "预算只有 125,999.99 元"),
        ({"budget_fen": 12_600_000 + 1_599_999}, "最便宜的 1 项"),
    ],
)
def test_rules_that_nobody_could_meet_are_refused(
    app: Flask, world: World, menu: dict[str, object], says: str
) -> None:
    ballot = drafted(world, add_menu(world, **menu))  # type: ignore[arg-type]
    assert says in refused_opening(app, world, ballot)


def test_an_empty_roll_is_refused(app: Flask, world: World) -> None:
    ballot = drafted(world)
    db.session.execute(db.delete(Household).where(Household.courtyard_id == world.courtyard))
    db.session.commit()
    assert "花名册" in refused_opening(app, world, ballot)


def test_live_figures_are_refused_below_fifty_households(app: Flask, world: World) -> None:
    assert "50" in refused_opening(app, world, drafted(world, showing=Showing.LIVE))


def test_live_figures_are_allowed_from_fifty_households_on(app: Flask) -> None:
    world = make_world(buildings=2, rooms=25)
    assert opened(app, world, drafted(world, showing=Showing.LIVE)).ballot.roll_count == 50


def test_an_open_ballot_tightens_and_never_loosens(stage: Stage) -> None:
    by = stage.who("organizer")
    drafting.tighten(stage.ballot, Showing.HIDDEN, by=by, at=WHILE_OPEN)
    assert stage.ballot.showing == Showing.HIDDEN
    with pytest.raises(Refused):
        drafting.tighten(stage.ballot, Showing.TURNOUT, by=by, at=WHILE_OPEN)


def test_a_void_ballot_says_why_and_nothing_can_be_read_any_more(stage: Stage) -> None:
    stage.cast(0, "Drains")
    drafting.void(
        stage.ballot, "A price was wrong", by=stage.who("organizer"), at=WHILE_OPEN, keys=stage.keys
    )
    event = json.loads(chain.events_of(stage.ballot)[-1].body)
    assert (event["kind"], event["reason"]) == ("void", "A price was wrong")
    assert state(stage.ballot, WHILE_OPEN) is State.VOID
    assert not stage.keys.held() & {stage.ballot.id}
    assert not db.session.scalar(db.select(db.func.count()).select_from(Vote))
    with pytest.raises(Refused, match="作废"):
        stage.cast(1, "Drains")


def test_voiding_needs_a_reason(stage: Stage) -> None:
    with pytest.raises(Invalid):
        drafting.void(stage.ballot, " ", by=stage.who("organizer"), at=WHILE_OPEN, keys=stage.keys)
