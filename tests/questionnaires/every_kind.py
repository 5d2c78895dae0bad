"""A questionnaire that has every kind of question, with conditions between them."""

from surveys.base.db import db
from surveys.questionnaires import rules, service
from surveys.questionnaires.conditions import Picked
from surveys.questionnaires.rules import Choice, Question
from tests.questionnaires import asking
from tests.world import World


def choices(*names: str) -> tuple[Choice, ...]:
    """Choices keyed a, b, c."""
    return tuple(Choice(key, name) for key, name in zip("abcdefghijkl", names, strict=False))


QUESTIONS = (
    Question("s1", "section", "先说您家"),
    Question("place", "place", "您家在哪个单元？"),
    Question("n1", "note", "下面几题，选一个。"),
    Question("single", "single", "住了几年？", required=True, choices=choices("不到五年", "更久")),
    Question(
        "several",
        "several",
        "哪几样烦心？",
        least=1,
        most=3,
        choices=(
            *choices("漏雨", "下水道", "楼道灯"),
            Choice("o", "其他", writes=True),
            Choice("n", "都没有", alone=True),
        ),
    ),
    Question("where", "long", "漏在哪里？", takes_suggestions=True, when=Picked("several", ("a",))),
    Question(
        "dropdown", "dropdown", "多大年纪？", choices=choices("30 以下", "30 到 60", "60 以上")
    ),
    Question(
        "rank", "rank", "哪样先办？", least=2, most=3, choices=choices("灯", "路", "墙", "树")
    ),
    Question("scale", "scale", "满意吗？", choices=choices("很好", "好", "一般", "差", "很差")),
    Question("yesno", "yesno", "愿意出钱吗？", choices=choices("愿意", "不愿意")),
    Question(
        "number",
        "number",
        "愿意出多少？",
        unit="元",
        lowest="0",
        highest="5000",
        decimals=1,
        when=Picked("yesno", ("a",)),
    ),
    Question(
        "matrix",
        "matrix",
        "这几样怎么样？",
        rows=(Choice("r", "路"), Choice("d", "灯"), Choice("w", "水"), Choice("t", "树")),
        choices=choices("好", "一般", "差"),
    ),
    Question("date", "date", "哪天在家？", lowest="2026-01-01", highest="2026-12-31"),
    Question("short", "short", "怎么称呼？"),
    Question("s2", "section", "最后"),
    Question("photo", "photo", "拍一张", most=2),
)
"""one of each kind: in this order the questions are numbered 1 to 13"""

TYPED = {
    "place": "2-1",
    "single": "2",
    "several": "1 4 想要 2 个凉亭",
    "where": "房顶东边",
    "dropdown": "3",
    "rank": "312",
    "scale": "4",
    "yesno": "1",
    "number": "20.5",
    "matrix": "1 3 2 0",
    "date": "2026/3/5",
    "short": "老王",
}
"""what a clerk types off a sheet"""
READ = {
    "place": ("2-1",),
    "single": ("b",),
    "several": ("a", "o=想要 2 个凉亭"),
    "where": ("房顶东边",),
    "dropdown": ("c",),
    "rank": ("c", "a", "b"),
    "scale": ("d",),
    "yesno": ("a",),
    "number": ("20.5",),
    "matrix": ("r:a", "d:c", "w:b"),
    "date": ("2026-03-05",),
    "short": ("老王",),
}
"""what it says"""


def opened_now(world: World) -> str:
    """Id of such a questionnaire that is open by the real clock."""
    questionnaire = asking.opened_now(world)
    version = service.find(questionnaire).version
    version.questions = rules.write_questions(QUESTIONS)
    version.digest = rules.digest(QUESTIONS)
    db.session.commit()
    return questionnaire
