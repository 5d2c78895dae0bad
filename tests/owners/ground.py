"""A courtyard beside the demonstration whose owners decided once and vote again, also online."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from flask import current_app

from surveys.accounts.models import Place
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.counting.double_majority import Mark
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard
from surveys.owners import (
    casting,
    codes,
    drafting,
    extending,
    online,
    registering,
    sealing,
    service,
)
from surveys.owners.models import OwnersVote
from surveys.owners.parties import Named, UnitRow
from surveys.owners.register_models import AreaSource, OwnerKind
from surveys.owners.terms import Terms
from surveys.web import config_of
from tests.house.beside import HOMES, a_courtyard
from tests.owners.sheets import Counter
from tests.owners.stage import AGAINST, FOR, ZONE, Stage
from tests.world import World

SURNAMES, GIVEN = "赵钱孙周吴郑冯", ("国强", "桂兰", "小梅")
MOTIONS = (("选聘安居物业公司", "manager"), ("筹集维修资金，每平方米 12 元", "raise_fund"))
DECIDED_FROM, DECIDED_TO = -64, -54
"""days on which the vote that is decided opened and closed"""
SEALED_WITHIN, NOTICE = 3, 15


@dataclass(frozen=True)
class Voting:
    """Ids of what stands there, and codes of slips."""

    courtyard: str
    open: str
    """a vote that was put off once"""
    published: str
    draft: str
    sheet: str
    """waits for a second account"""
    proof: str
    proxy: str
    slip: str
    """code of an owner who has not come yet"""
    void_slip: str
    """code of a household that was given another one since"""
    phones: Mapping[str, str]
    """ids of codes: of the `owner` who has not sent, the one who `voted`, and one who was `late`
    for the vote that is decided"""


def furnish(community: Place, people: dict[str, str], secret: bytes) -> Voting:
    """Build it, so that every page of an owners' vote has something to show."""
    at, by = clock.now(), people["organizer"]
    courtyard = a_courtyard("椿树巷 5 号院", community, by, at)
    _allow(courtyard, people["administrator"], at)
    _register(courtyard, by, at - timedelta(days=90))
    published = _decided(courtyard, people, at)
    vote = _opened(courtyard, "第二次业主表决", at - timedelta(days=1), by)
    stage = Stage(
        World("", community.id, courtyard.id, courtyard.code, "", [], people),
        vote,
        {one.owner.number: one.owner.id for one in service.owners_of(vote)},
    )
    closes_at = vote.closes_at + timedelta(days=3)
    extending.extend(vote, closes_at, "下大雨，好几户没送到", by=by, at=at)
    names = {one.owner.number: one.names for one in service.owners_of(vote)}
    counter, today = Counter(stage), clock.day(at, ZONE)
    for signer, mark in zip(names[2], (FOR, AGAINST), strict=True):
        counter.confirm(counter.key(2, mark, FOR, signer=signer, received_on=today, at=at), at)
    waits = counter.key(5, FOR, AGAINST, signer=names[5][0], received_on=today, at=at)
    counter.online(8, FOR, FOR, signer=names[8][0], at=at)
    own = {n: codes.owner_code(stage.owners[n], 1, secret) for n in (7, 8, 9)}
    last = service.owners_of(published)[-1].owner
    phones = {
        "owner": own[9],
        "voted": own[8],
        "late": codes.owner_code(last.id, 1, secret),
    }
    return Voting(
        courtyard=courtyard.id,
        open=vote.id,
        published=published.id,
        draft=_drafted(courtyard, "第三次业主表决", at + timedelta(days=20), by).id,
        sheet=waits.id,
        proof=str(waits.proof_id),
        proxy=counter.proxy(6, at=at).id,
        slip=own[7],
        void_slip=_void_slip(courtyard, by, at, secret),
        phones={who: codes.by_code(code, secret).id for who, code in phones.items()},
    )


def _void_slip(courtyard: Courtyard, by: str, at: datetime, secret: bytes) -> str:
    home = courtyards.households_of(courtyard.id)[0]
    long, _short = slips.household_code(home, secret)
    slips.renew_slip(courtyard, home, secret=secret, by=by, at=at)
    return long


def _allow(courtyard: Courtyard, by: str, at: datetime) -> None:
    """The local rules allow voting online there."""
    place = db.session.get_one(Place, courtyard.id)
    online.set_rule(place, is_allowed=True, basis="市里的办法第三条", by=by, at=at)


def _register(courtyard: Courtyard, by: str, at: datetime) -> None:
    """Three homes are one owner's, one is a couple's, two a company's; each other has its own."""
    rows = list(_rows())
    plan = registering.plan_import(courtyard.id, rows)
    registering.import_rows(courtyard.id, rows, seen=plan.fingerprint, by=by, at=at)
    registering.state(
        courtyard.id,
        area_dm2=sum(row.area_dm2 for row in rows),
        units=len(rows),
        source="不动产登记",
        gap_reason="",
        by=by,
        at=at,
    )


def _rows() -> Iterator[UnitRow]:
    people = (f"{surname}{given}" for given, surname in product(GIVEN, SURNAMES))
    landlord, couple = next(people), (next(people), next(people))
    for n, home in enumerate(HOMES):
        kind = OwnerKind.PERSON
        names: tuple[str, ...] = (landlord,)
        if n == 3:
            kind, names = OwnerKind.TOGETHER, couple
        elif n in {4, 5}:
            kind, names = OwnerKind.BODY, ("安居房产公司",)
        elif n > 5:
            names = (next(people),)
        yield UnitRow(
            building=home.building,
            stairwell=home.stairwell,
            room=home.room,
            area_dm2=home.area_dm2 or 1,
            source=AreaSource.REGISTER,
            kind=kind,
            named=tuple(Named(name) for name in names),
            voter=names[0] if kind is OwnerKind.TOGETHER else "",
        )


def _drafted(courtyard: Courtyard, title: str, opens_at: datetime, by: str) -> OwnersVote:
    """A draft of ten days, with its motions, on the day of its notice."""
    at = opens_at - timedelta(days=NOTICE)
    closes_at = opens_at + timedelta(days=DECIDED_TO - DECIDED_FROM)
    terms = Terms(
        title=title,
        called_by="业主委员会",
        noticed_on=clock.day(at, ZONE),
        opens_at=opens_at,
        closes_at=closes_at,
        seals_at=closes_at + timedelta(days=SEALED_WITHIN),
        is_online=True,
    )
    vote = drafting.draft(courtyard, terms, by=by, at=at)
    for motion, matter in MOTIONS:
        drafting.add_motion(vote, motion, "", matter, by=by, at=at)
    return vote


def _opened(courtyard: Courtyard, title: str, opens_at: datetime, by: str) -> OwnersVote:
    vote = _drafted(courtyard, title, opens_at, by)
    at = opens_at - timedelta(days=NOTICE)
    drafting.open_(vote, by=by, at=at, secret=config_of(current_app).secret)
    return service.find(vote.id)


def _decided(courtyard: Courtyard, people: dict[str, str], at: datetime) -> OwnersVote:
    """The vote before: everybody but two sent it in, it was signed for, sealed and published."""
    by = people["organizer"]
    opens_at = at + timedelta(days=DECIDED_FROM)
    vote = _opened(courtyard, "第一次业主表决", opens_at, by)
    *came, _missing, _missing_too = service.owners_of(vote)
    for one in came:
        marks = {1: FOR, 2: Mark.ABSTAIN if one.owner.number % 3 else AGAINST}
        sent = opens_at + timedelta(hours=one.owner.number)
        casting.cast(vote, one.owner, marks, one.names[0], submission=new_id(), at=sent)
    close = vote.closes_at
    sealing.sign(vote, by=people["supervisor"], at=close + timedelta(hours=1))
    sealing.seal(vote, by=by, at=close + timedelta(hours=2))
    sealing.publish(vote, by=by, at=close + timedelta(hours=3))
    return vote
