"""The clerk keys in sheets, the supervisor compares them with their photos."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from surveys.base import audit
from surveys.base.db import db
from surveys.counting.double_majority import Mark
from surveys.owners import keying
from surveys.owners.models import EntryState, OwnerEntry, Proof, Proxy
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.owners.sheets import Counter, jpeg, states
from tests.owners.stage import AFTER_CLOSE, AGAINST, FOR, SEALS, WHILE_OPEN, Stage
from tests.world import sign_in

CONFIRMED, CONTESTED = EntryState.CONFIRMED, EntryState.CONTESTED
PENDING, WITHDRAWN = EntryState.PENDING, EntryState.WITHDRAWN

pytestmark = pytest.mark.usefixtures("clock")


def desk(app: Flask, stage: Stage, kind: str) -> Browser:
    """A browser signed in with the account of this role."""
    found = app.test_client()
    assert isinstance(found, Browser)
    sign_in(found, stage.who(kind))
    return found


@pytest.fixture
def clerk(app: Flask, vote: Stage) -> Browser:
    """Who keys in."""
    return desk(app, vote, "clerk")


@pytest.fixture
def supervisor(app: Flask, vote: Stage) -> Browser:
    """Who confirms."""
    return desk(app, vote, "supervisor")


@pytest.fixture
def counter(vote: Stage) -> Counter:
    """The acts themselves."""
    return Counter(vote)


def photo(seed: int = 5) -> tuple[BytesIO, str]:
    """A file as a browser sends it."""
    return BytesIO(jpeg(seed)), "票.jpg"


def key(clerk: Browser, vote: Stage, **typed: Any) -> Page:
    """Fill in the sheet and press the button."""
    address = f"/desk/owners/{vote.vote.id}/key"
    form: dict[str, Any] = dict(clerk.see(address).form(address))
    usual = {"owner": "5", "mark-1": "1", "mark-2": "2", "signer": "Owner 5", "photo": photo()}
    sent = {name: value for name, value in (form | usual | typed).items() if value is not None}
    return clerk.send(address, sent)


def sheet_of(number: int, vote: Stage) -> OwnerEntry:
    """The newest sheet of an owner."""
    wanted = db.select(OwnerEntry).where(OwnerEntry.vote_owner_id == vote.owners[number])
    found: OwnerEntry = db.session.scalars(wanted.order_by(OwnerEntry.number.desc())).all()[0]
    return found


def test_a_sheet_is_keyed_in_with_numbers_and_waits(clerk: Browser, vote: Stage) -> None:
    said = key(clerk, vote)
    assert said.says("录好了：5号业主。等另一个人核对。")
    assert said.says("您录的，等别人核对5号Owner5")
    assert states(vote, 5) == [PENDING]
    assert sheet_of(5, vote).marks == '{"1":"for","2":"against"}'


def test_a_door_names_the_owner_as_well(clerk: Browser, vote: Stage) -> None:
    key(clerk, vote, owner="1-1-103", signer="owner 1")
    assert states(vote, 1) == [PENDING]


def test_beside_the_number_stands_whose_it_is(clerk: Browser, vote: Stage) -> None:
    address = f"/desk/owners/{vote.vote.id}/key/who"
    part = clerk.see(f"{address}?owner=2", headers={"HX-Request": "true"})
    assert part.says("2号Owner2、Wifeof2表决代表：Owner2")
    assert clerk.see(f"{address}?owner=9-9-999").says("业主名册上没有“9-9-999”")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"mark-2": ""}, "第2项：填1、2、3；纸上空着或者画了不止一个，填0。"),
        ({"mark-2": "12"}, "第2项：填1、2、3"),
        ({"mark-1": "赞成"}, "第1项：填1、2、3"),
        ({"owner": ""}, "请写业主号，或者门牌。"),
        ({"owner": "99"}, "名册上没有99号业主"),
        ({"owner": "0"}, "名册上没有0号业主"),
        ({"owner": "9-1-101"}, "租户和没有登记的人不能投业主的票"),
        ({"owner": "不知道"}, "请照“楼-单元-室”写"),
        ({"signer": ""}, "没有签字的票不能录"),
        ({"signer": "Tenant"}, "“Tenant”不是这一户登记的业主。"),
        ({"signer": "长" * 61}, "最多60个字"),
        ({"capacity": "agent"}, "请先登记委托书"),
        ({"capacity": "king"}, "请从列出来的里面选"),
        ({"received_on": ""}, "请写哪天收到的"),
        ({"received_on": "2026-11-19"}, "才开始投票"),
        ({"received_on": "2026-12-24"}, "已经截止"),
        ({"received_on": "2026-11-28"}, "收到的日子还没有到"),
        ({"received_on": "昨天"}, "日期看不明白"),
        ({"mark-1": "0", "mark-2": "0"}, "一项也没有标"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    clerk: Browser, vote: Stage, typed: dict[str, str], said: str
) -> None:
    page = key(clerk, vote, **typed)
    assert page.status in {409, 422}
    assert page.says(said)
    kept = page.form(f"/desk/owners/{vote.vote.id}/key")
    asked = {"owner": "5", "mark-1": "1", "mark-2": "2", "signer": "Owner 5", **typed}
    for name in ("owner", "mark-1", "mark-2", "signer"):
        assert kept[name] == asked[name]
    assert db.session.scalars(db.select(OwnerEntry)).all() == []


@pytest.mark.parametrize(
    ("data", "said"), [(b"MZ not a picture", "不是照片"), (jpeg()[:200], "读不出来")]
)
def test_what_is_no_photo_is_refused(clerk: Browser, vote: Stage, data: bytes, said: str) -> None:
    page = key(clerk, vote, photo=(BytesIO(data), "票.jpg"))
    assert page.status == 422
    assert page.says(said)
    assert states(vote, 5) == []


def test_a_blank_sheet_is_kept_when_somebody_says_that_it_is_blank(
    clerk: Browser, vote: Stage
) -> None:
    blank = {"mark-1": "0", "mark-2": "０"}
    assert key(clerk, vote, **blank).says("这张票确实是空白的")
    key(clerk, vote, **blank, is_blank="y")
    assert states(vote, 5) == [PENDING]


def test_the_photo_may_come_later_and_cannot_be_exchanged(clerk: Browser, vote: Stage) -> None:
    assert key(clerk, vote, photo=None).says("还要附上照片，才能核对。")
    address = f"/desk/sheet/{sheet_of(5, vote).id}/photo"
    form = clerk.see(address).form(address)
    assert clerk.send(address, form).says("还没有选照片。")
    assert clerk.send(address, {**form, "photo": photo()}).says("照片附上了。")
    assert clerk.see(address).says("这张票不用再附照片。")
    again = clerk.send(address, {**form, "photo": photo(6)})
    assert again.status == 422
    assert again.says("已经附了照片")


def test_a_form_sent_twice_is_one_sheet(clerk: Browser, vote: Stage) -> None:
    address = f"/desk/owners/{vote.vote.id}/key"
    form = {**clerk.see(address).form(address), "owner": "5", "signer": "Owner 5"}
    for _ in range(2):
        clerk.send(address, {**form, "mark-1": "1", "mark-2": "1", "photo": photo()})
    assert states(vote, 5) == [PENDING]


def test_after_signing_no_sheet_is_taken(clerk: Browser, vote: Stage, clock: Clock) -> None:
    clock.is_now(AFTER_CLOSE)
    sign_in(clerk, vote.who("clerk"))
    address = f"/desk/owners/{vote.vote.id}/key"
    assert clerk.see(address).says("已经截止：只录截止前收到的纸票。")
    vote.vote.signed_at, vote.vote.signed_by = AFTER_CLOSE, vote.who("supervisor")
    db.session.commit()
    clock.is_now(SEALS)
    assert clerk.get(address).status_code == 303


# --- the supervisor ------------------------------------------------------------------------------


def test_the_supervisor_sees_marks_and_photo_side_by_side_and_confirms(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, AGAINST)
    listing = supervisor.see(f"/desk/owners/{vote.vote.id}/confirm")
    assert listing.says("1张，按录的先后排")
    assert not listing.says("赞成")
    assert supervisor.see(f"/desk/owners/{vote.vote.id}/confirm?q=nobody").says("没有找到")
    page = supervisor.see(f"/desk/sheet/{entry.id}")
    assert page.says("1Hireacompany赞成2Raisethefund反对")
    (image,) = page.all("img")
    got = supervisor.get(image.get("src"))
    assert got.mimetype == "image/jpeg"
    assert got.headers["Cache-Control"] == "no-store"
    address = f"/desk/sheet/{entry.id}/confirm"
    assert supervisor.send(address, page.form(address)).says("确认了，这张票算数了。")
    assert states(vote, 5) == [CONFIRMED]
    looks = [a for a in audit.about(vote.vote.id) if a.act == "owners.looked"]
    assert [a.account_id for a in looks] == [vote.who("supervisor")]


def test_without_a_look_nothing_is_confirmed(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, AGAINST)
    token = supervisor.see(f"/desk/sheet/{entry.id}/send-back").form()["csrf_token"]
    answer = supervisor.send(f"/desk/sheet/{entry.id}/confirm", {"csrf_token": token})
    assert answer.status == 409
    assert answer.says("先打开这张票")


def test_what_differs_is_sent_back_with_a_reason(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, AGAINST)
    address = f"/desk/sheet/{entry.id}/send-back"
    form = supervisor.see(address).form(address)
    assert supervisor.send(address, form).says("请写一句为什么。")
    said = supervisor.send(address, {**form, "reason": "第二项看错了"})
    assert said.says("退回了，请录票的人照原件重录。")
    assert states(vote, 5) == [WITHDRAWN]
    assert supervisor.send(address, {**form, "reason": "again"}).says("已经处理过了")


def test_co_owners_who_disagree_stand_side_by_side_until_somebody_decides(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    counter.paper(2, FOR, FOR)
    other = counter.key(2, AGAINST, FOR, signer="Wife of 2", seed=77)
    page = supervisor.see(f"/desk/sheet/{other.id}")
    assert page.says("这位业主还有一张票，写的不一样")
    address = f"/desk/sheet/{other.id}/confirm"
    page = supervisor.send(address, page.form(address))
    assert page.says("这位业主交来的票不一样，哪一张都先不算。")
    assert page.says("第1张")
    assert page.says("第2张")
    assert len(page.all("img")) == 2
    address = f"/desk/sheet/{other.id}/decide"
    form = page.form(address)
    assert supervisor.send(address, {**form, "reason": "x"}).status == 422
    assert states(vote, 2) == [CONTESTED, CONTESTED]
    assert supervisor.see(f"/desk/owners/{vote.vote.id}/confirm").says("这1位业主交来的票不一样")
    sent = {**form, "keep": other.id, "reason": "电话问过两位"}
    assert supervisor.send(address, sent).says("定下来了，写进了记录。")
    assert states(vote, 2) == [WITHDRAWN, CONFIRMED]
    assert supervisor.see(address).says("没有有争议的票")


def test_nobody_counts_where_none_is_chosen_to_count(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = counter.paper(5, FOR, FOR)
    address = f"/desk/sheet/{entry.id}/dispute"
    form = supervisor.see(address).form(address)
    said = supervisor.send(address, {**form, "reason": "他在外地"})
    assert said.says("查清楚以前，这张票先不算数。")
    assert said.says("有争议，先不算")
    address = f"/desk/sheet/{entry.id}/decide"
    form = supervisor.see(address).form(address)
    supervisor.send(address, {**form, "keep": "none", "reason": "笔迹不对"})
    assert states(vote, 5) == [WITHDRAWN]


def test_a_sheet_is_withdrawn_and_brought_back(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = counter.paper(5, FOR, FOR)
    listing = supervisor.see(f"/desk/owners/{vote.vote.id}/sheets?owner=5")
    assert listing.says("算数")
    assert not listing.says("赞成")
    for act, said in (("withdraw", "撤下了。"), ("reinstate", "恢复了。")):
        address = f"/desk/sheet/{entry.id}/{act}"
        form = supervisor.see(address).form(address)
        assert supervisor.send(address, {**form, "reason": "r"}).says(said)
    assert states(vote, 5) == [CONFIRMED]


def test_whose_sheets_are_looked_for_must_be_on_the_register(
    supervisor: Browser, vote: Stage
) -> None:
    page = supervisor.see(f"/desk/owners/{vote.vote.id}/sheets?owner=9-1-101")
    assert page.status == 422
    assert page.says("业主名册上没有“9-1-101”")


def test_neither_clerk_nor_organizer_sees_marks_or_photos(
    app: Flask, vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, AGAINST)
    proof = db.session.scalars(db.select(Proof.id)).one()
    for kind in ("clerk", "organizer", "observer", "administrator"):
        browser = desk(app, vote, kind)
        for address in (f"/desk/sheet/{entry.id}", f"/desk/proof/{proof}"):
            assert browser.get(address).status_code == 403, (kind, address)
    assert desk(app, vote, "stranger").get(f"/desk/proof/{proof}").status_code == 404


def test_a_sheet_keyed_by_oneself_offers_no_button(
    supervisor: Browser, vote: Stage, counter: Counter
) -> None:
    entry = keying.key_in(
        vote.vote,
        vote.owner(5),
        counter.came(5, Mark.FOR, Mark.FOR),
        by=vote.who("supervisor"),
        at=WHILE_OPEN,
    )
    assert supervisor.see(f"/desk/owners/{vote.vote.id}/confirm").says("您自己录的")
    assert supervisor.see(f"/desk/sheet/{entry.id}").says("这张是您自己录的")


# --- 委托书 --------------------------------------------------------------------------------------


def give(clerk: Browser, vote: Stage, **typed: Any) -> Page:
    """Note a 委托书."""
    address = f"/desk/owners/{vote.vote.id}/proxies"
    form = clerk.see(address).form(address)
    usual = {"owner": "5", "agent": "代小明", "mark": "123x", "photo": photo(90)}
    if isinstance(sent := typed.get("photo"), bytes):
        typed["photo"] = (BytesIO(sent), "x.jpg" if sent else "")
    return clerk.send(address, {**form, **usual, **typed})


def test_a_proxy_is_noted_used_and_ended(clerk: Browser, vote: Stage) -> None:
    page = give(clerk, vote)
    assert page.says("委托书登记好了：5号业主。")
    assert page.says("代小明证件后四位123X替1位，最多3位")
    key(clerk, vote, capacity="agent", signer="代小明")
    assert states(vote, 5) == [PENDING]
    proxy = db.session.scalars(db.select(Proxy)).one()
    address = f"/desk/proxy/{proxy.id}/end"
    form = clerk.see(address).form(address)
    assert clerk.send(address, form).says("请写一句为什么。")
    assert clerk.send(address, {**form, "reason": "回来了"}).says("委托书收回了。")


def test_a_proxy_of_four_is_refused_in_words(clerk: Browser, vote: Stage) -> None:
    for number in ("5", "6", "7"):
        give(clerk, vote, owner=number, photo=photo(int(number)))
    page = give(clerk, vote, owner="8", photo=photo(8))
    assert page.status == 409
    assert page.says("代小明已经替3位业主投票，一个人最多替这么多。")
    assert page.form(f"/desk/owners/{vote.vote.id}/proxies")["agent"] == "代小明"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"owner": "9-1-101"}, "业主名册上没有"),
        ({"agent": ""}, "请写代理人的姓名"),
        ({"mark": ""}, "后四位"),
        ({"agent": "Owner 5"}, "不用委托书"),
        ({"photo": b""}, "还没有选照片"),
        ({"photo": b"no"}, "不是照片"),
    ],
)
def test_what_is_wrong_with_a_proxy_is_said(
    clerk: Browser, vote: Stage, typed: dict[str, Any], said: str
) -> None:
    page = give(clerk, vote, **typed)
    assert page.status in {409, 422}
    assert page.says(said)
    assert db.session.scalars(db.select(Proxy)).all() == []
