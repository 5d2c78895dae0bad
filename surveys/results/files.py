"""Files of elections: which of them can be read, and by whom."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from surveys.counting import pabulib, preflib
from surveys.counting.elections import Election, Unreadable
from surveys.results import bundle

Reader = Callable[[bytes], Election]


def _text(parse: Callable[[str], Election], held: bytes) -> Election:
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = held.count(b"\n", 0, fault.start) + 1
        raise Unreadable(f"Line {line} is not written in UTF-8.") from fault
    return parse(text)


READERS: Mapping[str, Reader] = {
    ".pb": partial(_text, pabulib.parse),
    **{f".{kind}": partial(_text, partial(preflib.parse, kind=kind)) for kind in preflib.KINDS},
    ".zip": bundle.read,
}
"""by the ending of the file's name, in small letters"""


def read(path: Path) -> Election:
    """The election in a file.

    Raises:
        Unreadable: there is no such file, its format is not known, or it is malformed.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise Unreadable(f"The name {path.name!r} does not end in one of {known}.")
    try:
        held = path.read_bytes()
    except OSError as fault:
        raise Unreadable(f"{path} cannot be read: {fault.strerror}.") from fault
    return reader(held)
