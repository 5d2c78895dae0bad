"""Commands of the rooms: within the app, and what goes wrong is one sentence without a trace."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from surveys.errors import SurveysError

NO_SUCH_TABLE = "42P01"
"""undefined_table, https://www.postgresql.org/docs/current/errcodes-appendix.html"""


class _Telling:
    def invoke(self, context: click.Context) -> Any:
        """Run it.

        Raises:
            ClickException: what the project says of it, or that there is no database to work on.
        """
        try:
            return super().invoke(context)  # type: ignore[misc]
        except SurveysError as fault:
            raise click.ClickException(str(fault)) from None
        except (OperationalError, ProgrammingError) as fault:
            if isinstance(fault, ProgrammingError) and not _lacks_a_table(fault):
                raise
            raise click.ClickException(
                f"数据库打不开，或者还是空的：{fault.orig}。"
                "请看看 SURVEYS_DATABASE_URL；头一回用，先运行 flask prepare --empty。"
            ) from None


class Command(_Telling, click.Command):
    """A command that stands alone."""


class Commands(_Telling, AppGroup):
    """The commands of a room."""


def _lacks_a_table(fault: ProgrammingError) -> bool:
    return getattr(fault.orig, "sqlstate", None) == NO_SUCH_TABLE
