"""Rules of every way, and things to hand in, for the tests of the validator."""

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st

from surveys.counting.marks import Handed
from surveys.counting.picks import ChoiceRules, Item
from surveys.counting.ways import Way
from tests.counting.elections import IDS

rules_of_any_way = st.builds(
    ChoiceRules.of,
    st.sampled_from(Way),
    least=st.integers(0, 4),
    most=st.none() | st.integers(1, 4),
    cap_fen=st.none() | st.integers(0, 25),
    kind_most=st.dictionaries(st.sampled_from("xyz"), st.integers(0, 2)),
    points=st.integers(1, 5),
)

handed_in = st.lists(
    st.tuples(
        st.sampled_from([*IDS, "nothing"]),
        st.sampled_from([1, 1, 1, 2, 3, 0, -1, 4, 6, 10**30, None]),
    ),
    max_size=6,
)


def everything(menu: tuple[Item, ...], rules: ChoiceRules) -> Iterator[Handed]:
    """Every way to mark the items of a menu, one mark each or none, up to six to an item."""
    tops = {Way.POINTS: rules.points or 0, Way.RANK: len(menu), Way.JUDGE: 1}
    least = -1 if rules.way is Way.JUDGE else 1
    marks = [None, *range(least, tops.get(rules.way, 1) + 1)]
    for chosen in product(marks, repeat=len(menu)):
        yield [(item.id, mark) for item, mark in zip(menu, chosen, strict=True) if mark is not None]


def slow_fault(handed: Handed, menu: tuple[Item, ...], rules: ChoiceRules) -> bool:
    """Whether anything is wrong, as the page tells it to a household: said once more, slowly."""
    marked = dict(handed)
    items = {item.id: item for item in menu if not item.must_do}
    if len(marked) != len(handed) or not marked.keys() <= items.keys():
        return True
    n, marks = len(marked), [mark for mark in marked.values() if mark is not None]
    if len(marks) < n or n < rules.least or (rules.most is not None and n > rules.most):
        return True
    if rules.way is Way.JUDGE:
        return any(mark not in {-1, 0, 1} for mark in marks)
    if rules.way is Way.POINTS:
        return min(marks, default=1) < 1 or sum(marks) > (rules.points or 0)
    if rules.way is Way.RANK:
        last = min(rules.most or len(items), len(items))
        return any(not 1 <= mark <= last for mark in marks)
    chosen = [items[item_id] for item_id in marked]
    fixed_fen = sum(item.cost_fen for item in menu if item.must_do)
    over = rules.cap_fen is not None and sum(i.cost_fen for i in chosen) > max(
        0, rules.cap_fen - fixed_fen
    )
    crowded = any(
        sum(i.kind == kind for i in chosen) > most for kind, most in rules.kind_most.items()
    )
    return over or crowded or any(mark != 1 for mark in marks)
