"""The pictures of docs/screenshots that need no walk: what each shows, and who opens which page.

`tests/screenshots.py` takes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.browser.tour import Stop


@dataclass(frozen=True)
class Shot:
    """One picture: the name of its file, what it shows, and the stop that it is taken at."""

    name: str
    shows: str
    stop: Stop


def shots(values: dict[str, str], codes: dict[str, str]) -> Iterator[Shot]:
    """Every picture; `values` and `codes` are those of `Grounds`."""
    yield from _phone(values, codes["resident.courtyard"])
    yield from _wall(values)
    yield from _desk(values)
    yield from _paper(values)


def _phone(values: dict[str, str], code: str) -> Iterator[Shot]:
    ballot, need = f"/v/{values['ballot_id']}", f"/need/{values['need_id']}"
    posted = f"/menu/{values['menu_id']}"
    for name, shows, path, who in (
        ("front", "The first page: type the code of the courtyard", "/", "nobody"),
        (
            "courtyard-stranger",
            "The courtyard's page on a phone without a slip",
            f"/c/{code}",
            "nobody",
        ),
        (
            "menu-stranger",
            "The menu on a phone without a slip: to read, not to pick",
            ballot,
            "nobody",
        ),
        ("door", "Typing what a slip says", f"/c/{code}/door", "nobody"),
        ("voted", "This household has picked: the receipt, or pick anew", ballot, "resident"),
        (
            "entries",
            "Each vote that came for this household, and how",
            f"{ballot}/mine",
            "resident",
        ),
        ("receipt-lookup", "Looking up a receipt", "/r/", "resident"),
        ("say", "A box for whatever one has to say", f"/say/{code}", "resident"),
        (
            "said",
            "What was said has a number",
            f"/say/{code}/{values['suggestion_id']}",
            "resident",
        ),
        ("menu-posted", "A menu posted for comment, and what changed", posted, "resident"),
        (
            "needs",
            "What everybody asks for, and one's own household with them",
            f"/needs/{code}",
            "resident",
        ),
        ("need", "One need: how many, in whose words, and where it has led to", need, "resident"),
        (
            "what-became",
            "What became of one suggestion",
            f"/s/{values['suggestion_id']}",
            "nobody",
        ),
        ("what-we-said", "Everything that a household has said", f"/mine/{code}", "resident"),
        (
            "result",
            "The published result, with the reason for each item",
            f"/result/{values['published_id']}",
            "resident",
        ),
        (
            "doors",
            "From door to door: one tap a visit, those not met yet first",
            f"/desk/courtyard/{values['courtyard_id']}/visits",
            "clerk",
        ),
        ("works", "What was chosen, and how far it is", f"/works/{code}", "nobody"),
        ("records", "The public record of a courtyard", f"/record/{code}", "nobody"),
        (
            "record",
            "One ballot's record: rules, totals, the chain in words, how to check it",
            f"/record/{code}/{values['published_id']}",
            "nobody",
        ),
        ("not-found", "No such page", "/no", "nobody"),
    ):
        yield Shot(f"phone-{name}", shows, Stop(path, who, "resident"))


def _wall(values: dict[str, str]) -> Iterator[Shot]:
    for name, shows, path in (
        (
            "code",
            "The big screen: the code, and how many have come in",
            f"/screen/{values['ballot_id']}",
        ),
        (
            "budget",
            "The big screen: the budget fills item by item to the line 到此为止",
            f"/screen/{values['ballot_id']}/bars",
        ),
        ("result", "The big screen: the result, frozen", f"/screen/{values['published_id']}"),
    ):
        yield Shot(f"wall-{name}", shows, Stop(path, "nobody", "wall"))


def _desk(values: dict[str, str]) -> Iterator[Shot]:
    yard = f"/desk/courtyard/{values['courtyard_id']}"
    asked, ballot = (
        f"/desk/questionnaire/{values['questionnaire_id']}",
        f"/desk/ballot/{values['ballot_id']}",
    )
    for name, shows, path, who in (
        ("sign-in", "Signing in", "/desk/sign-in", "nobody"),
        ("courtyard", "A courtyard's page: what to do next", yard, "organizer"),
        ("roll", "The roll of households", f"{yard}/roll", "organizer"),
        (
            "questionnaires",
            "Questionnaires, and the templates for new ones",
            f"{yard}/questionnaires",
            "organizer",
        ),
        ("questionnaire", "One questionnaire", asked, "organizer"),
        (
            "editor",
            "Its questions, the card of one open, a phone beside it",
            f"{asked}/edit?open=q5",
            "organizer",
        ),
        ("versions", "The versions that were asked", f"{asked}/versions", "organizer"),
        ("answers", "What was answered, with its denominators", f"{asked}/answers", "organizer"),
        (
            "cross",
            "Two questions beside each other",
            f"{asked}/cross?of=q3&by=*building",
            "clerk",
        ),
        ("export", "Answers as Excel or CSV", f"{asked}/export", "organizer"),
        ("tags", "Links and posters, and how many came by each", f"{asked}/tags", "organizer"),
        ("copy", "One questionnaire to many courtyards", f"{asked}/copy", "organizer"),
        (
            "from-a-file",
            "A questionnaire made of Excel or of pasted text",
            f"{yard}/questionnaires/file",
            "organizer",
        ),
        ("keyed-answers", "Keying in a filled sheet", f"{asked}/key-in", "clerk"),
        (
            "ledger",
            "The ledger: suggestions on the left, needs on the right",
            f"{yard}/ledger",
            "clerk",
        ),
        ("suggestions", "All suggestions, searched", f"{yard}/suggestions", "clerk"),
        ("needs", "The ledger as a table: who leads, what is overdue", f"{yard}/needs", "clerk"),
        ("catalogue", "The catalogue and its words", "/desk/admin/catalogue", "administrator"),
        ("draft", "A menu drafted out of the ledger", f"{yard}/menus/draft", "organizer"),
        ("need", "One need and who stands behind it", f"/desk/need/{values['need_id']}", "clerk"),
        (
            "menu",
            "A menu: costed items made of needs",
            f"/desk/menu/{values['menu_id']}",
            "organizer",
        ),
        ("ballot", "A ballot while it is open", ballot, "organizer"),
        ("keyed-ballot", "Keying in a paper ballot", f"{ballot}/key-in", "clerk"),
        ("keyed-table", "Keying in a whole table of votes at once", f"{ballot}/table", "clerk"),
        (
            "confirm",
            "A second account confirms what was keyed in",
            f"{ballot}/confirm",
            "supervisor",
        ),
        ("extend", "Putting off the close of a ballot", f"{ballot}/extend", "organizer"),
        (
            "call-back",
            "The households that were drawn to be called back, and what they said",
            f"/desk/ballot/{values['published_id']}/call-back",
            "supervisor",
        ),
        (
            "result",
            "The sealed result at the desk",
            f"/desk/ballot/{values['published_id']}/result",
            "organizer",
        ),
        ("orders", "What was chosen: who accepts it", f"{yard}/orders", "organizer"),
        ("audit", "Who did what", f"{yard}/audit", "organizer"),
    ):
        yield Shot(f"desk-{name}", shows, Stop(path, who, "desk"))


def _paper(values: dict[str, str]) -> Iterator[Shot]:
    yard = f"/desk/courtyard/{values['courtyard_id']}"
    slips_stop = Stop(f"{yard}/slips", "organizer", "paper", ticks=1, press="form .main")
    yield Shot("paper-slips", "Slips, eight on a sheet: one for each household", slips_stop)
    for name, shows, path in (
        ("poster", "The poster for the gate", f"{yard}/poster"),
        ("ballot", "A ballot to fill in by hand", f"/desk/ballot/{values['ballot_id']}/print"),
        ("doors", "The doors to knock at, stairwell by stairwell", f"{yard}/visits/print"),
        (
            "call-back",
            "The households to call back, to be ticked at the door",
            f"/desk/ballot/{values['published_id']}/call-back/print",
        ),
        (
            "questionnaire",
            "A questionnaire to fill in by hand",
            f"/desk/questionnaire/{values['questionnaire_id']}/print",
        ),
    ):
        yield Shot(f"paper-{name}", shows, Stop(path, "organizer", "paper"))
