"""Links of their own for each way of spreading a questionnaire, and how many answers came by each.

A tag names a way, never a person: its code says nothing but which link it was.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.questionnaires.models import Questionnaire, Response, Tag
from surveys.questionnaires.received import current

LONGEST = 20
"""characters of a name"""
MOST = 30
"""links of one questionnaire"""
CODE = 4
SYMBOLS = "23456789abcdefghjkmnpqrstvwxyz"  # none that is taken for another
EXAMPLES = (N_("微信群"), N_("海报"), N_("横幅"), N_("入户"), N_("小板凳会"))

audit.words(
    {
        "tag.make": N_("给问卷做了链接“%(name)s”"),
        "tag.rename": N_("把链接“%(was)s”改名叫“%(name)s”"),
        "tag.withdraw": N_("收回了链接“%(name)s”"),
        "tag.restore": N_("又启用了链接“%(name)s”"),
    }
)


@dataclass(frozen=True, slots=True)
class Came:
    """How many came by one way: answers that count now, and drafts begun and not sent."""

    answers: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """The same by every way; together they are all that came in."""

    by_tag: dict[str, Came]
    """by id of the tag, those that nobody came by left out"""
    plain: Came
    """answered on a phone that came by no tag"""
    keyed: Came
    """keyed in by staff"""

    @property
    def all(self) -> Came:
        """Together."""
        every = [*self.by_tag.values(), self.plain, self.keyed]
        return Came(sum(came.answers for came in every), sum(came.drafts for came in every))


def tags_of(questionnaire_id: str) -> list[Tag]:
    """All of them, those in use first, in the order in which they were made."""
    found = select(Tag).where(Tag.questionnaire_id == questionnaire_id)
    in_order = found.order_by(Tag.withdrawn_at.is_not(None), Tag.made_at, Tag.id)
    return list(db.session.scalars(in_order))


def find(questionnaire_id: str, tag_id: str) -> Tag:
    """One tag of this questionnaire.

    Raises:
        NotFound: it has none of this id.
    """
    tag = db.session.get(Tag, tag_id)
    if tag is None or tag.questionnaire_id != questionnaire_id:
        raise NotFound
    return tag


def by_code(questionnaire_id: str, code: str) -> Tag | None:
    """The tag in use whose address was opened, if there is one."""
    return db.session.scalar(
        select(Tag).where(
            Tag.questionnaire_id == questionnaire_id,
            Tag.code == code.lower(),
            Tag.withdrawn_at.is_(None),
        )
    )


def counts(questionnaire_id: str) -> Ways:
    """How many came by each way; one statement."""
    is_keyed = Response.keyed_by.is_not(None)
    rows = db.session.execute(
        select(
            Response.tag_id,
            is_keyed,
            func.sum(case((current(), 1), else_=0)),
            func.sum(case((Response.sent_at.is_(None), 1), else_=0)),
        )
        .where(Response.questionnaire_id == questionnaire_id)
        .group_by(Response.tag_id, is_keyed)
    )
    found = {(tag, bool(keyed)): Came(int(sent), int(drafts)) for tag, keyed, sent, drafts in rows}
    return Ways(
        by_tag={tag: came for (tag, _keyed), came in found.items() if tag},
        plain=found.get((None, False), Came()),
        keyed=found.get((None, True), Came()),
    )


@retrying
def make(questionnaire: Questionnaire, name: str, *, by: str, at: datetime) -> Tag:
    """A link for one way of spreading; pressed twice it is one, a withdrawn one is used again.

    Raises:
        Invalid: nothing was typed, or too much.
        Refused: there are too many.
    """
    name = _named(name)
    known = tags_of(questionnaire.id)
    tag = next((tag for tag in known if tag.name == name), None)
    if tag is not None and tag.withdrawn_at is None:
        return tag
    if tag is not None:
        tag.withdrawn_at = None
        _note("tag.restore", questionnaire, tag, by, at)
    elif len(known) >= MOST:
        raise Refused(N_("一份问卷最多做 %(most)d 个链接。"), most=MOST)
    else:
        code = _free_code({tag.code for tag in known})
        tag = Tag(questionnaire_id=questionnaire.id, name=name, code=code, made_at=at)
        db.session.add(tag)
        db.session.flush()
        _note("tag.make", questionnaire, tag, by, at)
    db.session.commit()
    return tag


@retrying
def rename(questionnaire: Questionnaire, tag: Tag, name: str, *, by: str, at: datetime) -> None:
    """Call a tag something else; its address and what came by it stay.

    Raises:
        Invalid: nothing was typed, too much, or the name of another one.
    """
    name, was = _named(name), tag.name
    if name == was:
        return
    if any(other.name == name and other.id != tag.id for other in tags_of(questionnaire.id)):
        raise Invalid(N_("已经有叫“%(name)s”的链接了，换个名字。"), name=name)
    tag.name = name
    _note("tag.rename", questionnaire, tag, by, at, was=was)
    db.session.commit()


@retrying
def withdraw(questionnaire: Questionnaire, tag: Tag, *, by: str, at: datetime) -> None:
    """Count nobody more by this link. It still leads to the questionnaire: paper hangs for long."""
    db.session.refresh(tag, with_for_update=True)
    if tag.withdrawn_at is None:
        tag.withdrawn_at = at
        _note("tag.withdraw", questionnaire, tag, by, at)
    db.session.commit()


def _named(typed: str) -> str:
    return one_line(typed, LONGEST, missing=N_("请写这个链接给哪里用，比如“微信群”。"))


def _free_code(taken: Collection[str]) -> str:
    while True:
        code = "".join(secrets.choice(SYMBOLS) for _ in range(CODE))
        if code not in taken:
            return code


def _note(
    act: str, questionnaire: Questionnaire, tag: Tag, by: str, at: datetime, **more: object
) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=questionnaire.courtyard_id,
        subject_id=questionnaire.id,
        name=tag.name,
        **more,
    )
