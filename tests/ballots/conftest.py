"""An opened ballot for the tests of this room."""

import pytest
from flask import Flask

from tests.ballots.stage import Stage, opened
from tests.world import World


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """A ballot open to the 24 households of the world."""
    return opened(app, world)
