"""The desk: questions come in from Excel or pasted text, looked at first, and go out as Excel."""

import dataclasses
import io
import random
from urllib.parse import unquote

import openpyxl
import pytest

from surveys.base import clock
from surveys.base.db import db
from surveys.questionnaires import importing, rules, service, versions
from surveys.questionnaires.cards import HELP, NAME, TITLE
from surveys.questionnaires.editing import MOST_QUESTIONS
from surveys.questionnaires.files import workbook, workbook_example
from surveys.questionnaires.files.incoming import MOST_OF_ALL, Incoming
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.rules import Choice, Question
from surveys.rounds.models import Round
from surveys.web import MOST_TYPED
from tests.manners import Browser, Page
from tests.questionnaires.asking import made, opened_now
from tests.questionnaires.xlsforms import NEEDS, saved, workbook_of
from tests.world import World, sign_in

TEXT = """院里的事
先听您家的。
1. 哪几样最烦心？[多选题]*
A. 屋顶<b>漏</b>雨
B. 下水堵
C. 其他____
2. 还有什么想说的？
显示条件：Q1 选了“下水堵”
"""
WRONG = workbook_of([["题型", "题目", "选项"], ["单选", "甲", "一；二"], ["猜谜", "乙", ""]])


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def ours(world: World) -> list[Questionnaire]:
    db.session.rollback()
    return service.of_courtyard(world.courtyard)


def here(world: World) -> str:
    return f"/desk/courtyard/{world.courtyard}/questionnaires/file"


def hand_in(desk: Browser, address: str, data: bytes, name: str = "表.xlsx") -> Page:
    form = desk.see(address).form(address)
    return desk.send(address, {**form, "file": (io.BytesIO(data), name)})


def paste(desk: Browser, address: str, text: str) -> Page:
    token = desk.see(address).form(address)["csrf_token"]
    return desk.send(address, {"csrf_token": token, "text": text})


def test_the_page_of_questionnaires_leads_there(world: World, desk: Browser) -> None:
    page = desk.see(f"/desk/courtyard/{world.courtyard}/questionnaires")
    links = {a.text_content(): a.get("href") for a in page.all("a")}
    assert links["从 Excel 做一份"] == here(world) + "#excel"
    assert links["粘贴文字做一份"] == here(world) + "#typed"


def test_a_file_is_looked_at_first_and_made_a_questionnaire_by_one_button(
    world: World, desk: Browser
) -> None:
    page = hand_in(desk, here(world), NEEDS)
    for words in ("还没有存", "入户需求调查", "哪几样最烦心", "屋顶<b>漏</b>雨", "都没有（排他）"):
        assert page.says(words), words
    assert page.says("默认值没有收")
    assert page.says("显示条件：")
    assert ours(world) == []
    form = page.form(here(world) + "/make")
    page = desk.send(here(world) + "/make", form)
    assert page.says("做好了。看一遍题目")
    (questionnaire,) = ours(world)
    asked = service.find(questionnaire.id)
    assert asked.every_question == workbook.read(NEEDS).questions
    assert asked.state(clock.now()) == "draft"
    assert asked.questionnaire.keeps
    desk.send(here(world) + "/make", form)  # pressed twice
    assert len(ours(world)) == 1


def test_a_file_with_faults_names_each_and_saves_nothing(world: World, desk: Browser) -> None:
    page = hand_in(desk, here(world), WRONG)
    assert page.status == 422
    assert page.says("有 1 处要改，什么也没存")
    assert page.says("“survey”第 3 行“题型”：没有“猜谜”这种题型")
    assert ours(world) == []


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"%PDF-1.7", "a.xlsx", "这是 PDF"),
        (b"", "a.xlsx", "这个文件是空的"),
        (b"a,b\n", "a.csv", "这不是 Excel 表格"),
        (b"\xff\xfe\x81", "a.txt", "看不懂这个文件里的字"),
    ],
)
def test_what_is_no_questionnaire_is_refused_in_a_sentence(
    world: World, desk: Browser, data: bytes, name: str, says: str
) -> None:
    page = hand_in(desk, here(world), data, name)
    assert page.status == 422
    assert page.says(says)


def test_without_a_file_or_text_one_is_asked_for(world: World, desk: Browser) -> None:
    page = desk.send(here(world), desk.see(here(world)).form(here(world)))
    assert page.status == 422
    assert page.says("请先选一个文件")
    assert paste(desk, here(world), " ").says("还没有文字")


def test_pasted_text_is_shown_as_understood_and_can_be_mended(world: World, desk: Browser) -> None:
    page = paste(desk, here(world), TEXT)
    for words in ("院里的事", "认出 2 题", "屋顶<b>漏</b>雨", "其他（能自己写）", "Q1"):
        assert page.says(words), words
    again = page.one("textarea[name=text]").text_content()
    assert again.split() == TEXT.split()
    page = paste(desk, here(world), TEXT.replace("B. 下水堵\nC. 其他____\n", ""))
    assert page.status == 422
    assert page.says("第 3 行：至少要有两个选项")
    assert "最烦心" in page.one("textarea[name=text]").text_content()
    page = paste(desk, here(world), TEXT)
    desk.send(here(world) + "/make", page.form(here(world) + "/make"))
    assert [q.title for q in ours(world)] == ["院里的事"]


def test_what_was_tampered_with_or_is_for_another_place_is_not_saved(
    world: World, desk: Browser
) -> None:
    form = paste(desk, here(world), TEXT).form(here(world) + "/make")
    page = desk.send(here(world) + "/make", {**form, "packed": str(form["packed"])[:-2] + "xx"})
    assert page.status == 422
    assert page.says("这一页不完整了")
    other = f"/desk/questionnaire/{made(world).id}/file/make"
    assert desk.send(other, form).says("这一页不完整了")


def test_questions_are_replaced_before_the_opening(world: World, desk: Browser) -> None:
    q = made(world).id
    address = f"/desk/questionnaire/{q}/file"
    title = service.find(q).questionnaire.title
    page = paste(desk, address, TEXT)
    assert page.says("现在的题目会整份换掉")
    page = desk.send(address + "/make", page.form(address + "/make"))
    assert page.says("题目换好了")
    db.session.rollback()
    asked = service.find(q)
    assert [question.type for question in asked.questions] == ["several", "long"]
    assert (asked.questionnaire.title, asked.version.number) == (title, 1)


def test_after_the_opening_they_wait_to_be_put_out_as_a_new_version(
    world: World, desk: Browser
) -> None:
    q = opened_now(world)
    before = service.find(q).every_question
    address = f"/desk/questionnaire/{q}/file"
    data = desk.get(f"/desk/questionnaire/{q}/questions.xlsx").get_data()
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["题目"].delete_rows(2)
    book["题目"].append(["填空", "new", "新加的一题"])
    page = hand_in(desk, address, saved(book))
    page = desk.send(address + "/make", page.form(address + "/make"))
    assert page.says("还没有发出：看一遍，再发新的一版")
    db.session.rollback()
    asked = service.find(q)
    assert asked.every_question == before
    *kept, new, gone = versions.working(asked).every_question
    assert (tuple(kept), new.title) == (before[1:], "新加的一题")
    assert gone == dataclasses.replace(before[0], off=True)
    again = workbook.read(desk.get(f"/desk/questionnaire/{q}/questions.xlsx").get_data())
    assert again.questions[-1] == gone


def test_what_was_asked_keeps_its_type(world: World, desk: Browser) -> None:
    q = opened_now(world)
    address = f"/desk/questionnaire/{q}/file"
    data = workbook_of([["题型", "编号", "题目"], ["数字", "q3", "几口人？"]])
    page = hand_in(desk, address, data)
    page = desk.send(address + "/make", page.form(address + "/make"))
    assert page.status == 422
    assert page.says("编号“q3”的题已经问过人了")


def test_of_two_who_replace_at_once_the_second_is_told(world: World, desk: Browser) -> None:
    address = f"/desk/questionnaire/{made(world).id}/file"
    form = paste(desk, address, TEXT).form(address + "/make")
    desk.send(address + "/make", paste(desk, address, TEXT + "3. 别的").form(address + "/make"))
    page = desk.send(address + "/make", form)
    assert page.says("刚才别人也改了题目")


def test_a_questionnaire_goes_out_as_excel_and_comes_in_the_same(
    world: World, desk: Browser
) -> None:
    q = opened_now(world)
    answer = desk.get(f"/desk/questionnaire/{q}/questions.xlsx")
    assert "问卷-" in unquote(answer.headers["Content-Disposition"])
    asked = service.find(q)
    found = workbook.read(answer.get_data())
    assert found.digest == asked.version.digest
    assert found.head["title"] == asked.questionnaire.title


def test_the_example_is_handed_out_and_comes_in_as_it_is(world: World, desk: Browser) -> None:
    answer = desk.get(f"/desk/courtyard/{world.courtyard}/questionnaires/example.xlsx")
    found = workbook.read(answer.get_data())
    assert found.faults == ()
    assert found.told == ()
    assert found.digest == rules.digest(workbook_example.QUESTIONS)


def test_without_a_round_nothing_is_made(world: World, desk: Browser) -> None:
    db.session.get_one(Round, world.round).ended_at = clock.now()
    db.session.commit()
    form = paste(desk, here(world), TEXT).form(here(world) + "/make")
    assert desk.send(here(world) + "/make", form).says("请先给这个院子开始一轮改造")


def test_the_longest_questionnaire_travels_in_its_form() -> None:
    chance = random.Random(1)

    def text(most: int) -> str:
        return "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(most))

    def fresh() -> tuple[Choice, ...]:
        return tuple(Choice(f"c{n}", text(NAME)) for n in range(MOST_OF_ALL // MOST_QUESTIONS))

    questions = tuple(
        Question(f"q{n}", "several", text(TITLE), text(HELP), choices=fresh())
        for n in range(MOST_QUESTIONS)
    )
    packed = importing.pack(Incoming({}, questions), "", place_id="x", secret=b"secret")
    assert len(packed) < MOST_TYPED
    assert importing.unpack(packed, place_id="x", secret=b"secret")[0].questions == questions
