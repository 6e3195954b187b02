"""The public manager and registry: names, interfaces and copies."""

from __future__ import annotations

import pyramid_session_multi
import pytest
from pyramid.interfaces import IRequest
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    SessionMultiManager,
)


def test_request_session_multi_is_the_manager_of_the_request(browse):
    """One object per request, which has its request as an attribute."""
    browser = browse()

    def view(request):
        assert request.session_multi is request.session_multi
        assert request.session_multi.request is request
        assert IRequest.providedBy(request.session_multi.request)
        return request.session_multi

    assert type(browser.visit(view)) is SessionMultiManager


def test_new_session_multi_creates_a_manager(browse, signed):
    """As the request property does."""
    browser = browse(a=signed("a"))
    manager = browser.visit(pyramid_session_multi.new_session_multi)
    assert type(manager) is SessionMultiManager
    assert manager.namespaces == ["a"]


def test_the_manager_shows_the_registrations(browse, signed, undescribed):
    """The same factory and discriminator objects, and the names in the order of registration."""
    factory, discriminator = signed("sid"), pyramid_session_multi.https_only
    browser = browse(z=(factory, discriminator), a=undescribed(signed("x")))
    m = browser.multi(lambda m: m)
    assert m.namespaces == ["z", "a"]
    assert m.discriminators == ["z"]
    assert m.namespaces_to_cookienames == {"z": "sid", "a": None}
    assert m.get_namespace_config("z") is factory
    assert m.get_namespace_discriminator("z") is discriminator
    assert m.get_namespace_discriminator("a") is None
    assert m.get_namespace_cookiename("z") == "sid"
    assert m.get_namespace_cookiename("a") is None


@pytest.mark.parametrize("whose", ["manager", "registry"])
def test_nothing_handed_out_can_change_the_registry(browse, signed, whose):
    """Neither results of the manager nor those of the registry."""
    browser = browse(a=(signed("a"), bool))
    registry = browser.app.registry.getUtility(ISessionMultiManagerConfig)
    answers = browser.multi(lambda m: m) if whose == "manager" else registry
    answers.namespaces.append("x")
    answers.discriminators.append("x")
    answers.namespaces_to_cookienames["x"] = "y"
    for name in ("namespaces", "discriminators", "namespaces_to_cookienames"):
        with pytest.raises(AttributeError):
            setattr(answers, name, [])
    assert registry.namespaces == registry.discriminators == ["a"]
    assert registry.namespaces_to_cookienames == {"a": "a"}
    assert browser.multi(lambda m: m["a"]) == {}


def test_applications_in_one_process_share_nothing(browse, signed):
    """Each has its own registry of namespaces."""
    factory = signed("sid")
    one, other = browse(a=factory), browse(b=factory)
    assert one.multi(lambda m: m.namespaces) == ["a"]
    assert other.multi(lambda m: m.namespaces) == ["b"]


def test_a_subrequest_has_its_own_manager(browse, signed):
    """It is another request."""
    from pyramid.request import Request

    browser = browse(a=signed("a"))

    def inner(request):
        assert len(request.session_multi) == 0
        assert "x" not in request.session_multi["a"]
        return request.response

    def outer(request):
        request.session_multi["a"]["x"] = 1
        return request.invoke_subrequest(Request.blank("/", environ={"tests.stage": inner}))

    browser.visit(outer, status=200)


METHODS = [
    "get",
    "require",
    "renew",
    "peek",
    "has_cookie",
    "discriminator_result",
    "has_namespace",
    "get_namespace_config",
    "get_namespace_cookiename",
    "get_namespace_discriminator",
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("names", [["a"], {"a"}, {"a": 1}])
def test_a_method_of_one_namespace_takes_no_list_of_names(browse, signed, method, names):
    """The message says what it takes; ``invalidate`` also takes nothing."""
    with pytest.raises(TypeError) as caught:
        browse(a=signed("a")).multi(lambda m: getattr(m, method)(names))
    assert str(caught.value) == (
        f"The name of a namespace is a str, not builtins.{type(names).__name__}. For several "
        "namespaces, make one call for each."
    )
    assert not hasattr(caught.value, "__notes__")


def test_a_type_error_of_the_factory_is_not_mistaken_for_one_of_the_name(browse, watched):
    """``require`` passes it on."""
    factory = watched(None)
    factory.error = TypeError("the factory's own")
    with pytest.raises(TypeError, match="the factory's own"):
        browse(a=factory).multi(lambda m: m.require("a"))
