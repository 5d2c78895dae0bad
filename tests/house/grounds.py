"""The demonstration as a place to walk through: every address of the route map, filled in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from werkzeug.routing import Rule

from surveys.accounts.models import Account, Place, Role
from surveys.accounts.rules import RoleKind
from surveys.ballots import asking
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Entry
from surveys.base import clock, jobs
from surveys.base.db import db, new_id
from surveys.base.pictures import Picture, made_anew
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household, HouseholdCode, Reprint, Visit
from surveys.demo.load import load
from surveys.meetings import agenda, hands, hosting, promises, showing, writing_up
from surveys.meetings import service as meetings
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Remote
from surveys.meetings.rules import Where
from surveys.menus.models import Menu, MenuItem
from surveys.needs import photos
from surveys.needs.models import LearntWord, Need, NeedPhoto, Placement, Suggestion
from surveys.owners import correcting
from surveys.owners import drafting as voting
from surveys.owners import service as owners
from surveys.owners.models import AreaSource, Unit
from surveys.owners.terms import Terms
from surveys.questionnaires import export_files, library, tags
from surveys.questionnaires import photos as answer_photos
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Response
from surveys.results import service as results
from surveys.rounds.models import Round, Step
from surveys.web import config_of
from tests.databases import a_database
from tests.manners import Browser
from tests.meetings.in_demo import said_at
from tests.owners import ground
from tests.world import add_account, add_courtyard, add_place, sign_in

HOSTS_PHONE = "a host's phone"


@dataclass
class Grounds:
    """The demonstration on SQLite: who is there, and what stands for each argument of a route."""

    app: Flask
    people: dict[str, str]
    """account ids by kind of role, and `stranger`: an organizer of another courtyard"""
    code_id: str
    """a household's code, for a phone that speaks for one"""
    values: dict[str, str]
    codes: dict[str, str]
    """what `code` stands for, by endpoint"""

    def address(self, rule: Rule) -> str:
        """The rule with every argument filled in."""
        values = {name: self.values[name] for name in rule.arguments if name != "code"}
        if "code" in rule.arguments:
            values["code"] = self.codes[rule.endpoint]
        built = rule.build(values, append_unknown=False)
        assert built is not None, f"{rule}: {sorted(rule.arguments)}"
        return str(built[1])

    def pages(self) -> list[str]:
        """Every address that is opened by a GET, and the result's own."""
        rules = sorted(self.app.url_map.iter_rules(), key=str)
        found = [self.address(rule) for rule in rules if "GET" in (rule.methods or ())]
        published = self.values["published_id"]
        record = f"/record/{self.codes['resident.courtyard']}/{published}"
        found += [f"/result/{published}", record, f"{record}/receipts"]
        edit = f"/desk/questionnaire/{self.values['questionnaire_id']}/edit"
        found += [f"{edit}?open=q5", f"{edit}?open=new&type=matrix&after=q1"]
        return [*found, f"/desk/ballot/{published}/result"]

    def visitor(self, who: str) -> Browser:
        """A browser: `nobody`, `resident` (holds a slip), `host` (holds the remote of the meeting
        that is on), or somebody signed in by kind of role.
        """
        found = self.app.test_client()
        assert isinstance(found, Browser)
        if who == "resident":
            with found.session_transaction() as session:
                session["code"], session["device"] = self.code_id, "a phone"
        elif who == "host":
            with found.session_transaction() as session:
                session["remote"] = HOSTS_PHONE
        elif who != "nobody":
            with self.app.app_context():
                sign_in(found, self.people[who])
        return found


@contextmanager
def grounds(folder: Path, **settings: object) -> Iterator[Grounds]:
    """Load the demonstration into a database of its own."""
    with a_database("sqlite", folder, **settings) as (_database, app):
        app.test_client_class = Browser
        with app.app_context():
            keys = LinkKeys(config_of(app).link_key_dirs)
            courtyard = load(clock.now() - timedelta(minutes=5), keys, config_of(app).secret)
            found = _furnished(app, courtyard)
            db.session.remove()
        yield found


def _furnished(app: Flask, courtyard: Courtyard) -> Grounds:
    at = clock.now()
    people = {
        kind.value: db.session.scalars(
            select(Role.account_id).where(Role.kind == kind).limit(1)
        ).one()
        for kind in RoleKind
    }
    street = db.session.scalars(select(Place).where(Place.level == "street")).one()
    elsewhere = add_place("Elsewhere", "community", street)
    add_courtyard("Other", "M3TV8NC", elsewhere, 1, 12)
    people["stranger"] = add_account("stranger", RoleKind.ORGANIZER, elsewhere.id)
    questionnaire = questionnaires.open_ones(courtyard.id, at)[0]
    (ballot,) = asking.open_ones(courtyard.id, at)
    (published,) = results.published_of(courtyard.id)
    household = db.session.scalars(
        select(Household).where(Household.courtyard_id == courtyard.id).limit(1)
    ).one()
    long, _short = slips.household_code(household, config_of(app).secret)
    wish = Reprint(
        id=new_id(),
        courtyard_id=courtyard.id,
        household_id=household.id,
        reason="lost",
        asked_by=people["clerk"],
        asked_at=at,
    )
    knock = Visit(
        id=new_id(),
        courtyard_id=courtyard.id,
        household_id=household.id,
        about=questionnaire.id,
        way="visit",
        outcome="absent",
        note="lights on",
        by=people["clerk"],
        at=at,
    )
    db.session.add_all([wish, knock])
    db.session.commit()
    community = db.session.get_one(Place, db.session.get_one(Place, courtyard.id).parent_id)
    asked = questionnaires.find(questionnaire.id)
    kept = library.save(asked, community, "From us", by=people["organizer"], at=at)
    tag = tags.make(questionnaire, "微信群", by=people["organizer"], at=at)
    export = export_files.ask_for_workbook(
        questionnaires.find(questionnaire.id),
        "zh-CN",
        name="answers.xlsx",
        with_doors=False,
        by=people["organizer"],
        at=at,
    )
    jobs.work(config_of(app).files, clock.now)
    need = _fullest_need(courtyard.id)
    _photograph(need, people["clerk"])
    phone = sha256(f"a phone:{household.id}".encode()).hexdigest()
    asked = questionnaires.find(questionnaire.id)
    (held,) = answer_photos.hold(asked, phone, "photo", [_picture()], beside=(), at=at)
    meeting = _meeting_that_is_on(courtyard.id, people["organizer"])
    link = _remotes(meeting, config_of(app).secret, people["organizer"])
    paper = ground.furnish(community, people, config_of(app).secret)
    values = {
        "courtyard_id": courtyard.id,
        "sheet_id": paper["sheet_id"],
        "proof_id": paper["proof_id"],
        "proxy_id": paper["proxy_id"],
        "vote_id": _owners_vote(courtyard.id, people["organizer"]),
        "meeting_id": meeting.id,
        "agenda_item_id": agenda.items_of(meeting)[0].id,
        "remote_id": link.id,
        "way": "down",
        "act": "open",
        "hands_id": _hands_of(meeting),
        **_written_at(meeting, people["organizer"]),
        "token": hosting.token_of(link, config_of(app).secret),
        "questionnaire_id": questionnaire.id,
        "number": "1",
        "answer_photo_id": held,
        "job_id": export.id,
        "tag_id": tag.id,
        "template_id": kept.id,
        "ballot_id": ballot.id,
        "unit_id": _first(Unit, courtyard.id),
        "correction_id": _correction(courtyard.id, people["organizer"]),
        "published_id": published.id,
        "show": "bars",
        "reprint_id": wish.id,
        "visit_id": knock.id,
        "household_id": household.id,
        "place_id": str(db.session.get_one(Place, courtyard.id).parent_id),
        "level": "street",
        "entry_key": "roof",
        "key": next(
            question.key
            for question in questionnaires.find(questionnaire.id).questions
            if KINDS[question.type].is_text
        ),
        "filename": "app.css",
        "account_id": people["clerk"],
        "role_id": db.session.scalars(
            select(Role.id).where(Role.account_id == people["clerk"])
        ).one(),
        **{f"{name}_id": _first(model, courtyard.id) for name, model in _OF_COURTYARD.items()},
        "need_id": need.id,
        "menu_id": published.menu_id,
        "item_id": db.session.scalars(
            select(MenuItem.id).where(MenuItem.menu_id == published.menu_id).limit(1)
        ).one(),
    }
    values["opinion_id"] = said_at(meeting, at)
    values["motion_id"] = owners.motions_of(owners.find(values["vote_id"]))[0].id
    code_id = db.session.scalars(
        select(HouseholdCode.id).where(HouseholdCode.household_id == household.id)
    ).one()
    codes = {
        **dict.fromkeys(_COURTYARD_CODES, courtyard.code),
        "courtyards.household": long,
        "owners.slip": paper["code"],
        "ballots.receipt_of": "0" * 14,
        "questionnaires.copy": "0" * 26,
        "questionnaires.photo_of_copy": "0" * 26,
        "questionnaires.follow": tag.code,
        "resident.following.one": _first(Suggestion, courtyard.id),
    }
    assert db.session.get(Account, people["stranger"]) is not None
    return Grounds(app, people, code_id, values, codes)


def _correction(courtyard_id: str, by: str) -> str:
    """A correction of an owners' vote that waits for a second account."""
    vote = owners.of_courtyard(courtyard_id)[0]
    unit = owners.units_of(vote)[0]
    door = (unit.building, unit.stairwell, unit.room)
    claim = correcting.Claim(correcting.What.AREA, unit.area_dm2 + 1, AreaSource.SURVEY)
    return correcting.ask(vote, door, claim, "the deed", by=by, at=clock.now()).id


def _meeting_that_is_on(courtyard_id: str, by: str) -> Meeting:
    """A meeting at its first item, before anybody holds its remote."""
    at = clock.now()
    meeting = meetings.create(
        db.session.get_one(Courtyard, courtyard_id),
        title="灯装在哪儿",
        place="院里大槐树下",
        starts_at=at,
        items=agenda.TEMPLATES["picking"][1],
        by=by,
        at=at,
    )
    showing.begin(meeting, showing.Hand("王楼长", 0, at))
    first = agenda.items_of(meeting)[0].id
    showing.go(meeting, first, showing.Hand("王楼长", meeting.step, at))
    return meeting


def _remotes(meeting: Meeting, secret: bytes, by: str) -> Remote:
    """A link that nobody has taken; another one is in the host's hand."""
    at = clock.now()
    taken = hosting.make(meeting, "王楼长", secret=secret, by=by, at=at)
    hosting.take(taken, sha256(f"remote:{HOSTS_PHONE}".encode()).hexdigest(), at=at)
    return hosting.make(meeting, "李主任", secret=secret, by=by, at=at)


def _owners_vote(courtyard_id: str, by: str) -> str:
    """Id of a vote of the owners: the demonstration's, or a draft where it has none."""
    found = owners.of_courtyard(courtyard_id)
    if found:
        return found[0].id
    at = clock.now()
    opens_at, closes_at = at + timedelta(days=20), at + timedelta(days=30)
    terms = Terms(
        "Owners decide", at.date(), opens_at, closes_at, closes_at, called_by="The committee"
    )
    courtyard = db.session.get_one(Courtyard, courtyard_id)
    vote = voting.draft(courtyard, terms, by=by, at=at)
    voting.add_motion(vote, "A company", "", "manager", by=by, at=at)
    return vote.id


def _hands_of(meeting: Meeting) -> str:
    """Hands that were raised at a meeting, by the id under which they are taken back."""
    hands.count(
        meeting,
        "这样装行不行？",
        {"行": 12, "不行": 3},
        where=Where(),
        people=20,
        counted_by="王楼长",
        typed_by="王楼长",
        item_id=meeting.item_id,
        at=clock.now(),
    )
    return hands.shows_of(meeting)[0].counts[0].id


def _written_at(meeting: Meeting, by: str) -> dict[str, str]:
    """A line of the minutes, and something that was promised."""
    at = clock.now()
    promise = promises.make(
        meeting,
        "Lamps on the stairs",
        "The community",
        at.date() + timedelta(days=30),
        host=Host(by, "Wang"),
        submission="here",
        at=at,
    )
    return {"promise_id": promise.id, "minute_id": writing_up.lines_of(meeting)[0].id}


def _photograph(need: Need, by: str) -> None:
    """Give a need a picture with its caption."""
    photos.add_photos(need, [_picture()], "North wall", by=by, at=clock.now())


def _picture() -> Picture:
    file = BytesIO()
    Image.new("RGB", (800, 600), "grey").save(file, "PNG")
    return made_anew(file.getvalue(), "wall.png")


_OF_COURTYARD = {
    "step": Step,
    "response": Response,
    "suggestion": Suggestion,
    "word": LearntWord,
    "photo": NeedPhoto,
    "entry": Entry,
    "menu": Menu,
    "round": Round,
}
_COURTYARD_CODES = (
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


def _first(model: type[db.Model], courtyard_id: str) -> str:  # type: ignore[name-defined]
    found = select(model.id).where(model.courtyard_id == courtyard_id).order_by(model.id).limit(1)
    return str(db.session.scalars(found).one())


def _fullest_need(courtyard_id: str) -> Need:
    """The need most was said about: its page shows everything, whatever the ids of this day."""
    said = select(func.count()).where(Placement.need_id == Need.id).scalar_subquery()
    found = select(Need).where(Need.courtyard_id == courtyard_id, Need.merged_into_id.is_(None))
    return db.session.scalars(found.order_by(said.desc(), Need.title).limit(1)).one()
