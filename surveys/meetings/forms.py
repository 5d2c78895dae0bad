"""What is typed about a meeting and its agenda. Times are typed as the courtyard's clocks show."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from surveys.base.forms import Form
from surveys.base.language import gettext as _
from surveys.base.words import N_
from surveys.meetings import rules
from surveys.meetings.agenda import TEMPLATES, Wish
from surveys.meetings.hosting import LONGEST_HOST
from surveys.meetings.models import AgendaItem, ItemKind, Meeting
from surveys.questionnaires.forms import sensible_year

USUAL_TITLE = N_("小板凳恳谈会")
USUAL_HOUR = 19
TYPED = "%Y-%m-%dT%H:%M"
ABOUT_NOTHING = ""


class MeetingForm(Form):
    """When and where it is."""

    title = StringField(
        _l("叫什么"), [InputRequired(_l("请写这次会叫什么。")), Length(max=rules.LONGEST_TITLE)]
    )
    starts_at = DateTimeLocalField(
        _l("什么时候开"),
        [InputRequired(_l("请填日期和时间。")), sensible_year],
        format=[TYPED, "%Y-%m-%dT%H:%M:%S"],
    )
    place = StringField(
        _l("在哪里开"), [InputRequired(_l("请写在哪里开。")), Length(max=rules.LONGEST_PLACE)]
    )

    @classmethod
    def of(cls, meeting: Meeting, zone: str) -> "MeetingForm":
        """The form as it was typed, or as the meeting is planned."""
        there = meeting.starts_at.astimezone(ZoneInfo(zone))
        return cls(title=meeting.title, place=meeting.place, starts_at=there)

    def instant(self, zone: str) -> datetime:
        """The time that was typed. The form has been checked."""
        if self.starts_at.data is None:
            raise ValueError("a time is missing")
        found: datetime = self.starts_at.data.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)


class PlanForm(MeetingForm):
    """A new meeting, with an agenda to begin from."""

    agenda = RadioField(_l("议程从哪一份开始"), [InputRequired(_l("请选一份。"))])

    @classmethod
    def fresh(cls, at: datetime, zone: str) -> "PlanForm":
        """The form as it was typed, or for the evening after tomorrow."""
        evening = datetime.combine(
            at.astimezone(ZoneInfo(zone)).date() + timedelta(days=2), time(USUAL_HOUR)
        )
        form = cls(title=_(USUAL_TITLE), starts_at=evening, agenda="wishes")
        form.agenda.choices = [(key, _(name)) for key, (name, _items) in TEMPLATES.items()]
        return form

    def wishes(self) -> list[Wish]:
        """The items to begin from, worded for the place."""
        _name, items = TEMPLATES[self.agenda.data]
        return [(kind, _(title)) for kind, title in items]


class ItemForm(Form):
    """An item of the agenda; what it is about is chosen as kind and id in one."""

    kind = SelectField(_l("做什么"))
    title = StringField(
        _l("这一项叫什么"),
        [InputRequired(_l("请写这一项叫什么。")), Length(max=rules.LONGEST_TITLE)],
    )
    about = SelectField(_l("连到哪一个"))
    text = TextAreaField(_l("要念给大家听的、要放上大屏的话"), [Length(max=rules.LONGEST_TEXT)])

    def offer(
        self, subjects: Iterable[tuple[ItemKind, str, str]], only: ItemKind | None = None
    ) -> None:
        """Let one of these be what the item is about.

        Args:
            only: the item's kind, where that is settled.
        """
        self.kind.choices = [
            (kind.value, _(name)) for kind, name in rules.KIND_NAMES.items() if only in (None, kind)
        ]
        self.about.choices = [
            (ABOUT_NOTHING, _("什么也不连")),
            *(
                (f"{kind}:{subject_id}", f"{_(rules.SUBJECT_NAMES[kind])}：{title}")
                for kind, subject_id, title in subjects
                if only in (None, kind)
            ),
        ]

    @classmethod
    def of(cls, item: AgendaItem) -> "ItemForm":
        """The form as it was typed, or as the item is."""
        about = f"{item.kind}:{item.about_id}" if item.about_id else ABOUT_NOTHING
        return cls(kind=item.kind.value, title=item.title, about=about, text=item.text)

    def about_id(self) -> str | None:
        """Id of what it is about."""
        _kind, _colon, found = str(self.about.data or "").partition(":")
        return found or None

    def settled_kind(self) -> ItemKind:
        """The kind: that of what it is about, where it is about something."""
        kind, colon, _found = str(self.about.data or "").partition(":")
        return ItemKind(kind if colon else self.kind.data)


class HostForm(Form):
    """Who gets the remote."""

    host = StringField(
        _l("谁来主持"), [InputRequired(_l("请写由谁主持。")), Length(max=LONGEST_HOST)]
    )
