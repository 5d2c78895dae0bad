"""Whether owners may vote online: off until a rule says so, and the nearest rule counts."""

import pytest

from surveys.accounts.models import Place
from surveys.base.db import db
from surveys.errors import Invalid
from surveys.owners import online
from tests.manners import Browser
from tests.world import AT, World, sign_in


def say(world: World, place: str, allowed: bool, basis: str = "第 28 条") -> None:
    found = db.session.get_one(Place, place)
    by = world.accounts["administrator"]
    online.set_rule(found, is_allowed=allowed, basis=basis, by=by, at=AT)


def allowed(world: World) -> bool:
    rule = online.rule_of(world.courtyard)
    return bool(rule and rule.is_allowed)


def test_it_is_off_where_nobody_said_anything(world: World) -> None:
    assert online.rule_of(world.courtyard) is None


def test_the_nearest_rule_up_the_tree_counts(world: World) -> None:
    say(world, world.street, True)
    assert allowed(world)
    say(world, world.community, False)
    assert not allowed(world)
    say(world, world.courtyard, True, "another sentence")
    assert allowed(world)
    rule = online.rule_of(world.courtyard)
    assert rule is not None
    assert rule.basis == "another sentence"
    online.drop_rule(
        db.session.get_one(Place, world.courtyard), by=world.accounts["administrator"], at=AT
    )
    assert not allowed(world)


@pytest.mark.parametrize("basis", ["", "  ", "x" * 201])
def test_a_rule_needs_its_sentence(world: World, basis: str) -> None:
    with pytest.raises(Invalid):
        say(world, world.street, True, basis)


def test_an_administrator_sets_it_with_its_sentence(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["administrator"])
    here = f"/desk/admin/place/{world.community}/online"
    page = browser.see(here)
    assert page.says("现在只用纸票，没有人写过依据")
    form = page.form(here)
    assert browser.send(here, form | {"how": "yes", "basis": ""}).status == 422
    page = browser.send(here, form | {"how": "yes", "basis": "指导规则第 28 条"})
    assert page.says("现在能在网上投，是“Community”定的：指导规则第 28 条")
    assert allowed(world)
    page = browser.send(f"{here}/drop", page.form(f"{here}/drop"))
    assert page.says("没有人写过依据")


@pytest.mark.parametrize("who", ["organizer", "clerk", "supervisor"])
def test_nobody_else_sets_it(world: World, browser: Browser, who: str) -> None:
    sign_in(browser, world.accounts[who])
    assert browser.get(f"/desk/admin/place/{world.community}/online").status_code == 403
