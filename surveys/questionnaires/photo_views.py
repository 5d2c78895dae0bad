"""Photos given as answers: sent with a question, shown to whoever may see them."""

from io import BytesIO

from flask import Response, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import say
from surveys.base.words import N_
from surveys.courtyards import device
from surveys.errors import Invalid, NotFound
from surveys.questionnaires import copies, photos, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.desk_views import PAGES
from surveys.questionnaires.forms import PREFIX, Faults, typed_for
from surveys.questionnaires.kinds import as_typed
from surveys.questionnaires.models import AnswerPhoto, Questionnaire
from surveys.questionnaires.rules import Question, Value
from surveys.questionnaires.service import Asked
from surveys.web import config_of

ON_A_PAGE = 24


def with_photos(
    asked: Asked, sender: Sender, question: Question, typed: list[str]
) -> tuple[list[str], Invalid | None]:
    """The ids of a question's photos, with those that came just now; and what is wrong with one
    of these. The others are held all the same."""
    name = f"{PREFIX}{question.key}:file"
    sent = [file for file in request.files.getlist(name) if file.filename]
    if question.type != "photo" or not sent:
        return typed, None
    most, made, fault = question.most or 1, [], None
    room = max(0, most - len(typed))
    if len(sent) > room:
        fault = Invalid(N_("最多放 %(most)d 张照片，多出来的没有收。"), most=most)
    for file in sent[:room]:
        try:
            made.append(photos.made_anew(file.read(), file.filename or ""))
        except Invalid as one:
            fault = one
    held = photos.hold(asked, sender.device, question.key, made, beside=typed, at=g.at)
    return list(dict.fromkeys([*typed, *held])), fault


def photos_of_page(asked: Asked, sender: Sender, given: dict[str, Value], faults: Faults) -> None:
    """Put the photos of a page, with those that came just now, among its answers and faults."""
    for question in asked.questions:
        if question.type == "photo":
            typed = typed_for(question, request.form)
            ids, fault = with_photos(asked, sender, question, typed)
            given[question.key] = as_typed(question, ids)
            if fault:
                faults[question.key] = say(fault)


@PAGES.get("/q/<questionnaire_id>/photo/<answer_photo_id>")
def photo(questionnaire_id: str, answer_photo_id: str) -> Response:
    """A photo that this phone has sent, small."""
    courtyard = service.find(questionnaire_id).courtyard
    holder = device.current().draft_key(courtyard.id)
    return _jpeg(photos.preview(photos.held(answer_photo_id, holder)))


@PAGES.get("/a/<code>/photo/<answer_photo_id>")
def photo_of_copy(code: str, answer_photo_id: str) -> Response:
    """A photo of one's own answer, by the code that came with the thanks."""
    given = copies.by_code(code, config_of().secret).given
    if not any(answer_photo_id in value for value in given.values()):
        raise NotFound
    return _jpeg(photos.one(answer_photo_id).jpeg)


@PAGES.get("/desk/answer-photo/<answer_photo_id>")
def photo_of_answer(answer_photo_id: str) -> Response:
    """A photo of somebody's answer, as it is kept, or small."""
    kept = access.fetch(AnswerPhoto, answer_photo_id, May.KEY_IN)
    return _jpeg(photos.preview(kept) if "small" in request.args else kept.jpeg)


@PAGES.get("/desk/questionnaire/<questionnaire_id>/photos")
def photos_of_answers(questionnaire_id: str) -> Response:
    """All photos of the answers that count, for who handles the answers."""
    access.fetch(Questionnaire, questionnaire_id, May.KEY_IN)
    asked = service.find(questionnaire_id)
    page = hx.page_asked()
    found, number = photos.of_answers(asked, most=ON_A_PAGE, page=page)
    return hx.render(
        "questionnaires/photos.html",
        asked=asked,
        courtyard=asked.courtyard,
        zone=asked.courtyard.zone,
        photos=found,
        number=number,
        page=page,
        pages=-(-number // ON_A_PAGE),
        titles={question.key: question.title for question in asked.every_question},
    )


def _jpeg(data: bytes) -> Response:
    response = send_file(BytesIO(data), "image/jpeg", etag=False)
    response.headers["Cache-Control"] = "no-store"  # the next family has the same phone
    return response
