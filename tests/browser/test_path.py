"""The whole path, four times: as it should be, without scripts, the CDN dead, the CDN hanging."""

from collections.abc import Iterator
from pathlib import Path as Folder

import pytest
from playwright.sync_api import Browser

from tests.browser import cdns
from tests.browser.conftest import Clock, serving
from tests.browser.path import Path

pytestmark = pytest.mark.browser

WAYS = {
    "as it should be": (cdns.working, True),
    "without scripts": (cdns.dead, False),
    "the CDN is dead": (cdns.dead, True),
    "the CDN hangs": (cdns.hanging, True),
}


@pytest.fixture(params=list(WAYS))
def path(
    request: pytest.FixtureRequest, tmp_path: Folder, chromium: Browser, moving_clock: Clock
) -> Iterator[Path]:
    """A walk that is about to begin."""
    found, script = WAYS[request.param]
    with found() as cdn, serving(tmp_path, chromium, cdn=cdn) as served:
        yield Path(served, moving_clock, script=script)


def test_from_the_code_on_the_wall_to_the_result_on_the_wall(path: Path) -> None:
    path.organizer_asks()
    path.resident_answers(path.clerk_prints())
    path.residents_speak()
    path.clerk_sorts()
    path.organizer_makes_the_menu()
    path.organizer_opens_the_ballot()
    path.households_vote()
    path.one_changes_its_mind()
    path.one_mistypes()
    path.one_votes_on_paper()
    path.time_passes()
    path.staff_seal_and_publish()
    path.result_agrees()
    path.nothing_amiss()
