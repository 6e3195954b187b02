"""The laws of ``request.session_multi``, for every implementation of it.

To test another implementation, load this file by its path, derive a test class from
``SessionMultiLaws`` and give it a fixture ``session_multi`` with the namespaces "a" (the request
has its cookie, which holds ``INCOMING``), "b" (the request does not have its cookie) and "c" (the
request has its cookie, and its discriminator refuses).
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping, MutableMapping

import pytest
from pyramid.request import Request
from pyramid.scripting import prepare
from pyramid_session_multi import ISessionMultiManager, RefusedSession, UnregisteredSession
from zope.interface.verify import verifyObject

INCOMING = {"user": "anna", "nested": {"list": [1, 2]}}

MUTATIONS = {
    "__setitem__": lambda m: m.__setitem__("a", {}),
    "__delitem__": lambda m: m.__delitem__("a"),
    "__ior__": lambda m: m.__ior__({"a": {}}),
    "clear": lambda m: m.clear(),
    "pop": lambda m: m.pop("a"),
    "popitem": lambda m: m.popitem(),
    "setdefault": lambda m: m.setdefault("b", {}),
    "update": lambda m: m.update(a={}),
}

COPIES = {
    ".copy()": lambda m: m.copy(),
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda m, protocol=protocol: pickle.dumps(m, protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}


class SessionMultiLaws:
    """The laws; a derived class provides the fixture ``session_multi``."""

    def test_it_keeps_its_interface(self, session_multi):
        """``verifyObject`` passes."""
        assert verifyObject(ISessionMultiManager, session_multi)

    def test_it_is_a_dict_that_begins_empty(self, session_multi):
        """It contains the requested namespaces, and none was requested yet."""
        assert isinstance(session_multi, dict)
        assert not session_multi
        assert list(session_multi) == []

    def test_invalidate_takes_one_name_or_nothing(self, session_multi):
        """A list is not a name; nothing is ended."""
        session_multi["a"]["x"] = 1
        with pytest.raises(TypeError, match="Call it once for each namespace"):
            session_multi.invalidate(["a"])
        assert session_multi["a"]["x"] == 1

    def test_it_opens_on_first_access_and_keeps_the_session(self, session_multi):
        """The same object each time, also from ``get``."""
        session = session_multi["a"]
        session["x"] = 1
        assert session_multi["a"] is session
        assert session_multi.get("a") is session
        assert session["x"] == 1

    def test_namespaces_are_independent(self, session_multi):
        """Data written to one are in no other."""
        session_multi["a"]["x"] = 1
        assert "x" not in session_multi["b"]

    def test_a_refused_namespace_is_none(self, session_multi):
        """From ``[]`` and ``get``; the default is for names that are not registered."""
        assert session_multi["c"] is None
        assert session_multi.get("c", "default") is None

    def test_it_contains_the_requested_namespaces(self, session_multi):
        """A refused one is in it as ``None``; one that was not requested is not in it."""
        session, nothing = session_multi["b"], session_multi["c"]
        assert "a" not in session_multi
        assert "b" in session_multi
        assert "c" in session_multi
        assert len(session_multi) == 2
        assert list(session_multi) == list(session_multi.keys()) == ["b", "c"]
        assert list(reversed(session_multi)) == ["c", "b"]
        assert list(session_multi.values()) == [session, nothing]
        assert list(session_multi.items()) == [("b", session), ("c", None)]
        assert session_multi == {"b": session, "c": None}

    def test_reading_its_content_opens_nothing(self, session_multi):
        """Nor does reading the registrations, or printing it."""
        for name in ("a", "b", "c", "nobody's"):
            assert name not in session_multi
            session_multi.has_namespace(name)
            session_multi.get_namespace_config(name)
            session_multi.get_namespace_cookiename(name)
            session_multi.get_namespace_discriminator(name)
        answers = [
            list(session_multi.keys()),
            list(session_multi.values()),
            list(session_multi.items()),
            session_multi.namespaces,
            session_multi.discriminators,
            session_multi.namespaces_to_cookienames,
            f"{session_multi} {session_multi!r}",
        ]
        assert len(answers) == 7
        assert len(session_multi) == 0

    def test_an_unknown_name_is_an_unregistered_session(self, session_multi):
        """A ``KeyError`` with a readable message, the registered names and a suggestion."""
        with pytest.raises(UnregisteredSession) as caught:
            session_multi["aa"]
        assert isinstance(caught.value, KeyError)
        assert str(caught.value) == (
            "No session is registered for the namespace 'aa'. "
            "Registered: 'a', 'b', 'c'. Did you mean 'a'?"
        )
        assert "aa" not in session_multi

    def test_get_has_a_default_for_unknown_names(self, session_multi):
        """As for every ``dict``: ``None`` unless passed, by position or by name."""
        assert session_multi.get("nobody's") is None
        assert session_multi.get("nobody's", 1) == 1
        assert session_multi.get("nobody's", default=1) == 1
        assert len(session_multi) == 0

    def test_require_opens_and_never_returns_none(self, session_multi):
        """A refused namespace raises ``RefusedSession`` with its name and its discriminator."""
        assert session_multi.require("a") is session_multi["a"]
        assert session_multi.require("b") is session_multi["b"]
        with pytest.raises(RefusedSession) as caught:
            session_multi.require("c")
        assert caught.value.namespace == "c"
        assert caught.value.discriminator is session_multi.get_namespace_discriminator("c")
        with pytest.raises(UnregisteredSession):
            session_multi.require("unknown")

    def test_an_unhashable_key_is_a_type_error(self, session_multi):
        """As in every ``dict``."""
        for access in (lambda: session_multi[[]], lambda: session_multi.get([])):
            with pytest.raises(TypeError):
                access()

    def test_these_are_all_mutators(self):
        """A later Python may add one."""
        mutators = vars(MutableMapping).keys() & vars(dict).keys() | {"__ior__"}
        assert mutators - vars(Mapping).keys() == set(MUTATIONS)

    @pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=MUTATIONS)
    def test_nothing_else_can_change_it(self, session_multi, mutate):
        """Every mutator of ``dict`` raises ``ValueError``, with and without content."""
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            mutate(session_multi)
        assert len(session_multi) == 0
        opened = {"a": session_multi["a"], "c": session_multi["c"]}
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            mutate(session_multi)
        assert session_multi == opened

    def test_in_place_union_cannot_change_it(self, session_multi):
        """The operator ``|=`` raises as well."""
        before = session_multi
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            session_multi |= {"x": 1}
        assert session_multi is before
        assert len(session_multi) == 0

    def test_dict_and_union_are_plain_dicts(self, session_multi):
        """``dict(m)``, ``m | x``, ``x | m`` and ``{**m}`` hold the requested sessions."""
        session = session_multi["a"]
        for plain in (
            dict(session_multi),
            session_multi | {},
            {} | session_multi,
            {**session_multi},
        ):
            assert type(plain) is dict
            assert plain == {"a": session}

    @pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
    def test_it_cannot_be_copied(self, session_multi, duplicate):
        """It belongs to its request."""
        session_multi["a"]
        with pytest.raises(TypeError):
            duplicate(session_multi)

    def test_its_repr_names_namespaces_and_no_data(self, session_multi):
        """It appears in logs and tracebacks."""
        session_multi["a"]["secret key"] = "secret value"
        session_multi["c"]
        for text in (repr(session_multi), str(session_multi), f"{session_multi}"):
            for name in ("'a'", "'b'", "'c'"):
                assert name in text
            assert "secret" not in text
            assert "anna" not in text

    def test_it_shows_the_registrations(self, session_multi):
        """With the predecessor's methods."""
        assert session_multi.namespaces == ["a", "b", "c"]
        assert session_multi.discriminators == ["c"]
        assert list(session_multi.namespaces_to_cookienames) == ["a", "b", "c"]
        assert session_multi.has_namespace("a") is True
        assert callable(session_multi.get_namespace_config("a"))
        assert callable(session_multi.get_namespace_discriminator("c"))
        assert session_multi.get_namespace_discriminator("a") is None
        cookie_name = session_multi.namespaces_to_cookienames["a"]
        assert session_multi.get_namespace_cookiename("a") == cookie_name

    def test_the_getters_return_none_for_unknown_names(self, session_multi):
        """As the predecessor's do."""
        assert session_multi.has_namespace("nobody's") is False
        assert session_multi.get_namespace_config("nobody's") is None
        assert session_multi.get_namespace_cookiename("nobody's") is None
        assert session_multi.get_namespace_discriminator("nobody's") is None

    def test_no_result_can_change_the_registrations(self, session_multi):
        """Each is a new object."""
        session_multi.namespaces.clear()
        session_multi.discriminators.clear()
        session_multi.namespaces_to_cookienames.clear()
        self.test_it_shows_the_registrations(session_multi)

    def test_has_cookie_says_if_the_request_has_the_cookie(self, session_multi):
        """It opens nothing, and the discriminator does not matter."""
        assert session_multi.has_cookie("a") is True
        assert session_multi.has_cookie("b") is False
        assert session_multi.has_cookie("c") is True
        assert len(session_multi) == 0

    def test_peek_is_a_plain_dict_of_the_cookies_data(self, session_multi):
        """It opens nothing; ``None`` without a cookie, and if refused."""
        peeked = session_multi.peek("a")
        assert type(peeked) is dict
        assert peeked == INCOMING
        assert session_multi.peek("b") is None
        assert session_multi.peek("c") is None
        assert "a" not in session_multi

    def test_peek_is_a_copy(self, session_multi):
        """Nested values too: changing it affects neither the session nor a later peek."""
        session_multi.peek("a")["nested"]["list"].append(3)
        assert session_multi.peek("a") == INCOMING
        assert session_multi["a"]["nested"] == INCOMING["nested"]
        session_multi.peek("a")["nested"]["list"].append(3)
        assert session_multi["a"]["nested"] == INCOMING["nested"]

    def test_peek_does_not_show_later_changes(self, session_multi):
        """Opening and writing do not change the request's cookie."""
        session_multi["a"]["user"] = "bert"
        session_multi["a"]["nested"]["list"].append(3)
        session_multi["a"].changed()
        assert session_multi.peek("a") == INCOMING

    @pytest.mark.parametrize("method", ["has_cookie", "peek", "renew"])
    def test_methods_raise_for_unknown_names(self, session_multi, method):
        """``UnregisteredSession``, as ``[]`` does."""
        with pytest.raises(UnregisteredSession):
            getattr(session_multi, method)("nobody's")

    def test_invalidate_ends_opened_and_received_sessions(self, session_multi):
        """Refused namespaces are skipped, and no session without a cookie is opened for it."""
        session = session_multi["a"]
        assert session_multi.invalidate() is None
        assert session_multi["a"] is session
        assert "user" not in session
        assert "b" not in session_multi
        session_multi["b"]["x"] = 1
        session_multi.invalidate()
        assert "x" not in session_multi["b"]
        assert session_multi["c"] is None

    def test_invalidate_opens_sessions_whose_cookie_was_received(self, session_multi):
        """They end although this request did not use them."""
        session_multi.invalidate()
        assert "user" not in session_multi["a"]

    def test_renew_keeps_the_session_and_its_data(self, session_multi):
        """The same object with all data, and a new CSRF token."""
        session = session_multi["a"]
        session["x"] = 1
        token = session.get_csrf_token()
        assert session_multi.renew("a") is session
        assert session_multi["a"] is session
        assert session["user"] == "anna"
        assert session["x"] == 1
        assert session.get_csrf_token() != token

    def test_renew_opens_a_session(self, session_multi):
        """A login is often the first access to a session."""
        assert session_multi.renew("a")["user"] == "anna"
        assert "user" not in session_multi.renew("b")

    @pytest.mark.parametrize("keep", [["user", "absent"], iter(["user"]), {"user"}], ids=repr)
    def test_renew_keeps_only_the_given_keys(self, session_multi, keep):
        """Absent keys are ignored."""
        session = session_multi.renew("a", keep=copy.copy(keep))
        assert session["user"] == "anna"
        assert "nested" not in session
        assert "absent" not in session

    def test_renew_can_keep_nothing(self, session_multi):
        """No keys, no data; and never the old CSRF token."""
        session = session_multi["a"]
        token = session.get_csrf_token()
        session_multi.renew("a", keep=())
        assert "user" not in session
        assert session.get_csrf_token() != token
        token = session.get_csrf_token()
        session_multi.renew("a", keep=["_csrft_"])
        assert session.get_csrf_token() != token

    def test_renewing_a_refused_namespace_is_an_error(self, session_multi):
        """``RefusedSession`` is an ``AttributeError``, and has the discriminator."""
        with pytest.raises(RefusedSession, match="'c'") as caught:
            session_multi.renew("c")
        assert isinstance(caught.value, AttributeError)
        assert caught.value.namespace == "c"
        assert caught.value.discriminator is session_multi.get_namespace_discriminator("c")


class TestManager(SessionMultiLaws):
    """The manager of a request."""

    @pytest.fixture
    def session_multi(self, browse, signed, aged):
        app = browse(a=signed("a"), b=signed("b"), c=(signed("c"), lambda request: False)).app
        cookies = f"a={aged('a', INCOMING)}; c={aged('c', INCOMING)}"
        request = Request.blank("/", headers={"Cookie": cookies})
        with prepare(request=request, registry=app.registry):
            yield request.session_multi
