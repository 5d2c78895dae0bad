"""What everybody may see of an owners' vote, on its page, on the wall and in their moving parts.

Until the result is published that is who takes part, never what they say: nothing here reads a
mark, and the tag of a part follows from what the part shows and from nothing else.
"""

from dataclasses import dataclass
from datetime import datetime

from surveys.counting.canon import digest
from surveys.counting.double_majority import NOBODY, Share
from surveys.errors import NotFound
from surveys.owners import figures, rules, sealing, service
from surveys.owners.counted import Result
from surveys.owners.figures import Gauges
from surveys.owners.models import OwnersVote
from surveys.owners.rules import State


@dataclass(frozen=True, slots=True)
class Seen:
    """A vote as it may be seen now by anybody."""

    vote: OwnersVote
    state: State
    gauges: Gauges

    @property
    def result(self) -> Result | None:
        """The result, once it is published."""
        return sealing.read(self.vote) if self.state is State.PUBLISHED else None

    @property
    def needed(self) -> Share:
        """The least that has to take part; nobody where the rules ask nothing of it."""
        asked = self.gauges.rules.quorum
        return asked.least(self.gauges.everyone) if asked else NOBODY

    @property
    def tag(self) -> str:
        """Changes when, and only when, something that may be seen changes."""
        everyone, inside = self.gauges.everyone, self.gauges.taking_part
        said: list[object] = [self.vote.id, self.state.value, self.vote.closes_at.isoformat()]
        said += [everyone.owners, everyone.area_dm2, inside.owners, inside.area_dm2]
        if self.state in rules.COUNTED:
            said.append(self.vote.head)
        return digest(said)[:16]


def seen(vote_id: str, at: datetime) -> Seen:
    """What may be seen of this vote at `at`.

    Raises:
        NotFound: there is none, or it is a draft.
    """
    vote = service.find(vote_id)
    if vote.frozen_at is None:
        raise NotFound
    return Seen(vote, rules.state(vote, at), figures.gauges(vote))
