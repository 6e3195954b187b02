"""How callables are called in messages: by where they are defined."""

from __future__ import annotations

import functools

import pytest
from pyramid_session_multi.messages import dotted_name


class Callable:
    def __call__(self, request):
        """Like a discriminator."""

    def method(self, request):
        """Like another."""


NAMES = {
    "builtins.len": len,
    "functools.partial of builtins.len": functools.partial(len),
    "an instance of {here}.Callable": Callable(),
    "{here}.Callable": Callable,
    "{here}.Callable.method": Callable().method,
    "frozenset.__contains__": frozenset().__contains__,
    "object.__eq__": object().__eq__,
    "set.add": set().add,
}


@pytest.mark.parametrize(("name", "thing"), NAMES.items(), ids=NAMES)
def test_a_callable_has_a_name_and_whatever_it_holds_is_not_told(name, thing):
    """Also where Python knows no module of it."""
    assert dotted_name(thing) == name.format(here=__name__)
