"""The database goes up and down the migrations, and agrees with the models."""

from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade

from tests.conftest import KINDS
from tests.databases import a_database


@pytest.mark.parametrize("kind", KINDS)
def test_migrations_go_up_and_down_and_up_and_agree_with_the_models(
    kind: str, tmp_path: Path
) -> None:
    with a_database(kind, tmp_path) as (_database, app), app.app_context():
        check()
        downgrade(revision="base")
        upgrade()
        check()
