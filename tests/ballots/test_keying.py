"""What staff key in: it waits for a second account, and nothing is covered up."""

import json
from datetime import timedelta

import pytest

from surveys.ballots import asking, chain, keying
from surveys.ballots.models import Channel, Entry, EntryState, Event
from surveys.ballots.sealing import current_choices
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.errors import NotFound, Refused
from tests.ballots.stage import AFTER_CLOSE, CLOSES, WHILE_OPEN, Stage


def kinds(stage: Stage) -> list[str]:
    return [json.loads(e.body)["kind"] for e in chain.events_of(stage.ballot)]


def counted(stage: Stage) -> list[list[str]]:
    return sorted(stage.names(choice) for choice in current_choices(stage.ballot, stage.keys))


def states(stage: Stage, n: int = 0) -> list[str]:
    return [str(e.state) for e in asking.standing(stage.ballot, stage.household(n)).entries]


def test_a_keyed_vote_waits_and_does_not_count(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    assert entry.state == EntryState.PENDING
    assert counted(stage) == []
    assert stage.ballot.households_in == 0
    assert [(w.entry.id, w.household.id) for w in asking.pending(stage.ballot)] == [
        (entry.id, stage.household().id)
    ]


def test_a_second_account_compares_and_confirms(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains", "Lamps")
    supervisor = stage.who("supervisor")
    shown = keying.choice_to_confirm(entry, by=supervisor, at=WHILE_OPEN, keys=stage.keys)
    assert stage.names(shown) == ["Drains", "Lamps"]
    keying.confirm(entry, by=supervisor, at=WHILE_OPEN)
    assert counted(stage) == [["Drains", "Lamps"]]
    assert stage.ballot.households_in == 1
    assert kinds(stage) == ["open", "cast"]
    assert asking.pending(stage.ballot) == []


def test_nobody_confirms_what_they_keyed_themselves(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    with pytest.raises(Refused, match="两个账号"):
        keying.choice_to_confirm(entry, by=stage.who("clerk"), at=WHILE_OPEN, keys=stage.keys)
    db.session.rollback()
    with pytest.raises(Refused, match="两个账号"):
        keying.confirm(entry, by=stage.who("clerk"), at=WHILE_OPEN)


def test_nobody_confirms_without_having_compared(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    with pytest.raises(Refused, match="对一遍"):
        keying.confirm(entry, by=stage.who("supervisor"), at=WHILE_OPEN)


def look(stage: Stage, entry: Entry, who: str = "supervisor", *, minutes: int = 0) -> list[str]:
    """Names of the items that were keyed, seen so long after the first look."""
    at = WHILE_OPEN + timedelta(minutes=minutes)
    shown = keying.choice_to_confirm(entry, by=stage.who(who), at=at, keys=stage.keys)
    return stage.names(list(shown))


def test_the_choice_is_shown_to_one_account(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    look(stage, entry)
    with pytest.raises(Refused, match="不能再看"):
        look(stage, entry, "organizer")


def test_whoever_was_shown_it_may_look_again_for_ten_minutes_from_the_first_look(
    stage: Stage,
) -> None:
    entry, other = stage.key_in(0, "Drains"), stage.key_in(1, "Lamps")
    look(stage, entry)
    assert [look(stage, entry, minutes=n) for n in (0, 5, 9)] == [["Drains"]] * 3
    look(stage, other, minutes=9)  # ten minutes are counted for each by itself
    with pytest.raises(Refused, match="不能再看"):
        look(stage, entry, minutes=10)
    db.session.rollback()
    assert look(stage, other, minutes=18) == ["Lamps"]
    keying.confirm(entry, by=stage.who("supervisor"), at=WHILE_OPEN + timedelta(hours=1))
    looks = db.select(db.func.count()).where(AuditEntry.act == "ballot.looked")
    assert db.session.scalar(looks) == 6


def test_looking_is_noted_without_what_was_seen(stage: Stage) -> None:
    stage.confirm(stage.key_in(0, "Drains"))
    trail = db.session.scalars(db.select(AuditEntry)).all()
    assert {"ballot.keyed", "ballot.looked", "ballot.confirmed"} <= {note.act for note in trail}
    told = " ".join(note.details for note in trail)
    assert not any(item_id in told for item_id in stage.items.values())


def test_a_confirmed_vote_cannot_be_looked_at_or_confirmed_again(stage: Stage) -> None:
    entry = stage.paper(0, "Drains")
    for again in (
        lambda: keying.confirm(entry, by=stage.who("supervisor"), at=WHILE_OPEN),
        lambda: keying.choice_to_confirm(
            entry, by=stage.who("supervisor"), at=WHILE_OPEN, keys=stage.keys
        ),
    ):
        with pytest.raises(Refused, match="处理过"):
            again()
        db.session.rollback()


def test_what_was_sent_back_never_counts(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    keying.reject(entry, "Two items read wrong", by=stage.who("supervisor"), at=WHILE_OPEN)
    assert states(stage) == ["withdrawn"]
    assert stage.ballot.households_in == 0
    assert kinds(stage) == ["open"]
    with pytest.raises(Refused, match="没有核对过"):
        keying.reinstate(entry, "Mistake", by=stage.who("organizer"), at=WHILE_OPEN)
    db.session.rollback()
    stage.paper(0, "Lamps")
    assert counted(stage) == [["Lamps"]]


def test_the_same_keyed_form_sent_twice_is_one_entry(stage: Stage) -> None:
    first = stage.key_in(0, "Drains", submission="form")
    assert stage.key_in(0, "Drains", submission="form").id == first.id
    assert len(states(stage)) == 1


def test_paper_goes_before_an_online_vote_that_came_earlier(stage: Stage) -> None:
    stage.cast(0, "Lamps")
    stage.paper(0, "Drains")
    assert counted(stage) == [["Drains"]]
    assert states(stage) == ["superseded", "confirmed"]
    assert kinds(stage)[-1] == "override"
    assert stage.ballot.households_in == 1


def test_an_online_vote_after_paper_is_recorded_as_giving_way(stage: Stage) -> None:
    stage.paper(0, "Drains")
    receipt = stage.cast(0, "Lamps")
    assert counted(stage) == [["Drains"]]
    assert states(stage) == ["confirmed", "superseded"]
    last = json.loads(chain.events_of(stage.ballot)[-1].body)
    assert (last["kind"], last["counts"], last["gives_way"]) == ("override", "paper", "scan")
    facts = asking.find_receipt(receipt)
    assert facts is not None
    assert facts.counted


def test_a_phone_call_never_covers_the_households_own_vote(stage: Stage) -> None:
    stage.cast(0, "Lamps")
    stage.paper(0, "Drains", channel=Channel.PHONE)
    assert counted(stage) == [["Lamps"]]
    assert states(stage) == ["confirmed", "superseded"]


def test_pending_paper_leaves_the_online_vote_counting(stage: Stage) -> None:
    stage.cast(0, "Lamps")
    stage.key_in(0, "Drains")
    assert counted(stage) == [["Lamps"]]
    stage.cast(0, "Benches")
    assert counted(stage) == [["Benches"]]
    assert stage.ballot.households_in == 1


def test_the_second_of_two_visits_counts(stage: Stage) -> None:
    stage.paper(0, "Lamps", channel=Channel.VISIT)
    stage.paper(0, "Drains", channel=Channel.MEETING)
    assert counted(stage) == [["Drains"]]
    assert kinds(stage) == ["open", "cast", "replace"]


def test_a_withdrawn_vote_lets_the_one_behind_it_count_again(stage: Stage) -> None:
    stage.cast(0, "Lamps")
    paper = stage.paper(0, "Drains")
    by = stage.who("organizer")
    keying.withdraw(paper, "Signed by a neighbour", by=by, at=WHILE_OPEN)
    assert counted(stage) == [["Lamps"]]
    assert states(stage) == ["confirmed", "withdrawn"]
    keying.reinstate(paper, "It was the daughter", by=by, at=WHILE_OPEN)
    assert counted(stage) == [["Drains"]]
    assert kinds(stage)[-2:] == ["withdrawn", "reinstated"]
    assert chain.verify(stage.ballot) is None


def test_a_household_whose_only_vote_was_withdrawn_is_not_in(stage: Stage) -> None:
    stage.cast(0, "Lamps")
    entry = asking.standing(stage.ballot, stage.household()).entries[0]
    keying.withdraw(entry, "Not theirs", by=stage.who("organizer"), at=WHILE_OPEN)
    assert stage.ballot.households_in == 0
    assert counted(stage) == []
    stage.cast(0, "Drains")
    assert stage.ballot.households_in == 1
    assert counted(stage) == [["Drains"]]


@pytest.mark.parametrize("act", [keying.withdraw, keying.reinstate, keying.reject])
def test_taking_back_needs_a_reason(stage: Stage, act: object) -> None:
    entry = stage.paper(0, "Drains")
    with pytest.raises(Refused, match="为什么"):
        act(entry, "  ", by=stage.who("organizer"), at=WHILE_OPEN)  # type: ignore[operator]


def test_what_does_not_stand_cannot_be_withdrawn(stage: Stage) -> None:
    entry = stage.key_in(0, "Drains")
    with pytest.raises(Refused):
        keying.withdraw(entry, "Why", by=stage.who("organizer"), at=WHILE_OPEN)


def test_a_household_can_say_that_was_not_us(stage: Stage) -> None:
    entry = stage.paper(0, "Drains")
    keying.dispute(entry, stage.household(0), at=WHILE_OPEN)
    assert [w.entry.id for w in asking.disputed(stage.ballot)] == [entry.id]
    assert counted(stage) == [["Drains"]]  # staff look into it; nothing is withdrawn by itself
    with pytest.raises(NotFound):
        keying.dispute(entry, stage.household(1), at=WHILE_OPEN)


def test_paper_that_came_in_time_is_keyed_after_the_close(stage: Stage) -> None:
    stage.paper(0, "Drains", at=AFTER_CLOSE)
    assert counted(stage) == [["Drains"]]


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VISIT, Channel.MEETING])
def test_nothing_but_paper_is_keyed_after_the_close(stage: Stage, channel: Channel) -> None:
    with pytest.raises(Refused, match="截止"):
        stage.key_in(0, "Drains", channel=channel, at=CLOSES + timedelta(seconds=1))


def test_nothing_changes_once_the_supervisor_has_signed(stage: Stage) -> None:
    entry = stage.paper(0, "Drains")
    stage.sign()
    for act in (
        lambda: stage.key_in(1, "Drains", at=AFTER_CLOSE),
        lambda: keying.withdraw(entry, "Why", by=stage.who("organizer"), at=AFTER_CLOSE),
        lambda: keying.dispute(entry, stage.household(0), at=AFTER_CLOSE),
    ):
        with pytest.raises(Refused, match="签过字"):
            act()
        db.session.rollback()


def test_a_sealed_ballot_takes_no_paper(stage: Stage) -> None:
    stage.sign()
    stage.seal()
    with pytest.raises(Refused):
        stage.key_in(0, "Drains", at=AFTER_CLOSE)
    db.session.rollback()
    assert db.session.scalars(db.select(Entry)).all() == []


def test_the_paper_must_keep_the_rules_of_the_menu_too(stage: Stage) -> None:
    with pytest.raises(Refused, match="必做"):
        stage.key_in(0, "Roof")


def test_no_event_says_what_was_chosen(stage: Stage) -> None:
    stage.cast(0, "Drains")
    stage.paper(0, "Lamps")
    stage.paper(1, "Benches", channel=Channel.PHONE)
    stage.sign()
    stage.seal()
    told = " ".join(db.session.scalars(db.select(Event.body)))
    assert not any(item_id in told for item_id in stage.items.values())
