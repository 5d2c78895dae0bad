"""Paper of every kind of question: printed, keyed in, and answered in a household's place."""

import pytest
from sqlalchemy.exc import IntegrityError

from surveys.base import clock
from surveys.base.db import db
from surveys.errors import Invalid
from surveys.questionnaires import keying, service
from surveys.questionnaires.keying import Sheet
from surveys.questionnaires.models import Response
from tests.manners import Browser, Page
from tests.questionnaires import every_kind
from tests.questionnaires.asking import SECRET, answers_of, current, opened_now, responses
from tests.questionnaires.every_kind import READ, TYPED
from tests.questionnaires.test_keying import keyed
from tests.world import World, sign_in

SHEET = {f"a-{key}": typed for key, typed in TYPED.items()}


@pytest.fixture
def clerk(world: World, browser: Browser) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


def printed(world: World, browser: Browser) -> Page:
    """The sheet of a questionnaire with every kind of question."""
    return browser.see(f"/desk/questionnaire/{every_kind.opened_now(world)}/print")


# --- printed -------------------------------------------------------------------------------------


def test_every_kind_is_printed_with_the_numbers_of_its_choices(
    world: World, clerk: Browser
) -> None:
    page = printed(world, clerk)
    for words in (
        "先说您家",
        "下面几题，选一个。",
        "1.您家在哪个单元？＿＿号楼＿＿单元",
        "2.住了几年？选一个，这题要答",
        "1.不到五年2.更久",
        "4.其他：＿＿＿＿＿＿",
        "1.30以下2.30到603.60以上",
        "（）1.灯（）2.路",
        "每行选一格打勾",
        "1.好2.一般3.差",
        "路□□□灯□□□水□□□树□□□",
        "□□□□.□元",
        "＿＿＿年＿＿月＿＿日",
        "13.拍一张照片请扫右上角的码发，或交给工作人员。",
    ):
        assert page.says(words), words


def test_how_many_are_picked_and_how_large_it_may_be_is_printed_in_words(
    world: World, clerk: Browser
) -> None:
    page = printed(world, clerk)
    for words in (
        "选1到3样",
        "在前面写1、2、3，只排前3位",
        "0到5000之间",
        "2026-01-01到2026-12-31之间",
    ):
        assert page.says(words), words


def test_a_question_says_on_paper_when_it_is_to_be_answered(world: World, clerk: Browser) -> None:
    page = printed(world, clerk)
    assert page.says("4.漏在哪里？第3题选了“漏雨”的，才答这题")
    assert page.says("9.愿意出多少？0到5000之间第8题选了“愿意”的，才答这题")


def test_a_sheet_for_households_asks_for_the_door_and_one_for_staff_for_no_phone(
    world: World, clerk: Browser
) -> None:
    q = every_kind.opened_now(world)
    address = f"/desk/questionnaire/{q}/print"
    assert clerk.see(address).says("不愿写门牌，空着也收")
    set_identity(q, "household")
    page = clerk.see(address)
    assert page.says("一户一份，不写门牌的收不了")
    assert page.all("img.qr")
    set_identity(q, "staff")
    page = clerk.see(address)
    assert not page.all("img.qr")
    assert not page.says("扫右")
    assert page.says("照片请交给工作人员")


# --- keyed in ------------------------------------------------------------------------------------


def test_a_sheet_with_every_kind_of_question_is_keyed_in(world: World, clerk: Browser) -> None:
    q = every_kind.opened_now(world)
    page = keyed(clerk, q, {"door": "1-1-101", **SHEET})
    assert page.says("录好了：1号楼1单元101")
    assert page.says("答了12题")
    (sheet,) = current(q)
    assert answers_of(sheet) == READ


def test_the_screen_follows_the_sheet_and_leaves_the_photo_out(
    world: World, clerk: Browser
) -> None:
    page = clerk.see(f"/desk/questionnaire/{every_kind.opened_now(world)}/key-in")
    assert [f"a-{key}" for key in TYPED] == [
        field.get("name") for field in page.all("[data-key][name]") if field.get("name") != "door"
    ]
    assert page.says("13.拍一张照片由手机发来，这里不录")
    assert page.says("第8题选了“愿意”的，才答这题。9.愿意出多少？")
    assert page.says("一行一个号，共4个，空着的行填0（路、灯、水、树）")


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("place", "9-9", "第1题：没有“9-9”，请照“楼-单元”写，比如1-1"),
        ("rank", "3 3", "第6题：“墙”排了两次"),
        ("matrix", "1 2", "第10题：这一题有4行，要填4个号，您填了2个"),
        ("number", "很多", "第9题：请填数字"),
        ("date", "开春", "第11题：日期看不懂"),
        ("several", "4 5", "第3题：选了“都没有”，就不能再选别的"),
    ],
)
def test_a_fault_names_its_question_and_everything_stays_typed(
    world: World, clerk: Browser, key: str, typed: str, words: str
) -> None:
    q = every_kind.opened_now(world)
    sheet = {"door": "1-1-101", "relation": "family", "has_consent": "y", **SHEET}
    page = keyed(clerk, q, {**sheet, f"a-{key}": typed})
    assert page.status == 422
    assert page.says(words)
    form = page.form(f"/desk/questionnaire/{q}/key-in")
    assert {**form, **sheet, f"a-{key}": typed} == form
    assert not responses(q)


def test_what_was_answered_against_its_condition_is_told_and_not_counted(
    world: World, clerk: Browser
) -> None:
    q = every_kind.opened_now(world)
    page = keyed(clerk, q, {"door": "1-1-101", **SHEET, "a-several": "2", "a-yesno": "2"})
    assert page.says("录好了")
    assert page.says("第4题没按条件，答了也不计入")
    assert page.says("第9题没按条件，答了也不计入")
    (sheet,) = current(q)
    assert set(READ) - set(answers_of(sheet)) == {"where", "number"}


def test_a_sheet_that_answers_only_against_a_condition_is_empty(world: World) -> None:
    q = every_kind.opened_now(world)
    with pytest.raises(Invalid, match="一题也没录"):
        key_in(world, q, Sheet(None, "paper", {"where": ("东边",)}, "sheet"))


# --- in a household's place ----------------------------------------------------------------------


def test_who_answered_in_a_households_place_is_kept_with_its_consent(
    world: World, clerk: Browser
) -> None:
    q = opened_now(world)
    typed = {"door": "1-1-101", "a-q3": "1", "relation": "leader", "has_consent": "y"}
    assert keyed(clerk, q, typed).says("楼栋长替答，本人同意")
    (sheet,) = current(q)
    assert (sheet.relation, sheet.has_consent) == ("leader", True)


def test_nobody_is_answered_for_without_consent(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    page = keyed(clerk, q, {"door": "1-1-101", "a-q3": "1", "relation": "leader"})
    assert page.status == 422
    assert page.says("替人答的，要这家本人同意")
    with pytest.raises(Invalid, match="本人同意"):
        key_in(world, q, Sheet(None, "paper", {"q3": ("a",)}, "sheet", relation="family"))
    assert not responses(q)


def test_the_database_does_not_take_it_either(world: World) -> None:
    q = opened_now(world)
    sheet = key_in(world, q, Sheet(None, "paper", {"q3": ("a",)}, "sheet"))
    sheet.relation = "family"
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


@pytest.mark.parametrize("relation", ["stranger", "x" * 40])
def test_only_known_relations_are_kept(world: World, clerk: Browser, relation: str) -> None:
    q = opened_now(world)
    typed = {"door": "1-1-101", "a-q3": "1", "relation": relation, "has_consent": "y"}
    assert keyed(clerk, q, typed).status == 422
    with pytest.raises(Invalid):
        key_in(world, q, Sheet(None, "paper", {"q3": ("a",)}, "sheet", relation, has_consent=True))


def test_a_household_that_answered_itself_gave_no_consent_to_anything(
    world: World, clerk: Browser
) -> None:
    q = opened_now(world)
    keyed(clerk, q, {"door": "1-1-101", "a-q3": "1", "has_consent": "y"})
    assert not current(q)[0].has_consent


def set_identity(questionnaire_id: str, identity: str) -> None:
    """Who answers it, written straight into the table."""
    service.find(questionnaire_id).questionnaire.identity = identity
    db.session.commit()


def key_in(world: World, questionnaire_id: str, sheet: Sheet) -> Response:
    """Key in a sheet now."""
    kept, _replaced = keying.key_in(
        service.find(questionnaire_id),
        sheet,
        by=world.accounts["clerk"],
        at=clock.now(),
        secret=SECRET,
    )
    return kept
