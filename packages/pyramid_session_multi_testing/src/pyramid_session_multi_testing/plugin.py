"""The fixtures, each built on the one before: an application overrides the one that it must.

Nothing is imported before a fixture is used: pytest loads this module in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .dummy import DummySessionMulti, Namespaces, SessionMultiRequest


@pytest.fixture
def session_multi_namespaces() -> Namespaces:
    """The namespaces of ``session_multi``: names, or a mapping of names to initial data.

    There are none until the application's test-suite overrides this fixture.
    """
    return ()


@pytest.fixture
def session_multi(session_multi_namespaces: Namespaces) -> DummySessionMulti:
    """A double of ``request.session_multi`` with the namespaces of the test-suite."""
    from .dummy import DummySessionMulti

    return DummySessionMulti(session_multi_namespaces)


@pytest.fixture
def session_multi_request(session_multi: DummySessionMulti) -> SessionMultiRequest:
    """A ``pyramid.testing.DummyRequest`` whose ``session_multi`` is that of the fixture."""
    request: SessionMultiRequest = session_multi.request
    return request
