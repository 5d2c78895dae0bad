"""A courtyard in full swing, made through services: what the shorter tests look at."""

from dataclasses import dataclass
from datetime import timedelta

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Household
from surveys.needs import service as needs
from surveys.questionnaires.models import Response
from surveys.rounds.models import Round
from surveys.web import config_of
from tests.ballots.stage import Stage, opened
from tests.browser.conftest import Served
from tests.browser.window import Window
from tests.questionnaires import asking
from tests.world import AT, World, make_world

SAID = ("楼道灯坏了半年", "下水道一下雨就返味", "晚上院里太黑，路灯不亮", "院里没处歇脚")


@dataclass
class Scene:
    """The served app, an open ballot, an open questionnaire, and a ledger half sorted."""

    served: Served
    world: World
    stage: Stage
    ballot: str
    questionnaire: str
    suggestion: str
    need: str
    slips: list[str]
    """addresses of the households' slips"""

    def phone(self, *, household: int | None = None, script: bool = True) -> Window:
        """A phone; speaking for a household of the roll where one is named."""
        window = Window(self.served.phone(script=script), touch=True)
        if household is not None:
            window.see(self.slips[household])
            window.press("是我家")
            window.reads("这部手机代表")
        return window

    def desktop(self, who: str = "clerk") -> Window:
        """A desktop window with somebody signed in, without the form."""
        return desktop_of(self.served, self.world.accounts[who])

    def entries(self, household: int) -> int:
        """How many entries stand in the ballot for a household."""
        from surveys.ballots import asking as ballots

        with self.served.app.app_context():
            home = db.session.get_one(Household, self.world.households[household])
            found = ballots.standing(ballots.find(self.ballot), home)
            db.session.remove()
        return len(found.entries)

    def responses(self, household: int) -> list[Response]:
        """Everything a household sent, whether it counts or not."""
        home = self.world.households[household]
        with self.served.app.app_context():
            found = asking.responses(self.questionnaire)
            db.session.remove()
        return [response for response in found if response.household_id == home]


def desktop_of(served: Served, account_id: str) -> Window:
    """A desktop window with this account signed in, without the form."""
    page = served.desktop()
    serializer = served.app.session_interface.get_signing_serializer(  # type: ignore[attr-defined]
        served.app
    )
    held = serializer.dumps({"account": [account_id, 0, int(clock.now().timestamp())]})
    page.context.add_cookies([{"name": "stool", "value": held, "url": served.address}])
    return Window(page, touch=False)


def make_scene(served: Served) -> Scene:
    """Everything in place, a day after the ballot opened."""
    with served.app.app_context():
        world = make_world()
        secret = config_of().secret
        slips.ensure_codes(courtyards.find(world.courtyard), secret, AT)
        homes = [db.session.get_one(Household, one) for one in world.households]
        stage = opened(served.app, world)
        clerk = world.accounts["clerk"]
        round_ = db.session.get_one(Round, world.round)
        said = [
            needs.add_suggestion(
                round_, text, household_id=homes[n].id, channel="visit", by=clerk, at=AT
            )
            for n, text in enumerate(SAID)
        ]
        need = needs.new_need(round_, "下水道返味", by=clerk, at=AT)
        scene = Scene(
            served=served,
            world=world,
            stage=stage,
            ballot=stage.ballot.id,
            questionnaire=asking.opened(world, at=AT + timedelta(hours=1)),
            suggestion=said[0].id,
            need=need.id,
            slips=[f"/h/{slips.household_code(home, secret)[0]}" for home in homes],
        )
        db.session.remove()
    return scene
