"""Codes that people read from paper and type: alphabet, folding, check symbol, derivation. Pure.

A courtyard's code is public: six random symbols and a check symbol. A household's code comes in two
forms, both derived from the installation's secret, the household and its generation, so that they
can be printed again and need not be stored: a long one for the QR (128 bits, 26 symbols) and a
short one to type (10 symbols, 50 bits, and a check symbol), valid only inside its courtyard.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from surveys.base.words import N_
from surveys.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 symbols. I, L, O and U are left out, since they are read as 1, 1, 0 and V; all of them stand
in the alphanumeric mode of QR codes"""

COURTYARD_LENGTH = 7
SHORT_LENGTH = 11
LONG_LENGTH = 26

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BETWEEN = frozenset("-_.,·、。~'\"\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fb\u30fc")


def fold(typed: str) -> str:
    """What was meant by what was typed: case, width, spaces, dashes, look-alikes are one."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    kept = (s for s in wide if not (s.isspace() or s in _BETWEEN or not s.isprintable()))
    return "".join(kept).translate(_READ_AS)


def check_symbol(payload: str) -> str:
    """The symbol that follows `payload`, so that a slip of the eye or the finger shows.

    The symbols are elements of the field of 32 elements (x⁵ + x² + 1), weighted by rising powers
    of its generator x. The weights of up to 31 symbols all differ and none is zero, so every wrong
    symbol and every exchange of two different symbols, neighbours or not, changes the sum.
    """
    return ALPHABET[_sum(_VALUE[symbol] for symbol in payload)]


def _sum(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total = (total ^ value) << 1
        if total & 0b100000:
            total ^= 0b100101
    return total


def is_whole(code: str) -> bool:
    """Whether a folded code ends with the check symbol of what stands before it."""
    return len(code) > 1 and set(code) <= set(ALPHABET) and code[-1] == check_symbol(code[:-1])


def checked(typed: str, length: int) -> str:
    """The folded code of `length` symbols that was typed.

    Raises:
        Invalid: in words, what is wrong with it as it stands.
    """
    code = fold(typed)
    if not code:
        raise Invalid(N_("还没有填。"))
    strange = next((symbol for symbol in code if symbol not in _VALUE), None)
    if strange:
        raise Invalid(N_("码里没有“%(symbol)s”，只有数字和英文字母。"), symbol=strange)
    if len(code) != length:
        raise Invalid(
            N_("应该是 %(length)d 个字，您填了 %(typed)d 个。"), length=length, typed=len(code)
        )
    if not is_whole(code):
        raise Invalid(N_("有一个字看错了，或者两个字颠倒了。请对着纸再看一遍。"))
    return code


def new_courtyard_code() -> str:
    """A courtyard's code by chance: six symbols and their check symbol."""
    payload = "".join(secrets.choice(ALPHABET) for _ in range(COURTYARD_LENGTH - 1))
    return payload + check_symbol(payload)


def household_codes(secret: bytes, household_id: str, generation: int) -> tuple[str, str]:
    """The long and the short code of one generation of a household.

    Args:
        secret: the installation's secret, at least 32 bytes.
    """
    about = f"{household_id}:{generation}"
    long = symbols(keyed(secret, "household long code", about)[:16], LONG_LENGTH)
    payload = symbols(keyed(secret, "household short code", about)[:8], SHORT_LENGTH - 1)
    return long, payload + check_symbol(payload)


def long_hash(secret: bytes, code: str) -> str:
    """What the table keeps of a folded long code: 64 hexadecimal digits, worthless without key."""
    return keyed(secret, "household long look-up", code).hex()


def short_hash(secret: bytes, courtyard_id: str, code: str) -> str:
    """What the table keeps of a folded short code; the same code elsewhere has another hash."""
    return keyed(secret, "household short look-up", f"{courtyard_id}:{code}").hex()


def grouped(short: str) -> str:
    """A code as it is printed, in fours: K7M4-Q9XT-3RW."""
    return "-".join(short[n : n + 4] for n in range(0, len(short), 4))


def keyed(secret: bytes, purpose: str, about: str) -> bytes:
    """32 bytes that follow from the secret for one purpose and tell nothing of another's."""
    return hmac.digest(secret, f"{purpose}\0{about}".encode(), sha256)


def symbols(chance: bytes, length: int) -> str:
    """The first bits of `chance` as `length` symbols of five bits, filled up with zeros."""
    bits = len(chance) * 8
    number = int.from_bytes(chance, "big")
    shift = bits - 5 * length
    number = number >> shift if shift >= 0 else number << -shift
    return "".join(ALPHABET[number >> (5 * n) & 31] for n in reversed(range(length)))
