"""The meetings of the demonstration: one that was held, and one planned for the days to come."""

from surveys.demo.content import chance
from surveys.demo.scene import Scene
from surveys.meetings import agenda, attending, service, showing
from surveys.meetings.models import Meeting
from surveys.meetings.showing import Hand

HELD_ON, PLANNED_FOR = -33, 3
CAME = 23
"""households that were ticked off at the meeting that was held"""
ITEM_MINUTES = 20
HOST = "3 号楼王楼长"


def hold(scene: Scene) -> Meeting:
    """Hold the meeting after the survey of needs: item by item, doors ticked off, ended."""
    at = scene.calendar.at
    meeting = service.create(
        scene.courtyard,
        title="小板凳恳谈会",
        place="院里大槐树下",
        starts_at=at(HELD_ON, 19),
        items=agenda.TEMPLATES["wishes"][1],
        by=scene.organizer,
        at=at(HELD_ON - 3, 10),
    )
    showing.begin(meeting, Hand(HOST, 0, at(HELD_ON, 19)))
    for household in chance("who came").sample(scene.households, CAME):
        attending.tick(meeting, household.id, by=scene.clerk, at=at(HELD_ON, 19, 5))
    for passed, item in enumerate(agenda.items_of(meeting)):
        showing.go(meeting, item.id, _hand(scene, meeting, ITEM_MINUTES * passed))
    showing.end(meeting, _hand(scene, meeting, 90))
    return meeting


def _hand(scene: Scene, meeting: Meeting, minutes: int) -> Hand:
    """A tap so many minutes after the beginning."""
    step = service.find(meeting.id).step
    return Hand(HOST, step, scene.calendar.at(HELD_ON, 19, minutes))


def plan(scene: Scene) -> Meeting:
    """Plan the meeting at which the courtyard looks at the ballot that is open."""
    at = scene.calendar.at
    return service.create(
        scene.courtyard,
        title="点单说明会",
        place="院里大槐树下",
        starts_at=at(PLANNED_FOR, 19),
        items=agenda.TEMPLATES["picking"][1],
        by=scene.organizer,
        at=at(-1, 10),
    )
