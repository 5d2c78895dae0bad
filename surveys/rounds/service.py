"""Beginning a round from a template, and closing its steps one by one."""

import json
from collections.abc import Collection
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from surveys.accounts.rules import RoleKind, tidy
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Forbidden, Invalid, NotFound, Refused
from surveys.rounds import rules
from surveys.rounds.models import Round, Step

audit.words({"round.begin": N_("开始一轮改造"), "round.step_done": N_("完成一步")})

TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> dict[str, dict[str, Any]]:
    """The ladders that ship, by key: name, and the list of steps."""
    found = [json.loads(file.read_text("utf-8")) for file in sorted(TEMPLATES.glob("*.json"))]
    return {template["key"]: template for template in found}


@retrying
def begin(courtyard: Courtyard, template: str, name: str, *, by: str, at: datetime) -> Round:
    """Begin a round of `courtyard` on the ladder of a template.

    Raises:
        Invalid: no such template, no name, or a round of this name is there already.
    """
    ladder, name = templates().get(template), tidy(name)
    if ladder is None:
        raise Invalid(N_("没有这个模板。"))
    if not name:
        raise Invalid(N_("请给这一轮起个名字。"))
    taken = select(Round.id).where(Round.courtyard_id == courtyard.id, Round.name == name)
    if db.session.scalar(taken):
        raise Invalid(N_("已经有叫“%(name)s”的一轮了，换个名字。"), name=name)
    begun = Round(
        id=new_id(), courtyard_id=courtyard.id, name=name, method=ladder["name"], created_at=at
    )
    db.session.add(begun)
    db.session.flush()
    for position, step in enumerate(ladder["steps"], 1):
        db.session.add(
            Step(courtyard_id=courtyard.id, round_id=begun.id, position=position, **step)
        )
    audit.note(
        "round.begin", by=by, at=at, courtyard_id=courtyard.id, subject_id=begun.id, name=name
    )
    db.session.commit()
    return begun


def rounds_of(courtyard_id: str) -> list[Round]:
    """The courtyard's rounds, the newest first."""
    return list(
        db.session.scalars(
            select(Round)
            .where(Round.courtyard_id == courtyard_id)
            .order_by(Round.created_at.desc(), Round.id)
        )
    )


def current(courtyard_id: str) -> Round | None:
    """The newest round that has not ended."""
    return next((r for r in rounds_of(courtyard_id) if r.ended_at is None), None)


def current_ones(courtyard_ids: Collection[str]) -> dict[str, str]:
    """Ids of the current rounds, by courtyard; those that have none are left out."""
    found = select(Round.courtyard_id, Round.id).where(
        Round.courtyard_id.in_(courtyard_ids), Round.ended_at.is_(None)
    )
    oldest_first = found.order_by(Round.created_at, Round.id.desc())
    return {row.courtyard_id: row.id for row in db.session.execute(oldest_first)}


def steps_of(round_: Round) -> list[Step]:
    """The round's steps in order."""
    return list(
        db.session.scalars(select(Step).where(Step.round_id == round_.id).order_by(Step.position))
    )


def ladder_of(round_: Round) -> tuple[rules.Rung, ...]:
    """The round's ladder as it is shown."""
    return rules.ladder([(step.name, step.closed_at is not None) for step in steps_of(round_)])


def timeline_of(round_: Round, at: datetime) -> tuple[rules.Span, ...]:
    """How long each of the round's steps took, as it stands at `at`."""
    steps = [(step.name, step.closed_at) for step in steps_of(round_)]
    return rules.timeline(steps, round_.created_at, at)


def close_step(
    step: Step,
    facts: Collection[str],
    *,
    by: str,
    held: Collection[RoleKind],
    at: datetime,
) -> None:
    """Close a step of the ladder.

    Args:
        facts: codes of what holds now, gathered by the caller from the rooms below.
        held: kinds of role that `by` holds on the courtyard.

    Raises:
        Refused: an earlier step is open, this one is closed, or its fact does not hold yet.
        Forbidden: another role closes it.
    """
    earlier = select(Step.id).where(
        Step.round_id == step.round_id, Step.position < step.position, Step.closed_at.is_(None)
    )
    if db.session.scalar(earlier.limit(1)):
        raise Refused(N_("前面的步骤还没完成。"))
    if step.closed_at is not None:
        raise Refused(N_("这一步已经完成了。"))
    if not rules.may_close(step.needs, facts):
        raise Refused(rules.FACTS[step.needs])
    if RoleKind(step.confirmed_by) not in held:
        raise Forbidden
    step.closed_at, step.closed_by = at, by
    audit.note(
        "round.step_done",
        by=by,
        at=at,
        courtyard_id=step.courtyard_id,
        subject_id=step.round_id,
        name=step.name,
    )
    db.session.commit()


def find(round_id: str) -> Round:
    """The round.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound
    return found
