"""The menus and ballots of the demonstration: one that was decided, one that is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from surveys.ballots import asking, calling_back, casting, drafting, keying, sealing
from surveys.ballots.models import Answer, Ballot, Channel, Entry, Showing, TieMethod
from surveys.ballots.offers import Offer
from surveys.base.db import new_id
from surveys.counting.marks import faults
from surveys.courtyards.models import Household
from surveys.demo.content import chance, content, in_some_order, one_of
from surveys.demo.scene import ZONE, Scene
from surveys.menus import money, posting
from surveys.menus import rules as amounts
from surveys.menus import service as menus
from surveys.menus.models import Menu, Source
from surveys.menus.money import Money
from surveys.needs import ledger
from surveys.needs.models import Need
from surveys.results import live, second_opinion
from surveys.results import service as results

DECIDED_FROM, DECIDED_TO = -30, -24
"""days on which the ballot that was decided opened and closed"""
OPEN_FROM, OPEN_TO = -4, 9
"""days on which the open ballot opened and will close"""
SEALED_WITHIN = 3
"""days after the close"""

MENUS = {"open": "menu", "published": "published"}
"""which menu the plans in `picks.json` are for"""

Needs = Mapping[str, Need]
"""by category of the catalogue"""


@dataclass(frozen=True, slots=True)
class _Vote:
    household: Household
    picked: list[str]
    channel: Channel
    at: datetime


def decide(scene: Scene, needs: Needs) -> Ballot:
    """The first menu, voted on, signed for, sealed and published."""
    at = scene.calendar.at
    menu = _menu(scene, "published", needs, at(DECIDED_FROM - 2, 10))
    ballot = _opened(scene, menu, (DECIDED_FROM, DECIDED_TO), Showing.TURNOUT)
    _votes(scene, ballot, "published", (DECIDED_FROM, DECIDED_TO))
    sealing.close(ballot, at=at(DECIDED_TO, 20))
    _call_back(scene, ballot, at(DECIDED_TO + 1, 8))
    sealing.sign(ballot, by=scene.supervisor, at=at(DECIDED_TO + 1, 9))
    results.seal(ballot, by=scene.organizer, at=at(DECIDED_TO + 1, 15), keys=scene.keys)
    second_opinion.work_out(ballot.id, at(DECIDED_TO + 1, 16))
    results.publish(ballot, by=scene.organizer, at=at(DECIDED_TO + 2, 10))
    return ballot


def _call_back(scene: Scene, ballot: Ballot, at: datetime) -> None:
    """The supervisor reaches all of those drawn but one, and every vote was theirs."""
    first, *others = (one.call.participation_id for one in calling_back.listed(ballot))
    by, away = scene.supervisor, content("picks")["published"]["nobody_home"]
    calling_back.answer(ballot, first, Answer.UNREACHED, away, by=by, at=at)
    for part in others:
        calling_back.answer(ballot, part, Answer.OURS, "", by=by, at=at)


def menu_of_the_round(scene: Scene, needs: Needs) -> Menu:
    """The menu of eighteen items."""
    return _menu(scene, "menu", needs, scene.calendar.at(OPEN_FROM - 4, 10))


def leave_open(scene: Scene, menu: Menu) -> Ballot:
    """The ballot that shows its bars while half the households are in, and one sheet waits."""
    ballot = _opened(scene, menu, (OPEN_FROM, OPEN_TO), Showing.LIVE)
    household = _votes(scene, ballot, "open", (OPEN_FROM, 0))
    picked = _picked(chance("a sheet that waits"), asking.offer(ballot), "open")
    _key_in(scene, ballot, _Vote(household, picked, Channel.PAPER, scene.calendar.at(-1, 18)))
    live.refresh(ballot.id, scene.keys)
    return ballot


def _menu(scene: Scene, name: str, needs: Needs, at: datetime) -> Menu:
    plan, by = content(name), scene.organizer
    budget_fen = plan["budget_yuan"] * 100
    menu = menus.create(scene.round, plan["title"], budget_fen, by=by, at=at)
    wanted = menus.Rules(budget_fen, plan["least"], plan["most"], plan["cap"])
    menus.set_rules(menu, plan["title"], wanted, by=by, at=at)
    _expect_money(menu, by, at)
    *early, last = plan["items"]
    for item in early:
        menus.add_item(menu, _draft(item), [needs[item["category"]].id], by=by, at=at)
    _post(scene, menu, {}, at)
    need, heard = needs[last["category"]], at + timedelta(days=1)
    added = menus.add_item(menu, _draft(last), [need.id], by=by, at=heard)
    said = ledger.sources(need, skip=0, most=1).said
    _post(scene, menu, {added.id: [each.suggestion.number for each in said]}, heard)
    return menu


def _expect_money(menu: Menu, by: str, at: datetime) -> None:
    """Nine tenths from above, the rest from a partner."""
    above_fen = menu.budget_fen * 9 // 10
    wanted = {
        Source.ABOVE: Money(above_fen),
        Source.PARTNERS: Money(menu.budget_fen - above_fen),
    }
    money.set_funding(menu, wanted, by=by, at=at)


def _post(scene: Scene, menu: Menu, causes: posting.Causes, at: datetime) -> None:
    """The menu posted for comment until the day after."""
    until = at.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    seen = posting.pending(menu).seen
    posting.post(menu, until, causes=causes, seen=seen, by=scene.organizer, at=at)


def _draft(item: Mapping[str, Any]) -> menus.Draft:
    return menus.Draft(
        class_key=item["class"],
        name=item["name"],
        quantity_milli=amounts.parse_quantity(item["quantity"]),
        unit_cost_fen=amounts.parse_yuan(item["unit_cost_yuan"]),
        unit=item["unit"],
        what=item["what"],
        benefits=item["benefits"],
        upkeep=item["upkeep"],
        note=item["note"],
        must_do=item["must_do"],
    )


def _opened(scene: Scene, menu: Menu, days: tuple[int, int], showing: Showing) -> Ballot:
    """A ballot from 8 o'clock on the first day to 20 o'clock on the last, opened a day ahead."""
    (first, last), at = days, scene.calendar.at
    ballot = drafting.draft(
        scene.round,
        menu,
        title=menu.title,
        opens_at=at(first, 8),
        closes_at=at(last, 20),
        seals_at=at(last + SEALED_WITHIN, 20),
        showing=showing,
        tie_method=TieMethod.SEED,
        by=scene.organizer,
        at=at(first - 1, 10),
    )
    when = at(first - 1, 15)
    drafting.open_(ballot, by=scene.organizer, at=when, keys=scene.keys, secret=scene.secret)
    return ballot


def _votes(scene: Scene, ballot: Ballot, name: str, days: tuple[int, int]) -> Household:
    """Let as many households of each building vote as planned, in any order.

    Returns:
        A household that has not voted.
    """
    rng, plan, offer = chance(f"votes {name}"), content("picks")[name], asking.offer(ballot)
    voting: list[Household] = []
    left: list[Household] = []
    for building, count in enumerate(plan["by_building"], 1):
        of_building = scene.of_building(building)
        drawn = rng.sample(of_building, len(of_building))
        voting += drawn[:count]
        left += drawn[count:]
    first, last = days
    for n, household in enumerate(rng.sample(voting, len(voting))):
        channel, at = Channel(one_of(rng, plan["channels"])), _when(scene, first, last, n)
        vote = _Vote(household, _picked(rng, offer, name), channel, at)
        if channel is Channel.SCAN:
            _cast(scene, ballot, vote)
        else:
            _confirm(scene, _key_in(scene, ballot, vote), at)
    return left[-1]


def _when(scene: Scene, first: int, last: int, n: int) -> datetime:
    """When the n-th vote came: in turn on every day before the last, by day."""
    return scene.calendar.at(first + n % (last - first), 9, 5 * n)


def _picked(rng: Random, offer: Offer, name: str) -> list[str]:
    """What one household picks within the rules: ids of items."""
    plan = content("picks")[name]
    ids = {item.name: item.id for item in offer.items}
    listed = [ids[item["name"]] for item in content(MENUS[name])["items"]]
    count = int(one_of(rng, plan["how_many"]))
    picked: list[str] = []
    for item in in_some_order(rng, dict(zip(listed, plan["weights"], strict=True))):
        handed = [(marked, 1) for marked in (*picked, item)]
        if len(picked) < count and not faults(handed, offer.menu, offer.rules):
            picked.append(item)
    return picked


def _cast(scene: Scene, ballot: Ballot, vote: _Vote) -> None:
    casting.cast(
        ballot,
        vote.household,
        dict.fromkeys(vote.picked, 1),
        submission=new_id(),
        at=vote.at,
        keys=scene.keys,
        secret=scene.secret,
    )


def _key_in(scene: Scene, ballot: Ballot, vote: _Vote) -> Entry:
    return keying.key_in(
        ballot,
        vote.household,
        dict.fromkeys(vote.picked, 1),
        channel=vote.channel,
        submission=new_id(),
        by=scene.clerk,
        at=vote.at,
        keys=scene.keys,
        secret=scene.secret,
    )


def _confirm(scene: Scene, entry: Entry, at: datetime) -> None:
    """The supervisor compares with the sheet, then confirms."""
    keying.choice_to_confirm(entry, by=scene.supervisor, at=at, keys=scene.keys)
    keying.confirm(entry, by=scene.supervisor, at=at)
