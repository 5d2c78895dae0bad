"""Answers: drafts kept screen by screen, sending, keying in, and a copy for who answered.

The last answer of a household counts, whichever way it came; what it replaces is kept as
superseded. An answer without a household counts for its device, or for its sheet of paper.
"""

import hmac
import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, or_, select, update

from surveys.base.db import db, new_id, retrying, table_of
from surveys.base.words import N_
from surveys.counting import canon
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from surveys.questionnaires import kept, photos, rules
from surveys.questionnaires.kinds import read_answer
from surveys.questionnaires.models import Response, Tag, Version
from surveys.questionnaires.received import current
from surveys.questionnaires.rules import Given, Question, Value
from surveys.questionnaires.service import Asked

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"  # none that is taken for another
LONGEST_SUBMISSION = 100
A_WHILE = timedelta(hours=1)
"""when a draft was saved last is written down so exactly, and not at every question"""


class NotOpen(Refused):
    """The questionnaire takes no answers now; what was typed is shown again to be copied."""


class NotAdmitted(NotOpen):
    """It takes none from this phone: `rules.IDENTITY` says whose it takes."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who answers: a device's draft key (64 hex digits), and the household it speaks for."""

    device: str
    household_id: str | None = None
    is_new: bool = False
    """a device that was never seen before"""
    tag_id: str | None = None
    """the tagged link by which it came last"""

    @property
    def respondent(self) -> str:
        """Whose answer it is: one of each counts."""
        return f"h:{self.household_id}" if self.household_id else f"d:{self.device}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a sender has done so far: a draft, an answer that counts, and what to show of them."""

    draft: Response | None
    sent: Response | None
    is_own: bool
    """the answer that counts was sent from this very phone: only then is any of it shown"""
    given: Given

    def is_older(self, version: Version) -> bool:
        """Whether what is shown was answered when the questions stood otherwise."""
        shown = self.draft or (self.sent if self.is_own else None)
        return shown is not None and shown.version_id != version.id


# The statements of every page and every answer, put together once

_ASKED = Response.questionnaire_id == bindparam("asked")
_OF_DEVICE = Response.device == bindparam("device")
_OF_SENDER = select(Response).where(
    Response.questionnaire_id == bindparam("asked"),
    or_(
        (Response.device == bindparam("device")) & Response.sent_at.is_(None),
        (Response.respondent == bindparam("respondent")) & current(),
    ),
)
"""the sender's draft, and what counts of the sender"""
_OF_SENDER_LOCKED = _OF_SENDER.with_for_update().execution_options(populate_existing=True)
_SO_FAR = (
    select(Response)
    .where(
        or_(  # each found by an index of its own, so that it takes no longer the more have answered
            _ASKED & _OF_DEVICE & Response.sent_at.is_(None),
            _ASKED & _OF_DEVICE & (Response.submission == bindparam("submission")),
            _ASKED & (Response.respondent == bindparam("respondent")) & current(),
        )
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
_SUPERSEDE = (
    update(table_of(Response))
    .where(
        Response.questionnaire_id == bindparam("asked"),
        Response.respondent == bindparam("whose"),
        current(),
    )
    .values(superseded_at=bindparam("at"))
)


# Drafts


def standing(asked: Asked, sender: Sender) -> Standing:
    """What this sender has done so far, in two statements; in none where it can be nothing."""
    if sender.is_new and sender.household_id is None:
        return Standing(None, None, is_own=False, given={})
    return _standing(asked, sender, db.session.scalars(_OF_SENDER, _named(asked, sender)).all())


def _named(asked: Asked, sender: Sender) -> dict[str, str]:
    """What the statements below ask by."""
    return {"asked": asked.id, "device": sender.device, "respondent": sender.respondent}


def _standing(asked: Asked, sender: Sender, found: Sequence[Response]) -> Standing:
    draft = next((r for r in found if r.sent_at is None), None)
    sent = next((r for r in found if r.sent_at is not None), None)
    is_own = sent is not None and sent.device == sender.device
    shown = draft or (sent if is_own else None)
    given = kept.given_in(shown, asked.questions) if shown else {}
    return Standing(draft, sent, is_own, given)


@retrying
def save(
    asked: Asked, sender: Sender, question: Question, value: Value, *, at: datetime, secret: bytes
) -> Given:
    """Keep one answer in the sender's draft, beginning one if there is none; all that it holds.

    A draft begun after sending takes over what this phone had sent, so that one answer may be
    changed without giving all of them again. Nothing at all is kept of a question passed over
    before the first answer.

    Raises:
        NotOpen: it takes no answers at `at`, or none from this phone.
    """
    _must_take(asked, sender, at)
    held = db.session.scalars(_OF_SENDER_LOCKED, _named(asked, sender)).all()
    found = _standing(asked, sender, held)
    if found.draft is None and not found.given and not value:
        return {}
    given = {**found.given, question.key: value}
    if found.draft is None:
        draft = _blank(asked, sender.respondent, at=at, secret=secret)
        draft.device, draft.household_id = sender.device, sender.household_id
        _mark(draft, sender, at)
        db.session.add(draft)
        db.session.flush()
        kept._insert_answers(draft.id, asked, given)
    else:
        draft = found.draft
        draft.version_id = asked.version.id
        _mark(draft, sender, at)
        kept._delete(draft.id, [question.key])
        kept._insert_answers(draft.id, asked, {question.key: value})
    photos._take(asked, sender.device, draft.id, given, [question], is_sent=False)
    db.session.commit()
    return given


# Sending


@retrying
def send_draft(asked: Asked, sender: Sender, submission: str, *, at: datetime) -> Response:
    """Send the sender's draft. The same submission again gives the answer that it became.

    Raises:
        NotOpen: it takes no answers at `at`, or none from this phone.
        Invalid: a question that must be answered is not, or one that was changed since takes no
            such answer any more.
        Refused: there is nothing to send.
    """
    submission = rules.clean(submission)
    draft = _earlier(_so_far(asked, sender, submission), submission)
    if draft is not None and draft.sent_at is not None:
        return draft
    _must_take(asked, sender, at)
    if draft is None:
        raise Refused(N_("这份还没有答，没有可交的。"))
    held = kept.parts_in(draft)
    given = kept.as_asked(held, asked.questions)
    counted = rules.counted(asked.parts, given)
    _check_readable(asked, counted)
    _check_complete(asked, given)
    _supersede(asked, draft.respondent, draft.household_id, at)
    _mark(draft, sender, at)
    draft.sent_at, draft.version_id = at, asked.version.id
    kept._keep_only(draft.id, asked, held, counted)
    photos._take(asked, draft.device, draft.id, counted, asked.questions, is_sent=True)
    db.session.commit()
    return draft


@retrying
def send(
    asked: Asked, sender: Sender, given: Given, submission: str, *, at: datetime, secret: bytes
) -> Response:
    """Send all answers at once, in place of the sender's draft.

    The same submission with the same answers, however often it comes, is one response. With other
    answers (somebody went back and changed them) it replaces the one before.

    Raises:
        NotOpen: it takes no answers at `at`, or none from this phone.
        Invalid: a question that must be answered is not.
    """
    submission = bound(submission, sender.device, given)
    found = _so_far(asked, sender, submission)
    response = _earlier(found, submission)
    if response is not None and response.submission == submission:
        return response
    _must_take(asked, sender, at)
    _check_complete(asked, given)
    if any(one.superseded_at is None and one.sent_at is not None for one in found):
        _supersede(asked, sender.respondent, sender.household_id, at)
    if response is None:
        response = _blank(asked, sender.respondent, at=at, secret=secret)
        response.device, response.household_id = sender.device, sender.household_id
        db.session.add(response)
    else:
        kept._delete(response.id)
    _mark(response, sender, at)
    response.submission, response.sent_at, response.version_id = submission, at, asked.version.id
    db.session.flush()
    counted = rules.counted(asked.parts, given)
    kept._insert_answers(response.id, asked, counted)
    photos._take(asked, sender.device, response.id, counted, asked.questions, is_sent=True)
    db.session.commit()
    return response


def new_submission() -> str:
    """An id for one empty form, made when it is shown."""
    return secrets.token_urlsafe(16)


def bound(submission: str, who: str, given: Given) -> str:
    """The submission id bound to who sent what: 40 hex digits.

    So a page that was sent, gone back to and sent again changed is no repetition, nor is one that
    the next family finds on a shared phone.
    """
    return canon.digest([submission[:LONGEST_SUBMISSION], who, dict(given)])[:40]


def _so_far(asked: Asked, sender: Sender, submission: str) -> Sequence[Response]:
    """The device's draft, what this very submission has become, and what counts of the sender.

    Locked, so that of a double tap the second waits for the first.
    """
    named = {**_named(asked, sender), "submission": submission}
    return db.session.scalars(_SO_FAR, named).all()


def _earlier(found: Sequence[Response], submission: str) -> Response | None:
    """What this very submission has become, else the device's draft."""
    drafts = (one for one in found if one.sent_at is None)
    same = (one for one in found if one.sent_at is not None and one.submission == submission)
    return next(same, None) or next(drafts, None)


def _check_complete(asked: Asked, given: Given) -> None:
    """Raise Invalid where a question that must be answered is not."""
    missing = rules.missing(asked.parts, given)
    if missing:
        raise Invalid(N_("还有 %(count)d 道要答的题没答。"), count=len(missing))


def _check_readable(asked: Asked, given: Given) -> None:
    """Raise Invalid where an answer was given to a question that has become another since."""
    for number, question in enumerate(asked.questions, 1):
        try:
            read_answer(question, given.get(question.key, ()))
        except Invalid as fault:
            say = N_("第 %(number)d 题改过，您先前答的对不上了，请再答一次。")
            raise Invalid(say, number=number) from fault


def _supersede(asked: Asked, respondent: str, household_id: str | None, at: datetime) -> None:
    """Put aside what this respondent had sent; a household's senders wait for one another here.

    Does not commit.
    """
    if household_id is not None:
        db.session.execute(
            select(Household.id).where(Household.id == household_id).with_for_update(key_share=True)
        )
    named = {"asked": asked.id, "whose": respondent, "at": at}
    db.session.execute(_SUPERSEDE, named)


def _must_take(asked: Asked, sender: Sender, at: datetime) -> None:
    match asked.state(at):
        case "closed":
            raise NotOpen(N_("这份问卷已经截止，这一份没有收下。"))
        case "draft" | "waiting":
            raise NotOpen(N_("这份问卷还没有开放，这一份没有收下。"))
    if asked.questionnaire.identity == "staff":
        raise NotAdmitted(N_("这份问卷由工作人员来问、来录，这一份没有收下。"))
    if not rules.admits(asked.questionnaire.identity, sender.household_id is not None):
        raise NotAdmitted(N_("这份问卷一户一份，要先认门，这一份没有收下。"))


# Rows


def _mark(response: Response, sender: Sender, at: datetime) -> None:
    """Note when it was saved last, and the link by which its sender came."""
    if response.saved_at is None or at - response.saved_at > A_WHILE:
        response.saved_at = at
    if sender.tag_id is not None:  # held by the phone: it may be older than a restored database
        known = select(Tag.id).where(Tag.id == sender.tag_id)
        response.tag_id = known.scalar_subquery()


def _blank(asked: Asked, respondent: str, *, at: datetime, secret: bytes) -> Response:
    """A response that nothing was answered in yet; not yet in the session."""
    identity = new_id()
    return Response(
        id=identity,
        courtyard_id=asked.courtyard.id,
        questionnaire_id=asked.id,
        version_id=asked.version.id,
        respondent=respondent,
        channel="scan",
        submission=new_submission(),
        number=_number(),
        copy_hash=copy_hash(secret, copy_code(secret, identity)),
        begun_at=at,
    )


def _number() -> str:
    symbols = [secrets.choice(SYMBOLS) for _ in range(8)]
    return "".join(symbols[:4]) + "-" + "".join(symbols[4:])


# The sender's own copy


def copy_code(secret: bytes, response_id: str) -> str:
    """The 128-bit code, 26 symbols, under which the sender reads this answer again.

    It follows from the installation's secret and is kept nowhere.
    """
    made = hmac.digest(secret, b"copy of an answer: " + response_id.encode(), "sha256")
    return b32encode(made[:16]).decode().rstrip("=").lower()


def copy_hash(secret: bytes, code: str) -> str:
    """What is kept of that code."""
    return hmac.new(secret, b"code of a copy: " + code.lower().encode(), sha256).hexdigest()
