"""The workbook that is handed out to be filled in: a small one, every column explained."""

from surveys.base import books
from surveys.base.tables import Value
from surveys.questionnaires.conditions import Counted, Picked
from surveys.questionnaires.files import workbook_out
from surveys.questionnaires.files.workbook_kinds import FIVE
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import Choice, Question

HEAD = {
    "title": "改造意愿（样表）",
    "intro": "院子要改造，先听您家的。",
    "keeps": "只记门牌号、您答的话、哪天怎么答的。",
    "seen_by": "社区工作人员看得到。对外只公布合起来的数。",
}
_NEEDS = (
    Choice("a", "屋顶漏雨"),
    Choice("b", "下水堵"),
    Choice("c", "楼道黑"),
    Choice("other", "其他", writes=True),
    Choice("none", "都没有", alone=True),
)
QUESTIONS = (
    Question("home", "section", "您家"),
    Question("place", "place", "您家在哪个单元？"),
    Question(
        "people", "number", "家里几口人？", required=True, lowest="1", highest="20", unit="人"
    ),
    Question("wishes", "section", "想办的事"),
    Question("needs", "several", "哪几样最烦心？", "最多三样", True, most=3, choices=_NEEDS),
    Question(
        "first",
        "rank",
        "先办哪样？",
        most=2,
        choices=_NEEDS[:3],
        when=Counted("needs", ">=", 2),
    ),
    Question("leak", "photo", "哪里漏？拍一张", most=3, when=Picked("needs", ("a",))),
    Question(
        "works",
        "matrix",
        "去年修的这几样，怎么样？",
        choices=FIVE,
        rows=(Choice("roof", "屋顶"), Choice("road", "路面")),
    ),
    Question("talk", "long", "还有什么想说的？", takes_suggestions=True),
)
_HOW = (
    ("表", "列", "怎么填"),
    ("题目", "题型", "、".join(kind.name for kind in KINDS.values())),
    ("题目", "编号", "可以空着。写了就别重样：字母、数字、汉字都行，别的题拿它说条件"),
    ("题目", "题目", "最多 60 个字"),
    ("题目", "说明", "题目下面的小字，可以空着"),
    ("题目", "必答", "填“是”，或者空着"),
    ("题目", "选项表", "用“选项”那张表里的哪一组"),
    ("题目", "选项", "选项少，也可以加这一列直接写：漏雨；堵；其他____；都没有（排他）"),
    ("题目", "行", "矩阵才用：哪一组选项当行，或者直接写：屋顶；路面"),
    ("题目", "显示条件", "什么时候才问这一题：Q3 选了“屋顶漏雨”。Q3 是居民看到的第 3 题"),
    ("题目", "最少、最多", "多选、排序选几样，照片放几张"),
    ("题目", "最小、最大", "数字和日期的范围，比如 1 和 20、2026-01-01"),
    ("题目", "小数位、单位", "数字才用，小数最多 3 位"),
    ("题目", "收意见", "问答才用：填“是”，答的话就进意见，可以归到台账里"),
    ("题目", "停用", "填“是”，这一题先不问"),
    ("选项", "选项表、编号、选项", "一行一个选项，同一组的选项表写一样的名字"),
    ("选项", "排他", "填“是”：选了它就不能再选别的"),
    ("选项", "其他填写", "填“是”：选了还能自己写几个字"),
    ("设置", "标题、引言、记什么、谁看得到", "首屏上的话，只填一行"),
)


def to_xlsx() -> bytes:
    """The example, with a sheet in front that explains it."""
    header, *rows = _HOW
    body: list[list[Value]] = [list(row) for row in rows]
    return books.to_xlsx(
        {"说明": (header, body), **workbook_out.sheets(HEAD, QUESTIONS)}, workbook_out.OFFERED
    )
