"""The orders of the demonstration: what became of the items that were decided first."""

from datetime import date, timedelta
from typing import Any

from surveys.ballots.models import Ballot
from surveys.base import clock
from surveys.demo.content import content
from surveys.demo.scene import Scene
from surveys.orders import service as orders
from surveys.orders.service import Line


def follow_up(scene: Scene, ballot: Ballot) -> None:
    """The first chosen items are accepted: one is done, one was put off, one is under way.

    The others wait for whoever tries the desk.
    """
    now = scene.calendar.at(0, 9)
    for line, plan in zip(orders.lines(ballot, now), content("orders"), strict=False):
        _follow(scene, line, plan)


def _follow(scene: Scene, line: Line, plan: dict[str, Any]) -> None:
    by, item, accepted = scene.organizer, line.item.id, scene.calendar.at(plan["accepted"], 10)
    day = _day(scene, plan["promised"])
    orders.accept(line.ballot, item, plan["who"], day, by=by, at=accepted)
    if "put_off" in plan:
        later, at = _day(scene, plan["put_off"]), scene.calendar.at(plan["promised"], 10)
        orders.put_off(line.ballot, item, later, plan["why"], by=by, at=at)
    if "done" in plan:
        at = scene.calendar.at(plan["done"], 16)
        orders.finish(line.ballot, item, _day(scene, plan["done"]), by=by, at=at)


def _day(scene: Scene, day: int) -> date:
    today = clock.day(scene.calendar.loaded_at, scene.courtyard.zone)
    return today + timedelta(days=day)
