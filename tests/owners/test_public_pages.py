"""What everybody sees of an owners' vote: its page, the part that moves, the big screen."""

from datetime import timedelta

import pytest
from flask import Flask, current_app
from werkzeug.test import TestResponse

from surveys.owners import drafting, extending, public, sealing, service
from surveys.owners.models import EntryState
from surveys.web import config_of
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.owners import stage
from tests.owners.sheets import Counter
from tests.owners.stage import (
    ABSTAIN,
    AFTER_CLOSE,
    AGAINST,
    CLOSES,
    FOR,
    NOTICED,
    WHILE_OPEN,
    Stage,
)
from tests.world import World

CLAUSE = "Whoever returns no sheet is counted with the majority."
PARTS = ("", "/live", "/live?on=wall", "/screen")


def here(vote: Stage, more: str = "") -> str:
    """An address of the vote that is open to everybody."""
    return f"/owners/{vote.vote.id}{more}"


def anybody(app: Flask) -> Browser:
    """A browser that nobody has signed in with."""
    found = app.test_client()
    assert isinstance(found, Browser)
    return found


def page(app: Flask, vote: Stage, more: str = "") -> Page:
    """One of these pages as anybody gets it."""
    return anybody(app).see(here(vote, more))


def published(vote: Stage, *, uncounted: int = 0) -> None:
    """Signed, sealed and published after the close."""
    by, at = vote.who("organizer"), AFTER_CLOSE
    sealing.sign(vote.vote, uncounted=uncounted, by=vote.who("supervisor"), at=at)
    sealing.seal(vote.vote, by=by, at=at)
    sealing.publish(vote.vote, by=by, at=at)


def test_everybody_reads_what_is_voted_on_by_whom_until_when_and_how(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    shown = page(app, vote)
    for words in (
        "由 The committee 召集",
        "1. Hire a company",
        "一般事项：参与表决的业主按人数算过半数同意，并且按面积算也过半数同意。",
        "重大事项：参与表决的业主按人数算四分之三以上同意，并且按面积算也四分之三以上同意。",
        "一共 18 位，专有面积一共 2,112.00 ㎡",
        "按人数算三分之二以上，按面积算也三分之二以上",
        "找 The committee 或者楼栋长要一张纸票",
        "这次不在网上投，只用纸票。",
        "一个人最多代 3 位业主",
        "第二百七十八条",
    ):
        assert shown.says(words), words


def test_where_owners_vote_online_the_sentence_that_allows_it_stands_on_the_page(
    app: Flask, world: World, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    stage.allow_online(world)
    vote = stage.opened(world, stage.drafted(world, is_online=True))
    shown = page(app, vote)
    assert shown.says("依据：The city allows it.")
    assert shown.all(f'a[href="{here(vote, "/vote")}"]')


def test_the_silence_clause_stands_word_for_word(app: Flask, world: World, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    vote = stage.opened(world, stage.drafted(world, silence_text=CLAUSE))
    shown = page(app, vote)
    assert shown.says(f"the rules of procedure写着：“{CLAUSE}”")
    assert shown.says("两种结果都会公布")


def test_both_gauges_say_how_many_owners_and_how_much_area_are_missing(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    vote.sheets([1, 5], FOR, AGAINST)
    for more in PARTS:
        shown = page(app, vote, more)
        assert shown.says("已投 2 户，一共 18 户"), more
        assert shown.says("还差 10 户"), more
        assert shown.says("已投 528.00 ㎡，一共 2,112.00 ㎡"), more
        assert shown.says("还差 880.00 ㎡"), more


def test_enough_taking_part_is_not_said_as_if_it_were_agreement(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    assert page(app, vote, "/screen").says("按已录入数据，未达到法定比例")
    vote.sheets([1, *range(5, 17)], AGAINST, AGAINST)
    board = page(app, vote, "/screen")
    assert board.says("按已录入数据，参与达到法定比例")
    assert board.says("赞成多少，截止后公布")


def test_an_open_vote_shows_the_same_whatever_the_sheets_say(
    app: Flask, world: World, clock: Clock
) -> None:
    """Bytes, sizes, tags: owners who vote anew, and otherwise, change nothing that is seen."""
    clock.is_now(WHILE_OPEN)
    stage.allow_online(world)
    vote = stage.opened(world, stage.drafted(world, is_online=True))
    told = []
    for mark in (FOR, AGAINST, ABSTAIN):
        for number in range(5, 9):
            Counter(vote).online(number, mark, mark)
        told.append(answers(app, vote))
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("then", ["closed", "sealed"])
def test_until_it_is_published_two_votes_that_went_otherwise_look_alike(
    app: Flask, vote: Stage, clock: Clock, then: str
) -> None:
    other = another(vote)
    for one, mark in ((vote, FOR), (other, AGAINST)):
        one.sheets([1, *range(4, 16)], mark, mark)
        if then == "sealed":
            sealing.sign(one.vote, by=one.who("supervisor"), at=AFTER_CLOSE)
            sealing.seal(one.vote, by=one.who("organizer"), at=AFTER_CLOSE)
    clock.is_now(AFTER_CLOSE)
    assert alike(app, vote) == alike(app, other)


def another(vote: Stage) -> Stage:
    """A second vote on the same register."""
    draft = stage.drafted(vote.world)
    secret = config_of(current_app).secret
    drafting.open_(draft, by=vote.who("organizer"), at=NOTICED, secret=secret)
    owners = {one.owner.number: one.owner.id for one in service.owners_of(draft)}
    return Stage(vote.world, draft, owners)


def alike(app: Flask, vote: Stage) -> list[tuple[int, bytes]]:
    """What anybody is answered, without what tells one vote from another: id, tag, chain."""
    tag = public.seen(vote.vote.id, AFTER_CLOSE).tag
    chain = " ".join(vote.vote.head[n : n + 8] for n in range(0, 64, 8))
    told = []
    for status, _tag, found in answers(app, vote):
        for own in (vote.vote.id, tag, chain):
            found = found.replace(own.encode(), b"-")
        told.append((status, found))
    return told


def answers(app: Flask, vote: Stage) -> list[tuple[int, str | None, bytes]]:
    """What anybody is answered: status, tag, and every byte but the form token."""
    found = [anybody(app).get(here(vote, more)) for more in PARTS]
    return [(a.status_code, a.headers.get("ETag"), without_tokens(a)) for a in found]


def without_tokens(answer: TestResponse) -> bytes:
    """The answer without the form tokens, which differ for every browser."""
    lines = answer.get_data().splitlines()
    return b"\n".join(line for line in lines if b"csrf_token" not in line)


def test_a_part_that_is_still_true_is_not_sent_again(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    first = anybody(app).get(here(vote, "/live"))
    tag = first.headers["ETag"].removeprefix('W/"').rstrip('"')
    assert anybody(app).get(here(vote, f"/live?seen={tag}")).status_code == 204
    known = {"If-None-Match": first.headers["ETag"]}
    assert anybody(app).get(here(vote, "/live"), headers=known).status_code == 304
    vote.sheet(5, FOR, FOR)
    assert anybody(app).get(here(vote, f"/live?seen={tag}")).status_code == 200


def test_a_draft_is_nobodys_business_and_a_void_vote_says_why(
    app: Flask, world: World, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    stage.register(world)
    draft = stage.drafted(world)
    for more in PARTS:
        assert anybody(app).get(f"/owners/{draft.id}{more}").status_code == 404
    assert anybody(app).get("/owners/nothing").status_code == 404


def test_a_void_vote_says_why(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    sealing.void(vote.vote, "wrong list", by=vote.who("organizer"), at=WHILE_OPEN)
    for more in PARTS:
        assert page(app, vote, more).says("为什么：wrong list"), more


def test_an_announced_vote_says_when_it_begins(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(NOTICED + timedelta(days=1))
    assert page(app, vote).says("还没开始")
    assert page(app, vote, "/screen").says("还没开始")
    assert not page(app, vote, "/screen").says("法定比例")


def test_a_close_that_was_put_off_is_told_with_its_reason(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    later = CLOSES + timedelta(days=5)
    extending.extend(vote.vote, later, "too few", by=vote.who("organizer"), at=WHILE_OPEN)
    assert page(app, vote).says("：too few")


def test_the_published_result_gives_each_part_with_the_whole_that_it_is_of(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    vote.sheets([1, *range(5, 15)], FOR, FOR)
    vote.sheets([2, 15], AGAINST, AGAINST)
    clock.is_now(AFTER_CLOSE)
    published(vote)
    shown = page(app, vote)
    assert len(shown.all("section[aria-labelledby^=motion-]")) == 2
    for words in (
        "表决结果：",
        "按已录入数据，达到法定比例",
        "按户数：13 户，占全体业主 18 户的 72.22%，达到",
        "按面积：1,496.00 ㎡，占全体业主 2,112.00 ㎡的 70.83%，达到",
        "按户数：11 户，占参与表决 13 户的 84.62%，达到",
        "按面积：1,320.00 ㎡，占参与表决 1,496.00 ㎡的 88.24%，达到",
        "由业主和主管部门认定",
        vote.vote.head[:8],
    ):
        assert shown.says(words), words
    assert not shown.says("合法通过")
    board = page(app, vote, "/screen")
    assert board.says("赞成 11 户，要 7 户；1,320.00 ㎡，要 748.01 ㎡")
    assert not board.all("[hx-get]")


def test_a_result_that_lacks_something_says_how_much(app: Flask, vote: Stage, clock: Clock) -> None:
    vote.sheets([1, *range(5, 11)], FOR, FOR)
    clock.is_now(AFTER_CLOSE)
    published(vote)
    shown = page(app, vote)
    assert shown.says("按已录入数据，未达到法定比例")
    assert shown.says("占全体业主 18 户的 38.89%，还差 5 户")
    assert shown.says("占全体业主 2,112.00 ㎡的 45.83%，还差 440.00 ㎡")


def test_with_a_silence_clause_both_results_are_published(
    app: Flask, world: World, clock: Clock
) -> None:
    vote = stage.opened(world, stage.drafted(world, silence_text=CLAUSE))
    vote.sheets([5, 6, 7], FOR, FOR)
    vote.deliver(*range(1, 17))
    clock.is_now(AFTER_CLOSE)
    published(vote)
    shown = page(app, vote)
    first = shown.all("section[aria-labelledby=motion-1]")[0].text_content()
    assert "按已录入数据，未达到法定比例" in first
    assert "按已录入数据，达到法定比例" in first
    assert shown.says("赞成占全体业主的 88.89%，占参与表决的 100.00%")
    assert shown.says("送到了票、没有投的：13 户")


def test_what_did_not_count_is_told_with_its_number(app: Flask, vote: Stage, clock: Clock) -> None:
    vote.sheets([1, *range(5, 15)], FOR, FOR)
    vote.sheet(2, FOR, FOR, state=EntryState.PENDING)
    clock.is_now(AFTER_CLOSE)
    published(vote, uncounted=1)
    assert page(app, vote).says("没有计入：1 张票没人核对，0 户的票有争议。")


def test_a_wall_leafs_through_many_motions(app: Flask, world: World, clock: Clock) -> None:
    motions = [(f"Thing {n}", "other") for n in range(1, 6)]
    vote = stage.opened(world, stage.drafted(world, motions=motions))
    vote.sheet(5, *[FOR] * 5)
    clock.is_now(AFTER_CLOSE)
    published(vote)
    first, second = page(app, vote, "/screen"), page(app, vote, "/screen?page=2")
    assert first.says("后面还有 2 项")
    assert not first.says("Thing 4")
    assert second.says("Thing 5")
    assert page(app, vote, "/screen?page=9").says("没有这一页。")
    assert page(app, vote, "/screen?page=<b>").says("Thing 1")


def test_the_courtyards_page_leads_to_a_vote_while_it_runs_and_to_its_result(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    from surveys.courtyards import service as courtyards

    code = courtyards.find(vote.vote.courtyard_id).code
    link = f'a[href="{here(vote)}"]'
    clock.is_now(WHILE_OPEN)
    assert anybody(app).see(f"/c/{code}").all(link)
    clock.is_now(AFTER_CLOSE)
    counting = anybody(app).see(f"/c/{code}")
    assert counting.all(link)
    assert counting.says("业主表决截止了，正在计票。")
    published(vote)
    assert anybody(app).see(f"/c/{code}").says("公布")
