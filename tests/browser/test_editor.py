"""A questionnaire of twelve questions with conditions: written at the desk from nothing, answered
on a phone, and on its printed paper that is keyed in; with scripts and without."""

from collections.abc import Iterator, Mapping
from pathlib import Path as Folder
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from surveys.base.db import db
from surveys.questionnaires import kept, service
from surveys.questionnaires.rules import Given
from tests.browser.conftest import Clock, serving
from tests.browser.path import Path
from tests.browser.scene import Scene
from tests.browser.window import Window
from tests.questionnaires import asking

pytestmark = pytest.mark.browser

QUESTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("单选", {"怎么问": "住了几年？", "选项": "不到五年\n更久"}),
    ("多选", {"怎么问": "哪几样烦心？", "选项": "漏雨\n下水道\n其他\n都没有", "最多选几样": "2"}),
    ("问答", {"怎么问": "漏在哪里？", "什么时候显示": "Q2 选了 “漏雨”"}),
    ("下拉选择", {"怎么问": "多大年纪？", "选项": "30 以下\n30 到 60\n60 以上"}),
    ("是非", {"怎么问": "愿意出钱吗？"}),
    (
        "数字",
        {
            "怎么问": "愿意出多少？",
            "单位": "元",
            "最大": "5000",
            "什么时候显示": "如果 Q5 选了 “是” 则显示这题",
        },
    ),
    ("排序", {"怎么问": "哪样先办？", "选项": "灯\n路\n墙", "排前几位": "2"}),
    ("五级量表", {"怎么问": "现在满意吗？"}),
    ("分节", {"标题": "最后几题"}),
    ("矩阵", {"怎么问": "这两样怎么样？", "行": "路\n灯", "列": "好\n差"}),
    ("日期", {"怎么问": "哪天在家？"}),
    ("填空", {"怎么问": "怎么称呼？"}),
    ("楼栋单元", {"怎么问": "您家在哪个单元？"}),
)
BOXES = {"选项": "choices-more", "列": "choices-more", "行": "rows-more"}
ON_PAPER = (
    *("2", "1 3 想要凉亭", "房顶东边", "3", "1", "20", "3 1", "4", "1 2"),
    *("2026/3/5", "老王", "2-1"),
)
ANSWERS = {
    "q1": ("b",),
    "q2": ("a", "c=想要凉亭"),
    "q3": ("房顶东边",),
    "q4": ("c",),
    "q5": ("yes",),
    "q6": ("20",),
    "q7": ("c", "a"),
    "q8": ("4",),
    "q10": ("r1:a", "r2:b"),
    "q11": ("2026-03-05",),
    "q12": ("老王",),
    "q13": ("2-1",),
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def path(
    request: pytest.FixtureRequest, tmp_path: Folder, chromium: Browser, moving_clock: Clock
) -> Iterator[Path]:
    """A courtyard and its people, with their windows."""
    with serving(tmp_path, chromium, cdn="") as served:
        yield Path(served, moving_clock, script=request.param)
        assert served.complaints == []
        assert served.hosts == {urlsplit(served.address).netloc}


def test_a_questionnaire_written_from_nothing_is_answered_everywhere(path: Path) -> None:
    desk = path.organizer
    q = begun(path, desk)
    for kind, fields in QUESTIONS:
        write(desk, kind, fields)
    finish(desk)
    on_a_phone(path, q)
    on_paper(path, q)
    for given in answers(path, q):
        assert given == ANSWERS


def begun(path: Path, desk: Window) -> str:
    """Make an empty questionnaire and go to its editor; its id."""
    path.desk(desk, "问卷")
    desk.hit(desk.page.get_by_label("空白问卷"))
    desk.press("照这个做一份")
    desk.heads("空白问卷")
    desk.follow("改题目")
    desk.reads("加一题")
    return desk.page.url.split("/")[-2]


def write(desk: Window, kind: str, fields: Mapping[str, str]) -> None:
    """Add a question of a kind after the one at hand, and type what it asks."""
    adding = desk.page.locator("details.add")
    if adding.get_attribute("open") is None:
        desk.hit(adding.locator("summary"))
    desk.press(kind, within="details.add")
    expect(desk.page.locator("#card-is")).to_contain_text("新的一题")
    expect(desk.page.locator("#title")).to_have_value("")
    expect(desk.page.locator("#title")).to_be_focused()
    for label, text in fields.items():
        if label in BOXES:
            desk.page.locator(f"#{BOXES[label]}").fill(text)
        else:
            desk.write(label, text)
    desk.press("存好", within="#card")
    desk.reads("存好了")


def finish(desk: Window) -> None:
    """Set right what was forgotten, look at it once more, and open it."""
    desk.hit(desk.page.locator("#open-q2"))
    desk.choose("“其他”怎么选", "旁边写字")
    desk.choose("“都没有”怎么选", "和别的不能同选")
    desk.tick("一定要答")
    desk.press("收起", within="#card")
    desk.reads("Q2 选了 “漏雨”才显示")
    if desk.page.viewport_size and desk.page.viewport_size["width"] >= 1100:
        frame = desk.page.frame_locator("iframe")
        expect(frame.locator("h1")).to_contain_text("住了几年？")
    desk.press("改完了")
    desk.heads("空白问卷")
    desk.press("现在开放")
    desk.reads("开放了")


def on_a_phone(path: Path, q: str) -> None:
    """Answer one question a screen, changing one's mind once about what others hang on."""
    phone = path.phone()
    phone.see(f"/q/{q}")
    phone.follow("开始")
    first_questions(phone)
    phone.heads("多大年纪？")
    phone.choose("多大年纪？", "60 以上")
    phone.press("下一题")
    phone.tick("是")
    phone.press("下一题")
    phone.write("愿意出多少？", "20")
    phone.press("下一题")
    phone.choose("第 1 位", "墙")
    phone.choose("第 2 位", "灯")
    phone.press("下一题")
    phone.tick("不太满意")
    phone.press("下一题")
    phone.reads("最后几题")
    for row, column in (("路", "好"), ("灯", "差")):
        group = phone.page.get_by_role("radiogroup", name=row)
        phone.hit(group.get_by_role("radio", name=column))
    phone.press("下一题")
    phone.write("哪天在家？", "2026-03-05")
    phone.press("下一题")
    phone.write("怎么称呼？", "老王")
    phone.press("下一题")
    phone.tick("2 号楼 1 单元")
    phone.press("答完了，看一遍")
    phone.heads("看一遍，没错就交上")
    phone.reads("想要凉亭")
    phone.press("没错，交上")
    phone.heads("收到了")


def first_questions(phone: Window) -> None:
    """Up to where it leaks, which is asked only of those where it does."""
    phone.heads("住了几年？")
    phone.tick("更久")
    phone.press("下一题")
    phone.tick("下水道")
    phone.press("下一题")
    phone.heads("多大年纪？")
    phone.press("上一题")
    phone.heads("哪几样烦心？")
    phone.tick("漏雨", "下水道", "其他")
    phone.page.locator("[name='a-q2=c']").fill("想要凉亭")
    phone.press("下一题")
    phone.heads("漏在哪里？")
    phone.write("漏在哪里？", "房顶东边")
    phone.press("下一题")


def on_paper(path: Path, q: str) -> None:
    """Print it, and key in the filled sheet in the order of its numbers."""
    clerk = path.clerk
    clerk.see(f"/desk/questionnaire/{q}/print")
    expect(clerk.page.locator(".fill-in h2")).to_have_count(12 + 1)
    clerk.see(f"/desk/questionnaire/{q}/key-in")
    fields = clerk.page.locator("[data-key][name]")
    expect(fields).to_have_count(len(ON_PAPER))
    for number, text in enumerate(ON_PAPER):
        fields.nth(number).fill(text)
    clerk.press("存好，录下一份")
    clerk.reads("录好了")


def answers(path: Path, q: str) -> list[Given]:
    """What was kept of each sheet, of the phone and of the paper."""
    with path.served.app.app_context():
        asked = service.find(q)
        found = [kept.given_in(one, asked.questions) for one in asking.current(q)]
        db.session.remove()
    assert len(found) == 2
    return [dict(given) for given in found]


def test_questions_are_opened_typed_and_moved_by_keyboard_alone(scene: Scene) -> None:
    desk = scene.desktop("organizer")
    desk.page.set_viewport_size({"width": 1280, "height": 900})
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/questionnaires")
    desk.hit(desk.page.get_by_label("改造意愿调查"))
    desk.press("照这个做一份")
    desk.follow("改题目")
    desk.page.locator("#open-q4").focus()
    desk.key("Enter")
    title = desk.page.locator("#title")
    expect(title).to_be_focused()
    title.fill("装电梯，您家愿意吗？")
    desk.key("Enter")
    desk.reads("存好了")
    expect(title).to_be_focused()
    frame = desk.page.frame_locator("iframe")
    expect(frame.locator("h1")).to_contain_text("装电梯")
    desk.page.locator("#act-up").focus()
    for number in ("3", "2", "1"):
        desk.key("Enter")
        expect(desk.page.locator("#card-is")).to_contain_text(f"第 {number} 题")
        expect(desk.page.locator("#act-up")).to_be_focused()
    assert desk.page.url.endswith("/edit?open=q4")
    title.fill("")
    desk.key("Enter")
    expect(desk.page.locator("#title-fault")).to_be_visible()
    expect(title).to_be_focused()
    frame.get_by_role("button", name="下一题").click()
    expect(frame.locator(".count").first).to_contain_text("第 2 题")


def test_a_new_version_reaches_phones_when_it_is_put_out_and_not_before(scene: Scene) -> None:
    desk, phone = scene.desktop("organizer"), scene.phone()
    desk.see(f"/desk/questionnaire/{scene.questionnaire}")
    desk.follow("改题目")
    desk.hit(desk.page.locator("#open-q1"))
    desk.write("怎么问", "您先说说，哪里最不满意？")
    desk.press("存好", within="#card")
    desk.reads("居民现在答的还是第 1 版")
    desk.reads("问法改了")
    phone.see(f"/q/{scene.questionnaire}/1")
    phone.heads("这个院子，您最不满意哪里？")
    desk.press("去掉这题", within="#card")
    desk.reads("去掉了“您先说说，哪里最不满意？”")
    desk.press("撤销")
    expect(desk.page.locator("#title")).to_have_value("您先说说，哪里最不满意？")
    desk.press("发出第 2 版")
    desk.reads("第 2 版发出了")
    phone.see(f"/q/{scene.questionnaire}/1")
    phone.heads("您先说说，哪里最不满意？")
