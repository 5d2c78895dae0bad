"""Who may see which figures, and when the bars may move."""

import pytest

from surveys.ballots.models import Showing
from surveys.ballots.rules import State
from surveys.results.rules import Sight, Surface, bars_may_move, may_see

N, T, L, R = Sight.NOTHING, Sight.TURNOUT, Sight.LIVE, Sight.RESULT


@pytest.mark.parametrize(
    ("state", "showing", "page", "desk"),
    [
        (State.DRAFT, Showing.LIVE, N, N),
        (State.OPEN, Showing.HIDDEN, N, T),
        (State.OPEN, Showing.TURNOUT, T, T),
        (State.OPEN, Showing.LIVE, L, L),
        (State.CLOSED, Showing.HIDDEN, N, T),
        (State.CLOSED, Showing.LIVE, L, L),
        (State.SEALED, Showing.HIDDEN, N, R),
        (State.SEALED, Showing.TURNOUT, T, R),
        (State.SEALED, Showing.LIVE, T, R),
        (State.PUBLISHED, Showing.HIDDEN, R, R),
        (State.VOID, Showing.LIVE, N, N),
    ],
)
def test_the_gate_decides_by_state_and_by_how_the_ballot_was_opened(
    state: State, showing: Showing, page: Sight, desk: Sight
) -> None:
    assert may_see(state, showing, Surface.PAGE) is page
    assert may_see(state, showing, Surface.WALL) is page
    assert may_see(state, showing, Surface.DESK) is desk


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("showing", list(Showing))
def test_an_export_never_shows_more_than_the_page_and_never_live_bars(
    state: State, showing: Showing
) -> None:
    export = may_see(state, showing, Surface.EXPORT)
    assert export is not Sight.LIVE
    assert export in {may_see(state, showing, Surface.PAGE), Sight.TURNOUT}


@pytest.mark.parametrize(
    ("households", "changed", "shown_before", "moves"),
    [(9, 9, False, False), (10, 10, False, True), (14, 4, True, False), (15, 5, True, True)],
)
def test_bars_show_first_at_ten_households_and_then_move_by_fives(
    households: int, changed: int, shown_before: bool, moves: bool
) -> None:
    assert bars_may_move(households, changed, shown_before=shown_before) is moves
