"""The questionnaires of a courtyard as a long list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.base.long_lists import View
from surveys.questionnaires import received, service
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.received import Received
from surveys.questionnaires.rules import State

SORTS = ("-made", "title", "-answers", "closes")
"""the newest first; the title; most answers; the next to close"""


@dataclass(frozen=True, slots=True)
class Line:
    """One questionnaire with what the list says of it."""

    questionnaire: Questionnaire
    state: State
    received: Received


def lines(courtyard_id: str, at: datetime) -> Sequence[Line]:
    """Every questionnaire of a courtyard, the newest first; two statements for all."""
    found = service.of_courtyard(courtyard_id)
    counts = received.counts([q.id for q in found])
    return [Line(q, service.state_of(q, at), counts.get(q.id, Received())) for q in found]


def wanted_of(found: Iterable[Line], view: View) -> list[Line]:
    """Those that are asked for, in the order asked for.

    Args:
        view: sorted by one of `SORTS`; narrowed by `q`, words in the title, and by `state`.
    """
    words, state = view.asked.get("q", "").lower(), view.asked.get("state")
    return view.arranged(
        (
            line
            for line in found
            if words in line.questionnaire.title.lower() and state in {None, line.state}
        ),
        {
            "made": lambda line: line.questionnaire.created_at,
            "title": lambda line: line.questionnaire.title,
            "answers": lambda line: line.received.all,
            "closes": lambda line: line.questionnaire.closes_at,
        },
    )
