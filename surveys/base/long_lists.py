"""A long list at the desk: sorted, narrowed and leafed through by the server.

Its whole state is the address: a reload, the way back and a colleague who is sent the address see
the same rows. A view reads a `View` out of the address, a service arranges its rows by it, and
`templates/parts/tables.html` makes heads, filters and pager of it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

WORDS_MOST = 40
"""signs of what is searched for"""
PAGES_MOST = 1_000_000
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class View:
    """What of a list is wanted: narrowed by what, in which order, which page of it."""

    path: str
    sorts: tuple[str, ...]
    """what it may be sorted by, the usual first; "-" before it: the first press sorts downwards"""
    order: str
    """one of them, with "-" where downwards"""
    asked: Mapping[str, str]
    """what it is narrowed by; nothing empty"""
    page: int = 1
    a_page: int = 50
    """rows on a page"""
    anchor: str = ""
    """id of the list, where other things stand above it"""
    besides: Mapping[str, str] = field(default_factory=dict)
    """what every address of it says besides: of what it is a list"""

    @classmethod
    def read(
        cls,
        path: str,
        args: Mapping[str, str],
        sorts: Sequence[str],
        narrowed: Mapping[str, Collection[str] | None],
        *,
        a_page: int = 50,
        anchor: str = "",
        besides: Mapping[str, str] | None = None,
    ) -> "View":
        """What an address asks for. What makes no sense asks for nothing.

        Args:
            narrowed: name in the address → the values it may have; None: any words.
        """
        order = args.get("sort", "")
        known = {name.removeprefix("-") for name in sorts}
        said = {name: _value(args.get(name, ""), narrowed[name]) for name in narrowed}
        return cls(
            path=path,
            sorts=tuple(sorts),
            order=order if order.removeprefix("-") in known else sorts[0],
            asked={name: value for name, value in said.items() if value},
            page=_page(args.get("page", "")),
            a_page=a_page,
            anchor=anchor,
            besides=besides or {},
        )

    @property
    def by(self) -> str:
        """What it is sorted by."""
        return self.order.removeprefix("-")

    @property
    def falls(self) -> bool:
        """Whether the largest comes first."""
        return self.order.startswith("-")

    @property
    def skip(self) -> int:
        """How many rows lie on the pages before."""
        return (self.page - 1) * self.a_page

    def pages(self, total: int) -> int:
        """How many pages so many rows fill; one where there is none."""
        return max(1, -(-total // self.a_page))

    def within(self, total: int) -> "View":
        """The same, but no further than the last page of so many rows."""
        return replace(self, page=min(self.page, self.pages(total)))

    # addresses

    @property
    def held(self) -> dict[str, str]:
        """What a filter form must carry on: of what it is, and an order that is not the usual."""
        order = {} if self.order == self.sorts[0] else {"sort": self.order}
        return {**self.besides, **order}

    @property
    def query(self) -> str:
        """The address after its question mark, but for the page: what a file of the rows is of."""
        return urlencode({**self.asked, **self.held})

    def at(self, page: int) -> str:
        """The address of a page of it."""
        said = urlencode({**self.asked, **self.held, **({"page": page} if page > 1 else {})})
        return f"{self.path}{'?' if said else ''}{said}{'#' if self.anchor else ''}{self.anchor}"

    @property
    def address(self) -> str:
        """Its own address, to come back to after an act."""
        return self.at(self.page)

    @property
    def everything(self) -> str:
        """The address of the same list, no longer narrowed."""
        return replace(self, asked={}).at(1)

    def pressed(self, name: str) -> str:
        """The address after a press on the head of a column: sorted by it, or turned round."""
        first = next(sort for sort in self.sorts if sort.removeprefix("-") == name)
        turned = name if self.falls else f"-{name}"
        return replace(self, order=turned if self.by == name else first).at(1)

    def direction(self, name: str) -> str | None:
        """What `aria-sort` says of a column; None where it is sorted by another."""
        if self.by != name:
            return None
        return "descending" if self.falls else "ascending"

    # rows

    def clauses(
        self,
        columns: Mapping[str, Sequence[Any]],
        *,
        ties: Sequence[Any],
        may_lack: Collection[str] = (),
    ) -> list[Any]:
        """What a statement is ordered by.

        Args:
            columns: each sort's columns.
            ties: columns that settle the order of equal rows, so that no page repeats one.
            may_lack: sorts by what not every row has; those without come last. (Named, since an
                index serves the others as they are.)
        """
        ordered = [each.desc() if self.falls else each.asc() for each in columns[self.by]]
        if self.by in may_lack:
            ordered = [each.nulls_last() for each in ordered]
        return [*ordered, *ties]

    def arranged(self, rows: Iterable[Row], keys: Mapping[str, Callable[[Row], Any]]) -> list[Row]:
        """Rows that are at hand, in order; those of which there is nothing to say come last."""
        key = keys[self.by]
        every = [(key(row), row) for row in rows]
        said = [pair for pair in every if pair[0] is not None]
        said.sort(key=itemgetter(0), reverse=self.falls)
        return [row for _, row in said] + [row for found, row in every if found is None]

    def shown(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Those of one page, out of rows that are at hand."""
        now = self.within(len(rows))
        return rows[now.skip : now.skip + now.a_page]


def _value(typed: str, allowed: Collection[str] | None) -> str:
    if allowed is None:
        return " ".join(typed.split())[:WORDS_MOST].strip()
    return typed if typed in allowed else ""


def _page(typed: str) -> int:
    whole = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 1
    return min(max(1, whole), PAGES_MOST)
