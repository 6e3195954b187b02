"""Public names and interfaces of the package."""

from __future__ import annotations

import pyramid_session_multi
from pyramid.interfaces import IDict
from pyramid_session_multi import (
    ISessionMultiManager,
    ISessionMultiManagerConfig,
)
from zope.interface import Interface
from zope.interface.verify import verifyClass, verifyObject


def published(kind):
    for name in pyramid_session_multi.__all__:
        thing = getattr(pyramid_session_multi, name)
        if isinstance(thing, kind):
            yield name, thing


def test_the_predecessors_public_names_stay_importable():
    """Applications import them."""
    from pyramid_session_multi import (  # noqa: F401
        ISessionMultiManagerConfig,
        UnregisteredSession,
        includeme,
        new_session_multi,
        register_session_factory,
    )


def test_every_public_name_exists():
    """``__all__`` lists them."""
    assert sorted(pyramid_session_multi.__all__) == pyramid_session_multi.__all__
    for name in pyramid_session_multi.__all__:
        assert hasattr(pyramid_session_multi, name)


def test_every_published_interface_is_kept(browse, signed):
    """``verifyClass`` and ``verifyObject`` pass, before and after a session is opened."""
    browser = browse(a=signed("a"))
    manager = browser.multi(lambda m: (verifyObject(ISessionMultiManager, m), m["a"], m)[2])
    kept = {
        ISessionMultiManager: manager,
        ISessionMultiManagerConfig: browser.app.registry.getUtility(ISessionMultiManagerConfig),
    }
    for interface, keeper in kept.items():
        assert verifyClass(interface, type(keeper))
        assert verifyObject(interface, keeper)
    observer = pyramid_session_multi.ISessionMultiObserver  # applications implement it
    assert {thing for _, thing in published(type(Interface))} == {*kept, observer}


def test_the_manager_is_a_dict_to_zope_as_well(browse):
    """It provides ``IDict``, as the predecessor's."""
    assert verifyObject(IDict, browse().multi(lambda m: m))
