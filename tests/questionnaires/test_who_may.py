"""Who may do what: nobody, residents, each post, and staff of another courtyard."""

import pytest

from surveys.base import clock
from surveys.questionnaires import service
from tests.manners import Browser
from tests.questionnaires.asking import current, made, opened_now, sent_by_phones
from tests.world import World, sign_in

PAGES = {
    "/desk/courtyard/{courtyard}/questionnaires": "look",
    "/desk/questionnaire/{q}": "look",
    "/desk/questionnaire/{q}/preview": "look",
    "/desk/questionnaire/{q}/screen": "look",
    "/desk/questionnaire/{q}/versions": "look",
    "/desk/questionnaire/{q}/edit": "run",
    "/desk/questionnaire/{q}/answers": "look",
    "/desk/questionnaire/{q}/print": "print",
    "/desk/questionnaire/{q}/key-in": "key_in",
}
ACTS = {
    "/desk/courtyard/{courtyard}/questionnaires": "run",
    "/desk/questionnaire/{q}/edit": "run",
    "/desk/questionnaire/{q}/publish": "run",
    "/desk/questionnaire/{q}/discard": "run",
    "/desk/questionnaire/{q}/times": "run",
    "/desk/questionnaire/{q}/open": "run",
    "/desk/questionnaire/{q}/close": "run",
    "/desk/questionnaire/{q}/key-in": "key_in",
    "/desk/response/{response}/take-back": "key_in",
}
MAY = {
    "organizer": {"look", "print", "key_in", "run"},
    "clerk": {"look", "print", "key_in"},
    "supervisor": {"look"},
    "observer": {"look"},
    "administrator": {"look"},
}


@pytest.mark.parametrize("post", MAY)
def test_each_post_opens_its_pages_and_no_others(world: World, browser: Browser, post: str) -> None:
    sign_in(browser, world.accounts[post])
    fill = gaps(world)
    for address, act in PAGES.items():
        expected = 200 if act in MAY[post] else 403
        assert browser.see(address.format(**fill)).status == expected, address


@pytest.mark.parametrize("post", MAY)
def test_each_post_does_its_acts_and_no_others(world: World, browser: Browser, post: str) -> None:
    sign_in(browser, world.accounts[post])
    fill, form = gaps(world), tokened(browser)
    for address, act in ACTS.items():
        answer = browser.send(address.format(**fill), form, follow=False)
        if act in MAY[post]:
            assert answer.status in {303, 409, 422}, address
        else:
            assert answer.status == 403, address


def test_a_clerk_keys_in_but_is_offered_neither_opening_nor_closing(
    world: World, browser: Browser
) -> None:
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/questionnaire/{opened_now(world)}")
    assert page.says("录答卷")
    assert not page.says("现在截止")
    page = browser.see(f"/desk/questionnaire/{made(world).id}")
    assert not page.says("现在开放")
    assert not page.says("改题目")


def test_staff_of_another_courtyard_learn_nothing_of_it(world: World, browser: Browser) -> None:
    sign_in(browser, world.accounts["stranger"])
    fill, form = gaps(world), tokened(browser)
    for address in PAGES:
        assert browser.see(address.format(**fill)).status == 404, address
    for address in ACTS:
        answer = browser.send(address.format(**fill), form, follow=False)
        assert answer.status == 404, address


def test_nobody_is_asked_to_sign_in(world: World, browser: Browser) -> None:
    fill, form = gaps(world), tokened(browser)
    for address in PAGES:
        where = browser.get(address.format(**fill)).headers["Location"]
        assert where.startswith("/desk/sign-in"), address
    for address in ACTS:
        found = browser.post(address.format(**fill), data=form)
        assert found.headers["Location"].startswith("/desk/sign-in"), address


def test_residents_see_no_figures_before_the_close_and_small_ones_never(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 11, {"q3": ("a",)})
    sent_by_phones(world, q, 2, {"q3": ("b",), "q4": ("1",)}, nobodys=True)
    page = browser.see(f"/q/{q}/figures")
    assert page.status == 409
    assert page.says("截止以后才公布")
    by = world.accounts["organizer"]
    service.close_now(service.find(q).questionnaire, by=by, at=clock.now())
    page = browser.see(f"/q/{q}/figures")
    assert page.says("份答卷：11户，另有2份没写门牌")
    assert page.says("答这题的不到10份，不公布")
    rows = {r.cssselect("th")[0].text_content().strip(): r for r in page.all("tbody tr")}
    assert "不公布" in rows["换下水管"].text_content()
    assert "2" not in rows["换下水管"].cssselect("td")[0].text_content()
    assert not page.says("15.4%")


def gaps(world: World) -> dict[str, str]:
    """What fills the gaps of the addresses: a questionnaire that is open now, and its answer."""
    q = opened_now(world)
    sent_by_phones(world, q, 1, {"q3": ("a",)})
    return {"courtyard": world.courtyard, "q": q, "response": current(q)[0].id}


def tokened(browser: Browser) -> dict[str, object]:
    """A form that holds its token and nothing else."""
    return {"csrf_token": browser.see("/").form("/size")["csrf_token"]}
