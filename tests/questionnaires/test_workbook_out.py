"""What goes out as Excel comes in again as the very same questions."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaires import rules, shipped
from surveys.questionnaires.files import relevance, workbook, workbook_out
from surveys.questionnaires.rules import Question
from tests.questionnaires.random_questions import conditions, questionnaires, texts

HEAD = {"title": "改造意愿", "intro": "先听您家的", "keeps": "只记门牌", "seen_by": "社区"}


@settings(max_examples=30)
@given(questionnaires())
def test_any_questionnaire_goes_out_and_comes_in_the_same(questions: tuple[Question, ...]) -> None:
    found = workbook.read(workbook_out.to_xlsx(HEAD, questions))
    assert found.faults == ()
    assert rules.write_questions(found.questions) == rules.write_questions(questions)
    assert found.digest == rules.digest(questions)
    assert found.head == HEAD


@pytest.mark.parametrize(
    "template",
    [template for template in shipped.offered() if template.questions],
    ids=lambda template: template.key,
)
def test_what_ships_goes_out_and_comes_in_the_same(template: shipped.Template) -> None:
    data = workbook_out.to_xlsx({"title": template.title}, template.questions)
    assert workbook.read(data).digest == rules.digest(template.questions)


def test_a_spreadsheet_offers_the_types_and_shows_bounds_as_numbers() -> None:
    question = Question("q1", "number", "几度？", lowest="-5", highest="40")
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.to_xlsx(HEAD, [question])))
    sheet = book["题目"]
    offered = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert "五级量表" in offered["A2:A500"]
    assert offered["E2:E500"] == '"是"'
    bounds = [cell.value for cell in sheet[2] if isinstance(cell.value, int)]
    assert bounds == [-5, 40]


@settings(max_examples=25)
@given(st.data(), questionnaires())
def test_a_condition_is_read_as_it_was_written(
    data: st.DataObject, questions: tuple[Question, ...]
) -> None:
    before = [q for q in questions if not q.off and q.type not in rules.ASIDE]
    condition = data.draw(conditions(before))
    written = relevance.write(condition)
    assert relevance.read(written, relevance.subjects_of(questions)) == condition
    assert relevance.looks_like(written)


@settings(max_examples=20)
@given(texts(30))
def test_what_the_first_screen_says_goes_out_and_comes_in(text: str) -> None:
    head = {"title": text, "intro": text, "keeps": text, "seen_by": text}
    questions = (Question("q1", "short", text),)
    assert workbook.read(workbook_out.to_xlsx(head, questions)).head == head
