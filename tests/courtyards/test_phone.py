"""A phone learns which household it speaks for, and forgets it again."""

import io

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from surveys.base.db import db
from surveys.courtyards import codes, service, slips
from surveys.courtyards.models import Household
from surveys.web import config_of
from tests.manners import Browser, Page
from tests.world import AT, World


@pytest.fixture
def secret(app: Flask, world: World) -> bytes:
    secret = config_of(app).secret
    slips.ensure_codes(service.find(world.courtyard), secret, AT)
    return secret


def code_of(world: World, secret: bytes, number: int = 0) -> tuple[str, str]:
    return slips.household_code(db.session.get_one(Household, world.households[number]), secret)


def speaks_for(browser: Browser) -> bool:
    with browser.session_transaction() as session:
        return bool(session.get("code"))


def type_in(browser: Browser, world: World, typed: str) -> Page:
    address = f"/c/{world.code}/door"
    form = browser.see(address).form(address) | {"code": typed}
    return browser.send(address, form)


@pytest.mark.parametrize("start", ["/h/", "/H/"])
def test_a_scanned_slip_asks_first_and_remembers_when_told(
    world: World, browser: Browser, secret: bytes, start: str
) -> None:
    long, _short = code_of(world, secret)
    page = browser.see(start + long)
    assert page.status == 200
    assert page.says("1 号楼 1 单元 101")
    assert page.says("是您家吗")
    assert not speaks_for(browser)
    answer = browser.send(f"/h/{long}", page.form("/h/"), follow=False)
    assert answer.response.status_code == 303
    assert answer.response.location == f"/c/{world.code}"
    assert speaks_for(browser)
    again = browser.get(start + long)
    assert (again.status_code, again.location) == (303, f"/c/{world.code}")


def test_a_slip_of_the_neighbours_asks_again(world: World, browser: Browser, secret: bytes) -> None:
    first, second = code_of(world, secret)[0], code_of(world, secret, 1)[0]
    browser.send(f"/h/{first}", browser.see(f"/h/{first}").form("/h/"), follow=False)
    assert browser.see(f"/h/{second}").says("这部手机现在代表 1 号楼 1 单元 101")


def test_an_old_slip_says_kindly_that_there_is_a_new_one(
    world: World, browser: Browser, secret: bytes
) -> None:
    long, short = code_of(world, secret)
    browser.send(f"/h/{long}", browser.see(f"/h/{long}").form("/h/"), follow=False)
    courtyard = service.find(world.courtyard)
    home = db.session.get_one(Household, world.households[0])
    slips.renew_slip(courtyard, home, secret=secret, by=world.accounts["clerk"], at=AT)
    for page in (browser.see(f"/h/{long}"), type_in(browser, world, short)):
        assert page.status == 410
        assert page.says("这张条子换过新的了")
        assert page.says("0000-0000000")
    new = slips.household_code(home, secret)[0]
    assert browser.see(f"/h/{new}").says("是您家吗")  # the phone was signed out


@pytest.mark.parametrize("code", ["0" * 26, "x", "楼" * 50, "%F0%9F%98%80"])
def test_an_unknown_slip_is_told_so(
    world: World, browser: Browser, secret: bytes, code: str
) -> None:
    page = browser.see(f"/h/{code}")
    assert page.status == 404
    assert page.says("没有这张条子")


def test_a_short_code_typed_leads_to_the_same_question(
    world: World, browser: Browser, secret: bytes
) -> None:
    _long, short = code_of(world, secret)
    assert type_in(browser, world, codes.grouped(short).lower()).says("是您家吗")
    assert browser.see(f"/C/{world.code.lower()}/door").status == 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "还没有填"),
        ("K7M4-Q9XT", "应该是 11 个字，您填了 8 个"),
        ("0000-0000-001", "有一个字看错了"),
        ("0000-0000-000", "它可能是别的院子的"),
        ("K7M4-Q9XT-3楼", "码里没有“楼”"),
        ("<script>" * 40, "码里没有“<”"),
        ("\0\u202e😀", "码里没有“😀”"),
    ],
)
def test_a_mistyped_code_is_kept_and_says_what_is_wrong(
    world: World, browser: Browser, secret: bytes, typed: str, says: str
) -> None:
    page = type_in(browser, world, typed)
    assert page.status == 422
    assert page.says(says)
    kept = page.one("#code").get("value")
    assert kept.startswith(typed.replace("\0", "").replace("\u202e", "")[:50])
    assert len(kept) <= 60


def test_a_misread_code_never_locks_anybody_out(
    world: World, browser: Browser, secret: bytes
) -> None:
    for _ in range(25):
        assert type_in(browser, world, "0000-0000-001").status == 422


def test_guessing_is_stopped_on_one_phone_and_nowhere_else(
    world: World, browser: Browser, app: Flask, secret: bytes
) -> None:
    guesses = [f"{n:05d}00000" for n in range(21)]
    answers = [type_in(browser, world, g + codes.check_symbol(g)).status for g in guesses]
    assert answers == [422] * 20 + [429]
    _long, short = code_of(world, secret)
    stopped = type_in(browser, world, short)
    assert stopped.status == 429
    assert stopped.says("请过")
    neighbour = app.test_client()
    assert isinstance(neighbour, Browser)
    assert type_in(neighbour, world, short).says("是您家吗")


def test_the_phone_forgets_for_the_next_family(
    world: World, browser: Browser, secret: bytes
) -> None:
    long, _short = code_of(world, secret)
    page = browser.see(f"/h/{long}")
    browser.send(f"/h/{long}", page.form("/h/"), follow=False)
    token = page.form("/h/")["csrf_token"]
    door = f"/c/{world.code}/door"
    after = browser.send("/device/forget", {"csrf_token": token, "to": door})
    assert after.says("这部手机不再代表哪一家了")
    assert after.says("输入条子上的字")
    assert not speaks_for(browser)
    elsewhere = browser.post(
        "/device/forget", data={"csrf_token": token, "to": "https://elsewhere.example/"}
    )
    assert elsewhere.location.startswith("/")


def test_the_courtyards_code_can_be_scanned_from_its_pictures(
    world: World, browser: Browser, app: Flask
) -> None:
    png = browser.get(f"/c/{world.code}/qr.png")
    assert png.mimetype == "image/png"
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.data)))
    base = config_of(app).public_url or "http://localhost:8000"
    assert found.text == f"{base}/c/{world.code}".upper()
    assert found.content_type == zxingcpp.ContentType.Text
    svg = browser.get(f"/c/{world.code}/qr.svg")
    assert svg.mimetype == "image/svg+xml"
    assert svg.data.startswith(b"<svg xmlns")
    assert browser.see("/c/0000000/qr.svg").status == 404
