"""Applications whose views declare namespaces."""

from __future__ import annotations

import pytest
from webtest import TestApp


@pytest.fixture
def configure(configurator, signed):
    """A configurator with the namespaces a and b; ``app()`` creates the application."""
    configurator.register_session_factory("a", signed("a"))
    configurator.register_session_factory("b", signed("b"))
    configurator.app = lambda: TestApp(configurator.make_wsgi_app())
    return configurator
