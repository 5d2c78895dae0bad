"""The ledger as a table, on a page, on paper and as a workbook; what was adopted, what is late."""

from io import BytesIO

from flask import Response, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import clock, hx, tables
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound, SurveysError
from surveys.needs import answering, catalogue, ledger, table, undoing
from surveys.needs.facts import KINDS
from surveys.needs.forms import LaneForm
from surveys.needs.keeping import LANES, MARKS, STATUS
from surveys.needs.ledger_views import PAGES
from surveys.questionnaires.rules import CHANNELS
from surveys.web import config_of


@PAGES.get("/desk/courtyard/<courtyard_id>/needs")
def table_page(courtyard_id: str) -> Response:
    """Every need of the ledger in a table."""
    return show(access.fetch(Courtyard, courtyard_id, May.LOOK))


def show(
    courtyard: Courtyard, form: LaneForm | None = None, fault: SurveysError | None = None
) -> Response:
    """The table; with what was typed just now to be done to those ticked, and what is wrong."""
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        return hx.render("needs/no_round.html", courtyard=courtyard)
    may_sort = access.allows(courtyard.id, May.KEY_IN)
    today, days = clock.day(g.at, courtyard.zone), config_of().answer_days
    lines, view = table.lines(round_, today), _view(courtyard)
    found = table.wanted_of(lines, view)
    whole = bool(request.args.get("all"))
    shown = found if whole else view.shown(found)
    return hx.render(
        "needs/table.html",
        status=422 if fault or (form and form.errors) else 200,
        form=form or LaneForm(formdata=None),
        fault=fault,
        ticked=set(request.form.getlist("ticked")),
        last=undoing.last_act(courtyard.id, access.me(), g.at) if may_sort else None,
        may_sort=may_sort,
        courtyard=courtyard,
        round=round_,
        lines=shown,
        came=table.channels(shown),
        found=len(found),
        every=len(lines),
        whole=whole,
        view=view,
        categories=table.categories(lines),
        adoption=answering.adopted(round_.id, [line.row for line in lines]),
        overdue=answering.overdue(round_, today, days),
        answer_days=days,
        today=today,
        lanes=LANES,
        kinds=KINDS,
        words_of=STATUS,
        marks_of=MARKS,
        channels=CHANNELS,
        may_run=access.allows(courtyard.id, May.RUN),
    )


@PAGES.get("/desk/courtyard/<courtyard_id>/needs.xlsx")
def export_table(courtyard_id: str) -> Response:
    """The same lines as a workbook, all pages of them."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        raise NotFound
    lines = table.lines(round_, clock.day(g.at, courtyard.zone))
    data = table.workbook("问题台账", table.wanted_of(lines, _view(courtyard)))
    name = _("问题台账-%(name)s.xlsx", name=courtyard.name)
    return send_file(BytesIO(data), tables.XLSX, as_attachment=True, download_name=name)


def _view(courtyard: Courtyard) -> View:
    """What of the table is asked for by the address."""
    narrowed = {
        "q": None,
        "lane": set(LANES),
        "category": {table.NO_CATEGORY, *(entry.key for entry in catalogue.entries())},
    }
    here = f"/desk/courtyard/{courtyard.id}/needs"
    return View.read(here, request.args, table.SORTS, narrowed, a_page=table.A_PAGE, anchor="all")
