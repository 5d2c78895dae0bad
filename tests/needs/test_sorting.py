"""Suggestions are put to needs; behind each need stand distinct households."""

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event

from surveys.base import audit
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import ledger, pinning, service
from surveys.needs.models import Lane, Need, Suggestion
from surveys.needs.undoing import last_act, undo
from surveys.rounds.models import Round
from tests.needs.conftest import Say
from tests.world import AT, World

Named = Callable[[str], Need]
LATER = AT + timedelta(hours=1)


def behind(need: Need) -> ledger.Behind:
    return ledger.row_of(need).behind


def test_a_household_counts_once_however_often_it_asks(
    say: Say, need: Named, clerk: str, world: World
) -> None:
    light = need("楼道照明")
    for text, household in [
        ("灯不亮", 0),
        ("灯还是不亮", 0),
        ("摸黑", 1),
        ("黑", 13),
        ("黑", None),
    ]:
        service.place(say(text, household), [light.id], by=clerk, at=AT)
    found = behind(light)
    assert (found.households, found.suggestions, found.anonymous) == (3, 5, 1)
    assert found.by_building == {"1": 2, "2": 1}


def test_one_suggestion_may_go_to_several_needs(say: Say, need: Named, clerk: str) -> None:
    light, drain = need("楼道照明"), need("下水道")
    service.place(say("灯不亮，下水也堵"), [light.id, drain.id], by=clerk, at=AT)
    assert behind(light).households == behind(drain).households == 1


def test_the_head_of_the_ledger_counts_what_is_sorted(
    say: Say, need: Named, clerk: str, world: World
) -> None:
    light = need("楼道照明")
    service.place(say("灯不亮"), [light.id], by=clerk, at=AT)
    service.set_aside(say("谢谢"), by=clerk, at=AT)
    say("下水堵")
    assert service.counts(world.courtyard) == (3, 2, 1)


def test_sorting_one_twice_is_refused_with_its_number(say: Say, need: Named, clerk: str) -> None:
    light, drain, said = need("楼道照明"), need("下水道"), say("灯不亮")
    service.place(said, [light.id], by=clerk, at=AT)
    service.place(said, [light.id], by=clerk, at=AT)  # a double tap changes nothing
    with pytest.raises(Refused, match="第 1 条刚才已经有人归好了"):
        service.place(said, [drain.id], by=clerk, at=AT)
    with pytest.raises(Refused, match="已经有人归好了"):
        service.set_aside(said, by=clerk, at=AT)


def test_it_can_be_taken_out_and_put_elsewhere(say: Say, need: Named, clerk: str) -> None:
    light, drain, said = need("楼道照明"), need("下水道"), say("灯不亮")
    service.place(said, [light.id, drain.id], by=clerk, at=AT)
    service.unplace(said, drain, by=clerk, at=AT)
    assert (behind(light).suggestions, behind(drain).suggestions) == (1, 0)
    service.unplace(said, by=clerk, at=AT)
    service.place(said, [drain.id], by=clerk, at=AT)
    assert (behind(light).suggestions, behind(drain).suggestions) == (0, 1)


def test_a_need_of_another_ledger_or_none_is_refused(
    say: Say, clerk: str, world: World, courtyard: Courtyard
) -> None:
    other = Round(courtyard_id=courtyard.id, name="2025", method="M", created_at=AT)
    db.session.add(other)
    db.session.flush()
    foreign = service.new_need(other, "楼道照明", by=clerk, at=AT)
    with pytest.raises(NotFound):
        service.place(say("灯不亮"), [foreign.id], by=clerk, at=AT)
    with pytest.raises(Invalid):
        service.place(say("灯不亮"), [], by=clerk, at=AT)


@pytest.mark.parametrize(("title", "says"), [(" ", "要有个名字"), ("长" * 41, "最多 40 个字")])
def test_a_need_without_a_proper_title_is_refused(
    say: Say, clerk: str, title: str, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        service.place_new(say("灯不亮"), title, None, by=clerk, at=AT)
    assert db.session.scalar(db.select(db.func.count()).select_from(Need)) == 0


def test_a_need_is_not_made_twice(need: Named, say: Say, clerk: str) -> None:
    need("楼道照明")
    with pytest.raises(Invalid, match="已经有“楼道照明”了"):
        service.place_new(say("灯不亮"), "楼道照明", None, by=clerk, at=AT)


def test_what_is_done_at_once_is_shown_with_its_day(say: Say, clerk: str, world: World) -> None:
    fix = service.Fix(AT.date(), "当天换了灯泡")
    made = service.place_new(say("灯不亮"), "3 单元的灯", "stair-light", fix, by=clerk, at=AT)
    assert service.fixed(world.courtyard, 5) == [made]
    service.reopen(made, by=clerk, at=AT)
    assert service.fixed(world.courtyard, 5) == []


def test_what_is_not_done_yet_cannot_be_noted_as_done(need: Named, clerk: str) -> None:
    light = need("楼道照明")
    tomorrow = service.Fix(AT.date() + timedelta(days=1), "明天换")
    with pytest.raises(Invalid, match="日子还没到"):
        service.quick_fix(light, tomorrow, by=clerk, at=AT)
    with pytest.raises(Invalid, match="怎么办的"):
        service.quick_fix(light, service.Fix(AT.date(), " "), by=clerk, at=AT)


def test_merging_counts_each_household_once_and_leaves_a_trace(
    say: Say, need: Named, clerk: str, world: World
) -> None:
    light, dark, stairs = need("楼道照明"), need("楼道太黑"), need("摸黑上楼")
    for text, household, where in [
        ("灯", 0, light),
        ("黑", 0, dark),
        ("黑", 1, dark),
        ("摸", 2, stairs),
    ]:
        service.place(say(text, household), [where.id], by=clerk, at=AT)
    service.merge(light, [dark.id, stairs.id], by=clerk, at=LATER)
    row = ledger.row_of(light)
    assert (row.behind.households, row.behind.suggestions) == (3, 4)
    assert {n.title for n in row.merged} == {"楼道太黑", "摸黑上楼"}
    assert service.counts(world.courtyard).needs == 1
    assert "并进“楼道照明”" in _last_words(world)


def test_a_merged_need_comes_apart_with_what_was_merged_into_it(
    need: Named, clerk: str, say: Say
) -> None:
    light, dark, stairs = need("楼道照明"), need("楼道太黑"), need("摸黑上楼")
    service.place(say("摸", 2), [stairs.id], by=clerk, at=AT)
    service.merge(dark, [stairs.id], by=clerk, at=AT)
    service.merge(light, [dark.id], by=clerk, at=LATER)
    assert stairs.merged_into_id == light.id, "it names the one it counts under"
    service.unmerge(dark, by=clerk, at=LATER)
    assert not dark.merged_into_id
    assert stairs.merged_into_id == dark.id
    assert behind(dark).households == 1


def test_merging_into_itself_or_in_a_circle_is_refused(need: Named, clerk: str) -> None:
    light, dark = need("楼道照明"), need("楼道太黑")
    with pytest.raises(Refused, match="它自己"):
        service.merge(light, [light.id], by=clerk, at=AT)
    service.merge(light, [dark.id], by=clerk, at=AT)
    with pytest.raises(Refused, match="已经并进“楼道照明”"):
        service.merge(dark, [light.id], by=clerk, at=AT)


def test_a_need_under_an_open_ballot_keeps_its_words_and_its_group(need: Named, clerk: str) -> None:
    light, dark, other = need("楼道照明"), need("楼道太黑"), need("下水道")
    service.merge(light, [dark.id], by=clerk, at=AT)
    pinning._pin([light.id], AT)
    db.session.commit()
    acts: list[Callable[[], object]] = [
        lambda: service.rename(light, "灯", None, by=clerk, at=AT),
        lambda: service.merge(light, [other.id], by=clerk, at=AT),
        lambda: service.merge(other, [light.id], by=clerk, at=AT),
        lambda: service.unmerge(dark, by=clerk, at=AT),
    ]
    for act in acts:
        with pytest.raises(Refused, match="用在点单里"):
            act()
        db.session.rollback()
    assert (light.title, dark.merged_into_id) == ("楼道照明", light.id)


def test_two_who_place_the_same_suggestion_at_once_do_not_overwrite_each_other(
    app: Flask, say: Say, need: Named, world: World
) -> None:
    needs, said = [need("楼道照明"), need("楼道太黑")], say("灯不亮")
    ids, said_id, start = [n.id for n in needs], said.id, Barrier(2)
    told: list[str] = []
    db.session.remove()

    def sort(need_id: str, who: str) -> None:
        with app.app_context():
            start.wait()
            try:
                found = db.session.get_one(Suggestion, said_id)
                service.place(found, [need_id], by=world.accounts[who], at=AT)
                told.append("done")
            except Refused as fault:
                told.append(str(fault))
            finally:
                db.session.remove()

    threads = [
        Thread(target=Context().run, args=(sort, need_id, who))
        for need_id, who in zip(ids, ["clerk", "organizer"], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "第 1 条刚才已经有人归好了。"]
    assert len(ledger.needs_of([said_id])[said_id]) == 1


def test_steps_are_taken_back_one_by_one(say: Say, world: World, clerk: str) -> None:
    first, second = say("灯不亮"), say("谢谢")
    service.place_new(first, "楼道照明", None, by=clerk, at=AT)
    service.set_aside(second, by=clerk, at=LATER)
    assert _take_back(world, clerk) == "第 2 条里没有诉求，放下了"
    assert _take_back(world, clerk) == "把第 1 条归进“楼道照明”"
    assert service.counts(world.courtyard) == (2, 0, 0), "the need made for it is gone too"
    assert last_act(world.courtyard, clerk, LATER) is None


def test_a_merge_and_a_parting_are_taken_back(need: Named, world: World, clerk: str) -> None:
    light, dark, stairs = need("楼道照明"), need("楼道太黑"), need("摸黑上楼")
    service.merge(dark, [stairs.id], by=clerk, at=AT + timedelta(minutes=1))
    service.merge(light, [dark.id], by=clerk, at=AT + timedelta(minutes=2))
    service.unmerge(dark, by=clerk, at=AT + timedelta(minutes=3))
    _take_back(world, clerk)
    assert dark.merged_into_id == stairs.merged_into_id == light.id
    _take_back(world, clerk)
    assert not dark.merged_into_id
    assert stairs.merged_into_id == dark.id


def test_undoing_twice_or_what_another_did_is_refused(
    say: Say, need: Named, world: World, clerk: str
) -> None:
    light = need("楼道照明")
    service.place(say("灯不亮"), [light.id], by=clerk, at=LATER)
    entry = last_act(world.courtyard, clerk, LATER)
    assert entry is not None
    with pytest.raises(Refused):
        undo(world.courtyard, entry.id, by=world.accounts["organizer"], at=LATER)
    undo(world.courtyard, entry.id, by=clerk, at=LATER)
    with pytest.raises(Refused, match="已经撤销过了"):
        undo(world.courtyard, entry.id, by=clerk, at=LATER)


def test_every_other_step_is_taken_back_too(
    say: Say, need: Named, world: World, clerk: str
) -> None:
    light, said = need("楼道照明"), say("灯不亮")
    minutes = iter(AT + timedelta(minutes=n) for n in range(1, 20))
    service.place(said, [light.id], by=clerk, at=next(minutes))
    service.unplace(said, by=clerk, at=next(minutes))
    service.rename(light, "灯", "stair-light", by=clerk, at=next(minutes))
    service.set_lane(light, Lane.MENU, by=clerk, at=next(minutes))
    service.quick_fix(light, service.Fix(AT.date(), "换了"), by=clerk, at=next(minutes))
    for _ in range(4):
        _take_back(world, clerk)
    assert (light.title, light.category, light.lane, light.fixed_on) == (
        "楼道照明", None, Lane.OPEN, None,
    )  # fmt: skip
    assert behind(light).suggestions == 1


def test_a_name_is_not_taken_back_where_another_need_has_it_by_now(
    need: Named, world: World, clerk: str
) -> None:
    light = need("楼道照明")
    service.rename(light, "灯", None, by=clerk, at=AT + timedelta(minutes=1))
    entry = last_act(world.courtyard, clerk, LATER)
    need("楼道照明")
    assert entry is not None
    with pytest.raises(Refused, match="后来又有人动过"):
        undo(world.courtyard, entry.id, by=clerk, at=LATER)


def test_the_numbers_of_the_whole_ledger_take_one_statement_beside_the_needs(
    say: Say, need: Named, clerk: str, round_: Round
) -> None:
    for n in range(6):
        service.place(say("黑", n), [need(f"第 {n} 件").id], by=clerk, at=AT)
    sent: list[str] = []

    def count(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert sum(row.behind.households for row in ledger.rows(round_.id)) == 6
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    asked = [statement for statement in sent if statement.startswith("SELECT")]
    assert len(asked) == 2, "the needs, and who stands behind all of them"


def _take_back(world: World, by: str) -> str:
    entry = last_act(world.courtyard, by, LATER)
    assert entry is not None
    undo(world.courtyard, entry.id, by=by, at=LATER + timedelta(seconds=1))
    return entry.say % entry.params


def _last_words(world: World) -> str:
    entry = audit.latest(world.courtyard, 1)[0]
    return entry.say % entry.params
