"""What is typed to make a ballot, to key in a vote, and to say why."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypedDict
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from surveys.accounts.rules import tidy
from surveys.ballots.calling_back import LONGEST_NOTE
from surveys.ballots.drafting import LONGEST_TITLE
from surveys.ballots.extending import LONGEST_REASON
from surveys.ballots.models import Answer, Ballot, Channel, Showing, TieMethod
from surveys.ballots.offers import Offer
from surveys.ballots.rules import may_tighten
from surveys.ballots.sheets import PICKED, Sheet
from surveys.ballots.terms import MOST_LEAST_VOTES, MOST_POINTS, Terms
from surveys.base.forms import Form
from surveys.base.language import gettext
from surveys.base.words import N_
from surveys.counting.picks import SPENDS
from surveys.counting.rules import Rule
from surveys.counting.ways import Way
from surveys.menus import rules as typing_rules
from surveys.menus.forms import CountField
from surveys.menus.models import Menu
from surveys.questionnaires.forms import sensible_year

SUBMISSION = re.compile(r"[\w-]{16,40}", re.ASCII)
"""the id made with a form that must count once"""
MARK = "mark-"
"""stands before the id of an item in the name of its field, where each has one of its own"""
TYPED = "%Y-%m-%dT%H:%M"

SHOWINGS: Mapping[str, str] = {
    Showing.TURNOUT: N_("只显示交了多少户"),
    Showing.HIDDEN: N_("封存前什么都不显示"),
    Showing.LIVE: N_("边投边看"),
}
TIE_METHODS: Mapping[str, str] = {
    TieMethod.SEED: N_("按开票时定好的种子，封存时公开"),
    TieMethod.LOT: N_("当着两位见证人抽签"),
}
WAYS: Mapping[str, str] = {
    Way.APPROVE: N_("打勾：想做的几项都打勾。最常用，也最好懂"),
    Way.ONE: N_("只选一项"),
    Way.POINTS: N_("给分：一户有几分，分给想做的几项，越想做给得越多"),
    Way.RANK: N_("排名次：最想做的排第 1，其次排第 2，可以并列"),
    Way.JUDGE: N_("逐项表态：每一项选赞成、反对或者弃权"),
}
RULES: Mapping[str, str] = {
    Rule.GREEDY: N_("票多先做，钱不够就跳过：大的做不了，还能做后面小的"),
    Rule.GREEDY_NO_SKIP: N_("票多先做，钱不够就停：后面的哪怕做得起也不做"),
    Rule.RUNOFF: N_("淘汰制：只选出一项，一轮一轮去掉票最少的。只能配“排名次”，不看预算"),
}
KEYED_CHANNELS: Mapping[str, str] = {
    Channel.PAPER: N_("纸票"),
    Channel.PHONE: N_("电话"),
    Channel.VISIT: N_("入户"),
    Channel.MEETING: N_("会上"),
}
CALLED_BACK: Mapping[str, str] = {
    Answer.OURS: N_("是我家投的"),
    Answer.NOT_OURS: N_("不是我家投的"),
    Answer.UNREACHED: N_("没联系上"),
}
_PICK_ONE = [InputRequired(_("请选一样。"))]


class Drafted(TypedDict):
    """What a ballot is made of, besides its menu."""

    title: str
    opens_at: datetime
    closes_at: datetime
    seals_at: datetime
    showing: Showing
    tie_method: TieMethod
    terms: Terms


def sent_sheet(offer: Offer, parts: tuple[str, ...] | None = None) -> Sheet:
    """The sheet of this offer as it was sent.

    Args:
        parts: of the household whose sheet it is (`Sheet.parts`).
    """
    if offer.way in SPENDS:
        return Sheet.of(offer, [(item, PICKED) for item in request.form.getlist("item")], parts)
    fields = request.form.items(multi=True)
    marked = [(name.removeprefix(MARK), text) for name, text in fields if name.startswith(MARK)]
    return Sheet.of(offer, marked, parts)


def made_from(offer: Offer) -> bool:
    """Whether the sheet that was sent was made from this very offer, and not from one before it."""
    return request.form.get("offer") == offer.version


def worded(offered: Mapping[str, str]) -> Callable[[], dict[str, str]]:
    """What words these choices once there is a reader."""
    return lambda: {str(key): gettext(label) for key, label in offered.items()}


def visible_line(typed: str | None) -> str | None:
    """One line of visible text: what nobody can see is not kept."""
    return tidy(typed) if typed else typed


def time_field(label: str) -> DateTimeLocalField:
    rules = [InputRequired(_("请填日期和时间。")), sensible_year]
    return DateTimeLocalField(label, rules, format=[TYPED, "%Y-%m-%dT%H:%M:%S"])


def instant(field: DateTimeLocalField, zone: ZoneInfo) -> datetime:
    """The instant that was typed, in UTC: between clock times a changed clock is not seen.

    The field has been checked.
    """
    if field.data is None:
        raise ValueError("a time is missing")
    return field.data.replace(tzinfo=zone).astimezone(UTC)


class PointsField(CountField):
    """How many points one household has to share out."""

    read = staticmethod(partial(typing_rules.parse_count, most=MOST_POINTS))


class SupportField(CountField):
    """A number of households, or of points, that an item must have."""

    read = staticmethod(partial(typing_rules.parse_count, most=MOST_LEAST_VOTES))


class PercentField(CountField):
    """A share of the households in."""

    read = staticmethod(partial(typing_rules.parse_count, most=100))


class BallotForm(Form):
    """A ballot before it opens. Times are typed as clocks in the courtyard show them."""

    menu = SelectField(_("用哪张菜单"), [InputRequired(_("请选一张菜单。"))])
    title = StringField(
        _("点单叫什么"),
        [
            DataRequired(_("请写个名字。")),
            Length(max=LONGEST_TITLE, message=_("最多 %(max)d 个字。")),
        ],
        [visible_line],
    )
    opens_at = time_field(_("什么时候开始"))
    closes_at = time_field(_("什么时候截止"))
    seals_at = time_field(_("最晚什么时候封存计票"))
    at_meeting = BooleanField(_("在会上开始、在会上截止，由主持人当场按"))
    showing = RadioField(_("封存以前，居民能看到什么"), _PICK_ONE, choices=worded(SHOWINGS))
    way = RadioField(_("怎么选"), _PICK_ONE, choices=worded(WAYS))
    points = PointsField(_("给分时，一户有几分"), [Optional()])
    rule = RadioField(_("怎么数"), _PICK_ONE, choices=worded(RULES))
    least_votes = SupportField(_("最少要几户选才做"), [Optional()])
    least_percent = PercentField(_("最少要百分之几的户选才做"), [Optional()])
    tie_method = RadioField(_("户数一样、钱不够都做时"), _PICK_ONE, choices=worded(TIE_METHODS))

    @classmethod
    def fresh(cls, at: datetime, zone: str) -> "BallotForm":
        """An empty form with times that usually fit: from now, ten days, two more to seal."""
        now = at.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)
        evening = now.replace(hour=20, minute=0)
        return cls(
            opens_at=now,
            closes_at=evening + timedelta(days=10),
            seals_at=evening + timedelta(days=12),
            showing=Showing.TURNOUT.value,
            way=Way.APPROVE.value,
            rule=Rule.GREEDY.value,
            tie_method=TieMethod.SEED.value,
        )

    @classmethod
    def of(cls, ballot: Ballot, zone: str) -> "BallotForm":
        """The form as the draft stands."""
        there = ZoneInfo(zone)
        return cls(
            menu=ballot.menu_id,
            title=ballot.title,
            opens_at=ballot.opens_at.astimezone(there),
            closes_at=ballot.closes_at.astimezone(there),
            seals_at=ballot.seals_at.astimezone(there),
            at_meeting=ballot.at_meeting,
            showing=str(ballot.showing),
            way=str(ballot.way),
            points=ballot.points,
            rule=str(ballot.rule),
            least_votes=ballot.least_votes or None,
            least_percent=ballot.least_percent or None,
            tie_method=str(ballot.tie_method),
        )

    def offer(self, menus: Iterable[Menu]) -> None:
        """Let one of these menus be chosen."""
        self.menu.choices = {menu.id: menu.title for menu in menus}

    def drafted(self, zone: str) -> Drafted:
        """What was typed, with its times in the courtyard's zone."""
        there = ZoneInfo(zone)
        return Drafted(
            title=self.title.data or "",
            opens_at=instant(self.opens_at, there),
            closes_at=instant(self.closes_at, there),
            seals_at=instant(self.seals_at, there),
            showing=Showing(self.showing.data),
            tie_method=TieMethod(self.tie_method.data),
            terms=self._terms(),
        )

    def _terms(self) -> Terms:
        return Terms(
            way=Way(self.way.data),
            points=self.points.data,
            rule=Rule(self.rule.data),
            least_votes=self.least_votes.data or 0,
            least_percent=self.least_percent.data or 0,
            at_meeting=self.at_meeting.data,
        )


class TightenForm(Form):
    """Show less than now."""

    showing = RadioField(_("改成"), _PICK_ONE)

    @classmethod
    def of(cls, ballot: Ballot) -> "TightenForm":
        """The form with what is stricter than the present showing."""
        form = cls()
        form.showing.choices = {
            key: gettext(label)
            for key, label in SHOWINGS.items()
            if key != ballot.showing and may_tighten(ballot.showing, Showing(key))
        }
        return form


class ReasonForm(Form):
    """Why something is voided, sent back, withdrawn or reinstated."""

    reason = StringField(
        _("为什么"),
        [
            DataRequired(_("请写一句为什么。")),
            Length(max=200, message=_("最多 %(max)d 个字。")),
        ],
        [visible_line],
    )


class ExtendForm(Form):
    """A later close, and the reason that everybody reads. The time as the courtyard's clocks."""

    closes_at = time_field(_("推迟到什么时候"))
    reason = StringField(
        _("为什么推迟"),
        [
            DataRequired(_("请写一句为什么。")),
            Length(max=LONGEST_REASON, message=_("最多 %(max)d 个字。")),
        ],
        [visible_line],
    )

    @classmethod
    def of(cls, ballot: Ballot, zone: str) -> "ExtendForm":
        """The form with a day more than now."""
        return cls(closes_at=ballot.closes_at.astimezone(ZoneInfo(zone)) + timedelta(days=1))

    def later(self, zone: str) -> datetime:
        """The close that was typed."""
        return instant(self.closes_at, ZoneInfo(zone))


class CallBackForm(Form):
    """What a household said that was called back; the button pressed is the answer."""

    drawn = StringField()
    answer = RadioField(_("怎么说"), _PICK_ONE, choices=worded(CALLED_BACK))
    note = StringField(
        _("备注"), [Length(max=LONGEST_NOTE, message=_("最多 %(max)d 个字。"))], [visible_line]
    )


class TableForm(Form):
    """A table of votes."""

    file = FileField(_("录票的表"), [FileRequired(_("请先选一个文件。"))])


class KeyForm(Form):
    """A vote that came on paper, by phone, at the door or at a meeting."""

    household = StringField(
        _("哪一户"), [DataRequired(_("请写门牌，比如 3-2-301。")), Length(max=60)]
    )
    channel = SelectField(_("怎么来的"), _PICK_ONE, choices=worded(KEYED_CHANNELS))

    def only_paper(self) -> None:
        """Offer paper alone: after the close nothing else is taken."""
        self.channel.choices = {Channel.PAPER.value: gettext(KEYED_CHANNELS[Channel.PAPER])}

    @staticmethod
    def submission_id() -> str:
        """The id that came with the sheet, so that the same one sent twice is one vote."""
        found = request.form.get("submission", "")
        return found if SUBMISSION.fullmatch(found) else ""
