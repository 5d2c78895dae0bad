"""From door to door: the list of doors on a phone, one tap a visit, and the same on paper."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May, own_path
from surveys.base import hx
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.courtyards import doors, service, visiting
from surveys.courtyards.doors import Doorstep, Subject, Tally
from surveys.courtyards.models import Courtyard, Household, Visit
from surveys.errors import Invalid, NotFound, Refused

VISITS = Blueprint("visits", __name__)
DOORS_A_PAGE = 100
"""a building, but for the largest"""


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
        return f"{self.path}?{urlencode({k: v for k, v in asked.items() if v or k == 'about'})}"

    @property
    def path(self) -> str:
        """Where the list is."""
        return url_for("courtyards.visits.show", courtyard_id=self.courtyard.id)

    def key_in(self, door: Household, back: str) -> str:
        """Where this household's answer is keyed in, and the way back to the list."""
        if self.subject is None:
            return ""
        parts = (door.building, door.stairwell, door.room)
        asked = {
            "door": "-".join(filter(None, parts)),
            "channel": self.way,
            "back": back,
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
        return _door(walk, household, say(fault))
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
        return _door(walk, household, say(fault))
    return _door(walk, household)


@VISITS.get("/desk/courtyard/<courtyard_id>/visits/print")
def paper(courtyard_id: str) -> Response:
    """The doors that have not answered, by stairwell, with boxes to tick at the door."""
    walk = Walk.asked(access.fetch(Courtyard, courtyard_id, May.PRINT))
    every = sum(doors.tallies(courtyard_id, walk.subject), Tally())
    return hx.render(
        "courtyards/doors_print.html",
        courtyard=walk.courtyard,
        walk=walk,
        stairwells=doors.by_stairwell(doors.unanswered(courtyard_id, walk.subject)),
        heard=every.heard,
        outcomes=visiting.OUTCOMES,
    )


def _list(walk: Walk, building: str) -> Response:
    tallies = doors.tallies(walk.courtyard.id, walk.subject)
    buildings = doors.by_building(tallies)
    if building != doors.WHOLE and building not in buildings:
        left = (name for name, tally in buildings.items() if tally.left)
        building = next(left, next(iter(buildings), ""))
    view = View.read(
        walk.path,
        request.args,
        ["door"],
        {"q": None, "state": set(doors.STATES)},
        a_page=DOORS_A_PAGE,
        besides={"about": walk.about, "way": walk.way, "building": building},
    )
    found, total = doors.page(walk.courtyard.id, building, walk.subject, view)
    return hx.render(
        "courtyards/visits.html",
        courtyard=walk.courtyard,
        walk=walk,
        ways=visiting.WAYS,
        outcomes=visiting.OUTCOMES,
        states=doors.STATE_WORDS,
        view=view,
        back=view.address,
        buildings=buildings,
        building=building,
        whole=sum(tallies, Tally()),
        tallies={(tally.building, tally.stairwell): tally for tally in tallies},
        stairwells=doors.by_stairwell(found),
        total=total,
        may_print=access.allows(walk.courtyard.id, May.PRINT),
    )


def _door(walk: Walk, household: Household, fault: str | None = None) -> Response:
    """One door anew where htmx asked for it; else the list again, at this door."""
    back = own_path(request.form.get("to"), otherwise=walk.address(household.building))
    if not hx.wants_part():
        if fault:
            flash(fault, "mind")
        return hx.see_other(f"{back}#door-{household.id}")
    door: Doorstep = doors.of_household(household, walk.subject)
    return hx.render(
        "courtyards/_doorstep.html",
        status=422 if fault else 200,
        courtyard=walk.courtyard,
        walk=walk,
        ways=visiting.WAYS,
        outcomes=visiting.OUTCOMES,
        door=door,
        back=back,
        fault=fault,
    )
