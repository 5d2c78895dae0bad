"""Who is missing is read off a table of two; the knock list leads to a door that answers."""

import pytest
from playwright.sync_api import expect

from surveys.base.db import db
from surveys.questionnaires.rules import Choice, Question
from tests.browser.scene import Scene
from tests.questionnaires.asking import WANTED, opened_with, sent_by_phones

pytestmark = pytest.mark.browser


def test_from_a_table_of_two_to_the_knock_list_to_a_door(scene: Scene) -> None:
    with scene.served.app.app_context():
        answer = {**WANTED, "q8": ("c",)}
        sent_by_phones(scene.world, scene.questionnaire, 12, answer)
        db.session.remove()
    coverage = f"/desk/courtyard/{scene.world.courtyard}/coverage?about={scene.questionnaire}"
    desk = scene.desktop()
    desk.see(coverage)
    desk.reads("占比按花名册上那儿的户数算，全院 24 户。")
    desk.follow("按楼看岁数")
    desk.heads("两样对着看")
    row = desk.page.get_by_role("row", name="1 号楼")
    expect(row.get_by_role("cell").nth(3)).to_contain_text("12 100.0%")
    expect(desk.page.get_by_role("row", name="2 号楼")).to_have_count(0)  # nobody there answered
    desk.see(coverage)
    desk.follow("打印敲门单：还没答的 12 户")
    desk.reads("答过的 12 户不在上面")
    expect(desk.page.locator("tbody tr")).to_have_count(12)
    desk.follow("返回")
    desk.follow("替 101 答")
    expect(desk.page.get_by_label("哪一户")).to_have_value("2-1-101")
    desk.write("3. 要是先办三件，您家选哪三件？", "1")
    desk.press("存好，录下一份")
    desk.heads("上门、打电话")
    desk.see(coverage)
    desk.reads("户答了，花名册 24 户，占 54.2%")


def test_the_result_for_the_wall_is_one_sheet_however_much_was_asked(scene: Scene) -> None:
    asked = [_wordy(n) for n in range(30)]
    with scene.served.app.app_context():
        questionnaire = opened_with(scene.world, asked)
        answer = {question.key: ("a", "b", "c") for question in asked}
        sent_by_phones(scene.world, questionnaire, 12, answer)
        db.session.remove()
    desk = scene.desktop()
    desk.see(f"/desk/questionnaire/{questionnaire}/sheet")
    desk.reads("纸上写不下")
    assert desk.page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def _wordy(number: int) -> Question:
    """A question that takes much room, and always another one."""
    choices = tuple(Choice(key, "说来话长的东西"[: number % 7 + 1] * 3) for key in "abcd")
    return Question(f"q{number}", "several", "问得很长的，" * (number % 6 + 1), choices=choices)
