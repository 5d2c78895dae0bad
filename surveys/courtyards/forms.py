"""What is typed about a courtyard, its roll and its slips."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from surveys.accounts.models import Place
from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import floors
from surveys.courtyards.headed import Reading
from surveys.courtyards.rules import RollRow

TOO_LONG = _l("太长了。")
MOST_FAULTS = 20
"""told at once of doors in words"""
MOST_TOLD = 5_000
"""signs in which doors are told"""


class _Told(Form):
    """Doors told in words; what cannot be read is said beside them."""

    def reading(self) -> Reading[RollRow] | None:
        """The households that are told; None where a line is wrong, or nothing is told."""
        found = floors.read(self.doors.data or "")
        words = _("第 %(row)s 行“%(column)s”：%(say)s")
        faults = found.faults[:MOST_FAULTS]
        self.doors.errors = [
            words % {"row": fault.row, "column": fault.column, "say": say(fault)}
            for fault in faults
        ]
        return found if found.rows and not faults else None


class SettingsForm(Form):
    """What is printed and shown of a courtyard."""

    name = StringField(
        _l("楼院的名字"), [InputRequired(_l("请写楼院的名字。")), Length(max=80, message=TOO_LONG)]
    )
    phone = StringField(_l("社区电话"), [Length(max=40, message=TOO_LONG)])
    committee = StringField(_l("落款（社区或自管会）"), [Length(max=80, message=TOO_LONG)])


class CourtyardForm(SettingsForm, _Told):
    """A new courtyard, where it lies, and its doors where they are known: in words, or a file."""

    parent = SelectField(_l("在哪个社区"), [InputRequired(_l("请选一个。"))])
    doors = TextAreaField(_l("有哪些门牌"), [Length(max=MOST_TOLD, message=TOO_LONG)])
    file = FileField(_l("或者交 Excel 花名册"))

    def offer(self, places: Iterable[Place]) -> None:
        """Offer these places."""
        self.parent.choices = [(place.id, place.name) for place in places]


class RollFileForm(Form):
    """A roll to look at before it is saved."""

    file = FileField(_l("花名册文件"), [FileRequired(_l("请先选一个文件。"))])


class RollWordsForm(_Told):
    """The same told in words."""

    doors = TextAreaField(
        _l("有哪些门牌"),
        [InputRequired(_l("请写上门牌。")), Length(max=MOST_TOLD, message=TOO_LONG)],
    )


class DoorForm(Form):
    """One household that gets a new slip; while a ballot is open with the reason why."""

    door = StringField(
        _l("哪一户"),
        [InputRequired(_l("请写是哪一户，比如 3-2-301。")), Length(max=60, message=TOO_LONG)],
    )
    reason = StringField(
        _l("为什么要换"),
        [InputRequired(_l("请写为什么要换。")), Length(max=200, message=TOO_LONG)],
    )
    sure = BooleanField(
        _l("旧条子就此作废，已经扫过的手机要重新扫"), [InputRequired(_l("请勾上。"))]
    )

    @classmethod
    def asking_why(cls, asked: bool, **kw: object) -> "DoorForm":
        """The form with or without the reason."""
        form = cls(**kw)
        if not asked:
            del form.reason
        return form
