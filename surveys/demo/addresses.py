"""What to open once it runs: paths of the pages worth seeing, each with a word on what it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from surveys.accounts import lists, passwords
from surveys.accounts import service as accounts
from surveys.accounts.models import Account
from surveys.accounts.rules import ROLE_NAMES, RoleKind
from surveys.ballots import asking
from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, Household
from surveys.meetings import service as meetings
from surveys.owners import service as owners
from surveys.questionnaires import service as questionnaires
from surveys.results import service as results

FRONT, DESK = "/", "/desk/"
AT_THE_DESK = (
    RoleKind.ORGANIZER,
    RoleKind.CLERK,
    RoleKind.SUPERVISOR,
    RoleKind.ADMINISTRATOR,
)
"""whose passwords are told"""
FIRST_ACCOUNT = "admin"


class Address(NamedTuple):
    """A path, and what is found there."""

    path: str
    what: str


def of_demonstration(at: datetime, secret: bytes) -> Iterator[Address]:
    """The pages of the demonstration, those for residents first.

    The accounts of the desk get new passwords each time, told here and nowhere else.
    """
    courtyard = db.session.scalars(select(Courtyard).where(Courtyard.is_demonstration)).one()
    yield Address(f"/c/{courtyard.code}", N_("院子的页面，墙上的码通到这里"))
    for questionnaire in questionnaires.open_ones(courtyard.id, at):
        yield Address(f"/q/{questionnaire.id}", N_("正在收的问卷：%s") % questionnaire.title)
    for ballot in asking.open_ones(courtyard.id, at):
        yield from _of_ballot(ballot, courtyard, secret)
    for ballot in results.published_of(courtyard.id):
        yield Address(f"/result/{ballot.id}", N_("公布了的结果：%s") % ballot.title)
    for vote in owners.of_courtyard(courtyard.id):
        yield Address(f"/owners/{vote.id}", N_("业主表决：%s") % vote.title)
        yield Address(f"/owners/{vote.id}/screen", N_("大屏幕：业主表决的两条线"))
    for meeting in meetings.announced(courtyard.id, at):
        yield Address(f"/m/{meeting.id}", N_("恳谈会，在手机上：%s") % meeting.title)
        yield Address(f"/wall/{meeting.id}", N_("大屏幕：恳谈会"))
    for kind in AT_THE_DESK:
        yield _sign_in(kind, at)


def _of_ballot(ballot: Ballot, courtyard: Courtyard, secret: bytes) -> Iterator[Address]:
    yield Address(f"/v/{ballot.id}", N_("正在开的点单：%s") % ballot.title)
    household = _not_in_yet(ballot, courtyard)
    if household is not None:
        long, _short = slips.household_code(household, secret)
        yield Address(f"/h/{long}", N_("一户的条子，这户还没点单：%s") % _door(household))
    yield Address(f"/screen/{ballot.id}", N_("大屏幕：扫码点单"))
    yield Address(f"/screen/{ballot.id}/bars", N_("大屏幕：票数和钱花到哪里"))


def _not_in_yet(ballot: Ballot, courtyard: Courtyard) -> Household | None:
    """The first door for which nothing has come."""
    roll = courtyards.households_of(courtyard.id)
    return next((door for door in roll if not asking.standing(ballot, door).entries), None)


def _door(household: Household) -> str:
    return f"{household.building}-{household.stairwell}-{household.room}"


def _sign_in(kind: RoleKind, at: datetime) -> Address:
    """The desk, with an account of the demonstration and a password made up just now."""
    account = lists.called(kind.value)
    password = passwords.one_time()
    accounts.set_password(account, password, by=None, at=at)
    return _desk(ROLE_NAMES[kind], account, password)


def of_empty(at: datetime) -> Iterator[Address]:
    """The pages of a real installation; where it has no account, its first one is made and told."""
    yield Address(FRONT, N_("首页，输入院子的码"))
    if db.session.scalar(select(Account.id).limit(1)) is not None:
        yield Address(DESK, N_("工作台，用已有的账号登录"))
        return
    top = lists.place_called(None) or accounts.add_place(
        N_("本区"), "district", None, by=None, at=at
    )
    role = (top, RoleKind.ADMINISTRATOR)
    title = ROLE_NAMES[RoleKind.ADMINISTRATOR]
    account, password = accounts.create_account(FIRST_ACCOUNT, title, by=None, at=at, role=role)
    yield _desk(title, account, password)


def _desk(title: str, account: Account, password: str) -> Address:
    told = N_("工作台，%(title)s：账号 %(name)s，一次性密码 %(password)s")
    return Address(DESK, told % {"title": title, "name": account.name, "password": password})
