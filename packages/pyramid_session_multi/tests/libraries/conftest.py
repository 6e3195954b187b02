"""Factories that are built from settings."""

from __future__ import annotations

import pytest


@pytest.fixture
def factory_of(registered, words):
    """``factory_of(options)``: the factory of a namespace with these options."""
    return lambda options: registered(words(a=options)).get_namespace_config("a")
