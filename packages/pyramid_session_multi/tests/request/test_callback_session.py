"""The session that a response callback belongs to is found if the callback holds it."""

from __future__ import annotations

import pytest
from pyramid_session_multi.request.callback_session import names_of_callback

SESSION = {"user": "ann"}


class Callback:
    """A class whose instances are the callbacks, or that is one itself."""

    session = SESSION

    def __init__(self, *_):
        self.session = SESSION

    def __call__(self, request, response):
        """Store the session."""


@pytest.mark.parametrize(("callback", "names"), [(Callback(), ["a"]), (Callback, [])])
def test_an_object_holds_its_session_but_a_class_holds_none(callback, names):
    """The attributes of a class are shared by all requests."""
    assert names_of_callback(callback, {"a": SESSION, "b": None}) == names
