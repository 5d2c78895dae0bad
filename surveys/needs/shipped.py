"""The catalogue that ships: what residents of old courtyards wish for, in their own words.

A district's own catalogue begins as this one and lies in the database (`catalogue`).
"""

import json
from functools import cache
from pathlib import Path

from surveys.needs.rules import Entry

FILE = Path(__file__).with_name("catalogue.json")


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the catalogue's order."""
    return tuple(Entry.read(plain) for plain in json.loads(FILE.read_text("utf-8")))
