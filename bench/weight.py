"""Bytes over the wire of a resident's pages, gzipped as they are served."""

import asyncio
import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bench import figures, phones, seed
from bench.figures import Figure
from bench.house import House
from bench.load import Unexpected
from bench.phones import Phone
from bench.wire import Answer, Wire
from surveys.ballots import asking, offers
from surveys.ballots.models import Showing
from surveys.questionnaires import service as questionnaires
from surveys.results import live
from surveys.results import service as results

NAME = "weight"
MOST_FIRST_KB = 40
MOST_HTML_KB = 12
HOUSEHOLDS = 144
VOTES = 100
_LOADED = re.compile(rb'<(?:script|img)\b[^>]*?\ssrc="(/[^"]+)"|<link\b[^>]*?\shref="(/[^"]+)"')
_LOCAL_HTMX = re.compile(rb'data-htmx-local="(/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Stage:
    """What there is to visit."""

    courtyard_code: str
    questionnaire_id: str
    fields: list[tuple[str, str]]
    ballot_id: str
    picked: list[str]
    result_id: str
    phone: Phone
    """of a household that has not voted"""


@dataclass(frozen=True, slots=True)
class Weights:
    """Bytes of one page: its HTML gzipped, and a first visit with all that the page loads."""

    html: int
    first_visit: int


def measure(house: House) -> list[Figure]:
    """The heaviest first visit, and the largest HTML, of all kinds of pages that residents see.

    Nothing of this depends on the database, so it is measured once. htmx is weighed as the local
    copy is served; from the CDN it comes more tightly packed.
    """
    if house.database != "sqlite":
        return []
    weights = asyncio.run(_visit(house.product.port, _stage(house)))
    return [
        _figure("first visit with style and scripts", MOST_FIRST_KB, _first_visits(weights)),
        _figure("HTML gzipped", MOST_HTML_KB, {name: w.html for name, w in weights.items()}),
    ]


def _first_visits(weights: Mapping[str, Weights]) -> dict[str, int]:
    return {name: each.first_visit for name, each in weights.items()}


def _figure(name: str, most_kb: int, bytes_by_page: Mapping[str, int]) -> Figure:
    heaviest = max(bytes_by_page, key=bytes_by_page.__getitem__)
    return Figure(
        NAME,
        f"{name}, heaviest page ({heaviest})",
        bytes_by_page[heaviest] / 1000,
        "kB",
        "",
        figures.at_most(most_kb),
        {"bytes_by_page": dict(bytes_by_page)},
    )


def _stage(house: House) -> Stage:
    keys = seed.keys_of(house.config)
    with house.database_open():
        seeded = seed.seed(HOUSEHOLDS)
        questionnaire = questionnaires.find(seed.open_questionnaire(seeded).id)
        ballots = [seed.open_ballot(seeded, house.config, Showing.LIVE) for _ in range(2)]
        for ballot in ballots:
            seed.fill(ballot, seeded.households[:VOTES], house.config)
        running, done = ballots
        live.refresh(running.id, keys)
        results.seal(done, by=None, at=done.seals_at, keys=keys)
        results.publish(done, by=seeded.account_id, at=done.seals_at)
        return Stage(
            courtyard_code=seeded.code,
            questionnaire_id=questionnaire.id,
            fields=phones.answers(questionnaire.questions),
            ballot_id=running.id,
            picked=seed.choices(offers.offer(asking.find(running.id)), 1)[0],
            result_id=done.id,
            phone=phones.holding(house.place.app, seeded.codes[-1], seeded.households[-1]),
        )


async def _visit(port: int, stage: Stage) -> dict[str, Weights]:
    """Every kind of page, by its address with a dot for what is random in it."""
    found: dict[str, Answer] = {}
    async with Wire("127.0.0.1", port) as wire:
        await _before_sending(wire, stage, found)
        await _after_sending(wire, stage, found)
        loaded = {each: 0 for page in found.values() for each in _loads(page.body)}
        for address in loaded:
            loaded[address] = _whole(address, await wire.get(address)).bytes_on_wire
    return {
        name: Weights(
            html=len(gzip.compress(page.body, 5)),
            first_visit=page.bytes_on_wire + sum(loaded[each] for each in _loads(page.body)),
        )
        for name, page in found.items()
    }


async def _before_sending(wire: Wire, stage: Stage, found: dict[str, Answer]) -> None:
    questionnaire, ballot = f"/q/{stage.questionnaire_id}", f"/v/{stage.ballot_id}"
    addresses = {
        "/": "/",
        "/c/.": f"/c/{stage.courtyard_code}",
        "/c/./door": f"/c/{stage.courtyard_code}/door",
        "/q/.": questionnaire,
        **{f"/q/./{n}": f"{questionnaire}/{n}" for n in range(1, 11)},
        "/q/./look": f"{questionnaire}/look",
        "/q/./all": f"{questionnaire}/all",
        "/v/.": ballot,
        "/live/.": f"/live/{stage.ballot_id}",
        "/screen/./bars": f"/screen/{stage.ballot_id}/bars",
        "/result/.": f"/result/{stage.result_id}",
        "/record/.": f"/record/{stage.courtyard_code}",
        "/record/./.": f"/record/{stage.courtyard_code}/{stage.result_id}",
        "/record/././receipts": f"/record/{stage.courtyard_code}/{stage.result_id}/receipts",
        "/r/": "/r/",
    }
    for name, address in addresses.items():
        found[name] = _whole(name, await wire.get(address, stage.phone.header))


async def _after_sending(wire: Wire, stage: Stage, found: dict[str, Answer]) -> None:
    phone, questionnaire = stage.phone, f"/q/{stage.questionnaire_id}"
    phone.reads(found["/q/./all"])
    await wire.post(f"{questionnaire}/all", phone.form(stage.fields), phone.header)
    thanks = _whole("thanks", await wire.get(f"{questionnaire}/thanks", phone.header))
    found["/q/./thanks"] = thanks
    ballot = f"/v/{stage.ballot_id}"
    phone.reads(found["/v/."])
    look = [("go", "look"), ("offer", phone.offer), *(("item", each) for each in stage.picked)]
    found["/v/. look"] = _whole("look", await wire.post(ballot, phone.form(look), phone.header))
    phone.reads(found["/v/. look"])
    await wire.post(ballot, phones.vote(phone, stage.picked), phone.header)
    for name, address in (
        ("", ballot),
        ("/receipt", f"{ballot}/receipt"),
        ("/mine", f"{ballot}/mine"),
    ):
        page = await wire.get(address, phone.header)
        found[f"/v/.{name or ' voted'}"] = _whole(address, page)


def _whole(name: str, answer: Answer) -> Answer:
    if answer.status != 200:
        raise Unexpected(f"{name}: {answer.status} instead of 200")
    return answer


def _loads(page: bytes) -> set[str]:
    """Addresses on this site that a page makes the browser load, and the local copy of htmx."""
    found = {one or other for one, other in _LOADED.findall(page)} | set(_LOCAL_HTMX.findall(page))
    return {each.decode("ascii").replace("&amp;", "&") for each in found}
