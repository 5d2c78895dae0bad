"""One row of a workbook as one question, by what stands in its first column. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from surveys.base.words import N_
from surveys.errors import Invalid
from surveys.questionnaires.cards import FIXED, HELP, MOST_PHOTOS, TEXT, TITLE, UNIT
from surveys.questionnaires.files import constraints
from surveys.questionnaires.files import workbook_names as names
from surveys.questionnaires.files.incoming import doubled, short, split, wrong_with
from surveys.questionnaires.files.workbook_choices import (
    Lists,
    in_one_cell,
    is_yes,
    list_name,
    with_other,
)
from surveys.questionnaires.files.workbook_sheets import Row, Said
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.rules import ASIDE, Choice, Question

FIVE = FIXED["scale"]
COUNTED = frozenset({"several", "rank", "photo"})
MEASURED = frozenset({"number", "date"})
_OR_OTHER = re.compile(r"\s*\b(or_other|or specify other|或其他)$")
_DROPS = frozenset({"minimal", "autocomplete", "search", "quickcompact"})


@dataclass(frozen=True, slots=True)
class Bench:
    """What a row is worked on with: the lists of choices, and where faults are put."""

    lists: Lists
    said: Said


def make(row: Row, sort: str, rest: str, bench: Bench, key: str) -> Question:
    """The question of a row; what is wrong with it is added to what is said.

    Args:
        sort: as `workbook_names.type_called` tells it.
        rest: what follows in the cell.
    """
    title, rest_of_it = split(row["label"], sort)
    blank = Question(
        key, sort, _text(row, "label", title, TITLE, bench), _help(row, rest_of_it, sort, bench)
    )
    made = _MAKERS.get(sort, _plain)(blank, row, rest, bench)
    if made.type not in ASIDE:
        made = replace(made, required=_required(row, bench.said))
    made = replace(made, off=is_yes(row, "off", bench.said))
    made = _columns(made, row, bench.said)
    _tell_left_out(row, bench.said)
    if row["constraint"]:
        made = _constrained(made, row, bench.said)
    _check(made, row, bench.said)
    return made


def _text(row: Row, column: str, text: str, most: int, bench: Bench) -> str:
    try:
        return short(text, most)
    except Invalid as error:
        bench.said.faults.append(row.wrong(column, error))
        return ""


def _help(row: Row, more: str, sort: str, bench: Bench) -> str:
    text, most = "\n".join(filter(None, (more, row["hint"]))), TEXT if sort in ASIDE else HELP
    return _text(row, "hint" if row["hint"] else "label", text, most, bench) if text else ""


def _required(row: Row, said: Said) -> bool:
    text = row["required"].lower()
    if text not in names.YES | names.NO:
        say = N_("这里只填“是”，或者空着；“%(text)s”没有收，这一题可以不答。")
        said.told.append(row.fault("required", say, text=text[:30]))
    return text in names.YES


# the kinds


Maker = Callable[[Question, Row, str, Bench], Question]


def _plain(blank: Question, _row: Row, _rest: str, _bench: Bench) -> Question:
    return blank


def _choosing(blank: Question, row: Row, rest: str, bench: Bench) -> Question:
    choices = choices_of(row, rest, bench, FIXED.get(blank.type, ()))
    sort = blank.type
    looks = set(row["appearance"].lower().split())
    if sort == "single" and looks & _DROPS:
        sort = "dropdown"
    if sort == "single" and "likert" in looks and len(choices) == len(FIVE):
        sort = "scale"
    return replace(blank, type=sort, choices=choices)


def choices_of(
    row: Row, rest: str, bench: Bench, usual: tuple[Choice, ...] = ()
) -> tuple[Choice, ...]:
    """The choices that a row names: of a list, or beside it in one cell."""
    other = _OR_OTHER.search(rest)
    name = list_name(row["list"] or _OR_OTHER.sub("", rest))
    if row["choices"] and not row["list"]:
        found = in_one_cell(row, "choices", bench.said)
    elif name:
        found = _of_list(name, row, "list" if row["list"] else "type", bench)
    elif usual:
        found = usual
    else:
        say = N_("没写选项。请在“选项表”里写用哪张表，或者在“选项”里直接写，用；隔开。")
        bench.said.faults.append(row.fault("list" if "list" in row.headers else "type", say))
        return ()
    return with_other(found) if other else found


def _of_list(name: str, row: Row, column: str, bench: Bench) -> tuple[Choice, ...]:
    if name not in bench.lists:
        say = N_("没有叫“%(name)s”的选项表。")
        bench.said.faults.append(row.fault(column, say, name=name[:40]))
    return bench.lists.get(name, ())


def _matrix(blank: Question, row: Row, rest: str, bench: Bench) -> Question:
    columns = choices_of(row, rest, bench)
    name = list_name(row["rows"])
    if name in bench.lists:
        rows = bench.lists[name]
    elif re.search(r"[\n；;|]", row["rows"]):
        rows = in_one_cell(row, "rows", bench.said)
    else:
        rows = ()
        say = N_("没写有哪几行。请在“行”里写用哪张选项表，或者直接写，用；隔开。")
        bench.said.faults.append(row.fault("rows", say))
    return replace(blank, choices=columns, rows=rows)


def _image(blank: Question, row: Row, _rest: str, _bench: Bench) -> Question:
    return replace(blank, type="photo", most=None if row["most"] else 1)


def _decimal(blank: Question, _row: Row, _rest: str, _bench: Bench) -> Question:
    return replace(blank, type="number", decimals=3)


def _written(blank: Question, row: Row, _rest: str, _bench: Bench) -> Question:
    return replace(blank, type="long" if "multiline" in row["appearance"].lower() else "short")


def _range(blank: Question, row: Row, _rest: str, bench: Bench) -> Question:
    """A scale where it has five whole steps, else a number with bounds."""
    given = dict(re.findall(r"(start|end|step)\s*=\s*([^\s,;]+)", row["parameters"].lower()))
    number = replace(blank, type="number")
    try:
        start, end, step = (
            Decimal(given.get(name, usual))
            for name, usual in (("start", "0"), ("end", "10"), ("step", "1"))
        )
        places = max(_places(part) for part in (start, end, step))
    except (InvalidOperation, ValueError):
        say = N_("看不懂。请照“start=1 end=5 step=1”这样写。")
        bench.said.faults.append(row.fault("parameters", say))
        return number
    start, end = min(start, end), max(start, end)
    if places == 0 and step == 1 and end - start == len(FIVE) - 1:
        keys = [str(int(start) + n) for n in range(len(FIVE))]
        return replace(blank, type="scale", choices=tuple(Choice(key, key) for key in keys))
    if step != Decimal(1).scaleb(-places):
        say = N_("步长 %(step)s 没有收进来，中间的数也能填。")
        bench.said.told.append(row.fault("parameters", say, step=f"{step:f}"))
    return replace(number, lowest=f"{start:f}", highest=f"{end:f}", decimals=places)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or not -3 <= exponent <= 12:
        raise ValueError(number)
    return max(0, -exponent)


_MAKERS: Mapping[str, Maker] = {
    **dict.fromkeys(["single", "several", "dropdown", "rank", "scale", "yesno"], _choosing),
    "matrix": _matrix,
    "decimal": _decimal,
    "image": _image,
    "text": _written,
    "range": _range,
}


# the columns that belong to some kinds only


def _columns(made: Question, row: Row, said: Said) -> Question:
    made = _with(made, row, said, ("least", "most"), COUNTED, _count)
    made = _with(made, row, said, ("decimals",), {"number"}, _digit)
    made = _with(made, row, said, ("lowest", "highest"), MEASURED, _bound(made))
    made = _with(made, row, said, ("unit",), {"number"}, lambda text: short(text, UNIT))
    if row["suggests"].lower() not in names.NO and not KINDS[made.type].is_text:
        said.faults.append(row.fault("suggests", _UNUSED))
        return made
    return replace(made, takes_suggestions=is_yes(row, "suggests", said))


_UNUSED = N_("这种题用不上这一列，请清空。")


def _with(
    made: Question,
    row: Row,
    said: Said,
    columns: tuple[str, ...],
    kinds: set[str] | frozenset[str],
    read: Callable[[str], object],
) -> Question:
    for column in columns:
        if not row[column]:
            continue
        if made.type not in kinds:
            said.faults.append(row.fault(column, _UNUSED))
            continue
        try:
            value = read(row[column])
        except Invalid as error:
            said.faults.append(row.wrong(column, error))
        else:
            made = replace(made, **{column: value})  # type: ignore[arg-type]
    return made


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise Invalid(N_("请填 1 到 999 的整数，不限就空着。"))
    return int(text)


def _digit(text: str) -> int:
    if text not in {"0", "1", "2", "3"}:
        raise Invalid(N_("小数位请填 0 到 3。"))
    return int(text)


def _bound(made: Question) -> Callable[[str], str]:
    """Reads a bound as it would be answered."""
    asked = Question("", "date" if made.type == "date" else "number", "", decimals=3)

    def read(text: str) -> str:
        found = KINDS[asked.type].read(asked, [text])
        return found[0] if found else ""

    return read


# constraint, and what is left out


_LEFT_OUT = {
    "default": N_("默认值没有收：居民看到的题都是空着的。"),
    "choice_filter": N_("选项筛选没有收：选项会全部列出来。"),
    "calculation": N_("计算没有收。"),
    "repeat_count": N_("重复次数没有收。"),
}


def _tell_left_out(row: Row, said: Said) -> None:
    said.told += [row.fault(name, say) for name, say in _LEFT_OUT.items() if row[name]]
    said.told += [
        row.fault(name, N_("字里的 ${…} 不会换成答案，会照原样显示。"))
        for name in ("label", "hint")
        if "${" in row[name]
    ]


def _constrained(made: Question, row: Row, said: Said) -> Question:
    made, left = constraints.bounded(made, row["constraint"])
    for part in left:
        say = N_("“%(part)s”这条限制没有收进来。")
        said.told.append(row.fault("constraint", say, part=part[:60]))
    read = _bound(made)
    try:
        return replace(made, lowest=read(made.lowest), highest=read(made.highest))
    except Invalid as error:
        said.faults.append(row.wrong("constraint", error))
        return made


def _check(made: Question, row: Row, said: Said) -> None:
    """What fits in each cell may still not fit together."""
    column = "list" if row["list"] else "choices" if row["choices"] else "type"
    for choices, least, where in ((made.choices, 2, column), (made.rows, 1, "rows")):
        if choices and not made.off:
            said.faults += [row.wrong(where, error) for error in wrong_with(choices, least)]
            said.told += [row.wrong(where, error) for error in doubled(choices)]
    if made.least and made.most and made.least > made.most:
        said.faults.append(row.fault("least", N_("“最少”比“最多”还大。")))
    if made.type == "photo" and (made.most or 1) > MOST_PHOTOS:
        say = N_("照片最多放 %(most)d 张。")
        said.faults.append(row.fault("most", say, most=MOST_PHOTOS))
    if made.lowest and made.highest and _size(made, made.lowest) > _size(made, made.highest):
        said.faults.append(row.fault("lowest", N_("“最小”比“最大”还大。")))


def _size(made: Question, bound: str) -> tuple[str, Decimal]:
    return (bound, Decimal(0)) if made.type == "date" else ("", Decimal(bound))
