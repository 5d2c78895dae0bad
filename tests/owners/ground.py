"""A courtyard beside the demonstration where owners vote, also online, and sheets are in."""

from datetime import timedelta

from surveys.accounts.models import Place
from surveys.base import clock
from surveys.courtyards.codes import new_courtyard_code
from surveys.owners import codes
from tests.owners import stage
from tests.owners.sheets import Counter
from tests.owners.stage import AGAINST, FOR, ZONE
from tests.world import World, add_courtyard


def furnish(community: Place, people: dict[str, str], secret: bytes) -> dict[str, str]:
    """Ids of a sheet that waits, its photo, and a 委托书; and `code`, of an owner's slip."""
    at = clock.now()
    code = new_courtyard_code()
    place = add_courtyard("Owners", code, community, 2, 12)
    world = World("", community.id, place, code, "", [], dict(people))
    times = [at + timedelta(days=days) for days in (-1, 9, 12)]
    draft = stage.drafted(
        world, is_online=True, opens_at=times[0], closes_at=times[1], seals_at=times[2]
    )
    noticed = times[0] - timedelta(days=15)
    draft.noticed_on = clock.day(noticed, ZONE)
    stage.allow_online(world)
    held = stage.opened(world, draft, noticed)
    counter, today = Counter(held), clock.day(at, ZONE)
    for signer, mark in (("Owner 2", FOR), ("Wife of 2", AGAINST)):
        counter.confirm(counter.key(2, mark, FOR, signer=signer, received_on=today, at=at), at)
    waits = counter.key(5, FOR, AGAINST, received_on=today, at=at)
    proxy = counter.proxy(6, at=at)
    return {
        "sheet_id": waits.id,
        "proof_id": str(waits.proof_id),
        "proxy_id": proxy.id,
        "code": codes.owner_code(held.owners[7], 1, secret),
    }
