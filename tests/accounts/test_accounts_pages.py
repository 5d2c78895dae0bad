"""Administrators: who may sign in, with which posts, inside their own places only."""

import pytest

from surveys.accounts import passwords, service
from surveys.accounts.models import Account, Place
from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.errors import Invalid
from tests.accounts.people import NEW, account, at_the_desk, noted, press, roles_of, typed
from tests.manners import Browser
from tests.world import AT, PASSWORD, World, add_account, add_courtyard


@pytest.fixture
def admin(world: World, browser: Browser) -> Browser:
    """The browser of the community's administrator."""
    return at_the_desk(browser, world, "administrator")


def _another(browser: Browser) -> Browser:
    other = browser.application.test_client()
    assert isinstance(other, Browser)
    return other


def _page_of(world: World, who: str) -> str:
    return f"/desk/admin/account/{world.accounts[who]}"


def test_the_desk_leads_administrators_and_nobody_else_to_their_pages(
    world: World, admin: Browser
) -> None:
    assert admin.see("/desk/password").all("a[href='/desk/admin/']")
    clerk = at_the_desk(_another(admin), world, "clerk")
    assert not clerk.see("/desk/password").all("a[href='/desk/admin/']")


def test_a_new_account_gets_a_post_and_a_password_that_is_shown_once(
    world: World, admin: Browser
) -> None:
    page = press(
        admin,
        "/desk/admin/accounts/new",
        "/desk/admin/accounts/new",
        name="Duty",
        title="楼长",
        kind="clerk",
        place_id=world.courtyard,
    )
    once = page.one("#once").text
    assert "no-store" in page.response.headers["Cache-Control"]
    newcomer = _another(admin)
    assert typed(newcomer, "duty", once).status == 303
    assert newcomer.see("/desk/admin/").says("先换一个自己的密码")
    (entry,) = noted("account.create")
    assert once not in entry.details
    assert roles_of(str(entry.subject_id)) == {("clerk", world.courtyard)}
    (given,) = noted("role.give")
    assert given.courtyard_id == world.courtyard


def test_of_many_places_one_looks_for_the_one_that_is_meant(world: World, admin: Browser) -> None:
    community = db.session.get_one(Place, world.community)
    ids = [add_courtyard(f"Yard {n}", f"Y{n:05d}", community, 1, 1) for n in range(40)]
    db.session.commit()
    here = "/desk/admin/accounts/new"
    page = admin.see(here)
    assert [o.get("value") for o in page.all("#place_id option")] == [world.community]
    typed_in = {"name": "duty", "title": "楼长", "where": "yard 3"}
    page = admin.send(here, {**page.form(here), **typed_in, "find": "1"})
    assert page.status == 200, "nothing is wrong yet"
    assert len(page.all("#place_id option")) == 11
    assert page.all("#place_id option")[0].text == "Community / Yard 3"
    page = admin.send(here, {**page.form(here), "place_id": ids[35]})
    (entry,) = noted("account.create")
    assert roles_of(str(entry.subject_id)) == {("clerk", ids[35])}
    page = press(admin, here, here, name="else", title="楼长", place_id=ids[1])
    assert page.one("#once").text, "what was chosen counts, whatever is looked for"


def test_a_name_is_given_once(world: World, admin: Browser) -> None:
    page = press(
        admin,
        "/desk/admin/accounts/new",
        "/desk/admin/accounts/new",
        name="CLERK",
        title="楼长",
        place_id=world.courtyard,
    )
    assert page.status == 422
    assert page.says("已经有叫“clerk”的账号了")
    assert page.one("[name=title]").get("value") == "楼长"
    assert not noted("role.give")


def test_the_list_holds_the_people_of_ones_own_places(world: World, admin: Browser) -> None:
    page = admin.see("/desk/admin/accounts")
    assert page.says("organizer")
    assert not page.says("stranger")
    assert admin.see("/desk/admin/accounts?q=super").says("一共1个账号")
    assert admin.see("/desk/admin/accounts?q=%25").says("没有找到")


def test_a_forgotten_password_is_reset_and_the_old_one_ends(world: World, admin: Browser) -> None:
    before = account(world, "clerk").generation
    page = press(admin, _page_of(world, "clerk"), f"{_page_of(world, 'clerk')}/reset")
    once = page.one("#once").text
    assert typed(_another(admin), "clerk", PASSWORD).status == 422
    assert typed(_another(admin), "clerk", once).status == 303
    assert account(world, "clerk").generation > before
    (entry,) = noted("account.reset")
    assert entry.account_id == world.accounts["administrator"]
    assert once not in entry.details


def test_disabling_puts_somebody_out_at_once_and_can_be_taken_back(
    world: World, admin: Browser
) -> None:
    clerk = at_the_desk(_another(admin), world, "clerk")
    press(admin, _page_of(world, "clerk"), f"{_page_of(world, 'clerk')}/disable")
    assert clerk.get("/desk/password").status_code == 303
    assert typed(_another(admin), "clerk").status == 422
    page = press(admin, _page_of(world, "clerk"), f"{_page_of(world, 'clerk')}/enable")
    assert page.says("账号恢复了")
    assert typed(_another(admin), "clerk").status == 303


def test_posts_are_added_and_taken_away(world: World, admin: Browser) -> None:
    page = _page_of(world, "clerk")
    press(admin, page, f"{page}/roles", kind="supervisor", place_id=world.courtyard)
    both = {("clerk", world.community), ("supervisor", world.courtyard)}
    assert roles_of(world.accounts["clerk"]) == both
    assert press(admin, page, f"{page}/roles/").says("职务去掉了")
    assert len(roles_of(world.accounts["clerk"])) == 1


def test_a_post_held_already_is_not_given_twice(world: World, admin: Browser) -> None:
    page = _page_of(world, "clerk")
    answer = press(admin, page, f"{page}/roles", kind="clerk", place_id=world.community)
    assert answer.status == 422
    assert answer.says("这个职务已经有了")


def test_the_last_post_stays_so_that_nobody_is_out_of_sight(world: World, admin: Browser) -> None:
    page = _page_of(world, "clerk")
    answer = press(admin, page, f"{page}/roles/")
    assert answer.status == 409
    assert answer.says("这是最后一个职务")
    assert roles_of(world.accounts["clerk"])


def test_nobody_locks_out_himself(world: World, admin: Browser) -> None:
    page = _page_of(world, "administrator")
    token = admin.see(page).form(f"{page}/roles")
    for act, words in [("reset", "自己的密码"), ("disable", "不能停用自己")]:
        answer = admin.send(f"{page}/{act}", token)
        assert answer.status == 409
        assert answer.says(words)
    assert press(admin, page, f"{page}/roles/").says("不能去掉自己的管理员职务")


def test_a_post_cannot_be_given_outside_ones_own_places(world: World, admin: Browser) -> None:
    page = _page_of(world, "clerk")
    answer = press(admin, page, f"{page}/roles", kind="administrator", place_id=world.street)
    assert answer.status == 422
    assert roles_of(world.accounts["clerk"]) == {("clerk", world.community)}


def test_who_also_serves_higher_up_is_not_to_be_taken_over_from_below(
    world: World, admin: Browser
) -> None:
    above = add_account("above", RoleKind.ADMINISTRATOR, world.street)
    service.give_role(
        db.session.get_one(Account, above),
        db.session.get_one(Place, world.courtyard),
        RoleKind.CLERK,
        by=None,
        at=AT,
    )
    page = f"/desk/admin/account/{above}"
    seen = admin.see(page)
    assert seen.says("请找上一级管理员")
    assert not seen.says("Street"), "posts outside are others' matter"
    token = seen.form(f"{page}/roles")
    for act in ("reset", "disable", "enable"):
        assert admin.send(f"{page}/{act}", token).status == 403


def test_an_account_may_be_made_with_a_password_of_its_own(world: World) -> None:
    made, given = service.create_account("demo", "演示", by=None, at=AT, password=NEW)
    assert given == NEW
    assert not made.must_change_password
    assert passwords.verify(made.password_hash, NEW)
    with pytest.raises(Invalid):
        service.set_password(made, "short", by=None, at=AT)
    service.set_password(made, NEW + NEW, by=None, at=AT)
    assert made.generation == 1
