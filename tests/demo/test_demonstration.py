"""The demonstration as it stands after loading, and what the command that loads it says."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from surveys.accounts.rules import ALLOWED, RoleKind
from surveys.ballots import asking, chain, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Channel
from surveys.base import audit, clock
from surveys.base.db import db
from surveys.config import Config
from surveys.counting import ties
from surveys.counting.tally import tally
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import HouseholdCode
from surveys.demo.content import content
from surveys.demo.load import BEGUN, load
from surveys.errors import Refused
from surveys.menus import service as menus
from surveys.needs import ledger, teaching
from surveys.needs import service as needs
from surveys.needs.models import Lane, Suggestion, Support
from surveys.overview import service as overview
from surveys.owners import chain as vote_chain
from surveys.owners import delivering, figures
from surveys.owners import service as owners
from surveys.owners.rules import State, state
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Response
from surveys.results import live, second_opinion
from surveys.results import service as results
from surveys.results.counted import Count, count
from surveys.results.rules import Surface
from surveys.rounds import service as rounds
from surveys.tick import tick
from surveys.web import config_of
from tests.accounts.people import typed
from tests.demo.conftest import Demonstration, prepare
from tests.manners import Browser
from tests.results.sealed import recounted, written
from tests.world import World

CREDENTIALS = re.compile(r"账号 (\w+)，一次性密码 (\S+)")


def keys_of(demo: Demonstration) -> LinkKeys:
    """Where its link keys lie."""
    return LinkKeys(config_of(demo.app).link_key_dirs)


def open_ballot(demo: Demonstration) -> Ballot:
    """The ballot that takes votes."""
    (ballot,) = asking.open_ones(demo.courtyard.id, clock.now())
    return ballot


def test_a_courtyard_of_six_buildings_says_that_it_is_a_demonstration(demo: Demonstration) -> None:
    assert demo.courtyard.is_demonstration
    assert courtyards.size(demo.courtyard.id) == (144, 6, 1_276_976)
    assert courtyards.buildings_of(demo.courtyard.id) == [(str(n), 24) for n in range(1, 7)]
    assert db.session.scalar(select(func.count()).select_from(HouseholdCode)) == 144


def test_the_round_stands_on_choosing(demo: Demonstration) -> None:
    round_ = rounds.current(demo.courtyard.id)
    assert round_ is not None
    states = {rung.name: rung.state for rung in rounds.ladder_of(round_)}
    assert [name for name, state in states.items() if state == "done"] == ["征集", "商议"]
    assert states["点单"] == "now"


def test_one_questionnaire_has_closed_and_one_is_open(demo: Demonstration) -> None:
    every = questionnaires.of_courtyard(demo.courtyard.id)
    (closed,) = questionnaires.closed_among(every, clock.now())
    (open_,) = questionnaires.open_ones(demo.courtyard.id, clock.now())
    assert received.responses_count(closed.id) == (118, 0)
    assert received.responses_count(open_.id) == (46, 0)
    channels = set(db.session.scalars(select(Response.channel).distinct()))
    assert channels == {"scan", "paper", "phone", "visit"}


def test_every_suggestion_was_said_once_and_by_its_channel(demo: Demonstration) -> None:
    said = db.session.scalars(select(Suggestion).order_by(Suggestion.number)).all()
    assert [suggestion.number for suggestion in said] == list(range(1, 301))
    assert {(s.text, s.channel) for s in said} == {
        (s["text"], s["channel"]) for s in content("suggestions")
    }
    assert sum(s.answer_id is not None for s in said) > 80
    assert sum(s.household_id is None for s in said) == 17


def test_half_of_the_suggestions_are_sorted(demo: Demonstration) -> None:
    found = needs.counts(demo.courtyard.id)
    assert found.suggestions == 300
    assert 0.45 < found.sorted / found.suggestions < 0.65
    assert found.needs >= len(content("ledger"))
    assert needs.waiting(demo.courtyard.id) == 0


def test_households_stand_behind_what_others_said(demo: Demonstration) -> None:
    too = db.session.scalars(select(Support)).all()
    assert len(too) == sum(entry.get("too", 0) for entry in content("ledger"))
    assert len({one.household_id for one in too}) > 40
    today = clock.day(clock.now(), demo.courtyard.zone)
    assert all(one.supported_on < today for one in too)


def test_a_word_of_this_courtyard_was_learnt_and_speaks_for_what_is_not_sorted(
    demo: Demonstration,
) -> None:
    (word,) = teaching.words(demo.courtyard.id)
    assert (word.word, word.entry_key, word.texts) == ("铁驴", "bike-charge", 3)
    said = db.session.scalars(
        select(Suggestion).where(Suggestion.text.contains(word.word), ledger.is_unsorted())
    )
    assert list(said), "somebody who sorts meets it"


def test_what_was_done_at_once_has_its_day_and_its_note(demo: Demonstration) -> None:
    fixed = needs.fixed(demo.courtyard.id, 10)
    assert len(fixed) == 3
    today = clock.day(clock.now(), demo.courtyard.zone)
    assert all(need.fixed_on and need.fixed_on < today and need.fix_note for need in fixed)


def test_every_item_of_the_menu_answers_a_need_that_households_stand_behind(
    demo: Demonstration,
) -> None:
    menu = next(m for m in menus.of_courtyard(demo.courtyard.id) if len(menus.items_of(m)) == 18)
    linked = menus.needs_by_item(menu)
    behind = {row.need.id: row.behind for row in ledger.rows(menu.round_id)}
    for item in menus.items_of(menu):
        (need,) = linked[item.id]
        assert need.lane == Lane.MENU
        assert behind[need.id].households + behind[need.id].anonymous > 0


def test_half_the_households_are_in_and_one_sheet_waits(demo: Demonstration) -> None:
    ballot = open_ballot(demo)
    assert (ballot.households_in, ballot.roll_count) == (72, 144)
    assert len(asking.pending(ballot)) == 1
    assert asking.by_channel(ballot)[Channel.PAPER] >= 5
    assert [came for _b, came, _of in asking.turnout_by_building(ballot)] == [14, 12, 8, 13, 12, 13]
    assert timedelta(days=8) < ballot.closes_at - clock.now() < timedelta(days=10)
    assert chain.verify(ballot) is None


def test_the_bars_show_and_twelve_items_fit(demo: Demonstration) -> None:
    ballot = open_ballot(demo)
    seen = live.figures(ballot.id, Surface.WALL, clock.now())
    offer = asking.offer(ballot)
    choices = sealing.current_choices(ballot, keys_of(demo))
    totals = tally(choices, [item.id for item in offer.items], offer.way, offer.counting)
    assert (seen.counted_in, seen.totals) == (72, totals)
    by_name = {item.name: totals.scores[item.id] for item in offer.items}
    assert (by_name["下水道改造"], by_name["屋面防水修缮"]) == (47, 42)  # every time the same
    assert len(count(offer, totals, ties.unsettled).chosen) == 12


def test_an_earlier_ballot_is_published_and_signed_for(demo: Demonstration) -> None:
    (ballot,) = results.published_of(demo.courtyard.id)
    found = results.read(ballot)
    assert ballot.signed_by is not None
    assert found.count.households_in == 101
    assert isinstance(found.count, Count)
    assert len(found.count.lines) == 8 > len(found.count.chosen) >= 5
    assert sum(found.channels.values()) == 101
    assert not found.count.waits
    assert chain.verify(ballot) is None
    assert keys_of(demo).held() == {open_ballot(demo).id}


@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
def test_the_published_ballot_is_recounted_from_an_empty_folder(
    demo: Demonstration, tmp_path: Path, sealed: bool
) -> None:
    (ballot,) = results.published_of(demo.courtyard.id)
    found = recounted(written(ballot, tmp_path, sealed=sealed), "--head", ballot.head)
    assert (found.returncode, found.stderr) == (0, ""), found.stdout
    assert "全部对得上" in found.stdout


def test_each_item_of_the_result_leads_to_the_need_that_it_came_from(
    demo: Demonstration, visitor: Browser
) -> None:
    (published,) = results.published_of(demo.courtyard.id)
    asked = asking.asked_for([published])
    page = visitor.see(f"/result/{published.id}")
    led = {link.get("href") for link in page.all("ul.result a")}
    chosen = results.read(published).count
    assert isinstance(chosen, Count)
    lines = [*chosen.chosen, *chosen.left_out]
    assert led == {f"/need/{need.id}" for line in lines for need in asked.get(line.item.id, ())}
    assert led
    assert visitor.see(sorted(led)[0]).says("户说过")


def test_whoever_only_reads_the_menu_is_led_to_the_need_of_each_item(
    demo: Demonstration, visitor: Browser
) -> None:
    ballot = open_ballot(demo)
    needs_of = asking.asked_for([ballot]).values()
    page = visitor.see(f"/v/{ballot.id}")
    led = [link.get("href") for link in page.all("a[href^='/need/']")]
    assert sorted(led) == sorted(f"/need/{need.id}" for found in needs_of for need in found)
    assert len(led) == 18


def test_a_second_opinion_on_it_is_told(demo: Demonstration, visitor: Browser) -> None:
    (ballot,) = results.published_of(demo.courtyard.id)
    opinion = second_opinion.of(ballot, results.read(ballot).count)
    assert opinion is not None
    assert opinion.done
    assert visitor.see(f"/result/{ballot.id}").says("按“每户一份钱”，会怎么样？")


def test_a_tick_finds_nothing_but_old_tries_to_forget_and_the_next_one_nothing(
    demo: Demonstration,
) -> None:
    first, second = (tick(clock.now(), keys_of(demo)) for _twice in range(2))
    assert set(+first.done) <= {"failures_forgotten"}
    assert +second.done == {}
    assert first.failed == second.failed == []


def test_the_desk_says_what_to_do_next(demo: Demonstration) -> None:
    may, days = ALLOWED[RoleKind.ORGANIZER], Config.answer_days
    page = overview.courtyard_page(demo.courtyard, may, clock.now(), days)
    assert page.turnout is not None
    assert page.turnout.furthest_behind == ("3", 16, 24)
    assert page.tasks


def test_choosing_is_not_over_while_a_ballot_is_open(demo: Demonstration) -> None:
    round_ = rounds.current(demo.courtyard.id)
    assert round_ is not None
    facts = overview.facts(demo.courtyard, round_, clock.now())
    assert facts == {"questionnaire_closed", "menu_ready"}


@pytest.mark.parametrize("start", ["/c/", "/q/", "/v/", "/h/", "/screen/", "/result/", "/desk/"])
def test_every_printed_address_opens(demo: Demonstration, visitor: Browser, start: str) -> None:
    assert visitor.see(demo.path(start)).status == 200


def test_the_bars_have_an_address_of_their_own(demo: Demonstration, visitor: Browser) -> None:
    bars = demo.path("/screen/") + "/bars"
    assert any(address["url"].endswith(bars) for address in demo.addresses)
    assert visitor.see(bars).says("到此为止")


def test_the_courtyards_page_says_that_this_is_a_demonstration(
    demo: Demonstration, visitor: Browser
) -> None:
    assert visitor.see(demo.path("/c/")).says("演示")


def test_each_start_gives_out_passwords_that_work_and_voids_the_old(
    demo: Demonstration, visitor: Browser
) -> None:
    before = dict(CREDENTIALS.findall(json.dumps(demo.addresses, ensure_ascii=False)))
    told = prepare(demo.app, "--demo")
    assert told.exit_code == 0, told.output
    now = dict(CREDENTIALS.findall(told.stdout))
    assert sorted(now) == ["administrator", "clerk", "organizer", "supervisor"]
    assert all(now[name] != before[name] for name in now)
    assert typed(visitor, "clerk", before["clerk"]).status == 422
    for name, password in now.items():
        visitor.delete_cookie("stool")
        page = typed(visitor, name, password)
        assert (page.status, page.response.location) == (303, "/desk/")


def test_starting_again_loads_nothing_again(demo: Demonstration) -> None:
    told = json.loads(prepare(demo.app, "--demo", "--json").stdout)["addresses"]
    again = [address["url"] for address in told]
    assert again == [address["url"] for address in demo.addresses]
    assert needs.counts(demo.courtyard.id).suggestions == 300
    with pytest.raises(Refused, match="装过"):
        load(clock.now(), keys_of(demo), config_of(demo.app).secret)


def test_the_demonstration_is_not_put_among_real_places(app: Flask, world: World) -> None:
    told = prepare(app, "--demo")
    assert told.exit_code == 1
    assert "真的院子" in told.output
    assert courtyards.find(world.courtyard).is_demonstration is False


def test_half_a_demonstration_is_not_taken_for_a_whole_one(app: Flask) -> None:
    audit.note(BEGUN, by=None, at=clock.now())
    db.session.commit()
    told = prepare(app, "--demo")
    assert told.exit_code == 1
    assert "只装了一半" in told.output


def test_a_real_installation_begins_with_one_account_told_once(
    app: Flask, browser: Browser
) -> None:
    first = prepare(app, "--empty")
    ((name, password),) = CREDENTIALS.findall(first.output)
    assert typed(browser, name, password).status == 303
    second = prepare(app, "--empty", "--json")
    assert CREDENTIALS.findall(second.output) == []
    urls = [address["url"] for address in json.loads(second.stdout)["addresses"]]
    assert urls == ["https://xbd.example/", "https://xbd.example/desk/"]


def test_one_must_say_what_to_prepare(app: Flask) -> None:
    assert prepare(app).exit_code == 2


def test_an_owners_vote_is_open_with_deliveries_and_sheets(demo: Demonstration) -> None:
    (vote,) = owners.of_courtyard(demo.courtyard.id)
    assert state(vote, clock.now()) is State.OPEN
    assert (vote.owners, vote.area_dm2) == (137, 1_276_976)
    found = figures.of(vote)
    assert (found.taking_part.owners, found.waiting, found.contested) == (74, 3, 1)
    assert sum(delivering.numbers(vote).values()) == 137
    assert vote_chain.verify(vote) is None
