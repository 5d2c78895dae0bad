"""The catalogue is the town's own: whoever administers its top place keeps it."""

import pytest

from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.needs import catalogue, cataloguing, service, shipped, spoken
from surveys.needs.cataloguing import Draft
from surveys.needs.proposals.wishes import wishes
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.world import AT, World, add_account, sign_in

HERE = "/desk/admin/catalogue"
FLAG = Draft("旗杆", "improve", "根", "门口立旗杆", "旗杆、升旗")


@pytest.fixture
def keeper(world: World) -> str:
    """Who administers the top place."""
    made = add_account("keeper", RoleKind.ADMINISTRATOR, world.street)
    db.session.commit()
    return made


@pytest.fixture
def office(browser: Browser, keeper: str) -> Browser:
    """Their browser."""
    sign_in(browser, keeper)
    return browser


def heard(world: World, text: str) -> list[str]:
    """Keys of what a sentence is about."""
    return [w.key for w in wishes(text, spoken.in_courtyard(world.courtyard).vocabulary)]


def test_what_ships_is_where_the_towns_own_begins(world: World) -> None:
    assert catalogue.entries() == shipped.entries()


def test_an_entry_is_added_with_its_words_and_understood_at_once(
    office: Browser, world: World
) -> None:
    assert heard(world, "想升旗") == []
    form = office.see(f"{HERE}/new").form(f"{HERE}/new")
    page = office.send(
        f"{HERE}/new",
        form | {"name": "旗杆", "class_key": "improve", "unit": "根", "words": "旗杆 升旗"},
    )
    assert page.says("添好了")
    assert page.says("旗杆、升旗")
    db.session.remove()
    (key,) = heard(world, "想升旗")
    assert catalogue.entry(key) is not None


def test_words_are_changed_and_the_change_stands_in_the_trail(
    office: Browser, world: World
) -> None:
    here = f"{HERE}/lift"
    form = office.see(here).form(here)
    page = office.send(here, form | {"words": f"{form['words']}、升降梯子"})
    assert page.says("升降梯子")
    assert office.see(here).says("改了目录里的“加装电梯”")
    db.session.remove()
    assert heard(world, "升降梯子") == ["lift"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "外墙修缮"}, "目录里已经有“外墙修缮”了"),
        ({"name": " "}, "要有个名字"),
        ({"words": "电梯、电梯"}, "写了两遍"),
        ({"words": "梯" * 21}, "太长了"),
        ({"words": " 、"}, "请写几个"),
    ],
)
def test_what_cannot_stand_is_said_and_what_was_typed_is_kept(
    office: Browser, typed: dict[str, str], says: str
) -> None:
    here = f"{HERE}/lift"
    page = office.send(here, office.see(here).form(here) | {"what": "装好电梯"} | typed)
    assert page.status == 422
    assert page.says(says)
    assert page.one("[name=what]").get("value") == "装好电梯"
    assert "装好电梯" not in {entry.what for entry in catalogue.entries()}


def test_an_entry_in_use_is_not_taken_out_but_may_be_retired(
    round_: Round, keeper: str, clerk: str, world: World
) -> None:
    need = service.new_need(round_, "装电梯", "lift", by=clerk, at=AT)
    with pytest.raises(Refused, match="有 1 件诉求用着“加装电梯”"):
        cataloguing.remove("lift", by=keeper, at=AT)
    db.session.rollback()
    cataloguing.retire("lift", by=keeper, at=AT)
    assert heard(world, "装个电梯") == []
    assert "lift" not in {entry.key for entry in catalogue.entries()}
    service.rename(need, "加装电梯", "lift", by=clerk, at=AT)
    assert need.category == "lift", "a need keeps what is offered no longer"
    cataloguing.restore("lift", by=keeper, at=AT)
    assert heard(world, "装个电梯") == ["lift"]


def test_a_need_whose_entry_was_retired_keeps_it_when_it_is_renamed_on_its_page(
    browser: Browser, round_: Round, keeper: str, clerk: str
) -> None:
    need = service.new_need(round_, "装电梯", "lift", by=clerk, at=AT)
    cataloguing.retire("lift", by=keeper, at=AT)
    sign_in(browser, clerk)
    here = f"/desk/need/{need.id}"
    assert browser.see(here).form(f"{here}/rename")["category"] == "lift"


def test_an_entry_that_nothing_uses_is_taken_out(office: Browser, keeper: str) -> None:
    made = cataloguing.add(FLAG, by=keeper, at=AT)
    remove = f"{HERE}/{made.key}/remove"
    page = office.send(remove, office.see(f"{HERE}/{made.key}").form(remove))
    assert page.says("删掉了")
    db.session.remove()
    assert catalogue.entry(made.key) is None
    assert office.see(f"{HERE}/{made.key}").status == 404


def test_two_entries_of_one_name_are_refused(keeper: str, app: object) -> None:
    cataloguing.add(FLAG, by=keeper, at=AT)
    with pytest.raises(Invalid, match="已经有“旗杆”了"):
        cataloguing.add(FLAG, by=keeper, at=AT)


def test_whoever_administers_less_than_the_whole_keeps_out(browser: Browser, world: World) -> None:
    sign_in(browser, world.accounts["administrator"])
    page = browser.see(HERE)
    assert page.status == 403
    assert page.says("最上一级的管理员")


def test_what_a_backup_brought_back_is_read_anew(keeper: str, world: World) -> None:
    cataloguing.add(FLAG, by=keeper, at=AT)
    seen = catalogue.current().revision
    cataloguing.retire("lift", by=keeper, at=AT)
    assert catalogue.current().revision not in {1, seen}
