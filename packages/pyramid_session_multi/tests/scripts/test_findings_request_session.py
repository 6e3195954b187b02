"""``psessions --check`` if ``request.session`` exists as well."""

from __future__ import annotations

import functools
import json

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


MODULE_LEVEL = make_factory("session")


def from_its_module(request):
    return MODULE_LEVEL(request)


def with_wraps(factory):
    @functools.wraps(factory)
    def wrapper(request):
        return factory(request)

    return wrapper


class Wrapper:
    def __init__(self, factory):
        self.factory = factory

    def __call__(self, request):
        return self.factory(request)

    def open(self, request):
        return self(request)


WRAPPERS = {
    "wraps": with_wraps,
    "closure": lambda factory: lambda request: factory(request),
    "default": lambda factory: lambda request, factory=factory: factory(request),
    "object": Wrapper,
    "bound method": lambda factory: Wrapper(factory).open,
    "partial": lambda factory: functools.partial(Wrapper.__call__, Wrapper(factory)),
    "three": lambda factory: Wrapper(with_wraps(Wrapper(factory))),
}


@pytest.mark.parametrize("is_other_wrapped", [False, True])
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_around_the_factory_of_request_session_is_found(
    psessions, register, wrap, make, is_other_wrapped
):
    """The same object, wrapped for the namespace or for ``request.session``."""
    factory = make("one")
    pair = [factory, wrap(factory)]
    of_request, of_namespace = reversed(pair) if is_other_wrapped else pair

    def setup(config):
        config.set_session_factory(of_request)
        register("a", of_namespace, None, "declared")(config)

    run = psessions("--check", *UNDESCRIBED, setup=setup)
    assert run.findings == ["same-as-request-session:a"]


def test_a_wrapper_around_a_factory_of_its_module_is_found(psessions, register):
    """The usual place of a factory that several functions share."""

    def setup(config):
        config.set_session_factory(MODULE_LEVEL)
        register("a", from_its_module, None, "declared")(config)

    run = psessions("--check", *UNDESCRIBED, setup=setup)
    assert run.findings == ["same-as-request-session:a"]


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_around_another_factory_is_not_like_it(psessions, register, wrap):
    """Even if both libraries use one function inside."""

    def setup(config):
        config.set_session_factory(Library(json.loads))
        register("a", wrap(make_factory(json.loads)), None, "declared")(config)

    assert psessions("--check", *UNDESCRIBED, setup=setup).findings == []


def test_objects_that_hold_each_other_are_searched_once(psessions, register):
    """A wrapper may have a reference to itself."""

    def setup(config):
        wrapper = Wrapper(make_factory("two"))
        wrapper.itself = wrapper
        config.set_session_factory(Library("one"))
        register("a", wrapper, None, "declared")(config)

    assert psessions("--check", *UNDESCRIBED, setup=setup).findings == []
