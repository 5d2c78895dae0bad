"""A roll told in words, for who has no table at hand: a line a building, by stairwells and floors.

`1-3 号楼 2 单元 6 层 每层 2 户` stands for 72 doors, 101 to 602 in each stairwell. A line may also
name doors one by one (传达室-1), and one that begins with 没有 takes doors away again. English is
read as well: `Buildings 1-3: 2 stairwells, 6 floors, 2 doors a floor`, `Without 1-1-101`. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from surveys.base.tables import MOST_ROWS
from surveys.base.words import N_
from surveys.courtyards import rules
from surveys.courtyards.headed import Fault, Reading
from surveys.courtyards.rules import Door, RollRow
from surveys.errors import Invalid

LONGEST = 100
"""signs of a line that tells of buildings"""
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_TO = r"\s*(?:-|~|到|至)\s*"
_BLOCK = re.compile(
    rf"(?:BUILDINGS?\s*)?(?P<buildings>.+?(?:号楼|楼栋|[栋幢座号楼#]|[\s,:]))[\s,:]*"
    rf"(?:(?:(?P<only>第)\s*)?(?P<stairwells>{_NUMBER})\s*个?\s*(?:单元|门洞|门|STAIRWELLS?)[\s,]*)?"
    rf"(?:(?P<lowest>{_NUMBER}){_TO})?(?P<highest>{_NUMBER})\s*(?:层|FLOORS?)[\s,]*"
    rf"(?:[每一](?:单元每)?[层梯]|各|[,\s])*\s*(?P<doors>{_NUMBER})\s*(?:户|DOORS?(?: A FLOOR)?)"
)
_RANGE = re.compile(rf"(\d{{1,3}}){_TO}(\d{{1,3}})\s*(?:号楼|楼栋|[栋幢座号楼#])?")
_ROOM = re.compile(r"[0-9A-Z]")
_LACKING = re.compile(r"(?:没有|除去|除了|去掉|不要|WITHOUT)\s*[:,]?\s*(.+)")
_BETWEEN = re.compile(r"[\s,、;和]+")
_BUILDINGS_BETWEEN = re.compile(r"\s*[,、;和]\s*")
_LIKE_THIS = N_("这一行看不懂。请照“1 号楼 2 单元 6 层 每层 2 户”写，一栋一行。")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    def fault(self, error: Invalid) -> Fault:
        """What is wrong with it, as the faults of a table are told."""
        return Fault(self.number, rules.printable(self.text, most=40), error.msgid, error.params)


def read(typed: str) -> Reading[RollRow]:
    """The households that these lines tell; every line that tells none is a fault."""
    held: dict[Door, None] = {}
    faults = []
    for line in _lines(typed):
        try:
            _take(line.text, held)
        except Invalid as error:
            faults.append(line.fault(error))
    rows = [RollRow(*door, None) for door in sorted(held, key=rules.door_key)]
    return Reading("", rows, faults)


def _lines(typed: str) -> Iterator[_Line]:
    for number, text in enumerate(typed.splitlines(), 1):
        folded = re.sub(r"[\u2010-\u2015\u2212]", "-", unicodedata.normalize("NFKC", text).upper())
        if plain := folded.strip(" \t,;。"):
            yield _Line(number, plain)


def _take(line: str, held: dict[Door, None]) -> None:
    """Add the doors of one line to `held`, or take them from it."""
    if lacking := _LACKING.fullmatch(line):
        gone = _named(lacking[1])
        _refuse_any((door for door in gone if door not in held), N_("前面没有“%(door)s”这一户。"))
        for door in gone:
            del held[door]
        return
    block = _BLOCK.fullmatch(line) if len(line) <= LONGEST else None
    doors = _of_block(block) if block else _named(line)
    _refuse_any((door for door in doors if door in held), N_("“%(door)s”前面已经有了。"))
    if len(held) + len(doors) > MOST_ROWS:
        raise _too_many()
    held.update(dict.fromkeys(doors))


def _refuse_any(doors: Iterator[Door], msgid: str) -> None:
    for door in doors:
        raise Invalid(msgid, door="-".join(part for part in door if part))


def _named(text: str) -> list[Door]:
    """Doors that are named one by one, each once."""
    try:
        found = [rules.typed_door(part) for part in _BETWEEN.split(text) if part]
    except Invalid as error:
        raise Invalid(_LIKE_THIS) from error
    if not all(_ROOM.search(room) for *_where, room in found):
        raise Invalid(_LIKE_THIS)
    return list(dict.fromkeys(found))


def _of_block(block: re.Match[str]) -> list[Door]:
    """Every door of one line, floor by floor: the second of floor 3 is 302."""
    buildings = _buildings(block["buildings"].strip(" ,:"))
    stairwells = [""]
    if block["stairwells"]:
        last = _number(block["stairwells"])
        stairwells = [str(n) for n in range(last if block["only"] else 1, last + 1)]
    floors = range(_number(block["lowest"] or "1"), _number(block["highest"]) + 1)
    doors = range(1, _number(block["doors"]) + 1)
    count = len(buildings) * len(stairwells) * len(floors) * len(doors)
    if not count:
        raise Invalid(_LIKE_THIS)
    if count > MOST_ROWS:
        raise _too_many()
    return [
        (building, stairwell, f"{floor}{door:02d}")
        for building, stairwell, floor, door in product(buildings, stairwells, floors, doors)
    ]


def _too_many() -> Invalid:
    return Invalid(N_("一共超过 %(most)d 户了，请看看是不是多打了一位。"), most=MOST_ROWS)


def _buildings(text: str) -> list[str]:
    """`1-3 号楼`, `1、2、5 栋` or `东楼` as buildings, each written in its one way."""
    found: list[str] = []
    for part in _BUILDINGS_BETWEEN.split(text):
        between = _RANGE.fullmatch(part)
        if between:
            found += [str(n) for n in range(int(between[1]), int(between[2]) + 1)]
        else:
            found.append(rules.tidy_building(part))
    return list(dict.fromkeys(found))


def _number(written: str) -> int:
    return int(rules.arabic(written.replace("两", "二")))
