"""A whole meeting: one host, one wall, four residents' phones, a network that is cut for twenty
seconds, a server that is killed and started again; and the minutes say what happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from bench.place import place
from surveys.ballots.models import Ballot
from surveys.ballots.terms import Terms
from surveys.base import clock
from surveys.base.db import db
from surveys.counting.canon import text_digest
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household
from surveys.meetings import agenda, hosting, service, signing, writing_up
from surveys.meetings.models import ItemKind, Meeting
from surveys.needs.models import Need
from surveys.web import config_of
from tests.ballots import stage as ballots
from tests.browser.conftest import PATIENCE_MS, PHONE, WALL, Watch
from tests.browser.window import Window
from tests.drills.test_kill import Server
from tests.world import World, make_world

pytestmark = pytest.mark.browser

CUT_MS = 20_000
AGENDA = (
    (ItemKind.TALK, "大家说说，最要紧的是什么"),
    (ItemKind.ASK, "当场问一问"),
    (ItemKind.PICK, "点单"),
)
SAID = "楼道灯坏了半年，晚上没法下楼"
QUESTION = "先装楼道灯，行不行？"
PROMISED = "楼道灯全部换好"
PICKED = "Lamps"


@dataclass
class Evening:
    """The courtyard, its meeting, a server that can be killed, and everybody's windows."""

    server: Server
    app: Flask
    """of the same installation, in this process"""
    world: World
    meeting_id: str
    ballot_id: str
    token: str
    slips: list[str]
    chromium: Browser
    watch: Watch = field(default_factory=Watch)
    opened: list[BrowserContext] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the product is served."""
        return f"http://127.0.0.1:{self.server.port}"

    def window(self, size: dict[str, int], *, touch: bool) -> Window:
        """A window of its own, with its own cookies."""
        context = self.chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=touch,
            is_mobile=touch,
            locale="zh-CN",
            base_url=self.address,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.watch.over(context)
        self.opened.append(context)
        return Window(context.new_page(), touch=touch)

    def resident(self, household: int | None) -> Window:
        """A resident's phone at the meeting, signed in: of a household, or one without a door."""
        phone = self.window(PHONE, touch=True)
        if household is not None:
            phone.see(self.slips[household])
            phone.press("是我家")
            phone.reads("这部手机代表")
        phone.see(f"/m/{self.meeting_id}")
        phone.press("我到了，签到")
        phone.reads("签到了")
        return phone


@pytest.fixture
def evening(chromium: Browser) -> Iterator[Evening]:
    """Everything in place, an hour before nothing has begun."""
    with _evening(chromium) as found:
        yield found


@contextmanager
def _evening(chromium: Browser) -> Iterator[Evening]:
    with place("sqlite") as installed, installed.app.app_context():
        world = make_world()
        db.session.remove()
        ballot_id, meeting_id, token = _planned(world)
        secret = config_of().secret
        slips.ensure_codes(courtyards.find(world.courtyard), secret, clock.now())
        homes = [db.session.get_one(Household, one) for one in world.households[:4]]
        held = [f"/h/{slips.household_code(home, secret)[0]}" for home in homes]
        db.session.remove()
        server = Server(installed.environment)
        _wait_for(chromium, server.port)
        found = Evening(server, installed.app, world, meeting_id, ballot_id, token, held, chromium)
        try:
            yield found
        finally:
            for context in found.opened:
                context.close()
            server.kill()
            db.session.remove()


def _planned(world: World) -> tuple[str, str, str]:
    """A ballot drafted for the meeting, the meeting, and the link of its remote."""
    now, by = clock.now(), world.accounts["organizer"]
    ballot = ballots.drafted(
        world,
        opens_at=now + timedelta(hours=1),
        closes_at=now + timedelta(days=2),
        seals_at=now + timedelta(days=4),
        terms=Terms(at_meeting=True),
        title="先改什么",
    )
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    meeting = service.create(
        courtyard,
        title="小板凳恳谈会",
        place="大槐树下",
        starts_at=now,
        items=AGENDA,
        by=by,
        at=now,
    )
    pick = agenda.items_of(meeting)[2]
    agenda.change(pick, title=pick.title, text="", about_id=ballot.id, by=by, at=now)
    secret = config_of().secret
    link = hosting.make(meeting, "王楼长", secret=secret, by=by, at=now)
    return ballot.id, meeting.id, hosting.token_of(link, secret)


def _wait_for(chromium: Browser, port: int) -> None:
    context = chromium.new_context()
    page = context.new_page()
    for _ in range(100):
        try:
            page.goto(f"http://127.0.0.1:{port}/healthz", timeout=2_000)
            break
        except Exception:
            page.wait_for_timeout(100)
    context.close()


def _tap(host: Window, do: str) -> None:
    """Press a button of the remote, as it stands when nothing moves on it."""
    host.rests()
    host.hit(host.page.locator(f"#remote button[value='{do}']"))


def _shows(wall: Window, picture: str) -> None:
    expect(wall.page.locator(f"#board.show-{picture}")).to_be_visible()


def _go(host: Window, wall: Window, evening: Evening, n: int) -> None:
    host.see(f"/host/{evening.meeting_id}")
    host.hit(host.page.get_by_role("button", name="下一项"))
    expect(host.page.locator("#now")).to_contain_text(AGENDA[n][1])
    expect(wall.page.locator("#board")).to_contain_text(f"第 {n + 1} 项")


def _begins(evening: Evening, host: Window, wall: Window) -> None:
    host.see(f"/remote/{evening.token}")
    host.press("我来主持")
    _tap(host, "begin")
    wall.see(f"/wall/{evening.meeting_id}")
    _shows(wall, "agenda")
    wall.has_htmx()


def _somebody_speaks(evening: Evening, host: Window, wall: Window, residents: list[Window]) -> None:
    """Said on a phone, onto the wall after a glance, 我也是 from two others."""
    _go(host, wall, evening, 0)
    first, *others = residents
    first.see(f"/m/{evening.meeting_id}")
    first.write("一句话就行", SAID)
    first.press("交上")
    first.reads("收到了")
    host.follow("看意见、记意见")
    host.hit(host.page.get_by_role("button", name="上墙").first)
    expect(wall.page.locator(".said")).to_contain_text(SAID)
    for other in others[:2]:
        other.see(f"/m/{evening.meeting_id}")
        other.hit(other.page.get_by_role("button", name="我也是"))
        other.reads("您也是")
    expect(wall.page.locator("#board.show-opinion b")).to_have_text("2")


def _is_asked(evening: Evening, host: Window, wall: Window, residents: list[Window]) -> None:
    """A question of the spot: three for it, one against; then hands."""
    _go(host, wall, evening, 1)
    host.follow("当场问一句")
    host.write("要问的一句话", QUESTION)
    host.press("开始问")
    host.heads(QUESTION)
    for n, resident in enumerate(residents):
        resident.see(f"/m/{evening.meeting_id}")
        resident.press("不同意" if n == 3 else "同意")
        resident.reads("截止前点别的就改")
    host.press("截止，看结果")
    host.reads("刚才问的")
    host.see(f"/host/{evening.meeting_id}/hands")
    host.write("举的是什么", "装声控灯")
    host.write("这里在场几个人", "9")
    for n, raised in enumerate((6, 2, 1)):
        host.page.locator("[name=raised]").nth(n).fill(str(raised))
    host.page.locator("form").get_by_role("button", name="记下").tap()
    host.reads("记下了")
    _shows(wall, "hands")


def _is_cut(evening: Evening, host: Window, wall: Window, other: Window) -> None:
    """Host and wall lose the network; the residents go on; both find back by themselves."""
    host.see(f"/host/{evening.meeting_id}")
    host.rests()
    for cut in (host, wall):
        cut.page.context.set_offline(True)
    before = wall.page.locator("#board").get_attribute("class")
    other.see(f"/m/{evening.meeting_id}")
    other.write("一句话就行", "门口的坡太陡")
    other.press("交上")
    other.reads("收到了")
    wall.page.wait_for_timeout(CUT_MS)
    for cut in (host, wall):
        expect(cut.page.locator("[data-cut]")).to_be_visible()
    assert wall.page.locator("#board").get_attribute("class") == before, "its last picture stands"
    for cut in (host, wall):
        cut.page.context.set_offline(False)
        expect(cut.page.locator("[data-cut]")).to_be_hidden()
    _tap(host, "show:code")
    _shows(wall, "code")


def _picks(evening: Evening, host: Window, wall: Window, residents: list[Window]) -> None:
    """A ballot opened here; two phones and a sheet of paper; the server dies in between."""
    _go(host, wall, evening, 2)
    _tap(host, "open")
    expect(host.page.locator("#remote button[value='close']")).to_be_visible()
    _vote(evening, residents[0])
    _keyed_paper(evening)
    evening.server.restart()
    _wait_for(evening.chromium, evening.server.port)
    _vote(evening, residents[1])
    _shows(wall, "figures" if wall.page.locator(".show-figures").count() else "turnout")
    expect(wall.page.locator(".turnout b")).to_have_text("3")
    _tap(host, "close")
    expect(host.page.locator("#remote button[value='close']")).to_have_count(0)


def _vote(evening: Evening, resident: Window) -> None:
    resident.see(f"/m/{evening.meeting_id}")
    resident.follow("去点单")
    resident.tick(PICKED)
    resident.press("看一遍再交")
    resident.press("没错，交上")
    resident.heads("收到了")


def _keyed_paper(evening: Evening) -> None:
    """The third household's sheet, keyed by one and compared by another."""
    ballot = db.session.get_one(Ballot, evening.ballot_id)
    stage = ballots.stage_of(evening.app, evening.world, ballot)
    stage.paper(2, PICKED, at=clock.now())
    db.session.remove()


def _is_promised(evening: Evening, host: Window) -> None:
    host.see(f"/host/{evening.meeting_id}")
    host.follow("记答应的事")
    host.write("答应了什么", PROMISED)
    host.write("谁来办", "物业")
    host.page.get_by_label("答的是哪一条意见").select_option(index=1)
    host.page.locator("form").get_by_role("button", name="记下").tap()
    host.reads("记下了，进了问题台账")
    host.follow("回遥控器")


def _ends(evening: Evening, host: Window, wall: Window) -> None:
    """Countdown, frozen, undone, ended."""
    _tap(host, "count:3")
    _shows(wall, "countdown")
    _tap(host, "freeze")
    expect(wall.page.locator("#board.still")).to_be_visible()
    _tap(host, "show:agenda")
    host.rests()
    expect(wall.page.locator("#board.still")).to_be_visible()
    for _ in range(2):
        _tap(host, "undo")
        host.rests()
    expect(wall.page.locator("#board.show-countdown:not(.still)")).to_be_visible()
    _tap(host, "end")
    _shows(wall, "ended")
    _tap(host, "put_down")


def _signed(evening: Evening) -> Meeting:
    meeting = service.find(evening.meeting_id)
    by = evening.world.accounts["organizer"]
    signing.sign(meeting, seen=writing_up.seen_mark(meeting), by=by, at=clock.now())
    return service.find(evening.meeting_id)


def test_a_whole_meeting_and_its_minutes(evening: Evening) -> None:
    host = evening.window(PHONE, touch=True)
    wall = evening.window(WALL, touch=False)
    _begins(evening, host, wall)
    residents = [evening.resident(n) for n in (0, 1, 2, None)]
    _somebody_speaks(evening, host, wall, residents)
    _is_asked(evening, host, wall, residents)
    _is_cut(evening, host, wall, residents[3])
    _picks(evening, host, wall, residents)
    _is_promised(evening, host)
    _ends(evening, host, wall)

    body = writing_up.draft(_signed(evening))
    assert body["hosts"] == ["王楼长"]
    assert body["came"] == {"households": 3, "roll": 24, "phones": 1, "visitors": 0}
    (poll,) = body["polls"]
    assert (poll["question"], poll["households"], poll["phones"]) == (QUESTION, 3, 1)
    assert poll["counts"] == [["同意", 3], ["不同意", 1], ["再商量", 0]]
    (raised,) = body["hands"]
    assert (raised["people"], [n for _, n in raised["counts"]]) == (9, [6, 2, 1])
    (ballot,) = body["ballots"]
    assert (ballot["households"], ballot["roll"]) == (3, 24)
    (promise,) = body["promises"]
    assert (promise["text"], promise["who"]) == (PROMISED, "物业")
    need = db.session.scalars(db.select(Need).where(Need.title == PROMISED)).one()
    assert (need.leads, need.due_on.isoformat() if need.due_on else "") == ("物业", promise["due"])
    assert body["opinions"] == 1, "the other one waits still"
    told = " ".join(line["text"] for line in body["lines"])
    for words in ("会开始了", *(title for _, title in AGENDA), "截止：先改什么，3 户交了", "散会"):
        assert words in told
    meeting = service.find(evening.meeting_id)
    assert meeting.minutes_hash == text_digest(meeting.minutes or "")

    printed = meeting.minutes_hash[:8]
    db.session.remove()  # what reads here keeps no writer waiting there
    resident = residents[0]
    resident.see(f"/m/{evening.meeting_id}")
    resident.reads(PROMISED)
    resident.reads(printed)
    assert [one for one in evening.watch.complaints if "net::" not in one] == []
