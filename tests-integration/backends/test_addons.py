"""Add-ons that only know ``request.session``, and Pyramid's own machinery, on one namespace."""

import re

import pytest
from pyramid.authentication import SessionAuthenticationHelper
from pyramid.authorization import ACLAuthorizationPolicy
from pyramid.csrf import get_csrf_token
from pyramid.httpexceptions import HTTPFound
from pyramid.response import Response
from pyramid.security import Allowed, Denied, forget, remember
from pyramid_authsanity.interfaces import IAuthService
from pyramid_session_multi import (
    RefusedSession,
    SessionMultiAuthenticationHelper,
    SessionMultiCSRFStoragePolicy,
    https_only,
    namespace_session_factory,
)
from zope.interface import implementer

HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def client(build, make, connect):
    """A client of an application with an ``account`` on Redis and a ``public`` cookie."""

    def client(setup, *, discriminator=None, settings=None):
        account = make("redis", "account"), discriminator
        site = build(settings, setup, account=account, public=make("signed_cookie", "public"))
        proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": "x-forwarded-proto"}
        return connect(site, **proxy)

    return client


def bind(config):
    config.set_session_factory(namespace_session_factory("account"))


def user(request):
    return request.authenticated_userid


def log_in(name):
    return lambda request: remember(request, name)


# pyramid_authsanity: a legacy authentication policy with server-side tickets in request.session


@pytest.fixture
def tickets():
    return {}


@pytest.fixture
def authsanity(client, tickets):
    """A client of an application that logs people in with pyramid_authsanity."""

    @implementer(IAuthService)
    class Tickets:
        def __init__(self, context, request):
            self.verified = False

        def userid(self):
            assert self.verified
            return self.user

        def verify_ticket(self, principal, ticket):
            self.verified, self.user = True, tickets.get(ticket)

        def add_ticket(self, principal, ticket):
            tickets[ticket] = principal

        def remove_ticket(self, ticket):
            tickets.pop(ticket, None)

        def groups(self):
            return []

    def setup(config):
        bind(config)
        config.set_authorization_policy(ACLAuthorizationPolicy())
        config.include("pyramid_authsanity")
        config.register_service_factory(Tickets, IAuthService)

    return client(setup, settings={"authsanity.source": "session"})


deprecated = pytest.mark.filterwarnings("ignore:Authentication and authorization policies")


@deprecated
def test_authsanity_logs_users_in_and_out_on_a_namespace(authsanity, tickets):
    """It writes to the account, whose id changes at the login, and never to the public session."""
    authsanity.multi(lambda m: (m["account"].update({"x": 1}), m["public"].update({"x": 1})))
    before = dict(authsanity.cookies)
    assert authsanity.visit(user) is None
    authsanity.visit(log_in("ann"))
    assert authsanity.visit(user) == "ann"
    assert authsanity.cookies["account"] != before["account"]
    assert authsanity.cookies["public"] == before["public"]
    assert authsanity.stranger(**before).visit(user) is None
    assert authsanity.multi(lambda m: "x" in m["account"]) is False  # authsanity clears it
    authsanity.visit(forget)
    assert authsanity.visit(user) is None
    assert tickets == {}
    assert authsanity.multi(lambda m: m["public"]["x"]) == 1


@deprecated
def test_authsanity_survives_the_renewal_of_its_namespace(authsanity):
    """The user stays logged in under the new id."""
    authsanity.visit(log_in("ann"))
    before = dict(authsanity.cookies)
    authsanity.multi(lambda m: m.renew("account"))
    assert authsanity.visit(user) == "ann"
    assert authsanity.stranger(**before).visit(user) is None


# Pyramid's and the toolbar's


def test_pyramids_own_helper_works_on_request_session(client):
    """``request.session`` is the namespace's session, whichever is used first."""
    ann = client(bind)
    helper = SessionAuthenticationHelper()
    ann.visit(lambda request: helper.remember(request, "ann"))
    assert ann.visit(helper.authenticated_userid) == "ann"
    assert ann.visit(lambda request: request.session is request.session_multi["account"])
    assert ann.multi(lambda m: m.peek("account")) == {"auth.userid": "ann"}


def test_the_toolbars_session_panel_shows_the_namespace(client):
    """The panel of pyramid_debugtoolbar only knows ``request.session``."""
    ann = client(lambda config: (bind(config), config.include("pyramid_debugtoolbar")))
    ann.cookies["pdtb_active"] = "session"  # as its page does

    def page(request):
        request.session["cart"] = "a cup of tea"
        request.session_multi["public"]["lang"] = "a few words of French"
        return Response("<body></body>")

    ann.visit(page)
    [toolbar] = re.findall(rb'href="[^"]*(/_debug_toolbar/\w+)"', ann.body)
    ann.visit(page, path=toolbar.decode())
    _, _, panel = ann.body.partition(b'id="pDebugPanel-session"')
    assert b"a cup of tea" in panel
    assert b"a few words of French" not in ann.body


def test_an_exception_view_redirects_to_https(client):
    """If the namespace does not exist, an exception view handles ``RefusedSession``."""

    def to_https(error, request):
        assert error.namespace == "account"
        return HTTPFound(request.url.replace("http:", "https:", 1))

    def setup(config):
        bind(config)
        config.add_exception_view(to_https, RefusedSession)

    ann = client(setup, discriminator=https_only)
    for view in (
        lambda request: request.session,
        lambda request: request.session_multi.renew("account"),
    ):
        ann.visit(view, path="/account")
        assert (ann.status, dict(ann.headers)["Location"].split(":")[0]) == (302, "https")
        ann.visit(view, path="/account", **HTTPS)
        assert ann.status == 200
    assert ann.multi(lambda m: m["account"]) is None


def test_csrf_tokens_of_the_namespace_are_required_of_every_post(client):
    """Pyramid checks: a missing, foreign, other namespace's or old token is a 400."""

    def setup(config):
        config.set_csrf_storage_policy(SessionMultiCSRFStoragePolicy("account"))
        config.set_default_csrf_options(require_csrf=True)

    ann = client(setup)

    def post(token):
        reached = ann.visit(lambda request: "reached", method="POST", **{"X-CSRF-Token": token})
        return reached, ann.status

    token = ann.visit(get_csrf_token)
    assert token == ann.multi(lambda m: m["account"].get_csrf_token())
    assert post(token) == ("reached", 200)
    wrong = ["", ann.stranger().visit(get_csrf_token)]
    wrong.append(ann.multi(lambda m: m["public"].get_csrf_token()))
    ann.multi(lambda m: m.renew("account"))
    wrong.append(token)
    assert [post(token) for token in wrong] == [(None, 400)] * 4
    assert post(ann.visit(get_csrf_token)) == ("reached", 200)


# SessionMultiAuthenticationHelper in a security policy


class Policy:
    """A typical security policy of an application."""

    def __init__(self):
        helper = SessionMultiAuthenticationHelper("account", keep=["lang"])
        self.remember, self.forget = helper.remember, helper.forget
        self.authenticated_userid = self.identity = helper.authenticated_userid

    def permits(self, request, context, permission):
        return Allowed("known") if self.identity(request) else Denied("unknown")


@pytest.fixture
def ann(client):
    """A client of an application with that security policy, whose account requires https."""
    return client(lambda config: config.set_security_policy(Policy()), discriminator=https_only)


def permitted(request):
    return bool(request.has_permission("order"))


def test_the_helper_logs_users_in_over_https(ann):
    """The next request has the identity, under a new id; over http there is none."""
    ann.multi(lambda m: m["account"].update({"cart": ["tea"]}), **HTTPS)
    before = dict(ann.cookies)
    ann.visit(log_in("ann"), **HTTPS)
    assert ann.visit(lambda r: (user(r), permitted(r)), **HTTPS) == ("ann", True)
    assert ann.visit(lambda r: (user(r), permitted(r))) == (None, False)
    assert ann.stranger(**before).visit(user, **HTTPS) is None
    assert ann.multi(lambda m: m["account"]["cart"], **HTTPS) == ["tea"]
    ann.visit(forget, **HTTPS)
    assert ann.visit(lambda r: (user(r), permitted(r)), **HTTPS) == (None, False)
    ann.visit(forget)
    assert ann.status == 200


def test_the_helper_keeps_only_the_given_keys_for_the_next_user(ann):
    """The next user does not get the cart of the previous one."""
    ann.visit(log_in("ann"), **HTTPS)
    ann.multi(lambda m: m["account"].update({"cart": ["tea"], "lang": "fr"}), **HTTPS)
    ann.visit(log_in("bob"), **HTTPS)
    data = ann.multi(lambda m: m.peek("account"), **HTTPS)
    data.pop("_csrft_")
    assert data == {"auth.userid": "bob", "lang": "fr"}
