"""The ledger as a table, on a page, on paper and as a workbook; what was adopted, what is late."""

from io import BytesIO
from urllib.parse import urlencode

from flask import Response, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import clock, hx, tables
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound
from surveys.needs import answering, ledger, table
from surveys.needs.facts import KINDS
from surveys.needs.keeping import LANES, MARKS, STATUS
from surveys.needs.ledger_views import PAGES
from surveys.needs.models import Lane
from surveys.needs.table import A_PAGE, Wanted
from surveys.questionnaires.rules import CHANNELS
from surveys.web import config_of


@PAGES.get("/desk/courtyard/<courtyard_id>/needs")
def table_page(courtyard_id: str) -> Response:
    """Every need of the ledger in a table."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        return hx.render("needs/no_round.html", courtyard=courtyard)
    today, days = clock.day(g.at, courtyard.zone), config_of().answer_days
    lines, wanted = table.lines(round_, today), _wanted()
    found = table.wanted_of(lines, wanted)
    whole = bool(request.args.get("all"))
    pages = 1 if whole else max(1, -(-len(found) // A_PAGE))
    page = min(hx.page_asked(), pages)
    return hx.render(
        "needs/table.html",
        courtyard=courtyard,
        round=round_,
        lines=found if whole else found[(page - 1) * A_PAGE : page * A_PAGE],
        found=len(found),
        every=len(lines),
        page=page,
        pages=pages,
        wanted=wanted,
        asked=_asked(wanted),
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
    data = table.workbook("问题台账", table.wanted_of(lines, _wanted()))
    name = _("问题台账-%(name)s.xlsx", name=courtyard.name)
    return send_file(BytesIO(data), tables.XLSX, as_attachment=True, download_name=name)


def _wanted() -> Wanted:
    """What is asked for by the address; what makes no sense asks for nothing."""
    lane = request.args.get("lane", "")
    return Wanted(
        lane=Lane(lane) if lane in set(Lane) else None,
        category=request.args.get("category", "")[:40],
        words=request.args.get("q", "").strip()[:40],
        by_due=request.args.get("by") == "due",
    )


def _asked(wanted: Wanted) -> str:
    """The same as the end of an address."""
    held = {
        "lane": wanted.lane or "",
        "category": wanted.category,
        "q": wanted.words,
        "by": "due" if wanted.by_due else "",
    }
    return urlencode({key: value for key, value in held.items() if value})
