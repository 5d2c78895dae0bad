"""Courtyards and their rolls: making one, finding one, importing its households."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from surveys.accounts.models import Place
from surveys.accounts.rules import ALLOWED, May, RoleKind, may
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards import codes, housing, rules
from surveys.courtyards.models import Courtyard, Household, Reprint
from surveys.courtyards.rules import Plan, RollRow
from surveys.errors import Invalid, NotFound, Refused

ABOVE_COURTYARDS = ("street", "community", "zone")
"""levels of places that a courtyard may lie in"""

audit.words(
    {
        "courtyard.new": N_("建了楼院“%(name)s”"),
        "courtyard.change": N_("改了楼院的名字、电话或自管会"),
        "roll.import": N_("导入花名册：新增 %(new)s 户，改面积 %(changed)s 户"),
    }
)


# one courtyard, several


def create_courtyard(
    name: str,
    parent_place: Place,
    *,
    phone: str,
    committee: str,
    zone: str = "Asia/Shanghai",
    rows: Sequence[RollRow] = (),
    by: str | None,
    at: datetime,
) -> Courtyard:
    """Make a courtyard that lives by the clocks of `zone`, its place, and its permanent code.

    Args:
        rows: its roll, if it is there already; as for `import_roll`.

    Raises:
        Invalid: the name is blank or taken in that place, or no courtyard can lie there.
    """
    name = new_name(name, parent_place)
    place = housing._place_below(parent_place, "courtyard", name)
    courtyard = Courtyard(
        id=place.id,
        name=name,
        code=_free_code(),
        phone=phone.strip(),
        committee=committee.strip(),
        zone=zone,
        created_at=at,
    )
    db.session.add(courtyard)
    audit.note("courtyard.new", by=by, at=at, courtyard_id=place.id, subject_id=place.id, name=name)
    if rows:
        housing._import(courtyard, rules.compare([], rows), {}, by, at)
    db.session.commit()
    return courtyard


def new_name(typed: str, parent_place: Place) -> str:
    """The name that a new courtyard would have there. Changes nothing.

    Raises:
        Invalid: as for `create_courtyard`.
    """
    name = _named(typed)
    if parent_place.level not in ABOVE_COURTYARDS:
        raise Invalid(N_("“%(place)s”下面不能建楼院。"), place=parent_place.name)
    _refuse_taken(name, parent_place.id, except_for=None)
    return name


def change_courtyard(
    courtyard: Courtyard, *, name: str, phone: str, committee: str, by: str, at: datetime
) -> None:
    """Change what is printed and shown of a courtyard. Its code stays: it hangs on the wall.

    Raises:
        Invalid: the name is blank or another courtyard's there.
    """
    name = _named(name)
    place = db.session.get_one(Place, courtyard.id)
    _refuse_taken(name, place.parent_id, except_for=place.id)
    place.name = courtyard.name = name
    courtyard.phone, courtyard.committee = phone.strip(), committee.strip()
    audit.note(
        "courtyard.change",
        by=by,
        at=at,
        courtyard_id=courtyard.id,
        subject_id=courtyard.id,
        name=name,
        phone=courtyard.phone,
        committee=courtyard.committee,
    )
    db.session.commit()


def _named(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or not name.isprintable():
        raise Invalid(N_("请写楼院的名字，只用看得见的字。"))
    return name


def _refuse_taken(name: str, parent_id: str | None, *, except_for: str | None) -> None:
    taken = select(Place.id).where(Place.parent_id == parent_id, Place.name == name)
    if db.session.scalar(taken) not in (None, except_for):
        raise Invalid(N_("这里已经有一个“%(name)s”了。"), name=name)


def _free_code() -> str:
    while True:
        code = codes.new_courtyard_code()
        if db.session.scalar(select(Courtyard.id).where(Courtyard.code == code)) is None:
            return code


def find(courtyard_id: str) -> Courtyard:
    """The courtyard of this id.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Courtyard, courtyard_id)
    if found is None:
        raise NotFound
    return found


def by_code(typed: str) -> Courtyard:
    """The courtyard whose public code was typed or scanned.

    Raises:
        NotFound: there is none; with what may be wrong with the code.
    """
    code = codes.fold(typed)[:40]
    found = db.session.scalar(select(Courtyard).where(Courtyard.code == code))
    if found is not None:
        return found
    try:
        codes.checked(typed, codes.COURTYARD_LENGTH)
    except Invalid as fault:
        raise NotFound(fault.msgid, **fault.params) from fault
    raise NotFound(N_("没有哪个院子用这个院码。请对着墙上的海报再看一遍。"))


def visible(roles: Sequence[tuple[RoleKind, str]], most: int | None = None) -> list[Courtyard]:
    """The courtyards that somebody holding `roles` (kind, path of its place) may look at.

    Args:
        most: read no more than so many; which ones is then left open.
    """
    paths = [path for kind, path in roles if May.LOOK in ALLOWED[kind]]
    if not paths:
        return []
    seen = or_(*(Place.path.startswith(path, autoescape=True) for path in paths))
    asked = select(Courtyard).join(Place, Place.id == Courtyard.id).where(seen).limit(most)
    return sorted(db.session.scalars(asked), key=lambda one: rules.natural_key(one.name))


def all_courtyards() -> list[Courtyard]:
    """Every courtyard of this installation, by name."""
    found = db.session.scalars(select(Courtyard))
    return sorted(found, key=lambda courtyard: rules.natural_key(courtyard.name))


def places_for_courtyards(roles: Sequence[tuple[RoleKind, str]]) -> list[Place]:
    """Where somebody holding `roles` may make a courtyard: communities and zones first."""
    found = db.session.scalars(
        select(Place).where(Place.level.in_(ABOVE_COURTYARDS)).order_by(Place.path)
    )
    return [place for place in found if may_arrange(roles, place)]


def may_arrange(roles: Sequence[tuple[RoleKind, str]], place: Place) -> bool:
    """Whether courtyards may be made at `place`, or `place` be renamed: by who runs it or above."""
    return may(roles, place.path, May.RUN) or may(roles, place.path, May.ADMINISTER)


def size(courtyard_id: str) -> tuple[int, int, int]:
    """Households, buildings, and the floor area of all together in dm²."""
    households, buildings, area_dm2 = db.session.execute(
        select(
            func.count(),
            func.count(Household.building.distinct()),
            func.sum(Household.area_dm2),
        ).where(Household.courtyard_id == courtyard_id)
    ).one()
    return households, buildings, int(area_dm2 or 0)


def households_of(courtyard_id: str) -> list[Household]:
    """The roll, door by door."""
    return list(
        db.session.scalars(
            select(Household)
            .where(Household.courtyard_id == courtyard_id)
            .order_by(Household.position)
        )
    )


def rows_of(courtyard_id: str) -> list[RollRow]:
    """The roll as rows of a table."""
    return [housing.row_of(household) for household in households_of(courtyard_id)]


def households_in(courtyard_ids: Collection[str]) -> dict[str, int]:
    """How many households each of these courtyards has; those without any are left out."""
    found = db.session.execute(
        select(Household.courtyard_id, func.count())
        .where(Household.courtyard_id.in_(courtyard_ids))
        .group_by(Household.courtyard_id)
    )
    return {courtyard_id: count for courtyard_id, count in found}  # noqa: C416 - rows, not pairs


def buildings_of(courtyard_id: str) -> list[tuple[str, int]]:
    """The buildings in order, each with its number of households."""
    found = db.session.execute(
        select(Household.building, func.count())
        .where(Household.courtyard_id == courtyard_id)
        .group_by(Household.building)
        .order_by(func.min(Household.position))
    )
    return [(building, count) for building, count in found]


def stairwells_of(courtyard_id: str) -> list[tuple[str, str]]:
    """Each building with each of its stairwells ("" where there is none), in order of doors."""
    return [
        (building, stairwell)
        for building, stairwell in db.session.execute(
            select(Household.building, Household.stairwell)
            .where(Household.courtyard_id == courtyard_id)
            .group_by(Household.building, Household.stairwell)
            .order_by(func.min(Household.position))
        )
    ]


def household_at(courtyard_id: str, typed: str) -> Household:
    """The household whose door was typed in one line, such as 3-2-301.

    Raises:
        Invalid: it is no door, or none or several of the roll.
    """
    building, stairwell, room = rules.typed_door(typed)
    wanted = select(Household).where(
        Household.courtyard_id == courtyard_id,
        Household.building == building,
        Household.room == room,
    )
    if stairwell:
        wanted = wanted.where(Household.stairwell == stairwell)
    found = list(db.session.scalars(wanted.limit(2)))
    if not found:
        raise Invalid(N_("花名册里没有“%(door)s”。"), door=rules.printable(typed))
    if len(found) > 1:
        raise Invalid(N_("有好几户都叫“%(door)s”，请把单元也写上。"), door=rules.printable(typed))
    return found[0]


# what rooms below ask and set


def reprints_waiting(courtyard_id: str) -> int:
    """How many reprints wait to be granted."""
    waiting = select(func.count()).where(
        Reprint.courtyard_id == courtyard_id, Reprint.granted_at.is_(None)
    )
    return db.session.scalar(waiting) or 0


def _lock_guard(courtyard_id: str) -> None:
    """Let one act at a time say how long slips are guarded; votes that come in do not wait."""
    courtyard = select(Courtyard).where(Courtyard.id == courtyard_id)
    db.session.scalars(courtyard.with_for_update(key_share=True)).one()


def _guard_slips_until(courtyard_id: str, until: datetime | None) -> None:
    """Guard the courtyard's slips until then; None: no longer. Never commits."""
    db.session.get_one(Courtyard, courtyard_id).slips_guarded_until = until


def _lock(courtyard: Courtyard) -> None:
    """Let one act at a time change this courtyard's roll and codes. Never commits."""
    db.session.refresh(courtyard, with_for_update=True)


# the roll


def plan_import(courtyard: Courtyard, rows: Iterable[RollRow]) -> Plan:
    """What `import_roll` would change now. Changes nothing."""
    return rules.compare(rows_of(courtyard.id), rows)


def import_roll(
    courtyard: Courtyard,
    rows: Sequence[RollRow],
    *,
    by: str | None,
    at: datetime,
    seen: str | None = None,
) -> Plan:
    """Bring the roll up to `rows`: new households are added, areas updated. Nobody is removed.

    Codes stay as they are. The rows come checked from `roll.read_roll`. Sent twice, they are saved
    once.

    Args:
        seen: the fingerprint of the plan that was shown, where somebody agreed to one.

    Raises:
        Refused: the roll has changed since, so that something else would be saved.
    """
    _lock(courtyard)
    present = households_of(courtyard.id)
    plan = rules.compare(map(housing.row_of, present), rows)
    if not plan.new and not plan.changed:
        db.session.rollback()
        return plan
    if seen is not None and seen != plan.fingerprint:
        raise Refused(N_("花名册刚刚被别人改过。请把文件再交一次，重新看一遍。"))
    held = {housing.row_of(household).door: household for household in present}
    housing._import(courtyard, plan, held, by, at)
    db.session.commit()
    return plan
