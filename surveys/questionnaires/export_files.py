"""Answers as files: a CSV at once, a workbook as long work."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from surveys.base import audit, jobs
from surveys.base.big_tables import Book, csv_pieces
from surveys.base.db import db
from surveys.base.jobs import Job, Progress
from surveys.base.tables import Value
from surveys.base.words import N_
from surveys.questionnaires import exporting, service
from surveys.questionnaires.exporting import Column, Write
from surveys.questionnaires.service import Asked

WORKBOOK = "questionnaire.workbook"
CODEBOOK = (N_("列"), N_("题目"), N_("题型"), N_("编码"), N_("意思"))
EXPORTED = "questionnaire.export"
DOORS = "doors"
"""asked for with a value: the rooms too"""

audit.words({EXPORTED: N_("导出了“%(title)s”的答卷")})


def csv(asked: Asked, write: Write, *, with_doors: bool) -> Iterator[bytes]:
    """Every answer that counts, in words, piece by piece."""
    columns = exporting.in_words(asked, write, with_doors=with_doors)
    rows = (exporting.row(columns, sent) for sent in exporting.answers(asked))
    return csv_pieces(exporting.heads(columns), rows)


def note(asked: Asked, *, by: str, at: datetime, with_doors: bool) -> None:
    """Keep who took answers out of the house, and whether with their doors."""
    service._note(EXPORTED, asked.questionnaire, by, at, with_doors=with_doors)
    db.session.commit()


def ask_for_workbook(
    asked: Asked, language: str, *, name: str, with_doors: bool, by: str, at: datetime
) -> Job:
    """Ask for the answers as a workbook; the same, asked twice at once, is one."""
    service._note(EXPORTED, asked.questionnaire, by, at, with_doors=with_doors)
    return jobs.ask(
        WORKBOOK,
        asked.id,
        {"language": language, **({DOORS: "1"} if with_doors else {})},
        name=name,
        courtyard_id=asked.courtyard.id,
        by=by,
        at=at,
    )


def write_workbook(job: Job, file: Path, progress: Progress, write: Write) -> None:
    """Write the sheets: answers in words, answers in codes, what the codes mean."""
    asked = service.find(job.subject_id)
    with_doors = DOORS in job.asks
    total = 2 * exporting.number_of(asked)
    sheets = (
        (N_("答卷"), exporting.in_words(asked, write, with_doors=with_doors)),
        (N_("编码"), exporting.in_codes(asked, write, with_doors=with_doors)),
    )
    with Book(file) as book:
        for n, (title, columns) in enumerate(sheets):
            rows = _rows(asked, columns, progress, n * total // 2, total)
            book.sheet(write(title), exporting.heads(columns), rows)
        book.sheet(
            write(N_("编码说明")), list(map(write, CODEBOOK)), exporting.codebook(asked, write)
        )


def _rows(
    asked: Asked, columns: list[Column], progress: Progress, done: int, total: int
) -> Iterator[list[Value]]:
    for n, sent in enumerate(exporting.answers(asked), done + 1):
        progress.tell(n, max(total, n + 1))
        yield exporting.row(columns, sent)
