"""How a ballot is voted on and counted, as the organizer drafts it. Pure."""

from dataclasses import dataclass, replace

from surveys.base.words import N_
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.errors import Invalid

MOST_POINTS = 100
"""a household may have to share out"""
MOST_LEAST_VOTES = 999_999
OFFERED = (Rule.GREEDY, Rule.GREEDY_NO_SKIP, Rule.RUNOFF)
"""rules by which a ballot may be counted; equal shares are a second opinion only"""
VOTES = frozenset({Way.APPROVE, Way.ONE, Way.JUDGE})
"""ways in which an item's score is a number of households"""


@dataclass(frozen=True, slots=True)
class Terms:
    """The way of voting, the rule of the count, and the support without which nothing is done.

    `points` to share out are kept for that way only. `least_votes` is in households, or in points
    where one gives points or ranks; `least_percent` is of the households in. `at_meeting`: the host
    of a meeting opens it, and closes it before its hour.
    """

    way: Way = Way.APPROVE
    points: int | None = None
    rule: Rule = Rule.GREEDY
    least_votes: int = 0
    least_percent: int = 0
    at_meeting: bool = False


def checked(terms: Terms) -> Terms:
    """The terms, when they go together; points that no way asks for are dropped.

    Raises:
        Invalid: they do not, or a number is out of range.
    """
    if terms.way is not Way.POINTS:
        terms = replace(terms, points=None)
    elif not 1 <= (terms.points or 0) <= MOST_POINTS:
        raise Invalid(N_("请写一户有几分，1 到 %(most)s。"), most=MOST_POINTS)
    if not 0 <= terms.least_votes <= MOST_LEAST_VOTES:
        raise Invalid(N_("最少要几户，请写 0 到 %(most)s。"), most=MOST_LEAST_VOTES)
    if not 0 <= terms.least_percent <= 100:
        raise Invalid(N_("最少要百分之几，请写 0 到 100。"))
    if terms.least_percent and terms.way not in VOTES:
        raise Invalid(N_("给分、排名次的，不能按百分之几算，请写最少几分。"))
    _refuse_rule(terms)
    return terms


def _refuse_rule(terms: Terms) -> None:
    if terms.rule not in OFFERED:
        raise Invalid(N_("没有这种数法。"))
    if terms.rule is Rule.RUNOFF and terms.way is not Way.RANK:
        raise Invalid(N_("淘汰制要和“排名次”一起用。请改怎么选，或者怎么数。"))
    if terms.rule is Rule.RUNOFF and (terms.least_votes or terms.least_percent):
        raise Invalid(N_("淘汰制只选出一项，不写最少要几户。"))
