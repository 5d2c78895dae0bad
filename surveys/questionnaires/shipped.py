"""The questionnaires that ship, to make one's own from."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from surveys.questionnaires import kinds, rules
from surveys.questionnaires.models import Version

TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> dict[str, dict[str, Any]]:
    """The questionnaires that ship, by key."""
    found = [json.loads(file.read_text("utf-8")) for file in sorted(TEMPLATES.glob("*.json"))]
    return {template["key"]: template for template in found}


def first_version(template: str, at: datetime) -> Version:
    """Version 1 of a questionnaire made from a template, still without its questionnaire."""
    questions = [rules.question_from(question) for question in templates()[template]["questions"]]
    return Version(
        number=1,
        questions=rules.write_questions(questions),
        digest=rules.digest(questions),
        made_at=at,
    )


@dataclass(frozen=True, slots=True)
class Template:
    """One of the questionnaires that ship, as it is offered for choice."""

    key: str
    title: str
    intro: str
    questions: tuple[rules.Question, ...]

    @property
    def minutes(self) -> int:
        """About how long it takes to answer."""
        return kinds.minutes(self.questions)


def offered() -> list[Template]:
    """The templates to choose from."""
    return [
        Template(
            plain["key"],
            plain["title"],
            plain["intro"],
            tuple(rules.question_from(question) for question in plain["questions"]),
        )
        for plain in templates().values()
    ]
