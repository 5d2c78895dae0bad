"""What everybody answered: figures per question, two questions beside each other, the texts."""

from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, show
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.rules import door_key
from surveys.errors import Invalid, NotFound
from surveys.questionnaires import copying, crosstab, figures, rules, tags, texts
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.figures_forms import SiftForm
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift

ON_A_PAGE = 50
"""texts of one page of the list"""
FEW = 5
"""texts shown below a question of the page of figures"""
SIFTED = ("channel", "since", "until", "place", "tag")
"""names in the address of what answers are sifted by"""


class At(NamedTuple):
    """A building, or a stairwell of it."""

    building: str
    stairwell: str


@PAGES.get("/desk/questionnaire/<questionnaire_id>/answers")
def answers(questionnaire_id: str) -> Response:
    """Figures per question, each with its denominator, and what was written lately."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    form, sift = _sifted(asked)
    written = [q for q in asked.questions if KINDS[q.type].is_text] if _sees_all(asked) else []
    return _page(
        "answers",
        asked,
        form=form,
        asked_for=_asked_for(sift),
        figures=_shown(asked, figures.exact(asked, sift)),
        written={q.key: texts.latest(asked, q.key, sift=sift, most=FEW) for q in written},
        roll=courtyards.size(asked.courtyard.id)[0],
        crossable=crosstab.crossable(asked),
        may_run=access.allows(asked.courtyard.id, May.RUN),
        has_copies=copying.is_compared(asked, access.roles()),
        state=asked.state(g.at),
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/cross")
def cross(questionnaire_id: str) -> Response:
    """Two questions beside each other, or one by where and how the answers came in."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    form, sift = _sifted(asked)
    by, question = request.args.get("by", ""), request.args.get("of", "")
    fault, table = "", None
    if question:
        try:
            table = crosstab.cross(asked, by, question, sift, _say_place)
        except Invalid as found:
            fault = say(found)
    return _page(
        "cross",
        asked,
        status=422 if fault else 200,
        form=form,
        fault=fault,
        by=by,
        of=question,
        asks=table is not None,
        table=table if table is None or _sees_all(asked) else crosstab.for_everybody(table),
        crossable=crosstab.crossable(asked),
        traits=crosstab.TRAITS,
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/texts/<key>")
def written(questionnaire_id: str, key: str) -> Response:
    """All that was written in answer to one question, to be searched."""
    asked = fetch_asked(questionnaire_id, May.KEY_IN)
    question = next((q for q in asked.every_question if q.key == key), None)
    if question is None or not KINDS[question.type].is_text:
        raise NotFound(N_("没有这道题。"))
    form, sift = _sifted(asked)
    view = _texts_view(asked, key, sift)
    found, number = texts.page(asked, key, view, sift)
    return _page(
        "texts",
        asked,
        question=question,
        form=form,
        view=view,
        number=number,
        texts=found,
    )


def _texts_view(asked: Asked, key: str, sift: Sift) -> View:
    """What of the texts is asked for by the address; the form has checked what sifts them."""
    here = url_for("questionnaires.written", questionnaire_id=asked.id, key=key)
    narrowed = dict.fromkeys(("q",) if sift.lets_all else ("q", *SIFTED))
    return View.read(here, request.args, ("-at", "channel"), narrowed, a_page=ON_A_PAGE)


def _sees_all(asked: Asked) -> bool:
    """Exact numbers are for who handles the answers; others read what everybody may read."""
    return access.allows(asked.courtyard.id, May.KEY_IN)


def _shown(asked: Asked, exact: figures.Figures) -> figures.Figures:
    return exact if _sees_all(asked) else figures.for_everybody(exact)


def _sifted(asked: Asked) -> tuple[SiftForm | None, Sift]:
    """The form to look at some answers only, and what passes. Whoever may not see every number
    sees no part either: two parts would tell what lies between them."""
    if not _sees_all(asked):
        return None, EVERYTHING
    form = SiftForm(formdata=request.args)
    form.offer(_places(asked), tags.tags_of(asked.id))
    return form, form.sift(asked.courtyard.zone) if form.validate() else EVERYTHING


def _places(asked: Asked) -> list[tuple[str, str, str]]:
    """The buildings, each with its stairwells below it: (building, stairwell, words)."""
    found: dict[tuple[str, str], str] = {}
    for building, stairwell in courtyards.stairwells_of(asked.courtyard.id):
        for at in ((building, ""), (building, stairwell)):
            found.setdefault(at, _say_place(*at))
    return [(*at, words) for at, words in sorted(found.items(), key=lambda one: door_key(one[0]))]


def _say_place(building: str, stairwell: str) -> str:
    return show.place(At(building, stairwell))


def _asked_for(sift: Sift) -> str:
    """The part of the address that asks for the same answers again."""
    kept = {name: request.args[name] for name in SIFTED if request.args.get(name)}
    return "" if sift.lets_all else urlencode(kept)


def _page(template: str, asked: Asked, status: int = 200, **more: object) -> Response:
    return hx.render(
        f"questionnaires/{template}.html",
        status=status,
        asked=asked,
        courtyard=asked.courtyard,
        zone=asked.courtyard.zone,
        channels=rules.CHANNELS,
        sees_all=_sees_all(asked),
        **more,
    )
