"""What a table of units would change of a register, and what it disagrees with. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from surveys.courtyards.rules import Door, door_key
from surveys.owners.parties import UnitRow


@dataclass(frozen=True, slots=True)
class Plan:
    """What saving a table would change. A unit that the table does not name stays."""

    new: Sequence[UnitRow]
    changed: Sequence[tuple[UnitRow, UnitRow]]
    """as it is now, as it would be"""
    same: Sequence[UnitRow]
    missing: Sequence[UnitRow]
    after: Sequence[UnitRow]
    """the whole register as it would be, door by door"""

    @property
    def passed_on(self) -> list[tuple[UnitRow, UnitRow]]:
        """Units that would belong to somebody else."""
        return [pair for pair in self.changed if pair[0].party != pair[1].party]

    @property
    def otherwise(self) -> list[tuple[UnitRow, UnitRow]]:
        """Units that change in something else than whose they are."""
        return [pair for pair in self.changed if pair[0].party == pair[1].party]

    @property
    def changes(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.new or self.changed)

    @property
    def fingerprint(self) -> str:
        """Tells two plans apart, so that nobody saves another change than the one they saw."""
        return sha256(repr((self.new, self.changed, len(self.same))).encode()).hexdigest()[:16]


def compare(present: Iterable[UnitRow], coming: Iterable[UnitRow]) -> Plan:
    """What saving `coming` would change. Where it names no voter, the owner keeps the one it has.

    What it says of an owner (kind, voter) holds for all units of that owner.
    """
    held = {row.door: row for row in present}
    wanted = {row.door: row for row in coming}
    after = _settled(held, wanted)
    plan = Plan([], [], [], [], sorted(after.values(), key=lambda row: door_key(row.door)))
    lists: Mapping[str, list[UnitRow]] = {"new": [], "same": [], "missing": []}
    changed: list[tuple[UnitRow, UnitRow]] = []
    for row in plan.after:
        before = held.get(row.door)
        if before is None:
            lists["new"].append(row)
        elif before != row:
            changed.append((before, row))
        else:
            lists["same" if row.door in wanted else "missing"].append(row)
    return replace(plan, changed=changed, **lists)


def _settled(held: Mapping[Door, UnitRow], wanted: Mapping[Door, UnitRow]) -> dict[Door, UnitRow]:
    """The register after, with one kind, one way to write the names and one voter an owner."""
    said = [*held.values(), *wanted.values()]
    kinds = {row.party: row.kind for row in said}
    named = {row.party: row.named for row in reversed(said)}
    voters = {row.party: row.voter for row in said if row.voter}
    return {
        door: replace(
            row,
            kind=kinds[row.party],
            named=named[row.party],
            voter=voters.get(row.party, ""),
        )
        for door, row in {**held, **wanted}.items()
    }


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows that say different things of one owner, by their places in the table."""

    field: str
    """kind or voter"""
    first: int
    second: int


def clashes(rows: Sequence[UnitRow]) -> list[Clash]:
    """Where rows of the same owner disagree; a voter may be left out."""
    asked: Mapping[str, Callable[[UnitRow], object]] = {
        "kind": lambda row: row.kind,
        "voter": lambda row: row.voter,
    }
    found = []
    for field, said in asked.items():
        first: dict[str, int] = {}
        for place, row in enumerate(rows):
            if not said(row):
                continue
            earlier = first.setdefault(row.party, place)
            if said(rows[earlier]) != said(row):
                found.append(Clash(field, earlier, place))
    return found
