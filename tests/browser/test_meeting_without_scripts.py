"""A meeting where no script runs: the remote, what is said, a question of the spot, the wall.

(The rest is walked without scripts in `test_path.py` and `test_editor.py`.)
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.meetings import hosting, service
from surveys.meetings.models import ItemKind
from surveys.web import config_of
from tests.browser.path import REFRESHED
from tests.browser.scene import Scene
from tests.browser.window import Window

pytestmark = pytest.mark.browser

AGENDA = ((ItemKind.TALK, "大家说说"), (ItemKind.ASK, "当场问一问"))
SAID, QUESTION = "楼道灯坏了半年", "先装楼道灯，行不行？"


def planned(scene: Scene) -> tuple[str, str]:
    """A meeting of now; its id, and the token of its remote."""
    by = scene.world.accounts["organizer"]
    with scene.served.app.app_context():
        at = clock.now()
        meeting = service.create(
            db.session.get_one(Courtyard, scene.world.courtyard),
            title="恳谈会",
            place="大槐树下",
            starts_at=at + timedelta(minutes=5),
            items=AGENDA,
            by=by,
            at=at,
        )
        secret = config_of().secret
        link = hosting.make(meeting, "王楼长", secret=secret, by=by, at=at)
        found = meeting.id, hosting.token_of(link, secret)
        db.session.remove()
    return found


def comes(scene: Scene, household: int, meeting_id: str) -> Window:
    """A resident's phone at the meeting, signed in."""
    phone = scene.phone(household=household, script=False)
    phone.see(f"/m/{meeting_id}")
    phone.press("我到了，签到")
    phone.reads("签到了")
    return phone


def next_item(host: Window, meeting_id: str, title: str) -> None:
    host.see(f"/host/{meeting_id}")
    host.hit(host.page.get_by_role("button", name="下一项"))
    expect(host.page.locator("#now")).to_contain_text(title)


def test_a_meeting_needs_no_script(scene: Scene) -> None:
    meeting_id, token = planned(scene)
    host = scene.phone(script=False)
    host.see(f"/remote/{token}")
    host.press("我来主持")
    host.press("开始开会")
    wall = Window(scene.served.wall(script=False), touch=False)
    wall.see(f"/wall/{meeting_id}")
    residents = [comes(scene, household, meeting_id) for household in (17, 18)]
    next_item(host, meeting_id, "大家说说")
    is_said(host, residents, meeting_id)
    expect(wall.page.locator("#board")).to_contain_text(SAID, timeout=REFRESHED)
    next_item(host, meeting_id, "当场问一问")
    is_asked(host, residents, meeting_id)
    wall.page.reload()
    expect(wall.page.locator("#board")).to_contain_text(QUESTION)
    host.see(f"/host/{meeting_id}")
    host.press("退回一步")
    host.press("散会")
    host.reads("散会了")


def is_said(host: Window, residents: list[Window], meeting_id: str) -> None:
    """One says it, the host lets everybody see it, the other one agrees and takes it back."""
    first, other = residents
    first.write("一句话就行", SAID)
    first.press("交上")
    first.reads("收到了")
    host.follow("看意见、记意见")
    host.hit(host.page.get_by_role("button", name="上墙").first)
    host.reads("正在大屏上")
    other.see(f"/m/{meeting_id}")
    other.hit(other.page.get_by_role("button", name="我也是"))
    other.reads("您也是")
    other.hit(other.page.get_by_role("button", name="收回").last)
    expect(other.page.get_by_role("button", name="我也是")).to_be_visible()


def is_asked(host: Window, residents: list[Window], meeting_id: str) -> None:
    """A question of the spot: both answer, one thinks again; the numbers are everybody's."""
    host.follow("当场问一句")
    host.write("要问的一句话", QUESTION)
    host.press("开始问")
    host.heads(QUESTION)
    for resident in residents:
        resident.see(f"/m/{meeting_id}")
        resident.press("同意")
        resident.reads("选了“同意”")
    residents[1].press("不同意")
    residents[1].reads("选了“不同意”")
    host.press("截止，看结果")
    host.reads("2 户")
    residents[0].see(f"/m/{meeting_id}")
    residents[0].reads("截止了")
    against = residents[0].page.locator("dt", has_text="不同意")
    expect(against).to_contain_text("1")
