"""What is typed from the close to the result."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from surveys.base.forms import Form

MOST_SHEETS = 100_000


class SignForm(Form):
    """How many sheets do not count, as the supervisor states it."""

    uncounted = IntegerField(
        _("一共几张不计入"),
        [
            InputRequired(_("请填一个数。")),
            NumberRange(0, MOST_SHEETS, _("请填一个数。")),
        ],
    )
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
