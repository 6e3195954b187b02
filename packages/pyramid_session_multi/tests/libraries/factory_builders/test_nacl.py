"""Options of pyramid_nacl_session only."""

from __future__ import annotations

import inspect

import pytest


@pytest.mark.parametrize("word", ["json", "pickle"])
@pytest.mark.filterwarnings("ignore:PickleSerializer.*deprecated:DeprecationWarning")
def test_nacl_has_the_keywords_of_its_own_parser(minimal, word, factory_of):
    """``serializer = json`` is Pyramid's JSONSerializer, not the module of this name."""
    factory = factory_of(minimal("nacl") | {"serializer": word})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert type(codec.serializer).__name__.lower() == f"{word}serializer"


def test_nacls_secret_is_in_hexadecimal(minimal, factory_of):
    """The format of its own parser and of its ``print_secret``."""
    key = "0f" * 32
    factory = factory_of(minimal("nacl") | {"secret": key})
    codec = inspect.getclosurevars(factory.__init__).nonlocals["serializer"]
    assert bytes(codec.box) == bytes.fromhex(key)
