"""``SessionMultiCSRFStoragePolicy``: CSRF tokens in one namespace."""

from __future__ import annotations

import pytest
from pyramid.csrf import SessionCSRFStoragePolicy, check_csrf_token, get_csrf_token, new_csrf_token
from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ICSRFStoragePolicy
from pyramid_session_multi import (
    RefusedSession,
    SessionMultiCSRFStoragePolicy,
    https_only,
    namespace_session_factory,
)
from zope.interface.verify import verifyObject


def _policy(namespace, **options):
    policy = SessionMultiCSRFStoragePolicy(namespace, **options)
    return lambda config: config.set_csrf_storage_policy(policy)


def _checks(token):
    def view(request):
        request.headers["X-CSRF-Token"] = token
        return check_csrf_token(request, raises=False)

    return view


def test_it_is_a_csrf_storage_policy():
    """``verifyObject`` passes."""
    assert verifyObject(ICSRFStoragePolicy, SessionMultiCSRFStoragePolicy("a"))


def test_tokens_are_stored_in_the_namespace(browse, any_library):
    """Under the key ``_csrft_``, for later requests, and nowhere else."""
    browser = browse(setup=_policy("a"), a=any_library("a"), b=any_library("b"))
    token = browser.visit(get_csrf_token)
    assert browser.visit(get_csrf_token) == token
    assert browser.multi(lambda m: m["a"]["_csrft_"]) == token
    assert browser.multi(lambda m: m["b"].get("_csrft_")) is None
    assert browser.visit(_checks(token))
    assert not browser.visit(_checks("another"))


def test_a_new_token_replaces_the_old(browse, signed):
    """Pyramid's ``new_csrf_token``."""
    browser = browse(setup=_policy("a"), a=signed("a"))
    old = browser.visit(get_csrf_token)
    new = browser.visit(new_csrf_token)
    assert old != new
    assert not browser.visit(_checks(old))
    assert browser.visit(_checks(new))


def test_the_key_can_be_chosen(browse, signed):
    """As with Pyramid's ``SessionCSRFStoragePolicy``."""
    browser = browse(setup=_policy("a", key="token"), a=signed("a"))
    token = browser.visit(get_csrf_token)
    assert browser.multi(lambda m: dict(m["a"])) == {"token": token}


def test_no_token_is_valid_if_the_namespace_is_refused(browse, signed):
    """Checking returns false; requesting one raises ``RefusedSession``."""
    browser = browse(setup=_policy("a"), a=(signed("a"), https_only))
    token = browser.visit(get_csrf_token, url="https://localhost/")
    assert browser.visit(_checks(token), url="https://localhost/")
    assert browser.visit(_checks(token)) is False
    for ask in (get_csrf_token, new_csrf_token):
        with pytest.raises(RefusedSession):
            browser.visit(ask)


@pytest.mark.parametrize("key", ["_csrft_", "token"])
def test_renew_renews_the_policys_token(browse, signed, key):
    """With every policy that stores it there: after a login the old token is invalid."""
    browser = browse(setup=_policy("a", key=key), a=signed("a"), b=signed("b"))
    token = browser.visit(get_csrf_token)
    browser.multi(lambda m: m.renew("b"))
    assert browser.visit(_checks(token))
    browser.multi(lambda m: m.renew("a"))
    assert not browser.visit(_checks(token))


def test_renew_renews_the_token_of_a_bound_request_session(browse, signed):
    """Pyramid's own policy, with ``request.session`` bound to the namespace."""

    def setup(config):
        config.set_session_factory(namespace_session_factory("a"))
        config.set_csrf_storage_policy(SessionCSRFStoragePolicy(key="token"))

    browser = browse(setup=setup, a=signed("a"), b=signed("b"))
    token = browser.visit(get_csrf_token)
    browser.multi(lambda m: m.renew("b"))
    assert browser.visit(_checks(token))
    browser.multi(lambda m: m.renew("a"))
    assert not browser.visit(_checks(token))


def test_an_unregistered_namespace_is_an_error(configurator):
    """When the application is created."""
    configurator.set_csrf_storage_policy(SessionMultiCSRFStoragePolicy("a"))
    with pytest.raises(ConfigurationError, match=r"set_csrf_storage_policy.*'a'"):
        configurator.make_wsgi_app()
