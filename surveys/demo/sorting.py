"""The ledger of the demonstration: needs, what stands behind them, what was done at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from surveys.base import clock
from surveys.demo.content import chance, content
from surveys.demo.scene import Scene
from surveys.needs import catalogue, facts, keeping, ledger, proposing, support, teaching
from surveys.needs import service as needs
from surveys.needs.facts import Facts
from surveys.needs.keeping import Fix
from surveys.needs.models import Lane, Need, NeedKind, Suggestion

FIRST = -35
"""day on which the sorting begins"""
SORTED_UP_TO = 190
"""number of the last suggestion that staff have come to"""
A_DAY = 20
"""suggestions sorted in a day"""
A_WEEK = 7
FIXED_BY = -20
"""day on which the ledger is gone through once more"""
FIXED_AFTER = 2
"""days from one quick fix to the next"""
EVERYTHING = 1_000

Entry = dict[str, Any]
"""one need of `ledger.json`"""


def sort_half(scene: Scene) -> dict[str, Need]:
    """Put what was said first to needs and leave the rest for whoever tries the desk.

    Some households stand behind a need without writing anything.

    Returns:
        The needs by their category in the catalogue.
    """
    entries = _entries()
    made = [_new(scene, entry) for entry in entries]
    by_category = {need.category: need for need in made if need.category}
    by_text = {
        text: need for entry, need in zip(entries, made, strict=True) for text in entry["from"]
    }
    about = {said["text"]: said["needs"] for said in content("suggestions")}
    for n, (suggestion, _building) in enumerate(ledger.unsorted(scene.round.id, 0, EVERYTHING)):
        if suggestion.text in by_text:
            _place(scene, suggestion, [by_text[suggestion.text]], n)
        elif suggestion.number <= SORTED_UP_TO:
            keys = about[suggestion.text]
            _place(scene, suggestion, [by_category[key] for key in keys if key in by_category], n)
    _stand_behind(scene, entries, made)
    _fix_at_once(scene, entries, made)
    _describe(scene, entries, made)
    return by_category


def _entries() -> list[Entry]:
    """The needs of the ledger, and those that the menu which was decided first answers besides."""
    found: list[Entry] = list(content("ledger"))
    known = {entry["category"] for entry in found}
    for key in dict.fromkeys(item["category"] for item in content("published")["items"]):
        line = catalogue.entry(key)
        if line is not None and key not in known:
            found.append({"title": line.name, "category": key, "from": [], "done": False})
    return found


def _new(scene: Scene, entry: Entry) -> Need:
    at = scene.calendar.at(FIRST, 9)
    return keeping.new_need(scene.round, entry["title"], entry["category"], by=scene.clerk, at=at)


def _place(scene: Scene, suggestion: Suggestion, to: Sequence[Need], n: int) -> None:
    """Put the n-th suggestion to its needs, or aside where it wishes for nothing.

    What is about something else stays for later.
    """
    at = scene.calendar.at(FIRST + n // A_DAY, 14, n % A_DAY * 6)
    if to:
        needs.place(suggestion, [need.id for need in to], by=scene.clerk, at=at)
    elif suggestion.text in content("no_wish"):
        needs.set_aside(suggestion, by=scene.clerk, at=at)


def _stand_behind(scene: Scene, entries: Sequence[Entry], made: Sequence[Need]) -> None:
    """Households that read what others said, and say 我家也是."""
    rng = chance("who says so too")
    for n, (entry, need) in enumerate(zip(entries, made, strict=True)):
        homes = rng.sample(scene.households, entry.get("too", 0))
        for day, home in enumerate(homes, FIRST + A_WEEK):
            support.support(need, home, at=scene.calendar.at(day, 19, n))


def _fix_at_once(scene: Scene, entries: Sequence[Entry], made: Sequence[Need]) -> None:
    done = [(entry, need) for entry, need in zip(entries, made, strict=True) if entry["done"]]
    for n, (entry, need) in enumerate(done, 1):
        at = scene.calendar.at(FIRST + n * FIXED_AFTER, 17)
        fix = Fix(clock.day(at, scene.courtyard.zone), entry["quick_note"])
        keeping.quick_fix(need, fix, by=scene.organizer, at=at)


def learn_and_propose(scene: Scene, at: datetime) -> None:
    """What the tick would do soon after: the board's words and groups are there at once."""
    teaching.learn(scene.courtyard.id, at=at)
    for courtyard_id in proposing.due():
        proposing.work_out(courtyard_id)


def _describe(scene: Scene, entries: Sequence[Entry], made: Sequence[Need]) -> None:
    """What each need is, where, who sees to it; and those that go neither here nor there."""
    for entry, need in zip(entries, made, strict=True):
        at = scene.calendar.at(FIXED_BY, 16)
        days, zone = entry.get("due_in_days"), scene.courtyard.zone
        due_on = clock.day(scene.calendar.at(days, 12), zone) if days else None
        kind = NeedKind(entry["kind"]) if "kind" in entry else None
        said = Facts(kind, entry.get("place", ""), entry.get("leads", ""), due_on)
        facts.set_facts(need, said, by=scene.clerk, at=at)
        if "lane_note" in entry:
            lane = Lane(entry["lane"])
            keeping.set_lane(need, lane, entry["lane_note"], by=scene.organizer, at=at)
