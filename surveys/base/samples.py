"""What the style guide shows and nobody sends: a form with everything wrong, and one in order."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from surveys.base.forms import Form

_WAYS = [SelectChoice("a", _l("扫码")), SelectChoice("b", _l("纸票"))]


class SampleForm(Form):
    """A field of every sort."""

    name = StringField(_l("楼栋"), [InputRequired()])
    day = DateField(_l("日期"), [InputRequired()])
    channel = SelectField(_l("怎么交来的"), [InputRequired()], choices=_WAYS)
    way = RadioField(_l("给谁用"), [InputRequired()], choices=_WAYS)
    sure = BooleanField(_l("看过了"), [InputRequired()])
    note = TextAreaField(_l("备注"), [Optional()])


def forms() -> tuple[SampleForm, SampleForm]:
    """One whose every demand was passed over, and one that nobody has touched."""
    faulty = SampleForm(formdata=MultiDict({"channel": "c"}))
    faulty.validate()
    return faulty, SampleForm(formdata=None, prefix="sound-")
