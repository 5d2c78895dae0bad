"""From the close to the published result: in this order, by these people, counted exactly."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from surveys.base import audit
from surveys.base.db import db
from surveys.counting.canon import text_digest
from surveys.counting.double_majority import NOBODY, Share, Unmarked
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain, files, sealing, service
from surveys.owners.models import (
    Channel,
    DeliveryWay,
    EntryState,
    OwnerEntry,
    OwnersResult,
    OwnersVote,
)
from surveys.tick import tick
from tests.ballots.stage import keys_of
from tests.owners import stage
from tests.owners.stage import (
    ABSTAIN,
    AFTER_CLOSE,
    AGAINST,
    AREA_DM2,
    BLANK,
    CLOSES,
    FOR,
    SEALS,
    WHILE_OPEN,
    Stage,
)
from tests.world import World


def units(owners: int, number: int) -> Share:
    """So many owners with so many units."""
    return Share(owners, number * AREA_DM2)


def sign(vote: Stage, uncounted: int = 0) -> None:
    """The supervisor signs after the close."""
    sealing.sign(vote.vote, uncounted=uncounted, by=vote.who("supervisor"), at=AFTER_CLOSE)


def seal(vote: Stage) -> OwnersResult:
    """The organizer seals after the close."""
    return sealing.seal(vote.vote, by=vote.who("organizer"), at=AFTER_CLOSE)


def kinds(vote: OwnersVote) -> list[str]:
    """What the chain tells, in order."""
    return [json.loads(event.body)["kind"] for event in chain.events_of(vote)]


def the(vote: OwnersVote, kind: str) -> dict[str, Any]:
    """The one event of a kind."""
    (found,) = chain.of_kind(vote, kind)
    return found


def test_a_vote_is_closed_signed_sealed_and_published(vote: Stage) -> None:
    vote.sheets([1, *range(5, 16)], FOR, FOR)
    vote.sheet(16, AGAINST, AGAINST)
    sealing.close(vote.vote.id, at=AFTER_CLOSE)
    sign(vote)
    seal(vote)
    sealing.publish(vote.vote, by=vote.who("organizer"), at=AFTER_CLOSE)
    found = service.find(vote.vote.id)
    assert kinds(found) == ["open", "close", "sign", "seal", "count", "publish"]
    assert chain.verify(found) is None
    result = sealing.read(found)
    assert result.returned == units(13, 17)
    assert result.numbers.channels == {Channel.PAPER: units(13, 17), Channel.ONLINE: NOBODY}
    assert [each.counted.plain.decided for each in result.motions] == [True, True]
    assert result.motions[0].counted.plain.for_ == units(12, 16)
    assert result.motions[0].counted.with_silence is None
    assert result.signed
    assert the(found, "publish")["result"] == the(found, "count")["result"]


def test_a_grave_motion_fails_where_an_ordinary_one_is_reached(vote: Stage) -> None:
    vote.sheets([1, *range(5, 12)], FOR, FOR)  # 8 owners, 12 units
    vote.sheets(range(12, 16), AGAINST, AGAINST)  # 4 owners, 4 units: 2/3 for, not 3/4
    sign(vote)
    seal(vote)
    ordinary, grave = (each.counted.plain for each in sealing.read(vote.vote).motions)
    assert (ordinary.decided, grave.decided) == (True, False)
    assert (grave.agreement.by_owners, grave.agreement.by_area) == (False, True)
    assert grave.agreement.missing == Share(1, 0)


def test_a_blank_counts_as_the_vote_says(world: World) -> None:
    vote = stage.opened(world, stage.drafted(world, unmarked=Unmarked.VOID))
    vote.sheets(range(5, 17), FOR, BLANK)  # 12 owners
    sign(vote)
    seal(vote)
    ordinary, grave = (each.counted.plain for each in sealing.read(vote.vote).motions)
    assert ordinary.taking_part == units(12, 12)
    assert (grave.taking_part, grave.unmarked) == (NOBODY, units(12, 12))


# --- the silence clause --------------------------------------------------------------------------


def test_both_results_are_kept_where_a_silence_clause_stands(world: World) -> None:
    vote = stage.opened(world, stage.drafted(world, silence_text="Silence is assent."))
    vote.sheets([5, 6, 7], FOR, ABSTAIN)
    vote.sheet(8, AGAINST, ABSTAIN)
    vote.sheet(9, FOR, FOR, state=EntryState.WITHDRAWN)
    vote.deliver(*range(1, 17))
    vote.deliver(17, way=DeliveryWay.FAILED)
    sign(vote)
    seal(vote)
    result = sealing.read(vote.vote)
    hire, fund = (each.counted for each in result.motions)
    assert result.silent == units(12, 18)  # all of 1 to 16 but the four who voted
    assert (hire.plain.decided, hire.plain.taking_part) == (False, units(4, 4))
    assert hire.with_silence is not None
    assert hire.with_silence.decided
    assert hire.with_silence.for_ == units(15, 21)
    assert hire.with_silence.taking_part == units(16, 22)
    assert fund.with_silence is not None  # nobody said for or against: no majority to follow
    assert fund.with_silence.folded == NOBODY


def test_who_sent_something_that_does_not_count_was_not_silent(world: World) -> None:
    vote = stage.opened(world, stage.drafted(world, silence_text="Silence is assent."))
    vote.deliver(5, 6, 7, 8)
    vote.sheet(5, FOR, FOR)
    vote.sheet(6, AGAINST, FOR, state=EntryState.PENDING)
    vote.sheet(7, AGAINST, FOR, state=EntryState.CONTESTED)
    sign(vote, uncounted=2)
    seal(vote)
    assert sealing.read(vote.vote).silent == units(1, 1)


# --- who may, and when ---------------------------------------------------------------------------


def test_nothing_is_signed_or_sealed_before_the_close(vote: Stage) -> None:
    with pytest.raises(Refused):
        sealing.sign(vote.vote, by=vote.who("supervisor"), at=WHILE_OPEN)
    with pytest.raises(Refused):
        sealing.seal(vote.vote, by=vote.who("organizer"), at=WHILE_OPEN)
    sealing.close(vote.vote.id, at=WHILE_OPEN)
    assert kinds(service.find(vote.vote.id)) == ["open"]
    with pytest.raises(NotFound):
        sealing.read(vote.vote)


@pytest.mark.parametrize(("stated", "refused"), [(0, True), (1, True), (2, False), (3, True)])
def test_what_still_waits_must_be_stated_to_sign(
    vote: Stage, stated: int, *, refused: bool
) -> None:
    vote.sheet(5, FOR, FOR, state=EntryState.PENDING)
    vote.sheet(6, FOR, FOR, state=EntryState.CONTESTED)
    vote.sheet(6, AGAINST, FOR, state=EntryState.CONTESTED)
    if refused:
        with pytest.raises(Refused) as fault:
            sign(vote, stated)
        assert fault.value.params == {"waiting": 1, "contested": 1, "all": 2}
        return
    sign(vote, stated)
    told = the(vote.vote, "sign")
    assert (told["waiting"], told["contested"]) == (1, 1)


def test_it_is_signed_once_and_sealed_once(vote: Stage) -> None:
    sign(vote)
    with pytest.raises(Refused):
        sign(vote)
    seal(vote)
    with pytest.raises(Refused):
        seal(vote)
    with pytest.raises(Refused):
        sign(vote)


def test_it_is_sealed_when_signed_or_when_there_is_no_time_left(vote: Stage) -> None:
    with pytest.raises(Refused):
        seal(vote)
    sealing.seal(vote.vote, by=vote.who("organizer"), at=SEALS)
    assert not sealing.read(vote.vote).signed


def test_only_a_sealed_result_is_published_and_once(vote: Stage) -> None:
    by = vote.who("organizer")
    with pytest.raises(Refused):
        sealing.publish(vote.vote, by=by, at=AFTER_CLOSE)
    sign(vote)
    seal(vote)
    sealing.publish(vote.vote, by=by, at=AFTER_CLOSE)
    with pytest.raises(Refused):
        sealing.publish(vote.vote, by=by, at=AFTER_CLOSE)


def test_the_clock_seals_at_last_and_says_what_did_not_count(app: Flask, vote: Stage) -> None:
    vote.sheets(range(5, 18), FOR, FOR)
    vote.sheet(1, AGAINST, AGAINST, state=EntryState.PENDING)
    vote.sheet(2, FOR, FOR, state=EntryState.CONTESTED)
    vote.sheet(2, AGAINST, FOR, state=EntryState.CONTESTED)
    vote_id, keys = vote.vote.id, keys_of(app)
    assert tick(CLOSES, keys).done["votes_closed"] == 1
    again = tick(SEALS - timedelta(seconds=1), keys)
    assert (again.done["votes_closed"], again.done["votes_sealed"]) == (0, 0)
    assert tick(SEALS, keys).done["votes_sealed"] == 1
    assert tick(SEALS, keys).done["votes_sealed"] == 0
    result = sealing.read(service.find(vote_id))
    assert (result.waiting, result.contested, result.signed) == (1, 1, False)
    assert result.returned == units(13, 13)


def test_a_chain_that_was_touched_is_not_sealed(vote: Stage) -> None:
    sign(vote)
    vote.vote.head = "0" * 64
    db.session.commit()
    with pytest.raises(Refused):
        seal(vote)


# --- voiding -------------------------------------------------------------------------------------


def test_a_vote_is_voided_with_a_reason_until_its_result_is_known(vote: Stage) -> None:
    by = vote.who("organizer")
    with pytest.raises(Invalid):
        sealing.void(vote.vote, "  ", by=by, at=WHILE_OPEN)
    sealing.void(vote.vote, "wrong register", by=by, at=WHILE_OPEN)
    assert the(vote.vote, "void")["reason"] == "wrong register"
    assert sealing.due_to_close(AFTER_CLOSE) == []
    with pytest.raises(Refused):
        sealing.void(vote.vote, "again", by=by, at=WHILE_OPEN)


def test_whoever_dislikes_a_result_cannot_undo_it(vote: Stage) -> None:
    sign(vote)
    seal(vote)
    with pytest.raises(Refused):
        sealing.void(vote.vote, "no", by=vote.who("organizer"), at=AFTER_CLOSE)


# --- what is frozen ------------------------------------------------------------------------------


def test_the_chain_holds_digests_of_all_that_was_counted(vote: Stage) -> None:
    vote.sheet(5, FOR, AGAINST)
    vote.deliver(5)
    sign(vote)
    result = seal(vote)
    sealed, counted = the(vote.vote, "seal"), the(vote.vote, "count")
    assert counted["result"] == text_digest(result.body)
    assert {name: sealed[name] for name in files.digests(vote.vote, result.salt)} == files.digests(
        vote.vote, result.salt
    )
    assert sealed["register"] == the(vote.vote, "open")["register"]


def test_no_event_and_no_line_of_the_trail_tells_a_mark(vote: Stage) -> None:
    vote.sheet(5, FOR, AGAINST)
    sign(vote)
    seal(vote)
    told = [event.body for event in chain.events_of(vote.vote)]
    told += [entry.details for entry in audit.about(vote.vote.id)]
    assert not [text for text in told if "against" in text or '"for"' in text]


CHANGES: dict[str, Callable[[Stage], None]] = {
    "a sheet's state": lambda vote: setattr(
        db.session.scalars(db.select(OwnerEntry)).first(), "state", EntryState.WITHDRAWN
    ),
    "an area": lambda vote: setattr(vote.units(5)[0], "area_dm2", 1),
    "the result": lambda vote: setattr(
        db.session.get_one(OwnersResult, vote.vote.id), "body", "{}"
    ),
    "the signature": lambda vote: setattr(vote.vote, "signed_at", WHILE_OPEN),
}


@pytest.mark.parametrize("what", CHANGES)
def test_after_sealing_the_tables_refuse_to_change(vote: Stage, what: str) -> None:
    vote.sheet(5, FOR, AGAINST)
    sign(vote)
    seal(vote)
    CHANGES[what](vote)
    with pytest.raises(DBAPIError, match="guarded"):
        db.session.commit()
    db.session.rollback()
