"""Rows of a register become owners, each counted once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import Invalid
from surveys.owners import parties
from surveys.owners.parties import Named
from surveys.owners.register_models import OwnerKind
from tests.owners.registers import row


def test_one_person_with_several_units_is_one_owner_with_the_areas_added() -> None:
    found = parties.gather(
        [row("2-1-301", 9000, "王强"), row("1-1-101", 8867, "王强"), row("1-1-102", 100, "李梅")]
    )
    assert [(one.named[0].name, one.area_dm2) for one in found] == [("王强", 17867), ("李梅", 100)]


def test_two_of_the_same_name_with_different_marks_are_two_owners() -> None:
    rows = [row("1-1-101", 1, "王强#1234"), row("1-1-102", 1, "王强#5678")]
    assert len(parties.gather(rows)) == 2


def test_co_owners_are_one_owner_in_whatever_order_they_are_written() -> None:
    rows = [row("1-1-101", 1, "王强、李梅"), row("1-1-102", 1, "李梅、王强", voter="李梅")]
    (one,) = parties.gather(rows)
    assert (one.kind, one.voter, one.area_dm2) == (OwnerKind.TOGETHER, "李梅", 2)


def test_who_owns_one_unit_alone_and_another_together_is_two_owners() -> None:
    rows = [row("1-1-101", 1, "王强"), row("1-1-102", 1, "李梅、王强")]
    assert len(parties.gather(rows)) == 2


def test_the_developer_is_one_owner_for_all_units_not_sold() -> None:
    rows = [row(f"1-1-10{n}", 5, "金祥置业", kind=OwnerKind.DEVELOPER) for n in range(1, 6)]
    (one,) = parties.gather(rows)
    assert (one.kind, one.area_dm2) == (OwnerKind.DEVELOPER, 25)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王强", " 王　强 "),
        ("阿迪力·买买提", "阿迪力•买买提"),
        ("ABC 公司", "ａｂｃ公司"),
    ],
)
def test_the_same_name_written_differently_is_the_same_party(one: str, other: str) -> None:
    assert parties.party_of(parties.read_names(one)) == parties.party_of(parties.read_names(other))


@pytest.mark.parametrize(
    ("names", "marks", "says"),
    [
        ("", "", "没写产权人"),
        ("、,", "", "没写产权人"),
        ("123", "", "不像名字"),
        ("王强、王强", "", "写了两遍"),
        ("王强、李梅", "1234", "一个对一个"),
        ("王强", "410102196001011234", "只写后四位"),
        ("王强", "13800138000", "只写后四位"),
        ("王" * 61, "", "太长了"),
        ("、".join("ABCDEFGHIJ" * 2 + "王" * n for n in range(1, 20)), "", "产权人太多了"),
    ],
)
def test_names_that_cannot_stand_are_told(names: str, marks: str, says: str) -> None:
    with pytest.raises(Invalid) as fault:
        parties.read_names(names, marks)
    assert says in str(fault.value)


def test_marks_belong_to_names_in_order_and_may_be_left_out() -> None:
    found = parties.read_names("王强，李梅；张三", "123x、、 5678 ")
    assert found == (Named("王强", "123X"), Named("李梅"), Named("张三", "5678"))


def test_a_mark_that_lost_its_noughts_in_a_spreadsheet_is_the_same_mark() -> None:
    assert parties.read_names("王强", "123") == parties.read_names("王强", "0123")


@pytest.mark.parametrize(
    ("stated", "people", "kind"),
    [
        (None, 1, OwnerKind.PERSON),
        (OwnerKind.BODY, 1, OwnerKind.BODY),
        (None, 2, OwnerKind.TOGETHER),
        (OwnerKind.BODY, 2, OwnerKind.TOGETHER),
    ],
)
def test_several_names_are_owners_together(
    stated: OwnerKind | None, people: int, kind: OwnerKind
) -> None:
    assert parties.kind_of(stated, people) is kind


@pytest.mark.parametrize(("stated", "people"), [(OwnerKind.TOGETHER, 1), (OwnerKind.DEVELOPER, 2)])
def test_kinds_that_cannot_be_are_told(stated: OwnerKind, people: int) -> None:
    with pytest.raises(Invalid):
        parties.kind_of(stated, people)


def test_co_owners_are_voted_for_by_one_of_them_only() -> None:
    together = parties.read_names("王强、李梅")
    assert parties.read_voter("李 梅", together) == "李梅"
    assert parties.read_voter("", together) == ""
    with pytest.raises(Invalid):
        parties.read_voter("张三", together)


NAMES = st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(NAMES, st.integers(1, 10**6)), max_size=30))
def test_owners_and_areas_agree_with_a_plain_count(units: list[tuple[list[str], int]]) -> None:
    rows = [row(f"1-1-{n}", area, "、".join(names)) for n, (names, area) in enumerate(units, 1)]
    plain: dict[frozenset[str], int] = {}
    for names, area in units:
        plain[frozenset(names)] = plain.get(frozenset(names), 0) + area
    found = {frozenset(n.name for n in one.named): one.area_dm2 for one in parties.gather(rows)}
    assert found == plain
