"""What each role may do, and what a name and a password must be.

Roles stand on a place and reach everything below it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum

from surveys.base.words import N_
from surveys.errors import Invalid


class RoleKind(StrEnum):
    """A post somebody holds on a place."""

    ADMINISTRATOR = "administrator"
    ORGANIZER = "organizer"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OBSERVER = "observer"


class May(StrEnum):
    """A thing that staff may be allowed to do."""

    LOOK = "look"
    """open the desk's pages of a courtyard"""
    KEY_IN = "key_in"
    """key in paper, phone calls and visits; sort suggestions"""
    PRINT = "print"
    """print posters, slips and forms"""
    RUN = "run"
    """import the roll, make, open, close and publish things"""
    SEAL = "seal"
    """seal a ballot"""
    CONFIRM = "confirm"
    """confirm what another account keyed in, sign the numbers by channel, hold the sealed bundle"""
    OVERSEE = "oversee"
    """see which households are called back, and what they said"""
    ADMINISTER = "administer"
    """accounts, roles and the place tree"""


ALLOWED: Mapping[RoleKind, frozenset[May]] = {
    RoleKind.ADMINISTRATOR: frozenset({May.LOOK, May.ADMINISTER}),
    RoleKind.ORGANIZER: frozenset(
        {May.LOOK, May.KEY_IN, May.PRINT, May.RUN, May.SEAL, May.OVERSEE}
    ),
    RoleKind.CLERK: frozenset({May.LOOK, May.KEY_IN, May.PRINT}),
    RoleKind.SUPERVISOR: frozenset({May.LOOK, May.CONFIRM, May.OVERSEE}),
    RoleKind.OBSERVER: frozenset({May.LOOK}),
}

ROLE_NAMES: Mapping[RoleKind, str] = {
    RoleKind.ADMINISTRATOR: N_("管理员"),
    RoleKind.ORGANIZER: N_("组织者"),
    RoleKind.CLERK: N_("录入员"),
    RoleKind.SUPERVISOR: N_("监督员"),
    RoleKind.OBSERVER: N_("观察员"),
}


def may(roles: Iterable[tuple[RoleKind, str]], path: str, act: May) -> bool:
    """Whether somebody holding `roles` (kind, path of its place) may do `act` at `path`.

    Paths are the ids from the root down, each followed by a slash, so that a place's path starts
    with the path of every place above it.
    """
    return any(path.startswith(above) and act in ALLOWED[kind] for kind, above in roles)


PLANTED = ("district", "street", "community", "zone")
"""Levels whose places administrators add and rename; a courtyard and what is in it come by roll."""

PASSWORD_LEAST = 10
PASSWORD_MOST = 200  # hashing a novel would only keep the server busy
PASSWORD_SIGNS = 5  # different ones, so that 1111111111 does not pass
_SIGN_IN_NAME = re.compile(r"[\w.\-]{2,60}")
_OWN_PATH = re.compile(r"/(?!/)[\w\-./?=&%+,:~]*(#[\w-]*)?")


def tidy(typed: str) -> str:
    """What was typed as one line of visible text: composed, invisible signs out, spaces single."""
    composed = unicodedata.normalize("NFC", typed)
    visible = (c if unicodedata.category(c)[0] != "C" else " " for c in composed)
    return " ".join("".join(visible).split())


def one_line(typed: str, most: int, missing: str | None = None) -> str:
    """What was typed, tidied, if it can stand.

    Args:
        missing: message id of what is said where nothing was typed; None: nothing may be typed.

    Raises:
        Invalid: nothing was typed, or more than `most` characters.
    """
    said = tidy(typed)
    if missing and not said:
        raise Invalid(missing)
    if len(said) > most:
        raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=most)
    return said


def sign_in_name(typed: str) -> str:
    """A name as it is kept and compared: full-width letters narrow, lower case, no space around."""
    return tidy(unicodedata.normalize("NFKC", typed)).lower()


def name_fault(name: str) -> str | None:
    """Message id of what is wrong with a new account's name (already tidied), or None."""
    if _SIGN_IN_NAME.fullmatch(name):
        return None
    return N_("登录名用 2 到 60 个字：汉字、字母、数字、点和横线，中间不留空格。")


def password_fault(password: str, name: str) -> str | None:
    """Message id of what is wrong with a new password of the account `name`, or None."""
    if len(password) < PASSWORD_LEAST:
        return N_("密码太短，至少要 10 个字。")
    if len(password) > PASSWORD_MOST:
        return N_("密码太长，最多 200 个字。")
    if sign_in_name(password) == name:
        return N_("密码不能和登录名一样。")
    if len(set(password)) < PASSWORD_SIGNS:
        return N_("密码里同样的字太多，别人容易猜到。")
    return None


def own_path(typed: str | None, otherwise: str = "/desk/") -> str:
    """Where to go on to: the page of this site that was asked for; `otherwise` where none was."""
    return typed if typed and _OWN_PATH.fullmatch(typed) else otherwise
