"""Every way of voting on a phone, at the desk and on paper, without JavaScript."""

from dataclasses import dataclass

import pytest
from flask import Flask

from surveys.ballots import asking
from surveys.ballots.models import Entry
from surveys.ballots.sealing import current_choices
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.menus.models import ClassLimit, MenuItem
from tests.ballots.phones import Clock, at_desk, give_slips, hold_slip, send, statements
from tests.ballots.stage import Stage, add_menu, drafted, opened
from tests.ballots.test_ways import FREE, MARKS, TERMS
from tests.manners import Browser, Page
from tests.world import World, sign_in

READ_BACK = {
    Way.APPROVE: ["Drains9.8万元", "Lamps2.4万元", "一共2项12.2万元"],
    Way.ONE: ["Drains9.8万元", "一共1项9.8万元"],
    Way.POINTS: ["Drains7分", "Lamps3分", "一共给了10分"],
    Way.RANK: ["Drains第1", "Lamps第1", "Canteen第3", "一共排了3项"],
    Way.JUDGE: ["Drains赞成", "Lamps反对", "Canteen弃权", "一共表态3项"],
}
HOW_TO = {
    Way.APPROVE: "挑最想先做的。最多3项，加起来不超过27.4万元。",
    Way.ONE: "挑最想做的一项。只选一项，不超过27.4万元。",
    Way.POINTS: "把分给最想先做的。一户一共10分。最多给3项。不用给完，没给的分不算。",
    Way.RANK: "把想做的排个先后。最多排3项。不想做的不排，两项可以并列。",
    Way.JUDGE: "一项一项表个态。空着的不算表态。",
}
COUNTED = {
    Way.APPROVE: "选的户多的先做，钱不够的跳过，看下一项。",
    Way.ONE: "选的户多的先做，钱不够的跳过，看下一项。",
    Way.POINTS: "分多的先做，钱不够的跳过，看下一项。",
    Way.RANK: "排第1得3分，往后每名少1分，并列的平分；分多的先做，钱不够的跳过，看下一项。",
    Way.JUDGE: "赞成的户多的先做，反对不比赞成少的不做；钱不够的跳过，看下一项。",
}


@pytest.fixture(autouse=True)
def hour(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is while the ballot is open, and every household has its slip."""
    give_slips(app, world)
    return Clock(monkeypatch)


@dataclass
class Sheets:
    """A ballot of one way, and forms filled in for it."""

    stage: Stage
    way: Way

    @property
    def address(self) -> str:
        """Of the ballot's page."""
        return f"/v/{self.stage.ballot.id}"

    def typed(self, marks: dict[str, str | int]) -> dict[str, str | list[str]]:
        """The fields that these marks are sent in, by the items' names."""
        if self.way in {Way.APPROVE, Way.ONE}:
            return {"item": self.stage.ids(*marks)}
        return {f"mark-{self.stage.items[name]}": str(mark) for name, mark in marks.items()}

    def look(self, browser: Browser, marks: dict[str, str | int], go: str = "look") -> Page:
        """Mark the menu as it is now, and press a button."""
        form = browser.see(f"{self.address}?again=1").form(self.address)
        return browser.send(self.address, {**form, **self.typed(marks), "go": go})


def sheets_of(app: Flask, world: World, way: Way) -> Sheets:
    """An open ballot of this way."""
    return Sheets(opened(app, world, drafted(world, terms=TERMS[way])), way)


@pytest.fixture(params=list(Way))
def sheets(request: pytest.FixtureRequest, app: Flask, world: World) -> Sheets:
    """An open ballot of each way."""
    return sheets_of(app, world, request.param)


def marks_of(way: Way) -> dict[str, str | int]:
    """What a household marks."""
    return dict(MARKS[way][0])


def votes_kept() -> int:
    """How many entries there are."""
    db.session.rollback()
    return len(db.session.scalars(db.select(Entry)).all())


# --- on a phone ----------------------------------------------------------------------------------


def test_a_household_marks_reads_it_back_in_words_and_has_its_receipt(
    browser: Browser, sheets: Sheets
) -> None:
    hold_slip(browser, sheets.stage, 0)
    menu = browser.see(sheets.address)
    assert menu.says(HOW_TO[sheets.way])
    assert menu.says(COUNTED[sheets.way])
    looked = sheets.look(browser, marks_of(sheets.way))
    assert looked.status == 200
    lines = ["".join(line.text_content().split()) for line in looked.all(".look > li")]
    assert lines == READ_BACK[sheets.way]
    assert send(browser, looked).says("收到了")
    db.session.rollback()
    kept = current_choices(sheets.stage.ballot, sheets.stage.keys)
    assert kept == [sheets.stage.marks(given=MARKS[sheets.way][0])]


def test_going_back_to_change_it_finds_everything_as_it_was_marked(
    browser: Browser, sheets: Sheets
) -> None:
    hold_slip(browser, sheets.stage, 0)
    looked = sheets.look(browser, marks_of(sheets.way))
    back = browser.send(sheets.address, {**looked.form(sheets.address), "go": "sum"})
    again = browser.send(sheets.address, {**back.form(sheets.address), "go": "look"})
    assert [b.text for b in again.all(".look b")] == [b.text for b in looked.all(".look b")]


def test_every_item_has_its_own_way_to_be_marked_and_nothing_is_marked_at_first(
    browser: Browser, sheets: Sheets
) -> None:
    hold_slip(browser, sheets.stage, 0)
    menu = browser.see(sheets.address)
    fields = {
        Way.APPROVE: ("input[type=checkbox][name=item]", 5),
        Way.ONE: ("input[type=radio][name=item]", 5),
        Way.POINTS: ("input[inputmode=numeric][name^=mark-]", 5),
        Way.RANK: ("select[name^=mark-]", 5),
        Way.JUDGE: ("input[type=radio][name^=mark-]", 15),
    }
    path, number = fields[sheets.way]
    assert len(menu.all(path)) == number
    assert not menu.all("input:checked, main option[selected]")
    assert not any(field.get("value") for field in menu.all("input[inputmode=numeric]"))


def test_a_rank_is_chosen_among_as_many_as_there_are(
    app: Flask, browser: Browser, world: World
) -> None:
    sheets = sheets_of(app, world, Way.RANK)
    hold_slip(browser, sheets.stage, 0)
    first = browser.see(sheets.address).all("select[name^=mark-]")[0]
    assert [option.text_content() for option in first] == ["不排", "第 1", "第 2", "第 3"]


BAD = [
    (Way.ONE, {"Drains": 1, "Lamps": 1}, "只能选一项，现在选了 2 项"),
    (Way.ONE, {}, "还没选。请选一项"),
    (Way.POINTS, {"Drains": "三"}, "“Drains”的分看不明白：请写 1 到 10 的整数，不给就空着"),
    (Way.POINTS, {"Drains": "abc", "Lamps": "2"}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": str(10**30)}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": "-3", "Lamps": "5"}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": "2.5"}, "“Drains”的分看不明白"),
    (Way.POINTS, {"Drains": "7", "Lamps": "4"}, "一户一共 10 分，现在给了 11 分，多了 1 分"),
    (Way.POINTS, {"Drains": "0"}, "至少给 1 项分，现在给了 0 项"),
    (Way.POINTS, {"Drains": "<b>"}, "“Drains”的分看不明白"),
    (Way.RANK, {"Drains": "9"}, "“Drains”的名次看不明白：请写 1 到 3，不排就空着"),
    (Way.RANK, {"Drains": "first"}, "“Drains”的名次看不明白"),
    (
        Way.RANK,
        {"Drains": "1", "Lamps": "2", "Benches": "3", "Canteen": "3"},
        "最多排 3 项，现在排了 4 项",
    ),
    (Way.JUDGE, {"Drains": "2"}, "“Drains”只能写赞成、反对或者弃权"),
    (Way.JUDGE, {}, "至少给 1 项表态"),
]


@pytest.mark.parametrize(("way", "marks", "says"), BAD)
def test_what_cannot_be_taken_is_told_in_words_and_kept_as_it_was_typed(
    app: Flask, browser: Browser, world: World, way: Way, marks: dict[str, str | int], says: str
) -> None:
    sheets = sheets_of(app, world, way)
    hold_slip(browser, sheets.stage, 0)
    page = sheets.look(browser, marks)
    assert page.status == 422
    assert page.says("还交不了")
    assert page.says(says)
    kept = page.form(sheets.address)
    if way in {Way.POINTS, Way.RANK}:
        typed = {name: text for name, text in sheets.typed(marks).items() if text != "0"}
        assert {name: kept[name] for name in typed} == typed
    assert votes_kept() == 0


def test_two_marks_for_one_item_and_marks_for_no_item_are_told(
    app: Flask, browser: Browser, world: World
) -> None:
    sheets = sheets_of(app, world, Way.POINTS)
    hold_slip(browser, sheets.stage, 0)
    form = browser.see(sheets.address).form(sheets.address)
    drains = f"mark-{sheets.stage.items['Drains']}"
    twice = browser.send(sheets.address, {**form, drains: ["3", "4"], "go": "look"})
    assert twice.status == 422
    assert twice.says("“Drains”写了两样，每项只能写一样")
    strange = browser.send(sheets.address, {**form, "mark-\0": "3", drains: "1", "go": "look"})
    assert strange.status == 422
    assert strange.says("有1项不在这张菜单上")
    roof = f"mark-{sheets.stage.items['Roof']}"
    fixed = browser.send(sheets.address, {**form, roof: "3", drains: "1", "go": "look"})
    assert fixed.says("“Roof”是必做的，不用选")


def test_how_many_points_are_left_is_worked_out_without_a_script(
    app: Flask, browser: Browser, world: World
) -> None:
    sheets = sheets_of(app, world, Way.POINTS)
    hold_slip(browser, sheets.stage, 0)
    assert browser.see(sheets.address).says("已给0分还剩10分")
    page = sheets.look(browser, {"Drains": "４", "Lamps": "x"}, go="sum")
    assert page.status == 200
    assert page.says("已给4分还剩6分")
    over = sheets.look(browser, {"Drains": "9", "Lamps": "4"}, go="sum")
    assert over.says("多给了3分，请减掉")
    assert "over" in over.one(".tally").get("class")
    unspent = sheets.look(browser, {"Drains": "4"})
    assert unspent.says("剩6分不用了")


def test_at_the_close_the_marks_stay_in_sight_in_words(
    browser: Browser, sheets: Sheets, hour: Clock
) -> None:
    hold_slip(browser, sheets.stage, 0)
    looked = sheets.look(browser, marks_of(sheets.way))
    hour.is_now(sheets.stage.ballot.closes_at)
    page = send(browser, looked)
    assert page.status == 409
    lines = ["".join(line.text_content().split()) for line in page.all(".look > li")]
    assert lines == READ_BACK[sheets.way]


def test_the_page_and_the_sending_ask_no_more_of_the_database_than_for_ticks(
    browser: Browser, sheets: Sheets
) -> None:
    hold_slip(browser, sheets.stage, 0)
    with statements() as seen:
        browser.see(sheets.address)
    assert len(seen) <= 8
    looked = sheets.look(browser, marks_of(sheets.way))
    form = {**looked.form(sheets.address), "go": "send"}
    with statements() as seen:
        assert browser.send(sheets.address, form, follow=False).status == 303
    assert len(seen) <= 12, seen


# --- how it is counted, told before ---------------------------------------------------------------


def group(*names: str, cap_fen: int) -> None:
    """Let at most one of these be done, and the first class cost no more than `cap_fen`."""
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.name.in_(names))):
        item.only_one_of = "one"
    menu_id = db.session.scalars(db.select(MenuItem.menu_id)).first()
    db.session.add(ClassLimit(menu_id=menu_id, class_key="basic", cap_fen=cap_fen))
    db.session.commit()


def test_the_menu_says_who_excludes_whom_the_caps_and_the_least_support(
    app: Flask, browser: Browser, world: World
) -> None:
    terms = Terms(rule=Rule.GREEDY_NO_SKIP, least_votes=5, least_percent=30)
    ballot = drafted(world, terms=terms)
    group("Lamps", "Benches", cap_fen=20_000_000)
    stage = opened(app, world, ballot)
    hold_slip(browser, stage, 0)
    page = browser.see(f"/v/{ballot.id}")
    assert page.says("选的户多的先做，遇到第一项钱不够的就停。")
    assert page.says("不到5户选的不做。选的户不到交了票的30%的不做。")
    assert page.says("这几项最多做一项：Lamps、Benches。")
    assert page.says("“基础类”一共最多花20万元。")
    at_the_desk = at_desk(app, stage, "organizer").see(f"/desk/ballot/{ballot.id}")
    assert at_the_desk.says("怎么数选的户多的先做，遇到第一项钱不够的就停。不到5户选的不做")


def test_a_runoff_says_how_it_goes_and_warns_of_equal_ranks(
    app: Flask, browser: Browser, world: World
) -> None:
    terms = Terms(Way.RANK, rule=Rule.RUNOFF)
    stage = opened(app, world, drafted(world, add_menu(world, items=FREE), terms=terms))
    hold_slip(browser, stage, 0)
    page = browser.see(f"/v/{stage.ballot.id}")
    assert page.says("只选出一项：先数各家排第1的")
    assert page.says("数到并列的那一名，您家的票就停了")


# --- at the desk ---------------------------------------------------------------------------------


def test_a_ballot_of_each_way_is_drafted_by_hand_and_said_back(
    app: Flask, browser: Browser, world: World
) -> None:
    add_menu(world, items=FREE)
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/ballots"
    form = browser.see(address).form(address)
    typed = {"title": "T", "way": "rank", "points": "", "rule": "runoff", "least_votes": ""}
    page = browser.send(address, {**form, **typed})
    assert page.says("存成草稿了")
    assert page.says("怎么选把想做的排个先后。最多排3项。")
    assert page.says("怎么数只选出一项")
    (made,) = asking.all_of(world.courtyard)
    assert (made.way, made.rule, made.points) == (Way.RANK, Rule.RUNOFF, None)
    checked = browser.see(f"/desk/ballot/{made.id}/open")
    assert checked.says("怎么数只选出一项")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"way": "points", "points": ""}, "请写一户有几分，1到100"),
        ({"way": "points", "points": "0"}, "请写一户有几分，1到100"),
        ({"way": "points", "points": "一百"}, "“一百”不行。请写0到100的整数"),
        ({"way": "points", "points": "10" * 20}, "请写0到100的整数"),
        ({"way": "shout"}, "怎么选"),
        ({"way": ""}, "请选一样"),
        ({"rule": "equalshares/add1"}, "怎么数"),
        ({"rule": "runoff"}, "淘汰制要和“排名次”一起用"),
        ({"least_votes": "-1"}, "“-1”不行"),
        ({"least_votes": "many"}, "“many”不行"),
        ({"least_percent": "101"}, "“101”不行。请写0到100的整数"),
        ({"way": "rank", "least_percent": "30"}, "不能按百分之几算"),
    ],
)
def test_what_is_wrong_with_the_rules_is_told_and_what_was_typed_is_kept(
    browser: Browser, world: World, typed: dict[str, str], says: str
) -> None:
    add_menu(world)
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/courtyard/{world.courtyard}/ballots"
    form = {**browser.see(address).form(address), "title": "T", **typed}
    page = browser.send(address, form)
    assert page.status == 422
    assert page.says(says)
    kept = page.form(address)
    for name in ("points", "least_votes", "least_percent"):
        assert kept[name] == form[name]
    assert asking.all_of(world.courtyard) == []


def test_a_draft_is_changed_with_its_rules_as_they_stand(browser: Browser, world: World) -> None:
    ballot = drafted(world, terms=Terms(Way.POINTS, points=12, least_votes=30))
    sign_in(browser, world.accounts["organizer"])
    address = f"/desk/ballot/{ballot.id}/edit"
    form = browser.see(address).form(address)
    assert (form["way"], form["points"], form["least_votes"], form["least_percent"]) == (
        "points",
        "12",
        "30",
        "",
    )
    browser.send(address, {**form, "points": "20"})
    db.session.expire_all()
    assert asking.find(ballot.id).points == 20


def test_a_sheet_is_keyed_in_and_compared_mark_by_mark(app: Flask, sheets: Sheets) -> None:
    stage, clerk = sheets.stage, at_desk(app, sheets.stage, "clerk")
    address = f"/desk/ballot/{stage.ballot.id}/key-in"
    form = clerk.see(address).form(address)
    kept = clerk.send(
        address, {**form, "household": "1-1-101", **sheets.typed(marks_of(sheets.way))}
    )
    assert kept.says("录好了")
    (waiting,) = asking.pending(stage.ballot)
    supervisor = at_desk(app, stage, "supervisor")
    list_ = supervisor.see(f"/desk/ballot/{stage.ballot.id}/confirm")
    look = f"/desk/entry/{waiting.entry.id}/look"
    compared = supervisor.send(look, list_.form(look))
    numbers = {"Drains": 1, "Lamps": 2, "Canteen": 5}
    lines = ["".join(line.text_content().split()) for line in compared.all(".look > li")]
    expected = [
        f"{numbers[name]}{line}"
        for line in READ_BACK[sheets.way][:-1]
        for name in [next(name for name in numbers if line.startswith(name))]
    ]
    assert sorted(lines[:-1]) == sorted(expected)


@pytest.mark.parametrize(("way", "marks", "says"), BAD)
def test_a_sheet_that_cannot_be_keyed_is_told_and_kept(
    app: Flask, world: World, way: Way, marks: dict[str, str | int], says: str
) -> None:
    sheets = sheets_of(app, world, way)
    clerk = at_desk(app, sheets.stage, "clerk")
    address = f"/desk/ballot/{sheets.stage.ballot.id}/key-in"
    form = clerk.see(address).form(address)
    page = clerk.send(address, {**form, "household": "1-1-101", **sheets.typed(marks)})
    assert page.status == 422
    assert page.says(says)
    kept = page.form(address)
    assert kept["household"] == "1-1-101"
    if way is Way.POINTS:
        typed = {name: text for name, text in sheets.typed(marks).items() if text != "0"}
        assert {name: kept[name] for name in typed} == typed
    assert votes_kept() == 0


def test_the_paper_ballot_says_what_to_write_and_has_room_for_it(
    app: Flask, sheets: Sheets
) -> None:
    page = at_desk(app, sheets.stage, "organizer").see(
        f"/desk/ballot/{sheets.stage.ballot.id}/print"
    )
    says = {
        Way.APPROVE: "在想先做的项目前面打勾",
        Way.ONE: "在最想做的那一项前面打勾",
        Way.POINTS: "＿＿＿分",
        Way.RANK: "第＿＿＿",
        Way.JUDGE: "□赞成□反对□弃权",
    }
    assert page.says(says[sheets.way])
    assert page.says("1.Drains")


# --- the preview, and a menu that changed ---------------------------------------------------------


def preview(app: Flask, world: World, way: Way) -> tuple[Sheets, Browser, str]:
    """A draft of this way, the organizer's browser, and the preview's address."""
    ballot = drafted(world, terms=TERMS[way])
    items = db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == ballot.menu_id))
    by_name = {item.name: item.id for item in items}
    opened_later = Stage(world, ballot, None, b"", by_name)  # type: ignore[arg-type] # not open
    browser = at_desk(app, opened_later, "organizer")
    return Sheets(opened_later, way), browser, f"/desk/ballot/{ballot.id}/preview"


@pytest.mark.parametrize("way", Way)
def test_the_preview_looks_through_what_is_marked_and_sends_nothing(
    app: Flask, world: World, way: Way
) -> None:
    sheets, browser, address = preview(app, world, way)
    form = browser.see(address).form(address)
    good = browser.send(address, {**form, **sheets.typed(marks_of(way))})
    assert good.says("这样选没有错，居民可以交")
    shown_again = browser.send(address, {**form, "go": "sum"})
    assert shown_again.status == 200
    assert not shown_again.says("还交不了")
    assert votes_kept() == 0


@pytest.mark.parametrize(("way", "marks", "says"), BAD)
def test_the_preview_tells_the_same_faults(
    app: Flask, world: World, way: Way, marks: dict[str, str | int], says: str
) -> None:
    sheets, browser, address = preview(app, world, way)
    form = browser.see(address).form(address)
    page = browser.send(address, {**form, **sheets.typed(marks)})
    assert page.status == 422
    assert page.says(says)


def test_a_preview_of_a_menu_that_has_changed_says_so_and_keeps_what_still_fits(
    app: Flask, world: World
) -> None:
    sheets, browser, address = preview(app, world, Way.POINTS)
    form = browser.see(address).form(address)
    gone = db.session.get_one(MenuItem, sheets.stage.items["Lamps"])
    db.session.delete(gone)
    db.session.commit()
    page = browser.send(address, {**form, **sheets.typed({"Drains": 3, "Lamps": 2})})
    assert page.status == 409
    assert page.says("菜单改过了，还没有交")
    kept = page.form(address)
    assert kept[f"mark-{sheets.stage.items['Drains']}"] == "3"
    assert f"mark-{sheets.stage.items['Lamps']}" not in kept
    assert kept["offer"] != form["offer"]
    assert browser.send(address, kept).says("这样选没有错")


def test_a_vote_made_from_another_menu_is_not_taken_and_what_fits_is_kept(
    app: Flask, browser: Browser, world: World
) -> None:
    sheets, organizer, address = preview(app, world, Way.APPROVE)
    shown = organizer.see(address).one("input[name=offer]").get("value")
    db.session.get_one(MenuItem, sheets.stage.items["Drains"]).cost_fen += 100_000
    db.session.commit()
    stage = opened(app, world, asking.find(sheets.stage.ballot.id))
    hold_slip(browser, stage, 0)
    look = sheets.look(browser, {"Drains": 1})
    form = {**look.form(sheets.address), "offer": shown, "go": "send"}
    page = browser.send(sheets.address, form)
    assert page.status == 409
    assert page.says("菜单改过了，还没有交")
    assert page.says("9.9万元")
    assert page.form(sheets.address)["item"] == stage.items["Drains"]
    assert votes_kept() == 0
    looked = browser.send(sheets.address, {**page.form(sheets.address), "go": "look"})
    assert send(browser, looked).says("收到了")


def test_a_vote_that_does_not_say_which_menu_it_saw_is_not_taken(
    browser: Browser, sheets: Sheets
) -> None:
    hold_slip(browser, sheets.stage, 0)
    looked = sheets.look(browser, marks_of(sheets.way))
    form = {name: held for name, held in looked.form(sheets.address).items() if name != "offer"}
    assert browser.send(sheets.address, {**form, "go": "send"}).status == 409
    assert votes_kept() == 0
