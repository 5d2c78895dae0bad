"""我家也是: households counted once, however they say it, and the list that everybody may read."""

import gzip
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.errors import NotFound, Refused
from surveys.menus import listing
from surveys.menus.models import Menu, MenuItem, MenuItemNeed
from surveys.needs import ledger, service, support, undoing
from surveys.needs.keeping import Fix
from surveys.needs.models import Need, Support
from surveys.rounds.models import Round
from tests.ballots.phones import statements
from tests.manners import Browser, Page
from tests.needs.conftest import Say
from tests.needs.phones import hold_slip
from tests.world import AT, World

Named = Callable[[str], Need]
PART = {"HX-Request": "true"}


@pytest.fixture
def home(world: World) -> Callable[[int], Household]:
    """The household of a number on the roll."""
    return lambda n: db.session.get_one(Household, world.households[n])


Home = Callable[[int], Household]


def households(need: Need) -> int:
    return ledger.row_of(need).behind.households


def test_a_household_counts_once_however_it_says_so(
    need: Named, say: Say, home: Home, clerk: str
) -> None:
    light = need("楼道照明")
    for text, who in [("灯不亮", 0), ("摸黑", 0), ("黑", 13), ("看不见", None)]:
        service.place(say(text, who), [light.id], by=clerk, at=AT)
    for who in (0, 0, 13, 14):
        support.support(light, home(who), at=AT)
    behind = ledger.row_of(light).behind
    assert behind.by_building == {"1": 1, "2": 2}
    assert (behind.suggestions, behind.anonymous) == (4, 1)


def test_it_can_be_taken_back_and_own_words_stay(
    need: Named, say: Say, home: Home, clerk: str
) -> None:
    light = need("楼道照明")
    service.place(say("灯不亮", 0), [light.id], by=clerk, at=AT)
    for who in (0, 1):
        support.support(light, home(who), at=AT)
        support.withdraw(light, home(who))
        support.withdraw(light, home(who))
    assert households(light) == 1


def test_supporters_of_a_merged_need_count_for_what_it_became(
    need: Named, home: Home, clerk: str
) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    support.support(light, home(0), at=AT)
    for who in (0, 1):
        support.support(dark, home(who), at=AT)
    service.merge(light, {dark.id}, by=clerk, at=AT)
    assert households(light) == 2
    assert support.find(dark.id).id == light.id
    support.withdraw(light, home(1))
    assert households(light) == 1, "taken back wherever it was said"
    db.session.refresh(dark)
    service.unmerge(dark, by=clerk, at=AT)
    assert [households(light), households(dark)] == [1, 1]


def test_what_is_done_or_over_takes_no_more(
    need: Named, home: Home, round_: Round, clerk: str
) -> None:
    light, drain = need("楼道照明"), need("下水")
    service.quick_fix(light, Fix(AT.date(), "换了灯泡"), by=clerk, at=AT)
    with pytest.raises(Refused, match="已经办好了"):
        support.support(light, home(0), at=AT)
    round_.ended_at = AT
    db.session.commit()
    with pytest.raises(Refused, match="已经结束"):
        support.support(drain, home(0), at=AT)


def test_a_need_that_somebody_stands_behind_is_not_undone_away(
    need: Named, home: Home, round_: Round, clerk: str
) -> None:
    light = need("楼道照明")
    support.support(light, home(0), at=AT)
    last = undoing.last_act(round_.courtyard_id, clerk, AT)
    assert last is not None
    undoing.undo(round_.courtyard_id, last.id, by=clerk, at=AT)
    assert households(light) == 1


def test_another_courtyards_household_stands_behind_nothing_here(need: Named, world: World) -> None:
    stranger = db.session.scalars(
        db.select(Household).where(Household.courtyard_id != world.courtyard)
    ).first()
    assert stranger is not None
    with pytest.raises(NotFound):
        support.support(need("灯"), stranger, at=AT)
    with pytest.raises(NotFound):
        support.find("nosuchneed")


def test_two_phones_of_one_household_at_once_are_one_household(
    app: Flask, need: Named, world: World
) -> None:
    light, start = need("楼道照明").id, Barrier(4)
    faults: list[BaseException] = []
    db.session.remove()

    def tap() -> None:
        with app.app_context():
            home = db.session.get_one(Household, world.households[0])
            found = support.find(light)
            db.session.rollback()
            start.wait()
            try:
                support.support(found, home, at=AT)
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=Context().run, args=(tap,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert db.session.scalar(db.select(db.func.count()).select_from(Support)) == 1


def test_the_menu_counts_those_who_only_said_so_too(
    need: Named, say: Say, home: Home, round_: Round, world: World, clerk: str
) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    service.place(say("灯不亮", 0), [light.id], by=clerk, at=AT)
    for who in (0, 13):
        support.support(dark, home(who), at=AT)
    menu = Menu(
        courtyard_id=world.courtyard, round_id=round_.id, title="M", budget_fen=0, created_at=AT
    )
    db.session.add(menu)
    db.session.flush()
    item = MenuItem(
        courtyard_id=world.courtyard,
        menu_id=menu.id,
        position=1,
        class_key=listing.classes()[0].key,
        name="灯",
        quantity_milli=1000,
        unit_cost_fen=0,
        cost_fen=0,
    )
    db.session.add(item)
    db.session.flush()
    db.session.add_all(MenuItemNeed(menu_item_id=item.id, need_id=n.id) for n in (light, dark))
    db.session.commit()
    with statements() as asked:
        behind = listing.behind(menu)[item.id]
    assert len(asked) == 1
    assert (behind.by_building, behind.suggestions) == ({"1": 1, "2": 1}, 1)
    service.merge(light, {dark.id}, by=clerk, at=AT)
    assert listing.behind(menu)[item.id].households == 2


def test_who_stands_behind_everything_is_one_statement_beside_the_needs(
    need: Named, home: Home, round_: Round
) -> None:
    support.support(need("灯"), home(0), at=AT)
    with statements() as asked:
        ledger.rows(round_.id)
    assert len(asked) == 2, "the needs, and who stands behind all of them"


# --- pages ---------------------------------------------------------------------------------------


def test_anybody_reads_what_the_courtyard_asks_for_and_no_building(
    browser: Browser, world: World, need: Named, say: Say, home: Home, clerk: str
) -> None:
    light, drain = need("楼道照明"), need("下水")
    service.place(say("灯不亮", 0), [light.id], by=clerk, at=AT)
    service.place(say("黑", None), [light.id], by=clerk, at=AT)
    for who in (0, 1, 13):
        support.support(drain, home(who), at=AT)
    page = browser.see(f"/needs/{world.code.lower()}")
    assert [b.text_content() for b in page.all(".look b")] == ["下水", "楼道照明"]
    assert page.says("3户说过")
    assert page.says("1户说过，1条没写门牌")
    assert page.says("还没定怎么办")
    assert not page.says("号楼")
    assert not page.says("灯不亮"), "sentences are not shown here"
    assert page.says("先用条子上的字认门")
    assert not page.all("[action$='/too']")
    assert browser.see(f"/c/{world.code}").all(f"a[href='/needs/{world.code}']")


def test_a_phone_with_a_slip_says_so_too_and_takes_it_back(
    app: Flask, browser: Browser, world: World, need: Named
) -> None:
    light = need("楼道照明")
    hold_slip(app, browser, world, 0)
    here = f"/needs/{world.code}"
    form = browser.see(here).form(f"/need/{light.id}/too")
    page = browser.send(f"/need/{light.id}/too", form)
    assert page.says("您家算在里面了")
    assert page.says("1户说过")
    assert browser.send(f"/need/{light.id}/too", form).says("1户说过"), "a double tap counts once"
    page = browser.send(f"/need/{light.id}/not", page.form(f"/need/{light.id}/not"))
    assert page.says("0户说过")
    assert page.says("我家也是")


def test_with_htmx_only_the_line_changes(
    app: Flask, browser: Browser, world: World, need: Named
) -> None:
    light = need("楼道照明")
    hold_slip(app, browser, world, 0)
    form = browser.see(f"/needs/{world.code}").form(f"/need/{light.id}/too")
    part = Page(browser.post(f"/need/{light.id}/too", data=form, headers=PART))
    assert part.source.strip().startswith(f'<li id="n-{light.id}"')
    assert part.says("您家算在里面了")


def test_a_phone_without_a_slip_is_led_to_the_door(
    browser: Browser, world: World, need: Named
) -> None:
    light = need("楼道照明")
    token = browser.see(f"/say/{world.code}").form("/say/")["csrf_token"]
    page = browser.send(f"/need/{light.id}/too", {"csrf_token": token})
    assert page.says("输入条子上的字")
    assert browser.send("/need/nosuchneed/too", {"csrf_token": token}).status == 404


def test_own_words_are_told_and_an_ended_round_takes_no_more(
    app: Flask, browser: Browser, world: World, need: Named, say: Say, round_: Round, clerk: str
) -> None:
    light = need("楼道照明")
    service.place(say("灯不亮", 0), [light.id], by=clerk, at=AT)
    hold_slip(app, browser, world, 0)
    page = browser.see(f"/needs/{world.code}")
    assert page.says("您家说过，算在里面了")
    form = {"csrf_token": browser.see(f"/say/{world.code}").form("/say/")["csrf_token"]}
    round_.ended_at = AT
    db.session.commit()
    page = browser.send(f"/need/{light.id}/too", form)
    assert page.status == 409
    assert page.says("这一轮已经结束")
    page = browser.see(f"/needs/{world.code}")
    assert page.says("不再添了")
    assert not page.all(".look button")


def test_many_needs_are_leafed_through(browser: Browser, world: World, round_: Round) -> None:
    db.session.add_all(
        Need(
            courtyard_id=world.courtyard,
            round_id=round_.id,
            title=f"第 {n} 件",
            created_at=AT + timedelta(seconds=n),
        )
        for n in range(65)
    )
    db.session.commit()
    page = browser.see(f"/needs/{world.code}?page=3")
    assert page.says("第3页，共3页")
    assert len(page.all(".look li")) == 5
    for strange in ("0", "x", "99999999", "²"):
        assert browser.see(f"/needs/{world.code}?page={strange}").status == 200


def test_a_full_page_with_its_buttons_is_light(
    app: Flask, browser: Browser, world: World, round_: Round
) -> None:
    db.session.add_all(
        Need(
            courtyard_id=world.courtyard,
            round_id=round_.id,
            title=f"第 {n} 件：楼道里的灯一到晚上就不亮，上楼摸黑",
            lane_note="已经报给供电所，等他们来看" * 3,
            created_at=AT,
        )
        for n in range(40)
    )
    db.session.commit()
    hold_slip(app, browser, world, 0)
    page = browser.see(f"/needs/{world.code}")
    assert len(page.all("form[action$='/too']")) == 30
    assert len(gzip.compress(page.response.get_data(), 5)) <= 12_000


def test_a_courtyard_that_has_said_nothing_yet_says_so(browser: Browser, world: World) -> None:
    for code in (world.code, "M3TV8NC"):
        assert browser.see(f"/needs/{code}").says("还没有归好的事")
