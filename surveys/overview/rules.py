"""What the desk should do next: pure, from what is known of one courtyard."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from surveys.accounts.rules import May
from surveys.base.words import N_

Titled = tuple[str, str]
"""id and title of something"""


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the courtyard's questionnaires are."""

    drafts: Sequence[Titled] = ()
    open: Sequence[tuple[str, str, int]] = ()
    """id, title, households heard from"""
    closed: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nobody was asked anything yet, nor is about to be."""
        return not (self.drafts or self.open or self.closed)


@dataclass(frozen=True, slots=True)
class Votes:
    """How far the courtyard's ballots are, and what each waits for."""

    drafts: Sequence[Titled] = ()
    open: Sequence[Titled] = ()
    to_confirm: Sequence[tuple[str, int]] = ()
    """ballot id, keyed entries that wait for a second account"""
    to_call_back: Sequence[tuple[str, int]] = ()
    """ballot id, households that were drawn and not asked yet"""
    to_sign: Sequence[Titled] = ()
    to_seal: Sequence[Titled] = ()
    to_publish: Sequence[Titled] = ()
    knock: tuple[str, str, int] | None = None
    """open ballot's id, building furthest behind, households missing there"""


@dataclass(frozen=True, slots=True)
class OwnersDue:
    """What an owners' vote waits for. The step is a key of `_OWNERS`."""

    id: str
    title: str
    step: str
    n: int = 0
    """of how many, where the step is about a number"""


@dataclass(frozen=True, slots=True)
class Known:
    """What decides the next step of a courtyard."""

    households: int = 0
    has_round: bool = False
    asked: Asked = Asked()
    unsorted: int = 0
    """suggestions taken in but not put to a need, and answers not taken in yet"""
    overdue: int = 0
    """needs and suggestions that wait for an answer longer than they should"""
    needs: int = 0
    menus: int = 0
    votes: Votes = Votes()
    owners: Sequence[OwnersDue] = ()
    reprints: int = 0
    orders_waiting: int = 0
    """chosen items whose notice is over and that nobody has accepted"""
    orders_late: int = 0
    """accepted items whose promised day has passed"""
    meetings: Sequence[tuple[str, str, bool]] = ()
    """id, title, whether it is on: those that are on or planned for the days to come"""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: a sentence with its numbers, and where it is done."""

    msgid: str
    action: str
    path: str
    act: May
    """what one must be allowed to, to do it"""
    params: Mapping[str, object] = field(default_factory=dict)


def tasks(known: Known, courtyard: str, may: Collection[May] = tuple(May)) -> tuple[Task, ...]:
    """What to do, the most pressing first; what others must do stands behind one's own.

    Args:
        courtyard: its id, for the addresses.
        may: what the reader is allowed to do.
    """
    here = f"/desk/courtyard/{courtyard}"
    parts = (
        _begin(known, here),
        _hold(known),
        _finish_votes(known.votes),
        _gather_votes(known.votes),
        _let_owners_decide(known.owners),
        _work(known, here),
        _invite(known),
        _sort(known, here),
        _ask(known, here),
        _go_on(known, here),
    )
    return tuple(sorted(chain(*parts), key=lambda task: task.act not in may))


def _begin(known: Known, here: str) -> Iterator[Task]:
    if not known.households:
        yield Task(N_("先把花名册导进来"), N_("导入花名册"), f"{here}/roll", May.RUN)
    elif not known.has_round:
        yield Task(N_("开始一轮改造"), N_("开始一轮"), f"{here}/rounds", May.RUN)


def _hold(known: Known) -> Iterator[Task]:
    for meeting, title, is_on in known.meetings:
        if is_on:
            say, where = N_("恳谈会“%(title)s”正开着"), f"/desk/meeting/{meeting}"
            yield Task(say, N_("去看看"), where, May.LOOK, {"title": title})


def _invite(known: Known) -> Iterator[Task]:
    for meeting, title, is_on in known.meetings:
        if not is_on:
            say, where = N_("恳谈会“%(title)s”快开了，请大家来"), f"/desk/meeting/{meeting}"
            yield Task(say, N_("看议程，印海报"), where, May.LOOK, {"title": title})


def _finish_votes(votes: Votes) -> Iterator[Task]:
    for ballot, title in votes.to_publish:
        say = N_("“%(title)s”数好了，看一遍，公布")
        where = f"/desk/ballot/{ballot}/result"
        yield Task(say, N_("看结果"), where, May.RUN, {"title": title})
    for ballot, title in votes.to_seal:
        say = N_("“%(title)s”签过字了，可以封存计票")
        yield Task(say, N_("去封存"), f"/desk/ballot/{ballot}", May.SEAL, {"title": title})
    for ballot, n in votes.to_confirm:
        say = N_("%(n)d 份录入的票等着核对")
        yield Task(say, N_("去核对"), f"/desk/ballot/{ballot}/confirm", May.CONFIRM, {"n": n})
    for ballot, n in votes.to_call_back:
        say = N_("抽到 %(n)d 户要回访：票是不是自家投的")
        yield Task(say, N_("去回访"), f"/desk/ballot/{ballot}/call-back", May.CONFIRM, {"n": n})
    for ballot, title in votes.to_sign:
        say = N_("“%(title)s”截止了，请监督员按渠道签字")
        where = f"/desk/ballot/{ballot}/sign"
        yield Task(say, N_("去签字"), where, May.CONFIRM, {"title": title})


def _gather_votes(votes: Votes) -> Iterator[Task]:
    if votes.knock:
        ballot, building, missing = votes.knock
        say = N_("%(building)s还有 %(n)d 户没交，去敲敲门")
        params = {"building": building, "n": missing}
        yield Task(say, N_("看各楼交了多少"), f"/desk/ballot/{ballot}", May.LOOK, params)
    for ballot, title in votes.drafts:
        say = N_("点单“%(title)s”还没开")
        yield Task(say, N_("接着准备"), f"/desk/ballot/{ballot}", May.RUN, {"title": title})


def _sort(known: Known, here: str) -> Iterator[Task]:
    if known.overdue:
        say = N_("超期没答复的有 %(n)d 件")
        yield Task(say, N_("去看看"), f"{here}/needs#late", May.KEY_IN, {"n": known.overdue})
    if known.unsorted:
        say = N_("意见归类：还有 %(n)d 条")
        yield Task(say, N_("去归类"), f"{here}/ledger", May.KEY_IN, {"n": known.unsorted})
    if known.reprints:
        say = N_("%(n)d 户要补条子，等另一个人同意")
        yield Task(say, N_("去看看"), f"{here}/slips", May.PRINT, {"n": known.reprints})


_OWNERS: Mapping[str, tuple[str, str, str, May]] = {
    "publish": (
        N_("业主表决“%(title)s”数好了，看一遍，公布"),
        N_("看结果"),
        "/sealing",
        May.RUN,
    ),
    "seal": (
        N_("业主表决“%(title)s”签过字了，可以封存计票"),
        N_("去封存"),
        "/sealing",
        May.SEAL,
    ),
    "sign": (
        N_("业主表决“%(title)s”截止了，请监督员签认票数"),
        N_("去签字"),
        "/sealing",
        May.CONFIRM,
    ),
    "confirm": (
        N_("业主表决“%(title)s”有 %(n)d 份录入的票等着核对"),
        N_("去核对"),
        "/confirm",
        May.CONFIRM,
    ),
    "deliver": (
        N_("业主表决“%(title)s”还有 %(n)d 位的票没送到"),
        N_("记送达"),
        "/deliveries",
        May.KEY_IN,
    ),
    "gather": (N_("业主表决“%(title)s”正在投，收票录票"), N_("去录票"), "/key", May.KEY_IN),
    "draft": (N_("业主表决“%(title)s”还是草稿"), N_("接着写"), "", May.RUN),
}
"""step → message id, action, where below the vote's page, what one must be allowed to"""


def _let_owners_decide(owners: Sequence[OwnersDue]) -> Iterator[Task]:
    for due in owners:
        say, action, below, act = _OWNERS[due.step]
        params = {"title": due.title, "n": due.n}
        yield Task(say, action, f"/desk/owners/{due.id}{below}", act, params)


def _work(known: Known, here: str) -> Iterator[Task]:
    if known.orders_late:
        say = N_("%(n)d 项过了答应的日子，还没办好")
        yield Task(say, N_("去看看"), f"{here}/orders", May.RUN, {"n": known.orders_late})
    if known.orders_waiting:
        say = N_("选中的 %(n)d 项公示满了，等单位来接")
        yield Task(say, N_("去接单"), f"{here}/orders", May.RUN, {"n": known.orders_waiting})


def _ask(known: Known, here: str) -> Iterator[Task]:
    for questionnaire, title in known.asked.drafts:
        say = N_("问卷“%(title)s”还没开")
        where = f"/desk/questionnaire/{questionnaire}"
        yield Task(say, N_("接着准备"), where, May.RUN, {"title": title})
    for questionnaire, title, heard in known.asked.open:
        if not heard:
            say = N_("问卷“%(title)s”开着，还没有人答：把海报贴出去")
            yield Task(say, N_("打印海报"), f"{here}/poster", May.PRINT, {"title": title})
        say = N_("问卷“%(title)s”正在收，%(n)d 户答了")
        where = f"/desk/questionnaire/{questionnaire}/key-in"
        yield Task(say, N_("录纸卷"), where, May.KEY_IN, {"title": title, "n": heard})


def _go_on(known: Known, here: str) -> Iterator[Task]:
    """What a round waits for when nothing in it is going on."""
    if not known.has_round:
        return
    if known.asked.nothing:
        say = N_("先问问大家：发一份问卷")
        yield Task(say, N_("选一份问卷"), f"{here}/questionnaires", May.RUN)
    elif known.needs and not known.menus:
        yield Task(N_("诉求归好了，做一份菜单"), N_("去做菜单"), f"{here}/menus", May.RUN)
    elif known.menus and not (known.votes.open or known.votes.drafts):
        yield Task(N_("菜单有了，可以开点单"), N_("去开点单"), f"{here}/ballots", May.RUN)
