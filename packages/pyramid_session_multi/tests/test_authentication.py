"""``SessionMultiAuthenticationHelper``: who is logged in, kept in one namespace."""

from __future__ import annotations

import pytest
from pyramid_session_multi import RefusedSession, SessionMultiAuthenticationHelper, https_only

HELPER = SessionMultiAuthenticationHelper("a", keep=["language"])
HTTPS = "https://localhost/"


def _login(userid, helper=HELPER):
    return lambda request: helper.remember(request, userid)


def _data(manager):
    return {k: v for k, v in manager["a"].items() if not k.startswith("_")}


def test_who_is_remembered_is_authenticated_until_forgotten(browse, any_library):
    """Over requests, with no headers of its own."""
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


def test_from_nobody_to_somebody_everything_stays(browse, signed):
    """The cart of a stranger who logs in, for example."""
    browser = browse(a=signed("a"))
    browser.multi(lambda m: m["a"].update({"cart": [1], "language": "de"}))
    browser.visit(_login("anna"))
    assert browser.multi(_data) == {"auth.userid": "anna", "cart": [1], "language": "de"}


def test_the_same_user_again_keeps_everything(browse, signed):
    """Nothing is lost by logging in twice."""
    browser = browse(a=signed("a"))
    browser.visit(_login("anna"))
    browser.multi(lambda m: m["a"].update({"cart": [1]}))
    browser.visit(_login("anna"))
    assert browser.multi(_data) == {"auth.userid": "anna", "cart": [1]}


def test_from_one_user_to_another_only_keep_stays(browse, signed):
    """Nobody inherits somebody else's cart."""
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


def test_a_refused_namespace_knows_nobody(browse, signed):
    """Reading gives ``None``, forgetting does nothing, remembering is ``RefusedSession``."""
    browser = browse(a=(signed("a"), https_only))
    browser.visit(_login("anna"), url=HTTPS)
    assert browser.visit(HELPER.authenticated_userid) is None
    assert browser.visit(HELPER.forget) == []
    assert browser.visit(HELPER.authenticated_userid, url=HTTPS) == "anna"
    with pytest.raises(RefusedSession):
        browser.visit(_login("anna"))


@pytest.mark.parametrize("keep", ["language", b"language"])
def test_keep_is_no_str(keep):
    """Its letters would be kept, and all data lost."""
    with pytest.raises(TypeError, match="keep="):
        SessionMultiAuthenticationHelper("a", keep=keep)
