"""Pages that no address alone leads to: empty ones, what comes after a form, faults, refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from surveys.courtyards import roll
from surveys.owners import register_file
from tests.browser.tour import Stop, Tour, stops_at, surface_of, touring, visitors_of
from tests.databases import an_app, config
from tests.house.grounds import Grounds, filled
from tests.house.sheets import Sent, sheets_of
from tests.manners import Browser

SENDS_LATE = {"csrf_token": "made an hour too early"}
TOO_LONG = "长" * 200_000
"""more than a form without files may hold"""


def empty_stops(house: Grounds) -> Iterator[Stop]:
    """Every page of a courtyard that has only begun, and of one in which nothing was done."""
    for beside, visitors in ((house.begun, ("newcomer", "nobody")), (house.bare, ("nobody",))):
        seen: set[str] = set()
        named = {**beside.values, "code": beside.code}
        for rule in house.opened():
            at_courtyard = house.codes.get(rule.endpoint) == house.codes["resident.courtyard"]
            if not rule.arguments or ("code" in rule.arguments and not at_courtyard):
                continue
            if rule.arguments <= set(named) and filled(rule, named).lower() not in seen:
                path = filled(rule, named)
                seen.add(path.lower())
                tried = visitors_of(path) if path.startswith("/desk") else visitors
                yield from stops_at(house, path, tried)


# --- what comes after a form ---------------------------------------------------------------------


def sent_stops(house: Grounds) -> Iterator[Stop]:
    """Pages that are shown once a form was taken. Each is undone by `Tour.put_back`."""
    for path, who, sent in [*_sent_by_residents(house), *_sent_by_staff(house)]:
        with sent.send(house, path, who) as answer:
            surface = surface_of(answer.get_data(as_text=True))
        house.put_back()
        assert surface, f"{sent.action} shows no page: {answer.status_code}"
        yield Stop(path, who, surface, sends=sent)


def _sent_by_residents(house: Grounds) -> Iterator[tuple[str, str, Sent]]:
    named, voting = house.values, house.voting
    say = f"/say/{house.codes['needs.say']}"
    yield say, "resident", Sent(say, {"text": "楼道灯坏了", "go": "look"})
    sheet, marks = f"/owners/{voting.open}/vote", {"mark-1": "for", "mark-2": "against"}
    owner = {"owner": house.phones["owner"]["owner"]}
    yield sheet, "owner", Sent(sheet, {**marks, **owner, "go": "look"})
    late = {"owner": house.phones["late"]["owner"]}
    decided = f"/owners/{voting.published}"
    yield f"{decided}/receipt", "late", Sent(f"{decided}/vote", {**marks, **late, "go": "look"})
    yield f"/v/{named['ballot_id']}", "nobody", Sent(f"/v/{named['ballot_id']}", {"go": "look"})


def _sent_by_staff(house: Grounds) -> Iterator[tuple[str, str, Sent]]:
    named, voting, begun = house.values, house.voting, house.begun.values
    account = f"/desk/admin/account/{named['account_id']}"
    yield account, "administrator", Sent(f"{account}/reset")
    confirm = f"/desk/ballot/{named['ballot_id']}/confirm"
    yield confirm, "supervisor", Sent(f"/desk/entry/{named['waiting_id']}/look")
    slips, owners = f"/desk/courtyard/{voting.courtyard}/slips", f"/desk/owners/{voting.open}/slips"
    yield slips, "organizer", Sent(slips, {"all": "1"})
    yield owners, "organizer", Sent(owners, {"all": "1"})
    new = {"name": "新院", "parent": named["place_id"], "phone": "", "committee": "社区"}
    doors = {"doors": "1-2 号楼 2 单元 6 层 每层 2 户"}
    yield "/desk/courtyard/new", "organizer", Sent("/desk/courtyard/new", {**new, **doors})
    yard = f"/desk/courtyard/{begun['courtyard_id']}"
    rows = ("file", "roll.xlsx", roll.to_xlsx(roll.EXAMPLE))
    yield f"{yard}/roll", "organizer", Sent(f"{yard}/roll/check", files=(rows,))
    rows = ("file", "owners.xlsx", register_file.to_xlsx(register_file.EXAMPLE))
    yield f"{yard}/owners", "organizer", Sent(f"{yard}/owners/check", files=(rows,))
    text = {"text": "院子的事\n\n1. 您家住几口人？\nA. 一两口\nB. 更多\n"}
    bring = f"{yard}/questionnaires/file"
    yield bring, "organizer", Sent(bring, text)


# --- faults --------------------------------------------------------------------------------------


def fault_stops(house: Grounds, typed: str = "") -> Iterator[Stop]:
    """Every form sent empty, or with the same in every field, where a page refuses that."""
    for sheet in list(sheets_of(house)):
        sent = sheet.filled(typed)
        with sent.send(house, sheet.page, sheet.who) as answer:
            is_refused = answer.mimetype == "text/html" and answer.status_code == 422
            surface = surface_of(answer.get_data(as_text=True)) if is_refused else ""
        house.put_back()
        if surface:
            yield Stop(sheet.page, sheet.who, surface, sends=sent)


# --- refusals ------------------------------------------------------------------------------------


def refused_stops(house: Grounds) -> Iterator[tuple[int, Stop]]:
    """Pages that say that something cannot be, each with its status; `broken` shows the 500."""
    named, voting = house.values, house.voting
    said = f"/say/{house.codes['needs.say']}"
    yard = f"/desk/courtyard/{named['courtyard_id']}"
    door = f"/c/{house.codes['resident.courtyard']}/door"
    late = {**SENDS_LATE, "text": "楼道灯坏了"}
    yield 404, Stop("/no", "nobody", "resident")
    yield 404, Stop("/desk/no", "organizer", "desk")
    yield 403, Stop(f"/host/{named['meeting_id']}", "resident", "resident")
    yield 403, Stop("/desk/admin/", "clerk", "desk")
    yield 409, Stop(f"/q/{named['questionnaire_id']}/figures", "resident", "resident")
    yield 409, Stop(f"/desk/owners/{named['vote_id']}/result-notice", "organizer", "desk")
    yield 410, Stop(f"/h/{voting.void_slip}", "nobody", "resident")
    yield 400, Stop(said, "resident", "resident", sends=Sent(said, late))
    yield 400, Stop(f"{yard}/menus", "organizer", "desk", sends=Sent(f"{yard}/menus", late))
    yield 413, Stop(said, "resident", "resident", sends=Sent(said, {"text": TOO_LONG}))
    long = Sent(f"{yard}/menus", {"title": TOO_LONG})
    yield 413, Stop(f"{yard}/menus", "organizer", "desk", sends=long)
    yield 429, Stop(door, "guesser", "resident", sends=Sent(door, {"code": "234-5678-9AB"}))


@contextmanager
def broken(folder: Path, house: Grounds) -> Iterator[tuple[Tour, list[Stop]]]:
    """A house whose database has no tables, and the stops at pages that say so (500)."""
    app = an_app(config(folder, f"sqlite:///{folder}/none.sqlite3", testing=False))
    app.test_client_class = Browser
    resident = Stop(f"/c/{house.codes['resident.courtyard']}", "nobody", "resident")
    with touring(replace(house, app=app)) as tour:
        yield tour, [resident, Stop("/desk/", "organizer", "desk")]
