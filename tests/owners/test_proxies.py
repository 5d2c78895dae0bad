"""委托书: one agent votes for a few owners at most, also where five come at once."""

import threading

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.owners import proxies
from surveys.owners.models import EntryState, OwnersVote, Proxy, VoteOwner
from tests.owners import stage
from tests.owners.sheets import Counter, picture, states
from tests.owners.stage import AFTER_CLOSE, AGAINST, FOR, WHILE_OPEN, Stage
from tests.world import World


@pytest.fixture
def counter(vote: Stage) -> Counter:
    """Where sheets are handed in."""
    return Counter(vote)


def test_an_agent_votes_for_who_gave_the_proxy(vote: Stage, counter: Counter) -> None:
    proxy = counter.proxy(5)
    counter.paper(5, FOR, AGAINST, proxy=proxy)
    assert states(vote, 5) == [EntryState.CONFIRMED]


def test_and_for_nobody_else(counter: Counter) -> None:
    proxy = counter.proxy(5)
    with pytest.raises(Refused, match="委托书"):
        counter.key(6, FOR, FOR, proxy=proxy)


def test_somebody_else_does_not_use_the_proxy(counter: Counter) -> None:
    proxy = counter.proxy(5)
    with pytest.raises(Refused, match="没有“Passer-by”替这位业主投票的委托书"):
        counter.key(5, FOR, FOR, proxy=proxy, signer="Passer-by")


def test_a_proxy_of_four_is_refused(vote: Stage, counter: Counter) -> None:
    for number in (5, 6, 7):
        counter.proxy(number)
    with pytest.raises(Refused, match="最多替"):
        counter.proxy(8, agent=" A gent ")
    counter.proxy(8, agent="Agent", mark="0002")
    assert [(a.name, a.mark, len(a.held)) for a in proxies.agents(vote.vote)] == [
        ("Agent", "0001", 3),
        ("Agent", "0002", 1),
    ]


def test_an_ended_proxy_frees_its_slot_and_its_owner(vote: Stage, counter: Counter) -> None:
    held = [counter.proxy(number) for number in (5, 6, 7)]
    by = vote.who("clerk")
    with pytest.raises(Invalid, match="为什么"):
        proxies.end(held[0], "  ", by=by, at=WHILE_OPEN)
    proxies.end(held[0], "came back", by=by, at=WHILE_OPEN)
    with pytest.raises(Refused, match="已经收回"):
        proxies.end(held[0], "again", by=by, at=WHILE_OPEN)
    assert counter.proxy(8).slot == 1
    assert counter.proxy(5, agent="Another").agent_name == "Another"


def test_what_an_agent_handed_in_is_contested_when_the_proxy_ends(
    vote: Stage, counter: Counter
) -> None:
    proxy = counter.proxy(5)
    counter.paper(5, FOR, FOR, proxy=proxy)
    waiting = counter.key(5, AGAINST, FOR, proxy=proxy)
    proxies.end(proxy, "forged", by=vote.who("clerk"), at=WHILE_OPEN)
    assert states(vote, 5) == [EntryState.CONTESTED, EntryState.PENDING]
    with pytest.raises(Refused, match="委托书"):
        counter.confirm(waiting)


def test_an_owner_gives_one_proxy_and_never_to_itself(counter: Counter) -> None:
    counter.proxy(5)
    with pytest.raises(Refused, match="已经委托了Agent"):
        counter.proxy(5, agent="Another")
    with pytest.raises(Refused, match="自己"):
        counter.proxy(6, agent="Owner 6")


@pytest.mark.parametrize(
    ("agent", "mark", "said"),
    [("", "0001", "姓名"), ("Agent", " ", "后四位"), ("A" * 61, "0001", "太长")],
)
def test_an_agent_has_a_name_and_a_mark(counter: Counter, agent: str, mark: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        counter.proxy(5, agent=agent, mark=mark)


def test_a_vote_may_take_no_proxies(world: World) -> None:
    draft = stage.drafted(world)
    draft.proxy_most = 0
    db.session.commit()
    with pytest.raises(Refused, match="不收委托票"):
        Counter(stage.opened(world, draft)).proxy(5)


def test_nothing_is_noted_once_somebody_has_signed(vote: Stage, counter: Counter) -> None:
    proxy = counter.proxy(5)
    vote.vote.signed_at, vote.vote.signed_by = AFTER_CLOSE, vote.who("supervisor")
    db.session.commit()
    with pytest.raises(Refused, match="签过字"):
        counter.proxy(6)
    with pytest.raises(Refused, match="签过字"):
        proxies.end(proxy, "late", by=vote.who("clerk"), at=AFTER_CLOSE)


def test_five_at_once_get_three_slots(app: Flask, vote: Stage) -> None:
    vote_id, clerk = vote.vote.id, vote.who("clerk")
    owners = [vote.owners[number] for number in range(5, 10)]
    db.session.remove()
    together = threading.Barrier(5)
    got: list[object] = []

    def give(owner_id: str, paper: int) -> None:
        with app.app_context():
            found = db.session.get_one(OwnersVote, vote_id)
            owner = db.session.get_one(VoteOwner, owner_id)
            db.session.rollback()
            together.wait()
            try:
                args = (found, owner, "Agent", "0001", picture(paper))
                got.append(proxies.give(*args, by=clerk, at=WHILE_OPEN).slot)
            except Refused as fault:
                got.append(fault.params["most"])
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=give, args=(owner_id, n)) for n, owner_id in enumerate(owners)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 5
    slots = db.session.scalars(db.select(Proxy.slot).order_by(Proxy.slot)).all()
    assert slots == [1, 2, 3]
