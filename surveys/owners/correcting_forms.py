"""What is typed to ask for a correction of a vote's register: a form for each thing to be wrong."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.owners import parties, register_file
from surveys.owners.correcting import LONGEST_REASON, Claim, What
from surveys.owners.parties import SOURCE_NAMES
from surveys.owners.service import Listed

_TOO_LONG = _("太长了。")


class ClaimForm(Form):
    """Why something is to be corrected; what, the forms below say."""

    what: What
    reason = StringField(
        _("为什么，凭什么"),
        [
            InputRequired(_("请写为什么要更正，凭什么。")),
            Length(max=LONGEST_REASON, message=_TOO_LONG),
        ],
    )

    def offer(self) -> None:
        """Word what may be chosen, once there is a reader."""

    def claim(self) -> Claim:
        """What is said to be right.

        Raises:
            Invalid: what was typed cannot be read.
        """
        raise NotImplementedError


class AreaForm(ClaimForm):
    """The area, or where it is taken from."""

    what = What.AREA
    area = StringField(
        _("专有面积（㎡）"), [InputRequired(_("请填面积。")), Length(max=30, message=_TOO_LONG)]
    )
    source = SelectField(_("面积来源"), [InputRequired(_("请选一样。"))])

    def offer(self) -> None:
        """Word what may be chosen, once there is a reader."""
        self.source.choices = [(word, gettext(word)) for word in SOURCE_NAMES.values()]

    def claim(self) -> Claim:
        """What is said to be right."""
        area = register_file.read_area(self.area.data or "")
        return Claim(self.what, area, register_file.read_source(self.source.data or ""))


class NamesForm(ClaimForm):
    """The same owner, written otherwise."""

    what = What.NAMES
    names = StringField(
        _("产权人"), [InputRequired(_("请填产权人。")), Length(max=400, message=_TOO_LONG)]
    )
    voter = StringField(_("表决代表"), [Length(max=60, message=_TOO_LONG)])

    def claim(self) -> Claim:
        """What is said to be right."""
        named = parties.read_names(self.names.data or "")
        return Claim(self.what, named=named, voter=self.voter.data or "")


class OwnerForm(ClaimForm):
    """Another owner: on the register already, or new to it."""

    what = What.OWNER
    number = StringField(
        _("已经在名册上的：第几号业主"), [Regexp(r"[0-9]{0,5}$", message=_("请只填数字。"))]
    )
    names = StringField(_("还不在名册上的：产权人"), [Length(max=400, message=_TOO_LONG)])
    voter = StringField(_("表决代表"), [Length(max=60, message=_TOO_LONG)])

    def claim(self) -> Claim:
        """What is said to be right."""
        if self.number.data:
            return Claim(self.what, number=int(self.number.data))
        named = parties.read_names(self.names.data or "")
        return Claim(self.what, named=named, voter=self.voter.data or "")


class SoldForm(ClaimForm):
    """Sold since: noted, and the count stays."""

    what = What.SOLD
    names = StringField(
        _("卖给了谁"), [InputRequired(_("请填产权人。")), Length(max=400, message=_TOO_LONG)]
    )

    def claim(self) -> Claim:
        """What is said to have happened."""
        return Claim(self.what, named=parties.read_names(self.names.data or ""))


FORMS: Mapping[What, type[ClaimForm]] = MappingProxyType(
    {form.what: form for form in (AreaForm, NamesForm, OwnerForm, SoldForm)}
)


def filled(listed: Listed, area_dm2: int, source: str) -> dict[What, ClaimForm]:
    """The four forms with what stands on the register now."""
    names = "、".join(listed.names)
    area = f"{area_dm2 // 100}.{area_dm2 % 100:02d}"
    known: Mapping[What, Mapping[str, str]] = {
        What.AREA: {"area": area, "source": source},
        What.NAMES: {"names": names, "voter": listed.owner.voter},
    }
    return {
        what: form(formdata=None, prefix=what, data=known.get(what, {}))
        for what, form in FORMS.items()
    }


def sent(what: What) -> ClaimForm:
    """The form that was sent."""
    return FORMS[what](prefix=what)
