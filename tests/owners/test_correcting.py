"""Corrections of a vote's register: two accounts, mistakes put right, what was sold only noted."""

import json

import pytest
from flask import Flask, current_app

from surveys.base.db import db
from surveys.counting.double_majority import Mark, Share
from surveys.courtyards.rules import Door
from surveys.errors import Forbidden, Invalid, Refused
from surveys.owners import chain, correcting, counted, parties, service
from surveys.owners.correcting import Claim, What
from surveys.owners.models import Correction, EntryState, OwnerEntry, OwnersVote
from surveys.owners.register_models import AreaSource
from surveys.web import config_of
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.owners.stage import AREA_DM2, WHILE_OPEN, Stage
from tests.world import sign_in

FIRST: Door = ("1", "1", "101")
"""of owner 1, who has five units"""
ONLY: Door = ("1", "1", "106")
"""of owner 2, co-owners of one unit"""


def ask(vote: Stage, door: Door, claim: Claim, reason: str = "the deed says so") -> Correction:
    return correcting.ask(vote.vote, door, claim, reason, by=vote.who("organizer"), at=WHILE_OPEN)


def confirm(vote: Stage, correction: Correction, by: str = "supervisor") -> None:
    secret = config_of(current_app).secret
    correcting.confirm(correction, secret=secret, by=vote.who(by), at=WHILE_OPEN)


def correct(vote: Stage, door: Door, claim: Claim) -> None:
    confirm(vote, ask(vote, door, claim))


def named(names: str) -> tuple[parties.Named, ...]:
    return parties.read_names(names)


def test_a_wrong_area_is_put_right_and_counts_from_then_on(vote: Stage) -> None:
    before = vote.vote.revision
    correct(vote, FIRST, Claim(What.AREA, AREA_DM2 + 100, AreaSource.SURVEY))
    assert counted.held(vote.vote).everyone == Share(18, 24 * AREA_DM2 + 100)
    assert vote.vote.area_dm2 == 24 * AREA_DM2 + 100
    assert vote.units(1)[0].source is AreaSource.SURVEY
    assert vote.vote.revision > before


def test_nothing_changes_before_another_account_has_confirmed(vote: Stage) -> None:
    asked = ask(vote, FIRST, Claim(What.AREA, 1, AreaSource.SURVEY))
    assert counted.held(vote.vote).everyone.area_dm2 == 24 * AREA_DM2
    with pytest.raises(Forbidden):
        confirm(vote, asked, by="organizer")
    assert correcting.waiting(vote.vote) == 1
    confirm(vote, asked)
    assert correcting.waiting(vote.vote) == 0
    with pytest.raises(Refused):
        confirm(vote, asked)


def test_a_unit_that_was_another_owners_moves_with_its_area(vote: Stage) -> None:
    correct(vote, FIRST, Claim(What.OWNER, number=5))
    assert (len(vote.units(1)), len(vote.units(5))) == (4, 2)
    assert counted.held(vote.vote).everyone == Share(18, 24 * AREA_DM2)


def test_an_owner_whose_only_unit_was_anothers_counts_no_more(vote: Stage) -> None:
    vote.sheet(2, Mark.FOR, Mark.FOR)
    correct(vote, ONLY, Claim(What.OWNER, number=5))
    assert counted.held(vote.vote).everyone.owners == 17
    assert vote.vote.owners == 17
    assert counted.held(vote.vote).returned == []
    (entry,) = db.session.scalars(db.select(OwnerEntry)).all()
    assert entry.state is EntryState.CONTESTED


def test_an_owner_who_was_not_on_the_register_gets_the_next_number(vote: Stage) -> None:
    correct(vote, ONLY, Claim(What.OWNER, named=named("赵四")))
    last = service.owners_of(vote.vote)[-1]
    assert (last.owner.number, last.names, len(last.units)) == (19, ["赵四"], 1)
    assert last.owner.owner_id is None


def test_an_owner_that_still_holds_units_keeps_its_sheet(vote: Stage) -> None:
    vote.sheet(1, Mark.FOR, Mark.FOR)
    correct(vote, FIRST, Claim(What.OWNER, number=5))
    found = counted.held(vote.vote).returned
    assert [one.area_dm2 for one in found] == [4 * AREA_DM2]


def test_a_name_written_wrong_is_written_right_for_all_units(vote: Stage) -> None:
    vote.sheet(1, Mark.FOR, Mark.FOR)
    correct(vote, FIRST, Claim(What.NAMES, named=named("Owner 1、Wife of 1"), voter="Owner 1"))
    assert service.owner_of(vote.vote, vote.owners[1]).names == ["Owner 1", "Wife of 1"]
    assert len(counted.held(vote.vote).returned) == 1


def test_a_sheet_signed_by_nobody_of_the_corrected_names_stands_in_doubt(vote: Stage) -> None:
    vote.sheet(1, Mark.FOR, Mark.FOR)
    correct(vote, FIRST, Claim(What.NAMES, named=named("赵四")))
    assert counted.held(vote.vote).returned == []


def test_what_was_sold_is_noted_and_changes_no_count(vote: Stage) -> None:
    vote.sheet(2, Mark.FOR, Mark.AGAINST)
    before = counted.held(vote.vote)
    correct(vote, ONLY, Claim(What.SOLD, named=named("赵四、钱五")))
    assert counted.held(vote.vote) == before
    (shown,) = correcting.corrections_of(vote.vote)
    assert shown.after["names"] == ["赵四", "钱五"]
    assert shown.before["names"] == ["Owner 2", "Wife of 2"]
    assert chain.of_kind(vote.vote, "correct") == []
    assert len(chain.of_kind(vote.vote, "sold")) == 1


def test_the_chain_tells_of_it_without_a_name_and_stays_whole(vote: Stage) -> None:
    correct(vote, ONLY, Claim(What.OWNER, named=named("赵四")))
    (told,) = chain.of_kind(vote.vote, "correct")
    assert told["unit"] == list(ONLY)
    assert (told["owners"], told["area_dm2"]) == (18, 24 * AREA_DM2)
    assert "赵四" not in json.dumps(told, ensure_ascii=False)
    assert chain.verify(vote.vote) is None


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (Claim(What.AREA, AREA_DM2, AreaSource.REGISTER), "没有要更正的"),
        (Claim(What.OWNER, number=1), "没有要更正的"),
        (Claim(What.OWNER, number=99), "没有第 99 号业主"),
        (Claim(What.OWNER, named=(parties.Named("甲"), parties.Named("乙"))), "推谁代表"),
    ],
)
def test_a_claim_that_cannot_be_is_told(vote: Stage, claim: Claim, says: str) -> None:
    with pytest.raises(Invalid) as fault:
        ask(vote, FIRST, claim)
    assert says in str(fault.value)


def test_a_door_that_is_not_on_the_register_is_told(vote: Stage) -> None:
    with pytest.raises(Invalid, match="9-9-999"):
        ask(vote, ("9", "9", "999"), Claim(What.AREA, 1, AreaSource.SURVEY))
    with pytest.raises(Invalid, match="为什么"):
        ask(vote, FIRST, Claim(What.AREA, 1, AreaSource.SURVEY), reason=" ")


def test_a_unit_waits_for_one_correction_at_a_time(vote: Stage) -> None:
    first = ask(vote, FIRST, Claim(What.AREA, 1, AreaSource.SURVEY))
    with pytest.raises(Refused):
        ask(vote, FIRST, Claim(What.OWNER, number=5))
    correcting.drop(first, by=vote.who("supervisor"), at=WHILE_OPEN)
    ask(vote, FIRST, Claim(What.OWNER, number=5))


def test_a_correction_of_what_was_corrected_since_is_refused(vote: Stage) -> None:
    second: Door = ("1", "1", "102")
    stale = ask(vote, FIRST, Claim(What.NAMES, named=named("赵四")))
    correct(vote, second, Claim(What.NAMES, named=named("钱五")))
    with pytest.raises(Refused, match="后来又变过"):
        confirm(vote, stale)


def test_the_register_is_fixed_once_the_numbers_are_signed_for(vote: Stage) -> None:
    waits = ask(vote, FIRST, Claim(What.AREA, 1, AreaSource.SURVEY))
    held = db.session.get_one(OwnersVote, vote.vote.id)
    held.signed_at, held.signed_by = WHILE_OPEN, vote.who("supervisor")
    db.session.commit()
    with pytest.raises(Refused):
        confirm(vote, waits)
    with pytest.raises(Refused):
        ask(vote, ONLY, Claim(What.AREA, 1, AreaSource.SURVEY))


# at the desk


def here(vote: Stage) -> str:
    return f"/desk/owners/{vote.vote.id}/register/corrections"


def test_a_correction_goes_from_one_desk_to_another(app: Flask, vote: Stage, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    organizer, supervisor = app.test_client(), app.test_client()
    assert isinstance(organizer, Browser)
    assert isinstance(supervisor, Browser)
    sign_in(organizer, vote.who("organizer"))
    sign_in(supervisor, vote.who("supervisor"))
    page = organizer.see(f"{here(vote)}?door=1-101")
    assert page.says("第 1 号业主 Owner 1，88.00 ㎡")
    assert len(page.all("form[action$='/corrections'] input[name=what]")) == 4
    form = page.form(here(vote))
    typed = form | {"area-area": "0", "area-reason": "产权证"}
    refused = organizer.send(here(vote), typed)
    assert refused.status == 422
    assert refused.says("面积要大于 0")
    assert refused.one("#area-reason").get("value") == "产权证"
    page = organizer.send(here(vote), typed | {"area-area": "88.67"})
    assert page.says("等另一个人核对")
    assert not page.all("form[action$='/confirm']")
    page = supervisor.see(here(vote))
    action = page.one("form[action$='/confirm']").get("action")
    page = supervisor.send(action, page.form(action))
    assert page.says("核对了")
    assert vote.units(1)[0].area_dm2 == 8867
    again = supervisor.send(action, {"csrf_token": page.form()["csrf_token"]})
    assert again.says("已经有人处理过了")


@pytest.mark.parametrize(
    ("what", "typed", "says"),
    [
        ("names", {"names": ""}, "请填产权人"),
        ("owner", {"number": "五"}, "请只填数字"),
        ("owner", {"number": "", "names": ""}, "没写产权人"),
        ("sold", {"names": "赵四", "reason": ""}, "请写为什么要更正"),
        ("nonsense", {}, "更正表决名册"),
    ],
)
def test_what_cannot_be_read_comes_back_into_its_form(
    vote: Stage, browser: Browser, clock: Clock, what: str, typed: dict[str, str], says: str
) -> None:
    clock.is_now(WHILE_OPEN)
    sign_in(browser, vote.who("organizer"))
    form = browser.see(f"{here(vote)}?door=1-101").form(here(vote))
    sent = {f"{what}-{name}": value for name, value in ({"reason": "why"} | typed).items()}
    page = browser.send(here(vote), form | sent | {"what": what})
    assert page.status == 422
    assert page.says(says)


def test_a_door_typed_wrong_is_told(vote: Stage, browser: Browser, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    sign_in(browser, vote.who("organizer"))
    assert browser.see(f"{here(vote)}?door=9-999").says("名册里没有“9-999”")
    assert browser.see(f"{here(vote)}?door=%3Cb%3E").status == 422


def test_the_page_of_a_vote_leads_to_its_corrections(
    vote: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    sign_in(browser, vote.who("supervisor"))
    home = f"/desk/owners/{vote.vote.id}"
    assert browser.see(home).all(f"a[href='{here(vote)}']")
    assert not browser.see(home).says("名册更正等人核对")
    ask(vote, FIRST, Claim(What.OWNER, number=5))
    assert browser.see(home).says("有 1 处名册更正等人核对")
