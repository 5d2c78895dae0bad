"""What is asked at an item is opened and closed there once; an owners' vote is only shown."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from surveys.ballots import drafting, sealing
from surveys.ballots import rules as ballots
from surveys.ballots.models import Ballot
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Refused
from surveys.meetings import agenda, asking, polls, rules
from surveys.meetings.asking import Asked, Stage, Thing
from surveys.meetings.models import AgendaItem, ItemKind, Meeting
from surveys.owners.models import OwnersVote
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Questionnaire
from surveys.web import config_of
from tests.ballots.stage import CLOSES, drafted, keys_of
from tests.ballots.stage import Stage as Voting
from tests.ballots.test_races import at_once
from tests.meetings.asked import BEGUN, CALLED, about, facts, host_of, lines, meeting_on
from tests.world import AT, World

NOW = BEGUN + timedelta(minutes=10)
LATER = NOW + timedelta(minutes=20)


def open_(app: Flask, world: World, item: AgendaItem, at: datetime = NOW) -> None:
    keys, secret = keys_of(app), config_of(app).secret
    asking.open_item(item, host=host_of(world), keys=keys, secret=secret, at=at)


def close(world: World, item: AgendaItem) -> None:
    asking.close_item(item, host=host_of(world), at=LATER)


def look(item: AgendaItem) -> Asked:
    found = asking.asked_at(item, LATER)
    assert found is not None
    return found


def pick(world: World, *, at_meeting: bool = True) -> AgendaItem:
    """A picking ballot at the only item of a meeting."""
    meeting = meeting_on(world, ItemKind.PICK)
    return about(meeting, drafted(world, terms=Terms(at_meeting=at_meeting)).id)


def ballot_of(item: AgendaItem) -> Ballot:
    return db.session.get_one(Ballot, item.about_id)


def meeting_of(item: AgendaItem) -> Meeting:
    return db.session.get_one(Meeting, item.meeting_id)


def a_questionnaire(world: World) -> Questionnaire:
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    by = world.accounts["organizer"]
    return questionnaires.create(courtyard, "needs", by=by, at=AT)


def test_a_ballot_is_opened_and_closed_at_its_item_each_once(app: Flask, world: World) -> None:
    item = pick(world)
    assert (look(item).stage, look(item).may_open, look(item).may_close) == (
        Stage.BEFORE,
        True,
        False,
    )
    open_(app, world, item)
    open_(app, world, item)
    assert (look(item).stage, look(item).may_open, look(item).may_close) == (
        Stage.OPEN,
        False,
        True,
    )
    assert look(item).address == f"/v/{item.about_id}"
    close(world, item)
    close(world, item)
    assert (look(item).stage, look(item).may_open, look(item).may_close) == (
        Stage.OVER,
        False,
        False,
    )
    assert ballots.state(ballot_of(item), LATER) is ballots.State.CLOSED
    assert ballot_of(item).ends_at == LATER
    assert [line[:2] for line in lines(meeting_of(item))] == ["开始", "截止"]
    assert json.loads(facts(meeting_of(item))) == {
        "title": "What first?",
        "households": 0,
        "roll": 24,
    }


def test_a_ballot_with_its_own_hours_is_shown_and_goes_on_after_the_item(
    app: Flask, world: World
) -> None:
    item = pick(world, at_meeting=False)
    assert [fault.msgid[:9] for fault in asking.in_the_way(item, NOW)] == ["这次点单不是会上开"]
    with pytest.raises(Refused, match="不是会上开的"):
        open_(app, world, item)
    db.session.rollback()
    by, secret = world.accounts["organizer"], config_of(app).secret
    drafting.open_(ballot_of(item), by=by, at=NOW, keys=keys_of(app), secret=secret)
    open_(app, world, item)
    close(world, item)
    assert ballots.state(ballot_of(item), LATER) is ballots.State.OPEN
    assert [line[:3] for line in lines(meeting_of(item))] == ["给大家", "讲完了"]
    assert look(item).may_open
    open_(app, world, item)
    assert look(item).stage is Stage.OPEN


def test_what_stands_in_a_ballots_way_is_known_before(world: World) -> None:
    item = pick(world)
    assert asking.in_the_way(item, NOW) == []
    assert asking.in_the_way(item, CLOSES) != []


def test_a_questionnaire_that_the_meeting_opened_is_closed_by_it(app: Flask, world: World) -> None:
    asked = a_questionnaire(world)
    item = about(meeting_on(world, ItemKind.ASK), asked.id)
    open_(app, world, item)
    open_(app, world, item)
    assert asked.is_open(LATER)
    assert look(item).address == f"/q/{asked.id}"
    close(world, item)
    close(world, item)
    assert asked.is_closed(LATER)
    assert [line[:2] for line in lines(meeting_of(item))] == ["开始", "截止"]
    with pytest.raises(Refused, match="已经截止"):
        open_(app, world, item, LATER)


def test_a_questionnaire_that_was_open_before_goes_on_after(app: Flask, world: World) -> None:
    asked = a_questionnaire(world)
    questionnaires.open_now(asked, by=world.accounts["organizer"], at=AT)
    item = about(meeting_on(world, ItemKind.ASK), asked.id)
    open_(app, world, item)
    close(world, item)
    assert asked.is_open(LATER)
    assert look(item).stage is Stage.OVER


def an_owners_vote(world: World) -> OwnersVote:
    vote = OwnersVote(
        courtyard_id=world.courtyard,
        title="The fund",
        rule_set="2021",
        noticed_on=date(2026, 11, 1),
        opens_at=AT,
        closes_at=AT + timedelta(days=10),
        seals_at=AT + timedelta(days=12),
        frozen_at=AT,
        created_by=world.accounts["organizer"],
        created_at=AT,
    )
    db.session.add(vote)
    db.session.commit()
    return vote


def test_no_meeting_moves_a_time_of_an_owners_vote(app: Flask, world: World) -> None:
    vote = an_owners_vote(world)
    item = about(meeting_on(world, ItemKind.VOTE), vote.id)
    before = (vote.opens_at, vote.closes_at, vote.closed_at, vote.revision)
    open_(app, world, item)
    assert look(item).stage is Stage.OPEN
    close(world, item)
    db.session.refresh(vote)
    assert (vote.opens_at, vote.closes_at, vote.closed_at, vote.revision) == before
    assert look(item).stage is Stage.OVER


def test_an_item_for_a_question_of_the_spot_follows_its_latest_poll(
    app: Flask, world: World
) -> None:
    meeting = meeting_on(world, ItemKind.ASK)
    (item,) = agenda.items_of(meeting)
    assert (look(item).thing, look(item).stage) == (Thing.POLL, Stage.BEFORE)
    assert asking.open_now(meeting, NOW) is None
    with pytest.raises(Refused, match="先写好"):
        open_(app, world, item)
    db.session.rollback()
    with pytest.raises(Refused, match="还没有打开"):
        close(world, item)
    db.session.rollback()
    words = rules.CHOICE_SETS["good"]
    poll = polls.ask(meeting, "Tea?", words, item_id=item.id, called=CALLED, at=NOW)
    found = asking.open_now(meeting, NOW)
    assert found is not None
    assert (found.id, found.title, found.may_close) == (poll.id, "Tea?", True)
    assert found.address == f"/m/{meeting.id}"
    assert item.opened_at == NOW
    close(world, item)
    close(world, item)
    assert look(item).stage is Stage.OVER
    assert item.closed_at == LATER


def test_nothing_is_opened_where_nothing_is_asked_or_the_meeting_is_not_on(
    app: Flask, world: World
) -> None:
    meeting = meeting_on(world, ItemKind.TALK, ItemKind.PICK)
    talk, empty = agenda.items_of(meeting)
    assert asking.asked_at(talk, NOW) is None
    assert asking.asked_at(empty, NOW) is None
    for item, says in ((talk, "没有什么要打开"), (empty, "没有连上")):
        with pytest.raises(Refused, match=says):
            open_(app, world, item)
        db.session.rollback()
    meeting.ended_at = NOW
    db.session.commit()
    with pytest.raises(Refused, match="会开着"):
        open_(app, world, talk)


def test_whoever_presses_close_at_once_with_others_closes_it_once_and_loses_no_vote(
    app: Flask, world: World
) -> None:
    """Two hosts press close while twenty families send; what is in is in the minutes' figure."""
    item = pick(world)
    open_(app, world, item)
    ballot = ballot_of(item)
    names = {name: id_ for id_, name in _items(ballot).items()}
    stage = Voting(world, ballot, keys_of(app), config_of(app).secret, names)
    item_id, ballot_id = item.id, ballot.id

    def vote(n: int) -> Callable[[], str]:
        def act() -> str:
            here = Voting(
                world, db.session.get_one(Ballot, ballot_id), stage.keys, stage.secret, names
            )
            try:
                here.cast(n, "Lamps", at=LATER)
            except Refused as fault:
                db.session.rollback()
                return "told" if "截止了" in fault.msgid else fault.msgid
            return "in"

        return act

    def shut() -> str:
        close(world, db.session.get_one(AgendaItem, item_id))
        return "closed"

    acts: list[Callable[[], str]] = [vote(n) for n in range(20)]
    acts[10:10] = [shut, shut]
    said = at_once(app, acts, 8)
    assert set(said) <= {"in", "told", "closed"}
    db.session.expire_all()
    ballot = db.session.get_one(Ballot, ballot_id)
    meeting = meeting_of(db.session.get_one(AgendaItem, item_id))
    assert [line[:2] for line in lines(meeting)] == ["开始", "截止"]
    assert json.loads(facts(meeting))["households"] == said.count("in") == ballot.households_in
    assert len(sealing.current_choices(ballot, stage.keys)) == said.count("in")


def _items(ballot: Ballot) -> dict[str, str]:
    return {item["id"]: item["name"] for item in json.loads(ballot.rules)["items"]}
