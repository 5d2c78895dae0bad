"""Which answers are looked at: by channel, time, tag, building and stairwell."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from surveys.courtyards.models import Household
from surveys.questionnaires.models import Response
from surveys.questionnaires.received import current


@dataclass(frozen=True, slots=True)
class Sift:
    """What an answer must be to be counted; empty means that anything will do."""

    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """before then"""
    tag_id: str = ""
    """id of a tag; `NO_TAG` for those that came by none"""
    building: str = ""
    stairwell: str = ""

    @property
    def lets_all(self) -> bool:
        """Whether everything that counts is looked at."""
        return self == EVERYTHING


EVERYTHING = Sift()
NO_TAG = "-"


def passing(questionnaire_id: str, sift: Sift = EVERYTHING) -> list[ColumnElement[bool]]:
    """The conditions on `Response` of the answers that count and pass."""
    found = [Response.questionnaire_id == questionnaire_id, current()]
    if sift.channel:
        found.append(Response.channel == sift.channel)
    if sift.since is not None:
        found.append(Response.sent_at >= sift.since)
    if sift.until is not None:
        found.append(Response.sent_at < sift.until)
    if sift.tag_id:
        wanted = None if sift.tag_id == NO_TAG else sift.tag_id
        found.append(Response.tag_id.is_not_distinct_from(wanted))
    if sift.building:
        there = select(Household.id).where(Household.building == sift.building)
        if sift.stairwell:
            there = there.where(Household.stairwell == sift.stairwell)
        found.append(Response.household_id.in_(there))
    return found
