"""``DummySessionMulti``: what it adds to the promises of ``request.session_multi``."""

import copy
import re
import subprocess
import sys
from types import MappingProxyType

import pytest
from pyramid import testing
from pyramid.interfaces import ISession
from pyramid.testing import DummyRequest, DummySession
from pyramid_session_multi import (
    SessionMultiAuthenticationHelper,
    SessionMultiCSRFStoragePolicy,
    SessionMultiManager,
    UnregisteredSession,
    namespace_session_factory,
)
from pyramid_session_multi_testing import DummySessionMulti, SessionMultiRequest
from zope.interface.verify import verifyObject

DATA = {"cart": {"items": [1]}, "account": {"user": "anna"}, "public": {}}


@pytest.mark.parametrize(
    "names", [["a", "b"], ("a", "b"), iter(["a", "b"]), {"a": {}, "b": {}}, ["a", "b", "a"]]
)
def test_namespaces_are_named_by_any_collection(names):
    multi = DummySessionMulti(names)
    assert multi.namespaces == ["a", "b"]
    assert multi["a"] == {}


@pytest.mark.parametrize("method", ["__getitem__", "has_cookie", "peek", "renew", "invalidate"])
def test_where_there_are_none_it_says_how_to_give_some(method):
    """As a test does it, rather than an application."""
    multi = DummySessionMulti([])
    with pytest.raises(UnregisteredSession) as caught:
        getattr(multi, method)("cart")
    assert (caught.value.namespace, caught.value.registered) == ("cart", ())
    assert str(caught.value) == (
        "No session is registered for the namespace 'cart'. No namespace is given: override the "
        "fixture session_multi_namespaces, e.g. to return ['cart'], or make a "
        "DummySessionMulti(['cart'])."
    )
    assert multi.get("cart", "none") == "none"


def test_a_mapping_gives_initial_data():
    multi = DummySessionMulti(MappingProxyType(DATA))
    assert multi["cart"] == {"items": [1]}
    assert multi["account"]["user"] == "anna"
    assert multi["public"] == {}


def test_the_initial_data_are_nobody_elses():
    """Tests share them; what one writes, changes in place or gives to another is its own."""
    given = copy.deepcopy(DATA)
    multi, other = DummySessionMulti(given), DummySessionMulti(given)
    multi["cart"]["items"].append(2)
    assert given == DATA
    assert other["cart"] == DATA["cart"]
    given["account"]["user"] = "bert"
    given["cart"]["items"].append(3)
    assert multi["account"]["user"] == "anna"
    assert other.peek("cart") == DATA["cart"]


def test_sessions_are_pyramids_dummy_sessions():
    multi = DummySessionMulti(DATA)
    for name in DATA:
        assert isinstance(multi[name], DummySession)
        assert verifyObject(ISession, multi[name])
        assert isinstance(multi[name].created, int)
    assert (multi["cart"].new, multi["public"].new) == (False, True)


def test_csrf_tokens_are_random():
    """Pyramid's dummy session always has the same one: a renewed one would pass for the old."""
    multi = DummySessionMulti(["a", "b"])
    tokens = {multi["a"].get_csrf_token(), multi["b"].get_csrf_token(), multi["a"].new_csrf_token()}
    assert len(tokens) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", token) for token in tokens)
    assert multi["a"].get_csrf_token() == multi["a"].get_csrf_token() == multi["a"]["_csrft_"]


def test_has_cookie_and_peek_tell_of_initial_data_only():
    multi = DummySessionMulti(DATA, refused=["account"])
    multi["public"]["x"] = 1
    del multi["cart"]["items"]
    assert [multi.has_cookie(name) for name in DATA] == [True, True, False]
    assert [multi.peek(name) for name in DATA] == [DATA["cart"], None, None]


def test_the_requests_own_cookies_are_no_matter():
    """Where they come from is not known: initial data say what came."""
    multi = DummySessionMulti({"cart": {"x": 1}, "public": {}})
    multi.request = DummyRequest(cookies={"cart": "1", "public": "1"})
    multi.invalidate()
    assert list(multi) == ["cart"]
    multi.request = DummyRequest()
    assert multi.has_cookie("cart")
    assert not multi.has_cookie("public")


@pytest.mark.parametrize("name", ["path", "a b", "ü;=", "_%41", "A", "$x"])
def test_any_namespace_will_do(name):
    """What is not the name of a cookie may be that of a namespace."""
    multi = DummySessionMulti([name, "a"])
    assert multi[name] == {}
    cookie_names = multi.namespaces_to_cookienames
    assert len(set(cookie_names.values())) == len(cookie_names)


def test_invalidate_takes_a_name():
    """As the real one; an unknown one ends nothing."""
    data = {**DATA, "other": {"x": 1}, "unopened": {"x": 1}}
    multi = DummySessionMulti(data, refused=["account"])
    assert multi["other"] == {"x": 1}
    for name in ("cart", "account", "public"):
        multi.invalidate(name)
    assert dict(multi) == {"other": {"x": 1}, "cart": {}, "account": None}
    with pytest.raises(UnregisteredSession, match="'oter'"):
        multi.invalidate("oter")
    assert multi["other"] == {"x": 1}


def test_invalidate_tries_all_and_raises_after_that(monkeypatch):
    """For the tests of an application that handles it."""
    multi = DummySessionMulti(DATA)

    def fails():
        raise OSError("disk full")

    monkeypatch.setattr(multi["cart"], "invalidate", fails)
    with pytest.raises(OSError, match="disk full"):
        multi.invalidate()
    assert multi["account"] == {}


def test_the_request_is_a_dummy_request_with_it():
    multi = DummySessionMulti(["a"])
    assert isinstance(multi.request, SessionMultiRequest)
    assert isinstance(multi.request, DummyRequest)
    assert multi.request.session_multi is multi


def test_it_belongs_to_any_request():
    multi = DummySessionMulti(["a"])
    multi.request = request = DummyRequest(session_multi=multi)
    assert multi.request is request
    assert request.session_multi["a"] == {}


def test_it_is_the_manager_for_isinstance():
    assert isinstance(DummySessionMulti([]), SessionMultiManager)


def test_its_repr_is_its_own():
    assert repr(DummySessionMulti(["a"])) == "<DummySessionMulti: untouched 'a'>"


def test_no_response_is_changed_for_it():
    """There is none."""
    multi = DummySessionMulti(DATA)
    multi["cart"]
    multi.has_cookie("cart")
    multi.peek("cart")
    assert not multi.request.response_callbacks


def test_pyramids_machinery_works_on_it():
    """Authentication, CSRF and ``request.session``, bound to a namespace."""
    with testing.testConfig() as config:
        config.set_csrf_storage_policy(policy := SessionMultiCSRFStoragePolicy("account"))
        request = DummySessionMulti(DATA, refused=["public"]).request
        helper = SessionMultiAuthenticationHelper("account")
        token = policy.get_csrf_token(request)
        helper.remember(request, "anna")
        assert helper.authenticated_userid(request) == "anna"
        assert policy.get_csrf_token(request) != token
        assert namespace_session_factory("cart")(request) is request.session_multi["cart"]
        assert SessionMultiAuthenticationHelper("public").authenticated_userid(request) is None


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["cart"], TypeError, "namespaces takes a collection of names, like .* not 'cart'"),
        ([b"cart"], TypeError, "namespaces takes a collection of names"),
        ([None], TypeError, "namespaces takes a collection of names, like .* not None"),
        ([1], TypeError, "namespaces takes a collection of names"),
        ([[1]], TypeError, "namespaces takes names, which are non-empty str, not 1"),
        ([["a", ""]], TypeError, "not ''"),
        ([{None: {}}], TypeError, "not None"),
        ([{"a": [1]}], TypeError, r"of the namespace 'a' must be a mapping, as in \{'a': .*, not"),
        ([{"a": None}], TypeError, r"Give \{\} for none, and refused=\['a'\] for a session that"),
        ([["a"], "a"], TypeError, "refused takes a collection of names, like .* not 'a'"),
        ([["a"], None], TypeError, "refused takes a collection of names"),
        ([["a"], [1]], TypeError, "refused takes names"),
        ([["account"], ["acount"]], UnregisteredSession, "Did you mean 'account'?"),
        ([[], ["account"]], UnregisteredSession, "No namespace is given: "),
    ],
)
def test_bad_input_is_explained(arguments, error, says):
    with pytest.raises(error, match=says):
        DummySessionMulti(*arguments)


def test_a_wrong_name_in_refused_is_called_that():
    with pytest.raises(KeyError) as caught:
        DummySessionMulti(["account"], refused=["acount"])
    assert caught.value.namespace == "acount"
    assert "refused=" in caught.value.__notes__[0]


def test_the_error_of_a_refused_namespace_leads_to_the_test():
    with pytest.raises(AttributeError, match=r"pyramid_session_multi_testing\.dummy\.refused"):
        DummySessionMulti(["a"], refused=["a"]).renew("a")


def test_it_needs_no_pytest():
    """For unittest, and for whatever else runs tests."""
    code = (
        "import sys; sys.modules['pytest'] = sys.modules['webtest'] = None\n"
        "from pyramid_session_multi_testing import *\n"
        "assert DummySessionMulti(['a'])['a'] == {}\n"
        "import pyramid_session_multi_testing as package\n"
        "assert set(package.__all__) <= set(dir(package)) & set(globals())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_package_has_not_is_an_attribute_error():
    import pyramid_session_multi_testing

    with pytest.raises(AttributeError, match="has no attribute 'edit_sesion'"):
        pyramid_session_multi_testing.edit_sesion  # noqa: B018
