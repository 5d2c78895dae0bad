"""Workbooks as users of Kobo and ODK make them, by openpyxl; and a shorthand to make others."""

import io
from collections.abc import Sequence

import openpyxl

Rows = Sequence[Sequence[object]]


def workbook_of(survey: Rows, choices: Rows = (), settings: Rows = (), **named: Rows) -> bytes:
    """A workbook of these sheets; those without rows are left out."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheets = {"survey": survey, "choices": choices, "settings": settings, **named}
    for name, rows in sheets.items():
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


NONE = None
NEEDS = workbook_of(
    [
        [
            "type",
            "name",
            "label",
            "hint",
            "required",
            "relevant",
            "constraint",
            "appearance",
            "default",
            "calculation",
        ],
        ["start", "start"],
        ["end", "end"],
        ["today", "today"],
        ["deviceid", "deviceid"],
        ["note", "intro_note", "谢谢您家抽空。"],
        ["acknowledge", "consent", "愿意往下答吗？", NONE, "yes"],
        ["begin_group", "household", "您家", NONE, NONE, "${consent} = 'OK'"],
        ["integer", "members", "家里几口人？", NONE, "TRUE", NONE, ". >= 1 and . <= 20"],
        ["integer", "over60", "六十岁以上的几位？", NONE, NONE, "${members} > 1", ". >= 0"],
        ["select_one yes_no", "lift", "爬楼有难处吗？", NONE, "yes", "${over60} > 0"],
        ["begin group", "wishes", "想办的事", NONE, NONE, "not(${lift} = 'no')"],
        [
            "select_multiple needs or_other",
            "needs",
            "哪几样最烦心？",
            "最多三样",
            "true",
            NONE,
            "count-selected(.) <= 3 and not(selected(., 'none') and count-selected(.) > 1)",
        ],
        [
            "rank needs",
            "first",
            "先办哪样？",
            NONE,
            NONE,
            "count-selected(${needs}) >= 2 and not(selected(${needs}, 'none'))",
        ],
        [
            "text",
            "leak",
            "哪里漏？",
            NONE,
            NONE,
            "selected(${needs}, 'roof') or selected(${needs}, 'other')",
            "regex(., '^.{2,}$')",
            "multiline",
        ],
        ["end group"],
        ["end_group"],
        ["calculate", "score", NONE, NONE, NONE, NONE, NONE, NONE, NONE, "${members} * 2"],
        ["text", "phone", "电话", NONE, NONE, "${leak} != ''", NONE, NONE, "0371"],
    ],
    [
        ["list_name", "name", "label"],
        ["yes_no", "yes", "有"],
        ["yes_no", "no", "没有"],
        [],
        ["needs", "roof", "屋顶<b>漏</b>雨"],
        ["needs", "drain", "下水堵"],
        ["needs", "light", "楼道黑"],
        ["needs", "none", "都没有"],
    ],
    [["form_title", "form_id", "version"], ["入户需求调查", "needs_2026", 3]],
)
"""a household needs survey: groups in groups, or_other, relevants, what a phone notes by itself"""

SATISFACTION = workbook_of(
    [
        ["type", "name", "label", "required", "appearance", "parameters", "constraint", "relevant"],
        ["select_one works", "seen", "看过哪一处？", "yes", "minimal"],
        ["begin_group", "works_table", "修得怎么样？", NONE, "table-list", NONE, NONE, NONE],
        ["select_one five", "roof", "屋顶", "yes"],
        ["select_one five", "road", "路面", "yes"],
        ["select_one five", "lamp", "路灯", "yes"],
        ["end_group"],
        ["select_one five", "people_label", "干活的人怎么样？", NONE, "label"],
        ["select_one five", "polite", "客气", NONE, "list-nolabel"],
        ["select_one five", "tidy", "收拾得干净", NONE, "list-nolabel"],
        ["range", "stars", "总的给几分？", "yes", NONE, "start=1 end=5 step=1"],
        ["range", "again", "再来一回，您出多少力？", NONE, NONE, "start=0 end=10 step=0.5"],
        ["select_one five", "clean", "卫生怎么样？", NONE, "likert"],
        ["text", "why", "哪里不满意？", NONE, NONE, NONE, NONE, "${roof} = '1' or ${stars} <= 2"],
    ],
    [
        ["list name", "name", "label"],
        ["five", 1, "很不满意"],
        ["five", 2, "不满意"],
        ["five", 3, "一般"],
        ["five", 4, "满意"],
        ["five", 5, "很满意"],
        ["works", "roof", "屋顶"],
        ["works", "road", "路面"],
    ],
)
"""a satisfaction survey: two tables, a range that is a scale and one that is none"""

SITE = workbook_of(
    [
        [
            "type",
            "name",
            "label::English (en)",
            "label::Chinese (zh)",
            "hint::Chinese (zh)",
            "required",
            "constraint",
            "kobo--note",
            "media::image::English (en)",
        ],
        ["date", "on", "Day of the visit", "哪天看的？", NONE, "yes", ". >= date('2026-01-01')"],
        ["image", "wall", "Photo of the wall", "墙的照片", "站远一点", "1"],
        ["decimal", "length", "Length", "裂缝多长（米）？", NONE, "no", ". > 0 and . < 100"],
        ["select_one side", "side", "Which side", "哪一面？", NONE, "false()"],
        ["select_one_from_file a.csv", "x", "From a file", "文件里的"],
    ],
    [
        ["list_name", "name", "label::English (en)", "label::Chinese (zh)"],
        ["side", "south", "South", "南面"],
        ["side", "north", "North", NONE],
    ],
    [["form_title", "default_language"], ["Site form", "English (en)"]],
)
"""a site form: photo, day, decimal, labels in two languages, and one type that nobody takes"""
