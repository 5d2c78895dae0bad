"""A moment, as people say it."""

from datetime import UTC, datetime, timedelta

import pytest

from surveys.base import audit, clock
from surveys.base.db import db
from surveys.base.show import ago, said
from tests.manners import Browser
from tests.world import World, sign_in

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "刚才"),
        (timedelta(minutes=3), "今天 14:02"),
        (timedelta(hours=14, minutes=4), "今天 0:01"),
        (timedelta(hours=14, minutes=6), "昨天 23:59"),
        (timedelta(days=2), "2 天前"),
        (timedelta(days=6), "6 天前"),
        (timedelta(days=7), "11 月 15 日"),
        (timedelta(days=325), "1 月 1 日"),
        (timedelta(days=326), "2025-12-31"),
        (-timedelta(minutes=5), "11 月 22 日下午 2 点 10 分"),
        (-timedelta(days=39), "12 月 31 日下午 2 点 05 分"),
        (-timedelta(days=40), "2027-01-01 14:05"),
    ],
)
def test_a_moment_is_told_by_how_far_it_lies_from_now(before: timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_days_that_an_act_noted_are_told_in_words() -> None:
    noted = {"day": "2026-11-03", "due": "—", "name": "2026-11-03", "households": 3}
    assert said(noted) == {"day": "11 月 3 日", "due": "—", "name": "2026-11-03", "households": 3}


def test_the_day_is_that_of_the_place_not_of_the_server() -> None:
    late = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    assert ago(late, NOW) == "昨天 23:00"
    assert ago(late, NOW, "UTC") == "昨天 15:00"
    assert ago(late, NOW, "Pacific/Auckland") == "今天 4:00"


def test_the_exact_moment_is_a_touch_away_and_told_to_machines(
    browser: Browser, world: World
) -> None:
    audit.note("place.add", by=None, at=clock.now(), courtyard_id=world.courtyard, name="后院")
    db.session.commit()
    sign_in(browser, world.accounts["organizer"])
    (told, *_rest) = browser.see(f"/desk/courtyard/{world.courtyard}/audit").all(".log time")
    assert told.text == "刚才"
    assert datetime.fromisoformat(told.get("datetime")).utcoffset() == timedelta(hours=8)
    assert told.get("datetime")[:16].replace("T", " ") == told.get("title")
