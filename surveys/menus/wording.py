"""Why a menu and its rules can be met by nobody, in words."""

from collections.abc import Mapping

from surveys.base.words import N_
from surveys.counting.contradictions import Contradiction, ContradictionCode

CONTRADICTIONS: Mapping[ContradictionCode, str] = {
    ContradictionCode.MUST_DO_OVER_BUDGET: N_(
        "必做的几项要 %(must_do)s 元，预算只有 %(budget)s 元。请改菜单。"
    ),
    ContradictionCode.MUST_DO_OVER_KIND_CAP: N_(
        "“%(kind)s”里必做的要 %(must_do)s 元，可这一类一共最多花 %(cap)s 元。请改菜单。"
    ),
    ContradictionCode.MUST_DO_IN_GROUP: N_(
        "“%(item)s”是必做的，又和别的项只做一项，那几项就永远做不了。请改菜单。"
    ),
    ContradictionCode.NOTHING_TO_PICK: N_("菜单上没有可以选的项，先去加几项。"),
    ContradictionCode.LEAST_OVER_MOST: N_(
        "规定至少选 %(least)s 项，又最多选 %(most)s 项，没人选得了。请改规则。"
    ),
    ContradictionCode.LEAST_OVER_MENU: N_(
        "规定至少选 %(least)s 项，可菜单上只有 %(pickable)s 项能选。请改规则。"
    ),
    ContradictionCode.LEAST_OVER_KINDS: N_(
        "规定至少选 %(least)s 项，可按每类的上限只能选 %(pickable)s 项。请改规则。"
    ),
    ContradictionCode.LEAST_OVER_BUDGET: N_(
        "最便宜的 %(least)s 项也要 %(cheapest)s 元，超过了能选的 %(cap)s 元。请改规则。"
    ),
    ContradictionCode.LEAST_OVER_POINTS: N_(
        "规定至少给 %(least)s 项分，可一户只有 %(points)s 分。请改规则。"
    ),
    ContradictionCode.RUNOFF_NEEDS_RANKS: N_("淘汰制要和“排名次”一起用。请改怎么选，或者怎么数。"),
    ContradictionCode.RUNOFF_HAS_ONE_WINNER: N_(
        "淘汰制只选出一项：菜单上不能有必做的、只做一项的组、每类最多花多少，也不写最少要几户。"
    ),
    ContradictionCode.PART_NEEDS_TICKS: N_(
        "“%(item)s”只给一栋楼或一个单元选，这要“打勾”的点单，票多先做。"
        "别的选法拆不开，会看出整张票是哪栋楼的。请改怎么选，或者改成全院选。"
    ),
}


def worded(contradiction: Contradiction, names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The sentence's message id and its parameters, as `params_worded` has them."""
    return CONTRADICTIONS[contradiction.code], params_worded(contradiction.params, names)


def params_worded(params: Mapping[str, int | str], names: Mapping[str, str]) -> dict[str, str]:
    """Parameters as a sentence takes them: amounts in yuan, things by their names.

    Args:
        names: what items and classes are called, by id and by key.
    """
    return dict(_word(name, value, names) for name, value in params.items())


def _word(name: str, value: int | str, names: Mapping[str, str]) -> tuple[str, str]:
    if name.endswith("_fen"):
        return name.removesuffix("_fen"), yuan(int(value))
    return name, names.get(value, value) if isinstance(value, str) else str(value)


def yuan(fen: int) -> str:
    """An amount as sentences name it, in yuan: 126,000, 52.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
