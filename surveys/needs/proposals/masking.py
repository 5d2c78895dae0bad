"""Names, numbers to call and room numbers in what somebody wrote: found, to be hidden.

Rather one too many: whoever may see the whole text sees it, and everybody else loses one word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from surveys.needs.proposals.plain import plain

HIDDEN = "＊＊"


class Kind(StrEnum):
    """What a piece of text tells about somebody."""

    NAME = "name"
    NUMBER = "number"
    """of a telephone, an identity card, an account"""
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Private:
    """A piece of a text that tells who or where somebody is: from `start` up to `end`."""

    kind: Kind
    start: int
    end: int


_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|皇甫|尉迟|令狐|慕容|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓"
    "许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹"
    "黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁耿牟卜路詹"
    "关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房])"
)
_CALLED = (
    "(?:大爷|大娘|大妈|大叔|大哥|大姐|大嫂|叔叔|阿姨|奶奶|爷爷|伯伯|老师|师傅|先生|女士|小姐|主任|书记|经理|院长|局长|科长|处长"
    "|队长|站长|医生|大夫|护士|律师|老板|同志|老太太|老太|老汉|叔|婶|姨|姐|哥|嫂|伯)"
)
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_NO_OFFICE = "(?!施工|项目|房管|车间|包工|任何|安全|管理|家庭|全科|高级|常务|单位|程序|凌晨)"
"""施工队长 and 项目经理 have no name in front"""
_NO_THING = "(?![房管路车石高段方成关])"
"""小房, 老管 and 小路 are nobody"""
_AFTER_NAME = r"(?=[家说是那他她的头和跟与也在把又总不,。.;!、\s]|两口|$)"
_CALL = r"(?=[,: ]?(?:电话|手机|联系|\d{7}))"
_END = r"(?=[,.。;!、\s]|$)"
_HAN_DIGIT = "[零〇一二三四五六七八九幺两]"
_NO_AMOUNT = r"(?!\d|[元块年月平多户米]|天(?!花|天))"
_ROOM = rf"(?:[1-9]\d{{2,3}}|{_HAN_DIGIT}{{3,4}}(?![层楼口人个单百千万]|{_HAN_DIGIT})){_NO_AMOUNT}"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"

_PATTERNS = [
    (kind, re.compile(pattern))
    for kind, pattern in (
        (Kind.NUMBER, r"(?<!\d)\d(?:[ -]?\d){6,}x?"),
        (Kind.NUMBER, rf"{_HAN_DIGIT}{{7,}}"),
        (Kind.NUMBER, r"[\w.-]+@[\w.-]+"),
        (Kind.NUMBER, r"(?<=微信号)[: ]?[a-z][\w-]{4,}"),
        (Kind.NUMBER, rf"{_PROVINCE}[a-z][· ]?[a-z\d]{{5,6}}(?![a-z\d])"),
        (Kind.NAME, rf"{_NO_OFFICE}{_SURNAME}(?:{_GIVEN})?{_CALLED}"),
        (Kind.NAME, rf"[老小]{_NO_THING}{_SURNAME}{_AFTER_NAME}"),
        (Kind.NAME, rf"(?<=姓){_SURNAME}(?=的|,|。|$)"),
        (Kind.NAME, rf"{_SURNAME}{_GIVEN}{_CALL}"),
        *(
            (Kind.NAME, rf"(?<={before}):?{_SURNAME}{_GIVEN}")
            for before in (
                *("我叫", "俺叫", "名叫", "他叫", "她叫", "儿子叫", "女儿叫", "老伴叫"),
                *("姓名", "本人", "联系人", "户主"),
            )
        ),
        (Kind.NAME, rf"(?<=我是){_SURNAME}{_GIVEN}{_END}"),
        *(
            (Kind.ROOM, rf"(?<={before}{blank}){_ROOM}[室号]?")
            for before in ("单元", "号楼", "栋", "门")
            for blank in ("", " ")
        ),
        *(
            (Kind.ROOM, rf"(?<={before}{blank}){_ROOM}")
            for before in ("我家", "俺家", "住", "楼上", "楼下", "对门", "隔壁")
            for blank in ("", " ")
        ),
        (Kind.ROOM, r"(?<!\d)\d{1,2}[-—_/]\d{1,2}[-—_/]\d{3,4}(?!\d)"),
        (Kind.ROOM, rf"(?<![\d.—_/-])[1-9]\d?[-—][1-9]\d{{2,3}}(?![—_/-]){_NO_AMOUNT}"),
        (Kind.ROOM, r"(?<!\d)[1-9]\d{2,3}(?=楼上|楼下|漏)"),
        (Kind.ROOM, r"(?<=层)\d{1,2}[号室](?![楼线院门])"),
        (Kind.ROOM, r"(?<!\d)[1-9]\d{2,3}(?:室|房|号房)"),
        (Kind.ROOM, r"[\d一二三四五六七八九十]{1,2}(?:楼|层)[东西南北中左右]户"),
    )
]


def private(text: str) -> list[Private]:
    """Every such piece of a text, in its order; none overlaps another one."""
    found: list[Private] = []
    for piece in sorted(_all(plain(text)), key=lambda piece: (piece.start, -piece.end)):
        if not found or piece.start >= found[-1].end:
            found.append(piece)
    return found


def masked(text: str, start: int = 0, end: int | None = None) -> str:
    """A text as anybody may read it; or what stands in it from `start` up to `end`."""
    found, at = [], start
    end = len(text) if end is None else end
    for piece in private(text):
        if piece.end > start and piece.start < end:
            found += [text[at : piece.start], HIDDEN]
            at = piece.end
    return "".join([*found, text[at:end]])


def _all(plain_text: str) -> Iterator[Private]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(plain_text):
            yield Private(kind, *found.span())
