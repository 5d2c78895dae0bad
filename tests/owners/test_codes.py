"""Owners' codes are apart from households' slips."""

import pytest

from surveys.base.db import db
from surveys.courtyards import slips
from surveys.courtyards.codes import ALPHABET, check_symbol
from surveys.courtyards.models import Courtyard
from surveys.courtyards.service import households_of
from surveys.errors import Invalid, NotFound
from surveys.owners import codes, register
from surveys.owners.models import OwnerCode, OwnersVote, VoteOwner
from tests.owners.registers import add_register, row
from tests.owners.test_register import a_vote
from tests.world import AT, World

SECRET = b"s" * 32


@pytest.fixture
def vote(world: World) -> OwnersVote:
    add_register(world.courtyard, row("1-1-101", 1, "王强"), row("1-1-102", 1, "李梅"))
    found = a_vote(world, is_online=True)
    register._freeze(found.id, world.courtyard)
    codes._issue(found, SECRET, AT)
    db.session.commit()
    return found


def codes_of(vote: OwnersVote) -> list[str]:
    owners = db.session.scalars(
        db.select(VoteOwner.id).where(VoteOwner.vote_id == vote.id).order_by(VoteOwner.number)
    )
    return [codes.owner_code(owner, 1, SECRET) for owner in owners]


def test_every_owner_is_found_by_the_code_of_its_slip(vote: OwnersVote) -> None:
    first, second = codes_of(vote)
    assert codes.by_code(first, SECRET).vote_owner_id != codes.by_code(second, SECRET).vote_owner_id
    assert codes.by_code(f" {first[:4].lower()}-{first[4:]}", SECRET).vote_id == vote.id


def test_codes_are_given_once(vote: OwnersVote) -> None:
    assert codes._issue(vote, SECRET, AT) == 0
    assert db.session.query(OwnerCode).count() == 2


def test_a_vote_on_paper_alone_has_no_codes(world: World) -> None:
    add_register(world.courtyard, row("1-1-101", 1, "王强"))
    vote = a_vote(world)
    register._freeze(vote.id, world.courtyard)
    assert codes._issue(vote, SECRET, AT) == 0


def test_a_slip_of_a_household_opens_no_owners_vote(vote: OwnersVote) -> None:
    courtyard = db.session.get_one(Courtyard, vote.courtyard_id)
    slips.ensure_codes(courtyard, SECRET, AT)
    for home in households_of(courtyard.id)[:3]:
        for code in slips.household_code(home, SECRET):
            with pytest.raises(Invalid, match="住户的条子"):
                codes.by_code(code, SECRET)


def test_a_slip_of_an_owner_opens_no_household(vote: OwnersVote) -> None:
    courtyard = db.session.get_one(Courtyard, vote.courtyard_id)
    for code in codes_of(vote):
        with pytest.raises(NotFound):
            slips.find_by_long(code, SECRET)
        with pytest.raises(Invalid):
            slips.find_by_short(courtyard, code, SECRET)


def test_another_installation_takes_no_code_of_ours(vote: OwnersVote) -> None:
    with pytest.raises(NotFound):
        codes.by_code(codes_of(vote)[0], b"t" * 32)


def test_a_whole_code_that_nobody_has_is_told(vote: OwnersVote) -> None:
    payload = ALPHABET[:15]
    with pytest.raises(NotFound):
        codes.by_code(payload + check_symbol(payload), SECRET)


@pytest.mark.parametrize("typed", ["", "K7M4", "*" * 16, "0123456789ABCDEZ"])
def test_what_is_no_code_is_told_in_words(vote: OwnersVote, typed: str) -> None:
    with pytest.raises(Invalid):
        codes.by_code(typed, SECRET)
