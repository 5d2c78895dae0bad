"""Reading a table of votes: its header, its rows, every fault by its cell. Keeps nothing.

The columns are those of the door, the channel, and one for each item by its number on the paper.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from surveys.ballots.offers import Offer, OfferedItem
from surveys.ballots.rules import Channel
from surveys.ballots.sheets import PICKED, Sheet
from surveys.base import tables
from surveys.base.tables import EMPTY, Cell, Table
from surveys.base.words import N_
from surveys.counting.ways import Marks, Way
from surveys.courtyards import roll
from surveys.courtyards import rules as doors
from surveys.courtyards.headed import ODD_CELLS, Fault
from surveys.courtyards.models import Household
from surveys.courtyards.rules import Door
from surveys.errors import Invalid

MOST_VOTES = 300
"""in one table: while they are written down, households that vote wait"""
HEADER_WITHIN = 15
"""titles and notes may stand above the header, but not more"""
HEADERS = (N_("楼栋"), N_("单元"), N_("房号"), N_("渠道"))
"""as we write them ourselves, before the items"""
_WORDS_OF_CHANNELS = {
    Channel.PAPER: "纸票 PAPER",
    Channel.PHONE: "电话 PHONE",
    Channel.VISIT: "入户 VISIT",
    Channel.MEETING: "会上 MEETING",
}
CHANNELS = {
    word: channel for channel, words in _WORDS_OF_CHANNELS.items() for word in words.split()
}
TICKS = dict.fromkeys(["1", "√", "✓", "✔", "是", "YES"], PICKED)
NO_TICKS = frozenset({"", "0", "否", "NO"})
_WORDS_OF_MARKS = {"1": "赞成 同意 FOR", "-1": "反对 不同意 AGAINST", "0": "弃权 ABSTAIN"}
JUDGEMENTS = {word: mark for mark, words in _WORDS_OF_MARKS.items() for word in words.split()}

Doors = Mapping[Door, Sequence[Household]]
"""households by their door, and by their door without its stairwell: there they may be several"""

Parts = Mapping[str, tuple[str, ...]]
"""the parts with items of their own to which a household belongs, by its id"""
_NO_PARTS: Parts = {}

_ITEM = re.compile(r"([1-9][0-9]{0,2})(?![0-9])")
_FIELD_OF = {
    **roll.COLUMNS.field_of,
    "渠道": "channel",
    "CHANNEL": "channel",
}
_NEEDED = {"building": HEADERS[0], "room": HEADERS[2], "channel": HEADERS[3]}
_TIDY: Mapping[str, Callable[[str], str]] = {
    "building": doors.tidy_building,
    "stairwell": doors.tidy_stairwell,
    "room": doors.tidy_room,
}
_NO_MARK = "?"


@dataclass(frozen=True, slots=True)
class Row:
    """One vote: its row as the spreadsheet counts, whose it is, how it came, and what it says."""

    number: int
    household: Household
    channel: Channel
    choice: Marks


@dataclass(frozen=True, slots=True)
class Batch:
    """What a table says: its votes, or the faults that keep all of it out."""

    sheet: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def by_channel(self) -> dict[Channel, int]:
        """How many votes came by each channel."""
        return dict(Counter(row.channel for row in self.rows))


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: dict[str, int]
    """index from 0 of the columns of door and channel"""
    items: dict[int, OfferedItem]
    """the item of each other column, by its index"""
    names: dict[str, str]
    """what stands above each column, by its field or the id of its item"""


def read_votes(table: Table, offer: Offer, known: Doors, parts: Parts = _NO_PARTS) -> Batch:
    """The votes of a table for this offer.

    Args:
        known: the households on the frozen roll.
        parts: of them; none where nothing is for one building or stairwell alone.

    Raises:
        Invalid: no header names every item, cells are merged, or there are too many rows or none.
    """
    header = _find_header(table, offer)
    if any(area.last_row > header.row for area in table.merged):
        raise Invalid(N_("表头下面有合并的格子。请取消合并，每一格都填上。"))
    below = [(number, cells) for number, cells in table.rows if number > header.row]
    written = [(number, cells) for number, cells in below if _holds_anything(cells, header)]
    if not written:
        raise Invalid(N_("表头下面一行也没有。"))
    if len(written) > MOST_VOTES:
        raise Invalid(N_("一次最多 %(most)s 行，请分成几个文件。"), most=MOST_VOTES)
    batch = Batch(table.name)
    for number, cells in written:
        row = _read_row(number, cells, header, (offer, known, parts), batch.faults)
        if row is not None:
            batch.rows.append(row)
    batch.faults.extend(_twins(batch.rows, header))
    batch.faults.sort(key=lambda fault: fault.row)
    return batch


def example(offer: Offer) -> bytes:
    """A workbook with the header that is read, and nothing below it."""
    items = [f"{number} {item.name}" for number, item in offer.numbered]
    return tables.to_xlsx("录票", [*HEADERS, *items], [])


def has_header(table: Table) -> bool:
    """Whether this sheet holds votes; another one may be a cover."""
    return _header_row(table) is not None


def _header_row(table: Table) -> tuple[int, Sequence[Cell]] | None:
    for number, cells in table.rows[:HEADER_WITHIN]:
        if sum(_word(cell.text) in _FIELD_OF for cell in cells) >= 2:
            return number, cells
    return None


def _find_header(table: Table, offer: Offer) -> _Header:
    if found := _header_row(table):
        return _checked_header(*found, offer)
    raise Invalid(N_("没找到表头。请用一行写：楼栋、单元、房号、渠道，再一项一列，写纸票上的号。"))


def _checked_header(number: int, cells: Sequence[Cell], offer: Offer) -> _Header:
    header = _Header(number, {}, {}, {})
    numbered = dict(offer.numbered)
    for index, cell in enumerate(cells):
        found = _ITEM.match(unicodedata.normalize("NFKC", cell.text).strip())
        item = numbered.get(int(found[1])) if found else None
        name = _FIELD_OF.get(_word(cell.text)) or (item.id if item else "")
        if not name:
            continue
        if name in header.names:
            say = N_("表头里“%(name)s”有两列，请只留一列。")
            raise Invalid(say, name=doors.printable(cell.text))
        header.names[name] = doors.printable(cell.text)
        if item is None:
            header.columns[name] = index
        else:
            header.items[index] = item
    _refuse_missing(header, numbered)
    return header


def _refuse_missing(header: _Header, numbered: Mapping[int, OfferedItem]) -> None:
    missing = next((say for name, say in _NEEDED.items() if name not in header.columns), None)
    if missing:
        say = N_("第 %(row)d 行的表头里没有“%(name)s”这一列。")
        raise Invalid(say, row=header.row, name=missing)
    for number, item in numbered.items():
        if item.id not in header.names:
            say = N_("第 %(row)d 行的表头里没有第 %(number)s 项“%(name)s”这一列。")
            raise Invalid(say, row=header.row, number=number, name=item.name)


def _word(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split()).strip("*:")


def _read_row(
    number: int,
    cells: Sequence[Cell],
    header: _Header,
    against: tuple[Offer, Doors, Parts],
    faults: list[Fault],
) -> Row | None:
    """One vote; None where a cell is wrong, which is added to `faults`."""
    offer, known, parts = against
    before = len(faults)
    _fault_odd_cells(number, cells, header, faults)
    if len(faults) > before:
        return None  # what is computed or a date is nothing to read further
    household = _household(number, cells, header, known, faults)
    channel = CHANNELS.get(_word(_at(cells, header.columns["channel"]).text))
    if channel is None:
        say = N_("请写纸票、电话、入户或者会上。")
        faults.append(Fault(number, header.names["channel"], say, {}))
    belongs = parts.get(household.id, ()) if household else None
    sheet = Sheet.of(offer, _typed(cells, header, offer.way), belongs)
    for fault, refusal in zip(sheet.faults, sheet.refusals, strict=True):
        column = header.names.get(str(fault.params.get("item")), header.names["room"])
        faults.append(Fault(number, column, refusal.msgid, refusal.params))
    if len(faults) > before or household is None or channel is None:
        return None
    return Row(number, household, channel, sheet.choice)


def _holds_anything(cells: Sequence[Cell], header: _Header) -> bool:
    """Whether a row has something in any column that is read."""
    return any(
        _at(cells, index).text.strip() for index in (*header.columns.values(), *header.items)
    )


def _at(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else EMPTY


def _fault_odd_cells(
    number: int, cells: Sequence[Cell], header: _Header, faults: list[Fault]
) -> None:
    named = {index: header.names[name] for name, index in header.columns.items()}
    named |= {index: header.names[item.id] for index, item in header.items.items()}
    for index, name in named.items():
        kind = _at(cells, index).kind
        if kind in ODD_CELLS:
            faults.append(Fault(number, name, ODD_CELLS[kind], {}))


def _household(
    number: int, cells: Sequence[Cell], header: _Header, known: Doors, faults: list[Fault]
) -> Household | None:
    parts = dict.fromkeys(_TIDY, "")
    for name in (name for name in _TIDY if name in header.columns):
        try:
            parts[name] = _TIDY[name](_at(cells, header.columns[name]).text)
        except Invalid as fault:
            faults.append(Fault(number, header.names[name], fault.msgid, fault.params))
            return None
    found = known.get((parts["building"], parts["stairwell"], parts["room"]), ())
    if len(found) != 1:
        several = N_("有好几户都叫这个门牌，请把单元也写上。")
        say = several if found else N_("这次点单的花名册上没有这一户。")
        faults.append(Fault(number, header.names["room"], say, {}))
        return None
    return found[0]


def _typed(cells: Sequence[Cell], header: _Header, way: Way) -> list[tuple[str, str]]:
    """The items' cells as they would have been typed on a sheet."""
    return [
        (item.id, _mark(_word(_at(cells, index).text), way)) for index, item in header.items.items()
    ]


def _mark(word: str, way: Way) -> str:
    if way is Way.JUDGE:
        return JUDGEMENTS.get(word, _NO_MARK) if word else ""
    if way in {Way.POINTS, Way.RANK}:
        return word
    return TICKS.get(word, _NO_MARK) if word not in NO_TICKS else ""


def _twins(rows: Sequence[Row], header: _Header) -> list[Fault]:
    """Rows of a household that has one already."""
    first: dict[str, int] = {}
    found = []
    for row in rows:
        other = first.setdefault(row.household.id, row.number)
        if other != row.number:
            say = N_("和第 %(other)d 行是同一户，只留一行。")
            found.append(Fault(row.number, header.names["room"], say, {"other": other}))
    return found
