"""``DummySessionMulti``: its behavior beyond that of ``request.session_multi``."""

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
def test_without_namespaces_the_error_says_how_to_name_them(method):
    multi = DummySessionMulti([])
    with pytest.raises(UnregisteredSession) as caught:
        getattr(multi, method)("cart")
    assert (caught.value.namespace, caught.value.registered) == ("cart", ())
    assert str(caught.value) == (
        "No session is registered for the namespace 'cart'. This DummySessionMulti has no "
        "namespaces: override the fixture session_multi_namespaces, for example to return "
        "['cart'], or create a DummySessionMulti(['cart'])."
    )
    assert multi.get("cart", "none") == "none"


def test_a_mapping_sets_initial_data():
    multi = DummySessionMulti(MappingProxyType(DATA))
    assert multi["cart"] == {"items": [1]}
    assert multi["account"]["user"] == "anna"
    assert multi["public"] == {}


def test_the_initial_data_are_copied():
    """Tests may share them; no double changes those of another."""
    data = copy.deepcopy(DATA)
    multi, other = DummySessionMulti(data), DummySessionMulti(data)
    multi["cart"]["items"].append(2)
    multi["cart"].changed()
    assert data == DATA
    assert other["cart"] == DATA["cart"]
    data["account"]["user"] = "bert"
    data["cart"]["items"].append(3)
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
    """Pyramid's dummy session always has the same token, which hides a missing renewal."""
    multi = DummySessionMulti(["a", "b"])
    tokens = {multi["a"].get_csrf_token(), multi["b"].get_csrf_token(), multi["a"].new_csrf_token()}
    assert len(tokens) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", token) for token in tokens)
    assert multi["a"].get_csrf_token() == multi["a"].get_csrf_token() == multi["a"]["_csrft_"]


def test_has_cookie_and_peek_depend_on_the_initial_data():
    multi = DummySessionMulti(DATA, refused=["account"])
    multi["public"]["x"] = 1
    del multi["cart"]["items"]
    assert [multi.has_cookie(name) for name in DATA] == [True, True, False]
    assert [multi.peek(name) for name in DATA] == [DATA["cart"], None, None]


def test_the_requests_own_cookies_do_not_count():
    """The initial data stand for the cookies of the namespaces."""
    multi = DummySessionMulti({"cart": {"x": 1}, "public": {}})
    multi.request = DummyRequest(cookies={"cart": "1", "public": "1"})
    multi.invalidate()
    assert list(multi) == ["cart"]
    multi.request = DummyRequest()
    assert multi.has_cookie("cart")
    assert not multi.has_cookie("public")


@pytest.mark.parametrize("name", ["path", "a b", "ü;=", "_%41", "A", "$x"])
def test_any_name_of_a_namespace_is_accepted(name):
    """It need not be a valid cookie name."""
    multi = DummySessionMulti([name, "a"])
    assert multi[name] == {}
    cookie_names = multi.namespaces_to_cookienames
    assert len(set(cookie_names.values())) == len(cookie_names)


def test_invalidate_ends_one_namespace():
    """An unknown name ends nothing."""
    data = {**DATA, "other": {"x": 1}, "unopened": {"x": 1}}
    multi = DummySessionMulti(data, refused=["account"])
    assert multi["other"] == {"x": 1}
    for name in ("cart", "account", "public"):
        multi.invalidate(name)
    assert dict(multi) == {"other": {"x": 1}, "cart": {}, "account": None}
    with pytest.raises(UnregisteredSession, match="'oter'"):
        multi.invalidate("oter")
    assert multi["other"] == {"x": 1}


def test_invalidate_tries_all_before_it_raises(monkeypatch):
    """An application can handle the error."""
    multi = DummySessionMulti(DATA)

    def fails():
        raise OSError("disk full")

    monkeypatch.setattr(multi["cart"], "invalidate", fails)
    with pytest.raises(OSError, match="disk full"):
        multi.invalidate()
    assert multi["account"] == {}


def test_the_request_is_a_dummy_request():
    multi = DummySessionMulti(["a"])
    assert isinstance(multi.request, SessionMultiRequest)
    assert isinstance(multi.request, DummyRequest)
    assert multi.request.session_multi is multi


def test_any_request_can_have_it():
    multi = DummySessionMulti(["a"])
    multi.request = request = DummyRequest(session_multi=multi)
    assert multi.request is request
    assert request.session_multi["a"] == {}


def test_it_is_an_instance_of_the_manager():
    assert isinstance(DummySessionMulti([]), SessionMultiManager)


@pytest.mark.parametrize(
    "method", ["peek", "has_cookie", "get", "require", "renew", "has_namespace"]
)
def test_a_list_of_names_is_the_error_of_the_real_manager(method):
    """Whichever method gets it."""
    multi = DummySessionMulti(["a"])
    with pytest.raises(TypeError, match=r"^The name of a namespace is a str, not builtins\.list\."):
        getattr(multi, method)(["a"])


def test_its_repr_has_its_own_class_name():
    assert repr(DummySessionMulti(["a"])) == "<DummySessionMulti: untouched 'a'>"


def test_it_adds_no_response_callbacks():
    multi = DummySessionMulti(DATA)
    multi["cart"]
    multi.has_cookie("cart")
    multi.peek("cart")
    assert not multi.request.response_callbacks


def test_pyramids_machinery_works_on_it():
    """Authentication, CSRF and ``request.session`` can be bound to a namespace of the double."""
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
    ("arguments", "error", "message"),
    [
        (["cart"], TypeError, "namespaces takes a collection of names, like .* not 'cart'"),
        ([b"cart"], TypeError, "namespaces takes a collection of names"),
        ([None], TypeError, "namespaces takes a collection of names, like .* not None"),
        ([1], TypeError, "namespaces takes a collection of names"),
        ([[1]], TypeError, "namespaces takes names, which are non-empty str, not 1"),
        ([["a", ""]], TypeError, "not ''"),
        ([{None: {}}], TypeError, "not None"),
        ([{"a": [1]}], TypeError, r"of the namespace 'a' must be a mapping, as in \{'a': .*, not"),
        (
            [{"a": None}],
            TypeError,
            r"Pass \{\} for no data, and refused=\['a'\] for a session that",
        ),
        ([["a"], "a"], TypeError, "refused takes a collection of names, like .* not 'a'"),
        ([["a"], None], TypeError, "refused takes a collection of names"),
        ([["a"], [1]], TypeError, "refused takes names"),
        ([["account"], ["acount"]], UnregisteredSession, "Did you mean 'account'?"),
        ([[], ["account"]], UnregisteredSession, "has no namespaces: "),
    ],
)
def test_bad_input_is_explained(arguments, error, message):
    with pytest.raises(error, match=message):
        DummySessionMulti(*arguments)


def test_an_unknown_name_in_refused_is_explained():
    with pytest.raises(KeyError) as caught:
        DummySessionMulti(["account"], refused=["acount"])
    assert caught.value.namespace == "acount"
    assert "refused=" in caught.value.__notes__[0]


def test_refused_session_names_the_discriminator_of_the_double():
    with pytest.raises(AttributeError, match=r"pyramid_session_multi_testing\.dummy\.refused"):
        DummySessionMulti(["a"], refused=["a"]).renew("a")


def test_it_needs_no_pytest():
    """It works with unittest and every other test runner."""
    code = (
        "import sys; sys.modules['pytest'] = sys.modules['webtest'] = None\n"
        "from pyramid_session_multi_testing import *\n"
        "assert DummySessionMulti(['a'])['a'] == {}\n"
        "import pyramid_session_multi_testing as package\n"
        "assert set(package.__all__) <= set(dir(package)) & set(globals())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    import pyramid_session_multi_testing

    with pytest.raises(AttributeError, match="has no attribute 'edit_sesion'"):
        pyramid_session_multi_testing.edit_sesion  # noqa: B018
