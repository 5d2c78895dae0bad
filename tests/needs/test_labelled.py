"""The labelled suggestions stay what their README says: whole, and split by one rule."""

import csv
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

from surveys.demo.content import content
from surveys.needs import shipped as catalogue

FOLDER = Path(__file__).with_name("labelled")
COLUMNS = ["row", "text", "category", "group", "part", "also"]
Row = dict[str, str]


def rows() -> list[Row]:
    """Every labelled suggestion: all six columns as text, "" where nothing stands."""
    with (FOLDER / "suggestions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def groups() -> dict[str, list[Row]]:
    """The rows of each group, by its id."""
    found = defaultdict(list)
    for row in rows():
        if row["group"]:
            found[row["group"]].append(row)
    return found


def held_of(category: list[Row]) -> set[str]:
    """The row numbers of a category that the README's rule holds back."""
    units = defaultdict(list)
    for row in category:
        units[row["group"] or row["text"]].append(row["row"])
    held: set[str] = set()
    for name in sorted(units, key=lambda name: sha256(f"2 {name}".encode()).digest()):
        size, whole = len(units[name]), len(category)
        if len(held) + size <= (2 * whole + 3) // 6 or (not held and 2 * size <= whole):
            held.update(units[name])
    return held


def test_there_are_four_hundred_rows_counted_from_one() -> None:
    assert all(list(row) == COLUMNS and None not in row.values() for row in rows())
    assert [row["row"] for row in rows()] == [str(number) for number in range(1, 401)]


def test_every_category_stands_in_the_catalogue_or_is_empty() -> None:
    names = {entry.name for entry in catalogue.entries()} | {""}
    assert {row[column] for row in rows() for column in ("category", "also")} <= names


def test_a_second_wish_is_of_another_category_than_the_first() -> None:
    both = [row for row in rows() if row["also"]]
    assert all(row["category"] not in ("", row["also"]) for row in both)
    assert 50 <= len(both) <= 70


def test_a_group_has_company_and_lies_in_one_category_and_one_part() -> None:
    for members in groups().values():
        assert 2 <= len(members) <= 25
        assert len({(row["category"], row["part"]) for row in members}) == 1
        assert members[0]["category"]


def test_a_third_is_held_back() -> None:
    parts = Counter(row["part"] for row in rows())
    assert set(parts) == {"tune", "held"}
    assert abs(300 * parts["held"] - 100 * 400) <= 3 * 3 * 400


def test_the_part_of_every_row_follows_the_rule_of_the_readme() -> None:
    categories = defaultdict(list)
    for row in rows():
        categories[row["category"]].append(row)
    held = set().union(*map(held_of, categories.values()))
    assert {row["row"] for row in rows() if row["part"] == "held"} == held


def test_no_sentence_stands_twice_or_comes_from_the_demonstration() -> None:
    texts = [row["text"] for row in rows()]
    shown = {suggestion["text"] for suggestion in content("suggestions")} | set(content("no_wish"))
    assert len(set(texts)) == len(texts)
    assert not shown & set(texts)


def test_the_table_of_the_readme_counts_the_rows() -> None:
    counted = Counter((row["category"] or "(no wish)", row["part"]) for row in rows())
    text = (FOLDER / "README.md").read_text("utf-8")
    for name in {name for name, _part in counted}:
        tune, held = counted[name, "tune"], counted[name, "held"]
        assert f"| {name} | {tune + held} | {tune} | {held} |\n" in text
