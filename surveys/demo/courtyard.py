"""The demonstration's places, staff, roll and codes, and its round."""

from datetime import datetime

from surveys.accounts import passwords
from surveys.accounts import service as accounts
from surveys.accounts.models import Place
from surveys.accounts.rules import RoleKind
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard
from surveys.courtyards.rules import RollRow
from surveys.demo.content import content
from surveys.rounds import service as rounds
from surveys.rounds.models import Round

PLANS_DM2 = (
    (9_634, 8_102),
    (9_586, 8_024),
    (9_470, 8_188),
    (9_812, 7_946),
    (9_260, 8_416),
    (9_548, 8_428),
)
"""floor areas of the two homes of a landing, by building; the two stairwells are alike"""
WIDE_DM2 = 1
"""what a ground-floor home of buildings 1 and 2 has more"""

People = dict[RoleKind, str]


def people(at: datetime) -> tuple[People, Place]:
    """The places above the courtyard, and one account of each role; with the community."""
    yard = content("courtyard")
    district = accounts.add_place(yard["district"], "district", None, by=None, at=at)
    chief = _account(RoleKind.ADMINISTRATOR, N_("管理员"), district, None, at)
    street = accounts.add_place(yard["street"], "street", district, by=chief, at=at)
    community = accounts.add_place(yard["community"], "community", street, by=chief, at=at)
    found = {RoleKind.ADMINISTRATOR: chief}
    for member in yard["staff"]:
        kind = RoleKind(member["role"])
        place = street if kind is RoleKind.OBSERVER else community
        found[kind] = _account(kind, member["name"], place, chief, at)
    return found, community


def _account(kind: RoleKind, title: str, place: Place, by: str | None, at: datetime) -> str:
    account, _password = accounts.create_account(
        kind.value,
        title,
        by=by,
        at=at,
        password=passwords.one_time(),  # one that works is given out at each start
        role=(place, kind),
    )
    return account.id


def courtyard(community: Place, organizer: str, secret: bytes, at: datetime) -> Courtyard:
    """The courtyard with its roll and a code for every household."""
    yard = content("courtyard")
    made = courtyards.create_courtyard(
        yard["courtyard"],
        community,
        phone=yard["phone"],
        committee=yard["committee"],
        by=organizer,
        at=at,
    )
    made.is_demonstration = True
    db.session.commit()
    courtyards.import_roll(made, roll(), by=organizer, at=at)
    slips.ensure_codes(made, secret, at)
    return made


def roll() -> list[RollRow]:
    """Six buildings of six floors, two stairwells each, two homes on a landing."""
    yard = content("courtyard")
    return [
        RollRow(str(building), str(stairwell), f"{floor}0{side}", _area(building, floor, side))
        for building in range(1, yard["buildings"] + 1)
        for stairwell in range(1, yard["stairwells_per_building"] + 1)
        for floor in range(1, yard["floors"] + 1)
        for side in range(1, yard["rooms_per_floor"] + 1)
    ]


def _area(building: int, floor: int, side: int) -> int:
    is_wide = floor == 1 and building <= 2
    return PLANS_DM2[building - 1][side - 1] + WIDE_DM2 * is_wide


def round_of(courtyard: Courtyard, organizer: str, at: datetime) -> Round:
    """The round, on its first step."""
    return rounds.begin(
        courtyard, "yizheng-sanyi", content("courtyard")["round"], by=organizer, at=at
    )
