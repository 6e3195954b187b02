"""A function that creates session factories, registered without being called."""

from __future__ import annotations

import functools

import pyramid_beaker
import pyramid_session_redis
import pytest
from pyramid.exceptions import ConfigurationError
from pyramid.session import BaseCookieSessionFactory, JSONSerializer, SignedCookieSessionFactory
from pyramid_nacl_session import EncryptedCookieSessionFactory
from pyramid_session_multi import SessionLibrary, signed_cookie_session_factory
from pyramid_session_multi.libraries.makers import uncalled_maker
from pyramid_session_multi.registry.inspected_factory import inspect_factory

MAKERS = {
    "pyramid.session.SignedCookieSessionFactory": SignedCookieSessionFactory,
    "pyramid.session.BaseCookieSessionFactory": BaseCookieSessionFactory,
    "pyramid_session_redis.RedisSessionFactory": pyramid_session_redis.RedisSessionFactory,
    "pyramid_session_redis.session_factory_from_settings": (
        pyramid_session_redis.session_factory_from_settings
    ),
    "pyramid_nacl_session.EncryptedCookieSessionFactory": EncryptedCookieSessionFactory,
    "pyramid_beaker.BeakerSessionFactoryConfig": pyramid_beaker.BeakerSessionFactoryConfig,
    "pyramid_beaker.session_factory_from_settings": pyramid_beaker.session_factory_from_settings,
    "pyramid_session_multi.signed_cookie_session_factory": signed_cookie_session_factory,
}

each_maker = pytest.mark.parametrize(("name", "maker"), MAKERS.items(), ids=MAKERS)


@each_maker
@pytest.mark.parametrize("spelling", ["object", "dotted name", "partial"])
def test_a_maker_that_was_not_called_is_an_error(configurator, name, maker, spelling):
    """Most makers take one argument, so each request would fail inside the library."""
    spelled = {
        "object": maker,
        "dotted name": name,
        "partial": functools.partial(maker, httponly=True),
    }[spelling]
    with pytest.raises(ConfigurationError) as caught:
        configurator.register_session_factory("a", spelled)
    assert "session factory of the namespace 'a'" in str(caught.value)
    assert __file__ in str(caught.value)
    assert f"is {name} itself, which creates session factories: call it first" in str(caught.value)
    assert f"{maker.__name__}(...)" in str(caught.value)


@each_maker
def test_the_maker_of_request_session_must_be_called_as_well(
    configurator, signed, startup_error, name, maker
):
    """Pyramid accepts it, and ``request.session`` would fail."""
    configurator.register_session_factory("a", signed("a"))
    configurator.set_session_factory(maker)
    assert f"config.set_session_factory was called with {name} itself" in startup_error(
        configurator
    )


def make_own(secret):
    """A maker of a library that the application describes."""


class OwnLibrary(SessionLibrary):
    makers = (f"{__name__}.make_own",)

    def recognizes_factory(self, candidate):
        return False


def test_a_described_library_names_its_makers(configurator):
    """An application's own description does the same for its library."""
    assert uncalled_maker(make_own) is None
    configurator.register_session_library(OwnLibrary())
    configurator.commit()
    with pytest.raises(ConfigurationError, match=r"make_own itself.*call it first"):
        configurator.register_session_factory("a", make_own)


def test_no_factory_is_a_maker(any_library):
    """The factories that the makers return are accepted."""
    assert uncalled_maker(any_library("a")) is None


class OwnSession(SignedCookieSessionFactory("s" * 64)):
    """An application's subclass of a library's class."""


FACTORIES = {
    "pyramid_session_multi.signed_cookie_session_factory": (
        signed_cookie_session_factory("a", "s" * 64)
    ),
    "pyramid.session.SignedCookieSessionFactory": SignedCookieSessionFactory("s" * 64),
    "pyramid.session.BaseCookieSessionFactory": BaseCookieSessionFactory(JSONSerializer()),
    "pyramid_nacl_session.EncryptedCookieSessionFactory": (
        EncryptedCookieSessionFactory(b"s" * 32, serializer=JSONSerializer())
    ),
    "pyramid_session_redis.RedisSessionFactory": (
        pyramid_session_redis.RedisSessionFactory("s" * 64)
    ),
    "pyramid_beaker.BeakerSessionFactoryConfig": pyramid_beaker.BeakerSessionFactoryConfig(),
    f"{__name__}.OwnSession": OwnSession,
}


@pytest.mark.parametrize(("name", "factory"), FACTORIES.items(), ids=FACTORIES)
def test_a_factory_has_the_name_that_its_author_wrote(name, factory):
    """In reports: the library's function that created it, or the application's own class."""
    assert inspect_factory(factory).factory_name == name
