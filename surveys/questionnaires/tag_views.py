"""Links of their own: followed by residents, made and counted at the desk, printed."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import device, qr
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import kinds, service, tags
from surveys.questionnaires.desk_views import PAGES
from surveys.questionnaires.models import Questionnaire, Tag
from surveys.web import printed_address


@PAGES.get("/Q/<questionnaire_id>/T/<code>")
@PAGES.get("/q/<questionnaire_id>/t/<code>")
def follow(questionnaire_id: str, code: str) -> Response:
    """Remember by which link this phone came, and lead to the questionnaire."""
    questionnaire_id = questionnaire_id.lower()
    tag = tags.by_code(questionnaire_id, code)
    if tag is not None:
        device.came_by(questionnaire_id, tag.id)
    return hx.see_other(url_for("questionnaires.first", questionnaire_id=questionnaire_id))


@PAGES.get("/desk/questionnaire/<questionnaire_id>/tags")
def links(questionnaire_id: str) -> Response:
    """The links of a questionnaire, and how many answers came by each."""
    return _links(access.fetch(Questionnaire, questionnaire_id, May.LOOK))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/tags")
def make_tag(questionnaire_id: str) -> Response:
    """A link for one more way of spreading."""
    questionnaire = access.fetch(Questionnaire, questionnaire_id, May.RUN)
    typed = request.form.get("name", "")
    try:
        tag = tags.make(questionnaire, typed, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _links(questionnaire, fault, typed)
    flash(_("“%(name)s”的链接在下面，抄走或者印出来。", name=tag.name))
    return hx.see_other(f"{_address(questionnaire)}#{tag.id}")


@PAGES.post("/desk/questionnaire/<questionnaire_id>/tags/<tag_id>")
def rename_tag(questionnaire_id: str, tag_id: str) -> Response:
    """Call a link something else."""
    questionnaire, tag = _fetch(questionnaire_id, tag_id, May.RUN)
    typed, by = request.form.get("name", ""), access.me()
    try:
        tags.rename(questionnaire, tag, typed, by=by, at=g.at)
    except Invalid as fault:
        return _links(questionnaire, fault, typed, tag)
    flash(_("名字改好了，链接和码都没变。"))
    return hx.see_other(f"{_address(questionnaire)}#{tag.id}")


@PAGES.post("/desk/questionnaire/<questionnaire_id>/tags/<tag_id>/withdraw")
def withdraw_tag(questionnaire_id: str, tag_id: str) -> Response:
    """Count nobody more by this link."""
    questionnaire, tag = _fetch(questionnaire_id, tag_id, May.RUN)
    tags.withdraw(questionnaire, tag, by=access.me(), at=g.at)
    flash(_("收回了。贴出去的码还能打开问卷，只是不再记在它名下。"))
    return hx.see_other(_address(questionnaire))


@PAGES.get("/desk/questionnaire/<questionnaire_id>/tags/<tag_id>/qr.png")
def tag_code(questionnaire_id: str, tag_id: str) -> Response:
    """The code alone, for a banner or a group chat."""
    questionnaire, tag = _fetch(questionnaire_id, tag_id, May.PRINT)
    return Response(qr.png_bytes(_in_code(questionnaire, tag)), mimetype="image/png")


@PAGES.get("/desk/questionnaire/<questionnaire_id>/tags/<tag_id>/poster")
def tag_poster(questionnaire_id: str, tag_id: str) -> Response:
    """A poster that leads to this questionnaire and is counted."""
    questionnaire, tag = _fetch(questionnaire_id, tag_id, May.PRINT)
    asked = service.find(questionnaire.id)
    return hx.render(
        "questionnaires/tag_poster.html",
        courtyard=asked.courtyard,
        asked=asked,
        tag=tag,
        minutes=kinds.minutes(asked.questions),
        qr=qr.svg_uri(_in_code(questionnaire, tag)),
        until=questionnaire.closes_at,
        printed_on=g.at,
    )


def _fetch(questionnaire_id: str, tag_id: str, act: May) -> tuple[Questionnaire, Tag]:
    questionnaire = access.fetch(Questionnaire, questionnaire_id, act)
    return questionnaire, tags.find(questionnaire.id, tag_id)


def _address(questionnaire: Questionnaire) -> str:
    return url_for("questionnaires.links", questionnaire_id=questionnaire.id)


def _link(questionnaire: Questionnaire, tag: Tag) -> str:
    """The address as it is copied into a chat."""
    return printed_address(f"/q/{questionnaire.id}/t/{tag.code}")


def _in_code(questionnaire: Questionnaire, tag: Tag) -> str:
    """In capitals, which make a code of fewer and larger squares."""
    return _link(questionnaire, tag).upper()


def _links(
    questionnaire: Questionnaire,
    fault: SurveysError | None = None,
    typed: str = "",
    renamed: Tag | None = None,
) -> Response:
    """The page, with what was refused: a new name, or the new name of one of them."""
    asked = service.find(questionnaire.id)
    shown = [
        (tag, _link(questionnaire, tag), qr.svg_uri(_in_code(questionnaire, tag)))
        for tag in tags.tags_of(questionnaire.id)
    ]
    return hx.render(
        "questionnaires/links.html",
        status=fault.status if fault else 200,
        courtyard=asked.courtyard,
        asked=asked,
        state=asked.state(g.at),
        links=shown,
        ways=tags.counts(questionnaire.id),
        nobody=tags.Came(),
        examples=tags.EXAMPLES,
        longest=tags.LONGEST,
        fault=say(fault) if fault else None,
        typed=typed,
        renamed=renamed,
        may_run=access.allows(questionnaire.courtyard_id, May.RUN),
        may_print=access.allows(questionnaire.courtyard_id, May.PRINT),
    )
