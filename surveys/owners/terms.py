"""What an owners' vote is made of before it is frozen, and whether that can stand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from surveys.accounts.rules import one_line
from surveys.base import clock
from surveys.base.words import N_
from surveys.counting.double_majority import (
    CURRENT,
    RULE_SETS,
    RuleSet,
    Threshold,
    Unmarked,
    in_force,
)
from surveys.errors import Invalid
from surveys.owners import rules

LONGEST_TITLE = 80
LONGEST_REASON = 200
LONGEST_SOURCE = 120
LONGEST_CLAUSE = 1000
MOST_PROXIES = 99


@dataclass(frozen=True, slots=True)
class Terms:
    """What staff type of a vote. Times are instants; days are the courtyard's."""

    title: str
    noticed_on: date
    opens_at: datetime
    closes_at: datetime
    seals_at: datetime
    notice_reason: str = ""
    called_by: str = ""
    rule_set: str = CURRENT
    unmarked: Unmarked = Unmarked.ABSTAIN
    proxy_most: int = 3
    is_online: bool = False
    silence_text: str = ""
    silence_source: str = ""


def checked(terms: Terms, zone: str) -> Terms:
    """The terms tidied, if they go together.

    Raises:
        Invalid: something is missing or too long, the times do not fit each other or the calendar
            of such votes, a short notice has no reason, the rule set is not in force on the
            closing day, or a silence clause lacks its words or its source.
    """
    _refuse_times(terms)
    notice_reason = _notice_reason(terms, zone)
    rule_set_of(terms.rule_set, clock.day(terms.closes_at, zone))
    if not 0 <= terms.proxy_most <= MOST_PROXIES:
        raise Invalid(N_("一个人最多代几位，请写 0 到 %(most)s 的数。"), most=MOST_PROXIES)
    text, source = _silence(terms)
    return replace(
        terms,
        title=one_line(terms.title, LONGEST_TITLE, N_("请写表决叫什么。")),
        called_by=one_line(terms.called_by, LONGEST_TITLE, N_("请写由谁召集。")),
        notice_reason=notice_reason,
        silence_text=text,
        silence_source=source,
    )


def rule_set_of(key: str, closes_on: date) -> RuleSet:
    """The rule set of this key.

    Raises:
        Invalid: there is none, or it is not in force on the closing day.
    """
    found = RULE_SETS.get(key)
    if found is None:
        raise Invalid(N_("没有这套规则。"))
    if found not in in_force(closes_on):
        raise Invalid(N_("截止那天，这套规则不在有效期里。请换一套，或者改时间。"))
    return found


def as_data(rule_set: RuleSet) -> dict[str, object]:
    """A rule set as it is frozen into a vote: thresholds as [numerator, denominator]."""
    until = rule_set.valid_until
    return {
        "key": rule_set.key,
        "source": rule_set.source,
        "valid_from": rule_set.valid_from.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "quorum": _threshold(rule_set.quorum) if rule_set.quorum else None,
        "ordinary": _threshold(rule_set.ordinary),
        "grave": _threshold(rule_set.grave),
    }


def _threshold(threshold: Threshold) -> Mapping[str, object]:
    part = threshold.part
    return {
        "part": [part.numerator, part.denominator],
        "includes": threshold.includes,
        "of": str(threshold.of),
    }


def _refuse_times(terms: Terms) -> None:
    if terms.opens_at >= terms.closes_at:
        raise Invalid(N_("截止要在开始之后。"))
    if not rules.fits(terms.opens_at, terms.closes_at):
        raise Invalid(
            N_("投票的日子要在 %(least)s 天到 %(most)s 天之间。"),
            least=rules.LEAST_OPEN.days,
            most=rules.MOST_OPEN.days,
        )
    if terms.seals_at < terms.closes_at:
        raise Invalid(N_("最晚封存的时间不能早过截止。"))
    if terms.seals_at > terms.closes_at + rules.LONGEST_SEALING:
        raise Invalid(N_("截止以后最多 %(days)s 天就要封存计票。"), days=rules.LONGEST_SEALING.days)


def _notice_reason(terms: Terms, zone: str) -> str:
    """The reason of a short notice; nothing where it is posted early enough."""
    opens_on = clock.day(terms.opens_at, zone)
    if terms.noticed_on > opens_on:
        raise Invalid(N_("公告要贴在开始之前。"))
    if not rules.is_short(terms.noticed_on, opens_on):
        return ""
    short = N_("公告到开始不到 15 天，请写一句为什么，公告上会印。")
    return one_line(terms.notice_reason, LONGEST_REASON, short)


def _silence(terms: Terms) -> tuple[str, str]:
    """The clause and where it stands, or nothing of both."""
    text = "\n".join(line.strip() for line in terms.silence_text.strip().splitlines())
    if len(text) > LONGEST_CLAUSE:
        raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=LONGEST_CLAUSE)
    source = one_line(terms.silence_source, LONGEST_SOURCE)
    if bool(text) is not bool(source):
        raise Invalid(N_("“未表决视为同意多数”的约定，要写原文，也要写它出自哪份文件。"))
    return text, source
