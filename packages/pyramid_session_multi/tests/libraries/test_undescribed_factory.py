"""Factories of undescribed libraries whose attributes have the names of Pyramid's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pyramid_session_multi import CookieAttributes
from pyramid_session_multi.libraries.undescribed_factory import cookie_attributes_of
from pyramid_session_multi.registry.inspected_factory import inspect_factory


class Factory:
    _cookie_name = "own"
    _cookie_path = "/shop"
    _cookie_domain = "a.example"
    _cookie_max_age = 60
    _cookie_secure = True
    _cookie_httponly = 1
    _cookie_samesite = "Strict"

    def __call__(self, request):
        return {}


def test_their_flags_are_known():
    """For ``psessions``, its findings and the panel."""
    assert inspect_factory(Factory()).cookie_attributes == CookieAttributes(
        path="/shop", domain="a.example", max_age=60, secure=True, httponly=True, samesite="Strict"
    )


def test_attributes_that_older_libraries_lack_are_not_set():
    """SameSite, Domain and Max-Age, if the library has no such options."""
    factory = SimpleNamespace(
        _cookie_name="a", _cookie_path="/", _cookie_secure=False, _cookie_httponly=True
    )
    assert cookie_attributes_of(factory) == CookieAttributes(httponly=True)


@pytest.mark.parametrize("name", ["_cookie_name", "_cookie_path", "_cookie_secure"])
def test_flags_are_known_completely_or_not_at_all(name):
    """For a missing one the library's default is not known."""
    attributes = {k: v for k, v in vars(Factory).items() if k.startswith("_cookie") and k != name}
    assert cookie_attributes_of(SimpleNamespace(**attributes)) is None
