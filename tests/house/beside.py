"""Courtyards beside the demonstration: one that has only begun, and one where nothing was done.

Their pages are the empty ones. What has begun is drafted and open, and nobody has come yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from surveys.accounts.models import Place
from surveys.ballots import drafting as picking
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Showing, TieMethod
from surveys.base import clock
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household
from surveys.courtyards.rules import RollRow
from surveys.meetings import service as meetings
from surveys.menus import service as menus
from surveys.menus.models import Menu
from surveys.owners import drafting as voting
from surveys.owners.terms import Terms
from surveys.questionnaires import answering, identity, importing
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.files.incoming import Incoming
from surveys.rounds import service as rounds
from surveys.rounds.models import Round
from surveys.web import config_of
from tests.house.phones import Values, drafts_of, phone_of
from tests.questionnaires.every_kind import QUESTIONS

HOMES = [
    RollRow(str(building), "1", f"{floor}0{side}", 8_800)
    for building in (1, 2)
    for floor in (1, 2, 3, 4)
    for side in (1, 2)
]
"""two buildings of eight homes"""
ITEMS = (("楼道灯", 40, 15_000), ("雨棚", 6, 90_000), ("长凳", 4, 60_000))
"""name, how many, and what one costs in fen"""

ASKED = 13
"""questions of which one is of every kind"""
LEADING = {"several": "a", "yesno": "a"}
"""answers on which other questions are shown"""


@dataclass(frozen=True)
class Beside:
    """What stands for each argument of a route in a courtyard; its code, a slip and its phone."""

    values: Values
    code: str
    """of the courtyard"""
    slip: str = ""
    phone: Mapping[str, str] = field(default_factory=dict)
    """what the cookie holds of a phone that speaks for a household"""


def a_courtyard(name: str, community: Place, by: str, at: datetime) -> Courtyard:
    """A courtyard with its roll, and a slip for every door."""
    made = _named(name, community, by, at)
    courtyards.import_roll(made, HOMES, by=by, at=at)
    slips.ensure_codes(made, config_of(current_app).secret, at)
    return made


def _named(name: str, community: Place, by: str, at: datetime) -> Courtyard:
    return courtyards.create_courtyard(
        name, community, phone="0000-0000000", committee="楼长会", by=by, at=at
    )


def bare(community: Place, by: str) -> Beside:
    """A courtyard that was only just made: no roll, no round."""
    made = _named("石榴巷 9 号院", community, by, clock.now())
    return Beside({"courtyard_id": made.id}, made.code)


def begun(community: Place, by: str) -> Beside:
    """A courtyard whose first round has begun: everything is there, and nothing has come in."""
    at = clock.now()
    made = a_courtyard("梧桐巷 2 号院", community, by, at)
    round_ = rounds.begin(made, "yizheng-sanyi", "第一轮", by=by, at=at)
    menu = _menu(round_, by, at)
    announced = _ballot(round_, menus.copy(menu, "先公布的菜单", by=by, at=at), by, at)
    _announce(announced, by, at)
    home = courtyards.households_of(made.id)[0]
    slip, _short = slips.household_code(home, config_of(current_app).secret)
    vote_id, motion_id = _owners_vote(made, by, at)
    every = _questionnaire(made, by, at)
    _draft_answers(every, home, at)
    values = {
        "courtyard_id": made.id,
        "menu_id": menu.id,
        "item_id": menus.items_of(menu)[0].id,
        "ballot_id": _ballot(round_, menu, by, at).id,
        "announced_id": announced.id,
        "questionnaire_id": every,
        "guarded_id": _guarded(made, by, at),
        "vote_id": vote_id,
        "motion_id": motion_id,
        "meeting_id": meetings.create(
            made, title="头一回恳谈", place="梧桐树下", starts_at=at, items=(), by=by, at=at
        ).id,
        "household_id": home.id,
    }
    return Beside(values, made.code, slip, phone_of(home))


def _menu(round_: Round, by: str, at: datetime) -> Menu:
    menu = menus.create(round_, "头一张菜单", 5_000_000, by=by, at=at)
    a_class = menus.classes()[0].key
    for name, quantity, cost_fen in ITEMS:
        item = menus.Draft(a_class, name, quantity * 1_000, cost_fen)
        menus.add_item(menu, item, by=by, at=at)
    return menu


def _ballot(round_: Round, menu: Menu, by: str, at: datetime) -> Ballot:
    return picking.draft(
        round_,
        menu,
        title=menu.title,
        opens_at=at + timedelta(days=1),
        closes_at=at + timedelta(days=8),
        seals_at=at + timedelta(days=11),
        showing=Showing.TURNOUT,
        tie_method=TieMethod.SEED,
        by=by,
        at=at,
    )


def _announce(ballot: Ballot, by: str, at: datetime) -> None:
    """Open it: it begins tomorrow."""
    config = config_of(current_app)
    keys = LinkKeys(config.link_key_dirs)
    picking.open_(ballot, by=by, at=at, keys=keys, secret=config.secret)


def _questionnaire(courtyard: Courtyard, by: str, at: datetime) -> str:
    """One that has every kind of question, and is open."""
    found = Incoming({"title": "什么都问一遍"}, QUESTIONS)
    made = importing.create(courtyard, found, by=by, at=at)
    questionnaires.set_times(made, at, at + timedelta(days=9), by=by, at=at)
    return made.id


def _draft_answers(questionnaire_id: str, home: Household, at: datetime) -> None:
    """What a phone has answered so far: enough that every question is shown to it."""
    asked, phone = questionnaires.find(questionnaire_id), Sender(drafts_of(home), home.id)
    for question in asked.questions:
        if question.key in LEADING:
            value, secret = (LEADING[question.key],), config_of(current_app).secret
            answering.save(asked, phone, question, value, at=at, secret=secret)


def _guarded(courtyard: Courtyard, by: str, at: datetime) -> str:
    """One that only who holds a slip may answer."""
    made = questionnaires.create(courtyard, "plan", by=by, at=at)
    identity.set_identity(made, "household", by=by, at=at)
    questionnaires.set_times(made, at, at + timedelta(days=9), by=by, at=at)
    return made.id


def _owners_vote(courtyard: Courtyard, by: str, at: datetime) -> tuple[str, str]:
    """Ids of a draft, and of its one motion."""
    opens_at = at + timedelta(days=20)
    closes_at = opens_at + timedelta(days=10)
    noticed_on = clock.day(at, courtyard.zone)
    terms = Terms("头一回表决", noticed_on, opens_at, closes_at, closes_at, called_by="楼长会")
    vote = voting.draft(courtyard, terms, by=by, at=at)
    return vote.id, voting.add_motion(vote, "成立业委会", "", "committee", by=by, at=at).id
