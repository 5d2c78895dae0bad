"""Every fault of a workbook is told at once, by sheet, row and column, in Chinese."""

import pytest

from surveys.questionnaires.files import workbook
from surveys.questionnaires.rules import Choice, Question
from tests.questionnaires.xlsforms import Rows, workbook_of

CHOICES = [
    ["list_name", "name", "label"],
    ["yn", "yes", "有"],
    ["yn", "no", "没有"],
]


def said(survey: Rows, choices: Rows = CHOICES) -> list[tuple[int, str, str]]:
    found = workbook.read(workbook_of(survey, choices))
    assert found.questions == ()
    return [(fault.row, fault.column, fault.msgid % fault.params) for fault in found.faults]


HEADER = ["type", "name", "label", "relevant", "constraint", "required"]
SHEETS: list[tuple[list[list[object]], list[tuple[int, str, str]]]] = [
    ([["geopoint", "a", "在哪"]], [(2, "type", "没有“geopoint”这种题型")]),
    ([[None, "a", "甲"]], [(2, "type", "没写题型")]),
    ([["text", "a", None]], [(2, "label", "这一格要写")]),
    (
        [["text", "a", "甲"], ["text", "a", "乙"]],
        [(3, "name", "编号“a”和第 2 行的一样，请改一个")],
    ),
    ([["text", "a b", "甲"]], [(2, "name", "编号“a b”不行")]),
    ([["text", "a" * 41, "甲"]], [(2, "name", "最多 40 个")]),
    ([["text", "a", "长" * 61]], [(2, "label", "太长了，最多 60 个字，现在 61 个")]),
    ([["select_one", "a", "甲"]], [(2, "type", "没写选项")]),
    ([["select_one no", "a", "甲"]], [(2, "type", "没有叫“no”的选项表")]),
    ([["begin_repeat", "a", "甲"], ["text", "b", "乙"], ["end_repeat"]], [(2, "type", "收不进来")]),
    ([["begin_group", "g", "组"], ["text", "a", "甲"]], [(2, "type", "没有收尾")]),
    ([["text", "a", "甲"], ["end_group"]], [(3, "type", "收了尾，前面却没有开头")]),
    ([["note", "a", "甲"]], [(0, "", "一道要答的题也没有")]),
    ([["text", "a", "甲", "${x} = '1'"]], [(2, "relevant", "“x”，不是哪道题的编号")]),
    ([["text", "a", "甲", "${a} != ''"]], [(2, "relevant", "这一题自己的答案")]),
    (
        [["text", "a", "甲", "${b} != ''"], ["text", "b", "乙"]],
        [(2, "relevant", "排在后面")],
    ),
    (
        [["text", "a", "甲", "${b} != ''"], ["text", "b", "乙", "${a} != ''"]],
        [(2, "relevant", "互相等对方的答案")],
    ),
    (
        [["select_one yn", "a", "甲"], ["text", "b", "乙", "${a} = 'maybe'"]],
        [(3, "relevant", "没有编号是“maybe”的选项")],
    ),
    (
        [["text", "a", "甲"], ["text", "b", "乙", "${a} = 'x'"]],
        [(3, "relevant", "“甲”这一题的答案不能这样比")],
    ),
    (
        [["calculate", "c", "算"], ["text", "a", "甲", "${c} = 1"]],
        [(3, "relevant", "“c”，那一行没有收进来")],
    ),
    ([["text", "a", "甲", "if(${a}, 1, 2)"]], [(2, "relevant", "if")]),
    ([["text", "a", "甲", "Q9 答了"]], [(2, "relevant", "Q9")]),
    ([["integer", "a", "甲", None, ". >= 9 and . <= 1"]], [(2, "lowest", "“最小”比“最大”还大")]),
    ([["range", "a", "甲"]], []),
]


@pytest.mark.parametrize(("rows", "expected"), SHEETS)
def test_a_fault_is_told_by_its_cell(
    rows: list[list[object]], expected: list[tuple[int, str, str]]
) -> None:
    if not expected:
        assert workbook.read(workbook_of([HEADER, *rows])).faults == ()
        return
    found = said([HEADER, *rows])
    for row, column, words in expected:
        column = "最小" if column == "lowest" else column
        assert any((row, column) == f[:2] and words in f[2] for f in found), found


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    found = said(
        [HEADER, ["geopoint", "a", "甲"], ["text", "b"], ["select_one no", "b", "丙"]],
        [["list_name", "name", "label"], [None, "x", "甲"], ["l", "x x", None], ["l", "y", "乙"]],
    )
    assert [(row, column) for row, column, _say in found] == [
        (2, "list_name"),
        (3, "name"),
        (3, "label"),
        (2, "type"),
        (3, "label"),
        (4, "name"),
        (4, "type"),
    ]


def test_choices_of_one_key_or_one_name_are_told() -> None:
    rows = [HEADER, ["select_one yn", "a", "甲"]]
    found = said(rows, [*CHOICES, ["yn", "no", "不"]])
    assert found == [(4, "name", "编号“no”和第 3 行的一样，请改一个。")]
    told = workbook.read(workbook_of(rows, [*CHOICES, ["yn", "maybe", "有"]])).told
    assert [(line.row, line.params) for line in told] == [(2, {"name": "有"})]


WISHES = "漏雨；堵\n其他____；都没有（排他）"


def test_the_columns_may_be_chinese_and_choices_stand_beside_the_question() -> None:
    found = workbook.read(
        workbook_of(
            [],
            题目=[
                ["调查表"],
                ["题型", "题目（给居民看的）", "说明", "必答*", "选项", "行", "显示条件", "最多"],
                [
                    "多选题",
                    "哪几样？",
                    "拣要紧的",
                    "是",
                    "漏雨；堵\n其他____；都没有（排他）",
                    None,
                    None,
                    2,
                ],
                ["矩阵", "修得怎样？", None, None, "好；坏", "屋顶；路", "Q1 选了“漏雨”"],
                ["是非", "愿意吗？", None, "√"],
                ["五级量表", "打几分？"],
                ["楼栋单元", "住哪儿？"],
                ["数字", "几口人？"],
            ],
        ),
        "表.xlsx",
    )
    assert found.faults == ()
    several, matrix, *others = found.questions
    assert several == Question(
        "q1",
        "several",
        "哪几样？",
        "拣要紧的",
        True,
        most=2,
        choices=(
            Choice("1", "漏雨"),
            Choice("2", "堵"),
            Choice("3", "其他", writes=True),
            Choice("4", "都没有", alone=True),
        ),
    )
    assert [row.name for row in matrix.rows] == ["屋顶", "路"]
    assert matrix.when is not None
    assert [q.type for q in others] == ["yesno", "scale", "place", "number"]
    assert [len(q.choices) for q in others] == [2, 5, 0, 0]


@pytest.mark.parametrize(
    ("header", "value", "sort", "words"),
    [
        ("最少", "0", "多选", "请填 1 到 999 的整数"),
        ("最多", "三", "多选", "请填 1 到 999 的整数"),
        ("最多", 3, "填空", "用不上这一列"),
        ("最多", 4, "照片", "照片最多放 3 张"),
        ("最小", "多", "数字", "请填数字"),
        ("最大", "2026-02-30", "日期", "日期看不懂"),
        ("小数位", 4, "数字", "小数位请填 0 到 3"),
        ("单位", "长" * 11, "数字", "太长了"),
        ("收意见", "是", "单选", "用不上这一列"),
        ("停用", "也许", "填空", "这里只填“是”"),
    ],
)
def test_limits_that_cannot_stand_are_told(
    header: str, value: object, sort: str, words: str
) -> None:
    found = said([["题型", "题目", "选项", header], [sort, "甲", "一；二", value]])
    assert any((row, column) == (2, header) and words in say for row, column, say in found), found


def test_a_long_note_is_a_title_and_what_stands_below_it() -> None:
    text = "谢谢您家抽空。" + "下面的话只给社区看，不往外说。" * 8
    rows = [["type", "label"], ["note", text], ["text", "甲"]]
    note, _question = workbook.read(workbook_of(rows)).questions
    assert note.title + note.help == text
    assert len(note.title) <= 60


def test_kobos_ranking_is_one() -> None:
    rows = [
        ["type", "name", "label", "kobo--rank-items", "kobo--rank-constraint-message"],
        ["begin_rank", "r", "先办哪样？", "works", "别重样"],
        ["rank__level", "first", "第一"],
        ["rank__level", "second", "第二"],
        ["end_rank"],
    ]
    works = [["works", key, key] for key in ("roof", "road", "lamp")]
    (rank,) = workbook.read(workbook_of(rows, [*CHOICES, *works])).questions
    assert (rank.key, rank.type, rank.title, rank.most) == ("r", "rank", "先办哪样？", 2)
    assert [choice.key for choice in rank.choices] == ["roof", "road", "lamp"]


def test_kobos_table_of_scores_is_a_matrix() -> None:
    rows = [
        ["type", "name", "label", "kobo--score-choices"],
        ["begin_score", "s", "修得怎样？", "yn"],
        ["score__row", "roof", "屋顶"],
        ["score__row", "road", "路"],
        ["end_score"],
    ]
    (matrix,) = workbook.read(workbook_of(rows, CHOICES)).questions
    assert (matrix.type, [row.key for row in matrix.rows]) == ("matrix", ["roof", "road"])
    assert [choice.key for choice in matrix.choices] == ["yes", "no"]


def test_a_questionnaire_that_nobody_would_answer_to_its_end_is_told() -> None:
    rows = [["type", "label"], *[["text", "甲"]] * 101]
    assert [(row, say) for row, _column, say in said(rows)] == [
        (0, "题目太多了，一份问卷最多 100 题，现在 101 题。")
    ]
    long = [["long", str(n), f"第 {n} 样"] for n in range(400)]
    rows = [["type", "label"], *[["select_multiple long", "甲"]] * 8]
    assert [(row, say) for row, _column, say in said(rows, [*CHOICES, *long])] == [
        (0, "选项加起来太多了，一份问卷最多 3000 个，现在 3200 个。")
    ]
