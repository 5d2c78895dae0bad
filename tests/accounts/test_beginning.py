"""The first day: an empty installation asks its administrator two things."""

from typing import Any

import pytest
from flask import Flask

from surveys.accounts.models import Account, Place
from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from tests.accounts.people import noted, roles_of
from tests.manners import Browser, Page
from tests.world import World, add_account, add_place, sign_in

BEGIN = "/desk/admin/begin"
ME = {"community": "槐树里社区", "who": "me"}
OTHER = {"community": "槐树里社区", "who": "other", "name": "wang", "title": "社区值班"}


def chief(browser: Browser, level: str = "district") -> tuple[str, str]:
    """Ids of an administrator, signed in, and of the only place there is."""
    top = add_place("本区", level)
    db.session.flush()
    found = add_account("admin", RoleKind.ADMINISTRATOR, top.id)
    place_id = top.id
    db.session.commit()
    sign_in(browser, found)
    return found, place_id


def answered(browser: Browser, **fields: Any) -> Page:
    return browser.send(BEGIN, {**browser.see(BEGIN).form(BEGIN), **fields})


def community() -> Place:
    db.session.rollback()
    found: Place = db.session.scalars(db.select(Place).where(Place.level == "community")).one()
    return found


def test_whoever_signs_in_first_organizes_too_and_goes_on_to_the_courtyard(
    app: Flask, browser: Browser
) -> None:
    me, top = chief(browser)
    page = answered(browser, **ME)
    assert page.one("h1").text_content() == "新建楼院"
    assert page.says("您就是“槐树里社区”的组织者")
    assert community().path == f"{top}/{community().id}/"
    assert roles_of(me) == {("administrator", top), ("organizer", community().id)}
    assert [entry.account_id for entry in noted("role.give")] == [me]


def test_somebody_else_gets_an_account_and_a_slip_with_its_password(
    app: Flask, browser: Browser
) -> None:
    me, top = chief(browser)
    page = answered(browser, **OTHER)
    once = page.one("#once").text_content()
    assert page.says("/desk/")
    wang = db.session.scalars(db.select(Account).where(Account.name == "wang")).one()
    assert wang.must_change_password
    assert roles_of(wang.id) == {("organizer", community().id)}
    assert roles_of(me) == {("administrator", top)}
    assert once not in browser.see("/desk/admin/accounts").text


@pytest.mark.parametrize(
    ("wrong", "say"),
    [
        ({"community": " "}, "请写上名字"),
        ({"community": "\u200b"}, "请写上名字"),
        ({"who": ""}, "请选一个"),
        ({"name": ""}, "请写登录名"),
        ({"name": "a b!"}, "登录名用 2 到 60 个字"),
        ({"name": "admin"}, "已经有叫“admin”的账号了"),
        ({"who": "me"}, "自己来，这里就空着"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, browser: Browser, wrong: dict[str, str], say: str
) -> None:
    chief(browser)
    page = answered(browser, **{**OTHER, **wrong})
    assert page.status == 422
    assert page.says(say)
    assert page.one("#title").get("value") == "社区值班"
    db.session.rollback()
    assert db.session.scalars(db.select(Place.level)).all() == ["district"]
    assert db.session.scalars(db.select(Account.name)).all() == ["admin"]


def test_an_administrator_of_a_community_is_not_asked_what_it_is_called(
    app: Flask, browser: Browser
) -> None:
    me, top = chief(browser, "community")
    assert not browser.see(BEGIN).all("#community")
    answered(browser, who="me")
    assert roles_of(me) == {("administrator", top), ("organizer", top)}


def test_where_work_has_begun_nobody_is_asked(app: Flask, browser: Browser) -> None:
    chief(browser)
    answered(browser, **ME)
    assert browser.get(BEGIN).location == "/desk/admin/"
    token = browser.see("/desk/").form("/desk/sign-out")
    assert browser.post(BEGIN, data={**token, **ME, "community": "又一个"}).status_code == 303
    assert community().name == "槐树里社区"


def test_an_administrator_among_others_work_is_not_asked_either(
    world: World, browser: Browser
) -> None:
    sign_in(browser, add_account("chief", RoleKind.ADMINISTRATOR, world.street))
    db.session.commit()
    assert browser.get(BEGIN).location == "/desk/admin/"
