"""The remote: begun, steered, frozen, undone; each tap counts once; one phone holds it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import agenda, hosting, rules, service, showing
from surveys.meetings.models import (
    Meeting,
    Minute,
    Opinion,
    OpinionState,
    Picture,
    Remote,
)
from surveys.meetings.rules import State
from surveys.meetings.showing import Hand
from surveys.web import config_of
from tests.meetings.test_agenda import a_meeting
from tests.world import AT, World

LATER = AT + timedelta(days=3)


def a_hand(meeting: Meeting, host: str = "Wang") -> Hand:
    """A tap on a remote that shows the meeting as it is now."""
    return Hand(host, service.find(meeting.id).step, LATER)


def begun(world: World) -> Meeting:
    """A meeting that is on."""
    meeting = a_meeting(world)
    showing.begin(meeting, a_hand(meeting))
    return meeting


def said(meeting: Meeting) -> list[str]:
    """The lines of the minutes."""
    lines = db.session.scalars(
        db.select(Minute).where(Minute.meeting_id == meeting.id).order_by(Minute.number)
    )
    return [line.say for line in lines]


def an_opinion(meeting: Meeting, state: OpinionState) -> str:
    """Something said, straight in the table."""
    opinion = Opinion(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        number=(db.session.scalar(db.select(db.func.count()).select_from(Opinion)) or 0) + 1,
        text="The lamp is broken",
        submission=new_id(),
        said_at=LATER,
        state=state,
    )
    db.session.add(opinion)
    db.session.commit()
    return opinion.id


# --- begun and ended -----------------------------------------------------------------------------


def test_a_meeting_begins_and_ends_once_however_often_it_is_pressed(world: World) -> None:
    meeting = a_meeting(world)
    hand = a_hand(meeting)
    showing.begin(meeting, hand)
    showing.begin(meeting, hand)
    assert rules.state(meeting) is State.ON
    hand = a_hand(meeting)
    showing.end(meeting, hand)
    showing.end(meeting, hand)
    assert rules.state(meeting) is State.ENDED
    assert said(meeting) == ["会开始了，%(host)s 主持", "散会"]
    with pytest.raises(Refused):
        showing.begin(meeting, hand)


def test_nothing_is_shown_before_the_beginning_nor_after_the_end(world: World) -> None:
    meeting = a_meeting(world)
    with pytest.raises(Refused):
        showing.show(meeting, Picture.BLANK, a_hand(meeting))
    db.session.rollback()
    with pytest.raises(Refused):
        showing.end(meeting, a_hand(meeting))
    db.session.rollback()
    showing.begin(meeting, a_hand(meeting))
    showing.end(meeting, a_hand(meeting))
    with pytest.raises(Refused):
        showing.undo(meeting, a_hand(meeting))


def test_a_meeting_does_not_end_while_something_is_open(world: World) -> None:
    meeting = begun(world)
    item = agenda.items_of(meeting)[2]
    item.opened_at = LATER
    db.session.commit()
    with pytest.raises(Refused):
        showing.end(meeting, a_hand(meeting))
    db.session.rollback()
    item.closed_at = LATER
    db.session.commit()
    showing.end(meeting, a_hand(meeting))


def test_a_meeting_ended_by_mistake_goes_on_for_half_an_hour(world: World) -> None:
    meeting = begun(world)
    showing.end(meeting, a_hand(meeting))
    soon = Hand("Wang", 0, LATER + timedelta(minutes=20))
    showing.go_on(meeting, soon)
    showing.go_on(meeting, soon)
    assert rules.state(meeting) is State.ON
    showing.end(meeting, a_hand(meeting))
    with pytest.raises(Refused):
        showing.go_on(meeting, Hand("Wang", 0, LATER + timedelta(hours=1)))
    db.session.rollback()
    assert said(meeting).count("没有散会，接着开") == 1


# --- steps ---------------------------------------------------------------------------------------


def test_going_to_an_item_shows_what_belongs_to_it_and_stands_in_the_minutes(world: World) -> None:
    meeting = begun(world)
    needs, announce, pick = agenda.items_of(meeting)
    hand = a_hand(meeting)
    showing.go(meeting, needs.id, hand)
    showing.go(meeting, needs.id, hand)
    assert (meeting.item_id, meeting.picture) == (needs.id, Picture.FIGURES)
    showing.go(meeting, announce.id, a_hand(meeting))
    assert meeting.picture is Picture.ANNOUNCE
    lines = [line for line in said(meeting) if line.startswith("第")]
    assert len(lines) == 2
    with pytest.raises(NotFound):
        showing.go(meeting, "nothing", a_hand(meeting))
    db.session.rollback()
    assert pick.id


def test_a_tap_from_an_older_page_is_told_that_something_changed(world: World) -> None:
    meeting = begun(world)
    old = a_hand(meeting)
    showing.show(meeting, Picture.CODE, old)
    with pytest.raises(Refused) as fault:
        showing.show(meeting, Picture.BLANK, old)
    db.session.rollback()
    assert fault.value.msgid == showing.CHANGED
    assert service.find(meeting.id).picture is Picture.CODE


def test_a_late_twin_of_a_tap_that_was_undone_does_nothing(world: World) -> None:
    meeting = begun(world)
    tap = a_hand(meeting)
    showing.show(meeting, Picture.BLANK, tap)
    showing.undo(meeting, a_hand(meeting))
    with pytest.raises(Refused):
        showing.show(meeting, Picture.BLANK, tap)
    db.session.rollback()
    assert service.find(meeting.id).picture is Picture.AGENDA


def test_only_pictures_of_the_item_are_shown(world: World) -> None:
    meeting = begun(world)
    with pytest.raises(Refused):
        showing.show(meeting, Picture.FIGURES, a_hand(meeting))
    db.session.rollback()
    showing.go(meeting, agenda.items_of(meeting)[0].id, a_hand(meeting))
    showing.show(meeting, Picture.CODE, a_hand(meeting))
    showing.show(meeting, Picture.FIGURES, a_hand(meeting))


def test_only_admitted_opinions_of_this_meeting_come_onto_the_wall(world: World) -> None:
    meeting = begun(world)
    for state in (OpinionState.WAITING, OpinionState.WITHHELD, OpinionState.WITHDRAWN):
        with pytest.raises(Refused):
            showing.show(meeting, Picture.OPINION, a_hand(meeting), an_opinion(meeting, state))
        db.session.rollback()
    with pytest.raises(Refused):
        showing.show(meeting, Picture.OPINION, a_hand(meeting))
    db.session.rollback()
    admitted = an_opinion(meeting, OpinionState.ADMITTED)
    showing.show(meeting, Picture.OPINION, a_hand(meeting), admitted)
    assert meeting.subject_id == admitted


def test_a_countdown_says_when_it_ends_and_a_double_tap_is_one(world: World) -> None:
    meeting = begun(world)
    tap = a_hand(meeting)
    showing.count_down(meeting, 5, tap)
    showing.count_down(meeting, 5, tap)
    assert meeting.until == LATER + timedelta(minutes=5)
    assert showing.steps_to_undo(meeting) == 1
    for wrong in (0, 61, -3):
        with pytest.raises(Invalid):
            showing.count_down(meeting, wrong, a_hand(meeting))
    with pytest.raises(Invalid):
        showing.letters(meeting, 3, a_hand(meeting))


def test_a_frozen_wall_stays_while_the_remote_goes_on(world: World) -> None:
    meeting = begun(world)
    showing.freeze(meeting, "<p>as it stands</p>", a_hand(meeting))
    showing.show(meeting, Picture.BLANK, a_hand(meeting))
    assert meeting.frozen == "<p>as it stands</p>"
    showing.unfreeze(meeting, a_hand(meeting))
    assert meeting.frozen is None
    showing.undo(meeting, a_hand(meeting))
    assert (meeting.frozen, meeting.picture) == ("<p>as it stands</p>", Picture.BLANK)
    showing.undo(meeting, a_hand(meeting))
    assert (meeting.frozen, meeting.picture) == ("<p>as it stands</p>", Picture.AGENDA)
    showing.undo(meeting, a_hand(meeting))
    assert (meeting.frozen, meeting.frozen_at) == (None, None)
    with pytest.raises(Refused):
        showing.undo(meeting, a_hand(meeting))


def test_what_was_taken_off_a_frozen_wall_is_not_frozen_again_by_an_undo(world: World) -> None:
    meeting = begun(world)
    showing.freeze(meeting, "<p>said</p>", a_hand(meeting))
    showing.show(meeting, Picture.BLANK, a_hand(meeting))
    meeting.frozen = meeting.frozen_at = None  # as when who said it takes it back
    db.session.commit()
    showing.undo(meeting, a_hand(meeting))
    assert (meeting.frozen, meeting.frozen_at) == (None, None)


ACTS: list[Callable[[Meeting, int], None]] = [
    lambda m, n: showing.letters(m, n % 3, a_hand(m)),
    lambda m, n: showing.show(m, Picture.CODE, a_hand(m)),
    lambda m, n: showing.show(m, Picture.BLANK, a_hand(m)),
    lambda m, n: showing.go(m, agenda.items_of(m)[n % 3].id, a_hand(m)),
    lambda m, n: showing.freeze(m, f"<p>{n}</p>", a_hand(m)),
    lambda m, n: showing.unfreeze(m, a_hand(m)),
    lambda m, n: showing.count_down(m, 1 + n, a_hand(m)),
]


def _wall(meeting: Meeting) -> tuple[object, ...]:
    now = service.find(meeting.id)
    return (now.item_id, now.picture, now.letters, now.until, now.frozen, now.frozen_at)


def test_whatever_was_done_is_undone_step_by_step(world: World) -> None:
    meeting = begun(world)
    db.session.expunge_all()

    @given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5)), max_size=8))
    def undone(steps: list[tuple[int, int]]) -> None:
        now = service.find(meeting.id)
        while showing.steps_to_undo(now):
            showing.undo(now, a_hand(now))
        walls = [_wall(now)]
        for which, n in steps:
            ACTS[which](now, n)
            if showing.steps_to_undo(now) == len(walls):
                walls.append(_wall(now))
        while len(walls) > 1:
            assert _wall(now) == walls.pop()
            showing.undo(now, a_hand(now))
        assert _wall(now) == walls[0]

    undone()


def test_twenty_steps_and_more_can_be_undone(world: World) -> None:
    meeting = begun(world)
    for n in range(40):
        showing.letters(meeting, n % 2 + 1, a_hand(meeting))
    assert showing.steps_to_undo(meeting) == showing.STEPS_KEPT >= 20


def test_an_item_taken_off_is_not_gone_back_to(world: World) -> None:
    meeting, by = begun(world), world.accounts["organizer"]
    first, second, _third = agenda.items_of(meeting)
    showing.go(meeting, first.id, a_hand(meeting))
    showing.go(meeting, second.id, a_hand(meeting))
    agenda.remove(first, by=by, at=AT)
    showing.undo(meeting, a_hand(meeting))
    assert meeting.item_id is None


# --- who holds the remote ------------------------------------------------------------------------


def a_link(app: Flask, world: World, meeting: Meeting, host: str = "Wang") -> Remote:
    """A link that the organizer made."""
    by, secret = world.accounts["organizer"], config_of(app).secret
    return hosting.make(meeting, host, secret=secret, by=by, at=AT)


def test_the_phone_that_opens_the_link_first_holds_the_remote(app: Flask, world: World) -> None:
    meeting = a_meeting(world)
    link = a_link(app, world, meeting)
    token = hosting.token_of(link, config_of(app).secret)
    assert hosting.find(token.lower()).id == link.id
    assert len(token) == 26
    assert token not in link.token_hash
    hosting.take(link, "one", at=AT)
    hosting.take(link, "one", at=AT)
    assert hosting.standing(meeting.id, "one", AT).holds
    assert not hosting.standing(meeting.id, "two", AT).holds
    with pytest.raises(Refused):
        hosting.take(link, "two", at=AT)
    db.session.rollback()
    assert [entry.act for entry in audit.about(meeting.id)].count("remote.taken") == 1
    with pytest.raises(NotFound):
        hosting.find("A" * 26)


def test_another_host_takes_over_and_the_former_is_told(app: Flask, world: World) -> None:
    meeting = a_meeting(world)
    hosting.take(a_link(app, world, meeting), "one", at=AT)
    hosting.take(a_link(app, world, meeting, "Li"), "two", at=AT)
    former = hosting.standing(meeting.id, "one", AT)
    assert not former.holds
    assert former.remote
    assert former.remote.ended_by == "Li"
    assert hosting.standing(meeting.id, "two", AT).holds
    assert said(meeting) == ["%(host)s 拿起了遥控器", "%(host)s 接过了遥控器"]


def test_the_remote_is_put_down_and_runs_out(app: Flask, world: World) -> None:
    meeting = a_meeting(world)
    link = a_link(app, world, meeting)
    hosting.take(link, "one", at=AT)
    assert not hosting.standing(meeting.id, "one", AT + hosting.LASTS).holds
    hosting.put_down(link, at=AT)
    hosting.put_down(link, at=AT)
    assert hosting.held(meeting.id) is None
    assert not hosting.standing(meeting.id, "one", AT).holds
    late = a_link(app, world, meeting)
    with pytest.raises(Refused):
        hosting.take(late, "one", at=AT + hosting.LASTS)


def test_no_link_for_a_meeting_that_is_over(app: Flask, world: World) -> None:
    meeting = begun(world)
    link = a_link(app, world, meeting)
    showing.end(meeting, a_hand(meeting))
    with pytest.raises(Refused):
        a_link(app, world, meeting)
    db.session.rollback()
    with pytest.raises(Refused):
        hosting.take(link, "one", at=AT)


def test_of_hosts_that_take_it_at_once_one_holds_it_at_last(app: Flask, world: World) -> None:
    meeting = a_meeting(world)
    links = [a_link(app, world, meeting, f"Host {n}").id for n in range(4)]
    db.session.commit()
    faults: list[BaseException] = []

    def take(link_id: str) -> None:
        with app.app_context():
            try:
                hosting.take(db.session.get_one(Remote, link_id), f"phone {link_id}", at=AT)
            except BaseException as fault:  # told to the test below
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=take, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    taken = db.session.scalars(db.select(Remote).where(Remote.taken_at.is_not(None))).all()
    assert len(taken) == 4
    assert len([remote for remote in taken if remote.ended_at is None]) == 1


def test_of_taps_that_come_at_once_one_counts(app: Flask, world: World) -> None:
    meeting = begun(world)
    hand, meeting_id = a_hand(meeting), meeting.id
    db.session.commit()
    refused: list[str] = []

    def tap(size: int) -> None:
        with app.app_context():
            try:
                showing.letters(service.find(meeting_id), size, hand)
            except Refused as fault:
                refused.append(fault.msgid)
            finally:
                db.session.remove()

    threads = [Thread(target=tap, args=(size,)) for size in (1, 2, 1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    now = service.find(meeting_id)
    assert now.step == hand.step + 1
    assert set(refused) == {showing.CHANGED}
    assert len(refused) == 2
