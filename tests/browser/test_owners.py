"""A vote of 144 owners with three channels, from the register to the signed notice and the wall.

The bulk of the sheets goes through the acts; one of each channel goes through the pages, and these
three are the ones that are missing for the quorum.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from surveys.base import clock
from surveys.base.db import db
from surveys.counting.double_majority import Mark
from surveys.owners import codes, register_file, service
from surveys.owners.models import OwnersVote
from surveys.owners.parties import UnitRow
from surveys.web import config_of
from tests.browser.conftest import Clock, Served, serving
from tests.browser.scene import desktop_of
from tests.browser.window import Window
from tests.owners import stage
from tests.owners.registers import row
from tests.owners.sheets import Counter, jpeg
from tests.owners.stage import ZONE, Stage
from tests.world import World, make_world

pytestmark = pytest.mark.browser

OWNERS = 144
BY_THE_ACTS = 93
"""sheets; three more are exactly two thirds"""
AREA_DM2, LAST_AREA_DM2 = 8_868, 8_852
"""of 143 units and of the last: 12,769.76 m² together"""
TITLE, HIRE, RENT = "选聘物业的业主表决", "选聘甲公司", "出租门前空地"
ON_PAPER, ONLINE, BY_AGENT = 94, 95, 96
AGENT = "代理人丙"


@dataclass
class Case:
    """The served app with one courtyard, and the vote once there is one."""

    served: Served
    world: World
    hand: Clock

    def desk(self, who: str) -> Window:
        """A window at the desk; signed in anew, since weeks go by between two of them."""
        return desktop_of(self.served, self.world.accounts[who])

    def vote(self) -> OwnersVote:
        """The one vote; within the app."""
        (found,) = service.of_courtyard(self.world.courtyard)
        return found

    def vote_id(self) -> str:
        """Its id."""
        with self.served.app.app_context():
            found = self.vote().id
            db.session.remove()
        return found

    def stage(self) -> Stage:
        """The vote with its owners by number; within the app."""
        owners = {one.owner.number: one.owner.id for one in service.owners_of(self.vote())}
        return Stage(self.world, self.vote(), owners)

    def until(self, at: datetime) -> None:
        """Let time go by until then."""
        self.hand.move(at - clock.now())


@pytest.fixture
def case(chromium: Browser, tmp_path: Path, moving_clock: Clock) -> Iterator[Case]:
    """A courtyard where local rules allow voting online, and nothing else yet."""
    with serving(tmp_path, chromium, cdn="") as served:
        with served.app.app_context():
            world = make_world()
            stage.allow_online(world)
            db.session.remove()
        yield Case(served, world, moving_clock)
        assert served.complaints == []


def test_a_vote_of_144_owners_from_the_register_to_the_signed_notice(
    case: Case, tmp_path: Path
) -> None:
    organizer = case.desk("organizer")
    hand_in_the_register(organizer, case, tmp_path)
    draft_and_freeze(organizer, case)
    here = f"/desk/owners/{case.vote_id()}"
    case.until(opening(case) + timedelta(hours=1))
    sheets_through_the_acts(case)
    wall = Window(case.served.wall(), touch=False)
    wall.see(f"/owners/{case.vote_id()}/screen")
    wall.reads("还差 3 户")
    expect(wall.page.locator(".verdict")).to_have_text("按已录入数据，未达到法定比例")
    one_on_paper(case, tmp_path)
    one_online(case)
    one_by_an_agent(case, tmp_path)
    expect(wall.page.locator(".gauge-rest")).to_have_text(["够了", "够了"])
    expect(wall.page.locator("body")).not_to_contain_text("还差")
    close_sign_and_seal(case, here)
    notice = case.desk("organizer")
    notice.see(here)
    notice.follow("印结果公告")
    for words in (
        "收回算数的表决票 96 张，面积 8,513.28 ㎡",
        "按户数：96 户，占全体业主 144 户的 66.67%，达到",
        "按面积：8,513.28 ㎡，占全体业主 12,769.76 ㎡的 66.67%，达到",
        "计票人（签字）",
        "监督员（签字）",
    ):
        notice.reads(words)
    verdicts = ["按已录入数据，达到法定比例", "按已录入数据，未达到法定比例"]
    expect(notice.page.locator("main .state")).to_have_text(verdicts)
    expect(wall.page.locator(".verdict")).to_have_text(verdicts)
    register = case.desk("supervisor")
    register.see(f"{here}/by-owner?owner={BY_AGENT}")
    register.reads(f"{AGENT}（代理人）")
    register.reads(f"在逐户登记里查了 {BY_AGENT} 号业主")
    phone = Window(case.served.phone(), touch=True)
    phone.see(f"/owners/{case.vote_id()}")
    phone.heads("表决结果")
    phone.reads("网上")


# --- from the register to the opening ------------------------------------------------------------


def rows() -> list[UnitRow]:
    """Six buildings of two stairwells, six floors and two doors: a unit of each owner."""
    doors = [
        f"{building}-{stairwell}-{floor}0{door}"
        for building in range(1, 7)
        for stairwell in (1, 2)
        for floor in range(1, 7)
        for door in (1, 2)
    ]
    areas = [AREA_DM2] * (OWNERS - 1) + [LAST_AREA_DM2]
    return [
        row(door, area, f"业主{n}")
        for n, (door, area) in enumerate(zip(doors, areas, strict=True), 1)
    ]


def hand_in_the_register(organizer: Window, case: Case, folder: Path) -> None:
    """The table of owners, looked at and saved, and what it is to add up to."""
    file = folder / "owners.xlsx"
    file.write_bytes(register_file.to_xlsx(rows()))
    organizer.see(f"/desk/courtyard/{case.world.courtyard}/owners")
    organizer.page.get_by_label("业主名册文件").set_input_files(file)
    organizer.press("先看一遍")
    organizer.reads("存了以后：144 位业主，144 套，一共 12,769.76 ㎡。")
    organizer.press("存进业主名册")
    organizer.reads("存好了：新增 144 套")
    organizer.write("登记的总面积（㎡）", "12769.76")
    organizer.write("登记的总套数", "144")
    organizer.write("从哪里抄来的", "不动产登记中心")
    organizer.press("存好", within="section[aria-labelledby=stated]")


def draft_and_freeze(organizer: Window, case: Case) -> None:
    """A vote on paper and online with an ordinary and a grave motion."""
    organizer.see(f"/desk/courtyard/{case.world.courtyard}/votes")
    organizer.write("表决叫什么", TITLE)
    organizer.write("由谁召集", "业主委员会")
    organizer.tick("也在网上投")
    organizer.press("存成草稿")
    for title, matter in ((HIRE, "选聘和解聘物业"), (RENT, "改变共有部分的用途")):
        organizer.page.get_by_label("议题", exact=False).first.fill(title)
        offered = organizer.page.get_by_label("是哪一类事")
        key = offered.locator("option", has_text=matter).get_attribute("value")
        offered.select_option(key)
        organizer.press("加上")
        organizer.reads(title)
    organizer.see(f"/desk/owners/{case.vote_id()}/open")
    organizer.press("都对，定下来")
    organizer.reads("定下来了。")


def opening(case: Case) -> datetime:
    """When the vote opens."""
    with case.served.app.app_context():
        found = case.vote().opens_at
        db.session.remove()
    return found


# --- sheets --------------------------------------------------------------------------------------


def marks_of(number: int) -> tuple[Mark, Mark]:
    """All but ten are for the first; two of three are for the second, and that is not enough."""
    return (
        Mark.AGAINST if number % 10 == 0 else Mark.FOR,
        Mark.AGAINST if number % 3 == 0 else Mark.FOR,
    )


def sheets_through_the_acts(case: Case) -> None:
    """Keyed in by the clerk with a picture, looked at and confirmed by the supervisor."""
    with case.served.app.app_context():
        held, at = case.stage(), clock.now()
        counter = Counter(held)
        held.deliver(*range(1, OWNERS + 1), at=at)
        for number in range(1, BY_THE_ACTS + 1):
            today, name = clock.day(at, ZONE), f"业主{number}"
            entry = counter.key(number, *marks_of(number), signer=name, received_on=today, at=at)
            counter.confirm(entry, at)
        db.session.remove()


def photo(folder: Path, number: int) -> Path:
    """A photo of a paper, another one for each number."""
    file = folder / f"{number}.jpg"
    file.write_bytes(jpeg(2000 + number))
    return file


def key_in(case: Case, number: int, signer: str, capacity: str, file: Path) -> None:
    """The clerk keys in a sheet with its photo, and the supervisor confirms it."""
    here = f"/desk/owners/{case.vote_id()}"
    clerk = case.desk("clerk")
    clerk.see(f"{here}/key")
    clerk.has_scripts()
    clerk.write("业主号或门牌", str(number))
    for motion, mark in enumerate(marks_of(number), 1):
        clerk.page.locator(f"#m{motion}").fill("1" if mark is Mark.FOR else "2")
    clerk.write("签字的是谁", signer)
    clerk.tick(capacity)
    clerk.page.get_by_label("签了字的票的照片").set_input_files(file)
    clerk.press("存好，录下一张")
    clerk.reads(f"录好了：{number} 号业主")
    supervisor = case.desk("supervisor")
    supervisor.see(f"{here}/confirm")
    supervisor.hit(supervisor.page.locator('a[href^="/desk/sheet/"]').first)
    supervisor.heads(f"{number} 号业主的票")
    supervisor.press("和照片一样，确认")
    supervisor.reads("确认了，这张票算数了。")


def one_on_paper(case: Case, folder: Path) -> None:
    """A signed paper."""
    key_in(case, ON_PAPER, f"业主{ON_PAPER}", "业主本人", photo(folder, ON_PAPER))


def one_online(case: Case) -> None:
    """An owner votes on the phone by the code of the owner's own slip."""
    with case.served.app.app_context():
        code = codes.owner_code(case.stage().owners[ONLINE], 1, config_of().secret)
        db.session.remove()
    phone = Window(case.served.phone(), touch=True)
    phone.see(f"/o/{code}")
    phone.press("是，我是业主")
    for motion, mark in enumerate(marks_of(ONLINE), 1):
        said = phone.page.locator(f'fieldset[aria-labelledby="t{motion}"]')
        phone.hit(said.get_by_role("radio", name="赞成" if mark is Mark.FOR else "反对"))
    phone.press("看一遍")
    phone.write("您的姓名，当作签字", f"业主{ONLINE}")
    phone.press("没错，投票")
    phone.heads("收到了")


def one_by_an_agent(case: Case, folder: Path) -> None:
    """An agent signs for an owner whose 委托书 was noted."""
    clerk = case.desk("clerk")
    clerk.see(f"/desk/owners/{case.vote_id()}/proxies")
    clerk.write("业主号或门牌", str(BY_AGENT))
    clerk.write("代理人的姓名", AGENT)
    clerk.write("代理人证件的后四位", "2648")
    clerk.page.get_by_label("委托书的照片").set_input_files(photo(folder, 500))
    clerk.press("登记")
    clerk.reads(AGENT)
    key_in(case, BY_AGENT, AGENT, "代理人，有委托书", photo(folder, BY_AGENT))


def close_sign_and_seal(case: Case, here: str) -> None:
    """The close goes by; a supervisor signs, the organizer seals, looks and publishes."""
    with case.served.app.app_context():
        closes_at = case.vote().closes_at
        db.session.remove()
    case.until(closes_at + timedelta(hours=1))
    supervisor, organizer = case.desk("supervisor"), case.desk("organizer")
    supervisor.see(f"{here}/sealing")
    supervisor.press("对过了，签认")
    supervisor.reads("签好了。")
    organizer.see(f"{here}/sealing")
    organizer.press("封存计票")
    organizer.reads("封存好了，也数好了。")
    organizer.press("公布结果")
    organizer.reads("公布了。")
