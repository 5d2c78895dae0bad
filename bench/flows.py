"""Whole questionnaire flows: a new phone opens the page, answers ten questions and sends them."""

from statistics import median

from bench import figures, phones, seed
from bench.figures import Figure
from bench.house import House, alternating, insert_one, laps_ms, parts, rates
from bench.load import Laps, Unexpected, Work
from bench.wire import Wire
from surveys.questionnaires import received
from surveys.questionnaires import service as questionnaires

NAME = "flows"
LEAST_PER_S = 200


def measure(house: House) -> list[Figure]:
    """Flows a second at 16 connections: each a new phone, one GET and one POST answered by 303."""
    with house.database_open():
        questionnaire = seed.open_questionnaire(seed.seed(60))
        asked = questionnaires.find(questionnaire.id)
        fields = phones.answers(asked.questions)
    numbers = parts(house.size, house.size.flows)
    flows, floors = alternating(
        house,
        [
            (house.product, flow(asked.id, fields), numbers),
            (house.floor, insert_one, parts(house.size, house.size.inserts)),
        ],
    )
    _check_all_kept(house, asked.id, numbers[-1].stop)
    whole = [sum(pair) for pair in zip(laps_ms(flows, "open"), laps_ms(flows, "send"), strict=True)]
    details = {
        **figures.spread("flow", whole),
        **figures.spread("open", laps_ms(flows, "open")),
        **figures.spread("send", laps_ms(flows, "send")),
        **figures.beside(flows, floors),
    }
    return [
        Figure(
            NAME,
            "questionnaire flows (open, send)",
            median(rates(flows)),
            "/s",
            house.database,
            figures.at_least(LEAST_PER_S),
            details,
        )
    ]


def flow(questionnaire_id: str, fields: phones.Fields) -> Work:
    """The work of one flow, ending with the 303 that leads to the thanks."""
    address = f"/q/{questionnaire_id}/all"
    answered = list(fields)

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        phone = phones.Phone()
        phone.reads(await laps.timed("open", wire.get(address), 200))
        sent = wire.post(address, phone.form(answered), phone.header)
        answer = await laps.timed("send", sent, 303)
        if not answer.header("location").endswith("/thanks"):
            raise Unexpected(f"send: led to {answer.header('location')}")

    return work


def _check_all_kept(house: House, questionnaire_id: str, sent: int) -> None:
    """A flow that was answered but not kept is no flow."""
    with house.database_open():
        kept = sum(received.responses_count(questionnaire_id))
    if kept != sent:
        raise Unexpected(f"{sent} flows were answered, {kept} responses are kept")
