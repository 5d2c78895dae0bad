"""Paper at the desk: print a questionnaire, key in sheets, calls and visits, take one back."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May, own_path
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.show import door
from surveys.courtyards import doors
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import answering, keying, keying_forms, kinds, knocking, rules
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.keying_forms import KeyInForm
from surveys.questionnaires.models import Response as Answers
from surveys.questionnaires.service import Asked
from surveys.web import config_of

doors.ask(knocking.subjects)


@PAGES.get("/desk/questionnaire/<questionnaire_id>/print")
def paper(questionnaire_id: str) -> Response:
    """The questionnaire on A4, with the numbers by which it is keyed in."""
    asked = fetch_asked(questionnaire_id, May.PRINT)
    return hx.render(
        "questionnaires/print.html",
        asked=asked,
        courtyard=asked.courtyard,
        kinds=kinds.KINDS,
        aside=rules.ASIDE,
        conditions=asked.conditions,
        state=asked.state(g.at),
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/key-in")
def sheet(questionnaire_id: str) -> Response:
    """An empty sheet, and the last five that this account keyed in."""
    asked = fetch_asked(questionnaire_id, May.KEY_IN)
    wanted = request.args.get("channel", "")
    form = KeyInForm(
        formdata=None,
        channel=wanted if wanted in rules.KEYED else "paper",
        door=request.args.get("door", ""),
        back=request.args.get("back", ""),
        submission=answering.new_submission(),
    )
    return _sheet(asked, form)


@PAGES.post("/desk/questionnaire/<questionnaire_id>/key-in")
def key_in(questionnaire_id: str) -> Response:
    """Keep one sheet, and go straight to an empty one."""
    asked = fetch_asked(questionnaire_id, May.KEY_IN)
    form = KeyInForm()
    given, faults = keying_forms.read_sheet(asked.questions, request.form)
    valid = form.validate_on_submit()
    household, fault = _household(asked, str(form.door.data or ""))
    if fault:
        form.door.errors = [fault]
    if faults or fault or not valid:
        return _sheet(asked, form, faults)
    try:
        _kept, replaced = keying.key_in(
            asked, form.sheet(household, given), by=access.me(), at=g.at, secret=config_of().secret
        )
    except (Invalid, Refused) as refused:
        missing = rules.missing(asked.questions, given)
        return _sheet(asked, form, {q.key: _("这一题要答。") for q in missing}, refused)
    _tell_saved(household, replaced, keying.not_counted(asked, given))
    again = url_for("questionnaires.sheet", questionnaire_id=asked.id, channel=form.channel.data)
    return hx.see_other(own_path(form.back.data, otherwise=again))


@PAGES.post("/desk/response/<response_id>/take-back")
def take_back(response_id: str) -> Response:
    """Take back a sheet that was keyed in by mistake."""
    response = access.fetch(Answers, response_id, May.KEY_IN)
    back = url_for("questionnaires.sheet", questionnaire_id=response.questionnaire_id)
    try:
        keying.take_back(response, by=access.me(), at=g.at)
    except Refused as fault:
        flash(say(fault), "mind")
    else:
        flash(_("撤回了。先前那份，如果有，又算数了。"))
    return hx.see_other(back)


def _tell_saved(household: Household | None, replaced: str | None, hidden: list[int]) -> None:
    who = door(household) if household else _("没写门牌的一份")
    if replaced:
        was = _(rules.CHANNELS[replaced])
        flash(_("录好了：%(who)s。先前%(was)s来的那份，换成了这份。", who=who, was=was))
    else:
        flash(_("录好了：%(who)s。", who=who))
    for number in hidden:
        flash(_("第 %(n)d 题没按条件，答了也不计入。", n=number), "mind")


def _household(asked: Asked, typed: str) -> tuple[Household | None, str | None]:
    """The household of a door as typed, or what is wrong with it; neither where none is typed."""
    if not typed.strip():
        return None, None
    try:
        return courtyards.household_at(asked.courtyard.id, typed), None
    except Invalid as fault:
        return None, say(fault)


def _sheet(
    asked: Asked,
    form: KeyInForm,
    faults: dict[str, str] | None = None,
    refused: SurveysError | None = None,
) -> Response:
    return hx.render(
        "questionnaires/key_in.html",
        status=422 if request.method == "POST" else 200,
        asked=asked,
        courtyard=asked.courtyard,
        state=asked.state(g.at),
        kinds=kinds.KINDS,
        aside=rules.ASIDE,
        conditions=asked.conditions,
        form=form,
        typed=request.form,
        faults=faults or {},
        refused=say(refused) if refused else None,
        latest=keying.latest_keyed(asked.questionnaire, access.me()),
        channels=rules.CHANNELS,
        relations=rules.RELATIONS,
    )
