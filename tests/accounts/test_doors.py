"""Every address of this room, visited by those who have no business there."""

from typing import Any

import pytest
from flask import Flask

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from tests.accounts.people import at_the_desk
from tests.manners import Browser
from tests.world import World, add_account, sign_in

OPEN = {"/desk/sign-in", "/desk/sign-out", "/desk/password"}
OWN = {"/desk/admin/", "/desk/admin/accounts", "/desk/admin/accounts/new"}
"""an administrator elsewhere sees these, with what is his"""
OVER = "/desk/admin/begin"
"""where somebody organizes already, this leads on"""


def _doors(app: Flask, world: World) -> list[tuple[str, str]]:
    """Method and address of each route, filled with ids of the world's community."""
    ids = {
        "account_id": world.accounts["clerk"],
        "role_id": world.accounts["clerk"],
        "place_id": world.community,
        "courtyard_id": world.courtyard,
    }
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("accounts.") and rule.rule not in OPEN:
            needed: dict[str, Any] = {name: ids[name] for name in rule.arguments}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **needed)
            method = "GET" if rule.methods and "GET" in rule.methods else "POST"
            found.append((method, address))
    assert len(found) > 10
    return found


def test_nobody_is_asked_to_sign_in(app: Flask, world: World, browser: Browser) -> None:
    for method, address in _doors(app, world):
        token = {}
        if method == "POST":
            token = {"csrf_token": browser.see("/desk/sign-in").form("/desk/sign-in")["csrf_token"]}
        answer = browser.open(address, method=method, data=token or None)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/desk/sign-in")


@pytest.mark.parametrize("who", ["clerk", "organizer", "supervisor", "observer"])
def test_other_staff_may_look_at_the_trail_and_no_further(
    app: Flask, world: World, browser: Browser, who: str
) -> None:
    at_the_desk(browser, world, who)
    for method, address in _doors(app, world):
        expected = 200 if address.endswith("/audit") else 403
        token = browser.see("/desk/password").form("/desk/sign-out") if method == "POST" else None
        answer = browser.open(address, method=method, data=token)
        assert answer.status_code == expected, address


def test_an_administrator_elsewhere_learns_of_nothing(
    app: Flask, world: World, browser: Browser
) -> None:
    place = db.session.execute(db.text("SELECT id FROM place WHERE name = 'Elsewhere'")).scalar()
    sign_in(browser, add_account("elsewhere", RoleKind.ADMINISTRATOR, str(place)))
    db.session.commit()
    for method, address in _doors(app, world):
        token = browser.see("/desk/password").form("/desk/sign-out") if method == "POST" else None
        status = browser.open(address, method=method, data=token).status_code
        if address in OWN:
            assert status == 200, address
        elif address == OVER:
            assert status == 303
        else:
            assert status == (403 if address.endswith("/levels") else 404), address
