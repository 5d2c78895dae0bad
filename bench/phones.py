"""Phones as the server sees them: signed cookies, and the forms that they send."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from bench.wire import Answer
from surveys.questionnaires.rules import Question

COOKIE = "stool"
_HIDDEN = re.compile(rb'name="(csrf_token|submission|offer)"[^>]*?value="([^"]*)"')
TEXT = "楼道灯坏了半年没人修，晚上老人上下楼看不见；下水道一下雨就反味。"

Fields = Iterable[tuple[str, str]]


class NoForm(Exception):
    """A page does not hold the form that the measurement needs."""


@dataclass(slots=True)
class Phone:
    """One phone: its cookie, and what it read off the page before it sends."""

    cookie: str = ""
    household: str = ""
    token: str = ""
    submission: str = ""
    offer: str = ""
    """the version of the menu that a ballot page showed"""

    @property
    def header(self) -> str:
        """Its Cookie header."""
        return f"{COOKIE}={self.cookie}" if self.cookie else ""

    def reads(self, answer: Answer) -> None:
        """Keep what an answer holds: the cookie, the form's token and submission id.

        Raises:
            NoForm: the page holds no token.
        """
        self.cookie = answer.cookie(COOKIE) or self.cookie
        self.reads_page(answer.body)

    def reads_page(self, page: bytes) -> None:
        """Keep what stands hidden in the form; where it has no submission id, make one as it would.

        Raises:
            NoForm: the page holds no token.
        """
        hidden = dict(_HIDDEN.findall(page))
        if b"csrf_token" not in hidden:
            raise NoForm(page[:400].decode("utf-8", "replace"))
        self.token = hidden[b"csrf_token"].decode("ascii")
        self.offer = hidden.get(b"offer", b"").decode("ascii") or self.offer
        self.submission = hidden.get(b"submission", b"").decode("ascii") or secrets.token_urlsafe(
            16
        )

    def form(self, fields: Fields) -> bytes:
        """A form of this phone's, encoded, the token first."""
        own = [("csrf_token", self.token), ("submission", self.submission)]
        return urlencode([*own, *fields]).encode("ascii")


def holding(app: Flask, code_id: str, household_id: str) -> Phone:
    """A phone that scanned its household's slip, so that its cookie speaks for the household."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise ValueError("the app has no secret")
    device = secrets.token_urlsafe(16)
    held = {"_permanent": True, "device": device, "code": code_id}
    return Phone(cookie=str(serializer.dumps(held)), household=household_id)


def vote(phone: Phone, picked: Sequence[str]) -> bytes:
    """The form that sends a vote from the look-back page."""
    own = [("household", phone.household), ("offer", phone.offer), ("go", "send")]
    return phone.form([*own, *(("item", each) for each in picked)])


def answers(questions: Sequence[Question]) -> list[tuple[str, str]]:
    """An answer to every question, as the fields of the page: the first choices, or a sentence."""
    return [(f"a-{q.key}", each) for q in questions for each in _answer(q)]


def _answer(question: Question) -> list[str]:
    if not question.choices:
        return [TEXT if question.type == "long" else "3号楼"]
    free = [choice.key for choice in question.choices if not choice.alone]
    return free[:3] if question.type == "several" else free[1:2]
