"""Codes: what is read wrong is noticed, what is typed differently is understood."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.courtyards import codes
from surveys.errors import Invalid

SECRET = bytes(range(32))
symbol = st.sampled_from(codes.ALPHABET)
whole = st.integers(2, 26).flatmap(
    lambda n: st.text(symbol, min_size=n, max_size=n).map(lambda p: p + codes.check_symbol(p))
)


@given(whole, st.integers(0, 99), symbol)
def test_every_single_wrong_symbol_is_noticed(code: str, at: int, wrong: str) -> None:
    at %= len(code)
    assume(code[at] != wrong)
    assert codes.is_whole(code)
    assert not codes.is_whole(code[:at] + wrong + code[at + 1 :])


@given(whole, st.integers(0, 99), st.integers(0, 99))
def test_every_exchange_of_two_symbols_is_noticed(code: str, one: int, other: int) -> None:
    one, other = one % len(code), other % len(code)
    assume(code[one] != code[other])
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert not codes.is_whole("".join(swapped))


def test_the_weights_of_thirty_one_symbols_all_differ() -> None:
    """What the two properties above rest on, for every length in use and beyond."""
    weights = {codes.check_symbol("1" + "0" * n) for n in range(31)}
    assert len(weights) == 31
    assert "0" not in weights


@given(whole, st.data())
def test_typing_is_forgiving(code: str, data: st.DataObject) -> None:
    ways = {"0": "0Oo０Ｏｏ", "1": "1IiLl１Ｉｌ", "V": "VvUu"}
    typed = "".join(
        data.draw(st.sampled_from(ways.get(s, s + s.lower() + chr(ord(s) + 0xFEE0))))
        + data.draw(st.sampled_from(["", " ", "-", "－", "—", "\u3000", "·", "."]))
        for s in code
    )
    assert codes.fold(typed) == code
    assert codes.checked(typed, len(code)) == code


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "还没有填"),
        (" - ", "还没有填"),
        ("\0\u202e", "还没有填"),
        ("K7M4-Q9XT", "应该是 11 个字，您填了 8 个"),
        ("K7M4Q9XT3楼1", "码里没有“楼”"),
        ("K7M4Q9XT3😀1", "码里没有“😀”"),
        ("0000-0000-001", "看错了"),
        ("9" * 10_000, "您填了 10000 个"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        codes.checked(typed, codes.SHORT_LENGTH)


def test_courtyard_codes_are_seven_symbols_and_whole() -> None:
    found = {codes.new_courtyard_code() for _ in range(200)}
    assert len(found) == 200
    assert all(len(code) == 7 and codes.is_whole(code) for code in found)


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=13), st.integers(1, 99))
def test_household_codes_come_from_secret_household_and_generation(
    secret: bytes, household: str, generation: int
) -> None:
    household = household.encode(errors="replace").decode()
    long, short = codes.household_codes(secret, household, generation)
    assert (len(long), len(short)) == (26, 11)
    assert set(long) <= set(codes.ALPHABET)
    assert codes.is_whole(short)
    assert (long, short) == codes.household_codes(secret, household, generation)
    for other in (
        codes.household_codes(secret, household, generation + 1),
        codes.household_codes(secret, household + "x", generation),
        codes.household_codes(bytes(32) if any(secret) else SECRET, household, generation),
    ):
        assert long != other[0]
        assert short != other[1]


def test_a_household_code_of_this_secret_never_changes() -> None:
    """Slips on paper outlive versions of the program."""
    assert codes.household_codes(SECRET, "aaaaaaaaaaaaa", 1) == (
        "ANQVP4VQ8KW8CZ6FRCVXJHB1H4",
        "4F9NKRVZWYY",
    )


def test_the_same_short_code_hashes_differently_in_another_courtyard() -> None:
    assert codes.short_hash(SECRET, "a", "K7M4Q9XT3RW") != codes.short_hash(
        SECRET, "b", "K7M4Q9XT3RW"
    )


def test_short_codes_are_printed_in_groups() -> None:
    assert codes.grouped("K7M4Q9XT3RW") == "K7M4-Q9XT-3RW"
    assert codes.fold(codes.grouped("K7M4Q9XT3RW")) == "K7M4Q9XT3RW"
