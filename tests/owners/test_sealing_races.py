"""Signing, sealing and keying at the same moment: one result, of exactly what was there."""

from flask import Flask

from surveys.base.db import db
from surveys.errors import Refused
from surveys.owners import chain, sealing, service
from tests.ballots.test_races import at_once
from tests.owners.sheets import Counter
from tests.owners.stage import AFTER_CLOSE, FOR, Stage


def test_ten_who_sign_and_seal_at_once_make_one_result(app: Flask, vote: Stage) -> None:
    vote.sheets([5, 6, 7], FOR, FOR)
    vote_id, supervisor, organizer = vote.vote.id, vote.who("supervisor"), vote.who("organizer")

    def both() -> int:
        found, made = service.find(vote_id), 0
        for act in (
            lambda: sealing.sign(found, by=supervisor, at=AFTER_CLOSE),
            lambda: sealing.seal(found, by=organizer, at=AFTER_CLOSE),
        ):
            try:
                act()
                made += 1
            except Refused:
                db.session.rollback()
        return made

    assert sum(int(str(made)) for made in at_once(app, [both] * 10, 10)) == 2
    kinds = [event["kind"] for kind in ("sign", "seal", "count") for event in _of(vote_id, kind)]
    assert kinds == ["sign", "seal", "count"]
    assert chain.verify(chain.lock(vote_id)) is None


def test_a_sheet_keyed_while_one_signs_is_signed_for_or_refused(app: Flask, vote: Stage) -> None:
    vote_id, supervisor = vote.vote.id, vote.who("supervisor")

    def key(number: int) -> object:
        mine = Stage(vote.world, service.find(vote_id), vote.owners)
        try:
            return Counter(mine).key(number, FOR, FOR, at=AFTER_CLOSE).number
        except Refused:
            return None

    def sign() -> object:
        try:
            return sealing.sign(service.find(vote_id), by=supervisor, at=AFTER_CLOSE)
        except Refused:
            return None

    at_once(app, [*(lambda n=n: key(n) for n in (5, 6, 7)), sign, lambda: key(8)], 5)
    for told in _of(vote_id, "sign"):
        assert told["waiting"] == 0
        assert _of(vote_id, "sheet") == []
    assert len(_of(vote_id, "sign")) + bool(_of(vote_id, "sheet")) == 1


def _of(vote_id: str, kind: str) -> list[dict[str, object]]:
    return chain.of_kind(service.find(vote_id), kind)
