"""Objects that options refer to by dotted name."""

from __future__ import annotations

import pytest
from pyramid.session import JSONSerializer
from redis import StrictRedis
from webob.cookies import SignedSerializer


@pytest.fixture
def package(package):
    """A package with a signer, a serializer and a Redis client."""
    package.signer = SignedSerializer("a-secret-" * 8, "own", serializer=JSONSerializer())
    package.client = StrictRedis
    package.JSON = JSONSerializer
    return package
