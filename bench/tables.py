"""The desk's long lists at ten thousand rows: sorted, narrowed and leafed through by the server.

Beside each stands its ratio to the floor, the server's answer to a page that holds nothing.
"""

from datetime import timedelta
from statistics import median

from sqlalchemy import insert, select

from bench import figures, seed, sorting
from bench.figures import Figure
from bench.house import House, ask_constant
from bench.load import Laps, Work, drive
from bench.phones import TEXT, Phone
from bench.wire import Wire
from surveys.accounts.models import Role
from surveys.accounts.rules import RoleKind
from surveys.base import clock
from surveys.base.audit import AuditEntry
from surveys.base.db import Model, db, new_id
from surveys.courtyards.models import Visit
from surveys.needs.models import Lane, Need, Placement
from surveys.owners.register_models import AreaSource, Owner, OwnerKind, OwnerName, Unit
from surveys.questionnaires.models import Response, Version

NAME = "tables"
ROWS = 10_000
NEEDS = 1_000
MOST_MS = 300
WARM_UP, PAGES = 2, 12
"""pages of each run; one person opens them, over one connection"""
LISTS = (
    ("roll", "courtyard/{courtyard}/roll?sort=-area&page=40"),
    ("roll, one door", "courtyard/{courtyard}/roll?q=9-3-108"),
    ("suggestions", "courtyard/{courtyard}/suggestions?sort=-day&page=90"),
    ("suggestions, by words", "courtyard/{courtyard}/suggestions?q=9999&sort=where"),
    ("ledger's table", "courtyard/{courtyard}/needs?sort=title&page=3"),
    ("trail", "courtyard/{courtyard}/audit?page=150"),
    ("trail, by words", "courtyard/{courtyard}/audit?q=9999"),
    ("owners' register", "courtyard/{courtyard}/owners?sort=-area&page=80"),
    ("owners' register, by words", "courtyard/{courtyard}/owners?q=9999&sort=name"),
    ("entries of a ballot", "ballot/{ballot}/entries?sort=-day&page=90"),
    ("doors of one building", "courtyard/{courtyard}/visits?building=9"),
)
"""name, address below /desk"""

Row = dict[str, object]


def measure(house: House) -> list[Figure]:
    """Milliseconds (p95) until each list is there."""
    with house.database_open():
        seeded, ballot_id = fill(house)
        cookie = seed.signed_in(house.place.app, seeded)
    phone = Phone(cookie=cookie)
    constant = median(
        ms
        for _run in range(house.size.runs)
        for ms in drive(house.floor.port, ask_constant, range(PAGES), 1).laps.ms["constant"]
    )
    return [
        _measured(
            house,
            name,
            phone,
            constant,
            f"/desk/{path}".format(courtyard=seeded.courtyard_id, ballot=ballot_id),
        )
        for name, path in LISTS
    ]


def _measured(house: House, name: str, phone: Phone, constant: float, address: str) -> Figure:
    work = open_page(phone, address)
    drive(house.product.port, work, range(WARM_UP), connections=1)
    found = [
        ms
        for _run in range(house.size.runs)
        for ms in drive(house.product.port, work, range(PAGES), 1).laps.ms["list"]
    ]
    return Figure(
        NAME,
        f"{name}, {ROWS:,} rows, p95",
        figures.percentile(found, 0.95),
        "ms",
        house.database,
        figures.at_most(MOST_MS),
        {**figures.spread("all", found), "times_the_floor": median(found) / constant},
    )


def open_page(clerk: Phone, address: str) -> Work:
    """Open one page of a list."""

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        await laps.timed("list", wire.get(address, clerk.header), 200)

    return work


def fill(house: House) -> tuple[seed.Seeded, str]:
    """A courtyard whose lists are all long, and the id of its ballot."""
    seeded = seed.seed(ROWS)
    supervises = Role(account_id=seeded.account_id, place_id=seeded.courtyard_id)
    supervises.kind = RoleKind.SUPERVISOR
    db.session.add(supervises)
    sorting.write(seeded, said := [(new_id(), f"{n}：{TEXT}") for n in range(ROWS)])
    _needs(seeded, [key for key, _text in said])
    _trail(seeded)
    _owners(seeded)
    _knocking(seeded)
    db.session.commit()
    ballot = seed.open_ballot(seeded, house.config)
    seed.fill(ballot, seeded.households, house.config)
    return seeded, ballot.id


def _needs(seeded: seed.Seeded, suggestions: list[str]) -> None:
    at, where = clock.now(), {"courtyard_id": seeded.courtyard_id, "round_id": seeded.round_id}
    ids = [new_id() for _ in range(NEEDS)]
    needs: list[Row] = [
        {**where, "id": key, "title": f"诉求 {n}", "lane": Lane.OPEN, "created_at": at}
        for n, key in enumerate(ids)
    ]
    puts: list[Row] = [
        {
            "suggestion_id": key,
            "need_id": ids[n % NEEDS],
            "placed_by": seeded.account_id,
            "placed_at": at,
        }
        for n, key in enumerate(suggestions)
    ]
    _insert(Need, needs)
    _insert(Placement, [{"id": new_id(), **put} for put in puts])


def _trail(seeded: seed.Seeded) -> None:
    begun = clock.now() - timedelta(days=30)
    _insert(
        AuditEntry,
        [
            {
                "id": new_id(),
                "at": begun + timedelta(minutes=n),
                "account_id": seeded.account_id,
                "courtyard_id": seeded.courtyard_id,
                "act": "place.add",
                "details": f'{{"name": "{n}"}}',
            }
            for n in range(ROWS)
        ],
    )


def _owners(seeded: seed.Seeded) -> None:
    where = {"courtyard_id": seeded.courtyard_id}
    ids = [new_id() for _ in range(ROWS)]
    owners: list[Row] = [
        {**where, "id": key, "kind": OwnerKind.PERSON, "party": key, "position": n}
        for n, key in enumerate(ids)
    ]
    names: list[Row] = [
        {"owner_id": key, "position": 1, "name": f"业主{n}", "mark": ""}
        for n, key in enumerate(ids)
    ]
    units: list[Row] = [
        {
            **where,
            "id": new_id(),
            "owner_id": key,
            "building": f"{n // 60 + 1}",
            "stairwell": f"{n % 60 // 12 + 1}",
            "room": f"{n % 12 + 101}",
            "area_dm2": 8867 + n % 500,
            "source": AreaSource.REGISTER,
            "position": n,
        }
        for n, key in enumerate(ids)
    ]
    for model, rows in ((Owner, owners), (OwnerName, names), (Unit, units)):
        _insert(model, rows)


def _knocking(seeded: seed.Seeded) -> None:
    """A questionnaire that half of the doors have answered; a visit was noted at each."""
    about, at = seed.open_questionnaire(seeded), clock.now()
    version = db.session.scalars(select(Version).filter_by(questionnaire_id=about.id)).one()
    where = {"courtyard_id": seeded.courtyard_id}
    heard: list[Row] = [
        {
            **where,
            "id": (key := new_id()),
            "questionnaire_id": about.id,
            "version_id": version.id,
            "household_id": home,
            "respondent": f"h:{home}",
            "channel": "scan",
            "submission": key,
            "number": f"{n:09d}",
            "copy_hash": key,
            "begun_at": at,
            "sent_at": at,
        }
        for n, home in enumerate(seeded.households[::2])
    ]
    visits: list[Row] = [
        {
            **where,
            "id": new_id(),
            "household_id": home,
            "about": about.id,
            "way": "visit",
            "outcome": ("met", "absent", "refused")[n % 3],
            "by": seeded.account_id,
            "at": at,
        }
        for n, home in enumerate(seeded.households)
    ]
    _insert(Response, heard)
    _insert(Visit, visits)


def _insert(model: type[Model], rows: list[Row]) -> None:
    db.session.execute(insert(model), rows)
