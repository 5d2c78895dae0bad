"""What is shown of this room; its pages hang on `PAGES` from the modules `…_views`."""

from flask import Blueprint

from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.meetings.models import Meeting

PAGES = Blueprint("meetings", __name__)


def courtyard_of(meeting: Meeting) -> Courtyard:
    """Where it is held."""
    return courtyards.find(meeting.courtyard_id)
