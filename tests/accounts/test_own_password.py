"""Changing one's own password, of one's own accord or because it was handed over."""

import pytest

from surveys.base.db import db
from tests.accounts.people import NEW, account, at_the_desk, noted, typed
from tests.manners import Browser
from tests.world import PASSWORD, World, sign_in


def test_the_new_password_opens_the_desk_and_the_old_one_does_not(
    world: World, browser: Browser
) -> None:
    at_the_desk(browser, world, "clerk")
    form = browser.see("/desk/password").form("/desk/password")
    sent = {**form, "present": PASSWORD, "new": NEW, "again": NEW}
    assert browser.send("/desk/password", sent, follow=False).status == 303
    assert browser.get("/desk/password").status_code == 200, "this browser stays signed in"
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    assert typed(other, "clerk").status == 422
    assert typed(other, "clerk", NEW).status == 303
    assert [entry.account_id for entry in noted("account.password")] == [world.accounts["clerk"]]


def test_every_other_browser_is_put_out(world: World, browser: Browser) -> None:
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    sign_in(other, world.accounts["clerk"])
    at_the_desk(browser, world, "clerk")
    form = browser.see("/desk/password").form("/desk/password")
    browser.send(
        "/desk/password", {**form, "present": PASSWORD, "new": NEW, "again": NEW}, follow=False
    )
    assert other.get("/desk/password").status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"present": "not this one"}, "现在的密码不对"),
        ({"present": ""}, "请写现在的密码"),
        ({"new": "short", "again": "short"}, "至少要10个字"),
        ({"again": "something else"}, "两遍写得不一样"),
        ({"new": PASSWORD, "again": PASSWORD}, "不能和现在的一样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    world: World, browser: Browser, fields: dict[str, str], words: str
) -> None:
    at_the_desk(browser, world, "clerk")
    before = account(world, "clerk").password_hash
    form = browser.see("/desk/password").form("/desk/password")
    page = browser.send(
        "/desk/password", {**form, "present": PASSWORD, "new": NEW, "again": NEW, **fields}
    )
    assert page.status == 422
    assert page.says(words)
    assert account(world, "clerk").password_hash == before


def test_guessing_the_present_password_ends_too(world: World, browser: Browser) -> None:
    at_the_desk(browser, world, "clerk")
    form = browser.see("/desk/password").form("/desk/password")
    for _ in range(10):
        browser.send("/desk/password", {**form, "present": "guess", "new": NEW, "again": NEW})
    page = browser.send("/desk/password", {**form, "present": PASSWORD, "new": NEW, "again": NEW})
    assert page.says("试错的次数太多了")


def test_a_one_time_password_is_changed_before_anything_else(
    world: World, browser: Browser
) -> None:
    account(world, "clerk").must_change_password = True
    db.session.commit()
    at_the_desk(browser, world, "clerk")
    page = browser.see(f"/desk/courtyard/{world.courtyard}/audit")
    assert page.says("先换一个自己的密码")
    assert not page.all("[name=present]"), "it was typed a moment ago"
    form = page.form("/desk/password")
    sent = browser.send("/desk/password", {**form, "new": NEW, "again": NEW}, follow=False)
    assert sent.status == 303
    assert browser.see(f"/desk/courtyard/{world.courtyard}/audit").says("谁做了什么")


def test_it_does_not_stand_in_the_way_of_leaving(world: World, browser: Browser) -> None:
    account(world, "clerk").must_change_password = True
    db.session.commit()
    at_the_desk(browser, world, "clerk")
    form = browser.see("/desk/password").form("/desk/sign-out")
    assert browser.send("/desk/sign-out", form).says("已经退出了")
