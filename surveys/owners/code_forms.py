"""What is typed to print owners' slips."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from surveys.base.forms import Form
from surveys.owners.codes import LONGEST_REASON


class RenewForm(Form):
    """An owner who gets a new slip, and why."""

    number = StringField(
        _("第几号业主"),
        [
            InputRequired(_("请填业主的编号。")),
            Regexp(r"[0-9]{1,5}$", message=_("请只填数字。")),
        ],
    )
    reason = StringField(
        _("为什么要换"),
        [
            InputRequired(_("请写为什么要换。")),
            Length(max=LONGEST_REASON, message=_("太长了。")),
        ],
    )
    sure = BooleanField(_("旧条子就此作废"), [InputRequired(_("请勾上。"))])
