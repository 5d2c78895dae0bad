"""The library: questionnaires saved as templates by their organizers, beside those that ship.

A saved one stands at a place, and is there for every courtyard at or below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from surveys.accounts.models import Account, Place
from surveys.accounts.rules import ALLOWED, May, RoleKind, may, one_line
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Forbidden, Invalid, NotFound
from surveys.questionnaires import rules, service, shipped
from surveys.questionnaires.models import Questionnaire, SavedTemplate
from surveys.questionnaires.service import LONGEST, Asked
from surveys.questionnaires.shipped import Template

Roles = Iterable[tuple[RoleKind, str]]
"""kind, and path of its place"""
SAVED = "saved:"
"""begins the key of a saved template, as a questionnaire that is made from it bears it"""
LEVELS = ("courtyard", "zone", "community", "street", "district")
"""of places that a template may stand at"""

audit.words(
    {
        "template.save": N_("把问卷存成了模板“%(title)s”"),
        "template.rename": N_("把模板“%(was)s”改名叫“%(title)s”"),
        "template.retire": N_("停用了模板“%(title)s”"),
    }
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved template as it is listed: where it stands, and who saved it."""

    saved: SavedTemplate
    place: Place
    made_by: str

    @property
    def template(self) -> Template:
        """What a questionnaire is made from."""
        saved = self.saved
        return Template(
            key=SAVED + saved.id,
            head={name: getattr(saved, name) for name in shipped.HEAD},
            kept_days=saved.kept_days,
            questions=rules.read_questions(saved.questions),
            whose=self.place.name,
        )


def may_see(roles: Roles, path: str) -> bool:
    """Whether staff with these roles see a template at `path`: those below it, and those above."""
    return any(
        May.LOOK in ALLOWED[kind] and (own.startswith(path) or path.startswith(own))
        for kind, own in roles
    )


def fetch(template_id: str, roles: Roles, act: May) -> Kept:
    """A saved template, for staff who may do this where it stands.

    Raises:
        NotFound: there is none, or it is none of theirs to see.
        Forbidden: they may see it and not do this.
    """
    held = list(roles)
    found = _kept(SavedTemplate.id == template_id)
    if not found or not may_see(held, found[0].place.path):
        raise NotFound
    if act is not May.LOOK and not may(held, found[0].place.path, act):
        raise Forbidden
    return found[0]


def at_courtyard(courtyard_id: str) -> list[Kept]:
    """The saved templates that are there for a courtyard, those of the widest place first."""
    in_use = SavedTemplate.retired_at.is_(None)
    return _kept(SavedTemplate.place_id.in_(_above(courtyard_id)) & in_use)


def _above(courtyard_id: str) -> list[str]:
    """Ids of the places that a courtyard lies in, itself the last."""
    return db.session.get_one(Place, courtyard_id).path.split("/")[:-1]


def _kept(which: ColumnElement[bool]) -> list[Kept]:
    rows = db.session.execute(
        select(SavedTemplate, Place, Account.title)
        .join(Place, Place.id == SavedTemplate.place_id)
        .join(Account, Account.id == SavedTemplate.made_by)
        .where(which)
        .order_by(Place.path, SavedTemplate.title)
    )
    return [Kept(saved, place, who) for saved, place, who in rows]


def offered(courtyard_id: str) -> list[Template]:
    """What ships, and what was saved: all that a questionnaire of it may be made from."""
    return [*shipped.offered(), *(kept.template for kept in at_courtyard(courtyard_id))]


def places_for(courtyard_id: str, roles: Roles) -> list[Place]:
    """Where somebody may save a template that comes from this courtyard, the nearest first."""
    held = list(roles)
    above = db.session.scalars(
        select(Place).where(Place.id.in_(_above(courtyard_id)), Place.level.in_(LEVELS))
    )
    found = [place for place in above if may(held, place.path, May.RUN)]
    return sorted(found, key=lambda place: -len(place.path))


# --- acts ----------------------------------------------------------------------------------------


def create(courtyard: Courtyard, key: str, *, by: str, at: datetime) -> Questionnaire:
    """Make a questionnaire of this courtyard from a template, saved or shipped. It is not open yet.

    Raises:
        Invalid: no such template is there for it.
        Refused: no round has begun.
    """
    start = next((one for one in offered(courtyard.id) if one.key == key), None)
    if start is None:
        raise Invalid(N_("没有这个模板，请在列出的里面选一个。"))
    made = service._create(courtyard, start, by, at)
    db.session.commit()
    return made


@retrying
def save(asked: Asked, place: Place, title: str, *, by: str, at: datetime) -> SavedTemplate:
    """Save a questionnaire as a template at a place; pressed twice it is one.

    The name of one that was retired is free again: its row is used anew.

    Raises:
        Invalid: no name, too long a one, or the name of another template there.
    """
    title = _titled(title)
    facts = _facts(asked)
    saved = db.session.scalar(
        select(SavedTemplate).where(
            SavedTemplate.place_id == place.id, SavedTemplate.title == title
        )
    )
    if saved is not None and saved.retired_at is None:
        if all(getattr(saved, name) == value for name, value in facts.items()):
            return saved
        raise Invalid(N_("这里已经有叫“%(title)s”的模板了，换个名字。"), title=title)
    if saved is None:
        saved = SavedTemplate(place_id=place.id, title=title, made_by=by, made_at=at, **facts)
        db.session.add(saved)
    else:
        for name, value in {**facts, "made_by": by, "made_at": at, "retired_at": None}.items():
            setattr(saved, name, value)
    db.session.flush()
    _note("template.save", saved, by, at, courtyard_id=asked.courtyard.id)
    db.session.commit()
    return saved


def _facts(asked: Asked) -> dict[str, object]:
    """What a template takes over, whoever answers and whenever it is open."""
    q = asked.questionnaire
    return {
        **{name: getattr(q, name) for name in shipped.HEAD if name != "title"},
        "kept_days": max(1, (q.kept_until - q.created_at).days),
        "questions": asked.version.questions,
        "digest": asked.version.digest,
    }


@retrying
def rename(saved: SavedTemplate, title: str, *, by: str, at: datetime) -> None:
    """Call a saved template something else.

    Raises:
        Invalid: no name, too long a one, or the name of another template there.
    """
    title, was = _titled(title), saved.title
    if title == was:
        return
    taken = select(SavedTemplate.id).where(
        SavedTemplate.place_id == saved.place_id, SavedTemplate.title == title
    )
    if db.session.scalar(taken) is not None:
        raise Invalid(N_("这里已经有叫“%(title)s”的模板了，换个名字。"), title=title)
    saved.title = title
    _note("template.rename", saved, by, at, was=was)
    db.session.commit()


@retrying
def retire(saved: SavedTemplate, *, by: str, at: datetime) -> None:
    """Offer it no more; the questionnaires that were made from it stay as they are."""
    db.session.refresh(saved, with_for_update=True)
    if saved.retired_at is None:
        saved.retired_at = at
        _note("template.retire", saved, by, at)
    db.session.commit()


def _titled(typed: str) -> str:
    return one_line(typed, LONGEST["title"], missing=N_("请给模板起个名。"))


def _note(
    act: str,
    saved: SavedTemplate,
    by: str,
    at: datetime,
    *,
    courtyard_id: str | None = None,
    **more: object,
) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=courtyard_id,
        subject_id=saved.id,
        title=saved.title,
        **more,
    )
