"""Signing in and out, and changing one's own password."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from surveys.accounts import failures, passwords, rules
from surveys.accounts.models import Account
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid, Refused

TRIES_FOR_A_NAME = 10
TRIES_FROM_AN_ADDRESS = 40  # a whole office comes from one

audit.words(
    {
        "account.sign_in": N_("登录"),
        "account.sign_out": N_("退出"),
    }
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a try to sign in comes from."""

    address: str
    known: tuple[str, ...] = ()
    """marks of the accounts that signed in on this browser before: strangers who try these names
    elsewhere cannot lock it out"""


def mark(name: str) -> str:
    """What a browser keeps of an account that signed in on it; also names what is counted."""
    return sha256(name.encode()).hexdigest()[:32]


def sign_in(name: str, password: str, visitor: Visitor, *, at: datetime) -> Account:
    """The account whose name and password these are. Takes as long for a name nobody has.

    Raises:
        Refused: they belong to no account that is open; it is not said which of them is wrong.
        TooOften: too many wrong tries on this name, or from this address.
    """
    name = rules.sign_in_name(name)
    counted = _counted(name, visitor)
    for subject, most in counted.items():
        failures.refuse_if_too_many(subject, most, at)
    account = db.session.scalar(select(Account).where(Account.name == name))
    kept = account.password_hash if account and account.disabled_at is None else None
    if not _verify_aside(kept, password) or account is None or kept is None:
        failures.note_failures(counted, at)
        raise Refused(N_("登录名或密码不对。"))
    renewed = passwords.renewed(kept, password)
    _refuse_if_changed(account, kept)
    account.password_hash = renewed or kept
    failures._forgive([next(iter(counted))])
    audit.note("account.sign_in", by=account.id, at=at, subject_id=account.id)
    db.session.commit()
    return account


def sign_out(account: Account, *, at: datetime) -> None:
    """End every session of the account: a copy of the cookie is no way back in."""
    account.generation += 1
    audit.note("account.sign_out", by=account.id, at=at, subject_id=account.id)
    db.session.commit()


def change_password(account: Account, typed: str | None, new: str, *, at: datetime) -> None:
    """Change one's own password; every session of before ends.

    Args:
        typed: the present password; not asked of somebody who signed in with a one-time one.

    Raises:
        Refused: the present password is wrong.
        Invalid: the new one is too weak, or no other.
        TooOften: too many wrong tries.
    """
    kept, name = account.password_hash, account.name
    if not account.must_change_password:
        _check_present(name, kept, typed or "", at)
    if fault := rules.password_fault(new, name):
        raise Invalid(fault)
    if _verify_aside(kept, new):
        raise Invalid(N_("新密码不能和现在的一样。"))
    hashed = passwords.hash_password(new)
    _refuse_if_changed(account, kept)
    account.password_hash = hashed
    account.must_change_password = False
    account.generation += 1
    audit.note("account.password", by=account.id, at=at, subject_id=account.id)
    db.session.commit()


def _counted(name: str, visitor: Visitor) -> dict[str, int]:
    """What failures are counted against, and how many each may have; the name's comes first."""
    known = mark(name) in visitor.known
    if known:
        return {f"sign-in-known:{mark(name)}": TRIES_FOR_A_NAME}
    return {
        f"sign-in:{mark(name)}": TRIES_FOR_A_NAME,
        f"sign-in-from:{visitor.address}"[:80]: TRIES_FROM_AN_ADDRESS,
    }


def _check_present(name: str, kept: str, typed: str, at: datetime) -> None:
    subject = f"password:{mark(name)}"
    failures.refuse_if_too_many(subject, TRIES_FOR_A_NAME, at)
    if not _verify_aside(kept, typed):
        failures.note_failure(subject, at)
        raise Refused(N_("现在的密码不对。"))


def _verify_aside(kept: str | None, typed: str) -> bool:
    """Verify with no transaction open: it is slow on purpose, and other writers would wait."""
    db.session.rollback()
    return passwords.verify(kept, typed)


def _refuse_if_changed(account: Account, kept: str) -> None:
    """Refuse where the account, read again, was changed or closed while its hash was tried."""
    if account.disabled_at is not None or account.password_hash != kept:
        raise Refused(N_("这个账号刚刚改过，请再试一次。"))
