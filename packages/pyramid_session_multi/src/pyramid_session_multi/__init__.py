"""Several independent, named sessions in one Pyramid application: ``request.session_multi``."""

from .authentication import SessionMultiAuthenticationHelper
from .config.directives import register_session_factory, register_session_library
from .config.includeme import includeme
from .config.startup_checks import isolation_verdicts
from .csrf import SessionMultiCSRFStoragePolicy
from .discriminators import https_only
from .exceptions import (
    IsolationWarning,
    RecursiveOpening,
    RefusedSession,
    SessionMultiError,
    UnregisteredSession,
)
from .interfaces import (
    ISessionMultiManager,
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
)
from .libraries.cookie_attributes import CookieAttributes
from .libraries.session_library import SessionLibrary, SharedResource
from .libraries.signed_cookie import signed_cookie_session_factory
from .registry.isolation import IsolationVerdict
from .registry.namespace import Namespace
from .registry.registry import SessionMultiManagerConfig
from .request.manager import SessionMultiManager, new_session_multi
from .request.peek import detached_copy, peek_session, read_session
from .request_session import namespace_session_factory

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
    "UnregisteredSession",
    "detached_copy",
    "https_only",
    "includeme",
    "isolation_verdicts",
    "namespace_session_factory",
    "new_session_multi",
    "peek_session",
    "read_session",
    "register_session_factory",
    "register_session_library",
    "signed_cookie_session_factory",
]
