"""Mistakes in the settings: the error message, which must not contain a secret."""

from __future__ import annotations

import traceback

import pytest
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError

HUSH = "hush-hush"  # part of every value that must not be shown


@pytest.fixture
def hushed(minimal):
    """The minimal options of a namespace that works, with a recognizable secret."""

    def hushed(kind, **options):
        names = ["secrets", "secret", "validate_key"]
        hushed = {k: HUSH * 8 if k in names else v for k, v in minimal(kind).items()}
        return hushed | ({"secret": "0f" * 32} if kind == "nacl" else {}) | options

    return hushed


@pytest.fixture
def start():
    """Create an application with these settings."""

    def start(settings):
        config = Configurator(settings=settings)
        config.include("pyramid_session_multi")
        config.make_wsgi_app()

    return start


@pytest.fixture
def error_of(start):
    """The message of the ``ConfigurationError``; neither it nor its traceback shows a secret."""

    def error_of(settings):
        with pytest.raises(ConfigurationError) as caught:
            start(settings)
        assert type(caught.value) is ConfigurationError
        assert HUSH not in "".join(traceback.format_exception(caught.value))
        return str(caught.value)

    return error_of


@pytest.fixture
def error_with(error_of, words):
    """The message for one namespace with these options."""
    return lambda options: error_of(words(a=options))
