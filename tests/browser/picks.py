"""The menu of the path, what its ten households pick, and the count by hand.

The count is written down here once more, from the four sentences that the result page itself tells
everybody, and knows nothing of the product's own.
"""

from dataclasses import dataclass

BUDGET_WAN = "32"
"""typed into the menu, in ten thousands of yuan"""
MOST = 3


@dataclass(frozen=True)
class Dish:
    """An item of the menu as staff type it; its cost in fen."""

    name: str
    klass: str
    cost_fen: int
    must_do: bool = False
    need: str = ""
    """the need of the ledger that it is made of"""


MENU = (
    Dish("修房顶", "基础类", 12_000_000, must_do=True),
    Dish("换下水管", "基础类", 9_800_000, need="下水道返味"),
    Dish("换楼道灯", "基础类", 2_400_000, need="楼道灯不亮"),
    Dish("搭充电棚", "完善类", 6_000_000),
    Dish("装座椅", "完善类", 1_600_000),
    Dish("办老年食堂", "提升类", 8_500_000),
)

FIRST_THOUGHT = ("办老年食堂",)
"""what household 6 sends, and replaces"""
REPLACED, MISTYPED, PAPER = 6, 7, 8
"""households that do something out of the ordinary"""
PICKS: tuple[tuple[str, ...], ...] = (
    ("换下水管", "换楼道灯"),
    ("换下水管", "换楼道灯", "装座椅"),
    ("换下水管", "办老年食堂"),
    ("换下水管", "搭充电棚"),
    ("换楼道灯", "搭充电棚"),
    ("换下水管", "换楼道灯", "搭充电棚"),
    ("换下水管", "办老年食堂"),
    ("换楼道灯", "办老年食堂"),
    ("换楼道灯", "装座椅", "办老年食堂"),
    ("换下水管", "办老年食堂"),
)
"""what counts in the end, by household"""


def by_hand() -> dict[str, tuple[str, str]]:
    """Item → (households that picked it, 做 or 不做), as the result page words them."""
    votes = {dish.name: sum(dish.name in picks for picks in PICKS) for dish in MENU}
    left_fen = int(BUDGET_WAN) * 1_000_000
    done = set()
    in_turn = sorted(MENU, key=lambda dish: (not dish.must_do, -votes[dish.name]))
    for dish in in_turn:
        if dish.cost_fen <= left_fen:
            left_fen -= dish.cost_fen
            done.add(dish.name)
    return {
        dish.name: (
            "必做" if dish.must_do else str(votes[dish.name]),
            "做" if dish.name in done else "不做",
        )
        for dish in MENU
    }
