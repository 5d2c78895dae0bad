"""From door to door: what is noted, what the list shows first, and when it is forgotten."""

from datetime import timedelta
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask

from surveys.base import audit, clock
from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.courtyards import doors, visiting
from surveys.courtyards.doors import Doorstep, Heard, Line, Subject
from surveys.courtyards.models import Household, Visit
from surveys.errors import Invalid, Refused
from surveys.questionnaires import keying, knocking, service
from surveys.questionnaires.models import Questionnaire
from tests.manners import Browser, Page
from tests.questionnaires.asking import current, opened, opened_now, sent_by_phones
from tests.questionnaires.test_keying import keyed
from tests.world import AT, World, sign_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def clerk(world: World, browser: Browser) -> Browser:
    """The clerk's browser, or a building head's."""
    sign_in(browser, world.accounts["clerk"])
    return browser


def visits() -> list[Visit]:
    """Everything that was noted, in order."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Visit).order_by(Visit.at)))


def noted(world: World, door: int, outcome: str, minutes: int = 0, **more: str) -> Visit:
    """A visit at the door of this household of the roll."""
    return visiting.note(
        db.session.get_one(Household, world.households[door]),
        way="visit",
        outcome=outcome,
        by=world.accounts["clerk"],
        at=AT + timedelta(minutes=minutes),
        **more,
    )


def outcome(world: World, door: int, subject: Subject | None = None) -> str:
    """What is known last of the door of this household of the roll."""
    home = db.session.get_one(Household, world.households[door])
    return doors.of_household(home, subject).outcome


def listed(
    world: World, asked: str, subject: Subject | None = None, building: str = doors.WHOLE
) -> list[str]:
    """Ids of the households that the list shows for an address, on all pages."""
    found: list[str] = []
    for page in range(1, 10):
        view = View.read(
            "/",
            dict(parse_qsl(f"{asked}&page={page}")),
            ["door"],
            {"q": None, "state": set(doors.STATES)},
            a_page=5,
        )
        some, total = doors.page(world.courtyard, building, subject, view)
        if page > view.pages(total):
            break
        found += [door.household.id for door in some]
    assert len(found) == total
    return found


def tap(clerk: Browser, household: str, outcome: str, **more: str) -> Page:
    """One tap on the list."""
    page = clerk.see(f"/desk/courtyard/{courtyard_of(household)}/visits")
    form = page.form(f"/desk/household/{household}/")
    return clerk.send(f"/desk/household/{household}/visits", {**form, "outcome": outcome, **more})


def courtyard_of(household: str) -> str:
    """Id of its courtyard."""
    return db.session.get_one(Household, household).courtyard_id


# --- acts ----------------------------------------------------------------------------------------


def test_a_visit_is_a_line_with_who_when_and_what_came_of_it(world: World) -> None:
    noted(world, 0, "absent", note="  灯  亮着 ")
    (line,) = visits()
    assert (line.way, line.outcome, line.note, line.by, line.at) == (
        "visit",
        "absent",
        "灯 亮着",
        world.accounts["clerk"],
        AT,
    )


@pytest.mark.parametrize(
    "wrong", [{"way": "pigeon"}, {"outcome": "asleep"}, {"outcome": ""}, {"note": "长" * 101}]
)
def test_what_cannot_be_noted_is_not(world: World, wrong: dict[str, str]) -> None:
    household = db.session.get_one(Household, world.households[0])
    asked = {"way": "visit", "outcome": "met", **wrong}
    with pytest.raises(Invalid):
        visiting.note(household, **asked, by=world.accounts["clerk"], at=AT)
    assert not visits()


def test_a_double_tap_is_one_line_and_a_second_visit_another(world: World) -> None:
    first, second = noted(world, 0, "absent").id, noted(world, 0, "absent").id
    assert first == second
    noted(world, 0, "met")
    noted(world, 0, "absent", minutes=30)
    assert [v.outcome for v in visits()].count("absent") == 2


def test_what_was_tapped_by_mistake_is_taken_back_and_stays_in_the_table(world: World) -> None:
    line = noted(world, 0, "refused")
    visiting.take_back(line, by=world.accounts["clerk"], at=AT)
    assert outcome(world, 0) == ""
    with pytest.raises(Refused):
        visiting.take_back(visits()[0], by=world.accounts["clerk"], at=AT)
    assert [entry.act for entry in audit.latest(world.courtyard)] == ["visit.take_back"]


# --- the list ------------------------------------------------------------------------------------


def test_whom_nobody_met_yet_comes_first() -> None:
    def door(room: int, outcome: str, *, heard: bool = False) -> Doorstep:
        lines = [Line("id", "visit", outcome, "", "me", AT)] if outcome else []
        home = Household(building="1", stairwell="1", room=f"{room}")
        return Doorstep(home, lines, Heard("扫码") if heard else None)

    (stairwell,) = doors.by_stairwell(
        [
            door(1, "answered"),
            door(2, "refused"),
            door(3, "met"),
            door(4, "absent", heard=True),
            door(5, "absent"),
            door(6, ""),
        ]
    )
    assert [d.household.room for d in stairwell.doors] == ["6", "5", "3", "2", "1", "4"]
    assert [d.household.room for d in stairwell.doors if d.outcome in doors.LEFT] == ["6", "5"]


def test_lines_about_another_questionnaire_do_not_count_for_this_one(world: World) -> None:
    noted(world, 0, "met", about="another")
    assert outcome(world, 0, Subject("this", "This", "/")) == ""
    assert outcome(world, 0) == "met"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1-1-101", 1), ("2号楼101", 1), ("101", 2), ("101室", 2), ("999", 0), ("", 24), ("!", 0)],
)
def test_a_door_is_found_by_what_is_typed(world: World, typed: str, found: int) -> None:
    assert len(listed(world, f"q={typed}")) == found


def test_one_building_is_shown_the_first_where_somebody_is_still_to_be_met(
    world: World, clerk: Browser
) -> None:
    for n in range(12):
        noted(world, n, "met")
    here = f"/desk/courtyard/{world.courtyard}/visits"
    assert clerk.see(here).one("section h2").text_content() == "2 号楼 1 单元"
    page = clerk.see(f"{here}?building=1")
    assert page.one("section h2").text_content() == "1 号楼 1 单元"
    assert page.says("花名册24户，12户还没见到人")
    assert page.says("2号楼还有12户")


def test_a_search_shows_that_door_alone_or_says_that_there_is_none(
    world: World, clerk: Browser
) -> None:
    here = f"/desk/courtyard/{world.courtyard}/visits"
    assert len(clerk.see(f"{here}?q=2-1-101").all("li[id]")) == 1
    page = clerk.see(f"{here}?q=<b>")
    assert page.says("没有找到“<b>”")
    assert clerk.see(f"{here}?about=nothing").status == 404


@pytest.mark.parametrize("seed", range(3))
def test_the_list_is_narrowed_and_counted_by_what_is_known_last(world: World, seed: int) -> None:
    rng, q = Random(seed), opened_now(world)
    sent_by_phones(world, q, 3, {"q3": ("a",)})
    for minutes in range(30):
        noted(world, rng.randrange(24), rng.choice(list(visiting.OUTCOMES)), minutes, about=q)
    visiting.take_back(rng.choice(visits()), by=world.accounts["clerk"], at=AT)
    (subject,) = doors.subjects(world.courtyard, clock.now())
    for about in (subject, None):
        known = [outcome(world, n, about) for n in range(24)]
        for state, outcomes in doors.STATES.items():
            wanted = [world.households[n] for n in range(24) if known[n] in outcomes]
            assert listed(world, f"state={state}", about) == wanted, state
        tallies = doors.tallies(world.courtyard, about)
        assert [tally.households for tally in tallies] == [12, 12]
        assert [tally.left for tally in tallies] == [
            sum(one in doors.LEFT for one in known[:12]),
            sum(one in doors.LEFT for one in known[12:]),
        ]
        assert sum(tally.heard for tally in tallies) == (3 if about else 0)


def test_those_nobody_met_are_listed_across_the_buildings_and_the_address_says_so(
    world: World, clerk: Browser
) -> None:
    for n in range(22):
        noted(world, n, "refused")
    here = f"/desk/courtyard/{world.courtyard}/visits"
    page = clerk.see(f"{here}?building=*&state=left")
    assert len(page.all("li[id]")) == 2
    assert page.one("option[selected][value=left]").text_content() == "还没见到人"
    form = page.form(f"/desk/household/{world.households[22]}/")
    assert dict(parse_qsl(urlsplit(str(form["to"])).query)) == {
        "way": "visit",
        "building": "*",
        "state": "left",
    }
    page = clerk.send(f"/desk/household/{world.households[22]}/visits", {**form, "outcome": "met"})
    assert [li.get("id") for li in page.all("li[id]")] == [f"door-{world.households[23]}"]
    page = clerk.see(f"{here}?building=1&state=left")
    assert page.says("没有找到")
    assert page.says("1号楼正看着")


def test_a_tap_leads_nowhere_but_to_a_page_of_this_site(world: World, clerk: Browser) -> None:
    household = world.households[0]
    form = clerk.see(f"/desk/courtyard/{world.courtyard}/visits").form("/desk/household/")
    page = clerk.send(
        f"/desk/household/{household}/visits",
        {**form, "outcome": "met", "to": "https://elsewhere.example/"},
    )
    assert page.one("h1").text_content() == "上门、打电话"


def test_one_tap_notes_it_and_leads_back_to_the_door(world: World, clerk: Browser) -> None:
    page = tap(clerk, world.households[0], "absent", note="灯亮着")
    (line,) = visits()
    assert (line.outcome, line.about) == ("absent", None)
    assert page.says("没人")
    assert page.says("灯亮着")


def test_htmx_is_given_the_one_door_anew(world: World, clerk: Browser) -> None:
    household = world.households[0]
    form = clerk.see(f"/desk/courtyard/{world.courtyard}/visits").form("/desk/household/")
    address = f"/desk/household/{household}/visits"
    part = clerk.send(address, {**form, "outcome": "met"}, headers=HTMX)
    assert "<html" not in part.source
    assert part.one("li[id]").get("id") == f"door-{household}"
    assert part.says("见到了")
    part = clerk.send(address, {**form, "outcome": "met", "note": "长" * 101}, headers=HTMX)
    assert part.status == 422
    assert part.says("最多写100个字")
    assert part.one("input[name=note]").get("value") == "长" * 101


def test_a_line_is_taken_back_from_the_list(world: World, clerk: Browser) -> None:
    page = tap(clerk, world.households[0], "refused")
    button = page.one("[formaction]").get("formaction")
    form = page.form(f"/desk/household/{world.households[0]}/")
    part = clerk.send(button, form, headers=HTMX)
    assert part.says("还没去")
    assert clerk.send(button, form).says("这一条已经撤回了")


def test_a_call_is_noted_as_a_call(world: World, clerk: Browser) -> None:
    tap(clerk, world.households[0], "absent", way="phone")
    assert visits()[0].way == "phone"
    page = clerk.see(f"/desk/courtyard/{world.courtyard}/visits?way=phone")
    assert page.says("现在记的是：打电话")


# --- with a questionnaire ------------------------------------------------------------------------


def test_whoever_answered_by_phone_need_not_be_visited(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 2, {"q3": ("a",)})
    page = clerk.see(f"/desk/courtyard/{world.courtyard}/visits")
    assert page.says("为“改造意愿调查”：花名册24户，2户答了，22户还没见到人")
    assert page.says("答过了：扫码")
    rooms = [b.text_content() for b in page.all("li[id] .row b")]
    assert rooms[-2:] == ["101", "102"]


def test_from_a_door_to_keying_and_back_to_the_list(world: World, clerk: Browser) -> None:
    q = opened_now(world)
    page = clerk.see(f"/desk/courtyard/{world.courtyard}/visits?building=2")
    link = page.all("li[id] a.button")[0].get("href")
    sheet = clerk.see(link)
    form = sheet.form(f"/desk/questionnaire/{q}/key-in")
    assert (form["door"], form["channel"]) == ("2-1-101", "visit")
    back = clerk.send(
        f"/desk/questionnaire/{q}/key-in",
        {**form, "a-q3": "1", "relation": "neighbour", "has_consent": "y"},
    )
    assert back.says("录好了：2号楼1单元101")
    assert back.one("h1").text_content() == "上门、打电话"
    assert back.says("答过了：入户，邻居替答，本人同意")
    (line,) = visits()
    assert (line.outcome, line.way, line.about) == ("answered", "visit", q)
    assert line.at == current(q)[0].sent_at


def test_paper_is_no_visit_and_a_sheet_taken_back_takes_its_line_along(
    world: World, clerk: Browser
) -> None:
    q = opened_now(world)
    keyed(clerk, q, {"door": "1-1-101", "a-q3": "1"})
    assert not visits()
    keyed(clerk, q, {"door": "1-1-102", "a-q3": "1", "channel": "phone"})
    assert [v.way for v in visits()] == ["phone"]
    sheet = next(r for r in current(q) if r.channel == "phone")
    keying.take_back(sheet, by=world.accounts["clerk"], at=clock.now())
    assert visits()[0].taken_back_at is not None


def test_the_list_on_paper_holds_the_doors_that_have_not_answered(
    world: World, clerk: Browser
) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 2, {"q3": ("a",)})
    page = clerk.see(f"/desk/courtyard/{world.courtyard}/visits/print?about={q}")
    assert len(page.all("tbody tr")) == 22
    assert page.says("答过的2户不在上面")
    assert page.says("□见到了□没人□不愿答□答了")


# --- forgetting ----------------------------------------------------------------------------------


def test_lines_go_with_the_answers_that_they_were_about(world: World) -> None:
    q = opened(world)
    kept_until = db.session.get_one(Questionnaire, q).kept_until
    noted(world, 0, "met", about=q)
    noted(world, 1, "met", minutes=5)
    assert knocking.forget_visits(kept_until - timedelta(seconds=1)) == 0
    assert knocking.forget_visits(kept_until) == 1
    assert [v.about for v in visits()] == [None]


def test_every_line_is_forgotten_after_a_year(app: Flask, world: World) -> None:
    noted(world, 0, "met")
    assert knocking.forget_visits(AT + visiting.KEPT - timedelta(seconds=1)) == 0
    assert knocking.forget_visits(AT + visiting.KEPT) == 1
    assert not visits()


def test_a_closed_questionnaire_may_still_be_asked_about_until_it_is_forgotten(
    world: World,
) -> None:
    q = opened(world)
    questionnaire = service.find(q).questionnaire
    service.close_now(questionnaire, by=world.accounts["organizer"], at=AT + timedelta(hours=1))
    later = questionnaire.kept_until
    assert [s.id for s in doors.subjects(world.courtyard, later - timedelta(days=1))] == [q]
    assert doors.subjects(world.courtyard, later) == []
