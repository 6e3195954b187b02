"""The laws of ``request.session_multi``, for whatever claims to be one.

To hold another implementation to them, load this file by its path, derive a test class from
``SessionMultiLaws`` and give it a fixture ``session_multi`` with the namespaces "a" (its cookie
came and holds ``INCOMING``), "b" (no cookie came) and "c" (its cookie came, and it is refused).
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
    """Derive from it and provide the fixture ``session_multi``."""

    def test_it_keeps_its_interface(self, session_multi):
        """``verifyObject`` passes."""
        assert verifyObject(ISessionMultiManager, session_multi)

    def test_it_is_a_dict_that_begins_empty(self, session_multi):
        """What was asked for is in it, and nothing was."""
        assert isinstance(session_multi, dict)
        assert not session_multi
        assert list(session_multi) == []

    def test_require_opens_and_never_gives_none(self, session_multi):
        """``RefusedSession`` for a refused namespace, with its name and its discriminator."""
        assert session_multi.require("a") is session_multi["a"]
        with pytest.raises(RefusedSession) as caught:
            session_multi.require("c")
        assert caught.value.namespace == "c"
        assert caught.value.discriminator is session_multi.get_namespace_discriminator("c")
        with pytest.raises(UnregisteredSession):
            session_multi.require("unknown")

    def test_invalidate_takes_one_name_or_nothing(self, session_multi):
        """A list is not a name; nothing is ended."""
        session_multi["a"]["x"] = 1
        with pytest.raises(TypeError, match="Call it once for each namespace"):
            session_multi.invalidate(["a"])
        assert session_multi["a"]["x"] == 1

    def test_it_opens_on_first_access_and_keeps_the_session(self, session_multi):
        """The same object each time, and ``get`` is no different."""
        session = session_multi["a"]
        session["x"] = 1
        assert session_multi["a"] is session
        assert session_multi.get("a") is session
        assert session["x"] == 1

    def test_namespaces_are_independent(self, session_multi):
        """What is written to one is in no other."""
        session_multi["a"]["x"] = 1
        assert "x" not in session_multi["b"]

    def test_a_refused_namespace_is_none(self, session_multi):
        """``[]`` and ``get`` give ``None``; a default is for names that are not registered."""
        assert session_multi["c"] is None
        assert session_multi.get("c", "default") is None

    def test_it_tells_what_was_asked_for(self, session_multi):
        """A namespace that was refused is in it as ``None``; one nobody asked for is not."""
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

    def test_asking_what_is_in_it_opens_nothing(self, session_multi):
        """Nor does asking what is registered, nor printing it."""
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
        """A ``KeyError`` that reads well, says what there is and suggests what was meant."""
        with pytest.raises(UnregisteredSession) as caught:
            session_multi["aa"]
        assert isinstance(caught.value, KeyError)
        assert str(caught.value) == (
            "No session is registered for the namespace 'aa'. "
            "Registered: 'a', 'b', 'c'. Did you mean 'a'?"
        )
        assert "aa" not in session_multi

    def test_get_has_a_default_for_unknown_names(self, session_multi):
        """As that of every ``dict``: ``None`` unless it is given, by position or by name."""
        assert session_multi.get("nobody's") is None
        assert session_multi.get("nobody's", 1) == 1
        assert session_multi.get("nobody's", default=1) == 1
        assert len(session_multi) == 0

    def test_require_opens_and_never_returns_none(self, session_multi):
        """A refused namespace is a ``RefusedSession`` with its name and its discriminator."""
        assert session_multi.require("b") is session_multi["b"]
        with pytest.raises(RefusedSession) as caught:
            session_multi.require("c")
        assert caught.value.namespace == "c"
        assert caught.value.discriminator is session_multi.get_namespace_discriminator("c")
        with pytest.raises(UnregisteredSession):
            session_multi.require("unknown")

    def test_what_cannot_be_a_key_is_a_type_error(self, session_multi):
        """As in every ``dict``."""
        for access in (lambda: session_multi[[]], lambda: session_multi.get([])):
            with pytest.raises(TypeError):
                access()

    def test_these_are_all_mutators(self):
        """A later Python may add one."""
        mutators = vars(MutableMapping).keys() & vars(dict).keys() | {"__ior__"}
        assert mutators - vars(Mapping).keys() == set(MUTATIONS)

    @pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=MUTATIONS)
    def test_nothing_else_may_change_it(self, session_multi, mutate):
        """Every mutator of ``dict`` raises ``ValueError``, with and without something in it."""
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            mutate(session_multi)
        assert len(session_multi) == 0
        opened = {"a": session_multi["a"], "c": session_multi["c"]}
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            mutate(session_multi)
        assert session_multi == opened

    def test_in_place_union_may_not_change_it(self, session_multi):
        """The operator as well."""
        before = session_multi
        with pytest.raises(ValueError, match=r"request\.session_multi"):
            session_multi |= {"x": 1}
        assert session_multi is before
        assert len(session_multi) == 0

    def test_dict_and_union_are_plain_dicts(self, session_multi):
        """``dict(m)``, ``m | x``, ``x | m`` and ``{**m}`` hold what was asked for."""
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
        """Logs and tracebacks show it."""
        session_multi["a"]["secret key"] = "secret value"
        session_multi["c"]
        for text in (repr(session_multi), str(session_multi), f"{session_multi}"):
            for name in ("'a'", "'b'", "'c'"):
                assert name in text
            assert "secret" not in text
            assert "anna" not in text

    def test_it_tells_what_is_registered(self, session_multi):
        """The predecessor's names for it."""
        assert session_multi.namespaces == ["a", "b", "c"]
        assert session_multi.discriminators == ["c"]
        assert list(session_multi.namespaces_to_cookienames) == ["a", "b", "c"]
        assert session_multi.has_namespace("a") is True
        assert callable(session_multi.get_namespace_config("a"))
        assert callable(session_multi.get_namespace_discriminator("c"))
        assert session_multi.get_namespace_discriminator("a") is None
        cookie_name = session_multi.namespaces_to_cookienames["a"]
        assert session_multi.get_namespace_cookiename("a") == cookie_name

    def test_of_unknown_names_the_getters_know_nothing(self, session_multi):
        """The predecessor's return ``None``."""
        assert session_multi.has_namespace("nobody's") is False
        assert session_multi.get_namespace_config("nobody's") is None
        assert session_multi.get_namespace_cookiename("nobody's") is None
        assert session_multi.get_namespace_discriminator("nobody's") is None

    def test_no_answer_can_change_what_is_registered(self, session_multi):
        """Each is a new object."""
        session_multi.namespaces.clear()
        session_multi.discriminators.clear()
        session_multi.namespaces_to_cookienames.clear()
        self.test_it_tells_what_is_registered(session_multi)

    def test_has_cookie_tells_whether_the_cookie_came(self, session_multi):
        """Without opening anything, whatever a discriminator says."""
        assert session_multi.has_cookie("a") is True
        assert session_multi.has_cookie("b") is False
        assert session_multi.has_cookie("c") is True
        assert len(session_multi) == 0

    def test_peek_is_a_plain_dict_of_what_came(self, session_multi):
        """Without opening anything; ``None`` where no cookie came, and when refused."""
        peeked = session_multi.peek("a")
        assert type(peeked) is dict
        assert peeked == INCOMING
        assert session_multi.peek("b") is None
        assert session_multi.peek("c") is None
        assert "a" not in session_multi

    def test_peek_is_a_copy(self, session_multi):
        """Nested values too: neither the session nor a later peek sees a change of it."""
        session_multi.peek("a")["nested"]["list"].append(3)
        assert session_multi.peek("a") == INCOMING
        assert session_multi["a"]["nested"] == INCOMING["nested"]
        session_multi.peek("a")["nested"]["list"].append(3)
        assert session_multi["a"]["nested"] == INCOMING["nested"]

    def test_peek_is_what_came_and_not_what_became_of_it(self, session_multi):
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

    def test_invalidate_empties_what_is_opened_or_came(self, session_multi):
        """What is refused is left alone, and what did not come is not opened for it."""
        session = session_multi["a"]
        assert session_multi.invalidate() is None
        assert session_multi["a"] is session
        assert "user" not in session
        assert "b" not in session_multi
        session_multi["b"]["x"] = 1
        session_multi.invalidate()
        assert "x" not in session_multi["b"]
        assert session_multi["c"] is None

    def test_invalidate_opens_what_came(self, session_multi):
        """Nobody asked for it in this request, and still it ends."""
        session_multi.invalidate()
        assert "user" not in session_multi["a"]

    def test_renew_keeps_the_session_and_its_data(self, session_multi):
        """The same object, and all of it, with a new CSRF token."""
        session = session_multi["a"]
        session["x"] = 1
        token = session.get_csrf_token()
        assert session_multi.renew("a") is session
        assert session_multi["a"] is session
        assert session["user"] == "anna"
        assert session["x"] == 1
        assert session.get_csrf_token() != token

    def test_renew_opens_what_was_not_opened(self, session_multi):
        """A login is often the first that is heard of a session."""
        assert session_multi.renew("a")["user"] == "anna"
        assert "user" not in session_multi.renew("b")

    @pytest.mark.parametrize("keep", [["user", "absent"], iter(["user"]), {"user"}], ids=repr)
    def test_renew_keeps_only_what_it_is_told_to(self, session_multi, keep):
        """Names of keys; those that are absent are ignored."""
        session = session_multi.renew("a", keep=copy.copy(keep))
        assert session["user"] == "anna"
        assert "nested" not in session
        assert "absent" not in session

    def test_renew_can_keep_nothing(self, session_multi):
        """No names, no data; and never the old CSRF token."""
        session = session_multi["a"]
        token = session.get_csrf_token()
        session_multi.renew("a", keep=())
        assert "user" not in session
        assert session.get_csrf_token() != token
        token = session.get_csrf_token()
        session_multi.renew("a", keep=["_csrft_"])
        assert session.get_csrf_token() != token

    def test_renewing_a_refused_namespace_is_an_error(self, session_multi):
        """``RefusedSession`` is an ``AttributeError``, and knows who refused."""
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
