"""For the test-suites of applications that use ``pyramid_session_multi``.

A double of ``request.session_multi`` for unit tests, pytest fixtures around it, and helpers that
read and edit the real sessions in a WebTest client's cookie jar.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dummy import DummySessionMulti, Namespaces, SessionMultiRequest
    from .errors import ApplicationNotFound, CookieNotReturned
    from .sessions import edit_session, read_session

__all__ = [
    "ApplicationNotFound",
    "CookieNotReturned",
    "DummySessionMulti",
    "Namespaces",
    "SessionMultiRequest",
    "edit_session",
    "read_session",
]

_MODULES = {
    "ApplicationNotFound": "errors",
    "CookieNotReturned": "errors",
    "DummySessionMulti": "dummy",
    "Namespaces": "dummy",
    "SessionMultiRequest": "dummy",
    "edit_session": "sessions",
    "read_session": "sessions",
}


def __getattr__(name: str) -> Any:
    # Imported when asked for: pytest loads the plugin of this package in every run, and Pyramid
    # imported before an application's own test settings is imported too early.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
