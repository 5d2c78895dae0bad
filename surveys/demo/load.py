"""Loading the demonstration: every act through the rooms' own services, dated back from now."""

from datetime import datetime

from sqlalchemy import select

from surveys.accounts import lists
from surveys.accounts.models import Account
from surveys.accounts.rules import RoleKind
from surveys.ballots.link_key import LinkKeys
from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.demo import asking, courtyard, meeting, owning, sorting, voting, working
from surveys.demo.scene import Calendar, Scene
from surveys.errors import Refused
from surveys.overview import service as overview
from surveys.rounds import service as rounds

FOUNDED = -46
"""day on which the courtyard is made"""
BEGUN, LOADED = "demonstration.begun", "demonstration.loaded"

audit.words({BEGUN: N_("开始装演示"), LOADED: N_("装好了演示")})


def is_loaded() -> bool:
    """Whether the demonstration is there; False where it may be loaded.

    Raises:
        Refused: the database holds real places or accounts, or half a demonstration.
    """
    acts = select(AuditEntry.act).where(AuditEntry.act.in_([BEGUN, LOADED]))
    said = set(db.session.scalars(acts))
    if LOADED in said:
        return True
    if BEGUN in said:
        where = db.engine.url.render_as_string(hide_password=True)
        raise Refused(
            N_("上次装演示被打断了，只装了一半。请删掉这个数据库，再运行一次：%(where)s"),
            where=where,
        )
    if lists.any_place() or db.session.scalar(select(Account.id).limit(1)):
        raise Refused(
            N_("这个数据库里已经有真的院子或账号，演示不装进去。请换一个数据库，或者用 --empty。")
        )
    return False


def load(at: datetime, keys: LinkKeys, secret: bytes) -> Courtyard:
    """Load the demonstration into an empty database, as it stands at `at`.

    Raises:
        Refused: the database is not empty.
    """
    if is_loaded():
        raise Refused(N_("演示已经装过了。"))
    audit.note(BEGUN, by=None, at=at)
    db.session.commit()
    scene = _scene(Calendar(at), keys, secret)
    asking.survey_of_needs(scene)
    _close_step(scene, asking.LAST + 1)
    meeting.hold(scene)
    needs = sorting.sort_half(scene)
    working.follow_up(scene, voting.decide(scene, needs))
    menu = voting.menu_of_the_round(scene, needs)
    _close_step(scene, voting.OPEN_FROM - 3)
    asking.opinions_on_the_plan(scene)
    voting.leave_open(scene, menu)
    meeting.plan(scene)
    owning.leave_open(scene)
    sorting.learn_and_propose(scene, at)
    audit.note(LOADED, by=None, at=at, courtyard_id=scene.courtyard.id)
    db.session.commit()
    return scene.courtyard


def _scene(calendar: Calendar, keys: LinkKeys, secret: bytes) -> Scene:
    people, community = courtyard.people(calendar.at(FOUNDED, 9))
    organizer = people[RoleKind.ORGANIZER]
    made = courtyard.courtyard(community, organizer, secret, calendar.at(FOUNDED, 10))
    return Scene(
        courtyard=made,
        round=courtyard.round_of(made, organizer, calendar.at(FOUNDED, 11)),
        households=courtyards.households_of(made.id),
        people=people,
        calendar=calendar,
        keys=keys,
        secret=secret,
    )


def _close_step(scene: Scene, day: int) -> None:
    """The organizer closes the step that the round stands on."""
    at = scene.calendar.at(day, 16)
    step = next(step for step in rounds.steps_of(scene.round) if step.closed_at is None)
    facts = overview.facts(scene.courtyard, scene.round, at)
    rounds.close_step(step, facts, by=scene.organizer, held={RoleKind.ORGANIZER}, at=at)
