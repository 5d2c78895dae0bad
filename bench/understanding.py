"""Answers understood: the page of figures, two questions beside each other, and what goes out.

On ten thousand and a hundred thousand answers to twenty questions, a tenth more replaced.
"""

import http.client
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from statistics import median

from bench import answers, figures, seed
from bench.figures import Figure, Target
from bench.house import House
from bench.load import Unexpected
from bench.phones import COOKIE, Phone
from bench.watch import watched

NAME = "statistics"
FEW, MANY = 10_000, 100_000
PAGE_MS = {FEW: 50, MANY: 1_000}
CSV_S, WORKBOOK_S, MOST_MB = 30, 180, 200
LOOKS = 9
"""of each page, by one person"""


def measure(house: House) -> list[Figure]:
    """The pages over few and many answers; the files of many."""
    with house.database_open():
        seeded = seed.seed(600)
        cookie = seed.signed_in(house.place.app, seeded)
    phone = Phone(cookie=cookie)
    found: list[Figure] = []
    for number in (FEW, MANY):
        with house.database_open():
            asked = answers.seed(
                seeded.courtyard_id, seeded.account_id, list(seeded.households), number
            )
        here = f"/desk/questionnaire/{asked}"
        found += _pages(house, phone, here, number)
    return [*found, *_files(house, phone, here)]


def _pages(house: House, phone: Phone, here: str, number: int) -> list[Figure]:
    target = figures.at_most(PAGE_MS[number])
    _looks_ms(house, phone, f"{here}/export")  # every process has its templates ready
    anew, again = _looks_ms(house, phone, f"{here}/answers")
    _first, sifted = _looks_ms(house, phone, f"{here}/answers?channel=paper")
    _first, crossed = _looks_ms(house, phone, f"{here}/cross?by=s1&of=k1")
    measured = {
        "the statistics page, counted anew": (anew, None if number == FEW else target),
        "the statistics page, nothing changed": (again, target),
        "the statistics page of one channel": (sifted, None),
        "two questions beside each other": (crossed, None),
    }
    return [
        _figure(house, f"{name}, {number:,} answers", value_ms, "ms", bound)
        for name, (value_ms, bound) in measured.items()
    ]


def _looks_ms(house: House, phone: Phone, path: str) -> tuple[float, float]:
    """The longest look, at which a process counts anew, and the median of all."""
    looks = [_timed(lambda: _ask(house, phone, "GET", path))[0] for _ in range(LOOKS)]
    return 1000 * max(looks), 1000 * median(looks)


def _files(house: House, phone: Phone, here: str) -> list[Figure]:
    """The CSV as it is streamed, the workbook as the worker makes it."""
    phone.reads_page(_ask(house, phone, "GET", f"{here}/export"))
    form = f"csrf_token={phone.token}"
    csv_s, csv = _timed(lambda: _ask(house, phone, "POST", f"{here}/export.csv", form))
    rows = csv.count(b"\n") - 1
    if rows != MANY:
        raise Unexpected(f"the CSV has {rows} rows")
    csv_pss = house.product.pss_bytes()
    _ask(house, phone, "POST", f"{here}/export", form)
    book_s, book_pss = watched(["jobs"], house.place.environment)
    many = f"{MANY:,} answers"
    return [
        _figure(house, f"CSV of {many}", csv_s, "s", figures.at_most(CSV_S)),
        _figure(house, f"the servers after it, PSS, {many}", csv_pss / 1e6, "MB", None),
        _figure(house, f"workbook of {many}", book_s, "s", figures.at_most(WORKBOOK_S)),
        _figure(house, f"the worker, PSS, {many}", book_pss / 1e6, "MB", figures.at_most(MOST_MB)),
    ]


def _figure(house: House, name: str, value: float, unit: str, target: Target | None) -> Figure:
    return Figure(NAME, name, value, unit, house.database, target)


def _timed(act: Callable[[], bytes]) -> tuple[float, bytes]:
    begun = time.perf_counter()
    found = act()
    return time.perf_counter() - begun, found


def _ask(house: House, phone: Phone, method: str, path: str, form: str = "") -> bytes:
    """The body of an answer, to its end.

    Raises:
        Unexpected: it is neither 200 nor 303.
    """
    wire = http.client.HTTPConnection("127.0.0.1", house.product.port, timeout=300)
    heads = {"Cookie": phone.header, "Content-Type": "application/x-www-form-urlencoded"}
    wire.request(method, path, form or None, heads)
    answer = wire.getresponse()
    body = answer.read()
    for name, value in SimpleCookie(answer.getheader("Set-Cookie") or "").items():
        phone.cookie = value.value if name == COOKIE else phone.cookie
    wire.close()
    if answer.status not in {200, 303}:
        raise Unexpected(f"{path}: {answer.status}")
    return body
