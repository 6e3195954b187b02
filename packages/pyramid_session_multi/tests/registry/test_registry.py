"""The registry of namespaces, used as in applications of the predecessor."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from pyramid_session_multi import (
    SessionMultiManagerConfig,
)


def test_a_registry_can_be_created_like_the_predecessors():
    """``SessionMultiManagerConfig(config)`` and its method ``register_session_factory``."""
    namespaces = SessionMultiManagerConfig(Configurator())
    namespaces.register_session_factory("a", dict, discriminator=bool, cookie_name="sid")
    assert namespaces.namespaces == namespaces.discriminators == ["a"]
    assert namespaces.get_namespace_config("a") is dict
    assert namespaces.get_namespace_discriminator("a") is bool
    assert namespaces.namespaces_to_cookienames == {"a": "sid"}
    with pytest.raises(ConfigurationError, match="already registered"):
        namespaces.register_session_factory("a", list)
