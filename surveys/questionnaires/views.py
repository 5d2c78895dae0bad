"""The pages on which residents answer: one question a screen, or all on one page."""

from collections.abc import Collection

from flask import Response, g, request, url_for

from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.words import N_
from surveys.courtyards import device
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import (
    answering,
    copies,
    figures,
    forms,
    kinds,
    logic,
    rules,
    said,
    service,
    walk,
)
from surveys.questionnaires.answering import NotOpen, Sender
from surveys.questionnaires.desk_views import PAGES
from surveys.questionnaires.models import Response as Answers
from surveys.questionnaires.photo_views import photos_of_page, with_photos
from surveys.questionnaires.rules import Value
from surveys.questionnaires.service import Asked
from surveys.web import MOST_FILES, config_of, reads_first, takes_files


@PAGES.get("/q/<questionnaire_id>")
def first(questionnaire_id: str) -> Response:
    """What is asked and why, what is kept, who sees it, until when; and the way in."""
    asked = service.find(questionnaire_id)
    if not _takes(asked):
        return _shut(asked)
    standing = answering.standing(asked, _sender(asked))
    way = walk.walk(asked.parts, standing.given)
    return _page(
        "first",
        asked,
        standing=standing,
        is_older=standing.is_older(asked.version),
        start=way.go_to(0, "next"),
        resume=walk.resume_at(asked.questions, way, standing.given),
        ahead=logic.ahead(asked.parts, {}, 0),
        minutes=kinds.minutes(asked.questions),
        copy=_copy_address(standing.sent) if standing.is_own else None,
    )


@PAGES.get("/q/<questionnaire_id>/<int:number>")
def one(questionnaire_id: str, number: int) -> Response:
    """One question; the next that is shown where this one is not."""
    asked = service.find(questionnaire_id)
    if not _takes(asked):
        return _shut(asked)
    if not 1 <= number <= len(asked.questions):
        return hx.see_other(url_for("questionnaires.look", questionnaire_id=asked.id))
    standing = answering.standing(asked, _sender(asked))
    way = walk.walk(asked.parts, standing.given)
    if number not in way.numbers:
        return hx.see_other(_step_address(asked, way.go_to(number, "next")))
    return _one(asked, number, standing, way=way)


@PAGES.post("/q/<questionnaire_id>/<int:number>")
@takes_files(MOST_FILES)
@reads_first
def keep(questionnaire_id: str, number: int) -> Response:
    """Keep the answer to one question, and go where the button leads."""
    asked = service.find(questionnaire_id)
    if not 1 <= number <= len(asked.questions):
        return hx.see_other(url_for("questionnaires.first", questionnaire_id=asked.id))
    question = asked.questions[number - 1]
    go = forms.pressed(request.form)
    typed = [] if go == "skip" else forms.typed_for(question, request.form)
    sender, lost = _sender(asked), None
    try:
        if question.type == "photo" and _takes(asked):
            typed, lost = with_photos(asked, sender, question, typed)
        value = kinds.read_answer(question, typed)
        if question.required and not value and go not in {"back", "here"}:
            raise Invalid(N_("这一题要答了，才能往下走。"))
        given = answering.save(asked, sender, question, value, at=g.at, secret=config_of().secret)
        if lost:
            raise lost
    except NotOpen:
        return _shut(asked, {question.key: kinds.as_typed(question, typed)})
    except Invalid as fault:
        standing = answering.standing(asked, sender)
        return _one(asked, number, standing, kinds.as_typed(question, typed), fault)
    way = walk.walk(asked.parts, given)
    return hx.see_other(_step_address(asked, way.go_to(number, go)))


@PAGES.get("/q/<questionnaire_id>/look")
def look(questionnaire_id: str) -> Response:
    """All answers for a look back, and the button that sends them."""
    asked = service.find(questionnaire_id)
    if not _takes(asked):
        return _shut(asked)
    standing = answering.standing(asked, _sender(asked))
    if standing.draft is None and standing.is_own:
        return hx.see_other(url_for("questionnaires.thanks", questionnaire_id=asked.id))
    return _look(asked, standing)


@PAGES.post("/q/<questionnaire_id>/look")
@reads_first
def send(questionnaire_id: str) -> Response:
    """Send what this phone holds."""
    asked = service.find(questionnaire_id)
    sender = _sender(asked)
    try:
        answering.send_draft(asked, sender, request.form.get("submission", ""), at=g.at)
    except NotOpen:
        return _shut(asked)
    except (Invalid, Refused) as fault:
        standing = answering.standing(asked, sender)
        if standing.draft is not None or not standing.is_own:
            return _look(asked, standing, fault)
    return hx.see_other(url_for("questionnaires.thanks", questionnaire_id=asked.id))


@PAGES.get("/q/<questionnaire_id>/all")
def everything(questionnaire_id: str) -> Response:
    """All questions on one page, for who prefers it."""
    asked = service.find(questionnaire_id)
    if not _takes(asked):
        return _shut(asked)
    standing = answering.standing(asked, _sender(asked))
    return _everything(asked, standing.given, answering.new_submission())


@PAGES.post("/q/<questionnaire_id>/all")
@takes_files(MOST_FILES)
@reads_first
def send_everything(questionnaire_id: str) -> Response:
    """Send all answers of one page."""
    asked = service.find(questionnaire_id)
    sender, submission = _sender(asked), request.form.get("submission", "")
    given, faults = forms.read_page(asked.questions, request.form)
    if asked.takes_photos and _takes(asked):
        photos_of_page(asked, sender, given, faults)
    shown = {question.key for question in rules.shown(asked.parts, given)}
    faults = {key: words for key, words in faults.items() if key in shown}
    if forms.pressed(request.form) == "here" and _takes(asked):
        return _everything(asked, given, submission, shown=shown)
    try:
        if not faults:
            answering.send(asked, sender, given, submission, at=g.at, secret=config_of().secret)
            return hx.see_other(url_for("questionnaires.thanks", questionnaire_id=asked.id))
    except NotOpen:
        return _shut(asked, given)
    except Invalid as fault:
        faults = {question.key: _("这一题要答。") for question in rules.missing(asked.parts, given)}
        faults = faults or {q.key: say(fault) for q in asked.questions if q.type == "photo"}
    if not _takes(asked):
        return _shut(asked, given)
    return _everything(asked, given, submission, faults)


@PAGES.get("/q/<questionnaire_id>/thanks")
def thanks(questionnaire_id: str) -> Response:
    """Received: the number, and the way to one's own copy."""
    asked = service.find(questionnaire_id)
    standing = answering.standing(asked, _sender(asked))
    if standing.sent is None or not standing.is_own:
        return hx.see_other(url_for("questionnaires.first", questionnaire_id=asked.id))
    return _page(
        "thanks",
        asked,
        response=standing.sent,
        copy=_copy_address(standing.sent),
        said=said.in_response(standing.sent, asked.every_question),
        is_open=asked.state(g.at) == "open",
    )


@PAGES.get("/A/<code>")
@PAGES.get("/a/<code>")
def copy(code: str) -> Response:
    """One's own answers, read again by the code that came with the thanks."""
    found = copies.by_code(code, config_of().secret)
    return _page(
        "copy",
        found.asked,
        response=found.response,
        given=found.given,
        questions=found.asked.questions,
        shown={question.key for question in rules.shown(found.asked.parts, found.given)},
        is_older=found.is_older,
        said=said.in_response(found.response, found.asked.every_question),
    )


@PAGES.get("/q/<questionnaire_id>/figures")
def result(questionnaire_id: str) -> Response:
    """What everybody said, after the close, with small numbers hidden."""
    asked = service.find(questionnaire_id)
    if asked.state(g.at) != "closed":
        return _shut(asked, status=409, waits_for_close=True)
    shown = figures.for_everybody(figures.exact(asked))
    return _page("figures", asked, figures=shown)


def _takes(asked: Asked) -> bool:
    """Whether it takes answers from this phone now."""
    knows = device.current().household_in(asked.courtyard.id) is not None
    return asked.state(g.at) == "open" and rules.admits(asked.questionnaire.identity, knows)


def _sender(asked: Asked) -> Sender:
    phone = device.current()
    household = phone.household_in(asked.courtyard.id)
    held = household.id if household else None
    tag = device.tag_of(asked.id)
    return Sender(phone.draft_key(asked.courtyard.id), held, phone.is_new, tag)


def _home(asked: Asked) -> str | None:
    """The stairwell of whom this phone speaks for, as an answer."""
    household = device.current().household_in(asked.courtyard.id)
    return rules.place_key(household.building, household.stairwell) if household else None


def _page(
    template: str, asked: Asked, status: int = 200, part: str | None = None, **more: object
) -> Response:
    """A resident page of a questionnaire, with what every one of them shows of where it is."""
    return hx.render(
        f"questionnaires/{template}.html",
        part,
        status=status,
        asked=asked,
        courtyard=asked.courtyard,
        help_phone=asked.courtyard.phone,
        household=device.current().household_in(asked.courtyard.id),
        hand=device.current().hand,
        kinds=kinds.KINDS,
        zone=asked.courtyard.zone,
        channels=rules.CHANNELS,
        **more,
    )


def _copy_address(response: Answers | None) -> str | None:
    if response is None:
        return None
    code = answering.copy_code(config_of().secret, response.id)
    return url_for("questionnaires.copy", code=code)


def _step_address(asked: Asked, number: int) -> str:
    if number > len(asked.questions):
        return url_for("questionnaires.look", questionnaire_id=asked.id)
    if number < 1:
        return url_for("questionnaires.first", questionnaire_id=asked.id)
    return url_for("questionnaires.one", questionnaire_id=asked.id, number=number)


def _one(
    asked: Asked,
    number: int,
    standing: answering.Standing,
    typed: Value | None = None,
    fault: SurveysError | None = None,
    way: walk.Walk | None = None,
) -> Response:
    question = asked.questions[number - 1]
    value = standing.given.get(question.key, ()) if typed is None else typed
    if fault and not _takes(asked):  # nobody is asked to mend what would not be taken
        return _shut(asked, {question.key: value})
    return _page(
        "one",
        asked,
        status=fault.status if fault else 200,
        part=kinds.KINDS["photo"].part if question.type == "photo" else None,
        level=1,
        name=forms.PREFIX + question.key,
        number=number,
        question=question,
        value=value,
        home=_home(asked),
        way=way or walk.walk(asked.parts, standing.given),
        ahead=logic.ahead(asked.parts, standing.given, number),
        is_older=standing.is_older(asked.version),
        saved=standing.draft is not None and not fault,
        fault=say(fault) if fault else None,
    )


def _look(
    asked: Asked, standing: answering.Standing, fault: SurveysError | None = None
) -> Response:
    return _page(
        "look",
        asked,
        status=fault.status if fault else 200,
        standing=standing,
        way=walk.walk(asked.parts, standing.given),
        is_older=standing.is_older(asked.version),
        missing=rules.missing(asked.parts, standing.given),
        fault=say(fault) if fault else None,
    )


def _everything(
    asked: Asked,
    given: rules.Given,
    submission: str,
    faults: forms.Faults | None = None,
    shown: Collection[str] = (),
) -> Response:
    return _page(
        "all",
        asked,
        part="questionnaires/_passed.html",
        shown=shown,
        status=422 if faults else 200,
        given=given,
        submission=submission,
        faults=faults or {},
        home=_home(asked),
        preview=False,
    )


def _shut(
    asked: Asked,
    typed: rules.Given | None = None,
    *,
    status: int | None = None,
    waits_for_close: bool = False,
) -> Response:
    """It takes no answers now, or none from this phone. What was typed, or lies in the draft, is
    shown to be copied."""
    standing = answering.standing(asked, _sender(asked))
    unsent = standing.given if standing.draft else {}
    knocks = asked.state(g.at) == "open" and not waits_for_close
    if knocks:
        device.bound_for(asked.courtyard.id, url_for(".first", questionnaire_id=asked.id))
    return _page(
        "knock" if knocks else "shut",
        asked,
        status=status or (409 if request.method == "POST" else 200),
        state=asked.state(g.at),
        standing=standing,
        given={key: value for key, value in {**unsent, **(typed or {})}.items() if value},
        refused=request.method == "POST",
        waits_for_close=waits_for_close,
        copy=_copy_address(standing.sent) if standing.is_own else None,
    )
