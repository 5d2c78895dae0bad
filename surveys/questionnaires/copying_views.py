"""At the desk: one questionnaire copied to many courtyards, and where its copies are."""

from collections.abc import Iterable
from itertools import groupby

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import WORDS_MOST, View
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import copying, received, service
from surveys.questionnaires.copying import Copy, Yard
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.service import Asked

UNFOLDED = 30
"""courtyards; where there are more, each area is folded"""


@PAGES.get("/desk/questionnaire/<questionnaire_id>/copies")
def copies(questionnaire_id: str) -> Response:
    """Where this questionnaire is asked: the first one and all its copies."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    every = copying.family_of(asked, access.roles())
    counts = received.counts([one.questionnaire.id for one in every])
    view = View.read(request.path, request.args, ["order", "-households"], {"q": None})
    words, nothing = view.asked.get("q", "").casefold(), received.Received()
    found = view.arranged(
        (one for one in enumerate(every) if words in _words(one[1])),
        {
            "order": lambda one: one[0],
            "households": lambda one: counts.get(one[1].questionnaire.id, nothing).households,
        },
    )
    return hx.render(
        "questionnaires/copies.html",
        courtyard=asked.courtyard,
        asked=asked,
        origin=copying.origin_of(asked.questionnaire),
        copies=[(one, service.state_of(one.questionnaire, g.at)) for _n, one in view.shown(found)],
        every=len(every),
        found=len(found),
        view=view,
        counts=counts,
        nothing=nothing,
        may_run=access.allows(asked.courtyard.id, May.RUN),
    )


def _words(one: Copy | Yard) -> str:
    """What a courtyard is found by: its name, and that of the place above it."""
    return f"{one.area}\n{one.courtyard.name}".casefold()


@PAGES.get("/desk/questionnaire/<questionnaire_id>/copy")
def copy_to(questionnaire_id: str) -> Response:
    """Choose the courtyards."""
    return _choose(fetch_asked(questionnaire_id, May.RUN), frozenset())


@PAGES.post("/desk/questionnaire/<questionnaire_id>/copy")
def copy_now(questionnaire_id: str) -> Response:
    """Copy it to those chosen; or only tick all, or all of one area, or look for some."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    chosen = frozenset(request.form.getlist("courtyard"))
    if "tick" in request.form:
        return _choose(asked, chosen | _ticked(asked, request.form["tick"]))
    try:
        made = copying.copy(
            asked,
            chosen,
            access.roles(),
            with_times="times" in request.form,
            by=access.me(),
            at=g.at,
        )
    except (Invalid, Refused) as fault:
        return _choose(asked, chosen, fault)
    flash(_("复制到了 %(n)d 个院子。", n=made) if made else _("选的院子都已经有了，没有再做。"))
    return hx.see_other(url_for("questionnaires.copies", questionnaire_id=asked.id))


def _sought() -> str:
    """What of their names or their areas' is looked for."""
    return " ".join(request.form.get("q", "").split())[:WORDS_MOST].casefold()


def _sought_of(found: Iterable[Yard]) -> list[Yard]:
    """Those that are looked for: all of them where nothing was typed."""
    words = _sought()
    return [yard for yard in found if words in _words(yard)]


def _ticked(asked: Asked, wanted: str) -> frozenset[str]:
    """Those of them that can take one: all, or those of one area."""
    shown = _sought_of(copying.yards(asked, access.roles()))
    found = (yard for yard in shown if yard.why is None)
    return frozenset(yard.courtyard.id for yard in found if wanted in {"all", yard.area_id})


def _choose(asked: Asked, chosen: frozenset[str], fault: SurveysError | None = None) -> Response:
    every = copying.yards(asked, access.roles())
    shown = _sought_of(every)
    listed = {yard.courtyard.id for yard in shown}
    areas = groupby(shown, key=lambda yard: (yard.area_id, yard.area))
    return hx.render(
        "questionnaires/copy_to.html",
        status=fault.status if fault else 200,
        courtyard=asked.courtyard,
        asked=asked,
        state=asked.state(g.at),
        areas=[(area_id, name, list(yards)) for (area_id, name), yards in areas],
        takers=sum(yard.why is None for yard in shown),
        words=_sought(),
        many=len(shown) > UNFOLDED,
        chosen=chosen,
        elsewhere=[y.courtyard.id for y in every if y.courtyard.id in chosen - listed],
        with_times="times" in request.form,
        fault=say(fault) if fault else None,
    )
