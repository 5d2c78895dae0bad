"""Calling back: drawn by chance at the close, asked by a supervisor, signed for as numbers."""

import json
from collections import Counter

import pytest
from flask import Flask

from surveys.ballots import asking, calling_back, chain, drafting, keying, sealing
from surveys.ballots.models import Answer, EntryState
from surveys.ballots.rules import to_call_back
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from tests.ballots.phones import Clock, at_desk
from tests.ballots.stage import AFTER_CLOSE, CLOSES, Stage, opened
from tests.manners import Browser
from tests.world import make_world


def events(stage: Stage) -> list[dict[str, object]]:
    return [json.loads(event.body) for event in chain.events_of(stage.ballot)]


def drawn(stage: Stage) -> list[str]:
    """Doors on the list, as the roll numbers them."""
    rooms = [one.household.room for one in calling_back.listed(stage.ballot)]
    assert len(rooms) == len(set(rooms))
    return rooms


def call(stage: Stage, n: int, said: Answer, note: str = "", who: str = "supervisor") -> None:
    """The n-th household of the list says so."""
    one = calling_back.listed(stage.ballot)[n]
    part = one.call.participation_id
    calling_back.answer(stage.ballot, part, said, note, by=stage.who(who), at=AFTER_CLOSE)


@pytest.fixture
def closed(stage: Stage) -> Stage:
    """Three households in, of which one on paper; the close is written down."""
    stage.cast(0, "Drains")
    stage.cast(1, "Lamps")
    stage.paper(2, "Drains")
    sealing.close(stage.ballot, at=CLOSES)
    return stage


# --- the draw ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("households", "drawn"),
    [(0, 0), (1, 1), (3, 3), (4, 3), (60, 3), (61, 4), (80, 4), (100, 5), (101, 6), (600, 30)],
)
def test_one_in_twenty_is_drawn_and_never_under_three(households: int, drawn: int) -> None:
    assert to_call_back(households) == drawn


def test_the_draw_stands_in_the_chain_as_a_number_after_the_close(closed: Stage) -> None:
    close, draw = events(closed)[-2:]
    assert (close["kind"], draw["kind"], draw["drawn"]) == ("close", "call_back", 3)
    names = {"ballot", "day", "drawn", "kind", "number", "previous"}
    assert set(draw) == names


def test_it_is_drawn_once_whoever_writes_the_close(closed: Stage) -> None:
    before = drawn(closed)
    sealing.close(closed.ballot, at=AFTER_CLOSE)
    closed.sign()
    assert drawn(closed) == before
    assert [e["kind"] for e in events(closed)].count("call_back") == 1


def test_only_households_whose_vote_counts_are_drawn(stage: Stage) -> None:
    for n in range(4):
        stage.cast(n, "Drains")
    stage.key_in(4, "Lamps")
    gone = asking.standing(stage.ballot, stage.household(0)).entries[0]
    keying.withdraw(gone, "Moved out", by=stage.who("organizer"), at=CLOSES)
    sealing.close(stage.ballot, at=CLOSES)
    assert drawn(stage) == ["102", "103", "104"]


def test_every_household_is_drawn_about_equally_often(app: Flask) -> None:
    """Forty-five draws of 3 among 9: each household is expected fifteen times, give or take 3."""
    stage = opened(app, make_world(buildings=1, rooms=9)).with_votes(9)
    often: Counter[str] = Counter()
    for _ in range(45):
        calling_back._draw(stage.ballot, CLOSES)
        often.update(drawn(stage))
        db.session.rollback()
    assert len(often) == 9
    assert max(often.values()) < 31


def test_nobody_in_means_nobody_drawn(stage: Stage) -> None:
    stage.sign()
    assert [e.get("drawn") for e in events(stage) if e["kind"] == "call_back"] == [0]


# --- what they say -------------------------------------------------------------------------------


def test_what_they_say_stands_in_the_signature_as_numbers(closed: Stage) -> None:
    call(closed, 0, Answer.OURS)
    call(closed, 1, Answer.UNREACHED, "Nobody at home, twice")
    closed.sign()
    signed = next(e for e in events(closed) if e["kind"] == "sign")
    said = {"ours": 1, "not_ours": 0, "unreached": 1, "open": 1}
    assert signed["called_back"] == said
    assert chain.verify(closed.ballot) is None


def test_it_may_be_noted_anew_when_somebody_was_reached_later(closed: Stage) -> None:
    call(closed, 0, Answer.UNREACHED)
    call(closed, 0, Answer.OURS, "Called again")
    said = {"ours": 1, "not_ours": 0, "unreached": 0, "open": 2}
    assert calling_back.numbers(closed.ballot) == said
    trail = db.session.scalars(db.select(AuditEntry.act).where(AuditEntry.act.like("%.called_%")))
    assert sorted(trail) == ["ballot.called_ours", "ballot.called_unreached"]


def test_whoever_says_that_was_not_us_disputes_the_vote_and_nothing_is_withdrawn(
    closed: Stage,
) -> None:
    call(closed, 1, Answer.NOT_OURS)
    (found,) = asking.disputed(closed.ballot)
    assert found.household.id == closed.household(1).id
    assert found.entry.state == EntryState.CONFIRMED
    assert closed.ballot.households_in == 3
    keying.withdraw(found.entry, "Not theirs", by=closed.who("supervisor"), at=AFTER_CLOSE)
    assert asking.disputed(closed.ballot) == []
    assert calling_back.listed(closed.ballot)[1].entry is None
    call(closed, 1, Answer.NOT_OURS)  # there is no vote left to dispute
    closed.sign()


def test_whoever_keyed_a_vote_does_not_ask_after_it(closed: Stage) -> None:
    with pytest.raises(Refused, match="另一位"):
        call(closed, 2, Answer.OURS, who="clerk")
    db.session.rollback()
    call(closed, 2, Answer.OURS)


def test_a_household_that_was_not_drawn_is_not_there(app: Flask, closed: Stage) -> None:
    other = opened(app, closed.world)
    part = calling_back.listed(closed.ballot)[0].call.participation_id
    for ballot, wanted in ((closed.ballot, "nosuchhouse01"), (other.ballot, part)):
        with pytest.raises(NotFound):
            calling_back.answer(
                ballot, wanted, Answer.OURS, "", by=closed.who("supervisor"), at=AFTER_CLOSE
            )
        db.session.rollback()


def test_a_note_is_short(closed: Stage) -> None:
    with pytest.raises(Invalid, match="200"):
        call(closed, 0, Answer.OURS, "x" * 201)


@pytest.mark.parametrize("end", ["sign", "void"])
def test_after_the_signature_or_the_end_nothing_is_noted_any_more(closed: Stage, end: str) -> None:
    if end == "sign":
        closed.sign()
    else:
        by = closed.who("organizer")
        drafting.void(closed.ballot, "Why", by=by, at=AFTER_CLOSE, keys=closed.keys)
    closed.ballot = asking.find(closed.ballot.id)
    with pytest.raises(Refused):
        call(closed, 0, Answer.OURS)
    db.session.rollback()
    assert calling_back.numbers(closed.ballot)["open"] == 3


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def supervisor(app: Flask, closed: Stage, clock: Clock) -> Browser:
    clock.is_now(AFTER_CLOSE)
    return at_desk(app, closed, "supervisor")


def test_a_supervisor_notes_what_each_household_says(supervisor: Browser, closed: Stage) -> None:
    here = f"/desk/ballot/{closed.ballot.id}"
    assert supervisor.see(here).all(f'a[href="{here}/call-back"]')
    page = supervisor.see(f"{here}/call-back")
    assert page.says("1号楼1单元101")
    assert page.says("扫码11月21日还没问")
    assert not page.says("Drains")
    form = page.form(f"{here}/call-back")
    told = supervisor.send(f"{here}/call-back", {**form, "answer": "not_ours", "note": "在外地"})
    assert told.says("记下了")
    assert told.says("不是我家投的，11月30日在外地")
    assert told.says("去查")
    assert supervisor.see(f"{here}/sign").says("不是我家投的1")
    assert supervisor.see(f"{here}/sign").says("还有2户没有回访")


@pytest.mark.parametrize("wrong", [{"answer": "yes"}, {"answer": ""}, {"note": "长" * 201}])
def test_what_was_typed_wrong_is_kept(
    supervisor: Browser, closed: Stage, wrong: dict[str, str]
) -> None:
    address = f"/desk/ballot/{closed.ballot.id}/call-back"
    form = {**supervisor.see(address).form(address), "answer": "ours", "note": "在家"}
    told = supervisor.send(address, {**form, **wrong})
    assert told.status == 422
    assert told.says("还没记下")
    kept = told.all("input[name=note]")[0].get("value")
    assert kept == wrong.get("note", "在家")


def test_the_list_is_printed_with_boxes_to_tick(supervisor: Browser, closed: Stage) -> None:
    paper = supervisor.see(f"/desk/ballot/{closed.ballot.id}/call-back/print")
    assert paper.says("1号楼1单元101")
    assert paper.says("□是我家投的□不是我家投的□没联系上")
    assert paper.says("问的人签字")


def test_an_organizer_looks_and_answers_nothing(
    app: Flask, supervisor: Browser, closed: Stage
) -> None:
    organizer = at_desk(app, closed, "organizer")
    address = f"/desk/ballot/{closed.ballot.id}/call-back"
    page = organizer.see(address)
    assert page.says("还没问")
    assert not page.all("[name=answer]")
    token = organizer.see("/desk/password").form()["csrf_token"]
    drawn_one = calling_back.listed(closed.ballot)[0].call.participation_id
    sent = organizer.send(
        address, {"csrf_token": token, "drawn": drawn_one, "answer": "ours", "note": ""}
    )
    assert sent.status == 403


@pytest.mark.parametrize("kind", ["clerk", "observer", "administrator"])
def test_nobody_else_learns_who_was_drawn(
    app: Flask, supervisor: Browser, closed: Stage, kind: str
) -> None:
    browser = at_desk(app, closed, kind)
    for end in ("call-back", "call-back/print"):
        assert browser.see(f"/desk/ballot/{closed.ballot.id}/{end}").status == 403


def test_the_desk_names_it_among_what_is_to_be_done(supervisor: Browser, closed: Stage) -> None:
    here = f"/desk/courtyard/{closed.world.courtyard}"
    assert supervisor.see(here).says("抽到3户要回访")
    for n in range(3):
        call(closed, n, Answer.OURS)
    assert not supervisor.see(here).says("要回访")


def test_the_share_that_staff_keyed_in_is_told_where_it_is_signed_for(
    supervisor: Browser, closed: Stage
) -> None:
    page = supervisor.see(f"/desk/ballot/{closed.ballot.id}/sign")
    assert page.says("其中1户的票由工作人员录入，占33.3%")
