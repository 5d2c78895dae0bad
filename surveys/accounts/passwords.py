"""Passwords: hashed with argon2id, made up for newcomers, verified at equal cost for everybody."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""19 MiB, two passes: the least that OWASP's Password Storage Cheat Sheet asks of argon2id."""

_ROOM = BoundedSemaphore(4)  # so that a crowd at the door cannot take all the memory
_SYMBOLS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another


@cache
def _nobodys() -> str:
    """The hash that is tried where there is no account, so that the time tells nothing."""
    with _ROOM:
        return HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The salted hash to keep. Slow on purpose: call it while no transaction is open."""
    with _ROOM:
        return HASHER.hash(password)


def verify(kept: str | None, typed: str) -> bool:
    """Whether `typed` is the password of hash `kept`; as slow and always False for None."""
    nobodys = _nobodys()
    try:
        with _ROOM:
            HASHER.verify(kept or nobodys, typed)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def renewed(kept: str, password: str) -> str | None:
    """A new hash where `kept` was made at another strength than today's, else None."""
    return hash_password(password) if HASHER.check_needs_rehash(kept) else None


def one_time() -> str:
    """A password to hand over once, of 59 bits of chance: `k7m4-qx2t-9h3c`."""
    symbols = [secrets.choice(_SYMBOLS) for _ in range(12)]
    return "-".join("".join(symbols[n : n + 4]) for n in (0, 4, 8))
