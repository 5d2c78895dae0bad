"""The desk's table of what everything on a menu costs: typed, handed in as a file, handed out."""

from collections.abc import Mapping
from io import BytesIO

from flask import Response, flash, g, request, send_file

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, tables
from surveys.base.language import gettext as _
from surveys.base.language import ngettext
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, SurveysError
from surveys.menus import cost_cells, cost_file, costs, forms, service
from surveys.menus.cost_cells import COLUMNS, Line
from surveys.menus.cost_file import Standing
from surveys.menus.menu_views import FAULTS, PAGES, page
from surveys.menus.models import Menu


@PAGES.get("/desk/menu/<menu_id>/costs")
def cost_table(menu_id: str) -> Response:
    """Quantity, unit and costs of every item, to be typed."""
    return _table(access.fetch(Menu, menu_id, May.RUN))


@PAGES.post("/desk/menu/<menu_id>/costs")
def set_costs(menu_id: str) -> Response:
    """Save the whole table, or nothing while a cell is wrong."""
    menu = access.fetch(Menu, menu_id, May.RUN)
    lines = {item.id: cost_cells.read(_typed(item), item.cost) for item in _standing(menu)}
    if any(line.faults for line in lines.values()):
        return _table(menu, lines, status=422)
    wanted = {item_id: line.cost for item_id, line in lines.items()}
    seen, by = request.form.get("seen", ""), access.me()
    try:
        changed = costs.set_costs(menu, wanted, seen=seen, by=by, at=g.at)
    except FAULTS as fault:
        return _table(menu, lines, status=422, fault=fault)
    flash(ngettext("存好了，改了 %(num)d 项。", "存好了，改了 %(num)d 项。", len(changed)), "done")
    return hx.see_other(f"/desk/menu/{menu.id}")


@PAGES.post("/desk/menu/<menu_id>/costs/file")
def cost_file_in(menu_id: str) -> Response:
    """Fill the table from a file, to be looked through and saved; or name every wrong cell."""
    menu, form = access.fetch(Menu, menu_id, May.RUN), forms.CostFileForm()
    if not form.validate_on_submit():
        return _table(menu, status=422, form=form)
    try:
        reading = cost_file.read_file(form.file.data.read(), _standing(menu))
    except Invalid as fault:
        return _table(menu, status=422, file_fault=fault)
    if reading.faults:
        return _table(menu, status=422, reading=reading)
    return _table(menu, reading.lines, reading=reading)


@PAGES.get("/desk/menu/<menu_id>/costs.xlsx")
def cost_file_out(menu_id: str) -> Response:
    """The costs as they stand; what comes out can go in again."""
    menu = access.fetch(Menu, menu_id, May.LOOK)
    name = _("菜单价钱-%(title)s.xlsx", title=menu.title)
    data = BytesIO(cost_file.to_xlsx(_standing(menu)))
    return send_file(data, tables.XLSX, as_attachment=True, download_name=name)


def _standing(menu: Menu) -> list[Standing]:
    classes = {klass.key: _(klass.name) for klass in service.classes()}
    return [
        Standing(item.id, item.name, classes[item.class_key], costs.cost_of(item))
        for item in service.items_of(menu)
    ]


def _typed(item: Standing) -> dict[str, str]:
    """The cells of one item as they were sent; one that was not sent stays as it is."""
    sent = {column: request.form.get(f"{column}-{item.id}") for column in COLUMNS}
    return {column: text[:100] for column, text in sent.items() if text is not None}


def _table(
    menu: Menu,
    lines: Mapping[str, Line] | None = None,
    status: int = 200,
    fault: SurveysError | None = None,
    **more: object,
) -> Response:
    if menu.pinned_at is not None:
        return page(menu, None, fault)
    items = _standing(menu)
    context: dict[str, object] = {"form": forms.CostFileForm(formdata=None)} | more
    return hx.render(
        "menus/costs.html",
        status=status,
        courtyard=access.fetch(Courtyard, menu.courtyard_id, May.LOOK),
        menu=menu,
        items=items,
        lines={
            item.id: (lines or {}).get(item.id) or cost_cells.read({}, item.cost) for item in items
        },
        before={item.id: cost_cells.shown(item.cost) for item in items},
        columns=COLUMNS,
        seen=costs.fingerprint(menu),
        fault=fault,
        **context,
    )
