"""Short names for what comes in an owners' vote, through the acts themselves."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from PIL import Image

from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.base.pictures import Picture, made_anew
from surveys.counting.double_majority import Mark
from surveys.owners import casting, keying, proxies
from surveys.owners.models import Capacity, Channel, EntryState, OwnerEntry, Proxy
from surveys.owners.recording import Came
from tests.owners.stage import WHILE_OPEN, ZONE, Stage


def jpeg(seed: int = 0) -> bytes:
    """A small photo as a phone sends it; another one for each seed."""
    out = BytesIO()
    Image.new("RGB", (60, 80), (seed * 41 % 256, seed * 97 % 256, seed // 256 * 16)).save(
        out, "JPEG"
    )
    return out.getvalue()


def picture(seed: int = 0) -> Picture:
    """The same as it is kept."""
    return made_anew(jpeg(seed), "sheet.jpg")


@dataclass(frozen=True)
class Counter:
    """The clerk and the supervisor at work on a stage's vote. Owners go by their numbers."""

    stage: Stage

    def came(
        self,
        number: int,
        *marks: Mark,
        signer: str | None = None,
        received_on: date | None = None,
        submission: str | None = None,
        proxy: Proxy | None = None,
    ) -> Came:
        """A paper as it is handed in, one mark for each motion."""
        return Came(
            channel=Channel.PAPER,
            capacity=Capacity.AGENT if proxy else Capacity.OWNER,
            signer=signer or (proxy.agent_name if proxy else f"Owner {number}"),
            marks=dict(enumerate(marks, 1)),
            received_on=received_on or clock.day(WHILE_OPEN, ZONE),
            submission=submission or new_id(),
            proxy_id=proxy.id if proxy else None,
        )

    def key(
        self,
        number: int,
        *marks: Mark,
        at: datetime = WHILE_OPEN,
        seed: int | None = None,
        is_blank: bool = False,
        signer: str | None = None,
        received_on: date | None = None,
        submission: str | None = None,
        proxy: Proxy | None = None,
    ) -> OwnerEntry:
        """The clerk keys in a sheet with its photo (`seed`: another one than the owner's own)."""
        return keying.key_in(
            self.stage.vote,
            self.stage.owner(number),
            self.came(
                number,
                *marks,
                signer=signer,
                received_on=received_on,
                submission=submission,
                proxy=proxy,
            ),
            by=self.stage.who("clerk"),
            at=at,
            picture=picture(number if seed is None else seed),
            is_blank=is_blank,
        )

    def confirm(self, entry: OwnerEntry, at: datetime = WHILE_OPEN) -> EntryState:
        """The supervisor looks at it and vouches for it."""
        by = self.stage.who("supervisor")
        keying.look(entry, by=by, at=at)
        return keying.confirm(entry, by=by, at=at)

    def paper(
        self, number: int, *marks: Mark, signer: str | None = None, proxy: Proxy | None = None
    ) -> OwnerEntry:
        """A sheet that was keyed in and confirmed."""
        entry = self.key(number, *marks, signer=signer, proxy=proxy)
        self.confirm(entry)
        return entry

    def online(
        self,
        number: int,
        *marks: Mark,
        signer: str | None = None,
        at: datetime = WHILE_OPEN,
        submission: str | None = None,
    ) -> OwnerEntry:
        """The owner votes on the phone."""
        return casting.cast(
            self.stage.vote,
            self.stage.owner(number),
            dict(enumerate(marks, 1)),
            signer or f"Owner {number}",
            submission=submission or new_id(),
            at=at,
        )

    def proxy(
        self, number: int, agent: str = "Agent", mark: str = "0001", at: datetime = WHILE_OPEN
    ) -> Proxy:
        """The owner lets an agent vote."""
        return proxies.give(
            self.stage.vote,
            self.stage.owner(number),
            agent,
            mark,
            picture(1000 + number),
            by=self.stage.who("clerk"),
            at=at,
        )


def states(stage: Stage, number: int) -> list[EntryState]:
    """What became of everything that came for an owner, in order."""
    found = db.select(OwnerEntry).where(OwnerEntry.vote_owner_id == stage.owners[number])
    rows = db.session.scalars(
        found.order_by(OwnerEntry.number).execution_options(populate_existing=True)
    )
    return [row.state for row in rows]
