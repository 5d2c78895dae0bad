"""The desk's page of a courtyard, and its round."""

import pytest
from flask import Flask

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from tests.ballots.phones import Clock
from tests.ballots.stage import Stage, opened
from tests.manners import Browser
from tests.world import World, add_account, add_place, sign_in


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An open ballot with five households in."""
    return opened(app, world).with_votes(5)


def test_the_desk_says_where_to_knock(stage: Stage, browser: Browser, clock: Clock) -> None:
    sign_in(browser, stage.who("organizer"))
    page = browser.see("/desk/")
    assert page.says("2 号楼还有 12 户没交，去敲敲门")
    assert page.says("花名册24户，占20.8%")
    assert clock.at


def test_a_round_is_begun_from_a_template_and_its_steps_close(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/rounds"
    form = browser.see(address).form(address)
    typed = {**form, "name": "二轮", "template": "yizheng-sanyi"}
    unsure = browser.send(address, typed)
    assert unsure.status == 422
    assert unsure.says("“2026”还在进行")
    page = browser.send(address, {**typed, "sure": "y"})
    assert page.says("新的一轮开始了")
    step = page.one("form[action*='/step/']").get("action")
    refused = browser.send(step, page.form("/desk/step"))
    assert refused.status == 409
    assert refused.says("要先有一份问卷收完")


def test_the_only_ladder_there_is_is_chosen_already(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["organizer"])
    page = browser.see(f"/desk/courtyard/{world.courtyard}/rounds")
    assert page.one("input[name=template]").get("checked") is not None


def test_an_empty_desk_says_what_the_one_before_it_may_do(app: Flask, browser: Browser) -> None:
    district = add_place("District", "district")
    db.session.flush()
    top = add_account("a", RoleKind.ADMINISTRATOR, district.id)
    db.session.commit()
    sign_in(browser, top)
    assert browser.see("/desk/").one("h1").text_content() == "开始用"
    community = add_place("Community", "community", db.session.merge(district))
    db.session.flush()
    organizer = add_account("b", RoleKind.ORGANIZER, community.id)
    clerk = add_account("c", RoleKind.CLERK, community.id)
    db.session.commit()
    for account, ways in ((top, 1), (organizer, 1), (clerk, 0)):
        sign_in(browser, account)
        page = browser.see("/desk/")
        assert len(page.all(".empty a[href='/desk/courtyard/new']")) == ways
    assert page.says("请管理员")


def test_a_round_without_a_name_is_sent_back_with_a_sentence(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/rounds"
    page = browser.send(address, {**browser.see(address).form(address), "name": ""})
    assert page.status == 422
    assert page.says("请写个名字")


def test_several_courtyards_are_listed_and_one_is_opened(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["observer"])
    assert browser.see("/desk/").says("Courtyard")


def test_an_observer_sees_the_page_but_cannot_begin_a_round(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["observer"])
    assert browser.see(f"/desk/courtyard/{world.courtyard}").status == 200
    assert browser.get(f"/desk/courtyard/{world.courtyard}/rounds").status_code == 403
