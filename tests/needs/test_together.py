"""The same done to many that are ticked in a list, and taken back at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from surveys.accounts.lists import acts_on
from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.needs import service, together, undoing
from surveys.needs.models import Lane, Need
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

LATER = AT + timedelta(minutes=1)
Named = Callable[[str], Need]


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


@pytest.fixture
def round_(world: World) -> Round:
    """The round of the ledger."""
    return db.session.get_one(Round, world.round)


def _undo(world: World, by: str) -> None:
    last = undoing.last_act(world.courtyard, by, LATER)
    assert last is not None
    undoing.undo(world.courtyard, last.id, by=by, at=LATER)


def test_those_that_wait_are_set_aside_and_one_undo_brings_all_back(
    desk: Browser, world: World, say: Say, need: Named, clerk: str
) -> None:
    thanks, sorted_, fine = say("谢谢"), say("灯坏了"), say("都挺好")
    service.place(sorted_, [need("灯").id], by=clerk, at=AT)
    here = f"/desk/courtyard/{world.courtyard}/suggestions"
    page = desk.see(f"{here}?sort=-number")
    form = page.form(f"{here}/together")
    ticked = [thanks.id, sorted_.id, fine.id]
    told = desk.send(page.one("#together").get("action"), form | {"ticked": ticked, "do": "aside"})
    assert told.says("一起办好了 2 条")
    assert told.response.request.full_path.endswith("sort=-number")
    assert desk.see(f"{here}?state=aside").says("找到 2 条")
    undo = f"/desk/courtyard/{world.courtyard}/ledger/undo"
    back = desk.send(undo, told.form(undo))
    assert back.says("撤销了")
    assert back.response.request.full_path.endswith("sort=-number"), "the list comes back as it was"
    assert desk.see(f"{here}?state=aside").says("没有找到")
    assert desk.see(f"{here}?state=sorted").says("找到 1 条")


def test_withholding_asks_why_and_keeps_what_was_ticked_and_typed(
    desk: Browser, world: World, say: Say
) -> None:
    rude, fine = say("某某是骗子"), say("灯坏了")
    here = f"/desk/courtyard/{world.courtyard}/suggestions"
    page = desk.see(f"{here}?q=骗子")
    action, form = page.one("#together").get("action"), page.form(f"{here}/together")
    told = desk.send(action, form | {"ticked": [rude.id], "do": "withhold", "reason": " "})
    assert told.status == 422
    assert told.says("不给别人看，要写一句为什么")
    assert told.one("[name=ticked]").get("checked") is not None
    assert told.one("#by-q").get("value") == "骗子", "the list is still the same"
    told = desk.send(action, form | {"ticked": [rude.id], "do": "withhold", "reason": "点名骂人"})
    assert told.says("一起办好了 1 条")
    db.session.expire_all()
    assert (rude.withheld_reason, fine.withheld_at) == ("点名骂人", None)
    assert desk.send(action, form | {"ticked": [], "do": "withhold"}).says("先勾上")
    assert desk.send(action, form | {"ticked": [rude.id], "do": "strange"}).status == 404


def test_what_was_withheld_together_is_let_out_together_but_for_what_was_changed_since(
    world: World, say: Say, round_: Round, clerk: str
) -> None:
    before, one, other = say("a"), say("b"), say("c")
    assert together.withhold(round_, [before.id], "先前的", by=clerk, at=AT) == 1
    ids = [before.id, one.id, other.id]
    assert together.withhold(round_, ids, "骂人", by=clerk, at=LATER) == 2
    other.withheld_reason = "别的"
    db.session.commit()
    _undo(world, clerk)
    held = [said.withheld_at is not None for said in (before, one, other)]
    assert held == [True, False, True]
    told = {line.say for line in acts_on(one.id)}
    assert {"第 %(number)s 条不给别人看：%(why)s", "第 %(number)s 条又给别人看了"} <= told


def test_needs_are_sent_somewhere_together_and_back_to_where_each_was(
    desk: Browser, world: World, need: Named, clerk: str
) -> None:
    light, lift, drain = need("灯"), need("电梯"), need("下水")
    service.set_lane(lift, Lane.OWNERS_VOTE, by=clerk, at=AT)
    here = f"/desk/courtyard/{world.courtyard}/needs"
    page = desk.see(f"{here}?sort=title")
    action, form = page.one("#together").get("action"), page.form(f"{here}/together")
    both = {"ticked": [light.id, lift.id]}
    told = desk.send(action, form | both | {"lane": "declined", "lane_note": ""})
    assert told.status == 422
    assert told.says("不采纳要写一句为什么")
    assert len(told.all("[name=ticked][checked]")) == 2
    told = desk.send(action, form | both | {"lane": "upward", "lane_note": "报区里"})
    assert told.says("一起办好了 2 条")
    db.session.expire_all()
    assert [n.lane for n in (light, lift, drain)] == [Lane.UPWARD, Lane.UPWARD, Lane.OPEN]
    undo = f"/desk/courtyard/{world.courtyard}/ledger/undo"
    done = desk.send(undo, told.form(undo))
    assert done.says("撤销了")
    assert done.response.request.full_path.endswith("sort=title")
    db.session.expire_all()
    assert [n.lane for n in (light, lift)] == [Lane.OPEN, Lane.OWNERS_VOTE]
    again = desk.send(undo, told.form(undo))
    assert again.says("撤销过了"), "sent twice"


def test_nothing_is_taken_back_once_somebody_has_built_on_it(
    desk: Browser, world: World, need: Named, round_: Round, clerk: str
) -> None:
    light, lift = need("灯"), need("电梯")
    together.send(round_, [light.id, lift.id], Lane.MENU, "", by=clerk, at=LATER)
    service.set_lane(light, Lane.UPWARD, by=world.accounts["organizer"], at=AT)
    with pytest.raises(Refused):
        _undo(world, clerk)
    db.session.rollback()
    assert [n.lane for n in (light, lift)] == [Lane.UPWARD, Lane.MENU]


def test_too_many_at_once_are_refused(round_: Round, clerk: str) -> None:
    with pytest.raises(Invalid):
        together.set_aside(round_, [str(n) for n in range(201)], by=clerk, at=AT)


def test_an_observer_is_offered_no_boxes(browser: Browser, world: World, say: Say) -> None:
    said = say("灯")
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/suggestions")
    assert not page.all("[name=ticked]")
    token = {"csrf_token": page.form("/desk/sign-out")["csrf_token"], "ticked": said.id}
    for where in ("suggestions", "needs"):
        address = f"/desk/courtyard/{world.courtyard}/{where}/together"
        assert browser.send(address, token).status == 403
