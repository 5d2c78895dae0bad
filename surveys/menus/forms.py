"""What is typed about menus: amounts in yuan, quantities, numbers of items."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import TextInput

from surveys.base import show
from surveys.base.forms import Form
from surveys.base.language import gettext, say
from surveys.counting import parts
from surveys.errors import Invalid
from surveys.menus import rules
from surveys.menus.listing import funding_of
from surveys.menus.models import Menu, MenuClass, MenuItem, Source
from surveys.menus.money import SOURCES, Money
from surveys.menus.parts import Part
from surveys.menus.service import Draft, Rules

LIMIT = "most_"
CAP = "cap_"
AMOUNT = "amount_"
NOTE = "note_"
"""stand before the key of a class or a source in the names of its fields"""


class _Read(Field):
    """A field that keeps what was typed, and holds what a rule reads in it."""

    widget = TextInput()
    data: int | None

    read: Callable[[str], int]
    show: Callable[[int], str] = str

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]) if valuelist else ""
        self.data = None
        if not typed.strip():
            return
        try:
            self.data = type(self).read(typed)
        except Invalid as fault:
            raise ValueError(say(fault)) from fault

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else type(self).show(self.data)


class YuanField(_Read):
    """An amount, typed in yuan, held in fen."""

    read = staticmethod(rules.parse_yuan)
    show = staticmethod(rules.yuan_text)


class QuantityField(_Read):
    """A quantity, held in thousandths."""

    read = staticmethod(rules.parse_quantity)
    show = staticmethod(rules.quantity_text)


class CountField(_Read):
    """A number of items."""

    read = staticmethod(rules.parse_count)


_TITLE = (
    DataRequired(_("菜单要有个名字，如“2026 年改造菜单”。")),
    Length(max=80, message=_("名字太长了，最多 80 个字。")),
)


class MenuForm(Form):
    """A new menu."""

    title = StringField(_("菜单名称"), _TITLE)
    budget = YuanField(_("预算（元）"), [InputRequired(_("请写一共有多少钱，如 40万。"))])


class DraftForm(MenuForm):
    """A menu out of the ledger; its needs are ticked beside it."""


class CostFileForm(Form):
    """Costs to look at before they are saved."""

    file = FileField(_("填好的表"), [FileRequired(_("请先选一个文件。"))])


class CopyForm(Form):
    """Another menu like this one."""

    copy_title = StringField(_("新菜单的名称"), _TITLE)


class RulesForm(MenuForm):
    """Budget and rules of picking; a field for each class is added by `rules_form`."""

    least = CountField(_("至少选几项"), [InputRequired(_("请写至少选几项，如 1。"))])
    most = CountField(_("最多选几项"), [Optional()])
    capped = BooleanField(_("一户选的加起来，不能超过预算"))

    def class_fields(self, of: str = LIMIT) -> list[tuple[str, _Read]]:
        """The fields of the classes, by key: their limits, or their caps."""
        return [
            (field.short_name.removeprefix(of), field)
            for field in self
            if field.short_name.startswith(of)
        ]

    def _by_class(self, of: str) -> dict[str, int]:
        typed = self.class_fields(of)
        return {key: field.data for key, field in typed if field.data is not None}

    @property
    def rules(self) -> Rules:
        """What was typed."""
        return Rules(
            budget_fen=self.budget.data or 0,
            least=self.least.data or 0,
            most=self.most.data,
            capped=self.capped.data,
            class_most=self._by_class(LIMIT),
            class_cap_fen=self._by_class(CAP),
        )


def rules_form(classes: Sequence[MenuClass]) -> type[RulesForm]:
    """The form of the rules, with a limit and a cap for each class of this place."""
    fields: dict[str, _Read] = {}
    for klass in classes:
        many = _("“%(name)s”一户最多选几项", name=klass.name)
        dear = _("“%(name)s”一共最多花多少（元）", name=klass.name)
        fields[LIMIT + klass.key] = CountField(many, [Optional()])
        fields[CAP + klass.key] = YuanField(dear, [Optional()])
    return type("RulesFormOfClasses", (RulesForm,), fields)


class FundingForm(Form):
    """What is expected from each source; its fields are added by `funding_form`."""

    @property
    def money(self) -> dict[Source, Money]:
        """What was typed, of the sources that give or say something."""
        said = {
            source: Money(self[AMOUNT + source].data or 0, self[NOTE + source].data or "")
            for source in Source
        }
        return {source: money for source, money in said.items() if money != Money(0)}


def _funding_fields() -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for source, name in SOURCES.items():
        fields[AMOUNT + source] = YuanField(_("%(name)s（元）", name=_(name)), [Optional()])
        fields[NOTE + source] = StringField(
            _("%(name)s：说明", name=_(name)), [Length(max=80, message=_("最多 80 个字。"))]
        )
    return fields


def funding_form(menu: Menu | None = None) -> FundingForm:
    """The form of the sources; with a menu, as it stands there."""
    kind: type[FundingForm] = type("FundingFormOfSources", (FundingForm,), _funding_fields())
    if menu is None:
        return kind()
    known = {money.source: money for money in funding_of(menu)}
    amounts = {AMOUNT + source: money.amount_fen for source, money in known.items()}
    notes = {NOTE + source: money.note for source, money in known.items()}
    return kind(formdata=None, **amounts, **notes)


class PostForm(Form):
    """A menu put up for comment."""

    note = TextAreaField(_("这一版要说明的"), [Length(max=400, message=_("最多 400 个字。"))])
    comments_until = DateField(
        _("意见听到哪一天"), [DataRequired(_("请写听意见的截止日子，如 2026-11-30。"))]
    )


class ItemForm(Form):
    """One item of a menu."""

    name = StringField(
        _("项目"),
        [
            DataRequired(_("项目要有个名字，如“屋面防水修缮”。")),
            Length(max=30, message=_("名字太长了，最多 30 个字。")),
        ],
    )
    class_key = SelectField(_("哪一类"), [DataRequired()], validate_choice=False)
    what = TextAreaField(_("做什么"), [Length(max=200, message=_("最多 200 个字。"))])
    quantity = QuantityField(_("数量"), [InputRequired(_("请写数量，如 72 或 318.5。"))])
    unit = StringField(_("单位"), [Length(max=20, message=_("单位最多 20 个字。"))])
    unit_cost = YuanField(_("单价（元）"), [InputRequired(_("请写一个单位多少钱，如 186.5。"))])
    share = YuanField(_("受益的每户自己出（元）"), [Optional()])
    upkeep_cost = YuanField(_("以后每户每年（元）"), [Optional()])
    benefits = StringField(_("谁得好处"), [Length(max=200, message=_("最多 200 个字。"))])
    upkeep = StringField(_("以后谁管、花不花钱"), [Length(max=200, message=_("最多 200 个字。"))])
    note = StringField(_("要说明的"), [Length(max=200, message=_("最多 200 个字。"))])
    must_do = BooleanField(_("必做：不用选，一定做，先从预算里扣"))
    only_one_of = StringField(
        _("和哪几项只做一项"), [Length(max=20, message=_("组名太长了，最多 20 个字。"))]
    )

    place = SelectField(_("谁能选"), validate_choice=False, default="")

    def offer(self, classes: Sequence[MenuClass], large_enough: Sequence[Part]) -> "ItemForm":
        """The form with these classes, and these buildings and stairwells, to choose from."""
        self.class_key.choices = {klass.key: gettext(klass.name) for klass in classes}
        self.place.choices = {"": gettext("全院")} | {
            part.name: gettext(
                "只有 %(place)s的 %(n)s 户", place=show.place(part), n=part.households
            )
            for part in large_enough
        }
        if (now := self.place.data or "") not in self.place.choices:  # fewer than there were
            self.place.choices[now] = show.place(Part(*parts.place(now), 0))
        return self

    def awaiting_price(self) -> "ItemForm":
        """The form of an item whose price may be typed later."""
        self.unit_cost.validators = [Optional()]
        self.unit_cost.flags.required = False
        return self

    @property
    def draft(self) -> Draft:
        """What was typed."""
        building, stairwell = parts.place(self.place.data or "")
        return Draft(
            class_key=self.class_key.data or "",
            name=self.name.data or "",
            quantity_milli=self.quantity.data or 0,
            unit_cost_fen=self.unit_cost.data,
            unit=self.unit.data or "",
            what=self.what.data or "",
            benefits=self.benefits.data or "",
            upkeep=self.upkeep.data or "",
            note=self.note.data or "",
            must_do=self.must_do.data,
            only_one_of=self.only_one_of.data or "",
            share_fen=self.share.data,
            upkeep_fen=self.upkeep_cost.data,
            building=building,
            stairwell=stairwell,
        )


def of_item(item: MenuItem) -> Mapping[str, object]:
    """An item as the form's fields hold it."""
    plain = ("class_key", "name", "unit", "what", "benefits", "upkeep", "note")
    return {
        "quantity": item.quantity_milli,
        "unit_cost": item.unit_cost_fen if item.is_priced else None,
        "share": item.share_fen,
        "upkeep_cost": item.upkeep_fen,
        "place": parts.name(item.building, item.stairwell),
        **{name: getattr(item, name) for name in (*plain, "must_do", "only_one_of")},
    }
