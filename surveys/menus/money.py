"""Where the money of a menu is expected to come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.menus import keeping
from surveys.menus.listing import funding_of
from surveys.menus.models import Funding, Menu, Source

NOTE_MOST = 80
SOURCES: Mapping[Source, str] = {
    Source.ABOVE: N_("上级资金"),
    Source.FUND: N_("维修基金"),
    Source.HOUSEHOLDS: N_("受益户"),
    Source.PARTNERS: N_("共建单位"),
}


@dataclass(frozen=True, slots=True)
class Money:
    """What one source is expected to give, and what is to be said about it."""

    amount_fen: int
    note: str = ""


def set_funding(menu: Menu, wanted: Mapping[Source, Money], *, by: str, at: datetime) -> None:
    """Say what is expected from each source; one that is not named gives nothing.

    It need not add up to the budget: the page says how much is lacking.

    Raises:
        Invalid: a note is too long.
        Refused: a ballot was opened on the menu.
    """
    keeping.lock(menu)
    said = {source: tidy(money.note) for source, money in wanted.items()}
    if any(len(note) > NOTE_MOST for note in said.values()):
        raise Invalid(N_("说明太长了，最多 %(most)d 个字。"), most=NOTE_MOST)
    db.session.execute(delete(Funding).where(Funding.menu_id == menu.id))
    db.session.add_all(
        Funding(menu_id=menu.id, source=source, amount_fen=money.amount_fen, note=said[source])
        for source, money in wanted.items()
    )
    total_fen = sum(money.amount_fen for money in wanted.values())
    keeping.note("menu.funding", menu, by, at, total_fen=total_fen)
    db.session.commit()


# Part of an act


def _copy_funding(menu: Menu, made: Menu) -> None:
    db.session.add_all(
        Funding(menu_id=made.id, source=f.source, amount_fen=f.amount_fen, note=f.note)
        for f in funding_of(menu)
    )


audit.words({"menu.funding": N_("写了“%(title)s”的钱从哪来")})
