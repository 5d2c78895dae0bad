"""The desk from the close to the published result, as its people see it."""

import pytest
from flask import Flask

from surveys.base import audit
from surveys.owners import counters, sealing
from surveys.owners.models import EntryState
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.owners import stage
from tests.owners.stage import AFTER_CLOSE, AGAINST, FOR, SEALS, WHILE_OPEN, Stage
from tests.world import World, sign_in


def at_desk(app: Flask, vote: Stage, kind: str) -> Browser:
    """A browser of its own, signed in with the account of this role."""
    found = app.test_client()
    assert isinstance(found, Browser)
    sign_in(found, vote.who(kind))
    return found


def here(vote: Stage, more: str = "sealing") -> str:
    """A page of the vote at the desk."""
    return f"/desk/owners/{vote.vote.id}/{more}"


def press(browser: Browser, vote: Stage, act: str, **typed: str) -> Page:
    """Open the page, fill in, and press the button of this act."""
    address = here(vote, act)
    form = browser.see(here(vote)).form(address)
    return browser.send(address, {**form, **typed})


def test_from_the_close_to_the_published_result(app: Flask, vote: Stage, clock: Clock) -> None:
    vote.sheets([1, *range(5, 16)], FOR, FOR)
    vote.sheet(16, AGAINST, AGAINST)
    early = at_desk(app, vote, "supervisor").see(here(vote))
    assert early.says("还没截止，截止以后才能签认。")
    clock.is_now(AFTER_CLOSE)
    supervisor, organizer = at_desk(app, vote, "supervisor"), at_desk(app, vote, "organizer")
    assert organizer.see(here(vote)).says("等监督员签认。")
    assert press(supervisor, vote, "sign").says("签好了。")
    assert supervisor.see(here(vote)).says("等组织者封存计票。")
    sealed = press(organizer, vote, "seal")
    assert sealed.says("按已录入数据，达到法定比例")
    assert sealed.says("13 户，占 72.22%")
    assert press(organizer, vote, "publish").says("已经公布")


def test_no_page_tells_of_agreement_before_the_sealing(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    vote.sheet(5, FOR, AGAINST)
    for at in (WHILE_OPEN, AFTER_CLOSE):
        clock.is_now(at)
        page = at_desk(app, vote, "supervisor").see(here(vote))
        assert page.says("1 户")
        assert not page.says("赞成")
        assert not page.says("法定比例")


def test_a_motion_that_fails_says_how_much_is_missing(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(AFTER_CLOSE)
    vote.sheets([1, 4], FOR, FOR)
    press(at_desk(app, vote, "supervisor"), vote, "sign")
    page = press(at_desk(app, vote, "organizer"), vote, "seal")
    assert page.says("按已录入数据，未达到法定比例")
    assert page.says("还差 10 户")
    assert page.says("还差 704.00 ㎡")


def test_with_a_silence_clause_both_results_stand_side_by_side(
    app: Flask, world: World, clock: Clock
) -> None:
    vote = stage.opened(world, stage.drafted(world, silence_text="Silence is assent."))
    clock.is_now(AFTER_CLOSE)
    vote.sheets([5, 6, 7], FOR, FOR)
    vote.deliver(*range(1, 17))
    press(at_desk(app, vote, "supervisor"), vote, "sign")
    page = press(at_desk(app, vote, "organizer"), vote, "seal")
    for found in page.all("section[aria-labelledby^=motion-]"):
        text = "".join(found.itertext())
        assert "只算交了票的：按已录入数据，未达到法定比例" in text
        assert "约定：按已录入数据，达到法定比例" in text
    assert page.says("赞成占全体业主的 88.89%，占参与表决的 100.00%")


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ("0", 409, "一共 2 张"),
        ("3", 409, "一共 2 张"),
        ("", 422, "请填一个数。"),
        ("-2", 422, "请写 0 到 100000 的整数。"),
        ("2.0", 422, "还没签上"),
        ("９９９９９９９９９９９９９９９９９９９９", 422, "请写 0 到 100000 的整数。"),
        ("2", 200, "签好了。"),
    ],
)
def test_what_waits_is_stated_by_hand(
    app: Flask, vote: Stage, clock: Clock, typed: str, status: int, says: str
) -> None:
    clock.is_now(AFTER_CLOSE)
    vote.sheet(5, FOR, FOR, state=EntryState.PENDING)
    vote.sheet(6, FOR, FOR, state=EntryState.CONTESTED)
    vote.sheet(6, AGAINST, FOR, state=EntryState.CONTESTED)
    page = press(at_desk(app, vote, "supervisor"), vote, "sign", uncounted=typed)
    assert page.status == status
    assert page.says(says)


def test_without_a_signature_the_organizer_seals_when_time_is_up(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    clock.is_now(SEALS)
    page = press(at_desk(app, vote, "organizer"), vote, "seal")
    assert page.says("没有监督员签认")


# --- counters ------------------------------------------------------------------------------------


def test_a_counter_is_named_and_dropped_and_both_are_noted(
    app: Flask, vote: Stage, clock: Clock
) -> None:
    organizer, page = at_desk(app, vote, "organizer"), here(vote, "counters")
    form = organizer.see(page).form(page)
    assert organizer.send(page, {**form, "name": " clerk "}).says("每看一次都记在案")
    assert counters.is_named(vote.vote, vote.who("clerk"))
    drop = f"{page}/{vote.who('clerk')}/drop"
    assert not organizer.send(drop, organizer.see(page).form(drop)).says("clerk")
    acts = {entry.act for entry in audit.about(vote.vote.id)}
    assert {"counter.named", "counter.dropped"} <= acts


@pytest.mark.parametrize("name", ["nobody", "stranger", "", "  ", "x" * 61, "a\0b"])
def test_only_staff_of_the_courtyard_can_be_named(
    app: Flask, vote: Stage, clock: Clock, name: str
) -> None:
    organizer, page = at_desk(app, vote, "organizer"), here(vote, "counters")
    form = organizer.see(page).form(page)
    answer = organizer.send(page, {**form, "name": name})
    assert answer.status == 422
    assert answer.says("还没指定")
    assert counters.of(vote.vote) == []


def test_an_observer_looks_and_does_nothing(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(AFTER_CLOSE)
    observer = at_desk(app, vote, "observer")
    assert observer.see(here(vote)).all("main form") == []
    sealing.close(vote.vote.id, at=AFTER_CLOSE)
    for act in ("sign", "seal", "publish", "counters"):
        assert observer.post(here(vote, act)).status_code in {400, 403}
