"""Every setting, each with its sentence. Read once from the environment, never changed after."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SURVEYS_"


@dataclass(frozen=True)
class Config:
    """The settings of one installation."""

    instance: Path
    """Folder of what belongs to this installation alone: database, secret, link keys."""
    database_url: str
    """SQLAlchemy address of the database; a file in `instance` when not set."""
    secret: bytes
    """At least 32 random bytes: signs cookies, derives household codes. Losing it voids slips."""
    link_key_dirs: tuple[Path, Path]
    """Two folders for ballots' link keys. Keep them out of the database's backups."""
    public_url: str | None
    """The only base of printed addresses and QR codes, without a closing slash."""
    default_locale: str = "zh_CN"
    """Language where a browser asks for none that we have."""
    default_zone: str = "Asia/Shanghai"
    """IANA time zone in which times are shown and typed."""
    htmx_cdn_url: str = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.10/dist/htmx.min.js"
    """Where browsers fetch htmx first; empty serves the local copy at once."""
    proxies: int = 0
    """How many reverse proxies stand in front and name the visitor in X-Forwarded-For. Too few: all
    wrong passwords seem to come from one address. Too many: a visitor may make his address up."""
    answer_days: int = 15
    """Within so many days a suggestion is to be sorted; the desk lists those that wait longer."""
    proof_days: int = 730
    """For so many days after the result of an owners' vote the photos of its papers are kept."""
    live_kept_ms: int = 400
    """For so many milliseconds a poll for which nothing changed is answered from memory."""
    pseudo_locale: bool = False
    """Mark every translated text, so that a test finds what stands outside the catalogues."""
    testing: bool = False
    """Let errors of the program reach the test instead of a page."""

    @property
    def files(self) -> Path:
        """Folder of the files that long work has made, kept for some days."""
        return self.instance / "files"

    @property
    def printable_url(self) -> bool:
        """Whether `public_url` is fit for paper: set, and not this machine's own name."""
        local = ("//localhost", "//127.", "//[::1]", "//0.0.0.0")
        return bool(self.public_url) and not any(part in str(self.public_url) for part in local)


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Settings from variables named SURVEYS_…, with defaults fit for one machine."""
    instance = Path(environ.get(PREFIX + "INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    base = environ.get(PREFIX + "PUBLIC_URL", "").rstrip("/")
    return Config(
        instance=instance,
        database_url=environ.get(PREFIX + "DATABASE_URL")
        or f"sqlite:///{instance / 'surveys.sqlite3'}",
        secret=_secret(instance / "secret"),
        link_key_dirs=(
            Path(environ.get(PREFIX + "LINK_KEYS_A") or instance / "link-keys-a"),
            Path(environ.get(PREFIX + "LINK_KEYS_B") or instance / "link-keys-b"),
        ),
        public_url=base or None,
        htmx_cdn_url=environ.get(PREFIX + "HTMX_CDN_URL", Config.htmx_cdn_url),
        proxies=int(environ.get(PREFIX + "PROXIES") or 0),
        answer_days=int(environ.get(PREFIX + "ANSWER_DAYS") or Config.answer_days),
        proof_days=int(environ.get(PREFIX + "PROOF_DAYS") or Config.proof_days),
    )


def _secret(path: Path) -> bytes:
    """This installation's secret, made at first need and readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
