"""How suggestions come in: out of answers, said on the courtyard's page, taken down by staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, union

from surveys.base import audit, clock
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.counting import canon
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import proposing, spoken
from surveys.needs.models import Suggestion
from surveys.needs.rules import TEXT_MOST
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Answer, Questionnaire, Response
from surveys.questionnaires.received import TextAnswer
from surveys.questionnaires.rules import CHANNELS, clean
from surveys.rounds.models import Round

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """Something said, by whom and how."""

    text: str
    household_id: str | None
    channel: str
    submission: str | None

    @property
    def bound(self) -> str | None:
        """The submission id bound to who said what: gone back to and changed, it is another."""
        if not self.submission:
            return None
        return canon.digest([self.submission, self.household_id, clean(self.text)])[:40]


def take_in(questionnaire: Questionnaire, *, at: datetime) -> int:
    """Make suggestions of the texts of current answers that are none yet; how many were made.

    A suggestion whose answer was replaced steps aside; where the household says the same words
    again it stays, with its number and its place in the ledger, and stands for the new answer.
    Two at once number one after the other.
    """
    _queue(questionnaire.courtyard_id)
    replaced = _replaced(questionnaire.id)
    fresh = _waiting(questionnaire)
    if not replaced and not fresh:
        db.session.rollback()
        return 0
    new, gone = _sifted(fresh, replaced)
    for suggestion in gone:
        suggestion.superseded_at = at
    db.session.flush()
    made = _make(questionnaire, new)
    proposing._work_out(made[: proposing.BATCH], spoken.in_courtyard(questionnaire.courtyard_id))
    audit.note(
        "suggestion.take_in",
        by=None,
        at=at,
        courtyard_id=questionnaire.courtyard_id,
        subject_id=questionnaire.id,
        new=len(new),
    )
    db.session.commit()
    return len(new)


def _sifted(
    fresh: Sequence[TextAnswer], replaced: Sequence[Suggestion]
) -> tuple[list[TextAnswer], list[Suggestion]]:
    """What is new and what is gone; the same words of the same household are neither."""
    said = {f"{s.household_id}:{s.text}": s for s in replaced if s.household_id}
    new = []
    for text in fresh:
        same = said.pop(f"{text.household_id}:{clean(text.text)}", None)
        if same is None:
            new.append(text)
        else:
            same.answer_id = text.answer_id
    still = {text.answer_id for text in fresh}
    return new, [s for s in replaced if s.answer_id not in still]


def _make(questionnaire: Questionnaire, texts: Sequence[TextAnswer]) -> list[Suggestion]:
    courtyard = db.session.get_one(Courtyard, questionnaire.courtyard_id)
    first = _next_number(courtyard.id)
    made = [
        Suggestion(
            id=new_id(),
            courtyard_id=courtyard.id,
            round_id=questionnaire.round_id,
            answer_id=text.answer_id,
            household_id=text.household_id,
            number=number,
            channel=text.channel,
            text=clean(text.text),
            received_on=clock.day(text.sent_at, courtyard.zone),
        )
        for number, text in enumerate(texts, first)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def take_in_all(at: datetime) -> int:
    """Take in what arrived lately, wherever it did; how many were made. Part of the tick."""
    return sum(
        take_in(db.session.get_one(Questionnaire, found), at=at) for found in _touched_lately(at)
    )


def take_in_courtyard(courtyard_id: str, *, at: datetime) -> int:
    """Take in what waits in one courtyard, by hand; how many were made."""
    return sum(take_in(q, at=at) for q in questionnaires.of_courtyard(courtyard_id))


def waiting(courtyard_id: str) -> int:
    """How many texts of the courtyard's answers are not suggestions yet."""
    return sum(len(_waiting(q)) for q in questionnaires.of_courtyard(courtyard_id) if q.opens_at)


def _waiting(questionnaire: Questionnaire) -> list[TextAnswer]:
    taken = (
        select(Answer.id)
        .join(Suggestion, Suggestion.answer_id == Answer.id)
        .where(Suggestion.courtyard_id == questionnaire.courtyard_id)
    )
    found = received.texts_to_take_in(questionnaire, taken)
    return [text for text in found if clean(text.text)]


def _replaced(questionnaire_id: str) -> list[Suggestion]:
    return list(
        db.session.scalars(
            select(Suggestion)
            .join(Answer, Answer.id == Suggestion.answer_id)
            .join(Response, Response.id == Answer.response_id)
            .where(
                Response.questionnaire_id == questionnaire_id,
                Response.superseded_at.is_not(None),
                Suggestion.superseded_at.is_(None),
            )
        )
    )


def _touched_lately(at: datetime) -> list[str]:
    told = (
        select(Response.questionnaire_id)
        .join(Answer, Answer.response_id == Response.id)
        .outerjoin(Suggestion, Suggestion.answer_id == Answer.id)
        .where(Answer.text.is_not(None))
    )
    new = told.where(received.current(), Response.sent_at > at - LATELY, Suggestion.id.is_(None))
    gone = told.where(
        Response.superseded_at > at - LATELY,
        Suggestion.id.is_not(None),
        Suggestion.superseded_at.is_(None),
    )
    found = list(db.session.scalars(union(new, gone)))
    db.session.rollback()  # each questionnaire is an act of its own
    return found


def add_suggestion(
    round_: Round,
    text: str,
    *,
    household_id: str | None,
    channel: str,
    by: str | None,
    at: datetime,
    submission: str | None = None,
) -> Suggestion:
    """Keep what somebody said, word for word.

    Args:
        submission: made with the form; sent again, the suggestion made first is given back.

    Raises:
        Invalid: nothing was said, too much at once, or no such channel.
        NotFound: the household is not of this courtyard.
        Refused: the round has ended.
    """
    said = Said(text, household_id, channel, submission)
    kept, is_new = _kept(round_, said, at)
    if is_new:
        audit.note(
            "suggestion.add",
            by=by,
            at=at,
            courtyard_id=round_.courtyard_id,
            subject_id=kept.id,
            number=kept.number,
        )
    db.session.commit()
    return kept


def new_submission() -> str:
    """What a form carries, so that it is kept once however often it comes."""
    return new_id()


def find_said(courtyard_id: str, suggestion_id: str) -> Suggestion:
    """The suggestion of this id.

    Raises:
        NotFound: there is none in this courtyard.
    """
    found = db.session.get(Suggestion, suggestion_id)
    if found is None or found.courtyard_id != courtyard_id:
        raise NotFound
    return found


def _kept(round_: Round, said: Said, at: datetime) -> tuple[Suggestion, bool]:
    """The suggestion, not committed yet, and whether it is new: a submission is kept once."""
    text = checked(said.text)
    if said.channel not in CHANNELS:
        raise Invalid(N_("请选是怎么说来的：扫码、纸质、电话、入户，还是会上。"))
    if round_.ended_at is not None:
        raise Refused(N_("这一轮已经结束，不再收意见。"))
    _queue(round_.courtyard_id)
    before = _of_submission(said.bound)
    if before is not None:
        return before, False
    made = Suggestion(
        id=new_id(),
        courtyard_id=round_.courtyard_id,
        round_id=round_.id,
        household_id=_household_of(round_.courtyard_id, said.household_id),
        number=_next_number(round_.courtyard_id),
        channel=said.channel,
        text=text,
        received_on=_today(round_.courtyard_id, at),
        submission=said.bound,
    )
    db.session.add(made)
    return made, True


def checked(text: str) -> str:
    """The text as it is kept.

    Raises:
        Invalid: nothing was said, or too much at once.
    """
    said = clean(text)
    if not said:
        raise Invalid(N_("还没有写。写一句话就行。"))
    if len(said) > TEXT_MOST:
        raise Invalid(
            N_("写了 %(typed)d 个字，太长了。最多 %(most)d 个字，多的请分几次说。"),
            typed=len(said),
            most=TEXT_MOST,
        )
    return said


def _of_submission(submission: str | None) -> Suggestion | None:
    if submission is None:
        return None
    return db.session.scalar(select(Suggestion).where(Suggestion.submission == submission))


def _household_of(courtyard_id: str, household_id: str | None) -> str | None:
    if household_id is None:
        return None
    household = db.session.get(Household, household_id)
    if household is None or household.courtyard_id != courtyard_id:
        raise NotFound(N_("花名册上没有这一户。"))
    return household.id


def _today(courtyard_id: str, at: datetime) -> date:
    return clock.day(at, db.session.get_one(Courtyard, courtyard_id).zone)


def _queue(courtyard_id: str) -> None:
    """Whoever numbers suggestions of this courtyard waits here for the one before."""
    db.session.execute(
        select(Courtyard.id).where(Courtyard.id == courtyard_id).with_for_update(key_share=True)
    )


def _next_number(courtyard_id: str) -> int:
    newest = select(func.max(Suggestion.number)).where(Suggestion.courtyard_id == courtyard_id)
    return (db.session.scalar(newest) or 0) + 1


audit.words(
    {
        "suggestion.take_in": N_("从答卷里收进 %(new)s 条意见"),
        "suggestion.add": N_("记下第 %(number)s 条意见"),
    }
)
