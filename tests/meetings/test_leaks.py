"""What is hidden until the seal leaves by no door of a meeting: words, tags, headers, sizes."""

import re

import pytest
from flask import Flask

from surveys.ballots.models import Showing
from surveys.meetings import polls
from surveys.meetings.models import ItemKind, Picture
from tests.ballots.phones import Clock
from tests.ballots.stage import WHILE_OPEN, drafted, opened
from tests.manners import Browser
from tests.meetings.people import phone
from tests.meetings.stage import Stage, on_stage
from tests.world import World

CHANCE = re.compile(rb'<input type="hidden"[^>]*>')
"""tokens and names that are drawn anew for each page"""
DOORS = (
    "/wall/{}",
    "/wall/{}/part",
    "/wall/{}/part?seen=0",
    "/m/{}",
    "/m/{}/live",
    "/m/{}/live?seen=0",
)


def answers(app: Flask, stage: Stage) -> list[tuple[int, dict[str, str], bytes]]:
    """What a stranger's phone is answered at every door: status, headers and body."""
    found = []
    for door in DOORS:
        stranger = app.test_client()
        assert isinstance(stranger, Browser)
        answer = stranger.get(door.format(stage.meeting_id))
        headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
        headers.pop("Content-Length", None)  # of the body as it was with those
        found.append((answer.status_code, headers, CHANCE.sub(b"", answer.data)))
    return found


@pytest.mark.parametrize("picture", [Picture.CODE, Picture.FIGURES, Picture.ROOMS])
def test_a_hidden_ballot_is_told_of_by_nothing_that_a_meeting_answers(
    app: Flask, world: World, clock: Clock, picture: Picture
) -> None:
    clock.is_now(WHILE_OPEN)
    ballot = opened(app, world, drafted(world, showing=Showing.HIDDEN))
    stage = on_stage(world)
    stage.go(ItemKind.PICK, picture, about_id=ballot.ballot.id)
    before = answers(app, stage)
    ballot.cast(0, "Lamps")
    ballot.cast(1, "Drains")
    assert answers(app, stage) == before


def test_what_a_question_is_answered_is_told_by_nothing_before_its_close(
    app: Flask, world: World, clock: Clock
) -> None:
    """Two phones answer alike here and not alike there: nobody outside can tell which."""
    clock.is_now(WHILE_OPEN)
    seen = []
    for choices in ((1, 1), (1, 2)):
        stage = on_stage(world)
        stage.go(ItemKind.ASK)
        meeting = stage.meeting
        poll = polls.ask(
            meeting, "East?", ["Yes", "No"], item_id=meeting.item_id, called="W", at=WHILE_OPEN
        )
        for name, choice in zip("ab", choices, strict=True):
            polls.answer(poll, phone(name), choice, at=WHILE_OPEN)
        sizes = [
            (status, len(body.replace(poll.id.encode(), b"").replace(meeting.id.encode(), b"")))
            for status, _headers, body in answers(app, stage)
        ]
        seen.append(sizes)
        polls.close(poll, called="W", at=WHILE_OPEN)
    assert seen[0] == seen[1]
