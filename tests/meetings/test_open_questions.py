"""What is still open when the meeting goes on, or is to end, can be closed from the remote."""

import pytest

from surveys.base.db import db
from surveys.errors import Refused
from surveys.meetings import polls, remote, showing
from surveys.meetings.models import ItemKind
from surveys.meetings.showing import Hand
from tests.meetings.stage import WHILE_ON, on_stage
from tests.world import World


def test_a_meeting_does_not_end_while_a_question_is_open_and_the_remote_closes_it_from_anywhere(
    world: World,
) -> None:
    stage = on_stage(world)
    stage.change(item_id=None)
    loose = polls.ask(stage.meeting, "Now?", ["a", "b"], item_id=None, called="W", at=WHILE_ON)
    with pytest.raises(Refused):
        showing.end(stage.meeting, Hand("W", stage.meeting.step, WHILE_ON))
    db.session.rollback()
    assert remote.panel(stage.meeting, WHILE_ON).loose_poll == loose
    polls.close(loose, called="W", at=WHILE_ON)
    stage.change(item_id=stage.items[ItemKind.ASK])
    polls.ask(
        stage.meeting, "Now?", ["a", "b"], item_id=stage.meeting.item_id, called="W", at=WHILE_ON
    )
    assert remote.panel(stage.meeting, WHILE_ON).left_open == []
    stage.change(item_id=stage.items[ItemKind.TALK])
    (left,) = remote.panel(stage.meeting, WHILE_ON).left_open
    assert left.id == stage.items[ItemKind.ASK]
