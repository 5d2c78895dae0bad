"""A long list: what an address asks for, and the addresses that it leads to."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.base.long_lists import View

SORTS = ("-at", "name", "number")
NARROWED = {"q": None, "state": {"open", "shut"}}


def read(query: str = "", **more: object) -> View:
    """The view of an address."""
    more = {"a_page": 10, **more}
    return View.read("/list", dict(parse_qsl(query)), SORTS, NARROWED, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "order", "asked", "page"),
    [
        ("", "-at", {}, 1),
        ("sort=name", "name", {}, 1),
        ("sort=-name&page=3", "-name", {}, 3),
        ("sort=password", "-at", {}, 1),
        ("sort=--name", "-at", {}, 1),
        ("sort=-", "-at", {}, 1),
        ("q=+路灯++坏了+", "-at", {"q": "路灯 坏了"}, 1),
        ("state=open", "-at", {"state": "open"}, 1),
        ("state=else&page=-4", "-at", {}, 1),
        ("page=0", "-at", {}, 1),
        ("page=²", "-at", {}, 1),
        ("page=99999999999999999999", "-at", {}, 1),
        ("page=abc&q=" + "长" * 90, "-at", {"q": "长" * 40}, 1),
    ],
)
def test_an_address_is_read_and_what_makes_no_sense_asks_for_nothing(
    query: str, order: str, asked: dict[str, str], page: int
) -> None:
    view = read(query)
    assert (view.order, view.asked, view.page) == (order, asked, page)


def test_a_press_on_a_head_sorts_by_it_and_another_turns_it_round() -> None:
    view = read("q=灯&page=4")
    assert view.pressed("name") == "/list?q=%E7%81%AF&sort=name"
    assert read("sort=name").pressed("name") == "/list?sort=-name"
    assert read("sort=-name").pressed("name") == "/list?sort=name"
    assert read("sort=name").pressed("at") == "/list", "the usual order needs no words"
    assert view.pressed("at") == "/list?q=%E7%81%AF&sort=at"


def test_a_screen_reader_is_told_which_column_sorts_and_which_way() -> None:
    assert read().direction("at") == "descending"
    assert read("sort=name").direction("name") == "ascending"
    assert read("sort=name").direction("at") is None


def test_leafing_keeps_what_was_asked_for_and_ends_at_the_last_page() -> None:
    view = read("q=灯&sort=name&page=9", anchor="all")
    assert view.at(2) == "/list?q=%E7%81%AF&sort=name&page=2#all"
    assert view.within(31).page == 4
    assert view.within(0).page == 1
    assert view.everything == "/list?sort=name#all"


def test_rows_of_which_there_is_nothing_to_say_come_last_either_way() -> None:
    rows = [3, None, 1, 2]
    assert read().arranged(rows, {"at": lambda row: row}) == [3, 2, 1, None]
    assert read("sort=at").arranged(rows, {"at": lambda row: row}) == [1, 2, 3, None]


@given(st.lists(st.integers(0, 5)), st.integers(1, 7), st.sampled_from(["", "sort=at"]))
def test_all_pages_together_are_all_rows_once(rows: list[int], a_page: int, query: str) -> None:
    view = read(query, a_page=a_page)
    ordered = view.arranged(list(enumerate(rows)), {"at": lambda row: row[1]})
    told: list[tuple[int, int]] = []
    for page in range(1, view.pages(len(rows)) + 1):
        leafed = read(query + f"&page={page}", a_page=a_page)
        told += leafed.shown(ordered)
    assert sorted(told) == list(enumerate(rows))


@given(st.text(), st.text(), st.sampled_from(["name", "-name", "number"]), st.integers(1, 999))
def test_an_address_that_a_list_leads_to_asks_for_the_same_again(
    words: str, state: str, order: str, page: int
) -> None:
    args = {"q": words, "state": state, "sort": order}
    view = View.read("/list", args, SORTS, NARROWED)
    again = View.read("/list", dict(parse_qsl(urlsplit(view.at(page)).query)), SORTS, NARROWED)
    assert (again.asked, again.order, again.page) == (view.asked, order, page)
