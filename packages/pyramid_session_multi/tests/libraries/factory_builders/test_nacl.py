"""Options of pyramid_nacl_session alone."""

from __future__ import annotations

import inspect

import pytest


@pytest.mark.parametrize("word", ["json", "pickle"])
@pytest.mark.filterwarnings("ignore:PickleSerializer.*deprecated:DeprecationWarning")
def test_nacl_has_the_words_of_its_own_parser(minimal, word, factory_of):
    """``serializer = json`` is Pyramid's JSONSerializer, not the module that has this name."""
    factory = factory_of(minimal("nacl") | {"serializer": word})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert type(codec.serializer).__name__.lower() == f"{word}serializer"


def test_nacls_secret_is_in_hexadecimal(minimal, factory_of):
    """As its own parser takes it, and its ``print_secret`` prints it."""
    key = "0f" * 32
    factory = factory_of(minimal("nacl") | {"secret": key})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert bytes(codec.box) == bytes.fromhex(key)
