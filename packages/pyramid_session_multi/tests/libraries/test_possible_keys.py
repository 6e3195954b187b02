"""Secrets are found in serializers of an application's own."""

from __future__ import annotations

import functools

from pyramid_session_multi.libraries.possible_keys import possible_keys

SECRET = "a secret of more than thirty-two bytes"


class Serializer:
    """An object that looks like a function."""

    def __init__(self, secret):
        functools.update_wrapper(self, possible_keys)
        self.secret = secret


def test_the_name_of_a_wrapped_function_is_not_a_key():
    """Otherwise, serializers that wrap functions of one module would seem to share a key."""
    module = Serializer(SECRET).__module__
    assert possible_keys(Serializer(SECRET)) >= possible_keys([SECRET])
    assert not possible_keys(Serializer(SECRET)) & possible_keys([module])
