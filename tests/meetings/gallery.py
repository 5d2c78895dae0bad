"""Every picture of a meeting's wall, put up in the demonstration: measured by tests, photographed.

Each scene sets one meeting, and says what it shows. They are put up one after the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, render_template_string
from sqlalchemy import select

from surveys.ballots.models import Ballot
from surveys.ballots.rules import State
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Household
from surveys.meetings import figures, pictures, promises
from surveys.meetings.asking import Host
from surveys.meetings.models import ItemKind, Picture
from surveys.owners.models import OwnersVote
from surveys.questionnaires.models import Questionnaire
from surveys.results import live
from surveys.results.rules import Sight
from surveys.rounds import service as rounds
from tests.house.grounds import Grounds
from tests.meetings.stage import Stage, on_stage
from tests.world import World

AGENDA = (
    (ItemKind.ANNOUNCE, "上次说的事，办得怎么样"),
    (ItemKind.TALK, "大家说说，院里最要紧的是什么"),
    (ItemKind.NEEDS, "看看台账上有哪些事"),
    (ItemKind.ASK, "路灯先装东边还是西边"),
    (ItemKind.PICK, "点单：40 万元先改哪几件"),
    (ItemKind.VOTE, "动用维修资金，业主怎么投"),
)
PAGE = (
    '{% extends "base/wall.html" %}{% block title %}W{% endblock %}'
    "{% block board %}{{ board|safe }}{% endblock %}"
)
QUESTION = "路灯先装东边还是西边？"
POLLED = {"东边先装": 21, "西边先装": 16, "再商量": 4}
PROMISED = (
    ("三单元门口的路灯修好", "供电公司"),
    ("下水道管子换了，一楼不再返味", "市政排水"),
    ("电动车充电棚选地方", "社区"),
    ("槐树底下放两条长凳", "物业"),
)
LONG = (
    "三号楼一单元的下水道一到下雨就往上返，一楼几家的厨房和厕所都泡过，叫人来通过好几回，"
    "管一个月又堵上了。大家凑钱通一次两百，一年要通五六次，不如这回一起把管子换了。"
)


@dataclass(frozen=True)
class Show:
    """A scene: its name, what it shows, and what sets it."""

    name: str
    shows: str
    put_up: Callable[[Stage, Grounds], pictures.Shown | None]
    """may say itself what is shown"""


def _agenda(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.NEEDS, Picture.AGENDA)


def _planned(stage: Stage, _house: Grounds) -> None:
    stage.change(item_id=None, begun_at=None, picture=Picture.AGENDA)


def _code(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.CODE)
    stage.sign_in(range(38), phones=7, visitors=3)


def _code_of_a_ballot(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.PICK, Picture.CODE, about_id=house.values["ballot_id"])


def _code_of_a_questionnaire(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.ASK, Picture.CODE, about_id=house.values["questionnaire_id"])


def _turnout(stage: Stage, house: Grounds) -> pictures.Shown:
    """The ballot as if it had been opened so that no bars are shown: an open one stays as it is."""
    meeting = stage.go(ItemKind.PICK, about_id=house.values["ballot_id"])
    ballot = db.session.get_one(Ballot, house.values["ballot_id"])
    seen = live.Figures(ballot, State.OPEN, Sight.TURNOUT, None)
    scene = figures.Scene(meeting, stage.item, clock.now())
    return pictures.Shown("", "turnout", scene, figures.of_seen(seen, meeting.letters))


def _bars(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.PICK, about_id=house.values["ballot_id"])


def _result(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.PICK, about_id=house.values["published_id"])


def _needs(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.NEEDS)


def _answers(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.ASK, about_id=house.values["questionnaire_id"])


def _answered(stage: Stage, _house: Grounds) -> None:
    closed = db.session.scalars(
        select(Questionnaire.id).where(
            Questionnaire.courtyard_id == stage.world.courtyard,
            Questionnaire.closes_at < clock.now(),
        )
    ).first()
    stage.go(ItemKind.ASK, about_id=closed)


def _poll(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.ASK)
    stage.ask(QUESTION, POLLED)


def _code_of_a_poll(stage: Stage, house: Grounds) -> None:
    _poll(stage, house)
    stage.change(picture=Picture.CODE)


def _counts(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.ASK)
    stage.ask(QUESTION, POLLED, closed_at=clock.now())


def _hands(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.ASK)
    rows = [(f"{b}", f"{s}", b * 3 + s, 12 + b + s) for b in range(1, 5) for s in (1, 2)]
    stage.raise_hands(
        QUESTION,
        [
            (building, stairwell, choice, n, people)
            for building, stairwell, yes, people in rows
            for choice, n in (("东边", yes), ("西边", people - yes - 2), ("再商量", 2))
        ],
    )


def _rooms(stage: Stage, house: Grounds) -> None:
    stage.go(ItemKind.PICK, Picture.ROOMS, about_id=house.values["ballot_id"])


def _vote(stage: Stage, _house: Grounds) -> None:
    here = OwnersVote.courtyard_id == stage.world.courtyard
    vote = db.session.scalars(select(OwnersVote).where(here)).first()
    assert vote is not None
    stage.go(ItemKind.VOTE, about_id=vote.id)


def _code_of_a_vote(stage: Stage, house: Grounds) -> None:
    _vote(stage, house)
    stage.change(picture=Picture.CODE)


def _motions(stage: Stage, house: Grounds) -> pictures.Shown:
    """The published result of another courtyard's vote: the one of the demonstration is open."""
    meeting = stage.go(ItemKind.VOTE, about_id=house.voting.published)
    return pictures.show(meeting, clock.now())


def _rooms_of_a_vote(stage: Stage, house: Grounds) -> None:
    _vote(stage, house)
    stage.change(picture=Picture.ROOMS)


def _who_came(stage: Stage, _house: Grounds) -> None:
    stage.sign_in([*range(14), *range(26, 33), *range(50, 61), *range(100, 106)], visitors=3)
    stage.go(ItemKind.TALK, Picture.ROOMS)


def _opinion(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.OPINION)
    said = stage.say("楼道的灯坏了半年了，老人晚上不敢下楼。", too=12)
    stage.change(subject_id=said)


def _long_opinion(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.OPINION)
    stage.change(subject_id=stage.say(LONG * 2, too=128, by="老李"))


def _no_opinion(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.OPINION)
    stage.say("门口的坡太陡了")
    stage.change(subject_id=None)


def _became(stage: Stage, house: Grounds) -> None:
    """The meeting before, with five opinions and promises, one of them late."""
    last, now = on_stage(stage.world), clock.now()
    for n in range(15):
        last.say(f"意见 {n}")
    host = Host(house.people["organizer"], "王楼长")
    day = (now - timedelta(days=30)).date()
    for n, (text, who) in enumerate(PROMISED):
        due, at = day + timedelta(days=15 * n + 1), now - timedelta(days=30)
        promises.make(last.meeting, text, who, due, host=host, submission=new_id(), at=at)
    last.change(begun_at=now - timedelta(days=30), ended_at=now - timedelta(days=30))
    stage.change(item_id=None, picture=Picture.BECAME)


def _announce(stage: Stage, _house: Grounds) -> None:
    text = "上次征集 15 条，解决 8 条。\n井盖 10 月 21 日换好了。\n路灯等供电公司，11 月底前装。"
    stage.go(ItemKind.ANNOUNCE, Picture.ANNOUNCE, text=text)


def _countdown(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.COUNTDOWN)
    stage.change(until=clock.now() + timedelta(minutes=4, seconds=30))


def _blank(stage: Stage, _house: Grounds) -> None:
    stage.go(ItemKind.TALK, Picture.BLANK)


def _frozen(stage: Stage, house: Grounds) -> None:
    _needs(stage, house)
    stage.change(frozen_at=clock.now())


def _ended(stage: Stage, house: Grounds) -> None:
    _code(stage, house)
    for words in ("灯坏了", "坡太陡"):
        stage.say(words)
    stage.change(ended_at=clock.now())


def _cancelled(stage: Stage, _house: Grounds) -> None:
    stage.change(cancelled_at=clock.now())


SHOWS = (
    Show("planned", "Before it begins: the agenda, when and where", _planned),
    Show("agenda", "The agenda: where we are", _agenda),
    Show("code", "The code: nothing is open, so many signed in", _code),
    Show(
        "code-ballot",
        "The code with period and turnout of the ballot that is open",
        _code_of_a_ballot,
    ),
    Show(
        "code-questionnaire", "The code of a questionnaire that is open", _code_of_a_questionnaire
    ),
    Show("turnout", "A ballot of which only the turnout may be seen", _turnout),
    Show("bars", "Picks filling the budget to the line", _bars),
    Show("result", "The published result, with why something is left out", _result),
    Show("needs", "The top of the ledger, with the households behind each", _needs),
    Show("answers", "A questionnaire that is open: how many answered", _answers),
    Show("answered", "A questionnaire after its close: a question's figures", _answered),
    Show("poll", "A question asked on the spot: how many answered", _poll),
    Show("code-poll", "The code while a question is open", _code_of_a_poll),
    Show("counts", "The same after it is closed", _counts),
    Show("hands", "A show of hands by stairwell, with who was there", _hands),
    Show("rooms", "Who is heard from: squares count households, never doors", _rooms),
    Show("vote", "An owners' vote: participation against the two lines", _vote),
    Show("motions", "The published result of an owners' vote, motion by motion", _motions),
    Show("code-vote", "The code while an owners' vote is open", _code_of_a_vote),
    Show("rooms-vote", "Units whose owners have voted", _rooms_of_a_vote),
    Show("rooms-meeting", "Who came to the meeting, by building", _who_came),
    Show("opinion", "An opinion as a large card", _opinion),
    Show("opinion-long", "A long opinion", _long_opinion),
    Show("opinions", "No opinion is put up: where to say one", _no_opinion),
    Show("became", "What became of the meeting before", _became),
    Show("announce", "An announcement", _announce),
    Show("countdown", "A countdown", _countdown),
    Show("blank", "The wall is dark", _blank),
    Show("frozen", "A frozen picture looks frozen", _frozen),
    Show("ended", "After the meeting", _ended),
    Show("cancelled", "A meeting that was called off", _cancelled),
)


def put_up(house: Grounds, show: Show, *, letters: int = 0) -> pictures.Shown:
    """A new meeting in the demonstration with this scene. Within the app's context."""
    stage = on_stage(_world_of(house), title="小板凳恳谈会（11 月）", agenda=AGENDA)
    now = clock.now()
    stage.change(starts_at=now, begun_at=now, place="院里大槐树下", letters=letters)
    return show.put_up(stage, house) or pictures.show(stage.meeting, now)


def rendered(seen: pictures.Shown) -> str:
    """The picture's markup, as the wall has it."""
    return render_template(f"meetings/wall/_{seen.name}.html", **seen.context)


def markup(house: Grounds, show: Show, *, letters: int = 0, language: str = "zh-CN") -> str:
    """The whole page of the wall with this scene."""
    headers = {"Accept-Language": language}
    with house.app.test_request_context(headers=headers):
        board = rendered(put_up(house, show, letters=letters))
        page = render_template_string(PAGE, board=board)
        db.session.remove()
    return page


def _world_of(house: Grounds) -> World:
    courtyard = courtyards.find(house.values["courtyard_id"])
    current = rounds.current(courtyard.id)
    homes = select(Household.id).where(Household.courtyard_id == courtyard.id)
    return World(
        street="",
        community="",
        courtyard=courtyard.id,
        code=courtyard.code,
        round=current.id if current else "",
        households=list(db.session.scalars(homes.order_by(Household.position))),
        accounts=house.people,
    )
