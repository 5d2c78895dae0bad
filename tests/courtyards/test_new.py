"""A new courtyard with its doors: told in words or handed in, looked at, then made at once."""

import io
from typing import Any

import pytest

from surveys.base.db import db
from surveys.courtyards import service
from surveys.courtyards.models import Courtyard
from tests.courtyards.test_roll import HEADER, file_of
from tests.manners import Browser, Page
from tests.world import World, sign_in

NEW = "/desk/courtyard/new"
TYPED = {"name": "槐树里 3 号院", "phone": "0371-1", "committee": "居委会"}
DOORS = "1 号楼 2 单元 6 层 每层 2 户\n没有 1-1-101"


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    sign_in(browser, world.accounts["organizer"])
    return browser


def asked(desk: Browser, file: bytes = b"", **more: Any) -> Page:
    """The form filled in and sent; with a file of these bytes, if any."""
    if file:
        more["file"] = (io.BytesIO(file), "roll.xlsx")
    return desk.send(NEW, {**desk.see(NEW).form(NEW), **TYPED, **more})


def made() -> Courtyard | None:
    db.session.rollback()
    asked = db.select(Courtyard).where(Courtyard.name == TYPED["name"])
    found: Courtyard | None = db.session.scalar(asked)
    return found


def pressed(desk: Browser, page: Page, go: str) -> Page:
    return desk.send(NEW, {**page.form(NEW), "go": go})


def test_doors_in_words_are_looked_at_before_the_courtyard_is_there(desk: Browser) -> None:
    page = asked(desk, doors=DOORS)
    assert [b.text_content() for b in page.all(".figure b")] == ["1", "23"]
    assert page.says("1 号楼 1 单元")
    assert page.says("102、201、202")
    assert made() is None
    after = pressed(desk, page, "save")
    assert after.says("23 户都在花名册里")
    courtyard = made()
    assert courtyard is not None
    assert (courtyard.phone, courtyard.committee) == ("0371-1", "居委会")
    assert service.size(courtyard.id) == (23, 1, 0)
    assert after.one("h1").text_content() == TYPED["name"]


def test_going_back_brings_everything_typed(desk: Browser) -> None:
    page = pressed(desk, asked(desk, doors=DOORS), "back")
    assert page.status == 200
    assert page.one("#name").get("value") == TYPED["name"]
    assert page.one("#doors").text_content().strip() == DOORS
    assert made() is None


def test_a_file_is_looked_at_in_the_same_way(desk: Browser) -> None:
    data = file_of(HEADER, [1, 1, 101, 88.67], [3, 1, 101, 50])
    page = asked(desk, file=data)
    pressed(desk, page, "save")
    courtyard = made()
    assert courtyard is not None
    assert service.size(courtyard.id) == (2, 2, 13867)


@pytest.mark.parametrize(
    ("more", "say"),
    [
        ({"doors": "三栋楼"}, "第 1 行“三栋楼”：这一行看不懂"),
        ({"doors": DOORS, "name": "Courtyard"}, "这里已经有一个“Courtyard”了"),
        ({"doors": DOORS, "file": b"x"}, "两样留一样"),
        ({"file": b"x"}, "Excel"),
        ({"file": file_of(HEADER, [1, 1, 101, "x"])}, "有 1 处要改"),
        ({"doors": "长" * 6_000}, "太长了"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_made(
    desk: Browser, more: dict[str, Any], say: str
) -> None:
    page = asked(desk, **more)
    assert page.status == 422
    assert page.says(say)
    assert page.one("#doors").text_content().strip() == more.get("doors", "")
    assert page.one("#phone").get("value") == TYPED["phone"]
    assert made() is None


def test_doors_that_were_changed_on_the_way_are_not_saved(desk: Browser) -> None:
    page = asked(desk, doors=DOORS)
    sent = {**page.form(NEW), "go": "save", "packed": "made up"}
    assert desk.send(NEW, sent).status == 422
    assert made() is None


def test_a_name_taken_meanwhile_sends_back_with_everything(desk: Browser) -> None:
    page = asked(desk, doors=DOORS)
    asked(desk)
    again = pressed(desk, page, "save")
    assert again.status == 422
    assert again.says("已经有一个")
    assert again.one("#doors").text_content().strip() == DOORS


def test_a_roll_may_be_told_in_words_later_too(world: World, desk: Browser) -> None:
    here = f"/desk/courtyard/{world.courtyard}/roll"
    form = desk.see(here).form(f"{here}/check")
    wrong = desk.send(f"{here}/check", {**form, "doors": "三栋楼"})
    assert wrong.status == 422
    assert wrong.one("#doors").text_content().strip() == "三栋楼"
    page = desk.send(f"{here}/check", {**form, "doors": "9 栋 2 层 每层 2 户"})
    assert page.says("9 号楼 202")
    assert desk.send(here, page.form(here)).says("新增 4 户")
