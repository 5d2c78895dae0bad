"""Owners' slips: printed once, renewed for one owner, only where the vote is held online."""

import pytest
from flask import Flask, current_app

from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import codes
from surveys.owners.models import OwnerCode
from surveys.web import config_of
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.owners import stage
from tests.owners.stage import AFTER_CLOSE, WHILE_OPEN, Stage
from tests.world import World, sign_in


@pytest.fixture
def online(world: World) -> Stage:
    """An opened vote that is held online too."""
    stage.allow_online(world)
    return stage.opened(world, stage.drafted(world, is_online=True))


@pytest.fixture
def clerk(browser: Browser, online: Stage, clock: Clock) -> Browser:
    clock.is_now(WHILE_OPEN)
    sign_in(browser, online.who("clerk"))
    return browser


def secret() -> bytes:
    return config_of(current_app).secret


def print_all(vote: Stage, *buildings: str) -> list[codes.Slip]:
    return codes.print_slips(
        vote.vote, buildings or None, secret=secret(), by=vote.who("clerk"), at=WHILE_OPEN
    )


def here(vote: Stage, page: str = "") -> str:
    return f"/desk/owners/{vote.vote.id}/slips{page}"


def test_every_owner_gets_one_slip_whose_code_opens_this_vote(online: Stage) -> None:
    slips = print_all(online)
    assert [slip.listed.owner.number for slip in slips] == list(range(1, 19))
    assert {codes.by_code(slip.to_type, secret()).vote_owner_id for slip in slips} == set(
        online.owners.values()
    )
    assert slips[0].to_type.count("-") == 3


def test_no_slip_is_printed_twice(online: Stage) -> None:
    first = print_all(online, "1")
    second = print_all(online)
    assert {slip.listed.owner.number for slip in first + second} == set(range(1, 19))
    assert len(first) + len(second) == 18
    with pytest.raises(Invalid):
        print_all(online)


def test_a_new_slip_voids_the_old_one(online: Stage) -> None:
    old = print_all(online)[2]
    new = codes.renew(
        online.vote, 3, "lost", secret=secret(), by=online.who("clerk"), at=WHILE_OPEN
    )
    assert new.code != old.code
    with pytest.raises(NotFound, match="换过了"):
        codes.by_code(old.code, secret())
    assert codes.by_code(new.code, secret()).vote_owner_id == online.owners[3]


def test_a_renewed_slip_of_which_the_first_was_never_printed_is_not_printed_again(
    online: Stage,
) -> None:
    codes.renew(online.vote, 3, "first", secret=secret(), by=online.who("clerk"), at=WHILE_OPEN)
    assert len(print_all(online)) == 17


@pytest.mark.parametrize(("number", "reason"), [(99, "lost"), (3, "  "), (3, "x" * 201)])
def test_a_slip_is_renewed_for_an_owner_with_a_reason_only(
    online: Stage, number: int, reason: str
) -> None:
    with pytest.raises(Invalid):
        codes.renew(
            online.vote, number, reason, secret=secret(), by=online.who("clerk"), at=WHILE_OPEN
        )
    assert db.session.query(OwnerCode).count() == 18


def test_a_vote_on_paper_has_no_slips(vote: Stage) -> None:
    with pytest.raises(Refused):
        print_all(vote)


def test_no_slip_is_printed_after_the_close(online: Stage) -> None:
    with pytest.raises(Refused):
        codes.print_slips(
            online.vote, None, secret=secret(), by=online.who("clerk"), at=AFTER_CLOSE
        )


def test_slips_of_a_building_are_printed_at_the_desk(online: Stage, clerk: Browser) -> None:
    form = clerk.see(here(online)).form(here(online))
    assert clerk.send(here(online), form).says("选中的楼里，业主条子都印过了")
    page = clerk.send(here(online), form | {"building": "2"})
    numbers = len(page.all(".slip"))
    assert 0 < numbers < 18
    assert page.all("img[src^='data:image/svg']")
    page = clerk.see(here(online))
    assert page.says(f"印了 {numbers} 张业主条子")
    page = clerk.send(here(online), form | {"all": "1"})
    assert len(page.all(".slip")) == 18 - numbers


def test_a_slip_is_renewed_at_the_desk(online: Stage, clerk: Browser) -> None:
    form = clerk.see(here(online)).form(here(online, "/one"))
    page = clerk.send(here(online, "/one"), form | {"number": "三", "reason": "丢了", "sure": "y"})
    assert page.status == 422
    assert page.says("请只填数字")
    assert page.one("#reason").get("value") == "丢了"
    page = clerk.send(here(online, "/one"), form | {"number": "99", "reason": "丢了", "sure": "y"})
    assert page.says("名册上没有第 99 号业主")
    page = clerk.send(here(online, "/one"), form | {"number": "2", "reason": "丢了", "sure": "y"})
    assert len(page.all(".slip")) == 1
    assert clerk.see(here(online)).says("给第 2 号业主换了条子，旧的作废：丢了")


def test_a_vote_on_paper_says_that_it_has_no_slips(
    vote: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    sign_in(browser, vote.who("clerk"))
    assert browser.see(here(vote)).says("这次只用纸票")


@pytest.mark.parametrize("who", ["observer", "supervisor", "stranger"])
def test_slips_are_printed_by_those_who_print(
    app: Flask, online: Stage, browser: Browser, who: str
) -> None:
    sign_in(browser, online.who(who))
    assert browser.get(here(online)).status_code == (404 if who == "stranger" else 403)
