"""One questionnaire copied to many courtyards, each copy with its own codes, answers and results.

All copies know the first one, and of one first one there is one copy a round: pressing twice, or
copying a copy, makes none twice.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import aliased

from surveys.accounts.models import Place
from surveys.accounts.rules import ALLOWED, May, RoleKind
from surveys.base import audit
from surveys.base.db import db, new_id, retrying, table_of
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.courtyards.rules import natural_key
from surveys.errors import Invalid, Refused
from surveys.questionnaires import editing, shipped
from surveys.questionnaires.models import Questionnaire, Version
from surveys.questionnaires.service import Asked
from surveys.rounds import service as rounds

Roles = Iterable[tuple[RoleKind, str]]
"""kind, and path of its place"""
Times = tuple[datetime | None, datetime | None]
"""opening and close"""

NO_ROUND = N_("还没开始一轮改造")
ORIGIN_HERE = N_("原件就在这里")
HAS_ONE = N_("这一轮已经有一份了")

audit.words(
    {
        "questionnaire.copy": N_("照别院的做了问卷“%(title)s”"),
        "questionnaire.copied": N_("把问卷“%(title)s”复制到 %(n)s 个院子"),
    }
)


@dataclass(frozen=True, slots=True)
class Yard:
    """A courtyard that a copy might go to."""

    courtyard: Courtyard
    area_id: str
    """the place right above it"""
    area: str
    round_id: str | None
    why: str | None
    """message id of why it cannot take one; None: it can"""


@dataclass(frozen=True, slots=True)
class Copy:
    """One of a family of copies, and where it is."""

    questionnaire: Questionnaire
    courtyard: Courtyard
    area: str


def origin_of(questionnaire: Questionnaire) -> str:
    """Id of the one that all copies go back to: its own, where it is that one."""
    return questionnaire.origin_id or questionnaire.id


def yards(asked: Asked, roles: Roles) -> list[Yard]:
    """Every courtyard that somebody with these roles runs, area by area; in three statements."""
    found = _below(roles, May.RUN)
    current = rounds.current_ones([courtyard.id for courtyard, _area in found])
    origin = origin_of(asked.questionnaire)
    family = dict(
        db.session.execute(
            select(Questionnaire.round_id, Questionnaire.id).where(_of_family(origin))
        ).all()
    )
    return [
        Yard(courtyard, area.id, area.name, round_id, _why(round_id, family, origin))
        for courtyard, area in found
        for round_id in [current.get(courtyard.id)]
    ]


def _why(round_id: str | None, family: dict[str, str], origin: str) -> str | None:
    if round_id is None:
        return NO_ROUND
    if round_id not in family:
        return None
    return ORIGIN_HERE if family[round_id] == origin else HAS_ONE


def _of_family(origin: str) -> ColumnElement[bool]:
    """The first one, or a copy of it."""
    return or_(Questionnaire.id == origin, Questionnaire.origin_id == origin)


def _below(roles: Roles, act: May) -> list[tuple[Courtyard, Place]]:
    """The courtyards where these roles allow `act`, each with the place above it, in order."""
    paths = [path for kind, path in roles if act in ALLOWED[kind]]
    if not paths:
        return []
    above = aliased(Place)
    inside: list[ColumnElement[bool]] = [Place.path.startswith(p, autoescape=True) for p in paths]
    rows = db.session.execute(
        select(Courtyard, above)
        .join(Place, Place.id == Courtyard.id)
        .join(above, above.id == Place.parent_id)
        .where(or_(*inside))
    )
    pairs = [(courtyard, area) for courtyard, area in rows]
    return sorted(pairs, key=lambda p: (natural_key(p[1].name), p[1].id, natural_key(p[0].name)))


def is_compared(asked: Asked, roles: Roles) -> bool:
    """Whether these roles may look at another of the family; quick where there is none."""
    origin = origin_of(asked.questionnaire)
    other = select(Questionnaire.id).where(
        _of_family(origin),
        Questionnaire.id != asked.id,
    )
    if db.session.scalar(other.limit(1)) is None:
        return False
    return len(family_of(asked, roles)) > 1


def family_of(asked: Asked, roles: Roles) -> list[Copy]:
    """The first one and all its copies, as far as these roles may look, area by area."""
    where = {courtyard.id: (courtyard, area.name) for courtyard, area in _below(roles, May.LOOK)}
    origin = origin_of(asked.questionnaire)
    found = db.session.scalars(
        select(Questionnaire)
        .where(_of_family(origin))
        .order_by(Questionnaire.created_at, Questionnaire.id)
    ).all()
    order = {courtyard_id: n for n, courtyard_id in enumerate(where)}
    seen = sorted(
        (q for q in found if q.courtyard_id in where), key=lambda q: order[q.courtyard_id]
    )
    return [Copy(q, *where[q.courtyard_id]) for q in seen]


@retrying
def copy(
    asked: Asked,
    chosen: Collection[str],
    roles: Roles,
    *,
    with_times: bool = False,
    by: str,
    at: datetime,
) -> int:
    """Copy a questionnaire to the chosen courtyards, all of them or none; how many were made.

    Those that have one already are passed over, so that pressing twice makes none twice.

    Args:
        chosen: ids of courtyards.
        with_times: the copies open and close as this one does: at once where it is open.

    Raises:
        Invalid: none was chosen, or nobody can be asked this.
        Refused: it has closed, so that nothing could be opened as it was; or none of those chosen
            can take one.
    """
    wanted = [yard for yard in yards(asked, roles) if yard.courtyard.id in chosen]
    if not wanted:
        raise Invalid(N_("请至少选一个院子。"))
    taking = [yard for yard in wanted if yard.why is None]
    if not taking and not any(yard.why == HAS_ONE for yard in wanted):
        raise Refused(N_("选的院子都收不了，看看各自写的原因。"))
    times = _times(asked, at) if with_times else (None, None)
    if taking:
        _insert(asked, taking, times, by, at)
    db.session.commit()
    return len(taking)


def _times(asked: Asked, at: datetime) -> Times:
    """When a copy made at `at` opens and closes, to be as this one."""
    q, state = asked.questionnaire, asked.state(at)
    if state == "closed":
        raise Refused(N_("这一份已经截止了，时间没法照它的来。"))
    if q.opens_at is not None:
        editing.check_ready(asked.every_question)
    return (at if state == "open" else q.opens_at), q.closes_at


def _insert(asked: Asked, taking: Sequence[Yard], times: Times, by: str, at: datetime) -> None:
    """Write the copies, their first versions and the trail. Never commits."""
    q = asked.questionnaire
    same: dict[str, Any] = {
        **{name: getattr(q, name) for name in (*shipped.HEAD, "template", "identity")},
        "opens_at": times[0],
        "closes_at": times[1],
        "kept_until": at + (q.kept_until - q.created_at),
        "origin_id": origin_of(q),
        "created_at": at,
    }
    rows = [
        {**same, "id": new_id(), "courtyard_id": yard.courtyard.id, "round_id": yard.round_id}
        for yard in taking
    ]
    first = {"number": 1, "questions": asked.version.questions, "digest": asked.version.digest}
    db.session.execute(insert(table_of(Questionnaire)), rows)
    versions = [{**first, "questionnaire_id": row["id"], "made_at": at} for row in rows]
    db.session.execute(insert(table_of(Version)), versions)
    for row in rows:
        _note("questionnaire.copy", row["id"], row["courtyard_id"], q.title, by, at, origin_id=q.id)
    _note("questionnaire.copied", q.id, q.courtyard_id, q.title, by, at, n=len(rows))


def _note(
    act: str, q: str, courtyard_id: str, title: str, by: str, at: datetime, **more: object
) -> None:
    audit.note(act, by=by, at=at, courtyard_id=courtyard_id, subject_id=q, title=title, **more)
