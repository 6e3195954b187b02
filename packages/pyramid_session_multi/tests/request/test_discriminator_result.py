"""``discriminator_result``: the result of the discriminator, without running it."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.session import SignedCookieSessionFactory
from pyramid_session_multi import SessionMultiManager, UnregisteredSession


@pytest.fixture
def asked():
    return []


@pytest.fixture
def manager(asked):
    config = Configurator()
    config.include("pyramid_session_multi")

    def discriminator(request):
        asked.append(request)
        return request.scheme == "https"

    for name, options in (("guarded", [discriminator]), ("open", [])):
        factory = SignedCookieSessionFactory(f"secret of {name}", cookie_name=name)
        config.register_session_factory(name, factory, *options)
    config.commit()
    request = Request.blank("/")
    request.registry = config.registry
    return SessionMultiManager(request)


def test_without_a_run_it_is_none(manager, asked):
    """Reading it runs nothing and opens nothing."""
    assert manager.discriminator_result("guarded") is None
    assert (asked, list(manager)) == ([], [])


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("ask", [SessionMultiManager.__getitem__, SessionMultiManager.peek])
def test_after_a_run_it_is_the_result(manager, asked, scheme, ask):
    """After opening or peeking, any number of times."""
    manager.request.scheme = scheme
    ask(manager, "guarded")
    assert [manager.discriminator_result("guarded"), manager.discriminator_result("guarded")] == [
        scheme == "https"
    ] * 2
    assert len(asked) == 1


def test_a_namespace_without_a_discriminator(manager):
    """It is ``None``: nothing can run."""
    manager["open"]
    assert manager.discriminator_result("open") is None


def test_an_unknown_namespace(manager):
    """It is an error, as in all methods."""
    with pytest.raises(UnregisteredSession):
        manager.discriminator_result("opne")
