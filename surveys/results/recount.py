#!/usr/bin/env python3
"""Checks the files of a ballot and counts it again, as the page on the format of the record says.

    python3 recount.py BUNDLE [--head HEAD] [--lang en] [--json]

BUNDLE is the public or the sealed bundle of a picking ballot, or the register's bundle of an
owners' vote: a zip file, or the folder that it unpacks to.
Python 3.9 or newer is enough; nothing is installed, written or sent.
Exit 0: everything holds. 1: something does not, and one sentence says what. 2: called wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from fractions import Fraction
from itertools import chain as joined
from itertools import groupby, zip_longest
from pathlib import Path
from typing import IO, Any, NoReturn, Union

Obj = dict[str, Any]
Choice = dict[str, int]
Shape = Callable[[Any], bool]
Said = tuple[str, Obj]
"""the name of a sentence in WORDS, and what fills it in"""

FILES = (
    "record.json",
    "chain.jsonl",
    "receipts.txt",
    "sealed.json",
    "register.json",
    "sheets.json",
    "deliveries.json",
)
MOST_BYTES = 64 * 1024 * 1024
"""no honest file comes near"""
MOST_DIGITS = 18

WORDS = {
    # what was checked
    "chain": (
        "事件链：{lines} 行首尾相连，编号和先后都对，进出的户数行行对得上。",
        "Chain: {lines} lines linked end to end; numbers, order and households all agree.",
    ),
    "opening": (
        "规则和菜单：和开始时记下的哈希一致。",
        "Rules and menu: as their hashes were noted at the opening.",
    ),
    "seed": ("抽签种子：和开始时的承诺一致。", "Tie seed: as committed to at the opening."),
    "receipts": (
        "回执：{receipts} 个，和事件链里的票一一对应。",
        "Receipts: {receipts}, exactly those of the votes in the chain.",
    ),
    "votes": (
        "票数：投票 {cast} − 撤回 {withdrawn} + 恢复 {reinstated} = {count}，和封存时一致。",
        "Votes: cast {cast} − withdrawn {withdrawn} + reinstated {reinstated} = {count} sealed.",
    ),
    "totals": (
        "总数：和计票时记下的哈希一致，每一项都有数，没有超过票数的。",
        "Totals: as their hash was noted at the count; every item has one, none beyond the votes.",
    ),
    "head": ("记录的末尾：{head}。", "Head of the record: {head}."),
    "head_last": (
        "您给的末尾，就是现在最后一行的哈希。",
        "The head you gave is the hash of the last line.",
    ),
    "head_count": (
        "您给的末尾，是封存计票那一行的哈希；那以后又记了 {later} 次抽签。",
        "The head you gave is that of the sealed count; lots drawn since then: {later}.",
    ),
    "choices": (
        "封存的选择：{choices} 张，和封存时的哈希一致，张张合规，加起来就是总数。",
        "Sealed choices: {choices}, as they were sealed, each valid; they add up to the totals.",
    ),
    "parts": (
        "只给一栋楼、一个单元选的项目：{parts} 处，另有 {pieces} 份选择，也都对得上。",
        "Buildings and stairwells with items of their own: {parts}, with {pieces} choices; "
        "they agree too.",
    ),
    # what was recounted
    "public": (
        "公开包：按总数重算（{rule}），和公布的结果一致。",
        "Public bundle: recounted from the totals ({rule}); the result is the published one.",
    ),
    "sealed": (
        "封存包：按每一张选择重算（{rule}），和公布的结果一致。",
        "Sealed bundle: recounted from every choice ({rule}); the result is the published one.",
    ),
    "rounds": (
        "公开包：淘汰制要有每一张选择才能重算，这里只核对了每一轮的票数前后相合。",
        "Public bundle: a runoff can be recounted from whole choices only; "
        "here its rounds were checked to be consistent.",
    ),
    "opinion": (
        "另一种算法（equalshares/add1）：按每一张选择重算，一致。",
        "Second opinion (equalshares/add1): recounted from every choice; it agrees.",
    ),
    "opinion_unchecked": (
        "另一种算法（equalshares/add1）：要有每一张选择才能重算，公开包里没有核对。",
        "Second opinion (equalshares/add1): needs whole choices; not checked in a public bundle.",
    ),
    "opinion_untold": (
        "另一种算法（equalshares/add1）：记录里还没有写，没有核对。",
        "Second opinion (equalshares/add1): the record does not tell it; not checked.",
    ),
    "tie_open": (
        "还有平局没有抽签定下来，结果还不完整。",
        "A tie has not been settled by lot yet; the result is not complete.",
    ),
    "result": (
        "结果：选中 {number} 项，共 {spent} 元，预算 {budget} 元：{names}",
        "Result: {number} chosen for {spent} yuan of a budget of {budget}: {names}",
    ),
    "winner": ("结果：选出 {names}", "Result: the winner is {names}"),
    "nobody": ("结果：一项也没有选出。", "Result: nothing was chosen."),
    "void": (
        "这次点单已经作废，没有计票，也就没有结果可以重算。",
        "This ballot was declared void: nothing was counted and there is no result to recount.",
    ),
    # owners' votes
    "owners_chain": (
        "事件链：{lines} 行首尾相连，编号和先后都对。",
        "Chain: {lines} lines linked end to end; numbers and order agree.",
    ),
    "owners_register": (
        "业主名册：{owners} 户，{area} ㎡，和封存时的哈希一致。",
        "Register of owners: {owners} owners, {area} m², as its hash was noted at the sealing.",
    ),
    "owners_corrected": (
        "名册在表决中更正过 {times} 次，事件链里都有。",
        "The register was corrected {times} times during the vote, each told in the chain.",
    ),
    "owners_sheets": (
        "表决票：{sheets} 份，和封存时的哈希一致，份份在事件链里有；计入 {owners} 户，每户一份。",
        "Sheets: {sheets}, as they were sealed, each told in the chain; "
        "{owners} owners count, with one sheet each.",
    ),
    "owners_silent": (
        "未表决的约定：票送到了、没有交回的有 {owners} 户，{area} ㎡。",
        "Silence clause: the ballot reached {owners} owners with {area} m² who sent nothing.",
    ),
    "owners_recounted": (
        "按每一份票重算，和记下的结果一致。",
        "Recounted from every sheet; the result is the recorded one.",
    ),
    "owners_head_count": (
        "您给的末尾，是计票那一行的哈希；结果在那以后公布。",
        "The head you gave is that of the count; the result was published after it.",
    ),
    "owners_motion": (
        "议题{number}：赞成 {for_owners} 户、{for_area} ㎡，"
        "反对 {against_owners} 户、{against_area} ㎡。",
        "Motion {number}: for {for_owners} owners, {for_area} m²; "
        "against {against_owners} owners, {against_area} m².",
    ),
    "owners_reached": (
        "议题{number}：按已录入数据，达到法定比例。",
        "Motion {number}: by the data entered, the statutory share is reached.",
    ),
    "owners_missed": (
        "议题{number}：按已录入数据，未达到法定比例。",
        "Motion {number}: by the data entered, the statutory share is not reached.",
    ),
    "owners_reached_with_silence": (
        "议题{number}：按未表决的约定算，达到法定比例。",
        "Motion {number}: with the silence clause, the statutory share is reached.",
    ),
    "owners_missed_with_silence": (
        "议题{number}：按未表决的约定算，未达到法定比例。",
        "Motion {number}: with the silence clause, the statutory share is not reached.",
    ),
    "holds": ("全部对得上。", "Everything holds."),
    # what does not hold
    "missing": ("包里没有 {file}。", "{file} is missing from the bundle."),
    "twice": ("包里有两个 {file}。", "{file} is in the bundle twice."),
    "too_large": ("{file} 太大（超过 64 MB），不读。", "{file} is refused: it exceeds 64 MB."),
    "unreadable": (
        "{file} 打不开，不是完好的压缩包、文件夹或文件。",
        "{file} cannot be read: it is no sound zip file, folder or file.",
    ),
    "malformed": (
        "{where} 不合格式，没法核对。",
        "{where} is not written as the format says and cannot be checked.",
    ),
    "not_canonical": (
        "{where} 不是规范的写法（规范 JSON）。",
        "{where} is not canonical JSON.",
    ),
    "bad_key": (
        "{where} 里的“{key}”缺了，或者不合格式。",
        "In {where}, “{key}” is missing or not as the format says.",
    ),
    "unknown_key": (
        "{where} 里多了格式里没有的“{key}”。",
        "In {where}, “{key}” is nothing that the format knows.",
    ),
    "cut_line": (
        "chain.jsonl 的最后一行没有写完。",
        "The last line of chain.jsonl is cut off.",
    ),
    "number": (
        "{where}：编号是 {number}，应当是 {due}，有事件被删、被加或换了位置。",
        "{where}: its number is {number} and should be {due}; an event was "
        "removed, added or moved.",
    ),
    "previous": (
        "{where}：和前一行接不上，前一行被改过。",
        "{where}: it does not link to the line before, which was altered.",
    ),
    "ballot": (
        "{where}：这一行属于另一次点单。",
        "{where}: it belongs to another ballot.",
    ),
    "order": (
        "{where}：“{kind}”不能出现在这里。",
        "{where}: “{kind}” may not stand here.",
    ),
    "cut_off": (
        "事件链没有走到计票或作废，后面的被截掉了。",
        "The chain reaches neither a count nor a void: its end is cut off.",
    ),
    "extend": (
        "{where}：延后的截止时间没有晚过原来的。",
        "{where}: the new close is no later than the old one.",
    ),
    "moves": (
        "{where}：“{kind}”以后的户数不该是 {households}。",
        "{where}: after “{kind}” there cannot be {households} households.",
    ),
    "too_many": (
        "{where}：{households} 户投了票，比名册上的 {roll} 户还多。",
        "{where}: {households} households voted; the roll has {roll}.",
    ),
    "channels": (
        "{where}：签认的各渠道票数加起来不是 {households}。",
        "{where}: the channels signed for do not add up to {households}.",
    ),
    "seal_count": (
        "{where}：封存的票数是 {count}，事件链里是 {households}。",
        "{where}: {count} votes were sealed, but the chain has {households}.",
    ),
    "hash": (
        "{what} 被改过：它的哈希和事件链里“{kind}”记下的不一致。",
        "{what} was altered: its hash is not the one noted in the “{kind}” event.",
    ),
    "seed_missing": ("缺抽签种子。", "The tie seed is missing."),
    "seed_differs": (
        "抽签种子和开始时的承诺不一致。",
        "The tie seed is not the one committed to at the opening.",
    ),
    "lots": (
        "record.json 里的抽签次序和事件链里的不一致。",
        "The order of lots in record.json is not the one in the chain.",
    ),
    "receipts_differ": (
        "receipts.txt 和事件链里的回执不一致。",
        "receipts.txt does not hold exactly the receipts of the chain.",
    ),
    "receipts_few": (
        "计了 {count} 票，只有 {receipts} 个回执，有一户算了两次。",
        "{count} votes were counted, but there are {receipts} receipts: a household counts twice.",
    ),
    "head_differs": (
        "record.json 里的末尾不是事件链最后一行的哈希。",
        "The head in record.json is not the hash of the last line of the chain.",
    ),
    "head_unknown": (
        "您给的末尾，既不是最后一行的哈希，也不是计票那一行的。",
        "The head you gave is the hash of neither the last line nor the count.",
    ),
    "differs": (
        "{where} 对不上：记录里是 {recorded}，重算是 {recount}。",
        "{where} differs: the record says {recorded}, the recount gives {recount}.",
    ),
    "implausible": (
        "总数里的“{item}”不可能：一共只有 {ballots} 票。",
        "The total of “{item}” is impossible with {ballots} votes.",
    ),
    "rules_unknown": (
        "不认得的规则：{way} 配 {rule}（{score}）。",
        "Unknown rules: {way} with {rule} ({score}).",
    ),
    "parts_unknown": (
        "“{part}”自己的项目，配这样的规则没法重算：{way} 配 {rule}。",
        "Items of “{part}” alone cannot be counted by these rules: {way} with {rule}.",
    ),
    "part_small": (
        "“{part}”只有 {households} 户，不到 10 户不能有自己的项目。",
        "“{part}” has {households} households; below 10 it has no items of its own.",
    ),
    "part_votes": (
        "“{part}”不可能有 {pieces} 份选择。",
        "“{part}” cannot have {pieces} choices.",
    ),
    "format": (
        "{where} 的格式号，和有没有只给一栋楼选的项目对不上。",
        "The format number of {where} does not go with its items for one building.",
    ),
    "item_twice": ("菜单里有两个“{item}”。", "“{item}” is on the menu twice."),
    "choice": (
        "sealed.json 的第 {number} 张选择不合规则。",
        "Choice {number} of sealed.json is not valid.",
    ),
    "piece": (
        "sealed.json 里“{part}”的第 {number} 份选择不合规则。",
        "Choice {number} of “{part}” in sealed.json is not valid.",
    ),
    "doors_twice": (
        "register.json 里有一个业主或一处房屋出现了两次。",
        "An owner or a unit is in register.json twice.",
    ),
    "sheet_marks": (
        "第 {owner} 号业主的第 {entry} 份票，议题不齐。",
        "Sheet {entry} of owner {owner} does not have exactly the motions.",
    ),
    "sheet_late": (
        "第 {owner} 号业主的第 {entry} 份票，收到的日子在截止以后。",
        "Sheet {entry} of owner {owner} came after the close.",
    ),
    "sheets_untold": (
        "sheets.json 里的票，和事件链里记下的不是同一批。",
        "sheets.json does not hold exactly the sheets that the chain tells of.",
    ),
    "sheets_two": (
        "第 {owner} 号业主计入了不止一份票。",
        "More than one sheet of owner {owner} counts.",
    ),
    "unsorted": ("sealed.json 里的选择没有排好。", "The choices of sealed.json are not sorted."),
}
"""every sentence in Chinese and in English"""


class Differs(Exception):
    """Something does not hold: the name of its sentence, and what fills it in."""

    def __init__(self, sentence: str, **words: object) -> None:
        super().__init__(sentence)
        self.said: Said = (sentence, words)


def expect(holds: bool, sentence: str, **words: object) -> None:
    """Ends the check with this sentence if something does not hold."""
    if not holds:
        raise Differs(sentence, **words)


# --- reading ---------------------------------------------------------------------------------


def read_bundle(path: Path) -> dict[str, bytes]:
    """The files that are checked, by their names; folders inside a zip mean nothing."""
    try:
        return read_folder(path) if path.is_dir() else read_zip(path)
    except Differs:
        raise
    except Exception as error:  # a broken zip file breaks in many ways
        raise Differs("unreadable", file=path.name) from error


def read_folder(path: Path) -> dict[str, bytes]:
    """The files of a bundle that was unpacked."""
    files = {}
    for name in FILES:
        if (path / name).is_file():
            with (path / name).open("rb") as file:
                files[name] = read_limited(file, name)
    return files


def read_zip(path: Path) -> dict[str, bytes]:
    """The files of a bundle, out of its zip file."""
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as bundle:
        for member in bundle.infolist():
            name = member.filename.split("/")[-1]
            if name in FILES:
                expect(name not in files, "twice", file=name)
                expect(member.file_size <= MOST_BYTES, "too_large", file=name)
                with bundle.open(member) as file:
                    files[name] = read_limited(file, name)
    return files


def read_limited(file: IO[bytes], name: str) -> bytes:
    """What a file holds, unless it is beyond all measure."""
    content = file.read(MOST_BYTES + 1)
    expect(len(content) <= MOST_BYTES, "too_large", file=name)
    return content


def text_of(files: dict[str, bytes], name: str) -> str:
    """A file of the bundle as text."""
    expect(name in files, "missing", file=name)
    try:
        return files[name].decode("utf-8")
    except ValueError as error:
        raise Differs("malformed", where=name) from error


# --- writing things down -----------------------------------------------------------------------


def sha256(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value: object) -> str:
    """Canonical JSON of what is in Unicode NFC already."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def whole_number(digits: str) -> int:
    """A number of JSON, of a length that money and votes have."""
    if len(digits) > MOST_DIGITS:
        raise ValueError
    return int(digits)


def no_number(written: str) -> NoReturn:
    """Refuses fractions, exponents, NaN and infinities."""
    raise ValueError(written)


def parsed_value(text: str, where: str) -> Any:
    """A value of JSON."""
    try:
        value = json.loads(
            text, parse_int=whole_number, parse_float=no_number, parse_constant=no_number
        )
        canonical(value).encode("utf-8")  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise Differs("malformed", where=where) from error
    return value


def parsed(text: str, where: str, shape: dict[str, Shape]) -> Obj:
    """An object of JSON whose values are as its format says."""
    value = parsed_value(text, where)
    expect(isinstance(value, dict), "malformed", where=where)
    for key, fits in shape.items():
        expect(key in value and fits(value[key]), "bad_key", where=where, key=key)
    return dict(value)


def parsed_canonical(text: str, where: str, shape: dict[str, Shape]) -> Obj:
    """An object whose text is the one that canonical JSON gives it."""
    value = parsed(text, where, shape)
    check_canonical(value, text, where)
    return value


def check_canonical(value: object, text: str, where: str) -> None:
    """Whether a text is the one that canonical JSON gives this value."""
    in_nfc = all(unicodedata.is_normalized("NFC", each) for each in texts_in(value))
    expect(in_nfc and canonical(value) == text, "not_canonical", where=where)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of JSON, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def same(where: str, recorded: object, recounted: object) -> None:
    """Compares two values of JSON and names the first place where they differ."""
    if isinstance(recorded, dict) and isinstance(recounted, dict):
        for key in sorted({*recorded, *recounted}):
            same(f"{where}.{key}", recorded.get(key, ...), recounted.get(key, ...))
    elif isinstance(recorded, list) and isinstance(recounted, list):
        for place, (one, other) in enumerate(zip_longest(recorded, recounted, fillvalue=...)):
            same(f"{where}[{place}]", one, other)
    elif type(recorded) is not type(recounted) or recorded != recounted:
        shown = ["—" if value is ... else canonical(value) for value in (recorded, recounted)]
        raise Differs("differs", where=where, recorded=shown[0], recount=shown[1])


# --- the shapes of values ----------------------------------------------------------------------


def anything(value: Any) -> bool:
    """What the check makes no use of."""
    return True


def whole(value: Any) -> bool:
    """A count or an amount."""
    return type(value) is int and value >= 0


def text(value: Any) -> bool:
    """A text."""
    return isinstance(value, str)


def matching(pattern: str) -> Shape:
    """A text that the pattern describes."""
    return lambda value: text(value) and re.fullmatch(pattern, value) is not None


def instant(value: str) -> datetime:
    """A time, in UTC unless it says otherwise."""
    told = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return told if told.tzinfo else told.replace(tzinfo=timezone.utc)


def time(value: Any) -> bool:
    """A time in ISO 8601."""
    try:
        return text(value) and bool(instant(value))
    except ValueError:
        return False


def one_of(*known: object) -> Shape:
    """One of these values."""
    return lambda value: any(type(value) is type(each) and value == each for each in known)


def maybe(shape: Shape) -> Shape:
    """Null, or as the shape says."""
    return lambda value: value is None or shape(value)


def list_of(shape: Shape) -> Shape:
    """A list of such values."""
    return lambda value: isinstance(value, list) and all(map(shape, value))


def map_of(shape: Shape) -> Shape:
    """An object from any text to such values."""
    return lambda value: isinstance(value, dict) and all(map(shape, value.values()))


def having(**shapes: Shape) -> Shape:
    """An object with these keys, and maybe others."""
    return lambda value: (
        isinstance(value, dict)
        and all(key in value and shape(value[key]) for key, shape in shapes.items())
    )


digest = matching("[0-9a-f]{64}")
hexadecimal = matching("([0-9a-f]{2})+")
day = matching("[0-9]{4}-[0-9]{2}-[0-9]{2}")

EVERY_EVENT: dict[str, Shape] = {
    "ballot": text,
    "kind": text,
    "number": whole,
    "day": day,
    "previous": text,
}
GIVEN_WAY: dict[str, Shape] = {"counts": text, "gives_way": text, "households_in": whole}
EVENTS: dict[str, dict[str, Shape]] = {
    "open": {
        "roll": digest,
        "households": whole,
        "menu": digest,
        "rules": digest,
        "tie_seed": anything,
    },
    "extend": {"was": time, "closes_at": time, "seals_at": time, "reason": text},
    "cast": {"receipt": digest, "channel": text, "households_in": whole},
    "replace": GIVEN_WAY,
    "override": GIVEN_WAY,
    "withdrawn": {"channel": text, "households_in": whole},
    "reinstated": {"channel": text, "households_in": whole},
    "close": {"households_in": whole},
    "call_back": {"drawn": anything},
    "sign": {
        "channels": map_of(whole),
        "households_in": whole,
        "by": anything,
        "called_back": anything,
    },
    "seal": {"choices": digest, "count": whole, "unconfirmed": anything, "signed": anything},
    "count": {"rule": text, "result": digest, "code": anything},
    "lot": {"order": list_of(text), "witnesses": anything},
    "void": {"reason": text},
}
ITEM = having(
    id=text,
    name=text,
    class_key=maybe(text),
    cost_fen=whole,
    must_do=one_of(True, False),
)
PLACE = matching(r"\S+")
COUNTING = having(
    rule=one_of("greedy", "greedy-no-skip", "runoff"),
    score=maybe(text),
    length=maybe(whole),
    least_votes=maybe(whole),
    least_percent=maybe(whole),
    exclusive=list_of(list_of(text)),
    kind_cap_fen=map_of(whole),
)
RULES: dict[str, Shape] = {
    "format": one_of(1, 2),
    "title": text,
    "budget_fen": whole,
    "way": one_of("approve", "one", "points", "rank", "judge"),
    "counting": COUNTING,
    "tie_method": one_of("seed", "lot"),
    "items": list_of(ITEM),
}
TOTALS = having(ballots=whole, scores=map_of(whole), against=map_of(whole), abstain=map_of(whole))
RESULT: dict[str, Shape] = {"totals": TOTALS, "households_in": whole}
OUTCOME = having(
    winners=list_of(text),
    ties=list_of(having(items=list_of(text), score=whole, settled_by=maybe(text))),
    rounds=list_of(having(votes=map_of(whole), exhausted=whole, out=maybe(text))),
)
RECORD: dict[str, Shape] = {
    "format": one_of(1, 2),
    "ballot": text,
    "head": digest,
    "rules": text,
    "result": maybe(text),
    "tie_seed": maybe(hexadecimal),
    "lot_order": maybe(list_of(text)),
    "outcome": maybe(OUTCOME),
    "second_opinion": maybe(having(winners=list_of(text), spent_fen=whole, units=whole)),
    "sealed_sha256": maybe(digest),
}
CHOICES = list_of(map_of(lambda mark: type(mark) is int))
SEALED: dict[str, Shape] = {"choices": CHOICES, "salt": hexadecimal}
PARTED: dict[str, Shape] = {**SEALED, "parts": map_of(CHOICES)}


# --- the chain -----------------------------------------------------------------------------------

VOTES = ("cast", "replace", "override", "withdrawn", "reinstated")
SEALING = {"seal": "sealed", "void": "void"}
STAGES: dict[str, dict[str, str]] = {
    "start": {"open": "open"},
    "open": {**dict.fromkeys((*VOTES, "extend"), "open"), "close": "closed", "void": "void"},
    "closed": {**dict.fromkeys((*VOTES, "call_back"), "closed"), "sign": "signed", **SEALING},
    "signed": {"call_back": "signed", "sign": "signed", **SEALING},
    "sealed": {"count": "counted"},
    "counted": {"lot": "counted"},
    "void": {},
}
"""in each stage, the kinds of event that may come, and the stage that follows"""
MOVES = {
    **dict.fromkeys(("replace", "override", "close", "sign"), (0,)),
    "cast": (1,),
    "withdrawn": (-1, 0),
    "reinstated": (0, 1),
}
"""by how much `households_in` may move"""


class Chain:
    """The events of a ballot, and what they come to."""

    def __init__(self, content: str) -> None:
        expect(content.endswith("\n"), "cut_line")
        lines = content[:-1].split("\n")
        self.events = [read_event(line, place(n)) for n, line in enumerate(lines, start=1)]
        self.hashes = [sha256(line) for line in lines]
        self.gone = self.back = 0
        """votes withdrawn and reinstated, as far as a household left or came in by it"""

    def of(self, kind: str) -> list[Obj]:
        """All events of a kind."""
        return [event for event in self.events if event["kind"] == kind]

    def check(self, ballot: str) -> None:
        """Links, numbers, kinds and households."""
        self.check_links(ballot)
        self.check_order()
        self.check_households()
        for number, event in enumerate(self.events, start=1):
            if event["kind"] == "extend":
                later = instant(event["closes_at"]) > instant(event["was"])
                expect(later, "extend", where=place(number))

    def check_links(self, ballot: str) -> None:
        """Every event is the next one of this ballot and holds the hash of the one before."""
        before = ""
        for due, (event, own) in enumerate(zip(self.events, self.hashes), start=1):
            number = event["number"]
            expect(number == due, "number", where=place(due), number=number, due=due)
            expect(event["previous"] == before, "previous", where=place(due))
            expect(event["ballot"] == ballot, "ballot", where=place(due))
            before = own

    def check_order(self) -> None:
        """Every event stands where its kind may, and the last one is an end."""
        stage = "start"
        for number, event in enumerate(self.events, start=1):
            kind = event["kind"]
            expect(kind in STAGES[stage], "order", where=place(number), kind=kind)
            stage = STAGES[stage][kind]
        expect(stage in {"counted", "void"}, "cut_off")

    def check_households(self) -> None:
        """The households whose vote counts, from event to event."""
        inside, roll = 0, self.events[0]["households"]
        for number, event in enumerate(self.events, start=1):
            where, kind = place(number), event["kind"]
            if kind in MOVES:
                now, before = event["households_in"], inside
                expect(now - before in MOVES[kind], "moves", where=where, kind=kind, households=now)
                expect(now <= roll, "too_many", where=where, households=now, roll=roll)
                self.gone += kind == "withdrawn" and now < before
                self.back += kind == "reinstated" and now > before
                inside = now
            if kind == "sign":
                adds_up = sum(event["channels"].values()) == inside
                expect(adds_up, "channels", where=where, households=inside)
            if kind == "seal":
                count = event["count"]
                expect(count == inside, "seal_count", where=where, count=count, households=inside)


def place(number: int) -> str:
    """How a line of the chain is named."""
    return f"chain.jsonl:{number}"


def read_event(line: str, where: str) -> Obj:
    """One event, with the keys of its kind and no others."""
    event = parsed_canonical(line, where, EVERY_EVENT)
    expect(event["kind"] in EVENTS, "bad_key", where=where, key="kind")
    shape = {**EVERY_EVENT, **EVENTS[event["kind"]]}
    for key in sorted({*event, *shape}):
        expect(key in shape, "unknown_key", where=where, key=key)
        expect(key in event and shape[key](event[key]), "bad_key", where=where, key=key)
    return event


# --- choices and scores --------------------------------------------------------------------------

MARKS: dict[str, Shape] = {
    "approve": one_of(1),
    "one": one_of(1),
    "points": lambda mark: bool(mark >= 1),
    "rank": lambda mark: bool(mark >= 1),
    "judge": one_of(1, 0, -1),
}


def ids_of(items: Iterable[Obj]) -> list[str]:
    """The ids of items, in their order."""
    return [item["id"] for item in items]


def is_borda(rules: Obj) -> bool:
    """Whether scores are half points for places."""
    counting = rules["counting"]
    return bool(
        rules["way"] == "rank" and counting["score"] == "borda" and counting["rule"] != "runoff"
    )


def check_rules(rules: Obj) -> None:
    """Whether the rules are ones that can be recounted."""
    way, counting = rules["way"], rules["counting"]
    runs_off = counting["rule"] == "runoff"
    known = way == "rank" if runs_off else way != "rank" or is_borda(rules)
    words = {"way": way, "rule": counting["rule"], "score": counting["score"]}
    expect(known and (not is_borda(rules) or bool(counting["length"])), "rules_unknown", **words)
    for item, times in Counter(ids_of(rules["items"])).items():
        expect(times == 1, "item_twice", item=item)
    check_parts(rules)


LEAST_ON_ROLL, LEAST_IN = 10, 5
"""households of a part, and of them those that took part, below which nothing is told of it"""


def part_of(item: Obj) -> str:
    """The building, or the stairwell of it, that alone picks an item; "" of all other items."""
    if item["must_do"]:
        return ""
    return " ".join(item[key] for key in ("building", "stairwell") if key in item)


def parts_of(rules: Obj) -> list[str]:
    """The parts of a ballot, sorted."""
    return sorted({part_of(item) for item in rules["items"]} - {""})


def check_parts(rules: Obj) -> None:
    """Whether the parts are places that may have items, and the rules ones that can count them."""
    for number, item in enumerate(rules["items"]):
        for key in {"building", "stairwell"} & set(item):
            known = PLACE(item[key]) and "building" in item
            expect(known, "bad_key", where=f"rules.items[{number}]", key=key)
    parts, way, rule = parts_of(rules), rules["way"], rules["counting"]["rule"]
    expect(rules["format"] == (2 if parts else 1), "format", where="rules")
    held = rules.get("parts", {})
    expect(
        map_of(whole)(held) and bool(held) == ("parts" in rules),
        "bad_key",
        where="rules",
        key="parts",
    )
    same("rules.parts", sorted(held), parts)
    for part, households in held.items():
        countable = way == "approve" and rule in {"greedy", "greedy-no-skip"}
        expect(countable, "parts_unknown", part=part, way=way, rule=rule)
        expect(households >= LEAST_ON_ROLL, "part_small", part=part, households=households)


def check_choices(rules: Obj, choices: list[Choice], part: str = "") -> None:
    """Every choice marks items of this part as the way asks for."""
    menu = {item["id"] for item in rules["items"] if part_of(item) == part}
    fits = MARKS[rules["way"]]
    for number, choice in enumerate(choices, start=1):
        valid = menu.issuperset(choice) and all(map(fits, choice.values()))
        valid = valid and (rules["way"] != "one" or len(choice) <= 1)
        expect(valid, "piece" if part else "choice", number=number, part=part)
    written = [canonical(choice) for choice in choices]
    expect(written == sorted(written), "unsorted")


def ranks_of(choice: Choice) -> list[list[str]]:
    """The items of a choice by rank, best first."""
    ordered = sorted(choice, key=choice.__getitem__)
    return [list(group) for _, group in groupby(ordered, key=choice.__getitem__)]


def half_points(choice: Choice, length: int) -> Iterator[tuple[str, int]]:
    """What a ranking gives to its items, by Borda."""
    first = 1
    for group in ranks_of(choice):
        each = 2 * (length + 1) - 2 * first - (len(group) - 1)
        yield from ((item, max(each, 0)) for item in group)
        first += len(group)


def scores_of(rules: Obj, choice: Choice) -> Iterable[tuple[str, int]]:
    """What one choice gives to its items."""
    if is_borda(rules):
        return half_points(choice, rules["counting"]["length"])
    if rules["way"] == "rank":
        best = ranks_of(choice)[:1]
        return [(group[0], 1) for group in best if len(group) == 1]
    if rules["way"] == "points":
        return choice.items()
    return [(item, 1) for item, mark in choice.items() if mark == 1]


def totals_of(
    rules: Obj, choices: list[Choice], pieces: dict[str, list[Choice]] | None = None
) -> Obj:
    """The totals of all choices, and of those of each part."""
    menu = ids_of(rules["items"])
    scores = dict.fromkeys(menu, 0)
    parts = {part: len(found) for part, found in (pieces or {}).items()}
    for choice in joined(choices, *(pieces or {}).values()):
        for item, score in scores_of(rules, choice):
            scores[item] += score
    judged = menu if rules["way"] == "judge" else []
    return {
        "ballots": len(choices),
        "scores": scores,
        "against": {item: sum(c.get(item) == -1 for c in choices) for item in judged},
        "abstain": {item: sum(c.get(item) == 0 for c in choices) for item in judged},
        **({"parts": parts} if parts else {}),
    }


def ballots_of(totals: Obj, item: Obj) -> int:
    """How many choices were counted that might mark an item."""
    part = part_of(item)
    return int(totals["parts"][part] if part else totals["ballots"])


def check_lists(rules: Obj, totals: Obj) -> None:
    """How many choices each part has: none, or enough of them to be told."""
    held = totals.get("parts", {})
    expect(map_of(whole)(held), "bad_key", where="result.totals", key="parts")
    same("totals.parts", sorted(held), parts_of(rules))
    expect(bool(held) == ("parts" in totals), "bad_key", where="result.totals", key="parts")
    for part, pieces in held.items():
        most = min(rules["parts"][part], totals["ballots"])
        building = held.get(part.split(" ")[0], most)
        plausible = pieces == 0 or LEAST_IN <= pieces <= min(most, building)
        expect(plausible, "part_votes", part=part, pieces=pieces)


def check_plausible(rules: Obj, totals: Obj) -> None:
    """Every item has its totals, and no more than so many ballots can give."""
    menu, ballots = sorted(ids_of(rules["items"])), totals["ballots"]
    judged = menu if rules["way"] == "judge" else []
    for key, due in (("scores", menu), ("against", judged), ("abstain", judged)):
        same(f"totals.{key}", sorted(totals[key]), due)
    check_lists(rules, totals)
    most, together = limits(rules, ballots)
    for item in rules["items"]:
        if part_of(item):
            there = ballots_of(totals, item)
            fits = totals["scores"][item["id"]] <= there
            expect(fits, "implausible", item=item["id"], ballots=there)
    for item, score in totals["scores"].items():
        given = score + totals["against"].get(item, 0) + totals["abstain"].get(item, 0)
        expect(most is None or given <= most, "implausible", item=item, ballots=ballots)
    whole_sum = sum(totals["scores"].values())
    expect(together is None or whole_sum <= together, "implausible", item="*", ballots=ballots)


def limits(rules: Obj, ballots: int) -> tuple[int | None, int | None]:
    """The most that one item and that all of them together can get; None where nothing limits."""
    way, length = rules["way"], rules["counting"]["length"]
    if is_borda(rules):
        return 2 * length * ballots, length * (length + 1) * ballots
    if way == "points":
        return (None, None) if ballots else (0, 0)
    return ballots, ballots if way in {"one", "rank"} else None


# --- ties ----------------------------------------------------------------------------------------


class Ties:
    """How ties are settled, and those that were met."""

    def __init__(self, method: str, seed: bytes, lot_order: list[str]) -> None:
        self.method = method
        self.seed = seed
        self.lot_order = lot_order
        self.met: list[Obj] = []

    def by_seed(self, items: list[str]) -> list[str]:
        """Items in the order that the seed gives them."""

        def key(item: str) -> str:
            return hashlib.sha256(self.seed + b":" + item.encode("utf-8")).hexdigest()

        return sorted(items, key=key)

    def settle(self, items: list[str], score: int, balance_fen: int) -> list[str]:
        """Notes a tie down and gives its order; an open tie has none."""
        settled_by, order = None, []
        if self.method == "seed":
            settled_by, order = "seed", self.by_seed(items)
        elif set(items) <= set(self.lot_order):
            settled_by, order = "lot", sorted(items, key=self.lot_order.index)
        tie = {"items": items, "score": score, "balance_fen": balance_fen}
        self.met.append({**tie, "settled_by": settled_by, "order": order})
        return order


# --- greedy and greedy-no-skip -------------------------------------------------------------------


class Purse:
    """The budget, and what has been bought from it."""

    def __init__(self, rules: Obj, bought: Iterable[Obj] = ()) -> None:
        self.rules = rules
        self.bought = list(bought)

    @property
    def spent(self) -> int:
        """What was paid, in fen."""
        return sum(item["cost_fen"] for item in self.bought)

    @property
    def balance(self) -> int:
        """What is left, in fen."""
        return int(self.rules["budget_fen"]) - self.spent

    def rules_out(self, item: Obj) -> str | None:
        """The group or cap that stands against buying an item."""
        bought = set(ids_of(self.bought)) - {item["id"]}
        for group in self.rules["counting"]["exclusive"]:
            if item["id"] in group and not bought.isdisjoint(group):
                return "excluded"
        of_class = [other for other in self.bought if other["class_key"] == item["class_key"]]
        cap = self.rules["counting"]["kind_cap_fen"].get(item["class_key"])
        if cap is not None and sum(o["cost_fen"] for o in of_class) + item["cost_fen"] > cap:
            return "over_kind_cap"
        return None

    def bars(self, item: Obj) -> str | None:
        """The first thing that stands against buying an item, want of money being the last."""
        short = item["cost_fen"] > self.balance
        return self.rules_out(item) or ("does_not_fit" if short else None)

    def fits(self, items: Iterable[Obj]) -> bool:
        """Whether all of these can be bought."""
        trial = Purse(self.rules, self.bought)
        for item in items:
            if trial.bars(item):
                return False
            trial.bought.append(item)
        return True

    def buy_must_dos(self) -> None:
        """Step 1: what has to be done, as far as the budget goes."""
        for item in self.rules["items"]:
            if item["must_do"] and item["cost_fen"] <= self.balance:
                self.bought.append(item)


def lacks(rules: Obj, totals: Obj, item: Obj) -> str | None:
    """Step 2: for which reason an item lacks support."""
    counting, score = rules["counting"], totals["scores"][item["id"]]
    least = (counting["least_votes"] or 0) * (2 if is_borda(rules) else 1)
    percent = (counting["least_percent"] or 0) * ballots_of(totals, item)
    if score == 0:
        return "no_votes"
    if rules["way"] == "judge" and score <= totals["against"][item["id"]]:
        return "outvoted"
    return "too_few" if score < least or score * 100 < percent else None


def by_score(rules: Obj, totals: Obj) -> list[Obj]:
    """The items that are no must-dos, highest score first, equals in menu order."""
    items = [item for item in rules["items"] if not item["must_do"]]
    return sorted(items, key=lambda item: -totals["scores"][item["id"]])


class Greedy:
    """Buying from the highest score down; `greedy-no-skip` ends where the money does."""

    def __init__(self, rules: Obj, totals: Obj, ties: Ties) -> None:
        self.rules, self.totals, self.ties = rules, totals, ties
        self.no_skip = rules["counting"]["rule"] == "greedy-no-skip"
        self.purse = Purse(rules)
        self.lines: list[Obj] = []
        self.over: str | None = None
        """why nothing more is bought, once that is so"""

    def outcome(self) -> Obj:
        """The five steps."""
        for item in self.rules["items"]:
            if item["must_do"]:
                pays = item["cost_fen"] <= self.purse.balance
                self.add(item, "must_do" if pays else "does_not_fit")
        lacking = {
            item["id"]: reason
            for item in by_score(self.rules, self.totals)
            if (reason := lacks(self.rules, self.totals, item))
        }
        ordered = by_score(self.rules, self.totals)
        running = [item for item in ordered if item["id"] not in lacking]
        for _, group in groupby(running, key=self.score):
            self.take_group(list(group))
        for item in ordered:
            if item["id"] in lacking:
                self.add(item, lacking[item["id"]])
        return {
            "winners": ids_of(self.purse.bought),
            "spent_fen": self.purse.spent,
            "lines": self.lines,
            "ties": self.ties.met,
            "rounds": [],
            "partly": next((line["item"] for line in self.lines if left_for_money(line)), None),
        }

    def score(self, item: Obj) -> int:
        """The score of an item."""
        return int(self.totals["scores"][item["id"]])

    def add(self, item: Obj, reason: str) -> None:
        """The line of an item; it is bought if that is what the reason says."""
        before, chosen = self.purse.balance, reason in {"must_do", "fits"}
        if chosen:
            self.purse.bought.append(item)
        self.lines.append(
            {
                "item": item["id"],
                "score": self.score(item),
                "cost_fen": item["cost_fen"],
                "chosen": chosen,
                "reason": reason,
                "before_fen": before,
                "after_fen": self.purse.balance,
            }
        )

    def take_group(self, equals: list[Obj]) -> None:
        """Step 3 for the items of one score: those out whatever the order, then the open ones."""
        bars = self.purse.rules_out if self.no_skip else self.purse.bars
        out = [] if self.over else [item for item in equals if bars(item)]
        still_open = [item for item in equals if item not in out]
        self.take(out)
        self.take(self.in_order(still_open))

    def take(self, items: list[Obj]) -> None:
        """Each item's turn."""
        for item in items:
            reason = self.over or self.purse.bars(item) or "fits"
            self.add(item, reason)
            if self.no_skip and reason == "does_not_fit":
                self.over = "after_the_end"

    def in_order(self, still_open: list[Obj]) -> list[Obj]:
        """Open items in menu order, or as their tie is settled; an open tie stops the count."""
        if self.over or not self.tie_matters(still_open):
            return still_open
        ids = ids_of(still_open)
        order = self.ties.settle(ids, self.score(still_open[0]), self.purse.balance)
        if not order:
            self.over = "undecided"
        return sorted(still_open, key=lambda item: (order or ids).index(item["id"]))

    def tie_matters(self, still_open: list[Obj]) -> bool:
        """Whether two orders of the open items choose different ones."""
        buyable = any(not self.purse.bars(item) for item in still_open)
        return buyable and not self.purse.fits(still_open)


def left_for_money(line: Obj) -> bool:
    """Whether an item was left although there was some money."""
    return bool(line["reason"] == "does_not_fit" and line["before_fen"] > 0)


# --- runoff --------------------------------------------------------------------------------------

Ranking = list[list[str]]


class Runoff:
    """Whoever has the fewest goes out, round by round, until one has more than half."""

    def __init__(self, rules: Obj, choices: list[Choice], ties: Ties) -> None:
        self.left: list[str] = [item["id"] for item in rules["items"] if not item["must_do"]]
        self.ties = ties
        self.ballots = len(choices)
        running = set(self.left)
        self.rankings: list[Ranking] = [
            ranks_of({item: rank for item, rank in choice.items() if item in running})
            for choice in choices
        ]

    def outcome(self) -> Obj:
        """All rounds."""
        winners: list[str] = []
        rounds: list[Obj] = []
        while not rounds or rounds[-1]["out"] is not None:
            piles = self.piles()
            votes = {item: len(pile) for item, pile in piles.items()}
            counting = sum(votes.values())
            winners = [item for item in self.left if 2 * votes[item] > counting]
            out = None if winners or not counting else self.loser(piles)
            rounds.append({"votes": votes, "exhausted": self.ballots - counting, "out": out})
            self.rankings = [ranking for pile in piles.values() for ranking in pile]
            self.left = [item for item in self.left if item != out]
        return {
            "winners": winners,
            "spent_fen": 0,
            "lines": [],
            "ties": self.ties.met,
            "rounds": rounds,
            "partly": None,
        }

    def piles(self) -> dict[str, list[Ranking]]:
        """The rankings that count for each item that is left, from its rank on."""
        piles: dict[str, list[Ranking]] = {item: [] for item in self.left}
        for ranking in self.rankings:
            for place, rank in enumerate(ranking):
                best = [item for item in rank if item in piles]
                if best:
                    if len(best) == 1:
                        piles[best[0]].append(ranking[place:])
                    break
        return piles

    def loser(self, piles: dict[str, list[Ranking]]) -> str | None:
        """The item that goes out; None while a tie is open."""
        fewest = min(map(len, piles.values()))
        tied = [item for item in self.left if len(piles[item]) == fewest]
        if len(tied) == 1 or not self.tie_may_matter(tied, piles):
            return tied[-1]
        order = self.ties.settle(tied, fewest, 0)
        return order[-1] if order else None

    def tie_may_matter(self, tied: list[str], piles: dict[str, list[Ranking]]) -> bool:
        """Whether the last round could depend on who of them goes out first."""
        together = sum(len(piles[item]) for item in tied)
        others = [len(pile) for item, pile in piles.items() if item not in tied]
        shared_below = any(
            len(rank) > 1 for item in tied for ranking in piles[item] for rank in ranking[1:]
        )
        return not others or together >= min(others) or shared_below


def check_rounds(rules: Obj, totals: Obj, outcome: Obj, ties: Ties) -> None:
    """What a runoff tells of itself, where whole choices are not at hand."""
    left = [item["id"] for item in rules["items"] if not item["must_do"]]
    rounds = outcome["rounds"]
    expect(bool(rounds), "bad_key", where="outcome", key="rounds")
    if len(left) == len(rules["items"]):
        same("outcome.rounds[0].votes", rounds[0]["votes"], totals["scores"])
    for tie in outcome["ties"]:
        ties.settle(tie["items"], tie["score"], 0)
    winners: list[str] = []
    for number, told in enumerate(rounds):
        where, votes, out = f"outcome.rounds[{number}]", told["votes"], told["out"]
        same(f"{where}.votes", sorted(votes), sorted(left))
        counting = sum(votes.values())
        same(f"{where}.exhausted", told["exhausted"], totals["ballots"] - counting)
        winners = [item for item in left if 2 * votes[item] > counting]
        ends = bool(winners) or not counting or (told is rounds[-1] and has_open_tie(outcome))
        goes = out is None if ends else out in left and votes[out] == min(votes.values())
        expect(goes and ends == (told is rounds[-1]), "bad_key", where=where, key="out")
        left = [item for item in left if item != out]
    due = {"spent_fen": 0, "lines": [], "partly": None, "ties": ties.met, "rounds": rounds}
    same("outcome", outcome, {**due, "winners": winners})


def has_open_tie(outcome: Obj) -> bool:
    """Whether a tie still has to be drawn by lot."""
    return any(tie["settled_by"] is None for tie in outcome["ties"])


# --- the second opinion: equal shares ------------------------------------------------------------


Exact = Union[int, Fraction]


class Shares:
    """What every choice has left to spend, exactly, and how that grows with each further unit.

    All amounts are whole numbers over one denominator, `scale`. While a run goes on, `lasts` is
    kept: for how many further units all of its comparisons come out the same, None for ever.
    """

    def __init__(self, count: int, balance: int, budget: int, units: int) -> None:
        self.scale = 1000 * count
        self.left = [1000 * balance + units * budget] * count
        self.growth = [budget] * count
        self.lasts: int | None = None

    def hold(self, gap: Exact, slope: Exact, strict: bool = False) -> None:
        """Notes that `gap`, which moves by `slope` a unit, may not fall below 0 (strict: to 0)."""
        if slope < 0:
            units = -(gap // slope) - 1 if strict else gap // -slope
            self.lasts = units if self.lasts is None else min(self.lasts, units)

    def offer(self, cost: int, supporters: list[int]) -> tuple[int, int, int] | None:
        """How supporters pay a cost: `rest` in equal parts by `payers`, the others all they have.

        `rest` comes with its growth. None if they have not enough together.
        """
        rest, growth, payers = cost * self.scale, 0, len(supporters)
        poor = []
        for voter in sorted(supporters, key=self.left.__getitem__):
            if self.left[voter] * payers >= rest:
                break
            poor.append(voter)
            rest, growth = rest - self.left[voter], growth - self.growth[voter]
            payers -= 1
        if not payers:
            self.hold(rest, growth, strict=True)
            return None
        for voter in poor:
            self.hold(rest - payers * self.left[voter], growth - payers * self.growth[voter])
        return rest, growth, payers

    def pay(self, supporters: list[int], offer: tuple[int, int, int]) -> None:
        """Takes a cost from its supporters."""
        rest, growth, payers = offer
        self.scale *= payers
        self.left = [amount * payers for amount in self.left]
        self.growth = [amount * payers for amount in self.growth]
        for voter in supporters:
            enough = self.left[voter] >= rest
            self.left[voter] = self.left[voter] - rest if enough else 0
            self.growth[voter] = self.growth[voter] - growth if enough else 0


class EqualShares:
    """Every choice has the same share, and supporters pay for an item together."""

    def __init__(self, rules: Obj, choices: list[Choice], ties: Ties) -> None:
        totals = totals_of(rules, choices)
        self.rules, self.choices = rules, choices
        self.purse = Purse(rules)
        self.purse.buy_must_dos()
        running = [i for i in by_score(rules, totals) if not lacks(rules, totals, i)]
        for item in running:
            if not item["cost_fen"] and not self.purse.rules_out(item):
                self.purse.bought.append(item)
        costly = [item for item in rules["items"] if item in running and item["cost_fen"]]
        order = ids_of(costly)
        if ties.method == "seed":
            order = ties.by_seed(order)
        self.items = sorted(costly, key=lambda item: order.index(item["id"]))
        self.supporters = [
            [voter for voter, choice in enumerate(choices) if item["id"] in choice]
            for item in self.items
        ]

    def outcome(self) -> Obj:
        """Add-one: larger and larger shares, past all units at which nothing can turn."""
        balance, budget, units = self.purse.balance, self.rules["budget_fen"], 0
        stands = self.purse
        while True:
            shares = Shares(len(self.choices), balance, budget, units)
            purse = self.buy(shares)
            if purse.balance < 0:
                units -= 1
                break
            stands = purse
            if shares.lasts is None or not self.fails_for_money(purse):
                break
            units += shares.lasts + 1
        return {"winners": ids_of(stands.bought), "spent_fen": stands.spent, "units": units}

    def buy(self, shares: Shares) -> Purse:
        """One run: least price first, until nobody's supporters have a cost together.

        Prices only rise within a run, so an old price is a lower bound; one that is still true
        when it is the least is the least of all.
        """
        purse = Purse(self.rules, self.purse.bought)
        waiting = [(Fraction(0), place, Fraction(0)) for place in range(len(self.items))]
        while waiting:
            bound, place, _ = heapq.heappop(waiting)
            item, supporters = self.items[place], self.supporters[place]
            offer = None if purse.rules_out(item) else shares.offer(item["cost_fen"], supporters)
            if offer is None:
                continue
            unit = offer[2] * shares.scale * item["cost_fen"]
            price, growth = Fraction(offer[0], unit), Fraction(offer[1], unit)
            if price > bound:
                heapq.heappush(waiting, (price, place, growth))
                continue
            for other_price, other_place, other_growth in waiting:
                shares.hold(other_price - price, other_growth - growth, other_place < place)
            shares.pay(supporters, offer)
            purse.bought.append(item)
        return purse

    def fails_for_money(self, purse: Purse) -> bool:
        """Whether an item was left that nothing but money stands against."""
        return any(i not in purse.bought and not purse.rules_out(i) for i in self.items)


# --- owners' votes -------------------------------------------------------------------------------

SHARE = having(owners=whole, area_dm2=whole)
THRESHOLD = having(
    part=lambda value: list_of(whole)(value) and len(value) == 2 and 0 < value[0] <= value[1],
    includes=one_of(True, False),
    of=one_of("everyone", "taking_part"),
)
MOTION = having(number=whole, title=text, weight=one_of("ordinary", "grave"))
OWNERS_RECORD: dict[str, Shape] = {
    "format": one_of(1),
    "kind": one_of("owners"),
    "vote": text,
    "head": digest,
    "rules": text,
    "result": text,
}
OWNERS_RULES: dict[str, Shape] = {
    "rule_set": text,
    "law": having(quorum=maybe(THRESHOLD), ordinary=THRESHOLD, grave=THRESHOLD),
    "unmarked": one_of("abstain", "void"),
    "silence_text": text,
    "motions": list_of(MOTION),
}
OWNERS_EVENT: dict[str, Shape] = {
    "vote": text,
    "kind": text,
    "number": whole,
    "day": day,
    "previous": text,
}
IN_NUMBERS: dict[str, Shape] = {
    "owners": whole,
    "area_dm2": whole,
    "waiting": whole,
    "contested": whole,
}
REGISTER_TOLD: dict[str, Shape] = {"register": digest, "owners": whole, "area_dm2": whole}
MILESTONES: dict[str, dict[str, Shape]] = {
    "open": {**REGISTER_TOLD, "rules": digest},
    "extend": {"was": time, "closes_at": time, "reason": text},
    "close": IN_NUMBERS,
    "sign": {**IN_NUMBERS, "channels": map_of(SHARE), "capacities": map_of(SHARE)},
    "seal": {
        **IN_NUMBERS,
        "signed": one_of(True, False),
        "register": digest,
        "sheets": digest,
        "deliveries": digest,
        "closes_on": day,
    },
    "count": {"rule": text, "result": digest},
    "publish": {"result": digest},
}
"""the events that the recount makes use of; the others tell what came in between"""
OWNERS_STAGES: dict[str, dict[str, str]] = {
    "start": {"open": "open"},
    "open": {"extend": "open", "close": "closed"},
    "closed": {"sign": "signed", "seal": "sealed"},
    "signed": {"seal": "sealed"},
    "sealed": {"count": "counted"},
    "counted": {"publish": "published"},
    "published": {},
}
AT_SEALING = ("waiting", "contested", "signed")
BETWEEN = ("open", "closed", "signed")
"""stages in which any other event may stand"""
OF_A_SHEET = ("sheet", "confirm", "contest", "withdraw", "decide")
"""events that tell of a sheet, by owner and entry"""
CAME = ("confirmed", "pending", "contested")
"""states of a sheet whose owner was not silent"""
PROVEN = ("hand", "mail", "message", "posted")
SHEET = having(
    owner=whole,
    entry=whole,
    channel=one_of("paper", "online"),
    capacity=one_of("owner", "agent"),
    received_on=day,
    state=one_of(*CAME, "superseded", "withdrawn"),
    marks=map_of(one_of("for", "against", "abstain", "unmarked")),
)
SHEETS = having(salt=hexadecimal, sheets=list_of(SHEET))
DELIVERY = having(owner=whole, way=text, on_day=day, taken_back=one_of(True, False))


def a_unit(value: Any) -> bool:
    """A unit of the register: building, stairwell, room, area in dm², source of the area."""
    if not (isinstance(value, list) and len(value) == 5):
        return False
    return all(map(text, (*value[:3], value[4]))) and whole(value[3]) and value[3] > 0


def an_owner(value: Any) -> bool:
    """An owner of the register: number, kind, names, voter, units."""
    if not (isinstance(value, list) and len(value) == 5):
        return False
    number, kind, names, voter, units = value
    words = text(kind) and list_of(text)(names) and text(voter)
    return whole(number) and words and list_of(a_unit)(units)


def owners_event(line: str, where: str) -> Obj:
    """One event; of a kind that the recount uses, with what it needs."""
    event = parsed_canonical(line, where, OWNERS_EVENT)
    shape = REGISTER_TOLD if event["kind"] == "correct" else MILESTONES.get(event["kind"], {})
    for key, fits in shape.items():
        expect(key in event and fits(event[key]), "bad_key", where=where, key=key)
    return event


def together(areas: Iterable[int]) -> Obj:
    """Owners with these areas, as a share."""
    each = list(areas)
    return {"owners": len(each), "area_dm2": sum(each)}


def plus(one: Obj, other: Obj) -> Obj:
    """Two shares as one."""
    return {key: one[key] + other[key] for key in one}


class OwnersVote:
    """An owners' vote as its files tell it: who, with how much area, and what they said."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.record = parsed(text_of(files, "record.json"), "record.json", OWNERS_RECORD)
        lines = text_of(files, "chain.jsonl")
        expect(lines.endswith("\n"), "cut_line")
        each = lines[:-1].split("\n")
        self.events = [owners_event(line, place(n)) for n, line in enumerate(each, start=1)]
        self.hashes = [sha256(line) for line in each]

    def of(self, kind: str) -> list[Obj]:
        """All events of a kind."""
        return [event for event in self.events if event["kind"] == kind]

    def check_chain(self) -> None:
        """Links, numbers, whose events they are, and their order."""
        before, stage = "", "start"
        for due, (event, own) in enumerate(zip(self.events, self.hashes), start=1):
            where, number, kind = place(due), event["number"], event["kind"]
            expect(number == due, "number", where=where, number=number, due=due)
            expect(event["previous"] == before, "previous", where=where)
            expect(event["vote"] == self.record["vote"], "ballot", where=where)
            between = stage in BETWEEN and kind not in (*MILESTONES, "void")
            expect(between or kind in OWNERS_STAGES[stage], "order", where=where, kind=kind)
            before, stage = own, OWNERS_STAGES[stage].get(kind, stage)
        expect(stage in {"counted", "published"}, "cut_off")

    def rules(self) -> Obj:
        """The rules, as they were noted at the opening."""
        held = self.record["rules"]
        expect(sha256(held) == self.of("open")[0]["rules"], "hash", what="rules", kind="open")
        rules = parsed_canonical(held, "rules", OWNERS_RULES)
        same("count.rule", self.of("count")[0]["rule"], rules["rule_set"])
        return rules

    def sealed_file(self, name: str, fits: Shape) -> Any:
        """What a file holds whose hash stands in the `seal` event."""
        held = text_of(self.files, f"{name}.json")
        value = parsed_value(held, f"{name}.json")
        check_canonical(value, held, f"{name}.json")
        noted = self.of("seal")[0][name]
        expect(sha256(held) == noted, "hash", what=f"{name}.json", kind="seal")
        expect(fits(value), "malformed", where=f"{name}.json")
        return value

    def areas(self) -> dict[int, int]:
        """The area of every owner that holds a unit, by number."""
        register = self.sealed_file("register", list_of(an_owner))
        doors = [tuple(unit[:3]) for owner in register for unit in owner[4]]
        once = len({owner[0] for owner in register}) == len(register)
        expect(once and len(set(doors)) == len(doors), "doors_twice")
        areas = {owner[0]: sum(unit[3] for unit in owner[4]) for owner in register if owner[4]}
        told = [*self.of("open"), *self.of("correct")][-1]
        held = sha256(text_of(self.files, "register.json"))
        expect(held == told["register"], "hash", what="register.json", kind=told["kind"])
        noted = {key: told[key] for key in ("owners", "area_dm2")}
        same(told["kind"], noted, together(areas.values()))
        return areas

    def sheets(self, rules: Obj) -> list[Obj]:
        """Every sheet: told in the chain, in time, and of an owner one that counts at most."""
        sheets: list[Obj] = self.sealed_file("sheets", SHEETS)["sheets"]
        numbers, last = sorted(map(str, numbers_of(rules))), self.of("seal")[0]["closes_on"]
        for sheet in sheets:
            whose = {"owner": sheet["owner"], "entry": sheet["entry"]}
            expect(sorted(sheet["marks"]) == numbers, "sheet_marks", **whose)
            expect(sheet["received_on"] <= last, "sheet_late", **whose)
        told = {(e.get("owner"), e.get("entry")) for e in self.events if e["kind"] in OF_A_SHEET}
        listed = Counter((sheet["owner"], sheet["entry"]) for sheet in sheets)
        expect(set(listed) == told and max(listed.values(), default=1) == 1, "sheets_untold")
        counting = Counter(sheet["owner"] for sheet in sheets if sheet["state"] == "confirmed")
        for owner, times in counting.items():
            expect(times == 1, "sheets_two", owner=owner)
        return sheets

    def silent(self, sheets: list[Obj], areas: dict[int, int]) -> Obj:
        """Owners whom the ballot reached by the close and of whom nothing came."""
        lines = self.sealed_file("deliveries", list_of(DELIVERY))
        last = self.of("seal")[0]["closes_on"]
        reached = {
            line["owner"]
            for line in lines
            if line["way"] in PROVEN and not line["taken_back"] and line["on_day"] <= last
        }
        came = {sheet["owner"] for sheet in sheets if sheet["state"] in CAME}
        return together(areas[owner] for owner in reached & set(areas) - came)


def numbers_of(rules: Obj) -> list[int]:
    """The numbers of the motions."""
    return [motion["number"] for motion in rules["motions"]]


def owners_result(vote: OwnersVote, rules: Obj, areas: dict[int, int], sheets: list[Obj]) -> Obj:
    """The whole result, out of the register, the sheets and the deliveries."""
    counting = [s for s in sheets if s["state"] == "confirmed" and s["owner"] in areas]
    quiet = vote.silent(sheets, areas)  # checks the deliveries where no clause stands, too
    silent = quiet if rules["silence_text"] else None
    motions = [motion_counted(rules, m, counting, areas, silent) for m in rules["motions"]]
    return {
        "format": 1,
        "everyone": together(areas.values()),
        "returned": together(areas[sheet["owner"]] for sheet in counting),
        "channels": shared_by("channel", ("paper", "online"), counting, areas),
        "capacities": shared_by("capacity", ("owner", "agent"), counting, areas),
        "waiting": sum(sheet["state"] == "pending" for sheet in sheets),
        "contested": len({s["owner"] for s in sheets if s["state"] == "contested"}),
        "signed": bool(vote.of("sign")),
        "silent": silent,
        "motions": motions,
    }


def shared_by(
    key: str, known: tuple[str, ...], counting: list[Obj], areas: dict[int, int]
) -> dict[str, Obj]:
    """The share of each way in which sheets came or were signed."""
    return {
        each: together(areas[sheet["owner"]] for sheet in counting if sheet[key] == each)
        for each in known
    }


def motion_counted(
    rules: Obj, motion: Obj, counting: list[Obj], areas: dict[int, int], silent: Obj | None
) -> Obj:
    """One motion by the sheets alone, and in the sense of the silence clause where one stands."""
    number = str(motion["number"])
    said = {
        mark: together(areas[s["owner"]] for s in counting if s["marks"][number] == mark)
        for mark in ("for", "against", "abstain", "unmarked")
    }
    if rules["unmarked"] == "abstain":
        said["abstain"] = plus(said["abstain"], said["unmarked"])
    everyone, law = together(areas.values()), rules["law"]
    plain = {**said, "folded": together([])}
    both = [plain] if silent is None else [plain, folded(plain, silent)]
    counts = [judged(each, law, law[motion["weight"]], everyone) for each in both]
    return {
        "number": motion["number"],
        "weight": motion["weight"],
        "plain": counts[0],
        "with_silence": counts[1] if len(counts) == 2 else None,
    }


def folded(said: Obj, silent: Obj) -> Obj:
    """The silent put on the side that is ahead by owners and by area; else on none."""
    ahead = {key: said["for"][key] - said["against"][key] for key in ("owners", "area_dm2")}
    for side, sign in (("for", 1), ("against", -1)):
        if all(sign * difference > 0 for difference in ahead.values()):
            return {**said, side: plus(said[side], silent), "folded": silent}
    return said


def judged(said: Obj, law: Obj, needed: Obj, everyone: Obj) -> Obj:
    """What the shares come to: who takes part, whether enough do, and whether enough agree."""
    taking_part = plus(plus(said["for"], said["against"]), said["abstain"])
    bases = {"everyone": everyone, "taking_part": taking_part}
    quorum = law["quorum"] and measured(law["quorum"], taking_part, bases)
    agreement = measured(needed, said["for"], bases)
    standings = [each for each in (quorum, agreement) if each]
    decided = all(each["by_owners"] and each["by_area"] for each in standings)
    told = {"taking_part": taking_part, "quorum": quorum, "agreement": agreement}
    return {**said, **told, "decided": decided}


def measured(threshold: Obj, share: Obj, bases: dict[str, Obj]) -> Obj:
    """A share held against the part that is asked of its base, in owners and in area."""
    base = bases[threshold["of"]]
    part = Fraction(*threshold["part"])
    missing = {}
    for key, whole_base in base.items():
        wanted = part * whole_base
        at_least = max(1, -(-wanted // 1)) if threshold["includes"] else wanted // 1 + 1
        missing[key] = max(0, int(at_least) - share[key])
    return {
        "base": base,
        "by_owners": missing["owners"] == 0,
        "by_area": missing["area_dm2"] == 0,
        "missing": missing,
    }


def checked_owners(vote: OwnersVote, head: str | None) -> Iterator[Said]:
    """Checks the bundle of an owners' vote, saying one thing after the other."""
    vote.check_chain()
    yield "owners_chain", {"lines": len(vote.events)}
    rules = vote.rules()
    yield "opening", {}
    areas, sheets = vote.areas(), vote.sheets(rules)
    result = owners_result(vote, rules, areas, sheets)
    yield "owners_register", in_words(result["everyone"])
    if corrections := vote.of("correct"):
        yield "owners_corrected", {"times": len(corrections)}
    yield "owners_sheets", {"sheets": len(sheets), "owners": result["returned"]["owners"]}
    if result["silent"] is not None:
        yield "owners_silent", in_words(result["silent"])
    due = {**result["returned"], **{key: result[key] for key in AT_SEALING}}
    same("seal", {key: vote.of("seal")[0][key] for key in due}, due)
    yield from checked_owners_result(vote, result)
    yield from owners_head(vote, head)
    for motion in result["motions"]:
        yield from motion_lines(motion)


def checked_owners_result(vote: OwnersVote, result: Obj) -> Iterator[Said]:
    """The recorded result is the one noted at the count, and the one that was recounted."""
    held = vote.record["result"]
    for event in (*vote.of("count"), *vote.of("publish")):
        expect(sha256(held) == event["result"], "hash", what="result", kind=event["kind"])
    for event in vote.of("sign"):
        for key in ("channels", "capacities"):
            same(f"sign.{key}", event[key], result[key])
    same("result", parsed_canonical(held, "result", {}), result)
    yield "owners_recounted", {}


def owners_head(vote: OwnersVote, head: str | None) -> Iterator[Said]:
    """The head of the record, and the one that somebody noted at the count or later."""
    last = vote.hashes[-1]
    expect(vote.record["head"] == last, "head_differs")
    yield "head", {"head": last}
    if head is not None:
        noted = "".join(head.split()).lower()
        at_count = vote.hashes[vote.events.index(vote.of("count")[0])]
        expect(noted in (last, at_count), "head_unknown")
        yield ("head_last", {}) if noted == last else ("owners_head_count", {})


def in_words(share: Obj) -> Obj:
    """A share as it is read: owners, and m² with two decimals."""
    return {"owners": share["owners"], "area": yuan(share["area_dm2"])}


def motion_lines(motion: Obj) -> Iterator[Said]:
    """What came of a motion, in each sense."""
    number, plain, silence = motion["number"], motion["plain"], motion["with_silence"]
    shares = {side: in_words(plain[side]) for side in ("for", "against")}
    words = {f"{side}_{key}": n for side, share in shares.items() for key, n in share.items()}
    yield "owners_motion", {"number": number, **words}
    yield f"owners_{'reached' if plain['decided'] else 'missed'}", {"number": number}
    if silence is not None:
        name = f"owners_{'reached' if silence['decided'] else 'missed'}_with_silence"
        yield name, {"number": number}


# --- the whole check -----------------------------------------------------------------------------


def checked(files: dict[str, bytes], head: str | None) -> Iterator[Said]:
    """Checks a bundle, saying one thing after the other; ends with the first that differs."""
    if parsed(text_of(files, "record.json"), "record.json", {}).get("kind") == "owners":
        yield from checked_owners(OwnersVote(files), head)
        return
    record = parsed(text_of(files, "record.json"), "record.json", RECORD)
    chain = Chain(text_of(files, "chain.jsonl"))
    chain.check(record["ballot"])
    yield "chain", {"lines": len(chain.events)}
    rules = checked_rules(record, chain)
    yield "opening", {}
    if checked_seed(record, rules, chain):
        yield "seed", {}
    yield checked_receipts(text_of(files, "receipts.txt"), chain)
    if chain.of("void"):
        for key in ("result", "outcome", "second_opinion", "lot_order", "sealed_sha256"):
            same(key, record[key], None)
        yield from checked_head(record, chain, head)
        yield "void", {}
        return
    result = checked_result(record, rules, chain)
    yield checked_votes(result, chain)
    yield "totals", {}
    yield from checked_head(record, chain, head)
    choices = checked_sealed(record, rules, result, chain, files)
    if choices is not None:
        yield "choices", {"choices": len(choices)}
        if lists := result["totals"].get("parts"):
            yield "parts", {"parts": len(lists), "pieces": sum(lists.values())}
    yield from recounted(record, rules, result["totals"], choices)


def checked_rules(record: Obj, chain: Chain) -> Obj:
    """The rules, as they were noted at the opening."""
    opening = chain.events[0]
    expect(sha256(record["rules"]) == opening["rules"], "hash", what="rules", kind="open")
    rules = parsed_canonical(record["rules"], "rules", RULES)
    menu = sha256(canonical(rules["items"]))
    expect(menu == opening["menu"], "hash", what="rules.items", kind="open")
    check_rules(rules)
    expect(record["format"] == rules["format"], "format", where="record.json")
    return rules


def checked_seed(record: Obj, rules: Obj, chain: Chain) -> bool:
    """Whether there is a seed, which then is the one committed to; lots are those of the chain."""
    drawn = [item for lot in chain.of("lot") for item in lot["order"]]
    expect((record["lot_order"] or []) == drawn, "lots")
    seed = record["tie_seed"]
    if seed is None:
        expect(rules["tie_method"] == "lot" or bool(chain.of("void")), "seed_missing")
        return False
    commitment = hashlib.sha256(b"surveys/tie-seed/1:" + bytes.fromhex(seed)).hexdigest()
    expect(commitment == chain.events[0]["tie_seed"], "seed_differs")
    return True


def checked_receipts(content: str, chain: Chain) -> Said:
    """The receipts are those of the votes that were cast."""
    due = sorted({event["receipt"] for event in chain.of("cast")})
    expect(content.split("\n") in ([*due, ""], due or [""]), "receipts_differ")
    return "receipts", {"receipts": len(due)}


def checked_votes(result: Obj, chain: Chain) -> Said:
    """Votes counted are those that came in, less those that went."""
    cast, count = chain.of("cast"), chain.of("seal")[0]["count"]
    same("result.households_in", result["households_in"], count)
    same("totals.ballots", result["totals"]["ballots"], count)
    receipts = len({event["receipt"] for event in cast})
    expect(count <= receipts, "receipts_few", count=count, receipts=receipts)
    words = {"cast": len(cast), "withdrawn": chain.gone, "reinstated": chain.back}
    return "votes", {**words, "count": count}


def checked_result(record: Obj, rules: Obj, chain: Chain) -> Obj:
    """The totals, as they were noted at the count."""
    for key in ("result", "outcome", "sealed_sha256"):
        expect(record[key] is not None, "bad_key", where="record.json", key=key)
    count = chain.of("count")[0]
    expect(sha256(record["result"]) == count["result"], "hash", what="result", kind="count")
    same("count.rule", count["rule"], rules["counting"]["rule"])
    result = parsed_canonical(record["result"], "result", RESULT)
    check_plausible(rules, result["totals"])
    return result


def checked_head(record: Obj, chain: Chain, head: str | None) -> Iterator[Said]:
    """The head of the record, and the one that somebody noted."""
    last = chain.hashes[-1]
    expect(record["head"] == last, "head_differs")
    yield "head", {"head": last}
    if head is None:
        return
    noted = "".join(head.split()).lower()
    at_count = [own for event, own in zip(chain.events, chain.hashes) if event["kind"] == "count"]
    expect(noted in (last, *at_count), "head_unknown")
    yield ("head_last", {}) if noted == last else ("head_count", {"later": len(chain.of("lot"))})


def checked_sealed(
    record: Obj, rules: Obj, result: Obj, chain: Chain, files: dict[str, bytes]
) -> list[Choice] | None:
    """The choices, as they were sealed; None in a public bundle."""
    sealed_as = chain.of("seal")[0]["choices"]
    expect(record["sealed_sha256"] == sealed_as, "hash", what="sealed_sha256", kind="seal")
    if "sealed.json" not in files:
        return None
    content = text_of(files, "sealed.json")
    expect(sha256(content) == sealed_as, "hash", what="sealed.json", kind="seal")
    due = parts_of(rules)
    held = parsed_canonical(content, "sealed.json", PARTED if due else SEALED)
    choices: list[Choice] = held["choices"]
    pieces: dict[str, list[Choice]] = held["parts"] if due else {}
    same("sealed.json.parts", sorted(pieces), due)
    check_choices(rules, choices)
    for part, found in pieces.items():
        check_choices(rules, found, part)
    same("totals", result["totals"], totals_of(rules, choices, pieces))
    return choices


def recounted(record: Obj, rules: Obj, totals: Obj, choices: list[Choice] | None) -> Iterator[Said]:
    """The rule once more, and what it gives."""
    told, rule = record["outcome"], rules["counting"]["rule"]
    seed = bytes.fromhex(record["tie_seed"] or "")
    ties = Ties(rules["tie_method"], seed, record["lot_order"] or [])
    if rule == "runoff" and choices is None:
        check_rounds(rules, totals, told, ties)
        yield "rounds", {}
    else:
        runs_off = rule == "runoff" and choices is not None
        count = Runoff(rules, choices or [], ties) if runs_off else Greedy(rules, totals, ties)
        outcome = count.outcome()
        same("outcome.winners", told["winners"], outcome["winners"])
        same("outcome", told, outcome)
        yield "public" if choices is None else "sealed", {"rule": rule}
    yield from second_opinion(record, rules, choices, ties)
    yield from result_lines(rules, told)


def second_opinion(
    record: Obj, rules: Obj, choices: list[Choice] | None, ties: Ties
) -> Iterator[Said]:
    """What equal shares would have chosen, where there is such an opinion."""
    told = record["second_opinion"]
    picks = rules["way"] in {"approve", "one"} and rules["counting"]["rule"] != "runoff"
    if not picks or parts_of(rules):
        same("second_opinion", told, None)
        return
    if told is None:
        yield "opinion_untold", {}
    elif choices is None:
        yield "opinion_unchecked", {}
    else:
        same("second_opinion", told, EqualShares(rules, choices, ties).outcome())
        yield "opinion", {}


def result_lines(rules: Obj, outcome: Obj) -> Iterator[Said]:
    """The result in words, with names and amounts that the chain vouches for."""
    chosen = {item["id"]: item for item in rules["items"] if item["id"] in outcome["winners"]}
    names = "、".join(chosen[item]["name"] for item in outcome["winners"])
    if not chosen:
        yield "nobody", {}
    elif rules["counting"]["rule"] == "runoff":
        yield "winner", {"names": names}
    else:
        spent = yuan(sum(item["cost_fen"] for item in chosen.values()))
        words = {"number": len(chosen), "spent": spent, "budget": yuan(rules["budget_fen"])}
        yield "result", {**words, "names": names}
    if has_open_tie(outcome):
        yield "tie_open", {}


def yuan(fen: int) -> str:
    """An amount of money in yuan."""
    return f"{fen // 100}.{fen % 100:02d}"


# --- saying it -----------------------------------------------------------------------------------


def sentence(said: Said, lang: str) -> str:
    """A sentence in the language asked for; foreign words in it are kept short and harmless."""
    name, words = said
    shown = {key: harmless(str(word)) for key, word in words.items()}
    return WORDS[name][lang == "en"].format(**shown)


def harmless(word: str) -> str:
    """A word without control characters, and not endless."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in word)
    return printable if len(printable) <= 400 else f"{printable[:400]}…"


def check_all(path: Path, head: str | None) -> Iterator[Said]:
    """Everything that is said about a bundle; whatever is in it, no traceback comes of it."""
    try:
        yield from checked(read_bundle(path), head)
    except Differs as differs:
        yield differs.said
    except Exception:  # files can be wrong in more ways than anybody thinks of
        yield "malformed", {"where": path.name}
    else:
        yield "holds", {}


def asked(arguments: list[str] | None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description="核对一次点单的记录并重新计票 / check the record of a ballot and recount it"
    )
    parser.add_argument("bundle", type=Path, help="压缩包或解开的文件夹 / zip file or its folder")
    parser.add_argument("--head", help="记下的末尾（哈希） / the head that was noted")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    parser.add_argument("--json", action="store_true", help="输出 JSON / write JSON")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Checks the bundle that was asked for; the exit status says whether it holds."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot write Chinese
    options = asked(arguments)
    said: Said = ("holds", {})
    written = []
    for said in check_all(options.bundle, options.head):
        words = sentence(said, options.lang)
        written.append({"check": said[0], "says": words, **said[1]})
        if not options.json:
            print(words, flush=True)
    holds = said[0] == "holds"
    if options.json:
        difference = None if holds else written[-1]["says"]
        report = {"holds": holds, "checks": written[:-1], "difference": difference}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
