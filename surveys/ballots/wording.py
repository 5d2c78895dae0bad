"""What can be wrong with a choice, in words that a household understands.

Numbers go into the sentences as plain digits; amounts are in yuan.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from surveys.ballots.offers import Offer
from surveys.base.words import N_
from surveys.counting.contradictions import Contradiction
from surveys.counting.marks import Fault, FaultCode
from surveys.counting.ways import Way
from surveys.errors import Refused
from surveys.menus import wording as menus

FAULTS: Mapping[FaultCode, str] = {
    FaultCode.UNKNOWN: N_("有 %(number)s 项不在这张菜单上。请重新打开点单，再选一次。"),
    FaultCode.REPEATED: N_("“%(item)s”选了两遍，每项只能选一次。"),
    FaultCode.MUST_DO_IS_FIXED: N_("“%(item)s”是必做的，不用选，一定会做。"),
    FaultCode.NOT_YOURS: N_("“%(item)s”只给别的楼、别的单元选，这一户不能选。请去掉。"),
    FaultCode.NO_SUCH_MARK: N_("“%(item)s”看不明白：选就打勾，不选就空着。"),
    FaultCode.TOO_FEW: N_("至少选 %(least)s 项，现在选了 %(picked)s 项。"),
    FaultCode.TOO_MANY: N_("最多选 %(most)s 项，现在选了 %(picked)s 项。请去掉几项。"),
    FaultCode.TOO_MANY_OF_KIND: N_(
        "“%(kind)s”最多选 %(most)s 项，现在选了 %(picked)s 项。请去掉几项。"
    ),
    FaultCode.OVER_BUDGET: N_(
        "加起来 %(total)s 元，超过了 %(cap)s 元，多出 %(over)s 元。请去掉一项再交。"
    ),
    FaultCode.TOO_MANY_POINTS: N_(
        "一户一共 %(points)s 分，现在给了 %(given)s 分，多了 %(over)s 分。请减掉一些。"
    ),
}

_TWO_MARKS = N_("“%(item)s”写了两样，每项只能写一样。")
FAULTS_OF_WAYS: Mapping[tuple[Way, FaultCode], str] = {
    (Way.ONE, FaultCode.TOO_FEW): N_("还没选。请选一项。"),
    (Way.ONE, FaultCode.TOO_MANY): N_("只能选一项，现在选了 %(picked)s 项。"),
    (Way.POINTS, FaultCode.REPEATED): _TWO_MARKS,
    (Way.POINTS, FaultCode.NO_SUCH_MARK): N_(
        "“%(item)s”的分看不明白：请写 1 到 %(most)s 的整数，不给就空着。"
    ),
    (Way.POINTS, FaultCode.TOO_FEW): N_("至少给 %(least)s 项分，现在给了 %(picked)s 项。"),
    (Way.POINTS, FaultCode.TOO_MANY): N_(
        "最多给 %(most)s 项分，现在给了 %(picked)s 项。请去掉几项。"
    ),
    (Way.RANK, FaultCode.REPEATED): _TWO_MARKS,
    (Way.RANK, FaultCode.NO_SUCH_MARK): N_(
        "“%(item)s”的名次看不明白：请写 1 到 %(most)s，不排就空着。"
    ),
    (Way.RANK, FaultCode.TOO_FEW): N_("至少排 %(least)s 项，现在排了 %(picked)s 项。"),
    (Way.RANK, FaultCode.TOO_MANY): N_("最多排 %(most)s 项，现在排了 %(picked)s 项。请去掉几项。"),
    (Way.JUDGE, FaultCode.REPEATED): _TWO_MARKS,
    (Way.JUDGE, FaultCode.NO_SUCH_MARK): N_("“%(item)s”只能写赞成、反对或者弃权。"),
    (Way.JUDGE, FaultCode.TOO_FEW): N_("至少给 %(least)s 项表态，现在表态了 %(picked)s 项。"),
}
"""where a way of voting has other words than picking"""


def refusal(fault: Fault, offer: Offer) -> Refused:
    """The fault of a choice as an error that a page can show."""
    msgid = FAULTS_OF_WAYS.get((offer.way, fault.code), FAULTS[fault.code])
    return Refused(msgid, **menus.params_worded(fault.params, offer.names))


def impossible(contradiction: Contradiction, offer: Offer) -> Refused:
    """Why a ballot cannot be opened, as an error that a page can show."""
    msgid, params = menus.worded(contradiction, offer.names)
    return Refused(msgid, **params)


def moment(at: datetime, zone: str) -> dict[str, object]:
    """The parameters month, day and clock of a sentence that names a moment."""
    there = at.astimezone(ZoneInfo(zone))
    return {"month": there.month, "day": there.day, "clock": f"{there:%H:%M}"}
