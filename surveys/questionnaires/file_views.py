"""The desk's pages where questions come in from Excel or from pasted text, and go out as Excel."""

from io import BytesIO

from flask import Response, flash, g, request, send_file, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, tables
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import cards, importing, kinds, rules, versions
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.file_forms import FileForm, TextForm
from surveys.questionnaires.files import pasted, workbook_example, workbook_out
from surveys.questionnaires.files.incoming import Incoming
from surveys.questionnaires.service import LONGEST, Asked
from surveys.web import config_of


@PAGES.get("/desk/courtyard/<courtyard_id>/questionnaires/file")
def bring(courtyard_id: str) -> Response:
    """Where a file or a text is handed in to make a questionnaire of."""
    return _bring(access.fetch(Courtyard, courtyard_id, May.RUN))


@PAGES.post("/desk/courtyard/<courtyard_id>/questionnaires/file")
def look_at_new(courtyard_id: str) -> Response:
    """Show what was understood, or all that is wrong. Saves nothing."""
    return _looked_at(access.fetch(Courtyard, courtyard_id, May.RUN))


@PAGES.post("/desk/courtyard/<courtyard_id>/questionnaires/file/make")
def make(courtyard_id: str) -> Response:
    """Make the questionnaire that was looked at."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    try:
        found, _seen = _unpacked(courtyard.id)
        made = importing.create(courtyard, found, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _bring(courtyard, fault=fault)
    flash(_("做好了。看一遍题目，改好了再开放。"))
    return hx.see_other(url_for("questionnaires.desk", questionnaire_id=made.id))


@PAGES.get("/desk/courtyard/<courtyard_id>/questionnaires/example.xlsx")
def example(courtyard_id: str) -> Response:
    """A workbook to fill in, with every column explained."""
    access.fetch(Courtyard, courtyard_id, May.LOOK)
    return _workbook(workbook_example.to_xlsx(), _("问卷样表.xlsx"))


@PAGES.get("/desk/questionnaire/<questionnaire_id>/file")
def bring_into(questionnaire_id: str) -> Response:
    """Where a file or a text is handed in, of which the questions replace those that there are."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    return _bring(asked.courtyard, asked)


@PAGES.post("/desk/questionnaire/<questionnaire_id>/file")
def look_at_replacing(questionnaire_id: str) -> Response:
    """Show what was understood, or all that is wrong. Saves nothing."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    return _looked_at(asked.courtyard, asked)


@PAGES.post("/desk/questionnaire/<questionnaire_id>/file/make")
def replace(questionnaire_id: str) -> Response:
    """Put the questions that were looked at in the place of those that there are."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    try:
        found, seen = _unpacked(asked.id)
        versions.put_in_place(asked, found.questions, seen, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _bring(asked.courtyard, asked, fault=fault)
    if asked.state(g.at) == "open":
        flash(_("题目换好了，还没有发出：看一遍，再发新的一版。"))
        return hx.see_other(url_for("questionnaires.edit", questionnaire_id=asked.id))
    flash(_("题目换好了。看一遍，改好了再开放。"))
    return hx.see_other(url_for("questionnaires.desk", questionnaire_id=asked.id))


@PAGES.get("/desk/questionnaire/<questionnaire_id>/questions.xlsx")
def questions_out(questionnaire_id: str) -> Response:
    """The questions as the desk works on them; what comes out can go in again."""
    asked = versions.working(fetch_asked(questionnaire_id, May.LOOK))
    head = {name: getattr(asked.questionnaire, name) for name in LONGEST}
    name = _("问卷-%(title)s.xlsx", title=asked.questionnaire.title)
    return _workbook(workbook_out.to_xlsx(head, asked.every_question), name)


def _workbook(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), tables.XLSX, as_attachment=True, download_name=name)


def _unpacked(place_id: str) -> tuple[Incoming, str]:
    packed = request.form.get("packed", "")
    return importing.unpack(packed, place_id=place_id, secret=config_of().secret)


def _looked_at(courtyard: Courtyard, asked: Asked | None = None) -> Response:
    form = TextForm() if "text" in request.form else FileForm()
    if not form.validate_on_submit():
        return _bring(courtyard, asked, form=form)
    try:
        found = _read(form)
    except Invalid as fault:
        return _bring(courtyard, asked, form=form, fault=fault)
    if found.faults:
        return _bring(courtyard, asked, form=form, found=found)
    return _shown(courtyard, asked, form, found)


def _read(form: FileForm | TextForm) -> Incoming:
    if isinstance(form, TextForm):
        return pasted.read(str(form.text.data))
    return importing.read_file(form.file.data.read(), form.file.data.filename or "")


def _shown(
    courtyard: Courtyard, asked: Asked | None, form: FileForm | TextForm, found: Incoming
) -> Response:
    place_id = asked.id if asked else courtyard.id
    seen = versions.working(asked).version.digest if asked else ""
    parts = [question for question in found.questions if not question.off]
    return hx.render(
        "questionnaires/bring_check.html",
        courtyard=courtyard,
        asked=asked,
        found=found,
        parts=parts,
        when=cards.conditions(found.questions),
        text=form.text.data if isinstance(form, TextForm) else None,
        packed=importing.pack(found, seen, place_id=place_id, secret=config_of().secret),
        kinds=kinds.KINDS,
        aside=rules.ASIDE,
        minutes=kinds.minutes(parts),
    )


def _bring(
    courtyard: Courtyard,
    asked: Asked | None = None,
    *,
    form: FileForm | TextForm | None = None,
    found: Incoming | None = None,
    fault: SurveysError | None = None,
) -> Response:
    return hx.render(
        "questionnaires/bring.html",
        status=422 if form or fault else 200,
        courtyard=courtyard,
        asked=asked,
        file_form=form if isinstance(form, FileForm) else FileForm(formdata=None),
        text_form=form if isinstance(form, TextForm) else TextForm(formdata=None),
        found=found,
        fault=fault,
    )
