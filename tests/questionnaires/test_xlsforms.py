"""Files made for Kobo and ODK come in; what has no place here is told, not lost in silence."""

import io

import openpyxl

from surveys.questionnaires.conditions import (
    All,
    Answered,
    AnyOf,
    Compared,
    Counted,
    Not,
    Picked,
)
from surveys.questionnaires.files import workbook
from surveys.questionnaires.files.incoming import Incoming
from surveys.questionnaires.rules import Choice, Question
from tests.questionnaires.xlsforms import NEEDS, SATISFACTION, SITE, saved


def by_key(found: Incoming) -> dict[str, Question]:
    assert found.faults == ()
    return {question.key: question for question in found.questions}


def test_a_needs_survey_with_groups_and_relevants_comes_in() -> None:
    found = workbook.read(NEEDS)
    questions = by_key(found)
    assert found.head == {"title": "入户需求调查"}
    assert [(q.key, q.type, q.required) for q in found.questions] == [
        ("intro_note", "note", False),
        ("consent", "yesno", True),
        ("household", "section", False),
        ("members", "number", True),
        ("over60", "number", False),
        ("lift", "single", True),
        ("wishes", "section", False),
        ("needs", "several", True),
        ("first", "rank", False),
        ("leak", "long", False),
        ("phone", "short", False),
    ]
    agreed, climbs = Picked("consent", ("yes",)), Not(Picked("lift", ("no",)))
    assert questions["members"].when == agreed
    assert (questions["members"].lowest, questions["members"].highest) == ("1", "20")
    assert questions["over60"].when == All((agreed, Compared("members", ">", "1")))
    assert questions["needs"].when == All((agreed, climbs))
    assert questions["needs"].most == 3
    assert questions["needs"].choices == (
        Choice("roof", "屋顶<b>漏</b>雨"),
        Choice("drain", "下水堵"),
        Choice("light", "楼道黑"),
        Choice("none", "都没有", alone=True),
        Choice("other", "其他", writes=True),
    )
    two, some = Counted("needs", ">=", 2), Not(Picked("needs", ("none",)))
    assert questions["first"].when == All((agreed, climbs, two, some))
    either = AnyOf((Picked("needs", ("roof",)), Picked("needs", ("other",))))
    assert questions["leak"].when == All((agreed, climbs, either))
    assert questions["phone"].when == Answered("leak")


def test_what_a_phone_would_note_by_itself_and_what_has_no_bound_is_told() -> None:
    told = workbook.read(NEEDS).told
    assert [(line.row, line.column) for line in told] == [
        (2, "type"),
        (3, "type"),
        (4, "type"),
        (5, "type"),
        (15, "constraint"),
        (18, "type"),
        (19, "default"),
    ]
    assert str(told[4].params["part"]).startswith("regex")


def test_a_satisfaction_survey_with_tables_and_ranges_comes_in() -> None:
    questions = by_key(workbook.read(SATISFACTION, "回访 2026.xlsx"))
    assert list(questions) == ["seen", "works_table", "people_label", "stars", "again", *TAIL]
    assert questions["seen"].type == "dropdown"
    table = questions["works_table"]
    assert (table.type, table.title, table.required) == ("matrix", "修得怎么样？", True)
    assert table.rows == (Choice("roof", "屋顶"), Choice("road", "路面"), Choice("lamp", "路灯"))
    assert [column.name for column in table.choices] == FIVE
    people = questions["people_label"]
    assert (people.type, people.required) == ("matrix", False)
    assert [row.key for row in people.rows] == ["polite", "tidy"]
    stars = questions["stars"]
    assert (stars.type, [c.key for c in stars.choices]) == ("scale", ["1", "2", "3", "4", "5"])
    again = questions["again"]
    assert (again.type, again.lowest, again.highest, again.decimals) == ("number", "0", "10", 1)
    assert questions["clean"].type == "scale"
    assert questions["why"].when == AnyOf(
        (Picked("works_table", ("1",), "roof"), Picked("stars", ("1", "2")))
    )


TAIL = ["clean", "why"]
FIVE = ["很不满意", "不满意", "一般", "满意", "很满意"]


def test_the_title_of_a_form_without_settings_is_the_files_name() -> None:
    assert workbook.read(SATISFACTION, "C:/forms/回访 2026.xlsx").head == {"title": "回访 2026"}


def test_a_site_form_is_refused_for_the_one_type_that_is_not_taken() -> None:
    found = workbook.read(SITE)
    assert found.questions == ()
    assert [(f.row, f.column, f.params) for f in found.faults] == [
        (6, "type", {"type": "select_one_from_file a.csv"})
    ]


def test_a_site_form_with_labels_in_two_languages_comes_in_in_chinese() -> None:
    book = openpyxl.load_workbook(io.BytesIO(SITE))
    book["survey"].delete_rows(6)
    found = workbook.read(saved(book))
    questions = by_key(found)
    assert found.head == {"title": "Site form"}
    assert questions["on"] == Question("on", "date", "哪天看的？", "", True, lowest="2026-01-01")
    assert questions["wall"] == Question("wall", "photo", "墙的照片", "站远一点", True, most=1)
    length = questions["length"]
    assert (length.type, length.decimals, length.required) == ("number", 3, False)
    assert (length.lowest, length.highest) == ("0.001", "99.999")
    assert questions["side"].choices == (Choice("south", "南面"), Choice("north", "North"))
