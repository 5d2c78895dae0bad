"""What is measured on: a courtyard with its roll, a questionnaire, ballots with votes in them.

Large numbers of rows are written straight into the tables; what opens and closes is done through
the rooms' own acts, so that everything that these freeze is frozen here as well.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert

from surveys.accounts.models import Account, Place, Role
from surveys.accounts.rules import RoleKind
from surveys.ballots import chain, drafting, offers, receipts
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Entry, Participation, Showing, TieMethod, Vote
from surveys.ballots.offers import Offer
from surveys.ballots.rules import Channel, EntryState
from surveys.base import clock
from surveys.base.db import Model, db, new_id
from surveys.config import Config
from surveys.counting.marks import faults
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard, Household, HouseholdCode
from surveys.menus.models import Menu, MenuItem
from surveys.needs import catalogue
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Questionnaire
from surveys.rounds import service as rounds
from surveys.rounds.models import Round

ITEMS = 18
MUST_DO = 2
BUDGET_FEN = 450_000_000
MOST_PICKS = 6
ROWS_AT_ONCE = 2_000
Row = dict[str, object]
TEMPLATE = "needs"
"""the questionnaire that ships with ten questions"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """A courtyard, its round, somebody of the staff, and every household with its code's id."""

    courtyard_id: str
    code: str
    round_id: str
    account_id: str
    households: tuple[str, ...]
    codes: tuple[str, ...]
    """ids of the household codes, which a phone's cookie holds; in the order of `households`"""


def seed(households: int) -> Seeded:
    """A courtyard of so many households, with a round begun."""
    at = clock.now()
    account = Account(id=new_id(), name=new_id(), title="测速", created_at=at)
    account.password_hash = ""  # nobody signs in
    street = _place("街道", "street", None)
    community = _place("社区", "community", street)
    db.session.add(account)
    db.session.flush()
    courtyard = courtyards.create_courtyard(
        "测速院", community, phone="0371-00000000", committee="自管会", by=account.id, at=at
    )
    round_ = rounds.begin(courtyard, next(iter(rounds.templates())), "测速", by=account.id, at=at)
    ids, codes = _roll(courtyard, households, at)
    return Seeded(courtyard.id, courtyard.code, round_.id, account.id, ids, codes)


def _place(name: str, level: str, parent: Place | None) -> Place:
    made = Place(id=new_id(), name=f"{name}-{new_id()}", level=level)
    made.parent_id = parent.id if parent else None
    made.path = f"{parent.path if parent else ''}{made.id}/"
    db.session.add(made)
    db.session.flush()
    return made


def _roll(courtyard: Courtyard, number: int, at: datetime) -> tuple[tuple[str, ...], ...]:
    """Buildings of sixty households in five stairwells, each household with a code."""
    doors = [(f"{n // 60 + 1}", f"{n % 60 // 12 + 1}", f"{n % 12 + 101}") for n in range(number)]
    households: list[Row] = [
        {
            "id": new_id(),
            "courtyard_id": courtyard.id,
            "place_id": courtyard.id,
            "building": building,
            "stairwell": stairwell,
            "room": room,
            "area_dm2": 8867,
            "position": n,
        }
        for n, (building, stairwell, room) in enumerate(doors, 1)
    ]
    codes: list[Row] = [
        {
            "id": new_id(),
            "courtyard_id": courtyard.id,
            "household_id": household["id"],
            "generation": 1,
            "long_hash": secrets.token_hex(32),
            "short_hash": secrets.token_hex(32),
            "made_at": at,
        }
        for household in households
    ]
    _insert(Household, households)
    _insert(HouseholdCode, codes)
    db.session.commit()
    return tuple(str(h["id"]) for h in households), tuple(str(c["id"]) for c in codes)


def _insert(model: type[Model], rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        db.session.execute(insert(model), rows[start : start + ROWS_AT_ONCE])


def open_questionnaire(seeded: Seeded) -> Questionnaire:
    """A questionnaire of ten questions, open now."""
    at = clock.now()
    courtyard = courtyards.find(seeded.courtyard_id)
    made = questionnaires.create(courtyard, TEMPLATE, by=seeded.account_id, at=at)
    questionnaires.open_now(made, by=seeded.account_id, at=at)
    return made


def open_ballot(seeded: Seeded, config: Config, showing: Showing = Showing.TURNOUT) -> Ballot:
    """A ballot on a menu of eighteen items, open now, with nobody's vote in it."""
    at = clock.now()
    ballot = drafting.draft(
        db.session.get_one(Round, seeded.round_id),
        _menu(seeded, at),
        title="先改什么",
        opens_at=at - timedelta(minutes=1),
        closes_at=at + timedelta(days=7),
        seals_at=at + timedelta(days=8),
        showing=showing,
        tie_method=TieMethod.SEED,
        by=seeded.account_id,
        at=at,
    )
    drafting.open_(ballot, by=seeded.account_id, at=at, keys=keys_of(config), secret=config.secret)
    return ballot


def keys_of(config: Config) -> LinkKeys:
    """Where this installation's link keys lie."""
    return LinkKeys(config.link_key_dirs)


def _menu(seeded: Seeded, at: datetime) -> Menu:
    menu = Menu(
        id=new_id(),
        courtyard_id=seeded.courtyard_id,
        round_id=seeded.round_id,
        title="菜单",
        budget_fen=BUDGET_FEN,
        least=1,
        most=MOST_PICKS,
        capped=True,
        created_at=at,
    )
    db.session.add(menu)
    db.session.flush()
    fit = [e for e in catalogue.entries() if e.class_key in {"basic", "improve", "raise"}]
    for position, entry in enumerate(fit[:: len(fit) // ITEMS][:ITEMS], 1):
        cost_fen = 20_000_000 + 3_100_000 * position
        db.session.add(
            MenuItem(
                courtyard_id=seeded.courtyard_id,
                menu_id=menu.id,
                position=position,
                class_key=entry.class_key,
                name=entry.name,
                what=entry.what,
                unit=entry.unit,
                quantity_milli=1000,
                unit_cost_fen=cost_fen,
                cost_fen=cost_fen,
                benefits="全院",
                upkeep="每年查一次，自管会管",
                must_do=position <= MUST_DO,
            )
        )
    db.session.commit()
    return menu


def choices(offer: Offer, number: int) -> list[list[str]]:
    """So many sets of picks that the rules allow."""
    chance = random.Random(20)  # the same ones in every run
    free = [item.id for item in offer.items if not item.must_do]
    found: list[list[str]] = []
    while len(found) < number:
        picked = chance.sample(free, chance.randint(3, MOST_PICKS))
        if not faults([(item, 1) for item in picked], offer.menu, offer.rules):
            found.append(picked)
    return found


def fill(ballot: Ballot, households: Sequence[str], config: Config) -> None:
    """Cast a vote for each of these households, as so many scans would have left it."""
    at = clock.now()
    offer = offers.offer(ballot)
    key = keys_of(config).read(ballot.id)
    allowed = choices(offer, 200)
    parts: list[Row] = []
    entries: list[Row] = []
    votes: list[Row] = []
    for n, household_id in enumerate(households):
        receipt = receipts.digest(receipts.code_for(config.secret, ballot.id, household_id))
        ballot.revision += 1
        ballot.households_in += 1
        part_id = new_id()
        parts.append(_participation(part_id, ballot, household_id, receipt))
        entries.append(_entry(part_id, ballot, clock.day(at, offer.zone)))
        pseudonym = key.pseudonym(part_id, 1)
        sealed = key.encrypt(
            dict.fromkeys(allowed[n % len(allowed)], 1), pseudonym, offer.choice_bytes
        )
        votes.append({"ballot_id": ballot.id, "pseudonym": pseudonym, "sealed_choice": sealed})
        body = {"receipt": receipt, "channel": "scan", "households_in": ballot.households_in}
        chain.append(ballot, "cast", body, at, offer.zone)
    for model, rows in ((Participation, parts), (Entry, entries), (Vote, votes)):
        _insert(model, rows)
    db.session.commit()


def _participation(part_id: str, ballot: Ballot, household_id: str, receipt: str) -> Row:
    return {
        "id": part_id,
        "ballot_id": ballot.id,
        "household_id": household_id,
        "receipt_hash": receipt,
        "current_entry": 1,
        "changed_at_revision": ballot.revision,
    }


def _entry(part_id: str, ballot: Ballot, day: date) -> Row:
    return {
        "courtyard_id": ballot.courtyard_id,
        "ballot_id": ballot.id,
        "participation_id": part_id,
        "number": 1,
        "submission": new_id(),
        "channel": Channel.SCAN,
        "day": day,
        "state": EntryState.CONFIRMED,
    }


def signed_in(app: Flask, seeded: Seeded) -> str:
    """The cookie of an organizer of the courtyard."""
    at = clock.now()
    account = db.session.get_one(Account, seeded.account_id)
    db.session.add(
        Role(account_id=account.id, place_id=seeded.courtyard_id, kind=RoleKind.ORGANIZER)
    )
    db.session.commit()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise ValueError("the app has no secret")
    held = {"_permanent": True, "account": [account.id, account.generation, int(at.timestamp())]}
    return str(serializer.dumps(held))
