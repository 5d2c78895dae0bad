"""The tree of places: what administrators add and name, and where it ends."""

import pytest

from surveys.accounts import lists, service
from surveys.accounts.models import Place
from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.errors import Invalid
from tests.accounts.people import at_the_desk, noted, press
from tests.manners import Browser
from tests.world import AT, World, add_account, sign_in


@pytest.fixture
def street(world: World, browser: Browser) -> Browser:
    """The browser of the street's administrator: the street is the top place of this world."""
    chief = add_account("chief", RoleKind.ADMINISTRATOR, world.street)
    db.session.commit()
    sign_in(browser, chief)
    return browser


def test_a_community_is_added_below_the_street(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.street}"
    fields = {"add-level": "community", "add-name": " 新  社区 "}
    answer = press(street, page, f"{page}/places", **fields)
    assert answer.says("添好了")
    (added,) = db.session.scalars(db.select(Place).where(Place.name == "新 社区"))
    assert added.path == f"{world.street}/{added.id}/"
    assert [entry.subject_id for entry in noted("place.add")] == [added.id]


def test_the_same_name_stands_once_below_a_place(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.street}"
    fields = {"add-level": "community", "add-name": "Community"}
    answer = press(street, page, f"{page}/places", **fields)
    assert answer.status == 422
    assert answer.says("这里已经有“Community”了")
    assert answer.one("[name=add-name]").get("value") == "Community"


def test_a_courtyard_is_not_planted_here(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.street}"
    answer = press(street, page, f"{page}/places", **{"add-level": "courtyard", "add-name": "X"})
    assert answer.status == 422
    with pytest.raises(Invalid):
        service.add_place("X", "courtyard", None, by=None, at=AT)


def test_a_wider_level_does_not_go_below_a_narrower(world: World) -> None:
    community = db.session.get_one(Place, world.community)
    with pytest.raises(Invalid, match="不能放在"):
        service.add_place("X", "district", community, by=None, at=AT)


def test_a_place_gets_another_name(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.community}"
    answer = press(street, page, f"{page}/rename", **{"rename-name": "槐树里社区"})
    assert answer.says("名字改好了")
    assert answer.says("槐树里社区")
    (entry,) = noted("place.rename")
    assert entry.facts == {"old": "Community", "name": "槐树里社区"}


def test_a_name_must_be_something(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.community}"
    for name in ("", "   ", "\x00", "长" * 81):
        assert press(street, page, f"{page}/rename", **{"rename-name": name}).status == 422


def test_a_courtyards_name_is_not_changed_here(world: World, street: Browser) -> None:
    page = f"/desk/admin/place/{world.courtyard}"
    assert "rename" not in street.see(page).source
    form = street.see(f"/desk/admin/place/{world.community}").form()
    answer = street.send(f"{page}/rename", {**form, "rename-name": "X"})
    assert answer.status == 422


def test_the_town_gives_the_levels_its_own_names(world: World, street: Browser) -> None:
    answer = press(street, "/desk/admin/levels", "/desk/admin/levels", zone="网格")
    assert answer.says("叫法改好了")
    assert street.see("/desk/admin/").says("网格")
    assert noted("level.rename")


def test_only_who_administers_the_top_names_the_levels(world: World, browser: Browser) -> None:
    at_the_desk(browser, world, "administrator")
    assert browser.get("/desk/admin/levels").status_code == 403
    assert "/desk/admin/levels" not in browser.see("/desk/admin/").source


def test_the_way_up_ends_where_one_stops_administering(world: World, browser: Browser) -> None:
    at_the_desk(browser, world, "administrator")
    page = browser.see(f"/desk/admin/place/{world.courtyard}")
    assert page.says("Community")
    assert not page.says("Street")


def test_the_tree_is_told_from_the_top_down(world: World) -> None:
    street = db.session.get_one(Place, world.street)
    told = [(place.name, depth) for place, depth in lists.places_inside([street.path])]
    assert told == [
        ("Street", 0),
        ("Community", 1),
        ("Courtyard", 2),
        ("Elsewhere", 1),
        ("Other", 2),
    ]
