"""What a need is, where it goes and why; everything of it is taken back step by step."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from surveys.base import audit
from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.needs import facts, keeping, service
from surveys.needs.facts import Facts
from surveys.needs.models import Lane, Need, NeedKind
from surveys.needs.rules import Status, status, unanswered_before
from surveys.needs.undoing import last_act, undo
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

Named = Callable[[str], Need]
TODAY = date(2026, 11, 20)
LATER = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("lane", "pinned", "due_on", "stands"),
    [
        ("open", False, None, Status.UNDECIDED),
        ("open", False, TODAY, Status.UNDECIDED),
        ("open", False, TODAY - timedelta(days=1), Status.OVERDUE),
        ("menu", False, TODAY - timedelta(days=1), Status.IN_MENU),
        ("menu", True, None, Status.ON_BALLOT),
        ("quick", True, TODAY - timedelta(days=1), Status.FIXED),
        ("owners", False, None, Status.OWNERS_VOTE),
        ("upward", False, None, Status.UPWARD),
        ("declined", False, TODAY - timedelta(days=9), Status.DECLINED),
    ],
)
def test_how_a_need_stands_follows_from_where_it_goes(
    lane: str, pinned: bool, due_on: date | None, stands: Status
) -> None:
    assert status(lane, pinned=pinned, due_on=due_on, today=TODAY) is stands


def test_every_lane_and_every_standing_has_its_words() -> None:
    assert set(keeping.LANES) == set(Lane)
    assert set(keeping.STATUS) == set(Status)
    assert set(facts.KINDS) == set(NeedKind)


def test_a_suggestion_is_late_on_the_day_after_the_last_one() -> None:
    assert unanswered_before(TODAY, 15) == date(2026, 11, 5), "of the 5th: fifteen days, in time"


def test_facts_are_said_and_taken_back(need: Named, clerk: str, world: World) -> None:
    light = need("楼道照明")
    said = Facts(NeedKind.PROBLEM, " 3 号楼 2 单元 ", "社区物业办", date(2026, 12, 1))
    facts.set_facts(light, said, by=clerk, at=LATER)
    assert Facts.of(light) == Facts(
        NeedKind.PROBLEM, "3 号楼 2 单元", "社区物业办", date(2026, 12, 1)
    )
    assert _last_words(world) == "改了“楼道照明”的类型、地点、牵头或答复日"
    facts.set_facts(light, said, by=clerk, at=LATER)
    assert len(audit.about(light.id)) == 2, "sent twice it is one act"
    _take_back(world, clerk)
    assert Facts.of(light) == Facts()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Facts(place="长" * 61), "最多 60 个字"),
        (Facts(leads="长" * 61), "最多 60 个字"),
        (Facts(due_on=date(2026, 11, 19)), "已经过去了"),
        (Facts(due_on=date(2206, 11, 19)), "看看年份"),
        (Facts(due_on=date.min), "已经过去了"),
    ],
)
def test_facts_that_cannot_be_right_are_refused(
    need: Named, clerk: str, said: Facts, fault: str
) -> None:
    light = need("楼道照明")
    with pytest.raises(Invalid, match=fault):
        facts.set_facts(light, said, by=clerk, at=AT)
    assert Facts.of(light) == Facts()


def test_a_day_that_has_passed_since_may_stay_while_the_rest_changes(
    need: Named, clerk: str
) -> None:
    light, due = need("楼道照明"), date(2026, 11, 20)
    facts.set_facts(light, Facts(due_on=due), by=clerk, at=AT)
    facts.set_facts(light, Facts(leads="街道", due_on=due), by=clerk, at=AT + timedelta(days=9))
    assert light.leads == "街道"


@pytest.mark.parametrize("lane", [Lane.OWNERS_VOTE, Lane.UPWARD, Lane.DECLINED, Lane.MENU])
def test_a_need_is_sent_somewhere_with_a_sentence_and_comes_back(
    need: Named, clerk: str, world: World, lane: Lane
) -> None:
    lift = need("加装电梯")
    service.set_lane(lift, lane, "一楼两户不同意", by=clerk, at=LATER)
    assert (lift.lane, lift.lane_note) == (lane, "一楼两户不同意")
    assert "加装电梯" in _last_words(world)
    _take_back(world, clerk)
    assert (lift.lane, lift.lane_note) == (Lane.OPEN, "")


@pytest.mark.parametrize(("note", "fault"), [(" ", "要写一句为什么"), ("长" * 201, "200 个字")])
def test_nothing_is_declined_without_a_reason(
    need: Named, clerk: str, note: str, fault: str
) -> None:
    lift = need("加装电梯")
    with pytest.raises(Invalid, match=fault):
        service.set_lane(lift, Lane.DECLINED, note, by=clerk, at=AT)
    assert lift.lane is Lane.OPEN


def test_the_table_itself_demands_the_reason(need: Named) -> None:
    lift = need("加装电梯")
    lift.lane = Lane.DECLINED
    with pytest.raises(DBAPIError, match="guarded"):
        db.session.commit()
    db.session.rollback()


def test_why_it_was_declined_goes_when_it_is_met_after_all(
    need: Named, clerk: str, world: World
) -> None:
    lift = need("加装电梯")
    service.set_lane(lift, Lane.DECLINED, "没地方", by=clerk, at=AT + timedelta(minutes=1))
    fix = service.Fix(AT.date(), "装好了")
    service.quick_fix(lift, fix, by=clerk, at=AT + timedelta(minutes=2))
    assert (lift.lane, lift.lane_note) == (Lane.QUICK_FIX, "")
    _take_back(world, clerk)
    assert (lift.lane, lift.lane_note) == (Lane.DECLINED, "没地方")


def test_a_step_that_another_has_built_on_is_not_taken_back(
    need: Named, clerk: str, world: World
) -> None:
    lift, organizer = need("加装电梯"), world.accounts["organizer"]
    service.set_lane(lift, Lane.UPWARD, by=clerk, at=AT + timedelta(minutes=1))
    service.set_lane(lift, Lane.DECLINED, "没地方", by=organizer, at=AT + timedelta(minutes=2))
    with pytest.raises(Refused, match="又有人动过"):
        _take_back(world, clerk)
    db.session.rollback()
    assert lift.lane is Lane.DECLINED


def test_a_menu_takes_only_what_nobody_has_decided(need: Named, clerk: str) -> None:
    lamp, lift = need("楼道照明"), need("加装电梯")
    service.set_lane(lamp, Lane.OPEN, "等供电所回话", by=clerk, at=AT)
    service.set_lane(lift, Lane.DECLINED, "没地方", by=clerk, at=AT)
    ids = [lamp.id, lift.id]
    keeping._to_menu(ids, ids)
    db.session.commit()
    assert (lamp.lane, lamp.lane_note) == (Lane.MENU, ""), "what was said of the lane it left"
    assert (lift.lane, lift.lane_note) == (Lane.DECLINED, "没地方")
    keeping._to_menu(ids, [])
    assert (lamp.lane, lift.lane) == (Lane.OPEN, Lane.DECLINED)


def test_a_merged_need_is_sent_nowhere_by_itself(need: Named, clerk: str) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    service.merge(light, [dark.id], by=clerk, at=AT)
    with pytest.raises(Refused, match="已经并进“楼道照明”"):
        service.set_lane(dark, Lane.UPWARD, by=clerk, at=AT)
    with pytest.raises(Refused, match="已经并进“楼道照明”"):
        facts.set_facts(dark, Facts(leads="街道"), by=clerk, at=AT)


def test_the_page_of_a_need_says_and_keeps_its_facts(
    browser: Browser, need: Named, world: World
) -> None:
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/need/{need('加装电梯').id}"
    form = browser.see(here).form(f"{here}/facts")
    typed = {"kind": "wish", "place": "3 号楼", "leads": "街道", "due_on": "2099-01-01"}
    page = browser.send(f"{here}/facts", form | typed)
    assert page.status == 422
    assert page.says("看看年份")
    assert page.one("[name=leads]").get("value") == "街道"
    page = browser.send(f"{here}/facts", form | typed | {"due_on": ""})
    assert page.says("类型：需求")
    assert page.says("牵头：街道")
    page = browser.send(f"{here}/facts", form | {"kind": "nonsense"})
    assert page.status == 422
    assert page.says("请从列出来的里面选")
    form = browser.see(here).form(f"{here}/facts")
    page = browser.send(f"{here}/facts", form | {"kind": " "})
    assert page.status == 200
    assert not page.says("类型：需求"), "blanks are nothing"


def test_the_page_of_a_need_asks_why_it_is_declined(
    browser: Browser, need: Named, world: World
) -> None:
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/need/{need('加装电梯').id}"
    form = browser.see(here).form(f"{here}/lane")
    page = browser.send(f"{here}/lane", form | {"lane": "declined"})
    assert page.status == 422
    assert page.says("不采纳要写一句为什么")
    assert page.all("details[open] [name=lane_note]"), "the form stays open"
    page = browser.send(f"{here}/lane", form | {"lane": "declined", "lane_note": "一楼不同意"})
    assert page.says("不采纳 一楼不同意")
    assert page.says("clerk“加装电梯”不采纳：一楼不同意"), "who did it stands beside it"
    for odd in ("quick", "nowhere", ""):
        assert browser.send(f"{here}/lane", form | {"lane": odd}).status == 422


def test_one_takes_back_ones_own_last_step_on_the_page_of_the_need(
    browser: Browser, need: Named, world: World, clerk: str, clock: Clock
) -> None:
    clock.is_now(LATER)
    lift = need("加装电梯")
    service.set_lane(lift, Lane.DECLINED, "没地方", by=clerk, at=LATER)
    undo_at, here = f"/desk/courtyard/{world.courtyard}/ledger/undo", f"/desk/need/{lift.id}"
    sign_in(browser, world.accounts["organizer"])
    assert not browser.see(here).all(f"form[action='{undo_at}']"), "another's step is another's"
    sign_in(browser, clerk)
    browser.send(undo_at, browser.see(here).form(undo_at))
    assert browser.see(here).says("还没定")


def test_the_page_of_a_need_opens_for_whoever_has_just_sorted(
    browser: Browser, need: Named, say: Say, world: World, clerk: str, clock: Clock
) -> None:
    clock.is_now(LATER)
    lift = need("加装电梯")
    service.place(say("装电梯"), [lift.id], by=clerk, at=LATER)
    sign_in(browser, clerk)
    undo_at = f"/desk/courtyard/{world.courtyard}/ledger/undo"
    page = browser.see(f"/desk/need/{lift.id}")
    assert page.status == 200
    assert not page.all(f"form[action='{undo_at}']"), "it was about the suggestion"
    later = LATER + timedelta(minutes=1)
    made = service.place_new(say("灯不亮", 1), "楼道照明", None, by=clerk, at=later)
    assert browser.see(f"/desk/need/{made.id}").status == 200


def test_what_was_done_to_a_merged_need_is_told_where_it_counts(
    browser: Browser, need: Named, world: World, clerk: str
) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    service.set_lane(dark, Lane.UPWARD, by=clerk, at=AT)
    service.merge(light, [dark.id], by=clerk, at=LATER)
    sign_in(browser, clerk)
    assert browser.see(f"/desk/need/{light.id}").says("“楼道太黑”的去向改为报上级")


def test_what_another_wrote_since_the_page_was_opened_is_not_wiped_out(
    browser: Browser, need: Named, world: World
) -> None:
    sign_in(browser, world.accounts["clerk"])
    lift, organizer = need("加装电梯"), world.accounts["organizer"]
    here = f"/desk/need/{lift.id}"
    page = browser.see(here)
    facts_form, lane_form = page.form(f"{here}/facts"), page.form(f"{here}/lane")
    facts.set_facts(lift, Facts(leads="街道"), by=organizer, at=AT)
    service.set_lane(lift, Lane.DECLINED, "没地方", by=organizer, at=AT)
    page = browser.send(f"{here}/facts", facts_form | {"place": "3 号楼"})
    assert page.status == 422
    assert page.says("刚才有人改过了")
    assert page.says("牵头：街道"), "what stands now is on the page"
    assert page.one("[name=place]").get("value") == "3 号楼", "and so is what was typed"
    again = page.form(f"{here}/facts") | {"leads": "街道城管科"}
    assert browser.send(f"{here}/facts", again).says("牵头：街道城管科")
    assert browser.send(f"{here}/facts", again).says("牵头：街道城管科"), "a double tap"
    assert browser.send(f"{here}/lane", lane_form | {"lane": "menu"}).says("刚才有人改过了")
    db.session.refresh(lift)
    assert (lift.lane, lift.lane_note) == (Lane.DECLINED, "没地方")


def _take_back(world: World, by: str) -> None:
    entry = last_act(world.courtyard, by, LATER)
    assert entry is not None
    undo(world.courtyard, entry.id, by=by, at=LATER + timedelta(seconds=1))


def _last_words(world: World) -> str:
    entry = audit.latest(world.courtyard, 1)[0]
    return entry.say % entry.params
