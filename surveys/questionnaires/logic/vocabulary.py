"""The words that a reader of conditions understands, in full and in plain small signs.

Of words that begin alike the longer stands first.
"""

import re
from collections.abc import Mapping

from surveys.questionnaires.conditions import Sign


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


IF = _words("如果 假如 要是 只有 只要 若是 若 当 if when")
THEN = _words("的话 的时候 时 的 , 则 那么 那 就 才 then")
SHOW = _words("显示 出现 回答 答 问 看 show")
THIS = _words("这一题 这道题 这题 本题 此题 这一段 这段 它")
AND = _words("并且 而且 同时 且 以及 并 和 与 && & and")
OR = _words("或者是 或者 或是 或 || | or")
JOINTS = (*((word, "or") for word in OR), *((word, "and") for word in AND))
"""how choices are joined, and what is meant"""
NOT = _words("并不是 不是 并非 非 not !")
PICKED = _words("选择了 选中了 选的是 选了 选中 选择 选 picked selected chose")
UNPICKED = _words("没有选择 没有选中 没选中 没选择 没有选 没选 未选 不选")
ANSWERED = _words("回答了 已答 答了 填了 写了 排了 放了 拍了 传了 answered")
UNANSWERED = _words(
    "没有回答 没回答 没有答 没有填 没有写 没答 未答 没填 没写 没排 没放 没拍 没传 空着 unanswered"
)
_SIGNS: Mapping[Sign, str] = {
    ">=": "大于或者等于 大于或等于 大于等于 不小于 不少于 不低于 不早于 至少 最少 起码 >= => ≥ ≧",
    "<=": "小于或者等于 小于或等于 小于等于 不大于 不多于 不超过 不高于 不晚于 至多 最多 <= =< ≤ ≦",
    "!=": "不等于 不是 != <> ≠",
    "=": "等于 正好 刚好 恰好 就是 是 为 == = is",
    ">": "大于 多于 超过 高于 晚于 >",
    "<": "小于 少于 低于 早于 不到 不足 <",
}
SIGNS = tuple((word, sign) for sign, some in _SIGNS.items() for word in _words(some))
_BOUNDS: Mapping[Sign, str] = {">=": "及以上 以上", "<=": "及以下 以下"}
BOUNDS = tuple((word, sign) for sign, some in _BOUNDS.items() for word in _words(some))
"""behind a number"""
COUNT = _words("选的个数 选的数量 选了几个 放的张数 答的行数 排的位数 个数 数量")
UNITS = _words("个选项 个 样 项 种 条 张 位 行 人 口 岁 元 年 天")
AMONG = re.compile(r"(其?中|里面?)?的?(任意|任何|至少|随便)?((一|1)\s*[个样项种条]|之一|任一)")
NTH = re.compile(r"第\s*([0-9]{1,3}|[一二三四五六七八九十]{1,3})\s*位")
NUMBERED = re.compile(r"(?:第\s*)?([0-9]{1,3})\s*(?:号|个选项)")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(,[0-9]{3})*(\.[0-9]+)?")
DATE = re.compile(r"[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}\s*日?")
