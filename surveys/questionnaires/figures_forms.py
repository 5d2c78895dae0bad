"""What is typed to look at some answers only."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField
from wtforms.validators import Optional, ValidationError

from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.base.words import N_
from surveys.questionnaires.models import Tag
from surveys.questionnaires.rules import CHANNELS
from surveys.questionnaires.sifting import NO_TAG, Sift

ANY = N_("不限")


class SiftForm(Form):
    """By channel, day, tag and place. It is asked by its address: nothing is changed by it."""

    class Meta(Form.Meta):
        """What is only looked at needs no token."""

        csrf = False

    channel = SelectField(_("怎么来的"), default="")
    since = DateField(_("从哪天"), [Optional()])
    until = DateField(_("到哪天"), [Optional()])
    place = SelectField(_("哪栋哪单元"), default="")
    tag = SelectField(_("哪个链接"), default="")

    def offer(self, places: list[tuple[str, str, str]], tags: list[Tag]) -> None:
        """Say what there is to choose from: (building, stairwell, words), and the tags."""
        any_ = ("", gettext(ANY))
        self.channel.choices = [any_, *((code, gettext(word)) for code, word in CHANNELS.items())]
        self.place.choices = [any_, *((f"{b}|{s}", words) for b, s, words in places)]
        named = [(tag.id, tag.name) for tag in tags]
        self.tag.choices = [any_, *named, *([(NO_TAG, gettext(N_("没带标记")))] if named else [])]

    def validate_until(self, field: DateField) -> None:
        """The last day is not before the first."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext(N_("到哪天，要在从哪天之后。")))

    def sift(self, zone: str) -> Sift:
        """What was typed; days are those of the courtyard's zone, the last one counts whole."""
        building, _bar, stairwell = (self.place.data or "").partition("|")
        return Sift(
            channel=self.channel.data or "",
            since=_begin(self.since, zone),
            until=_begin(self.until, zone, timedelta(days=1)),
            tag_id=self.tag.data or "",
            building=building,
            stairwell=stairwell,
        )


def _begin(field: DateField, zone: str, later: timedelta = timedelta(0)) -> datetime | None:
    if field.data is None:
        return None
    there = datetime.combine(field.data, time(0), ZoneInfo(zone)) + later
    return there.astimezone(UTC)
