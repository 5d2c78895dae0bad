"""Accounts, their roles, and the places they stand on: every act is one commit and is audited.

Whether somebody may do an act was asked before (`access`); here the rules that hold for everybody.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from surveys.accounts import passwords, rules
from surveys.accounts.models import Account, Place, PlaceLevel, Role
from surveys.accounts.rules import ROLE_NAMES, RoleKind
from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid, Refused

audit.words(
    {
        "account.create": N_("建了账号：%(title)s（%(name)s）"),
        "account.password": N_("改了自己的密码"),
        "account.reset": N_("重设了密码：%(title)s"),
        "account.disable": N_("停用了账号：%(title)s"),
        "account.enable": N_("恢复了账号：%(title)s"),
        "role.give": N_("给“%(title)s”加了职务：%(place)s，%(role)s"),
        "role.take": N_("去掉了“%(title)s”的职务：%(place)s，%(role)s"),
        "place.add": N_("添了一处：%(name)s"),
        "place.rename": N_("改了名：%(old)s 改为 %(name)s"),
        "level.rename": N_("改了各级的叫法：%(names)s"),
    }
)


def hash_aside(password: str) -> str:
    """Hash with no transaction open: it is slow on purpose, and other writers would wait for it.

    What the session holds is read again afterwards; call it before anything is added.
    """
    db.session.rollback()
    return passwords.hash_password(password)


# --- accounts ------------------------------------------------------------------------------------


def create_account(
    name: str,
    title: str,
    *,
    by: str | None,
    at: datetime,
    password: str | None = None,
    role: tuple[Place, RoleKind] | None = None,
) -> tuple[Account, str]:
    """A new account, and the password to hand over.

    Args:
        password: one chosen already; without it one is made up that must be changed at first use.
        role: a first post, as place and kind.

    Raises:
        Invalid: the name cannot be one or is taken, or the password is too weak.
    """
    account, given = _new_account(name, title, password, by=by, at=at)
    if role:
        _give(account, *role, by=by, at=at)
    db.session.commit()
    return account, given


def _new_account(
    name: str, title: str, password: str | None, *, by: str | None, at: datetime
) -> tuple[Account, str]:
    """Part of acts that make an account: it comes before anything else that they write."""
    name, title = rules.sign_in_name(name), rules.tidy(title)
    _refuse_password(password, name)
    if fault := rules.name_fault(name):
        raise Invalid(fault)
    given = password or passwords.one_time()
    account = Account(
        id=new_id(),
        name=name,
        title=title or name,
        password_hash=hash_aside(given),
        must_change_password=password is None,
        created_at=at,
    )
    db.session.add(account)
    _or_refuse(Invalid(N_("已经有叫“%(name)s”的账号了，换一个登录名。"), name=name))
    audit.note(
        "account.create", by=by, at=at, subject_id=account.id, name=name, title=account.title
    )
    return account, given


def set_password(account: Account, password: str, *, by: str | None, at: datetime) -> None:
    """Give `account` this password; every session it had ends.

    Raises:
        Invalid: the password is too weak.
    """
    _refuse_password(password, account.name)
    _set_hash(account, hash_aside(password), must_change=False)
    _note_account("account.reset", account, by, at)
    db.session.commit()


def reset_password(account: Account, *, by: str | None, at: datetime) -> str:
    """Give `account` a one-time password, returned once and to be changed at its next sign-in.

    Raises:
        Refused: it is the account of `by`, who changes it by knowing it.
    """
    if account.id == by:
        raise Refused(N_("自己的密码，请点右上角您的称呼去改。"))
    password = passwords.one_time()
    _set_hash(account, hash_aside(password), must_change=True)
    _note_account("account.reset", account, by, at)
    db.session.commit()
    return password


def disable(account: Account, *, by: str, at: datetime) -> None:
    """Close an account: nobody signs in with it any more, and its sessions end.

    Raises:
        Refused: it is one's own, so that no place loses its administrator by a slip.
    """
    if account.id == by:
        raise Refused(N_("不能停用自己的账号。"))
    if account.disabled_at is None:
        account.disabled_at = at
        account.generation += 1
        _note_account("account.disable", account, by, at)
    db.session.commit()


def enable(account: Account, *, by: str, at: datetime) -> None:
    """Open a disabled account again, with the password it had."""
    if account.disabled_at is not None:
        account.disabled_at = None
        _note_account("account.enable", account, by, at)
    db.session.commit()


def _set_hash(account: Account, hashed: str, *, must_change: bool) -> None:
    account.password_hash = hashed
    account.must_change_password = must_change
    account.generation += 1


def _note_account(act: str, account: Account, by: str | None, at: datetime) -> None:
    audit.note(act, by=by, at=at, subject_id=account.id, title=account.title)


def _refuse_password(password: str | None, name: str) -> None:
    fault = rules.password_fault(password, name) if password is not None else None
    if fault:
        raise Invalid(fault)


def _or_refuse(fault: Invalid | Refused) -> None:
    """Write what was added; where the table objects, `fault`. The table settles races."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise fault from error


# --- the first day -------------------------------------------------------------------------------


def begin(top: Place, community: str | None, *, by: Account, at: datetime) -> Place:
    """An empty installation gets its first community, with `by` as the organizer there.

    Args:
        community: its name; None: `top` itself is one, or lies below one.

    Raises:
        Invalid: no name, or it is taken.
    """
    place = _first_place(top, community, by.id, at)
    _give(by, place, RoleKind.ORGANIZER, by=by.id, at=at)
    db.session.commit()
    return place


def begin_for(
    top: Place, community: str | None, name: str, title: str, *, by: str, at: datetime
) -> tuple[Account, str]:
    """The same with a new account as the organizer, and its one-time password.

    Raises:
        Invalid: as for `begin`, or the account's name cannot be one or is taken.
    """
    account, given = _new_account(name, title, None, by=by, at=at)
    _give(account, _first_place(top, community, by, at), RoleKind.ORGANIZER, by=by, at=at)
    db.session.commit()
    return account, given


def _first_place(top: Place, community: str | None, by: str, at: datetime) -> Place:
    if community is None:
        return top
    place = _add_place(community, "community", top)
    audit.note("place.add", by=by, at=at, subject_id=place.id, name=place.name)
    return place


# --- roles ---------------------------------------------------------------------------------------


def give_role(
    account: Account, place: Place, kind: RoleKind, *, by: str | None, at: datetime
) -> Role:
    """Give `account` a post on `place`, and so on everything below it.

    Raises:
        Refused: it holds it already.
    """
    role = _give(account, place, kind, by=by, at=at)
    db.session.commit()
    return role


def take_role(role: Role, *, by: str, at: datetime) -> None:
    """Take a post away.

    Raises:
        Refused: it is one's own post as administrator, or the account's last: an account without
            any would be out of every administrator's sight.
    """
    if role.account_id == by and role.kind == RoleKind.ADMINISTRATOR:
        raise Refused(N_("不能去掉自己的管理员职务，请另一位管理员来做。"))
    held = select(func.count()).where(Role.account_id == role.account_id)
    if db.session.scalar(held) == 1:
        raise Refused(N_("这是最后一个职务。要换，先加上新的；不用了，就停用这个账号。"))
    account, place = db.session.get_one(Account, role.account_id), _place_of(role)
    db.session.delete(role)
    _note_role("role.take", account, place, RoleKind(role.kind), by, at)
    db.session.commit()


def _give(account: Account, place: Place, kind: RoleKind, *, by: str | None, at: datetime) -> Role:
    role = Role(id=new_id(), account_id=account.id, place_id=place.id, kind=kind)
    db.session.add(role)
    _or_refuse(Refused(N_("这个职务已经有了。")))
    _note_role("role.give", account, place, kind, by, at)
    return role


def _place_of(role: Role) -> Place:
    return db.session.get_one(Place, role.place_id)


def _note_role(
    act: str, account: Account, place: Place, kind: RoleKind, by: str | None, at: datetime
) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=place.id if place.level == "courtyard" else None,
        subject_id=account.id,
        title=account.title,
        place=place.name,
        place_id=place.id,
        role=ROLE_NAMES[kind],
    )


# --- places --------------------------------------------------------------------------------------


def add_place(
    name: str, level: str, parent: Place | None, *, by: str | None, at: datetime
) -> Place:
    """A new place above the courtyards: below `parent`, or at the top.

    Raises:
        Invalid: no name, the name is taken there, or the level does not stand below the parent's.
    """
    if level not in rules.PLANTED:
        raise Invalid(N_("这一级不在这里添加。"))
    place = _add_place(name, level, parent)
    audit.note("place.add", by=by, at=at, subject_id=place.id, name=place.name)
    db.session.commit()
    return place


def _add_place(name: str, level: str, parent: Place | None) -> Place:
    """Part of acts that plant a place, here and in the rooms below; of any level."""
    name = _place_name(name)
    if parent and _position(level) <= _position(parent.level):
        raise Invalid(N_("这一级不能放在“%(parent)s”下面。"), parent=parent.name)
    if _named_so(name, parent.id if parent else None):
        raise Invalid(N_("这里已经有“%(name)s”了。"), name=name)
    place = Place(id=new_id(), name=name, level=level, parent_id=parent.id if parent else None)
    place.path = f"{parent.path if parent else ''}{place.id}/"
    db.session.add(place)
    _or_refuse(Invalid(N_("这里已经有“%(name)s”了。"), name=name))
    return place


def rename_place(place: Place, name: str, *, by: str, at: datetime) -> None:
    """Give a place above the courtyards another name.

    Raises:
        Invalid: no name, or it is taken there, or the place is not one of those.
    """
    if place.level not in rules.PLANTED:
        raise Invalid(N_("这一级不在这里改名。"))
    name, old = _place_name(name), place.name
    if name != old:
        if _named_so(name, place.parent_id):
            raise Invalid(N_("这里已经有“%(name)s”了。"), name=name)
        place.name = name
        _or_refuse(Invalid(N_("这里已经有“%(name)s”了。"), name=name))
        audit.note("place.rename", by=by, at=at, subject_id=place.id, old=old, name=name)
    db.session.commit()


def _place_name(typed: str) -> str:
    name = rules.tidy(typed)
    if not name:
        raise Invalid(N_("请写上名字。"))
    return name


def _named_so(name: str, parent_id: str | None) -> bool:
    """Whether a place of this name stands there; at the top no constraint would tell."""
    found = select(Place.id).where(Place.parent_id == parent_id, Place.name == name)
    return db.session.scalar(found.limit(1)) is not None


def _position(level: str) -> int:
    found = db.session.get(PlaceLevel, level)
    if found is None:
        raise Invalid(N_("没有这一级。"))
    return found.position


def rename_levels(names: dict[str, str], *, by: str, at: datetime) -> None:
    """Name the levels of the tree as this town does.

    Args:
        names: level key → name; levels left out keep theirs.

    Raises:
        Invalid: a name is empty.
    """
    changed = []
    for key, typed in names.items():
        level = db.session.get_one(PlaceLevel, key)
        name = _place_name(typed)
        if name != level.name:
            level.name = name
            changed.append(name)
    if changed:
        audit.note("level.rename", by=by, at=at, names="、".join(changed))
    db.session.commit()
