"""Signing in and out, one's own password, and the pages of administrators."""

from flask import Blueprint, Response, flash, g, request, session, url_for

from surveys.accounts import access, forms, lists, rules, service, signin
from surveys.accounts.models import Account, Place
from surveys.accounts.rules import May, RoleKind
from surveys.base import hx
from surveys.base.audit import ACTS
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.base.words import N_
from surveys.errors import Forbidden, Invalid, NotFound, Refused, TooOften
from surveys.web import printed_address

PAGES = Blueprint("accounts", __name__)

KNOWN_MOST = 5
"""accounts that a browser remembers having signed in with"""
FREE = {"accounts.sign_in", "accounts.sign_out", "accounts.password"}
"""where one may go while a one-time password waits to be changed"""


@PAGES.before_app_request
def _change_first() -> Response | None:
    """A one-time password is changed before anything else is done at the desk."""
    if not request.path.startswith("/desk") or request.endpoint in FREE:
        return None
    account = access.current_account()
    if account and account.must_change_password:
        return hx.see_other(url_for("accounts.password"))
    return None


@PAGES.app_context_processor
def _desk() -> dict[str, object]:
    """Whether the desk's header leads to the pages of administrators."""
    at_desk = request.path.startswith("/desk")
    return {"desk_administers": at_desk and access.administers_anything()}


# --- signing in and out --------------------------------------------------------------------------


@PAGES.route("/desk/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask for name and password; lead on to the page that was asked for."""
    goal = rules.own_path(request.values.get("next"))
    if access.current_account():
        return hx.see_other(goal)
    form = forms.SignInForm()
    if form.validate_on_submit():
        try:
            account = signin.sign_in(
                form.name.data or "", form.password.data or "", _visitor(), at=g.at
            )
        except (Refused, TooOften) as error:
            forms.blame(form.password, error)
        else:
            _begin_session(account)
            return hx.see_other(goal)
    status = 422 if form.errors else 200
    return hx.render("accounts/sign_in.html", status=status, form=form, goal=goal)


@PAGES.route("/desk/sign-out", methods=["POST"])
def sign_out() -> Response:
    """Leave the desk, here and wherever else; a public computer keeps nothing of it."""
    account = access.current_account()
    if account:
        signin.sign_out(account, at=g.at)
    _clear_session()
    flash(_("已经退出了。这个账号在别处登录过的，也一起退出了。"), "done")
    return hx.see_other(url_for("accounts.sign_in"))


@PAGES.route("/desk/password", methods=["GET", "POST"])
def password() -> Response:
    """Change one's own password; this browser stays signed in, every other one is put out."""
    account = access.require_account()
    forced = account.must_change_password
    form = forms.PasswordForm.asking_present(not forced)
    if form.validate_on_submit():
        typed = None if forced else form.present.data
        try:
            signin.change_password(account, typed, form.new.data or "", at=g.at)
        except Invalid as error:
            forms.blame(form.new, error)
        except (Refused, TooOften) as error:
            forms.blame(form.new if forced else form.present, error)
        else:
            access.remember(account, g.at)
            flash(_("密码改好了。别处登录过的，都要用新密码再登录。"), "done")
            return hx.see_other(rules.own_path(None))
    status = 422 if form.errors else 200
    return hx.render("accounts/password.html", status=status, form=form, forced=forced)


def _visitor() -> signin.Visitor:
    return signin.Visitor(request.remote_addr or "", tuple(session.get("knows", ())))


def _begin_session(account: Account) -> None:
    """Begin afresh: nothing planted in the session before signing in lives on after it."""
    mark = signin.mark(account.name)
    others = [known for known in session.get("knows", ()) if known != mark]
    _clear_session()
    session["knows"] = [mark, *others][:KNOWN_MOST]
    session.permanent = True
    access.remember(account, g.at)


def _clear_session() -> None:
    kept = {key: session[key] for key in ("locale", "knows") if key in session}
    session.clear()
    session.update(kept)
    session.permanent = bool(kept)
    g.pop("account", None)


# --- administrators: the first day ---------------------------------------------------------------


@PAGES.route("/desk/admin/begin", methods=["GET", "POST"])
def begin() -> Response:
    """An empty installation asks its administrator two things; afterwards there is no such page."""
    top = lists.beginning(access.administered())
    if top is None:
        return hx.see_other(url_for("accounts.admin"))
    form = forms.BeginForm.asking_community(top.level in {"district", "street"})
    if form.validate_on_submit():
        try:
            return _begun(top, form)
        except Invalid as error:
            forms.blame(form.name if form.who.data == "other" else form.community, error)
    return hx.render("accounts/begin.html", status=422 if form.errors else 200, form=form)


def _begun(top: Place, form: forms.BeginForm) -> Response:
    me, community = access.require_account(), form.community.data if form.community else None
    if form.who.data == "me":
        place = service.begin(top, community, by=me, at=g.at)
        flash(_("好了，您就是“%(place)s”的组织者。接下来建楼院。", place=place.name), "done")
        return hx.see_other("/desk/courtyard/new")
    name, title = form.name.data or "", form.title.data or ""
    account, once = service.begin_for(top, community, name, title, by=me.id, at=g.at)
    return _handed(account, once, new=True)


# --- administrators: accounts --------------------------------------------------------------------


@PAGES.route("/desk/admin/")
def admin() -> Response:
    """Where an administrator begins: the places, the people, the names of the levels."""
    within = access.administered()
    names = {level.key: level.name for level in lists.levels()}
    return hx.render(
        "accounts/admin.html",
        tops=lists.tops(within),
        levels=names,
        may_name_levels=lists.holds_a_top(within),
    )


@PAGES.route("/desk/admin/accounts")
def accounts() -> Response:
    """The accounts with a post inside, found by name or title, by pages."""
    within = access.administered()
    narrowed = {"q": None, "post": set(RoleKind)}
    view = View.read(
        request.path, request.args, ["title", "name", "state"], narrowed, a_page=lists.PAGE
    )
    people, total = lists.people(within, view)
    return hx.render(
        "accounts/accounts.html", people=people, total=total, view=view, posts=rules.ROLE_NAMES
    )


@PAGES.route("/desk/admin/accounts/new", methods=["GET", "POST"])
def new_account() -> Response:
    """A new account with its first post. Its one-time password is shown in the answer, once."""
    within = access.administered()
    form = forms.AccountForm(place_id=request.args.get("place"))
    form.offer(within)
    if not form.finds and form.validate_on_submit():
        place = access.fetch(Place, form.place_id.data, May.ADMINISTER)
        try:
            account, once = service.create_account(
                form.name.data or "",
                form.title.data or "",
                by=access.me(),
                at=g.at,
                role=(place, RoleKind(form.kind.data)),
            )
        except Invalid as error:
            forms.blame(form.name, error)
        else:
            return _handed(account, once, new=True)
    status = 422 if form.errors else 200
    return hx.render("accounts/new_account.html", status=status, form=form)


@PAGES.route("/desk/admin/account/<account_id>")
def account(account_id: str) -> Response:
    """One account: its posts, its password, whether it is open, and what was done to it."""
    return _account_page(account_id, None)


@PAGES.route("/desk/admin/account/<account_id>/roles", methods=["POST"])
def give_role(account_id: str) -> Response:
    """Give a post inside one's own places."""
    within = access.administered()
    found = lists.person(account_id, within).account
    form = forms.RoleForm()
    form.offer(within)
    if not form.finds and form.validate_on_submit():
        place = access.fetch(Place, form.place_id.data, May.ADMINISTER)
        try:
            service.give_role(found, place, RoleKind(form.kind.data), by=access.me(), at=g.at)
        except Refused as error:
            forms.blame(form.kind, error)
        else:
            flash(_("职务加上了。"), "done")
            return hx.see_other(url_for("accounts.account", account_id=account_id))
    return _account_page(account_id, form)


@PAGES.route("/desk/admin/account/<account_id>/roles/<role_id>/take", methods=["POST"])
def take_role(account_id: str, role_id: str) -> Response:
    """Take a post inside one's own places away."""
    role = lists.role_inside(account_id, role_id, access.administered())
    service.take_role(role, by=access.me(), at=g.at)
    flash(_("职务去掉了。"), "done")
    return hx.see_other(url_for("accounts.account", account_id=account_id))


@PAGES.route("/desk/admin/account/<account_id>/reset", methods=["POST"])
def reset(account_id: str) -> Response:
    """A new one-time password, shown in the answer and nowhere else: so it is no redirect."""
    found = lists.own_person(account_id, access.administered())
    once = service.reset_password(found, by=access.me(), at=g.at)
    return _handed(found, once, new=False)


def _handed(account: Account, once: str, *, new: bool) -> Response:
    """The slip with a one-time password, to be printed or copied: it is shown only now."""
    address = printed_address("/desk/")
    return hx.render(
        "accounts/handed.html", account=account, password=once, new=new, address=address
    )


@PAGES.route("/desk/admin/account/<account_id>/disable", methods=["POST"])
def disable(account_id: str) -> Response:
    """Close an account."""
    found = lists.own_person(account_id, access.administered())
    service.disable(found, by=access.me(), at=g.at)
    flash(_("账号停用了。"), "done")
    return hx.see_other(url_for("accounts.account", account_id=account_id))


@PAGES.route("/desk/admin/account/<account_id>/enable", methods=["POST"])
def enable(account_id: str) -> Response:
    """Open an account again."""
    found = lists.own_person(account_id, access.administered())
    service.enable(found, by=access.me(), at=g.at)
    flash(_("账号恢复了。"), "done")
    return hx.see_other(url_for("accounts.account", account_id=account_id))


def _account_page(account_id: str, form: forms.RoleForm | None) -> Response:
    """The page of one account; `form` is the one for a further post, as it was sent."""
    within = access.administered()
    found = lists.person(account_id, within)
    if form is None:
        form = forms.RoleForm(formdata=None)
        form.offer(within)
    return hx.render(
        "accounts/account.html",
        status=422 if form.errors else 200,
        account=found.account,
        posts=found.posts,
        mine=account_id == access.me(),
        whole=lists.wholly_inside(account_id, within),
        lines=lists.acts_about(account_id, within),
        form=form,
    )


# --- administrators: places ----------------------------------------------------------------------


@PAGES.route("/desk/admin/place/<place_id>")
def place(place_id: str) -> Response:
    """One place: what is below it and who holds a post on it."""
    return _place_page(place_id)


@PAGES.route("/desk/admin/place/<place_id>/rename", methods=["POST"])
def rename_place(place_id: str) -> Response:
    """Give a place another name."""
    found = access.fetch(Place, place_id, May.ADMINISTER)
    form = forms.NameForm(prefix="rename")
    if form.validate_on_submit():
        try:
            service.rename_place(found, form.name.data or "", by=access.me(), at=g.at)
        except Invalid as error:
            forms.blame(form.name, error)
        else:
            flash(_("名字改好了。"), "done")
            return hx.see_other(url_for("accounts.place", place_id=place_id))
    return _place_page(place_id, rename=form)


@PAGES.route("/desk/admin/place/<place_id>/places", methods=["POST"])
def add_place(place_id: str) -> Response:
    """Add a place below this one."""
    parent = access.fetch(Place, place_id, May.ADMINISTER)
    form = forms.PlaceForm(prefix="add")
    form.offer(lists.levels_below(parent))
    if form.validate_on_submit():
        try:
            service.add_place(
                form.name.data or "", form.level.data, parent, by=access.me(), at=g.at
            )
        except Invalid as error:
            forms.blame(form.name, error)
        else:
            flash(_("添好了：%(name)s。", name=form.name.data), "done")
            return hx.see_other(url_for("accounts.place", place_id=place_id))
    return _place_page(place_id, add=form)


@PAGES.route("/desk/admin/levels", methods=["GET", "POST"])
def levels() -> Response:
    """What this town calls the levels of the tree; only who administers a top place says it."""
    if not lists.holds_a_top(access.administered()):
        raise Forbidden(N_("各级的叫法由最上一级的管理员来改。"))
    form = forms.levels_form(lists.levels())
    if form.validate_on_submit():
        names = {key: name for key, name in form.data.items() if key != "csrf_token"}
        service.rename_levels(names, by=access.me(), at=g.at)
        flash(_("叫法改好了。"), "done")
        return hx.see_other(url_for("accounts.levels"))
    return hx.render("accounts/levels.html", status=422 if form.errors else 200, form=form)


def _place_page(
    place_id: str, *, rename: forms.NameForm | None = None, add: forms.PlaceForm | None = None
) -> Response:
    """The page of one place; the forms are those that were sent, if any."""
    found = access.fetch(Place, place_id, May.ADMINISTER)
    if add is None:
        add = forms.PlaceForm(formdata=None, prefix="add")
        add.offer(lists.levels_below(found))
    return hx.render(
        "accounts/place.html",
        status=422 if (rename and rename.errors) or add.errors else 200,
        place=found,
        renamable=found.level in rules.PLANTED,
        above=lists.above(found, access.administered()),
        below=lists.below(found),
        levels={level.key: level.name for level in lists.levels()},
        posted=lists.posted_at(place_id),
        rename=rename or forms.NameForm(formdata=None, prefix="rename", name=found.name),
        add=add,
    )


# --- who did what --------------------------------------------------------------------------------


@PAGES.route("/desk/courtyard/<courtyard_id>/audit")
def audit(courtyard_id: str) -> Response:
    """Who did what in a courtyard, the newest first: searched, by person, by pages."""
    courtyard = access.fetch(Place, courtyard_id, May.LOOK)
    if courtyard.level != "courtyard":
        raise NotFound
    people = lists.who_acted(courtyard_id)
    narrowed = {"q": None, "who": {account for account, _title in people}}
    view = View.read(request.path, request.args, ["-at"], narrowed, a_page=lists.PAGE)
    words = view.asked.get("q", "").casefold()
    acts = [act for act, say in ACTS.items() if words in _(say).casefold()]
    lines, total = lists.acts_in(courtyard_id, view, acts)
    return hx.render(
        "accounts/audit.html",
        courtyard=courtyard,
        lines=lines,
        total=total,
        view=view,
        people=people,
    )
