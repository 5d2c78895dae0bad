"""The desk's editor of questions, its preview, and the versions that were asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import (
    cards,
    edit_forms,
    forms,
    kinds,
    received,
    rules,
    service,
    versions,
)
from surveys.questionnaires.cards import Card
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.differences import differences
from surveys.questionnaires.editing import HEAD, NEW, Edit, Edited
from surveys.questionnaires.logic import fits as logic_fits
from surveys.questionnaires.service import Asked
from surveys.web import framed, frames

GROUPS = (
    ("single", "several", "dropdown", "yesno", "scale", "rank", "matrix"),
    ("short", "long", "number", "date"),
    ("place", "photo", "note", "section"),
)
"""the kinds of question as they are offered: to pick, to type, and the rest"""


@PAGES.get("/desk/questionnaire/<questionnaire_id>/edit")
@frames
def edit(questionnaire_id: str) -> Response:
    """All questions, with the card of one open."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    place = request.args.get("open", "")
    return _editor(asked, Edited((), place, *(request.args.get(n, "") for n in ("type", "after"))))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/edit")
@frames
def save(questionnaire_id: str) -> Response:
    """Save what was typed on the card, and do what the button says."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    typed = edit_forms.typed_edit(request.form)
    try:
        done = versions.save(asked, typed, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _again(asked, typed, fault)
    if typed.act == "done":
        return hx.leave_for(_address("desk", asked))
    if typed.act == "preview":
        return hx.leave_for(_address("screen", asked, at=done.place or None, alone=1))
    if typed.act in {"", "save"}:
        flash(_("存好了。"), "here")
    return hx.see_other(_place(asked, typed, done))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/publish")
@frames
def publish(questionnaire_id: str) -> Response:
    """Save what was typed, and ask everybody this from now on."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    typed = edit_forms.typed_edit(request.form)
    try:
        number = versions.publish(asked, typed, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _again(asked, typed, fault)
    flash(_("第 %(n)d 版发出了。从现在起，居民答的是这一版。", n=number))
    return hx.leave_for(_address("desk", asked))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/discard")
@frames
def discard(questionnaire_id: str) -> Response:
    """Give up what was changed and not put out."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    typed = edit_forms.typed_edit(request.form)
    try:
        versions.discard(asked, typed.seen, by=access.me(), at=g.at)
    except Refused as fault:
        return _again(asked, typed, fault)
    flash(_("没发出的改动不要了，题目还是原来的。"))
    return hx.leave_for(_address("desk", asked))


@PAGES.get("/desk/questionnaire/<questionnaire_id>/versions")
def past(questionnaire_id: str) -> Response:
    """The versions that were asked, what changed between them, and how many answered each."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    return hx.render(
        "questionnaires/versions.html",
        asked=asked,
        courtyard=asked.courtyard,
        zone=asked.courtyard.zone,
        history=versions.history(asked),
        kinds=kinds.KINDS,
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/preview")
def preview(questionnaire_id: str) -> Response:
    """What residents will see; nothing can be sent from here."""
    asked = versions.working(fetch_asked(questionnaire_id, May.LOOK))
    return hx.render(
        "questionnaires/all.html",
        asked=asked,
        courtyard=asked.courtyard,
        help_phone=asked.courtyard.phone,
        zone=asked.courtyard.zone,
        kinds=kinds.KINDS,
        minutes=kinds.minutes(asked.questions),
        given={},
        faults={},
        submission="",
        preview=True,
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/screen")
@framed
def screen(questionnaire_id: str) -> Response:
    """One question as a phone shows it, to be tried out; what is answered is kept nowhere."""
    asked = versions.working(fetch_asked(questionnaire_id, May.LOOK))
    given, faults = forms.read_page(asked.questions, request.args)
    here, at = request.args.get("at", ""), ""
    if not (request.args.get("go") == "next" and here in faults):
        at = _next_screen(asked, given, here, request.args.get("go", ""))
    question = _question_at(asked, at or here)
    return hx.render(
        "questionnaires/screen.html",
        asked=asked,
        courtyard=asked.courtyard,
        question=question,
        fault=faults.get(here) if not at else None,
        number=asked.questions.index(question) + 1 if question else 0,
        leads=rules.leads(asked.parts).get(question.key if question else "", ()),
        given=given,
        value=given.get(question.key, ()) if question else (),
        when=cards.conditions(asked.every_question),
        kinds=kinds.KINDS,
        is_end=at == _END,
        alone=request.args.get("alone"),
    )


_END = "end"


def _next_screen(asked: Asked, given: rules.Given, here: str, go: str) -> str:
    """The key of the question to show, `_END` after the last."""
    shown = [q for q in rules.shown(asked.parts, given) if q.type not in rules.ASIDE]
    keys = [question.key for question in asked.questions]
    if go not in {"next", "back"} or here not in keys:
        return _leads_to(asked, here)
    number = keys.index(here)
    after = [q.key for q in shown if keys.index(q.key) > number]
    before = [q.key for q in shown if keys.index(q.key) < number]
    return (after[0] if after else _END) if go == "next" else (before[-1] if before else here)


def _leads_to(asked: Asked, key: str) -> str:
    """The question of this key; for a note the one that it stands before; else the first."""
    parts = [part.key for part in asked.parts]
    rest = asked.parts[parts.index(key) :] if key in parts else asked.parts
    return next((part.key for part in rest if part.type not in rules.ASIDE), "")


def _question_at(asked: Asked, key: str) -> rules.Question | None:
    return next((question for question in asked.questions if question.key == key), None)


def _again(asked: Asked, typed: Edit, fault: SurveysError) -> Response:
    """The editor with everything that was typed, and what is wrong beside its field."""
    found: Mapping[str, Invalid] = getattr(fault, "faults", {})
    return _editor(
        asked,
        Edited((), typed.place, typed.card.type if typed.card else "", typed.after),
        card=typed.card,
        head=typed.head,
        fault=fault,
        faults={name: say(one) for name, one in found.items()},
    )


def _editor(
    asked: Asked,
    at: Edited,
    *,
    card: Card | None = None,
    head: Mapping[str, str] | None = None,
    fault: SurveysError | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    held = versions.working(asked)
    questions = held.every_question
    shown = [question for question in questions if not question.off]
    when = cards.conditions(questions)
    one = next((question for question in shown if question.key == at.place), None)
    place = at.place if one or at.place == HEAD else NEW if at.type in kinds.KINDS else ""
    if one is None and place == NEW:
        one = cards.blank(NEW, at.type)
    return hx.render(
        "questionnaires/edit.html",
        "questionnaires/_edit.html",
        status=fault.status if fault else 200,
        asked=held,
        live=asked,
        courtyard=asked.courtyard,
        state=asked.state(g.at),
        received=received.count(asked.id),
        changes=differences(asked.every_question, questions),
        questions=shown,
        removed=[question for question in questions if question.off],
        numbers=logic_fits.numbers(questions),
        when=when,
        place=place,
        one=one,
        card=card or (cards.card_of(one, when.get(one.key, "")) if one else None),
        after=at.after,
        example=cards.example(questions, _before(questions, place, at.after)),
        gone=next((q for q in questions if q.off and q.key == request.args.get("gone")), None),
        begins="begin" in request.args,
        head=head or {},
        longest=service.LONGEST,
        kinds=kinds.KINDS,
        groups=GROUPS,
        fields=cards.FIELDS.get(card.type if card else one.type if one else "", frozenset()),
        fixed=cards.FIXED,
        alike=_alike(asked, one) if one else [],
        aside=rules.ASIDE,
        fault=say(fault) if fault else None,
        faults=faults or {},
    )


def _before(questions: Sequence[rules.Question], place: str, after: str) -> str:
    """The question before which the open card stands."""
    keys = [question.key for question in questions]
    if place != NEW or after not in keys:
        return place
    return next(iter(keys[keys.index(after) + 1 :]), "")


def _alike(asked: Asked, one: rules.Question) -> list[str]:
    """The types that this question may have."""
    was_asked = asked.state(g.at) not in {"draft", "waiting"}
    kin = next((kin for kin in cards.ALIKE if one.type in kin), frozenset())
    is_held = was_asked and one.key in {q.key for q in asked.every_question}
    return [] if is_held else [name for name in kinds.KINDS if name in kin]


def _place(asked: Asked, typed: Edit, done: Edited) -> str:
    """The address of the editor at the place where the hand is."""
    begins = typed.act in {"open", "add", "copy", "restore"} and done.place
    shown = {"type": done.type, "after": done.after} if done.place == NEW else {}
    address = _address(
        "edit",
        asked,
        open=done.place or None,
        gone=done.gone or None,
        begin=1 if begins else None,
        **shown,
    )
    place = "#card" if done.place else "#list"
    return address if begins else address + place  # a browser goes to the place or to the field


def _address(page: str, asked: Asked, **more: Any) -> str:
    return url_for(f"questionnaires.{page}", questionnaire_id=asked.id, **more)
