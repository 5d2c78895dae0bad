"""What a questionnaire is made from: the ones that ship, and what any other start has with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from surveys.questionnaires import kinds, rules

TEMPLATES = Path(__file__).parent / "templates"
HEAD = ("title", "intro", "keeps", "seen_by")
"""what the first screen says"""


@dataclass(frozen=True, slots=True)
class Template:
    """A questionnaire to make one's own from."""

    key: str
    """stands in the questionnaire that is made from it"""
    head: Mapping[str, str]
    """title, intro, keeps, seen_by"""
    kept_days: int
    questions: tuple[rules.Question, ...]
    """those switched off too"""
    whose: str = ""
    """name of the place that saved it; empty for one that ships"""

    @property
    def title(self) -> str:
        """What it is called, and at first the questionnaire that is made from it."""
        return self.head["title"]

    @property
    def intro(self) -> str:
        """What it is about."""
        return self.head["intro"]

    @property
    def parts(self) -> tuple[rules.Question, ...]:
        """What is asked, and the notes and heads of sections that stand between."""
        return rules.asked(self.questions)

    @property
    def asked(self) -> tuple[rules.Question, ...]:
        """The questions that it asks."""
        return tuple(part for part in self.parts if part.type not in rules.ASIDE)

    @property
    def minutes(self) -> int:
        """About how long it takes to answer."""
        return kinds.minutes(self.asked)


@cache
def templates() -> dict[str, dict[str, Any]]:
    """The questionnaires that ship as they stand in their files, by key."""
    found = [json.loads(file.read_text("utf-8")) for file in sorted(TEMPLATES.glob("*.json"))]
    return {template["key"]: template for template in found}


def offered() -> list[Template]:
    """The questionnaires that ship, in the order in which a round needs them."""
    return [_read(plain) for plain in templates().values()]


def template(key: str) -> Template | None:
    """One of them, if there is one of this key."""
    plain = templates().get(key)
    return _read(plain) if plain else None


def _read(plain: Mapping[str, Any]) -> Template:
    return Template(
        key=plain["key"],
        head={name: plain[name] for name in HEAD},
        kept_days=plain["kept_days"],
        questions=tuple(rules.question_from(question) for question in plain["questions"]),
    )
