"""What a meeting's wall shows, what it keeps to itself, and when it changes."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask, render_template
from lxml import html

from surveys.ballots.models import Showing
from surveys.base.db import db
from surveys.meetings import pictures
from surveys.meetings.models import ItemKind, Opinion, OpinionState, Picture, Poll
from tests.ballots.phones import statements
from tests.ballots.stage import WHILE_OPEN as BALLOT_OPEN
from tests.ballots.stage import drafted, opened
from tests.meetings.stage import WHILE_ON, Stage, on_stage
from tests.owners import stage as owners_stage
from tests.world import World


@pytest.fixture
def stage(world: World) -> Stage:
    return on_stage(world)


def tag(stage: Stage, at: datetime = WHILE_ON) -> str:
    return pictures.show(stage.meeting, at).tag


def wall(app: Flask, stage: Stage, at: datetime = WHILE_ON) -> str:
    """All words on the wall, as people read them."""
    with app.test_request_context():
        seen = pictures.show(stage.meeting, at)
        source = render_template(f"meetings/wall/_{seen.name}.html", **seen.context)
    return re.sub(r"\s+", "", html.fromstring(source).text_content())


def test_a_wall_on_which_nothing_changed_keeps_its_tag(stage: Stage) -> None:
    for kind in ItemKind:
        for picture in Picture:
            stage.go(kind, picture)
            assert tag(stage) == tag(stage, WHILE_ON + timedelta(seconds=1))
    before = tag(stage)
    stage.change()
    assert tag(stage) != before


def test_a_poll_of_the_wall_asks_little_and_no_vote(world: World, app: Flask) -> None:
    ballot = opened(app, world)
    ballot.cast(0, "Lamps")
    stage = on_stage(world)
    stage.go(ItemKind.PICK, Picture.CODE, about_id=ballot.ballot.id)
    meeting = stage.meeting
    with statements() as asked:
        pictures.show(meeting, BALLOT_OPEN)
    assert len(asked) <= 3
    assert not any(" vote " in one or "participation" in one for one in asked)


@pytest.mark.parametrize("picture", [Picture.CODE, Picture.FIGURES, Picture.ROOMS])
def test_hidden_figures_leak_through_neither_picture_nor_tag(
    app: Flask, world: World, picture: Picture
) -> None:
    ballot = opened(app, world, drafted(world, showing=Showing.HIDDEN))
    stage = on_stage(world)
    stage.go(ItemKind.PICK, picture, about_id=ballot.ballot.id)
    before = tag(stage, BALLOT_OPEN), wall(app, stage, BALLOT_OPEN)
    ballot.cast(0, "Lamps")
    assert (tag(stage, BALLOT_OPEN), wall(app, stage, BALLOT_OPEN)) == before


def test_turnout_is_told_and_choices_are_not_before_the_seal(app: Flask, world: World) -> None:
    ballot = opened(app, world).with_votes(3)
    stage = on_stage(world)
    for picture in (Picture.CODE, Picture.FIGURES, Picture.ROOMS):
        stage.go(ItemKind.PICK, picture, about_id=ballot.ballot.id)
        said = wall(app, stage, BALLOT_OPEN)
        assert "3户交了" in said
        assert "Lamps" not in said


def test_a_draft_and_nothing_at_all_are_no_error(app: Flask, world: World) -> None:
    stage = on_stage(world)
    stage.go(ItemKind.PICK, about_id=drafted(world).id)
    assert "还没有开始" in wall(app, stage)
    for kind in ItemKind:
        stage.go(kind, Picture.FIGURES)
        wall(app, stage)
    stage.change(item_id=None)
    for picture in Picture:
        stage.change(picture=picture)
        wall(app, stage)


def test_a_question_tells_how_many_answered_and_after_the_close_what(
    app: Flask, stage: Stage
) -> None:
    stage.go(ItemKind.ASK)
    poll = db.session.get_one(Poll, stage.ask("East or west?", {"East": 7, "West": 5}))
    poll.households, poll.phones = 2, 10
    db.session.commit()
    said, before = wall(app, stage), tag(stage)
    assert "12份回答" in said
    assert "7" not in said
    poll.phones = 11
    db.session.commit()
    assert tag(stage) != before
    stage.change(item_id=stage.items[ItemKind.TALK])
    assert "East" not in wall(app, stage)


def test_hands_are_told_with_who_was_there(app: Flask, stage: Stage) -> None:
    stage.go(ItemKind.ASK)
    stage.raise_hands("Lamps?", [("1", "1", "yes", 5, 9), ("2", "1", "yes", 8, 12)])
    said = wall(app, stage)
    assert "21人在场" in said
    assert "13yes" in said
    assert "1号楼1单元95" in said


@pytest.mark.parametrize("state", [s for s in OpinionState if s is not OpinionState.ADMITTED])
def test_an_opinion_that_is_not_admitted_is_on_no_wall(
    app: Flask, stage: Stage, state: OpinionState
) -> None:
    stage.go(ItemKind.TALK, Picture.OPINION)
    said = stage.say("The lamp is out", too=3)
    stage.change(subject_id=said)
    assert "Thelampisout" in wall(app, stage)
    assert "3人说" in wall(app, stage)
    db.session.get_one(Opinion, said).state = state
    stage.change()
    assert "Thelampisout" not in wall(app, stage)


def test_names_and_numbers_in_an_opinion_are_hidden(app: Flask, stage: Stage) -> None:
    stage.go(ItemKind.TALK, Picture.OPINION)
    stage.change(subject_id=stage.say("找王大爷，电话13812345678，住301"))
    said = wall(app, stage)
    assert "13812345678" not in said
    assert "王大爷" not in said
    assert "301" not in said


def test_a_countdown_is_right_at_each_poll(app: Flask, stage: Stage) -> None:
    stage.go(ItemKind.TALK, Picture.COUNTDOWN)
    stage.change(until=WHILE_ON + timedelta(minutes=3))
    for rest, words in ((180, "3分钟"), (179, "3分钟"), (61, "2分钟"), (60, "60秒"), (1, "10秒")):
        at = WHILE_ON + timedelta(seconds=180 - rest)
        assert words in wall(app, stage, at)
    assert "时间到" in wall(app, stage, WHILE_ON + timedelta(hours=9))
    assert tag(stage) != tag(stage, WHILE_ON + timedelta(minutes=2))


def test_a_wall_left_open_overnight_shows_that_the_meeting_is_over(
    app: Flask, stage: Stage
) -> None:
    for picture in Picture:
        stage.go(ItemKind.TALK, picture)
        stage.change(ended_at=WHILE_ON)
        assert "散会了" in wall(app, stage, WHILE_ON + timedelta(hours=14))
    stage.change(cancelled_at=WHILE_ON)
    assert "取消" in wall(app, stage)


def test_a_frozen_wall_looks_frozen_and_larger_letters_mean_fewer_rows(
    app: Flask, stage: Stage
) -> None:
    stage.go(ItemKind.TALK, Picture.AGENDA)
    assert "已定格" not in wall(app, stage)
    stage.change(letters=2)
    assert "后面还有1项" in wall(app, stage)
    stage.change(frozen_at=WHILE_ON)
    assert "已定格" in wall(app, stage)


def test_squares_of_a_small_building_are_told_with_others(app: Flask, world: World) -> None:
    stage = on_stage(world)
    stage.sign_in([0, 1, 12])
    stage.go(ItemKind.TALK, Picture.ROOMS)
    said = wall(app, stage)
    assert "1号楼2/12户" in said
    assert "2号楼1/12户" in said


def test_an_owners_vote_tells_who_takes_part_and_never_what_they_say(
    app: Flask, world: World
) -> None:
    vote = owners_stage.opened(world)
    vote.sheets([1, 2, 3], owners_stage.FOR, owners_stage.AGAINST)
    stage = on_stage(world)
    stage.go(ItemKind.VOTE, about_id=vote.vote.id)
    said = wall(app, stage, owners_stage.WHILE_OPEN)
    assert "还差9户" in said
    assert "按已录入数据，未达到法定比例" in said
    before, asked = tag(stage, owners_stage.WHILE_OPEN), "赞成"
    assert said.replace("赞成多少，截止后公布", "").count(asked) == 0
    vote.sheet(5, owners_stage.FOR, owners_stage.FOR)
    assert tag(stage, owners_stage.WHILE_OPEN) != before
    stage.change(picture=Picture.ROOMS)
    assert "1号楼" in wall(app, stage, owners_stage.WHILE_OPEN)
