"""Small made-up elections for the tests of counting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from surveys.counting.greedy import count
from surveys.counting.outcome import Outcome
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import Totals
from surveys.counting.ties import TieOrder

IDS = ["9", "10", "1", "2", "屋面", "a", "B", "b"]


@dataclass(frozen=True)
class Election:
    """A menu, the votes for it, the money and the rule."""

    items: tuple[Item, ...]
    votes: dict[str, int]
    budget_fen: int
    counting: Counting = Counting()

    def count(self, settle: TieOrder) -> Outcome:
        """The count of the product; twenty have voted."""
        return count(self.items, Totals(20, self.votes), self.budget_fen, self.counting, settle)


@st.composite
def menus(draw: st.DrawFn, most: int = 8) -> tuple[Item, ...]:
    """A menu of up to `most` items, with few different costs and kinds so that they meet."""
    ids = draw(st.permutations(IDS))[: draw(st.integers(0, most))]
    return tuple(
        Item(
            item_id,
            draw(st.integers(0, 9)),
            draw(st.sampled_from("xyz")),
            must_do=draw(st.integers(0, 5)) == 0,
        )
        for item_id in ids
    )


@st.composite
def elections(
    draw: st.DrawFn, most: int = 8, *, countings: st.SearchStrategy[Counting] | None = None
) -> Election:
    """An election with many ties, items that cost nothing and items that nobody can pay.

    Without `countings` it is counted by the first rule and nothing else.
    """
    items = draw(menus(most))
    votes = {item.id: draw(st.integers(0, 3)) for item in items}
    counting = draw(countings) if countings is not None else Counting()
    known = {item.id for item in items}
    groups = tuple(group for group in counting.exclusive if known.issuperset(group))
    counting = replace(counting, exclusive=groups)
    return Election(items, votes, draw(st.integers(0, 25)), counting)


countings = st.builds(
    Counting,
    rule=st.sampled_from([Rule.GREEDY, Rule.GREEDY_NO_SKIP]),
    least_votes=st.integers(0, 2),
    least_percent=st.sampled_from([0, 5, 10]),
    exclusive=st.lists(
        st.lists(st.sampled_from(IDS), min_size=2, max_size=3, unique=True).map(tuple), max_size=4
    ).map(tuple),
    kind_cap_fen=st.dictionaries(st.sampled_from("xy"), st.integers(0, 12), max_size=2),
)
"""countings that skip or end, with thresholds, groups and caps of kinds"""


def naive_winners(election: Election, order: Sequence[str]) -> set[str]:
    """Who wins when ties follow `order`: the best of what waits, over and over, slowly."""
    won: list[Item] = []
    waiting = {item.id: item for item in election.items}
    over = False
    while waiting:
        best = max(
            waiting.values(),
            key=lambda i: (
                i.must_do,
                0 if i.must_do else election.votes[i.id],
                -election.items.index(i) if i.must_do else -order.index(i.id),
            ),
        )
        del waiting[best.id]
        if best.must_do or (not over and naive_allowed(election, won, best)):
            if sum(i.cost_fen for i in (*won, best)) <= election.budget_fen:
                won.append(best)
            elif not best.must_do and election.counting.rule is Rule.GREEDY_NO_SKIP:
                over = True
    return {item.id for item in won}


def naive_allowed(election: Election, won: Sequence[Item], item: Item) -> bool:
    """Whether something other than money stands against the item."""
    counting, votes = election.counting, election.votes[item.id]
    taken = {i.id for i in won}
    rivals = any(taken & set(group) for group in counting.exclusive if item.id in group)
    cap_fen = counting.kind_cap_fen.get(item.kind)
    of_kind_fen = sum(i.cost_fen for i in (*won, item) if i.kind == item.kind)
    enough = votes >= max(1, counting.least_votes) and votes * 5 >= counting.least_percent
    return enough and not rivals and (cap_fen is None or of_kind_fen <= cap_fen)
