"""The owners' vote of the demonstration: open, most ballots delivered, half the sheets in."""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from surveys.base.pictures import Picture, made_anew
from surveys.counting.double_majority import Mark
from surveys.courtyards.models import Household
from surveys.demo.content import chance, content, one_of
from surveys.demo.scene import ZONE, Scene
from surveys.owners import delivering, drafting, keying, proxies, registering, service
from surveys.owners.delivering import Noted
from surveys.owners.models import Capacity, Channel, DeliveryWay, OwnerEntry, OwnersVote
from surveys.owners.parties import Named, UnitRow
from surveys.owners.recording import Came
from surveys.owners.register_models import AreaSource, OwnerKind
from surveys.owners.service import Listed
from surveys.owners.terms import Terms

LISTED, NOTICED, OPEN_FROM, OPEN_TO = -24, -20, -4, 8
"""days on which the register was typed, the notice posted, the vote opened, and it will close"""
NOT_YET, MISSED, POSTED = 4, 5, 2
"""owners whose ballot was not taken along yet, was not delivered, and of these was posted"""
SHEETS, WAITING = 78, 3
"""sheets that came in, and how many of them nobody has confirmed yet"""
FIVE_FLATS = (0, 30, 60, 90, 120)
"""households whose home belongs to one owner"""
UNSOLD, OFFICES = (21, 22, 23), (45, 46)
"""homes never sold, and those that an office holds"""
TOGETHER_EVERY = 6
"""each so many homes belong to two people"""
PAPER_PX = (480, 640)


def leave_open(scene: Scene) -> OwnersVote:
    """The register, the vote with its motions, deliveries, two 委托书, and the sheets so far."""
    _register(scene)
    vote = _opened(scene)
    listed = service.owners_of(vote)
    _deliver(scene, vote, listed)
    _sheets(scene, vote, listed[:SHEETS])
    _disagree(scene, vote, next(one for one in listed if one.owner.kind is OwnerKind.TOGETHER))
    return vote


def _register(scene: Scene) -> None:
    """Every home of the roll has an owner; nine homes have three owners between them."""
    at, by = scene.calendar.at(LISTED, 10), scene.organizer
    rows = list(_rows(scene.households))
    plan = registering.plan_import(scene.courtyard.id, rows)
    registering.import_rows(scene.courtyard.id, rows, seen=plan.fingerprint, by=by, at=at)
    registering.state(
        scene.courtyard.id,
        area_dm2=sum(row.area_dm2 for row in rows),
        units=len(rows),
        source=content("owners")["source"],
        gap_reason="",
        by=by,
        at=at,
    )


def _rows(households: Sequence[Household]) -> Iterator[UnitRow]:
    said = content("owners")
    people = [Named(f"{s}{g}") for s, g in product(said["surnames"], said["given"])]
    chance("owners' names").shuffle(people)
    landlord = people.pop()
    for n, home in enumerate(households):
        kind, named = OwnerKind.PERSON, [people.pop()]
        if n in FIVE_FLATS:
            named = [landlord]
        elif n in UNSOLD:
            kind, named = OwnerKind.DEVELOPER, [Named(said["developer"])]
        elif n in OFFICES:
            kind, named = OwnerKind.BODY, [Named(said["body"])]
        elif n % TOGETHER_EVERY == 1:
            kind, named = OwnerKind.TOGETHER, [*named, people.pop()]
        yield UnitRow(
            building=home.building,
            stairwell=home.stairwell,
            room=home.room,
            area_dm2=home.area_dm2 or 1,
            source=AreaSource.SURVEY if n % 16 == 9 else AreaSource.REGISTER,
            kind=kind,
            named=tuple(named),
            voter=named[0].name if kind is OwnerKind.TOGETHER else "",
        )


def _opened(scene: Scene) -> OwnersVote:
    at, by, said = scene.calendar.at, scene.organizer, content("owners")
    terms = Terms(
        title=said["title"],
        called_by=said["called_by"],
        noticed_on=_day(scene, NOTICED),
        opens_at=at(OPEN_FROM, 8),
        closes_at=at(OPEN_TO, 20),
        seals_at=at(OPEN_TO + 3, 20),
    )
    vote = drafting.draft(scene.courtyard, terms, by=by, at=at(LISTED, 14))
    for motion in said["motions"]:
        drafting.add_motion(
            vote, motion["title"], motion["text"], motion["matter"], by=by, at=at(LISTED, 15)
        )
    drafting.open_(vote, by=by, at=at(NOTICED, 9), secret=scene.secret)
    return service.find(vote.id)


def _deliver(scene: Scene, vote: OwnersVote, listed: Sequence[Listed]) -> None:
    """Building by building; some were not met, and two of these ballots were posted."""
    said, clerk = content("owners"), scene.clerk
    reached = listed[: -(NOT_YET + MISSED)]
    missed = [one.owner.id for one in listed[-(NOT_YET + MISSED) : -NOT_YET]]
    for days, (_building, owners) in enumerate(service.by_building(reached)):
        on = OPEN_FROM - 3 + days % 5
        noted = Noted(DeliveryWay.HAND, _day(scene, on), said["self"])
        ids = [one.owner.id for one in owners]
        delivering.note(vote, ids, noted, by=clerk, at=scene.calendar.at(on, 19))
    failed = Noted(DeliveryWay.FAILED, _day(scene, -2), note=said["missed"])
    delivering.note(vote, missed, failed, by=clerk, at=scene.calendar.at(-2, 18))
    wall = Noted(DeliveryWay.POSTED, _day(scene, -1), note=said["wall"])
    delivering.note(vote, missed[:POSTED], wall, by=clerk, at=scene.calendar.at(-1, 9))


def _sheets(scene: Scene, vote: OwnersVote, listed: Sequence[Listed]) -> None:
    """One sheet of each, the second and third signed by an agent of theirs."""
    rng = chance("owners' sheets")
    for n, one in enumerate(listed):
        agent = n in {1, 2}
        entry = _keyed(scene, vote, one, _marks(rng), -3 + n * 3 // len(listed), by_agent=agent)
        if n < len(listed) - WAITING:
            at = scene.calendar.at(-3 + n * 3 // len(listed), 17)
            keying.look(entry, by=scene.supervisor, at=at)
            keying.confirm(entry, by=scene.supervisor, at=at)


def _disagree(scene: Scene, vote: OwnersVote, one: Listed) -> None:
    """The other of two co-owners signed a sheet that says otherwise: neither counts."""
    against = dict.fromkeys(range(1, len(content("owners")["motions"]) + 1), Mark.AGAINST)
    entry = _keyed(scene, vote, one, against, -1, signer=one.names[-1])
    at = scene.calendar.at(-1, 18)
    keying.look(entry, by=scene.supervisor, at=at)
    keying.confirm(entry, by=scene.supervisor, at=at)


def _keyed(
    scene: Scene,
    vote: OwnersVote,
    one: Listed,
    marks: dict[int, Mark],
    day: int,
    *,
    by_agent: bool = False,
    signer: str | None = None,
) -> OwnerEntry:
    at = scene.calendar.at(day, 15)
    signer, proxy_id = signer or one.names[0], None
    if by_agent:
        signer = content("owners")["given"][0]
        paper = _paper(one, {}, "a proxy")
        by = scene.clerk
        proxy_id = proxies.give(vote, one.owner, signer, "2648", paper, by=by, at=at).id
    came = Came(
        channel=Channel.PAPER,
        capacity=Capacity.AGENT if by_agent else Capacity.OWNER,
        signer=signer,
        marks=marks,
        received_on=_day(scene, day),
        submission=f"demonstration-{one.owner.number}-{signer}",
        proxy_id=proxy_id,
    )
    paper = _paper(one, marks, signer)
    return keying.key_in(vote, one.owner, came, by=scene.clerk, at=at, picture=paper)


def _marks(rng: Random) -> dict[int, Mark]:
    motions: list[Any] = content("owners")["motions"]
    return {n: Mark(one_of(rng, motion["marks"])) for n, motion in enumerate(motions, 1)}


def _paper(one: Listed, marks: dict[int, Mark], signer: str) -> Picture:
    """A drawing of a paper: its number, three boxes for each motion, and a stroke for the name."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", PAPER_PX, "#fdfcf8")
    draw = ImageDraw.Draw(sheet)
    draw.text((40, 30), f"No. {one.owner.number}", fill="#222", font_size=36)
    for row, mark in marks.items():
        top = 40 + row * 110
        draw.text((40, top), f"{row}.", fill="#222", font_size=32)
        for column, wanted in enumerate((Mark.FOR, Mark.AGAINST, Mark.ABSTAIN)):
            left = 120 + column * 110
            draw.rectangle((left, top, left + 40, top + 40), outline="#222", width=3)
            if mark is wanted:
                stroke = [(left + 6, top + 20), (left + 18, top + 34), (left + 44, top - 6)]
                draw.line(stroke, fill="#1a3fa0", width=6)
    hand = chance(signer)
    draw.line(
        [(220 + 18 * n, 560 + hand.randint(-24, 24)) for n in range(10)], fill="#1a3fa0", width=4
    )
    file = BytesIO()
    sheet.save(file, "PNG")
    return made_anew(file.getvalue(), "sheet.png")


def _day(scene: Scene, day: int) -> date:
    return scene.calendar.at(day, 12).astimezone(ZoneInfo(ZONE)).date()
