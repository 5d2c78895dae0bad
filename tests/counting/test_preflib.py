"""PrefLib files: what is read, and what is refused with a sentence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.counting.elections import Unreadable
from surveys.counting.preflib import parse
from surveys.counting.ways import Way

TOI = """# FILE NAME: 1.toi
# TITLE: 甲院
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: 屋面
# ALTERNATIVE NAME 2: 灯: 楼道
# ALTERNATIVE NAME 10: 座椅

5: 10
3: 2,{1,10}
1: {1, 2}, 10
"""


def changed(old: str, new: str) -> str:
    """The file with one thing different."""
    assert TOI.count(old) == 1
    return TOI.replace(old, new)


def complete(orders: str, kind: str) -> str:
    """A file of two items, each order handed in once."""
    lines = orders.splitlines()
    return (
        f"# DATA TYPE: {kind}\n# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: {len(lines)}\n"
        f"# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n{orders}\n"
    )


def test_rankings_are_read_with_equal_ranks_and_how_often_they_were_handed_in() -> None:
    found = parse(TOI, "toi")
    assert found.names == {"1": "屋面", "2": "灯: 楼道", "10": "座椅"}
    assert [item.id for item in found.items] == ["1", "2", "10"]
    assert found.choices == (
        ({"10": 1}, 5),
        ({"2": 1, "1": 2, "10": 2}, 3),
        ({"1": 1, "2": 1, "10": 2}, 1),
    )
    assert (found.way, found.stated, found.budget_fen) == (Way.RANK, "runoff", None)
    assert len(list(found.each_choice())) == 9


@pytest.mark.parametrize(
    ("kind", "orders"),
    [("soi", "1: 2\n1: 1,2"), ("soc", "1: 2,1"), ("toi", "1: {1,2}"), ("toc", "1: {1,2}")],
)
def test_every_kind_of_ranking_is_read(kind: str, orders: str) -> None:
    assert len(parse(complete(orders, kind), kind).choices) == len(orders.splitlines())


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("", "toi", "The file does not say NUMBER ALTERNATIVES."),
        (changed("# TITLE: 甲院", "# TITLE"), "toi", "Line 2 is not of the form '# KEY: value'."),
        (changed("# TITLE", "# FILE NAME"), "toi", "Line 2 says FILE NAME twice."),
        (TOI, "soi", "Line 3: the data are toi, but the file's name ends in .soi."),
        (
            changed("ALTERNATIVES: 3", "ALTERNATIVES: 4"),
            "toi",
            "Line 4: NUMBER ALTERNATIVES is 4, but there are 3.",
        ),
        (changed("VOTERS: 9", "VOTERS: 8"), "toi", "Line 5: NUMBER VOTERS is 8, but there are 9."),
        (changed("ORDERS: 3", "ORDERS: 2"), "toi", "Line 6: NUMBER UNIQUE ORDERS is 2"),
        (
            changed("VOTERS: 9", "VOTERS: nine"),
            "toi",
            "NUMBER VOTERS is not a whole number",
        ),
        (
            changed("NAME 10:", "NAME x:"),
            "toi",
            "an alternative is not a whole number",
        ),
        (changed("5: 10", "5 10"), "toi", "Line 11 is not of the form 'times: ranking'."),
        (changed("5: 10", "0: 10"), "toi", "Line 11 was handed in 0 times."),
        (changed("5: 10", "x: 10"), "toi", "Line 11: how often is not a whole number: 'x'."),
        (changed("5: 10", "5: 11"), "toi", "Line 11 ranks '11', unknown or for the second time."),
        (changed("5: 10", "5: 10,10"), "toi", "Line 11 ranks '10', unknown or"),
        (changed("5: 10", "5: "), "toi", "Line 11 ranks nothing."),
        (changed("5: 10", "5: 10,"), "toi", "Line 11: the ranking cannot be read from '10,' on."),
        (changed("5: 10", "5: 10,,1"), "toi", "Line 11: the ranking cannot be read from ',1' on."),
        (changed("{1,10}", "{1,10"), "toi", "Line 12: the ranking cannot be read from '{1,10' on."),
        (complete("1: {1,2}", "soc"), "soc", "Line 6 has equal ranks, which a .soc file has not."),
        (complete("1: 1", "toc"), "toc", "Line 6 does not rank all, as a .toc file does."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(
    text: str, kind: str, sentence: str
) -> None:
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        parse(text, kind)


@settings(max_examples=300)
@given(st.data())
def test_whatever_is_done_to_a_file_it_is_read_or_refused_with_a_sentence(
    data: st.DataObject,
) -> None:
    start = data.draw(st.integers(0, len(TOI)))
    end = data.draw(st.integers(start, min(len(TOI), start + 12)))
    put = data.draw(st.text("01{},:# \n", max_size=6))
    try:
        found = parse(TOI[:start] + put + TOI[end:], "toi")
    except Unreadable as fault:
        assert str(fault).endswith(".")  # noqa: PT017 - that it is read is fine too
    else:
        assert sum(times for _, times in found.choices) == 9
