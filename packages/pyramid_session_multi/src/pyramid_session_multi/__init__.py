"""Several independent, named sessions in one Pyramid application: ``request.session_multi``."""

from .authentication import SessionMultiAuthenticationHelper
from .checks import isolation_verdicts
from .configuration import includeme, register_session_factory, register_session_library
from .csrf import SessionMultiCSRFStoragePolicy
from .discriminators import https_only
from .exceptions import (
    IsolationWarning,
    RecursiveOpening,
    RefusedSession,
    SessionMultiError,
    UnregisteredSession,
)
from .factories import namespace_session_factory, signed_cookie_session_factory
from .interfaces import (
    ISessionMultiManager,
    ISessionMultiManagerConfig,
    ISessionMultiObserver,
)
from .isolation import IsolationVerdict
from .manager import SessionMultiManager, new_session_multi
from .namespace import Namespace
from .peek import detach, read_detached, read_from
from .registration import SessionMultiManagerConfig
from .session_library import CookieAttributes, SessionLibrary, Shared

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
    "Shared",
    "UnregisteredSession",
    "detach",
    "https_only",
    "includeme",
    "isolation_verdicts",
    "namespace_session_factory",
    "new_session_multi",
    "read_detached",
    "read_from",
    "register_session_factory",
    "register_session_library",
    "signed_cookie_session_factory",
]
