"""One questionnaire with every kind of question, answered on a phone with a script and without."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from surveys.base.db import db
from tests.browser.conftest import Served, serving
from tests.browser.test_manners_in_browser import (
    FINGER_PX,
    LEAST_TEXT_PX,
    RULER,
    axe,
    ruler,
)
from tests.browser.window import Window
from tests.questionnaires.asking import answers_of, current, opened_with
from tests.questionnaires.walked import EVERY
from tests.world import make_world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def asked(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, str]]:
    """The served app, and the questionnaire that is open there."""
    with serving(tmp_path_factory.mktemp("asked"), chromium, cdn="") as served:
        with served.app.app_context():
            questionnaire = opened_with(make_world(), EVERY)
            db.session.remove()
        yield served, questionnaire
        assert served.complaints == []


def photo() -> FilePayload:
    """A photo as a phone has it."""
    out = BytesIO()
    Image.new("RGB", (1200, 900), "brown").save(out, "JPEG")
    return {"name": "roof.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def go_on(phone: Window, title: str, count: str = "") -> None:
    """Press on, and read the next question."""
    phone.press("下一题")
    phone.heads(title)
    if count:
        phone.reads(count)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_every_kind_is_answered_and_only_what_is_asked_is_shown(
    asked: tuple[Served, str], script: bool
) -> None:
    served, q = asked
    phone = Window(served.phone(script=script), touch=True)
    phone.see(f"/q/{q}")
    phone.reads("9 到 13 题")
    phone.follow("开始")
    answer_the_house(phone, script=script)
    answer_the_yard(phone)
    phone.reads("后面还有 1 题")
    phone.press("没什么要说的，跳过")
    phone.heads("还有什么想说的")
    phone.reads("最后一题")
    phone.page.locator("textarea").fill("早点修")
    phone.press("答完了，看一遍")
    look_and_send(phone)
    with served.app.app_context():
        given = answers_of(current(q)[-1])
        db.session.remove()
    assert len(given.pop("q3")) == 1
    assert given == GIVEN
    phone.page.context.close()


GIVEN = {
    "q1": ("a", "x=墙皮掉"),
    "q2": ("x=从来都漏",),
    "q4": ("b",),
    "q5": ("c", "a"),
    "q6": ("c",),
    "q7": ("b",),
    "q8": ("a:b", "c:a"),
    "q9": ("5",),
    "q10": ("2026-12-05",),
    "q11": ("2-1",),
    "q13": ("早点修",),
}


def answer_the_house(phone: Window, *, script: bool) -> None:
    """The first section: what the house lacks, and a photo of it."""
    page = phone.page
    phone.heads("家里有哪些毛病")
    phone.reads("没有对错")
    phone.tick("下水道堵")
    go_on(phone, "房子是哪年盖的", "第 4 题，后面还有 7 到 9 题")
    phone.press("上一题")
    phone.heads("家里有哪些毛病")
    phone.tick("下水道堵", "房顶漏雨")
    phone.write("“别的”是什么", "墙皮掉")
    go_on(phone, "漏了多久", "后面还有 9 到 11 题")
    phone.write("“别的”是什么", "从来都漏")
    go_on(phone, "漏的地方拍一张")
    if script:
        phone.has_scripts()
    page.locator("input[type=file]").set_input_files(photo())
    if not script:
        phone.press("放上照片")
    expect(page.locator("main img")).to_have_count(1)
    go_on(phone, "房子是哪年盖的")
    phone.choose("房子是哪年盖的", "1980 年代")
    go_on(phone, "哪几样先修")
    phone.choose("第 1 位", "线路")
    phone.choose("第 2 位", "线路")
    phone.press("下一题")
    phone.reads("“线路”排了两次")
    phone.choose("第 2 位", "房顶")
    go_on(phone, "院里住着满意吗", "再说说院里")


def answer_the_yard(phone: Window) -> None:
    """The second section: the courtyard, and who lives there."""
    page = phone.page
    phone.tick("一般")
    go_on(phone, "愿意装电梯吗")
    phone.tick("不愿意")
    go_on(phone, "这几样做得怎么样")
    page.get_by_role("radiogroup", name="扫院子").get_by_role("radio", name="一般").check()
    page.get_by_role("radiogroup", name="修路灯").get_by_role(
        "radio", name="好", exact=True
    ).check()
    go_on(phone, "家里几口人")
    phone.write("家里几口人", "五口")
    phone.press("下一题")
    phone.reads("请填数字")
    phone.write("家里几口人", "５口")
    go_on(phone, "哪天上门方便")
    phone.write("哪天上门方便", "2026-12-05")
    go_on(phone, "您住在哪栋楼")
    phone.tick("2 号楼 1 单元")
    go_on(phone, "孩子几岁了")


def look_and_send(phone: Window) -> None:
    """Look back, and see it on one's own copy after the sending."""
    for _page in ("look", "copy"):
        for words in (
            "别的：墙皮掉",
            "1 张照片",
            "1. 线路",
            "扫院子：一般",
            "5口",
            "2026 年 12 月 5 日",
        ):
            phone.reads(words)
        expect(phone.page.locator("main img")).to_have_js_property("complete", True)
        assert phone.text().count("没答") == 1
        if _page == "look":
            phone.reads("答完还要看一遍")
            phone.press("没错，交上")
            phone.reads("收到了")
            phone.follow("再看一遍我答的")


def test_on_the_one_page_what_is_not_asked_folds_away_and_keeps_its_words(
    asked: tuple[Served, str],
) -> None:
    served, q = asked
    phone = Window(served.phone(), touch=True)
    phone.see(f"/q/{q}/all")
    phone.has_scripts()
    words = phone.page.locator("[name='a-q2=x']")
    expect(words).to_be_hidden()
    phone.tick("房顶漏雨")
    expect(words).to_be_visible()
    words.fill("从来都漏")
    phone.tick("房顶漏雨")
    expect(words).to_be_hidden()
    phone.tick("房顶漏雨")
    expect(words).to_be_visible()
    expect(words).to_have_value("从来都漏")
    phone.page.context.close()


def test_the_pages_have_manners_also_in_large_letters_and_english(
    asked: tuple[Served, str],
) -> None:
    served, q = asked
    phone = Window(served.phone(), touch=True)
    phone.see(f"/q/{q}/1")
    phone.tick("房顶漏雨")
    phone.press("下一题")
    phone.heads("漏了多久")
    pages = [f"/q/{q}/{page}" for page in (*range(1, 14), "all", "look")]
    faults = [fault for address in pages for fault in measured(phone, address, axed=True)]
    phone.press("大字")
    expect(phone.page.locator("html.big")).to_have_count(1)
    faults += [fault for address in pages for fault in measured(phone, address)]
    phone.press("English")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    faults += [fault for address in pages for fault in measured(phone, address)]
    assert faults == []
    phone.page.context.close()


def measured(phone: Window, address: str, *, axed: bool = False) -> list[str]:
    """What is amiss with a page: contrast, targets, letters, what runs off the side."""
    phone.see(address)
    phone.has_scripts()
    phone.page.evaluate(RULER)
    found = [
        *ruler(phone.page, "sideways"),
        *ruler(phone.page, "targets", FINGER_PX),
        *ruler(phone.page, "smallText", LEAST_TEXT_PX),
        *(axe(phone.page, enhanced=True) if axed else []),
    ]
    return [f"{address}: {fault}" for fault in found]
