"""An owner votes online where the place allows it; paper and co-owners, and two at once."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from surveys.base.db import db, new_id
from surveys.counting.double_majority import Mark
from surveys.errors import Invalid, Refused
from surveys.owners import casting, chain, keying, sheets
from surveys.owners.models import EntryState, OwnersVote, VoteOwner
from tests.owners import stage
from tests.owners.sheets import Counter, states
from tests.owners.stage import ABSTAIN, AGAINST, CLOSES, FOR, OPENS, WHILE_OPEN, Stage
from tests.world import World

CONFIRMED, CONTESTED = EntryState.CONFIRMED, EntryState.CONTESTED
SUPERSEDED = EntryState.SUPERSEDED


@pytest.fixture
def online(world: World) -> Stage:
    """A vote of a place where owners may vote online."""
    stage.allow_online(world)
    return stage.opened(world, stage.drafted(world, is_online=True))


@pytest.fixture
def counter(online: Stage) -> Counter:
    """Where sheets are handed in."""
    return Counter(online)


def test_an_online_vote_counts_at_once_and_the_owner_may_vote_again(
    online: Stage, counter: Counter
) -> None:
    counter.online(5, FOR, AGAINST)
    counter.online(5, AGAINST, ABSTAIN)
    assert states(online, 5) == [SUPERSEDED, CONFIRMED]


def test_a_double_tap_is_one_vote(online: Stage, counter: Counter) -> None:
    counter.online(5, FOR, FOR, submission="tapped twice by thumb")
    counter.online(5, FOR, FOR, submission="tapped twice by thumb")
    assert states(online, 5) == [CONFIRMED]


def test_where_the_place_allows_none_nothing_is_taken(vote: Stage) -> None:
    with pytest.raises(Refused, match="不在网上投"):
        Counter(vote).online(5, FOR, FOR)


@pytest.mark.parametrize(
    ("at", "said"), [(OPENS - timedelta(seconds=1), "还没有开始"), (CLOSES, "截止")]
)
def test_only_from_the_opening_to_the_close(counter: Counter, at: object, said: str) -> None:
    with pytest.raises(Refused, match=said):
        counter.online(5, FOR, FOR, at=at)  # type: ignore[arg-type]


def test_a_tenant_or_a_wrong_name_signs_nothing(online: Stage, counter: Counter) -> None:
    with pytest.raises(Refused, match="不是这一户登记的业主"):
        counter.online(5, FOR, FOR, signer="The Tenant")
    with pytest.raises(Invalid, match="姓名"):
        counter.online(5, FOR, FOR, signer="  ")
    assert states(online, 5) == []


def test_every_motion_is_marked(online: Stage, counter: Counter) -> None:
    with pytest.raises(Invalid, match="第 2 项"):
        counter.online(5, FOR)
    with pytest.raises(Invalid, match="第 1 项"):
        counter.online(5, Mark.UNMARKED, FOR)
    assert states(online, 5) == []


def test_a_signed_paper_goes_before_the_phone_whichever_came_first(
    online: Stage, counter: Counter
) -> None:
    counter.online(5, FOR, FOR)
    counter.paper(5, AGAINST, AGAINST)
    counter.online(5, FOR, FOR)
    assert states(online, 5) == [SUPERSEDED, CONFIRMED, SUPERSEDED]
    owner = online.owner(5)
    assert not sheets.may_send(owner, sheets.of_owner(owner))


def test_a_paper_that_waits_moves_nothing(online: Stage, counter: Counter) -> None:
    counter.online(5, FOR, FOR)
    paper = counter.key(5, AGAINST, AGAINST)
    assert states(online, 5) == [CONFIRMED, EntryState.PENDING]
    assert [w.disagrees for w in sheets.pending(online.vote)] == [False]
    counter.confirm(paper)
    assert states(online, 5) == [SUPERSEDED, CONFIRMED]


def test_a_paper_of_the_wife_against_the_phone_of_the_husband(
    online: Stage, counter: Counter
) -> None:
    counter.online(2, FOR, FOR)
    paper = counter.key(2, AGAINST, FOR, signer="Wife of 2")
    assert [w.disagrees for w in sheets.pending(online.vote)] == [True]
    counter.confirm(paper)
    assert states(online, 2) == [CONTESTED, CONTESTED]
    counter.online(2, AGAINST, FOR)
    assert states(online, 2) == [SUPERSEDED, CONTESTED, CONTESTED]
    owner = online.owner(2)
    assert sheets.may_send(owner, sheets.of_owner(owner))


def test_a_withdrawn_paper_lets_the_phone_be_brought_back(online: Stage, counter: Counter) -> None:
    phone, by = counter.online(5, FOR, FOR), online.who("supervisor")
    paper = counter.paper(5, AGAINST, AGAINST)
    keying.withdraw(paper, "another owner's", by=by, at=WHILE_OPEN)
    assert keying.reinstate(phone, "it was hers", by=by, at=WHILE_OPEN) is CONFIRMED


def test_many_at_once_leave_one_that_counts(app: Flask, online: Stage) -> None:
    vote_id, owner_id = online.vote.id, online.owners[2]
    db.session.remove()
    together = threading.Barrier(6)
    faults: list[Exception] = []

    def send(signer: str, mark: Mark) -> None:
        with app.app_context():
            vote = db.session.get_one(OwnersVote, vote_id)
            owner = db.session.get_one(VoteOwner, owner_id)
            db.session.rollback()
            together.wait()
            try:
                casting.cast(
                    vote, owner, {1: mark, 2: FOR}, signer, submission=new_id(), at=WHILE_OPEN
                )
            except Exception as fault:  # told below, in the test's own thread
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=send, args=("Owner 2", mark))
        for mark in (FOR, AGAINST, ABSTAIN, FOR, AGAINST, ABSTAIN)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(states(online, 2)) == [CONFIRMED, *[SUPERSEDED] * 5]
    assert chain.verify(db.session.get_one(OwnersVote, vote_id)) is None


def test_husband_and_wife_at_once_are_contested(app: Flask, online: Stage) -> None:
    vote_id, owner_id = online.vote.id, online.owners[2]
    db.session.remove()
    together = threading.Barrier(2)

    def send(signer: str, mark: Mark) -> None:
        with app.app_context():
            vote = db.session.get_one(OwnersVote, vote_id)
            owner = db.session.get_one(VoteOwner, owner_id)
            db.session.rollback()
            together.wait()
            marks = {1: mark, 2: mark}
            casting.cast(vote, owner, marks, signer, submission=new_id(), at=WHILE_OPEN)
            db.session.remove()

    pair = [("Owner 2", FOR), ("Wife of 2", AGAINST)]
    threads = [threading.Thread(target=send, args=args) for args in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(online, 2) == [CONTESTED, CONTESTED]
