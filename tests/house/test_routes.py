"""Every address of the product: who may open it, told in one table and tried by everybody."""

import pytest
from werkzeug.routing import Rule

from surveys.accounts.rules import ALLOWED, May, RoleKind
from tests.house.grounds import Grounds

PUBLIC, SIGNED_IN, ADMIN = "public", "signed in", "admin"

WHO: dict[str, str | May] = {
    **dict.fromkeys(
        [
            "static",
            "htmx",
            "healthz",
            "size",
            "language",
            "resident.front",
            "resident.courtyard",
            "resident.typed_address",
            "resident.following.need",
            "resident.following.ask",
            "resident.following.one",
            "resident.following.mine",
            "courtyards.household",
            "courtyards.door",
            "courtyards.forget",
            "courtyards.qr_svg",
            "courtyards.qr_png",
            "questionnaires.first",
            "questionnaires.follow",
            "questionnaires.one",
            "questionnaires.keep",
            "questionnaires.everything",
            "questionnaires.send_everything",
            "questionnaires.look",
            "questionnaires.send",
            "questionnaires.thanks",
            "questionnaires.copy",
            "questionnaires.photo",
            "questionnaires.photo_of_copy",
            "questionnaires.result",
            "owners.typed_slip",
            "owners.slip",
            "owners.forget_owner",
            "owners.vote_online",
            "owners.send_online",
            "owners.owner_receipt",
            "owners.public_page",
            "owners.live_part",
            "owners.screen",
            "ballots.ballot",
            "ballots.pick",
            "ballots.receipt",
            "ballots.mine",
            "ballots.not_ours",
            "ballots.ask_receipt",
            "ballots.look_up_receipt",
            "ballots.receipt_of",
            "results.live_part",
            "results.screen",
            "results.result",
            "results.records.everything",
            "results.records.one",
            "results.records.receipts",
            "results.records.public_bundle",
            "needs.say",
            "needs.said",
            "needs.thanks",
            "orders.works",
            "needs.everybody",
            "needs.too",
            "needs.not_ours",
            "menus.posted",
            "meetings.qr_png",
            "meetings.answer",
            "meetings.phone",
            "meetings.live_part",
            "meetings.here",
            "meetings.away",
            "meetings.say",
            "meetings.too",
            "meetings.not_too",
            "meetings.take_back",
            "meetings.take",
            "meetings.host",
            "meetings.host_part",
            "meetings.host_record",
            "meetings.host_poll",
            "meetings.host_hands",
            "meetings.host_promise",
            "meetings.host_take_back_promise",
            "meetings.host_take_back_hands",
            "meetings.host_queue",
            "meetings.host_take_down",
            "meetings.host_people",
            "meetings.host_tick",
            "meetings.press",
            "meetings.wall",
            "meetings.wall_part",
            "accounts.sign_in",
        ],
        PUBLIC,
    ),
    **dict.fromkeys(
        ["styleguide", "accounts.password", "accounts.sign_out", "overview.desk", "courtyards.new"],
        SIGNED_IN,
    ),
    **dict.fromkeys(
        [
            "accounts.admin",
            "accounts.begin",
            "accounts.accounts",
            "accounts.account",
            "accounts.new_account",
            "accounts.give_role",
            "accounts.take_role",
            "accounts.reset",
            "accounts.disable",
            "accounts.enable",
            "accounts.place",
            "accounts.add_place",
            "owners.online_rule",
            "owners.drop_online_rule",
            "accounts.rename_place",
            "accounts.levels",
            "needs.entries",
            "needs.new_entry",
            "needs.add_entry",
            "needs.entry",
            "needs.change_entry",
            "needs.retire_entry",
            "needs.restore_entry",
            "needs.remove_entry",
        ],
        ADMIN,
    ),
    **dict.fromkeys(
        [
            "accounts.audit",
            "courtyards.go",
            "courtyards.settings",
            "courtyards.roll_page",
            "courtyards.roll_template",
            "courtyards.export_roll",
            "courtyards.slips_page",
            "courtyards.grant_reprint",
            "overview.courtyard",
            "overview.close_step",
            "overview.coverage.show",
            "questionnaires.ours",
            "questionnaires.desk",
            "questionnaires.preview",
            "questionnaires.screen",
            "questionnaires.past",
            "questionnaires.answers",
            "questionnaires.questions_out",
            "questionnaires.example",
            "questionnaires.cross",
            "questionnaires.links",
            "questionnaires.templates",
            "questionnaires.copies",
            "questionnaires.compare",
            "questionnaires.template",
            "meetings.meetings",
            "meetings.meeting",
            "meetings.minutes",
            "owners.votes",
            "owners.vote",
            "owners.sealing_page",
            "results.register_bundle",
            "owners.counters_page",
            "owners.by_owner_page",
            "owners.print_by_owner",
            "ballots.desk.ballots",
            "ballots.desk.ballot",
            "ballots.desk.preview",
            "ballots.desk.try_out",
            "results.desk_result",
            "menus.menus",
            "menus.one",
            "menus.preview",
            "menus.cost_file_out",
            "needs.show",
            "needs.one",
            "needs.suggestions",
            "needs.suggestion",
            "orders.orders",
            "needs.table_page",
            "needs.export_table",
            "needs.photo",
            "needs.words",
        ],
        May.LOOK,
    ),
    **dict.fromkeys(
        [
            "owners.ask_correction",
            "owners.state",
            "owners.set_voter",
            "owners.new_unit",
            "owners.unit",
            "owners.remove_unit",
            "owners.check_register",
            "owners.save_register",
            "owners.export_register",
            "courtyards.check_roll",
            "courtyards.save_roll",
            "overview.begin_round",
            "questionnaires.create",
            "questionnaires.edit",
            "questionnaires.save",
            "questionnaires.publish",
            "questionnaires.discard",
            "questionnaires.bring",
            "questionnaires.look_at_new",
            "questionnaires.make",
            "questionnaires.bring_into",
            "questionnaires.look_at_replacing",
            "questionnaires.replace",
            "questionnaires.set_times",
            "questionnaires.exports",
            "questionnaires.export_csv",
            "questionnaires.export_workbook",
            "questionnaires.job_file",
            "questionnaires.drop_job",
            "questionnaires.set_identity",
            "questionnaires.copy_to",
            "questionnaires.copy_now",
            "questionnaires.save_as",
            "questionnaires.save_template",
            "questionnaires.rename_template",
            "questionnaires.retire_template",
            "questionnaires.make_tag",
            "questionnaires.rename_tag",
            "questionnaires.withdraw_tag",
            "questionnaires.open_now",
            "questionnaires.close_now",
            "meetings.plan",
            "meetings.edit",
            "meetings.cancel",
            "meetings.add_item",
            "meetings.change_item",
            "meetings.move_item",
            "meetings.remove_item",
            "meetings.make_remote",
            "meetings.remote_link",
            "meetings.sign",
            "owners.draft",
            "owners.edit",
            "owners.motions",
            "owners.motion",
            "owners.move_motion",
            "owners.remove_motion",
            "owners.open_",
            "owners.extend",
            "owners.void",
            "meetings.poll",
            "meetings.open_or_close",
            "owners.publish",
            "owners.name_counter",
            "owners.drop_counter",
            "ballots.desk.draft",
            "ballots.desk.edit",
            "ballots.desk.open_",
            "ballots.desk.tighten",
            "ballots.desk.void",
            "ballots.extending.extend",
            "results.publish",
            "orders.accept",
            "orders.put_off",
            "orders.finish",
            "orders.decline",
            "orders.take_back",
            "menus.create",
            "menus.copy",
            "menus.set_rules",
            "menus.new_item",
            "menus.add_item",
            "menus.item",
            "menus.edit_item",
            "menus.remove_item",
            "menus.move_item",
            "menus.vary_item",
            "menus.set_funding",
            "menus.posting_page",
            "menus.post",
            "menus.drafting_page",
            "menus.draft",
            "menus.cost_table",
            "menus.set_costs",
            "menus.cost_file_in",
        ],
        May.RUN,
    ),
    **dict.fromkeys(
        [
            "questionnaires.photo_of_answer",
            "questionnaires.photos_of_answers",
            "owners.register_page",
            "owners.register_template",
            "courtyards.visits.show",
            "courtyards.visits.note",
            "courtyards.visits.take_back",
            "questionnaires.sheet",
            "questionnaires.written",
            "questionnaires.key_in",
            "questionnaires.take_back",
            "owners.deliveries",
            "owners.note_deliveries",
            "owners.take_back_delivery",
            "owners.take_back_batch",
            "owners.key",
            "owners.keep",
            "owners.who",
            "owners.attach",
            "owners.agents",
            "owners.give",
            "owners.end",
            "ballots.keying.key_in",
            "ballots.keying.keep",
            "ballots.batches.table",
            "ballots.batches.take",
            "ballots.batches.example",
            "needs.take_in",
            "needs.place",
            "needs.new",
            "needs.quick",
            "needs.aside",
            "needs.merge",
            "needs.undo",
            "needs.rename",
            "needs.describe",
            "needs.split",
            "needs.add_photos",
            "needs.remove_photo",
            "needs.lane",
            "needs.fixed_at_once",
            "needs.reopen",
            "needs.merge_into",
            "needs.part",
            "needs.back",
            "needs.take_down",
            "needs.suggestions_together",
            "needs.needs_together",
            "needs.withhold",
            "needs.release",
            "needs.drop_word",
            "needs.take_up_word",
            "meetings.record",
            "meetings.record_queue",
            "meetings.take_down",
            "meetings.people",
            "meetings.tick",
            "meetings.count_hands",
            "meetings.add_note",
            "meetings.line",
            "meetings.promise",
            "meetings.take_back_promise",
            "meetings.take_back_hands",
        ],
        May.KEY_IN,
    ),
    **dict.fromkeys(
        [
            "courtyards.poster",
            "meetings.poster",
            "meetings.print_minutes",
            "meetings.minutes_docx",
            "meetings.print_promises",
            "overview.coverage.posted",
            "courtyards.visits.paper",
            "owners.slips_page",
            "owners.print_owner_slips",
            "owners.renew_owner_slip",
            "courtyards.print_slips",
            "courtyards.renew_slip",
            "courtyards.print_reprint",
            "questionnaires.paper",
            "questionnaires.tag_code",
            "questionnaires.tag_poster",
            "ballots.desk.print_paper",
            "owners.notice",
            "owners.papers",
            "owners.extension",
            "owners.delivery_list",
            "owners.undelivered",
            "owners.result_notice",
        ],
        May.PRINT,
    ),
    **dict.fromkeys(
        [
            "owners.to_confirm",
            "owners.sheet",
            "owners.confirm",
            "owners.proof",
            "owners.decide",
            "owners.of_owner",
            "owners.send_back",
            "owners.withdraw",
            "owners.reinstate",
            "owners.dispute",
            "owners.confirm_correction",
            "ballots.keying.to_confirm",
            "ballots.keying.look",
            "ballots.keying.confirm",
            "ballots.keying.reject",
            "ballots.keying.entries",
            "ballots.keying.withdraw",
            "ballots.keying.reinstate",
            "ballots.keying.sign",
            "owners.sign",
            "ballots.calling.answer",
            "results.records.sealed_bundle",
        ],
        May.CONFIRM,
    ),
    **dict.fromkeys(["owners.seal", "results.seal", "results.lot"], May.SEAL),
    **dict.fromkeys(
        [
            "ballots.calling.drawn",
            "ballots.calling.print_list",
            "owners.corrections",
            "owners.drop_correction",
        ],
        May.OVERSEE,
    ),
}
VISITORS = ["nobody", "resident", "clerk", "stranger"]


def ways(house: Grounds) -> list[tuple[Rule, str]]:
    """Every rule with each method it answers to."""
    rules = sorted(house.app.url_map.iter_rules(), key=str)
    return [(r, m) for r in rules for m in ("GET", "POST") if m in (r.methods or ())]


def status(house: Grounds, rule: Rule, method: str, who: str) -> tuple[int, str]:
    """What `who` is answered, and where to; a POST carries a good token and nothing else."""
    visitor = house.visitor(who)
    address = house.address(rule)
    if rule.endpoint == "courtyards.go":
        address += f"?to={house.values['courtyard_id']}"
    if method == "GET":
        answer = visitor.get(address)
    else:
        token = visitor.see("/").form("/language")["csrf_token"]
        answer = visitor.post(address, data={"csrf_token": token})
    answer.close()  # a file that is sent stays open until it is read
    return answer.status_code, answer.location or ""


def test_every_address_has_its_line_in_the_table(demo_house: Grounds) -> None:
    known = {rule.endpoint for rule in demo_house.app.url_map.iter_rules()}
    assert known == set(WHO)


@pytest.mark.parametrize("who", ["nobody", "resident"])
def test_without_an_account_the_desk_asks_to_sign_in_and_the_rest_is_open(
    demo_house: Grounds, who: str
) -> None:
    wrong = []
    for rule, method in ways(demo_house):
        code, to = status(demo_house, rule, method, who)
        sent_to_sign_in = code == 303 and to.startswith("/desk/sign-in")
        if code >= 500 or sent_to_sign_in is (WHO[rule.endpoint] == PUBLIC):
            wrong.append((str(rule), method, code, to))
    assert wrong == []


def test_another_courtyards_organizer_does_not_even_learn_that_it_exists(
    demo_house: Grounds,
) -> None:
    wrong = []
    for rule, method in ways(demo_house):
        if isinstance(WHO[rule.endpoint], May):
            code, _to = status(demo_house, rule, method, "stranger")
            if code != 404:
                wrong.append((str(rule), method, code))
    assert wrong == []


@pytest.mark.parametrize("kind", [k for k in RoleKind if k is not RoleKind.ADMINISTRATOR])
def test_each_role_is_refused_what_it_may_not_do(demo_house: Grounds, kind: RoleKind) -> None:
    wrong = []
    for rule, method in ways(demo_house):
        act = WHO[rule.endpoint]
        forbidden = act == ADMIN or (isinstance(act, May) and act not in ALLOWED[kind])
        if forbidden:
            code, _to = status(demo_house, rule, method, kind.value)
            if code != 403:
                wrong.append((str(rule), method, code))
    assert wrong == []


@pytest.mark.parametrize("kind", list(RoleKind))
def test_each_role_opens_every_page_that_it_may(demo_house: Grounds, kind: RoleKind) -> None:
    wrong = []
    for rule, method in ways(demo_house):
        act = WHO[rule.endpoint]
        if method == "GET" and isinstance(act, May) and act in ALLOWED[kind]:
            code, _to = status(demo_house, rule, method, kind.value)
            if code not in {200, 303, 409} and rule.endpoint not in NOT_THERE:
                wrong.append((str(rule), code))
    assert wrong == []


NOT_THERE = {
    "results.desk_result",
    "courtyards.settings",
    "owners.by_owner_page",
    "owners.print_by_owner",
}
"""answered 404 or 403 for reasons of the thing itself: no result yet, not one's place to name, not
named to count (tests/owners/test_by_owner.py)"""


def test_every_post_wants_its_token(demo_house: Grounds) -> None:
    wrong = []
    for rule, method in ways(demo_house):
        if method == "POST":
            for who in ("resident", "organizer"):
                code = demo_house.visitor(who).post(demo_house.address(rule)).status_code
                if code != 400:
                    wrong.append((str(rule), who, code))
    assert wrong == []


def test_a_form_sent_by_another_site_is_not_offered_again(demo_house: Grounds) -> None:
    browser = demo_house.visitor("organizer")
    answer = browser.post("/size", data={"size": "big"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "再点一下" not in answer.get_data(as_text=True)


def test_nothing_that_the_desk_shows_or_hands_out_stays_in_a_cache(demo_house: Grounds) -> None:
    visitor, kept = demo_house.visitor("organizer"), []
    for rule, method in ways(demo_house):
        if method == "GET" and str(rule).startswith("/desk"):
            answer = visitor.get(demo_house.address(rule))
            answer.close()
            if answer.headers["Cache-Control"] != "no-store":
                kept.append(str(rule))
    assert kept == []


@pytest.mark.parametrize("path", ["/", "/c/{code}", "/desk/sign-in", "/nothing"])
def test_every_page_carries_a_strict_policy(demo_house: Grounds, path: str) -> None:
    code = demo_house.codes["resident.courtyard"]
    headers = demo_house.visitor("nobody").get(path.format(code=code)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
