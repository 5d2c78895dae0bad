"""Rows of a workbook as parts of a questionnaire: groups apart, tables together. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.cards import HELP, NAME, TITLE
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.files.incoming import a_key, next_free, short
from surveys.questionnaires.files.relevance import Subject
from surveys.questionnaires.files.workbook_choices import is_yes, list_name
from surveys.questionnaires.files.workbook_kinds import Bench, choices_of, make
from surveys.questionnaires.files.workbook_sheets import Row, Said
from surveys.questionnaires.rules import Choice, Question

OPENS = {
    "begin": "end",
    "begin_repeat": "end_repeat",
    "score": "end_score",
    "ranking": "end_ranking",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what it is; of a group with all that stands inside."""

    row: Row
    sort: str
    rest: str
    inside: list["Line"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """A question, the row it stands in, and the rows whose conditions hold for it."""

    question: Question
    row: Row
    above: tuple[Row, ...]


def tree_of(rows: Sequence[Row], said: Said) -> list[Line]:
    """The rows with groups closed around what they hold; what does not close is a fault."""
    top: list[Line] = []
    open_ones: list[Line] = []
    for row in rows:
        line = Line(row, *names.type_called(row["type"]))
        here = open_ones[-1].inside if open_ones else top
        if line.sort in OPENS.values():
            if not open_ones or OPENS[open_ones[-1].sort] != line.sort:
                said.faults.append(row.fault("type", N_("这里收了尾，前面却没有开头。")))
            else:
                open_ones.pop()
            continue
        here.append(line)
        if line.sort in OPENS:
            open_ones.append(line)
    for line in open_ones:
        said.faults.append(line.row.fault("type", N_("这个分组没有收尾（end_group）。")))
    return top


class Walk:
    """Goes over the rows and gathers parts, names, and what was left out."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.parts: list[Part] = []
        self.subjects: dict[str, Subject] = {}
        """rows of a matrix by the names that they had as questions"""
        self.ignored: set[str] = set()
        self._taken: set[str] = set()
        self._first: dict[str, int] = {}

    def over(self, lines: Sequence[Line]) -> None:
        """Take over all rows."""
        self._taken = {line.row["name"] for line in _leaves(lines)}
        self._over(lines, ())

    def _over(self, lines: Sequence[Line], above: tuple[Row, ...]) -> None:
        rest = list(lines)
        while rest:
            line = rest.pop(0)
            table = _table_after(line, rest)
            if table:
                del rest[: len(table)]
                self._matrix(line, table, above)
            elif line.sort in OPENS:
                self._group(line, above)
            else:
                self._row(line, above)

    def _row(self, line: Line, above: tuple[Row, ...]) -> None:
        row, said = line.row, self.bench.said
        if line.sort == "ignored":
            say = N_("“%(type)s”这一行没有收：这里不记这个。")
            said.told.append(row.fault("type", say, type=row["type"][:30]))
            self.ignored.add(row["name"])
        elif not row["type"]:
            said.faults.append(row.fault("type", N_("没写题型。")))
        elif not line.sort or line.sort in {"score_row", "rank_level"}:
            say = N_("没有“%(type)s”这种题型。")
            said.faults.append(row.fault("type", say, type=row["type"][:40]))
        else:
            key = self._key(row)
            question = make(row, line.sort, line.rest, self.bench, key)
            self.parts.append(Part(question, row, (*above, row)))

    def _key(self, row: Row) -> str:
        name, said = row["name"], self.bench.said
        if not name:
            return next_free("q", self._taken, len(self.parts) + 1)
        try:
            a_key(name)
        except Invalid as error:
            said.faults.append(row.wrong("name", error))
        if name in self._first:
            say = N_("编号“%(key)s”和第 %(other)d 行的一样，请改一个。")
            said.faults.append(row.fault("name", say, key=name[:40], other=self._first[name]))
        self._first.setdefault(name, row.number)
        return name

    def _key_of_group(self, row: Row) -> str:
        """A group may be called as a question is: then it gets another name."""
        name = row["name"]
        if name in self._taken or not name:
            return next_free("q", self._taken, len(self.parts) + 1)
        self._taken.add(name)
        return self._key(row)

    def _group(self, line: Line, above: tuple[Row, ...]) -> None:
        row, said = line.row, self.bench.said
        if line.sort == "begin_repeat":
            say = N_("重复填的一组（begin_repeat）收不进来：请删掉，或者改成几道题。")
            said.faults.append(row.fault("type", say))
            return
        if line.sort == "ranking":
            self._ranking(line, above)
            return
        looks = row["appearance"].lower()
        inside = line.inside
        if line.sort == "score" or ("table-list" in looks and _is_table(inside)):
            self._matrix(line, inside, above)
            return
        if row["label"]:
            key = self._key_of_group(row)
            question = Question(key, "section", self._text(row, TITLE), self._hint(row))
            self.parts.append(Part(question, row, (*above, row)))
        self._over(inside, (*above, row))

    def _text(self, row: Row, most: int) -> str:
        try:
            return short(row["label"], most)
        except Invalid as error:
            self.bench.said.faults.append(row.wrong("label", error))
            return ""

    def _hint(self, row: Row) -> str:
        try:
            return short(row["hint"], HELP, may_be_empty=True)
        except Invalid as error:
            self.bench.said.faults.append(row.wrong("hint", error))
            return ""

    def _ranking(self, line: Line, above: tuple[Row, ...]) -> None:
        """Kobo's ranking, which has a row for each place."""
        question = make(line.row, "rank", line.rest, self.bench, self._key_of_group(line.row))
        places = len(line.inside)
        question = replace(question, most=places if places < len(question.choices) else None)
        self.parts.append(Part(question, line.row, (*above, line.row)))

    def _matrix(self, head: Line, lines: Sequence[Line], above: tuple[Row, ...]) -> None:
        """One question out of a table of them: `head` names it, `lines` are its rows."""
        said = self.bench.said
        rows = [self._cell_row(line.row, number) for number, line in enumerate(lines, 1)]
        if not rows:
            said.faults.append(head.row.fault("type", N_("这一组里一行也没有。")))
            return
        source = head if head.sort == "score" else lines[0]
        question = Question(
            self._key_of_group(head.row) if head.sort in OPENS else self._key(head.row),
            "matrix",
            self._text(head.row, TITLE),
            self._hint(head.row),
            required=all(is_yes(line.row, "required", said) for line in lines),
            choices=choices_of(source.row, source.rest, self.bench),
            rows=tuple(rows),
        )
        for line, row in zip(lines, rows, strict=True):
            self.subjects[line.row["name"]] = Subject(question.key, question, row.key)
        self.parts.append(Part(question, head.row, (*above, head.row)))

    def _cell_row(self, row: Row, number: int) -> Choice:
        key = self._key(row) if row["name"] else next_free("r", self._taken, number)
        return Choice(key, self._text(row, NAME))


def _leaves(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if line.sort in OPENS:
            yield from _leaves(line.inside)
        else:
            yield line


def _is_table(lines: Sequence[Line]) -> bool:
    """Whether these are questions of one list that may stand in one table."""
    lists = {list_name(line.row["list"] or line.rest) for line in lines}
    plain = all(line.sort == "single" and not line.row["relevant"] for line in lines)
    return len(lists) == 1 and plain


def _table_after(head: Line, lines: Sequence[Line]) -> list[Line]:
    """The rows that belong to a head with the appearance `label`."""
    if head.sort != "single" or "label" not in head.row["appearance"].lower().split():
        return []
    found = []
    for line in lines:
        if "list-nolabel" not in line.row["appearance"].lower():
            break
        found.append(line)
    return found if _is_table([head, *found]) else []
