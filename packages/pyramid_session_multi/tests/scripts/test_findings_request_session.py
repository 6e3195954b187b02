"""``psessions --check`` if ``request.session`` exists as well."""

from __future__ import annotations

import functools

import pytest
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import namespace_session_factory

SECRET = "hush-hush" * 8

# The other findings of a library that is not described.
UNDESCRIBED = ["--ignore", "isolation-unknown", "--ignore", "renewal-unknown"]


def signed_cookie(name="a", **options):
    good = {"cookie_name": name, "httponly": True, "secure": True}
    return SignedCookieSessionFactory(SECRET, **good | options)


def with_request_session(factory, name="a"):
    """A namespace without findings, and ``request.session``."""

    def setup(config):
        config.set_session_factory(factory)
        config.register_session_factory(name, signed_cookie())

    return setup


def test_request_session_is_compared(psessions):
    """It accepts the cookies of a namespace, and the other way round."""
    settings = {"session_multi.isolation": "off"}
    run = psessions(
        "--check", settings=settings, setup=with_request_session(signed_cookie("session"))
    )
    assert run.findings == ["shared-key:a", "shared-key:a"]
    assert "factory of request.session" in run.out.splitlines()[-1]
    other = SignedCookieSessionFactory("o" * 64)
    assert psessions("--check", settings=settings, setup=with_request_session(other)).findings == []


def test_an_undescribed_request_session_is_found(psessions, undescribed):
    """It is not known if it accepts a namespace's cookie; it can be ignored by that name."""
    setup = with_request_session(undescribed(signed_cookie("session")))
    run = psessions("--check", setup=setup)
    assert (run.code, run.findings) == (1, ["isolation-unknown:request.session"])
    ignored = psessions("--check", "--ignore", run.findings[0], setup=setup)
    assert (ignored.code, ignored.findings) == (0, [])


def test_request_session_alone_is_not_checked(psessions, undescribed):
    """Without a namespace, nothing can be confused with it."""

    def setup(config):
        config.set_session_factory(undescribed(signed_cookie("session")))

    assert "no session namespace is registered" in psessions("--check", setup=setup).start_error


def test_a_namespace_as_request_session_is_not_compared(psessions):
    """It is that namespace."""
    assert (
        psessions("--check", setup=with_request_session(namespace_session_factory("a"))).findings
        == []
    )


def make_factory(secret):
    """As undescribed libraries do: a factory that does not reveal its cookie."""

    def factory(request):
        return {secret: request}

    return factory


class Library:
    """A library whose factories are instances."""

    def __init__(self, secret):
        self.secret = secret

    def __call__(self, request):
        return {}

    def create(self, request):
        return {}


def make_class(secret):
    class Session(dict):
        def __init__(self, request):
            self[secret] = request

    return Session


KINDS = {
    "function": make_factory,
    "instance": Library,
    "class": make_class,
    "bound method": lambda secret: Library(secret).create,
    "partial": lambda secret: functools.partial(make_factory(secret)),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_second_factory_like_that_of_request_session_is_found(psessions, register, make):
    """With its library's default cookie, each would silently overwrite the other's data."""

    def setup(config):
        config.set_session_factory(make("one"))
        register("a", make("two"), None, "declared")(config)

    run = psessions("--check", *UNDESCRIBED, setup=setup)
    assert run.findings == ["same-as-request-session:a"]
    ignored = [*UNDESCRIBED, "--ignore", "same-as-request-session:a"]
    assert psessions("--check", *ignored, setup=setup).findings == []


@pytest.mark.parametrize("make", [Library, make_class], ids=["instance", "class"])
def test_another_factory_is_not_like_that_of_request_session(psessions, register, make):
    """Nor is one of a described library, whose cookie is known."""

    def setup(config):
        config.set_session_factory(make("one"))
        register("a", make_factory("two"), None, "declared")(config)
        register("b", signed_cookie("b"))(config)

    run = psessions("--check", *UNDESCRIBED, setup=setup)
    assert run.findings == []
