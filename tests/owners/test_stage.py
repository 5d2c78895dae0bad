"""The stage of the other tests: a courtyard in which thirds and halves come out whole."""

from surveys.owners import chain
from surveys.owners.models import EntryState
from tests.owners.stage import AGAINST, AREA_DM2, FOR, Stage


def test_eighteen_owners_hold_twenty_four_units(vote: Stage) -> None:
    assert (vote.vote.owners, vote.vote.area_dm2) == (18, 24 * AREA_DM2)
    assert sorted(vote.owners) == list(range(1, 19))
    assert [len(vote.units(number)) for number in (1, 2, 3, 4, 18)] == [5, 1, 1, 3, 1]
    assert chain.verify(vote.vote) is None


def test_a_sheet_is_there_in_any_state(vote: Stage) -> None:
    vote.sheet(1, FOR, AGAINST)
    second = vote.sheet(1, AGAINST, AGAINST, state=EntryState.CONTESTED)
    assert (second.number, second.marks) == (2, '{"1":"against","2":"against"}')
