"""Making an owners' vote: what is asked of it, its motions, and what freezing settles for good."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from surveys.base.db import db, new_id
from surveys.counting.canon import digest, text_digest
from surveys.counting.double_majority import Weight
from surveys.errors import Invalid, Refused, SurveysError
from surveys.owners import chain, drafting, rules, service
from surveys.owners.models import OwnerCode, OwnersVote
from surveys.owners.register_models import OnlineRule, Unit
from surveys.owners.rules import State
from surveys.web import config_of
from tests.owners import stage
from tests.owners.making import BEFORE, drafted, opened, with_motions
from tests.owners.stage import AFTER_CLOSE, CLOSES, NOTICED, OPENS, SEALS, WHILE_OPEN
from tests.world import World

DAY = timedelta(days=1)
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": "  "}, "请写表决叫什么。"),
    "nobody calls": ({"called_by": ""}, "请写由谁召集。"),
    "a title too long": ({"title": "长" * 81}, "写得太长了，最多 80 个字。"),
    "closes before it opens": ({"closes_at": OPENS - DAY}, "截止要在开始之后。"),
    "four days": (
        {"closes_at": OPENS + 5 * DAY - timedelta(minutes=1)},
        "投票的日子要在 5 天到 60 天之间。",
    ),
    "more than sixty days": (
        {
            "closes_at": OPENS + 60 * DAY + timedelta(minutes=1),
            "seals_at": OPENS + 61 * DAY,
        },
        "投票的日子要在 5 天到 60 天之间。",
    ),
    "sealed before the close": ({"seals_at": CLOSES - DAY}, "最晚封存的时间不能早过截止。"),
    "sealed too late": (
        {"seals_at": CLOSES + 10 * DAY + timedelta(minutes=1)},
        "截止以后最多 10 天就要封存计票。",
    ),
    "noticed after the opening": ({"noticed_on": date(2026, 11, 21)}, "公告要贴在开始之前。"),
    "fourteen days ahead, no reason": (
        {"noticed_on": date(2026, 11, 6)},
        "公告到开始不到 15 天，请写一句为什么，公告上会印。",
    ),
    "unknown rules": ({"rule_set": "law-of-the-moon"}, "没有这套规则。"),
    "rules out of force": (
        {"rule_set": "property-law-2007"},
        "截止那天，这套规则不在有效期里。请换一套，或者改时间。",
    ),
    "a hundred proxies": ({"proxy_most": 100}, "一个人最多代几位，请写 0 到 99 的数。"),
    "silence without source": (
        {"silence_text": "不表决的从多数"},
        "“未表决视为同意多数”的约定，要写原文，也要写它出自哪份文件。",
    ),
    "silence without words": (
        {"silence_source": "议事规则第 9 条"},
        "“未表决视为同意多数”的约定，要写原文，也要写它出自哪份文件。",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_terms_that_do_not_go_together_are_refused_in_words(world: World, case: str) -> None:
    changes, said = REFUSED[case]
    with pytest.raises(Invalid) as fault:
        drafted(world, **changes)
    assert str(fault.value) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": OPENS + 5 * DAY, "seals_at": OPENS + 5 * DAY},
        {"closes_at": OPENS + 60 * DAY, "seals_at": OPENS + 70 * DAY},
        {"noticed_on": date(2026, 11, 6), "notice_reason": "水管爆了，等不及"},
        {"noticed_on": date(2026, 11, 20), "notice_reason": "当天"},
        {"silence_text": "不表决的从多数", "silence_source": "议事规则第 9 条"},
    ],
)
def test_the_edges_of_the_calendar_stand(world: World, changes: dict[str, Any]) -> None:
    assert rules.state(drafted(world, **changes), BEFORE) is State.DRAFT


def test_a_reason_is_kept_only_where_the_notice_is_short(world: World) -> None:
    assert drafted(world, notice_reason="为什么").notice_reason == ""
    short = drafted(world, title="B", noticed_on=date(2026, 11, 6), notice_reason=" 急 ")
    assert short.notice_reason == "急"


def test_whoever_taps_twice_makes_one_draft(world: World) -> None:
    drafted(world)
    with pytest.raises(Invalid, match="换个名字"):
        drafted(world)


# --- motions -------------------------------------------------------------------------------------


def titles(vote: OwnersVote) -> list[tuple[int, str]]:
    return [(motion.number, motion.title) for motion in service.motions_of(vote)]


def test_ordinary_or_grave_follows_from_the_matter(world: World) -> None:
    hire, raise_ = service.motions_of(with_motions(world))
    assert (hire.weight, raise_.weight) == (Weight.ORDINARY, Weight.GRAVE)


def test_a_motion_changes_its_weight_with_its_matter(world: World) -> None:
    vote = with_motions(world)
    hire = service.motions_of(vote)[0]
    by = world.accounts["organizer"]
    drafting.change_motion(vote, hire.id, "Rebuild", "All of it", "rebuild", by=by, at=BEFORE)
    assert service.motions_of(vote)[0].weight is Weight.GRAVE


@pytest.mark.parametrize(
    ("title", "matter", "said"),
    [
        (" ", "manager", "请写议题。"),
        ("长" * 81, "manager", "写得太长了，最多 80 个字。"),
        ("A", "lunch", "这套规则里没有议题“A”选的这一类事，请另选。"),
    ],
)
def test_a_motion_that_cannot_stand_is_refused(
    world: World, title: str, matter: str, said: str
) -> None:
    with pytest.raises(Invalid) as fault:
        drafting.add_motion(
            drafted(world), title, "", matter, by=world.accounts["organizer"], at=BEFORE
        )
    assert str(fault.value) == said


def test_motions_are_moved_and_removed_and_stay_numbered_from_one(world: World) -> None:
    vote, by = drafted(world), world.accounts["organizer"]
    made = {
        name: drafting.add_motion(vote, name, "", "other", by=by, at=BEFORE).id for name in "ABCD"
    }
    drafting.move_motion(vote, made["D"], 2, by=by, at=BEFORE)
    assert titles(vote) == [(1, "A"), (2, "D"), (3, "B"), (4, "C")]
    drafting.move_motion(vote, made["A"], 99, by=by, at=BEFORE)
    assert titles(vote) == [(1, "D"), (2, "B"), (3, "C"), (4, "A")]
    drafting.remove_motion(vote, made["B"], by=by, at=BEFORE)
    assert titles(vote) == [(1, "D"), (2, "C"), (3, "A")]


def test_a_sheet_has_room_for_so_many_motions(world: World) -> None:
    vote, by = drafted(world), world.accounts["organizer"]
    for n in range(rules.MOST_MOTIONS):
        drafting.add_motion(vote, f"{n}", "", "other", by=by, at=BEFORE)
    with pytest.raises(Refused, match="最多 20 项"):
        drafting.add_motion(vote, "one more", "", "other", by=by, at=BEFORE)


# --- opening -------------------------------------------------------------------------------------


def blocks(vote: OwnersVote, at: object = NOTICED) -> list[str]:
    return [str(fault) for fault in drafting.in_the_way(vote, at)]  # type: ignore[arg-type]


def test_what_stands_in_the_way_is_said_all_at_once(world: World) -> None:
    said = blocks(drafted(world, is_online=True), AFTER_CLOSE)
    assert "还没有议题。先写要表决什么。" in said
    assert "开始的时间已经过了，先改时间。" in said
    assert any(text.startswith("公告的日子已经过了") for text in said)
    assert any(text.startswith("这里还没有写明允许网上投") for text in said)
    assert len(said) >= 5  # and that nobody is on the register


def test_a_vote_without_a_motion_does_not_open(app: Flask, world: World) -> None:
    stage.register(world)
    vote = drafted(world)
    with pytest.raises(Refused, match="还没有议题"):
        drafting.open_(
            vote, by=world.accounts["organizer"], at=NOTICED, secret=config_of(app).secret
        )
    assert rules.state(service.find(vote.id), NOTICED) is State.DRAFT


def test_areas_that_do_not_add_up_keep_a_vote_from_opening(app: Flask, world: World) -> None:
    stage.register(world)
    vote = with_motions(world)
    assert blocks(vote) == []
    unit = db.session.scalars(db.select(Unit).limit(1)).one()
    unit.area_dm2 += 1
    db.session.commit()
    assert len(blocks(vote)) == 1


def test_opening_freezes_register_motions_and_rules_and_begins_the_chain(
    app: Flask, world: World
) -> None:
    vote = opened(app, world).vote
    assert (vote.owners, vote.area_dm2) == (18, 24 * stage.AREA_DM2)
    (link,) = chain.of_kind(vote, "open")
    assert link["rules"] == text_digest(vote.rules)
    assert link["register"] == digest(service.register_as_data(vote))
    frozen = json.loads(vote.rules)
    assert [m["weight"] for m in frozen["motions"]] == ["ordinary", "grave"]
    assert frozen["law"]["grave"] == {"part": [3, 4], "includes": True, "of": "taking_part"}
    assert frozen["buildings"] == ["1", "2"]
    assert chain.verify(vote) is None
    assert rules.state(vote, NOTICED) is State.ANNOUNCED
    assert rules.state(vote, WHILE_OPEN) is State.OPEN
    assert rules.state(vote, AFTER_CLOSE) is State.CLOSED


def test_nothing_of_an_opened_vote_changes_any_more(app: Flask, world: World) -> None:
    vote, by = opened(app, world).vote, world.accounts["organizer"]
    motion = service.motions_of(vote)[0].id
    acts = (
        lambda: drafting.change(vote, drafting.terms_of(vote), by=by, at=NOTICED),
        lambda: drafting.add_motion(vote, "A", "", "other", by=by, at=NOTICED),
        lambda: drafting.change_motion(vote, motion, "A", "", "other", by=by, at=NOTICED),
        lambda: drafting.move_motion(vote, motion, 2, by=by, at=NOTICED),
        lambda: drafting.remove_motion(vote, motion, by=by, at=NOTICED),
        lambda: drafting.open_(vote, by=by, at=NOTICED, secret=config_of(app).secret),
    )
    for act in acts:
        with pytest.raises(Refused, match="已经定下来了"):
            act()
        db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE owners_vote SET title = 'B'",
        "UPDATE owners_vote SET notice_reason = 'B'",
        "UPDATE owners_vote SET rules = '{}'",
        "UPDATE motion SET title = 'B'",
        "DELETE FROM motion",
        "DELETE FROM owners_vote",
    ],
)
def test_the_database_itself_keeps_what_was_frozen(
    app: Flask, world: World, statement: str
) -> None:
    opened(app, world)
    with pytest.raises(IntegrityError, match="guarded"):
        db.session.execute(db.text(statement))
    db.session.rollback()


def test_a_vote_is_online_only_where_a_rule_of_the_place_says_so(app: Flask, world: World) -> None:
    db.session.add(
        OnlineRule(
            place_id=world.street,
            is_allowed=True,
            basis="某市规定第 3 条",
            set_by=world.accounts["administrator"],
            set_at=BEFORE,
        )
    )
    db.session.commit()
    online = opened(app, world, is_online=True).vote
    assert online.online_basis == "某市规定第 3 条"
    assert db.session.scalars(db.select(db.func.count()).select_from(OwnerCode)).one() == 18


def test_a_nearer_rule_goes_before_one_further_up(app: Flask, world: World) -> None:
    for place, is_allowed in ((world.street, True), (world.courtyard, False)):
        db.session.add(
            OnlineRule(
                place_id=place,
                is_allowed=is_allowed,
                basis="a sentence",
                set_by=world.accounts["administrator"],
                set_at=BEFORE,
            )
        )
    db.session.commit()
    stage.register(world)
    assert len(blocks(with_motions(world, is_online=True))) == 1


def test_no_draft_is_found_under_another_vote(world: World) -> None:
    one, other = with_motions(world), drafted(world, title="B")
    motion = service.motions_of(one)[0].id
    for wanted in (motion, new_id()):
        with pytest.raises(SurveysError):
            drafting.remove_motion(other, wanted, by=world.accounts["organizer"], at=BEFORE)


def test_paper_may_be_keyed_until_the_sealing(world: World) -> None:
    assert drafted(world).seals_at == SEALS
