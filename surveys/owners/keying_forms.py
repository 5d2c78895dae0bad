"""What is typed to key in an owner's sheet, to attach its photo, to decide, and to vote online."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from surveys.ballots.forms import SUBMISSION, ReasonForm, visible_line
from surveys.base import pictures
from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.counting.double_majority import Mark
from surveys.owners.casting import MARKED
from surveys.owners.models import Capacity, Motion
from surveys.owners.proxies import LONGEST_MARK, LONGEST_NAME

MARK = "mark-"
"""stands before the number of a motion in the name of its field"""
KEYS: Mapping[str, Mark] = {
    "1": Mark.FOR,
    "2": Mark.AGAINST,
    "3": Mark.ABSTAIN,
    "0": Mark.UNMARKED,
}
"""the key that is pressed for a mark"""
CAPACITIES: Mapping[str, str] = {
    Capacity.OWNER: N_("业主本人"),
    Capacity.AGENT: N_("代理人，有委托书"),
}


def submission() -> str:
    """The id that came with the form; empty where it is none that we made."""
    found = request.form.get("submission", "")
    return found if SUBMISSION.fullmatch(found) else ""


def sent_marks() -> dict[int, Mark]:
    """The choices of a phone by number of the motion; what makes no sense is left out."""
    found = {}
    for name, text in request.form.items():
        number = name.removeprefix(MARK)
        if name.startswith(MARK) and number.isdecimal() and len(number) < 4 and text in MARKED:
            found[int(number)] = Mark(text)
    return found


def _name(label: str, missing: str, most: int = LONGEST_NAME) -> StringField:
    too_long = Length(max=most, message=_("最多 %(max)d 个字。"))
    return StringField(label, [DataRequired(missing), too_long], [visible_line])


def _owner() -> StringField:
    rules = [DataRequired(_("请写业主号，或者门牌。")), Length(max=60)]
    return StringField(_("业主号或门牌"), rules, id="door")


class _WithPhoto(Form):
    """A form to which the photo of a paper belongs."""

    def picture(self) -> Picture | None:
        """The photo that was sent, made anew; None where none was.

        Raises:
            Invalid: it is no photo, is too large, or cannot be read.
        """
        file = request.files.get("photo")
        if file is None or not file.filename:
            return None
        return pictures.made_anew(file.read(), file.filename)


class KeyForm(_WithPhoto):
    """A signed sheet of paper. Its marks are fields of their own, one for each motion."""

    owner = _owner()
    signer = _name(_("签字的是谁"), _("请照着纸票写签字的姓名。没有签字的票不能录。"))
    capacity = RadioField(
        _("以什么身份"),
        [InputRequired(_("请选一样。"))],
        choices=lambda: {str(key): gettext(label) for key, label in CAPACITIES.items()},
    )
    received_on = DateField(_("哪天收到的"), [InputRequired(_("请写哪天收到的。"))])
    photo = FileField(_("签了字的票的照片"))
    is_blank = BooleanField(_("这张票确实是空白的"))

    @classmethod
    def fresh(cls, day: date) -> "KeyForm":
        """An empty form, by which a sheet came today and its owner signed."""
        return cls(received_on=day, capacity=Capacity.OWNER.value)

    @staticmethod
    def typed() -> dict[str, str]:
        """What stands in the field of each motion, by the name of the field."""
        return {k: v[:20] for k, v in request.form.items() if k.startswith(MARK)}

    @staticmethod
    def marks(motions: Sequence[Motion]) -> tuple[dict[int, Mark], dict[int, str]]:
        """The marks by number of the motion, and what is wrong with a field."""
        marks, faults = {}, {}
        for motion in motions:
            typed = request.form.get(f"{MARK}{motion.number}", "")
            key = unicodedata.normalize("NFKC", typed).strip()
            if key in KEYS:
                marks[motion.number] = KEYS[key]
            else:
                faults[motion.number] = gettext("填 1、2、3；纸上空着或者画了不止一个，填 0。")
        return marks, faults


class PhotoForm(_WithPhoto):
    """The photo of a sheet that was keyed without one."""

    photo = FileField(_("签了字的票的照片"), [FileRequired(_("还没有选照片。"))])


class ProxyForm(_WithPhoto):
    """A 委托书."""

    owner = _owner()
    agent = _name(_("代理人的姓名"), _("请写代理人的姓名。"))
    mark = _name(_("代理人证件的后四位"), _("请写代理人证件的后四位。"), LONGEST_MARK)
    photo = FileField(_("委托书的照片"), [FileRequired(_("还没有选照片。"))])


class DecideForm(ReasonForm):
    """Which of several sheets counts."""

    keep = SelectField(_("哪一张算数"), [InputRequired(_("请选一样。"))])


NONE = "none"
"""said instead of an entry's id: none of them counts"""
