"""How residents read where a need goes, and what became of what they said."""

from collections.abc import Mapping

from surveys.base.words import N_
from surveys.needs.models import Lane
from surveys.needs.rules import Outcome

LANES: Mapping[Lane, str] = {
    Lane.OPEN: N_("还没定怎么办"),
    Lane.MENU: N_("进菜单，大家挑"),
    Lane.QUICK_FIX: N_("办好了"),
    Lane.OWNERS_VOTE: N_("要业主表决"),
    Lane.UPWARD: N_("报上级了"),
    Lane.DECLINED: N_("没有采纳"),
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.REPLACED: N_("您家后来改了说法，或收回了"),
    Outcome.UNSORTED: N_("收到了，还没整理"),
    Outcome.ASIDE: N_("看过了，没有要办的事"),
    Outcome.SORTED: N_("归好了，还没定"),
    Outcome.ADOPTED: N_("采纳了"),
    Outcome.PARTLY: N_("采纳了一部分"),
    Outcome.SOLVED: N_("已经解决"),
    Outcome.DECLINED: N_("没有采纳"),
    Outcome.UPWARD: N_("报上级了"),
}

KINDS: Mapping[str, str] = {
    **dict.fromkeys(
        [Lane.QUICK_FIX, Outcome.SOLVED, Outcome.ADOPTED, Outcome.PARTLY],
        "done",
    ),
    **dict.fromkeys([Lane.MENU, Lane.OWNERS_VOTE, Lane.UPWARD, Outcome.SORTED], "now"),
    **dict.fromkeys([Lane.DECLINED, Outcome.DECLINED, Outcome.REPLACED], "mind"),
}
"""the shape that stands beside the word; none: not begun"""
