"""An owner votes on the phone: the slip, the sheet, the look back, the receipt."""

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard
from surveys.owners import codes
from surveys.owners.models import EntryState, OwnerCode, OwnerEntry
from surveys.web import config_of
from tests.ballots.phones import Clock, give_slips
from tests.manners import Browser, Page
from tests.owners import stage
from tests.owners.sheets import Counter, states
from tests.owners.stage import AFTER_CLOSE, AGAINST, FOR, OPENS, Stage
from tests.world import World

CONFIRMED, CONTESTED = EntryState.CONFIRMED, EntryState.CONTESTED
SUPERSEDED = EntryState.SUPERSEDED

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def online(world: World) -> Stage:
    """A vote of a place where owners may vote online."""
    stage.allow_online(world)
    return stage.opened(world, stage.drafted(world, is_online=True))


def code_of(app: Flask, held: Stage, number: int) -> str:
    """What stands on an owner's slip."""
    return codes.owner_code(held.owners[number], 1, config_of(app).secret)


def speak_for(phone: Browser, app: Flask, held: Stage, number: int) -> Page:
    """Scan an owner's slip and say yes."""
    address = f"/o/{code_of(app, held, number)}"
    return phone.send(address, phone.see(address.upper()).form(address))


def mark(phone: Browser, held: Stage, *marks: str, go: str = "look") -> Page:
    """Mark the motions on the sheet and press a button."""
    address = f"/owners/{held.vote.id}/vote"
    form = phone.see(f"{address}?again=1").form(address)
    sent = {f"mark-{n}": said for n, said in enumerate(marks, 1) if said}
    return phone.send(address, {**form, **sent, "go": go})


def vote(phone: Browser, held: Stage, *marks: str, signer: str) -> Page:
    """Mark, look back, sign, send."""
    address = f"/owners/{held.vote.id}/vote"
    form = mark(phone, held, *marks).form(address)
    return phone.send(address, {**form, "signer": signer, "go": "send"})


def test_a_slip_asks_whether_one_is_the_owner_without_telling_the_name(
    app: Flask, browser: Browser, online: Stage
) -> None:
    page = browser.see(f"/o/{code_of(app, online, 1)}")
    assert page.says("1号楼1单元101、1号楼1单元102")
    assert page.says("您是这里的业主O＊＊吗？")
    assert not page.says("Owner1")
    assert browser.see(f"/owners/{online.vote.id}/vote").says("先扫业主条子")
    assert speak_for(browser, app, online, 1).says("一共2项，每一项选一个。")


def test_an_owner_votes_looks_back_signs_and_has_a_receipt(
    app: Flask, browser: Browser, online: Stage
) -> None:
    speak_for(browser, app, online, 5)
    look = mark(browser, online, "for", "against")
    assert look.says("1.Hireacompany赞成2.Raisethefund反对")
    page = vote(browser, online, "for", "against", signer="Owner 5")
    assert page.says("收到了")
    assert page.says("5号业主的票，11月21日，网上。")
    assert not page.says("赞成")
    assert states(online, 5) == [CONFIRMED]


def test_going_back_keeps_what_was_marked(app: Flask, browser: Browser, online: Stage) -> None:
    speak_for(browser, app, online, 5)
    address = f"/owners/{online.vote.id}/vote"
    form = mark(browser, online, "for", "abstain").form(address)
    back = browser.send(address, {**form, "go": "back"}).form(address)
    assert (back["mark-1"], back["mark-2"]) == ("for", "abstain")


def test_voting_again_starts_empty_and_replaces(
    app: Flask, browser: Browser, online: Stage
) -> None:
    speak_for(browser, app, online, 5)
    vote(browser, online, "for", "for", signer="Owner 5")
    address = f"/owners/{online.vote.id}/vote"
    assert browser.see(address).says("重投一次")
    fresh = browser.see(f"{address}?again=1").form(address)
    assert not [name for name in fresh if name.startswith("mark-")]
    vote(browser, online, "against", "against", signer="Owner 5")
    assert states(online, 5) == [SUPERSEDED, CONFIRMED]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (("for", ""), "还有没选的：第2项。"),
        (("", ""), "还有没选的：第1项。"),
        (("for", "unmarked"), "还有没选的：第2项。"),
        (("for", "maybe"), "还有没选的：第2项。"),
    ],
)
def test_a_half_marked_sheet_is_not_looked_at(
    app: Flask, browser: Browser, online: Stage, marks: tuple[str, str], said: str
) -> None:
    speak_for(browser, app, online, 5)
    page = mark(browser, online, *marks)
    assert page.status == 422
    assert page.says(said)
    assert states(online, 5) == []


@pytest.mark.parametrize(
    ("signer", "said"),
    [("", "请写上您的姓名"), ("Tenant", "租户、家人不能代签"), ("<b>", "不是这一户登记的业主")],
)
def test_who_is_not_the_owner_signs_nothing_and_loses_nothing(
    app: Flask, browser: Browser, online: Stage, signer: str, said: str
) -> None:
    speak_for(browser, app, online, 5)
    page = vote(browser, online, "for", "for", signer=signer)
    assert page.status in {409, 422}
    assert page.says(said)
    kept = page.form(f"/owners/{online.vote.id}/vote")
    assert (kept["mark-1"], kept["signer"]) == ("for", signer)
    assert states(online, 5) == []


def test_a_double_tap_and_a_lost_reply_are_one_vote(
    app: Flask, browser: Browser, online: Stage
) -> None:
    speak_for(browser, app, online, 5)
    address = f"/owners/{online.vote.id}/vote"
    form = mark(browser, online, "for", "for").form(address)
    for _ in range(2):
        page = browser.send(address, {**form, "signer": "Owner 5", "go": "send"})
        assert page.says("收到了")
    assert states(online, 5) == [CONFIRMED]


def test_co_owners_who_disagree_are_told(app: Flask, browser: Browser, online: Stage) -> None:
    speak_for(browser, app, online, 2)
    vote(browser, online, "for", "for", signer="Owner 2")
    page = vote(browser, online, "against", "for", signer="Wife of 2")
    assert page.says("同一位业主还有一张票，写的不一样")
    assert page.says("收到了，还要问清楚")
    assert states(online, 2) == [CONTESTED, CONTESTED]


def test_a_signed_paper_goes_before_the_phone_and_the_page_says_so(
    app: Flask, browser: Browser, online: Stage
) -> None:
    speak_for(browser, app, online, 5)
    address = f"/owners/{online.vote.id}/vote"
    form = mark(browser, online, "for", "for").form(address)
    Counter(online).paper(5, AGAINST, FOR)
    page = browser.send(address, {**form, "signer": "Owner 5", "go": "send"})
    assert page.status == 409
    assert page.says("您签字的纸票已经收到，以纸票为准")
    assert page.says("您刚才选的1.Hireacompany赞成")
    assert browser.see(address).says("5号业主的票，11月21日，纸票。")
    assert states(online, 5) == [CONFIRMED]


def test_a_paper_that_waits_is_told_of(app: Flask, browser: Browser, online: Stage) -> None:
    Counter(online).key(5, FOR, FOR)
    assert speak_for(browser, app, online, 5).says("您的纸票在核对")
    again = browser.see(f"/owners/{online.vote.id}/vote?again=1")
    assert again.says("您交的纸票正在核对。核对好了，以纸票为准。")


def test_another_owners_slip_on_the_same_phone_sends_nothing_of_the_first(
    app: Flask, browser: Browser, online: Stage
) -> None:
    speak_for(browser, app, online, 5)
    address = f"/owners/{online.vote.id}/vote"
    form = mark(browser, online, "for", "for").form(address)
    speak_for(browser, app, online, 6)
    page = browser.send(address, {**form, "signer": "Owner 6", "go": "send"})
    assert page.status == 409
    assert page.says("刚换了一位业主")
    assert states(online, 6) == []


def test_the_next_owner_uses_the_phone(app: Flask, browser: Browser, online: Stage) -> None:
    speak_for(browser, app, online, 5)
    page = vote(browser, online, "for", "for", signer="Owner 5")
    assert browser.send("/o/forget", page.form("/o/forget")).says("不再代表哪一位业主了")
    assert browser.see(f"/owners/{online.vote.id}/receipt").says("先扫业主条子")


def test_before_and_after_nothing_is_taken(
    app: Flask, browser: Browser, online: Stage, clock: Clock
) -> None:
    clock.is_now(OPENS.replace(hour=0))
    assert speak_for(browser, app, online, 5).says("才开始，到时候再来。")
    clock.is_now(AFTER_CLOSE)
    address = f"/owners/{online.vote.id}/vote"
    assert browser.see(address).says("截止了。")
    form = browser.see(address).form("/o/forget")
    with db.session.no_autoflush:
        code = db.session.scalars(
            db.select(OwnerCode.id).where(OwnerCode.vote_owner_id == online.owners[5])
        ).one()
    late = {"csrf_token": form["csrf_token"], "owner": code, "mark-1": "for", "mark-2": "for"}
    page = browser.send(address, {**late, "signer": "Owner 5", "go": "send"})
    assert page.status == 409
    assert page.says("您刚才选的没有交上。")
    assert states(online, 5) == []


def test_a_renewed_slip_no_longer_speaks(app: Flask, browser: Browser, online: Stage) -> None:
    speak_for(browser, app, online, 5)
    db.session.execute(
        db.update(OwnerCode)
        .where(OwnerCode.vote_owner_id == online.owners[5])
        .values(retired_at=OPENS)
    )
    db.session.commit()
    assert browser.see(f"/owners/{online.vote.id}/vote").says("先扫业主条子")
    page = browser.see(f"/o/{code_of(app, online, 5)}")
    assert page.status == 404
    assert page.says("换过了")


def test_a_households_slip_opens_nothing_here(
    app: Flask, browser: Browser, online: Stage, world: World
) -> None:
    give_slips(app, world)
    household = slips.household_code(
        courtyards.household_at(world.courtyard, "1-1-101"), config_of(app).secret
    )
    for code in household:
        assert browser.see(f"/o/{code}").says("这是住户的条子")
    browser.post(f"/h/{household[0]}")
    assert browser.see(f"/owners/{online.vote.id}/vote").says("先扫业主条子")
    assert db.session.get(Courtyard, world.courtyard) is not None


def test_the_courtyards_page_leads_to_it_while_it_is_open(
    browser: Browser, online: Stage, clock: Clock
) -> None:
    address = f"/c/{online.world.code}"
    (link,) = browser.see(address).all(f"a[href='/owners/{online.vote.id}/vote']")
    assert link.text == "业主在手机上投"
    clock.is_now(OPENS.replace(hour=0))
    assert not browser.see(address).all(f"a[href='/owners/{online.vote.id}/vote']")


def test_a_vote_on_paper_alone_says_so(browser: Browser, world: World) -> None:
    held = stage.opened(world)
    assert not browser.see(f"/c/{world.code}").all("a[href$='/vote']")
    page = browser.see(f"/owners/{held.vote.id}/vote")
    assert page.says("这次表决不在网上投，请用纸质表决票。")


def test_a_draft_is_shown_to_nobody(browser: Browser, world: World) -> None:
    assert browser.get(f"/owners/{stage.drafted(world).id}/vote").status_code == 404
    assert browser.get("/owners/nothing/receipt").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "还没有填"), ("ABC", "应该是16个字"), ("2222222222222222", "请对着纸再看一遍")],
)
def test_what_is_no_slip_is_said(browser: Browser, typed: str, said: str) -> None:
    page = browser.send("/o/", {**browser.see("/o/").form("/o/"), "code": typed})
    assert page.status in {404, 422}
    assert page.says(said)


def test_a_typed_slip_leads_on_and_guessing_ends(
    app: Flask, browser: Browser, online: Stage
) -> None:
    form = browser.see("/o/").form("/o/")
    typed = code_of(app, online, 5).lower()
    assert browser.send("/o/", {**form, "code": f"{typed[:4]}-{typed[4:]}"}).says("您是这里的业主")
    strange = "0" * 16
    for _ in range(20):
        browser.send("/o/", {**form, "code": strange})
    assert browser.send("/o/", {**form, "code": strange}).status == 429


def test_what_an_owner_sees_stays_in_no_cache(app: Flask, browser: Browser, online: Stage) -> None:
    speak_for(browser, app, online, 5)
    for address in ("/o/", f"/owners/{online.vote.id}/receipt", f"/owners/{online.vote.id}/vote"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"
    assert db.session.scalars(db.select(OwnerEntry)).all() == []
