"""A phone at a meeting, as acts know it, and what one phone may do within a quarter of an hour.

A courtyard sits behind one public address: limits stand on the phone, never on the address.
"""

from dataclasses import dataclass
from datetime import datetime

from surveys.accounts import failures
from surveys.base.words import N_

TAPS_MOST = 60
"""taps of one phone within a quarter of an hour: signed in, 我也是, a choice changed"""
TAPPED_MUCH = N_("这部手机刚才点得太多了，点过的都记着。请过 15 分钟再点。")


@dataclass(frozen=True, slots=True)
class Phone:
    """Which household a phone speaks for, if any, and the hashes that name it."""

    household_id: str | None
    key: str
    """apart for each household that uses it"""
    nameless: str
    """as one that tells no door: what it did before it held a slip stands under this name"""

    @property
    def own_key(self) -> str | None:
        """What names it in a row: nothing where the household is known, which is enough."""
        return None if self.household_id else self.key


def _mind_the_taps(phone: Phone, at: datetime) -> None:
    """Count one tap that changes something. Part of an act; does not commit.

    Raises:
        TooOften: this phone has tapped without end.
    """
    failures._count_or_refuse(f"tap:{phone.key}", TAPS_MOST, TAPPED_MUCH, at)
