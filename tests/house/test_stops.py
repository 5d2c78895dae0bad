"""Every page is a stop of the tour, so that it is measured and pictured: a new one, too."""

from dataclasses import dataclass

import pytest

from surveys.config import ROOT
from tests.browser.states import empty_stops, refused_stops, sent_stops
from tests.browser.tour import Stop, stops_of, surface_of
from tests.house.grounds import Grounds
from tests.house.noting import noting
from tests.shots import shots

FILE, PART, AWAY = "a file", "a part of a page", "leads on to another page"
NO_PAGE = {
    **dict.fromkeys(
        [
            "static",
            "htmx",
            "healthz",
            "courtyards.qr_png",
            "courtyards.qr_svg",
            "courtyards.export_roll",
            "courtyards.roll_template",
            "ballots.batches.example",
            "meetings.minutes_docx",
            "meetings.qr_png",
            "menus.cost_file_out",
            "needs.export_table",
            "needs.photo",
            "owners.proof",
            "owners.register_template",
            "questionnaires.example",
            "questionnaires.job_file",
            "questionnaires.photo",
            "questionnaires.photo_of_answer",
            "questionnaires.photo_of_copy",
            "questionnaires.questions_out",
            "questionnaires.tag_code",
            "results.records.public_bundle",
        ],
        FILE,
    ),
    **dict.fromkeys(
        [
            "meetings.host_queue",
            "meetings.live_part",
            "meetings.record_queue",
            "meetings.wall_part",
            "owners.live_part",
            "owners.who",
            "results.live_part",
        ],
        PART,
    ),
    **dict.fromkeys(["courtyards.go", "questionnaires.follow", "resident.typed_address"], AWAY),
}
"""endpoints that are opened by a GET and show no page: why"""
PRESSED = {"ballots/look.html"}
"""shown at the stops where a button is pressed, which takes a browser"""
VISITORS = ("organizer", "supervisor", "clerk", "resident", "host", "nobody")


@dataclass(frozen=True)
class Walk:
    """The stops of the tour, and the templates that took part in them."""

    stops: list[Stop]
    templates: set[str]


@pytest.fixture(scope="module")
def walk(demo_house: Grounds) -> Walk:
    with noting(demo_house.app) as used:
        stops = list(stops_of(demo_house))
    return Walk(stops, used)


def test_every_page_of_the_route_map_is_a_stop_of_the_tour(demo_house: Grounds, walk: Walk) -> None:
    seen = {stop.path.partition("?")[0].lower() for stop in walk.stops}
    opened = {rule.endpoint: demo_house.address(rule).lower() for rule in demo_house.opened()}
    without = {endpoint for endpoint, path in opened.items() if path not in seen}
    assert without - set(NO_PAGE) == set(), "give it a state in tests/house/grounds.py"
    assert set(NO_PAGE) - without == set(), "has a stop, or is gone: not to be named here"


@pytest.mark.parametrize("endpoint", sorted(NO_PAGE))
def test_what_has_no_stop_shows_no_page(demo_house: Grounds, endpoint: str) -> None:
    (rule, *_same) = (rule for rule in demo_house.opened() if rule.endpoint == endpoint)
    found = set()
    for who in VISITORS:
        with demo_house.visitor(who).get(demo_house.address(rule)) as answer:
            is_html = answer.mimetype == "text/html"
            if answer.status_code == 200:
                assert not (is_html and surface_of(answer.get_data(as_text=True)))
                found.add(PART if is_html else FILE)
            elif answer.status_code in {301, 303} and "/desk/sign-in" not in answer.location:
                found.add(AWAY)
    assert found <= {NO_PAGE[endpoint]}


def test_every_template_takes_part_in_a_page_that_is_shown(demo_house: Grounds, walk: Walk) -> None:
    folder = ROOT / "templates"
    pages = {str(file.relative_to(folder)) for file in folder.rglob("[!_]*.html")}
    with noting(demo_house.app) as used:
        states = [*empty_stops(demo_house), *sent_stops(demo_house)]
        for _status, stop in refused_stops(demo_house):
            answered(demo_house, stop)
    assert len(states) > 100
    left = pages - walk.templates - used
    assert left == PRESSED, "show it at a stop of tests/browser/tour.py or states.py"


def answered(house: Grounds, stop: Stop) -> int:
    """The status of a stop's page."""
    if stop.sends:
        answer = stop.sends.send(house, stop.path, stop.who)
    else:
        answer = house.visitor(stop.who).get(stop.path)
    answer.close()
    return answer.status_code


def test_every_refusal_is_told_with_its_status(demo_house: Grounds) -> None:
    told = [(status, answered(demo_house, stop)) for status, stop in refused_stops(demo_house)]
    assert [status for status, _found in told] == [found for _status, found in told]
    assert {status for status, _found in told} == {400, 403, 404, 409, 410, 413, 429}


def test_no_picture_of_the_documents_is_taken_twice(demo_house: Grounds) -> None:
    found = list(shots(demo_house.values, demo_house.codes))
    assert len({shot.name for shot in found}) == len(found)
    assert len({shot.stop for shot in found}) == len(found)
