"""Elections in the Pabulib format (.pb): participatory budgeting with every single vote.

Three sections, META, PROJECTS and VOTES, each with a line of heads; cells are parted by
semicolons and quoted as in CSV. See https://pabulib.org/format.

Two things are added where the format has no words for a ballot of ours: a column `ranks` beside
an ordinal vote, so that equal and skipped ranks stay, and `way;judge` in META, which says that
points of 1, 0 and -1 are for, abstaining and against.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from itertools import chain
from unicodedata import normalize

from surveys.counting.elections import Election, Unreadable
from surveys.counting.numerals import decimal, whole
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Score
from surveys.counting.ways import Marks, Way

SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost"),
    "VOTES": ("voter_id", "vote"),
}
WAYS = {
    "approval": Way.APPROVE,
    "choose-1": Way.ONE,
    "cumulative": Way.POINTS,
    "scoring": Way.POINTS,
    "ordinal": Way.RANK,
}
SCORES = {Way.POINTS: Score.POINTS, Way.RANK: Score.BORDA}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section; its cells by their heads."""

    line: int
    cells: Mapping[str, str]

    def cell(self, head: str) -> str:
        """What stands under the head; nothing where there is no such column."""
        return self.cells.get(head, "")

    def where(self, head: str) -> str:
        """How a sentence names the cell."""
        return f"Line {self.line}: {head}"

    def whole(self, head: str) -> int:
        """A whole number, 0 or more."""
        found = whole(self.cell(head), self.where(head))
        if found < 0:
            raise Unreadable(f"{self.where(head)} is below zero.")
        return found


def parse(text: str) -> Election:
    """The election that a .pb file tells.

    Raises:
        Unreadable: the file is malformed, or its numbers contradict each other.
    """
    sections = _sections(text)
    meta, projects = _by_key(sections["META"]), sections["PROJECTS"]
    way = _way(meta)
    budget_fen, costs_fen, fen_per_unit = _money(meta, projects)
    items = _items(projects, costs_fen)
    counting = _counting(meta, way, len(items))
    handed = _choices(sections["VOTES"], way, {item.id for item in items})
    _check_number(meta, "num_projects", len(items), "projects")
    _check_number(meta, "num_votes", len(handed), "votes")
    election = Election(
        items=items,
        names={item.id: row.cell("name") for item, row in zip(items, projects, strict=True)},
        way=way,
        choices=tuple((_without_zeros(marks, way), 1) for marks in handed),
        counting=counting,
        stated=_text(meta, "rule"),
        budget_fen=budget_fen,
        fen_per_unit=fen_per_unit,
        currency=_text(meta, "currency"),
        unit_fen=Fraction(fen_per_unit),
        official=_official(items, projects),
        warnings=_warnings(meta),
    )
    _check_columns(election, projects, Counter(chain.from_iterable(handed)))
    return election


# --- lines and sections --------------------------------------------------------------------------


def _sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    head: tuple[str, ...] = ()
    for line, cells in _lines(text):
        if len(cells) == 1 and cells[0].upper() in SECTIONS:
            _begin(found, cells[0].upper(), line)
            head = ()
        elif not found:
            raise Unreadable(f"Line {line}: the file does not begin with META.")
        elif not head:
            head = _head(cells, list(found)[-1], line)
        else:
            list(found.values())[-1].append(_row(cells, head, line))
    missing = [name for name in SECTIONS if name not in found]
    if missing:
        raise Unreadable(f"The file has no section {missing[0]}.")
    return found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of every line that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as fault:
        raise Unreadable(f"Line {line}: the quoting is wrong ({fault}).") from fault


def _begin(found: dict[str, list[Row]], name: str, line: int) -> None:
    if len(found) == len(SECTIONS) or name != SECTIONS[len(found)]:
        raise Unreadable(f"Line {line}: the section {name} does not belong here.")
    found[name] = []


def _head(cells: Sequence[str], section: str, line: int) -> tuple[str, ...]:
    if len(set(cells)) != len(cells):
        raise Unreadable(f"Line {line}: two columns of {section} have the same head.")
    for head in NEEDED[section]:
        if head not in cells:
            raise Unreadable(f"Line {line}: {section} has no column {head}.")
    return tuple(cells)


def _row(cells: Sequence[str], head: Sequence[str], line: int) -> Row:
    if len(cells) != len(head):
        raise Unreadable(f"Line {line} has {len(cells)} cells, but there are {len(head)} columns.")
    return Row(line, dict(zip(head, cells, strict=True)))


# --- META ----------------------------------------------------------------------------------------


def _by_key(rows: Sequence[Row]) -> dict[str, Row]:
    """The lines of META by their keys, each with its value under the key."""
    found: dict[str, Row] = {}
    for row in rows:
        key = row.cell("key")
        if key in found:
            raise Unreadable(f"Line {row.line}: META says {key} twice.")
        found[key] = Row(row.line, {key: row.cell("value")})
    return found


def _needed(meta: Mapping[str, Row], key: str) -> Row:
    if key not in meta:
        raise Unreadable(f"META does not say {key}.")
    return meta[key]


def _text(meta: Mapping[str, Row], key: str) -> str:
    return meta[key].cell(key) if key in meta else ""


def _number(meta: Mapping[str, Row], key: str, otherwise: int) -> int:
    return meta[key].whole(key) if key in meta else otherwise


def _check_number(meta: Mapping[str, Row], key: str, counted: int, what: str) -> None:
    row = _needed(meta, key)
    if row.whole(key) != counted:
        raise Unreadable(f"{row.where(key)} is {row.cell(key)}, but there are {counted} {what}.")


def _way(meta: Mapping[str, Row]) -> Way:
    row = _needed(meta, "vote_type")
    if row.cell("vote_type") not in WAYS:
        raise Unreadable(f"{row.where('vote_type')} {row.cell('vote_type')!r} is not known here.")
    return Way.JUDGE if _text(meta, "way") == Way.JUDGE else WAYS[row.cell("vote_type")]


def _counting(meta: Mapping[str, Row], way: Way, projects: int) -> Counting:
    """Score and least support; the rule itself is what META calls `rule`."""
    for key, usual in (("scoring_fn", "Borda"), ("default_score", "0")):
        if _text(meta, key) not in {"", usual}:
            raise Unreadable(f"{meta[key].where(key)} other than {usual} is not known here.")
    score = SCORES.get(way, Score.VOTES)
    length = _number(meta, "max_length", projects) if score is Score.BORDA else None
    if length == 0:
        raise Unreadable("Nobody may rank anything: there are no projects, or max_length is 0.")
    least = _number(meta, "min_project_score_threshold", 0)
    return Counting(score=score, length=length, least_votes=least)


def _warnings(meta: Mapping[str, Row]) -> tuple[str, ...]:
    if _text(meta, "rule") != "greedy-exclusive":
        return ()
    return ("The file does not say which projects exclude each other; here none do.",)


# --- PROJECTS and VOTES --------------------------------------------------------------------------


def _money(meta: Mapping[str, Row], projects: Sequence[Row]) -> tuple[int, list[int], int]:
    """The budget and the costs in parts so small that all are whole; the parts of a unit."""
    budget = decimal(_needed(meta, "budget").cell("budget"), meta["budget"].where("budget"))
    costs = [decimal(row.cell("cost"), row.where("cost")) for row in projects]
    places = max(amount.places for amount in (budget, *costs))
    return budget.scaled(places), [cost.scaled(places) for cost in costs], 10**places


def _items(projects: Sequence[Row], costs_fen: Sequence[int]) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for row, cost_fen in zip(projects, costs_fen, strict=True):
        item_id = normalize("NFC", row.cell("project_id"))
        if not item_id or "," in item_id or item_id in items:
            raise Unreadable(f"{row.where('project_id')} {item_id!r} is not one of its own.")
        items[item_id] = Item(item_id, cost_fen, "")
    return tuple(items.values())


def _choices(votes: Sequence[Row], way: Way, item_ids: Collection[str]) -> list[dict[str, int]]:
    voters = Counter(row.cell("voter_id") for row in votes)
    for row in votes:
        if voters[row.cell("voter_id")] > 1:
            raise Unreadable(f"{row.where('voter_id')} {row.cell('voter_id')!r} votes twice.")
    return [_marks(row, way, item_ids) for row in votes]


def _marks(row: Row, way: Way, item_ids: Collection[str]) -> dict[str, int]:
    """What one line of VOTES marks, points of 0 included."""
    named = _parts(row, "vote")
    for item_id in named:
        if item_id not in item_ids:
            raise Unreadable(f"{row.where('vote')} names {item_id!r}, which is no project.")
    if len(set(named)) != len(named):
        raise Unreadable(f"{row.where('vote')} names a project twice.")
    if way is Way.ONE and len(named) > 1:
        raise Unreadable(f"{row.where('vote')} names {len(named)} projects; one is allowed.")
    return dict(zip(named, _marks_of(row, way, len(named)), strict=True))


def _marks_of(row: Row, way: Way, named: int) -> Sequence[int]:
    if way in {Way.POINTS, Way.JUDGE}:
        return _numbers(row, "points", named, least=-1 if way is Way.JUDGE else 0)
    if way is Way.RANK and "ranks" in row.cells:
        return _numbers(row, "ranks", named, least=1)
    return range(1, named + 1) if way is Way.RANK else [1] * named


def _numbers(row: Row, head: str, named: int, least: int) -> list[int]:
    numbers = [whole(part, row.where(head)) for part in _parts(row, head)]
    if len(numbers) != named:
        raise Unreadable(f"{row.where(head)} has {len(numbers)} numbers for {named} projects.")
    if min(numbers, default=least) < least:
        raise Unreadable(f"{row.where(head)} has a number below {least}.")
    return numbers


def _parts(row: Row, head: str) -> list[str]:
    text = normalize("NFC", row.cell(head))
    return [part.strip() for part in text.split(",")] if text else []


# --- what the columns say themselves -------------------------------------------------------------


def _official(items: Sequence[Item], projects: Sequence[Row]) -> frozenset[str] | None:
    """The winners as the file has them: 1 under `selected`. Other numbers are special codes."""
    if not projects or "selected" not in projects[0].cells:
        return None
    rows = zip(items, projects, strict=True)
    return frozenset(item.id for item, row in rows if row.whole("selected") == 1)


def _without_zeros(marks: Marks, way: Way) -> Marks:
    """No points are no mark; where each item is judged, 0 abstains."""
    return marks if way is Way.JUDGE else {item: mark for item, mark in marks.items() if mark}


def _check_columns(election: Election, projects: Sequence[Row], votes: Mapping[str, int]) -> None:
    """Compare `votes` and `score` with what the votes add up to.

    Args:
        votes: for each project, how many name it, whatever the points.
    """
    scores = election.scores(election.counting).scores
    in_a_point = 2 if election.counting.score is Score.BORDA else 1
    for item, row in zip(election.items, projects, strict=True):
        if "votes" in row.cells:
            _check_column(row, "votes", Fraction(votes.get(item.id, 0)))
        if "score" in row.cells and election.way is not Way.JUDGE:
            _check_column(row, "score", Fraction(scores[item.id], in_a_point))


def _check_column(row: Row, head: str, counted: Fraction) -> None:
    stated = decimal(row.cell(head), row.where(head))
    if Fraction(stated.digits, 10**stated.places) != counted:
        raise Unreadable(f"{row.where(head)} is {row.cell(head)}, but counted it is {counted}.")
