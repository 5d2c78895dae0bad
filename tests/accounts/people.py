"""What the tests of this room share."""

from typing import Any

from surveys.accounts.models import Account, Role
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from tests.manners import Browser, Page
from tests.world import PASSWORD, World, sign_in

NEW = "sit down together 7"


def typed(browser: Browser, name: str, password: str = PASSWORD, **more: Any) -> Page:
    """Fill in the sign-in page and send it."""
    form = browser.see("/desk/sign-in").form("/desk/sign-in")
    return browser.send(
        "/desk/sign-in", {**form, "name": name, "password": password, **more}, follow=False
    )


def account(world: World, who: str) -> Account:
    """One of the world's accounts as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Account, world.accounts[who])


def noted(act: str) -> list[AuditEntry]:
    """The audit entries of one act."""
    db.session.rollback()
    return list(db.session.scalars(db.select(AuditEntry).where(AuditEntry.act == act)))


def roles_of(account_id: str) -> set[tuple[str, str]]:
    """The posts of an account as (kind, place)."""
    db.session.rollback()
    found = db.session.scalars(db.select(Role).where(Role.account_id == account_id))
    return {(role.kind, role.place_id) for role in found}


def press(browser: Browser, page: str, action: str, **fields: Any) -> Page:
    """Fill in a form of a page and send it: the one to `action`, or the first below it (…/)."""
    seen = browser.see(page)
    found = [str(f.get("action")) for f in seen.all("form[method=post]")]
    wanted = next(a for a in found if a == action or (action.endswith("/") and action in a))
    (form,) = [f for f in seen.all("form[method=post]") if f.get("action") == wanted]
    return browser.send(wanted, {**dict(form.form_values()), **fields})


def at_the_desk(browser: Browser, world: World, who: str) -> Browser:
    """The browser of somebody of the world's staff."""
    sign_in(browser, world.accounts[who])
    return browser
