"""A menu posted for comment, again and again: its versions, what changed, and who caused it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from surveys.accounts.rules import tidy
from surveys.base import audit, clock
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.counting.canon import text_digest
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.menus import keeping
from surveys.menus.changes import Change, changes
from surveys.menus.models import Menu, MenuCause, MenuVersion
from surveys.menus.posted import Posted, as_it_stands, parsed, written
from surveys.needs.models import Suggestion
from surveys.needs.public import shown

NOTE_MOST = 400
LONGEST = timedelta(days=90)
"""for which comments may be heard"""
USUAL = timedelta(days=7)

Causes = Mapping[str, Collection[int]]
"""numbers of suggestions, by what they changed: an item's id, or `changes.WHOLE`"""


@dataclass(frozen=True, slots=True)
class Cause:
    """A suggestion that brought a change about."""

    number: int
    text: str | None
    """as anybody may read it; None where nobody else may"""


@dataclass(frozen=True, slots=True)
class Version:
    """A posted menu, what changed since the one before, and because of what."""

    row: MenuVersion
    posted: Posted
    before: Posted | None
    """the version before it; None for the first"""
    changes: Sequence[Change] = ()
    causes: Mapping[str, Sequence[Cause]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pending:
    """What posting would post now."""

    posted: Posted
    last: MenuVersion | None
    before: Posted | None
    changes: Sequence[Change]
    """since the last version; none for the first"""
    seen: str
    """names exactly this menu"""


def versions(menu_id: str) -> list[MenuVersion]:
    """What was posted of a menu, the latest first."""
    found = select(MenuVersion).where(MenuVersion.menu_id == menu_id)
    return list(db.session.scalars(found.order_by(MenuVersion.number.desc())))


def version(menu_id: str, number: int | None = None) -> Version:
    """One version that was posted, or the latest.

    Raises:
        NotFound: there is none.
    """
    rows = versions(menu_id)
    wanted = rows[0].number if rows and number is None else number
    at = next((index for index, row in enumerate(rows) if row.number == wanted), None)
    if at is None:
        raise NotFound(N_("这份菜单还没有贴出来。"))
    posted = parsed(rows[at].body)
    if at + 1 == len(rows):
        return Version(rows[at], posted, None)
    before = parsed(rows[at + 1].body)
    return Version(rows[at], posted, before, changes(before, posted), _causes(rows[at].id))


def menu_of(row: MenuVersion) -> Menu:
    """The menu that was posted."""
    return db.session.get_one(Menu, row.menu_id)


def pending(menu: Menu) -> Pending:
    """The menu as it stands against what was posted last."""
    now, last = as_it_stands(menu), next(iter(versions(menu.id)), None)
    before = parsed(last.body) if last else None
    found = changes(before, now) if before else ()
    return Pending(now, last, before, found, text_digest(written(now))[:16])


def open_for_comment(courtyard_id: str, on: date) -> list[MenuVersion]:
    """The latest versions of the courtyard's menus on which comments are heard on that day."""
    newest = (
        select(MenuVersion.menu_id, func.max(MenuVersion.number).label("number"))
        .where(MenuVersion.courtyard_id == courtyard_id)
        .group_by(MenuVersion.menu_id)
        .subquery()
    )
    rows = (
        select(MenuVersion)
        .join(
            newest,
            (newest.c.menu_id == MenuVersion.menu_id) & (newest.c.number == MenuVersion.number),
        )
        .join(Menu, Menu.id == MenuVersion.menu_id)
        .where(MenuVersion.comments_until >= on, Menu.pinned_at.is_(None))
        .order_by(MenuVersion.posted_at.desc(), MenuVersion.id)
    )
    return list(db.session.scalars(rows))


def hears(row: MenuVersion, menu: Menu, on: date) -> bool:
    """Whether comments on this version are heard on that day."""
    return menu.pinned_at is None and row.comments_until is not None and on <= row.comments_until


def post(
    menu: Menu,
    comments_until: date,
    note: str = "",
    causes: Causes | None = None,
    *,
    seen: str,
    by: str,
    at: datetime,
) -> MenuVersion:
    """Post the menu for comment as it stands; what is posted never changes.

    Args:
        seen: what `pending` named when whoever posts it looked.

    Raises:
        Invalid: the day has passed or lies far off, the note is too long, or there is no
            suggestion of such a number in this round.
        Refused: a ballot was opened on the menu, it is empty, nothing changed since it was posted
            last, or somebody else changed it meanwhile.
    """
    db.session.refresh(menu, with_for_update=True)
    ready = pending(menu)
    _refuse_to_post(menu, ready, seen)
    said = _checked_note(note)
    _check_day(menu, comments_until, at)
    named = _checked_causes(menu, ready, causes or {})
    made = MenuVersion(
        id=new_id(),
        courtyard_id=menu.courtyard_id,
        menu_id=menu.id,
        number=ready.last.number + 1 if ready.last else 1,
        body=written(ready.posted),
        note=said,
        comments_until=comments_until,
        posted_by=by,
        posted_at=at,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(
        MenuCause(version_id=made.id, item_id=key, suggestion_id=suggestion_id)
        for key, suggestion_id in sorted(named)
    )
    keeping.note("menu.post", menu, by, at, number=made.number)
    db.session.commit()
    return made


def _refuse_to_post(menu: Menu, ready: Pending, seen: str) -> None:
    if menu.pinned_at is not None:
        raise Refused(
            N_("点单已经照这份菜单开放，不用再征求意见。要改，请照着再做一份，贴那一份。")
        )
    if not ready.posted.items:
        raise Refused(N_("菜单还是空的，先加几项，再贴出来。"))
    if ready.last and not ready.changes:
        raise Refused(
            N_("和第 %(number)d 次贴的一样，不用再贴。改了菜单再来。"), number=ready.last.number
        )
    if ready.seen != seen:
        raise Refused(N_("您看的时候，别人改了这份菜单。请照新的再看一遍，再贴。"))


def _checked_note(typed: str) -> str:
    note = tidy(typed)
    if len(note) > NOTE_MOST:
        raise Invalid(N_("说明太长了，最多 %(most)d 个字。"), most=NOTE_MOST)
    return note


def _check_day(menu: Menu, until: date, at: datetime) -> None:
    today = clock.day(at, db.session.get_one(Courtyard, menu.courtyard_id).zone)
    if until < today:
        raise Invalid(N_("听意见的截止日子已经过了，请写今天或以后的日子。"))
    if until > today + LONGEST:
        raise Invalid(N_("听意见最多 %(days)d 天。看看日子是不是写错了。"), days=LONGEST.days)


def _checked_causes(menu: Menu, ready: Pending, causes: Causes) -> set[tuple[str, str]]:
    """Ids of suggestions by what they changed, each named once."""
    named = {(key, number) for key, numbers in causes.items() for number in numbers}
    if {key for key, _ in named} - {change.key for change in ready.changes}:
        raise Refused(N_("您看的时候，别人改了这份菜单。请照新的再看一遍，再贴。"))
    wanted = {number for _, number in named}
    rows = db.session.execute(
        select(Suggestion.number, Suggestion.id).where(
            Suggestion.round_id == menu.round_id, Suggestion.number.in_(wanted)
        )
    )
    known = {row.number: row.id for row in rows}
    if strange := sorted(wanted - known.keys()):
        raise Invalid(
            N_("这一轮没有第 %(numbers)s 条意见，请核对号码。"),
            numbers="、".join(map(str, strange)),
        )
    return {(key, known[number]) for key, number in named}


def _causes(version_id: str) -> dict[str, list[Cause]]:
    found: dict[str, list[Cause]] = {}
    for key, suggestion in db.session.execute(
        select(MenuCause.item_id, Suggestion)
        .join(Suggestion, Suggestion.id == MenuCause.suggestion_id)
        .where(MenuCause.version_id == version_id)
        .order_by(Suggestion.number)
    ):
        found.setdefault(key, []).append(Cause(suggestion.number, shown(suggestion)))
    return found


audit.words({"menu.post": N_("贴出了“%(title)s”第 %(number)s 版，征求意见")})
