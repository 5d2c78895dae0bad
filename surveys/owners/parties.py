"""Who is one owner: rows of a register become parties that the law counts once. Pure.

Civil Code art. 278 counts owners; the Supreme Court's interpretation (法释〔2009〕7号, amended in
2020, art. 8 and 9) says how: a unit is one owner, also where several hold it together; one party
with several units is one owner with their areas added; the developer is one for all that is not
sold or not handed over; the area is that of the property register, else of the survey, else of the
contract.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from surveys.accounts.rules import tidy
from surveys.base.words import N_
from surveys.counting.canon import canonical_json, digest
from surveys.courtyards.rules import Door, door_key
from surveys.errors import Invalid
from surveys.owners.register_models import AreaSource, OwnerKind

LONGEST_NAME = 60
LONGEST_MARK = 20
LONGEST_NAMES = 400
"""characters of the names of one owner as they are kept"""

KIND_NAMES: Mapping[OwnerKind, str] = MappingProxyType(
    {
        OwnerKind.PERSON: N_("个人"),
        OwnerKind.TOGETHER: N_("共有"),
        OwnerKind.BODY: N_("公司或单位"),
        OwnerKind.DEVELOPER: N_("开发商"),
    }
)
SOURCE_NAMES: Mapping[AreaSource, str] = MappingProxyType(
    {
        AreaSource.REGISTER: N_("不动产登记"),
        AreaSource.SURVEY: N_("测绘"),
        AreaSource.CONTRACT: N_("买卖合同"),
    }
)

_PARTED = re.compile(r"[、,，;；/\n]")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_DOTS = re.compile(r"[•‧∙⋅・．.]")
_WHOLE_NUMBER = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """Somebody by name; a mark tells apart two of the same name."""

    name: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as a register names it, already tidy, and whose it is."""

    building: str
    stairwell: str
    room: str
    area_dm2: int
    source: AreaSource
    kind: OwnerKind
    named: tuple[Named, ...]
    voter: str = ""

    @property
    def door(self) -> Door:
        """What a unit is known by."""
        return self.building, self.stairwell, self.room

    @property
    def party(self) -> str:
        """Whose it is: `party_of` its names."""
        return party_of(self.named)


@dataclass(frozen=True, slots=True)
class Party:
    """An owner with all that it holds, in order of doors."""

    kind: OwnerKind
    named: tuple[Named, ...]
    voter: str
    rows: tuple[UnitRow, ...]

    @property
    def area_dm2(self) -> int:
        """The areas of its units added up."""
        return sum(row.area_dm2 for row in self.rows)

    @property
    def lacks_a_voter(self) -> bool:
        """Whether co-owners have not named who votes for all of them."""
        return self.kind is OwnerKind.TOGETHER and not self.voter


def party_of(named: Iterable[Named]) -> str:
    """Digest of a set of people or bodies: in whatever order and however spaced, the same set.

    64 hexadecimal digits.
    """
    return digest(sorted({(_same(one.name), _same(one.mark)) for one in named}))


def _same(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _DOTS.sub("·", "".join(folded.split()))


def gather(rows: Iterable[UnitRow]) -> list[Party]:
    """The owners of these units, in order of their first door."""
    held: dict[str, list[UnitRow]] = {}
    for row in sorted(rows, key=lambda row: door_key(row.door)):
        held.setdefault(row.party, []).append(row)
    return [
        Party(
            kind=mine[0].kind,
            named=mine[0].named,
            voter=next((row.voter for row in mine if row.voter), ""),
            rows=tuple(mine),
        )
        for mine in held.values()
    ]


def same_name_without_mark(parties: Iterable[Party]) -> list[Party]:
    """Owners of several units whose name nothing tells apart: are they one, or two of one name?"""
    return [
        party
        for party in parties
        if party.kind is OwnerKind.PERSON and len(party.rows) > 1 and not party.named[0].mark
    ]


def marked_here_and_not_there(alone: Iterable[tuple[str, str]]) -> list[str]:
    """Names that stand with a mark and without one: are they two people, or one?

    Args:
        alone: name and mark of each owner of one name.
    """
    named = list(alone)
    unmarked = {_same(name) for name, mark in named if not mark}
    return list(dict.fromkeys(name for name, mark in named if mark and _same(name) in unmarked))


# what was typed


def read_names(names: str, marks: str = "") -> tuple[Named, ...]:
    """The people of one cell with the marks of another, one to one in order.

    Raises:
        Invalid: nobody is named, somebody twice, a mark belongs to nobody or says too much.
    """
    found = read_people(names)
    said = read_marks(marks, len(found))
    named = tuple(Named(name, mark) for name, mark in zip(found, said, strict=True))
    if len({(_same(one.name), _same(one.mark)) for one in named}) < len(named):
        raise Invalid(N_("同一个产权人写了两遍。同名的两个人，请在“区分”里写证件后四位。"))
    if len(written(named)) > LONGEST_NAMES:
        raise Invalid(N_("产权人太多了，名字一共最多 %(most)d 个字。"), most=LONGEST_NAMES)
    return named


def read_people(typed: str) -> list[str]:
    """The names of one cell, in order.

    Raises:
        Invalid: nobody is named, or by what is no name.
    """
    found = [_name(part) for part in _PARTED.split(typed) if part.strip()]
    if not found:
        raise Invalid(N_("没写产权人。"))
    return found


def _name(typed: str) -> str:
    name = _BETWEEN_HAN.sub("", tidy(typed))
    if len(name) > LONGEST_NAME:
        raise Invalid(N_("名字太长了，最多 %(most)d 个字。"), most=LONGEST_NAME)
    if not any(sign.isalpha() for sign in name):
        raise Invalid(N_("“%(typed)s”不像名字。"), typed=name)
    return name


def read_marks(typed: str, people: int) -> list[str]:
    """The marks of one cell, one for each of so many people; blank where there is none.

    Raises:
        Invalid: they are not as many as the people, or say more than is needed.
    """
    if not typed.strip():
        return [""] * people
    marks = [_mark(part) for part in _PARTED.split(typed)]
    if len(marks) != people:
        raise Invalid(
            N_("产权人有 %(people)d 个，区分有 %(marks)d 个。请照次序一个对一个，没有的空着。"),
            people=people,
            marks=len(marks),
        )
    if any(_WHOLE_NUMBER.search(mark) for mark in marks):
        raise Invalid(N_("不要写整个证件号或电话，只写后四位。"))
    if any(len(mark) > LONGEST_MARK for mark in marks):
        raise Invalid(N_("太长了，最多 %(most)d 个字。"), most=LONGEST_MARK)
    return marks


def _mark(typed: str) -> str:
    """A mark as it is kept; a spreadsheet made 123 of 0123, so digits are filled up to four."""
    mark = tidy(unicodedata.normalize("NFKC", typed)).upper()
    return mark.zfill(4) if mark.isdigit() else mark


def kind_of(stated: OwnerKind | None, people: int) -> OwnerKind:
    """The kind of an owner of so many names: several are together, one is a person unless said.

    Raises:
        Invalid: what was stated cannot be.
    """
    if people > 1:
        if stated is OwnerKind.DEVELOPER:
            raise Invalid(N_("开发商只写一个名字。"))
        return OwnerKind.TOGETHER
    if stated is OwnerKind.TOGETHER:
        raise Invalid(N_("写的是共有，产权人却只有一个。"))
    return stated or OwnerKind.PERSON


def read_voter(typed: str, named: Sequence[Named]) -> str:
    """Whom co-owners name to vote for all of them; empty where nobody is named yet.

    Raises:
        Invalid: it is none of them.
    """
    if not typed.strip() or len(named) == 1:
        return ""
    wanted = _same(typed)
    found = next((one.name for one in named if _same(one.name) == wanted), None)
    if found is None:
        raise Invalid(N_("表决代表要是产权人里的一个。"))
    return found


def written(named: Iterable[Named]) -> str:
    """The names of an owner as a vote keeps them: canonical JSON, a list, without marks."""
    return canonical_json([one.name for one in named])


def in_one_line(named: Iterable[Named]) -> tuple[str, str]:
    """Names and marks as two cells of a table, such that `read_names` reads them again."""
    people = list(named)
    marks = [one.mark for one in people]
    return "、".join(one.name for one in people), "、".join(marks) if any(marks) else ""
