"""Changing what is asked: in place before the opening, afterwards by a new version.

While answers come in, changes are gathered in a version of number 0, which nobody is asked, until
somebody puts it out: then it gets the next number, and what was answered keeps its own version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.questionnaires import editing, replacing, rules, service
from surveys.questionnaires.cards import Faulty
from surveys.questionnaires.differences import Difference, differences
from surveys.questionnaires.models import Questionnaire, Response, Version
from surveys.questionnaires.received import current
from surveys.questionnaires.service import LONGEST, Asked

WORKED_ON = 0
"""number of the version that is being worked on"""
ONE_NOTE = timedelta(minutes=30)
"""one account's changes within it are one line of the trail"""

audit.words(
    {
        "questionnaire.reword": N_("改了问卷“%(title)s”的题目"),
        "questionnaire.publish": N_("发出了问卷“%(title)s”的第 %(number)s 版"),
        "questionnaire.discard": N_("没要问卷“%(title)s”还没发出的改动"),
    }
)


@dataclass(frozen=True, slots=True)
class Past:
    """One version that was asked: how many answers count that were given to it."""

    version: Version
    answers: int
    changes: tuple[Difference, ...]
    """from the one before it"""

    @property
    def questions(self) -> tuple[rules.Question, ...]:
        """All its questions, those switched off too."""
        return rules.read_questions(self.version.questions)

    @property
    def asked_then(self) -> tuple[rules.Question, ...]:
        """What was asked, with what was offered."""
        return rules.asked(self.questions)


def working(asked: Asked) -> Asked:
    """The questionnaire as the desk works on it: with changes that are not put out yet."""
    held = db.session.scalar(
        select(Version)
        .where(Version.questionnaire_id == asked.id, Version.number == WORKED_ON)
        .execution_options(populate_existing=True)
    )
    if held is None:
        return asked
    return service.at_place(asked.questionnaire, held, asked.courtyard)


def history(asked: Asked) -> list[Past]:
    """Every version that was asked, the newest first."""
    rows = db.session.execute(
        select(Response.version_id, func.count())
        .where(Response.questionnaire_id == asked.id, current())
        .group_by(Response.version_id)
    )
    counts = {row[0]: int(row[1]) for row in rows}
    found: list[Past] = []
    for version in _of(asked.id):
        before = found[-1].questions if found else None
        now = rules.read_questions(version.questions)
        changes = differences(before, now) if before is not None else []
        found.append(Past(version, counts.get(version.id, 0), tuple(changes)))
    return found[::-1]


def pending(asked: Asked) -> list[Difference]:
    """What would change for residents if what is worked on were put out now."""
    return differences(asked.every_question, working(asked).every_question)


def _of(questionnaire_id: str, *, with_worked_on: bool = False) -> list[Version]:
    least = WORKED_ON if with_worked_on else 1
    return list(
        db.session.scalars(
            select(Version)
            .where(Version.questionnaire_id == questionnaire_id, Version.number >= least)
            .order_by(Version.number)
            .execution_options(populate_existing=True)
        )
    )


@retrying
def save(asked: Asked, edit: editing.Edit, *, by: str, at: datetime) -> editing.Edited:
    """Save what was typed on the open card, and do what the button says.

    Raises:
        Refused: it is closed, or somebody else saved other questions meanwhile.
        Invalid: something typed cannot stand so.
    """
    done = _save(asked, edit, by, at)
    db.session.commit()
    return done


@retrying
def publish(asked: Asked, edit: editing.Edit, *, by: str, at: datetime) -> int:
    """Save what was typed, and ask everybody this from now on.

    Returns: the number of the version.

    Raises:
        Refused: nothing was changed, it is not open, or somebody else saved meanwhile.
        Invalid: something typed cannot stand so, or nobody could be asked this.
    """
    _save(asked, edit, by, at, is_strict=True)
    db.session.flush()
    held = _of(asked.id, with_worked_on=True)
    if held[0].number != WORKED_ON:
        raise Refused(N_("题目没有改动，不用发新的一版。"))
    editing.check_ready(rules.read_questions(held[0].questions))
    held[0].number, held[0].made_at = held[-1].number + 1, at
    service._note("questionnaire.publish", asked.questionnaire, by, at, number=held[0].number)
    db.session.commit()
    return held[0].number


@retrying
def put_in_place(
    asked: Asked, questions: tuple[rules.Question, ...], seen: str, *, by: str, at: datetime
) -> None:
    """Put these questions in the place of all that are worked on.

    Args:
        seen: digest of those, as they were when somebody looked at what is to replace them.

    Raises:
        Refused: it is closed, or somebody else saved other questions meanwhile.
        Invalid: what was asked would change its meaning.
    """
    _lock(asked.questionnaire)
    held = _of(asked.id, with_worked_on=True)
    is_before = _is_before(asked, at)
    latest = held[0] if held[0].number == WORKED_ON else held[-1]
    if seen != latest.digest:
        raise Refused(N_("刚才别人也改了题目。请把文件再交一次，重新看一遍。"))
    published = [] if is_before else [_read(v) for v in held if v.number != WORKED_ON]
    made = replacing.in_place_of(published, questions)
    editing.check_ready(made)
    if rules.digest(made) != latest.digest:
        _write(asked, held, latest, made, is_before=is_before, at=at)
        _note_once(asked.questionnaire, by, at)
    db.session.commit()


@retrying
def discard(asked: Asked, seen: str, *, by: str, at: datetime) -> None:
    """Give up the changes that were not put out.

    Raises:
        Refused: somebody else changed more meanwhile.
    """
    _lock(asked.questionnaire)
    held = _of(asked.id, with_worked_on=True)
    if held[0].number == WORKED_ON:
        _check_seen(held[0], seen)
        db.session.delete(held[0])
        service._note("questionnaire.discard", asked.questionnaire, by, at)
    db.session.commit()


def _save(
    asked: Asked, edit: editing.Edit, by: str, at: datetime, *, is_strict: bool = False
) -> editing.Edited:
    """Does not commit. Strict: who changes nothing must have seen the questions too."""
    _lock(asked.questionnaire)
    held = _of(asked.id, with_worked_on=True)
    is_before = _is_before(asked, at)
    latest = held[0] if held[0].number == WORKED_ON else held[-1]
    published = [] if is_before else [_read(v) for v in held if v.number != WORKED_ON]
    if edit.seen != latest.digest and not edit.head and not is_strict:
        again = editing.done_already(_read(latest), edit, published)
        if again is not None:
            return again
    _check_seen(latest, edit.seen)
    done = editing.edited(_read(latest), edit, published)
    if asked.state(at) == "waiting":
        editing.check_ready(done.questions)
    head_changed = _reword_head(asked.questionnaire, edit.head, is_before=is_before)
    if rules.digest(done.questions) != latest.digest:
        _write(asked, held, latest, done.questions, is_before=is_before, at=at)
    elif not head_changed:
        return done
    _note_once(asked.questionnaire, by, at)
    return done


def _is_before(asked: Asked, at: datetime) -> bool:
    """Whether nobody was asked yet: then questions are changed where they stand."""
    state = asked.state(at)
    if state == "closed":
        raise Refused(N_("问卷截止了，题目不再改。要接着问，先把截止往后改。"))
    return state in {"draft", "waiting"}


def _lock(questionnaire: Questionnaire) -> None:
    """Of two who save at once the second waits here, and then reads what the first left."""
    db.session.refresh(questionnaire, with_for_update=True)


def _check_seen(version: Version, seen: str) -> None:
    if seen != version.digest:
        raise Refused(N_("刚才别人也改了题目。您打的字都还在，看一遍，再存一次就按您的。"))


def _read(version: Version) -> tuple[rules.Question, ...]:
    return rules.read_questions(version.questions)


def _write(
    asked: Asked,
    held: list[Version],
    latest: Version,
    questions: tuple[rules.Question, ...],
    *,
    is_before: bool,
    at: datetime,
) -> None:
    """Into the version itself before the opening, else into the one that is worked on."""
    digest = rules.digest(questions)
    if not is_before and latest.number != WORKED_ON:
        latest = Version(questionnaire_id=asked.id, number=WORKED_ON)
        db.session.add(latest)
    elif not is_before and digest == held[-1].digest:
        db.session.delete(latest)
        return
    latest.questions, latest.digest = rules.write_questions(questions), digest
    latest.made_at = at


def _reword_head(
    questionnaire: Questionnaire, typed: Mapping[str, str], *, is_before: bool
) -> bool:
    """Whether the words of the first screen changed; once it is open, its promises stay."""
    said, faults = {}, {}
    for name, text in typed.items():
        try:
            said[name] = _head(name, text)
        except Invalid as fault:
            faults[name] = fault
    if faults:
        raise Faulty(faults, N_("首屏上的话还存不了，请看红字。"))
    changed = {n: text for n, text in said.items() if text != getattr(questionnaire, n)}
    if changed and not is_before:
        raise Refused(N_("问卷已经开放，首屏上的话不能再改了：大家是看了它才答的。"))
    for name, text in changed.items():
        setattr(questionnaire, name, text)
    return bool(changed)


def _head(name: str, typed: str) -> str:
    text = rules.clean(typed)
    if not text and name != "intro":
        raise Invalid(N_("这里不能空着。"))
    if len(text) > LONGEST[name]:
        say = N_("“%(start)s…”太长了，最多 %(most)d 个字。")
        raise Invalid(say, start=text[:8], most=LONGEST[name])
    return text


def _note_once(questionnaire: Questionnaire, by: str, at: datetime) -> None:
    """One line for all that one account changes in a while; the trail is to be read."""
    last = next(iter(audit.about(questionnaire.id, 1)), None)
    act = "questionnaire.reword"
    if last is None or (last.act, last.account_id) != (act, by) or last.at < at - ONE_NOTE:
        service._note(act, questionnaire, by, at)
