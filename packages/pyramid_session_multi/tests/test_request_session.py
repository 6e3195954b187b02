"""``namespace_session_factory``: ``request.session`` as one of the namespaces."""

from __future__ import annotations

import pytest
from pyramid.exceptions import ConfigurationError
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.interfaces import ISessionFactory
from pyramid_session_multi import RefusedSession, https_only, namespace_session_factory
from zope.interface.verify import verifyObject


def _bind(namespace):
    return lambda config: config.set_session_factory(namespace_session_factory(namespace))


def test_request_session_is_the_namespaces_session(browse, any_library):
    """The same object, whichever is used first."""
    browser = browse(setup=_bind("a"), a=any_library("a"), b=any_library("b"))
    assert browser.visit(lambda request: request.session is request.session_multi["a"])
    assert browser.visit(lambda request: request.session_multi["a"] is request.session)


def test_it_is_a_session_factory():
    """``verifyObject`` passes."""
    assert verifyObject(ISessionFactory, namespace_session_factory("a"))


def test_a_refused_request_session_is_an_attribute_error(browse, signed):
    """As without a session factory in Pyramid, so that add-ons can handle it."""
    browser = browse(setup=_bind("a"), a=(signed("a"), https_only))
    assert browser.visit(lambda request: not hasattr(request, "session"))
    assert browser.visit(lambda request: hasattr(request, "session"), url="https://localhost/")


def test_a_refusal_names_the_discriminator(browse, signed):
    """Namespace and discriminator are attributes and in the text."""
    browser = browse(setup=_bind("a"), a=(signed("a"), https_only))

    def view(request):
        with pytest.raises(RefusedSession) as refusal:
            _ = request.session
        return refusal.value

    refusal = browser.visit(view)
    assert refusal.namespace == "a"
    assert refusal.discriminator is https_only
    assert "'a'" in str(refusal)
    assert "https_only" in str(refusal)


def test_an_exception_view_can_redirect_to_https(browse, signed):
    """The typical reaction of an application."""

    def setup(config):
        _bind("a")(config)
        config.add_exception_view(
            lambda error, request: HTTPSeeOther(f"https://{request.host}{request.path_qs}"),
            context=RefusedSession,
        )

    browser = browse(setup=setup, a=(signed("a"), https_only))
    browser.client.get("/cart?x=1", extra_environ={"tests.stage": lambda r: r.session["a"]})
    response = browser.client.get(
        "/cart?x=1", extra_environ={"tests.stage": lambda r: r.session["a"]}, status=303
    )
    assert response.location.startswith("https://localhost")
    assert response.location.endswith("/cart?x=1")


def test_an_unregistered_namespace_is_an_error(configurator, signed):
    """When the application is created, with the near miss; also if nothing at all is registered."""
    configurator.set_session_factory(namespace_session_factory("acount"))
    with pytest.raises(ConfigurationError, match="No namespace is registered"):
        configurator.make_wsgi_app()
    configurator.register_session_factory("account", signed("account"))
    with pytest.raises(ConfigurationError, match=r"set_session_factory[\s\S]*'account'\?"):
        configurator.make_wsgi_app()
