"""What somebody marked on the sheet of a ballot: by phone, on paper, in the preview, in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from surveys.ballots import wording
from surveys.ballots.offers import Offer, OfferedItem
from surveys.counting import marks
from surveys.counting.marks import Fault, Handed, Standing
from surveys.counting.ways import Way
from surveys.errors import Refused

PICKED = "1"
"""what stands at an item that was ticked"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An offer with what was marked on it, as it was typed, before anything was looked through.

    `typed` holds item ids and what stands at each, in the order of coming. What was left empty is
    not in it.
    """

    offer: Offer
    typed: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] | None = None
    """parts that have items of their own and to which the household belongs; None: not known whose
    sheet it is"""

    @classmethod
    def of(
        cls,
        offer: Offer,
        typed: Iterable[tuple[str, str]],
        parts: tuple[str, ...] | None = None,
    ) -> Self:
        """What was typed on a sheet of this offer; no points are the same as an empty field."""
        nothing = {"", "0"} if offer.way is Way.POINTS else {""}
        kept = ((item, text) for item, text in typed if text.strip() not in nothing)
        return cls(offer, tuple(kept), parts)

    def at(self, item_id: str) -> str:
        """What stands at an item; empty where nothing does."""
        return next((text for item, text in self.typed if item == item_id), "")

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything wrong with it."""
        return marks.faults(self._handed, self.offer.menu, self.offer.rules, self.parts)

    @property
    def refusals(self) -> list[Refused]:
        """The same in words."""
        return [wording.refusal(fault, self.offer) for fault in self.faults]

    @property
    def choice(self) -> dict[str, int]:
        """The marks that stand; where nothing is at fault, the household's choice."""
        offer = self.offer
        return marks.standing_marks(self._handed, offer.menu, offer.rules, self.parts)

    @property
    def chosen(self) -> list[tuple[OfferedItem, int]]:
        """The items of that choice with their marks, in the order in which one reads them."""
        return self.offer.listed(self.choice)

    @property
    def line(self) -> Standing:
        """How far it has come."""
        return marks.standing(self._handed, self.offer.menu, self.offer.rules)

    @property
    def _handed(self) -> Handed:
        return [(item, marks.read(text)) for item, text in self.typed]
