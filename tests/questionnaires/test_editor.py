"""The desk's editor as a page: cards, acts, faults beside their fields, versions; with and without
htmx."""

from typing import Any

import pytest

from surveys.base import clock
from surveys.base.db import db
from surveys.questionnaires import kinds, service, versions
from surveys.questionnaires.rules import Question
from tests.manners import Browser, Page
from tests.questionnaires.asking import made, opened_now, sent_by_phones
from tests.world import World, sign_in

PART = {"HX-Request": "true"}


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


class Editor:
    """The editor of one questionnaire, in somebody's hands."""

    def __init__(self, desk: Browser, questionnaire_id: str, *, htmx: bool = False) -> None:
        self.desk, self.id = desk, questionnaire_id
        self.here = f"/desk/questionnaire/{questionnaire_id}/edit"
        self.headers = PART if htmx else {}
        self.page = desk.see(self.here)

    def press(self, act: str, *, to: str = "", **typed: Any) -> Page:
        """Type, press a button, and see what comes."""
        form = {**self.page.form(self.here), "act": act, **typed}
        action = f"{self.here.removesuffix('edit')}{to or 'edit'}"
        self.page = self.desk.send(action, form, headers=self.headers)
        return self.page

    def card(self) -> dict[str, Any]:
        """What stands in the fields."""
        return dict(self.page.form(self.here))


def worked_on(questionnaire_id: str) -> list[Question]:
    """The questions as the desk works on them, without those that were taken away."""
    db.session.expire_all()
    asked = versions.working(service.find(questionnaire_id))
    return [question for question in asked.every_question if not question.off]


def titles(questionnaire_id: str) -> list[str]:
    """What the questions ask."""
    return [question.title for question in worked_on(questionnaire_id)]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_question_of_every_kind_is_added_from_an_empty_one(
    world: World, desk: Browser, htmx: bool
) -> None:
    q = made(world, "blank").id
    editor = Editor(desk, q, htmx=htmx)
    for kind in kinds.KINDS:
        editor.press(f"add:{kind}:")
        typed = {"title": f"这是{kinds.KINDS[kind].name}"}
        card = editor.card()
        if "choices-more" in card:
            typed["choices-more"] = "甲\n乙\n\n  丙 "
        if "rows-more" in card:
            typed["rows-more"] = "楼道\n院门"
        assert editor.press("save", **typed).says("存好了"), kind
        assert editor.page.status == 200
        editor.press("open:")
    found = worked_on(q)
    assert [question.type for question in found] == list(kinds.KINDS)
    assert [question.key for question in found] == [f"q{n}" for n in range(1, 16)]
    assert [choice.name for choice in found[0].choices] == ["甲", "乙", "丙"]
    assert len(found[4].choices) == 5
    assert ("<!doctype" in editor.page.source) is not htmx


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q3")
    page = editor.press(
        "open:q5", title="", help="别丢😀", most="三", **{"choice-a": " ", "choices-more": "新的"}
    )
    assert page.status == 422
    assert page.says("第3题还存不了")
    said = {fault.get("id") for fault in page.all(".fault[id]")}
    assert said == {"title-fault", "most-fault", "choice-a-fault"}
    kept = editor.card()
    assert (kept["place"], kept["help"], kept["most"]) == ("q3", "别丢😀", "三")
    assert kept["choices-more"] == "新的"
    assert worked_on(q)[2].help != "别丢😀"
    editor.press("open:q5", title="先办哪几件？", most="3", **{"choice-a": "修房顶"})
    assert editor.card()["place"] == "q5"
    assert worked_on(q)[2].choices[-1].name == "新的"


def test_choices_come_go_move_and_come_back(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q2")
    editor.press("choice-down:a", **{"choice-b": "下水道总堵"})
    editor.press("choice-remove:c", title="哪几样烦心？")
    one = worked_on(q)[1]
    assert [c.key for c in one.choices if not c.off][:3] == ["b", "a", "d"]
    assert one.choices[0].name == "下水道总堵"
    assert one.title == "哪几样烦心？"
    editor.press("save", **{"choices-more": "没地方晾衣服\n其他"})
    editor.press("save", **{"marks-choice-n": "writes"})
    assert editor.page.says("楼道灯不亮")
    editor.press("choice-restore:c")
    choices = {c.key: c for c in worked_on(q)[1].choices}
    assert (choices["m"].name, choices["n"].writes) == ("没地方晾衣服", True)
    assert choices["l"].alone
    assert not choices["c"].off


def test_what_is_taken_away_comes_back_with_one_press(world: World, desk: Browser) -> None:
    q = made(world).id
    before = titles(q)
    editor = Editor(desk, q)
    editor.press("open:q2")
    page = editor.press("remove", title="改了一半")
    assert page.says("去掉了“改了一半”")
    assert "改了一半" not in titles(q)
    editor.press("restore:q2")
    assert titles(q) == [before[0], "改了一半", *before[2:]]
    editor.press("remove")
    editor.press("purge")
    assert [question.key for question in service.find(q).every_question][:2] == ["q1", "q3"]


def test_questions_are_copied_and_moved(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q2")
    editor.press("copy", title="问两遍")
    assert editor.card()["place"] not in {"q2", ""}
    assert titles(q)[1:3] == ["问两遍", "问两遍"]
    editor.press("up")
    editor.press("up", title="第二遍")
    assert titles(q)[0] == "第二遍"


def test_moving_to_a_number_makes_it_that_number(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q2")
    form = {**editor.card(), "act": "to", "to": "5"}
    desk.send(editor.here, form)
    assert [question.key for question in worked_on(q)][4] == "q2"
    page = desk.send(
        editor.here,
        {**desk.see(f"{editor.here}?open=q2").form(editor.here), "act": "to", "to": "前面"},
    )
    assert page.status == 422
    assert page.says("请填数字")


def test_a_condition_is_typed_in_words_and_seen_in_the_list(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q5")
    page = editor.press("save", when="Q2 选了 “没有这样的”")
    assert page.status == 422
    assert page.all("#when-fault")
    assert editor.card()["when"] == "Q2 选了 “没有这样的”"
    editor.press("open:", when="Q2 选了 “房顶漏雨”")
    assert editor.page.says("Q2选了“房顶漏雨”才显示")
    assert worked_on(q)[4].when is not None
    editor.press("open:q5")
    assert "Q2" in editor.card()["when"]
    editor.press("save", when="")
    assert worked_on(q)[4].when is None


@pytest.mark.parametrize(
    "nonsense",
    [
        {"act": "to:::", "to": "９"},
        {"act": "choice-up:zz"},
        {"act": "choice-restore:zz"},
        {"act": "choice-"},
        {"act": "restore:nobody"},
        {"act": "open:new"},
        {"act": "add:bogus:q1"},
        {"act": "bogus"},
        {"place": "nobody"},
        {"place": "head"},
        {"place": ""},
        {"place": "new", "type": "bogus"},
        {"place": "new", "after": "nobody", "title": "好", "choice-=:": "甲", "choice-": "乙"},
        {"type": "note"},
        {"title": "\u202e\u0007<b>{{ 7 * 7 }}</b>", "marks-choice-a": "alone bogus"},
        {"when": "（" * 400},
        {"limits": "x", "most": "9" * 400, "decimals": "-0"},
        {"seen": "x"},
    ],
)
def test_nonsense_is_a_sentence_or_is_passed_over(
    world: World, desk: Browser, nonsense: dict[str, str]
) -> None:
    q = made(world).id
    here = f"/desk/questionnaire/{q}/edit"
    form = desk.see(f"{here}?open=q2").form(here)
    answer = desk.send(here, {**form, **nonsense}, follow=False)
    assert answer.status in {303, 409, 422}
    assert desk.see(here).status == 200
    assert len({question.key for question in worked_on(q)}) == len(worked_on(q))


def test_the_example_of_a_condition_can_be_typed_as_it_stands(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q3")
    hint = editor.page.one("label[for=when] small").text_content()
    assert "Q2 选了" in hint
    assert editor.press("save", when=hint.partition("比如：")[2]).says("存好了")


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    first, second = Editor(desk, q), Editor(desk, q)
    first.press("open:q1")
    second.press("open:q1")
    first.press("save", title="第一位改的")
    page = second.press("save", title="第二位改的")
    assert page.status == 409
    assert page.says("刚才别人也改了题目")
    assert titles(q)[0] == "第一位改的"
    assert second.card()["title"] == "第二位改的"
    second.press("save")
    assert titles(q)[0] == "第二位改的"


def test_a_button_pressed_twice_does_its_act_once_and_nobody_is_blamed(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("add:short:q2")
    form = {**editor.card(), "act": "save", "title": "只要一个"}
    for _ in range(2):
        assert desk.send(editor.here, form).says("存好了")
    assert titles(q).count("只要一个") == 1
    editor.page = desk.see(f"{editor.here}?open=q1")
    form = {**editor.card(), "act": "remove"}
    for _ in range(2):
        assert desk.send(editor.here, form).says("去掉了")


def test_a_card_whose_question_went_away_becomes_a_new_question(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    first, second = Editor(desk, q), Editor(desk, q)
    first.press("open:q2")
    second.press("open:q2")
    first.press("remove")
    page = second.press("save", title="我还在打字")
    assert page.status == 409
    card = second.card()
    assert (card["place"], card["title"], card["choice-a"]) == ("new", "我还在打字", "房顶漏雨")
    assert second.press("save").status == 200
    assert titles(q)[-1] == "我还在打字"
    assert len(worked_on(q)[-1].choices) == 12


def test_the_words_of_the_first_screen_are_a_card_too(world: World, desk: Browser) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:head")
    page = editor.press("save", title="请您说说", keeps="")
    assert page.status == 422
    assert editor.card()["title"] == "请您说说"
    editor.press("open:", keeps="只记门牌。")
    found = service.find(q).questionnaire
    db.session.refresh(found)
    assert (found.title, found.keeps) == ("请您说说", "只记门牌。")


def test_enter_in_a_field_saves(world: World, desk: Browser) -> None:
    page = desk.see(f"/desk/questionnaire/{made(world).id}/edit?open=q1")
    (form,) = (f for f in page.all("form") if f.cssselect("[name=seen]"))
    assert form.cssselect("button")[0].get("value") == "save"


# After the opening


def test_after_the_opening_changes_wait_until_they_are_put_out(world: World, desk: Browser) -> None:
    q = opened_now(world)
    sent_by_phones(world, q, 3, {"q3": ("a", "b")})
    editor = Editor(desk, q)
    assert editor.page.says("改了就是第2版；已经收的3份答卷都留着")
    editor.press("open:q1")
    editor.press("save", title="哪里最不满意？")
    editor.press("open:")
    editor.press("add:yesno:q3")
    editor.press("save", title="常住吗？")
    assert editor.page.says("新加的题")
    assert desk.see(f"/desk/questionnaire/{q}").says("题目改了，还没发出：居民答的还是第1版")
    assert not desk.see(f"/q/{q}/all").says("哪里最不满意？")
    assert desk.see(f"/desk/questionnaire/{q}/preview").says("哪里最不满意？")
    page = editor.press("", to="publish")
    assert page.says("第2版发出了")
    assert desk.see(f"/q/{q}/all").says("哪里最不满意？")
    assert service.find(q).version.number == 2
    page = desk.see(f"/desk/questionnaire/{q}/versions")
    for words in (
        "第2版",
        "第1版",
        "收了3份答卷",
        "收了0份答卷",
        "新加的题",
        "问法改了",
        "常住吗？",
    ):
        assert page.says(words), words
    assert desk.see(f"/desk/questionnaire/{q}/answers").says("各版的答卷合在一起数")


def test_what_was_asked_keeps_its_kind_and_its_keys(world: World, desk: Browser) -> None:
    q = opened_now(world)
    before = {question.key for question in service.find(q).every_question}
    editor = Editor(desk, q)
    editor.press("open:q3")
    page = editor.press("save", type="single")
    assert page.status == 422
    assert page.says("题型不能换")
    editor.press("choice-remove:a", type="several")
    editor.press("open:q10")
    editor.press("remove")
    editor.press("purge")
    editor.press("add:short:")
    editor.press("save", title="还有呢？")
    editor.press("open:", to="publish")
    every = {question.key: question for question in service.find(q).every_question}
    assert every["q10"].off
    assert next(c for c in every["q3"].choices if c.key == "a").off
    assert [q.title for q in every.values() if q.key not in before] == ["还有呢？"]


def test_changes_that_were_not_put_out_are_given_up(world: World, desk: Browser) -> None:
    q = opened_now(world)
    editor = Editor(desk, q)
    editor.press("open:q1")
    editor.press("save", title="试试")
    assert editor.press("", to="discard").says("题目还是原来的")
    assert titles(q)[0] != "试试"
    editor = Editor(desk, q)
    assert editor.press("", to="publish").says("题目没有改动")
    assert service.find(q).version.number == 1


def test_what_was_promised_at_the_opening_and_a_closed_one_stay(
    world: World, desk: Browser
) -> None:
    q = opened_now(world)
    editor = Editor(desk, q)
    page = editor.press("save", place="head", keeps="什么都记")
    assert page.status == 409
    by = world.accounts["organizer"]
    service.close_now(service.find(q).questionnaire, by=by, at=clock.now())
    editor = Editor(desk, q)
    assert editor.press("add:short:").says("问卷截止了")


# What it looks like on a phone


def test_the_preview_may_stand_in_a_frame_of_this_site_alone(world: World, desk: Browser) -> None:
    q = made(world).id
    here = f"/desk/questionnaire/{q}"
    edit, screen, other = (desk.get(f"{here}{page}") for page in ("/edit", "/screen", ""))
    policies = [answer.headers["Content-Security-Policy"] for answer in (edit, screen, other)]
    assert ["frame-src 'self'" in policy for policy in policies] == [True, False, False]
    assert ["frame-ancestors 'self'" in policy for policy in policies] == [False, True, False]
    assert all("default-src 'none'" in policy for policy in policies)


def test_the_preview_shows_the_question_at_hand_and_follows_the_conditions(
    world: World, desk: Browser
) -> None:
    q = made(world).id
    editor = Editor(desk, q)
    editor.press("open:q3")
    editor.press("save", when="Q2 选了 “房顶漏雨”")
    assert editor.page.one("iframe").get("src").startswith(f"/desk/questionnaire/{q}/screen?at=q3")
    screen = f"/desk/questionnaire/{q}/screen"
    assert desk.see(f"{screen}?at=q3").says("才显示")
    assert desk.see(f"{screen}?at=q2&go=next&a-q2=a").says("第3题，共10题")
    assert desk.see(f"{screen}?at=q2&go=next&a-q2=b").says("第4题，共10题")
    assert desk.see(f"{screen}?at=q10&go=next").says("什么都没有交上")
    assert desk.see(f"{screen}?at=q4&go=back").says("第2题，共10题")


def test_nothing_to_ask_never_opens_neither_by_hand_nor_by_the_clock(
    world: World, desk: Browser
) -> None:
    q = made(world, "blank").id
    here = f"/desk/questionnaire/{q}"
    page = desk.see(here)
    assert page.says("先写题目")
    assert not page.all(f"form[action='{here}/open']")
    token = {"csrf_token": page.all("[name=csrf_token]")[0].get("value")}
    assert desk.send(f"{here}/open", token).says("还没有题目")
    times = {"opens_at": "2031-05-01T08:00", "kept_until": "2032-05-15"}
    assert desk.send(f"{here}/times", {**page.form(f"{here}/times"), **times}).says("还没有题目")
    editor = Editor(desk, q)
    editor.press("add:short:")
    editor.press("save", title="只有一题")
    assert desk.send(f"{here}/times", {**page.form(f"{here}/times"), **times}).says("时间存好了")
    editor = Editor(desk, q)
    editor.press("open:q1")
    assert editor.press("remove").says("还没有题目")
    assert titles(q) == ["只有一题"]


def test_a_phone_goes_on_with_its_draft_after_a_new_version(world: World, desk: Browser) -> None:
    q = opened_now(world)
    phone = desk.application.test_client()
    assert isinstance(phone, Browser)
    phone.send(f"/q/{q}/3", {**phone.see(f"/q/{q}/3").form(f"/q/{q}/3"), "a-q3": ["a", "b"]})
    editor = Editor(desk, q)
    editor.press("open:q3")
    editor.press("choice-remove:l", title="先办哪几件？")
    editor.press("open:", to="publish")
    page = phone.see(f"/q/{q}/3")
    assert page.says("先办哪几件？")
    assert page.form(f"/q/{q}/3")["a-q3"] == ["a", "b"]
    sent = phone.send(f"/q/{q}/look", phone.see(f"/q/{q}/look").form(f"/q/{q}/look"))
    assert sent.says("收到了")
    assert desk.see(f"/desk/questionnaire/{q}/versions").says("收了1份答卷")
