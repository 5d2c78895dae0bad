"""The desk by keyboard; and every page, as Chromium sees it: nothing foreign, no broken policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.window import Window

pytestmark = pytest.mark.browser


def test_the_ledger_is_sorted_by_keyboard_alone(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    desk.reads("没归类：还有 4 条")
    expect(desk.page.locator("blockquote")).to_contain_text("楼道灯坏了半年")
    desk.key("j")
    expect(desk.page.locator("blockquote")).to_contain_text("返味")
    desk.key("k")
    expect(desk.page.locator("blockquote")).to_contain_text("楼道灯坏了半年")
    desk.key("n")
    expect(desk.page.get_by_label("诉求的名字")).to_be_focused()
    desk.write("诉求的名字", "楼道的灯")
    desk.key("Enter")
    desk.reads("没归类：还有 3 条")
    desk.key("u")
    desk.reads("没归类：还有 4 条")
    desk.key("j")
    expect(desk.page.locator("blockquote")).to_contain_text("返味")
    desk.key("1")  # what it is most like
    desk.reads("没归类：还有 3 条")
    desk.page.route("**/aside", lambda route: route.abort())
    desk.key("x")
    expect(desk.page.locator("#lost")).to_be_visible()
    desk.reads("没归类：还有 3 条")
    desk.page.unroute_all()
    desk.key("x")
    desk.reads("没归类：还有 2 条")


def test_every_page_keeps_its_own_policy(scene: Scene) -> None:
    windows = {
        "/desk": scene.desktop("organizer"),
        "/": Window(scene.served.phone(), touch=True),
    }
    windows["/"].see(scene.slips[11])
    windows["/"].press("是我家")
    windows["/"].reads("这部手机代表")
    visited = 0
    for address in _addresses(scene):
        window = windows["/desk" if address.startswith("/desk") else "/"]
        answer = window.page.goto(address, wait_until="load")
        assert answer, address
        assert answer.status in {200, 403, 404, 409}, address
        visited += answer.status == 200
    assert visited > 40


def _addresses(scene: Scene) -> list[str]:
    """Every address that can be opened with what there is."""
    known = {
        "courtyard_id": scene.world.courtyard,
        "place_id": scene.world.courtyard,
        "account_id": scene.world.accounts["clerk"],
        "ballot_id": scene.ballot,
        "menu_id": scene.stage.ballot.menu_id,
        "item_id": next(iter(scene.stage.items.values())),
        "questionnaire_id": scene.questionnaire,
        "suggestion_id": scene.suggestion,
        "need_id": scene.need,
        "code": scene.world.code,
        "show": "bars",
        "number": 1,
    }
    found = []
    with scene.served.app.test_request_context():
        adapter = scene.served.app.url_map.bind("")
        for rule in scene.served.app.url_map.iter_rules():
            is_page = "GET" in (rule.methods or ()) and rule.arguments <= known.keys()
            if is_page and "." not in rule.rule and rule.endpoint != "static":
                found.append(adapter.build(rule.endpoint, {a: known[a] for a in rule.arguments}))
    return sorted(set(found))
