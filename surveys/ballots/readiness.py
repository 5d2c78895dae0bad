"""What stands in the way of opening a ballot, all at once, and what to think of before. Asks only.

Opening refuses by the very same parts, so that the list and the act cannot say different things.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from surveys.accounts import lists
from surveys.ballots import drafting
from surveys.ballots.models import Ballot
from surveys.ballots.offers import Offer
from surveys.base.words import N_
from surveys.counting.contradictions import never_done, out_of_reach
from surveys.courtyards import slips
from surveys.errors import Invalid, Refused, SurveysError

SMALL_ROLL = 20
"""below so many households the published totals alone may tell who chose what"""


def in_the_way(ballot: Ballot, offer: Offer, at: datetime) -> list[SurveysError]:
    """Everything for which opening would be refused now; empty when it may be opened."""
    parts = (
        partial(drafting._refuse_times, ballot, at),
        partial(drafting._refuse_roll, ballot, offer.households),
        partial(drafting._refuse_unpriced, ballot),
        partial(drafting._refuse_contradictions, offer),
        partial(drafting._refuse_support, offer),
        partial(drafting._refuse_small_parts, offer),
    )
    found: list[SurveysError] = []
    for part in parts:
        try:
            part()
        except (Invalid, Refused) as fault:
            found.append(fault)
    return found


def to_think_of(ballot: Ballot, offer: Offer) -> Iterator[SurveysError]:
    """What does not forbid opening, but should be known before."""
    if slipless := len(slips.without_slip(ballot.courtyard_id)):
        yield Refused(
            N_("还有 %(n)s 户从没印过条子，手机上投不了。最好先印好、发到手，再开票。"), n=slipless
        )
    if 0 < offer.households < SMALL_ROLL:
        yield Refused(
            N_(
                "花名册只有 %(n)s 户，不到 %(least)s 户。公布的总数本身，就可能看出谁选了什么，"
                "请先跟大家说明白。"
            ),
            n=offer.households,
            least=SMALL_ROLL,
        )
    for title in lists.alone_at(ballot.courtyard_id):
        yield Refused(
            N_(
                "“%(title)s”又管账号又组织，能自己开出第二个账号来核对自己录的票。"
                "最好先把管账号的事交给另一个人，再开票。"
            ),
            title=title,
        )
    yield from _about_parts(offer)
    yield from _about_items(offer)


def _about_parts(offer: Offer) -> Iterator[SurveysError]:
    for items in offer.own_of(None):
        if (households := offer.parts[items[0].part]) < SMALL_ROLL:
            yield Refused(
                N_(
                    "“%(name)s”只给 %(n)s 户选，不到 %(least)s 户。公布的数本身，"
                    "就可能看出谁选了什么，请先跟那里的户说明白。"
                ),
                name=items[0].name,
                n=households,
                least=SMALL_ROLL,
            )


def _about_items(offer: Offer) -> Iterator[SurveysError]:
    unpicked = out_of_reach(offer.menu, offer.rules)
    unpaid = never_done(offer.menu, offer.budget_fen, offer.counting)
    for item_id in unpicked:
        yield Refused(
            N_("“%(name)s”一户怎么也选不上：它比一户能选的钱还多，或者这一类一项也不让选。"),
            name=offer.names[item_id],
        )
    for item_id in (item_id for item_id in unpaid if item_id not in unpicked):
        yield Refused(
            N_("“%(name)s”选的人再多也做不了：它比能花的钱还多，或者比这一类能花的还多。"),
            name=offer.names[item_id],
        )
    for group in (group for group in offer.groups.values() if len(group) == 1):
        yield Refused(
            N_("“%(name)s”写了只做一项的组，可这一组只有它自己。看看别的项的组名写全了没有。"),
            name=group[0].name,
        )
