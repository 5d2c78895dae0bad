"""Whether owners may vote online: off, unless a rule of the place or of one above it allows it."""

from datetime import datetime

from sqlalchemy import func, select

from surveys.accounts.models import Place
from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.owners.register_models import OnlineRule

LONGEST_BASIS = 200

audit.words(
    {
        "online.allow": N_("允许“%(place)s”的业主在网上投票：%(basis)s"),
        "online.forbid": N_("“%(place)s”的业主表决只用纸票：%(basis)s"),
        "online.drop": N_("“%(place)s”的网上投票改回跟上一级走"),
    }
)


def rule_of(courtyard_id: str) -> OnlineRule | None:
    """The rule that counts at a courtyard: of the nearest place up the tree that has one."""
    rule, _place = rule_and_place(courtyard_id)
    return rule


def rule_and_place(place_id: str) -> tuple[OnlineRule | None, Place | None]:
    """The rule that counts at a place, and where it was set; none where nobody ever set one."""
    path = db.session.get_one(Place, place_id).path
    above = [part for part in path.split("/") if part]
    nearest_first = (
        select(OnlineRule, Place)
        .join(Place, Place.id == OnlineRule.place_id)
        .where(OnlineRule.place_id.in_(above))
        .order_by(func.length(Place.path).desc())
    )
    found = db.session.execute(nearest_first.limit(1)).first()
    return (found[0], found[1]) if found else (None, None)


def rules_at(place_id: str) -> OnlineRule | None:
    """The rule that was set at this very place."""
    return db.session.get(OnlineRule, place_id)


def set_rule(place: Place, *, is_allowed: bool, basis: str, by: str, at: datetime) -> None:
    """Say whether owners may vote online at a place and below it; votes that run keep theirs.

    Raises:
        Invalid: the sentence that says so is missing or too long.
    """
    said = one_line(basis, LONGEST_BASIS, N_("请写依据：哪份文件、第几条、怎么说的。"))
    rule = db.session.get(OnlineRule, place.id)
    if rule is None:
        rule = OnlineRule(place_id=place.id)
        db.session.add(rule)
    rule.is_allowed, rule.basis, rule.set_by, rule.set_at = is_allowed, said, by, at
    act = "online.allow" if is_allowed else "online.forbid"
    audit.note(act, by=by, at=at, subject_id=place.id, place=place.name, basis=said)
    db.session.commit()


def drop_rule(place: Place, *, by: str, at: datetime) -> None:
    """Let the rule of the place above hold here again."""
    rule = db.session.get(OnlineRule, place.id)
    if rule is not None:
        db.session.delete(rule)
        audit.note("online.drop", by=by, at=at, subject_id=place.id, place=place.name)
    db.session.commit()
