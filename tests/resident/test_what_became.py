"""What became of what one has said: by its code, of one's household, from the questionnaire on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Courtyard, Household
from surveys.needs import retention, service, support
from surveys.needs.keeping import Fix
from surveys.needs.models import Lane, Need, Suggestion
from surveys.questionnaires import answering
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Answer, Questionnaire
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.needs.phones import hold_slip
from tests.world import AT, World

Say = Callable[..., Suggestion]
Answers = Callable[..., str]
SECRET = b"a secret of the tests, 32 bytes!"


@pytest.fixture
def clerk(world: World) -> str:
    """Who sorts."""
    return world.accounts["clerk"]


@pytest.fixture
def round_(world: World) -> Round:
    """The round of the world."""
    return db.session.get_one(Round, world.round)


@pytest.fixture
def say(world: World, round_: Round, clerk: str) -> Say:
    """The household of a number says something."""

    def said(text: str, household: int | None = 0) -> Suggestion:
        home = None if household is None else world.households[household]
        return service.add_suggestion(
            round_, text, household_id=home, channel="phone", by=clerk, at=AT
        )

    return said


@pytest.fixture
def need(round_: Round, clerk: str) -> Callable[..., Need]:
    """A need of this title in this lane."""

    def made(title: str, lane: Lane = Lane.OPEN, note: str = "") -> Need:
        found = service.new_need(round_, title, by=clerk, at=AT)
        found.lane, found.lane_note = lane, note
        db.session.commit()
        return found

    return made


Named = Callable[..., Need]


@pytest.fixture
def questionnaire(world: World) -> Questionnaire:
    """An open one whose first question takes suggestions."""
    courtyard, by = db.session.get_one(Courtyard, world.courtyard), world.accounts["organizer"]
    made = questionnaires.create(courtyard, "needs", by=by, at=AT)
    questionnaires.open_now(made, by=by, at=AT)
    return made


@pytest.fixture
def answer(world: World, questionnaire: Questionnaire) -> Answers:
    """The household of a number answers the open question; the id of its answer."""
    asked = questionnaires.find(questionnaire.id)

    def send(text: str, household: int = 0, at: datetime = AT) -> str:
        sender = answering.Sender("0" * 64, world.households[household])
        given = {"q1": (text,)} | {
            question.key: (question.choices[0].key,)
            for question in asked.questions
            if question.required and question.choices
        }
        response = answering.send(asked, sender, given, f"{text}{at}", at=at, secret=SECRET)
        mine = db.select(Answer.id).where(Answer.response_id == response.id)
        return str(db.session.scalars(mine.where(Answer.question == "q1")).one())

    return send


def test_its_code_shows_the_text_and_that_it_waits(browser: Browser, say: Say) -> None:
    kept = say("楼道灯坏了，我家 3 号楼 502")
    page = browser.see(f"/s/{kept.id}")
    assert page.says("楼道灯坏了，我家 3 号楼 502"), "its maker reads every word of it"
    assert page.says("收到了，还没整理")
    assert page.says("第1条，11月20日说的")
    assert not page.says("1 号楼 1 单元"), "never a door"
    assert page.one("meta[name=robots]").get("content") == "noindex"
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("lane", "note", "says"),
    [
        (Lane.OPEN, "", "还没定怎么办"),
        (Lane.MENU, "", "采纳了"),
        (Lane.OWNERS_VOTE, "动维修基金，要业主投票", "动维修基金"),
        (Lane.UPWARD, "转给供电所", "转给供电所"),
        (Lane.DECLINED, "图纸上没有地方", "图纸上没有地方"),
    ],
)
def test_it_follows_its_need_wherever_that_goes(
    browser: Browser, say: Say, need: Named, clerk: str, lane: Lane, note: str, says: str
) -> None:
    kept, light = say("楼道灯坏了"), need("楼道照明", lane, note)
    service.place(kept, [light.id], by=clerk, at=AT)
    page = browser.see(f"/s/{kept.id}")
    assert page.says("归到“楼道照明”")
    assert page.says("一共1户说过")
    assert page.says(says)
    assert page.all(f"a[href='/need/{light.id}']")


def test_what_was_done_at_once_says_when_and_how(
    browser: Browser, say: Say, need: Named, clerk: str
) -> None:
    kept, light = say("楼道灯坏了"), need("楼道照明")
    service.place(kept, [light.id], by=clerk, at=AT)
    service.quick_fix(light, Fix(AT.date(), "当天换好灯泡"), by=clerk, at=AT)
    page = browser.see(f"/s/{kept.id}")
    assert page.says("已经解决")
    assert page.says("11月20日：当天换好灯泡")


def test_one_sentence_about_two_things_is_partly_adopted(
    browser: Browser, say: Say, need: Named, clerk: str
) -> None:
    kept = say("灯坏了，再装个电梯")
    needs = [need("楼道照明", Lane.MENU), need("加装电梯", Lane.DECLINED, "地基不行")]
    service.place(kept, [n.id for n in needs], by=clerk, at=AT)
    page = browser.see(f"/s/{kept.id}")
    assert page.says("采纳了一部分")
    assert page.says("地基不行")
    assert len(page.all("h2[id^=n-]")) == 2


def test_a_merged_need_is_told_as_what_it_became(
    browser: Browser, say: Say, need: Named, clerk: str
) -> None:
    kept, dark, light = say("黑"), need("楼道太黑"), need("楼道照明", Lane.MENU)
    service.place(kept, [dark.id], by=clerk, at=AT)
    service.merge(light, {dark.id}, by=clerk, at=AT)
    page = browser.see(f"/s/{kept.id}")
    assert page.says("归到“楼道照明”")
    assert page.says("采纳了")


def test_without_a_wish_in_it_it_says_so(browser: Browser, say: Say, clerk: str) -> None:
    kept = say("没意见，辛苦了")
    service.set_aside(kept, by=clerk, at=AT)
    assert browser.see(f"/s/{kept.id}").says("看过了，没有要办的事")


def test_what_is_withheld_says_why_to_its_maker(browser: Browser, say: Say) -> None:
    kept = say("物业那个人是个混账东西")
    kept.withheld_at, kept.withheld_reason = AT, "骂人的话"
    db.session.commit()
    page = browser.see(f"/s/{kept.id}")
    assert page.says("混账")
    assert page.says("不给别人看。原因：骂人的话")


def test_the_code_may_be_typed_in_many_ways(browser: Browser, say: Say) -> None:
    kept = say("灯坏了").id
    typed = [kept.upper(), f" {kept[:4]} {kept[4:8]}-{kept[8:]} ", kept.replace("o", "0")]
    typed.append("".join(chr(ord(c) + 0xFEE0) for c in kept))
    for one in typed:
        page = browser.see("/s", query_string={"code": one})
        assert page.response.request.path == f"/s/{kept}", one
    assert browser.get(f"/S/{kept.upper()}").location == f"/s/{kept}"


@pytest.mark.parametrize("typed", ["", "x", "a" * 13, "啊", "%00", "' OR 1=1 --", "9" * 400])
def test_a_strange_code_is_told_politely_and_kept(
    browser: Browser, world: World, typed: str
) -> None:
    answer = browser.get("/s", query_string={"code": typed})
    assert answer.status_code in {200, 404, 422}
    assert browser.see(f"/s/{typed.strip() or 'x'}").status == 404


def test_a_text_of_the_questionnaire_is_followed_from_the_first_minute(
    browser: Browser, questionnaire: Questionnaire, answer: Answers, need: Named, clerk: str
) -> None:
    code = answer("下水道堵了")
    page = browser.see(f"/s/{code}")
    assert page.says("收到了，还没整理")
    assert page.says("11月20日写在问卷里的")
    service.take_in(questionnaire, at=AT)
    kept = db.session.scalars(db.select(Suggestion)).one()
    service.place(kept, [need("下水", Lane.MENU).id], by=clerk, at=AT)
    page = browser.see(f"/s/{code}")
    assert page.says("第1条")
    assert page.says("归到“下水”")


def test_a_replaced_answer_leads_to_the_newer_one(
    browser: Browser, questionnaire: Questionnaire, answer: Answers
) -> None:
    first = answer("下水道堵了")
    service.take_in(questionnaire, at=AT)
    second = answer("是楼道灯坏了", at=AT + timedelta(hours=1))
    page = browser.see(f"/s/{first}")
    service.take_in(questionnaire, at=AT)
    page = browser.see(f"/s/{first}")
    assert page.says("您家后来改了说法")
    assert browser.see(page.one(".button.main").get("href")).says("是楼道灯坏了")
    assert browser.see(f"/s/{second}").says("收到了，还没整理")


def test_the_same_words_again_are_found_under_both_codes(
    browser: Browser, questionnaire: Questionnaire, answer: Answers
) -> None:
    first = answer("下水道堵了")
    service.take_in(questionnaire, at=AT)
    second = answer("下水道堵了", at=AT + timedelta(hours=1))
    service.take_in(questionnaire, at=AT)
    page = browser.see(f"/s/{first}")
    assert page.one(".button.main").get("href") == f"/s/{second}"
    assert browser.see(f"/s/{second}").says("第1条")


def test_after_the_promised_day_the_answers_code_is_gone_and_the_wish_stays(
    browser: Browser, questionnaire: Questionnaire, answer: Answers
) -> None:
    code = answer("下水道堵了")
    service.take_in(questionnaire, at=AT)
    kept = db.session.scalars(db.select(Suggestion.id)).one()
    retention.forget(questionnaire.id, AT)
    page = browser.see(f"/s/{code}")
    assert page.status == 404
    assert page.says("到了说好的日子，答卷也会删掉")
    assert browser.see(f"/s/{kept}").says("下水道堵了")


def test_the_thanks_and_the_copy_lead_to_each_text(browser: Browser, world: World) -> None:
    courtyard, by = db.session.get_one(Courtyard, world.courtyard), world.accounts["organizer"]
    made = questionnaires.create(courtyard, "needs", by=by, at=AT)
    questionnaires.open_now(made, by=by, at=AT)
    asked = questionnaires.find(made.id)
    address = f"/q/{made.id}/all"
    given = {f"a-{q.key}": q.choices[0].key for q in asked.questions if q.required and q.choices}
    open_one = next(q.key for q in asked.questions if q.takes_suggestions)
    page = browser.send(
        address, browser.see(address).form(address) | given | {f"a-{open_one}": "下水道堵了"}
    )
    link = page.one("a[href^='/s/']")
    assert "下水道堵了" in link.text_content()
    copy = browser.see(page.one("a[href^='/a/']").get("href"))
    assert copy.one("a[href^='/s/']").get("href") == link.get("href")
    assert browser.see(link.get("href")).says("收到了，还没整理")


def test_a_household_finds_everything_it_has_said(
    app: Flask, browser: Browser, world: World, say: Say, need: Named, clerk: str
) -> None:
    kept, light, drain = say("楼道灯坏了"), need("楼道照明", Lane.MENU), need("下水")
    say("另一家说的", 1)
    service.place(kept, [light.id], by=clerk, at=AT)
    page = browser.see(f"/mine/{world.code}")
    assert page.says("这部手机还没认门")
    assert not page.says("楼道灯坏了")
    hold_slip(app, browser, world, 0)
    support.support(drain, db.session.get_one(Household, world.households[0]), at=AT)
    page = browser.see(f"/mine/{world.code.lower()}")
    assert [a.get("href") for a in page.all(".rows a[href^='/s/']")] == [f"/s/{kept.id}"]
    assert page.says("采纳了")
    assert page.says("点了“我家也是”的")
    assert page.says("下水")
    assert not page.says("另一家")
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_next_family_goes_back_to_nothing_of_the_one_before(
    app: Flask, browser: Browser, world: World, say: Say, need: Named
) -> None:
    kept, light = say("楼道灯坏了"), need("楼道照明")
    hold_slip(app, browser, world, 0)
    for path in (
        f"/needs/{world.code}",
        f"/NEEDS/{world.code}",
        f"/need/{light.id}",
        f"/MINE/{world.code}",
        f"/say/{world.code}/{kept.id}",
    ):
        assert browser.see(path).response.headers["Cache-Control"] == "no-store", path
    form = browser.see(f"/say/{world.code}").response
    assert form.headers["Cache-Control"] == "no-cache", "going back keeps what was typed"


def test_whoever_is_thanked_is_told_to_keep_the_address(
    browser: Browser, world: World, say: Say
) -> None:
    page = browser.see(f"/say/{world.code}/{say('楼道灯坏了').id}")
    assert page.says("谁拿到它，谁就看得到这句话")
    assert page.one("meta[name=robots]").get("content") == "noindex"


def test_much_that_was_said_is_leafed_through(
    app: Flask, browser: Browser, world: World, say: Say
) -> None:
    for n in range(32):
        say(f"第 {n} 句")
    hold_slip(app, browser, world, 0)
    page = browser.see(f"/mine/{world.code}?page=2")
    assert len(page.all(".rows a[href^='/s/']")) == 2
    assert page.says("第2页，共2页")


def test_the_thanks_give_the_code_and_the_courtyards_page_the_way(
    browser: Browser, world: World
) -> None:
    here = f"/say/{world.code}"
    page = browser.send(here, browser.see(here).form(here) | {"text": "树底下放几把椅子"})
    kept = db.session.scalars(db.select(Suggestion)).one()
    assert page.one("a[href^='/s/']").get("href") == f"/s/{kept.id}"
    assert page.says(kept.id.upper()), "to be copied by hand"
    assert browser.see(f"/c/{world.code}").all(f"a[href='/mine/{world.code}']")
