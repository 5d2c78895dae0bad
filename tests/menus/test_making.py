"""A menu is made of needs; every cost is exact, every link is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from surveys.base.db import db
from surveys.counting.contradictions import ContradictionCode
from surveys.errors import Invalid, NotFound, Refused
from surveys.menus import listing, pinning, service
from surveys.menus.models import Menu
from surveys.menus.service import Draft, Rules
from surveys.menus.sheet import sheet
from surveys.needs import keeping
from surveys.needs import service as needs
from surveys.needs.models import Lane, Need
from surveys.rounds.models import Round
from tests.world import AT, World

ROOF = Draft("basic", "屋面防水修缮", 2_128_300, 5_250, unit="平方米")
LIGHT = Draft("basic", "楼道照明", 72_000, 18_650, unit="盏")
BENCH = Draft("improve", "歇脚的座椅", 10_000, 128_000, unit="把")


@pytest.fixture
def round_(world: World) -> Round:
    """The round of the world."""
    return db.session.get_one(Round, world.round)


@pytest.fixture
def organizer(world: World) -> str:
    """Who makes menus."""
    return world.accounts["organizer"]


@pytest.fixture
def menu(round_: Round, organizer: str) -> Menu:
    """A menu with nothing on it and ¥400,000 to spend."""
    return service.create(round_, "2026 年改造菜单", 40_000_000, by=organizer, at=AT)


Need_ = Callable[..., Need]


@pytest.fixture
def need(round_: Round, organizer: str, world: World) -> Need_:
    """A need with the households of these numbers behind it."""
    made: list[Need] = []

    def named(title: str, *households: int | None) -> Need:
        at = AT + timedelta(seconds=len(made))
        made.append(needs.new_need(round_, title, by=organizer, at=at))
        for n in households:
            home = None if n is None else world.households[n]
            said = needs.add_suggestion(
                round_, title, household_id=home, channel="visit", by=organizer, at=AT
            )
            needs.place(said, [made[-1].id], by=organizer, at=AT)
        return made[-1]

    return named


def test_the_cost_is_quantity_times_unit_cost_to_the_fen(menu: Menu, organizer: str) -> None:
    item = service.add_item(menu, ROOF, by=organizer, at=AT)
    assert item.cost_fen == 11_173_575  # ¥111,735.75
    service.edit_item(item, replace(ROOF, quantity_milli=1, unit_cost_fen=500), by=organizer, at=AT)
    assert item.cost_fen == 1, "half a fen is rounded up"


def test_a_hundred_million_yuan_fits(menu: Menu, organizer: str) -> None:
    tower = replace(ROOF, quantity_milli=1000, unit_cost_fen=10_000_000_000)
    service.set_rules(menu, "M", Rules(budget_fen=20_000_000_000), by=organizer, at=AT)
    assert service.add_item(menu, tower, by=organizer, at=AT).cost_fen == 10_000_000_000
    db.session.refresh(menu)
    assert menu.budget_fen == 20_000_000_000


def test_households_behind_an_item_are_counted_once_over_all_its_needs(
    menu: Menu, organizer: str, need: Need_
) -> None:
    dark, lamp = need("楼道太黑", 0, 1, None), need("灯不亮", 1, 13)
    item = service.add_item(menu, LIGHT, [dark.id, lamp.id], by=organizer, at=AT)
    found = service.behind(menu)[item.id]
    assert (found.households, found.suggestions, found.anonymous) == (3, 5, 1)


def test_a_need_merged_later_brings_its_households_to_the_item(
    menu: Menu, organizer: str, need: Need_
) -> None:
    dark, lamp = need("楼道太黑", 0, 1), need("灯不亮", 1, 13)
    item = service.add_item(menu, LIGHT, [dark.id], by=organizer, at=AT)
    needs.merge(lamp, {dark.id}, by=organizer, at=AT)
    assert service.behind(menu)[item.id].households == 3
    assert [n.title for n in service.needs_by_item(menu)[item.id]] == ["灯不亮"]


def test_the_ledger_says_which_needs_are_in_a_menu(menu: Menu, organizer: str, need: Need_) -> None:
    lamp, bench = need("灯不亮", 0), need("没处坐", 1, 2)
    assert [r.need.title for r in service.unanswered(menu)] == ["没处坐", "灯不亮"]
    item = service.add_item(menu, LIGHT, [lamp.id], by=organizer, at=AT)
    assert lamp.lane is Lane.MENU
    assert [r.need.title for r in service.unanswered(menu)] == ["没处坐"]
    service.edit_item(item, LIGHT, [bench.id], by=organizer, at=AT)
    assert (lamp.lane, bench.lane) == (Lane.OPEN, Lane.MENU)
    service.remove_item(item, by=organizer, at=AT)
    assert bench.lane is Lane.OPEN


def test_a_need_of_another_ledger_is_refused(menu: Menu, organizer: str, round_: Round) -> None:
    other = Round(courtyard_id=round_.courtyard_id, name="2025", method="M", created_at=AT)
    db.session.add(other)
    db.session.flush()
    foreign = needs.new_need(other, "灯", by=organizer, at=AT)
    with pytest.raises(NotFound):
        service.add_item(menu, LIGHT, [foreign.id], by=organizer, at=AT)


def test_a_title_stands_once_in_a_round(menu: Menu, round_: Round, organizer: str) -> None:
    with pytest.raises(Invalid, match="已经有叫"):
        service.create(round_, menu.title, 1, by=organizer, at=AT)
    with pytest.raises(Invalid, match="已经有叫"):
        service.copy(menu, f" {menu.title} ", by=organizer, at=AT)


def test_a_name_stands_once_on_a_menu(menu: Menu, organizer: str) -> None:
    service.add_item(menu, LIGHT, by=organizer, at=AT)
    with pytest.raises(Invalid, match="已经有“楼道照明”了"):
        service.add_item(menu, replace(LIGHT, name=" 楼道照明"), by=organizer, at=AT)


def test_items_are_ordered_within_their_class(menu: Menu, organizer: str) -> None:
    made = {d.name: service.add_item(menu, d, by=organizer, at=AT) for d in (BENCH, ROOF, LIGHT)}

    def names() -> list[str]:
        return [item.name for item in service.items_of(menu)]

    assert names() == ["屋面防水修缮", "楼道照明", "歇脚的座椅"]
    service.move_item(made["楼道照明"], up=True, by=organizer, at=AT)
    assert names() == ["楼道照明", "屋面防水修缮", "歇脚的座椅"]
    service.move_item(made["歇脚的座椅"], up=True, by=organizer, at=AT)
    assert names()[2] == "歇脚的座椅", "it stays in its class"


def test_the_menu_is_handed_to_the_counting_rules(menu: Menu, organizer: str) -> None:
    roof = service.add_item(menu, replace(ROOF, must_do=True), by=organizer, at=AT)
    light = service.add_item(menu, LIGHT, by=organizer, at=AT)
    wanted = Rules(40_000_000, least=1, most=5, capped=True, class_most={"basic": 2})
    service.set_rules(menu, "M", wanted, by=organizer, at=AT)
    items, rules = service.as_counting(menu)
    assert [(i.id, i.cost_fen, i.kind, i.must_do) for i in items] == [
        (roof.id, 11_173_575, "basic", True),
        (light.id, 1_342_800, "basic", False),
    ]
    assert (rules.least, rules.most, rules.cap_fen) == (1, 5, 40_000_000)
    assert dict(rules.kind_most) == {"basic": 2}


def test_rules_that_nobody_can_meet_are_kept_and_said(menu: Menu, organizer: str) -> None:
    assert [c.code for c in service.contradictions(menu)] == [ContradictionCode.NOTHING_TO_PICK]
    service.add_item(menu, replace(ROOF, must_do=True), by=organizer, at=AT)
    service.add_item(menu, LIGHT, by=organizer, at=AT)
    service.set_rules(menu, "M", Rules(10_000_000, least=2), by=organizer, at=AT)
    said = [msgid % params for msgid, params in sheet(menu).faults]
    assert said == [
        "必做的几项要 111,735.75 元，预算只有 100,000 元。请改菜单。",
        "规定至少选 2 项，可菜单上只有 1 项能选。请改规则。",
    ]
    assert sheet(menu).out_of_reach == ["楼道照明"]


def test_items_of_a_group_and_the_cap_of_a_class_are_kept_and_looked_at(
    menu: Menu, organizer: str
) -> None:
    roof = service.add_item(menu, replace(ROOF, only_one_of=" 屋面 "), by=organizer, at=AT)
    assert roof.only_one_of == "屋面"
    service.add_item(menu, replace(LIGHT, only_one_of="屋面", must_do=True), by=organizer, at=AT)
    wanted = Rules(40_000_000, class_cap_fen={"basic": 1_000_000})
    service.set_rules(menu, "M", wanted, by=organizer, at=AT)
    assert service.caps_of(menu) == {"basic": 1_000_000}
    assert service.limits_of(menu) == {}
    assert [msgid % params for msgid, params in sheet(menu).faults] == [
        "“基础类”里必做的要 13,428 元，可这一类一共最多花 10,000 元。请改菜单。",
        "“楼道照明”是必做的，又和别的项只做一项，那几项就永远做不了。请改菜单。",
    ]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Rules(1, class_cap_fen={"strange": 1}), "没有这一类"),
        (Rules(1, least=0), "最少写 1"),
        (Rules(1, least=3, most=2), "不能比至少选的少"),
        (Rules(1, class_most={"strange": 1}), "没有这一类"),
    ],
)
def test_rules_that_cannot_stand_are_refused(
    menu: Menu, organizer: str, wanted: Rules, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        service.set_rules(menu, "M", wanted, by=organizer, at=AT)


def test_a_pinned_menu_can_only_be_copied(menu: Menu, organizer: str, need: Need_) -> None:
    lamp = need("灯不亮", 0)
    item = service.add_item(menu, LIGHT, [lamp.id], by=organizer, at=AT)
    limited = Rules(9_000_000, 1, 3, False, {"basic": 2}, {"basic": 0, "raise": 700})
    service.set_rules(menu, "M", limited, by=organizer, at=AT)
    pinning._pin(menu, AT)
    db.session.commit()
    acts: list[Callable[[], object]] = [
        lambda: service.add_item(menu, ROOF, by=organizer, at=AT),
        lambda: service.edit_item(item, ROOF, by=organizer, at=AT),
        lambda: service.remove_item(item, by=organizer, at=AT),
        lambda: service.move_item(item, up=True, by=organizer, at=AT),
        lambda: service.set_rules(menu, "M", Rules(1), by=organizer, at=AT),
    ]
    for act in acts:
        with pytest.raises(Refused, match="照着再做一份"):
            act()
        db.session.rollback()
    twin = service.copy(menu, "第二份", by=organizer, at=AT)
    assert [(i.name, i.cost_fen) for i in service.items_of(twin)] == [("楼道照明", 1_342_800)]
    assert [n.id for ns in service.needs_by_item(twin).values() for n in ns] == [lamp.id]
    assert (twin.budget_fen, twin.most, twin.capped, twin.pinned_at) == (9_000_000, 3, False, None)
    assert service.limits_of(twin) == {"basic": 2}
    assert service.caps_of(twin) == {"basic": 0, "raise": 700}
    service.remove_item(service.items_of(twin)[0], by=organizer, at=AT)
    assert lamp.lane is Lane.MENU, "the pinned menu still answers it"


def test_pinning_reaches_the_needs_and_what_was_merged_into_them(
    menu: Menu, organizer: str, need: Need_
) -> None:
    lamp, dark, other = need("灯不亮", 0), need("楼道太黑", 1), need("没处坐", 2)
    service.add_item(menu, LIGHT, [lamp.id], by=organizer, at=AT)
    needs.merge(lamp, {dark.id}, by=organizer, at=AT)
    pinning._pin(menu, AT)
    pinning._pin(menu, AT + timedelta(days=1))  # a second ballot on the same menu
    db.session.commit()
    assert (lamp.pinned_at, dark.pinned_at, other.pinned_at) == (AT, AT, None)
    keeping.lock_needs([lamp.id])
    lamp.title = "灯"
    with pytest.raises(DatabaseError, match="guarded"):
        db.session.commit()
    db.session.rollback()


def test_the_list_of_menus_says_how_many_items_and_what_they_cost(
    menu: Menu, organizer: str, world: World
) -> None:
    for draft in (ROOF, LIGHT):
        service.add_item(menu, draft, by=organizer, at=AT)
    assert service.of_courtyard(world.courtyard) == [menu]
    assert listing.sums(world.courtyard) == {menu.id: (2, 12_516_375)}
