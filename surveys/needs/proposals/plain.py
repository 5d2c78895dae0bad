"""One way of writing: full-width signs, traditional characters and capitals are made alike.

Every character becomes exactly one, so that a place found in the plain text is the same place in
what was written.
"""

from functools import cache
from unicodedata import normalize

from surveys.needs.proposals.characters import SIMPLE


def plain(text: str) -> str:
    """`text` in simple characters, half-width, in small letters; of the same length."""
    return "".join(map(_plain, text))


@cache
def _plain(sign: str) -> str:
    made = normalize("NFKC", sign).lower()
    return (made if len(made) == 1 else sign).translate(SIMPLE)
