"""Numbers as they stand in files, read exactly."""

import re
from typing import NamedTuple

from surveys.counting.elections import Unreadable

_DECIMAL = re.compile(r"([0-9]{1,18})(?:[.,]([0-9]{1,18}))?")
_WHOLE = re.compile(r"-?[0-9]{1,18}")


class Decimal(NamedTuple):
    """`digits` divided by ten to the power of `places`."""

    digits: int
    places: int

    def scaled(self, places: int) -> int:
        """The number in parts of ten to the power of `places`, which are no fewer."""
        return self.digits * int(10 ** (places - self.places))


def decimal(text: str, where: str) -> Decimal:
    """A number that is not below zero, with a point or a comma.

    Raises:
        Unreadable: it is none.
    """
    found = _DECIMAL.fullmatch(text)
    if not found:
        raise Unreadable(f"{where} is not an amount: {_short(text)}.")
    fraction = (found[2] or "").rstrip("0")
    return Decimal(int(found[1] + fraction), len(fraction))


def whole(text: str, where: str) -> int:
    """A whole number.

    Raises:
        Unreadable: it is none.
    """
    if not _WHOLE.fullmatch(text):
        raise Unreadable(f"{where} is not a whole number: {_short(text)}.")
    return int(text)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
