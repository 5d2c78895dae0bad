"""What is said at a meeting: a glance, the wall, the ledger, 我也是, and taken back."""

import json
from datetime import timedelta

import pytest
from flask import Flask, render_template

from surveys.base.db import db, new_id
from surveys.errors import Invalid, NotFound, Refused, TooOften
from surveys.meetings import glancing, opinions, pictures, rules, showing, speaking
from surveys.meetings.models import Meeting, Minute, Opinion, OpinionState, Picture
from surveys.meetings.showing import Hand
from surveys.needs import ledger, public
from surveys.needs.models import Suggestion
from surveys.rounds.models import Round
from tests.meetings.people import DURING, HOST, add_meeting, admitted, at_once, phone, say
from tests.world import World


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A meeting that is on."""
    return add_meeting(world)


def suggestions() -> list[Suggestion]:
    return list(db.session.scalars(db.select(Suggestion).order_by(Suggestion.number)))


def states(meeting: Meeting) -> list[str]:
    found = opinions.of_meeting(meeting.id, set(OpinionState))
    return [f"{opinion.number} {opinion.state}" for opinion in found]


def counted(opinion: Opinion) -> int:
    return opinions.supporters(opinion.meeting_id).get(opinion.id, 0)


# --- said ----------------------------------------------------------------------------------------


def test_what_a_phone_says_waits_for_a_glance_and_is_not_in_the_ledger(meeting: Meeting) -> None:
    before = meeting.revision
    opinion = say(meeting, "楼道灯坏了", phone("a"))
    assert states(meeting) == ["1 waiting"]
    assert suggestions() == []
    assert opinions.shown(opinion) is None
    assert meeting.revision == before, "neither the wall nor other phones show anything new"


def test_admitted_it_is_in_the_ledger_with_its_channel_its_household_and_its_own_words(
    meeting: Meeting, world: World
) -> None:
    opinion = admitted(meeting, "楼道灯坏了，找王大爷", phone("a", world.households[2]))
    (kept,) = suggestions()
    assert (kept.channel, kept.household_id, kept.text) == (
        "meeting",
        world.households[2],
        "楼道灯坏了，找王大爷",
    )
    assert opinion.suggestion_id == kept.id
    assert opinions.number_of(opinion) == kept.number
    glancing.admit(opinion, host=HOST, at=DURING)
    assert len(suggestions()) == 1, "pressed twice it is once"


def test_names_numbers_and_doors_are_masked_for_everybody(meeting: Meeting) -> None:
    opinion = admitted(meeting, "3单元301的王大爷说电话13800138000打不通", phone("a"))
    said = opinions.shown(opinion) or ""
    assert "王大爷" not in said
    assert "138" not in said
    assert "301" not in said
    assert "打不通" in said


def test_the_same_form_and_the_same_words_are_one(meeting: Meeting) -> None:
    first = say(meeting, "灯坏了", phone("a"), submission="s")
    assert say(meeting, "灯坏了", phone("a"), submission="s").id == first.id
    assert say(meeting, " 灯坏了 ", phone("a")).id == first.id
    assert say(meeting, "灯坏了", phone("b"), submission="s").id != first.id
    assert states(meeting) == ["1 waiting", "2 waiting"]


@pytest.mark.parametrize("wrong", ["", "  \u200b ", "长" * 201])
def test_nothing_and_too_much_are_refused(meeting: Meeting, wrong: str) -> None:
    with pytest.raises(Invalid):
        say(meeting, wrong, phone("a"))


def test_before_and_after_the_meeting_nothing_is_said_here(world: World) -> None:
    meeting = add_meeting(world, begun=False)
    with pytest.raises(Refused):
        say(meeting, "灯坏了", phone("a"))
    meeting.begun_at = DURING
    db.session.commit()
    sent = say(meeting, "灯坏了", phone("a"), submission="s")
    meeting.ended_at = DURING
    db.session.commit()
    again = say(meeting, "灯坏了", phone("a"), submission="s")
    assert again.id == sent.id, "a lost reply is told after the end as well"
    with pytest.raises(Refused):
        say(meeting, "又一句", phone("a"))


def test_one_phone_that_sends_a_thousand_is_refused_and_a_courtyard_is_not(
    meeting: Meeting,
) -> None:
    for n in range(10):
        say(meeting, f"第 {n} 句", phone("a"))
    for n in range(10, 40):
        with pytest.raises(TooOften, match="都记下了"):
            say(meeting, f"第 {n} 句", phone("a"))
    for n in range(60):
        say(meeting, "我也说一句", phone(f"other {n}"))
    say(meeting, "过了一会儿", phone("a"), at=DURING + timedelta(minutes=16))
    assert len(states(meeting)) == 71


def test_ten_phones_at_once_number_one_after_the_other(app: Flask, world: World) -> None:
    meeting_id = add_meeting(world).id

    def speak(n: int) -> None:
        say(db.session.get_one(Meeting, meeting_id), f"第 {n} 句", phone(f"{n}"))

    assert at_once(app, [lambda n=n: speak(n) for n in range(10)]) == []  # type: ignore[misc]
    meeting = db.session.get_one(Meeting, meeting_id)
    assert states(meeting) == [f"{n} waiting" for n in range(1, 11)]


# --- the recorder --------------------------------------------------------------------------------


def taken_down(
    meeting: Meeting, text: str, household: str | None = None, **more: object
) -> Opinion:
    asked = {"submission": new_id(), "at": DURING} | more
    return glancing.take_down(
        meeting,
        text,
        household_id=household,
        host=HOST,
        **asked,  # type: ignore[arg-type]
    )


def test_what_the_recorder_types_is_in_the_ledger_at_once(meeting: Meeting, world: World) -> None:
    opinion = taken_down(meeting, "想要个棋桌", world.households[1], submission="s")
    assert taken_down(meeting, "想要个棋桌", world.households[1], submission="s").id == opinion.id
    (kept,) = suggestions()
    assert kept.household_id == world.households[1]
    assert opinion.taken_down_by == "王楼长"
    assert opinions.shown(opinion) == "想要个棋桌"


def test_a_door_of_another_courtyard_is_refused_and_nothing_is_kept(meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        taken_down(meeting, "想要个棋桌", "nobody")
    db.session.rollback()
    assert states(meeting) == []


def test_what_was_typed_wrongly_is_struck_and_what_a_phone_said_is_not(meeting: Meeting) -> None:
    typed, said = taken_down(meeting, "想要个旗桌"), say(meeting, "灯坏了", phone("a"))
    glancing.strike(typed, host=HOST, at=DURING)
    assert ledger.counts(meeting.courtyard_id).suggestions == 0
    with pytest.raises(Refused, match="只有说的人能收回"):
        glancing.strike(said, host=HOST, at=DURING)


def test_where_no_round_is_on_it_is_said_all_the_same(meeting: Meeting, world: World) -> None:
    db.session.get_one(Round, world.round).ended_at = DURING
    db.session.commit()
    opinion = taken_down(meeting, "想要个棋桌")
    assert opinions.shown(opinion) == "想要个棋桌"
    assert suggestions() == []
    assert opinions.number_of(opinion) is None


# --- withheld and taken back ---------------------------------------------------------------------


def on_the_wall(meeting: Meeting, opinion: Opinion, *, frozen: bool = False) -> None:
    meeting.picture, meeting.subject_id = Picture.OPINION, opinion.id
    if frozen:
        meeting.frozen, meeting.frozen_at = f'<div id="o-{opinion.id}">…</div>', DURING
    db.session.commit()


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("how", ["withhold", "withdraw"])
def test_withheld_or_taken_back_it_leaves_the_wall_and_the_ledger(
    meeting: Meeting, how: str, frozen: bool
) -> None:
    opinion = admitted(meeting, "老王偷电", phone("a"))
    on_the_wall(meeting, opinion, frozen=frozen)
    before = meeting.revision
    if how == "withhold":
        glancing.withhold(opinion, host=HOST, at=DURING)
    else:
        speaking.withdraw(opinion, phone("a"), at=DURING)
    assert opinions.shown(opinion) is None
    assert public.shown(suggestions()[0]) is None
    assert (meeting.picture, meeting.subject_id, meeting.frozen) == (Picture.AGENDA, None, None)
    assert meeting.revision > before
    assert ledger.counts(meeting.courtyard_id).suggestions == (how == "withhold")


def test_a_wall_frozen_while_it_quoted_what_is_taken_back_quotes_it_no_more_nor_after_an_undo(
    app: Flask, meeting: Meeting
) -> None:
    opinion = admitted(meeting, "老王偷电", phone("a"))
    showing.show(meeting, Picture.OPINION, Hand("H", 0, DURING), opinion.id)
    shown = pictures.show(meeting, DURING)
    with app.test_request_context():
        part = render_template(f"meetings/wall/_{shown.name}.html", **shown.context)
    showing.freeze(meeting, part, Hand("H", meeting.step, DURING))
    showing.show(meeting, Picture.BLANK, Hand("H", meeting.step, DURING))
    showing.unfreeze(meeting, Hand("H", meeting.step, DURING))
    speaking.withdraw(opinion, phone("a"), at=DURING)
    while showing.steps_to_undo(meeting):
        showing.undo(meeting, Hand("H", meeting.step, DURING))
        assert meeting.subject_id != opinion.id
        assert "偷电" not in (meeting.frozen or "")


def test_what_is_withheld_may_be_admitted_after_all(meeting: Meeting) -> None:
    opinion = say(meeting, "灯坏了", phone("a"))
    glancing.withhold(opinion, host=HOST, at=DURING)
    assert suggestions() == []
    glancing.admit(opinion, host=HOST, at=DURING)
    glancing.withhold(opinion, host=HOST, at=DURING)
    glancing.admit(opinion, host=HOST, at=DURING)
    assert public.shown(suggestions()[0]) == "灯坏了"


def test_what_its_author_took_back_nobody_brings_back(meeting: Meeting, world: World) -> None:
    opinion = say(meeting, "灯坏了", phone("a"))
    with pytest.raises(NotFound):
        speaking.withdraw(opinion, phone("b", world.households[0]), at=DURING)
    for _ in range(2):
        speaking.withdraw(opinion, phone("a"), at=DURING)
    for act in (glancing.admit, glancing.withhold):
        with pytest.raises(Refused, match="收回了"):
            act(opinion, host=HOST, at=DURING)
    assert suggestions() == []
    say(meeting, "灯坏了", phone("a"))
    assert states(meeting) == ["1 withdrawn", "2 waiting"], "said anew it is another one"


def test_a_household_takes_back_what_another_of_its_phones_said(
    meeting: Meeting, world: World
) -> None:
    home = world.households[0]
    opinion = say(meeting, "灯坏了", phone("hers", home))
    speaking.withdraw(opinion, phone("his", home), at=DURING)
    assert states(meeting) == ["1 withdrawn"]


def test_after_signing_its_author_may_still_take_it_back_and_staff_change_nothing(
    meeting: Meeting,
) -> None:
    opinion, other = (admitted(meeting, text, phone("a")) for text in ("灯坏了", "水管漏"))
    meeting.ended_at = meeting.signed_at = DURING
    db.session.commit()
    with pytest.raises(Refused, match="签过字"):
        glancing.withhold(other, host=HOST, at=DURING)
    speaking.withdraw(opinion, phone("a"), at=DURING)
    assert states(meeting) == ["1 withdrawn", "2 admitted"]


def test_admitted_while_its_author_takes_it_back_it_is_taken_back(app: Flask, world: World) -> None:
    opinion_id = say(add_meeting(world), "灯坏了", phone("a")).id

    def found() -> Opinion:
        return db.session.get_one(Opinion, opinion_id)

    faults = at_once(
        app,
        [
            lambda: glancing.admit(found(), host=HOST, at=DURING),
            lambda: speaking.withdraw(found(), phone("a"), at=DURING),
        ],
    )
    assert all(isinstance(fault, Refused) for fault in faults)
    assert found().state is OpinionState.WITHDRAWN
    assert all(suggestion.superseded_at for suggestion in suggestions())


def test_the_minutes_name_an_opinion_and_never_hold_its_words(meeting: Meeting) -> None:
    opinion = admitted(meeting, "灯坏了", phone("a"))
    speaking.withdraw(opinion, phone("a"), at=DURING)
    lines = list(db.session.scalars(db.select(Minute).order_by(Minute.number)))
    assert [line.say % json.loads(line.facts) for line in lines] == [
        "收下第 1 条意见",
        "第 1 条意见收回了",
    ]
    assert {line.subject_id for line in lines} == {opinion.id}
    assert "灯坏了" not in "".join(line.facts for line in lines)


# --- 我也是 --------------------------------------------------------------------------------------


def test_a_household_and_a_phone_without_a_door_count_once_each(
    meeting: Meeting, world: World
) -> None:
    opinion = admitted(meeting, "灯坏了", phone("author"))
    home = world.households[0]
    for who in (phone("hers", home), phone("his", home), phone("b"), phone("b"), phone("c")):
        speaking.support(opinion, who, at=DURING)
    assert counted(opinion) == 3
    speaking.support(opinion, phone("c", world.households[1]), at=DURING)
    assert counted(opinion) == 3, "it holds its slip now: it is its household's"
    speaking.unsupport(opinion, phone("his", home), at=DURING)
    speaking.unsupport(opinion, phone("his", home), at=DURING)
    assert counted(opinion) == 2
    assert opinions.mine(meeting.id, phone("b")).supported == {opinion.id}


def test_what_one_supported_before_the_slip_can_be_taken_back_after_it(
    meeting: Meeting, world: World
) -> None:
    opinion = admitted(meeting, "灯坏了", phone("author"))
    speaking.support(opinion, phone("b"), at=DURING)
    speaking.unsupport(opinion, phone("b", world.households[0]), at=DURING)
    assert counted(opinion) == 0


def test_one_supports_neither_ones_own_nor_what_nobody_sees(meeting: Meeting, world: World) -> None:
    home = world.households[0]
    opinion = say(meeting, "灯坏了", phone("hers", home))
    with pytest.raises(Refused):
        speaking.support(opinion, phone("b"), at=DURING)
    glancing.admit(opinion, host=HOST, at=DURING)
    with pytest.raises(Refused, match="您说的"):
        speaking.support(opinion, phone("his", home), at=DURING)
    assert counted(opinion) == 0


def test_twenty_phones_at_once_are_twenty_and_one_phone_at_once_is_one(
    app: Flask, world: World
) -> None:
    opinion_id = admitted(add_meeting(world), "灯坏了", phone("author")).id

    def tap(name: str) -> None:
        speaking.support(db.session.get_one(Opinion, opinion_id), phone(name), at=DURING)

    names = [f"{n}" for n in range(10)] + ["0"] * 5
    assert at_once(app, [lambda n=n: tap(n) for n in names]) == []  # type: ignore[misc]
    assert counted(db.session.get_one(Opinion, opinion_id)) == 10


def test_the_longest_opinion_is_as_long_as_the_ledger_takes() -> None:
    assert rules.spoken("长" * rules.LONGEST_OPINION)
