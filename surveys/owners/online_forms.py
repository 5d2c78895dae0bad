"""What is typed to say whether owners may vote online at a place."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.owners.online import LONGEST_BASIS
from surveys.owners.register_models import OnlineRule


class OnlineForm(Form):
    """Whether, and which sentence of local rules says so."""

    how = RadioField(_("业主表决能不能在网上投"), [InputRequired(_("请选一样。"))])
    basis = StringField(
        _("依据"),
        [
            InputRequired(_("请写依据：哪份文件、第几条、怎么说的。")),
            Length(max=LONGEST_BASIS, message=_("太长了。")),
        ],
    )

    @classmethod
    def of(cls, rule: OnlineRule | None) -> "OnlineForm":
        """The form as it was sent, or with the rule that stands."""
        known = {"how": "yes" if rule.is_allowed else "no", "basis": rule.basis} if rule else {}
        form = cls(data=known)
        form.how.choices = [
            ("no", gettext("不能：只用签字的纸票")),
            ("yes", gettext("能：当地允许用这样的系统在网上投")),
        ]
        return form
