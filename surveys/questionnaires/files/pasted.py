"""A questionnaire out of pasted text: a title, a paragraph, numbered questions, choices. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires import logic
from surveys.questionnaires.cards import FIXED, HELP, NAME, TEXT, TITLE
from surveys.questionnaires.files.incoming import (
    Fault,
    Incoming,
    doubled,
    first_of,
    short,
    split,
    too_many,
    wrong_with,
)
from surveys.questionnaires.files.pasted_lines import BLANK, Line, Marks, lines_of, marks_of
from surveys.questionnaires.files.workbook_choices import marked
from surveys.questionnaires.logic import words as logic_words
from surveys.questionnaires.rules import ASIDE, Choice, Question
from surveys.questionnaires.service import LONGEST

LONGEST_TEXT = 100_000
"""characters of a pasted questionnaire"""
CHOOSING = frozenset({"single", "several", "dropdown", "rank", "scale", "yesno", "matrix"})
_AT_LENGTH = re.compile("意见|建议|为什么|原因|什么|说说|谈谈|哪里|怎么")
_WRITES = re.compile(r"[(（]\s*请?\s*(?:注明|说明|填写|写明|写出|补充)\s*[)）]\s*[_＿]*\s*$")
_PARTED = re.compile(r"[\s　;；,，、|/]+")


@dataclass(slots=True)
class _Block:
    """A question's line and what stands below it."""

    head: Line
    choices: list[Line] = field(default_factory=list)
    plain: list[Line] = field(default_factory=list)
    said: dict[str, Line] = field(default_factory=dict)


def read(text: str) -> Incoming:
    """The questionnaire that a text says; the rows of its faults are its lines.

    Raises:
        Invalid: it is empty or far too long.
    """
    if len(text) > LONGEST_TEXT:
        raise Invalid(N_("这段文字太长了，最多 %(most)d 个字。"), most=LONGEST_TEXT)
    lines = lines_of(text)
    if not lines:
        raise Invalid(N_("还没有文字。请把问卷贴进来。"))
    faults: list[Fault] = []
    above, blocks = _blocks(lines, faults)
    head = _head(above, faults)
    made = _numbered([_question(block, faults) for block in blocks])
    questions = _conditioned(blocks, made, faults)
    if all(question.type in ASIDE for question in questions):
        faults.append(Fault("", 0, "", N_("一道题也没认出来。每道题前面要有号，比如“1.”。")))
    faults += too_many(questions, "")
    return Incoming(head, () if faults else questions, first_of(faults), _told(blocks))


def _blocks(lines: Sequence[Line], faults: list[Fault]) -> tuple[list[Line], list[_Block]]:
    """What stands above the first question or section, and each with what is below it."""
    above: list[Line] = []
    blocks: list[_Block] = []
    for line in lines:
        if line.sort in {"question", "section"}:
            blocks.append(_Block(line))
        elif not blocks:
            above.append(line)
        elif line.sort == "choice":
            blocks[-1].choices.append(line)
        elif line.sort == "plain":
            blocks[-1].plain.append(line)
        elif line.sort in blocks[-1].said:
            say = N_("“%(what)s”写了两遍，请留一遍。")
            faults.append(Fault("", line.number, "", say, {"what": line.sort}))
        else:
            blocks[-1].said[line.sort] = line
    return above, blocks


def _head(above: Sequence[Line], faults: list[Fault]) -> dict[str, str]:
    """The first line is the title, what follows the words of the first screen."""
    if not above:
        return {}
    head = {"title": _text(above[0], above[0].text, LONGEST["title"], faults)}
    if len(above) > 1:
        words = "".join(line.text for line in above[1:])
        head["intro"] = _text(above[1], words, LONGEST["intro"], faults)
    return head


def _text(line: Line, text: str, most: int, faults: list[Fault]) -> str:
    try:
        return short(text, most)
    except Invalid as error:
        faults.append(Fault("", line.number, "", error.msgid, error.params))
        return ""


def _numbered(questions: Sequence[Question]) -> list[Question]:
    """With keys: q3 is the third that takes an answer, s1 the first that takes none."""
    counts = {"q": 0, "s": 0}
    found = []
    for question in questions:
        letter = "s" if question.type in ASIDE else "q"
        counts[letter] += 1
        found.append(replace(question, key=f"{letter}{counts[letter]}"))
    return found


def _question(block: _Block, faults: list[Fault]) -> Question:
    if block.head.sort == "section":
        return _aside("section", block.head.text, block, faults)
    marks = marks_of(block.head)
    for word in marks.unknown:
        say = N_("没有“%(type)s”这种题型。")
        faults.append(Fault("", block.head.number, "", say, {"type": word}))
    sort = marks.sort or _guessed(block, marks)
    if sort in ASIDE:
        return _aside(sort, marks.title, block, faults)
    title = BLANK.sub("____", marks.title).removesuffix("____").rstrip(" :：") or marks.title
    question = Question(
        "",
        sort,
        _text(block.head, title, TITLE, faults),
        required=marks.required,
        most=1 if sort == "photo" else None,
    )
    if sort not in CHOOSING:
        _mind_strays(block.choices, faults)
        return replace(question, help=_help(block, block.plain, faults))
    return _chosen(question, block, marks, faults)


def _aside(sort: str, text: str, block: _Block, faults: list[Fault]) -> Question:
    """A note or the head of a section; what is too long for a title goes below it."""
    _mind_strays(block.choices, faults)
    title, rest = split(text, sort)
    more = [replace(block.head, text=rest)] if rest else []
    help_ = _help(block, [*more, *block.plain], faults, TEXT)
    return Question("", sort, _text(block.head, title, TITLE, faults), help_)


def _guessed(block: _Block, marks: Marks) -> str:
    """The type of a question that does not say it."""
    if block.choices or len(block.plain) > 1:
        return "single"
    if BLANK.search(marks.title) or not _AT_LENGTH.search(marks.title):
        return "short"
    return "long"


def _chosen(question: Question, block: _Block, marks: Marks, faults: list[Fault]) -> Question:
    if question.type == "matrix":
        return _matrix(question, block, faults)
    lines, notes = block.choices or block.plain, block.plain if block.choices else []
    late = [line for line in notes if line.number > block.choices[0].number]
    _mind_strays(late, faults)
    choices = _choices(lines, faults) or FIXED.get(question.type, ())
    sort = question.type
    if len(choices) != len(FIXED.get(sort, choices)):
        sort = "single"
    _mind_the_choices(block.head, choices, faults)
    return replace(
        question,
        type=sort,
        help=_help(block, [line for line in notes if line not in late], faults),
        choices=choices,
        most=marks.most if sort in {"several", "rank"} else None,
        least=marks.least if sort in {"several", "rank"} else None,
    )


def _matrix(question: Question, block: _Block, faults: list[Fault]) -> Question:
    """Columns are lettered, or stand in the first line below; each further line is a row."""
    plain = list(block.plain)
    if line := block.said.get("列"):
        columns = _parts(line)
    elif block.choices:
        columns = block.choices
    else:
        columns = _parts(plain.pop(0)) if plain else []
    rows = _parts(line) if (line := block.said.get("行")) else plain
    if not rows:
        faults.append(Fault("", block.head.number, "", N_("这一题没写有哪几行，每行写一行。")))
    choices = _choices(columns, faults)
    _mind_the_choices(block.head, choices, faults)
    return replace(
        question,
        help=_help(block, [], faults),
        choices=choices,
        rows=tuple(
            Choice(f"r{n}", _text(row, row.text, NAME, faults)) for n, row in enumerate(rows, 1)
        ),
    )


def _parts(line: Line) -> list[Line]:
    return [replace(line, text=word) for word in _PARTED.split(line.text) if word]


def _choices(lines: Sequence[Line], faults: list[Fault]) -> tuple[Choice, ...]:
    found = []
    for number, line in enumerate(lines, 1):
        text, writes = _WRITES.subn("", line.text)
        try:
            choice = marked(str(number), text)
        except Invalid as error:
            faults.append(Fault("", line.number, "", error.msgid, error.params))
            continue
        inside = BLANK.search(choice.name) is not None
        found.append(replace(choice, writes=choice.writes or bool(writes) or inside))
    return tuple(found)


def _mind_the_choices(head: Line, choices: Sequence[Choice], faults: list[Fault]) -> None:
    for error in (*wrong_with(choices, 2), *doubled(choices)):
        faults.append(Fault("", head.number, "", error.msgid, error.params))


def _mind_strays(lines: Sequence[Line], faults: list[Fault]) -> None:
    for line in lines:
        say = N_("“%(start)s”这一行不知道是什么：题目前面要有号，选项前面要有字母。")
        faults.append(Fault("", line.number, "", say, {"start": line.text[:12]}))


def _help(block: _Block, lines: Sequence[Line], faults: list[Fault], most: int = HELP) -> str:
    found = [*lines, *([block.said["说明"]] if "说明" in block.said else [])]
    if not found:
        return ""
    return _text(found[0], "".join(line.text for line in found), most, faults)


def _conditioned(
    blocks: Sequence[_Block], questions: Sequence[Question], faults: list[Fault]
) -> tuple[Question, ...]:
    """The questions with the conditions that stand below them in words."""
    found: list[Question] = []
    for block, question in zip(blocks, questions, strict=True):
        line = block.said.get("显示条件")
        if line is None:
            found.append(question)
            continue
        try:
            when = logic_words.read(line.text, questions, question.key)
            question = replace(question, when=when)
        except Invalid as error:
            faults.append(Fault("", line.number, "", error.msgid, error.params))
        found.append(question)
    lines = {q.key: block.said.get("显示条件") for q, block in zip(found, blocks, strict=True)}
    for fault in [] if faults else logic.faults(found):
        if line := lines[fault.key]:
            faults.append(Fault("", line.number, "", fault.error.msgid, fault.error.params))
    return tuple(found)


def _told(blocks: Sequence[_Block]) -> tuple[Fault, ...]:
    say = N_("这一题有 %(n)d 处空，答的时候写在一个框里。")
    counts = [(block.head, len(BLANK.findall(block.head.text))) for block in blocks]
    return tuple(Fault("", head.number, "", say, {"n": n}) for head, n in counts if n > 1)
