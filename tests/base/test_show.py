"""Days, times, numbers and money as each language says them."""

from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from surveys.base import show
from tests.manners import Browser
from tests.world import World

CHINESE, ENGLISH = "zh-CN", "en-US"


def said(app: Flask, language: str, how: str, *what: object) -> str:
    """What the reader of this language is told."""

    def answer() -> str:
        with app.test_request_context("/", headers={"Accept-Language": language}):
            return str(getattr(show, how)(*what))

    return Context().run(answer)  # each reader from outside: the catalogue is kept for a request


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (0, "0 元", "¥0"),
        (87_500, "875 元", "¥875"),
        (1_250, "12.50 元", "¥12.50"),
        (999_999, "9,999.99 元", "¥9,999.99"),
        (1_000_000, "1 万元", "¥10,000"),
        (12_600_000, "12.6 万元", "¥126,000"),
        (9_854_321, "9.85 万元", "¥98,543"),
        (40_000_000, "40 万元", "¥400,000"),
        (-12_600_000, "-12.6 万元", "¥-126,000"),
    ],
)
def test_money_is_counted_in_wan_only_where_people_do(
    app: Flask, fen: int, chinese: str, english: str
) -> None:
    assert said(app, CHINESE, "money", fen) == chinese
    assert said(app, ENGLISH, "money", fen) == english


@pytest.mark.parametrize(
    ("hour", "minute", "chinese", "english"),
    [
        (0, 0, "11 月 30 日零点", "30 November, midnight (0:00)"),
        (6, 0, "11 月 30 日上午 6 点", "30 November, 6 am"),
        (12, 0, "11 月 30 日中午 12 点", "30 November, 12 pm"),
        (12, 5, "11 月 30 日中午 12 点 05 分", "30 November, 12:05 pm"),
        (15, 30, "11 月 30 日下午 3 点 30 分", "30 November, 3:30 pm"),
        (20, 0, "11 月 30 日晚上 8 点", "30 November, 8 pm"),
        (0, 20, "11 月 30 日凌晨 0 点 20 分", "30 November, 0:20 am"),
    ],
)
def test_a_moment_is_said_as_people_say_it_where_the_courtyard_is(
    app: Flask, hour: int, minute: int, chinese: str, english: str
) -> None:
    at = datetime(2026, 11, 30, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    assert said(app, CHINESE, "moment", at, "Asia/Shanghai") == chinese
    assert said(app, ENGLISH, "moment", at, "Asia/Shanghai") == english


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_name(app: Flask, month: int) -> None:
    day = date(2026, month, 3)
    assert said(app, CHINESE, "day_words", day) == f"{month} 月 3 日"
    assert said(app, ENGLISH, "day_words", day) == f"3 {day:%B}"


@pytest.mark.parametrize(
    ("how", "what", "chinese", "english"),
    [
        ("area", (1_276_976,), "12,769.76 ㎡", "12,769.76 ㎡"),
        ("percent", (1, 3), "33.3%", "33.3%"),
        ("percent", (0, 0), "—", "—"),
        ("per_household", (12_600_000, 300), "约每户 420 元", "about ¥420 a home"),
        ("building", ("3",), "3 号楼", "Building 3"),
        ("building", ("南楼",), "南楼", "南楼"),
    ],
)
def test_numbers_and_places(
    app: Flask, how: str, what: tuple[object, ...], chinese: str, english: str
) -> None:
    assert said(app, CHINESE, how, *what) == chinese
    assert said(app, ENGLISH, how, *what) == english


def test_a_door_is_said_from_outside_in(app: Flask) -> None:
    door = SimpleNamespace(building="3", stairwell="2", room="301")
    assert said(app, CHINESE, "door", door) == "3 号楼 2 单元 301"
    assert said(app, ENGLISH, "door", door) == "Building 3, Stairwell 2, 301"


@pytest.mark.parametrize(
    ("hours", "chinese", "english"),
    [
        (24, "还剩 1 天", "1 day left"),
        (240, "还剩 10 天", "10 days left"),
        (3, "还剩 3 小时", "3 hours left"),
        (0.5, "不到 1 小时", "less than an hour left"),
    ],
)
def test_how_long_there_is_still(app: Flask, hours: float, chinese: str, english: str) -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    until = at + timedelta(hours=hours)
    assert said(app, CHINESE, "days_left", until, at) == chinese
    assert said(app, ENGLISH, "days_left", until, at) == english


def test_each_device_keeps_its_own_language(app: Flask, world: World) -> None:
    one, other = app.test_client(), app.test_client()
    assert isinstance(one, Browser)
    assert isinstance(other, Browser)
    form = {**one.see(f"/c/{world.code}").form("/language"), "locale": "en"}
    assert one.send("/language", form).one("html").get("lang") == "en"
    assert one.see("/").one("html").get("lang") == "en"
    assert other.see("/").one("html").get("lang") == "zh-CN"
