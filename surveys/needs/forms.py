"""What is typed about suggestions and needs. Whether it may stand so, the services say."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.needs import catalogue
from surveys.needs.cataloguing import Draft
from surveys.needs.facts import KINDS, Facts
from surveys.needs.keeping import BY_HAND, LANES, Fix
from surveys.needs.models import Lane, NeedKind
from surveys.needs.rules import (
    CAPTION_MOST,
    FACT_MOST,
    NAME_MOST,
    NOTE_MOST,
    TITLE_MOST,
    UNIT_MOST,
    WHAT_MOST,
    Entry,
)
from surveys.questionnaires.rules import CHANNELS

TAKEN_DOWN = ("meeting", "phone", "visit", "paper")
"""how staff come to hear a suggestion, the most frequent first"""


class NeedForm(Form):
    """A need's words, and its line of the catalogue."""

    title = StringField(
        _("诉求的名字"),
        [
            DataRequired(_("诉求要有个名字，如“楼道照明”。")),
            Length(max=TITLE_MOST, message=_("名字太长了，最多 40 个字。")),
        ],
    )
    category = SelectField(_("目录里的哪一类"), [Optional()], validate_choice=False)

    def __init__(self, **kw: object) -> None:
        super().__init__(**kw)
        held = catalogue.entry(self.category.data)  # one that is offered no longer stays
        self.category.choices = {"": gettext("都不是")} | {
            entry.key: gettext(entry.name)
            for entry in dict.fromkeys((*catalogue.entries(), *([held] if held else [])))
        }


class FixForm(Form):
    """What was done at once, and on which day."""

    on = DateField(_("哪天办好的"), [DataRequired(_("请写办好的那一天，如 2026-11-12。"))])
    note = StringField(
        _("怎么办的"),
        [
            DataRequired(_("请写一句是怎么办的。")),
            Length(max=NOTE_MOST, message=_("写得太长了，最多 200 个字。")),
        ],
    )

    @property
    def fix(self) -> Fix:
        """What was typed; a form without a day is not valid."""
        return Fix(self.on.data or date.max, self.note.data or "")


class FixedNeedForm(NeedForm, FixForm):
    """A new need that was met at once."""


class SplitForm(NeedForm):
    """The words of a need that is made of some suggestions of another."""

    def __init__(self, **kw: object) -> None:
        super().__init__(prefix="split-", **kw)  # it stands on one page with `NeedForm`


class FactsForm(Form):
    """What a need is, where, who sees to it, and by when it is to be answered."""

    kind = SelectField(
        _("类型"),
        [Optional()],
        choices=lambda: (
            {"": gettext("没定")} | {str(kind): gettext(said) for kind, said in KINDS.items()}
        ),
    )
    place = StringField(
        _("院里哪儿"), [Length(max=FACT_MOST, message=_("写得太长了，最多 60 个字。"))]
    )
    leads = StringField(
        _("谁牵头"), [Length(max=FACT_MOST, message=_("写得太长了，最多 60 个字。"))]
    )
    due_on = DateField(_("什么时候前答复"), [Optional()])
    seen = HiddenField(id="facts-seen")

    @property
    def facts(self) -> Facts:
        """What was typed."""
        kind = (self.kind.data or "").strip()  # blanks are nothing to an optional field
        return Facts(
            NeedKind(kind) if kind else None,
            self.place.data or "",
            self.leads.data or "",
            self.due_on.data,
        )


class LaneForm(Form):
    """Where a need goes, where staff may say so by hand, and why."""

    lane = SelectField(
        _("去向"),
        [DataRequired(_("请从列出来的里面选。"))],
        choices=lambda: {str(lane): gettext(LANES[lane]) for lane in BY_HAND},
    )
    lane_note = StringField(
        _("给居民的一句话"),
        [Length(max=NOTE_MOST, message=_("写得太长了，最多 200 个字。"))],
    )

    seen = HiddenField(id="lane-seen")

    @property
    def sent_to(self) -> Lane:
        """What was chosen; a form without it is not valid."""
        return Lane(self.lane.data)


class PhotosForm(Form):
    """Pictures of a need, with one caption for those sent together."""

    photos = MultipleFileField(_("照片"), [FileRequired(_("还没有选照片。"))])
    caption = StringField(
        _("照片上是什么"), [Length(max=CAPTION_MOST, message=_("写得太长了，最多 80 个字。"))]
    )


class SuggestionForm(Form):
    """What staff take down: at a meeting, on the phone, at the door."""

    text = TextAreaField(_("原话"), [DataRequired(_("还没有写。写一句话就行。"))])
    channel = SelectField(
        _("怎么说来的"),
        [DataRequired()],
        choices=lambda: {channel: gettext(CHANNELS[channel]) for channel in TAKEN_DOWN},
    )
    door = StringField(_("哪一户"), [Optional(), Length(max=40)])
    submission = HiddenField()


class WithholdForm(Form):
    """Why a suggestion is shown to nobody else."""

    reason = StringField(
        _("为什么不给别人看"),
        [
            DataRequired(_("不给别人看，要写一句为什么。说的人看得到。")),
            Length(max=NOTE_MOST, message=_("写得太长了，最多 200 个字。")),
        ],
    )


class EntryForm(Form):
    """An entry of the catalogue."""

    name = StringField(
        _("叫什么"),
        [
            DataRequired(_("这一项要有个名字，如“楼道照明”。")),
            Length(max=NAME_MOST, message=_("太长了，最多 30 个字。")),
        ],
    )
    class_key = SelectField(
        _("哪一类"),
        [DataRequired()],
        choices=lambda: {key: gettext(name) for key, name in catalogue.CLASSES.items()},
    )
    unit = StringField(
        _("单位"), [Optional(), Length(max=UNIT_MOST, message=_("太长了，最多 20 个字。"))]
    )
    what = StringField(
        _("做成什么样"), [Optional(), Length(max=WHAT_MOST, message=_("太长了，最多 200 个字。"))]
    )
    words = TextAreaField(_("居民怎么说"), [DataRequired(_("请写几个居民常说的词。"))])

    @classmethod
    def of(cls, entry: Entry) -> "EntryForm":
        """The form as the entry stands."""
        return cls(
            formdata=None,
            name=entry.name,
            class_key=entry.class_key,
            unit=entry.unit,
            what=entry.what,
            words="、".join(entry.words),
        )

    @property
    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            name=self.name.data or "",
            class_key=self.class_key.data or "",
            unit=self.unit.data or "",
            what=self.what.data or "",
            words=self.words.data or "",
        )
