"""The minutes: written as it happens, edited, signed once, and unchanged from then on."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from surveys.base.db import db
from surveys.counting.canon import text_digest
from surveys.errors import Invalid, Refused
from surveys.meetings import (
    attending,
    glancing,
    hands,
    opinions,
    polls,
    promises,
    service,
    signing,
    speaking,
    writing_up,
)
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Minute, Opinion, OpinionState
from surveys.meetings.rules import Where
from surveys.meetings.showing import Hand, end
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.meetings.people import DURING, add_meeting, admitted, at_once, phone
from tests.world import AT, World, sign_in

AFTER = AT + timedelta(hours=2)


@pytest.fixture
def meeting(world: World, clock: Clock) -> Meeting:
    """A meeting at which something of everything happened, and which has ended."""
    meeting, host = add_meeting(world), Host(world.accounts["organizer"], "王楼长")
    for n in range(3):
        attending.tick(meeting, world.households[n], by=host.account_id, at=DURING)
    attending.count_visitors(meeting, 2, by=host.account_id, at=DURING)
    admitted(meeting, "楼道灯坏了，找王大爷", phone("a"))
    poll = polls.ask(meeting, "先装灯？", ["好", "不好"], item_id=None, called="王楼长", at=DURING)
    polls.answer(poll, phone("a", world.households[0]), 1, at=DURING)
    polls.answer(poll, phone("b"), 2, at=DURING)
    polls.close(poll, called="王楼长", at=DURING)
    raised = {"同意": 5, "不同意": 2}
    hands.count(
        meeting,
        "装灯",
        raised,
        where=Where(),
        people=9,
        counted_by="李四",
        typed_by="王楼长",
        item_id=None,
        at=DURING,
    )
    due = AT.date() + timedelta(days=20)
    promises.make(meeting, "灯装好", "王大爷", due, host=host, submission="s", at=DURING)
    end(meeting, Hand("王楼长", service.find(meeting.id).step, DURING))
    clock.is_now(AFTER)
    return service.find(meeting.id)


def lines(meeting: Meeting) -> list[Minute]:
    return writing_up.lines_of(meeting)


def sign(world: World, meeting: Meeting) -> None:
    seen = writing_up.seen_mark(meeting)
    signing.sign(meeting, seen=seen, by=world.accounts["organizer"], at=AFTER)


def at_desk(browser: Browser, world: World, meeting: Meeting) -> str:
    sign_in(browser, world.accounts["organizer"])
    return f"/desk/meeting/{meeting.id}/minutes"


def test_figures_are_those_of_the_tables(meeting: Meeting, world: World) -> None:
    body = writing_up.draft(meeting)
    assert body["came"] == {"households": 3, "roll": 24, "phones": 0, "visitors": 2}
    assert body["polls"][0]["counts"] == [["好", 1], ["不好", 1]]
    assert (body["polls"][0]["households"], body["polls"][0]["phones"]) == (1, 1)
    assert (body["hands"][0]["people"], body["hands"][0]["counts"]) == (
        9,
        [["同意", 5], ["不同意", 2]],
    )
    assert [one["who"] for one in body["promises"]] == ["王大爷"]


def test_a_line_is_reworded_and_the_acts_words_stay_seen(
    meeting: Meeting, world: World, browser: Browser
) -> None:
    here = at_desk(browser, world, meeting)
    line = lines(meeting)[-1]
    page = browser.see(f"{here}/{line.id}")
    page = browser.send(f"{here}/{line.id}", page.form(f"{here}/{line.id}") | {"text": "天黑散会"})
    assert page.says("天黑散会")
    assert page.says("原来是：散会")
    assert writing_up.draft(meeting)["lines"][-1]["text"] == "天黑散会"
    signing.reword(line, "散会", by=world.accounts["clerk"], at=AFTER)
    assert line.edited is None, "said again as it was, nothing is edited"


def test_a_line_left_out_is_seen_at_the_desk_only_and_may_come_back(
    meeting: Meeting, world: World, browser: Browser
) -> None:
    here, line = at_desk(browser, world, meeting), lines(meeting)[0]
    form = browser.see(here).form(f"{here}/{line.id}")
    page = browser.send(f"{here}/{line.id}", form | {"go": "out"})
    assert page.says("不写进纪要")
    assert line.number not in {each["n"] for each in writing_up.draft(meeting)["lines"]}
    browser.send(f"{here}/{line.id}", form | {"go": "in"})
    assert line.number in {each["n"] for each in writing_up.draft(meeting)["lines"]}


def test_a_note_is_added_once(meeting: Meeting, world: World, browser: Browser) -> None:
    here = at_desk(browser, world, meeting)
    form = browser.see(here).form(here) | {"text": "定了：先装灯", "item": ""}
    assert browser.send(here, form).says("定了：先装灯")
    browser.send(here, form)
    assert [line.kind.value for line in lines(meeting)].count("note") == 1
    empty = browser.send(here, form | {"text": ""})
    assert empty.status == 422


def test_signed_twice_is_signed_once_and_the_hash_is_of_the_text(
    app: Flask, meeting: Meeting, world: World
) -> None:
    meeting_id, seen = meeting.id, writing_up.seen_mark(meeting)
    by = world.accounts["organizer"]

    def press() -> None:
        signing.sign(service.find(meeting_id), seen=seen, by=by, at=AFTER)

    assert at_once(app, [press] * 4) == []
    signed = service.find(meeting_id)
    assert signed.minutes
    assert signed.minutes_hash == text_digest(signed.minutes)
    assert json.loads(signed.minutes)["came"]["households"] == 3
    assert writing_up.is_whole(signed)


def test_what_changed_since_the_page_was_seen_is_not_signed_unseen(
    meeting: Meeting, world: World
) -> None:
    seen = writing_up.seen_mark(meeting)
    signing.leave_out(lines(meeting)[0], by=world.accounts["clerk"], at=AFTER)
    with pytest.raises(Refused, match="刚才有人改过"):
        signing.sign(meeting, seen=seen, by=world.accounts["organizer"], at=AFTER)


def test_only_a_meeting_that_has_ended_is_signed(world: World) -> None:
    with pytest.raises(Refused, match="散会以后"):
        sign(world, add_meeting(world))


ACTS: list[Callable[[Meeting, World], object]] = [
    lambda m, w: signing.reword(lines(m)[0], "x", by=w.accounts["clerk"], at=AFTER),
    lambda m, w: signing.leave_out(lines(m)[0], by=w.accounts["clerk"], at=AFTER),
    lambda m, w: signing.note(m, "x", None, host=Host("w", "W"), at=AFTER),
    lambda m, w: promises.take_back(
        promises.of_meeting(m.id)[0], host=Host(w.accounts["clerk"], "W"), at=AFTER
    ),
    lambda m, w: promises.make(
        m,
        "x",
        "y",
        AFTER.date(),
        host=Host(w.accounts["clerk"], "W"),
        submission="t",
        at=AFTER,
    ),
    lambda m, w: attending.count_visitors(m, 9, by=w.accounts["clerk"], at=AFTER),
    lambda m, w: attending.tick(m, w.households[9], by=w.accounts["clerk"], at=AFTER),
    lambda m, w: glancing.take_down(
        m,
        "x",
        household_id=None,
        host=Host(w.accounts["clerk"], "W"),
        submission="u",
        at=AFTER,
    ),
]


@pytest.mark.parametrize("act", ACTS, ids=range(len(ACTS)))
def test_after_signing_no_act_changes_a_thing(
    meeting: Meeting, world: World, act: Callable[[Meeting, World], object]
) -> None:
    sign(world, meeting)
    before = (meeting.minutes, meeting.minutes_hash)
    with pytest.raises(Refused):
        act(meeting, world)
    db.session.rollback()
    found = service.find(meeting.id)
    assert (found.minutes, found.minutes_hash) == before
    body = writing_up.draft(found) | {"signed": json.loads(found.minutes or "")["signed"]}
    assert body == json.loads(found.minutes or ""), "what it was made from stands as well"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meeting SET minutes = '{}'",
        "UPDATE meeting SET minutes_hash = ''",
        "UPDATE minute SET edited = 'x'",
        "DELETE FROM minute",
        "UPDATE promise SET text = 'x'",
        "UPDATE hands SET taken_back_at = at",
    ],
)
def test_the_database_itself_refuses(meeting: Meeting, world: World, statement: str) -> None:
    sign(world, meeting)
    with pytest.raises(DatabaseError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_an_opinion_taken_back_later_is_gone_from_every_page_and_the_hash_holds(
    app: Flask, meeting: Meeting, world: World, browser: Browser
) -> None:
    sign(world, meeting)
    here = at_desk(browser, world, meeting)
    assert browser.see(f"{here}/print").says("楼道灯坏了，找＊＊")
    (opinion,) = opinions.of_meeting(meeting.id, {OpinionState.ADMITTED})
    speaking.withdraw(opinion, phone("a"), at=AFTER)
    for path in (here, f"{here}/print"):
        assert not browser.see(path).says("楼道灯坏了")
    assert writing_up.is_whole(service.find(meeting.id))
    assert "楼道灯坏了" not in (service.find(meeting.id).minutes or "")


def word_text(held: bytes) -> str:
    """Everything that a word processor reads in the file, by paragraphs and cells."""
    file = Document(BytesIO(held))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])


def test_the_word_file_says_what_the_paper_says(
    meeting: Meeting, world: World, browser: Browser
) -> None:
    sign(world, meeting)
    here = at_desk(browser, world, meeting)
    held = browser.get(f"{here}.docx")
    said = word_text(held.data)
    paper = browser.see(f"{here}/print")
    for words in (
        "花名册上一共 24 户，来了 3 户。",
        "先装灯？",
        "同意 5",
        "灯装好",
        "居民代表（签字）",
        meeting.minutes_hash[:8],
    ):
        assert words in said
        assert paper.says(words)


def test_what_word_cannot_hold_is_left_out_of_its_file(
    meeting: Meeting, world: World, browser: Browser
) -> None:
    signing.note(meeting, "a<b>&\ufffe", None, host=Host("w", "W"), at=AFTER)
    here = at_desk(browser, world, meeting)
    assert "a<b>&" in word_text(browser.get(f"{here}.docx").data)


def test_residents_read_it_after_signing_with_names_hidden(
    app: Flask, meeting: Meeting, world: World, browser: Browser
) -> None:
    signing.note(meeting, "定了：先装灯，找王大爷要钥匙", None, host=Host("w", "W"), at=AFTER)
    page = browser.see(f"/m/{meeting.id}")
    assert not page.says("定了：先装灯")
    sign(world, meeting)
    page = browser.see(f"/m/{meeting.id}")
    assert page.says("定了：先装灯")
    assert page.says("灯装好")
    assert page.says("同意 5")
    assert not page.says("王大爷")
    assert page.says(meeting.minutes_hash[:8])


def test_a_line_of_another_meeting_is_not_found(
    meeting: Meeting, world: World, browser: Browser
) -> None:
    here = at_desk(browser, world, add_meeting(world))
    assert browser.get(f"{here}/{lines(meeting)[0].id}").status_code == 404


def test_too_long_a_line_is_told(meeting: Meeting, world: World) -> None:
    with pytest.raises(Invalid):
        signing.reword(lines(meeting)[0], "长" * 401, by=world.accounts["clerk"], at=AFTER)
    assert db.session.scalars(select(Opinion)).first() is not None
