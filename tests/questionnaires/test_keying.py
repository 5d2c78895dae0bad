"""Keying in sheets, calls and visits: number keys, the last one counts, taking back."""

from datetime import timedelta

import pytest

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.errors import Refused
from surveys.questionnaires import keying, service
from surveys.questionnaires.keying import Sheet
from surveys.questionnaires.models import Response
from surveys.questionnaires.rules import Given
from tests.manners import Browser, Page
from tests.questionnaires.asking import (
    SECRET,
    WANTED,
    answers_of,
    current,
    made,
    opened,
    opened_now,
    responses,
    sent_by_phones,
)
from tests.world import AT, World, sign_in


@pytest.fixture
def clerk(world: World, browser: Browser) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


def test_a_sheet_is_keyed_in_by_the_numbers_printed_on_it(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    page = keyed(clerk, q, {"door": "1-1-103", "a-q1": "路灯不亮", "a-q3": "1 12", "a-q5": "13"})
    assert page.says("录好了：1号楼1单元103")
    assert page.says("1号楼1单元103纸质，答了3题")
    fresh = page.form(f"/desk/questionnaire/{q}/key-in")
    assert (fresh["door"], fresh["a-q3"]) == ("", "")
    (sheet,) = current(q)
    assert sheet.household_id == world.households[2]
    assert (sheet.channel, sheet.keyed_by) == ("paper", world.accounts["clerk"])
    assert answers_of(sheet) == {"q1": ("路灯不亮",), "q3": ("a", "l"), "q5": ("a", "c")}


@pytest.mark.parametrize("typed", ["1-1-103", "1号楼1单元103室", "１－１－１０３", "1-103"])
def test_a_door_may_be_written_in_many_ways(world: World, clerk: Browser, typed: str) -> None:
    q = opened_now(world)
    assert keyed(clerk, q, {"door": typed, "a-q3": "1"}).says("录好了：1号楼1单元103")


def test_the_channel_stays_for_the_next_sheet(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    page = keyed(clerk, q, {"door": "1-1-101", "channel": "visit", "a-q3": "2"})
    assert page.form(f"/desk/questionnaire/{q}/key-in")["channel"] == "visit"
    assert current(q)[0].channel == "visit"


def test_a_sheet_without_a_door_counts_for_itself(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    for _ in range(2):
        assert keyed(clerk, q, {"a-q3": "1"}).says("没写门牌")
    assert [sheet.household_id for sheet in current(q)] == [None, None]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"door": "9-9-999", "a-q3": "1"}, "花名册里没有"),
        ({"door": "三楼左边", "a-q3": "1"}, "楼-单元-室"),
        ({"door": "1-1-101", "a-q3": "13"}, "第3题：请填1到12之间的号"),
        ({"door": "1-1-101", "a-q3": "1 2 3 4"}, "第3题：最多选3样"),
        ({"door": "1-1-101", "a-q3": "1", "a-q4": "12"}, "第4题：这一题只能选一个"),
        ({"door": "1-1-101"}, "第3题：这一题要答"),
        ({"door": "1-1-101", "a-q3": "1", "a-q1": "水" * 501}, "第1题：最多写500个字"),
        ({"door": "1-1-101", "a-q3": "1", "channel": "pigeon"}, "怎么来的"),
        ({"door": "1-1-101", "a-q3": "1", "channel": "scan"}, "怎么来的"),
    ],
)
def test_what_cannot_be_read_is_said_and_all_of_it_kept(
    world: World, clerk: Browser, typed: dict[str, str], words: str
) -> None:
    q = opened_now(world)
    page = keyed(clerk, q, {"a-q10": "老槐树", **typed})
    assert page.status == 422
    assert page.says(words)
    form = page.form(f"/desk/questionnaire/{q}/key-in")
    kept = {name: text for name, text in typed.items() if name != "channel"}
    assert {**form, "a-q10": "老槐树", **kept} == form
    assert not responses(q)


def test_the_same_sheet_sent_twice_is_one(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    address = f"/desk/questionnaire/{q}/key-in"
    form = {**clerk.see(address).form(address), "door": "1-1-101", "a-q3": "1"}
    clerk.send(address, form)
    assert clerk.send(address, form).says("录好了")
    assert len(responses(q)) == 1


def test_paper_after_the_phone_replaces_it_and_says_so(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 1, {"q3": ("a",)})
    page = keyed(clerk, q, {"door": "1-1-101", "a-q3": "2"})
    assert page.says("先前扫码来的那份，换成了这份")
    (sheet,) = current(q)
    assert answers_of(sheet) == {"q3": ("b",)}
    assert len(responses(q)) == 2


def test_a_sheet_without_an_answer_replaces_nothing(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 1, {"q3": ("a",)})
    page = keyed(clerk, q, {"door": "1-1-101"})
    assert page.status == 422
    assert page.says("这一份一题也没录，没有存")
    assert [answers_of(sheet) for sheet in current(q)] == [{"q3": ("a",)}]


def test_the_last_one_counts_whichever_way_it_came(world: World) -> None:
    q = opened(world)
    key_in(world, q, {"q3": ("b",)}, minutes=1)
    sent_by_phones(world, q, 1, {"q3": ("c",)})
    assert [answers_of(r) for r in current(q)] == [{"q3": ("c",)}]
    assert [r.channel for r in responses(q)] == ["paper", "scan"]


def test_taking_a_sheet_back_lets_the_one_before_count_again(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 1, {"q3": ("a",)})
    page = keyed(clerk, q, {"door": "1-1-101", "a-q3": "2"})
    form = page.form("/desk/response/")
    back = page.one("form[action^='/desk/response/']").get("action")
    assert clerk.send(back, form).says("撤回了")
    assert [answers_of(r) for r in current(q)] == [{"q3": ("a",)}]
    page = clerk.send(back, form)
    assert page.says("这份已经撤回，或者后来又有了新的")
    assert not page.all("form[action^='/desk/response/']")


def test_what_a_phone_sent_is_not_taken_back(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 1, WANTED)
    with pytest.raises(Refused):
        keying.take_back(current(q)[0], by=world.accounts["clerk"], at=AT)


def test_the_last_five_are_listed_the_newest_first(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    for room in range(101, 107):
        page = keyed(clerk, q, {"door": f"1-1-{room}", "a-q3": "1"})
    listed = [b.text_content() for b in page.all("aside b")]
    assert listed == [f"1 号楼 1 单元 {room}" for room in range(106, 101, -1)]


def test_another_clerk_does_not_see_ones_sheets(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    keyed(clerk, q, {"door": "1-1-101", "a-q3": "1"})
    sign_in(clerk, world.accounts["organizer"])
    assert not clerk.see(f"/desk/questionnaire/{q}/key-in").all("aside li")


def test_nothing_is_keyed_in_before_the_opening(world: World, clerk: Browser) -> None:
    q = made(world).id
    page = keyed(clerk, q, {"door": "1-1-101", "a-q3": "1"})
    assert page.status == 422
    assert page.says("问卷还没开放，先不录")
    assert not responses(q)


def test_paper_that_came_in_time_is_keyed_in_after_the_close(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    by = world.accounts["organizer"]
    service.close_now(service.find(q).questionnaire, by=by, at=clock.now())
    assert keyed(clerk, q, {"door": "1-1-101", "a-q3": "1"}).says("录好了")
    assert len(current(q)) == 1


def test_the_trail_says_who_keyed_in_and_never_what(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    keyed(clerk, q, {"door": "1-1-101", "a-q1": "秘密", "a-q3": "1"})
    page = clerk.see(f"/desk/questionnaire/{q}")
    assert page.says("录了一份“改造意愿调查”的答卷")
    assert not page.says("秘密")


def keyed(clerk: Browser, questionnaire_id: str, typed: dict[str, str]) -> Page:
    """Fill in a fresh sheet and save it."""
    address = f"/desk/questionnaire/{questionnaire_id}/key-in"
    return clerk.send(address, {**clerk.see(address).form(address), **typed})


def key_in(world: World, questionnaire_id: str, given: Given, minutes: int) -> Response:
    """A paper of the first household, keyed in so many minutes after the opening."""
    household = db.session.get_one(Household, world.households[0])
    kept, _replaced = keying.key_in(
        service.find(questionnaire_id),
        Sheet(household, "paper", given, f"paper {minutes}"),
        by=world.accounts["clerk"],
        at=AT + timedelta(minutes=minutes),
        secret=SECRET,
    )
    return kept
