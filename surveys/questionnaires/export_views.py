"""Answers taken out of the house: as CSV at once, as a workbook when it is made."""

from urllib.parse import quote

from flask import Response, current_app, flash, g, request, send_file, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, jobs, tables
from surveys.base.jobs import Job
from surveys.base.language import catalogue, language_code
from surveys.base.language import gettext as _
from surveys.base.streaming import Apart
from surveys.errors import NotFound
from surveys.questionnaires import export_files, exporting
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.service import Asked
from surveys.web import config_of

jobs.does(
    export_files.WORKBOOK,
    lambda job, file, progress: export_files.write_workbook(
        job, file, progress, catalogue(job.asks["language"].partition("-")[0]).gettext
    ),
)


@PAGES.get("/desk/questionnaire/<questionnaire_id>/export")
def exports(questionnaire_id: str) -> Response:
    """What may be taken out, and the workbooks that were asked for."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    return hx.render(
        "questionnaires/export.html",
        "questionnaires/_jobs.html",
        asked=asked,
        courtyard=asked.courtyard,
        number=exporting.number_of(asked),
        jobs=jobs.of(asked.id, access.me()),
        zone=asked.courtyard.zone,
    )


@PAGES.post("/desk/questionnaire/<questionnaire_id>/export.csv")
def export_csv(questionnaire_id: str) -> Response:
    """All answers in words, as they are read."""
    asked, with_doors = fetch_asked(questionnaire_id, May.RUN), "doors" in request.form
    export_files.note(asked, by=access.me(), at=g.at, with_doors=with_doors)
    pieces = export_files.csv(asked, _, with_doors=with_doors)
    name = quote(_name(asked, "csv"))
    return Response(
        Apart(pieces, current_app.app_context),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


@PAGES.post("/desk/questionnaire/<questionnaire_id>/export")
def export_workbook(questionnaire_id: str) -> Response:
    """Ask for a workbook; the page says how far it is."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    export_files.ask_for_workbook(
        asked,
        language_code(),
        name=_name(asked, "xlsx"),
        with_doors="doors" in request.form,
        by=access.me(),
        at=g.at,
    )
    flash(_("开始做了。可以先去忙别的，回来再取。"))
    return hx.see_other(_address(asked.id))


@PAGES.get("/desk/job/<job_id>/file")
def job_file(job_id: str) -> Response:
    """The file that was made, for who asked for it."""
    job = _own(job_id)
    file = config_of().files / job.file
    if job.state != "done" or not job.file or not file.is_file():
        raise NotFound
    return send_file(file, tables.XLSX, as_attachment=True, download_name=job.name)


@PAGES.post("/desk/job/<job_id>/drop")
def drop_job(job_id: str) -> Response:
    """Let it be."""
    job = _own(job_id)
    jobs.drop(job, at=g.at)
    flash(_("不做了。"))
    return hx.see_other(_address(job.subject_id))


def _own(job_id: str) -> Job:
    """A job is its own account's alone, as long as that may still take answers out."""
    job = access.fetch(Job, job_id, May.RUN)
    if job.account_id != access.me():
        raise NotFound
    return job


def _name(asked: Asked, ending: str) -> str:
    plain = {"yard": asked.courtyard.name, "title": asked.questionnaire.title, "ending": ending}
    return _("%(yard)s-%(title)s.%(ending)s", **plain).replace("/", "-")


def _address(questionnaire_id: str) -> str:
    return url_for("questionnaires.exports", questionnaire_id=questionnaire_id)
