"""Amounts as people type them, and what an item costs."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import Invalid
from surveys.menus import rules

TYPED_YUAN = [
    ("126000", 12_600_000),
    ("126,000", 12_600_000),
    ("126，000", 12_600_000),
    ("126 000.5", 12_600_050),
    ("12.6万", 12_600_000),
    ("12.6 万元", 12_600_000),
    ("１２．６万", 12_600_000),
    ("￥52.50", 5_250),
    ("52.5元", 5_250),
    ("0", 0),
    ("0.01", 1),
    ("1亿", 10_000_000_000),
    ("100,000,000.00", 10_000_000_000),
    ("3.123456万", 3_123_456),
    ("007", 700),
]


@pytest.mark.parametrize(("typed", "fen"), TYPED_YUAN)
def test_an_amount_is_read_as_people_type_it(typed: str, fen: int) -> None:
    assert rules.parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    ["", "约12万", "12万左右", "-3", "−3", "1.234", "12.50元/米", "1,26000", ",100", "5²", "½", "٣",
     "1.2.3", ".5", "1.", "1e5", "十二万", "12.6万万", "¥", "万", "3.1234567万", "99999999999999"],
)  # fmt: skip
def test_an_amount_that_is_not_plain_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(Invalid) as fault:
        rules.parse_yuan(typed)
    assert str(fault.value).startswith(f"“{typed}”")


@pytest.mark.parametrize(
    ("typed", "milli"),
    [
        ("72", 72_000),
        ("2128.30", 2_128_300),
        ("2,128.3", 2_128_300),
        ("０．００１", 1),
        ("1", 1000),
    ],
)
def test_a_quantity_has_up_to_three_decimals(typed: str, milli: int) -> None:
    assert rules.parse_quantity(typed) == milli


@pytest.mark.parametrize(
    "typed", ["", "0", "0.000", "-1", "约98", "1.2345", "72盏", "1万", "9" * 12]
)
def test_a_quantity_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.parse_quantity(typed)


@pytest.mark.parametrize("read", [rules.parse_yuan, rules.parse_quantity])
def test_thousands_of_digits_are_too_many_and_said_so(read: Callable[[str], int]) -> None:
    with pytest.raises(Invalid, match="太大了"):
        read("9" * 5000)


@pytest.mark.parametrize(("typed", "count"), [("0", 0), ("５", 5), (" 12 ", 12), ("999", 999)])
def test_a_number_of_items_is_whole(typed: str, count: int) -> None:
    assert rules.parse_count(typed) == count


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "1000", "五"])
def test_a_number_of_items_that_is_not_whole_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        rules.parse_count(typed)


@pytest.mark.parametrize(
    ("milli", "unit_fen", "fen"),
    [
        (2_128_300, 5_250, 11_173_575),  # 2,128.30 m² at ¥52.50
        (1, 500, 1),  # half a fen is rounded up
        (1, 499, 0),
        (1_000, 10_000_000_000, 10_000_000_000),  # ¥100 million fits
        (72_000, 0, 0),
    ],
)
def test_a_cost_is_quantity_times_unit_cost(milli: int, unit_fen: int, fen: int) -> None:
    assert rules.cost_fen(milli, unit_fen) == fen


def test_a_cost_beyond_what_can_be_kept_is_refused() -> None:
    with pytest.raises(Invalid):
        rules.cost_fen(rules.MOST_MILLI, rules.MOST_FEN)


@given(st.integers(0, rules.MOST_FEN))
def test_what_is_shown_for_typing_again_is_read_back_the_same(fen: int) -> None:
    assert rules.parse_yuan(rules.yuan_text(fen)) == fen
    assert rules.parse_yuan(f"{fen // 100:,}.{fen % 100:02d}") == fen


@given(st.integers(1, rules.MOST_MILLI))
def test_a_quantity_is_read_back_the_same(milli: int) -> None:
    assert rules.parse_quantity(rules.quantity_text(milli)) == milli


@given(st.integers(1, 10**7), st.integers(0, 10**6))
def test_a_cost_agrees_with_decimal_arithmetic(milli: int, unit_fen: int) -> None:
    exact = Decimal(milli) * unit_fen / 1000
    assert rules.cost_fen(milli, unit_fen) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.text(max_size=30))
def test_whatever_is_typed_is_an_amount_or_a_sentence(typed: str) -> None:
    try:
        assert 0 <= rules.parse_yuan(typed) <= rules.MOST_FEN
    except Invalid as fault:
        assert str(fault).endswith("。")  # noqa: PT017 - both ways out are asserted
