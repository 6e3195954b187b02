"""Factories and discriminators by dotted name, and wrong callables: messages suggest a fix."""

from __future__ import annotations

import traceback

import pyramid_session_multi
import pytest
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import SessionMultiCSRFStoragePolicy, namespace_session_factory


def by_directive(config, *arguments):
    config.register_session_factory(*arguments)


def by_function(config, *arguments):
    pyramid_session_multi.register_session_factory(config, *arguments)


def place_of(register):
    return f"{__file__}:{register.__code__.co_firstlineno + 1}"


spellings = pytest.mark.parametrize("register", [by_directive, by_function])


def error_of(config, register, *arguments):
    with pytest.raises(ConfigurationError) as caught:
        register(config, *arguments)
    return str(caught.value)


def a_factory(request):
    """A factory of no library."""


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


def test_the_name_of_a_discriminator_alone_is_not_a_dotted_name(configurator):
    """The message suggests the one that was probably meant."""
    error = error_of(configurator, by_directive, "a", a_factory, "https_only")
    assert error == (
        f"The discriminator of the namespace 'a' ({place_of(by_directive)}) is the string "
        "'https_only', which is not a dotted name. Pass the callable itself, or "
        "'package.module.name'. Did you mean 'pyramid_session_multi.https_only'?"
    )


MISTYPED = {
    "pyramid_session_multi.htps_only": "pyramid_session_multi.https_only",
    "pyramid_sesion_multi.https_only": "pyramid_session_multi.https_only",
    "pyramid_session_multi.discriminators.http_only": (
        "pyramid_session_multi.discriminators.https_only"
    ),
}


@spellings
@pytest.mark.parametrize(("name", "right"), MISTYPED.items())
def test_a_mistyped_dotted_name_comes_with_its_near_miss(configurator, register, name, right):
    """As in the settings."""
    error = error_of(configurator, register, "a", a_factory, name)
    assert f"cannot be found under the name {name!r}: " in error
    assert f"did you mean {right!r}? Pass the callable itself" in error
    assert place_of(register) in error


def test_the_near_miss_of_a_factory_is_searched_in_its_module(configurator):
    """The message says what the module does not have."""
    error = error_of(configurator, by_directive, "a", "pyramid_session_multi.signed_cokie_session")
    assert "the module 'pyramid_session_multi' has no 'signed_cokie_session'" in error


SECRET_NAMES = ["hush-hush" * 8, "hush" * 16, "hush." + "hush" * 16, "hush hush " * 8]


@pytest.mark.parametrize("secret", SECRET_NAMES, ids=range(4))
def test_a_secret_in_the_place_of_a_dotted_name_is_not_shown(configurator, secret):
    """Neither in the message nor in the traceback."""
    for arguments in (("a", secret), ("a", a_factory, secret)):
        with pytest.raises(ConfigurationError) as caught:
            configurator.register_session_factory(*arguments)
        lines = traceback.format_exception(caught.value)
        assert "characters, not shown because they may be a secret>" in lines[-1]
        assert not [line for line in lines if "hushhush" in line or "hush-hush" in line]


SERVES_A_NAMESPACE = [namespace_session_factory, namespace_session_factory("a")]


@pytest.mark.parametrize("factory", SERVES_A_NAMESPACE, ids=["uncalled", "called"])
def test_a_namespace_cannot_have_the_factory_of_request_session_as_its_own(configurator, factory):
    """The namespace would be opened inside itself."""
    error = error_of(configurator, by_directive, "a", factory)
    assert "config.set_session_factory(namespace_session_factory('a'))" in error
    assert place_of(by_directive) in error


UNCALLED = {
    "set_session_factory": namespace_session_factory,
    "set_csrf_storage_policy": SessionMultiCSRFStoragePolicy,
}


@pytest.mark.parametrize("directive", UNCALLED)
def test_classes_that_bind_request_session_must_be_called(configurator, startup_error, directive):
    """Pyramid accepts the class itself, and each request would fail."""
    configurator.register_session_factory("a", a_factory)
    getattr(configurator, directive)(UNCALLED[directive])
    error = startup_error(configurator)
    assert error.startswith(f"config.{directive} was called with pyramid_session_multi.")
    assert error.endswith(" itself: call that first, with a namespace.")


@pytest.mark.parametrize("shared", ["factory", "cookie"])
def test_the_error_for_a_shared_factory_suggests_namespace_session_factory(
    with_request_session, signed, shared
):
    """The fix if ``request.session`` and a namespace share one factory or cookie."""
    factory = signed("sid")
    with pytest.raises(ConfigurationError) as caught:
        with_request_session(factory if shared == "factory" else signed("sid"), "a", factory)
    assert (
        "or, to use the namespace 'a' as request.session, call "
        "config.set_session_factory(namespace_session_factory('a'))."
    ) in str(caught.value)
