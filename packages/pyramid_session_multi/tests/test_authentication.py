"""``SessionMultiAuthenticationHelper``: logins stored in one namespace."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from math import nan

import pytest
from pyramid.session import BaseCookieSessionFactory, JSONSerializer
from pyramid_session_multi import RefusedSession, SessionMultiAuthenticationHelper, https_only

HELPER = SessionMultiAuthenticationHelper("a", keep=["language"])
HTTPS = "https://localhost/"


def _login(userid, helper=HELPER):
    return lambda request: helper.remember(request, userid)


class Users:
    """A table of users: the generation of each id."""

    def __init__(self, **generations):
        self.generations = generations
        self.calls = []

    def __call__(self, request, userid):
        self.calls.append((request, userid))
        return self.generations.get(userid)


@pytest.fixture
def users():
    return Users(anna=1, bert=1)


@pytest.fixture
def helper(users):
    return SessionMultiAuthenticationHelper("a", keep=["language"], generation=users)


def _data(manager):
    return {k: v for k, v in manager["a"].items() if not k.startswith("_")}


def test_a_remembered_user_is_authenticated_until_forgotten(browse, any_library):
    """In later requests too; the helper sends no headers of its own."""
    browser = browse(a=any_library("a"), b=any_library("b"))
    assert browser.visit(HELPER.authenticated_userid) is None
    assert browser.visit(_login("anna")) == []
    assert browser.visit(HELPER.authenticated_userid) == "anna"
    assert browser.visit(HELPER.forget) == []
    assert browser.visit(HELPER.authenticated_userid) is None


def test_the_prefix_names_the_key(browse, signed):
    """As with Pyramid's helper."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna"))
    browser.visit(_login("bert", SessionMultiAuthenticationHelper("a", prefix="admin.")))
    assert browser.multi(_data) == {"auth.userid": "anna", "admin.userid": "bert"}


def test_the_first_login_keeps_all_data(browse, signed):
    """For example, the cart of a visitor who logs in."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    browser.visit(_login("anna"))
    assert browser.multi(_data) == {"auth.userid": "anna", "cart": [1], "language": "de"}


def test_the_same_user_again_keeps_everything(browse, signed):
    """Logging in twice loses nothing."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna"))
    browser.multi(lambda m: m["a"].update({"cart": [1]}))
    browser.visit(_login("anna"))
    assert browser.multi(_data) == {"auth.userid": "anna", "cart": [1]}


def test_from_one_user_to_another_only_keep_stays(browse, signed):
    """One user does not get another's cart."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    browser.visit(_login("bert"))
    assert browser.multi(_data) == {"auth.userid": "bert", "language": "de"}


def test_remember_renews_the_session(browse, server_side):
    """The id from before the login opens nothing: no session fixation."""
    browser = browse(a=server_side("a"))
    browser.multi(lambda m: m["a"].update({"cart": [1]}))
    thief = browser.thief()
    browser.visit(_login("anna"))
    assert browser.multi(_data) == {"auth.userid": "anna", "cart": [1]}
    assert thief.multi(_data) == {}


def test_in_a_refused_namespace_nobody_is_logged_in(browse, signed):
    """Reading returns ``None``, forgetting does nothing, remembering raises ``RefusedSession``."""
    browser = browse(a=(signed("a"), https_only))
    browser.visit(_login("anna"), url=HTTPS)
    assert browser.visit(HELPER.authenticated_userid) is None
    assert browser.visit(HELPER.forget) == []
    assert browser.visit(HELPER.authenticated_userid, url=HTTPS) == "anna"
    with pytest.raises(RefusedSession):
        browser.visit(_login("anna"))


@pytest.mark.parametrize("keep", ["language", b"language"])
def test_keep_is_not_a_str(keep):
    """Its characters would be taken as keys, and all data would be lost."""
    with pytest.raises(TypeError, match="keep="):
        SessionMultiAuthenticationHelper("a", keep=keep)


def test_forget_ends_the_session_except_for_keep(browse, any_library):
    """The next user of that browser finds no other data of the previous one."""
    browser = browse(a=any_library("a"))
    browser.visit(_login("anna"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    token = browser.multi(lambda m: m["a"].get_csrf_token())
    browser.visit(HELPER.forget)
    assert browser.multi(_data) == {"language": "de"}
    assert browser.multi(lambda m: m["a"].get_csrf_token()) != token
    browser.visit(_login("bert"))
    assert browser.multi(_data) == {"language": "de", "auth.userid": "bert"}


def test_forget_without_anything_to_keep_leaves_nothing(browse, any_library):
    """Not even a CSRF token."""
    browser = browse(a=any_library("a"))
    browser.visit(_login("anna"))
    browser.multi(lambda m: m["a"].update({"cart": [1]}))
    browser.visit(HELPER.forget)
    assert not browser.multi(lambda m: m.peek("a"))


def test_after_forget_the_old_id_is_invalid(browse, server_side):
    """With and without data to keep."""
    for data in ({}, {"language": "de"}):
        browser = browse(a=server_side("a"))
        browser.visit(_login("anna"))
        browser.multi(lambda m, data=data: m["a"].update(data))
        thief = browser.thief()
        browser.visit(HELPER.forget)
        assert thief.visit(HELPER.authenticated_userid) is None
        assert thief.multi(_data) == {}


def test_forget_ends_the_session_of_a_visitor_as_well(browse, signed):
    """A logout has the same effect if nobody was logged in."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    browser.visit(HELPER.forget)
    assert browser.multi(_data) == {"language": "de"}


@pytest.mark.parametrize("header", ["sid=garbage", "foo[bar]=1; sid=garbage"])
@pytest.mark.parametrize("helper", [HELPER, SessionMultiAuthenticationHelper("a")])
def test_a_garbage_cookie_does_not_stop_forget(browse, any_library, header, helper):
    """It has nothing to keep; other namespaces can end, and the response is sent."""
    browser = browse(a=any_library("sid"))
    assert browser.visit(helper.forget, HTTP_COOKIE=header) == []
    assert browser.multi(_data) == {}


def test_a_foreign_cookie_does_not_hide_the_session_from_forget(browse, any_library):
    """The values of the keys in ``keep`` stay."""
    browser = browse(a=any_library("sid"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    header = f"foo[bar]=1; sid={browser.client.cookies['sid']}"
    browser.visit(HELPER.forget, HTTP_COOKIE=header)
    assert browser.multi(_data) == {"language": "de"}


@pytest.mark.parametrize("helper", [HELPER, SessionMultiAuthenticationHelper("a")])
def test_forget_deletes_a_cookie_that_stops_the_factory(browse, helper):
    """As ``invalidate`` does; nobody could log out otherwise."""

    class Strict(JSONSerializer):
        def loads(self, value):
            raise LookupError(value)

    browser = browse(a=BaseCookieSessionFactory(Strict(), cookie_name="sid"))
    assert browser.visit(helper.forget, HTTP_COOKIE="sid=x") == []
    assert [cookie.partition(";")[0] for cookie in browser.set_cookies] == ["sid="]


@pytest.mark.parametrize("helper", [HELPER, SessionMultiAuthenticationHelper("a")])
def test_an_error_that_is_not_the_cookies_is_raised_by_forget(browse, signed, helper):
    """The session did not end, so nothing says that it did."""

    def fail(request):
        raise LookupError("database")

    browser = browse(a=(signed("sid"), fail))
    browser.client.set_cookie("sid", "x")
    with pytest.raises(LookupError, match="database"):
        browser.visit(helper.forget)


@pytest.mark.parametrize("header", ["sid=garbage", "foo[bar]=1; sid=garbage"])
def test_a_login_begins_a_session_despite_a_garbage_cookie(browse, any_library, header):
    """Its library has nothing to read there; the new cookie replaces it."""
    browser = browse(a=any_library("sid"))
    browser.visit(_login("anna"), HTTP_COOKIE=header)
    assert browser.visit(HELPER.authenticated_userid) == "anna"
    browser.multi(lambda m: m.renew("a").update({"cart": [1]}), HTTP_COOKIE=header)
    assert browser.multi(_data) == {"cart": [1]}


@pytest.mark.parametrize(("first", "second"), [(1, True), (1, 1.0), (1, "1"), (0, False), ("1", 1)])
def test_user_ids_of_different_types_are_different_users(browse, any_library, first, second):
    """Python calls some of them equal; a users table does not."""
    browser = browse(a=any_library("a"))
    browser.visit(_login(first))
    browser.multi(lambda m: m["a"].update({"cart": [1]}))
    browser.visit(_login(second))
    assert browser.multi(_data) == {"auth.userid": second}
    assert type(browser.visit(HELPER.authenticated_userid)) is type(second)


# Generations


def test_a_login_is_valid_while_its_generation_is_the_same(browse, any_library, helper, users):
    """``remember`` stores it, and each request compares it."""
    browser = browse(a=any_library("a"))
    browser.visit(_login("anna", helper))
    assert browser.visit(helper.authenticated_userid) == "anna"
    users.generations["bert"] += 1
    assert browser.visit(helper.authenticated_userid) == "anna"
    users.generations["anna"] += 1
    assert browser.visit(helper.authenticated_userid) is None


def test_all_logins_of_a_user_end_except_the_one_that_is_remembered_again(
    browse, any_library, users
):
    """As after a change of the password."""
    helper = SessionMultiAuthenticationHelper("a", generation=users)
    here = browse(a=any_library("a"))
    there, other = here.stranger(), here.stranger()
    for browser, user in [(here, "anna"), (there, "anna"), (other, "bert")]:
        browser.visit(_login(user, helper))

    def change_password(request):
        users.generations["anna"] += 1
        return helper.remember(request, "anna")

    here.visit(change_password)
    logins = [browser.visit(helper.authenticated_userid) for browser in (here, there, other)]
    assert logins == ["anna", None, "bert"]


def test_a_copy_of_a_cookie_ends_as_well(browse, any_library, helper, users):
    """For sessions in cookies, this is the only way to end a copy."""
    browser = browse(a=any_library("a"))
    browser.visit(_login("anna", helper))
    thief = browser.thief()
    users.generations["anna"] += 1
    browser.visit(_login("anna", helper))
    assert browser.visit(helper.authenticated_userid) == "anna"
    assert thief.visit(helper.authenticated_userid) is None


def test_none_disables_an_account(browse, signed, helper, users):
    """Earlier and new logins are invalid, also after the account is enabled again."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna", helper))
    users.generations["anna"] = None
    assert browser.visit(helper.authenticated_userid) is None
    browser.visit(_login("anna", helper))
    assert browser.visit(helper.authenticated_userid) is None
    users.generations["anna"] = 2
    assert browser.visit(helper.authenticated_userid) is None


def test_a_user_who_was_removed_is_not_logged_in(browse, signed, helper, users):
    """A function that finds no row returns ``None``."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna", helper))
    del users.generations["anna"]
    assert browser.visit(helper.authenticated_userid) is None


@pytest.mark.parametrize(("stored", "now"), [(1, True), (1, 1.0), (1, "1")])
def test_a_generation_of_another_type_is_another_one(browse, signed, helper, users, stored, now):
    """Type and value are compared, as for user ids."""
    browser = browse(a=signed("a"))
    users.generations["anna"] = stored
    browser.visit(_login("anna", helper))
    users.generations["anna"] = now
    assert browser.visit(helper.authenticated_userid) is None


class Level(IntEnum):
    """It is equal to a number, and comes back as one."""

    ONE = 1


CIRCULAR: list[object] = []
CIRCULAR.append(CIRCULAR)
UNSTABLE = [(1, 2), [1, (2,)], Level.ONE, {1: "x"}, nan, date(2026, 1, 1), b"x", {1}, CIRCULAR]


@pytest.mark.parametrize("value", UNSTABLE, ids=lambda value: type(value).__name__)
def test_a_generation_that_json_changes_is_an_error(browse, any_library, helper, users, value):
    """In every library alike; nobody is locked out silently, and the session stays."""
    browser = browse(a=any_library("a"))
    browser.visit(_login("anna", helper))
    users.generations["bert"] = value

    def login(request):
        with pytest.raises(TypeError, match=f"value of type {type(value).__name__} that JSON"):
            helper.remember(request, "bert")

    browser.visit(login)
    assert browser.visit(helper.authenticated_userid) == "anna"


@pytest.mark.parametrize("value", [0, -1, 10**30, "", "é", 1.5, True, [1, "a"], {"a": [None]}])
def test_a_generation_that_json_keeps_is_valid(browse, any_library, helper, users, value):
    """For example, the number and the date of the last change, in a list."""
    browser = browse(a=any_library("a"))
    users.generations["anna"] = value
    browser.visit(_login("anna", helper))
    assert browser.visit(helper.authenticated_userid) == "anna"


def test_a_login_from_before_there_were_generations_is_not_valid(browse, signed, helper):
    """It has no stored generation."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna"))
    assert browser.visit(helper.authenticated_userid) is None


def test_nobody_inherits_from_an_invalid_login(browse, signed, helper, users):
    """The session still holds that user's data."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna", helper))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    users.generations["anna"] += 1
    browser.visit(_login("bert", helper))
    data = {"auth.userid": "bert", "auth.generation": 1, "language": "de"}
    assert browser.multi(_data) == data


def test_the_function_is_called_with_the_request_and_the_user_id(browse, signed, helper, users):
    """At ``remember`` and at each reading, but not if nobody is logged in."""
    browser = browse(a=signed("a"))
    browser.visit(helper.authenticated_userid)
    assert users.calls == []
    request = browser.visit(lambda request: [helper.remember(request, "anna"), request][1])
    assert users.calls == [(request, "anna")]
    request = browser.visit(lambda request: [helper.authenticated_userid(request), request][1])
    assert users.calls[1:] == [(request, "anna")]


def test_an_exception_of_the_function_changes_nothing(browse, signed, helper):
    """A database that is down does not leave a session half ended."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna", helper))

    def fail(request, userid):
        raise LookupError(userid)

    failing = SessionMultiAuthenticationHelper("a", generation=fail)

    def login(request):
        with pytest.raises(LookupError):
            failing.remember(request, "bert")

    browser.visit(login)
    assert browser.visit(helper.authenticated_userid) == "anna"


def test_a_refused_namespace_reads_no_generation(browse, signed, helper, users):
    """Nobody is logged in there."""
    browser = browse(a=(signed("a"), https_only))
    browser.visit(_login("anna", helper), url=HTTPS)
    users.calls.clear()
    assert browser.visit(helper.authenticated_userid) is None
    assert users.calls == []


@pytest.mark.parametrize("generation", ["generation", 1, {}])
def test_generation_is_a_function(generation):
    """Checked when the helper is created; the message does not show the value."""
    with pytest.raises(TypeError, match=f"instance of {type(generation).__name__}"):
        SessionMultiAuthenticationHelper("a", generation=generation)
