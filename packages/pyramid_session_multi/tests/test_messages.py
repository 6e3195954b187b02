"""Callables in messages: named by the path that imports them."""

from __future__ import annotations

import functools

import pytest
from pyramid_session_multi.messages import dotted_name, shown


class Callable:
    def __call__(self, request):
        """A callable like a discriminator."""

    def method(self, request):
        """Another callable like a discriminator."""


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
def test_a_callable_is_named_without_its_content(name, thing):
    """Also if Python knows no module for it."""
    assert dotted_name(thing) == name.format(here=__name__)


def test_a_callable_is_named_by_the_shortest_name_that_imports_it():
    """Users write this one."""
    import email.message

    from pyramid_session_multi import https_only

    assert dotted_name(https_only) == "pyramid_session_multi.https_only"
    assert dotted_name(email.message.Message) == "email.message.Message"
    assert dotted_name(len) == "builtins.len"


def test_a_long_text_that_is_not_a_dotted_name_is_not_shown():
    """It may be a secret; parts of usual length are shown."""
    assert shown("pyramid_session_multi.discriminators.https_only").startswith("'pyramid")
    assert shown("..package.with_a_dot_in_front_of_its_name") != shown("0f" * 16)
    assert shown("0f" * 16) == "<32 characters, not shown because they may be a secret>"
    assert shown("short, with blanks") == "'short, with blanks'"
