"""Mistakes in ``session_multi.<namespace>.use``."""

from __future__ import annotations

import sys

import pytest
from pyramid.exceptions import ConfigurationError
from pyramid.interfaces import ISessionFactory
from pyramid_session_multi.libraries.factory_builders.builder import builders
from zope.interface import directlyProvides

# Part of every value that must not be shown.
HUSH = "hush-hush"

SECRET = HUSH * 8


def test_a_missing_use_lists_the_choices(error_with):
    """Every keyword, and a dotted name."""
    message = error_with({"cookie_name": "sid"})
    assert message.startswith("session_multi.a.use is missing; it takes ")
    assert all(word in message for word in builders())
    assert "dotted name of a callable" in message


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_empty_use_is_missing(error_with, empty):
    """As in ``use =`` without a value."""
    assert "session_multi.a.use is missing" in error_with({"use": empty})


def test_a_misspelled_use_is_a_missing_one(error_with):
    """The message names the misspelled option."""
    message = error_with({"ues": "redis", "secret": SECRET})
    assert "session_multi.a.use is missing" in message
    assert "did you misspell it as 'ues'?" in message


MISSES = {"rediss": "redis", "signed-cookie": "signed_cookie", "Beaker": "beaker", "nacll": "nacl"}


@pytest.mark.parametrize(("use", "near"), MISSES.items())
def test_an_unknown_use_suggests_the_near_miss(error_with, use, near):
    """And lists all keywords."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith("session_multi.a.use takes signed_cookie, ")
    assert f"not {use!r}; did you mean {near!r}?" in message


@pytest.mark.parametrize("use", ["no_such_package.make", "os.no_such_name", "not a name", ".."])
def test_a_use_that_cannot_be_imported_lists_the_choices(error_with, use):
    """With the reason why the import failed."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith("session_multi.a.use takes ")
    assert repr(use) in message


def test_a_use_that_cannot_be_called_lists_the_choices(error_with, package):
    """A module, for example; the message shows its type, not its content."""
    package.made = {"secret": SECRET}
    message = error_with({"use": "package_of_somebody.made"})
    assert message.startswith(
        "session_multi.a.use is package_of_somebody.made, which is an instance of builtins.dict; "
        "it takes signed_cookie, "
    )


def test_a_use_that_is_not_text_lists_the_choices(error_with, signed):
    """A factory in the settings is not printed: its ``repr`` may show its secret."""
    message = error_with({"use": signed("sid"), "secret": SECRET})
    assert message.startswith("session_multi.a.use takes signed_cookie, ")


@pytest.mark.parametrize("kind", ["signed", "nacl", "redis", "beaker_memory", "wrapped", "own"])
def test_a_use_that_is_a_session_factory_explains_the_difference(
    error_with, package, library, signed, kind
):
    """It takes a request; ``use`` needs a callable that takes the options."""

    def own(request):
        return {}

    directlyProvides(own, ISessionFactory)
    factory = signed("sid")
    others = {"wrapped": lambda request: factory(request), "own": own}
    package.factory = others[kind] if kind in others else library(kind)("sid")
    message = error_with({"use": "package_of_somebody.factory", "secret": SECRET})
    assert message.startswith("session_multi.a.use names a session factory, which takes a request")
    assert "takes the options and returns a session factory" in message
    assert "config.register_session_factory" in message


@pytest.mark.parametrize("made", [None, {}, "a.dotted.name"])
def test_a_use_that_returns_no_session_factory_names_the_type(error_with, package, made):
    """The type of the returned object."""
    package.make = lambda options: made
    message = error_with({"use": "package_of_somebody.make", "secret": SECRET})
    assert message.startswith(
        "session_multi.a.use is package_of_somebody.make, which returned an instance of builtins."
    )
    assert message.endswith(", not a session factory.")


def test_a_use_that_raises_names_the_type_of_the_exception(words, package, start):
    """Its message may quote the options."""

    def make(options):
        raise ValueError(options["secret"])

    package.make = make
    with pytest.raises(ConfigurationError) as caught:
        start(words(a={"use": "package_of_somebody.make", "secret": SECRET}))
    assert str(caught.value) == (
        "session_multi.a.use is package_of_somebody.make, which was called with one argument, a "
        "mapping of the options, and raised ValueError."
    )
    assert isinstance(caught.value.__cause__, ValueError)  # for readers of the traceback


BETTER = {
    "pyramid.session.SignedCookieSessionFactory": "signed_cookie",
    "pyramid_session_multi.signed_cookie_session_factory": "signed_cookie",
    "pyramid_nacl_session.EncryptedCookieSessionFactory": "nacl",
    "pyramid_session_redis:RedisSessionFactory": "redis",
    "pyramid_beaker.BeakerSessionFactoryConfig": "beaker",
}


@pytest.mark.parametrize(("use", "word"), BETTER.items())
def test_the_function_of_a_library_suggests_its_keyword(error_with, use, word):
    """It takes keyword arguments, not a mapping."""
    message = error_with({"use": use, "secret": SECRET})
    assert message.startswith(f"session_multi.a.use is {use}, which was called with one argument")
    assert message.endswith(f"Error; did you mean {word!r}?")


def test_a_configuration_error_of_a_use_is_passed_on(error_with, package):
    """Its message is trusted not to show a secret."""

    def make(options):
        raise ConfigurationError("Set color to red or blue.")

    package.make = make
    message = error_with({"use": "package_of_somebody.make", "secret": SECRET})
    assert message == (
        "session_multi.a.use is package_of_somebody.make, which says: Set color to red or blue."
    )


MISSING = [
    ("nacl", "pyramid_nacl_session", "nacl"),
    ("redis", "pyramid_session_redis", "redis"),
    ("memory", "pyramid_beaker", "beaker"),
    ("memory", "beaker.cache", "beaker"),
    ("cookie", "pyramid_beaker", "beaker"),
]


@pytest.mark.parametrize(("kind", "module", "extra"), MISSING)
def test_a_library_that_is_not_installed_comes_with_the_pip_command(
    error_with, hushed, monkeypatch, kind, module, extra
):
    """For the extra that installs it, of version 1: 0.4.0 is another package."""
    for name in [name for name in sys.modules if name.startswith(f"{module}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    assert error_with(hushed(kind)) == (
        f"session_multi.a.use is {extra}, but {module} is not installed: "
        f"pip install 'pyramid_session_multi[{extra}]>=1'."
    )


def test_a_name_that_signed_cookie_cannot_take_is_an_error(words, hushed, start, error_of):
    """It becomes part of the key; the other libraries accept it."""
    message = error_of(words(**{"a.b": hushed("signed_cookie")}))
    assert message.startswith("session_multi.a.b.use is signed_cookie, which says: signed_cookie_")
    assert "[A-Za-z0-9_-]+" in message
    start(words(**{"a.b": hushed("redis", cookie_name="sid")}))


@pytest.mark.parametrize(("quotes", "said"), [(True, "raised ValueError"), (False, "says: No.")])
def test_a_library_error_that_quotes_a_secret_is_hidden(
    error_with, hushed, monkeypatch, quotes, said
):
    """Only its type is shown. No current release does this."""

    def factory(secret, cookie_name, **options):
        raise ValueError(f"No {secret}" if quotes else "No")

    monkeypatch.setattr("pyramid_session_redis.RedisSessionFactory", factory)
    options = {"use": "redis", "secret": SECRET}
    assert error_with(options) == f"session_multi.a.use is redis, which {said.rstrip('.')}."
