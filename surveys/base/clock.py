"""The one clock. Acts take `at` as an argument; only views and commands ask what time it is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def day(at: datetime, zone: str) -> date:
    """The calendar day of `at` in `zone` (an IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()
