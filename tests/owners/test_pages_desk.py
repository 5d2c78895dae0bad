"""An owners' vote at the desk: drafted, frozen, its ballots delivered, put off, printed."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.owners import delivering, extending, service
from surveys.owners.delivering import Noted, Reached
from surveys.owners.models import DeliveryWay, OwnersVote
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.owners import stage
from tests.owners.making import BEFORE, drafted, opened, with_motions
from tests.owners.stage import AFTER_CLOSE, CLOSES, NOTICED, WHILE_OPEN, Stage
from tests.world import World, sign_in

TODAY = date(2026, 11, 21)


@pytest.fixture
def desk(world: World, browser: Browser, clock: Clock) -> Browser:
    """The organizer's browser, while a draft is still to be made."""
    clock.at = AFTER_CLOSE  # whoever signs in stays so for a week, and these tests take a month
    sign_in(browser, world.accounts["organizer"])
    clock.at = BEFORE
    return browser


def votes_of(world: World) -> str:
    return f"/desk/courtyard/{world.courtyard}/votes"


def home(vote: OwnersVote) -> str:
    return f"/desk/owners/{vote.id}"


def fields(page: Page) -> list[str]:
    return [str(field.get("name")) for field in page.all(".line [name]")]


# --- drafting ------------------------------------------------------------------------------------


def test_a_draft_is_made_in_the_courtyards_own_time(world: World, desk: Browser) -> None:
    page = desk.see(votes_of(world))
    page = desk.send(votes_of(world), {**page.form(votes_of(world)), "title": "选聘物业"})
    assert page.says("存成草稿了")
    (vote,) = service.of_courtyard(world.courtyard)
    assert (vote.title, vote.called_by, vote.proxy_most) == ("选聘物业", "C", 3)
    opens = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
    assert vote.opens_at == opens + timedelta(days=0)  # 8 in the morning of the 16th day
    assert page.says("先写第一项")


def test_a_refusal_keeps_what_was_typed(world: World, desk: Browser) -> None:
    form = desk.see(votes_of(world)).form(votes_of(world))
    page = desk.send(
        votes_of(world), {**form, "title": "选聘物业", "closes_at": str(form["opens_at"])}
    )
    assert page.status == 422
    assert page.says("截止要在开始之后。")
    assert page.one("[name=title]").get("value") == "选聘物业"


def test_without_an_online_rule_there_is_no_box_to_tick(world: World, desk: Browser) -> None:
    page = desk.see(votes_of(world))
    assert "is_online" not in fields(page)
    assert page.says("要本地规定允许")


def test_motions_are_written_moved_changed_and_taken_off(world: World, desk: Browser) -> None:
    vote = drafted(world)
    here = f"{home(vote)}/motions"
    for title, matter in (("甲", "manager"), ("乙", "raise_fund")):
        form = desk.see(here).form(here)
        page = desk.send(here, {**form, "title": title, "matter": matter})
    assert page.says("一般事项：选聘和解聘物业服务企业")
    assert page.says("重大事项：筹集维修资金")
    first, second = service.motions_of(vote)
    desk.send(f"{here}/{second.id}/move", {**page.form(), "to": "up"})
    change = f"{here}/{first.id}"
    form = desk.see(change).form(change)
    assert desk.send(change, {**form, "title": "甲物业公司"}).says("存好了。")
    db.session.expire_all()
    assert [m.title for m in service.motions_of(vote)] == ["乙", "甲物业公司"]
    page = desk.send(f"{here}/{second.id}/remove", page.form())
    assert page.says("去掉了“乙”。")


def test_a_draft_says_what_it_still_lacks_and_does_not_open(world: World, desk: Browser) -> None:
    vote = drafted(world)
    assert desk.see(home(vote)).says("还没有议题。先写要表决什么。")
    page = desk.see(f"{home(vote)}/open")
    assert page.says("还定不了")
    page = desk.send(f"{home(vote)}/open", desk.see(votes_of(world)).form())
    assert page.status == 409
    assert service.find(vote.id).frozen_at is None


def test_what_is_fixed_is_looked_through_and_then_frozen(
    world: World, desk: Browser, clock: Clock
) -> None:
    stage.register(world)
    vote = with_motions(world)
    page = desk.see(f"{home(vote)}/open")
    assert page.says("18 位，24 套，一共 2,112.00 ㎡")
    assert page.says("四分之三以上同意")
    clock.at = NOTICED
    page = desk.send(f"{home(vote)}/open", page.form(f"{home(vote)}/open"))
    assert page.says("公告了，没开始")
    assert page.says("印公告")
    for gone in ("edit", "motions", "open"):
        assert desk.see(f"{home(vote)}/{gone}").one("h1").text_content() == vote.title


def test_a_vote_with_a_silence_clause_warns_on_its_page(
    app: Flask, world: World, desk: Browser, clock: Clock
) -> None:
    vote = opened(app, world, silence_text="不表决的从多数", silence_source="议事规则").vote
    clock.at = WHILE_OPEN
    page = desk.see(home(vote))
    assert page.says("还有 18 位没登记")
    assert page.says("不表决的从多数")


def test_before_sealing_nothing_of_agreement_is_told(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    vote.sheets(range(1, 13), stage.FOR, stage.AGAINST)
    page = desk.see(home(vote.vote))
    assert page.says("已投 12 户，一共 18 户")
    assert not re.search("赞成[0-9]|反对[0-9]", page.text)


@pytest.mark.parametrize(
    ("at", "said"),
    [(NOTICED, "公告了，没开始"), (WHILE_OPEN, "正在投"), (AFTER_CLOSE, "请监督员签认票数")],
)
def test_the_page_says_what_to_do_next(
    vote: Stage, desk: Browser, clock: Clock, at: datetime, said: str
) -> None:
    clock.at = at
    assert desk.see(home(vote.vote)).says(said)


def test_an_observer_reads_the_page_and_no_name(
    vote: Stage, browser: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    sign_in(browser, vote.who("observer"))
    page = browser.see(home(vote.vote))
    assert page.status == 200
    assert not page.says("Owner 5")
    assert browser.see(f"{home(vote.vote)}/deliveries").status == 403


# --- later ---------------------------------------------------------------------------------------


def test_the_close_is_put_off_and_its_notice_printed(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    here = f"{home(vote.vote)}/extend"
    assert desk.see(f"{home(vote.vote)}/extension").status == 409
    page = desk.send(here, {**desk.see(here).form(here), "reason": "下大雨"})
    assert page.says("推迟了。")
    paper = desk.see(f"{home(vote.vote)}/extension")
    assert paper.says("原来 2026 年 11 月 30 日")
    assert paper.says("为什么：下大雨")


def test_putting_off_refuses_in_words_and_after_the_close_leads_back(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    here = f"{home(vote.vote)}/extend"
    form = desk.see(here).form(here)
    page = desk.send(here, {**form, "reason": "A", "closes_at": "2026-11-25T08:00"})
    assert page.status == 422
    assert page.says("只能往后推")
    clock.at = AFTER_CLOSE
    assert desk.see(here).says("截止前才能推迟。")


def test_a_vote_is_voided_with_a_reason(vote: Stage, desk: Browser, clock: Clock) -> None:
    clock.at = WHILE_OPEN
    here = f"{home(vote.vote)}/void"
    form = desk.see(here).form(here)
    assert desk.send(here, form).status == 422
    assert desk.send(here, {**form, "reason": "名册错了"}).says("为什么：名册错了")


# --- deliveries ----------------------------------------------------------------------------------


def deliveries(vote: Stage) -> str:
    return f"{home(vote.vote)}/deliveries"


def test_owners_are_ticked_and_noted_at_once(vote: Stage, desk: Browser, clock: Clock) -> None:
    clock.at = WHILE_OPEN
    form = desk.see(deliveries(vote)).form(deliveries(vote))
    page = desk.send(
        deliveries(vote), {**form, "owner": [vote.owners[1], vote.owners[2]], "line": ""}
    )
    assert page.says("记下了 2 位。")
    assert page.says("送到 2 位")
    assert delivering.numbers(service.find(vote.vote.id))[Reached.DELIVERED] == 2


def test_all_that_are_shown_may_be_ticked_by_a_link(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    page = desk.see(f"{deliveries(vote)}?show=not_yet&building=2&tick=all")
    shown = page.all("[name=owner]")
    assert 0 < len(shown) < 18
    assert all(box.get("checked") is not None for box in shown)


def test_nobody_ticked_keeps_what_was_typed(vote: Stage, desk: Browser, clock: Clock) -> None:
    clock.at = WHILE_OPEN
    form = desk.see(deliveries(vote)).form(deliveries(vote))
    page = desk.send(deliveries(vote), {**form, "to_whom": "老王"})
    assert page.status == 422
    assert page.says("请先勾上业主。")
    assert page.one("[name=to_whom]").get("value") == "老王"


def test_a_wrong_line_is_taken_back_and_stays_readable(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    by = vote.who("clerk")
    noted = Noted(DeliveryWay.HAND, TODAY, "邻居")
    delivering.note(vote.vote, [vote.owners[5]], noted, by=by, at=WHILE_OPEN)
    page = desk.see(f"{deliveries(vote)}?show=delivered")
    (button,) = page.all("button[name=line]")
    form = {**page.form(deliveries(vote)), "line": button.get("value")}
    page = desk.send(button.get("formaction"), form)
    assert page.says("撤回了。")
    assert desk.see(deliveries(vote)).one("del").text_content().strip().endswith("（clerk记）")


def test_a_file_that_is_no_picture_is_refused_in_words(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    form = desk.see(deliveries(vote)).form(deliveries(vote))
    sent = {**form, "owner": vote.owners[1], "photo": (BytesIO(b"MZ not a picture"), "a.jpg")}
    page = desk.send(deliveries(vote), sent)
    assert page.status == 422
    assert page.says("不是照片")


# --- papers --------------------------------------------------------------------------------------


def test_the_notice_says_everything_from_the_record(
    app: Flask, world: World, desk: Browser
) -> None:
    vote = opened(app, world).vote
    paper = desk.see(f"{home(vote)}/notice")
    for said in (
        "业主表决公告",
        "由The committee召集",
        "1 号楼、2 号楼的业主，一共 18 位，专有面积一共 2,112.00 ㎡",
        "1. Hire a company 一般事项",
        "2. Raise the fund 重大事项",
        "参与表决的业主按人数算过半数同意，并且按面积算也过半数同意。",
        "参与表决的业主按人数算四分之三以上同意，并且按面积算也四分之三以上同意。",
        "按人数算三分之二以上，按面积算也三分之二以上",
        "从 2026 年 11 月 20 日上午 10 点起",
        "到 2026 年 11 月 30 日上午 10 点止",
        "一个人最多代 3 位业主",
        "这一项算弃权",
        "不在网上投。",
        "《中华人民共和国民法典》第二百七十八条",
        "贴出日期：2026 年 11 月 5 日",
    ):
        assert paper.says(said), said


def test_the_notice_prints_a_short_notice_and_a_silence_clause_word_for_word(
    app: Flask, world: World, desk: Browser
) -> None:
    vote = opened(
        app,
        world,
        noticed_on=date(2026, 11, 10),
        notice_reason="水管爆了",
        silence_text="不表决的，\n从多数。",
        silence_source="议事规则第 9 条",
    ).vote
    paper = desk.see(f"{home(vote)}/notice")
    for said in ("因为：水管爆了", "议事规则第 9 条约定：不表决的，从多数。", "两种结果都会公布"):
        assert paper.says(said), said


def test_every_owner_has_one_paper_with_three_boxes_for_each_motion(
    app: Flask, world: World, desk: Browser
) -> None:
    vote = opened(app, world).vote
    paper = desk.see(f"{home(vote)}/papers")
    sheets = paper.all("article")
    assert len(sheets) == 18
    first = re.sub(r"\s+", "", sheets[0].text_content())
    assert "Owner1" in first
    assert "一共440.00㎡" in first
    assert first.count("□赞成") == first.count("□反对") == first.count("□弃权") == 2
    assert not paper.all("article img, article svg")  # no code that a tenant could use
    second = desk.see(f"{home(vote)}/papers?building=2")
    assert 0 < len(second.all("article")) < 18


def test_what_was_noted_at_one_go_is_taken_back_at_one_go(
    desk: Browser, vote: Stage, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    here = deliveries(vote)
    form = desk.see(here).form(here)
    desk.send(here, {**form, "owner": [vote.owners[1]], "line": ""})
    clock.at += timedelta(minutes=1)
    noted = Noted(DeliveryWay.HAND, TODAY, "others")
    delivering.note(vote.vote, [vote.owners[3]], noted, by=vote.who("clerk"), at=clock.at)
    page = desk.see(f"{here}?sort=name")
    desk.send(here, {**page.form(here), "owner": [vote.owners[1], vote.owners[2]], "way": "mail"})
    page = desk.see(f"{here}?sort=name")
    batch = f"{here}/take-back-batch"
    assert page.says("撤回刚才记的 2 位")
    told = desk.send(batch + "?sort=name", page.form(batch))
    assert told.says("撤回了 2 位的")
    assert told.response.request.full_path.endswith("?sort=name")
    numbers = delivering.numbers(service.find(vote.vote.id))
    assert numbers[Reached.DELIVERED] == 2, "the batch before, and what another noted, stand"


def test_owners_are_found_by_number_name_and_door(desk: Browser, vote: Stage) -> None:
    assert len(desk.see(f"{deliveries(vote)}?q=没有这个").all("tbody tr")) == 0
    assert desk.see(f"{deliveries(vote)}?q=没有这个").says("没有找到")
    every = [cell.text_content().strip() for cell in desk.see(deliveries(vote)).all("tbody th")]
    turned = desk.see(f"{deliveries(vote)}?sort=-number").all("tbody th")
    assert [cell.text_content().strip() for cell in turned] == every[::-1]


def test_a_delivery_list_has_only_those_still_to_reach(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    ids = [vote.owners[n] for n in range(1, 17)]
    delivering.note(
        vote.vote,
        ids,
        Noted(DeliveryWay.HAND, TODAY, "本人"),
        by=vote.who("clerk"),
        at=WHILE_OPEN,
    )
    paper = desk.see(f"{home(vote.vote)}/delivery-list")
    assert paper.says("还有 2 位业主的票没送到")
    assert len(paper.all("tbody tr")) == 2


def test_what_could_not_be_delivered_is_posted_by_door_and_never_by_name(
    vote: Stage, desk: Browser, clock: Clock
) -> None:
    clock.at = WHILE_OPEN
    missed = Noted(DeliveryWay.FAILED, TODAY, note="没人")
    ids = [vote.owners[1], vote.owners[18]]
    delivering.note(vote.vote, ids, missed, by=vote.who("clerk"), at=WHILE_OPEN)
    paper = desk.see(f"{home(vote.vote)}/undelivered")
    assert paper.says("下面 6 套房的业主")
    assert not paper.says("Owner 1")


@pytest.mark.parametrize("paper", ["papers", "delivery-list", "undelivered", "extension"])
def test_no_paper_but_the_notice_to_look_at_is_printed_of_a_draft(
    world: World, desk: Browser, paper: str
) -> None:
    vote = with_motions(world)
    assert desk.see(f"{home(vote)}/{paper}").status == 409
    assert desk.see(f"{home(vote)}/notice").says("还没定下来，还会变")


def test_papers_are_printed_by_staff_who_may(vote: Stage, browser: Browser, clock: Clock) -> None:
    clock.at = WHILE_OPEN
    extending.extend(
        vote.vote, CLOSES + timedelta(days=1), "A", by=vote.who("organizer"), at=WHILE_OPEN
    )
    for who, status in (("clerk", 200), ("supervisor", 403), ("stranger", 404)):
        sign_in(browser, vote.who(who))
        for paper in ("notice", "papers", "delivery-list", "undelivered", "extension"):
            assert browser.see(f"{home(vote.vote)}/{paper}").status == status
