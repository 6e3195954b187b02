"""The record of a namespace."""

from __future__ import annotations

import functools

from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import ISessionMultiManagerConfig


def make_session(request, secret):
    return SignedCookieSessionFactory(secret)(request)


def test_its_repr_names_it_and_its_location_and_shows_no_secret():
    """The repr of its factory would show one: a partial prints its arguments."""
    config = Configurator()
    config.include("pyramid_session_multi")
    factory = functools.partial(make_session, secret="hush-hush")
    config.register_session_factory("a", factory, cookie_name="sid")
    config.commit()
    namespace = config.registry.getUtility(ISessionMultiManagerConfig).get("a")
    assert repr(namespace) == f"<namespace 'a' ({namespace.location})>"
    assert "hush" in repr(factory)
    assert "hush" not in repr(namespace)
