"""The words and numbers of the demonstration, and of the templates that ship with it."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

SURVEYS = Path(__file__).parents[2] / "surveys"
CONTENT = SURVEYS / "demo" / "content"
QUESTIONNAIRES = SURVEYS / "questionnaires" / "templates"
CHANNELS = {"scan", "paper", "phone", "visit", "meeting"}
GATES = [
    "questionnaire_closed",
    "menu_ready",
    "ballot_published",
    "notice_closed",
    "orders_closed",
    "ratings_closed",
]
SHIPPED = [
    SURVEYS / "needs" / "catalogue.json",
    SURVEYS / "rounds" / "templates" / "one_seek.json",
    *sorted(QUESTIONNAIRES.glob("*.json")),
    *sorted(CONTENT.glob("*.json")),
]
NAMED_PERSON = re.compile(
    r"[老小][王李张刘陈赵周吴徐朱胡郭罗郑梁谢宋唐韩冯邓曹彭]"
    r"|[王李张刘陈杨赵周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭]"
    r"(大爷|大妈|大娘|叔|婶|阿姨|先生|女士|奶奶|爷爷|师傅|大夫|主任|书记)"
)
NUMBER_TO_CALL = re.compile(r"\d{7,}|\d{3,4}-\d{7,8}")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def content(name: str) -> Any:
    return load(CONTENT / f"{name}.json")


def catalogue() -> dict[str, Any]:
    return {entry["key"]: entry for entry in load(SURVEYS / "needs" / "catalogue.json")}


def cost_fen(item: dict[str, Any]) -> int:
    fen = Decimal(item["quantity"]) * Decimal(item["unit_cost_yuan"]) * 100
    assert fen == int(fen), f"{item['name']}: {fen} fen is no whole number"
    return int(fen)


def done_in_order(menu: dict[str, Any], weights: list[int]) -> list[dict[str, Any]]:
    """What is done when must-do items come first, then the most wished, while the money lasts."""
    left = menu["budget_yuan"] * 100
    ranked = sorted(
        zip(menu["items"], weights, strict=True),
        key=lambda pair: (not pair[0]["must_do"], -pair[1]),
    )
    done = []
    for item, _weight in ranked:
        if cost_fen(item) <= left:
            left -= cost_fen(item)
            done.append(item)
    return done


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_file_names_a_person_or_a_number_to_call(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("0000-0000000", "")
    assert NAMED_PERSON.search(text) is None
    assert NUMBER_TO_CALL.search(text) is None


def test_the_catalogue_holds_three_classes_of_works_and_the_services() -> None:
    entries = catalogue().values()
    assert Counter(entry["class"] for entry in entries) == {
        "basic": 17,
        "improve": 18,
        "raise": 11,
        "service": 5,
    }


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry["key"])
def test_a_catalogue_entry_is_short_and_knows_the_words_of_residents(entry: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry["key"])
    assert len(entry["name"]) <= 9
    assert len(entry["what"]) <= 22
    assert entry["unit"]
    assert 8 <= len(set(entry["words"])) == len(entry["words"]) <= 15


def test_the_ladder_has_six_steps_each_with_its_gate() -> None:
    steps = load(SURVEYS / "rounds" / "templates" / "one_seek.json")["steps"]
    assert [step["name"] for step in steps] == ["征集", "商议", "点单", "公示", "施工", "评价"]
    assert [step["needs"] for step in steps] == GATES
    assert {step["confirmed_by"] for step in steps} <= {"organizer", "supervisor"}


def test_the_courtyard_is_as_large_as_its_roll() -> None:
    yard = content("courtyard")
    rooms = yard["stairwells_per_building"] * yard["floors"] * yard["rooms_per_floor"]
    assert yard["buildings"] * rooms == yard["households"] == 144
    assert yard["total_area_m2"] == "12769.76"
    assert yard["phone"] == "0000-0000000"
    assert sum(fund["yuan"] for fund in yard["funds"]) == content("menu")["budget_yuan"]


def test_there_are_three_hundred_suggestions_and_no_two_are_equal() -> None:
    texts = [suggestion["text"] for suggestion in content("suggestions")]
    assert len(texts) == len(set(texts)) == 300
    assert all(3 <= len(text) <= 120 for text in texts)


def test_each_suggestion_is_about_things_of_the_catalogue() -> None:
    known = set(catalogue())
    for suggestion in content("suggestions"):
        assert 1 <= len(set(suggestion["needs"])) == len(suggestion["needs"]) <= 3
        assert set(suggestion["needs"]) <= known
        assert suggestion["channel"] in CHANNELS


def test_a_suggestion_comes_from_the_building_it_speaks_of_and_tells_no_room() -> None:
    for suggestion in content("suggestions"):
        spoken_of = {int(number) for number in re.findall(r"(\d) ?号楼", suggestion["text"])}
        assert suggestion["building"] in {None, 1, 2, 3, 4, 5, 6}
        assert not spoken_of or suggestion["building"] in spoken_of
        assert re.search(r"[1-6]0[12]", suggestion["text"]) is None


def test_leaks_and_drains_are_what_people_speak_of_most() -> None:
    wishes = Counter(key for suggestion in content("suggestions") for key in suggestion["needs"])
    assert [key for key, _count in wishes.most_common(2)] == ["roof", "drain"]
    most = {key for key, _count in wishes.most_common(7)}
    assert most >= {"stair-light", "bike-charge", "parking", "water-pipe", "lift"}


def test_a_need_of_the_ledger_can_be_found_by_its_category_or_its_suggestions() -> None:
    ledger = content("ledger")
    spoken = {suggestion["text"] for suggestion in content("suggestions")}
    categories = [need["category"] for need in ledger if need["category"]]
    assert len(set(categories)) == len(categories)
    assert set(categories) <= set(catalogue())
    for need in ledger:
        assert need["lane"] in {"open", "menu", "quick", "owners", "upward"}
        assert need["category"] or need["from"]
        assert set(need["from"]) <= spoken
        assert (need["quick_note"] is not None) == (need["lane"] == "quick")
        assert not need["done"] or need["lane"] == "quick"


def test_each_item_of_the_menu_came_from_one_need_of_the_ledger() -> None:
    wanted = [need["category"] for need in content("ledger") if need["lane"] == "menu"]
    assert sorted(item["category"] for item in content("menu")["items"]) == sorted(wanted)


@pytest.mark.parametrize("name", ["menu", "published"])
def test_a_menu_item_fits_its_card_and_has_an_exact_cost(name: str) -> None:
    known = catalogue()
    for item in content(name)["items"]:
        assert item["class"] == known[item["category"]]["class"]
        assert len(item["name"]) <= 9
        assert len(item["what"]) <= 22
        assert len(item["note"]) <= 22
        assert cost_fen(item) > 0


@pytest.mark.parametrize(
    ("name", "picks", "items", "most", "fit", "budget_yuan"),
    [("menu", "open", 18, 5, 12, 400_000), ("published", "published", 8, 3, 5, 60_000)],
)
def test_the_money_lasts_for_part_of_the_menu(
    name: str, picks: str, items: int, most: int, fit: int, budget_yuan: int
) -> None:
    menu = content(name)
    assert (len(menu["items"]), menu["least"], menu["most"]) == (items, 1, most)
    assert menu["budget_yuan"] == budget_yuan
    done = done_in_order(menu, content("picks")[picks]["weights"])
    spent_fen = sum(cost_fen(item) for item in done)
    assert len(done) == fit
    assert 0.9 * budget_yuan * 100 <= spent_fen <= budget_yuan * 100
    assert sum(cost_fen(item) for item in menu["items"]) > 1.3 * budget_yuan * 100


def test_only_basic_safety_must_be_done() -> None:
    must = [item for item in content("menu")["items"] if item["must_do"]]
    assert 1 <= len(must) <= 2
    assert {item["class"] for item in must} == {"basic"}


@pytest.mark.parametrize(("picks", "households"), [("open", 72), ("published", 101)])
def test_the_generated_votes_come_from_every_building_by_every_channel(
    picks: str, households: int
) -> None:
    plan = content("picks")[picks]
    assert sum(plan["by_building"]) == households
    assert all(0 < count <= 24 for count in plan["by_building"])
    assert sum(plan["channels"].values()) == 100
    assert set(plan["channels"]) == CHANNELS


def test_must_do_items_are_not_picked() -> None:
    menu, weights = content("menu"), content("picks")["open"]["weights"]
    for item, weight in zip(menu["items"], weights, strict=True):
        assert (weight == 0) == item["must_do"]


def test_generated_answers_use_the_choices_of_the_survey() -> None:
    answers = content("answers")
    needs = load(QUESTIONNAIRES / "1_needs.json")["questions"]
    questions = {q["key"]: q for q in needs if not q.get("off")}
    with_choices = {key for key, question in questions.items() if question["choices"]}
    assert set(answers["weights"]) == with_choices
    assert set(answers["answered_percent"]) == set(questions)
    assert set(answers["texts"]) == {k for k, q in questions.items() if q["type"] == "short"}
    for key, weights in answers["weights"].items():
        assert set(weights) == {choice["key"] for choice in questions[key]["choices"]}
    for key, how_many in answers["how_many"].items():
        assert questions[key]["type"] == "several"
        assert max(map(int, how_many)) <= (questions[key]["most"] or 12)
    assert set(answers["how_many"]) == {k for k, q in questions.items() if q["type"] == "several"}
