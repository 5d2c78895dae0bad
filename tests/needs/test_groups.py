"""Others that ask for the same are put away at once, taken back at once, and never twice."""

from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.errors import Refused
from surveys.needs import ledger, proposing, service
from surveys.needs.models import Need, Placement, Proposal, Suggestion
from surveys.needs.service import Fresh
from surveys.needs.undoing import last_act, undo
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.needs.test_pages import Named, press
from tests.world import AT, World, sign_in

Ticks = tuple[str, ...]
LATER = AT + timedelta(minutes=1)
LAMP = Fresh("楼道灯不亮", "stair-light")


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


@pytest.fixture
def board(world: World) -> str:
    """Address of the board."""
    return f"/desk/courtyard/{world.courtyard}/ledger"


@pytest.fixture
def lamps(say: Say) -> list[Suggestion]:
    """Four households whose stairs are dark, each in its own words."""
    texts = ("楼道灯不亮了", "2号楼楼道灯坏了", "三单元的楼道灯又不亮", "楼道灯坏了，请尽快修")
    return [say(text, n) for n, text in enumerate(texts)]


def work_out(world: World) -> None:
    """What the tick does."""
    for courtyard_id in proposing.due():
        assert courtyard_id == world.courtyard
        proposing.work_out(courtyard_id)


def placed() -> int:
    """How many placements there are."""
    return db.session.scalar(db.select(db.func.count()).select_from(Placement)) or 0


def test_those_who_ask_for_the_same_are_shown_ticked_and_go_along(
    desk: Browser, board: str, world: World, lamps: list[Suggestion], say: Say
) -> None:
    say("下水道堵了")
    work_out(world)
    page = desk.see(board)
    assert page.says("另有 3 条也是说这个")
    boxes = page.all("[name=also]")
    assert len(boxes) == 3
    assert all(box.get("checked") is not None for box in boxes)
    page = press(desk, page, "[data-key='1']")
    assert page.says("没归类：还有 1 条")
    assert page.says("把第 1 条等 4 条归进")
    assert placed() == 4
    page = desk.send(f"{board}/undo", page.form("/desk/suggestion/"))
    assert page.says("没归类：还有 5 条")
    assert placed() == 0
    assert page.says("还没有诉求"), "the need that was made for them is gone too"


def test_one_that_is_unticked_stays_behind(
    desk: Browser, board: str, world: World, lamps: list[Suggestion]
) -> None:
    work_out(world)
    page = desk.see(board)
    page = press(desk, page, "[data-key='1']", also=[lamps[1].id, lamps[3].id])
    assert page.one("blockquote").text_content() == lamps[2].text
    assert placed() == 3


def test_what_is_unticked_stays_so_while_a_need_is_looked_for_or_named(
    desk: Browser, board: str, world: World, lamps: list[Suggestion]
) -> None:
    work_out(world)
    form = {"also": [lamps[1].id], "group": lamps[0].id}
    page = desk.see(f"{board}?q=灯&group={lamps[0].id}&also={lamps[1].id}")
    assert [box.get("value") for box in page.all("[name=also][checked]")] == [lamps[1].id]
    page = press(desk, page, "[data-key='n']", **form)
    assert page.status == 200
    assert page.one("[name=title]").get("value") == "楼道灯不亮了"
    assert [box.get("value") for box in page.all("[name=also][checked]")] == [lamps[1].id]


def test_those_that_somebody_else_sorted_meanwhile_are_left_alone_and_counted(
    lamps: list[Suggestion], need: Named, clerk: str, world: World
) -> None:
    other, organizer = need("别的"), world.accounts["organizer"]
    service.place(lamps[1], [other.id], by=organizer, at=AT)
    many = service.place(
        lamps[0], (), fresh=[LAMP], also=[one.id for one in lamps[1:]], by=clerk, at=LATER
    )
    assert many == 3
    assert ledger.needs_of([lamps[1].id])[lamps[1].id] == [other]
    said = last_act(world.courtyard, clerk, LATER)
    assert said is not None
    assert "另有 1 条别人刚才归了" in said.say % said.params


def test_undoing_takes_back_only_what_that_act_placed(
    lamps: list[Suggestion], clerk: str, world: World
) -> None:
    organizer = world.accounts["organizer"]
    service.place(lamps[0], (), fresh=[LAMP], also=[lamps[1].id], by=clerk, at=AT)
    (need,) = ledger.needs_of([lamps[0].id])[lamps[0].id]
    service.unplace(lamps[1], by=organizer, at=AT)
    service.place(lamps[1], [need.id], by=organizer, at=AT)
    entry = last_act(world.courtyard, clerk, AT)
    assert entry is not None
    undo(world.courtyard, entry.id, by=clerk, at=LATER)
    assert ledger.needs_of([one.id for one in lamps]) == {lamps[1].id: [need]}


def test_two_who_accept_the_same_new_need_share_it(
    lamps: list[Suggestion], clerk: str, world: World
) -> None:
    service.place(lamps[0], (), fresh=[LAMP], by=clerk, at=AT)
    service.place(lamps[1], (), fresh=[LAMP], by=world.accounts["organizer"], at=AT)
    assert service.counts(world.courtyard).needs == 1


def test_two_who_put_overlapping_groups_away_at_once_place_each_suggestion_once(
    app: Flask, say: Say, world: World
) -> None:
    ids = [say("楼道灯不亮", n).id for n in range(12)]
    start, many = Barrier(2), []
    db.session.remove()

    def sort(own: list[str], who: str) -> None:
        with app.app_context():
            start.wait()
            try:
                first = db.session.get_one(Suggestion, own[0])
                done = service.place(
                    first, (), fresh=[LAMP], also=own[1:], by=world.accounts[who], at=AT
                )
                many.append(done)
            finally:
                db.session.remove()

    threads = [
        Thread(target=Context().run, args=(sort, own, who))
        for own, who in ((ids[:9], "clerk"), ([ids[11], *ids[2:11]], "organizer"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(many) == placed() == len(ids)
    assert service.counts(world.courtyard) == (12, 12, 1), "and the need was made once"


def test_a_new_need_that_is_accepted_twice_by_a_double_tap_is_no_fault(
    world: World, say: Say, clerk: str
) -> None:
    one, fresh = say("灯不亮"), [Fresh("楼道照明", None)]
    assert service.place(one, [], fresh=fresh, by=clerk, at=AT) == 1
    assert service.place(one, [], fresh=fresh, by=clerk, at=AT) == 0
    with pytest.raises(Refused, match="已经有人归好了"):
        service.place(one, [], fresh=[Fresh("下水", None)], by=clerk, at=AT)
    assert placed() == 1


def test_nothing_said_is_offered_first_and_all_of_it_is_set_aside_at_once(
    desk: Browser, board: str, world: World, say: Say
) -> None:
    for text in ("没意见", "挺好，谢谢", "没啥说的", "感谢社区"):
        say(text)
    work_out(world)
    page = desk.see(board)
    assert "没有诉求" in page.one(".offer.best").text_content()
    page = press(desk, page, "[data-key='1']")
    assert page.says("都归好了")
    assert page.says("第 1 条等 4 条里没有诉求")
    assert desk.send(f"{board}/undo", page.form(f"{board}/merge")).says("没归类：还有 4 条")


def test_several_wishes_are_told_apart_and_taken_one_by_one_or_all_at_once(
    desk: Browser, board: str, world: World, say: Say
) -> None:
    both = [say("楼道灯坏了，另外下水道也堵了", n) for n in range(2)]
    page = desk.see(board)
    assert page.says("说了 2 件事")
    assert page.says("“楼道灯坏了”")
    assert page.one("blockquote").text_content() == both[0].text
    page = press(desk, page, "[data-key='a']")
    assert {n.category for n in ledger.needs_of([both[0].id])[both[0].id]} == {
        "stair-light",
        "drain",
    }
    page = press(desk, page, "[data-key='2']")
    assert [n.category for n in ledger.needs_of([both[1].id])[both[1].id]] == ["drain"]


def test_where_the_same_was_put_before_is_offered_first_whatever_it_is_called(
    desk: Browser, board: str, world: World, lamps: list[Suggestion], need: Named, clerk: str
) -> None:
    ours = need("三号院亮化")
    work_out(world)
    service.place(lamps[0], [ours.id], by=clerk, at=AT)
    assert desk.see(board).one(".offer.best").get("value") == ours.id


def test_what_no_word_tells_is_offered_in_its_own_words(
    desk: Browser, board: str, world: World, say: Say, clerk: str
) -> None:
    first = say("希望把那面旗子摆正")
    say("麻烦把那面旗子摆正！")
    work_out(world)
    page = desk.see(board)
    assert page.says("新建：希望把那面旗子摆正")
    assert page.says("另有 1 条也是说这个")
    service.place_new(first, "国旗", None, by=clerk, at=AT)
    page = desk.see(board)
    assert page.one(".offer.best b").text == "国旗"
    assert page.says("同样的话归过这里")


@pytest.mark.parametrize(
    "text",
    [
        "希望3号楼2单元502的王大爷把那面旗子摆正",
        "旗子歪了，3号楼2单元502说过，电话13812345678",
        "楼道灯不亮，住3-2-502，张师傅修过，还有物业费太贵了",
    ],
)
def test_no_title_is_offered_that_tells_everybody_who_or_where_somebody_is(
    desk: Browser, board: str, say: Say, text: str
) -> None:
    one = say(text)
    page = desk.see(board)
    offered = [b.get("value") for b in page.all("button.offer")]
    form = desk.see(f"{board}?do=new").form("/desk/suggestion/")
    assert offered
    for title in (*offered, form["title"]):
        assert not [word for word in ("502", "138", "王大爷", "张师傅") if word in title]
    assert one.text == text, "the record keeps what was written"


def test_proposals_are_worked_out_in_batches_and_anew_when_the_words_change(
    app: Flask, world: World, round_: Round, lamps: list[Suggestion], say: Say
) -> None:
    assert proposing.due() == [world.courtyard]
    assert proposing.work_out(world.courtyard) == 4
    assert proposing.due() == []
    db.session.execute(db.update(Proposal).values(vocabulary="older"))
    db.session.commit()
    say("又一条")
    assert proposing.due() == [world.courtyard]
    assert proposing.work_out(world.courtyard) == 5
    assert proposing.due() == []


def test_who_asks_for_two_things_goes_along_once_the_other_has_a_need_too(
    desk: Browser, board: str, world: World, say: Say
) -> None:
    drain = say("下水道堵了")
    say("楼道灯不亮了")
    both = say("楼道灯坏了，下水道也堵了")
    work_out(world)
    clerk = world.accounts["clerk"]
    page = desk.see(f"{board}?at=2")
    assert not page.all(f"[name=also][value='{both.id}']"), "nobody has said where the drain goes"
    service.place(drain, [], fresh=[Fresh("下水堵了", "drain")], by=clerk, at=AT)
    page = desk.see(f"{board}?at=2")
    assert page.all(f"[name=also][value='{both.id}']")
    assert page.says("归“下水堵了”")
    assert page.one(f"[name=besides][value^='{both.id}:']").get("checked") is not None
    page = press(desk, page, "[data-key='1']")
    assert page.says("都归好了")
    titles = sorted(need.title for need in ledger.needs_of([both.id])[both.id])
    assert len(titles) == 2
    assert "下水堵了" in titles
    entry = last_act(world.courtyard, clerk, LATER)
    assert entry
    undo(world.courtyard, entry.id, by=clerk, at=LATER)
    assert both.id not in ledger.needs_of([both.id])
    assert len(ledger.needs_of([drain.id])[drain.id]) == 1


@pytest.fixture
def drain(say: Say, world: World) -> Need:
    """A need that a suggestion about the drain was put to."""
    blocked = say("下水道堵了")
    work_out(world)
    at_once = [Fresh("下水堵了", "drain")]
    service.place(blocked, [], fresh=at_once, by=world.accounts["clerk"], at=AT)
    return ledger.needs_of([blocked.id])[blocked.id][0]


@pytest.mark.parametrize(
    ("ticked", "titles"),
    [
        (("also", "besides"), ["下水堵了", "楼道灯不亮，上楼摸黑"]),
        (("also",), ["楼道灯不亮，上楼摸黑"]),
        (("besides",), ["下水堵了"]),
        ((), []),
    ],
)
def test_each_thing_that_another_says_has_its_tick_and_goes_where_it_is_ticked(
    desk: Browser, board: str, world: World, say: Say, drain: Need, ticked: Ticks, titles: list[str]
) -> None:
    say("楼道灯不亮了")
    both = say("楼道灯坏了，下水道也堵了")
    work_out(world)
    values = {"also": both.id, "besides": f"{both.id}:{drain.id}"}
    page = desk.see(board)
    assert page.says("一起归")
    form = {name: [value] if name in ticked else [] for name, value in values.items()}
    page = press(desk, page, "[data-key='1']", **form)
    assert page.says("把第 2 条等 2 条归进" if "also" in ticked else "把第 2 条归进")
    assert [n.title for n in ledger.needs_of([both.id]).get(both.id, [])] == titles
    page = desk.send(f"{board}/undo", page.form(board if ticked else "/desk/suggestion/"))
    assert both.id not in ledger.needs_of([both.id])
    assert page.says("没归类：还有 2 条")


def test_those_who_say_the_same_words_stand_in_one_line_with_one_tick(
    desk: Browser, board: str, world: World, say: Say
) -> None:
    say("楼道灯不亮了", 0)
    alike = [say(text, n) for n, text in enumerate(("楼道灯坏了", "2号楼楼道灯坏了，谢谢！"), 1)]
    other = say("上楼摸黑，灯都不亮", 13)
    work_out(world)
    page = desk.see(board)
    assert page.says("另有 3 条也是说这个")
    assert page.says("同样的话 2 条")
    both = ",".join(sorted(one.id for one in alike))
    assert {box.get("value") for box in page.all("[name=also]")} == {both, other.id}
    page = press(desk, page, "[data-key='1']", also=[both])
    assert page.says("把第 1 条等 3 条归进")
    assert page.one("blockquote").text_content() == other.text


def test_a_need_that_is_not_proposed_for_another_is_not_taken_from_the_form(
    desk: Browser, board: str, world: World, say: Say, drain: Need
) -> None:
    say("楼道灯不亮了")
    dark = say("楼道灯坏了")
    work_out(world)
    form = {"also": [], "besides": [f"{dark.id}:{drain.id}", f"{dark.id}:nothing", "strange"]}
    press(desk, desk.see(board), "[data-key='1']", **form)
    assert dark.id not in ledger.needs_of([dark.id])


def test_what_is_unticked_besides_stays_so_while_a_need_is_looked_for(
    desk: Browser, board: str, world: World, say: Say, drain: Need
) -> None:
    dark = say("楼道灯不亮了")
    both = say("楼道灯坏了，下水道也堵了")
    work_out(world)
    page = desk.see(f"{board}?q=灯&group={dark.id}&also={both.id}")
    assert page.all("[name=also][checked]")
    assert not page.all("[name=besides][checked]")


def test_those_that_say_several_things_are_looked_at_last(
    desk: Browser, board: str, world: World, say: Say
) -> None:
    both = say("楼道灯坏了，下水道也堵了")
    tree, charge = say("想学书法"), say("电动车没地方充电")
    work_out(world)

    def shown(address: str) -> str:
        return str(desk.see(address).one("blockquote").text_content())

    assert shown(board) == tree.text
    assert shown(f"{board}?at=1") == both.text, "what is asked for by its number is shown"
    assert shown(f"{board}?at=3") == charge.text
    page = desk.see(f"{board}?at=3")
    last = desk.see(page.one("[data-key='j']").get("href"))
    assert last.one("blockquote").text_content() == both.text
    assert desk.see(last.one("[data-key='j']").get("href")).says(tree.text), "from the first again"
    assert shown(last.one("[data-key='k']").get("href")) == charge.text
    assert shown(page.one("[data-key='k']").get("href")) == tree.text
    page = press(desk, page, "[data-key='x']")
    assert page.one("blockquote").text_content() == both.text, "after the last that says one thing"
    page = desk.send(f"{board}/undo", page.form("/desk/suggestion/"))
    assert page.one("blockquote").text_content() == charge.text, "what is taken back is shown"


def test_what_no_word_tells_is_gathered_by_its_characters(world: World, say: Say) -> None:
    said = ["信号塔辐射太大睡不着", "信号塔的辐射太大睡不着觉", "想学书法"]
    one, alike, _other = [say(text) for text in said]
    work_out(world)
    found = proposing.asked_by(one.id)
    assert found
    assert found.matter
    assert found.matter.startswith(proposing.OWN_WORDS)
    assert [s.suggestion.id for s in proposing.same(one, found, 9).said] == [alike.id]
