"""The close is put off by a posted notice: before it has come, later, with a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.owners import chain, extending, service
from tests.owners.making import with_motions
from tests.owners.stage import AFTER_CLOSE, CLOSES, OPENS, SEALS, WHILE_OPEN, Stage
from tests.world import World

LATER = CLOSES + timedelta(days=3)


def test_the_close_and_the_last_hour_of_sealing_move_along(vote: Stage) -> None:
    before = vote.vote.revision
    extending.extend(vote.vote, LATER, " 下雨 ", by=vote.who("organizer"), at=WHILE_OPEN)
    now = service.find(vote.vote.id)
    assert (now.closes_at, now.seals_at) == (LATER, SEALS + timedelta(days=3))
    assert now.revision > before
    (told,) = extending.extensions_of(now)
    assert (told.closed_before, told.reason) == (CLOSES, "下雨")
    (link,) = chain.of_kind(now, "extend")
    assert link["reason"] == "下雨"
    assert chain.verify(now) is None


def test_it_may_be_put_off_again_and_every_time_is_told(vote: Stage) -> None:
    for days in (1, 2):
        until = CLOSES + timedelta(days=days)
        extending.extend(vote.vote, until, f"{days}", by=vote.who("organizer"), at=WHILE_OPEN)
    assert [e.reason for e in extending.extensions_of(vote.vote)] == ["1", "2"]


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [
        (LATER, "  ", "请写一句为什么推迟。"),
        (LATER, "长" * 201, "写得太长了，最多 200 个字。"),
        (CLOSES, "same", "只能往后推：新的截止要比现在的晚。"),
        (CLOSES - timedelta(days=1), "earlier", "只能往后推：新的截止要比现在的晚。"),
        (OPENS + timedelta(days=60, minutes=1), "long", "连推迟的在内，投票最多 60 天。"),
    ],
)
def test_a_close_that_cannot_stand_is_refused(
    vote: Stage, until: object, reason: str, said: str
) -> None:
    with pytest.raises(Invalid) as fault:
        extending.extend(vote.vote, until, reason, by=vote.who("organizer"), at=WHILE_OPEN)  # type: ignore[arg-type]
    assert str(fault.value) == said


def test_nothing_is_put_off_after_the_close(vote: Stage) -> None:
    with pytest.raises(Refused, match="截止已经到了"):
        extending.extend(vote.vote, LATER, "late", by=vote.who("organizer"), at=AFTER_CLOSE)


def test_a_draft_is_changed_and_not_put_off(app: Flask, world: World) -> None:
    with pytest.raises(Refused, match="还是草稿"):
        extending.extend(
            with_motions(world), LATER, "draft", by=world.accounts["organizer"], at=WHILE_OPEN
        )


def test_the_database_itself_lets_no_close_come_nearer(vote: Stage) -> None:
    with pytest.raises(IntegrityError, match="guarded"):
        db.session.execute(db.text("UPDATE owners_vote SET closes_at = '2026-11-29 00:00:00'"))
    db.session.rollback()
