"""Several independent, named sessions in one Pyramid application: ``request.session_multi``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .csrf import SessionMultiCSRFStoragePolicy
from .discriminators import https_only
from .exceptions import (
    IsolationWarning,
    RecursiveOpening,
    RefusedSession,
    SessionMultiError,
    UndeclaredSession,
    UnregisteredSession,
)
from .interfaces import (
    ISessionMultiManager,
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
)
from .libraries.session_library import SessionLibrary
from .libraries.shared_resource import SharedResource
from .registry.namespace import Namespace
from .registry.registry import SessionMultiManagerConfig
from .registry.view_contract import ViewContract
from .request.manager import SessionMultiManager, new_session_multi
from .request.peek import detached_copy, peek_session, read_session
from .request.server_side import end_session, session_id
from .request_session import namespace_session_factory

if TYPE_CHECKING:
    from .authentication import SessionMultiAuthenticationHelper
    from .config.directives import register_session_factory, register_session_library
    from .config.includeme import includeme
    from .config.startup_checks import isolation_verdicts
    from .libraries.cookie_attributes import CookieAttributes
    from .libraries.signed_cookie import signed_cookie_session_factory
    from .registry.isolation_verdict import IsolationVerdict

__all__ = [
    "CookieAttributes",
    "ISessionMultiManager",
    "ISessionMultiManagerConfig",
    "ISessionMultiObserver",
    "IsolationVerdict",
    "IsolationWarning",
    "Namespace",
    "RecursiveOpening",
    "RefusedSession",
    "SessionLibrary",
    "SessionMultiAuthenticationHelper",
    "SessionMultiCSRFStoragePolicy",
    "SessionMultiError",
    "SessionMultiManager",
    "SessionMultiManagerConfig",
    "SharedResource",
    "UndeclaredSession",
    "UnregisteredSession",
    "ViewContract",
    "detached_copy",
    "end_session",
    "https_only",
    "includeme",
    "isolation_verdicts",
    "namespace_session_factory",
    "new_session_multi",
    "peek_session",
    "read_session",
    "register_session_factory",
    "register_session_library",
    "session_id",
    "signed_cookie_session_factory",
]

# Imported on first use: start-up and login are half of the time to import this package.
_MODULES = {
    "IsolationVerdict": "registry.isolation_verdict",
    "includeme": "config.includeme",
    "isolation_verdicts": "config.startup_checks",
    "register_session_factory": "config.directives",
    "register_session_library": "config.directives",
    "CookieAttributes": "libraries.cookie_attributes",
    "SessionMultiAuthenticationHelper": "authentication",
    "signed_cookie_session_factory": "libraries.signed_cookie",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
