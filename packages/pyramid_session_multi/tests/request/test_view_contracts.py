"""A view can use only the namespaces that it declares while it runs."""

from __future__ import annotations

import copy
import pickle

import pytest
from pyramid_session_multi import (
    SessionMultiError,
    UndeclaredSession,
    UnregisteredSession,
)

USES = {
    "[]": lambda m, name: m[name],
    "get": lambda m, name: m.get(name),
    "require": lambda m, name: m.require(name),
    "has_cookie": lambda m, name: m.has_cookie(name),
    "peek": lambda m, name: m.peek(name),
    "renew": lambda m, name: m.renew(name),
    "invalidate": lambda m, name: m.invalidate(name),
    "invalidate all": lambda m, name: m.invalidate(),
}


def stage(request):
    return request.environ["tests.stage"](request)


def bound(*names):
    """A setup: the view at ``/bound`` declares these names."""

    def setup(config):
        config.add_route("bound", "/bound")
        config.add_view(stage, route_name="bound", session_multi=names)

    return setup


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_view_can_use_the_namespaces_it_declares(browse, signed, use):
    """Every method works as in a view without the option."""
    browser = browse(setup=bound("a"), a=signed("a"))
    free = browser.stranger()
    result = browser.multi(lambda m: use(m, "a"), url="/bound")
    assert type(result) is type(free.multi(lambda m: use(m, "a")))
    assert browser.vary == free.vary


@pytest.mark.parametrize("declared", [(), ("a",)])
def test_another_namespace_raises_undeclared_session(browse, any_library, declared):
    """With and without its cookie; nothing is opened and the response does not vary."""
    browser = browse(setup=bound(*declared), a=any_library("a"), b=any_library("b"))

    def view(manager, use):
        with pytest.raises(UndeclaredSession) as error:
            use(manager, "b")
        return dict(manager), error.value

    for _ in range(2):
        for name, use in USES.items():
            opened, error = browser.multi(lambda m, use=use: view(m, use), url="/bound")
            assert opened == {}
            refused = "a" if name == "invalidate all" and not declared else "b"  # the first one
            assert (error.namespace, error.declared, error.view) == (refused, declared, stage)
            assert browser.vary == browser.set_cookies == []
        browser.multi(lambda m: m["b"].update({"x": 1}))


def test_undeclared_session_says_what_to_do():
    """The view, the namespace, the declared ones, and both ways to fix it; also after pickling."""
    error = UndeclaredSession("cart", ["public"], stage)
    for same in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(same) == (
            f"The view {__name__}.stage declares session_multi=('public',), so neither the view "
            "nor its permission check, CSRF check or renderer can use the session 'cart'. To fix "
            "this, declare it for the view, as in session_multi=('public', 'cart'), or do not use "
            "it while the view runs."
        )
    assert isinstance(error, SessionMultiError)
    assert not isinstance(error, (KeyError, AttributeError))
    nothing_declared = str(UndeclaredSession("cart", (), stage))
    assert f"{__name__}.stage declares no session, so" in nothing_declared
    assert "as in session_multi=('cart',)," in nothing_declared


def test_an_unknown_name_is_unregistered_rather_than_undeclared(browse, signed):
    """``get`` returns the default, as elsewhere."""
    browser = browse(setup=bound(), a=signed("a"))

    def view(manager):
        for name in set(USES) - {"get", "invalidate all"}:
            with pytest.raises(UnregisteredSession):
                USES[name](manager, "c")
        return manager.get("c", "the default")

    assert browser.multi(view, url="/bound") == "the default"


def test_queries_that_open_nothing_are_not_bound(browse, signed):
    """The registered and the opened namespaces depend on no cookie."""
    browser = browse(setup=bound(), a=(signed("a"), lambda request: True))

    def view(m):
        names = [m.namespaces, m.discriminators, m.namespaces_to_cookienames, list(m), len(m)]
        return [*names, "a" in m, m.discriminator_result("a"), repr(m), m.has_namespace("a")]

    assert browser.multi(view, url="/bound") == browser.multi(view)
    assert browser.vary == []


def test_the_discriminator_of_an_undeclared_namespace_does_not_run(browse, signed, watched):
    """A refusal would be a result that depends on the request."""
    discriminator = watched(False)
    browser = browse(setup=bound(), a=(signed("a"), discriminator))

    def view(manager):
        for use in USES.values():
            with pytest.raises(UndeclaredSession):
                use(manager, "a")

    browser.multi(view, url="/bound")
    assert discriminator.requests == []


def test_a_declared_namespace_that_is_refused_is_none(browse, signed):
    """The discriminator decides as elsewhere."""
    browser = browse(setup=bound("a"), a=(signed("a"), lambda request: False))
    assert browser.multi(lambda m: m["a"], url="/bound") is None


@pytest.mark.parametrize("role", ["factory", "discriminator"])
def test_factories_and_discriminators_are_bound_as_well(browse, signed, role):
    """If one uses another session, the response depends on that session."""

    def factory(request):
        if role == "factory":
            request.session_multi["b"]
        return signed("a")(request)

    def discriminator(request):
        return role == "factory" or request.session_multi["b"] is not None

    browser = browse(setup=bound("a"), a=(factory, discriminator, "a"), b=signed("b"))
    with pytest.raises(UndeclaredSession, match="use the session 'b'"):
        browser.multi(lambda m: m["a"], url="/bound")
    assert browser.multi(lambda m: m["a"] == m["b"] == {})
