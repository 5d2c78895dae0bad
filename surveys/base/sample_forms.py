"""What the style guide shows and nobody sends: a form with everything wrong, and one in order."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from surveys.base.forms import Form
from surveys.base.language import gettext as _


def _ways() -> dict[str, str]:
    return {"a": _("扫码"), "b": _("纸票")}


class SampleForm(Form):
    """A field of every sort."""

    name = StringField(_l("楼栋"), [InputRequired()])
    day = DateField(_l("日期"), [InputRequired()])
    channel = SelectField(_l("怎么交来的"), [InputRequired()], choices=_ways)
    way = RadioField(_l("给谁用"), [InputRequired()], choices=_ways)
    sure = BooleanField(_l("看过了"), [InputRequired()])
    note = TextAreaField(_l("备注"), [Optional()])


def forms() -> tuple[SampleForm, SampleForm]:
    """One whose every demand was passed over, and one that nobody has touched."""
    faulty = SampleForm(formdata=MultiDict({"channel": "c"}))
    faulty.validate()
    return faulty, SampleForm(formdata=None, prefix="sound-")
