"""Signing in, out, and what happens after too many wrong tries."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask, request

from surveys.accounts import passwords, signin
from surveys.accounts.access import SIGNED_IN_FOR
from surveys.base import clock
from surveys.base.db import db
from surveys.config import from_environment
from surveys.errors import Refused, TooOften
from surveys.factory import create_app
from tests.accounts.people import account, at_the_desk, noted, typed
from tests.manners import Browser
from tests.world import AT, PASSWORD, World, sign_in

HERE = signin.Visitor("10.0.0.1")


def test_the_desk_asks_who_one_is_and_leads_on_to_the_page_wanted(
    world: World, browser: Browser
) -> None:
    wanted = f"/desk/courtyard/{world.courtyard}/audit"
    asked = browser.see(wanted)
    assert asked.says("登录工作台")
    goal = asked.form("/desk/sign-in")["next"]
    led = typed(browser, "clerk", next=goal)
    assert (led.status, led.response.location) == (303, wanted)
    assert browser.see(wanted).says("谁做了什么")


def test_the_name_may_be_typed_in_capitals(world: World, browser: Browser) -> None:
    assert typed(browser, " CLERK ").status == 303


@pytest.mark.parametrize("name", ["clerk", "nobody-of-that-name", "cle\x00rk", "人" * 120])
def test_a_wrong_try_does_not_say_what_was_wrong(world: World, browser: Browser, name: str) -> None:
    page = typed(browser, name, "a wrong password")
    assert page.status == 422
    assert page.says("登录名或密码不对")


def test_what_was_typed_is_kept_but_for_the_password(world: World, browser: Browser) -> None:
    page = typed(browser, "clerk", "a wrong password")
    assert page.one("[name=name]").get("value") == "clerk"
    assert not page.one("[name=password]").get("value")


def test_nothing_typed_is_told_beside_the_field(world: World, browser: Browser) -> None:
    page = typed(browser, "", "")
    assert page.status == 422
    assert page.says("请写登录名")


def test_a_disabled_account_stays_outside(world: World, browser: Browser) -> None:
    account(world, "clerk").disabled_at = AT
    db.session.commit()
    assert typed(browser, "clerk").status == 422


def test_signing_in_never_leads_to_another_site(world: World, browser: Browser) -> None:
    assert typed(browser, "clerk", next="//example.org/").response.location == "/desk/"


def test_the_session_begins_afresh_and_keeps_only_the_language(
    world: World, browser: Browser
) -> None:
    with browser.session_transaction() as session:
        session.update(planted="by somebody", code="a slip", locale="en")
    browser.see("/desk/sign-in")
    with browser.session_transaction() as session:
        token_before = session["csrf_token"]
    typed(browser, "clerk")
    with browser.session_transaction() as session:
        assert "planted" not in session
        assert "code" not in session
        assert session.get("csrf_token") != token_before
        assert session["locale"] == "en"


def test_signing_out_leaves_nothing_on_a_shared_computer(world: World, browser: Browser) -> None:
    at_the_desk(browser, world, "clerk")
    page = browser.see("/desk/password")
    page = browser.send("/desk/sign-out", page.form("/desk/sign-out"))
    assert page.says("已经退出了")
    assert browser.get("/desk/password").status_code == 303
    assert [entry.account_id for entry in noted("account.sign_out")] == [world.accounts["clerk"]]


def test_signing_out_ends_every_copy_of_the_session(
    app: Flask, world: World, browser: Browser
) -> None:
    at_the_desk(browser, world, "clerk")
    elsewhere = app.test_client()
    with browser.session_transaction() as kept, elsewhere.session_transaction() as copy:
        copy.update(kept)
    assert elsewhere.get("/desk/password").status_code == 200
    page = browser.see("/desk/password")
    browser.send("/desk/sign-out", page.form("/desk/sign-out"))
    assert elsewhere.get("/desk/password").status_code == 303
    assert typed(browser, "clerk").status == 303


def test_signing_out_leaves_other_accounts_signed_in(
    app: Flask, world: World, browser: Browser
) -> None:
    at_the_desk(browser, world, "clerk")
    other = app.test_client()
    assert isinstance(other, Browser)
    at_the_desk(other, world, "organizer")
    browser.send("/desk/sign-out", browser.see("/desk/password").form("/desk/sign-out"))
    assert other.get("/desk/password").status_code == 200


def test_signing_in_is_noted(world: World, browser: Browser) -> None:
    typed(browser, "clerk")
    assert [entry.account_id for entry in noted("account.sign_in")] == [world.accounts["clerk"]]


def test_a_session_lasts_longer_than_any_piece_of_work_but_not_for_ever(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["clerk"])
    assert browser.get("/desk/password").status_code == 200
    with browser.session_transaction() as session:
        long_ago = clock.now() - SIGNED_IN_FOR - timedelta(minutes=1)
        session["account"][2] = int(long_ago.timestamp())
        session.modified = True
    assert browser.get("/desk/password").status_code == 303


def test_too_many_wrong_tries_close_the_name_for_a_while(world: World, browser: Browser) -> None:
    for _ in range(signin.TRIES_FOR_A_NAME):
        typed(browser, "clerk", "a wrong password")
    page = typed(browser, "clerk")
    assert page.status == 422
    assert page.says("试错的次数太多了")
    assert typed(browser, "organizer").status == 303


def _wrong(name: str, visitor: signin.Visitor = HERE) -> None:
    with pytest.raises(Refused):
        signin.sign_in(name, "a wrong password", visitor, at=AT)


def test_the_name_opens_again_after_a_quarter_of_an_hour(world: World) -> None:
    for _ in range(signin.TRIES_FOR_A_NAME):
        _wrong("clerk")
    with pytest.raises(TooOften):
        signin.sign_in("clerk", PASSWORD, HERE, at=AT + timedelta(minutes=14))
    assert signin.sign_in("clerk", PASSWORD, HERE, at=AT + timedelta(minutes=16)).name == "clerk"


def test_who_signed_in_here_before_is_not_locked_out_by_strangers(world: World) -> None:
    for _ in range(signin.TRIES_FOR_A_NAME):
        _wrong("clerk")
    known = signin.Visitor("10.0.0.2", known=(signin.mark("clerk"),))
    assert signin.sign_in("clerk", PASSWORD, known, at=AT).name == "clerk"


def test_a_browser_that_signed_in_before_may_not_guess_without_end_either(world: World) -> None:
    known = signin.Visitor("10.0.0.2", known=(signin.mark("clerk"),))
    for _ in range(signin.TRIES_FOR_A_NAME):
        _wrong("clerk", known)
    with pytest.raises(TooOften):
        signin.sign_in("clerk", PASSWORD, known, at=AT)


def test_one_address_may_not_try_one_name_after_the_other(world: World) -> None:
    for n in range(signin.TRIES_FROM_AN_ADDRESS):
        _wrong(f"somebody-{n}")
    with pytest.raises(TooOften):
        signin.sign_in("clerk", PASSWORD, HERE, at=AT)
    elsewhere = signin.Visitor("10.0.0.2")
    assert signin.sign_in("clerk", PASSWORD, elsewhere, at=AT).name == "clerk"


def test_behind_a_proxy_the_visitors_own_address_counts(tmp_path: Path) -> None:
    for proxies, address in [("0", "127.0.0.1"), ("1", "10.9.8.7")]:
        settings = {"SURVEYS_INSTANCE": str(tmp_path), "SURVEYS_PROXIES": proxies}
        app = create_app(from_environment(settings))
        seen: list[str | None] = []
        app.before_request(lambda seen=seen: seen.append(request.remote_addr))
        app.test_client().get("/size", headers={"X-Forwarded-For": "1.2.3.4, 10.9.8.7"})
        assert seen == [address]


def test_a_right_try_forgets_the_wrong_ones_before_it(world: World) -> None:
    for _ in range(2):
        for _ in range(signin.TRIES_FOR_A_NAME - 1):
            _wrong("clerk")
        signin.sign_in("clerk", PASSWORD, HERE, at=AT)


def test_an_old_hash_is_made_anew_at_todays_strength(world: World) -> None:
    before = account(world, "clerk").password_hash
    signin.sign_in("clerk", PASSWORD, HERE, at=AT)
    after = account(world, "clerk").password_hash
    assert after != before
    assert passwords.renewed(after, PASSWORD) is None
    assert signin.sign_in("clerk", PASSWORD, HERE, at=AT)


class Counting(PasswordHasher):
    """Hashes as today, and counts how often it was asked to compare."""

    compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.compared += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("name", ["clerk", "nobody-of-that-name"])
def test_an_unknown_name_costs_the_same_comparison_as_a_known_one(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    counting = Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", counting)
    _wrong(name, signin.Visitor("10.0.1.1"))
    assert counting.compared == 1


def test_nobody_waits_for_a_hash_in_the_writers_queue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verifying is slow on purpose: no transaction may be open meanwhile."""
    really, open_meanwhile = passwords.verify, []

    def watched(kept: str | None, typed_in: str) -> bool:
        open_meanwhile.append(db.session().in_transaction())
        return really(kept, typed_in)

    monkeypatch.setattr(passwords, "verify", watched)
    signin.sign_in("clerk", PASSWORD, HERE, at=AT)
    _wrong("clerk")
    clerk = account(world, "clerk")
    signin.change_password(clerk, PASSWORD, "sit down together 7", at=AT)
    assert open_meanwhile == [False] * 4
