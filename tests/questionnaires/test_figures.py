"""Every figure agrees with a plain count, and what small numbers hide stays hidden."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from random import Random
from urllib.parse import urlencode

import pytest

from surveys.base.db import db
from surveys.counting.cells import SMALL
from surveys.courtyards.models import Household
from surveys.errors import Invalid
from surveys.questionnaires import (
    answering,
    crosstab,
    figures,
    figures_views,
    keying,
    rules,
    service,
    texts,
)
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.conditions import picked_key, thousandths
from surveys.questionnaires.rules import Choice, Given, Question
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import Sift
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, opened_now
from tests.world import AT, World, sign_in

ABC = tuple(Choice(key, f"第{n}样") for n, key in enumerate("abc", 1))
STEPS = tuple(Choice(str(n), f"第{n}级") for n in range(1, 6))
QUESTIONS = (
    Question("one", "single", "选一样", choices=ABC),
    Question("more", "several", "选几样", choices=(*ABC, Choice("x", "其他", writes=True))),
    Question("order", "rank", "排一排", most=2, choices=ABC),
    Question("steps", "scale", "满意吗", choices=STEPS),
    Question("grid", "matrix", "一样一样说", choices=STEPS, rows=ABC),
    Question("years", "number", "住了几年", decimals=1, unit="年"),
    Question("since", "date", "哪天搬来"),
    Question("say", "long", "说说"),
    Question("where", "place", "住哪儿"),
)


def asked_of(world: World, questions: tuple[Question, ...] = QUESTIONS) -> Asked:
    """A questionnaire of these questions that is open."""
    found = service.find(opened_now(world))
    found.version.questions = rules.write_questions(questions)
    found.version.digest = rules.digest(questions)
    db.session.commit()
    return service.find(found.id)


def some_answers(asked: Asked, rng: Random) -> dict[str, tuple[str, ...]]:
    """What somebody may have answered; now and then nothing."""
    drawn = {
        "one": (rng.choice("abc"),),
        "more": tuple(key for key in ("a", "b", "x=凉亭") if rng.random() < 0.5),
        "order": tuple(rng.sample("abc", rng.randint(1, 2))),
        "steps": (rng.choice("12345"),),
        "grid": tuple(f"{row}:{rng.choice('12345')}" for row in "abc" if rng.random() < 0.8),
        "years": (rng.choice(["1", "2.5", "-3", "40"]),),
        "since": (rng.choice(["2001-05-06", "2020-12-31"]),),
        "say": (rng.choice(["楼道灯不亮", "没有了"]),),
        "where": (rng.choice([place.key for place in asked.places]),),
    }
    return {key: value for key, value in drawn.items() if value and rng.random() < 0.8}


def send_all(world: World, asked: Asked, rng: Random, number: int) -> list[tuple[str, Given]]:
    """Households answer, some twice, some on paper, some only begin; what counts at the end."""
    kept: dict[str, tuple[str, Given]] = {}
    for n in range(number):
        given = some_answers(asked, rng)
        household = rng.choice([*world.households, None])
        at = AT + timedelta(days=30, minutes=n)
        if household and rng.random() < 0.4:
            typed = keying.Sheet(db.session.get(Household, household), "paper", given, f"p{n}")
            keying.key_in(asked, typed, by=world.accounts["clerk"], at=at, secret=SECRET)
            kept[household] = ("paper", given)
            continue
        sender = Sender(f"phone {n}", household)
        answering.send(asked, sender, given, f"s{n}", at=at, secret=SECRET)
        kept[household or f"phone {n}"] = ("scan", given)
        if rng.random() < 0.3:
            begun = asked.questions[0]
            later = Sender(f"draft {n}")
            answering.save(asked, later, begun, ("a",), at=at, secret=SECRET)
    return list(kept.values())


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_agrees_with_a_plain_count(world: World, seed: int) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(seed), 40)
    on_paper = [given for channel, given in kept if channel == "paper"]
    for sift, passing in ((Sift(), [given for _c, given in kept]), (Sift("paper"), on_paper)):
        found = figures.exact(asked, sift)
        assert found.received.all == len(passing)
        _compare(asked, {f.question.key: f for f in found.questions}, passing)


@pytest.mark.parametrize("seed", range(2))
def test_a_table_of_two_agrees_with_a_plain_count(world: World, seed: int) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(seed), 40)
    for by, of in (("one", "steps"), ("more", "one"), ("where", "order")):
        table = crosstab.cross(asked, by, of)
        both = [given for _c, given in kept if given.get(by) and given.get(of)]
        rows = next(q for q in asked.questions if q.key == by).choices
        for row, cells, number in zip(rows, table.cells, table.row_sums, strict=True):
            there = [g for g in both if row.key in map(picked_key, g[by])]
            assert number == len(there)
            parts = Counter(picked_key(part) for given in there for part in given[of])
            assert list(cells) == [parts[c.key] for c in table.question.choices]
    by_channel = crosstab.cross(asked, "*channel", "one")
    ways = Counter(channel for channel, given in kept if given.get("one"))
    assert dict(zip(by_channel.rows, by_channel.row_sums, strict=True)) == {
        rules.CHANNELS[channel]: number for channel, number in ways.items()
    }


def test_by_building_only_answers_with_a_door_are_counted(world: World) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(5), 30)
    table = crosstab.cross(asked, "*building", "one")
    assert table.rows == ("1 号楼", "2 号楼")
    assert 0 < table.answered < len(kept)


@pytest.mark.parametrize(
    ("by", "of"), [("one", "one"), ("*colour", "one"), ("say", "one"), ("", "one")]
)
def test_what_cannot_be_crossed_is_refused_with_a_sentence(world: World, by: str, of: str) -> None:
    with pytest.raises(Invalid, match="两道不一样"):
        crosstab.cross(asked_of(world), by, of)


def test_who_only_looks_reads_no_small_number_anywhere(world: World) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(1), 40)
    for each in figures.for_everybody(figures.exact(asked)).questions:
        numbers = [line.number for line in each.lines]
        numbers += [line.number for row in each.rows for line in row.lines]
        assert all(n is None or n == 0 or n >= SMALL for n in numbers)
        assert not each.spread.values
        assert not each.spread.days
        assert all(line.first is None for line in each.lines)
    table = crosstab.for_everybody(crosstab.cross(asked, "one", "steps"))
    assert table is not None
    assert all(n is None or n == 0 or n >= SMALL for row in table.cells for n in row)
    assert crosstab.for_everybody(crosstab.cross(asked, "more", "one")) is None


def test_a_sheet_taken_back_is_seen_at_the_next_look(world: World) -> None:
    asked = asked_of(world)
    sender = Sender("phone", world.households[0])
    answering.send(asked, sender, {"one": ("a",)}, "s", at=AT + timedelta(days=30), secret=SECRET)
    first = figures.exact(asked).questions[0]
    sheet = keying.Sheet(
        db.session.get(Household, world.households[0]), "paper", {"one": ("b",)}, "p"
    )
    clerk, at = world.accounts["clerk"], AT + timedelta(days=31)
    kept, _before = keying.key_in(asked, sheet, by=clerk, at=at, secret=SECRET)
    second = figures.exact(asked).questions[0]
    keying.take_back(kept, by=clerk, at=at + timedelta(minutes=1))
    third = figures.exact(asked).questions[0]
    seen = [[line.number for line in each.lines] for each in (first, second, third)]
    assert seen == [[1, 0, 0], [0, 1, 0], [1, 0, 0]]


def put(asked: Asked, questions: tuple[Question, ...]) -> Asked:
    """The same questionnaire, asked otherwise from now on."""
    asked.version.questions = rules.write_questions(questions)
    db.session.commit()
    return service.find(asked.id)


def test_what_is_no_longer_asked_keeps_its_numbers_and_what_was_renamed_its_new_name(
    world: World,
) -> None:
    asked = asked_of(world, (QUESTIONS[0], QUESTIONS[3]))
    at = AT + timedelta(days=30)
    for n, picked in enumerate("aab"):
        given = {"one": (picked,), "steps": ("2",)}
        answering.send(asked, Sender(f"phone {n}"), given, f"s{n}", at=at, secret=SECRET)
    renamed = (Choice("a", "改了名的"), Choice("b", "去掉的", off=True), Choice("c", "第3样"))
    off = replace(QUESTIONS[3], off=True)
    one, steps = figures.exact(put(asked, (replace(QUESTIONS[0], choices=renamed), off))).questions
    assert [(line.name, line.number) for line in one.lines] == [
        ("改了名的", 2),
        ("第3样", 0),
        ("去掉的", 1),
    ]
    assert (steps.question.off, steps.answered) == (True, 3)


def test_a_question_of_five_hundred_choices_is_counted_and_crossed(world: World) -> None:
    many = tuple(Choice(f"c{n}", f"第 {n} 样") for n in range(500))
    asked = asked_of(world, (Question("many", "single", "选一样", choices=many), QUESTIONS[0]))
    given = {"many": ("c499",), "one": ("a",)}
    answering.send(asked, Sender("phone"), given, "s", at=AT + timedelta(days=30), secret=SECRET)
    assert figures.exact(asked).questions[0].lines[499].number == 1
    assert crosstab.cross(asked, "many", "one").row_sums[499] == 1


@pytest.mark.parametrize("number", [0, 1])
def test_a_questionnaire_of_no_answer_or_one_has_its_page(
    world: World, browser: Browser, number: int
) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(1), number)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/questionnaire/{asked.id}/answers")
    assert page.says("还没有收到答卷" if number == 0 else "份答卷")
    assert browser.see(f"/desk/questionnaire/{asked.id}/cross?by=one&of=steps").text


def test_texts_are_found_by_their_words_and_never_say_whose_they_are(
    world: World, browser: Browser
) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(2), 30)
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/questionnaire/{asked.id}/texts/say?q=楼道 亮")
    held = [one for one in texts.latest(asked, "say", most=100) if "楼道灯不亮" in one.text]
    assert page.text.count("楼道灯不亮") == len(held) > 3
    assert page.says(f"找到 {len(held)} 条")
    assert "没有了" not in page.text
    assert not [row for row in page.all("tbody tr") if "号楼" in row.text_content()]
    assert "没有找到" in browser.see(f"/desk/questionnaire/{asked.id}/texts/say?q=电梯").text


def test_a_part_of_the_answers_is_looked_at_by_its_address(world: World, browser: Browser) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(3), 30)
    sign_in(browser, world.accounts["clerk"])
    paper = sum(channel == "paper" for channel, _given in kept)
    page = browser.see(f"/desk/questionnaire/{asked.id}/answers?channel=paper")
    assert page.says(f"下面只算选中的 {paper} 份。")
    nothing = browser.see(f"/desk/questionnaire/{asked.id}/answers?since=2030-01-01")
    assert "没有这样的答卷" in nothing.text
    wrong = browser.see(f"/desk/questionnaire/{asked.id}/answers?since=2030-01-01&until=2029-01-01")
    assert wrong.says("要在从哪天之后")


def test_a_search_among_the_texts_keeps_what_they_are_sifted_by(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_of(world)
    kept = send_all(world, asked, Random(2), 30)
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/questionnaire/{asked.id}/texts/say"
    paper = [given["say"][0] for channel, given in kept if channel == "paper" and "say" in given]
    lights = sum("楼道灯不亮" in said for said in paper)
    assert 1 < lights < len(paper)
    page = browser.see(f"{here}?channel=paper&since=2020-01-01")
    assert page.says(f"找到 {len(paper)} 条")
    asks = page.one("form[role=search]").get("id")
    fields = page.all(f"#{asks} [name], [form={asks}][name]")
    held = {field.name: field.value for field in fields}
    assert held == {"q": "", "channel": "paper", "place": "", "since": "2020-01-01", "until": ""}

    monkeypatch.setattr(figures_views, "ON_A_PAGE", 1)
    page = browser.see(f"{here}?{urlencode({**held, 'q': '楼道灯'})}")
    assert page.says(f"找到 {lights} 条")
    assert page.says(f"第 1 页，共 {lights} 页")
    (after,) = (a.get("href") for a in page.all(".pager a"))
    assert browser.see(after).says(f"第 2 页，共 {lights} 页")
    (turned,) = {a.get("href") for a in page.all("th[aria-sort=descending] a")}
    for name in ("channel=paper", "since=2020-01-01", "sort=at"):
        assert name in turned
        assert name == "sort=at" or name in after


def test_texts_sifted_by_nonsense_are_all_there_and_the_fault_is_said(
    world: World, browser: Browser
) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(2), 30)
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/questionnaire/{asked.id}/texts/say"
    page = browser.see(f"{here}?channel=pigeon&q=楼道")
    assert page.says("先按全部的算")
    assert browser.see(f"{here}?q=楼道").one("caption").text == page.one("caption").text


def test_an_observer_sees_neither_a_part_nor_the_texts(world: World, browser: Browser) -> None:
    asked = asked_of(world)
    send_all(world, asked, Random(4), 30)
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/questionnaire/{asked.id}/answers?channel=paper")
    assert "只看一部分" not in page.text
    assert "下面只算选中的" not in page.text
    assert "楼道灯不亮" not in page.text
    assert "不公布" in page.text


def _compare(asked: Asked, found: dict[str, figures.QuestionFigures], every: list[Given]) -> None:
    for question in asked.questions:
        figure = found[question.key]
        mine = [given[question.key] for given in every if given.get(question.key)]
        parts = Counter(picked_key(part) for value in mine for part in value)
        assert figure.answered == len(mine), question.key
        assert [line.number for line in figure.lines] == [
            parts[choice.key] for choice in question.choices if figure.lines
        ]
        for row, figures_of_row in zip(question.rows, figure.rows, strict=True):
            assert [line.number for line in figures_of_row.lines] == [
                parts[f"{row.key}:{column.key}"] for column in question.choices
            ]
    _compare_means(found, every)


def _compare_means(found: dict[str, figures.QuestionFigures], every: list[Given]) -> None:
    years = sorted(thousandths(given["years"][0]) for given in every if "years" in given)
    spread = found["years"].spread
    assert spread.mean == (Fraction(sum(years), 1000 * len(years)) if years else None)
    assert spread.middle == (years[(len(years) - 1) // 2] if years else None)
    steps = [int(given["steps"][0]) for given in every if "steps" in given]
    assert found["steps"].mean == (Fraction(sum(steps), len(steps)) if steps else None)
    days = Counter(given["since"][0] for given in every if "since" in given)
    assert dict(found["since"].spread.days) == days
    for line, key in zip(found["order"].lines, "abc", strict=True):
        places = [g["order"].index(key) + 1 for g in every if key in g.get("order", ())]
        assert line.first == places.count(1)
        assert line.mean_place == (Fraction(sum(places), len(places)) if places else None)
