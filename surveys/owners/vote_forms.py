"""What is typed to make an owners' vote, its motions, a later close, and a line of delivery."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from surveys.ballots.forms import instant, time_field, visible_line, worded
from surveys.base import pictures
from surveys.base.forms import Form
from surveys.base.words import N_
from surveys.counting.double_majority import CURRENT, RULE_SETS, RuleSet, Unmarked
from surveys.menus import rules as typing_rules
from surveys.menus.forms import CountField
from surveys.owners.delivering import LONGEST_NOTE, LONGEST_WHOM, WAYS, Noted
from surveys.owners.drafting import LONGEST_TEXT
from surveys.owners.models import DeliveryWay, Motion, OwnersVote
from surveys.owners.rules import NOTICE_DAYS
from surveys.owners.terms import (
    LONGEST_CLAUSE,
    LONGEST_REASON,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    MOST_PROXIES,
    Terms,
)

UNMARKED: Mapping[str, str] = {
    Unmarked.ABSTAIN: N_("算弃权"),
    Unmarked.VOID: N_("这一项不算参与表决"),
}
_TOO_LONG = _("最多 %(max)d 个字。")
_PICK_ONE = [InputRequired(_("请选一样。"))]


def _say(most: int) -> list[Length]:
    return [Length(max=most, message=_TOO_LONG)]


def _titled(label: str, missing: str, most: int = LONGEST_TITLE) -> StringField:
    return StringField(label, [DataRequired(missing), *_say(most)], [visible_line])


def _day(field: DateField) -> date:
    """The day that was typed. The field has been checked."""
    if field.data is None:
        raise ValueError("a day is missing")
    return field.data


class AgentsField(CountField):
    """How many owners one agent may vote for."""

    read = staticmethod(partial(typing_rules.parse_count, most=MOST_PROXIES))


class VoteForm(Form):
    """A vote before it is frozen. Times are typed as clocks in the courtyard show them."""

    title = _titled(_("表决叫什么"), _("请写表决叫什么。"))
    called_by = _titled(_("由谁召集"), _("请写由谁召集。"))
    noticed_on = DateField(_("公告哪天贴出来"), [InputRequired(_("请填公告的日子。"))])
    notice_reason = StringField(_("公告到开始不到 15 天的，为什么"), _say(LONGEST_REASON))
    opens_at = time_field(_("什么时候开始投"))
    closes_at = time_field(_("什么时候截止"))
    seals_at = time_field(_("最晚什么时候封存计票"))
    rule_set = SelectField(_("按哪套规则数"), _PICK_ONE)
    unmarked = RadioField(_("空着的、勾了两样的"), _PICK_ONE, choices=worded(UNMARKED))
    proxy_most = AgentsField(_("一个人最多代几位业主"), [InputRequired(_("请写一个数。"))])
    is_online = BooleanField(_("也在网上投"))
    silence_text = TextAreaField(_("“未表决视为同意多数”的约定，原文"), _say(LONGEST_CLAUSE))
    silence_source = StringField(_("出自哪份文件"), _say(LONGEST_SOURCE), [visible_line])

    @classmethod
    def fresh(cls, at: datetime, zone: str, called_by: str) -> "VoteForm":
        """An empty form with a calendar that usually fits: notice tomorrow, then 15 days, ten."""
        today = at.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
        opens = today.replace(hour=8) + timedelta(days=NOTICE_DAYS + 1)
        closes = today.replace(hour=20) + timedelta(days=NOTICE_DAYS + 11)
        return cls(
            called_by=called_by,
            noticed_on=today.date() + timedelta(days=1),
            opens_at=opens,
            closes_at=closes,
            seals_at=closes + timedelta(days=3),
            rule_set=CURRENT,
            unmarked=Unmarked.ABSTAIN.value,
            proxy_most=3,
        )

    @classmethod
    def of(cls, vote: OwnersVote, zone: str) -> "VoteForm":
        """The form as the draft stands."""
        there = ZoneInfo(zone)
        return cls(
            obj=vote,
            unmarked=str(vote.unmarked),
            opens_at=vote.opens_at.astimezone(there),
            closes_at=vote.closes_at.astimezone(there),
            seals_at=vote.seals_at.astimezone(there),
        )

    def offer(self, words: Mapping[str, str]) -> None:
        """Let one of the rule sets be chosen, named in the reader's `words` by key."""
        self.rule_set.choices = {key: words[key] for key in RULE_SETS}

    def terms(self, zone: str) -> Terms:
        """What was typed, with its times in the courtyard's zone. The form has been checked."""
        there = ZoneInfo(zone)
        return Terms(
            title=self.title.data or "",
            called_by=self.called_by.data or "",
            noticed_on=_day(self.noticed_on),
            notice_reason=self.notice_reason.data or "",
            opens_at=instant(self.opens_at, there),
            closes_at=instant(self.closes_at, there),
            seals_at=instant(self.seals_at, there),
            rule_set=self.rule_set.data,
            unmarked=Unmarked(self.unmarked.data),
            proxy_most=self.proxy_most.data or 0,
            is_online=bool(self.is_online.data),
            silence_text=self.silence_text.data or "",
            silence_source=self.silence_source.data or "",
        )


class MotionForm(Form):
    """One thing to agree to or not."""

    title = _titled(_("议题"), _("请写议题。"))
    matter = SelectField(_("是哪一类事"), _PICK_ONE)
    text = TextAreaField(_("说明"), _say(LONGEST_TEXT))

    @classmethod
    def of(cls, motion: Motion) -> "MotionForm":
        """The form as the motion stands."""
        return cls(obj=motion)

    def offer(self, words: Mapping[str, str]) -> None:
        """Let one of these matters be chosen: what each is called, by key."""
        self.matter.choices = dict(words)


class PutOffForm(Form):
    """A later close, and the reason that the notice prints."""

    closes_at = time_field(_("推迟到什么时候"))
    reason = _titled(_("为什么推迟"), _("请写一句为什么推迟。"), LONGEST_REASON)

    @classmethod
    def of(cls, vote: OwnersVote, zone: str) -> "PutOffForm":
        """The form with three days more than now."""
        return cls(closes_at=vote.closes_at.astimezone(ZoneInfo(zone)) + timedelta(days=3))

    def later(self, zone: str) -> datetime:
        """The close that was typed."""
        return instant(self.closes_at, ZoneInfo(zone))


class DeliveryForm(Form):
    """The same of one or many owners that were ticked."""

    way = RadioField(
        _("怎么送的"), _PICK_ONE, choices=worded({str(way): name for way, name in WAYS.items()})
    )
    on_day = DateField(_("哪天"), [InputRequired(_("请填日子。"))])
    to_whom = StringField(_("交给谁，或者寄到、发到哪里"), _say(LONGEST_WHOM), [visible_line])
    note = StringField(_("为什么没送到，或者贴在哪里"), _say(LONGEST_NOTE), [visible_line])
    photo = FileField(_("回执或张贴的照片"), [Optional()])

    def noted(self) -> Noted:
        """What was typed. The form has been checked.

        Raises:
            Invalid: the photo cannot be read.
        """
        file = self.photo.data
        sent = file.read() if file and file.filename else b""
        return Noted(
            way=DeliveryWay(self.way.data),
            on_day=_day(self.on_day),
            to_whom=self.to_whom.data or "",
            note=self.note.data or "",
            picture=pictures.made_anew(sent, file.filename) if sent else None,
        )

    @staticmethod
    def ticked() -> list[str]:
        """Ids of the owners that were ticked."""
        return request.form.getlist("owner")


def matters_of(rules: RuleSet) -> dict[str, str]:
    """Message ids of the matters of a rule set, by key."""
    return {matter.key: matter.name for matter in rules.matters}
