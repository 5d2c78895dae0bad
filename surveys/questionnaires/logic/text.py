"""A text with a place in it up to which it was understood: what a reader of conditions holds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from unicodedata import normalize

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.rules import Choice, clean

_Meaning = TypeVar("_Meaning")
QUOTES = "“”„‟\"＂「」『』‘’'＇"
_CLOSING: Mapping[str, str] = {
    **dict.fromkeys('“”„‟"', '“”„‟"'),
    **dict.fromkeys("‘’'", "‘’'"),
    "「": "」",
    "『": "』",
}
MOST = 2000
"""characters of a condition"""
_SHOWN = 12  # characters of the place that a fault names
_HAN = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_NUMBER = re.compile(r"([一二三四五六七八九两])?(十)?([一二三四五六七八九零])?")
_KEY = re.compile(r"\$\{([^{}\s]+)\}")


class Twice(Exception):
    """Several things have this name."""


class Text:
    """What was typed, as it is and sign by sign in plain small ones; and how far it is read."""

    def __init__(self, typed: str) -> None:
        self.raw = clean(typed).replace("\n", " ")
        self.even = "".join(map(_even, self.raw))
        self.at = 0
        if len(self.raw) > MOST:
            say = N_("条件太长了，最多 %(most)d 个字，您写了 %(written)d 个。")
            raise Invalid(say, most=MOST, written=len(self.raw))

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return not self.even[self.at :].strip()

    @property
    def is_quoted(self) -> bool:
        """Whether a quotation mark comes next."""
        self._skip()
        return self.even[self.at : self.at + 1] in _CLOSING

    def fault(self, msgid: str, **params: object) -> Invalid:
        """What is wrong here, with the place that was reached as `near`."""
        rest = self.raw[self.at :].strip()
        if not rest:
            near = "…" + self.raw[-_SHOWN:] if len(self.raw) > _SHOWN else self.raw
        else:
            near = rest if len(rest) <= _SHOWN else rest[:_SHOWN] + "…"
        return Invalid(msgid, near=near, **params)

    def take(self, *words: str) -> str:
        """The first of these words that comes next, which is then read; else nothing."""
        self._skip()
        for word in words:
            end = self.at + len(word)
            if self.even.startswith(word, self.at) and not _breaks(self.even, word, end):
                self.at = end
                return word
        return ""

    def comes(self, word: str) -> bool:
        """Whether this word comes next; reads no further."""
        self._skip()
        return self.even.startswith(word, self.at)

    def take_meaning(self, meanings: Iterable[tuple[str, _Meaning]]) -> _Meaning | None:
        """What the first of these words that comes next means; it is then read."""
        return next((meaning for word, meaning in meanings if self.take(word)), None)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What comes next where it is of this pattern, in plain small signs; it is then read."""
        self._skip()
        found = pattern.match(self.even, self.at)
        if found:
            self.at = found.end()
        return found

    def key(self) -> str:
        """A key as `${key}`, where one comes next."""
        self._skip()
        found = _KEY.match(self.raw, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[1]

    def whole(self) -> int | None:
        """A whole number, in digits or up to 九十九, where one comes next."""
        if found := self.match(re.compile(r"-?[0-9]{1,9}(?![0-9])")):
            return int(found[0])
        self._skip()
        found = _HAN_NUMBER.match(self.even, self.at)
        if found is None or not found[0] or (found[1] and found[3] and not found[2]):
            return None
        self.at = found.end()
        if not found[2]:
            return _HAN[found[1] or found[3]]
        return 10 * _HAN.get(found[1], 1) + _HAN.get(found[3], 0)

    def name(self, among: Sequence[Choice]) -> Choice | None:
        """The thing of this name that comes next, quoted or not; those still offered in front.

        Raises:
            Twice: there are several of this name.
        """
        self._skip()
        start = self.at + self.is_quoted
        end_by = _CLOSING[self.even[self.at]] if start > self.at else ""
        found = self._exactly(among, start, end_by) or self._loosely(among, start, end_by)
        if not found:
            return None
        ends = [end for _one, end in found]
        best = min(ends) if end_by else max(ends)
        same = [one for one, end in found if end == best]
        offered = [one for one in same if not one.off] or same
        if len(offered) > 1:
            raise Twice
        self.at = best
        return offered[0]

    def quoted(self) -> str | None:
        """What stands in quotation marks here, not read yet; none where they are not closed."""
        if not self.is_quoted:
            return None
        closing = _CLOSING[self.even[self.at]]
        ends = [n for n in range(self.at + 1, len(self.even)) if self.even[n] in closing]
        return self.raw[self.at + 1 : ends[0]].strip() if ends else None

    def _skip(self) -> None:
        while self.even[self.at : self.at + 1] == " ":
            self.at += 1

    def _exactly(
        self, among: Sequence[Choice], start: int, end_by: str
    ) -> list[tuple[Choice, int]]:
        ends = [
            (one, self._end(start + len(one.name), end_by))
            for one in among
            if one.name and self.raw.startswith(one.name, start)
        ]
        return [(one, end) for one, end in ends if end is not None]

    def _loosely(
        self, among: Sequence[Choice], start: int, end_by: str
    ) -> list[tuple[Choice, int]]:
        """Whatever the blanks, full-width signs and capitals."""
        found = []
        for one in among:
            signs = [re.escape(_even(sign)) for sign in one.name if not sign.isspace()]
            match = re.compile(r"\s*" + r"\s*".join(signs)).match(self.even, start)
            end = self._end(match.end(), end_by) if match and signs else None
            if end is not None:
                found.append((one, end))
        return found

    def _end(self, at: int, end_by: str) -> int | None:
        """Where what was read up to here ends: after its quotation mark, or where a word ends."""
        if not end_by:
            return None if _breaks(self.even, self.even[at - 1], at) else at
        while self.even[at : at + 1] == " ":
            at += 1
        return at + 1 if at < len(self.even) and self.even[at] in end_by else None


def _even(sign: str) -> str:
    """A sign as it is compared: full-width ones plain, letters small, any blank a blank."""
    plain = normalize("NFKC", sign).lower()
    if len(plain) != 1:
        return sign
    return " " if plain.isspace() else plain


def _breaks(text: str, word: str, end: int) -> bool:
    """Whether a word in Latin letters would be cut off from the rest of a longer one."""
    rest = text[end : end + 1]
    return word[-1:].isascii() and word[-1:].isalpha() and rest.isascii() and rest.isalpha()
