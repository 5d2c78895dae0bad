"""How alike two sentences are: by the pairs and triples of characters that they share.

Characters, not words: residents' sentences are short, in dialect, and typed with mistakes. Places
are taken out first, so that 3 号楼 or the name of an estate holds no group together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log, sqrt

from surveys.needs.proposals.places import NAME, POSITION

READ_MOST = 300
"""characters of a text that are compared"""
COMMON_MOST = 200
"""a gram that more groups than this hold tells nothing apart and is passed over"""

_FILLER = re.compile(
    "同志|希望|建议|请问|请求|恳请|麻烦|能不能|可不可以|是不是|有没有|咨询|反映|投诉|举报|质疑|呼吁|关于|要求|诉求|心声"
    "|解决|问题|一下|相关|有关|部门|领导|我们|俺们|咱们|我家|俺家|咱院|院里|院子|小区|业主|居民|附近|周边|旁边|你好|您好"
    "|谢谢|尽快|什么时候|啥时候|为什么|如何|何时|非常|严重|影响|现象|不合理|很大|太大|存在|安全隐患|苦不堪言|开发商|房子|生活|盼望|坚决"
)
_REST = re.compile(r"[^0-9a-z\u3400-\u9fff]+")

Vector = Mapping[str, float]
"""weight of each gram; of length 1"""


def unfilled(plain_text: str) -> str:
    """A plain text without the words that every request has, its pieces parted by a space."""
    return _REST.sub(" ", _FILLER.sub(" ", plain_text)).strip()


def essence(plain_text: str) -> str:
    """What is left of a plain text without fillers and places."""
    return unfilled(POSITION.sub(" ", NAME.sub(" ", plain_text[:READ_MOST])))


def grams(essence_text: str) -> Counter[str]:
    """Its pairs and triples of characters, and how often each stands there."""
    found: Counter[str] = Counter()
    for piece in essence_text.split():
        for size in (2, 3):
            found.update(piece[at : at + size] for at in range(len(piece) - size + 1))
    return found


def vectors(essences: Sequence[str]) -> list[Vector]:
    """Each text as weights of its grams: rare ones weigh more (TF-IDF), the whole is 1 long."""
    counted = [grams(text) for text in essences]
    held_by = Counter(gram for found in counted for gram in found)
    return [_vector(found, held_by, len(counted)) for found in counted]


def _vector(found: Counter[str], held_by: Mapping[str, int], texts: int) -> Vector:
    weights = {
        gram: (1 + log(number)) * log(1 + texts / held_by[gram]) for gram, number in found.items()
    }
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {gram: weight / length for gram, weight in weights.items()} if length else {}


class Groups:
    """Groups that grow: a text joins the one that it is most like on average, or begins one.

    The average likeness of a text (cosine) to the members of a group is the product of its vector
    with the mean of theirs, so that no pair is ever compared alone.
    """

    def __init__(self, least: float) -> None:
        self.least = least
        self._sizes: list[int] = []
        self._sums: dict[str, dict[int, float]] = defaultdict(dict)

    def nearest(self, vector: Vector) -> tuple[int | None, float]:
        """The group that a text is most like, if any is like it at all, and how much."""
        near: dict[int, float] = defaultdict(float)
        for gram, weight in vector.items():
            held = self._sums.get(gram, {})
            if len(held) <= COMMON_MOST:
                for group, total in held.items():
                    near[group] += weight * total / self._sizes[group]
        best = min(near, key=lambda group: (-near[group], group), default=None)
        return best, near[best] if best is not None else 0.0

    def add(self, vector: Vector) -> int:
        """Let a text join, or begin a group; the group's number."""
        group, likeness = self.nearest(vector)
        if group is None or likeness < self.least:
            group = len(self._sizes)
            self._sizes.append(0)
        self._sizes[group] += 1
        for gram, weight in vector.items():
            self._sums[gram][group] = self._sums[gram].get(group, 0.0) + weight
        return group
