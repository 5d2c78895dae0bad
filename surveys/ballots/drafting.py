"""Making a ballot: drafting, opening (which freezes everything at once), tightening, voiding."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from surveys.ballots import chain, guarding, offers, receipts, rules, wording
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, BallotHousehold, Showing, TieMethod, Vote
from surveys.ballots.offers import Offer
from surveys.ballots.rules import State
from surveys.ballots.terms import VOTES, Terms, checked
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.counting import parts, ties
from surveys.counting.canon import digest, text_digest
from surveys.counting.contradictions import contradictions
from surveys.courtyards.models import Household
from surveys.errors import Invalid, Refused
from surveys.menus import listing, pinning
from surveys.menus.models import Menu
from surveys.rounds.models import Round

LONGEST_TITLE = 80
_USUAL = Terms()
Roll = Sequence[tuple[str, str, str]]
"""household, building and stairwell of everybody, in the order of their ids"""

audit.words(
    {
        "ballot.drafted": N_("起草点单“%(title)s”"),
        "ballot.changed": N_("修改点单“%(title)s”"),
        "ballot.opened": N_("开票“%(title)s”，花名册 %(households)s 户"),
        "ballot.tightened": N_("收紧点单的显示"),
        "ballot.voided": N_("作废点单：%(reason)s"),
    }
)


def draft(
    round_: Round,
    menu: Menu,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    seals_at: datetime,
    showing: Showing,
    tie_method: TieMethod,
    terms: Terms = _USUAL,
    by: str,
    at: datetime,
) -> Ballot:
    """Draft a ballot on a menu of the same round; anything may still change.

    Raises:
        Invalid: the title is missing or too long, a draft has it already, the times are in the
            wrong order, or the terms do not go together.
        Refused: the menu is another round's.
    """
    db.session.refresh(round_, with_for_update=True)
    ballot = Ballot(
        id=new_id(), courtyard_id=round_.courtyard_id, round_id=round_.id, created_at=at
    )
    _fill(ballot, menu, title, (opens_at, closes_at, seals_at))
    _fill_rules(ballot, showing, tie_method, terms)
    _refuse_twin(ballot)
    db.session.add(ballot)
    _note("ballot.drafted", ballot, by, at, title=ballot.title)
    db.session.commit()
    return ballot


def change(
    ballot: Ballot,
    *,
    menu: Menu | None = None,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    seals_at: datetime,
    showing: Showing,
    tie_method: TieMethod,
    terms: Terms = _USUAL,
    by: str,
    at: datetime,
) -> None:
    """Change a draft.

    Args:
        menu: another menu of the same round; None keeps the one it has.

    Raises:
        Invalid, Refused: as for `draft`; also when it is no draft any more.
    """
    ballot = chain.lock(ballot.id)
    _refuse_unless_draft(ballot, at)
    menu = menu or db.session.get_one(Menu, ballot.menu_id)
    _fill(ballot, menu, title, (opens_at, closes_at, seals_at))
    _fill_rules(ballot, showing, tie_method, terms)
    _note("ballot.changed", ballot, by, at, title=ballot.title)
    db.session.commit()


@retrying
def open_(ballot: Ballot, *, by: str, at: datetime, keys: LinkKeys, secret: bytes) -> None:
    """Freeze menu, costs, rules and roll in one commit, make the link key, begin the chain.

    Votes are taken from `opens_at` on. From here nothing that is voted on can change.

    Args:
        secret: the installation's secret, of which the receipts will be derived; a digest of it is
            frozen, so that no vote is taken when it was lost in between.

    Raises:
        Refused: no draft, the times do not fit any more, nobody on the roll, live figures on a
            small roll, items that nobody has priced, items for a building too small to have its
            own, or rules that nobody could meet; or one that a meeting opens.
    """
    ballot = chain.lock(ballot.id)
    if ballot.at_meeting and ballot.frozen_at is None:
        raise Refused(N_("这次点单在会上开。要现在就开，先改成不在会上开的。"))
    _open(ballot, by, at, keys, secret)
    db.session.commit()


@retrying
def tighten(ballot: Ballot, showing: Showing, *, by: str, at: datetime) -> None:
    """Show less of an announced, open or closed ballot. Showing more is for the next ballot.

    Raises:
        Refused: it would show more, or the ballot is not running.
    """
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) not in {State.ANNOUNCED, State.OPEN, State.CLOSED}:
        raise Refused(N_("现在不能改显示的多少。"))
    if not rules.may_tighten(ballot.showing, showing):
        raise Refused(N_("开票以后只能收紧，不能放开。"))
    ballot.showing = showing
    ballot.revision += 1
    _note("ballot.tightened", ballot, by, at, showing=str(showing))
    db.session.commit()


@retrying
def void(ballot: Ballot, reason: str, *, by: str, at: datetime, keys: LinkKeys) -> None:
    """End a ballot without a result. The encrypted votes and the keys go; the record stays.

    Raises:
        Invalid: no reason is given.
        Refused: it is void already, or sealed, so that whoever dislikes a result cannot undo it.
    """
    why = reason.strip()[:200]
    if not why:
        raise Invalid(N_("请写一句为什么作废，居民会看到。"))
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) in {State.VOID, State.SEALED, State.PUBLISHED}:
        raise Refused(N_("已经作废的、封存计票的或公布的，不能再作废。"))  # the result is known
    db.session.execute(delete(Vote).where(Vote.ballot_id == ballot.id))
    if ballot.frozen_at is not None:
        chain.append(ballot, "void", {"reason": why}, at, offers.offer(ballot).zone)
    ballot.voided_at = at
    ballot.revision += 1
    guarding._guard_slips(ballot.courtyard_id)
    _note("ballot.voided", ballot, by, at, reason=why)
    db.session.commit()
    keys.forget(ballot.id)


def _open(ballot: Ballot, by: str, at: datetime, keys: LinkKeys, secret: bytes) -> None:
    """Open a ballot that is locked: as `open_`, for the acts of a meeting too."""
    _refuse_unless_draft(ballot, at)
    _refuse_times(ballot, at)
    pinning._pin(db.session.get_one(Menu, ballot.menu_id), at)
    roll, offer = _roll(ballot.courtyard_id), offers.offer(ballot)
    _refuse_roll(ballot, len(roll))
    _refuse_unpriced(ballot)
    _refuse_contradictions(offer)
    _refuse_support(offer)
    _refuse_small_parts(offer)
    _freeze(ballot, offer, roll, secret)
    body = _opening(ballot, offer, roll, ties.commitment(keys.make(ballot.id).tie_seed))
    chain.append(ballot, "open", body, at, offer.zone)
    ballot.frozen_at = at
    ballot.revision += 1
    guarding._guard_slips(ballot.courtyard_id)
    _note("ballot.opened", ballot, by, at, title=ballot.title, households=len(roll))


def _fill(
    ballot: Ballot, menu: Menu, title: str, times: tuple[datetime, datetime, datetime]
) -> None:
    if menu.round_id != ballot.round_id:
        raise Refused(N_("这张菜单不是这一轮的。"))
    ballot.title = title.strip()
    if not 0 < len(ballot.title) <= LONGEST_TITLE:
        raise Invalid(N_("请写点单的名字，最多 %(most)s 个字。"), most=LONGEST_TITLE)
    ballot.menu_id = menu.id
    ballot.opens_at, ballot.closes_at, ballot.seals_at = times
    _refuse_order(ballot)


def _fill_rules(ballot: Ballot, showing: Showing, tie_method: TieMethod, terms: Terms) -> None:
    terms = checked(terms)
    ballot.showing, ballot.tie_method = showing, tie_method
    ballot.way, ballot.points, ballot.rule = terms.way, terms.points, terms.rule
    ballot.least_votes, ballot.least_percent = terms.least_votes, terms.least_percent
    ballot.at_meeting = terms.at_meeting
    if ballot.at_meeting and ballot.showing == Showing.LIVE:
        raise Invalid(
            N_("会上截止的点单，不能边投边看：主持人看着票数截止，说不清。请改封存以前能看到的。")
        )


def _refuse_twin(ballot: Ballot) -> None:
    """Whoever taps twice makes one draft."""
    twin = select(Ballot.id).where(
        Ballot.round_id == ballot.round_id,
        Ballot.title == ballot.title,
        Ballot.frozen_at.is_(None),
        Ballot.voided_at.is_(None),
    )
    if db.session.scalar(twin.limit(1)):
        raise Invalid(N_("已经有叫“%(title)s”的草稿了，换个名字。"), title=ballot.title)


def _refuse_order(ballot: Ballot) -> None:
    if ballot.opens_at >= ballot.closes_at:
        raise Invalid(N_("截止要在开始之后。"))
    if ballot.seals_at < ballot.closes_at:
        raise Invalid(N_("最晚封存的时间不能早过截止。"))
    if ballot.seals_at > ballot.closes_at + rules.LONGEST_SEALING:
        raise Invalid(N_("截止以后最多 %(days)s 天就要封存计票。"), days=rules.LONGEST_SEALING.days)


def _refuse_times(ballot: Ballot, at: datetime) -> None:
    _refuse_order(ballot)
    if ballot.closes_at <= at:
        raise Refused(N_("截止时间已经过了，先改时间再开票。"))


def _refuse_unless_draft(ballot: Ballot, at: datetime) -> None:
    if rules.state(ballot, at) is not State.DRAFT:
        raise Refused(N_("已经开票，定下来的不能再改。"))


def _refuse_roll(ballot: Ballot, households: int) -> None:
    if not households:
        raise Refused(N_("花名册上还没有住户，先导入花名册再开票。"))
    if ballot.showing == Showing.LIVE and households < rules.LEAST_FOR_LIVE:
        raise Refused(
            N_("花名册不到 %(least)s 户，边投边看会看出谁选了什么。请改成只显示交了多少户。"),
            least=rules.LEAST_FOR_LIVE,
        )


def _refuse_unpriced(ballot: Ballot) -> None:
    """Nobody can weigh up what has no price yet."""
    if names := listing.unpriced(ballot.menu_id):
        raise Refused(N_("还没填价钱：%(names)s。先到菜单里填好。"), names="、".join(names))


def _refuse_contradictions(offer: Offer) -> None:
    found = contradictions(offer.menu, offer.rules, offer.budget_fen, offer.counting)
    if found:
        raise wording.impossible(found[0], offer)


def _refuse_support(offer: Offer) -> None:
    """More households than there are can never be for anything."""
    least = offer.counting.least_votes
    if offer.way in VOTES and least > offer.households:
        raise Refused(
            N_("花名册只有 %(households)s 户，规定却要 %(least)s 户选才做，哪项也做不了。请改。"),
            households=offer.households,
            least=least,
        )


def _refuse_small_parts(offer: Offer) -> None:
    """Of a few households, what they chose among themselves would tell who chose what."""
    for items in offer.own_of(None):
        item, households = items[0], offer.parts[items[0].part]
        if households < parts.LEAST_ON_ROLL:
            raise Refused(
                _SMALL_STAIRWELL if item.stairwell else _SMALL_BUILDING,
                name=item.name,
                building=item.building,
                stairwell=item.stairwell,
                households=households,
                least=parts.LEAST_ON_ROLL,
            )
        if households < offer.counting.least_votes:
            raise Refused(
                N_(
                    "“%(name)s”只给 %(households)s 户选，规定却要 %(least)s 户选才做，"
                    "怎么也做不了。请改成全院选，或者改最少要几户。"
                ),
                name=item.name,
                households=households,
                least=offer.counting.least_votes,
            )


_SMALL_BUILDING = N_(
    "“%(name)s”只给楼栋“%(building)s”选，可花名册上那里只有 %(households)s 户，"
    "不到 %(least)s 户会看出谁选了什么。请改成全院选。"
)
_SMALL_STAIRWELL = N_(
    "“%(name)s”只给楼栋“%(building)s”的单元“%(stairwell)s”选，可花名册上那里只有"
    " %(households)s 户，不到 %(least)s 户会看出谁选了什么。请改成整栋楼选，或者全院选。"
)


def _roll(courtyard_id: str) -> Roll:
    """Everybody on the roll now."""
    found = db.session.execute(
        select(Household.id, Household.building, Household.stairwell)
        .where(Household.courtyard_id == courtyard_id)
        .order_by(Household.id)
    )
    return [(household, building, stairwell) for household, building, stairwell in found]


def _freeze(ballot: Ballot, offer: Offer, roll: Roll, secret: bytes) -> None:
    """Write the roll and the rules into the ballot; the guards close over them at the commit."""
    db.session.execute(insert(BallotHousehold), [_row(ballot, *door) for door in roll])
    ballot.roll_count = len(roll)
    ballot.rules = offers.written(offer, ballot, receipts.fingerprint(secret, ballot.id))


def _opening(ballot: Ballot, offer: Offer, roll: Roll, tie_seed: str) -> dict[str, object]:
    """The first event: digests of everything that is frozen, and the tie seed's commitment."""
    return {
        "roll": digest([list(door) for door in roll]),
        "households": len(roll),
        "menu": digest(offers.items_as_data(offer)),
        "rules": text_digest(ballot.rules),
        "tie_seed": tie_seed,
    }


def _row(ballot: Ballot, household: str, building: str, stairwell: str) -> dict[str, str]:
    home = {"household_id": household, "building": building, "stairwell": stairwell}
    return {"ballot_id": ballot.id, **home}


def _note(act: str, ballot: Ballot, by: str, at: datetime, **details: object) -> None:
    audit.note(act, by=by, at=at, courtyard_id=ballot.courtyard_id, subject_id=ballot.id, **details)
