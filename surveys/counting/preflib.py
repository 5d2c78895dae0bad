"""Elections in the PrefLib formats for rankings: .soi, .soc, .toi and .toc.

Lines of `# KEY: value`, then lines of `times: ranking`, in which items are numbers parted by
commas and those on one rank stand in braces. See https://preflib.github.io/PrefLib-Jekyll/format.
The first letter of the ending says whether ranks are strict (s) or may be tied (t), the last one
whether rankings are complete (c) or not (i).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

from surveys.counting.elections import Election, Unreadable
from surveys.counting.numerals import whole
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.ways import Way

KINDS = ("soi", "soc", "toi", "toc")
_HEAD = re.compile(r"#\s*([^:]+?)\s*:\s*(.*)")
_RANK = re.compile(r"\s*(?:\{([^{}]+)\}|([^{},]+))\s*(?:,(?=.)|$)")
_NAME = "ALTERNATIVE NAME "

Head = Mapping[str, tuple[int, str]]
"""each key with the line it stands on and its value"""


def parse(text: str, kind: str) -> Election:
    """The election that a PrefLib file tells.

    Args:
        kind: the ending of the file's name, one of `KINDS`.

    Raises:
        Unreadable: the file is malformed, or its numbers contradict each other.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    head = _head([(number, line) for number, line in lines if line.startswith("#")])
    if "DATA TYPE" in head and head["DATA TYPE"][1].lower() != kind:
        line, value = head["DATA TYPE"]
        raise Unreadable(f"Line {line}: the data are {value}, but the file's name ends in .{kind}.")
    names = _names(head)
    orders = [(n, line) for n, line in lines if line and not line.startswith("#")]
    choices = tuple(_choice(line, number, kind, names) for number, line in orders)
    _check(head, "NUMBER ALTERNATIVES", len(names))
    _check(head, "NUMBER VOTERS", sum(times for _, times in choices))
    if "NUMBER UNIQUE ORDERS" in head:
        _check(head, "NUMBER UNIQUE ORDERS", len(choices))
    return Election(
        items=tuple(Item(number, 0, "") for number in names),
        names=names,
        way=Way.RANK,
        choices=choices,
        counting=Counting(Rule.RUNOFF),
        stated=Rule.RUNOFF.value,
    )


def _head(lines: Sequence[tuple[int, str]]) -> Head:
    found: dict[str, tuple[int, str]] = {}
    for number, line in lines:
        match = _HEAD.fullmatch(line)
        if not match:
            raise Unreadable(f"Line {number} is not of the form '# KEY: value'.")
        key = match[1].upper()
        if key in found:
            raise Unreadable(f"Line {number} says {key} twice.")
        found[key] = number, match[2]
    return found


def _names(head: Head) -> dict[str, str]:
    """Names by number, in the order of the file."""
    names = {}
    for key, (line, name) in head.items():
        if key.startswith(_NAME):
            number = whole(key.removeprefix(_NAME), f"Line {line}: the number of an alternative")
            names[str(number)] = normalize("NFC", name)
    return names


def _check(head: Head, key: str, counted: int) -> None:
    if key not in head:
        raise Unreadable(f"The file does not say {key}.")
    line, value = head[key]
    if whole(value, f"Line {line}: {key}") != counted:
        raise Unreadable(f"Line {line}: {key} is {value}, but there are {counted}.")


def _choice(
    line: str, number: int, kind: str, names: Mapping[str, str]
) -> tuple[dict[str, int], int]:
    """One line of rankings: the marks, and how often they were handed in."""
    times, colon, ranking = line.partition(":")
    if not colon:
        raise Unreadable(f"Line {number} is not of the form 'times: ranking'.")
    marks: dict[str, int] = {}
    for rank, items in enumerate(_ranks(ranking.strip(), number), 1):
        if len(items) > 1 and kind.startswith("s"):
            raise Unreadable(f"Line {number} has equal ranks, which a .{kind} file has not.")
        for item in items:
            if item not in names or item in marks:
                raise Unreadable(f"Line {number} ranks {item!r}, unknown or for the second time.")
            marks[item] = rank
    if kind.endswith("c") and len(marks) != len(names):
        raise Unreadable(f"Line {number} does not rank all, as a .{kind} file does.")
    return marks, _times(times.strip(), number)


def _ranks(ranking: str, number: int) -> Iterator[list[str]]:
    """The items of each rank, the best first."""
    if not ranking:
        raise Unreadable(f"Line {number} ranks nothing.")
    place = 0
    while place < len(ranking):
        match = _RANK.match(ranking, place)
        if not match:
            raise Unreadable(
                f"Line {number}: the ranking cannot be read from {ranking[place:][:20]!r} on."
            )
        yield [item.strip() for item in (match[1] or match[2]).split(",")]
        place = match.end()


def _times(text: str, number: int) -> int:
    times = whole(text, f"Line {number}: how often")
    if times < 1:
        raise Unreadable(f"Line {number} was handed in {times} times.")
    return times
