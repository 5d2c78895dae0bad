"""The meetings of the demonstration: one that is planned for the days to come."""

from surveys.demo.scene import Scene
from surveys.meetings import agenda, service
from surveys.meetings.models import Meeting

PLANNED_FOR = 3


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
