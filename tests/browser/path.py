"""The whole path of a wish, in small steps: from the code on the wall to the menu on the wall.

Each step does what one person does at one sitting, through pages only. What the steps share lies on
`Path`; the picks of the ten households and the count by hand are in `picks.py`.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, expect

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.web import config_of
from tests.browser import picks
from tests.browser.conftest import Clock, Served
from tests.browser.window import Window
from tests.world import AT, PASSWORD, World, make_world

TYPED = "%Y-%m-%dT%H:%M"
"""as a date with its time is typed"""
WITHIN_3_S = 3_000
"""milliseconds in which the wall moves"""
REFRESHED = 8_000
"""the same without a script, where the page asks for itself again every five seconds"""


@dataclass
class Slip:
    """What is printed on one household's slip, as a camera and an eye read it."""

    door: str
    address: str
    short: str


def scanned(what: Locator) -> list[str]:
    """The texts of the codes in a picture of this part of a page."""
    picture = Image.open(io.BytesIO(what.screenshot()))
    return [found.text for found in zxingcpp.read_barcodes(picture)]


class Path:
    """One walk along the path: the served app, its people and their windows."""

    def __init__(self, served: Served, clock_hand: Clock, *, script: bool) -> None:
        self.served = served
        self.clock = clock_hand
        self.script = script
        self.world = self._people()
        self.organizer = self._desk("organizer")
        self.clerk = self._desk("clerk")
        self.supervisor = self._desk("supervisor")
        self._phone = Window(served.phone(script=script), touch=True)
        self.slips: list[Slip] = []
        self.ballot = ""
        self.wall = Window(served.wall(script=script), touch=False)

    def _people(self) -> World:
        with self.served.app.app_context():
            world = make_world()
            found = courtyards.find(world.courtyard)
            slips.ensure_codes(found, config_of().secret, clock.now())
            db.session.remove()
        return world

    def phone(self) -> Window:
        """A phone that has never been here: without its cookies the same one is another's.

        (Every new window costs Chromium half a second.)
        """
        self._phone.page.context.clear_cookies()
        return self._phone

    def _desk(self, who: str) -> Window:
        window = Window(self.served.desktop(script=self.script), touch=False)
        self.sign_in(window, who)
        return window

    def sign_in(self, window: Window, who: str) -> None:
        """Staff sign in at the desk."""
        window.see("/desk/")
        window.heads("登录工作台")
        window.write("登录名", who)
        window.write("密码", PASSWORD)
        window.press("登录")
        window.heads("Courtyard")

    def desk(self, window: Window, room: str) -> None:
        """Go to one of the courtyard's rooms, from its page."""
        if "/desk/courtyard/" not in window.page.url or window.page.url.count("/") > 5:
            window.see(f"/desk/courtyard/{self.world.courtyard}")
        window.follow(room, within="main")

    # --- asking ----------------------------------------------------------------------------------

    def organizer_asks(self) -> None:
        """Begin a round, make a questionnaire from a template, open it."""
        window = self.organizer
        self.desk(window, "开始新的一轮")
        window.write("这一轮叫什么", "2026 年改造")
        window.tick("一征三议两公开", "那一轮到此为止，台账和菜单从新的一轮重新记")
        window.press("开始")
        window.reads("新的一轮开始了")
        self.desk(window, "问卷")
        window.hit(window.page.get_by_label("改造意愿调查"))
        window.press("照这个做一份")
        window.heads("改造意愿调查")
        window.press("现在开放")
        window.reads("开放了")

    def clerk_prints(self) -> str:
        """Print the poster and the slips; the address that the poster's code holds."""
        window = self.clerk
        self.desk(window, "一户一码")
        window.press("印全院的")
        for n in range(10):
            slip = window.page.locator(".slip").nth(n)
            (address,) = scanned(slip)
            door = slip.locator("h2").evaluate("title => title.firstChild.textContent")
            self.slips.append(Slip(door, address, slip.locator(".slip-code").inner_text()))
        self.desk(window, "海报")
        (address,) = scanned(window.page.locator(".poster"))
        return address

    def resident_answers(self, address: str) -> None:
        """Scan the poster, answer one question a screen, look back, send."""
        phone = self.phone()
        phone.see(address)
        phone.heads("Courtyard")
        phone.follow("去答问卷")
        phone.heads("改造意愿调查")
        phone.follow("开始")
        self._questions(phone)
        phone.heads("看一遍，没错就交上")
        phone.reads("楼道灯坏了半年，老人晚上下楼摔过")
        phone.press("没错，交上")
        phone.heads("收到了")
        phone.follow("回本院首页")
        phone.reads("看看，或改一改")

    def _questions(self, phone: Window) -> None:
        phone.write("这个院子，您最不满意哪里？", "楼道灯坏了半年，老人晚上下楼摔过")
        phone.press("下一题")
        phone.reads("第 2 题，共 10 题")
        phone.tick("楼道灯不亮", "下水道堵、返味")
        phone.press("下一题")
        phone.reads("第 3 题，共 10 题")
        phone.tick("楼道灯和路灯")
        phone.press("下一题")
        for number in range(4, 10):
            phone.reads(f"第 {number} 题，共 10 题")
            phone.press("这题不想答，跳过")
        phone.reads("第 10 题，共 10 题")
        phone.press("上一题")
        phone.reads("第 9 题，共 10 题")
        phone.tick("30 年往上")
        phone.press("下一题")
        phone.reads("第 10 题，共 10 题")
        phone.write("院里哪一样，您最舍不得动？", "大门口的槐树")
        phone.press("答完了，看一遍")

    def residents_speak(self) -> None:
        """Two households say something without the questionnaire, one of them by its slip."""
        said = ("下水道一下雨就返味，一楼受不了", "楼道灯再不修，晚上没法上楼")
        for slip, words in zip(self.slips, said, strict=False):
            phone = self.phone()
            phone.see(slip.address)
            phone.press("是我家")
            phone.follow("我有话要说")
            phone.write("您说", words)
            phone.press("交上")
            phone.heads("收到了")

    # --- sorting, the menu, the ballot -----------------------------------------------------------

    def clerk_sorts(self) -> None:
        """Take in what was written, put each suggestion to a need, new or there already."""
        window = self.clerk
        self.desk(window, "问题台账")
        window.press("收进 1 条新意见")
        said = window.page.locator("blockquote")
        for left in (3, 2, 1):
            window.reads(f"没归类：还有 {left} 条")
            words = said.inner_text()
            self._put("下水道返味" if "返味" in words else "楼道灯不亮")
        window.reads("都归好了")
        lamps = window.page.locator(".needs tr", has_text="楼道灯不亮")
        expect(lamps).to_contain_text("1 户")  # the slip's; the poster's answer has no door
        expect(lamps).to_contain_text("2 条")

    def _put(self, need: str) -> None:
        window = self.clerk
        there = window.page.locator(".needs tr", has_text=need).get_by_role("button")
        if there.count():
            window.hit(there)
            return
        window.hit(window.page.get_by_role("button", name="新建一件"))
        window.write("诉求的名字", need)
        window.press("存下，归进去")

    def organizer_makes_the_menu(self) -> None:
        """Budget and rules, then items: out of needs where there are such, else by themselves."""
        window = self.organizer
        self.desk(window, "菜单")
        window.write("菜单名称", "2026 年改造菜单")
        window.write("预算（元）", f"{picks.BUDGET_WAN}万")
        window.press("做一份菜单")
        window.heads("2026 年改造菜单")
        most = window.page.get_by_role("textbox", name="最多选几项 可以不填", exact=True)
        most.fill(str(picks.MOST))  # each class has one of its own
        window.press("存下")
        window.reads("存好了")
        for dish in picks.MENU:
            self._add(dish)
        window.reads("一共 6 项")

    def _add(self, dish: picks.Dish) -> None:
        window = self.organizer
        if dish.need:
            window.tick(dish.need, exact=False)
            window.press("勾上的做成一项")
        else:
            window.follow("另加一项")
        window.write("项目", dish.name)
        window.choose("哪一类", dish.klass)
        window.write("数量", "1")
        window.write("单价（元）", str(dish.cost_fen // 100))
        if dish.must_do:
            window.tick("必做", exact=False)
        window.press("存下")
        window.heads("2026 年改造菜单")
        window.reads(dish.name)

    def organizer_opens_the_ballot(self) -> None:
        """Draft it on the menu, look it over, open; the wall goes up."""
        window = self.organizer
        self.desk(window, "点单")
        window.write("点单叫什么", "先改什么")
        window.write("什么时候截止", (AT + timedelta(days=2)).strftime(TYPED))
        window.write("最晚什么时候封存计票", (AT + timedelta(days=4)).strftime(TYPED))
        window.press("存成草稿")
        window.heads("先改什么")
        self.ballot = window.page.url.rsplit("/", 1)[1]
        window.follow("去开票")
        window.heads("开票前，对一遍")
        window.press("都对，开票")
        window.reads("开票了")
        self.wall.see(f"/screen/{self.ballot}")
        self.wall.reads("扫码点单")
        self.wall_shows("0")
        if self.script:
            self.wall.page.evaluate("window.stands = 'here all the time'")

    def wall_shows(self, households: str) -> None:
        """The number on the wall is or becomes this, soon enough."""
        if not self.script and int(households) > 1:  # seen once that it comes by itself
            self.wall.page.reload()
        turnout = self.wall.page.locator(".turnout b")
        expect(turnout).to_have_text(households, timeout=WITHIN_3_S if self.script else REFRESHED)

    # --- voting ----------------------------------------------------------------------------------

    def households_vote(self) -> None:
        """Seven by their slips, two of them on one phone."""
        for n in (0, 1, 2, 3, 4, 5, 9):
            phone = self._phone if n == 4 else self.phone()
            phone.see(self.slips[n].address)
            phone.heads(self.slips[n].door)
            phone.press("是我家")
            self._vote(phone, picks.PICKS[n])
            if n == 0:
                self.wall_shows("1")
            if n == 3:
                phone.press("换下一家用这部手机")
                phone.reads("这部手机不再代表哪一家了")

    def _vote(self, phone: Window, picked: tuple[str, ...], come_by: str = "去点单") -> None:
        phone.follow(come_by)
        phone.heads("您家想先改什么")
        phone.tick(*picked)
        phone.press("看一遍再交")
        phone.heads("看一遍，对了就交")
        shown = phone.page.locator(".look li:not(.sum) b").all_inner_texts()
        assert sorted(shown) == sorted(picked)
        phone.press("没错，交上")
        phone.heads("收到了")

    def one_changes_its_mind(self) -> None:
        """The second vote counts; the first is nowhere to be seen."""
        phone = self.phone()
        phone.see(self.slips[picks.REPLACED].address)
        phone.press("是我家")
        self._vote(phone, picks.FIRST_THOUGHT)
        self._vote(phone, picks.PICKS[picks.REPLACED], come_by="改选")

    def one_mistypes(self) -> None:
        """The short code with one symbol wrong, which stays to be put right; then the right one."""
        short = self.slips[picks.MISTYPED].short
        wrong = short[:-2] + ("2" if short[-2] != "2" else "3") + short[-1]
        phone = self.phone()
        phone.see(f"/c/{self.world.code}")
        phone.follow("输入条子上的字")
        phone.write("条子上的字", wrong)
        phone.press("看看是哪一家")
        phone.reads("看错了")
        phone.write("条子上的字", short.lower())
        phone.press("看看是哪一家")
        phone.heads(self.slips[picks.MISTYPED].door)
        phone.press("是我家")
        self._vote(phone, picks.PICKS[picks.MISTYPED])

    def one_votes_on_paper(self) -> None:
        """The clerk keys it in, the supervisor compares it with the sheet; only then it counts."""
        door = self.slips[picks.PAPER].door
        building, stairwell, room = (part for part in door.split() if part.isdigit())
        self._to_ballot(self.clerk)
        self.clerk.follow("录票")
        self.clerk.write("哪一户", f"{building}-{stairwell}-{room}")
        self.clerk.tick(*picks.PICKS[picks.PAPER], exact=False)
        self.clerk.press("存好，录下一张")
        self.clerk.reads("录好了")
        self.wall_shows("9")
        window = self.supervisor
        self._to_ballot(window)
        window.follow("核对录入的票")
        window.press(f"打开核对：{door}")
        window.heads(door)
        for name in picks.PICKS[picks.PAPER]:
            window.reads(name)
        window.press("对得上，确认")
        window.reads("确认了")
        self.wall_shows("10")

    def _to_ballot(self, window: Window) -> None:
        window.see(f"/desk/ballot/{self.ballot}")
        window.heads("先改什么")

    # --- counting --------------------------------------------------------------------------------

    def time_passes(self) -> None:
        """Three days, so past the close and before the last moment for sealing."""
        self.clock.move(timedelta(days=3))
        phone = self.phone()
        phone.see(self.slips[0].address)
        phone.press("是我家")
        phone.reads("截止了，正在计票")

    def staff_seal_and_publish(self) -> None:
        """A supervisor signs the numbers by channel, an organizer seals, looks and publishes."""
        self._to_ballot(self.supervisor)
        self.supervisor.follow("去签字")
        self.supervisor.press("对过了，签字")
        self.supervisor.reads("签好了")
        self._to_ballot(self.organizer)
        self.organizer.press("封存计票")
        self.organizer.heads("计票结果")
        self.organizer.press("公布结果")
        self.organizer.heads("点单结果")

    def result_agrees(self) -> None:
        """What the phone shows is what the count by hand says; the wall shows the same."""
        phone = self.phone()
        phone.see(f"/c/{self.world.code}")
        phone.hit(phone.page.get_by_role("link", name="先改什么"))
        phone.heads("点单结果")
        rows = phone.page.get_by_role("table", name="按定下来的先后").locator("tbody tr")
        shown = {
            row.locator("th").inner_text(): (
                row.locator("td").first.inner_text(),
                row.locator("td").last.inner_text().split()[0],
            )
            for row in rows.all()
        }
        assert shown == picks.by_hand()
        done = {name for name, (_votes, what) in shown.items() if what == "做"}
        expect(self.wall.page.locator("h1")).to_contain_text("点单结果")
        on_the_wall = self.wall.page.locator(".ranks .in > span:nth-child(2)").all_inner_texts()
        assert set(on_the_wall) == done
        if self.script:
            assert self.wall.page.evaluate("window.stands") == "here all the time"

    def nothing_amiss(self) -> None:
        """Nothing came from elsewhere, no page broke its own policy, no script failed."""
        assert self.served.complaints == []
        own = urlsplit(self.served.address).netloc
        assert self.served.hosts <= {own, urlsplit(self.served.cdn).netloc}
