"""CSRF tokens stored in one namespace."""

from __future__ import annotations

from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.interfaces import ICSRFStoragePolicy, ISessionFactory
from pyramid.request import Request
from zope.interface import implementer

from .exceptions import RefusedSession
from .request_session import NamespaceSessionFactory, bound_request


@implementer(ICSRFStoragePolicy)
class SessionMultiCSRFStoragePolicy:
    """Pyramid's :class:`pyramid.csrf.SessionCSRFStoragePolicy` on one namespace.

    For ``config.set_csrf_storage_policy``. If the discriminator refuses the request, no token is
    valid, and getting one raises :class:`RefusedSession`.

    :param namespace: its name. An unregistered name is a ``ConfigurationError`` when the
        application is created.
    :param key: the session key of the token.
    """

    def __init__(self, namespace: str, key: str = "_csrft_") -> None:
        self.namespace = namespace
        self.key = key
        self._policy = SessionCSRFStoragePolicy(key)

    def new_csrf_token(self, request: Request) -> str:
        """Store a new token in the namespace and return it.

        :raises RefusedSession: if the discriminator refuses the request.
        """
        token: str = self._policy.new_csrf_token(bound_request(request, self.namespace))
        return token

    def get_csrf_token(self, request: Request) -> str:
        """The namespace's token; a new one if it has none.

        :raises RefusedSession: if the discriminator refuses the request.
        """
        token: str = self._policy.get_csrf_token(bound_request(request, self.namespace))
        return token

    def check_csrf_token(self, request: Request, supplied_token: str) -> bool:
        """True if this is the namespace's token; false if the namespace is refused."""
        try:
            session_request = bound_request(request, self.namespace)
        except RefusedSession:
            return False
        return bool(self._policy.check_csrf_token(session_request, supplied_token))


# The types that bind a part of Pyramid to one namespace.
BOUND_TYPES = (SessionMultiCSRFStoragePolicy, NamespaceSessionFactory)


def renew_csrf_token(request: Request, namespace: str) -> None:
    """Renew the CSRF token if the application's storage policy keeps it in this namespace."""
    policy = request.registry.queryUtility(ICSRFStoragePolicy)
    bound_to = policy
    if isinstance(policy, SessionCSRFStoragePolicy):  # it uses request.session
        bound_to = request.registry.queryUtility(ISessionFactory)
    if isinstance(bound_to, BOUND_TYPES) and bound_to.namespace == namespace:
        policy.new_csrf_token(request)
