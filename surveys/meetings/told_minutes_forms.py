"""The minutes in sentences, the same for the page, for paper and for a Word file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.base import show
from surveys.base.language import gettext as _
from surveys.base.word_file import WordFile
from surveys.meetings.asked_forms import place_word
from surveys.meetings.models import MinuteKind
from surveys.meetings.rules import Where
from surveys.meetings.writing_up import Written
from surveys.needs.proposals.masking import masked

GROUP = 8
"""digits of a fingerprint that are read out at once"""
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the minutes: sentences, and a table where there is one."""

    heading: str
    sentences: Sequence[str] = ()
    columns: Row = ()
    rows: Sequence[Row] = ()


def head(written: Written, zone: str) -> list[str]:
    """What stands above: when, where, who hosted."""
    body = written.body
    begun, ended = written.begun_at, written.ended_at
    found = [_("地点：%(place)s", place=body["place"])]
    if begun is not None:
        found.append(_("开始：%(when)s", when=show.moment(begun, zone)))
    if ended is not None:
        found.append(_("散会：%(when)s", when=show.moment(ended, zone)))
    if body["hosts"]:
        found.append(_("主持：%(names)s", names=_("、").join(body["hosts"])))
    return found


def sections(written: Written, zone: str) -> list[Section]:
    """Everything that is printed and signed."""
    return [
        Section(_("谁到了"), came(written.body)),
        *_course(written, zone),
        *figures(written.body),
        *promised(written.body["promises"]),
    ]


def public(written: Written, counted: Iterable[Mapping[str, Any]]) -> list[Section]:
    """What residents read after the signing: what was decided and promised, the figures, and who
    came as numbers. Names, phones and doors are hidden.

    Args:
        counted: of the ballots, those whose turnout everybody may know.
    """
    body = dict(written.body, ballots=list(counted))
    notes = [masked(line["text"]) for line in body["lines"] if line["kind"] == MinuteKind.NOTE]
    hidden = [
        {"text": masked(one["text"]), "who": masked(one["who"]), "due": one["due"]}
        for one in body["promises"]
    ]
    return [
        *([Section(_("会上定的、记下的"), notes)] if notes else []),
        *promised(hidden),
        *figures(body),
        Section(_("谁到了"), came(body)),
    ]


def came(body: Mapping[str, Any]) -> list[str]:
    """Who came, each kind with what it is counted out of."""
    n = body["came"]
    found = [
        _("花名册上一共 %(roll)d 户，来了 %(n)d 户。", roll=n["roll"], n=n["households"]),
    ]
    if n["phones"]:
        found.append(
            _("另有 %(n)d 部手机签到时没认门，可能和上面是同一家，不加进户数。", n=n["phones"])
        )
    if n["visitors"]:
        found.append(_("花名册以外的人来了 %(n)d 位。", n=n["visitors"]))
    return found


def figures(body: Mapping[str, Any]) -> list[Section]:
    """What was asked and counted at the meeting."""
    said = [
        *(_picked(one) for one in body["ballots"]),
        *(_polled(one) for one in body["polls"]),
        *(sentence for one in body["hands"] for sentence in _raised(one)),
    ]
    return [Section(_("会上的数"), said)] if said else []


def promised(every: Sequence[Mapping[str, str]]) -> list[Section]:
    """What was promised: what, who, by when."""
    if not every:
        return []
    rows = [
        (one["text"], one["who"], show.day_words(date.fromisoformat(one["due"]))) for one in every
    ]
    columns = (_("答应了什么"), _("谁来办"), _("最晚哪天"))
    return [Section(_("答应的事"), (), columns, rows)]


def signers() -> list[str]:
    """Lines to be signed on paper."""
    return [
        _("%(who)s（签字）：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿", who=who)
        for who in (_("主持人"), _("记录人"), _("居民代表"), _("社区"))
    ]


def grouped(fingerprint: str) -> str:
    """A fingerprint in groups that can be read out and compared."""
    return " ".join(fingerprint[at : at + GROUP] for at in range(0, len(fingerprint), GROUP))


def stands(written: Written, zone: str) -> str:
    """Whether they are signed, with the fingerprint, or a draft still."""
    if written.signed_at is None:
        return _("这是草稿，还没有签字定稿，内容还会变。")
    return _(
        "%(when)s由%(who)s签字定稿。指纹（SHA-256）：%(hash)s",
        when=show.moment(written.signed_at, zone),
        who=written.signed_by,
        hash=grouped(written.fingerprint),
    )


def word_file(written: Written, courtyard: str, zone: str) -> bytes:
    """The minutes as a Word file, with lines to sign on."""
    paper = WordFile()
    paper.title(_("%(title)s 会议纪要", title=written.body["title"]))
    paper.paragraph(courtyard)
    for line in head(written, zone):
        paper.paragraph(line)
    for section in sections(written, zone):
        paper.heading(section.heading)
        for sentence in section.sentences:
            paper.paragraph(sentence)
        if section.columns:
            paper.table(section.columns, section.rows)
    paper.heading(_("签字"))
    for line in signers():
        paper.paragraph(line)
    paper.paragraph(stands(written, zone))
    return paper.as_bytes()


def _course(written: Written, zone: str) -> list[Section]:
    """What happened, item by item, with the hour of each line."""
    found = []
    for title, lines in written.items:
        said = []
        for at, line in lines:
            hour = show.time_words(at, zone) if at else ""
            said.append(f"{hour}　{line['text']}{_opinion(written, line)}")
        found.append(Section(title or _("开场"), said))
    return found


def _opinion(written: Written, line: Mapping[str, Any]) -> str:
    """The words of the opinion that a line names, as long as they may be read."""
    number = line.get("opinion")
    if not number:
        return ""
    words = written.said.get(number)
    return _("：“%(words)s”", words=words) if words else _("（收回了，不再写原话）")


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return _("，").join(f"{name} {number}" for name, number in pairs)


def _picked(one: Mapping[str, Any]) -> str:
    return _(
        "点单“%(title)s”：花名册 %(roll)d 户，交了 %(n)d 户。选了什么，按点单自己的结果公布。",
        title=one["title"],
        roll=one["roll"],
        n=one["households"],
    )


def _polled(one: Mapping[str, Any]) -> str:
    return _(
        "当场问“%(question)s”：%(counts)s。%(n)d 户答了，另有没认门的手机 %(phones)d 部。",
        question=one["question"],
        counts=_counts(one["counts"]),
        n=one["households"],
        phones=one["phones"],
    )


def _raised(one: Mapping[str, Any]) -> list[str]:
    total = _(
        "举手“%(question)s”：在场 %(people)d 人，%(counts)s。",
        question=one["question"],
        people=one["people"],
        counts=_counts(one["counts"]),
    )
    if len(one["places"]) < 2:
        return [total]
    return [
        total,
        *(
            _(
                "其中%(place)s：在场 %(people)d 人，%(counts)s。",
                place=place_word(Where(*each["where"])),
                people=each["people"],
                counts=_counts(each["counts"].items()),
            )
            for each in one["places"]
        ),
    ]
