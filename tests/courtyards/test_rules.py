"""How doors are written and ordered, what a floor area is, what an import would change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.courtyards import rules
from surveys.courtyards.rules import RollRow
from surveys.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1", "1"),
        ("01", "1"),
        ("1号楼", "1"),
        ("1 栋", "1"),
        ("１２幢", "12"),
        ("第3号楼", "3"),
        ("一号楼", "1"),
        ("十二栋", "12"),
        ("二十号楼", "20"),
        ("九十九号", "99"),
        ("3#", "3"),
        ("3#楼", "3"),
        ("a座", "A座"),
        ("东楼", "东楼"),
        ("十十", "十十"),
        ("家属楼", "家属楼"),
    ],
)
def test_a_building_is_written_one_way(typed: str, kept: str) -> None:
    assert rules.tidy_building(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2单元", "2"), ("二单元", "2"), ("", ""), (" ", ""), ("02", "2"), ("西门洞", "西门洞")],
)
def test_a_stairwell_is_written_one_way_or_absent(typed: str, kept: str) -> None:
    assert rules.tidy_stairwell(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("101", "101"), ("101室", "101"), ("3-201", "3-201"), ("东户", "东户"), ("１０１Ａ", "101A")],
)
def test_a_room_is_written_one_way(typed: str, kept: str) -> None:
    assert rules.tidy_room(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "  ", "1\0", "101😀", "10\u202e1", "=1+1", "-1", "x" * 21, "10\u200b1", "\ufeff"]
)
def test_what_no_door_is_called_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.tidy_room(typed)


@given(st.text())
def test_a_tidy_door_stays_as_it_is(typed: str) -> None:
    for tidy in (rules.tidy_building, rules.tidy_stairwell, rules.tidy_room):
        try:
            once = tidy(typed)
        except Invalid:
            continue
        assert len(once) <= 20
        assert once.isprintable()


@pytest.mark.parametrize(
    ("typed", "door"),
    [
        ("3-2-301", ("3", "2", "301")),
        ("3号楼2单元301室", ("3", "2", "301")),
        ("３－２－３０１", ("3", "2", "301")),
        ("3-301", ("3", "", "301")),
        ("3 号楼 301", ("3", "", "301")),
    ],
)
def test_a_door_is_read_in_one_line(typed: str, door: rules.Door) -> None:
    assert rules.typed_door(typed) == door


@pytest.mark.parametrize("typed", ["", "301", "1-2-3-4", "-", "😀-1"])
def test_what_is_no_door_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.typed_door(typed)


@pytest.mark.parametrize(
    ("typed", "dm2"),
    [
        ("88.67", 8867),
        ("98", 9800),
        ("98.5", 9850),
        ("８８．６７", 8867),
        ("88.67㎡", 8867),
        ("88.67 平方米", 8867),
        ("88.670", 8867),
        ("0.01", 1),
        ("", None),
        ("  ", None),
    ],
)
def test_an_area_is_exact(typed: str, dm2: int | None) -> None:
    assert rules.read_area(typed) == dm2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("约98", "“约98”不是数，请只填数字，如 98.50"),
        ("0", "要大于 0"),
        ("-3", "要大于 0"),
        ("－３", "要大于 0"),
        ("88.675", "最多两位"),
        ("1e5", "不是数"),
        ("100000", "太大了"),
        ("9" * 5000, "不是数"),
        ("88,67", "不是数"),
        ("\u202e89", "“89”不是数"),
    ],
)
def test_a_wrong_area_says_what_is_wrong(typed: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.read_area(typed)
    assert says in str(caught.value)


@given(st.integers(1, rules.MOST_AREA_DM2))
def test_every_area_comes_back_from_two_decimals(dm2: int) -> None:
    assert rules.read_area(f"{dm2 // 100}.{dm2 % 100:02d}") == dm2


def test_doors_are_ordered_as_people_count() -> None:
    doors = [("10", "1", "101"), ("2", "1", "1001"), ("2", "1", "201"), ("东楼", "", "1")]
    assert sorted(doors, key=rules.door_key) == [doors[2], doors[1], doors[0], doors[3]]


def test_a_plan_names_what_is_new_changed_same_and_missing() -> None:
    here = [RollRow("1", "1", room, 5000) for room in ("101", "102", "103", "104")]
    coming = [
        RollRow("1", "1", "101", 5000),
        RollRow("1", "1", "102", 6000),
        RollRow("1", "1", "103", None),
        RollRow("1", "1", "105", 7000),
    ]
    plan = rules.compare(here, coming)
    assert [row.room for row in plan.new] == ["105"]
    assert [(row.room, row.area_dm2, before) for row, before in plan.changed] == [
        ("102", 6000, 5000)
    ]
    assert [(row.room, row.area_dm2) for row in plan.same] == [("101", 5000), ("103", 5000)]
    assert [row.room for row in plan.missing] == ["104"]
    assert plan.without_area == 0
    assert not plan.looks_renamed
