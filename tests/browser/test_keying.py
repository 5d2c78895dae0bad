"""A questionnaire's paper is keyed in by number keys and Enter alone."""

import pytest
from playwright.sync_api import expect

from surveys.base.db import db
from tests.browser.scene import Scene
from tests.questionnaires import asking, every_kind

pytestmark = pytest.mark.browser


def test_a_sheet_is_keyed_in_by_number_keys_and_enter_alone(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/questionnaire/{scene.questionnaire}/key-in")
    expect(desk.page.get_by_label("哪一户")).to_be_focused()
    desk.has_scripts()
    keys = desk.page.keyboard
    for typed in ("1-1-200", "墙皮掉了", "1 9", "2 12", "3", "14", "", "", "", ""):
        keys.type(typed)
        keys.press("Enter")
    expect(desk.page.locator("li.flag")).to_have_count(7)
    keys.press("Enter")  # past the last question stands the button
    expect(desk.page.get_by_role("button", name="存好，录下一份")).to_be_focused()
    keys.press("Enter")
    desk.reads("录好了：1 号楼 1 单元 200。")
    expect(desk.page.get_by_label("哪一户")).to_be_focused()
    (sheet,) = scene.responses(9)
    assert sheet.channel == "paper"


def test_without_a_script_enter_saves_the_sheet(scene: Scene) -> None:
    desk = scene.desktop()
    desk.page.route("**/*.js*", lambda route: route.abort())
    desk.see(f"/desk/questionnaire/{scene.questionnaire}/key-in")
    door = desk.page.get_by_label("哪一户")
    door.fill("2-1-101")
    door.press("Enter")  # as somebody does who is quicker than the script
    desk.reads("这一份一题也没录，没有存。")
    expect(door).to_have_value("2-1-101")
    field = desk.page.get_by_label("3. 要是先办三件，您家选哪三件？")
    field.fill("1")
    field.press("Enter")
    desk.reads("录好了：2 号楼 1 单元 101。")


def test_a_sheet_with_every_kind_of_question_is_keyed_in_by_keys_alone(scene: Scene) -> None:
    with scene.served.app.app_context():
        questionnaire = every_kind.opened_now(scene.world)
        db.session.remove()
    desk = scene.desktop()
    desk.see(f"/desk/questionnaire/{questionnaire}/key-in?channel=visit")
    expect(desk.page.get_by_label("哪一户")).to_be_focused()
    desk.has_scripts()
    keys = desk.page.keyboard
    for typed in ("2-1-101", *every_kind.TYPED.values()):
        keys.type(typed)
        keys.press("Enter")
    expect(desk.page.locator("li.flag")).to_have_text(
        ["2 更久", "1 漏雨", "4 其他", "3 60 以上", "1 灯", "2 路", "3 墙", "4 差", "1 愿意"]
    )
    keys.press("Enter")
    desk.reads("录好了：2 号楼 1 单元 101。")
    with scene.served.app.app_context():
        (sheet,) = asking.current(questionnaire)
        assert asking.answers_of(sheet) == every_kind.READ
        db.session.remove()
