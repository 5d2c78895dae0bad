"""What a resident types on the courtyard's page: what is like it, what is kept once, bad input."""

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Refused, TooOften
from surveys.needs import ledger, saying, service
from surveys.needs.keeping import Fix
from surveys.needs.models import Need, Placement, Suggestion, Support
from surveys.needs.proposals.alike import Known, alike
from surveys.needs.proposals.vocabulary import shipped
from surveys.rounds.models import Round
from tests.manners import Browser, Page
from tests.needs.conftest import Say
from tests.needs.phones import hold_slip
from tests.world import AT, World

KNOWN = [
    Known("lamp", "楼道照明", "stair-light", ["三楼的灯半年没亮"]),
    Known("lamp2", "楼道声控灯太灵", "stair-light"),
    Known("drain", "雨污分流与下水", "drain", ["一下雨就往上冒水"]),
    Known("chess", "树下棋桌", None, ["老槐树底下想放张棋桌", "下棋的没地方坐"]),
]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("楼道灯坏了，晚上摸黑", "lamp"),
        ("樓道燈壞了，晚上摸黑", "lamp"),
        ("下水道又堵了", "drain"),
        ("想在老槐树底下放张棋桌", "chess"),
    ],
)
def test_what_is_like_it_comes_first(text: str, first: str) -> None:
    assert alike(text, KNOWN, shipped())[0] == first


@pytest.mark.parametrize("text", ["谢谢你们", "装个电梯吧", "。", "１２３", "低价贷款加微信"])
def test_what_is_like_nothing_finds_nothing(text: str) -> None:
    assert alike(text, KNOWN, shipped()) == []


def test_at_most_three_are_offered_and_a_long_text_is_no_trouble() -> None:
    many = [Known(f"{n}", f"楼道照明 {n}", "stair-light") for n in range(50)]
    assert len(alike("楼道灯坏了" * 100, many, shipped())) == 3


# --- the act -------------------------------------------------------------------------------------


@pytest.fixture
def light(round_: Round, clerk: str) -> Need:
    """A need that people may be writing about again."""
    return service.new_need(round_, "楼道照明", "stair-light", by=clerk, at=AT)


def home(world: World, n: int) -> Household:
    return db.session.get_one(Household, world.households[n])


def said(courtyard: Courtyard, text: str, **more: object) -> tuple[Suggestion, bool]:
    asked = {"household": None, "device": "d", "at": AT} | more
    return saying.say(courtyard, text, **asked)  # type: ignore[arg-type]


def count(model: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_one_phone_may_say_much_but_not_without_end(courtyard: Courtyard) -> None:
    for n in range(10):
        said(courtyard, f"第 {n} 句")
    assert said(courtyard, "第 9 句")[1] is False, "said again it is no more than once"
    with pytest.raises(TooOften, match="都记下了"):
        said(courtyard, "第 10 句")
    said(courtyard, "第 10 句", at=AT + timedelta(minutes=16))
    assert count(Suggestion) == 11


def test_five_hundred_repeats_are_one_suggestion(courtyard: Courtyard) -> None:
    first, _new = said(courtyard, "灯坏了")
    assert {said(courtyard, " 灯坏了 ")[0].id for _ in range(50)} == {first.id}
    assert count(Suggestion) == 1


def test_a_household_says_the_same_from_two_phones_once(courtyard: Courtyard, world: World) -> None:
    for n, device in enumerate(("d1", "d2", "d3")):
        _kept, is_new = said(courtyard, "灯坏了", household=home(world, 0), device=device)
        assert is_new is (n == 0)
    said(courtyard, "灯坏了", household=home(world, 1), device="d4")
    said(courtyard, "灯坏了", device="d5")
    assert count(Suggestion) == 3, "another household's same words are its own"


def test_two_phones_of_a_household_at_once_make_one(app: Flask, world: World) -> None:
    start, faults = Barrier(4), list[BaseException]()
    db.session.remove()

    def tap(n: int) -> None:
        with app.app_context():
            courtyard = db.session.get_one(Courtyard, world.courtyard)
            house = home(world, 0)
            db.session.rollback()
            start.wait()
            try:
                said(courtyard, "灯坏了", household=house, device=f"phone {n}")
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=Context().run, args=(tap, n)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert count(Suggestion) == 1


def test_what_its_writer_put_to_a_need_is_sorted_and_counts_once(
    courtyard: Courtyard, world: World, light: Need
) -> None:
    for _ in range(2):
        said(courtyard, "灯坏了", household=home(world, 0), need_id=light.id)
    said(courtyard, "黑", need_id=light.id)
    behind = ledger.row_of(light).behind
    assert (behind.households, behind.suggestions, behind.anonymous) == (1, 2, 1)
    assert count(Support) == 1
    assert count(Placement) == 2


def test_what_staff_sorted_otherwise_stays_where_it_is(
    courtyard: Courtyard, world: World, light: Need, round_: Round, clerk: str
) -> None:
    kept, _new = said(courtyard, "灯坏了", household=home(world, 0))
    other = service.place_new(kept, "院里的路灯", "yard-light", by=clerk, at=AT)
    said(courtyard, "灯坏了", household=home(world, 0), need_id=light.id)
    assert [n.id for n in ledger.needs_of([kept.id])[kept.id]] == [other.id]
    assert ledger.row_of(light).behind.households == 1, "it said 我家也是 all the same"


def test_a_need_that_was_met_takes_nothing_and_nothing_is_left_behind(
    courtyard: Courtyard, light: Need, clerk: str
) -> None:
    service.quick_fix(light, Fix(AT.date(), "换了灯泡"), by=clerk, at=AT)
    with pytest.raises(Refused, match="已经办好了"):
        said(courtyard, "灯坏了", need_id=light.id)
    db.session.rollback()
    assert count(Suggestion) == 0
    assert saying.similar(db.session.get_one(Round, light.round_id), "楼道灯坏了") == []


# --- pages ---------------------------------------------------------------------------------------


def typed(browser: Browser, world: World, text: str, **more: str) -> Page:
    here = f"/say/{world.code}"
    return browser.send(here, {**browser.see(here).form(here), "text": text, **more})


def test_before_sending_one_sees_what_others_said_alike(
    browser: Browser, world: World, light: Need
) -> None:
    page = typed(browser, world, "楼道灯坏了，晚上摸黑")
    assert page.status == 200
    assert page.says("有人说过差不多的")
    assert page.one("#typed-text").text_content().strip().endswith("楼道灯坏了，晚上摸黑")
    assert page.says("楼道照明")
    assert count(Suggestion) == 0, "nothing is sent yet"
    here = f"/say/{world.code}"
    done = browser.send(here, page.form(here) | {"go": "keep"})
    assert done.says("第1条")
    assert browser.send(here, page.form(here) | {"go": "keep"}).says("没有再记一遍")
    assert count(Placement) == 0, "staff sort it"


def test_our_home_too_keeps_the_words_and_counts_the_household(
    app: Flask, browser: Browser, world: World, light: Need
) -> None:
    hold_slip(app, browser, world, 0)
    page = typed(browser, world, "楼道灯坏了，晚上摸黑")
    button = page.one("button[name=need]")
    assert button.text_content() == "我家也是"
    here = f"/say/{world.code}"
    done = browser.send(here, page.form(here) | {"need": button.get("value")})
    assert done.says("归到“楼道照明”里了，您家算在里面了")
    assert ledger.row_of(light).behind.households == 1


def test_a_phone_without_a_slip_puts_its_sentence_there_and_is_told_how_to_count(
    browser: Browser, world: World, light: Need
) -> None:
    page = typed(browser, world, "楼道灯坏了，晚上摸黑")
    assert page.one("button[name=need]").text_content() == "我说的就是这一件"
    here = f"/say/{world.code}"
    done = browser.send(here, page.form(here) | {"need": light.id})
    assert done.says("只算一句话，不算一户")
    assert done.all(f"a[href='/c/{world.code}/door']")
    assert ledger.row_of(light).behind.anonymous == 1


def test_going_back_and_larger_letters_keep_what_was_typed(
    browser: Browser, world: World, light: Need
) -> None:
    page = typed(browser, world, "楼道灯坏了，晚上摸黑")
    here = f"/say/{world.code}"
    again = browser.send(here, page.form(here) | {"go": "here"})
    assert again.one("textarea").text.strip() == "楼道灯坏了，晚上摸黑"
    same = browser.send(here, page.form(here) | {"go": "look"})
    assert same.says("有人说过差不多的")
    assert count(Suggestion) == 0


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        ("", 422, "还没有写"),
        ("  \u3000\n", 422, "还没有写"),
        ("堵" * 10_000, 422, "写了10000个字"),
        ("堵", 200, "第1条"),
        ("３号楼１单元漏水", 200, "第1条"),
        ("樓道沒有燈", 200, "第1条"),
        ("低价贷款加微信 13812345678", 200, "第1条"),
        ("<script>alert(1)</script>", 200, "第1条"),
        ("' OR 1=1; --", 200, "第1条"),
        ("🙏🙏🙏", 200, "第1条"),
    ],
)
def test_whatever_is_typed_gets_an_answer(
    browser: Browser, world: World, text: str, status: int, says: str
) -> None:
    page = typed(browser, world, text)
    assert page.status == status
    assert page.says(says)
    if status == 422:
        assert page.one("textarea").text.strip() == text.strip()
    else:
        assert db.session.scalars(db.select(Suggestion.text)).one() == text


def test_a_need_of_nowhere_is_told_and_the_words_stay(browser: Browser, world: World) -> None:
    page = typed(browser, world, "灯坏了", need="nosuchneed")
    assert page.status == 404
    assert page.one("textarea").text.strip() == "灯坏了"


def test_without_a_round_one_is_told_whom_to_call(
    browser: Browser, world: World, round_: Round
) -> None:
    round_.ended_at = AT
    db.session.commit()
    page = typed(browser, world, "灯坏了")
    assert page.status == 422
    assert page.says("请打社区电话")


Maker = Callable[..., Need]


def test_similar_ones_are_found_by_what_others_said(
    courtyard: Courtyard, round_: Round, say: Say, need: Maker, clerk: str
) -> None:
    chess = need("大树底下")
    service.place(say("老槐树底下想放张棋桌", 1), [chess.id], by=clerk, at=AT)
    found = saying.similar(round_, "在老槐树底下放张棋桌吧")
    assert [row.need.id for row in found] == [chess.id]
