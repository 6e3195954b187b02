"""Test support for applications that use ``pyramid_session_multi``.

A test double of ``request.session_multi`` for unit tests, pytest fixtures built on it, and
functions that read and edit the real sessions in the cookie jar of a WebTest ``TestApp``.
"""

# ruff: noqa: F403, F405 - type checkers see where the names of __all__ are defined

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dummy import *
    from .exceptions import *
    from .testapp_sessions import *

__all__ = [
    "ApplicationNotFound",
    "CookieNotReturned",
    "DummySessionMulti",
    "Namespaces",
    "SessionDataWarning",
    "SessionMultiRequest",
    "edit_session",
    "read_session",
]


def __getattr__(name: str) -> Any:
    # Import on first use: pytest loads the plugin of this package in every run, and Pyramid must
    # not be imported before the application's own test settings.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module in ("dummy", "exceptions", "testapp_sessions"):
        names = vars(import_module(f"{__name__}.{module}"))
        globals().update((public, names[public]) for public in __all__ if public in names)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
