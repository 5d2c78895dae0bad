"""Household codes: made, looked up, printed on slips, and renewed while a ballot is open.

The table keeps keyed hashes only. A code is computed again from the installation's secret, the
household and its generation, whenever a slip is printed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveys.accounts.models import Account
from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.courtyards import codes
from surveys.courtyards.models import Courtyard, Household, HouseholdCode, Reprint
from surveys.courtyards.service import _lock, households_of
from surveys.errors import Forbidden, Invalid, NotFound, Refused

PRINTS = ("slips.print", "slips.renew", "slips.reprint")

audit.words(
    {
        "slips.print": N_("印了 %(count)s 张条子，楼栋：%(what)s"),
        "slips.renew": N_("给 %(door)s 换了条子，旧的作废"),
        "slips.ask": N_("申请给 %(door)s 换条子：%(reason)s"),
        "slips.grant": N_("同意给 %(door)s 换条子，旧的作废"),
        "slips.reprint": N_("印了 %(door)s 换的条子"),
    }
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed on one slip."""

    household: Household
    long: str
    """for the QR, in capitals"""
    short: str
    """to type, in groups: K7M4-Q9XT-3RW"""


@dataclass(frozen=True, slots=True)
class Wish:
    """A reprint with what the desk shows of it."""

    reprint: Reprint
    household: Household
    asked_by: str
    """title of the account"""
    granted_by: str | None


# codes


def ensure_codes(courtyard: Courtyard, secret: bytes, at: datetime) -> int:
    """Give every household of the roll a code that has none; how many there were."""
    _lock(courtyard)
    without = without_slip(courtyard.id)
    _make_first(without, secret, at)
    db.session.commit()
    return len(without)


def without_slip(courtyard_id: str) -> list[Household]:
    """The households that no slip was ever printed for, door by door."""
    found = db.session.scalars(
        select(Household)
        .outerjoin(HouseholdCode, HouseholdCode.household_id == Household.id)
        .where(Household.courtyard_id == courtyard_id, HouseholdCode.id.is_(None))
        .order_by(Household.position)
    )
    return list(found)


def _make_first(households: Iterable[Household], secret: bytes, at: datetime) -> None:
    db.session.add_all(_code(household, 1, secret, at) for household in households)
    db.session.flush()


def _code(household: Household, generation: int, secret: bytes, at: datetime) -> HouseholdCode:
    long, short = codes.household_codes(secret, household.id, generation)
    return HouseholdCode(
        id=new_id(),
        courtyard_id=household.courtyard_id,
        household_id=household.id,
        generation=generation,
        long_hash=codes.long_hash(secret, long),
        short_hash=codes.short_hash(secret, household.courtyard_id, short),
        made_at=at,
    )


def household_code(household: Household, secret: bytes) -> tuple[str, str]:
    """The household's present codes: long for the QR, short to type.

    Raises:
        NotFound: none has been made yet (see `ensure_codes`).
    """
    generation = db.session.scalar(
        select(HouseholdCode.generation).where(
            HouseholdCode.household_id == household.id, HouseholdCode.retired_at.is_(None)
        )
    )
    if generation is None:
        raise NotFound(N_("这一户还没有条子。"))
    return codes.household_codes(secret, household.id, generation)


def find_by_long(typed: str, secret: bytes) -> HouseholdCode:
    """The code that was scanned, retired or not.

    Raises:
        NotFound: no household ever had it.
    """
    code = codes.fold(typed)[: codes.LONG_LENGTH + 1]
    found = db.session.scalar(
        select(HouseholdCode).where(HouseholdCode.long_hash == codes.long_hash(secret, code))
    )
    if found is None:
        raise NotFound(N_("没有这张条子。网址可能少了或错了一个字，请再扫一次。"))
    return found


def find_by_short(courtyard: Courtyard, typed: str, secret: bytes) -> HouseholdCode:
    """The code that was typed on the courtyard's page, retired or not.

    Raises:
        Invalid: it cannot be a code as it stands; in words, why.
        NotFound: it could be one, but no household of this courtyard ever had it.
    """
    code = codes.checked(typed, codes.SHORT_LENGTH)
    found = db.session.scalar(
        select(HouseholdCode).where(
            HouseholdCode.courtyard_id == courtyard.id,
            HouseholdCode.short_hash == codes.short_hash(secret, courtyard.id, code),
        )
    )
    if found is None:
        raise NotFound(
            N_("字没写错，可“%(courtyard)s”没有这张条子。它可能是别的院子的。"),
            courtyard=courtyard.name,
        )
    return found


def household_of(code: HouseholdCode) -> Household:
    """Whose code it is."""
    return db.session.get_one(Household, code.household_id)


# printing


def guarded(courtyard: Courtyard, at: datetime) -> bool:
    """Whether slips are guarded: a ballot is open, and a second slip would be a second vote."""
    return courtyard.slips_guarded_until is not None and at < courtyard.slips_guarded_until


def print_slips(
    courtyard: Courtyard, buildings: Collection[str], *, secret: bytes, by: str, at: datetime
) -> list[Slip]:
    """The slips of whole buildings, door by door; noted in the audit trail.

    While slips are guarded, those of households that never had one: no family gets two.

    Raises:
        Invalid: no building is named, or none that has households.
        Refused: slips are guarded, and all of these households have had theirs.
    """
    _lock(courtyard)
    chosen = [h for h in households_of(courtyard.id) if h.building in buildings]
    if not chosen:
        raise Invalid(N_("请至少选一栋楼。"))
    first = [h for h in without_slip(courtyard.id) if h.building in buildings]
    if guarded(courtyard, at) and not (chosen := first):
        _refuse_guarded(courtyard, at)
    _make_first(first, secret, at)
    named = list(dict.fromkeys(household.building for household in chosen))
    audit.note(
        "slips.print",
        by=by,
        at=at,
        courtyard_id=courtyard.id,
        count=len(chosen),
        what="、".join(named),
    )
    found = _slips(chosen, secret)
    db.session.commit()
    return found


def renew_slip(
    courtyard: Courtyard, household: Household, *, secret: bytes, by: str, at: datetime
) -> Slip:
    """A new slip for one that was lost; the old one is void at once, phones that hold it too.

    Raises:
        Refused: slips are guarded: this takes a second account then (see `ask_reprint`).
    """
    _lock(courtyard)
    _refuse_guarded(courtyard, at)
    _raise_generation(household, secret, at)
    audit.note(
        "slips.renew",
        by=by,
        at=at,
        courtyard_id=courtyard.id,
        subject_id=household.id,
        door=_door(household),
    )
    (slip,) = _slips([household], secret)
    db.session.commit()
    return slip


def _refuse_guarded(courtyard: Courtyard, at: datetime) -> None:
    if guarded(courtyard, at):
        raise Refused(
            N_("点单正开着，条子不能成批再印。哪家的丢了，就给哪家申请换一张，由另一个人同意。")
        )


def _raise_generation(household: Household, secret: bytes, at: datetime) -> None:
    """Retire the household's code and make the next one. Never commits."""
    present = db.session.scalar(
        select(HouseholdCode)
        .where(HouseholdCode.household_id == household.id, HouseholdCode.retired_at.is_(None))
        .with_for_update()
    )
    if present is not None:
        present.retired_at = at
        db.session.flush()  # before the next one comes: only one may be current
    generation = present.generation + 1 if present else 1
    db.session.add(_code(household, generation, secret, at))
    db.session.flush()


def _slips(households: Iterable[Household], secret: bytes) -> list[Slip]:
    wanted = list(households)
    generations: dict[str, int] = {}
    for household_id, generation in db.session.execute(
        select(HouseholdCode.household_id, HouseholdCode.generation).where(
            HouseholdCode.courtyard_id == wanted[0].courtyard_id,
            HouseholdCode.retired_at.is_(None),
        )
    ):
        generations[household_id] = generation
    found = []
    for household in wanted:
        long, short = codes.household_codes(secret, household.id, generations[household.id])
        found.append(Slip(household, long, codes.grouped(short)))
    return found


def _door(household: Household) -> str:
    """The door for the audit trail, in no language: 3-2-301."""
    return "-".join(
        part for part in (household.building, household.stairwell, household.room) if part
    )


def printed(courtyard_id: str, most: int = 20) -> list[tuple[AuditEntry, str]]:
    """Who printed which slips, the newest first, each with the account's title."""
    found = db.session.execute(
        select(AuditEntry, func.coalesce(Account.title, ""))
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(AuditEntry.courtyard_id == courtyard_id, AuditEntry.act.in_(PRINTS))
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(most)
    )
    return [(entry, title) for entry, title in found]


# reprints while guarded


def ask_reprint(
    courtyard: Courtyard, household: Household, reason: str, *, by: str, at: datetime
) -> Reprint:
    """Ask for a new slip of one household; another account must grant it.

    Raises:
        Invalid: no reason is given.
        Refused: one is being asked for already.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(N_("请写为什么要换。"))
    waiting = select(Reprint.id).where(
        Reprint.household_id == household.id, Reprint.printed_at.is_(None)
    )
    if db.session.scalar(waiting.limit(1)):
        raise Refused(N_("这一户已经有人申请换条子了，还没印。"))
    wish = Reprint(
        id=new_id(),
        courtyard_id=courtyard.id,
        household_id=household.id,
        reason=reason[:200],
        asked_by=by,
        asked_at=at,
    )
    db.session.add(wish)
    audit.note(
        "slips.ask",
        by=by,
        at=at,
        courtyard_id=courtyard.id,
        subject_id=household.id,
        door=_door(household),
        reason=wish.reason,
    )
    db.session.commit()
    return wish


def grant_reprint(wish: Reprint, *, secret: bytes, by: str, at: datetime) -> None:
    """Agree to a reprint: the old slip is void at once, and phones that hold it are signed out.

    Raises:
        Forbidden: the same account asked for it.
        Refused: it is granted already.
    """
    db.session.refresh(wish, with_for_update=True)
    if wish.asked_by == by:
        raise Forbidden(N_("这是您自己申请的，要由另一个人同意。"))
    if wish.granted_at is not None:
        raise Refused(N_("已经有人同意过了。"))
    household = _household_of(wish)
    wish.granted_by, wish.granted_at = by, at
    _raise_generation(household, secret, at)
    audit.note(
        "slips.grant",
        by=by,
        at=at,
        courtyard_id=wish.courtyard_id,
        subject_id=household.id,
        door=_door(household),
    )
    db.session.commit()


def print_reprint(wish: Reprint, *, secret: bytes, by: str, at: datetime) -> Slip:
    """The slip of a granted reprint, once.

    Raises:
        Refused: nobody has granted it, or it was printed.
    """
    db.session.refresh(wish, with_for_update=True)
    if wish.granted_at is None:
        raise Refused(N_("还没有人同意，不能印。"))
    if wish.printed_at is not None:
        raise Refused(N_("这张已经印过了。又丢了，请再申请一次。"))
    household = _household_of(wish)
    wish.printed_at = at
    audit.note(
        "slips.reprint",
        by=by,
        at=at,
        courtyard_id=wish.courtyard_id,
        subject_id=household.id,
        door=_door(household),
    )
    (slip,) = _slips([household], secret)
    db.session.commit()
    return slip


def _household_of(wish: Reprint) -> Household:
    return db.session.get_one(Household, wish.household_id)


def wishes(courtyard_id: str) -> list[Wish]:
    """Reprints asked for and not printed yet, the oldest first."""
    asker, granter = db.aliased(Account), db.aliased(Account)
    found = db.session.execute(
        select(Reprint, Household, asker.title, granter.title)
        .join(Household, Household.id == Reprint.household_id)
        .join(asker, asker.id == Reprint.asked_by)
        .outerjoin(granter, granter.id == Reprint.granted_by)
        .where(Reprint.courtyard_id == courtyard_id, Reprint.printed_at.is_(None))
        .order_by(Reprint.asked_at, Reprint.id)
    )
    return [Wish(*row) for row in found]
