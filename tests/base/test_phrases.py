"""A line of Chinese breaks between phrases: which runs of text are kept together."""

import re

import pytest

from surveys.base.show import phrases


def kept_together(prose: str) -> list[str]:
    return re.findall(r'<span class="nb">([^<]*)</span>', phrases(prose))


@pytest.mark.parametrize(
    ("prose", "together"),
    [
        ("挑最想先做的，最多 5 项。", ["挑最想先做的，", "最多 5 项。"]),
        ("10 月 28 日晚上 8 点截止，数字不再变", ["10 月 28 日晚上 8 点截止，", "数字不再变"]),
        ("好处：拄拐的、坐轮椅的。", ["好处：拄拐的、", "坐轮椅的。"]),
        ("答过一份（扫码）。", ["答过一份", "（扫码）。"]),
        ("他说：“好。”我们听见了。", ["他说：“好。”", "我们听见了。"]),
        ("啊，好。", ["啊，", "好。"]),
    ],
)
def test_a_phrase_keeps_its_mark_its_short_label_and_its_brackets(
    prose: str, together: list[str]
) -> None:
    assert kept_together(prose) == together


@pytest.mark.parametrize("prose", ["一二三四五六七八九十一二三四五六七。", "。"])
def test_what_is_longer_than_a_line_may_break_and_a_lone_mark_is_left_alone(prose: str) -> None:
    assert kept_together(prose) == []


@pytest.mark.parametrize("prose", ["：（，", "（一（二）", "a：：b。。c（", "说：“（好）”，"])
def test_no_character_is_lost(prose: str) -> None:
    assert re.sub(r"<[^>]+>", "", phrases(prose)) == prose
