"""Who did what in a courtyard, in words."""

from datetime import timedelta

from surveys.base import audit
from surveys.base.db import db
from tests.accounts.people import at_the_desk
from tests.manners import Browser
from tests.world import AT, World


def _note(world: World, act: str, n: int = 0, **details: str) -> None:
    by = world.accounts["clerk"]
    at = AT + timedelta(minutes=n)
    audit.note(act, by=by, at=at, courtyard_id=world.courtyard, **details)


def test_every_act_is_told_with_who_and_when(world: World, browser: Browser) -> None:
    _note(world, "role.give", title="楼长", place="Courtyard", role="录入员")
    audit.note("account.sign_out", by=None, at=AT, courtyard_id=world.courtyard)
    db.session.commit()
    page = at_the_desk(browser, world, "observer").see(f"/desk/courtyard/{world.courtyard}/audit")
    assert page.says("给“楼长”加了职务：Courtyard，录入员")
    assert page.says("clerk")
    (when, *_rest) = page.all(".log time")
    assert when.get("title") == "2026-11-20 10:00"
    assert page.says("系统")


def test_what_was_noted_is_shown_as_text_and_nothing_else(world: World, browser: Browser) -> None:
    _note(world, "role.give", title="<b>100%</b>", place="%(role)s")
    db.session.commit()
    page = at_the_desk(browser, world, "clerk").see(f"/desk/courtyard/{world.courtyard}/audit")
    assert page.says("给“<b>100%</b>”加了职务：%(role)s，—")


def test_the_newest_comes_first_and_the_rest_on_the_next_page(
    world: World, browser: Browser
) -> None:
    for n in range(60):
        _note(world, "place.add", n, name=f"No{n}.")
    db.session.commit()
    first = at_the_desk(browser, world, "clerk").see(f"/desk/courtyard/{world.courtyard}/audit")
    assert first.says("一共60件")
    assert first.says("No59.")
    assert not first.says("No9.")
    (link,) = [a for a in first.all(".pager a") if "page=2" in a.get("href")]
    assert browser.see(link.get("href")).says("No9.")


def test_it_is_searched_by_words_and_by_person_and_turned_round(
    world: World, browser: Browser
) -> None:
    for n, name in enumerate(("东院", "西院", "后院")):
        _note(world, "place.add", n, name=name)
    audit.note("account.sign_out", by=None, at=AT, courtyard_id=world.courtyard)
    db.session.commit()
    desk = at_the_desk(browser, world, "observer")
    here = f"/desk/courtyard/{world.courtyard}/audit"
    assert desk.see(f"{here}?q=西院").says("一共1件")
    assert desk.see(f"{here}?q=退出").says("一共1件"), "the words of the act itself"
    assert desk.see(f"{here}?who={world.accounts['clerk']}").says("一共3件")
    assert desk.see(f"{here}?q=没有这个").says("没有找到")
    head = desk.see(here).one(".log th[aria-sort]")
    assert head.get("aria-sort") == "descending"
    turned = desk.see(head.cssselect("a")[0].get("href"))
    assert turned.one(".log th[aria-sort]").get("aria-sort") == "ascending"
    assert turned.says("旧的在上面")


def test_an_act_that_no_room_has_worded_yet_is_told_by_its_bare_name(world: World) -> None:
    _note(world, "made.up")
    db.session.commit()
    (entry,) = audit.latest(world.courtyard)
    assert (entry.say, entry.params) == ("made.up", {})
