"""What is typed about the living register: a file, a unit, what is stated of the whole."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from surveys.base.forms import Form
from surveys.base.language import gettext, say
from surveys.courtyards import rules
from surveys.courtyards.headed import Fault
from surveys.errors import Invalid
from surveys.owners.parties import KIND_NAMES, SOURCE_NAMES
from surveys.owners.register_models import OwnerKind, OwnersRegister

TOO_LONG = _("太长了。")
MOST_UNITS = 5
"""digits of the number of units"""


def _up_to(most: int) -> Length:
    return Length(max=most, message=TOO_LONG)


class RegisterFileForm(Form):
    """A register to look at before it is saved."""

    file = FileField(_("业主名册文件"), [FileRequired(_("请先选一个文件。"))])


class UnitForm(Form):
    """One unit and whose it is. What stands in a field is read as a cell of a file is."""

    building = StringField(_("楼栋"), [InputRequired(_("请填楼栋。")), _up_to(60)])
    stairwell = StringField(_("单元"), [_up_to(60)])
    room = StringField(_("房号"), [InputRequired(_("请填房号。")), _up_to(60)])
    area = StringField(_("专有面积（㎡）"), [InputRequired(_("请填面积。")), _up_to(60)])
    source = SelectField(_("面积来源"))
    names = StringField(_("产权人"), [InputRequired(_("请填产权人。")), _up_to(400)])
    marks = StringField(_("区分（证件后四位）"), [_up_to(200)])
    voter = StringField(_("表决代表"), [_up_to(60)])
    kind = SelectField(_("类别"))

    def offer(self) -> None:
        """Word what may be chosen, once there is a reader."""
        self.source.choices = [(word, gettext(word)) for word in SOURCE_NAMES.values()]
        alone = [word for kind, word in KIND_NAMES.items() if kind is not OwnerKind.TOGETHER]
        words = [(word, gettext(word)) for word in alone]
        self.kind.choices = [("", gettext("按名字定：一个是个人，几个是共有")), *words]

    @property
    def typed(self) -> Mapping[str, str]:
        """What was typed, by field."""
        return {name: str(field.data or "") for name, field in self._fields.items()}

    def blame(self, faults: Iterable[Fault]) -> None:
        """Say beside each field what is wrong with it."""
        for fault in faults:
            field = self[fault.column]
            field.errors = [*field.errors, say(fault)]


class ChangeUnitForm(UnitForm):
    """A unit that stands on the register already, and why it is changed."""

    why = RadioField(_("为什么改"), [InputRequired(_("请选一样。"))])

    def offer(self) -> None:
        """Word what may be chosen, once there is a reader."""
        super().offer()
        self.why.choices = [
            ("mistake", gettext("原来写错了，或者要补一补")),
            ("sold", gettext("房子卖了、过户了，换了业主")),
        ]


class RemoveForm(Form):
    """A unit that is taken out."""

    sure = BooleanField(
        _("名册里没有这一套了；它的业主要是没有别的房，也一起去掉"), [InputRequired(_("请勾上。"))]
    )


class StatedForm(Form):
    """What the property register states of the whole."""

    area = StringField(_("登记的总面积（㎡）"), [_up_to(30)])
    units = StringField(_("登记的总套数"), [_up_to(30)])
    source = StringField(_("从哪里抄来的"), [_up_to(120)])
    gap_reason = StringField(_("对不上的原因"), [_up_to(200)])

    @classmethod
    def of(cls, stated: OwnersRegister | None) -> "StatedForm":
        """The form as it was sent, or with what is stated now."""
        if stated is None:
            return cls()
        area, units = stated.stated_area_dm2, stated.stated_units
        return cls(
            area="" if area is None else f"{area // 100}.{area % 100:02d}",
            units="" if units is None else str(units),
            source=stated.source,
            gap_reason=stated.gap_reason,
        )

    def validate_area(self, field: Field) -> None:
        """An area of all units together, or nothing."""
        try:
            self.area_dm2 = rules.read_area(field.data or "", most_dm2=rules.MOST_TOGETHER_DM2)
        except Invalid as fault:
            raise ValidationError(say(fault)) from fault

    def validate_units(self, field: Field) -> None:
        """A number of units, or nothing."""
        typed = (field.data or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_UNITS):
            raise ValidationError(gettext("请只填数字。"))
        self.units_stated = int(typed) if typed else None
