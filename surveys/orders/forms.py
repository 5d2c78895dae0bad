"""What is typed about an order."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from surveys.base.forms import Form
from surveys.orders.rules import NAME_MOST, REASON_MOST


def _day(label: str) -> DateField:
    return DateField(label, [DataRequired(_("请写一个日子。"))])


def typed_day(field: DateField) -> date:
    """The day that was typed in a form that is valid."""
    if field.data is None:
        raise ValueError("validate the form first")
    return field.data


class OrderForm(Form):
    """Which item it is about."""

    item = HiddenField(validators=[DataRequired()])


class AcceptForm(OrderForm):
    """Who accepts, and until when it is done."""

    who = StringField(
        _("哪个单位接"),
        [
            DataRequired(_("请写是哪个单位接的，如“中心路街道办”。")),
            Length(max=NAME_MOST, message=_("最多 %(max)d 个字。")),
        ],
    )
    promised_for = _day(_("答应哪天前办好"))


class _ReasonForm(OrderForm):
    reason = StringField(
        _("为什么"),
        [
            DataRequired(_("请写一句为什么。")),
            Length(max=REASON_MOST, message=_("最多 %(max)d 个字。")),
        ],
    )


class DeclineForm(_ReasonForm):
    """Why it is not accepted."""


class PutOffForm(_ReasonForm):
    """Another day, and why."""

    promised_for = _day(_("改到哪天前"))


class FinishForm(OrderForm):
    """On which day it was done."""

    on = _day(_("哪天办好的"))
