"""The link key of a ballot: what alone can tell whose choice is whose, and only until sealing.

It lies in two files outside the database, each in a folder of its own. Either file is enough;
losing both voids the ballot, and removing both at sealing is what makes the promise good: every
encrypted choice left in old pages, logs and backups of the database has no key any more.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from surveys.counting import ways
from surveys.counting.ways import Marks

NONCE_BYTES = 12
KEY_BYTES = 32


class KeyLost(Exception):
    """Neither file of this ballot's link key can be read."""


class Unreadable(Exception):
    """An encrypted choice is not what this ballot's key wrote."""


@dataclass(frozen=True, slots=True)
class LinkKey:
    """One ballot's key and its tie seed. Never shown, logged or stored anywhere else."""

    ballot_id: str
    key: bytes = field(repr=False)
    tie_seed: bytes = field(repr=False)

    def pseudonym(self, participation_id: str, number: int) -> str:
        """The name under which the choice of one entry lies in the table of votes."""
        return self._derived("pseudonym", f"{participation_id}:{number}").hex()

    def encrypt(self, choice: Marks, pseudonym: str, size: int) -> bytes:
        """The choice, padded to `size` bytes so that its length tells nothing, and encrypted.

        Raises:
            ValueError: the choice is longer than `size`.
        """
        text = ways.canonical(choice).encode()
        if len(text) > size:
            raise ValueError("a choice does not fit its padding")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, text.ljust(size), pseudonym.encode())

    def decrypt(self, sealed: bytes, pseudonym: str) -> dict[str, int]:
        """The marks that `encrypt` wrote for this pseudonym.

        Raises:
            Unreadable: it was written for another entry, by another key, or changed since.
        """
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            text = self._cipher().decrypt(nonce, rest, pseudonym.encode())
            return ways.parse(text.decode().rstrip(" "))
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("choice", ""))

    def _derived(self, use: str, what: str) -> bytes:
        message = f"surveys/link-key/1:{self.ballot_id}:{use}:{what}"
        return hmac.digest(self.key, message.encode(), "sha256")


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """The two folders in which link keys lie, one file a ballot in each."""

    folders: tuple[Path, Path]

    def make(self, ballot_id: str) -> LinkKey:
        """Make a new key and write both files to the disk before returning."""
        made = LinkKey(ballot_id, secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))
        for path in self._files(ballot_id):
            _write(path, _as_json(made))
        return made

    def read(self, ballot_id: str) -> LinkKey:
        """The key, from whichever file can be read.

        Raises:
            KeyLost: both files are gone or damaged.
        """
        for path in self._files(ballot_id):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                return _from_json(path.read_text("utf-8"), ballot_id)
        raise KeyLost(ballot_id)

    def forget(self, ballot_id: str) -> None:
        """Remove both files for good. Forgetting what is forgotten does nothing."""
        for path in self._files(ballot_id):
            _destroy(path)

    def held(self) -> set[str]:
        """Ids of the ballots of which at least one file is still there."""
        return {
            file.stem
            for folder in self.folders
            if folder.is_dir()
            for file in folder.glob("*.json")
        }

    def _files(self, ballot_id: str) -> Iterator[Path]:
        return (folder / f"{ballot_id}.json" for folder in self.folders)


def _as_json(key: LinkKey) -> str:
    held = {"ballot": key.ballot_id, "link_key": key.key.hex(), "tie_seed": key.tie_seed.hex()}
    return json.dumps({**held, "check": _check(key)})


def _from_json(text: str, ballot_id: str) -> LinkKey:
    """Raises ValueError, KeyError or TypeError where the file is not whole."""
    held = json.loads(text)
    key = LinkKey(held["ballot"], bytes.fromhex(held["link_key"]), bytes.fromhex(held["tie_seed"]))
    if key.ballot_id != ballot_id or held["check"] != _check(key):
        raise ValueError("the file of a link key is damaged")
    return key


def _check(key: LinkKey) -> str:
    whole = b"\0".join((key.ballot_id.encode(), key.key, key.tie_seed))
    return hashlib.sha256(b"surveys/link-key-file/1:" + whole).hexdigest()[:16]


def _write(path: Path, text: str) -> None:
    """Put the file in place whole or not at all, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


def _destroy(path: Path) -> None:
    """Overwrite, then remove. Overwriting is best effort: some disks keep old blocks."""
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows cannot open a folder, and writes its entries through
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
