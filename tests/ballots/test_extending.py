"""The close is put off: before it has come, with a reason that everybody reads."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from surveys.ballots import asking, chain, drafting, extending, sealing
from surveys.ballots.models import Ballot, Showing
from surveys.ballots.rules import State, state
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from tests.ballots.drill import drill
from tests.ballots.phones import Clock, at_desk, give_slips, hold_slip, statements
from tests.ballots.stage import CLOSES, OPENS, SEALS, WHILE_OPEN, Stage, drafted, opened
from tests.manners import Browser
from tests.world import World, sign_in

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def extend(
    stage: Stage, until: datetime = CLOSES + DAY, why: str = "雪太大", at: datetime = WHILE_OPEN
) -> None:
    extending.extend(stage.ballot, until, why, by=stage.who("organizer"), at=at)


def events(stage: Stage) -> list[dict[str, object]]:
    return [json.loads(event.body) for event in chain.events_of(stage.ballot)]


def guarded_until(stage: Stage) -> datetime | None:
    db.session.expire_all()
    return db.session.get_one(Courtyard, stage.world.courtyard).slips_guarded_until


def test_votes_are_taken_until_the_later_close(stage: Stage) -> None:
    extend(stage)
    sealing.close(stage.ballot, at=CLOSES)
    stage.cast(0, "Drains", at=CLOSES + DAY - SECOND)
    with pytest.raises(Refused, match="12 月 1 日 10:00 截止"):
        stage.cast(1, "Drains", at=CLOSES + DAY)


def test_the_last_hour_of_sealing_and_the_guard_of_the_slips_move_along(stage: Stage) -> None:
    extend(stage)
    assert stage.ballot.seals_at == SEALS + DAY
    assert guarded_until(stage) == SEALS + DAY


def test_the_chain_says_from_when_to_when_and_why(stage: Stage) -> None:
    extend(stage)
    event = events(stage)[-1]
    assert {key: event[key] for key in ("kind", "was", "closes_at", "seals_at", "reason")} == {
        "kind": "extend",
        "was": "2026-11-30T02:00:00+00:00",
        "closes_at": "2026-12-01T02:00:00+00:00",
        "seals_at": "2026-12-04T02:00:00+00:00",
        "reason": "雪太大",
    }
    assert chain.verify(stage.ballot) is None


def test_it_may_be_put_off_again_and_the_last_reason_is_told(stage: Stage) -> None:
    assert extending.latest(stage.ballot) is None
    extend(stage)
    extend(stage, CLOSES + 2 * DAY, '雪 "kind":"extend"', at=CLOSES)
    found = extending.latest(stage.ballot)
    assert found is not None
    assert (found.closes_at, found.reason) == (CLOSES + 2 * DAY, '雪 "kind":"extend"')


@pytest.mark.parametrize(
    ("until", "why", "says"),
    [
        (CLOSES + DAY, "  ", "为什么推迟"),
        (CLOSES + DAY, "长" * 21, "最多 20 个字"),
        (CLOSES, "雪太大", "要比现在的晚"),
        (CLOSES - SECOND, "雪太大", "要比现在的晚"),
    ],
)
def test_without_a_reason_or_a_later_hour_nothing_is_put_off(
    stage: Stage, until: datetime, why: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        extend(stage, until, why)
    db.session.rollback()
    assert [event["kind"] for event in events(stage)] == ["open"]


@pytest.mark.parametrize("at", [CLOSES, CLOSES + DAY])
def test_a_close_that_has_come_is_not_put_off(stage: Stage, at: datetime) -> None:
    with pytest.raises(Refused, match="截止已经到了"):
        extend(stage, CLOSES + 2 * DAY, at=at)


def test_a_close_that_was_written_down_is_not_put_off_by_a_clock_that_goes_back(
    stage: Stage,
) -> None:
    sealing.close(stage.ballot, at=CLOSES)
    with pytest.raises(Refused, match="截止已经到了"):
        extend(stage, at=WHILE_OPEN)


def test_a_draft_has_no_close_to_put_off_and_a_void_ballot_none_either(
    app: Flask, world: World, stage: Stage
) -> None:
    by = stage.who("organizer")
    draft = drafted(world, title="Another")
    with pytest.raises(Refused, match="草稿"):
        extending.extend(draft, CLOSES + DAY, "Why", by=by, at=WHILE_OPEN)
    db.session.rollback()
    drafting.void(stage.ballot, "Why", by=by, at=WHILE_OPEN, keys=stage.keys)
    with pytest.raises(Refused):
        extend(stage)


def test_slips_are_guarded_until_the_last_ballot_that_is_not_void_is_sealed(
    app: Flask, world: World, stage: Stage
) -> None:
    by = stage.who("organizer")
    later = opened(app, world, drafted(world, title="Another", seals_at=SEALS + DAY))
    assert guarded_until(stage) == SEALS + DAY
    drafting.void(later.ballot, "Why", by=by, at=WHILE_OPEN, keys=stage.keys)
    assert guarded_until(stage) == SEALS
    drafting.void(stage.ballot, "Why", by=by, at=WHILE_OPEN, keys=stage.keys)
    assert guarded_until(stage) is None


@pytest.mark.parametrize("first", ["close", "extend"])
def test_of_closing_and_putting_off_at_once_exactly_one_happens(
    app: Flask, stage: Stage, first: str
) -> None:
    """Two processes: one writes the close down at its hour, one puts it off a second before."""
    ballot_id, by = stage.ballot.id, stage.who("organizer")
    later, at = (CLOSES + DAY).isoformat(), (CLOSES - SECOND).isoformat()
    db.session.rollback()
    with (
        drill(app, "close-when-told", ballot_id, CLOSES.isoformat()) as closing,
        drill(app, "extend-when-told", ballot_id, at, later, by) as putting_off,
    ):
        told = (closing, putting_off) if first == "close" else (putting_off, closing)
        for process in told:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        for process in told:
            assert process.stdin is not None
            process.stdin.write("now\n")
            process.stdin.flush()
        done = putting_off.communicate(timeout=60)[0].strip() == "done"
        closing.communicate(timeout=60)
    db.session.expire_all()
    stage.ballot = asking.find(ballot_id)
    kinds = [event["kind"] for event in events(stage)]
    assert kinds == (["open", "extend"] if done else ["open", "close", "call_back"])
    assert state(stage.ballot, CLOSES) is (State.OPEN if done else State.CLOSED)
    assert chain.verify(stage.ballot) is None


# --- on the pages --------------------------------------------------------------------------------

TOLD = "截止时间推迟到12月1日上午10点：雪太大"


def test_every_page_that_tells_the_close_tells_the_reason(
    app: Flask, browser: Browser, stage: Stage, clock: Clock
) -> None:
    extend(stage)
    give_slips(app, stage.world)
    hold_slip(browser, stage, 0)
    here = f"/v/{stage.ballot.id}"
    addresses = [here, f"/screen/{stage.ballot.id}", f"/c/{stage.world.code}"]
    assert [a for a in addresses if not browser.see(a).says(TOLD)] == []
    assert at_desk(app, stage, "observer").see(f"/desk/ballot/{stage.ballot.id}").says(TOLD)
    stage.cast(0, "Drains")
    assert browser.see(here).says(TOLD)
    clock.is_now(OPENS - DAY)
    assert browser.see(here).says(TOLD)
    clock.is_now(CLOSES + DAY)
    assert browser.see(here).says(TOLD)


def test_telling_it_costs_little(app: Flask, browser: Browser, stage: Stage, clock: Clock) -> None:
    extend(stage)
    give_slips(app, stage.world)
    hold_slip(browser, stage, 0)
    with statements() as seen:
        browser.see(f"/v/{stage.ballot.id}")
    assert len(seen) <= 8, seen
    poll = f"/live/{stage.ballot.id}"
    browser.get(poll)
    with statements() as seen:
        browser.get(poll)
    assert len(seen) == 1, seen


def test_a_wall_that_shows_the_old_close_is_told_the_new_one(
    browser: Browser, stage: Stage, clock: Clock
) -> None:
    board = browser.see(f"/screen/{stage.ballot.id}").one("#board")
    poll = board.get("hx-get")
    assert browser.get(poll).status_code == 204
    extend(stage)
    answer = browser.see(poll)
    assert (answer.status, answer.says(TOLD)) == (200, True)


@pytest.fixture
def organizer(browser: Browser, stage: Stage, clock: Clock) -> Browser:
    sign_in(browser, stage.who("organizer"))
    return browser


def test_the_desk_puts_it_off_and_keeps_what_was_typed_wrong(
    organizer: Browser, stage: Stage
) -> None:
    address = f"/desk/ballot/{stage.ballot.id}/extend"
    form = organizer.see(address).form(address)
    assert form["closes_at"] == "2026-12-01T10:00"
    wrong = organizer.send(address, {**form, "closes_at": "2026-11-29T10:00", "reason": "雪太大"})
    assert wrong.status == 422
    assert wrong.says("要比现在的晚")
    assert wrong.one("#reason").get("value") == "雪太大"
    done = organizer.send(address, {**form, "reason": "雪太大"})
    assert done.says("推迟了")
    assert done.says(TOLD)
    assert done.says("谁做了什么")
    assert done.says("推迟截止到2026-12-0110:00：雪太大")


def test_after_the_close_the_desk_says_that_it_is_too_late(
    organizer: Browser, stage: Stage, clock: Clock
) -> None:
    here = f"/desk/ballot/{stage.ballot.id}"
    form = organizer.see(f"{here}/extend").form(f"{here}/extend")
    assert organizer.see(here).all(f'a[href="{here}/extend"]')
    clock.is_now(CLOSES)
    sign_in(organizer, stage.who("organizer"))
    assert organizer.see(f"{here}/extend").says("截止前才能推迟")
    assert not organizer.see(here).all(f'a[href="{here}/extend"]')
    late = organizer.send(f"{here}/extend", {**form, "reason": "雪太大"})
    assert late.status == 422
    assert late.says("截止已经到了")


# --- the clocks of the place ---------------------------------------------------------------------

NEPAL, BERLIN = "Asia/Kathmandu", "Europe/Berlin"


def in_zone(world: World, zone: str) -> None:
    db.session.get_one(Courtyard, world.courtyard).zone = zone
    db.session.commit()


@pytest.mark.parametrize(
    ("zone", "typed", "meant", "shown"),
    [
        (
            NEPAL,
            "2026-12-01T10:00",
            datetime(2026, 12, 1, 4, 15, tzinfo=UTC),
            "12月1日上午10点",
        ),
        (BERLIN, "2027-03-27T12:00", datetime(2027, 3, 27, 11, 0, tzinfo=UTC), "3月27日中午12点"),
        (BERLIN, "2027-03-28T12:00", datetime(2027, 3, 28, 10, 0, tzinfo=UTC), "3月28日中午12点"),
        (
            BERLIN,
            "2027-03-28T02:30",
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
            "3月28日凌晨3点30分",
        ),
        (
            BERLIN,
            "2027-10-31T02:30",
            datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
            "10月31日凌晨2点30分",
        ),
    ],
)
def test_a_close_is_typed_shown_and_kept_by_the_clocks_of_the_courtyard(
    app: Flask,
    browser: Browser,
    world: World,
    clock: Clock,
    zone: str,
    typed: str,
    meant: datetime,
    shown: str,
) -> None:
    in_zone(world, zone)
    stage = opened(app, world)
    sign_in(browser, stage.who("organizer"))
    address = f"/desk/ballot/{stage.ballot.id}/extend"
    form = browser.see(address).form(address)
    assert browser.send(address, {**form, "closes_at": typed, "reason": "Why"}).says("推迟了")
    db.session.rollback()
    assert db.session.get_one(Ballot, stage.ballot.id).closes_at == meant
    assert browser.see(f"/c/{world.code}").says(f"截止时间推迟到{shown}：Why")
    stage.cast(0, "Drains", at=meant - SECOND)
    with pytest.raises(Refused, match="截止了"):
        stage.cast(1, "Drains", at=meant)


def test_what_is_refused_names_the_hour_of_the_courtyard(app: Flask, world: World) -> None:
    in_zone(world, BERLIN)
    stage = opened(app, world)
    with pytest.raises(Refused, match="11 月 30 日 03:00 截止了"):
        stage.cast(0, "Drains", at=CLOSES)


def test_events_name_the_day_of_the_courtyard(app: Flask, world: World) -> None:
    in_zone(world, "America/New_York")
    stage = opened(app, world)  # at two in the morning UTC, nine in the evening of the day before
    assert events(stage)[0]["day"] == "2026-11-19"


def test_five_days_of_sealing_are_five_days_though_a_clock_is_changed_in_them(
    browser: Browser, world: World, clock: Clock
) -> None:
    """The draft is refused at once, and not only when it is opened."""
    in_zone(world, BERLIN)
    ballot = drafted(world, showing=Showing.TURNOUT)
    clock.is_now(OPENS - DAY)
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/ballot/{ballot.id}/edit"
    form = browser.see(address).form(address)
    times = {"opens_at": "2027-10-20T10:00", "closes_at": "2027-10-27T20:00"}
    told = browser.send(address, {**form, **times, "seals_at": "2027-11-01T20:00"})
    assert told.says("最多5天")
    kept = browser.send(address, {**form, **times, "seals_at": "2027-11-01T19:00"})
    assert kept.says("存好了")
