"""Keying in sheets, calls and visits, and taking one back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.courtyards import visiting
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from surveys.questionnaires import answering, kept, rules
from surveys.questionnaires.models import Answer, Questionnaire, Response
from surveys.questionnaires.received import current
from surveys.questionnaires.rules import KEYED, Given
from surveys.questionnaires.service import Asked


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came on one sheet, in one call or at one door. No household: the sheet bears none."""

    household: Household | None
    channel: str
    given: Given
    submission: str
    """made with the empty form"""
    relation: str = ""
    """who answered in the household's place (`rules.RELATIONS`); empty where it did itself"""
    has_consent: bool = False
    """the household agreed to that"""


@dataclass(frozen=True, slots=True)
class Keyed:
    """One sheet that was keyed in, for the list beside the next one."""

    response: Response
    household: Household | None
    answered: int
    """questions that hold an answer"""


@retrying
def key_in(
    asked: Asked, sheet: Sheet, *, by: str, at: datetime, secret: bytes
) -> tuple[Response, str | None]:
    """Keep what staff keyed in, as an answer that counts at once.

    Sheets that came before the close are keyed in afterwards too. The same sheet sent twice is
    one answer; without a household, one that was gone back to and changed replaces itself. What
    was answered although its condition did not hold is not kept.

    Returns:
        The response, and the channel of the answer that it replaced, if any.

    Raises:
        Refused: it was never opened.
        Invalid: a channel that is not keyed in, nothing is answered, not what must be, or no door
            where each household answers once; somebody else answered without its consent.
    """
    counted = _check(asked, sheet, at)
    household_id = sheet.household.id if sheet.household else None
    submission = answering.bound(sheet.submission, f"{by}:{household_id}", sheet.given)
    same = select(Response).where(
        Response.questionnaire_id == asked.id, Response.submission == submission
    )
    if (done := db.session.scalar(same)) is not None:
        return done, None
    paper = answering.bound(sheet.submission, by, {})
    respondent = f"h:{household_id}" if household_id else f"p:{paper}"
    replaced = _channel_of(asked, respondent)
    answering._supersede(asked, respondent, household_id, at)
    response = answering._blank(asked, respondent, at=at, secret=secret)
    response.household_id, response.submission, response.sent_at = household_id, submission, at
    _add(response, asked, sheet, by, counted)
    if sheet.household and sheet.channel in visiting.WAYS:
        visiting._note_visit(
            sheet.household, way=sheet.channel, outcome="answered", about=asked.id, by=by, at=at
        )
    _note("questionnaire.key_in", response, asked.questionnaire, by, at)
    db.session.commit()
    return response, replaced


def _check(asked: Asked, sheet: Sheet, at: datetime) -> Given:
    """What of the sheet counts; raises where it cannot be kept."""
    if asked.state(at) in {"draft", "waiting"}:
        raise Refused(N_("问卷还没开放，先不录。"))
    if sheet.channel not in KEYED:
        raise Invalid(N_("请选一下怎么来的：纸质、电话、入户。"))
    if sheet.relation and sheet.relation not in rules.RELATIONS:
        raise Invalid(N_("请选一下是谁替答的。"))
    if sheet.relation and not sheet.has_consent:
        raise Invalid(N_("替人答的，要这家本人同意。同意了，请把“本人同意”勾上。"))
    counted = rules.counted(asked.parts, sheet.given)
    if not counted:  # Enter came before the page's script did
        raise Invalid(N_("这一份一题也没录，没有存。"))
    if asked.questionnaire.identity == "household" and sheet.household is None:
        raise Invalid(N_("这份问卷一户一份，请写上是哪一户。"))
    answering._check_complete(asked, sheet.given)
    return counted


def _add(response: Response, asked: Asked, sheet: Sheet, by: str, counted: Given) -> None:
    """Put in what counts of the sheet. Does not commit."""
    response.channel, response.keyed_by = sheet.channel, by
    response.relation = sheet.relation
    response.has_consent = bool(sheet.relation) and sheet.has_consent
    db.session.add(response)
    db.session.flush()
    kept._insert_answers(response.id, asked, counted)


def not_counted(asked: Asked, given: Given) -> list[int]:
    """Numbers of the questions that were answered although their condition did not hold."""
    counted = rules.counted(asked.parts, given)
    return [
        number
        for number, question in enumerate(asked.questions, 1)
        if given.get(question.key) and question.key not in counted
    ]


def _channel_of(asked: Asked, respondent: str) -> str | None:
    """How the answer came that counts of this respondent, if there is one."""
    return db.session.scalar(
        select(Response.channel).where(
            Response.questionnaire_id == asked.id, Response.respondent == respondent, current()
        )
    )


@retrying
def take_back(response: Response, *, by: str, at: datetime) -> None:
    """Take back a sheet keyed in by mistake; what it had replaced counts again.

    Raises:
        Refused: it was not keyed in by staff, or something else replaced it since.
    """
    if response.keyed_by is None or response.sent_at is None:
        raise Refused(N_("这份不是录入的，不能撤回。"))
    if response.superseded_at is not None:
        raise Refused(N_("这份已经撤回，或者后来又有了新的。"))
    before = db.session.scalar(
        select(Response)
        .where(
            Response.questionnaire_id == response.questionnaire_id,
            Response.respondent == response.respondent,
            Response.superseded_at == response.sent_at,
        )
        .limit(1)
    )
    if response.household_id:
        noted = (response.household_id, response.questionnaire_id, response.sent_at)
        visiting._take_back_answered(*noted, at)
    response.superseded_at = at
    db.session.flush()
    if before is not None:
        before.superseded_at = None
    questionnaire = db.session.get_one(Questionnaire, response.questionnaire_id)
    _note("questionnaire.take_back", response, questionnaire, by, at)
    db.session.commit()


def latest_keyed(questionnaire: Questionnaire, by: str, most: int = 5) -> list[Keyed]:
    """The sheets that this account keyed in last and that still count, newest first."""
    answered = (
        select(func.count(func.distinct(Answer.question)))
        .where(Answer.response_id == Response.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Response, Household, answered)
        .outerjoin(Household, Household.id == Response.household_id)
        .where(Response.questionnaire_id == questionnaire.id, Response.keyed_by == by, current())
        .order_by(Response.sent_at.desc(), Response.id)
        .limit(most)
    )
    return [Keyed(response, household, count) for response, household, count in rows]


def _note(
    act: str, response: Response, questionnaire: Questionnaire, by: str, at: datetime
) -> None:
    """Which household and how it came, never what was answered."""
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=response.courtyard_id,
        subject_id=questionnaire.id,
        title=questionnaire.title,
        response_id=response.id,
        household_id=response.household_id,
        channel=response.channel,
    )
