"""The pytest fixtures. Each uses the one before it, so that a test suite overrides only one.

Pyramid is imported inside the fixtures because pytest loads this module in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .created_doubles import recorded_doubles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dummy import DummySessionMulti, Namespaces, SessionMultiRequest


@pytest.fixture(autouse=True)
def _session_multi_unsaved() -> Iterator[None]:
    """Check each double of the test for unsaved changes after the test."""
    with recorded_doubles() as doubles:
        yield
    for double in doubles:
        double.check_unsaved()


@pytest.fixture
def session_multi_namespaces() -> Namespaces:
    """The namespaces of ``session_multi``: names, or a mapping of names to initial data.

    There are none until the application's test suite overrides this fixture.
    """
    return ()


@pytest.fixture
def session_multi(session_multi_namespaces: Namespaces) -> DummySessionMulti:
    """A test double of ``request.session_multi`` with the namespaces of the test suite."""
    from .dummy import DummySessionMulti

    return DummySessionMulti(session_multi_namespaces)


@pytest.fixture
def session_multi_request(session_multi: DummySessionMulti) -> SessionMultiRequest:
    """A ``pyramid.testing.DummyRequest`` whose ``session_multi`` is the test double."""
    request: SessionMultiRequest = session_multi.request
    return request
