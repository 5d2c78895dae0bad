"""The demonstration as a place to walk through: every address of the route map, filled in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from surveys.accounts.models import Place
from surveys.accounts.rules import RoleKind
from surveys.ballots.link_key import LinkKeys
from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.demo.load import load
from surveys.web import config_of
from tests.databases import SqliteDatabase, a_database
from tests.house import beside, furnishing
from tests.house.beside import Beside
from tests.house.furnishing import Setting
from tests.house.phones import HOSTS_PHONE, Values, phone_of
from tests.manners import Browser
from tests.owners import ground
from tests.owners.ground import Voting
from tests.world import add_account, add_courtyard, add_place, sign_in

LOADED = "loaded"
"""name of the state of the database after that"""


@dataclass
class Grounds:
    """The demonstration on SQLite: who is there, and what stands for each argument of a route."""

    app: Flask
    people: dict[str, str]
    """account ids by kind of role, `stranger`: an organizer of another courtyard, and
    `beginner`: an administrator of a place where nothing was made yet"""
    phones: dict[str, dict[str, str]]
    """what the cookie of a phone holds, by who has the phone"""
    values: Values
    codes: dict[str, str]
    """what `code` stands for, by endpoint"""
    instead: dict[str, Values]
    """what stands for an argument in one endpoint alone, whose page wants another state"""
    voting: Voting
    begun: Beside
    bare: Beside

    def address(self, rule: Rule) -> str:
        """The rule with every argument filled in."""
        code = {"code": self.codes[rule.endpoint]} if "code" in rule.arguments else {}
        return filled(rule, {**self.values, **code, **self.instead.get(rule.endpoint, {})})

    def opened(self) -> list[Rule]:
        """Every rule that is opened by a GET."""
        rules = sorted(self.app.url_map.iter_rules(), key=str)
        return [rule for rule in rules if "GET" in (rule.methods or ())]

    def pages(self) -> list[str]:
        """Every address that is opened by a GET, and the editor with a card open."""
        edit = f"/desk/questionnaire/{self.values['questionnaire_id']}/edit"
        cards = [f"{edit}?open=q5", f"{edit}?open=new&type=matrix&after=q1"]
        return [*map(self.address, self.opened()), *cards]

    def visitor(self, who: str) -> Browser:
        """A browser: `nobody`, one who has a phone, or somebody signed in by kind of role."""
        found = self.app.test_client()
        assert isinstance(found, Browser)
        if who in self.phones:
            with found.session_transaction() as session:
                session.update(self.phones[who])
        elif who != "nobody":
            with self.app.app_context():
                sign_in(found, self.people[who])
        return found

    def put_back(self) -> None:
        """Undo everything since it was furnished."""
        SqliteDatabase(config_of(self.app).instance).go_back(self.app, LOADED)


def filled(rule: Rule, values: Values) -> str:
    """The address of a rule with every argument filled in."""
    built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
    assert built is not None, f"{rule}: {sorted(rule.arguments)}"
    return str(built[1])


@contextmanager
def grounds(folder: Path, **settings: object) -> Iterator[Grounds]:
    """The demonstration in a database of its own, loaded and furnished now.

    Never a copy of another one: what the product keeps in memory is kept by ids, and two houses
    of one process must not share any.
    """
    with a_database("sqlite", folder, **settings) as (database, app):
        app.test_client_class = Browser
        with app.app_context():
            keys = LinkKeys(config_of(app).link_key_dirs)
            courtyard = load(clock.now() - timedelta(minutes=5), keys, config_of(app).secret)
            found = _furnished(app, courtyard)
        database.keep(app, LOADED)
        yield found


def _furnished(app: Flask, courtyard: Courtyard) -> Grounds:
    here = _setting(app, courtyard)
    people, community = here.people, here.community
    voting = ground.furnish(community, people, here.secret)
    begun = beside.begun(community, people["organizer"])
    values = {
        **furnishing.of_places(here),
        **furnishing.of_doors(here),
        **furnishing.of_questions(here),
        **furnishing.of_needs(here),
        **furnishing.of_ballots(here),
        **furnishing.of_owners(here),
        **furnishing.of_meeting(here),
        "sheet_id": voting.sheet,
        "proof_id": voting.proof,
        "proxy_id": voting.proxy,
    }
    home, another, *_others = here.homes()
    copy = furnishing.answer(here, another)
    phones = {
        "resident": phone_of(home),
        "answered": phone_of(another),
        "newcomer": dict(begun.phone),
        "guesser": {"device": furnishing.guess(here)},
        "host": {"remote": HOSTS_PHONE},
        **{who: {"owner": code_id} for who, code_id in voting.phones.items()},
    }
    codes = {
        **dict.fromkeys(COURTYARD_CODES, here.courtyard.code),
        "courtyards.household": furnishing.slip_of(here, home),
        "owners.slip": voting.slip,
        "ballots.receipt_of": values["receipt"],
        "questionnaires.copy": copy,
        "questionnaires.photo_of_copy": copy,
        "questionnaires.follow": values["tag_code"],
        "resident.following.one": values["suggestion_id"],
    }
    instead = _instead(values, voting, begun)
    bare = beside.bare(community, people["organizer"])
    return Grounds(app, people, phones, values, codes, instead, voting, begun, bare)


def _setting(app: Flask, courtyard: Courtyard) -> Setting:
    """The demonstration's people, somebody at home elsewhere, and who has nothing yet."""
    people = {kind.value: furnishing.account_of(kind) for kind in RoleKind}
    street = db.session.scalars(select(Place).where(Place.level == "street")).one()
    elsewhere = add_place("别处社区", "community", street)
    add_courtyard("别处的院", "M3TV8NC", elsewhere, 1, 12)
    people["stranger"] = add_account("stranger", RoleKind.ORGANIZER, elsewhere.id)
    planted = add_place("新区", "district")
    people["beginner"] = add_account("beginner", RoleKind.ADMINISTRATOR, planted.id)
    db.session.commit()
    config = config_of(app)
    return Setting(courtyard.id, people, config.secret, config.files, clock.now())


def _instead(values: Values, voting: Voting, begun: Beside) -> dict[str, Values]:
    """Pages of a result want what is published, pages of a draft what has only begun."""
    drafted = ("courtyard_id", "menu_id", "item_id", "ballot_id", "vote_id", "motion_id")
    return {
        **dict.fromkeys(OF_A_RESULT, {"ballot_id": values["published_id"]}),
        **dict.fromkeys(OF_A_DRAFT, {name: begun.values[name] for name in drafted}),
        "questionnaires.result": {"questionnaire_id": values["closed_id"]},
        "owners.extension": {"vote_id": voting.open},
        "owners.result_notice": {"vote_id": voting.published},
    }


OF_A_RESULT = (
    "results.result",
    "results.desk_result",
    "results.records.one",
    "results.records.receipts",
    "results.records.public_bundle",
)
OF_A_DRAFT = (
    "ballots.desk.open_",
    "menus.item",
    "menus.new_item",
    "menus.cost_table",
    "menus.posting_page",
    "owners.edit",
    "owners.motions",
    "owners.motion",
    "owners.move_motion",
    "owners.remove_motion",
    "owners.open_",
)
COURTYARD_CODES = (
    "resident.courtyard",
    "resident.typed_address",
    "resident.following.mine",
    "courtyards.door",
    "courtyards.qr_svg",
    "courtyards.qr_png",
    "needs.say",
    "needs.said",
    "needs.thanks",
    "orders.works",
    "needs.everybody",
    "results.records.everything",
    "results.records.one",
    "results.records.receipts",
    "results.records.public_bundle",
)
