"""The register of deliveries: what proves that a ballot came, and to whom it never did."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from surveys.base.db import db
from surveys.base.pictures import made_anew
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain, delivering, service
from surveys.owners.delivering import Noted, Reached, reached
from surveys.owners.models import Delivery, DeliveryWay, Proof
from tests.owners.making import with_motions
from tests.owners.stage import AFTER_CLOSE, CLOSES, SEALS, WHILE_OPEN, Stage
from tests.questionnaires.test_photos import jpeg
from tests.world import World

HAND, MAIL, MESSAGE = DeliveryWay.HAND, DeliveryWay.MAIL, DeliveryWay.MESSAGE
FAILED, POSTED = DeliveryWay.FAILED, DeliveryWay.POSTED
TODAY = date(2026, 11, 21)
HANDED = Noted(HAND, TODAY, "本人")
MISSED = Noted(FAILED, TODAY, note="没人在家")
ON_THE_WALL = Noted(POSTED, TODAY, note="1 号楼门口")


def deliver(stage: Stage, numbers: list[int], noted: Noted = HANDED) -> int:
    ids = [stage.owners[number] for number in numbers]
    return delivering.note(stage.vote, ids, noted, by=stage.who("clerk"), at=WHILE_OPEN)


def far(stage: Stage) -> dict[Reached, int]:
    return delivering.numbers(service.find(stage.vote.id))


@pytest.mark.parametrize(
    ("ways", "found"),
    [
        ([], Reached.NOT_YET),
        ([FAILED], Reached.FAILED),
        ([FAILED, FAILED], Reached.FAILED),
        ([FAILED, POSTED], Reached.POSTED),
        ([POSTED, HAND], Reached.DELIVERED),
        ([MAIL], Reached.DELIVERED),
        ([FAILED, MESSAGE], Reached.DELIVERED),
    ],
)
def test_the_best_way_a_ballot_went_tells_how_far_it_came(
    ways: list[DeliveryWay], found: Reached
) -> None:
    assert reached(ways) is found


@given(st.lists(st.sampled_from(list(DeliveryWay))), st.sampled_from(list(DeliveryWay)))
def test_one_more_line_never_takes_a_ballot_back(ways: list[DeliveryWay], way: DeliveryWay) -> None:
    order = list(Reached)
    assert order.index(reached([*ways, way])) >= order.index(reached(ways))


def test_many_owners_are_noted_at_once(vote: Stage) -> None:
    assert deliver(vote, [1, 2, 3]) == 3
    assert far(vote) == {
        Reached.NOT_YET: 15,
        Reached.FAILED: 0,
        Reached.POSTED: 0,
        Reached.DELIVERED: 3,
    }
    (link,) = chain.of_kind(service.find(vote.vote.id), "deliver")
    assert (link["owners"], link["way"]) == ([1, 2, 3], "hand")


def test_the_same_form_twice_makes_one_line_each(vote: Stage) -> None:
    assert deliver(vote, [1, 2]) == 2
    assert deliver(vote, [1, 2, 3]) == 1
    assert len(delivering.doorsteps(vote.vote)[0].lines) == 1


def test_a_ballot_is_posted_only_after_somebody_tried(vote: Stage) -> None:
    with pytest.raises(Refused, match="第 1、2 号还没有送过"):
        deliver(vote, [1, 2], ON_THE_WALL)
    deliver(vote, [1, 2], MISSED)
    assert deliver(vote, [1, 2], ON_THE_WALL) == 2
    assert far(vote)[Reached.POSTED] == 2


def test_what_proves_a_delivery_for_the_silence_clause(vote: Stage) -> None:
    deliver(vote, [1, 2, 3, 4])
    deliver(vote, [4, 5, 6], MISSED)
    deliver(vote, [6], ON_THE_WALL)
    (first, *_) = delivering.doorsteps(vote.vote)
    delivering.take_back(vote.vote, first.lines[0][0].id, by=vote.who("clerk"), at=WHILE_OPEN)
    proven = delivering.delivered(service.find(vote.vote.id))
    assert proven == {vote.owners[n] for n in (2, 3, 4, 6)}


def test_a_line_that_is_taken_back_stays_readable_and_counts_once(vote: Stage) -> None:
    deliver(vote, [1])
    line = delivering.doorsteps(vote.vote)[0].lines[0][0].id
    for _ in range(2):
        delivering.take_back(vote.vote, line, by=vote.who("clerk"), at=WHILE_OPEN)
    (there,) = delivering.doorsteps(vote.vote)[0].lines
    assert there[0].taken_back_at == WHILE_OPEN
    assert len(chain.of_kind(service.find(vote.vote.id), "take_back")) == 1
    assert far(vote)[Reached.DELIVERED] == 0
    assert deliver(vote, [1]) == 1  # noted anew, after a slip of the finger


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        (Noted(HAND, TODAY), "请写交给了谁，或者寄到、发到了哪里。"),
        (Noted(MAIL, TODAY, note="x"), "请写交给了谁，或者寄到、发到了哪里。"),
        (Noted(FAILED, TODAY), "请写一句为什么没送到。"),
        (Noted(POSTED, TODAY), "请写贴在哪里，或者附一张照片。"),
        (Noted(HAND, TODAY, "长" * 61), "写得太长了，最多 60 个字。"),
        (
            Noted(HAND, TODAY + timedelta(days=1), "A"),
            "送达的日子要在 2026-11-05 到 2026-11-21 之间。",
        ),
        (Noted(HAND, date(2026, 11, 4), "A"), "送达的日子要在 2026-11-05 到 2026-11-21 之间。"),
    ],
)
def test_a_line_that_proves_nothing_is_refused(vote: Stage, noted: Noted, said: str) -> None:
    with pytest.raises(Invalid) as fault:
        deliver(vote, [1], noted)
    assert str(fault.value) == said


def test_a_delivery_after_the_close_cannot_have_been_one(vote: Stage) -> None:
    late = Noted(HAND, date(2026, 12, 1), "A")
    with pytest.raises(Invalid, match="2026-11-30 之间"):
        delivering.note(
            vote.vote, [vote.owners[1]], late, by=vote.who("clerk"), at=CLOSES + timedelta(days=2)
        )


def test_a_receipt_found_after_the_close_is_still_noted(vote: Stage) -> None:
    by = vote.who("clerk")
    assert delivering.note(vote.vote, [vote.owners[1]], HANDED, by=by, at=AFTER_CLOSE) == 1


def test_nobody_and_strangers_are_refused(vote: Stage) -> None:
    with pytest.raises(Invalid, match="勾上"):
        deliver(vote, [])
    with pytest.raises(NotFound):
        delivering.note(vote.vote, ["nobody"], HANDED, by=vote.who("clerk"), at=WHILE_OPEN)
    with pytest.raises(NotFound):
        delivering.take_back(vote.vote, "nothing", by=vote.who("clerk"), at=WHILE_OPEN)


def test_a_sealed_or_drafted_vote_takes_no_lines(app: Flask, vote: Stage) -> None:
    draft = with_motions(vote.world, title="B")
    with pytest.raises(Refused, match="还是草稿"):
        delivering.note(draft, [vote.owners[1]], HANDED, by=vote.who("clerk"), at=WHILE_OPEN)
    vote.vote.closed_at = vote.vote.sealed_at = SEALS
    db.session.commit()
    with pytest.raises(Refused, match="已经封存"):
        deliver(vote, [1])


def test_one_picture_of_a_receipt_is_kept_once(vote: Stage) -> None:
    picture = made_anew(jpeg(), "receipt.jpg")
    for n in (1, 2):
        deliver(vote, [n], Noted(HAND, TODAY, "本人", picture=picture))
    proofs = {line.proof_id for line in db.session.scalars(db.select(Delivery))}
    assert len(proofs) == 1
    assert None not in proofs
    assert db.session.scalars(db.select(db.func.count()).select_from(Proof)).one() == 1


def test_two_clerks_at_once_note_every_owner_once(app: Flask, world: World, vote: Stage) -> None:
    ids, vote_id = list(vote.owners.values()), vote.vote.id
    made: list[int] = []
    ready = threading.Barrier(2, timeout=20)

    def clerk(kind: str) -> None:
        with app.app_context():
            ready.wait()
            found = service.find(vote_id)
            made.append(delivering.note(found, ids, HANDED, by=world.accounts[kind], at=WHILE_OPEN))

    db.session.rollback()
    threads = [threading.Thread(target=clerk, args=(kind,)) for kind in ("clerk", "organizer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 18]
    db.session.expire_all()
    assert far(vote)[Reached.DELIVERED] == 18
    assert chain.verify(service.find(vote.vote.id)) is None
