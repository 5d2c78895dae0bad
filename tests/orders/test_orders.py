"""What becomes of a chosen item: a public line from the notice to the day on which it is done."""

from datetime import date, timedelta
from threading import Thread

import pytest
from flask import Flask

from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.orders import service
from surveys.orders.models import Order
from surveys.orders.rules import Facts, OrderState, is_late, last_notice_day, stage
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, Stage
from tests.manners import Browser
from tests.results.sealed import publish, seal, voted
from tests.world import World, sign_in

POSTED_TO = date(2026, 12, 10)
DAY = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("facts", "today", "where"),
    [
        (Facts(POSTED_TO), POSTED_TO, OrderState.POSTED),
        (Facts(POSTED_TO), POSTED_TO + timedelta(days=1), OrderState.WAITING),
        (Facts(POSTED_TO, accepted_on=DAY, promised_for=DAY), DAY, OrderState.ACCEPTED),
        (Facts(POSTED_TO, accepted_on=DAY, promised_for=DAY, done_on=DAY), DAY, OrderState.DONE),
        (Facts(POSTED_TO, declined_on=DAY), DAY, OrderState.DECLINED),
    ],
)
def test_where_an_order_stands_follows_from_its_days(
    facts: Facts, today: date, where: OrderState
) -> None:
    assert stage(facts, today) is where


def test_a_promise_is_late_on_the_day_after_it_and_never_once_it_is_kept() -> None:
    promised = Facts(POSTED_TO, accepted_on=DAY, promised_for=DAY)
    assert not is_late(promised, DAY)
    assert is_late(promised, DAY + timedelta(days=1))
    kept = Facts(POSTED_TO, accepted_on=DAY, promised_for=DAY, done_on=DAY + timedelta(days=3))
    assert not is_late(kept, DAY + timedelta(days=9))


def test_a_notice_hangs_for_seven_days_after_the_day_of_publishing() -> None:
    assert last_notice_day(date(2026, 12, 1)) == date(2026, 12, 8)


@pytest.fixture
def done(app: Flask, world: World, clock: Clock) -> Stage:
    """A published result, eight days after: the notice is over."""
    stage = voted(app, world, Terms(), [{"Lamps": 1, "Drains": 1}] * 3)
    seal(stage)
    publish(stage)
    clock.is_now(LATER)
    return stage


LATER = AFTER_CLOSE + timedelta(days=9)
TODAY = LATER.date()
SOON = TODAY + timedelta(days=30)


def line(stage: Stage, name: str = "Lamps") -> service.Line:
    """The line of one item as it stands."""
    return next(one for one in service.lines(stage.ballot, LATER) if one.item.name == name)


def accept(stage: Stage, name: str = "Lamps") -> None:
    """The street accepts."""
    by = stage.who("organizer")
    service.accept(stage.ballot, stage.items[name], " 街道办 ", SOON, by=by, at=LATER)


def test_every_chosen_item_has_its_line_and_nothing_else_has(done: Stage) -> None:
    found = service.lines(done.ballot, AFTER_CLOSE)
    assert {one.item.name for one in found} >= {"Lamps", "Drains"}
    assert "Canteen" not in {one.item.name for one in found}
    assert {one.stage for one in found} == {OrderState.POSTED}
    assert {one.stage for one in service.lines(done.ballot, LATER)} == {OrderState.WAITING}


def test_an_order_goes_its_way_step_by_step_and_back(done: Stage) -> None:
    by, item = done.who("organizer"), done.items["Lamps"]
    accept(done)
    assert (line(done).stage, line(done).accepted_by) == (OrderState.ACCEPTED, "街道办")
    later = SOON + timedelta(days=5)
    service.put_off(done.ballot, item, later, "等材料", by=by, at=LATER)
    assert (line(done).facts.promised_for, line(done).reason) == (later, "等材料")
    service.finish(done.ballot, item, TODAY, by=by, at=LATER)
    assert line(done).stage is OrderState.DONE
    service.take_back(done.ballot, item, by=by, at=LATER)
    assert line(done).stage is OrderState.ACCEPTED
    service.take_back(done.ballot, item, by=by, at=LATER)
    assert (line(done).stage, line(done).accepted_by) == (OrderState.WAITING, "")
    service.decline(done.ballot, item, "钱不够", by=by, at=LATER)
    assert (line(done).stage, line(done).reason) == (OrderState.DECLINED, "钱不够")


def test_nobody_accepts_while_objections_are_heard(done: Stage) -> None:
    by, item = done.who("organizer"), done.items["Lamps"]
    with pytest.raises(Refused, match="公示"):
        service.accept(done.ballot, item, "街道办", SOON, by=by, at=AFTER_CLOSE)
    assert db.session.scalars(db.select(Order)).all() == []


def test_what_cannot_be_is_refused_and_leaves_nothing_behind(done: Stage) -> None:
    by, item, ballot = done.who("organizer"), done.items["Lamps"], done.ballot
    with pytest.raises(Invalid):
        service.accept(ballot, item, "  ", SOON, by=by, at=LATER)
    with pytest.raises(Invalid):
        service.accept(ballot, item, "街" * 81, SOON, by=by, at=LATER)
    with pytest.raises(Invalid):
        service.accept(ballot, item, "街道办", TODAY - timedelta(days=1), by=by, at=LATER)
    with pytest.raises(Invalid):
        service.decline(ballot, item, "", by=by, at=LATER)
    with pytest.raises(Refused):
        service.finish(ballot, item, TODAY, by=by, at=LATER)
    with pytest.raises(NotFound):
        service.accept(ballot, done.items["Canteen"], "街道办", SOON, by=by, at=LATER)
    db.session.rollback()
    assert db.session.scalars(db.select(Order)).all() == []


def test_a_day_of_finishing_lies_between_the_acceptance_and_today(done: Stage) -> None:
    by, item = done.who("organizer"), done.items["Lamps"]
    accept(done)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(Invalid):
            service.finish(done.ballot, item, day, by=by, at=LATER)


def test_two_bodies_that_accept_at_once_make_one_order(app: Flask, done: Stage) -> None:
    by, item, ballot_id = done.who("organizer"), done.items["Lamps"], done.ballot.id
    ballot_type = type(done.ballot)
    db.session.rollback()
    told: list[str] = []

    def one(name: str) -> None:
        with app.app_context():
            try:
                ballot = db.session.get_one(ballot_type, ballot_id)
                service.accept(ballot, item, name, SOON, by=by, at=LATER)
                told.append(name)
            except Refused:
                told.append("refused")
            finally:
                db.session.remove()

    threads = [Thread(target=one, args=(name,)) for name in ("街道办", "供水公司")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told)[-1] == "refused" or told.count("refused") == 1
    assert len(db.session.scalars(db.select(Order)).all()) == 1


def test_everybody_reads_who_accepted_until_when_and_why_not(done: Stage, browser: Browser) -> None:
    accept(done)
    by = done.who("organizer")
    service.decline(done.ballot, done.items["Drains"], "要等主管网", by=by, at=LATER)
    page = browser.see(f"/works/{done.world.code}")
    assert page.says("接单：街道办")
    assert page.says("要等主管网")
    assert browser.see(f"/c/{done.world.code}").all(f'a[href="/works/{done.world.code}"]')


def test_the_desk_keeps_the_orders_by_form(done: Stage, browser: Browser) -> None:
    sign_in(browser, done.who("organizer"))
    here = f"/desk/courtyard/{done.world.courtyard}/orders"
    action = f"/desk/ballot/{done.ballot.id}/order/accept"
    form = browser.see(here).form(action)
    wrong = browser.post(action, data={**form, "who": "街道办", "promised_for": "soon"})
    assert wrong.status_code == 422
    assert "街道办" in wrong.get_data(as_text=True), "what was typed is kept"
    sent = browser.post(action, data={**form, "who": "街道办", "promised_for": SOON.isoformat()})
    assert sent.status_code == 303
    assert browser.see(here).says("接单：街道办")
    again = browser.post(action, data={**form, "who": "别人", "promised_for": SOON.isoformat()})
    assert again.status_code == 409 or again.status_code == 422
    assert "已经有单位接了" in again.get_data(as_text=True)


def test_before_anything_is_published_the_pages_say_so(world: World, browser: Browser) -> None:
    assert browser.see(f"/works/{world.code}").says("还没有公布的结果")
