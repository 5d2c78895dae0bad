"""What a resident types on the courtyard's page: kept once, and put to a need where she says so."""

from datetime import datetime

from sqlalchemy import func, select

from surveys.accounts import failures
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import NotFound, Refused
from surveys.needs import intake, keeping, ledger, spoken, support
from surveys.needs.ledger import Row, root_id
from surveys.needs.models import Lane, Need, Placement, Suggestion
from surveys.needs.proposals.alike import Known, alike
from surveys.rounds import service as rounds
from surveys.rounds.models import Round

SAID_MOST = 10
"""suggestions that one phone may send within a quarter of an hour"""
SAID_MUCH = N_("这部手机刚才说了好多条，都记下了。请过 15 分钟再说。")
TEXTS_MOST = 3
"""of each need that a new text is compared with: the newest ones"""


def check(courtyard: Courtyard, text: str) -> Round:
    """The round that takes what was typed.

    Raises:
        Refused: no round is on.
        Invalid: nothing was typed, or too much.
    """
    round_ = rounds.current(courtyard.id)
    if round_ is None:
        raise Refused(N_("院子现在没有在收意见。有事请打社区电话。"))
    intake.checked(text)
    return round_


def similar(round_: Round, text: str) -> list[Row]:
    """Needs of the round that are about the same as `text`, the likest first, at most three."""
    rows = ledger.rows(round_.id)
    texts = _texts(round_.id)
    known = [
        Known(row.need.id, row.need.title, row.need.category, texts.get(row.need.id, ()))
        for row in rows
        if row.lane is not Lane.QUICK_FIX
    ]
    by_id = {row.need.id: row for row in rows}
    words = spoken.in_courtyard(round_.courtyard_id)
    return [by_id[need_id] for need_id in alike(text, known, words.vocabulary)]


def _texts(round_id: str) -> dict[str, list[str]]:
    """The newest things that were said about each need, by the need it counts under."""
    newest = func.row_number().over(partition_by=root_id, order_by=Suggestion.number.desc())
    numbered = (
        select(root_id.label("root"), Suggestion.text, newest.label("place"))
        .join(Placement, Placement.need_id == Need.id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(Need.round_id == round_id, Suggestion.superseded_at.is_(None))
        .subquery()
    )
    found: dict[str, list[str]] = {}
    for root, text in db.session.execute(
        select(numbered.c.root, numbered.c.text).where(numbered.c.place <= TEXTS_MOST)
    ):
        found.setdefault(root, []).append(text)
    return found


def say(
    courtyard: Courtyard,
    text: str,
    *,
    household: Household | None,
    device: str,
    at: datetime,
    need_id: str | None = None,
) -> tuple[Suggestion, bool]:
    """Keep what a resident typed on the courtyard's page; and whether it is new.

    The same words from the same phone, or of the same household, are kept once in a round.

    Args:
        device: hash that names the phone, apart for each household that uses it.
        need_id: the need that it belongs to, as its writer says: the household stands behind it.

    Raises:
        Refused: no round is on, or the need was met.
        TooOften: this phone has sent many within a quarter of an hour.
        Invalid: nothing was typed, or too much.
        NotFound: the need is not of this round.
    """
    round_ = check(courtyard, text)
    need = _named(round_, need_id) if need_id else None
    home = household.id if household else None
    intake._queue(courtyard.id)
    before = _said_before(round_.id, home, intake.checked(text))
    said = intake.Said(text, home, "scan", f"{device}{round_.id}")
    kept, is_new = (before, False) if before else intake._kept(round_, said, at)
    if is_new:
        failures._count_or_refuse(f"say:{device}", SAID_MOST, SAID_MUCH, at)
        _note(kept, at)
    if need is not None:
        _put(kept, need, household, at)
    db.session.commit()
    return kept, is_new


def _named(round_: Round, need_id: str) -> Need:
    need = support.find(need_id)
    if need.round_id != round_.id:
        raise NotFound(N_("台账里没有这一件诉求。"))
    support.check_open(need)
    return need


def _said_before(round_id: str, household_id: str | None, text: str) -> Suggestion | None:
    """The household's suggestion with these very words, from whichever phone or answer."""
    if household_id is None:
        return None
    return db.session.scalar(
        select(Suggestion)
        .where(
            Suggestion.round_id == round_id,
            Suggestion.household_id == household_id,
            Suggestion.text == text,
            Suggestion.superseded_at.is_(None),
        )
        .order_by(Suggestion.number)
        .limit(1)
    )


def _put(kept: Suggestion, need: Need, household: Household | None, at: datetime) -> None:
    """What nobody has sorted yet goes to the need that its writer named. Part of `say`."""
    db.session.flush()
    keeping.lock_needs([need.id])
    if household is not None:
        support._support(need, household, at)
    sorted_before = select(Placement.id).where(Placement.suggestion_id == kept.id).limit(1)
    if kept.set_aside_at is None and db.session.scalar(sorted_before) is None:
        db.session.add(
            Placement(suggestion_id=kept.id, need_id=need.id, placed_by=None, placed_at=at)
        )


def _note(kept: Suggestion, at: datetime) -> None:
    audit.note(
        "suggestion.add",
        by=None,
        at=at,
        courtyard_id=kept.courtyard_id,
        subject_id=kept.id,
        number=kept.number,
    )
