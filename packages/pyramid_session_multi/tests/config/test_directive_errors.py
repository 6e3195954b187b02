"""Invalid registrations: every error names the location, the mistake and the fix."""

from __future__ import annotations

import functools

import pyramid_session_multi
import pytest
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi.messages import dotted_name


def by_directive(config, *args, **kwargs):
    config.register_session_factory(*args, **kwargs)


def by_function(config, *args, **kwargs):
    pyramid_session_multi.register_session_factory(config, *args, **kwargs)


def place_of(register):
    return f"{__file__}:{register.__code__.co_firstlineno + 1}"


spellings = pytest.mark.parametrize("register", [by_directive, by_function])


def error_of(config, register=by_directive, *args, **kwargs):
    """The exception of the call, or of the commit."""

    def start_up():
        register(config, *args, **kwargs)
        config.commit()

    with pytest.raises(ConfigurationError) as caught:
        start_up()
    return str(caught.value)


def a_factory(request):
    """A factory of no library."""


NOT_A_NAMESPACE = {
    "builtins.NoneType": None,
    "''": "",
    "builtins.bytes": b"a",
    "builtins.int": 1,
    "builtins.tuple": ("a",),
    "builtins.list": [],
    "a_factory": a_factory,
}


@spellings
@pytest.mark.parametrize(("shown", "namespace"), NOT_A_NAMESPACE.items(), ids=NOT_A_NAMESPACE)
def test_a_namespace_is_a_non_empty_string(configurator, register, shown, namespace):
    """Not ``None``, and not another type."""
    error = error_of(configurator, register, namespace, a_factory)
    assert "must be a non-empty str" in error
    assert shown in error
    assert place_of(register) in error


@spellings
@pytest.mark.parametrize("factory", [None, ""])
def test_a_null_factory_is_an_error(configurator, register, factory):
    """The message says what to pass."""
    error = error_of(configurator, register, "a", factory)
    assert "session factory" in error
    assert "dotted name" in error
    assert place_of(register) in error


UNRESOLVABLE = [
    "no_such_package.factory",
    "pyramid_session_multi.no_such_name",
    "pyramid_session_multi:no_such_name",
    "..",
]


@spellings
@pytest.mark.parametrize("dotted", UNRESOLVABLE)
@pytest.mark.parametrize("role", ["session factory", "discriminator"])
def test_an_unresolvable_name_is_an_error(configurator, register, role, dotted):
    """The message shows the name, its role, and what to pass."""
    arguments = ("a", dotted) if role == "session factory" else ("a", a_factory, dotted)
    error = error_of(configurator, register, *arguments)
    assert role in error
    assert repr(dotted) in error
    assert "package.module.name" in error
    assert place_of(register) in error


@pytest.mark.parametrize("arguments", [("nowhere.f",), (a_factory, "nowhere.d")])
def test_an_unresolvable_name_is_reported_with_its_namespace(configurator, arguments):
    """One line of code can register several namespaces."""
    assert "'a'" in error_of(configurator, by_directive, "a", *arguments)


@spellings
@pytest.mark.parametrize("uncallable", [1, {}, object(), "pyramid_session_multi.request.manager"])
@pytest.mark.parametrize("role", ["session factory", "discriminator"])
def test_an_object_that_cannot_be_called_is_an_error(configurator, register, role, uncallable):
    """The message names the namespace, the type of the object and what to pass."""
    arguments = ("a", uncallable) if role == "session factory" else ("a", a_factory, uncallable)
    error = error_of(configurator, register, *arguments)
    assert f"{role} of the namespace 'a'" in error
    assert "must be a callable that takes the request" in error
    assert place_of(register) in error


def test_a_discriminator_of_none_means_no_discriminator(configurator):
    """Also as a positional argument."""
    configurator.register_session_factory("a", a_factory, None, None)
    configurator.commit()


@spellings
def test_a_factory_cannot_be_used_twice(configurator, register):
    """Sessions would overwrite each other's cookie or stored data."""
    by_directive(configurator, "a", a_factory)
    error = error_of(configurator, register, "b", a_factory)
    assert f"'a' ({place_of(by_directive)})" in error
    assert f"'b' ({place_of(register)})" in error
    assert "a_factory" in error
    assert "Create a factory for each" in error


def test_equal_bound_methods_are_one_factory(configurator, watched):
    """``holder.method`` is a new object each time it is looked up."""
    holder = watched(None)
    configurator.register_session_factory("a", holder.__call__)
    assert "share one session factory" in error_of(configurator, by_directive, "b", holder.__call__)


def test_a_factory_that_cannot_be_hashed_is_compared_by_identity(configurator):
    """Registering does not depend on a hash."""

    class Factory:
        __hash__ = None

        def __call__(self, request):
            return {}

    factory = Factory()
    configurator.register_session_factory("a", factory)
    configurator.register_session_factory("b", Factory())
    configurator.commit()
    assert "share one session factory" in error_of(configurator, by_directive, "c", factory)


@spellings
def test_a_cookie_name_cannot_be_used_twice(configurator, register, signed, undescribed):
    """Neither a declared nor a derived one."""
    by_directive(configurator, "a", signed("sid"))
    error = error_of(configurator, register, "b", undescribed(signed("x")), cookie_name="sid")
    assert f"'a' ({place_of(by_directive)})" in error
    assert f"'b' ({place_of(register)})" in error
    assert "'sid'" in error
    assert "another cookie name" in error


def test_unknown_cookie_names_do_not_conflict(configurator, signed, undescribed):
    """``None`` is not a name."""
    configurator.register_session_factory("a", undescribed(signed("x")))
    configurator.register_session_factory("b", undescribed(signed("y")))
    configurator.commit()


@pytest.fixture(params=["before", "after"])
def with_request_session(request, configurator):
    """Call ``set_session_factory`` before the namespace is registered, or after it."""

    def with_request_session(factory, *registration):
        steps = [
            lambda: configurator.set_session_factory(factory),
            lambda: by_directive(configurator, *registration),
        ]
        for step in steps if request.param == "before" else reversed(steps):
            step()
        return configurator.make_wsgi_app()

    return with_request_session


def test_the_factory_of_request_session_cannot_be_used_again(with_request_session, signed):
    """In any order; the message names both."""
    factory = signed("sid")
    with pytest.raises(ConfigurationError, match="share one session factory") as caught:
        with_request_session(factory, "a", factory)
    assert "request.session" in str(caught.value)
    assert f"'a' ({place_of(by_directive)})" in str(caught.value)
    assert "Create a factory for each" in str(caught.value)


def test_the_cookie_of_request_session_cannot_be_used_again(with_request_session, signed):
    """In any order; the message names both."""
    with pytest.raises(ConfigurationError, match="share one cookie, 'session'") as caught:
        with_request_session(signed("x", cookie_name="session"), "a", signed("session"))
    assert "request.session" in str(caught.value)
    assert f"'a' ({place_of(by_directive)})" in str(caught.value)
    assert "another cookie name" in str(caught.value)


def test_request_session_with_its_own_cookie_is_accepted(with_request_session, signed):
    """``request.session`` works alongside."""
    with_request_session(signed("session"), "a", signed("x"))


NO_TOKEN = ["", " ", "a b", "a=b", "a;b", "a,b", "a/b", 'a"b', "a\n", "\xe9", "a@b", "(a)"]


@spellings
@pytest.mark.parametrize("cookie_name", NO_TOKEN, ids=repr)
def test_a_cookie_name_is_a_token_of_rfc_6265(configurator, register, cookie_name):
    """Other names would fail at the first write, inside the session library."""
    error = error_of(configurator, register, "a", a_factory, cookie_name=cookie_name)
    assert repr(cookie_name) in error
    assert "'a'" in error
    assert "RFC 6265" in error
    assert place_of(register) in error


@spellings
@pytest.mark.parametrize("cookie_name", ["$a", "path", "Secure", "SameSite"])
def test_a_cookie_name_that_webob_cannot_send_is_an_error(configurator, register, cookie_name):
    """WebOb silently drops the cookie, so the session would never return."""
    error = error_of(configurator, register, "a", a_factory, cookie_name=cookie_name)
    assert repr(cookie_name) in error
    assert "'a'" in error
    assert "is reserved" in error
    assert place_of(register) in error


def test_the_factorys_own_cookie_name_must_be_a_token_as_well(configurator, signed):
    """A derived name is checked like a declared one."""
    assert "RFC 6265" in error_of(configurator, by_directive, "a", signed("a b"))


def test_every_token_that_webob_can_send_is_allowed(configurator, signed, browse):
    """All characters that RFC 6265 allows work in a cookie name."""
    every = "a!#%&'*+-.^_`|~0Z"
    browser = browse(a=signed(every))
    browser.multi(lambda m: m["a"].update(x=1))
    assert browser.multi(lambda m: m["a"]["x"]) == 1


@spellings
def test_a_cookie_name_that_contradicts_the_factorys_own_is_an_error(
    configurator, register, signed
):
    """Declaring a name does not change it; the message shows both."""
    error = error_of(configurator, register, "a", signed("own"), cookie_name="given")
    assert "'own'" in error
    assert "'given'" in error
    assert "'a'" in error
    assert "Leave cookie_name out" in error
    assert place_of(register) in error


@spellings
@pytest.mark.parametrize("cookie_name", [b"a", 1], ids=repr)
def test_a_cookie_name_is_a_str(configurator, register, cookie_name):
    """For anything else, the message shows the type."""
    error = error_of(configurator, register, "a", a_factory, cookie_name=cookie_name)
    assert f"an instance of builtins.{type(cookie_name).__name__}" in error
    assert "RFC 6265" in error


def hushed(secret, request):
    """Create a factory with a recognizable secret."""


HUSH = functools.partial(hushed, "hush" * 16)
SECRETS = {
    "a factory used twice": ("b", HUSH),
    "a factory for a namespace": (HUSH, "a"),
    "a factory for a cookie name": ("b", a_factory, None, HUSH),
    "a secret for a factory": ("b", "hush" * 16),
    "a secret for a discriminator": ("b", a_factory, "hush" * 16),
    "a secret with blanks": ("b", "hush. hush " * 16),
}


@pytest.mark.parametrize("arguments", SECRETS.values(), ids=SECRETS)
def test_messages_show_no_secret(configurator, arguments):
    """The ``repr`` of a partial shows its arguments, and arguments are easily swapped."""
    configurator.register_session_factory("a", HUSH)
    error = error_of(configurator, by_directive, *arguments).replace("hushed", "")
    assert "hush" not in error


TAKES_NO_REQUEST = {
    "too many": lambda request, secret: {},
    "none": lambda: {"no": "request"},
    "keywords only": lambda *, request: {},
}


@pytest.mark.parametrize("uncalled", TAKES_NO_REQUEST.values(), ids=TAKES_NO_REQUEST)
@pytest.mark.parametrize("role", ["session factory", "discriminator"])
def test_a_callable_that_does_not_take_a_request_is_an_error(configurator, role, uncalled):
    """At start-up, before the first request fails."""
    arguments = ("a", uncalled) if role == "session factory" else ("a", a_factory, uncalled)
    error = error_of(configurator, by_directive, *arguments)
    assert f"The {role} of the namespace 'a'" in error
    assert "the request as its only argument" in error
    assert dotted_name(uncalled) in error


@pytest.mark.parametrize("untold", [vars, max])
def test_a_callable_without_a_signature_is_accepted(configurator, untold):
    """Some builtins have none."""
    configurator.register_session_factory("a", a_factory, untold)
