"""What the bench measures on is what the product itself would have made."""

import random

from flask import Flask, session
from sqlalchemy import text

from bench import keying, phones, seed
from bench.counted import statements
from surveys.ballots import asking, chain, sealing
from surveys.base.db import db
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.kinds import read_keyed
from surveys.web import config_of


def test_votes_filled_in_can_be_counted_and_leave_the_chain_whole(app: Flask) -> None:
    config = config_of(app)
    seeded = seed.seed(12)
    ballot_id = seed.open_ballot(seeded, config).id
    for part in (seeded.households[:5], seeded.households[5:]):
        seed.fill(asking.find(ballot_id), part, config)
    ballot = asking.find(ballot_id)
    assert ballot.households_in == 12
    assert chain.verify(ballot) is None
    assert len(sealing.current_choices(ballot, seed.keys_of(config))) == 12


def test_a_phone_of_the_bench_votes_and_answers(app: Flask) -> None:
    config = config_of(app)
    seeded = seed.seed(3)
    ballot = seed.open_ballot(seeded, config)
    picked = seed.choices(asking.offer(ballot), 1)[0]
    asked = questionnaires.find(seed.open_questionnaire(seeded).id)
    phone = phones.holding(app, seeded.codes[0], seeded.households[0])
    client = app.test_client()
    client.set_cookie(phones.COOKIE, phone.cookie)
    kind = "application/x-www-form-urlencoded"
    phone.reads_page(client.get(f"/v/{ballot.id}").get_data())
    sent = client.post(f"/v/{ballot.id}", data=phones.vote(phone, picked), content_type=kind)
    assert sent.headers["Location"].endswith("/receipt")
    phone.reads_page(client.get(f"/q/{asked.id}/all").get_data())
    form = phone.form(phones.answers(asked.questions))
    sent = client.post(f"/q/{asked.id}/all", data=form, content_type=kind)
    assert sent.headers["Location"].endswith("/thanks")


def test_a_sheet_of_the_bench_is_one_that_a_clerk_could_type() -> None:
    lots = random.Random(1)
    for number in range(20):
        _door, *typed = keying.typed("1-1-101", number, lots)
        for question, words in zip(keying.QUESTIONS, typed, strict=True):
            assert bool(read_keyed(question, words)) is (words not in {"", "0000"})


def test_a_prepared_cookie_is_the_apps_own(app: Flask) -> None:
    phone = phones.holding(app, "a-code", "a-household")
    with app.test_request_context(headers={"Cookie": phone.header}):
        assert session["code"] == "a-code"


def test_what_opens_and_ends_a_transaction_is_no_statement(app: Flask) -> None:
    with statements(db.engine) as found:
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
    assert len(found) == 1
