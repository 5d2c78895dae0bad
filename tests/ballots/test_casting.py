"""A household casts its own vote: one receipt, one vote that counts, plain refusals."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from surveys.ballots import asking, chain, receipts
from surveys.ballots.link_key import KeyLost
from surveys.ballots.models import Ballot, Entry, EntryState, Event, Participation, Vote
from surveys.ballots.sealing import current_choices
from surveys.base.db import db
from surveys.errors import Refused
from surveys.menus.models import MenuItem
from tests.ballots.others import household_elsewhere
from tests.ballots.stage import AFTER_CLOSE, CLOSES, OPENS, Stage, add_menu, drafted
from tests.ballots.stage import opened as opened_by
from tests.world import World


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def kinds(stage: Stage) -> list[str]:
    return [json.loads(e.body)["kind"] for e in chain.events_of(stage.ballot)]


def counted(stage: Stage) -> list[list[str]]:
    return sorted(stage.names(choice) for choice in current_choices(stage.ballot, stage.keys))


def test_a_vote_is_taken_in_and_a_receipt_given(stage: Stage) -> None:
    receipt = stage.cast(0, "Drains", "Benches")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{14}", receipt)
    assert counted(stage) == [["Benches", "Drains"]]
    assert stage.ballot.households_in == 1
    assert kinds(stage) == ["open", "cast"]
    assert chain.verify(stage.ballot) is None


def test_the_receipt_stands_in_the_chain_and_nothing_else_about_the_household(
    stage: Stage,
) -> None:
    receipt = stage.cast(0, "Drains")
    body = db.session.get_one(Event, (stage.ballot.id, 2)).body
    assert json.loads(body)["receipt"] == receipts.digest(receipt)
    assert receipt not in body
    assert stage.household().id not in body
    assert all(item_id not in body for item_id in stage.items.values())


def test_a_later_vote_replaces_the_earlier_and_keeps_the_receipt(stage: Stage) -> None:
    first = stage.cast(0, "Drains")
    assert stage.cast(0, "Lamps", "Benches") == first
    assert counted(stage) == [["Benches", "Lamps"]]
    assert (stage.ballot.households_in, count(Participation), count(Entry)) == (1, 1, 2)
    assert kinds(stage) == ["open", "cast", "replace"]
    earlier, later = asking.standing(stage.ballot, stage.household()).entries
    assert (earlier.state, later.state) == (EntryState.SUPERSEDED, EntryState.CONFIRMED)


def test_the_same_form_sent_twice_is_one_vote(stage: Stage) -> None:
    first = stage.cast(0, "Drains", submission="form")
    revision = db.session.get_one(Ballot, stage.ballot.id).revision
    assert stage.cast(0, "Lamps", submission="form") == first
    assert counted(stage) == [["Drains"]]
    assert count(Entry) == count(Vote) == 1
    assert db.session.get_one(Ballot, stage.ballot.id).revision == revision


def test_two_households_may_by_chance_hold_the_same_form(stage: Stage) -> None:
    assert stage.cast(0, "Drains", submission="form") != stage.cast(1, "Lamps", submission="form")
    assert stage.ballot.households_in == 2


def test_the_day_is_the_courtyards_and_nothing_finer_is_kept(stage: Stage) -> None:
    stage.cast(0, "Drains", at=OPENS + timedelta(hours=15))  # one in the night, the next day
    entry = asking.standing(stage.ballot, stage.household()).entries[0]
    assert entry.day.isoformat() == "2026-11-21"
    columns = {c.name for c in (*Entry.__table__.columns, *Participation.__table__.columns)}
    assert not {name for name in columns if name.endswith("_at")}


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (OPENS - timedelta(seconds=1), "11 月 20 日 10:00 才开始"),
        (CLOSES, "11 月 30 日 10:00 截止了"),
        (AFTER_CLOSE, "没有交上"),
    ],
)
def test_a_vote_outside_the_hours_is_refused_in_words(stage: Stage, at: object, says: str) -> None:
    with pytest.raises(Refused, match=says):
        stage.cast(0, "Drains", at=at)  # type: ignore[arg-type]
    db.session.rollback()
    assert count(Participation) == 0


def test_a_vote_in_the_last_second_counts(stage: Stage) -> None:
    stage.cast(0, "Drains", at=CLOSES - timedelta(microseconds=1))
    assert stage.ballot.households_in == 1


def test_a_draft_takes_no_votes(app: Flask, stage: Stage) -> None:
    stage.ballot = drafted(stage.world)
    with pytest.raises(Refused, match="还没有定下来"):
        stage.cast(0, "Drains")


def test_a_household_of_another_courtyard_is_refused(stage: Stage) -> None:
    stage.world.households.append(household_elsewhere(stage.world))
    with pytest.raises(Refused, match="花名册"):
        stage.cast(-1, "Drains")
    db.session.rollback()
    assert count(Participation) == 0


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ((), "至少选 1 项"),
        (("Drains", "Lamps", "Benches", "Bicycle shed"), "最多选 3 项，现在选了 4 项"),
        (("Roof",), "“Roof”是必做的"),
        (("Nothing",), "不在这张菜单上"),
    ],
)
def test_picks_against_the_rules_are_refused_in_words(
    stage: Stage, names: tuple[str, ...], says: str
) -> None:
    stage.items["Nothing"] = "no-such-item"
    with pytest.raises(Refused, match=says):
        stage.cast(0, *names)


def test_picks_over_the_budget_are_told_by_how_much(app: Flask, world: World) -> None:
    menu = add_menu(world, budget_fen=12_600_000 + 10_000_000)
    stage = opened_by(app, world, drafted(world, menu))
    with pytest.raises(Refused, match="加起来 158,000 元，超过了 100,000 元，多出 58,000 元"):
        stage.cast(0, "Drains", "Bicycle shed")


def test_prices_changed_behind_the_ballots_back_change_nothing(stage: Stage) -> None:
    item = db.session.get_one(MenuItem, stage.items["Drains"])
    assert asking.offer(stage.ballot).item(item.id).cost_fen == item.cost_fen  # type: ignore[union-attr]
    stage.cast(0, "Drains")


def test_no_vote_is_taken_when_both_keys_are_lost(stage: Stage) -> None:
    stage.keys.forget(stage.ballot.id)
    with pytest.raises(Refused, match="钥匙"):
        stage.cast(0, "Drains")
    db.session.rollback()
    assert count(Participation) == 0
    with pytest.raises(KeyLost):
        stage.keys.read(stage.ballot.id)


def test_no_vote_is_taken_under_another_secret(stage: Stage) -> None:
    stage.secret = b"another secret of thirty-two by!"
    with pytest.raises(Refused, match="票没有收下"):
        stage.cast(0, "Drains")


def test_a_receipt_says_received_and_after_sealing_counted(stage: Stage) -> None:
    receipt = stage.cast(0, "Drains")
    before = asking.find_receipt(receipt)
    assert before is not None
    assert (before.ballot.id, before.sealed, before.counted) == (stage.ballot.id, False, True)
    stage.sign()
    stage.seal()
    after = asking.find_receipt(f" {receipt[:7].lower()}-{receipt[7:]} ")
    assert after is not None
    assert (after.sealed, after.counted) == (True, True)


def test_a_mistyped_receipt_finds_nothing(stage: Stage) -> None:
    receipt = stage.cast(0, "Drains")
    wrong = receipt[:-1] + ("0" if receipt[-1] != "0" else "1")
    assert asking.find_receipt(wrong) is None
    assert asking.find_receipt("") is None
    assert asking.find_receipt("收到") is None


def test_the_receipt_can_be_shown_again_to_the_household(stage: Stage) -> None:
    receipt = stage.cast(0, "Drains")
    assert asking.standing(stage.ballot, stage.household(), secret=stage.secret).receipt == receipt
    assert asking.standing(stage.ballot, stage.household(1), secret=stage.secret).receipt is None


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_vote_takes_at_most_nine_statements(stage: Stage) -> None:
    households = [stage.household(n) for n in range(2)]
    for _ in range(2):
        for n, household in enumerate(households):
            assert household.id == stage.world.households[n]
            with statements() as seen:
                stage.cast(n, "Drains")
            assert len(seen) <= 9, seen
