"""Making an owners' vote: drafting, its motions, and opening, which freezes everything at once."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit, clock
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json, digest, text_digest
from surveys.counting.double_majority import RuleSet
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused, SurveysError
from surveys.owners import chain, codes, online, register, register_whole, rules, service
from surveys.owners.models import Motion, OwnersVote
from surveys.owners.rules import State
from surveys.owners.terms import LONGEST_TITLE, Terms, as_data, checked, rule_set_of
from surveys.rounds import service as rounds

LONGEST_TEXT = 2000

audit.words(
    {
        "vote.drafted": N_("起草业主表决“%(title)s”"),
        "vote.changed": N_("修改业主表决“%(title)s”"),
        "motion.added": N_("加了议题“%(title)s”"),
        "motion.changed": N_("改了议题 %(number)s“%(title)s”"),
        "motion.moved": N_("把议题“%(title)s”挪到第 %(number)s"),
        "motion.removed": N_("去掉议题“%(title)s”"),
        "vote.opened": N_("定下业主表决“%(title)s”：业主 %(owners)s 位，议题 %(motions)s 项"),
    }
)


# --- the draft -----------------------------------------------------------------------------------


def draft(courtyard: Courtyard, terms: Terms, *, by: str, at: datetime) -> OwnersVote:
    """Draft a vote of the owners of a courtyard; anything may still change.

    Raises:
        Invalid: the terms do not go together (`terms.checked`), or a draft has this title already.
    """
    db.session.refresh(courtyard, with_for_update=True)
    terms = checked(terms, courtyard.zone)
    _refuse_twin(courtyard.id, terms.title)
    round_ = rounds.current(courtyard.id)
    vote = OwnersVote(
        id=new_id(),
        courtyard_id=courtyard.id,
        round_id=round_.id if round_ else None,
        created_by=by,
        created_at=at,
    )
    _fill(vote, terms)
    db.session.add(vote)
    _note("vote.drafted", vote, by, at, title=vote.title)
    db.session.commit()
    return vote


def change(vote: OwnersVote, terms: Terms, *, by: str, at: datetime) -> None:
    """Change a draft; what its motions need follows its rule set.

    Raises:
        Invalid: as for `draft`; also where another rule set does not know a motion's matter.
        Refused: it is no draft any more.
    """
    vote = _locked_draft(vote, at)
    zone = service.zone_of(vote)
    terms = checked(terms, zone)
    known = rule_set_of(terms.rule_set, clock.day(terms.closes_at, zone))
    for motion in service.motions_of(vote):
        _weigh(motion, known)
    _fill(vote, terms)
    _note("vote.changed", vote, by, at, title=vote.title)
    db.session.commit()


# --- its motions ---------------------------------------------------------------------------------


def add_motion(
    vote: OwnersVote, title: str, text: str, matter: str, *, by: str, at: datetime
) -> Motion:
    """Put one more motion at the end of the sheet. 赞成, 反对 and 弃权 come with every motion.

    Whether it is ordinary or grave follows from its matter.

    Raises:
        Invalid: the title is missing, something is too long, or the rules know no such matter.
        Refused: it is no draft any more, or the sheet is full.
    """
    vote = _locked_draft(vote, at)
    number = len(service.motions_of(vote)) + 1
    if number > rules.MOST_MOTIONS:
        raise Refused(N_("一张表决票最多 %(most)s 项议题。"), most=rules.MOST_MOTIONS)
    motion = Motion(id=new_id(), vote_id=vote.id, number=number)
    _fill_motion(motion, title, text, matter, _rule_set(vote))
    db.session.add(motion)
    _note("motion.added", vote, by, at, title=motion.title)
    db.session.commit()
    return motion


def change_motion(
    vote: OwnersVote, motion_id: str, title: str, text: str, matter: str, *, by: str, at: datetime
) -> None:
    """Change a motion of a draft.

    Raises:
        NotFound: it is none of this vote.
        Invalid, Refused: as for `add_motion`.
    """
    vote = _locked_draft(vote, at)
    motion = motion_of(vote, motion_id)
    _fill_motion(motion, title, text, matter, _rule_set(vote))
    _note("motion.changed", vote, by, at, title=motion.title, number=motion.number)
    db.session.commit()


def move_motion(vote: OwnersVote, motion_id: str, number: int, *, by: str, at: datetime) -> None:
    """Put a motion of a draft at this place of the sheet, from 1; the others make room.

    Raises:
        NotFound: it is none of this vote.
        Refused: it is no draft any more.
    """
    vote = _locked_draft(vote, at)
    motion = motion_of(vote, motion_id)
    others = [m for m in service.motions_of(vote) if m.id != motion.id]
    place = min(max(number, 1), len(others) + 1)
    _number([*others[: place - 1], motion, *others[place - 1 :]])
    _note("motion.moved", vote, by, at, title=motion.title, number=place)
    db.session.commit()


def remove_motion(vote: OwnersVote, motion_id: str, *, by: str, at: datetime) -> None:
    """Take a motion off a draft; the ones after it move up.

    Raises:
        NotFound: it is none of this vote.
        Refused: it is no draft any more.
    """
    vote = _locked_draft(vote, at)
    motion = motion_of(vote, motion_id)
    db.session.delete(motion)
    db.session.flush()
    _number(service.motions_of(vote))
    _note("motion.removed", vote, by, at, title=motion.title)
    db.session.commit()


def motion_of(vote: OwnersVote, motion_id: str) -> Motion:
    """A motion of this vote.

    Raises:
        NotFound: it is none.
    """
    found = db.session.get(Motion, motion_id)
    if found is None or found.vote_id != vote.id:
        raise NotFound
    return found


# --- opening -------------------------------------------------------------------------------------


@retrying
def open_(vote: OwnersVote, *, by: str, at: datetime, secret: bytes) -> None:
    """Freeze rules, motions and register in one commit and begin the chain.

    From here on papers are printed from the record, and nothing voted on can change. Votes are
    taken from `opens_at` on.

    Args:
        secret: the installation's secret, of which the owners' codes are derived where the vote is
            online.

    Raises:
        Invalid, Refused: it is no draft, or the first thing that stands in the way (`in_the_way`).
    """
    vote = _locked_draft(vote, at)
    for fault in in_the_way(vote, at):
        raise fault
    _freeze(vote, at, secret)
    frozen = {
        "register": digest(service.register_as_data(vote)),
        "owners": vote.owners,
        "area_dm2": vote.area_dm2,
        "rules": text_digest(vote.rules),
    }
    chain.append(vote, "open", frozen, at, service.zone_of(vote))
    vote.frozen_at = at
    vote.revision += 1
    motions = len(service.motions_of(vote))
    _note("vote.opened", vote, by, at, title=vote.title, owners=vote.owners, motions=motions)
    db.session.commit()


def in_the_way(vote: OwnersVote, at: datetime) -> Iterator[SurveysError]:
    """Everything for which opening would be refused now; nothing when it may be opened."""
    if not service.motions_of(vote):
        yield Refused(N_("还没有议题。先写要表决什么。"))
    yield from _about_times(vote, at)
    for fault in register_whole.faults(vote.courtyard_id):
        yield Refused(fault.msgid, **fault.params)
    rule = online.rule_of(vote.courtyard_id)
    if vote.is_online and not (rule and rule.is_allowed):
        yield Refused(N_("这里还没有写明允许网上投。请改成不在网上投，或者请管理员先设好。"))


def _about_times(vote: OwnersVote, at: datetime) -> Iterator[SurveysError]:
    zone = service.zone_of(vote)
    try:
        checked(terms_of(vote), zone)
    except Invalid as fault:
        yield fault
    if vote.opens_at <= at:
        yield Refused(N_("开始的时间已经过了，先改时间。"))
    if vote.noticed_on < clock.day(at, zone):
        yield Refused(N_("公告的日子已经过了。公告要照定下来的内容印，请把日子改成今天或以后。"))


def to_think_of(vote: OwnersVote) -> Iterator[SurveysError]:
    """What does not forbid opening, but should be known before."""
    for fault in register_whole.warnings(vote.courtyard_id):
        yield Refused(fault.msgid, **fault.params)
    if vote.notice_reason:
        yield Refused(
            N_("公告到开始只有 %(days)s 天，不到 %(usual)s 天，有人可能因此不认结果。"),
            days=rules.notice_days(
                vote.noticed_on, clock.day(vote.opens_at, service.zone_of(vote))
            ),
            usual=rules.NOTICE_DAYS,
        )
    if vote.silence_text:
        yield Refused(
            N_(
                "“未表决视为同意多数”有争议：只有登记了送到或张贴的业主才算进去，"
                "结果会印两种，算的和不算的并排。"
            )
        )


def terms_of(vote: OwnersVote) -> Terms:
    """The vote as it was typed."""
    return Terms(**{name: getattr(vote, name) for name in Terms.__slots__})


def _fill(vote: OwnersVote, terms: Terms) -> None:
    for name, value in asdict(terms).items():
        setattr(vote, name, value)


def _refuse_twin(courtyard_id: str, title: str) -> None:
    """Whoever taps twice makes one draft."""
    twin = select(OwnersVote.id).where(
        OwnersVote.courtyard_id == courtyard_id,
        OwnersVote.title == title,
        OwnersVote.frozen_at.is_(None),
        OwnersVote.voided_at.is_(None),
    )
    if db.session.scalar(twin.limit(1)):
        raise Invalid(N_("已经有叫“%(title)s”的草稿了，换个名字。"), title=title)


def _locked_draft(vote: OwnersVote, at: datetime) -> OwnersVote:
    """The vote, held until the commit.

    Raises:
        Refused: it is no draft any more.
    """
    locked = chain.lock(vote.id)
    if rules.state(locked, at) is not State.DRAFT:
        raise Refused(N_("已经定下来了，不能再改。"))
    return locked


def _fill_motion(motion: Motion, title: str, text: str, matter: str, known: RuleSet) -> None:
    motion.title = one_line(title, LONGEST_TITLE, N_("请写议题。"))
    motion.text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(motion.text) > LONGEST_TEXT:
        raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=LONGEST_TEXT)
    motion.matter = matter
    _weigh(motion, known)


def _weigh(motion: Motion, known: RuleSet) -> None:
    """Ordinary or grave, as the rule set says of its matter."""
    try:
        motion.weight = known.matter(motion.matter).weight
    except KeyError as error:
        say = N_("这套规则里没有议题“%(title)s”选的这一类事，请另选。")
        raise Invalid(say, title=motion.title) from error


def _number(motions: list[Motion]) -> None:
    """Number them from 1; out of each other's way first, since no number stands twice."""
    for place, motion in enumerate(motions, 1):
        motion.number = -place
    db.session.flush()
    for place, motion in enumerate(motions, 1):
        motion.number = place
    db.session.flush()


def _rule_set(vote: OwnersVote) -> RuleSet:
    return rule_set_of(vote.rule_set, clock.day(vote.closes_at, service.zone_of(vote)))


def _freeze(vote: OwnersVote, at: datetime, secret: bytes) -> None:
    """Copy the register, then write down everything that was settled; the guards close after."""
    basis = online.rule_of(vote.courtyard_id)
    vote.online_basis = basis.basis if vote.is_online and basis else ""
    everyone = register._freeze(vote.id, vote.courtyard_id)
    vote.owners, vote.area_dm2 = everyone.owners, everyone.area_dm2
    vote.rules = canonical_json(_frozen(vote, service.motions_of(vote), service.zone_of(vote)))
    codes._issue(vote, secret, at)


def _frozen(vote: OwnersVote, motions: list[Motion], zone: str) -> dict[str, object]:
    """Everything that was settled, as canonical JSON takes it."""
    terms = asdict(terms_of(vote))
    for name in ("opens_at", "closes_at", "seals_at"):
        terms[name] = terms[name].astimezone(UTC).isoformat()
    return {
        **terms,
        "noticed_on": vote.noticed_on.isoformat(),
        "unmarked": str(vote.unmarked),
        "online_basis": vote.online_basis,
        "zone": zone,
        "law": as_data(_rule_set(vote)),
        "buildings": service.buildings_of(vote),
        "motions": [
            {
                "number": motion.number,
                "title": motion.title,
                "text": motion.text,
                "matter": motion.matter,
                "weight": str(motion.weight),
            }
            for motion in motions
        ],
    }


def _note(act: str, vote: OwnersVote, by: str, at: datetime, **details: object) -> None:
    audit.note(act, by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id, **details)
