"""What small numbers must hide: the one rule for every breakdown of answers.

* Nothing is broken down for fewer than `ENOUGH` answers.
* A number under `SMALL` is hidden, and so is every number from which it could be worked out.

**Zeros.** Where nothing needs hiding, zeros are shown: nobody stands behind them. As soon as
one number from 1 to 4 is to be hidden, the zeros beside it are hidden with it, so that a
hidden number never says that somebody is there.

**Why nothing hidden in a row can be worked out**, even by a reader who knows this rule and the
total. Numbers of equal size are treated alike, wherever they stand; so exchanging two hidden
numbers gives another row with the same total and the same picture. The hidden numbers of a row
are never all equal (a shown one is hidden beside them until they differ), so each of them could
be another. The same exchange works where one person may tick several choices. Besides, what
the reader does work out, the sum of the hidden numbers, obeys the rule for small numbers too.

None in a result stands for a hidden number.
"""

from collections.abc import Sequence
from itertools import product

ENOUGH = 10  # answers; below that there is no table at all
SMALL = 5  # a number below that is hidden

Guarded = tuple[int | None, ...]
Table = Sequence[Sequence[int]]


def guard(counts: Sequence[int], *, answered: int | None = None) -> Guarded:
    """The numbers of one question that may be shown, in place; None where one is hidden.

    Args:
        counts: how many chose each choice.
        answered: give it where one answer may tick several choices: how many answered in all.
            Then a choice that fewer than `SMALL` did NOT tick is small as well, for that is the
            same knowledge about as few people. Without it each answer is in exactly one number.

    Raises:
        ValueError: a number is below zero, or above `answered`.
    """
    everyone = sum(counts) if answered is None else answered
    if min(counts, default=0) < 0 or (answered is not None and max(counts, default=0) > answered):
        raise ValueError(f"numbers out of range: {counts} of {everyone}")
    if everyone < ENOUGH:
        return (None,) * len(counts)
    others = [0 if answered is None else everyone - number for number in counts]
    touchy = any(0 < number < SMALL for number in (*counts, *others))
    hidden = {n for n in counts if n < SMALL or (answered is not None and everyone - n < SMALL)}
    return _without(counts, hidden) if touchy else tuple(counts)


def _without(counts: Sequence[int], hidden: set[int]) -> Guarded:
    """Hide every number whose SIZE is in `hidden`, and more sizes until the hidden ones differ."""
    while len(hidden) < 2 or sum(n for n in counts if n in hidden) < SMALL:
        shown = set(counts) - hidden
        if not shown:
            break
        hidden = hidden | {min(shown)}
    return tuple(None if number in hidden else number for number in counts)


def guard_table(rows: Table) -> tuple[Guarded, ...]:
    """The numbers of a table (say, buildings by choices) that may be shown beside its margins.

    Each answer is in exactly one number. The page may print beside it how many answered in each
    row, exactly, and for the columns `guard` of their sums, nothing else. For a question where
    several choices may be ticked, make one table per choice with the columns ticked, not ticked.

    Conservative on purpose. Where `guard` hides the sum of a column, the table shows nothing.
    Where all answers came from one row, or went to one column, the margins say everything.
    Else all rows and all columns that hold a number to be hidden are hidden where they cross,
    one whole block, grown until the sums along it obey the rule too. Each number of the block
    must be open: some other table with the same margins gives the same picture. If one is not,
    the table shows nothing. A row or column that sums to 0 is zeros, for its margin says so.

    Raises:
        ValueError: rows of different length, or a number below zero.
    """
    if min((number for row in rows for number in row), default=0) < 0:
        raise ValueError("a number of answers is nothing or more")
    live_rows, live_columns = _live(rows)
    margins = guard([sum(column) for column in zip(*rows, strict=True)])
    if len(live_rows) == 1:
        return tuple(margins if any(row) else tuple(row) for row in rows)
    if None in margins:
        return _hide(rows, live_rows, set(range(len(margins))))
    if len(live_columns) < 2:
        return tuple(tuple(row) for row in rows)
    block_rows, block_columns = _block(rows)
    if not all(_is_open(rows, y, x) for y in block_rows for x in block_columns):
        return _hide(rows, live_rows, live_columns)
    return _hide(rows, block_rows, block_columns)


def _hide(rows: Table, ys: set[int], xs: set[int]) -> tuple[Guarded, ...]:
    return tuple(
        tuple(None if y in ys and x in xs else number for x, number in enumerate(row))
        for y, row in enumerate(rows)
    )


def _live(rows: Table) -> tuple[set[int], set[int]]:
    """The rows and the columns that hold any answer."""
    columns = zip(*rows, strict=True)
    return (
        {y for y, row in enumerate(rows) if any(row)},
        {x for x, column in enumerate(columns) if any(column)},
    )


def _block(rows: Table) -> tuple[set[int], set[int]]:
    """The rows and the columns that are hidden where they cross; both empty or neither.

    A row with fewer than `ENOUGH` answers needs hiding in every column. The block is at least
    two by two and no sum along it is under `SMALL`, unless it has taken in the whole table.
    What it takes in first hangs on the margins alone, which everybody can see.
    """
    live_rows, live_columns = _live(rows)
    thin = {y for y in live_rows if sum(rows[y]) < ENOUGH}
    small = {(y, x) for y in live_rows for x in live_columns if 0 < rows[y][x] < SMALL}
    ys = thin | {y for y, _ in small}
    xs = set(live_columns) if thin else {x for _, x in small}
    spare_ys = sorted(live_rows - ys, key=lambda y: -sum(rows[y]))
    spare_xs = sorted(live_columns - xs, key=lambda x: -sum(row[x] for row in rows))
    while ys:
        narrow = len(xs) < 2 or min(sum(rows[y][x] for x in xs) for y in ys) < SMALL
        low = len(ys) < 2 or min(sum(rows[y][x] for y in ys) for x in xs) < SMALL
        if spare_xs and narrow:
            xs.add(spare_xs.pop())
        elif spare_ys and low:
            ys.add(spare_ys.pop())
        else:
            break
    return ys, xs


def _is_open(rows: Table, y: int, x: int) -> bool:
    """Whether the number at (y, x) of the block could be one more or less behind the same picture.

    Tried by moving one answer along the corners of a rectangle, which changes no margin.
    """
    block = _block(rows)
    ys, xs = block
    corners = product(ys - {y}, xs - {x}, (1, -1))
    moved = (_move(rows, (y, x), (a, b), step) for a, b, step in corners)
    return any(min(map(min, table)) >= 0 and _block(table) == block for table in moved)


def _move(rows: Table, here: tuple[int, int], there: tuple[int, int], step: int) -> Table:
    """`rows` with `step` more at both places and `step` less at the other two corners."""
    (y, x), (a, b) = here, there
    table = [list(row) for row in rows]
    table[y][x] += step
    table[a][b] += step
    table[y][b] -= step
    table[a][x] -= step
    return table
