"""The state of a ballot, which entry counts, and what may tighten: tables."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots.rules import (
    PRECEDENCE,
    STANDS,
    Channel,
    EntryState,
    Showing,
    State,
    current,
    may_tighten,
    state,
)

OPENS = datetime(2026, 11, 20, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=10)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Times:
    opens_at: datetime = OPENS
    closes_at: datetime = CLOSES
    frozen_at: datetime | None = OPENS - timedelta(days=1)
    closed_at: datetime | None = None
    sealed_at: datetime | None = None
    published_at: datetime | None = None
    voided_at: datetime | None = None


@dataclass(frozen=True)
class Come:
    number: int
    channel: Channel
    state: EntryState = EntryState.CONFIRMED


FROZEN = Times()
SEALED = replace(FROZEN, sealed_at=CLOSES + timedelta(days=1))


@pytest.mark.parametrize(
    ("times", "at", "expected"),
    [
        (replace(FROZEN, frozen_at=None), OPENS + SECOND, State.DRAFT),
        (FROZEN, OPENS - SECOND, State.ANNOUNCED),
        (FROZEN, OPENS, State.OPEN),
        (FROZEN, CLOSES - SECOND, State.OPEN),
        (FROZEN, CLOSES, State.CLOSED),
        (replace(FROZEN, closed_at=CLOSES), CLOSES - SECOND, State.CLOSED),
        (replace(FROZEN, closed_at=CLOSES), OPENS - SECOND, State.CLOSED),
        (SEALED, CLOSES + timedelta(days=2), State.SEALED),
        (replace(SEALED, published_at=CLOSES + timedelta(days=2)), CLOSES, State.PUBLISHED),
        (replace(FROZEN, voided_at=OPENS), OPENS, State.VOID),
        (replace(FROZEN, frozen_at=None, voided_at=OPENS), OPENS, State.VOID),
    ],
)
def test_a_ballot_is_where_its_instants_put_it(times: Times, at: datetime, expected: State) -> None:
    assert state(times, at) is expected


PAPER, SCAN, PHONE, VISIT, MEETING = (
    Channel.PAPER,
    Channel.SCAN,
    Channel.PHONE,
    Channel.VISIT,
    Channel.MEETING,
)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], None),
        ([Come(1, SCAN)], 1),
        ([Come(1, SCAN), Come(2, SCAN)], 2),
        ([Come(1, PAPER), Come(2, SCAN)], 1),
        ([Come(1, SCAN), Come(2, PAPER)], 2),
        ([Come(1, SCAN), Come(2, PHONE)], 1),
        ([Come(1, PHONE), Come(2, SCAN), Come(3, VISIT)], 2),
        ([Come(1, PHONE), Come(2, VISIT), Come(3, MEETING)], 3),
        ([Come(1, PAPER), Come(2, PAPER), Come(3, SCAN)], 2),
        ([Come(1, SCAN), Come(2, PAPER, EntryState.PENDING)], 1),
        ([Come(1, SCAN), Come(2, PAPER, EntryState.WITHDRAWN)], 1),
        ([Come(1, SCAN, EntryState.SUPERSEDED), Come(2, PAPER, EntryState.WITHDRAWN)], 1),
        ([Come(1, PHONE, EntryState.PENDING)], None),
    ],
)
def test_paper_goes_before_the_phone_and_both_before_what_staff_were_told(
    entries: list[Come], expected: int | None
) -> None:
    assert current(entries) == expected


COMINGS = st.lists(st.tuples(st.sampled_from(Channel), st.sampled_from(EntryState)), max_size=8)


@given(COMINGS)
def test_the_entry_that_counts_is_beaten_by_no_other(
    comings: list[tuple[Channel, EntryState]],
) -> None:
    entries = [Come(n, channel, held) for n, (channel, held) in enumerate(comings, 1)]
    standing = [entry for entry in entries if entry.state in STANDS]
    number = current(entries)
    assert (number is None) == (not standing)
    if number is not None:
        won = entries[number - 1]
        assert won in standing
        rank = PRECEDENCE[won.channel]
        assert all(PRECEDENCE[e.channel] <= rank for e in standing)
        assert all(e.number <= number for e in standing if PRECEDENCE[e.channel] == rank)


@given(COMINGS, st.randoms())
def test_the_order_in_which_entries_are_read_does_not_matter(
    comings: list[tuple[Channel, EntryState]], chance: object
) -> None:
    entries = [Come(n, channel, held) for n, (channel, held) in enumerate(comings, 1)]
    mixed = list(entries)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert current(mixed) == current(entries)


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        (Showing.LIVE, Showing.TURNOUT, True),
        (Showing.LIVE, Showing.HIDDEN, True),
        (Showing.TURNOUT, Showing.HIDDEN, True),
        (Showing.TURNOUT, Showing.TURNOUT, True),
        (Showing.TURNOUT, Showing.LIVE, False),
        (Showing.HIDDEN, Showing.TURNOUT, False),
        (Showing.HIDDEN, Showing.LIVE, False),
    ],
)
def test_an_open_ballot_may_show_less_and_never_more(
    old: Showing, new: Showing, allowed: bool
) -> None:
    assert may_tighten(old, new) is allowed
