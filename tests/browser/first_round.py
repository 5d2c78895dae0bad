"""The first round by the words of docs/organizers.md alone, with what each step asks of a person.

A walker presses nothing that the guide's step does not name in bold. How long a person takes is
counted, not measured: reading the guide, reading each page, typing, pressing.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from surveys.config import ROOT

GUIDE = ROOT / "docs" / "organizers.md"
STEP = re.compile(r"^### (\d)\. (.+?)（.*?）\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
READ_GUIDE, READ_PAGE, TYPE = 250, 500, 40
"""signs a minute: of the guide, word for word; of a page, looked over; typed"""
LOOKED_AT = 400
"""signs of a page that are looked at, at most"""
PRESS = 3 / 60
"""minutes"""
PASSWORD = "sit down together 7"
HOUSEHOLDS = 60


@dataclass
class Step:
    """One step of the guide, and what it took."""

    number: int
    title: str
    text: str
    presses: int = 0
    typed: int = 0
    looked_at: int = 0
    waited: float = 0
    """seconds of browser and server"""
    aside: float = 0
    """minutes that no counting tells: looking at the questions, waiting for the printer"""
    names: set[str] = field(default_factory=set)
    """what the guide names in bold here"""

    @property
    def minutes(self) -> float:
        """What a person takes, with waiting for the machine."""
        return self.of_a_person + self.waited / 60

    @property
    def of_a_person(self) -> float:
        """What a person takes at a machine that never keeps anybody waiting, in minutes."""
        read = len("".join(self.text.split())) / READ_GUIDE + self.looked_at / READ_PAGE
        return read + self.typed / TYPE + self.presses * PRESS + self.aside


def guide() -> list[Step]:
    """The steps as they are written, without pictures and signs of markup."""
    found = []
    for number, title, text in STEP.findall(GUIDE.read_text("utf-8")):
        plain = re.sub(r"!\[.*?\]\(.*?\)|\]\(.*?\)", "", text)
        names = set(re.findall(r"\*\*(.+?)\*\*", text))
        step = Step(int(number), title, re.sub(r"[*`\[]", "", plain), names=names)
        found.append(step)
    return found


class Walker:
    """Somebody new with the guide in hand."""

    def __init__(self, page: Page, pictures: Path | None = None) -> None:
        self.page = page
        self.pictures = pictures
        self.steps = guide()
        self.step = self.steps[0]

    @contextmanager
    def at(self, number: int) -> Iterator[None]:
        """What is done in here is done in this step."""
        self.step = self.steps[number - 1]
        assert self.step.number == number
        yield

    @contextmanager
    def _goes(self) -> Iterator[None]:
        """A page is asked for, comes, and is looked over."""
        begun = time.monotonic()
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.step.waited += time.monotonic() - begun
        self.step.looked_at += min(len("".join(self.seen().split())), LOOKED_AT)
        if self.pictures:
            self.pictures.mkdir(exist_ok=True)
            n = len(list(self.pictures.iterdir())) + 1
            self.page.screenshot(path=self.pictures / f"{n:02d}.png", full_page=True)

    def seen(self) -> str:
        """What one reads on the page."""
        return self.page.locator("main").first.inner_text()

    def opens(self, address: str) -> None:
        """Type an address."""
        with self._goes():
            self.page.goto(address)

    def write(self, label: str, text: str) -> None:
        """Type into the field of this label; with a press to get there."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.step.typed += len(text)
        self.step.presses += 1

    def named(self, name: str) -> Locator:
        """The button or link that the guide names in this step."""
        assert name in self.step.names, f"step {self.step.number} does not name {name}"
        found = self.page.get_by_role("button", name=name, exact=True)
        return found.or_(self.page.get_by_role("link", name=name, exact=True)).first

    def press(self, name: str) -> None:
        """Press what the guide names here; another page comes."""
        what = self.named(name)
        with self._goes():
            what.click()
        self.step.presses += 1

    def change(self, what: Locator) -> None:
        """Press something after which the page stays, but for a part of it."""
        begun = time.monotonic()
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            what.click()
        expect(what).not_to_be_attached()
        self.step.presses += 1
        self.step.waited += time.monotonic() - begun

    def pick(self, name: str) -> None:
        """Choose what the guide names here."""
        assert name in self.step.names
        self.page.get_by_role("radio", name=name).click()
        self.step.presses += 1


def walk(walker: Walker, address: str, name: str, once: str) -> None:
    """From the sign-in page to the poster."""
    with walker.at(1):
        walker.opens(f"{address}/desk/")
        walker.write("登录名", name)
        walker.write("密码", once)
        walker.press("登录")
        walker.write("新密码", PASSWORD)
        walker.write("新密码再写一遍", PASSWORD)
        walker.press("改好了")
    with walker.at(2):
        walker.write("社区叫什么", "槐树里社区")
        walker.pick("我自己")
        walker.press("开始")
    with walker.at(3):
        _make_courtyard(walker)
    with walker.at(4):
        walker.press("开始一轮")
        walker.press("开始")
    with walker.at(5):
        _make_questionnaire(walker)
    with walker.at(6):
        walker.press("现在开放")
        walker.press("打印海报")
        walker.step.presses += 3  # 打印, and what the browser asks
        walker.step.aside += 1


def _make_courtyard(walker: Walker) -> None:
    walker.write("楼院的名字", "槐树里 3 号院")
    walker.write("社区电话 可以不填", "0371-60000000")
    doors = "1-2 号楼 2 单元 6 层 每层 2 户\n3 号楼 1 单元 6 层 每层 2 户"
    walker.write("有哪些门牌 可以不填", doors)
    walker.press("建好")
    walker.press("没错，建好")
    assert f"{HOUSEHOLDS} 户都在花名册里" in walker.seen()


def _make_questionnaire(walker: Walker) -> None:
    walker.press("选一份问卷")
    walker.pick("改造意愿调查")
    walker.press("照这个做一份")
    walker.step.aside += 2
    walker.press("改题目")
    last = walker.page.locator("button.offer").last.get_attribute("id")
    walker.change(walker.page.locator(f"#{last}"))
    walker.change(walker.named("去掉这题"))
    walker.press("改完了")
