"""The ledger as a table: narrowed, sorted, paged, as a workbook; what was adopted, what is late."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from surveys.base.db import db
from surveys.needs import answering, facts, ledger, service
from surveys.needs.facts import Facts
from surveys.needs.models import Lane, Need, NeedKind, Suggestion
from surveys.needs.rules import TAKEN_UP, Adoption
from surveys.rounds.models import Round
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

Named = Callable[[str], Need]
TODAY = date(2026, 11, 20)


@pytest.fixture
def desk(browser: Browser, world: World, clock: Clock) -> Browser:
    """The clerk's browser, on the day of the tests."""
    clock.is_now(AT)
    sign_in(browser, world.accounts["clerk"])
    return browser


@pytest.fixture
def here(world: World) -> str:
    """Address of the table."""
    return f"/desk/courtyard/{world.courtyard}/needs"


def put(said: Suggestion, *needs: Need, by: str) -> Suggestion:
    """Put a suggestion to needs."""
    service.place(said, [need.id for need in needs], by=by, at=AT)
    return said


def opened(workbook: bytes) -> Worksheet:
    """The one sheet of a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def titles(page: Page) -> list[str]:
    """The needs in the table, from the top."""
    return [a.text for a in page.all(".listed tbody th a")]


def test_a_line_says_everything_of_a_need(
    desk: Browser, here: str, say: Say, need: Named, clerk: str
) -> None:
    light = need("楼道照明")
    for household in (0, 0, 1, None):
        put(say("灯不亮", household), light, by=clerk)
    due = date(2026, 12, 1)
    said = Facts(NeedKind.PROBLEM, "3 号楼", "社区物业办", due)
    facts.set_facts(light, said, by=clerk, at=AT)
    service.set_lane(light, Lane.UPWARD, "街道在问供电所", by=clerk, at=AT)
    line = desk.see(here)
    for words in ("3 号楼", "问题", "社区物业办", "12 月 1 日", "报上级了", "街道在问供电所"):
        assert line.says(words)
    assert line.says("电话 4")
    assert line.one(".listed td b").text == "2"
    assert line.says("另 1 条没门牌")


def test_it_is_narrowed_and_sorted(
    desk: Browser, here: str, say: Say, need: Named, round_: Round, clerk: str
) -> None:
    light = service.new_need(round_, "楼道照明", "stair-light", by=clerk, at=AT)
    lift, drain = need("加装电梯"), need("下水道")
    for household in (0, 1):
        put(say("水", household), drain, by=clerk)
    put(say("灯", 2), light, by=clerk)
    service.set_lane(lift, Lane.OWNERS_VOTE, by=clerk, at=AT)
    soon, later = (
        Facts(due_on=date(2026, 11, 30)),
        Facts(leads="电梯公司", due_on=date(2026, 12, 9)),
    )
    facts.set_facts(light, soon, by=clerk, at=AT)
    facts.set_facts(lift, later, by=clerk, at=AT)
    assert titles(desk.see(here)) == ["下水道", "楼道照明", "加装电梯"]
    assert titles(desk.see(f"{here}?sort=due")) == ["楼道照明", "加装电梯", "下水道"]
    assert titles(desk.see(f"{here}?lane=owners")) == ["加装电梯"]
    assert titles(desk.see(f"{here}?category=stair-light")) == ["楼道照明"]
    assert titles(desk.see(f"{here}?category=none")) == ["下水道", "加装电梯"]
    assert titles(desk.see(f"{here}?q=电梯公司")) == ["加装电梯"]
    assert desk.see(f"{here}?q=没有这个").says("没有找到")
    for odd in ("lane=nowhere", "by=x&page=-3", "page=99999999999", "category=%00x", "q=%25"):
        assert desk.see(f"{here}?{odd}").status in {200, 404}


def test_it_is_paged_and_can_be_had_whole(desk: Browser, here: str, need: Named) -> None:
    for n in range(45):
        need(f"第 {n} 件")
    page = desk.see(f"{here}?page=3&q=第")
    assert page.says("第 3 页，共 3 页")
    assert len(titles(page)) == 5
    assert len(titles(desk.see(f"{here}?page=99"))) == 5, "past the last page stands the last"
    assert len(titles(desk.see(f"{here}?all=1"))) == 45


def test_the_workbook_has_every_line_and_nothing_in_it_computes(
    desk: Browser, here: str, say: Say, need: Named, clerk: str
) -> None:
    evil, dark = need("=1+1"), need("楼道太黑")
    service.merge(evil, [dark.id], by=clerk, at=AT)
    facts.set_facts(evil, Facts(leads="@SUM(A1)", due_on=TODAY), by=clerk, at=AT)
    put(say("黑", 3), dark, by=clerk)
    for n in range(30):
        need(f"第 {n} 件")
    answer = desk.get(f"{here}.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = opened(answer.data)
    head, first, *rest = sheet.iter_rows(values_only=True)
    line = dict(zip(head, first, strict=True))
    assert line["诉求"] == "'=1+1"
    assert line["谁牵头"] == "'@SUM(A1)"
    assert (line["不同户"], line["渠道"], line["去向"]) == (1, "电话 1", "还没定")
    assert (line["现在怎样"], line["并进来的"]) == ("还没定", "楼道太黑")
    assert str(line["什么时候前答复"]).startswith("2026-11-20")
    assert len(rest) == 30
    assert opened(desk.get(f"{here}.xlsx?q=第 7").data).max_row == 2


def test_the_rate_of_adoption_names_its_denominator(
    desk: Browser, here: str, say: Say, need: Named, clerk: str
) -> None:
    assert desk.see(here).says("算不出采纳率")
    light, lift = need("楼道照明"), need("加装电梯")
    put(say("灯", 0), light, by=clerk)
    put(say("灯和电梯", 1), light, lift, by=clerk)
    put(say("电梯", 2), lift, by=clerk)
    service.set_aside(say("谢谢", 3), by=clerk, at=AT)
    say("还没归的", 4)
    service.set_lane(light, Lane.MENU, by=clerk, at=AT)
    service.set_lane(lift, Lane.DECLINED, "没地方", by=clerk, at=AT)
    assert desk.see(here).says("采纳率 66.7%：归到诉求里的 3 条意见，有 2 条")


@pytest.mark.parametrize("seed", range(4))
def test_a_suggestion_is_adopted_when_one_of_its_needs_is(
    say: Say, need: Named, round_: Round, clerk: str, seed: int
) -> None:
    rng = Random(seed)
    needs = [need(f"第 {n} 件") for n in range(6)]
    for one in needs:
        lane = rng.choice([lane for lane in Lane if lane is not Lane.QUICK_FIX])
        service.set_lane(one, lane, "写明了", by=clerk, at=AT)
    service.merge(needs[0], [needs[5].id], by=clerk, at=AT)
    held = [rng.sample(needs, rng.randint(1, 3)) for _ in range(12)]
    for n, chosen in enumerate(held):
        put(say(f"第 {n} 条", n), *chosen, by=clerk)
    rows = ledger.rows(round_.id)
    goes = {one.id: row.lane for row in rows for one in (row.need, *row.merged)}
    adopted = sum(any(goes[one.id] in TAKEN_UP for one in chosen) for chosen in held)
    assert answering.adopted(round_.id, rows) == Adoption(adopted, 12)


def test_what_waits_too_long_is_listed_and_the_desk_says_so(
    desk: Browser, here: str, say: Say, need: Named, world: World, clerk: str, clock: Clock
) -> None:
    light, lift, drain = need("楼道照明"), need("加装电梯"), need("下水道")
    for one in (light, lift, drain):
        facts.set_facts(one, Facts(leads="街道", due_on=TODAY), by=clerk, at=AT)
    service.set_lane(lift, Lane.DECLINED, "没地方", by=clerk, at=AT)
    service.merge(drain, [need("水管").id], by=clerk, at=AT)
    say("三号楼的井盖松了")
    assert "超期" not in desk.see(here).text.replace("超期没答复的", "")
    clock.is_now(AT + timedelta(days=15))
    sign_in(desk, clerk)
    page = desk.see(here)
    assert page.says("超期没答复：2 件"), "the day itself is in time for the suggestion"
    assert page.says("该在 11 月 20 日前答复，过了 15 天，街道")
    clock.is_now(AT + timedelta(days=16))
    sign_in(desk, clerk)
    page = desk.see(here)
    assert page.says("超期没答复：3 件")
    assert page.says("还有 1 条意见，收到超过 15 天没人归类")
    assert page.says("三号楼的井盖松了")
    home = desk.see(f"/desk/courtyard/{world.courtyard}")
    assert home.says("超期没答复的有 3 件")
    assert home.all(f"a[href='{here}#late']")


def test_the_day_is_that_of_the_courtyard(
    desk: Browser, here: str, need: Named, clerk: str, clock: Clock
) -> None:
    facts.set_facts(need("楼道照明"), Facts(due_on=TODAY), by=clerk, at=AT)
    clock.is_now(AT.replace(hour=15, minute=59))  # 23:59 in Zhengzhou
    assert not desk.see(here).all("#late")
    clock.is_now(AT.replace(hour=16))
    assert desk.see(here).all("#late")


def test_what_is_counted_is_what_is_listed(
    say: Say, need: Named, round_: Round, clerk: str
) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    facts.set_facts(light, Facts(due_on=TODAY), by=clerk, at=AT)
    service.set_lane(dark, Lane.MENU, by=clerk, at=AT)
    say("灯")
    late = TODAY + timedelta(days=20)
    assert answering.count_overdue(round_, late, 15) == 2
    assert answering.overdue(round_, late, 15).total == 2
    service.merge(light, [dark.id], by=clerk, at=AT)
    assert ledger.row_of(light).lane is Lane.MENU
    assert answering.count_overdue(round_, late, 15) == 1, "it goes into the menu with the other"
    assert answering.overdue(round_, late, 15).total == 1


def test_a_courtyard_without_a_round_says_what_to_do_first(browser: Browser, world: World) -> None:
    sign_in(browser, world.accounts["stranger"])
    yard = browser.see("/desk/").response.request.path
    assert browser.see(f"{yard}/needs").says("还没有开始一轮改造")
    assert browser.see(f"{yard}/needs.xlsx").status == 404
    assert browser.see(f"/desk/courtyard/{world.courtyard}/needs").status == 404
    assert db.session.scalar(db.select(db.func.count()).select_from(Need)) == 0
