"""Memory of the server after it has worked: every process, what they share counted once."""

from bench import figures, phones, seed
from bench.figures import Figure
from bench.flows import flow
from bench.house import House
from bench.load import drive
from surveys.questionnaires import service as questionnaires

NAME = "memory"
MOST_MB = 250


def measure(house: House) -> list[Figure]:
    """PSS of gunicorn's master and its two workers, after all other sections and one more load."""
    with house.database_open():
        asked = questionnaires.find(seed.open_questionnaire(seed.seed(60)).id)
        fields = phones.answers(asked.questions)
    drive(house.product.port, flow(asked.id, fields), range(house.size.flows))
    megabytes = house.product.pss_bytes() / 1e6
    processes = {"processes": len(house.product.processes)}
    target = figures.at_most(MOST_MB)
    return [Figure(NAME, "PSS after load", megabytes, "MB", house.database, target, processes)]
