"""Who may see which figures of a ballot, and when live bars may move. Pure."""

from enum import StrEnum

from surveys.ballots.rules import Showing, State

FIRST_BARS = 10
"""households that must be in before bars are shown at all"""
NEXT_BARS = 5
"""households whose votes must have changed before the bars are counted again"""


class Surface(StrEnum):
    """Where a figure would appear. One gate decides for all of them."""

    PAGE = "page"
    WALL = "wall"
    EXPORT = "export"
    NOTICE = "notice"
    DESK = "desk"


class Sight(StrEnum):
    """How much may be seen."""

    NOTHING = "nothing"
    TURNOUT = "turnout"
    LIVE = "live"
    RESULT = "result"


def may_see(state: State, showing: Showing, surface: Surface) -> Sight:
    """What may be seen of a ballot in `state` that was opened as `showing`.

    The desk sees turnout even while it is hidden from others, since somebody must knock on doors;
    it sees a sealed result before it is published, since somebody must check and publish it.
    Nobody sees choices before sealing in any other way than the live bars everybody sees.
    """
    if state is State.PUBLISHED:
        return Sight.RESULT
    if state is State.SEALED:
        return Sight.RESULT if surface is Surface.DESK else _at_least_turnout(showing, surface)
    if state in {State.DRAFT, State.VOID}:
        return Sight.NOTHING
    if showing is Showing.LIVE and surface is not Surface.EXPORT:
        return Sight.LIVE
    return _at_least_turnout(showing, surface)


def _at_least_turnout(showing: Showing, surface: Surface) -> Sight:
    hidden = showing is Showing.HIDDEN and surface is not Surface.DESK
    return Sight.NOTHING if hidden else Sight.TURNOUT


def bars_may_move(households_in: int, changed: int, *, shown_before: bool) -> bool:
    """Whether the bars may be counted anew: first at ten households, then by fives.

    Args:
        changed: distinct households whose vote changed since the bars now on show.
    """
    if not shown_before:
        return households_in >= FIRST_BARS
    return changed >= NEXT_BARS and households_in >= FIRST_BARS
