"""Questionnaires: made from a template, reworded, opened and closed; and what other rooms ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.courtyards.rules import place_in_words
from surveys.errors import Invalid, NotFound, Refused
from surveys.questionnaires import editing, rules, shipped
from surveys.questionnaires.logic.words import paper_words
from surveys.questionnaires.models import Questionnaire, Version
from surveys.questionnaires.shipped import Template
from surveys.rounds import service as rounds

LONGEST = {"title": 40, "intro": 200, "keeps": 200, "seen_by": 200}
"""characters of what the first screen says"""

audit.words(
    {
        "questionnaire.create": N_("做了问卷“%(title)s”"),
        "questionnaire.open": N_("开放了问卷“%(title)s”"),
        "questionnaire.close": N_("截止了问卷“%(title)s”"),
        "questionnaire.times": N_("定了问卷“%(title)s”的时间"),
        "questionnaire.key_in": N_("录了一份“%(title)s”的答卷"),
        "questionnaire.take_back": N_("撤回了一份“%(title)s”的答卷"),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A questionnaire as it is asked now: its latest version, and where."""

    questionnaire: Questionnaire
    version: Version
    courtyard: Courtyard
    places: tuple[rules.Choice, ...] = ()
    """the courtyard's stairwells, where a question asks for one"""

    @property
    def id(self) -> str:
        """The questionnaire's id."""
        return self.questionnaire.id

    @property
    def every_question(self) -> tuple[rules.Question, ...]:
        """All questions, those switched off too, as the desk sees them."""
        return rules.read_questions(self.version.questions)

    @property
    def parts(self) -> tuple[rules.Question, ...]:
        """What is asked, and the notes and heads of sections that stand between."""
        return rules.read_asked(self.version.questions, self.places)

    @property
    def questions(self) -> tuple[rules.Question, ...]:
        """The questions that are asked."""
        return tuple(part for part in self.parts if part.type not in rules.ASIDE)

    @property
    def leads(self) -> dict[str, tuple[rules.Question, ...]]:
        """The notes and heads of sections before each question; "" for those at the end."""
        return rules.leads(self.parts)

    @property
    def conditions(self) -> dict[str, str]:
        """When each question is to be answered, each note read, in words, by its key."""
        return {
            part.key: paper_words(part.when, self.parts, is_aside=part.type in rules.ASIDE)
            for part in self.parts
            if part.when is not None
        }

    @property
    def takes_photos(self) -> bool:
        """Whether a question asks for photos."""
        return any(question.type == "photo" for question in self.parts)

    def state(self, at: datetime) -> rules.State:
        """Where it stands at `at`."""
        return state_of(self.questionnaire, at)


_AS_ASKED = (
    select(Questionnaire, Version, Courtyard)
    .join(Version, Version.questionnaire_id == Questionnaire.id)
    .join(Courtyard, Courtyard.id == Questionnaire.courtyard_id)
    .where(Questionnaire.id == bindparam("questionnaire"))
    .order_by(Version.number.desc())
    .limit(1)
)
"""put together once: every page of a questionnaire begins with it"""


def state_of(questionnaire: Questionnaire, at: datetime) -> rules.State:
    """Where a questionnaire stands at `at`."""
    return rules.state(questionnaire.opens_at, questionnaire.closes_at, at)


def find(questionnaire_id: str) -> Asked:
    """A questionnaire with its latest version and its courtyard, in one statement.

    Raises:
        NotFound: there is none of this id.
    """
    row = db.session.execute(_AS_ASKED, {"questionnaire": questionnaire_id}).first()
    if row is None:
        raise NotFound(N_("没有这份问卷。请再扫一次墙上的码。"))
    return at_place(*row)


def at_place(questionnaire: Questionnaire, version: Version, courtyard: Courtyard) -> Asked:
    """The questions of a version as this courtyard is asked them."""
    questions = rules.read_questions(version.questions)
    if not any(q.type == "place" and not q.off for q in questions):
        return Asked(questionnaire, version, courtyard)
    stairwells = courtyards.stairwells_of(courtyard.id)
    places = (rules.Choice(rules.place_key(*at), place_in_words(*at)) for at in stairwells)
    return Asked(questionnaire, version, courtyard, tuple(places))


def create(courtyard: Courtyard, template: str, *, by: str, at: datetime) -> Questionnaire:
    """Make a questionnaire from a template that ships, in the courtyard's current round.

    It is not open yet. Whoever taps twice, or asks for one that lies there as it came, is given
    that one.

    Raises:
        Invalid: no such template.
        Refused: no round has begun.
    """
    found = shipped.template(template)
    if found is None:
        raise Invalid(N_("没有这个模板，请在列出的里面选一个。"))
    made = _create(courtyard, found, by, at)
    db.session.commit()
    return made


def _create(courtyard: Courtyard, start: Template, by: str, at: datetime) -> Questionnaire:
    """The questionnaire that is made, or lies there as it was made. Never commits."""
    round_ = rounds.current(courtyard.id)
    if round_ is None:
        raise Refused(N_("请先给这个院子开始一轮改造，再做问卷。"))
    db.session.refresh(round_, with_for_update=True)
    digest = rules.digest(start.questions)
    if (untouched := _untouched(round_.id, start, digest)) is not None:
        return untouched
    made = Questionnaire(
        id=new_id(),
        courtyard_id=courtyard.id,
        round_id=round_.id,
        template=start.key,
        kept_until=at + timedelta(days=start.kept_days),
        created_at=at,
        **start.head,
    )
    db.session.add(made)
    db.session.flush()
    text = rules.write_questions(start.questions)
    db.session.add(
        Version(questionnaire_id=made.id, number=1, questions=text, digest=digest, made_at=at)
    )
    _note("questionnaire.create", made, by, at)
    return made


def _untouched(round_id: str, start: Template, digest: str) -> Questionnaire | None:
    """One that says the very same, and was not opened."""
    return db.session.scalar(
        select(Questionnaire)
        .join(Version, Version.questionnaire_id == Questionnaire.id)
        .where(
            Questionnaire.round_id == round_id,
            Questionnaire.opens_at.is_(None),
            Version.digest == digest,
            *(getattr(Questionnaire, name) == text for name, text in start.head.items()),
        )
        .limit(1)
    )


def open_now(questionnaire: Questionnaire, *, seen: str = "", by: str, at: datetime) -> None:
    """Take answers from now on.

    Args:
        seen: digest of the questions that the page showed; none where nobody saw any.

    Raises:
        Refused: it is open, was closed, or somebody changed the questions meanwhile.
        Invalid: nobody can be asked this, or the close that was set has passed already.
    """
    _open_now(questionnaire, seen, by, at)
    db.session.commit()


def _open_now(questionnaire: Questionnaire, seen: str, by: str, at: datetime) -> None:
    """As `open_now`, for the acts of a meeting too. Never commits."""
    db.session.refresh(questionnaire, with_for_update=True)
    version = find(questionnaire.id).version
    if state_of(questionnaire, at) not in {"draft", "waiting"}:
        raise Refused(N_("这份问卷已经开放过了。"))
    if seen and seen != version.digest:
        raise Refused(N_("刚才有人改了题目。请看一遍，再点开放。"))
    editing.check_ready(rules.read_questions(version.questions))
    _check_order(at, questionnaire.closes_at, questionnaire.kept_until)
    questionnaire.opens_at = at
    _note("questionnaire.open", questionnaire, by, at)


def close_now(questionnaire: Questionnaire, *, by: str, at: datetime) -> None:
    """Take no answers from now on.

    Raises:
        Refused: it is not open.
    """
    _close_now(questionnaire, by, at)
    db.session.commit()


def _close_now(questionnaire: Questionnaire, by: str, at: datetime) -> None:
    """As `close_now`, for the acts of a meeting too. Never commits."""
    if state_of(questionnaire, at) != "open":
        raise Refused(N_("这份问卷现在没有开放。"))
    questionnaire.closes_at = at
    _note("questionnaire.close", questionnaire, by, at)


def set_times(
    questionnaire: Questionnaire,
    opens_at: datetime | None,
    closes_at: datetime | None,
    kept_until: datetime | None = None,
    *,
    by: str,
    at: datetime,
) -> None:
    """Say when it opens and closes by itself, and until when answers are kept.

    Once it is open the opening stays; a new close may still be set, also after the old one passed.

    Raises:
        Invalid: a time that has passed, two in the wrong order, or nothing to ask at the opening.
    """
    if state_of(questionnaire, at) in {"open", "closed"}:
        opens_at = questionnaire.opens_at
    elif opens_at is not None and opens_at < at - timedelta(minutes=1):
        raise Invalid(N_("开放时间已经过去了。想现在就开，请点“现在开放”。"))
    elif opens_at is not None:
        editing.check_ready(find(questionnaire.id).every_question)
    if closes_at is not None and closes_at != questionnaire.closes_at and closes_at <= at:
        raise Invalid(N_("截止时间已经过去了。想现在就截止，请点“现在截止”。"))
    kept_until = kept_until or questionnaire.kept_until
    _check_order(opens_at or at, closes_at, kept_until)
    questionnaire.opens_at, questionnaire.closes_at = opens_at, closes_at
    questionnaire.kept_until = kept_until
    _note("questionnaire.times", questionnaire, by, at, opens_at=opens_at, closes_at=closes_at)
    db.session.commit()


def _check_order(opens_at: datetime, closes_at: datetime | None, kept_until: datetime) -> None:
    if closes_at is not None and opens_at >= closes_at:
        raise Invalid(N_("截止要比开放晚。"))
    if kept_until < (closes_at or opens_at):
        raise Invalid(N_("答卷要保存到截止以后。"))


def _note(act: str, questionnaire: Questionnaire, by: str, at: datetime, **more: object) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=questionnaire.courtyard_id,
        subject_id=questionnaire.id,
        title=questionnaire.title,
        **more,
    )


# What other rooms and the pages ask


def of_courtyard(courtyard_id: str) -> list[Questionnaire]:
    """All questionnaires of a courtyard, the newest first."""
    return list(
        db.session.scalars(
            select(Questionnaire)
            .where(Questionnaire.courtyard_id == courtyard_id)
            .order_by(Questionnaire.created_at.desc(), Questionnaire.id)
        )
    )


def open_ones(courtyard_id: str, at: datetime) -> list[Questionnaire]:
    """Those that take answers at `at`, the one that closes first in front."""
    return open_among(of_courtyard(courtyard_id), at)


def open_among(every: Iterable[Questionnaire], at: datetime) -> list[Questionnaire]:
    """The same of questionnaires that are at hand."""
    found = [q for q in every if q.is_open(at)]
    return sorted(found, key=lambda q: (q.closes_at is None, q.closes_at or q.created_at))


def closed_among(every: Iterable[Questionnaire], at: datetime) -> list[Questionnaire]:
    """Those of them that took answers once, the latest closed in front."""
    found = [q for q in every if q.is_closed(at)]
    return sorted(found, key=lambda q: q.closes_at or q.created_at, reverse=True)
