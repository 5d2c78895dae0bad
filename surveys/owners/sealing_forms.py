"""What is typed from the close to the result."""

from functools import partial

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length

from surveys.base.forms import Form
from surveys.menus.forms import CountField
from surveys.menus.rules import parse_count

MOST_SHEETS = 100_000


class SheetsField(CountField):
    """A number of sheets."""

    read = staticmethod(partial(parse_count, most=MOST_SHEETS))


class SignForm(Form):
    """How many sheets do not count, as the supervisor states it."""

    uncounted = SheetsField(_("一共几张不计入"), [InputRequired(_("请填一个数。"))])
    form_errors: list[str] = []


class CounterForm(Form):
    """Whom to name."""

    name = StringField(
        _("登录用的名字"),
        [
            DataRequired(_("请写名字。")),
            Length(max=60, message=_("最多 %(max)d 个字。")),
        ],
    )
    form_errors: list[str] = []
