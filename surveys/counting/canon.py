"""One way to write a value down, so that two honest machines get the same bytes and the same hash.

Canonical JSON here: keys sorted by code point, text in Unicode NFC and unescaped, no blank
between tokens, whole numbers only. Floats are refused: they print differently from place to
place, and nothing that is counted here needs one.
"""

import hashlib
import json
from collections.abc import Mapping
from unicodedata import normalize


def canonical_json(value: object) -> str:
    """Write `value` (None, bool, int, str, lists, tuples and mappings of these) canonically.

    Raises:
        TypeError: a float, a key that is no text, or any other type is somewhere inside.
        ValueError: two keys become one under NFC, or text holds half a surrogate pair.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text.encode("utf-8")  # half a surrogate pair cannot be hashed or sent: found here, not later
    return text


def digest(value: object) -> str:
    """SHA-256 of the UTF-8 bytes of `canonical_json(value)`, as 64 hex digits."""
    return text_digest(canonical_json(value))


def text_digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of a text that is canonical already, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _plain_mapping(mapping: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise TypeError(f"a key of canonical JSON is text, not {type(key).__name__}")
        name = normalize("NFC", key)
        if name in plain:
            raise ValueError(f"two keys are the same in NFC: {name!r}")
        plain[name] = _plain(value)
    return plain
