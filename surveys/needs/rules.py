"""What may stand in the ledger and in the catalogue, and how a sentence is shown with its words."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from surveys.base.words import N_
from surveys.errors import Invalid

TITLE_MOST = 40
"""characters of a need's title"""
TEXT_MOST = 500
"""characters of what somebody says"""
NOTE_MOST = 200
NAME_MOST, UNIT_MOST, WHAT_MOST = 30, 20, 200
"""characters of an entry of the catalogue"""
WORD_MOST = 20
GAP = "…"
"""in a word: something may stand between, as in 灯…不亮"""

_BETWEEN_WORDS = re.compile(r"[、,，;；\s]+")
FACT_MOST = 60
"""characters of where something is, and of who sees to it"""
CAPTION_MOST = 80
"""characters of what is said below a picture"""
PHOTOS_MOST = 10
"""pictures of one need"""
DUE_WITHIN = timedelta(days=3 * 366)
"""how far ahead an answer may be promised: what lies beyond is a slip of the hand"""


class Status(StrEnum):
    """How a need stands, as everybody may read it. Derived, never stored."""

    UNDECIDED = "undecided"
    OVERDUE = "overdue"
    IN_MENU = "in_menu"
    ON_BALLOT = "on_ballot"
    OWNERS_VOTE = "owners_vote"
    FIXED = "fixed"
    UPWARD = "upward"
    DECLINED = "declined"


_OF_LANE = {
    "quick": Status.FIXED,
    "owners": Status.OWNERS_VOTE,
    "upward": Status.UPWARD,
    "declined": Status.DECLINED,
}
TAKEN_UP = frozenset({"menu", "quick", "owners", "upward"})
"""lanes in which something is done about a need, or decided by whom it is for to decide"""


def status(lane: str, *, pinned: bool, due_on: date | None, today: date) -> Status:
    """How a need stands.

    Args:
        lane: where it goes.
        pinned: whether a ballot stands on it.
        due_on: by when it is to be answered; that day itself is still in time.
    """
    if lane == "menu":
        return Status.ON_BALLOT if pinned else Status.IN_MENU
    if lane in _OF_LANE:
        return _OF_LANE[lane]
    return Status.OVERDUE if due_on is not None and due_on < today else Status.UNDECIDED


@dataclass(frozen=True, slots=True)
class Adoption:
    """采纳率: how many of the suggestions put to needs led to something."""

    adopted: int
    placed: int
    """suggestions put to one need or to several; those without a wish are none of them"""


def unanswered_before(today: date, answer_days: int) -> date:
    """Suggestions received before this day have waited for more than `answer_days` days."""
    return today - timedelta(days=answer_days)


class Outcome(StrEnum):
    """What became of a suggestion, as whoever made it reads it."""

    REPLACED = "replaced"
    """its household said something else since, or took it back"""
    UNSORTED = "unsorted"
    ASIDE = "aside"
    """somebody read it and found no wish in it"""
    SORTED = "sorted"
    ADOPTED = "adopted"
    PARTLY = "partly"
    SOLVED = "solved"
    DECLINED = "declined"
    UPWARD = "upward"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: what may be wished for, and the words residents use for it."""

    key: str
    name: str
    class_key: str
    words: tuple[str, ...]
    what: str
    unit: str

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Entry":
        """An entry out of the catalogue's JSON."""
        return cls(
            key=plain["key"],
            name=plain["name"],
            class_key=plain["class"],
            words=tuple(plain["words"]),
            what=plain["what"],
            unit=plain["unit"],
        )


def spoken_words(typed: str) -> list[str]:
    """Residents' words as they were typed, parted by 、 or spaces or commas.

    Raises:
        Invalid: there is none, one is too long or stands twice, or a gap has nothing beside it.
    """
    words = [word for word in _BETWEEN_WORDS.split(typed) if word]
    if not words:
        raise Invalid(N_("请写几个居民常说的词，中间用“、”或空格隔开。"))
    for word in words:
        if len(word) > WORD_MOST:
            raise Invalid(
                N_("“%(word)s”太长了，一个词最多 %(most)d 个字。"), word=word, most=WORD_MOST
            )
        if words.count(word) > 1:
            raise Invalid(N_("“%(word)s”写了两遍，留一个就行。"), word=word)
        if word.count(GAP) > 1 or word.startswith(GAP) or word.endswith(GAP):
            raise Invalid(N_("“%(word)s”里的“…”要在中间，前后都有字，如“灯…不亮”。"), word=word)
    return words


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether one of the spans covers it; they join to `text`."""
    return [(text[a:b], hit) for a, b, hit in _pieces(len(text), _joined(spans)) if a < b]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in their order; those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _pieces(length: int, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for start, end in spans:
        yield at, start, False
        yield start, end, True
        at = end
    yield at, length, False


_OF_ALL = {
    frozenset({"quick"}): Outcome.SOLVED,
    frozenset({"upward"}): Outcome.UPWARD,
    frozenset({"declined"}): Outcome.DECLINED,
}


def outcome(lanes: Collection[str], *, aside: bool = False, replaced: bool = False) -> Outcome:
    """What became of a suggestion that was put to needs in these lanes.

    Partly adopted: something is done about one of them, and of another it is not, or not yet.
    """
    if replaced:
        return Outcome.REPLACED
    ways = frozenset(lanes)
    if not ways:
        return Outcome.ASIDE if aside else Outcome.UNSORTED
    if ways in _OF_ALL:
        return _OF_ALL[ways]
    if ways & TAKEN_UP:
        return Outcome.ADOPTED if ways <= TAKEN_UP else Outcome.PARTLY
    return Outcome.SORTED


_CODE_LOOKS = str.maketrans({"0": "o", "1": "l", "8": "b"})


def folded(typed: str) -> str:
    """The code of a suggestion as it is kept, however it was typed: 13 symbols, a to z, 2 to 7.

    Case, full-width signs, blanks and hyphens do not matter, nor does what looks like a symbol.
    """
    signs = unicodedata.normalize("NFKC", typed).lower()
    return "".join(c for c in signs if c.isalnum()).translate(_CODE_LOOKS)
