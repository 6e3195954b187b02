"""How callables are called in messages: by where they are imported from."""

from __future__ import annotations

import functools

import pytest
from pyramid_session_multi.messages import dotted_name, shown


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


def test_a_callable_is_named_by_the_shortest_name_that_imports_it():
    """That is the one which its users write."""
    import email.message

    from pyramid_session_multi import https_only

    assert dotted_name(https_only) == "pyramid_session_multi.https_only"
    assert dotted_name(email.message.Message) == "email.message.Message"
    assert dotted_name(len) == "builtins.len"


def test_a_long_text_that_is_not_a_dotted_name_is_not_shown():
    """It may be a secret; parts of usual length are not."""
    assert shown("pyramid_session_multi.discriminators.https_only").startswith("'pyramid")
    assert shown("..package.with_a_dot_in_front_of_its_name") != shown("0f" * 16)
    assert shown("0f" * 16) == "<32 characters, not shown because they may be a secret>"
    assert shown("short, with blanks") == "'short, with blanks'"
