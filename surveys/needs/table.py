"""The ledger as a table 台账总表: every need in a line, narrowed, sorted, and as a workbook."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from surveys.base import tables
from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.base.tables import Value
from surveys.needs import catalogue, ledger
from surveys.needs.facts import KINDS
from surveys.needs.keeping import LANES, STATUS
from surveys.needs.ledger import Row, root_id
from surveys.needs.models import Need, NeedKind, Placement, Suggestion
from surveys.needs.rules import Entry, Status, status
from surveys.questionnaires.rules import CHANNELS
from surveys.rounds.models import Round

A_PAGE = 20
NO_CATEGORY = "none"
"""asks for what is in no line of the catalogue"""
HEADERS = (
    *("诉求", "目录", "类型", "院里哪儿", "不同户", "没写门牌的意见", "意见", "渠道"),
    *("谁牵头", "什么时候前答复", "去向", "现在怎样", "给居民的一句话", "办好的日子", "并进来的"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One need, and how it stands."""

    row: Row
    status: Status

    @property
    def need(self) -> Need:
        """The need itself."""
        return self.row.need

    @property
    def entry(self) -> Entry | None:
        """Its line of the catalogue."""
        return catalogue.entry(self.need.category)


def lines(round_: Round, today: date) -> list[Line]:
    """Every need of a round, most households first."""
    return [
        Line(
            row,
            status(
                row.lane,
                pinned=row.need.pinned_at is not None,
                due_on=row.need.due_on,
                today=today,
            ),
        )
        for row in ledger.rows(round_.id)
    ]


SORTS = ("-households", "title", "due", "status")
"""most households first; the title; the next to be answered; how it stands"""


def wanted_of(found: Iterable[Line], view: View) -> list[Line]:
    """Those that are asked for, in the order asked for.

    Args:
        view: sorted by one of `SORTS`; narrowed by `q`, words in its titles or in where it is and
            who sees to it, by `lane`, and by `category`, a key or `NO_CATEGORY`.
    """
    standing = list(STATUS)
    return view.arranged(
        (line for line in found if _is_wanted(line, view.asked)),
        {
            "households": lambda line: line.row.behind.households,
            "title": lambda line: line.need.title,
            "due": lambda line: line.need.due_on,
            "status": lambda line: standing.index(line.status),
        },
    )


def categories(found: Iterable[Line]) -> list[Entry]:
    """The lines of the catalogue that the ledger has, in the catalogue's order."""
    held = {line.need.category for line in found}
    return [entry for entry in catalogue.entries() if entry.key in held]


def workbook(title: str, found: Iterable[Line]) -> bytes:
    """These lines as a spreadsheet, a need in a row."""
    listed = list(found)
    came = channels(listed)
    rows = (list(_cells(line, came.get(line.need.id, {}))) for line in listed)
    return tables.to_xlsx(title, HEADERS, rows)


def _is_wanted(line: Line, asked: Mapping[str, str]) -> bool:
    if asked.get("lane") not in {None, line.row.lane}:
        return False
    if asked.get("category") not in {None, line.need.category or NO_CATEGORY}:
        return False
    words = asked.get("q", "").lower()
    return (
        not words
        or line.row.titled(words)
        or words in f"{line.need.place}\n{line.need.leads}".lower()
    )


def channels(found: Collection[Line]) -> dict[str, dict[str, int]]:
    """Suggestions behind each of these needs by the way they came; one statement for all.

    Returns: id of a need → channel → suggestions, in the usual order of channels.
    """
    ids = [line.need.id for line in found]
    asked = db.session.execute(
        select(root_id, Suggestion.channel, func.count(Suggestion.id.distinct()))
        .select_from(Placement)
        .join(Need, Need.id == Placement.need_id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(
            or_(Need.id.in_(ids), Need.merged_into_id.in_(ids)), Suggestion.superseded_at.is_(None)
        )
        .group_by(root_id, Suggestion.channel)
    )
    came: dict[str, dict[str, int]] = {}
    usual: Sequence[str] = list(CHANNELS)
    for need_id, channel, n in sorted(asked, key=lambda row: usual.index(row[1])):
        came.setdefault(need_id, {})[channel] = n
    return came


def _cells(line: Line, came: Mapping[str, int]) -> Iterator[Value]:
    need, behind = line.need, line.row.behind
    yield from (need.title, line.entry.name if line.entry else "")
    yield from (KINDS[NeedKind(need.kind)] if need.kind else "", need.place)
    yield from (behind.households, behind.anonymous, behind.suggestions)
    yield "、".join(f"{CHANNELS[channel]} {n}" for channel, n in came.items())
    yield from (need.leads, need.due_on, LANES[line.row.lane], STATUS[line.status])
    yield from (need.fix_note or need.lane_note, need.fixed_on)
    yield "、".join(merged.title for merged in line.row.merged)
