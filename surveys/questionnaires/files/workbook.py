"""A questionnaire out of a workbook: our own, or one made for ODK or Kobo (XLSForm). Pure.

Groups become heads of sections, and their conditions those of all that stands inside; a table of
equal questions becomes a matrix. All faults are told at once, each with its sheet, row, column.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from surveys.base import books
from surveys.base.tables import Table
from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import rules
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.files.incoming import Fault, Incoming, first_of, short, too_many
from surveys.questionnaires.files.workbook_choices import read_lists
from surveys.questionnaires.files.workbook_conditions import conditioned
from surveys.questionnaires.files.workbook_groups import Walk, tree_of
from surveys.questionnaires.files.workbook_kinds import Bench
from surveys.questionnaires.files.workbook_sheets import Row, Said, is_survey, rows_of
from surveys.questionnaires.rules import ASIDE
from surveys.questionnaires.service import LONGEST

MOST_COLUMNS = 60


def read(data: bytes, file_name: str = "") -> Incoming:
    """The questionnaire that a workbook says.

    Args:
        file_name: gives the title where the workbook has none.

    Raises:
        Invalid: it is no such workbook: the whole file is refused.
    """
    sheets = _sheets(books.read(data, MOST_COLUMNS))
    said = Said()
    head = _settings(sheets, said)
    language = head["language"] if head else ""
    lists = {}
    if "choices" in sheets:
        lists = read_lists(rows_of("choices", sheets["choices"], language, said), said)
    rows = rows_of("survey", sheets["survey"], language, said)
    if not rows and not said.faults:
        raise Invalid(N_("表头下面一道题也没有。"))
    walk = Walk(Bench(lists, said))
    walk.over(tree_of(rows, said))
    questions = conditioned(walk, said)
    if not said.faults and all(question.type in ASIDE for question in questions):
        said.faults.append(Fault(sheets["survey"].name, 0, "", N_("一道要答的题也没有。")))
    said.faults += too_many(questions, sheets["survey"].name)
    words = _head(head, file_name, said)
    faults, told = first_of(said.faults), first_of(said.told)
    return Incoming(words, () if faults else questions, faults, told)


def _sheets(found: Sequence[Table]) -> dict[str, Table]:
    sheets: dict[str, Table] = {}
    for table in found:
        which = names.sheet_called(table.name)
        if which and table.rows:
            sheets.setdefault(which, table)
    if "survey" not in sheets:
        survey = next((table for table in found if is_survey(table)), None)
        if survey is None:
            raise Invalid(N_("没找到写题目的那张表。请把它叫“题目”（survey），先下载样表看看。"))
        sheets["survey"] = survey
    return sheets


def _settings(sheets: Mapping[str, Table], said: Said) -> Row | None:
    if "settings" not in sheets:
        return None
    return next(iter(rows_of("settings", sheets["settings"], "", said)), None)


def _head(row: Row | None, file_name: str, said: Said) -> dict[str, str]:
    found = {"title": rules.clean(PurePath(file_name).stem)[: LONGEST["title"]]}
    for name, most in LONGEST.items():
        if row is None or not row[name]:
            continue
        try:
            found[name] = short(row[name], most, may_be_empty=True)
        except Invalid as error:
            said.faults.append(row.wrong(name, error))
    return found
