"""A menu is posted for comment: what was posted stays; a change is derived and has its cause."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from surveys.base import clock as clocks
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused, SurveysError
from surveys.menus import money, pinning, posted, posting, service
from surveys.menus.changes import WHOLE, Kind, changes
from surveys.menus.models import Menu, MenuItem, MenuVersion, Source
from surveys.menus.money import Money
from surveys.menus.service import Draft, Rules
from surveys.needs import service as needs
from surveys.needs.models import Suggestion
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.world import AT, World, sign_in

UNTIL = date(2026, 11, 27)
LAMP = Draft("basic", "楼道照明", 72_000, 18_650, unit="盏")
BENCH = Draft("improve", "座椅", 10_000, 128_000, unit="把")


@pytest.fixture
def by(world: World) -> str:
    """Who makes menus."""
    return world.accounts["organizer"]


@pytest.fixture
def menu(world: World, by: str) -> Menu:
    """A menu of a lamp and a bench."""
    round_ = db.session.get_one(Round, world.round)
    made = service.create(round_, "改造菜单", 40_000_000, by=by, at=AT)
    service.add_item(made, LAMP, by=by, at=AT)
    service.add_item(made, BENCH, by=by, at=AT)
    return made


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def post(
    menu: Menu, by: str, until: date = UNTIL, at: datetime = AT, **more: object
) -> MenuVersion:
    """Post the menu as it stands."""
    given = {"seen": posting.pending(menu).seen, "by": by, "at": at} | more
    return posting.post(menu, until, **given)  # type: ignore[arg-type]


def say(world: World, by: str, text: str, n: int = 0) -> Suggestion:
    """A suggestion of a household."""
    return needs.add_suggestion(
        db.session.get_one(Round, world.round),
        text,
        household_id=world.households[n],
        channel="visit",
        by=by,
        at=AT,
    )


def lamp(menu: Menu) -> MenuItem:
    """The lamp, as it is kept."""
    return next(item for item in service.items_of(menu) if item.name.startswith("楼道照明"))


# --- what changed --------------------------------------------------------------------------------


def test_what_is_posted_reads_back_the_same(menu: Menu, by: str) -> None:
    money.set_funding(menu, {Source.ABOVE: Money(30_000_000, "省里")}, by=by, at=AT)
    now = posted.as_it_stands(menu)
    assert posted.parsed(posted.written(now)) == now
    assert changes(now, now) == ()


def test_changes_name_what_was_and_what_is(menu: Menu, by: str) -> None:
    before = posted.as_it_stands(menu)
    item = lamp(menu)
    service.edit_item(item, replace(LAMP, unit_cost_fen=20_000, share_fen=500), by=by, at=AT)
    bench = next(i for i in service.items_of(menu) if i.name == "座椅")
    service.remove_item(bench, by=by, at=AT)
    service.add_item(menu, replace(BENCH, name="凉亭"), by=by, at=AT)
    service.set_rules(menu, "改造菜单", Rules(41_000_000, most=5), by=by, at=AT)
    money.set_funding(menu, {Source.FUND: Money(100)}, by=by, at=AT)
    found = {change.name: change for change in changes(before, posted.as_it_stands(menu))}
    assert {name: change.kind for name, change in found.items()} == {
        "": Kind.WHOLE,
        "凉亭": Kind.ADDED,
        "座椅": Kind.REMOVED,
        "楼道照明": Kind.CHANGED,
    }
    told = {d.name: (d.old, d.new) for d in found["楼道照明"].differences}
    assert told == {
        "单价": (18_650, 20_000),
        "要花": (1_342_800, 1_440_000),
        "受益的每户自己出": (None, 500),
    }
    assert [d.name for d in found[""].differences] == ["预算", "钱从哪来", "怎么挑"]


def test_the_order_of_items_is_no_change(menu: Menu, by: str) -> None:
    service.add_item(menu, replace(LAMP, name="屋面"), by=by, at=AT)
    before = posted.as_it_stands(menu)
    service.move_item(service.items_of(menu)[1], up=True, by=by, at=AT)
    after = posted.as_it_stands(menu)
    assert [item.name for item in after.items] != [item.name for item in before.items]
    assert changes(before, after) == ()


# --- posting -------------------------------------------------------------------------------------


def test_versions_are_numbered_and_keep_what_they_said(menu: Menu, by: str) -> None:
    post(menu, by)
    service.edit_item(lamp(menu), replace(LAMP, quantity_milli=80_000), by=by, at=AT)
    assert post(menu, by, note="楼道多了一层").number == 2
    first, second = posting.version(menu.id, 1), posting.version(menu.id)
    assert [v.posted.items[0].quantity for v in (first, second)] == ["72 盏", "80 盏"]
    assert (first.before, [c.name for c in second.changes]) == (None, ["楼道照明"])
    with pytest.raises(NotFound):
        posting.version(menu.id, 3)


def test_posting_what_did_not_change_is_refused(menu: Menu, by: str) -> None:
    post(menu, by)
    with pytest.raises(Refused, match="和第 1 次贴的一样"):
        post(menu, by)


def test_an_empty_or_a_pinned_menu_is_not_posted(world: World, menu: Menu, by: str) -> None:
    empty = service.create(db.session.get_one(Round, world.round), "空的", 1, by=by, at=AT)
    with pytest.raises(Refused, match="还是空的"):
        post(empty, by)
    db.session.rollback()
    db.session.refresh(menu)
    pinning._pin(menu, AT)
    db.session.commit()
    with pytest.raises(Refused, match="已经照这份菜单开放"):
        post(menu, by)


@pytest.mark.parametrize(
    ("until", "says"), [(date(2026, 11, 19), "已经过了"), (date(2027, 3, 1), "最多 90 天")]
)
def test_comments_are_heard_until_a_day_that_makes_sense(
    menu: Menu, by: str, until: date, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        post(menu, by, until)


def test_a_change_names_the_suggestions_that_caused_it(world: World, menu: Menu, by: str) -> None:
    said = say(world, by, "灯还是贵，王大爷家电话 13812345678")
    post(menu, by)
    service.set_rules(menu, "改造菜单", Rules(39_000_000), by=by, at=AT)
    service.edit_item(lamp(menu), replace(LAMP, unit_cost_fen=15_000), by=by, at=AT)
    for causes in ({WHOLE: [999]}, {WHOLE: [said.number, 10**9]}):
        with pytest.raises(Invalid, match="没有第 (999|1000000000) 条意见"):
            post(menu, by, causes=causes)
        db.session.rollback()
    with pytest.raises(Refused, match="别人改了这份菜单"):
        post(menu, by, causes={"no such item": [said.number]})
    db.session.rollback()
    item_id = lamp(menu).id
    post(menu, by, causes={item_id: [said.number, said.number], WHOLE: []})
    (cause,) = posting.version(menu.id).causes[item_id]
    assert cause.number == said.number
    assert "13812345678" not in (cause.text or "")
    said.withheld_at, said.withheld_reason = AT, "说了别人家的事"
    db.session.commit()
    assert posting.version(menu.id).causes[item_id][0].text is None
    said.withheld_at, said.superseded_at = None, AT
    db.session.commit()
    assert posting.version(menu.id).causes[item_id][0].text is None, "said otherwise since"


def test_another_rounds_suggestion_causes_nothing_here(world: World, menu: Menu, by: str) -> None:
    other = Round(courtyard_id=world.courtyard, name="2025", method="M", created_at=AT)
    db.session.add(other)
    db.session.flush()
    said = needs.add_suggestion(other, "旧的", household_id=None, channel="visit", by=by, at=AT)
    post(menu, by)
    service.set_rules(menu, "改造菜单", Rules(1_000), by=by, at=AT)
    with pytest.raises(Invalid, match="请核对号码"):
        post(menu, by, causes={WHOLE: [said.number]})


def test_somebody_who_changed_the_menu_meanwhile_is_noticed(menu: Menu, by: str) -> None:
    seen = posting.pending(menu).seen
    service.edit_item(lamp(menu), replace(LAMP, unit_cost_fen=1), by=by, at=AT)
    with pytest.raises(Refused, match="别人改了这份菜单"):
        post(menu, by, seen=seen)


def test_what_was_posted_cannot_be_changed(menu: Menu, by: str) -> None:
    row = post(menu, by)
    row.note = "另一句"
    with pytest.raises(DatabaseError, match="guarded"):
        db.session.commit()
    db.session.rollback()


def test_two_people_post_at_once_and_one_version_comes_of_it(
    app: Flask, menu: Menu, by: str
) -> None:
    menu_id, seen, gate = menu.id, posting.pending(menu).seen, Barrier(2)
    told: list[object] = []
    db.session.rollback()

    def go() -> None:
        with app.app_context():
            found = db.session.get_one(Menu, menu_id)
            db.session.rollback()
            gate.wait()
            try:
                told.append(posting.post(found, UNTIL, seen=seen, by=by, at=AT).number)
            except SurveysError as fault:
                db.session.rollback()
                told.append(type(fault))
            db.session.remove()

    people = [Thread(target=go) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(map(str, told)) == sorted(map(str, [1, Refused]))
    assert [row.number for row in posting.versions(menu_id)] == [1]


# --- money ---------------------------------------------------------------------------------------


def test_money_is_typed_by_source_and_set_against_the_budget(desk: Browser, menu: Menu) -> None:
    here = f"/desk/menu/{menu.id}/funding"
    page = desk.see(f"/desk/menu/{menu.id}")
    form = page.form(here) | {"amount_above": "30万", "note_above": "省里", "amount_fund": "约2万"}
    page = desk.send(here, form)
    assert page.status == 422
    assert page.says("维修基金（元）：“约2万”不是钱数")
    assert page.one("#amount_above").get("value") == "30万"
    page = desk.send(here, page.form(here) | {"amount_fund": "2万"})
    assert page.says("来源加起来 32 万元，比预算少 8 万元，还没着落。")
    page = desk.send(here, page.form(here) | {"amount_partners": "8万"})
    assert page.says("和预算正好一样")
    page = desk.send(here, page.form(here) | {"amount_households": "1万"})
    assert page.says("比预算多 1 万元")
    assert desk.see(f"/desk/menu/{menu.id}/preview").says("比预算多 1 万元")


def test_money_goes_along_with_a_copy_and_is_shut_by_the_ballot(menu: Menu, by: str) -> None:
    wanted = {Source.ABOVE: Money(5, "省里")}
    money.set_funding(menu, wanted, by=by, at=AT)
    twin = service.copy(menu, "第二份", by=by, at=AT)
    assert [(m.source, m.amount_fen) for m in posted.as_it_stands(twin).funding] == [("above", 5)]
    pinning._pin(menu, AT)
    db.session.commit()
    with pytest.raises(Refused):
        money.set_funding(menu, {}, by=by, at=AT)


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at AT."""
    monkeypatch.setattr(clocks, "now", lambda: AT)


@pytest.mark.usefixtures("on_the_day")
def test_a_menu_is_posted_changed_posted_again_and_read_by_anybody(
    app: Flask, desk: Browser, world: World, menu: Menu, by: str
) -> None:
    said = say(world, by, "灯太贵了，少装几盏")
    here, yard = f"/desk/menu/{menu.id}/post", f"/c/{world.code}"
    nobody = app.test_client()
    assert isinstance(nobody, Browser)
    assert nobody.get(f"/menu/{menu.id}").status_code == 404
    assert not nobody.see(yard).says("菜单征求意见")
    page = desk.send(here, desk.see(here).form(here) | {"note": "第一次给大家看"})
    assert page.says("第 1 版贴出来了")
    assert page.says("和第 1 版一样，没有要贴的")
    assert nobody.see(yard).says("菜单第 1 版，您看行不行")
    service.edit_item(lamp(menu), replace(LAMP, quantity_milli=60_000), by=by, at=AT)
    page = desk.see(here)
    assert page.says("数量：原来72盏，现在60盏")
    field = f"cause-{lamp(menu).id}"
    for typed, says in (("张三", "“张三”不是意见的号码"), ("77", "没有第 77 条意见")):
        wrong = desk.send(here, page.form(here) | {field: typed})
        assert wrong.status == 422
        assert wrong.says(says)
        assert wrong.one(f"#{field}").get("value") == typed
    page = desk.send(here, page.form(here) | {field: f"第 {said.number} 条"})
    assert page.says("第 2 版贴出来了")
    public = nobody.see(f"/menu/{menu.id}")
    assert public.says("比第 1 版改了什么")
    assert public.says("要花：原来1.34万元，现在1.12万元")
    assert public.says(f"因为第 {said.number} 条意见：“灯太贵了，少装几盏”")
    assert public.says("意见听到11月27日")
    assert public.one(".call .button").get("href") == f"/say/{world.code}"
    older = nobody.see(f"/menu/{menu.id}?version=1")
    assert older.says("这是以前的一版")
    assert older.says("第一次给大家看")
    assert not older.all(".call")
    for strange in ("3", "0", "-1", "x", "9" * 30):
        assert nobody.get(f"/menu/{menu.id}?version={strange}").status_code == 404


def test_after_the_day_the_page_stays_and_the_row_goes(
    desk: Browser, world: World, menu: Menu, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(menu, by)
    monkeypatch.setattr(clocks, "now", lambda: AT + timedelta(days=8))
    assert not desk.see(f"/c/{world.code}").says("菜单征求意见")
    assert desk.see(f"/menu/{menu.id}").says("已经截止了")


@pytest.mark.usefixtures("on_the_day")
def test_needs_and_the_households_behind_them_stand_under_an_item(
    desk: Browser, world: World, menu: Menu, by: str
) -> None:
    said = say(world, by, "灯不亮")
    round_ = db.session.get_one(Round, world.round)
    need = needs.new_need(round_, "灯不亮", "stair-light", by=by, at=AT)
    needs.place(said, [need.id], by=by, at=AT)
    service.edit_item(lamp(menu), LAMP, [need.id], by=by, at=AT)
    post(menu, by)
    page = desk.see(f"/menu/{menu.id}")
    assert page.says("1 户说过：灯不亮")
    assert desk.see(f"/desk/menu/{menu.id}").says("已经贴到第 1 版")
