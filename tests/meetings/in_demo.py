"""What is said at a meeting of the demonstration, for its pages and pictures to be looked at."""

from datetime import datetime

from surveys.base.db import db, new_id
from surveys.meetings import glancing, speaking
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Opinion
from tests.meetings.people import phone

SAID = (
    "三单元门口的路灯坏了一个多月，晚上出门看不见台阶",
    "电动车没处充电，都从楼上拉线下来，怕着火",
    "想在槐树底下放两条长凳，老人走累了能歇歇",
    "找王大爷说过好几回了，电话 13800138000",
)


def said_at(meeting: Meeting, at: datetime) -> str:
    """Four opinions, three of them admitted and supported; the id of the one that waits."""
    said = [
        speaking.say(meeting, text, phone(f"{n}"), submission=new_id(), at=at)[0].id
        for n, text in enumerate(SAID)
    ]
    for n, opinion_id in enumerate(said[:3]):
        opinion = db.session.get_one(Opinion, opinion_id)
        glancing.admit(opinion, host=Host("w", "王楼长"), at=at)
        for k in range(3 * n):
            speaking.support(opinion, phone(f"too {k}"), at=at)
    return said[-1]
