"""One need turns out to be two."""

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base import audit
from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.needs import ledger, pinning, service
from surveys.needs.models import Need, Placement, Suggestion
from surveys.needs.splitting import split
from surveys.needs.undoing import last_act, undo
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

Named = Callable[[str], Need]
LATER = AT + timedelta(hours=1)


@pytest.fixture
def told(say: Say) -> list[Suggestion]:
    """What three households said of two things."""
    return [say("楼道灯不亮", 0), say("院里路灯不亮", 1), say("路灯太暗", 2)]


@pytest.fixture
def lights(told: list[Suggestion], need: Named, clerk: str) -> Need:
    """The need that all of it was put to."""
    found = need("照明")
    for suggestion in told:
        service.place(suggestion, [found.id], by=clerk, at=AT)
    return found


def test_some_of_its_suggestions_become_a_need_of_their_own(
    lights: Need, told: list[Suggestion], clerk: str
) -> None:
    ids = {told[1].id, told[2].id}
    made = split(lights, ids, "院内路灯", "yard-light", by=clerk, at=LATER)
    assert [ledger.row_of(n).behind.households for n in (lights, made)] == [1, 2]
    assert (made.title, made.category) == ("院内路灯", "yard-light")
    assert _words(lights) == ["把 2 条从“照明”拆成“院内路灯”", "新建诉求“照明”"]
    assert _words(made) == ["“院内路灯”从“照明”里拆出来"]


def test_a_split_is_taken_back_to_where_everything_was(
    lights: Need, told: list[Suggestion], need: Named, say: Say, world: World, clerk: str
) -> None:
    lamps, more = need("路灯"), say("路灯", 5)
    service.place(more, [lamps.id], by=clerk, at=AT)
    service.merge(lights, [lamps.id], by=clerk, at=AT)
    before = _placed()
    split(lights, {told[1].id, more.id}, "院内路灯", None, by=clerk, at=LATER)
    assert _placed() != before
    _take_back(world, clerk)
    assert _placed() == before
    assert not db.session.scalar(db.select(Need.id).where(Need.title == "院内路灯"))


def test_one_that_was_put_to_both_of_two_merged_needs_moves_once(
    lights: Need, need: Named, say: Say, world: World, clerk: str
) -> None:
    lamps, both = need("路灯"), say("灯", 5)
    service.place(both, [lights.id, lamps.id], by=clerk, at=AT)
    service.merge(lights, [lamps.id], by=clerk, at=AT)
    before = _placed()
    made = split(lights, {both.id}, "院内路灯", None, by=clerk, at=LATER)
    assert ledger.needs_of([both.id]) == {both.id: [made]}
    _take_back(world, clerk)
    assert _placed() == before


@pytest.mark.parametrize(
    ("ticked", "title", "fault"),
    [
        ([], "院内路灯", "先在原话旁边勾上"),
        ([0, 1, 2], "院内路灯", "全勾上就不是拆了"),
        ([0], " ", "要有个名字"),
        ([0], "长" * 41, "最多 40 个字"),
        ([0], "照明", "已经有“照明”了"),
    ],
)
def test_what_is_no_split_is_refused_and_nothing_moves(
    lights: Need, told: list[Suggestion], clerk: str, ticked: list[int], title: str, fault: str
) -> None:
    before = _placed()
    with pytest.raises((Invalid, Refused), match=fault):
        split(lights, {told[n].id for n in ticked}, title, None, by=clerk, at=LATER)
    db.session.rollback()
    assert _placed() == before


def test_what_belongs_to_another_need_or_to_nobody_cannot_be_ticked(
    lights: Need, need: Named, say: Say, clerk: str
) -> None:
    water, drain = say("水管锈了"), need("水管")
    service.place(water, [drain.id], by=clerk, at=AT)
    for odd in (water.id, "nosuchid"):
        with pytest.raises(Refused, match="再勾一次"):
            split(lights, {odd}, "院内路灯", None, by=clerk, at=LATER)
        db.session.rollback()


def test_a_need_under_an_open_ballot_stays_whole(
    lights: Need, told: list[Suggestion], clerk: str
) -> None:
    pinning._pin([lights.id], AT)
    db.session.commit()
    with pytest.raises(Refused, match="用在点单里"):
        split(lights, {told[0].id}, "楼道灯", None, by=clerk, at=LATER)


def test_a_split_that_was_built_on_is_not_taken_back(
    lights: Need, told: list[Suggestion], say: Say, world: World, clerk: str
) -> None:
    made = split(lights, {told[0].id}, "楼道灯", None, by=clerk, at=LATER)
    service.place(say("楼道黑"), [made.id], by=world.accounts["organizer"], at=LATER)
    with pytest.raises(Refused, match="又有人动过"):
        _take_back(world, clerk)
    db.session.rollback()
    assert ledger.row_of(made).behind.suggestions == 2


def test_two_who_split_the_same_off_at_once_make_one_need(
    app: Flask, lights: Need, told: list[Suggestion], world: World
) -> None:
    need_id, ids, start = lights.id, {told[1].id, told[2].id}, Barrier(2)
    said: list[str] = []
    db.session.remove()

    def act(title: str, who: str) -> None:
        with app.app_context():
            start.wait()
            try:
                found = db.session.get_one(Need, need_id)
                split(found, ids, title, None, by=world.accounts[who], at=LATER)
                said.append("done")
            except Refused as fault:
                said.append(str(fault))
            finally:
                db.session.remove()

    people = [("路灯", "clerk"), ("院内路灯", "organizer")]
    threads = [Thread(target=Context().run, args=(act, *person)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "勾上的刚才有人动过了。请重新打开这一页，再勾一次。"]
    assert len(db.session.scalars(db.select(Need)).all()) == 2


def test_on_the_page_of_a_need_what_is_ticked_is_split_off(
    browser: Browser, lights: Need, told: list[Suggestion], world: World
) -> None:
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/need/{lights.id}"
    form = browser.see(here).form(f"{here}/split")
    typed = {"split-title": "院内路灯", "ticked": [told[1].id, told[2].id]}
    page = browser.send(f"{here}/split", form | typed | {"split-title": "照明"})
    assert page.status == 422
    assert page.says("已经有“照明”了")
    assert len(page.all("[name=ticked][checked]")) == 2, "the ticks are kept"
    page = browser.send(f"{here}/split", form | typed)
    assert page.one("h1").text == "院内路灯"
    assert page.says("从“照明”里拆出来了")
    assert page.one(".figure b").text == "2"
    assert page.says("院里路灯不亮 clerk"), "who put it here stands beside it"


def _placed() -> set[tuple[str, str]]:
    rows = db.session.execute(db.select(Placement.suggestion_id, Placement.need_id))
    return {(suggestion_id, need_id) for suggestion_id, need_id in rows}


def _words(need: Need) -> list[str]:
    return [entry.say % entry.params for entry in audit.about(need.id)]


def _take_back(world: World, by: str) -> None:
    entry = last_act(world.courtyard, by, LATER)
    assert entry is not None
    undo(world.courtyard, entry.id, by=by, at=LATER + timedelta(seconds=1))
