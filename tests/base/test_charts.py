"""Pictures of numbers: what they say, and that a bar never passes a line that is not reached."""

import re
from random import Random

import pytest
from flask import Flask, render_template_string
from lxml import html

GAUGE = '{% from "parts/charts.html" import gauge %}{{ gauge(*given) }}'


def drawn(app: Flask, *given: object) -> html.HtmlElement:
    with app.test_request_context():
        return html.fromstring(render_template_string(GAUGE, given=given))


def words(element: html.HtmlElement, path: str) -> str:
    return re.sub(r"\s+", "", "".join(e.text_content() for e in element.cssselect(path)))


def length(element: html.HtmlElement, path: str, name: str) -> float:
    (found,) = element.cssselect(path)
    return float(str(found.get(name)).rstrip("%"))


@pytest.mark.parametrize(
    ("given", "rest", "line"),
    [
        ((84, 144, 96), "还差12户", "要96户"),
        ((96, 144, 96), "够了", "要96户"),
        ((0, 0, 0), "够了", "要0户"),
        ((768_318, 1_276_976, 851_318, "area"), "还差830.00㎡", "要8,513.18㎡"),
        ((851_317, 1_276_976, 851_318, "area"), "还差0.01㎡", "要8,513.18㎡"),
        ((851_318, 1_276_976, 851_318, "area"), "够了", "要8,513.18㎡"),
    ],
)
def test_a_gauge_says_what_is_lacking_to_the_last_unit(
    app: Flask, given: tuple[int, ...], rest: str, line: str
) -> None:
    gauge = drawn(app, *given)
    assert words(gauge, ".gauge-rest") == rest
    assert words(gauge, "text") == line
    assert rest in words(gauge, "desc")
    assert rest in words(gauge, "table")
    assert words(gauge, "svg title").startswith(words(gauge, "h3"))


def test_a_bar_reaches_its_line_only_when_nothing_is_lacking(app: Flask) -> None:
    chance = Random(278)
    for _ in range(200):
        everyone = chance.choice((3, 144, 2_261, 1_276_976, 10**9))
        needed = chance.randint(0, everyone)
        came = min(everyone, max(0, needed + chance.choice((-everyone // 2, -1, 0, 1))))
        gauge = drawn(app, came, everyone, needed)
        bar = length(gauge, ".fill", "width")
        assert bar <= 100
        if came < needed:
            assert bar <= length(gauge, ".stop", "x1") <= 100
        assert ("够了" in words(gauge, ".gauge-rest")) is (came >= needed)


EACH = """
{% from "parts/charts.html" import budget, buildings, spread, timeline, windows %}
{{ budget("budget", costs, 40) }}
{{ buildings("homes", numbers, numbers, most) }}
{{ spread("steps", steps) }}
{{ timeline([], "Asia/Shanghai") }}
{{ windows("3", heard, roll) }}
"""


@pytest.mark.parametrize(
    "counts", [[], [0], [0, 0, 0], [1], [4, 9, 31, 58, 16], [7] * 30, [999_999, 0, 1]]
)
def test_no_picture_leaves_its_frame_and_each_has_words_and_a_table(
    app: Flask, counts: list[int]
) -> None:
    with app.test_request_context():
        source = render_template_string(
            EACH,
            costs=list(enumerate(counts, 1)),
            numbers={str(n): count for n, count in enumerate(counts, 1)},
            most=max(counts, default=0),
            steps=[(f"step {n}", count) for n, count in enumerate(counts)],
            heard=len(counts) // 2,
            roll=len(counts),
        )
    pictures = html.fromstring(f"<div>{source}</div>").cssselect("svg")
    assert len(pictures) == 5
    for picture in pictures:
        assert words(picture, "title")
        assert words(picture, "desc")
        assert words(next(picture.itersiblings()), "table th")
        across = float(str(picture.get("viewbox", "0 0 100 0")).split()[2])
        for bar in picture.cssselect("rect"):
            x, width = (float(str(bar.get(name, 0)).rstrip("%")) for name in ("x", "width"))
            assert 0 <= x <= x + width <= across + 0.1


def test_the_line_of_a_budget_stands_inside_where_more_was_spent(app: Flask) -> None:
    page = '{% from "parts/charts.html" import budget %}{{ budget("so", [(1, spent)], 40) }}'
    with app.test_request_context():
        within, over = (
            html.fromstring(f"<div>{render_template_string(page, spent=fen)}</div>")
            for fen in (39, 80)
        )
    assert length(within, ".fill", "width") < 99 < length(within, ".stop", "x1")
    assert length(over, ".stop", "x1") < 51 < length(over, ".fill", "width")
