"""Acts of the remote: what the wall shows, step by step, each once, and taken back.

A form carries the step that it was made from. Pressed twice it acts once; made from an older step
it is refused, unless the wall is as it wants anyway.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.errors import Invalid, Refused
from surveys.meetings import agenda, became, minutes, polls, rules
from surveys.meetings.models import (
    AgendaItem,
    Meeting,
    MinuteKind,
    Opinion,
    OpinionState,
    Picture,
)
from surveys.meetings.rules import State

STEPS_KEPT = 30
"""that may be undone"""
LETTERS_MOST = 2
LONGEST_COUNTDOWN = 60
"""minutes"""
SAME_TAP = timedelta(seconds=10)
"""two countdowns of one length begun within it are one that was tapped twice"""
CHANGED = N_("刚才已经换过了，这一下没有算。请看一眼现在显示的，再点。")


@dataclass(frozen=True, slots=True)
class Hand:
    """Who presses, and what was on the remote when it was pressed."""

    host: str
    step: int
    """the meeting's step that the form was made from"""
    at: datetime


# beginning and ending


@retrying
def begin(meeting: Meeting, hand: Hand) -> None:
    """Begin the meeting; pressed twice it begins once.

    Raises:
        Refused: it has ended or was cancelled.
    """
    meeting = minutes._lock(meeting.id)
    if rules.state(meeting) is State.ON:
        db.session.rollback()
        return
    if rules.state(meeting) is not State.PLANNED:
        raise Refused(N_("这次会已经结束了，不能再开始。"))
    meeting.begun_at = hand.at
    if meeting.picture is Picture.AGENDA and became.before(meeting, hand.at) is not None:
        meeting.picture = Picture.BECAME  # what was said last time comes first
    say = N_("会开始了，%(host)s 主持")
    minutes._write(meeting, MinuteKind.MEETING, say, hand.host, hand.at, host=hand.host)
    _done(meeting)


@retrying
def end(meeting: Meeting, hand: Hand) -> None:
    """End the meeting; pressed twice it ends once.

    Raises:
        Refused: it is not on, or something that is asked is still open.
    """
    meeting = minutes._lock(meeting.id)
    if rules.state(meeting) is State.ENDED:
        db.session.rollback()
        return
    _refuse_unless_on(meeting)
    if any(item.opened_at and not item.closed_at for item in agenda.items_of(meeting)):
        raise Refused(N_("还有一项正在收，先点“到此为止”，再散会。"))
    if polls.open_poll(meeting) is not None:
        raise Refused(N_("当场问的一句还开着，先点“到此为止”，再散会。"))
    meeting.ended_at = hand.at
    meeting.frozen = meeting.frozen_at = None
    minutes._write(meeting, MinuteKind.MEETING, N_("散会"), hand.host, hand.at)
    _done(meeting)


@retrying
def go_on(meeting: Meeting, hand: Hand) -> None:
    """Go on with a meeting that was ended by mistake.

    Raises:
        Refused: it ended too long ago, or its minutes are signed.
    """
    meeting = minutes._lock(meeting.id)
    if rules.state(meeting) is State.ON:
        db.session.rollback()
        return
    if not may_go_on(meeting, hand.at):
        raise Refused(N_("散会太久了，不能接着开。请另定一次会。"))
    meeting.ended_at = None
    minutes._write(meeting, MinuteKind.MEETING, N_("没有散会，接着开"), hand.host, hand.at)
    _done(meeting)


def may_go_on(meeting: Meeting, at: datetime) -> bool:
    """Whether a meeting that was ended may still go on."""
    if meeting.ended_at is None or meeting.signed_at is not None:
        return False
    return at - meeting.ended_at <= rules.GOES_ON_FOR


# what is shown


def go(meeting: Meeting, item_id: str, hand: Hand) -> None:
    """Go to an item of the agenda; the wall shows what belongs to it.

    Raises:
        NotFound: no such item. Refused: the meeting is not on, or the form is stale.
    """

    def act(now: Meeting) -> None:
        item = agenda.item_of(now, item_id)
        _at_item(now, item, hand)
        now.picture, now.subject_id = rules.first_picture(item.kind), None

    _step(meeting, hand, act, lambda now: now.item_id == item_id)


def show(meeting: Meeting, picture: Picture, hand: Hand, subject_id: str | None = None) -> None:
    """Show a picture.

    Args:
        subject_id: the opinion, where one is shown.

    Raises:
        Refused: no such picture at this item, the opinion may not be shown, the meeting is not on,
            or the form is stale.
    """

    def act(now: Meeting) -> None:
        item = agenda.current_item(now)
        if picture not in rules.pictures(item.kind if item else None):
            raise Refused(N_("这一项没有这个画面。"))
        if picture is Picture.OPINION:
            _refuse_unless_admitted(now, subject_id)
        now.picture, now.subject_id = picture, subject_id

    _step(meeting, hand, act, lambda now: now.picture is picture and now.subject_id == subject_id)


def count_down(meeting: Meeting, minutes_: int, hand: Hand) -> None:
    """Show a countdown of so many minutes.

    Raises:
        Invalid: no such number of minutes. Refused: the meeting is not on, or the form is stale.
    """
    if not 1 <= minutes_ <= LONGEST_COUNTDOWN:
        raise Invalid(N_("倒计时请写 1 到 %(most)d 分钟。"), most=LONGEST_COUNTDOWN)

    def act(now: Meeting) -> None:
        now.picture, now.subject_id = Picture.COUNTDOWN, None
        now.until = hand.at + timedelta(minutes=minutes_)

    def is_so(now: Meeting) -> bool:
        wanted = hand.at + timedelta(minutes=minutes_)
        until = now.until or hand.at
        return now.picture is Picture.COUNTDOWN and abs(wanted - until) < SAME_TAP

    _step(meeting, hand, act, is_so)


def letters(meeting: Meeting, size: int, hand: Hand) -> None:
    """Set the size of the wall's letters: 0, 1 or 2.

    Raises:
        Invalid: no such size. Refused: the meeting is not on, or the form is stale.
    """
    if not 0 <= size <= LETTERS_MOST:
        raise Invalid(N_("字号只有三档。"))

    def act(now: Meeting) -> None:
        now.letters = size

    _step(meeting, hand, act, lambda now: now.letters == size)


def freeze(meeting: Meeting, part: str, hand: Hand) -> None:
    """Hold the wall as it stands, whatever is done next.

    Args:
        part: the wall's part as it was rendered.

    Raises:
        Refused: the meeting is not on, or the form is stale.
    """

    def act(now: Meeting) -> None:
        now.frozen, now.frozen_at = part, hand.at

    _step(meeting, hand, act, lambda now: now.frozen_at is not None)


def unfreeze(meeting: Meeting, hand: Hand) -> None:
    """Let the wall follow again.

    Raises:
        Refused: the meeting is not on, or the form is stale.
    """

    def act(now: Meeting) -> None:
        now.frozen = now.frozen_at = None

    _step(meeting, hand, act, lambda now: now.frozen_at is None)


@retrying
def undo(meeting: Meeting, hand: Hand) -> None:
    """Put the wall back to how it was before the last step.

    Raises:
        Refused: there is nothing to undo, the meeting is not on, or the form is stale.
    """
    meeting = minutes._lock(meeting.id)
    _refuse_unless_on(meeting)
    if meeting.step != hand.step:
        raise Refused(CHANGED)
    steps = json.loads(meeting.before)
    if not steps:
        raise Refused(N_("没有可以退回的了。"))
    _restore(meeting, steps.pop(), hand)
    meeting.before = canonical_json(steps)
    _done(meeting)


def steps_to_undo(meeting: Meeting) -> int:
    """How many steps may be undone."""
    return len(json.loads(meeting.before))


# parts


@retrying
def _step(
    meeting: Meeting,
    hand: Hand,
    act: Callable[[Meeting], None],
    is_so: Callable[[Meeting], bool],
) -> None:
    """One step of the remote, kept so that it may be undone.

    Args:
        is_so: whether the wall is as the act wants it anyway.
    """
    meeting = minutes._lock(meeting.id)
    _refuse_unless_on(meeting)
    if is_so(meeting):
        db.session.rollback()
        return
    if meeting.step != hand.step:
        raise Refused(CHANGED)
    before, frozen = _kept(meeting), meeting.frozen
    act(meeting)
    if frozen is not None and meeting.frozen is None:
        before["frozen"] = frozen  # elsewhere the row itself holds it still
    meeting.before = canonical_json([*json.loads(meeting.before), before][-STEPS_KEPT:])
    _done(meeting)


def _done(meeting: Meeting) -> None:
    meeting.step += 1
    minutes._touch(meeting)
    db.session.commit()


def _kept(meeting: Meeting) -> dict[str, Any]:
    """How the wall stands, as one step of `Meeting.before`."""
    return {
        "item": meeting.item_id,
        "picture": meeting.picture.value,
        "subject": meeting.subject_id,
        "letters": meeting.letters,
        "until": meeting.until.isoformat() if meeting.until else None,
        "frozen_at": meeting.frozen_at.isoformat() if meeting.frozen_at else None,
    }


def _restore(meeting: Meeting, kept: dict[str, Any], hand: Hand) -> None:
    """The wall as a step kept it; an item that was taken off since is left."""
    item = db.session.get(AgendaItem, kept["item"]) if kept["item"] else None
    if item is None or item.removed_at is not None:
        meeting.item_id = None
    elif item.id != meeting.item_id:
        _at_item(meeting, item, hand)
    meeting.picture, meeting.subject_id = Picture(kept["picture"]), kept["subject"]
    meeting.letters = kept["letters"]
    meeting.until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    frozen = kept.get("frozen", meeting.frozen) if kept["frozen_at"] else None
    meeting.frozen = frozen  # none where what it held was withdrawn since
    meeting.frozen_at = datetime.fromisoformat(kept["frozen_at"]) if frozen else None


def _at_item(meeting: Meeting, item: AgendaItem, hand: Hand) -> None:
    meeting.item_id = item.id
    minutes._write(
        meeting,
        MinuteKind.ITEM,
        N_("第 %(number)d 项：%(title)s"),
        hand.host,
        hand.at,
        item.id,
        number=item.position,
        title=item.title,
    )


def _refuse_unless_on(meeting: Meeting) -> None:
    state = rules.state(meeting)
    if state is State.PLANNED:
        raise Refused(N_("会还没有开始。先点“开始开会”。"))
    if state is not State.ON:
        raise Refused(N_("会已经散了。"))


def _refuse_unless_admitted(meeting: Meeting, opinion_id: str | None) -> None:
    opinion = db.session.get(Opinion, opinion_id) if opinion_id else None
    if opinion is None or opinion.meeting_id != meeting.id:
        raise Refused(N_("没有这条意见。"))
    if opinion.state is not OpinionState.ADMITTED:
        raise Refused(N_("这条意见还不能上墙。"))
