"""What every page shares: where it leads, what it gives back, what it takes, what a log hears."""

import pytest
from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from surveys.base.db import db, new_id
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.world import AT, World, sign_in


def token(browser: Browser, address: str = "/") -> str:
    return str(browser.see(address).form()["csrf_token"])


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/x", "/a\r\nX: y", "x"]
)
@pytest.mark.parametrize("address", ["/size", "/language"])
def test_the_way_back_stays_on_this_site(browser: Browser, address: str, back: str) -> None:
    form = {"csrf_token": token(browser), "back": back, "size": "big", "locale": "en"}
    answer = browser.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_phone_that_tells_nobody_where_it_comes_from_may_send_a_form_over_https(
    browser: Browser,
) -> None:
    secure = {"base_url": "https://xbd.example"}
    form = {
        "csrf_token": browser.see("/", **secure).form()["csrf_token"],
        "back": "/",
        "size": "big",
    }
    assert browser.post("/size", data=form, **secure).status_code == 303
    assert browser.post("/size", data={**form, "csrf_token": "x"}, **secure).status_code == 400


@pytest.mark.parametrize("path", ["/desk", "/r", "/c//AAAAAAA"])
def test_a_slash_too_few_or_too_many_is_put_right_whatever_the_host_is_called(
    browser: Browser, path: str
) -> None:
    answer = browser.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 308
    assert answer.location.startswith("/")
    assert "evil" not in answer.location + answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/h/%00", "/c/%00/door", "/?code=%00", "/desk/%00"])
def test_an_address_with_a_nul_in_it_leads_nowhere(browser: Browser, address: str) -> None:
    page = browser.see(address)
    assert page.status == 404
    assert page.says("回首页")


def test_a_form_of_megabytes_is_refused_unread(browser: Browser) -> None:
    page = browser.send("/size", {"csrf_token": token(browser), "back": "x" * 600_000})
    assert page.status == 413
    assert page.says("太大了")


def test_a_form_whose_sender_names_another_site_is_not_offered_again(browser: Browser) -> None:
    for origin in ("https://evil.example", "null"):
        page = browser.send("/size", {"size": "big"}, headers={"Origin": origin})
        assert page.status == 400
        assert not page.says("再点一下")
    assert browser.send("/size", {"size": "big"}, headers={"Origin": "http://localhost"}).says(
        "再点一下"
    )


def test_what_was_typed_outlives_the_end_of_a_session(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/settings"
    form = browser.see(address).form(address) | {"phone": "0371-6"}
    with browser.session_transaction() as held:
        del held["account"]

    page = browser.send(address, form)
    assert page.status == 401
    assert page.one("a[target=_blank]").get("href").startswith("/desk/sign-in")
    again = page.form(address)
    assert again["phone"] == "0371-6"

    sign_in(browser, world.accounts["organizer"])
    assert browser.send(address, again).status == 200
    assert browser.see(address).form(address)["phone"] == "0371-6"


def test_a_part_asked_for_after_the_end_of_a_session_leads_the_page_to_sign_in(
    world: World, browser: Browser
) -> None:
    address = f"/desk/courtyard/{world.courtyard}/ledger"
    shown = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address}?at=3"}
    answer = browser.get(f"{address}?at=4", headers=shown)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/desk/sign-in?next={address}?at%3D3"


def test_a_fault_at_the_desk_keeps_the_desk_around_it(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["organizer"])
    page = browser.see("/desk/ballot/aaaaaaaaaaaaa")
    assert page.status == 404
    assert len(page.all(".desk-top")) == 1
    assert not page.says("找楼栋长要一张纸票")


@pytest.mark.parametrize(
    ("address", "takes"), [("/", "GET, HEAD, OPTIONS"), ("/size", "OPTIONS, POST")]
)
def test_a_wrong_method_is_told_with_those_that_would_do(
    browser: Browser, address: str, takes: str
) -> None:
    answer = browser.put(address)
    assert answer.status_code == 405
    assert "这里不能这样打开" in answer.get_data(as_text=True)
    assert answer.headers["Allow"] == takes


def test_a_nul_that_was_typed_is_left_out(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/settings"
    form = browser.see(address).form(address) | {"phone": "0371\x00-6"}
    assert browser.send(address, form).status == 200
    assert browser.see(address).form(address)["phone"] == "0371-6"


def test_an_error_of_the_database_names_no_values(world: World) -> None:
    secret = {"courtyard_id": world.courtyard, "name": "the lamp", "method": "", "created_at": AT}
    twice = insert(Round).values([{"id": new_id(), **secret} for _time in range(2)])
    with pytest.raises(DBAPIError) as fault:
        db.session.execute(twice)
    assert "the lamp" not in f"{fault.value} {fault.value.orig}"


def test_a_log_hears_nothing_of_what_was_said(app: Flask) -> None:
    with pytest.raises(DBAPIError, match="nowhere") as fault:
        db.session.execute(text("SELECT * FROM nowhere WHERE said = :said"), {"said": "the lamp"})
    assert "the lamp" not in str(fault.value)
