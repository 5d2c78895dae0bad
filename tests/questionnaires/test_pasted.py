"""Pasted text is read in the manner of 问卷星; what cannot be read is told by its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.config import ROOT
from surveys.errors import Invalid
from surveys.questionnaires.conditions import Counted
from surveys.questionnaires.files import pasted
from surveys.questionnaires.rules import Choice, Question

TEXT = """老院改造意愿问卷

先听您家的。
一户一份，几分钟就答完。

一、您家
1. 您家住哪儿？[楼栋单元]
*2、您家几口人？
A. 1 口  B. 2 口　C. 3 口以上
第3题 哪几样最烦心？（可多选，最多三项）
A、屋顶漏雨
b. 下水堵
(C) 楼道黑
D. 其他____
E. 都没有（排他）
4．您的性别[单选题]*
男
女
5) 先办哪样？[排序题]
说明：把最急的放最前
显示条件：Q3 选了至少 2 个
① 屋顶 ② 下水
二、回访
6. 修得怎么样[矩阵]
很满意 满意 不满意
屋顶
路面
7. 总的怎么样？【量表题】
8. 您愿意每户出____元
9. 还有什么意见？
10. 哪天看的（日期，必答）
11. 满意吗 A.满意 B.不满意 C.其他（请注明）
12. 拍一张【上传图片】
13. 愿意吗？[判断题]
14. 做完了，谢谢。[说明]
"""


def test_the_example_of_the_documentation_is_read() -> None:
    text = (ROOT / "docs" / "excel.md").read_text("utf-8").split("```")[1]
    found = pasted.read(text)
    assert found.faults == ()
    kinds = [question.type for question in found.questions]
    assert kinds == ["section", "single", "several", "rank", "matrix", "long"]


def choices(*named: str) -> tuple[Choice, ...]:
    return tuple(Choice(str(n), name) for n, name in enumerate(named, 1))


def test_a_questionnaire_of_every_kind_is_read() -> None:
    found = pasted.read(TEXT)
    assert found.faults == ()
    assert found.head == {
        "title": "老院改造意愿问卷",
        "intro": "先听您家的。一户一份，几分钟就答完。",
    }
    five = choices("很满意", "满意", "一般", "不太满意", "不满意")
    wishes = (
        *choices("屋顶漏雨", "下水堵", "楼道黑"),
        Choice("4", "其他", writes=True),
        Choice("5", "都没有", alone=True),
    )
    satisfied = (*choices("满意", "不满意"), Choice("3", "其他", writes=True))
    works = (Choice("r1", "屋顶"), Choice("r2", "路面"))
    assert found.questions == (
        Question("s1", "section", "您家"),
        Question("q1", "place", "您家住哪儿？"),
        Question(
            "q2", "single", "您家几口人？", "", True, choices=choices("1 口", "2 口", "3 口以上")
        ),
        Question("q3", "several", "哪几样最烦心？", most=3, choices=wishes),
        Question("q4", "single", "您的性别", "", True, choices=choices("男", "女")),
        Question(
            "q5",
            "rank",
            "先办哪样？",
            "把最急的放最前",
            choices=choices("屋顶", "下水"),
            when=Counted("q3", ">=", 2),
        ),
        Question("s2", "section", "回访"),
        Question(
            "q6", "matrix", "修得怎么样", choices=choices("很满意", "满意", "不满意"), rows=works
        ),
        Question("q7", "scale", "总的怎么样？", choices=five),
        Question("q8", "short", "您愿意每户出____元"),
        Question("q9", "long", "还有什么意见？"),
        Question("q10", "date", "哪天看的", "", True),
        Question("q11", "single", "满意吗", choices=satisfied),
        Question("q12", "photo", "拍一张", most=1),
        Question("q13", "yesno", "愿意吗？", choices=(Choice("yes", "是"), Choice("no", "否"))),
        Question("s3", "note", "做完了，谢谢。"),
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. 电话____", ("short", "电话", False)),
        ("1. 电话____*", ("short", "电话", True)),
        ("1.5 米高的墙，修不修？", None),
        ("1、您有什么建议", ("long", "您有什么建议", False)),
        ("(1) 姓什么[填空题]", ("short", "姓什么", False)),
        ("Q1：几口人（数字）", ("number", "几口人", False)),
        ("第 1 题、几口人（家里，含租客）", ("short", "几口人（家里，含租客）", False)),
        ("1. 您住得满意（选答）", ("short", "您住得满意", False)),
    ],
)
def test_a_title_says_its_type(line: str, expected: tuple[str, str, bool] | None) -> None:
    found = pasted.read(f"题头\n{line}")
    if expected is None:
        assert found.faults
        return
    (question,) = found.questions
    assert (question.type, question.title, question.required) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("标题\n只有字", [(0, "一道题也没认出来")]),
        ("标题\n1. 甲[滑动条题]", [(2, "没有“滑动条题”这种题型")]),
        ("标题\n1. 甲[单选题]\nA. 一", [(2, "至少要有两个选项")]),
        ("标题\n1. 甲\nA. 一\nB. 二\n哪来的", [(5, "“哪来的”这一行不知道是什么")]),
        ("标题\n1. 甲[矩阵题]\n好 坏", [(2, "没写有哪几行")]),
        ("标题\n1. " + "长" * 61, [(2, "太长了，最多 60 个字，现在 61 个")]),
        ("标题\n1. 甲\nA. " + "长" * 41 + "\nB. 二", [(3, "太长了，最多 40 个字")]),
        ("长" * 41 + "\n1. 甲", [(1, "太长了，最多 40 个字")]),
        ("标题\n1. 甲[填空题]\nA. 一", [(3, "“一”这一行不知道是什么")]),
        ("标题\n1. 甲\n显示条件：Q2 答了\n2. 乙", [(3, "")]),
        ("标题\n1. 甲\n显示条件：胡说\n2. 乙", [(3, "")]),
        ("标题\n1. 甲\n说明：一\n说明：二", [(4, "“说明”写了两遍")]),
        ("标题\n" + "\n".join(f"{n}. 甲" for n in range(1, 102)), [(0, "最多 100 题，现在 101")]),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    found = pasted.read(text)
    assert found.questions == ()
    said = [(fault.row, fault.msgid % fault.params) for fault in found.faults]
    for row, words in expected:
        assert any(number == row and words in say for number, say in said), said


@pytest.mark.parametrize("text", ["", " \n\t\n", "长" * 100_001])
def test_nothing_or_far_too_much_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        pasted.read(text)


PIECES = st.sampled_from(
    [
        "标题",
        "1. ",
        "2、",
        "A. ",
        "B、",
        "(C)",
        "[单选题]",
        "（多选）",
        "____",
        "*",
        "说明：",
        "列：",
        "行：",
        "显示条件：",
        "Q1 ",
        "选了",
        "“一”",
        "一、",
        "\n",
        "\n",
        "\n",
        " ",
        "[矩阵]",
        "题",
        "最多三项",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join))
def test_any_text_is_read_or_its_faults_told_but_never_fails(text: str) -> None:
    try:
        found = pasted.read(text)
    except Invalid:
        return
    assert bool(found.questions) != bool(found.faults)
    assert all(fault.msgid % fault.params for fault in found.faults)
