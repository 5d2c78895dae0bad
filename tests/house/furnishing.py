"""What the demonstration lacks and the walk through every page needs: one of each thing.

Every function does real acts and tells by ids what stands for the arguments of the routes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from surveys.accounts import failures
from surveys.accounts.models import Place, Role
from surveys.accounts.rules import RoleKind
from surveys.ballots import asking, receipts
from surveys.ballots.models import Entry, Participation
from surveys.base import clock, jobs
from surveys.base.db import db, new_id
from surveys.base.pictures import Picture, made_anew
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household, Reprint, Visit
from surveys.courtyards.views import MOST_GUESSES
from surveys.meetings import agenda, hands, hosting, promises, showing, writing_up
from surveys.meetings import service as meetings
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Remote
from surveys.meetings.rules import Where
from surveys.menus.models import Menu, MenuItem
from surveys.needs import photos
from surveys.needs.models import LearntWord, Need, NeedPhoto, Placement, Suggestion
from surveys.owners import correcting
from surveys.owners import service as owners
from surveys.owners.register_models import AreaSource, Unit
from surveys.questionnaires import answering, export_files, library, tags
from surveys.questionnaires import photos as answer_photos
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Response
from surveys.questionnaires.service import Asked
from surveys.results import service as results
from surveys.rounds.models import Round, Step
from tests.house.phones import HOSTS_PHONE, Values, drafts_of
from tests.meetings.in_demo import said_at

HOST, ANOTHER_HOST = "王楼长", "李主任"
_OF_COURTYARD = {
    "step": Step,
    "response": Response,
    "suggestion": Suggestion,
    "word": LearntWord,
    "entry": Entry,
    "menu": Menu,
    "round": Round,
}


@dataclass(frozen=True)
class Setting:
    """Where the acts take place, and who does them."""

    courtyard_id: str
    people: dict[str, str]
    """account ids by kind of role"""
    secret: bytes
    files: Path
    at: datetime

    @property
    def courtyard(self) -> Courtyard:
        """Asked for anew each time: some acts end the session that it was read in."""
        return courtyards.find(self.courtyard_id)

    @property
    def community(self) -> Place:
        """Where it lies."""
        place = db.session.get_one(Place, self.courtyard_id)
        return db.session.get_one(Place, place.parent_id)

    def homes(self) -> Sequence[Household]:
        """The doors of the courtyard, in order."""
        found = select(Household).where(Household.courtyard_id == self.courtyard_id)
        return db.session.scalars(found.order_by(Household.position)).all()


def of_places(here: Setting) -> Values:
    """The courtyard, its place, and the accounts."""
    clerk = here.people["clerk"]
    role = select(Role.id).where(Role.account_id == clerk)
    return {
        "courtyard_id": here.courtyard_id,
        "place_id": here.community.id,
        "level": "street",
        "account_id": clerk,
        "role_id": db.session.scalars(role).one(),
        "entry_key": "roof",
        "filename": "app.css",
        **{f"{name}_id": _first(model, here) for name, model in _OF_COURTYARD.items()},
    }


def of_doors(here: Setting) -> Values:
    """A slip that shall be printed again, and a door at which nobody answered."""
    home, clerk = here.homes()[0], here.people["clerk"]
    wish = Reprint(
        id=new_id(),
        courtyard_id=here.courtyard_id,
        household_id=home.id,
        reason="lost",
        asked_by=clerk,
        asked_at=here.at,
    )
    knock = Visit(
        id=new_id(),
        courtyard_id=here.courtyard_id,
        household_id=home.id,
        about=asked_now(here).id,
        way="visit",
        outcome="absent",
        note="灯亮着，没人应",
        by=clerk,
        at=here.at,
    )
    db.session.add_all([wish, knock])
    db.session.commit()
    return {"reprint_id": wish.id, "visit_id": knock.id, "household_id": home.id}


def guess(here: Setting) -> str:
    """A phone that typed too many codes that are nobody's; what it is known by."""
    guesser = "a phone that guesses"
    tries = [f"code:{here.courtyard_id}:{guesser}"] * MOST_GUESSES
    failures.note_failures(tries, here.at)
    return guesser


# --- asked ---------------------------------------------------------------------------------------


def asked_now(here: Setting) -> Asked:
    """The questionnaire that is open."""
    return questionnaires.find(questionnaires.open_ones(here.courtyard_id, here.at)[0].id)


def of_questions(here: Setting) -> Values:
    """A template made of it, a link, a workbook of its answers, and a photo that waits."""
    asked, by, at = asked_now(here), here.people["organizer"], here.at
    kept = library.save(asked, here.community, "咱社区常问的", by=by, at=at)
    tag = tags.make(asked.questionnaire, "微信群", by=by, at=at)
    export = export_files.ask_for_workbook(
        asked, "zh-CN", name="answers.xlsx", with_doors=False, by=by, at=at
    )
    (held,) = answer_photos.hold(
        asked, drafts_of(here.homes()[0]), "photo", [_picture()], beside=(), at=at
    )
    found = {
        "questionnaire_id": asked.id,
        "number": "1",
        "closed_id": questionnaires.closed_among(
            questionnaires.of_courtyard(here.courtyard_id), at
        )[0].id,
        "key": next(one.key for one in asked.questions if KINDS[one.type].is_text),
        "template_id": kept.id,
        "tag_id": tag.id,
        "tag_code": tag.code,
        "job_id": export.id,
        "answer_photo_id": held,
    }
    jobs.work(here.files, clock.now)
    return found


def answer(here: Setting, home: Household) -> str:
    """Answer from a household's phone; the code of the copy."""
    asked = asked_now(here)
    phone = Sender(drafts_of(home), home.id)
    given = {one.key: (one.choices[0].key,) for one in asked.questions if one.type == "single"}
    submission = answering.new_submission()
    sent = answering.send(asked, phone, given, submission, at=here.at, secret=here.secret)
    return answering.copy_code(here.secret, sent.id)


# --- sorted --------------------------------------------------------------------------------------


def of_needs(here: Setting) -> Values:
    """The need most was said about, with a picture."""
    need = _fullest_need(here.courtyard_id)
    photos.add_photos(need, [_picture()], "北墙", by=here.people["clerk"], at=here.at)
    return {"need_id": need.id, "photo_id": _first(NeedPhoto, here)}


def _fullest_need(courtyard_id: str) -> Need:
    """Its page shows everything, whatever the ids of this day."""
    said = select(func.count()).where(Placement.need_id == Need.id).scalar_subquery()
    found = select(Need).where(Need.courtyard_id == courtyard_id, Need.merged_into_id.is_(None))
    return db.session.scalars(found.order_by(said.desc(), Need.title).limit(1)).one()


# --- chosen --------------------------------------------------------------------------------------


def of_ballots(here: Setting) -> Values:
    """The ballot that is open, the one that is published and its menu, a receipt."""
    (ballot,) = asking.open_ones(here.courtyard_id, here.at)
    (published,) = results.published_of(here.courtyard_id)
    came = select(Participation.household_id).where(Participation.ballot_id == ballot.id)
    home_id = db.session.scalars(came.limit(1)).one()
    item = select(MenuItem.id).where(MenuItem.menu_id == published.menu_id)
    return {
        "ballot_id": ballot.id,
        "show": "bars",
        "receipt": receipts.code_for(here.secret, ballot.id, home_id),
        "waiting_id": asking.pending(ballot)[0].entry.id,
        "published_id": published.id,
        "menu_id": published.menu_id,
        "item_id": db.session.scalars(item.limit(1)).one(),
    }


def of_owners(here: Setting) -> Values:
    """The owners' vote, and a correction of it that waits for a second account."""
    vote, by = owners.of_courtyard(here.courtyard_id)[0], here.people["organizer"]
    unit = owners.units_of(vote)[0]
    door = (unit.building, unit.stairwell, unit.room)
    claim = correcting.Claim(correcting.What.AREA, unit.area_dm2 + 1, AreaSource.SURVEY)
    return {
        "vote_id": vote.id,
        "motion_id": owners.motions_of(vote)[0].id,
        "unit_id": _first(Unit, here),
        "correction_id": correcting.ask(vote, door, claim, "看了房产证", by=by, at=here.at).id,
    }


# --- talked about --------------------------------------------------------------------------------


def of_meeting(here: Setting) -> Values:
    """A meeting that is on, with what was said, counted, written down and promised at it."""
    meeting = _begun(here)
    link = _remotes(here, meeting)
    return {
        "meeting_id": meeting.id,
        "agenda_item_id": agenda.items_of(meeting)[0].id,
        "held_id": meetings.of_courtyard(here.courtyard_id)[-1].id,
        "remote_id": link.id,
        "token": hosting.token_of(link, here.secret),
        "way": "down",
        "act": "open",
        "hands_id": _hands_of(here, meeting),
        "promise_id": _promise(here, meeting),
        "minute_id": writing_up.lines_of(meeting)[0].id,
        "opinion_id": said_at(meeting, here.at),
    }


def _begun(here: Setting) -> Meeting:
    """A meeting at its first item, before anybody holds its remote."""
    meeting = meetings.create(
        here.courtyard,
        title="灯装在哪儿",
        place="院里大槐树下",
        starts_at=here.at,
        items=agenda.TEMPLATES["picking"][1],
        by=here.people["organizer"],
        at=here.at,
    )
    showing.begin(meeting, showing.Hand(HOST, 0, here.at))
    first = agenda.items_of(meeting)[0].id
    showing.go(meeting, first, showing.Hand(HOST, meeting.step, here.at))
    return meeting


def _remotes(here: Setting, meeting: Meeting) -> Remote:
    """A link that nobody has taken; another one is in the host's hand."""
    by, at = here.people["organizer"], here.at
    taken = hosting.make(meeting, HOST, secret=here.secret, by=by, at=at)
    hosting.take(taken, sha256(f"remote:{HOSTS_PHONE}".encode()).hexdigest(), at=at)
    return hosting.make(meeting, ANOTHER_HOST, secret=here.secret, by=by, at=at)


def _hands_of(here: Setting, meeting: Meeting) -> str:
    """Hands that were raised, by the id under which they are taken back."""
    hands.count(
        meeting,
        "这样装行不行？",
        {"行": 12, "不行": 3},
        where=Where(),
        people=20,
        counted_by=HOST,
        typed_by=HOST,
        item_id=meeting.item_id,
        at=here.at,
    )
    return hands.shows_of(meeting)[0].counts[0].id


def _promise(here: Setting, meeting: Meeting) -> str:
    return promises.make(
        meeting,
        "楼梯间装灯",
        "社区",
        here.at.date() + timedelta(days=30),
        host=Host(here.people["organizer"], HOST),
        submission="here",
        at=here.at,
    ).id


# --- for all -------------------------------------------------------------------------------------


def _picture() -> Picture:
    file = BytesIO()
    Image.new("RGB", (800, 600), "grey").save(file, "PNG")
    return made_anew(file.getvalue(), "wall.png")


def _first(model: type[db.Model], here: Setting) -> str:  # type: ignore[name-defined]
    found = select(model.id).where(model.courtyard_id == here.courtyard_id).order_by(model.id)
    return str(db.session.scalars(found.limit(1)).one())


def slip_of(here: Setting, home: Household) -> str:
    """The long code on a household's slip."""
    long, _short = slips.household_code(home, here.secret)
    return long


def account_of(kind: RoleKind) -> str:
    """The demonstration's account with this role."""
    return db.session.scalars(select(Role.account_id).where(Role.kind == kind).limit(1)).one()
