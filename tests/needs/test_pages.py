"""The sorting board, the page of a need, the list of suggestions, and the box for residents."""

import re
from collections.abc import Callable

import pytest

from surveys.base.db import db
from surveys.needs import service
from surveys.needs.models import Need, Placement, Suggestion
from surveys.rounds.models import Round
from tests.manners import Browser, Page
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

Named = Callable[[str], Need]
PART = {"HX-Request": "true"}


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


@pytest.fixture
def board(world: World) -> str:
    """Address of the board."""
    return f"/desk/courtyard/{world.courtyard}/ledger"


def _token(browser: Browser, world: World) -> str:
    return str(browser.see(f"/say/{world.code}").form("/say/")["csrf_token"])


def press(desk: Browser, page: Page, button: str, **more: object) -> Page:
    """Press a button of the board's one form, by its address and value."""
    found = page.one(button)
    form = page.form("/desk/suggestion/") | more
    form.pop("q", None)
    form.pop("page", None)
    if found.get("name"):
        form[found.get("name")] = found.get("value")
    return desk.send(found.get("formaction"), form)


def test_the_board_shows_one_suggestion_and_the_words_that_made_an_offer(
    desk: Browser, board: str, say: Say
) -> None:
    say("三号楼后面的下水道，一下雨就往上冒水", 13)
    page = desk.see(board)
    assert page.says("没归类：还有 1 条")
    assert page.says("第 1 条，2 号楼，电话，11 月 20 日")
    assert [m.text for m in page.all("mark")] == ["下水道", "下雨", "往上冒水"]
    assert page.says("新建：下雨院里积水")
    assert page.says("有把握：下水道、下雨、往上冒、冒水")


def test_one_press_puts_it_to_a_new_need_and_the_next_one_comes(
    desk: Browser, board: str, say: Say
) -> None:
    say("下水道堵了")
    say("下水道又堵了", 13)
    page = press(desk, desk.see(board), "[data-key='1']")
    assert page.says("没归类：还有 1 条")
    assert page.says("第 2 条")
    assert page.one(".offer.best").get("name") == "need", "now the need itself is offered"
    page = press(desk, page, "[data-key='1']")
    assert page.says("都归好了")
    assert page.says("2 条意见，归好 2 条，成了 1 件诉求")
    assert re.sub(r"\s", "", page.one(".needs tbody tr").text_content()).endswith("2户2条还没定")


def test_several_are_ticked_and_it_goes_to_all_of_them(
    desk: Browser, board: str, say: Say, need: Named
) -> None:
    said, needs = say("灯也坏，水也堵"), [need("灯"), need("水")]
    page = desk.see(board)
    press(desk, page, "[data-key='g']", ticked=[n.id for n in needs])
    assert db.session.scalar(
        db.select(db.func.count()).where(Placement.suggestion_id == said.id)
    ) == len(needs)


def test_nothing_ticked_is_said_in_words_and_the_suggestion_stays(
    desk: Browser, board: str, say: Say, need: Named
) -> None:
    need("灯")
    say("灯坏了")
    page = press(desk, desk.see(board), "[data-key='g']")
    assert page.status == 422
    assert page.says("还没有选归到哪一件")
    assert page.says("没归类：还有 1 条")


def test_a_new_need_is_typed_and_what_is_wrong_is_kept(desk: Browser, board: str, say: Say) -> None:
    say("想有个地方下棋")
    page = desk.see(f"{board}?do=new")
    page = press(desk, page, ".button.main", title="长" * 41)
    assert page.status == 422
    assert page.says("最多 40 个字")
    assert page.one("[name=title]").get("value") == "长" * 41
    page = press(desk, page, ".button.main", title="下棋的地方", category="culture")
    assert page.says("都归好了")
    assert page.says("下棋的地方")


def test_what_is_done_at_once_asks_for_the_day_and_how(
    desk: Browser, board: str, say: Say, world: World
) -> None:
    say("井盖坏了")
    page = desk.see(f"{board}?do=quick")
    page = press(desk, page, ".button.main", title="井盖", note="")
    assert page.says("请写一句是怎么办的")
    page = press(desk, page, ".button.main", title="井盖", note="当天换好", on="2026-11-20")
    assert page.says("立行立改")
    assert [n.fix_note for n in service.fixed(world.courtyard, 3)] == ["当天换好"]


def test_setting_aside_and_undoing(desk: Browser, board: str, say: Say) -> None:
    say("没意见，辛苦了")
    page = press(desk, desk.see(board), "[data-key='x']")
    assert page.says("刚才：第 1 条里没有诉求，放下了")
    page = desk.send(f"{board}/undo", page.form(f"{board}/merge"))
    assert page.says("没归类：还有 1 条")
    assert page.says("第 1 条")


def test_two_ticked_needs_become_one_with_the_most_households(
    desk: Browser, board: str, say: Say, need: Named, clerk: str
) -> None:
    few, many = need("楼道太黑"), need("楼道照明")
    service.place(say("灯"), [many.id], by=clerk, at=AT)
    say("水")
    page = press(desk, desk.see(board), "[data-key='m']", ticked=[few.id, many.id])
    assert page.says("把“楼道太黑”并进“楼道照明”")
    db.session.refresh(few)
    assert few.merged_into_id == many.id
    page = press(desk, page, "[data-key='m']", ticked=[many.id])
    assert page.says("先在右边勾上两件或几件")


def test_skipping_shows_the_next_and_changes_nothing(desk: Browser, board: str, say: Say) -> None:
    say("第一句")
    say("第二句")
    page = desk.see(desk.see(board).one("[data-key='j']").get("href"))
    assert page.one("blockquote").text_content() == "第二句"
    page = desk.see(page.one("[data-key='k']").get("href"))
    assert page.one("blockquote").text_content() == "第一句"


def test_a_part_is_given_to_htmx_and_a_whole_page_to_everybody_else(
    desk: Browser, board: str, say: Say
) -> None:
    say("灯坏了")
    assert desk.see(board).one("#board") is not None
    part = Page(desk.get(board, headers=PART))
    assert "<!doctype" not in part.source.lower()
    assert part.source.strip().startswith('<div id="board"')


def test_the_ledger_is_paged_and_searched(desk: Browser, board: str, need: Named) -> None:
    for n in range(23):
        need(f"第 {n} 件")
    page = desk.see(f"{board}?page=3")
    assert page.says("第 3 页，共 3 页")
    assert len(page.all(".needs tbody tr")) == 3
    page = desk.see(f"{board}?q=第 22")
    assert page.says("“第 22”：1 件")


@pytest.mark.parametrize("address", ["?page=x&at=-1", "?page=999999999999&at=99999999999", "?do=x"])
def test_a_strange_address_shows_the_board_all_the_same(
    desk: Browser, board: str, say: Say, address: str
) -> None:
    say("灯坏了")
    assert desk.see(board + address).says("灯坏了")


def test_a_need_shows_who_stands_behind_it_and_what_they_said(
    desk: Browser, say: Say, need: Named, clerk: str
) -> None:
    light = need("楼道照明")
    for text, household in [("灯不亮", 0), ("摸黑", 13), ("黑", None)]:
        service.place(say(text, household), [light.id], by=clerk, at=AT)
    page = desk.see(f"/desk/need/{light.id}")
    assert page.one(".figure b").text == "2"
    assert page.says("另有 1 条没写门牌")
    assert page.says("灯不亮")
    page = desk.see(f"/desk/need/{light.id}?q=摸")
    assert page.says("摸黑")
    assert not page.says("灯不亮")


def test_a_need_is_renamed_merged_parted_fixed_and_reopened(desk: Browser, need: Named) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    here = f"/desk/need/{dark.id}"
    form = desk.see(here).form(f"{here}/rename")
    assert desk.send(f"{here}/rename", form | {"title": "楼道黑"}).says("楼道黑")
    page = desk.send(f"{here}/merge", desk.see(here).form(f"{here}/merge") | {"into": light.id})
    assert page.one("h1").text == "楼道照明"
    assert page.says("并进来的")
    assert desk.see(here).one("h1").text == "楼道照明", "its address leads to what it became"
    assert desk.send(f"{here}/part", page.form(f"{here}/part")).one("h1").text == "楼道黑"
    form = desk.see(here).form(f"{here}/quick")
    page = desk.send(f"{here}/quick", form | {"on": "2026-11-19", "note": "换了灯泡"})
    assert page.says("11 月 19 日：换了灯泡")
    assert desk.send(f"{here}/reopen", page.form(f"{here}/reopen")).says("还没定")


def test_a_suggestion_put_wrong_is_taken_out_again(
    desk: Browser, say: Say, need: Named, clerk: str
) -> None:
    light, said = need("楼道照明"), say("下水堵")
    service.place(said, [light.id], by=clerk, at=AT)
    back = f"/desk/suggestion/{said.id}/back"
    page = desk.send(back, desk.see(f"/desk/need/{light.id}").form(back))
    assert page.one("h1").text == "楼道照明"
    assert page.says("第 1 条拿出来了")
    assert page.says("还没有意见归到这里")


def test_staff_take_down_what_was_said_at_the_meeting(desk: Browser, world: World) -> None:
    here = f"/desk/courtyard/{world.courtyard}/suggestions"
    form = desk.see(here).form(here) | {"text": "树底下放几把椅子", "door": "2-1-103"}
    assert desk.send(here, form).says("记下了，是第 1 条")
    assert desk.send(here, form).says("记下了，是第 1 条"), "sent twice it is kept once"
    kept = db.session.scalars(db.select(Suggestion)).one()
    assert (kept.channel, kept.household_id) == ("meeting", world.households[14])
    page = desk.send(here, form | {"door": "9-9-999"})
    assert page.status == 422
    assert page.one("textarea").text.strip() == "树底下放几把椅子"


def test_everything_that_was_said_can_be_found(
    desk: Browser, world: World, say: Say, clerk: str
) -> None:
    said = [say(text) for text in ("灯不亮", "水管锈了", "100% 满意")]
    here = f"/desk/courtyard/{world.courtyard}/suggestions"
    assert desk.see(f"{here}?q=锈").says("找到 1 条")
    assert desk.see(f"{here}?q=2").says("水管锈了")
    assert desk.see(f"{here}?q=%25").says("找到 1 条")
    service.set_aside(said[0], by=clerk, at=AT)
    assert desk.see(f"{here}?state=aside").says("找到 1 条")
    assert desk.see(f"{here}?state=strange").says("找到 3 条")
    assert desk.see(f"{here}?channel=paper").says("没有找到")


def test_the_list_is_sorted_by_its_heads_and_an_act_keeps_its_state(
    desk: Browser, world: World, say: Say, clerk: str
) -> None:
    first, _second, third = say("灯", 20), say("水", 1), say("路", None)
    here = f"/desk/courtyard/{world.courtyard}/suggestions"

    def told(page: Page) -> list[str]:
        return [cell.text for cell in page.all("tbody .look a")]

    assert told(desk.see(here)) == ["1", "2", "3"]
    where = next(a for a in desk.see(here).all("thead a") if "where" in a.get("href"))
    page = desk.see(where.get("href"))
    assert told(page) == ["2", "1", "3"], "by door; those of no door last"
    assert page.one("th[aria-sort]").get("aria-sort") == "ascending"
    assert told(desk.see(f"{here}?sort=-where")) == ["1", "2", "3"]
    for said in (first, third):
        service.set_aside(said, by=clerk, at=AT)
    listed = desk.see(f"{here}?state=aside&sort=-number")
    back = f"/desk/suggestion/{third.id}/back"
    page = desk.send(back, listed.form(back))
    assert told(page) == ["1"]
    assert page.response.request.full_path.endswith("state=aside&sort=-number")


def test_an_observer_sees_the_board_and_can_press_nothing(
    browser: Browser, world: World, board: str, say: Say, need: Named
) -> None:
    said = say("灯坏了")
    need("灯")
    sign_in(browser, world.accounts["observer"])
    page = browser.see(board)
    assert page.says("灯坏了")
    assert not page.all("#board button")
    form = {"csrf_token": _token(browser, world)}
    assert browser.send(f"/desk/suggestion/{said.id}/aside", form).status == 403


def test_another_courtyards_organizer_finds_nothing(
    browser: Browser, world: World, board: str, say: Say, need: Named
) -> None:
    said, light = say("灯坏了"), need("灯")
    sign_in(browser, world.accounts["stranger"])
    for address in (board, f"/desk/need/{light.id}"):
        assert browser.see(address).status == 404
    form = {"csrf_token": _token(browser, world)}
    assert browser.send(f"/desk/suggestion/{said.id}/aside", form).status == 404


def test_a_courtyard_without_a_round_says_what_to_do_first(browser: Browser, world: World) -> None:
    sign_in(browser, world.accounts["stranger"])
    other = db.session.scalars(db.select(Round.courtyard_id)).one()
    assert other == world.courtyard
    yard = browser.see("/desk/").response.request.path
    assert browser.see(f"{yard}/ledger").says("还没有开始一轮改造")


def test_a_resident_says_something_and_is_thanked_with_its_number(
    browser: Browser, world: World
) -> None:
    here = f"/say/{world.code}"
    page = browser.see(here)
    assert page.says("不问姓名、电话")
    form = page.form(here) | {"text": "树底下放几把椅子"}
    assert browser.send(here, form).says("第 1 条")
    assert browser.send(here, form).says("第 1 条"), "a double tap is one suggestion"
    assert browser.see(here).says("我有话要说")
    assert browser.send(here, form | {"text": "再来个棋桌"}).says("第 2 条")
    assert browser.see(f"/SAY/{world.code.lower()}").status == 200


def test_what_a_resident_typed_wrong_is_kept(browser: Browser, world: World) -> None:
    here = f"/say/{world.code}"
    page = browser.send(here, browser.see(here).form(here) | {"text": "啊" * 501})
    assert page.status == 422
    assert page.says("写了 501 个字")
    assert page.one("textarea").text.strip() == "啊" * 501


def test_a_strange_number_thanks_nobody(browser: Browser, world: World) -> None:
    assert browser.see(f"/say/{world.code}/nosuchid").status == 404
