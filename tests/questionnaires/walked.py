"""A questionnaire in which every kind of question stands once, and answers decide what is asked."""

from surveys.questionnaires.conditions import AnyOf, Compared, Not, Picked
from surveys.questionnaires.rules import Choice, Question


def choices(*names: str) -> tuple[Choice, ...]:
    """Choices with the letters of the alphabet for keys."""
    return tuple(Choice("abcdefghijkl"[n], name) for n, name in enumerate(names))


OTHER = Choice("x", "别的", writes=True)
LEAKS = Picked("q1", ("a",))
EVERY = (
    Question("s1", "section", "先说说房子", "几样常见的毛病。"),
    Question("n1", "note", "没有对错，照实说就行。"),
    Question(
        "q1",
        "several",
        "家里有哪些毛病？",
        least=1,
        most=3,
        required=True,
        choices=(*choices("房顶漏雨", "下水道堵", "线路老化"), OTHER, Choice("n", "都没有", True)),
    ),
    Question("q2", "single", "漏了多久？", choices=(*choices("今年", "好几年"), OTHER), when=LEAKS),
    Question("q3", "photo", "漏的地方拍一张", most=3, when=LEAKS),
    Question(
        "q4", "dropdown", "房子是哪年盖的？", choices=choices("1970 年代", "1980 年代", "不清楚")
    ),
    Question(
        "q5", "rank", "哪几样先修？", most=3, choices=choices("房顶", "下水道", "线路", "路灯")
    ),
    Question("s2", "section", "再说说院里"),
    Question(
        "q6",
        "scale",
        "院里住着满意吗？",
        choices=choices("很满意", "满意", "一般", "不满意", "很不满意"),
    ),
    Question("q7", "yesno", "愿意装电梯吗？", choices=choices("愿意", "不愿意")),
    Question(
        "q8",
        "matrix",
        "这几样做得怎么样？",
        choices=choices("好", "一般", "不好"),
        rows=choices("扫院子", "收垃圾", "修路灯"),
    ),
    Question("q9", "number", "家里几口人？", lowest="1", highest="20", unit="口"),
    Question("q10", "date", "哪天上门方便？", lowest="2026-11-01"),
    Question("q11", "place", "您住在哪栋楼？"),
    Question(
        "q12",
        "short",
        "孩子几岁了？",
        when=AnyOf((Compared("q9", ">=", "4"), Picked("q7", ("b",)))),
    ),
    Question(
        "q13", "long", "还有什么想说的？", takes_suggestions=True, when=Not(Picked("q6", ("a",)))
    ),
    Question("n2", "note", "谢谢您。", "答完还要看一遍，再交。"),
)
"""fifteen kinds: thirteen questions, of which four hang on answers, two heads and two notes"""
