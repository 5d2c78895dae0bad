"""Where and when the demonstration plays, and who acts in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from surveys.accounts.rules import RoleKind
from surveys.ballots.link_key import LinkKeys
from surveys.courtyards.models import Courtyard, Household
from surveys.rounds.models import Round

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days counted from the loading, day 0, in the courtyard's own time."""

    loaded_at: datetime

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """An instant of one day, in UTC; minutes from 60 on fall into the hours after."""
        here = self.loaded_at.astimezone(ZoneInfo(ZONE))
        morning = here.replace(hour=hour, minute=0, second=0, microsecond=0)
        return (morning + timedelta(days=day, minutes=minute)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the acts of the demonstration take."""

    courtyard: Courtyard
    round: Round
    households: list[Household]
    """door by door"""
    people: Mapping[RoleKind, str]
    """account ids"""
    calendar: Calendar
    keys: LinkKeys
    secret: bytes

    @property
    def organizer(self) -> str:
        """The account that runs the round."""
        return self.people[RoleKind.ORGANIZER]

    @property
    def clerk(self) -> str:
        """The account that keys in."""
        return self.people[RoleKind.CLERK]

    @property
    def supervisor(self) -> str:
        """The account that confirms and signs."""
        return self.people[RoleKind.SUPERVISOR]

    def of_building(self, building: int) -> list[Household]:
        """The households of one building, door by door."""
        return [each for each in self.households if each.building == str(building)]
