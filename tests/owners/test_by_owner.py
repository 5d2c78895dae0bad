"""Who may read who voted how, and that each look is noted; and the notice of the result."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.accounts.rules import RoleKind
from surveys.base import audit
from surveys.owners import sealing
from surveys.owners.models import DeliveryWay, EntryState
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.owners import stage
from tests.owners.stage import (
    ABSTAIN,
    AFTER_CLOSE,
    AGAINST,
    BLANK,
    FOR,
    WHILE_OPEN,
    Stage,
)
from tests.owners.test_pages_sealing import at_desk
from tests.world import World

READERS = {RoleKind.SUPERVISOR}
ROUTES = ("by-owner", "by-owner?page=1", "by-owner?owner=5", "by-owner/print")


def here(vote: Stage, more: str) -> str:
    """A page of the vote at the desk."""
    return f"/desk/owners/{vote.vote.id}/{more}"


def sealed(vote: Stage, *, uncounted: int = 0) -> None:
    """Signed and sealed after the close."""
    sealing.sign(vote.vote, uncounted=uncounted, by=vote.who("supervisor"), at=AFTER_CLOSE)
    sealing.seal(vote.vote, by=vote.who("organizer"), at=AFTER_CLOSE)


def read(app: Flask, vote: Stage, more: str = "by-owner?page=1", who: str = "supervisor") -> Page:
    """A page as somebody reads it."""
    return at_desk(app, vote, who).see(here(vote, more))


def looks(vote: Stage) -> list[tuple[str, dict[str, object]]]:
    """The looks that were noted at the vote, the oldest first, by act and facts."""
    found = audit.about(vote.vote.id, 100)
    told = [(e.act, e.facts) for e in found if e.act.startswith("owners.read")]
    return told[::-1]


@pytest.mark.parametrize("kind", list(RoleKind))
@pytest.mark.parametrize("more", ROUTES)
def test_of_all_posts_a_supervisors_alone_opens_it(
    app: Flask, vote: Stage, clock: Clock, kind: RoleKind, more: str
) -> None:
    clock.is_now(AFTER_CLOSE)
    vote.sheet(5, FOR, AGAINST)
    sealed(vote)
    answer = at_desk(app, vote, kind).get(here(vote, more))
    assert answer.status_code == (200 if kind in READERS else 403)
    if kind not in READERS:
        assert "Owner 5" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["clerk", "organizer", "observer"])
def test_whoever_was_named_to_count_reads_it_too_until_named_no_more(
    app: Flask, vote: Stage, clock: Clock, kind: str
) -> None:
    from surveys.owners import counters

    clock.is_now(AFTER_CLOSE)
    named = vote.name_counter(kind)
    for more in ROUTES:
        assert at_desk(app, vote, kind).get(here(vote, more)).status_code == 200
    counters.drop(vote.vote, named, by=vote.who("organizer"), at=AFTER_CLOSE)
    for more in ROUTES:
        assert at_desk(app, vote, kind).get(here(vote, more)).status_code == 403


@pytest.mark.parametrize("more", ROUTES)
def test_nobody_else_learns_that_it_exists(
    app: Flask, vote: Stage, clock: Clock, more: str
) -> None:
    clock.is_now(AFTER_CLOSE)
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    assert stranger.get(here(vote, more)).status_code == 303
    assert at_desk(app, vote, "stranger").get(here(vote, more)).status_code == 404


def test_once_sealed_it_says_of_each_owner_what_came_and_how(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    vote.sheet(5, FOR, BLANK)
    vote.sheet(6, AGAINST, ABSTAIN, state=EntryState.PENDING)
    vote.deliver(7)
    sealed(vote, uncounted=1)
    rows = [row.text_content() for row in read(app, vote).all("table tbody tr")]
    five, six, seven = ("".join(rows[n].split()) for n in (4, 5, 6))
    assert "纸票" in five
    assert "1赞成，2空白" in five
    assert "没核对，不算" in six
    assert "没交" in seven
    assert "送到了" in seven


@pytest.mark.parametrize("more", ["by-owner?page=1", "by-owner?owner=5", "by-owner/print"])
def test_before_the_sealing_it_has_no_marks(
    app: Flask, vote: Stage, clock: Clock, more: str
) -> None:
    vote.sheet(5, FOR, AGAINST)
    for at in (WHILE_OPEN, AFTER_CLOSE):
        clock.is_now(at)
        page = read(app, vote, more)
        assert page.says("Owner 5")
        for word in ("1赞成", "2反对", "每个议题"):
            assert not page.says(word)


def test_a_void_vote_keeps_its_sheets_closed(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    vote.sheet(5, FOR, AGAINST)
    sealing.void(vote.vote, "wrong", by=vote.who("organizer"), at=WHILE_OPEN)
    page = read(app, vote)
    assert page.says("作废了，投了什么不再给人看。")
    assert not page.says("1 赞成")


def test_each_look_is_noted_with_who_and_what_and_shown_on_the_page(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    seen = ("", "?page=1", "?owner=5", "?owner=1-1-101", "/print")
    for minutes, more in enumerate(seen, 1):
        clock.is_now(AFTER_CLOSE + timedelta(minutes=minutes))
        read(app, vote, f"by-owner{more}")
    assert looks(vote) == [
        ("owners.read_all", {"page": 1}),
        ("owners.read_one", {"number": 5}),
        ("owners.read_one", {"number": 1}),
        ("owners.read_printed", {}),
    ]
    page = read(app, vote, "by-owner")
    assert page.says("看了逐户登记，第 1 页")
    assert page.says("在逐户登记里查了 5 号业主")
    assert page.says("打开逐户登记准备打印")


def test_one_owner_who_asks_at_the_desk_is_shown_alone(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    page = read(app, vote, "by-owner?owner=5")
    assert page.says("Owner 5")
    assert not page.says("Owner 6")


@pytest.mark.parametrize(
    "typed", ["99", "9-9-901", "<script>alert(1)</script>", "％00", "' or 1=1", "0"]
)
def test_what_is_nobodys_number_or_door_is_said_and_notes_no_look(
    app: Flask, vote: Stage, clock: Clock, typed: str
) -> None:
    clock.is_now(AFTER_CLOSE)
    answer = at_desk(app, vote, "supervisor").get(
        here(vote, "by-owner"), query_string={"owner": typed}
    )
    assert answer.status_code == 422
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert looks(vote) == []


def test_a_page_past_the_last_says_so(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(AFTER_CLOSE)
    assert read(app, vote, "by-owner?page=9").says("没有这一页。")


def test_a_drafts_register_is_not_read(app: Flask, world: World, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    stage.register(world)
    draft = Stage(world, stage.drafted(world), {})
    answer = at_desk(app, draft, "supervisor").get(here(draft, "by-owner?page=1"))
    assert answer.status_code == 409


# --- the notice of the result --------------------------------------------------------------------


def test_the_notice_of_the_result_is_printed_from_the_record(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    vote.sheets([1, *range(5, 15)], FOR, FOR)
    vote.sheet(15, AGAINST, AGAINST)
    vote.sheet(2, FOR, FOR, state=EntryState.PENDING)
    vote.deliver(*range(1, 16))
    vote.deliver(16, way=DeliveryWay.FAILED)
    vote.sold(6, "Buyer")
    sealed(vote, uncounted=1)
    page = at_desk(app, vote, "organizer").see(here(vote, "result-notice"))
    for words in (
        "业主表决结果公告",
        "还没公布：先公布，再贴。",
        "业主一共 18 位，专有面积一共 2,112.00 ㎡",
        "收回算数的表决票 12 张，面积 1,408.00 ㎡",
        "按已录入数据，达到法定比例",
        "占全体业主 18 户的 66.67%，达到",
        "占全体业主 2,112.00 ㎡的 66.67%，达到",
        "占参与表决 12 户的 91.67%，达到",
        "送到 15 位",
        "没送到、没张贴 3 位",
        "没有计入：1 张票没人核对，0 户的票有争议。",
        "投票期间转手 1 套，还按名册定下来那天的业主算：1 号楼 1 单元 202",
        "计票人（签字）",
        "监督员（签字）",
        "召集人：The committee（签字盖章）",
        "3 天内",
        "第二百七十八条",
    ):
        assert page.says(words), words
    for name in ("Owner 6", "Buyer", "Owner 15"):
        assert not page.says(name)


def test_the_notice_prints_the_silence_clause_with_both_results(
    app: Flask, world: World, clock: Clock
) -> None:
    vote = stage.opened(world, stage.drafted(world, silence_text="Silence is assent."))
    clock.is_now(AFTER_CLOSE)
    vote.sheets([5, 6, 7], FOR, FOR)
    vote.deliver(*range(1, 17))
    sealed(vote)
    page = at_desk(app, vote, "organizer").see(here(vote, "result-notice"))
    assert page.says("the rules of procedure约定：Silence is assent.")
    assert page.says("只算交了票的：按已录入数据，未达到法定比例")
    assert page.says("的约定：按已录入数据，达到法定比例")
    assert page.says("送到了票、没有投的：13 户")


@pytest.mark.parametrize(("kind", "status"), [("clerk", 409), ("observer", 403), ("stranger", 404)])
def test_before_the_sealing_there_is_no_notice(
    app: Flask, vote: Stage, clock: Clock, kind: str, status: int
) -> None:
    clock.is_now(AFTER_CLOSE)
    assert at_desk(app, vote, kind).get(here(vote, "result-notice")).status_code == status
