"""What the desk does for whoever works at it all day: keys that can be looked up, nothing lost."""

import pytest
from playwright.sync_api import Dialog, Route, expect

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from tests.browser.scene import Scene, desktop_of
from tests.browser.window import Window
from tests.world import add_account

pytestmark = pytest.mark.browser


def test_the_keys_of_a_page_are_listed_from_what_they_press(scene: Scene) -> None:
    desk = scene.desktop()
    yard = f"/desk/courtyard/{scene.world.courtyard}"
    desk.see(f"{yard}/ledger")
    listed = desk.page.locator("dialog#keys")
    desk.key("?")
    expect(listed).to_be_visible()
    rows = listed.locator("div p")
    assert {"X", "J", "N"} <= set(rows.locator("kbd").all_text_contents())
    expect(rows.filter(has_text="找一件诉求")).to_have_text("/ 找一件诉求")
    desk.key("x")
    desk.reads("没归类：还有 4 条")  # nothing is pressed behind it
    desk.key("Escape")
    expect(listed).to_be_hidden()
    desk.see(f"{yard}/suggestions")
    desk.key("/")
    expect(desk.page.get_by_label("找原话")).to_be_focused()
    desk.key("Escape")
    desk.page.locator("h1").click()
    desk.key("0")
    boxes = desk.page.locator("[name=ticked]")
    expect(desk.page.locator("[name=ticked]:checked")).to_have_count(boxes.count())


def test_what_was_typed_and_not_sent_survives_a_reload_but_not_the_sending(scene: Scene) -> None:
    desk = scene.desktop()
    at_the_suggestions(scene, desk)
    desk.page.locator("#text").fill("王大爷说，三单元的灯又不亮了")
    desk.page.reload()
    expect(desk.page.locator("#text")).to_have_value("王大爷说，三单元的灯又不亮了")
    desk.reads("上回填了还没交的")
    desk.press("记下")
    desk.reads("记下了，是第")
    expect(desk.page.locator("#text")).to_have_value("")
    desk.page.reload()
    expect(desk.page.locator("#text")).to_have_value("")
    expect(desk.page.locator("#typed-before")).to_be_hidden()


def at_the_suggestions(scene: Scene, desk: Window) -> str:
    """Open the page where suggestions are noted, its scripts there too. Returns: its address."""
    here = f"/desk/courtyard/{scene.world.courtyard}/suggestions"
    desk.see(here)
    desk.has_scripts()
    return here


def kept(desk: Window) -> int:
    """How many forms this window holds something of."""
    keys = "Object.keys(sessionStorage).filter((key) => key.startsWith('typed:'))"
    return len(desk.page.evaluate(keys))


def test_whatever_was_filled_in_comes_back_and_can_be_dropped(scene: Scene) -> None:
    desk = scene.desktop("organizer")
    ballots = f"/desk/courtyard/{scene.world.courtyard}/ballots"
    desk.see(ballots)
    desk.has_scripts()
    usual = desk.page.locator("form .field").evaluate_all("all => all.map((one) => one.value)")
    desk.write("点单叫什么", "先改哪样")
    desk.write("什么时候截止", "2031-05-01T20:00")
    desk.tick("在会上开始、在会上截止，由主持人当场按")
    desk.tick("给分", exact=False)
    told = desk.page.locator("#typed-before")
    expect(told).to_be_hidden()

    desk.see("/desk/password")
    desk.see(ballots)
    desk.reads("上回填了还没交的")
    field = desk.page.get_by_label
    expect(field("点单叫什么")).to_have_value("先改哪样")
    expect(field("什么时候截止")).to_have_value("2031-05-01T20:00")
    expect(field("在会上开始、在会上截止，由主持人当场按")).to_be_checked()
    expect(desk.page.get_by_role("radio", name="给分")).to_be_checked()

    desk.press("不要了")
    expect(told).to_be_hidden()
    for _ in range(2):
        desk.has_scripts()
        left = desk.page.locator("form .field").evaluate_all("all => all.map((one) => one.value)")
        assert (left, kept(desk)) == (usual, 0)
        expect(field("在会上开始、在会上截止，由主持人当场按")).not_to_be_checked()
        desk.see(ballots)


def test_what_was_refused_is_kept_until_it_is_taken(scene: Scene) -> None:
    desk = scene.desktop()
    here = at_the_suggestions(scene, desk)
    desk.page.locator("#text").fill("井盖松了")
    desk.page.locator("#door").fill("没有这一户")
    desk.press("记下")
    expect(desk.page.locator("main[data-refused]")).to_be_visible()
    desk.has_scripts()
    desk.see("/desk/password")
    desk.see(here)
    expect(desk.page.locator("#text")).to_have_value("井盖松了")
    desk.page.locator("#door").fill("")
    desk.press("记下")
    desk.reads("记下了，是第")
    desk.has_scripts()
    assert kept(desk) == 0


def test_what_is_mended_after_a_refusal_is_kept_with_all_the_rest(scene: Scene) -> None:
    desk = scene.desktop()
    here = at_the_suggestions(scene, desk)
    desk.page.locator("#text").fill("井盖松了")
    desk.page.locator("#door").fill("没有这一户")
    desk.press("记下")
    expect(desk.page.locator("main[data-refused]")).to_be_visible()
    desk.has_scripts()
    desk.page.locator("#door").fill("1-1-101")
    desk.see("/desk/password")
    desk.see(here)
    expect(desk.page.locator("#text")).to_have_value("井盖松了")
    expect(desk.page.locator("#door")).to_have_value("1-1-101")


def test_what_is_typed_while_the_script_is_still_on_its_way_is_kept_too(scene: Scene) -> None:
    desk = scene.desktop()
    here = f"/desk/courtyard/{scene.world.courtyard}/suggestions"
    on_its_way: list[Route] = []
    desk.page.route("**/unsent.js*", lambda route: on_its_way.append(route))
    with desk.page.expect_request("**/unsent.js*"):
        desk.see(here)
    desk.page.locator("#text").fill("三楼的灯不亮")
    assert kept(desk) == 0
    on_its_way.pop().continue_()
    desk.has_scripts()
    desk.page.unroute_all()
    desk.see(here)
    expect(desk.page.locator("#text")).to_have_value("三楼的灯不亮")


def test_a_note_comes_back_to_its_own_form_among_many(scene: Scene) -> None:
    desk = scene.desktop()
    here = f"/desk/courtyard/{scene.world.courtyard}/visits"
    desk.see(here)
    homes = scene.world.households
    desk.page.locator(f"#door-{homes[1]} summary").click()
    desk.page.locator(f"#note-{homes[1]}").fill("家里有狗")
    desk.see(here)
    expect(desk.page.locator(f"#note-{homes[1]}")).to_have_value("家里有狗")
    expect(desk.page.locator(f"#note-{homes[0]}")).to_have_value("")


def test_a_passwords_form_and_a_households_vote_are_never_kept(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see("/desk/password")
    for box in desk.page.locator("input[type=password]").all():
        box.fill("a secret that nobody sees")
    desk.see(f"/desk/ballot/{scene.ballot}/key-in")
    desk.page.locator("#household").fill("1-1-101")
    desk.page.locator("main input[type=checkbox]").first.check()
    assert kept(desk) == 0


def test_what_was_typed_is_gone_for_who_signs_in_next(scene: Scene) -> None:
    with scene.served.app.app_context():  # somebody who goes home: all windows of theirs are shut
        leaving = add_account("leaving", RoleKind.CLERK, scene.world.community)
        db.session.commit()
    desk = desktop_of(scene.served, leaving)
    at_the_suggestions(scene, desk)
    desk.page.locator("#text").fill("只给我自己看的")
    desk.press("退出")
    desk.heads("登录")
    assert kept(desk) == 0


def test_what_somebody_left_whose_time_ran_out_is_nobody_elses(scene: Scene) -> None:
    desk = scene.desktop()
    here = at_the_suggestions(scene, desk)
    desk.page.locator("#text").fill("只给我自己看的")
    assert kept(desk) == 1
    (other,) = scene.desktop("organizer").page.context.cookies()
    name, held, address = other["name"], other["value"], scene.served.address
    desk.page.context.add_cookies([{"name": name, "value": held, "url": address}])
    desk.see(here)
    desk.has_scripts()
    expect(desk.page.locator("#text")).to_have_value("")
    assert kept(desk) == 0


def test_where_nothing_can_be_kept_leaving_is_asked_about(scene: Scene) -> None:
    desk = scene.desktop()
    desk.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"
    )
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.page.on("dialog", stay)
    at_the_suggestions(scene, desk)
    desk.page.locator("#text").press_sequentially("还没写完")
    desk.page.locator(".crumbs a").first.click()
    expect(desk.page.locator("#text")).to_have_value("还没写完")
    assert asked == ["beforeunload"]
    desk.press("记下")
    desk.reads("记下了，是第")
    assert asked == ["beforeunload"], "sending it is no leaving"
