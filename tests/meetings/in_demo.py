"""A meeting of the demonstration that is on: what pages and pictures are looked at with."""

from datetime import datetime, timedelta

from surveys.base.db import db, new_id
from surveys.courtyards.models import Courtyard
from surveys.meetings import agenda, glancing, service, speaking
from surveys.meetings.glancing import Staff
from surveys.meetings.models import Meeting, Opinion
from tests.meetings.people import phone

SAID = (
    "三单元门口的路灯坏了一个多月，晚上出门看不见台阶",
    "电动车没处充电，都从楼上拉线下来，怕着火",
    "想在槐树底下放两条长凳，老人走累了能歇歇",
    "找王大爷说过好几回了，电话 13800138000",
)


def a_meeting(courtyard: Courtyard, by: str, at: datetime) -> dict[str, str]:
    """Ids by the names of a route's arguments."""
    begins = at - timedelta(minutes=20)
    meeting = service.create(
        courtyard,
        title="小板凳恳谈会",
        place="二号楼前的槐树下",
        starts_at=begins,
        items=agenda.TEMPLATES["wishes"][1],
        by=by,
        at=begins - timedelta(days=3),
    )
    items = agenda.items_of(meeting)
    meeting.begun_at, meeting.item_id = begins, items[1].id
    db.session.commit()
    said = [_said(meeting, text, n, at) for n, text in enumerate(SAID)]
    for n, opinion_id in enumerate(said[:3]):
        opinion = db.session.get_one(Opinion, opinion_id)
        glancing.admit(opinion, staff=Staff("王楼长"), at=at)
        for k in range(3 * n):
            speaking.support(opinion, phone(f"too {k}"), at=at)
    return {
        "meeting_id": meeting.id,
        "agenda_item_id": items[1].id,
        "opinion_id": said[-1],
    }


def _said(meeting: Meeting, text: str, n: int, at: datetime) -> str:
    opinion, _new = speaking.say(meeting, text, phone(f"{n}"), submission=new_id(), at=at)
    return opinion.id
