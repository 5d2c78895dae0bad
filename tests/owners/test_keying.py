"""Paper: keyed by one, compared by another, contested where two say different things."""

from datetime import timedelta

import pytest

from surveys.base import audit, clock
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain, keying, proxies, recording, sheets
from surveys.owners.models import Capacity, EntryState, OwnersVote, VoteUnit
from tests.owners.sheets import Counter, picture, states
from tests.owners.stage import (
    ABSTAIN,
    AFTER_CLOSE,
    AGAINST,
    BLANK,
    CLOSES,
    FOR,
    OPENS,
    WHILE_OPEN,
    ZONE,
    Stage,
)

PENDING, CONFIRMED = EntryState.PENDING, EntryState.CONFIRMED
CONTESTED, SUPERSEDED = EntryState.CONTESTED, EntryState.SUPERSEDED
WITHDRAWN = EntryState.WITHDRAWN


@pytest.fixture
def counter(vote: Stage) -> Counter:
    """Where sheets are handed in."""
    return Counter(vote)


def fresh(stage: Stage) -> OwnersVote:
    """The vote as it is in the table."""
    db.session.refresh(stage.vote)
    return stage.vote


def say(fault: pytest.ExceptionInfo[Refused]) -> str:
    """The refusal in Chinese."""
    return str(fault.value)


def test_a_keyed_sheet_counts_only_after_another_account_has_confirmed_it(
    vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, AGAINST)
    assert states(vote, 5) == [PENDING]
    assert counter.confirm(entry) is CONFIRMED
    assert states(vote, 5) == [CONFIRMED]
    assert recording.marks_of(entry) == {1: FOR, 2: AGAINST}


def test_what_one_keyed_one_cannot_confirm(vote: Stage, counter: Counter) -> None:
    entry = counter.key(5, FOR, FOR)
    keying.look(entry, by=vote.who("clerk"), at=WHILE_OPEN)
    with pytest.raises(Refused, match="两个账号"):
        keying.confirm(entry, by=vote.who("clerk"), at=WHILE_OPEN)


def test_nobody_confirms_what_they_have_not_looked_at(vote: Stage, counter: Counter) -> None:
    entry = counter.key(5, FOR, FOR)
    with pytest.raises(Refused, match="先打开"):
        keying.confirm(entry, by=vote.who("supervisor"), at=WHILE_OPEN)


def test_a_sheet_is_not_confirmed_without_its_picture(vote: Stage, counter: Counter) -> None:
    came = counter.came(5, FOR, FOR)
    by = vote.who("clerk")
    entry = keying.key_in(vote.vote, vote.owner(5), came, by=by, at=WHILE_OPEN)
    with pytest.raises(Refused, match="照片"):
        counter.confirm(entry)
    keying.attach(entry, picture(5), by=by, at=WHILE_OPEN)
    with pytest.raises(Refused, match="已经附了"):
        keying.attach(entry, picture(6), by=by, at=WHILE_OPEN)
    assert counter.confirm(entry) is CONFIRMED


def test_a_picture_lies_with_one_owner_only(vote: Stage, counter: Counter) -> None:
    counter.key(5, FOR, FOR, seed=5)
    with pytest.raises(Refused, match="5 号业主"):
        counter.key(6, FOR, FOR, seed=5)
    assert states(vote, 6) == []


def test_the_same_form_sent_twice_is_one_sheet(vote: Stage, counter: Counter) -> None:
    first = counter.key(5, FOR, FOR, submission="the very same form")
    again = counter.key(5, FOR, FOR, submission="the very same form")
    assert again.id == first.id
    assert states(vote, 5) == [PENDING]
    assert len([a for a in audit.about(vote.vote.id) if a.act == "owners.keyed"]) == 1


def test_a_sheet_of_an_owner_of_five_flats_that_comes_twice_is_contested_or_the_same(
    vote: Stage, counter: Counter
) -> None:
    counter.paper(1, FOR, FOR)
    same = counter.key(1, FOR, FOR)
    assert counter.confirm(same) is SUPERSEDED
    other = counter.key(1, AGAINST, FOR)
    assert [w.disagrees for w in sheets.pending(vote.vote)] == [True]
    assert states(vote, 1) == [CONFIRMED, SUPERSEDED, PENDING]
    assert counter.confirm(other) is CONTESTED
    assert states(vote, 1) == [CONTESTED, SUPERSEDED, CONTESTED]
    (found,) = sheets.contested(vote.vote)
    assert (found.listed.owner.number, [e.number for e in found.entries]) == (1, [1, 3])


def test_co_owners_who_disagree_are_flagged_and_one_decides(vote: Stage, counter: Counter) -> None:
    husband = counter.paper(2, FOR, FOR, signer="Owner 2")
    counter.paper(2, AGAINST, FOR, signer="Wife of 2")
    assert states(vote, 2) == [CONTESTED, CONTESTED]
    before = fresh(vote).revision
    keying.decide(
        vote.vote,
        vote.owner(2),
        husband.id,
        "she signed for him",
        by=vote.who("supervisor"),
        at=WHILE_OPEN,
    )
    assert states(vote, 2) == [CONFIRMED, WITHDRAWN]
    assert fresh(vote).revision > before
    with pytest.raises(NotFound):
        keying.decide(
            vote.vote, vote.owner(2), None, "again", by=vote.who("supervisor"), at=WHILE_OPEN
        )


def test_neither_may_count(vote: Stage, counter: Counter) -> None:
    counter.paper(2, FOR, FOR, signer="Owner 2")
    counter.paper(2, AGAINST, FOR, signer="Wife of 2")
    who = vote.who("supervisor")
    with pytest.raises(Refused, match="为什么"):
        keying.decide(vote.vote, vote.owner(2), None, "  ", by=who, at=WHILE_OPEN)
    keying.decide(vote.vote, vote.owner(2), None, "both doubtful", by=who, at=WHILE_OPEN)
    assert states(vote, 2) == [WITHDRAWN, WITHDRAWN]


def test_who_keyed_a_sheet_does_not_decide_that_it_counts(vote: Stage, counter: Counter) -> None:
    kept = counter.paper(2, FOR, FOR, signer="Owner 2")
    counter.paper(2, AGAINST, FOR, signer="Wife of 2")
    with pytest.raises(Refused, match="两个账号"):
        keying.decide(
            vote.vote, vote.owner(2), kept.id, "mine", by=vote.who("clerk"), at=WHILE_OPEN
        )


def test_a_tenant_does_not_sign(vote: Stage, counter: Counter) -> None:
    with pytest.raises(Refused) as fault:
        counter.key(5, FOR, FOR, signer="The Tenant")
    assert say(fault).startswith("“The Tenant”不是这一户登记的业主。")
    assert states(vote, 5) == []


def test_a_tenants_door_is_not_on_the_register(vote: Stage) -> None:
    with pytest.raises(Invalid, match="业主名册上没有"):
        sheets.owner_at(vote.vote, "9-1-101")
    with pytest.raises(Invalid, match="99 号业主"):
        sheets.owner_at(vote.vote, "99")


@pytest.mark.parametrize("typed", ["1", "1号", "1-1-101", " 1-1-105 ", "1号楼1单元102室"])
def test_an_owner_is_found_by_number_or_by_any_of_the_doors(vote: Stage, typed: str) -> None:
    assert sheets.owner_at(vote.vote, typed).owner.number == 1


def test_the_name_stands_as_the_register_writes_it(counter: Counter) -> None:
    assert counter.key(5, FOR, FOR, signer="  owner   5").signer == "Owner 5"


@pytest.mark.parametrize(("days", "said"), [(-1, "才开始投票"), (11, "已经截止"), (2, "还没有到")])
def test_a_sheet_of_another_day_is_refused(counter: Counter, days: int, said: str) -> None:
    at = AFTER_CLOSE if days > 10 else WHILE_OPEN
    with pytest.raises(Refused, match=said):
        counter.key(5, FOR, FOR, received_on=clock.day(OPENS + timedelta(days=days), ZONE), at=at)


def test_what_came_in_time_is_keyed_after_the_close_until_somebody_signs(
    vote: Stage, counter: Counter
) -> None:
    last = clock.day(CLOSES, ZONE)
    entry = counter.key(5, FOR, FOR, received_on=last, at=AFTER_CLOSE)
    assert counter.confirm(entry, AFTER_CLOSE) is CONFIRMED
    vote.vote.signed_at, vote.vote.signed_by = AFTER_CLOSE, vote.who("supervisor")
    db.session.commit()
    with pytest.raises(Refused, match="签过字"):
        counter.key(6, FOR, FOR, received_on=last, at=AFTER_CLOSE)
    with pytest.raises(Refused, match="签过字"):
        keying.withdraw(entry, "late", by=vote.who("supervisor"), at=AFTER_CLOSE)


def test_after_sealing_nothing_moves(vote: Stage, counter: Counter) -> None:
    vote.vote.closed_at = vote.vote.sealed_at = AFTER_CLOSE
    db.session.commit()
    with pytest.raises(Refused, match="封存"):
        counter.key(5, FOR, FOR, at=AFTER_CLOSE)


def test_a_sheet_without_any_mark_asks_back(vote: Stage, counter: Counter) -> None:
    with pytest.raises(Refused, match="一项也没有标"):
        counter.key(5, BLANK, BLANK)
    assert counter.confirm(counter.key(5, BLANK, BLANK, is_blank=True)) is CONFIRMED


def test_a_motion_left_out_is_not_marked(counter: Counter) -> None:
    assert recording.marks_of(counter.key(5, ABSTAIN)) == {1: ABSTAIN, 2: BLANK}


def test_what_is_sent_back_never_counts(vote: Stage, counter: Counter) -> None:
    entry = counter.key(5, FOR, FOR)
    with pytest.raises(Refused, match="为什么"):
        keying.send_back(entry, " ", by=vote.who("supervisor"), at=WHILE_OPEN)
    keying.send_back(entry, "the second is AGAINST", by=vote.who("supervisor"), at=WHILE_OPEN)
    assert states(vote, 5) == [WITHDRAWN]
    with pytest.raises(Refused, match="不用恢复"):
        keying.reinstate(entry, "no", by=vote.who("supervisor"), at=WHILE_OPEN)
    counter.paper(5, FOR, AGAINST)
    assert states(vote, 5) == [WITHDRAWN, CONFIRMED]


def test_what_is_withdrawn_can_be_brought_back(vote: Stage, counter: Counter) -> None:
    entry, by = counter.paper(5, FOR, FOR), vote.who("supervisor")
    keying.withdraw(entry, "wrong owner", by=by, at=WHILE_OPEN)
    assert states(vote, 5) == [WITHDRAWN]
    with pytest.raises(Refused, match="不用撤"):
        keying.withdraw(entry, "again", by=by, at=WHILE_OPEN)
    assert keying.reinstate(entry, "it was right", by=by, at=WHILE_OPEN) is CONFIRMED


def test_who_keyed_a_sheet_does_not_take_it_out(vote: Stage, counter: Counter) -> None:
    with pytest.raises(Refused, match="两个账号"):
        keying.withdraw(counter.paper(5, FOR, FOR), "x", by=vote.who("clerk"), at=WHILE_OPEN)


def test_that_was_not_me_is_contested_until_somebody_decides(vote: Stage, counter: Counter) -> None:
    entry, by = counter.paper(5, FOR, FOR), vote.who("supervisor")
    keying.dispute(entry, "he was abroad", by=by, at=WHILE_OPEN)
    assert states(vote, 5) == [CONTESTED]
    with pytest.raises(Refused, match="没有算数"):
        keying.dispute(entry, "once more", by=by, at=WHILE_OPEN)
    keying.decide(vote.vote, vote.owner(5), None, "not his hand", by=by, at=WHILE_OPEN)
    assert states(vote, 5) == [WITHDRAWN]


def test_an_owner_who_lost_every_unit_by_a_correction_does_not_count(
    vote: Stage, counter: Counter
) -> None:
    entry = counter.key(5, FOR, FOR)
    (unit,) = vote.units(5)
    db.session.get_one(VoteUnit, unit.id).vote_owner_id = vote.owners[6]
    db.session.commit()
    with pytest.raises(Refused, match="没有房屋"):
        counter.confirm(entry)


def test_events_tell_who_came_and_how_but_never_what(vote: Stage, counter: Counter) -> None:
    counter.paper(2, FOR, FOR, signer="Owner 2")
    counter.paper(2, AGAINST, FOR, signer="Wife of 2")
    events = chain.events_of(fresh(vote))
    assert chain.verify(vote.vote) is None
    assert [e.body.count('"owner":2') for e in events] == [0, 1, 1, 1, 1]
    for event in events:
        assert not {"for", "against", "Wife of 2", "Owner 2"} & set(event.body.split('"'))


def test_every_look_is_noted(vote: Stage, counter: Counter) -> None:
    entry, by = counter.key(5, FOR, FOR), vote.who("supervisor")
    keying.look(entry, by=by, at=WHILE_OPEN)
    keying.look(entry, by=by, at=WHILE_OPEN)
    looks = [a for a in audit.about(vote.vote.id) if a.act == "owners.looked"]
    assert len(looks) == 2
    assert "for" not in looks[0].details


def test_an_agent_without_a_proxy_is_a_stranger(vote: Stage, counter: Counter) -> None:
    came = counter.came(5, FOR, FOR, signer="Agent")
    as_agent = recording.Came(
        came.channel, Capacity.AGENT, "Agent", came.marks, came.received_on, came.submission
    )
    with pytest.raises(Refused, match="委托书"):
        keying.key_in(vote.vote, vote.owner(5), as_agent, by=vote.who("clerk"), at=WHILE_OPEN)
    assert proxies.of_owner(vote.owner(5)) is None
