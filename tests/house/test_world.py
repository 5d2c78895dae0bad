"""The ground the other tests stand on."""

from tests.manners import Browser
from tests.world import World


def test_the_front_of_the_house_answers(world: World, browser: Browser) -> None:
    assert browser.get("/healthz").data == b"ok\n"
    assert browser.see("/nothing-here").status == 404
