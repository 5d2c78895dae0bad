"""What each line of a pasted questionnaire is, and what a question's brackets and blanks say. Pure.

The manner is that of 问卷星 and of what people type in Word: numbered questions, lettered choices.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

BLANK = re.compile(r"[_＿]{2,}")
_MARK = r"(?:[(（]\s*(?P<{0}a>[A-Za-z])\s*[)）]|(?P<{0}b>[A-Za-z])\s*[、.．:：)）])\s*"
_CHOICE = re.compile(_MARK.format("c"))
_NEXT = re.compile(r"(?<=[\s　;；])" + _MARK.format("n"))
_BULLET = re.compile(r"[①-⑳□○◯●☐■◇◆•·]\s*")
_QUESTION = re.compile(
    r"(?P<star>[*＊]?)\s*(?:第\s*\d{1,3}\s*题\s*[、.．:：]?|[Qq]\d{1,3}\s*[、.．:：]"
    r"|[(（]\s*\d{1,3}\s*[)）]|\d{1,3}\s*(?:[、．)）]|\.(?!\d)))\s*(?P<text>.*)"
)
_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分)\s*(?P<text>.*)"
)
_SAID = re.compile(r"(说明|提示|显示条件|列|行)\s*[:：]\s*(?P<text>.+)")
_BRACKET = re.compile(r"[\[【(（]\s*([^\[\]【】()（）]{1,30}?)\s*[\]】)）]")
_NUMBERS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_COUNT = r"(\d{1,2}|[一二两三四五六七八九十])\s*[项个样件条种]"
_MOST = re.compile(r"(?:最多|至多|限选|不超过|选出?)(?:可?选)?\s*" + _COUNT)
_LEAST = re.compile(r"(?:最少|至少)(?:选)?\s*" + _COUNT)

TYPES: Mapping[str, str] = {
    word: sort
    for sort, words in {
        "single": "单选 单选题 单项选择 单项选择题 选一个 只选一项",
        "several": "多选 多选题 可多选 多项选择 多项选择题 不定项 不定项选择题",
        "dropdown": "下拉 下拉题 下拉框 下拉选择 下拉选择题",
        "rank": "排序 排序题",
        "scale": "量表 量表题 五级量表 打分 打分题 评分 评分题",
        "yesno": "是非 是非题 判断 判断题",
        "matrix": "矩阵 矩阵题 矩阵单选 矩阵单选题 矩阵量表 矩阵量表题",
        "number": "数字 数字题 填数字",
        "date": "日期 日期题",
        "short": "填空 填空题 单行填空 单行填空题 单项填空 单项填空题",
        "long": "问答 问答题 简答 简答题 多行填空 多行填空题",
        "place": "楼栋单元 楼栋",
        "photo": "照片 照片题 图片 上传图片 上传照片 图片题",
        "note": "说明 段落说明",
        "section": "分节 分页 分组",
    }.items()
    for word in words.split()
}
"""what stands in brackets → the type"""
_REQUIRED = frozenset({"必答", "必答题", "必填", "必填题"})
_OPTIONAL = frozenset({"选答", "选答题", "选填", "可不答", "可以不答"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and its words without the mark that says so."""

    number: int
    sort: str
    """question, choice, section, plain, or the word before a colon: 说明, 显示条件, 列, 行"""
    text: str
    starred: bool = False


@dataclass(slots=True)
class Marks:
    """What a question's title says about it, and the title that is left."""

    title: str
    sort: str = ""
    required: bool = False
    most: int | None = None
    least: int | None = None
    unknown: list[str] = field(default_factory=list)
    """types in brackets that nobody knows"""


def lines_of(text: str) -> list[Line]:
    """Every line that says something; of choices one each, also where several stand in a line."""
    found: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        if line := raw.strip():
            found += _lines(number, line, begun=any(one.sort == "question" for one in found))
    return found


def _lines(number: int, line: str, *, begun: bool) -> list[Line]:
    if question := _QUESTION.fullmatch(line):
        title, choices = _cut(question["text"])
        lines = [Line(number, "question", title, bool(question["star"]))]
        return lines + [Line(number, "choice", choice) for choice in choices]
    if section := _SECTION.fullmatch(line):
        return [Line(number, "section", section["text"] or line)]
    if not begun:
        return [Line(number, "plain", line)]
    if _CHOICE.match(line):
        return [Line(number, "choice", choice) for choice in _choices(line)]
    if _BULLET.match(line):
        parts = _BULLET.split(line)
        return [Line(number, "choice", part.strip()) for part in parts if part.strip()]
    if said := _SAID.fullmatch(line):
        return [Line(number, said[1], said["text"])]
    return [Line(number, "plain", line)]


def _choices(line: str) -> list[str]:
    """A line of choices cut before each letter that follows the one before it."""
    first = _CHOICE.match(line)
    if first is None:
        return [line]
    at, found = first.end(), []
    letter = (first["ca"] or first["cb"]).upper()
    for mark in _NEXT.finditer(line, at):
        if (mark["na"] or mark["nb"]).upper() == chr(ord(letter) + 1):
            found.append(line[at : mark.start()].strip(" 　;；"))
            at, letter = mark.end(), chr(ord(letter) + 1)
    return [*found, line[at:].strip()]


def _cut(text: str) -> tuple[str, list[str]]:
    """A question whose choices stand in its own line: cut before A, where B follows."""
    for mark in _NEXT.finditer(text):
        choices = _choices(text[mark.start() :])
        if (mark["na"] or mark["nb"]).upper() == "A" and len(choices) > 1:
            return text[: mark.start()].strip(), choices
    return text, []


def marks_of(line: Line) -> Marks:
    """What the brackets, stars and words of a question's title say."""
    marks = Marks(line.text, required=line.starred)
    for found in _BRACKET.finditer(line.text):
        if _takes(marks, found[1]):
            marks.title = marks.title.replace(found[0], "", 1)
    title = marks.title.strip()
    if title[:1] in "*＊" or title[-1:] in "*＊":
        marks.required, title = True, title.strip("*＊ ")
    marks.title = title.strip()
    if not marks.sort and "多选" in line.text:
        marks.sort = "several"
    return marks


def _takes(marks: Marks, said: str) -> bool:
    """Whether a bracket is about the question, and no part of its words."""
    words = [word for word in re.split(r"[,，、;；\s]+", said) if word]
    known = 0
    for word in words:
        most, least = _MOST.search(word), _LEAST.search(word)
        if sort := TYPES.get(word):
            marks.sort = marks.sort or sort
        elif word in _REQUIRED:
            marks.required = True
        elif most or least:
            marks.most = _number(most[1]) if most else marks.most
            marks.least = _number(least[1]) if least else marks.least
        elif word not in _OPTIONAL:
            if re.fullmatch(r"\S{1,8}题", word):
                marks.unknown.append(word)
            continue
        known += 1
    return bool(words) and known == len(words)


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)
