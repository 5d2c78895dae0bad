"""The stage holds what it says: the guards of the tables let it be built."""

from surveys.meetings import agenda
from surveys.meetings.models import ItemKind, OpinionState, Picture
from tests.meetings.stage import AGENDA, WHILE_ON, on_stage
from tests.world import World


def test_a_meeting_can_be_put_on_at_any_item_with_whatever_was_said_and_asked(world: World) -> None:
    stage = on_stage(world)
    for kind, _title in AGENDA:
        stage.go(kind, Picture.CODE)
        assert stage.item is not None
        assert stage.item.kind is kind
    stage.go(ItemKind.ASK)
    stage.say("The lamp is out", too=3, n=2)
    stage.say("Not yet read", OpinionState.WAITING)
    stage.ask("Shall we?", {"yes": 4, "no": 1})
    stage.ask("Done?", {"yes": 2, "no": 2}, closed_at=WHILE_ON)
    stage.raise_hands("Who is for it?", [("1", "1", "yes", 5, 9)])
    stage.sign_in([0, 1, 2], phones=4, visitors=3)
    assert len(agenda.items_of(stage.meeting)) == len(AGENDA)
    assert stage.meeting.revision == 13
