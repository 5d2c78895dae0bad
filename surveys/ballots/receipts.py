"""Receipts: one per household and ballot, the same however often the household votes. Pure.

A receipt is derived from the installation's secret, so that it can be shown again; only its hash
is stored, and stands in the chain, so that whoever holds the paper can find it there.
"""

import hashlib
import hmac

from surveys.courtyards import codes

LENGTH = 14
"""thirteen symbols, 65 bits, and a check symbol"""
_BITS = 5 * (LENGTH - 1)


def code_for(secret: bytes, ballot_id: str, household_id: str) -> str:
    """The receipt of one household in one ballot."""
    keyed = hmac.digest(secret, f"receipt\0{ballot_id}:{household_id}".encode(), "sha256")
    number = int.from_bytes(keyed, "big") >> (len(keyed) * 8 - _BITS)
    payload = "".join(codes.ALPHABET[number >> (5 * n) & 31] for n in reversed(range(LENGTH - 1)))
    return payload + codes.check_symbol(payload)


def fingerprint(secret: bytes, ballot_id: str) -> str:
    """By which a ballot knows the secret of its receipts again: 64 hex digits."""
    return hmac.digest(secret, f"receipts of\0{ballot_id}".encode(), "sha256").hex()


def digest(code: str) -> str:
    """SHA-256 of the receipt as text, 64 hex digits: what is stored and what the chain shows."""
    return hashlib.sha256(code.encode()).hexdigest()
