"""From door to door: the list of doors on a phone, one tap a visit, and the same on paper."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import doors, service, visiting
from surveys.courtyards.doors import Doorstep, Subject
from surveys.courtyards.models import Courtyard, Household, Visit
from surveys.errors import Invalid, NotFound, Refused

VISITS = Blueprint("visits", __name__)


@dataclass(frozen=True, slots=True)
class Walk:
    """What somebody goes from door to door for, and how."""

    courtyard: Courtyard
    subjects: list[Subject]
    subject: Subject | None
    way: str

    @classmethod
    def asked(cls, courtyard: Courtyard) -> "Walk":
        """As the address or the form says; else the first questionnaire, by knocking.

        Raises:
            NotFound: about something else than may be asked about here.
        """
        found = doors.subjects(courtyard.id, g.at)
        about = request.values.get("about")
        if about is None:
            subject = found[0] if found else None
        else:
            subject = next((one for one in found if one.id == about), None)
            if about and subject is None:
                raise NotFound
        way = request.values.get("way", "")
        return cls(courtyard, found, subject, way if way in visiting.WAYS else "visit")

    @property
    def about(self) -> str:
        """Id of what one asks about; empty for nothing in particular."""
        return self.subject.id if self.subject else ""

    def address(self, building: str = "", **changed: str) -> str:
        """The page of a building."""
        asked = {"about": self.about, "way": self.way, "building": building, **changed}
        here = url_for("courtyards.visits.show", courtyard_id=self.courtyard.id)
        return f"{here}?{urlencode({k: v for k, v in asked.items() if v or k == 'about'})}"

    def key_in(self, door: Household) -> str:
        """Where this household's answer is keyed in, and the way back to its building."""
        if self.subject is None:
            return ""
        parts = (door.building, door.stairwell, door.room)
        asked = {
            "door": "-".join(filter(None, parts)),
            "channel": self.way,
            "back": self.address(door.building),
        }
        return f"{self.subject.keyed_at}?{urlencode(asked)}"


@VISITS.get("/desk/courtyard/<courtyard_id>/visits")
def show(courtyard_id: str) -> Response:
    """The doors of one building by stairwell, or those that were searched for."""
    walk = Walk.asked(access.fetch(Courtyard, courtyard_id, May.KEY_IN))
    return _list(walk, request.args.get("building", ""))


@VISITS.post("/desk/household/<household_id>/visits")
def note(household_id: str) -> Response:
    """Note a visit or call with one tap."""
    household = access.fetch(Household, household_id, May.KEY_IN)
    walk = Walk.asked(service.find(household.courtyard_id))
    try:
        visiting.note(
            household,
            way=request.form.get("way", ""),
            outcome=request.form.get("outcome", ""),
            note=request.form.get("note", ""),
            about=walk.about or None,
            by=access.me(),
            at=g.at,
        )
    except Invalid as fault:
        return _door(walk, household, _(fault.msgid, **fault.params))
    return _door(walk, household)


@VISITS.post("/desk/visit/<visit_id>/take-back")
def take_back(visit_id: str) -> Response:
    """Take back what was tapped by mistake."""
    visit = access.fetch(Visit, visit_id, May.KEY_IN)
    household = access.fetch(Household, visit.household_id, May.KEY_IN)
    walk = Walk.asked(service.find(visit.courtyard_id))
    try:
        visiting.take_back(visit, by=access.me(), at=g.at)
    except Refused as fault:
        return _door(walk, household, _(fault.msgid, **fault.params))
    return _door(walk, household)


@VISITS.get("/desk/courtyard/<courtyard_id>/visits/print")
def paper(courtyard_id: str) -> Response:
    """The doors that have not answered, by stairwell, with boxes to tick at the door."""
    walk = Walk.asked(access.fetch(Courtyard, courtyard_id, May.PRINT))
    every = doors.of_courtyard(courtyard_id, walk.subject)
    open_ = [door for door in every if door.heard is None]
    return hx.render(
        "courtyards/doors_print.html",
        courtyard=walk.courtyard,
        walk=walk,
        stairwells=doors.by_stairwell(open_),
        heard=len(every) - len(open_),
        outcomes=visiting.OUTCOMES,
    )


def _list(walk: Walk, building: str) -> Response:
    every = doors.of_courtyard(walk.courtyard.id, walk.subject)
    left = doors.left_by_building(every)
    wanted = request.args.get("door", "").strip()
    if building not in left:
        building = next((name for name, n in left.items() if n), next(iter(left), ""))
    if wanted:
        shown = doors.matching(every, wanted)
    else:
        shown = [door for door in every if door.household.building == building]
    return hx.render(
        "courtyards/visits.html",
        courtyard=walk.courtyard,
        walk=walk,
        ways=visiting.WAYS,
        outcomes=visiting.OUTCOMES,
        buildings=left,
        building=building,
        wanted=wanted[:40],
        households=len(every),
        heard=sum(door.heard is not None for door in every),
        stairwells=doors.by_stairwell(shown),
        may_print=access.allows(walk.courtyard.id, May.PRINT),
    )


def _door(walk: Walk, household: Household, fault: str | None = None) -> Response:
    """One door anew where htmx asked for it; else the list again, at this door."""
    if not hx.wants_part():
        if fault:
            flash(fault, "mind")
        return hx.see_other(f"{walk.address(household.building)}#door-{household.id}")
    door: Doorstep = doors.of_household(household, walk.subject)
    return hx.render(
        "courtyards/_doorstep.html",
        status=422 if fault else 200,
        courtyard=walk.courtyard,
        walk=walk,
        ways=visiting.WAYS,
        outcomes=visiting.OUTCOMES,
        door=door,
        fault=fault,
    )
