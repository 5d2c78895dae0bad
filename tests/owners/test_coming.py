"""What a sheet means for those of its owner that stand already: nothing counts for coming last."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting.double_majority import Mark
from surveys.owners.coming import Settled, is_blank, name_of, settle, whole
from surveys.owners.models import Capacity, Channel, EntryState

PAPER, ONLINE = Channel.PAPER, Channel.ONLINE
CONFIRMED, CONTESTED = EntryState.CONFIRMED, EntryState.CONTESTED
SUPERSEDED = EntryState.SUPERSEDED


@dataclass(frozen=True)
class Sent:
    """A sheet of one owner."""

    signer: str
    marks: str
    channel: Channel = PAPER
    number: int = 1
    state: EntryState = CONFIRMED
    capacity: Capacity = Capacity.OWNER


CASES = {
    "the first counts": (Sent("Wang", "+"), [], Settled(CONFIRMED)),
    "the same again changes nothing": (Sent("Wang", "+"), [Sent("Wang", "+")], Settled(SUPERSEDED)),
    "co-owners of one mind": (Sent("Li", "+"), [Sent("Wang", "+")], Settled(SUPERSEDED)),
    "co-owners who disagree": (
        Sent("Li", "-"),
        [Sent("Wang", "+")],
        Settled(CONTESTED, contested=frozenset({1})),
    ),
    "an owner of five flats votes twice": (
        Sent("Wang", "-"),
        [Sent("Wang", "+")],
        Settled(CONTESTED, contested=frozenset({1})),
    ),
    "again online": (
        Sent("Wang", "-", ONLINE),
        [Sent("Wang", "+", ONLINE)],
        Settled(CONFIRMED, superseded=frozenset({1})),
    ),
    "a co-owner online otherwise": (
        Sent("Li", "-", ONLINE),
        [Sent("Wang", "+", ONLINE)],
        Settled(CONTESTED, contested=frozenset({1})),
    ),
    "one's own paper after the phone": (
        Sent("Wang", "-"),
        [Sent("Wang", "+", ONLINE)],
        Settled(CONFIRMED, superseded=frozenset({1})),
    ),
    "the phone after one's own paper": (
        Sent("Wang", "-", ONLINE),
        [Sent("Wang", "+")],
        Settled(SUPERSEDED),
    ),
    "a paper of another against the phone": (
        Sent("Li", "-"),
        [Sent("Wang", "+", ONLINE)],
        Settled(CONTESTED, contested=frozenset({1})),
    ),
    "an agent against the owner": (
        Sent("Wang", "-", capacity=Capacity.AGENT),
        [Sent("Wang", "+", ONLINE)],
        Settled(CONTESTED, contested=frozenset({1})),
    ),
    "where others disagree already": (
        Sent("Zhao", "+"),
        [Sent("Wang", "+", state=CONTESTED), Sent("Li", "-", number=2, state=CONTESTED)],
        Settled(CONTESTED, contested=frozenset({1, 2})),
    ),
    "again online where a co-owner disagrees": (
        Sent("Wang", "-", ONLINE),
        [
            Sent("Wang", "+", ONLINE, state=CONTESTED),
            Sent("Li", "-", ONLINE, number=2, state=CONTESTED),
        ],
        Settled(CONTESTED, superseded=frozenset({1}), contested=frozenset({2})),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_counts_only_because_it_came_last(case: str) -> None:
    sheet, standing, settled = CASES[case]
    assert settle(sheet, standing) == settled


_SHEETS = st.lists(
    st.builds(
        Sent,
        signer=st.sampled_from(["Wang", "Li"]),
        marks=st.sampled_from(["+", "-"]),
        channel=st.sampled_from([PAPER, ONLINE]),
        capacity=st.sampled_from(list(Capacity)),
    ),
    max_size=6,
)


def _played(sheets: list[Sent]) -> list[Sent]:
    """The sheets as they stand after each has come in turn."""
    rows: list[Sent] = []
    for number, sent in enumerate(sheets, 1):
        standing = [row for row in rows if row.state in {CONFIRMED, CONTESTED}]
        settled = settle(sent, standing)
        rows = [_moved(row, settled) for row in rows]
        rows.append(_with(sent, number, settled.state))
    return rows


def _moved(row: Sent, settled: Settled) -> Sent:
    if row.number in settled.superseded:
        return _with(row, row.number, SUPERSEDED)
    return _with(row, row.number, CONTESTED if row.number in settled.contested else row.state)


def _with(row: Sent, number: int, state: EntryState) -> Sent:
    return Sent(row.signer, row.marks, row.channel, number, state, row.capacity)


@given(_SHEETS)
def test_one_sheet_counts_or_none_and_none_is_lost(sheets: list[Sent]) -> None:
    rows = _played(sheets)
    counts = [row for row in rows if row.state is CONFIRMED]
    contested = [row for row in rows if row.state is CONTESTED]
    assert len(counts) <= 1
    assert not (counts and contested)
    if sheets:
        assert counts or contested


@given(_SHEETS)
def test_papers_that_disagree_are_contested_in_whatever_order_they_come(sheets: list[Sent]) -> None:
    papers = [sheet for sheet in sheets if sheet.channel is PAPER]
    disagree = len({sheet.marks for sheet in papers}) > 1
    assert any(row.state is CONTESTED for row in _played(papers)) == disagree
    assert any(row.state is CONTESTED for row in _played(papers[::-1])) == disagree


def test_a_name_is_the_same_with_and_without_blanks() -> None:
    assert name_of(" 王 小 明 ") == name_of("王小明")
    assert name_of("Wang Li") == name_of("wangli")


def test_what_a_sheet_leaves_out_is_not_marked() -> None:
    marks = whole({2: Mark.FOR, 9: Mark.FOR}, [1, 2])
    assert marks == {1: Mark.UNMARKED, 2: Mark.FOR}
    assert not is_blank(marks)
    assert is_blank(whole({}, [1, 2]))
