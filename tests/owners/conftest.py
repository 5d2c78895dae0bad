"""What the tests of this room share."""

import pytest

from tests.owners import stage
from tests.owners.stage import Stage
from tests.world import World


@pytest.fixture
def vote(world: World) -> Stage:
    """An opened vote of 18 owners with an ordinary and a grave motion."""
    return stage.opened(world)
