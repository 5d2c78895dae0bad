"""Names of places in a plain text: they say where, never what is the matter."""

import re

_ENDS = (
    "小区|社区|花园|家园|佳园|景园|嘉园|名园|丽园|新城|国际城|置地广场|公寓|街道|大厦|新村|家属院"
    "|山庄|公馆|华府|花苑|苑|府"
)
NAME = re.compile(
    r"[a-z]\d*[市区县州镇]|西地省"  # as published complaints mask them
    rf"|[\u4e00-\u9fff]{{2,6}}?(?:{_ENDS})"
)
"""of a town or an estate"""
POSITION = re.compile(
    r"[\d一二三四五六七八九十两几]+(?:号楼|号院|栋|幢|单元|门洞|楼|层|期|号|户|排|区)"
    r"|[东西南北中前后](?:门|头|边|侧|面|户|院|区)"
)
"""within an estate: 3号楼, 二单元, 南门"""
_DOOR = re.compile(
    r"[\d一二三四五六七八九十]+(?:号楼|号院|栋|幢|单元(?!门))|[东西南北](?:门|头|边|侧|面|户)(?:口|儿)?"
)


def unplaced(plain_text: str) -> str:
    """A plain text with nothing, of the same length, for the building, the stairwell, the side.

    They would else be heard as part of a word: 3号楼 before 灯, 南门 before 房顶.
    """
    return _DOOR.sub(lambda found: "_" * len(found[0]), plain_text)
