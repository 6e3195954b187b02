"""CSRF tokens in one namespace."""

from __future__ import annotations

from pyramid.csrf import SessionCSRFStoragePolicy
from pyramid.interfaces import ICSRFStoragePolicy, ISessionFactory
from pyramid.request import Request
from zope.interface import implementer

from .exceptions import RefusedSession
from .request_session import NamespaceSessionFactory, with_session


@implementer(ICSRFStoragePolicy)
class SessionMultiCSRFStoragePolicy:
    """Pyramid's :class:`pyramid.csrf.SessionCSRFStoragePolicy` on one namespace.

    For ``config.set_csrf_storage_policy``. Where the discriminator refuses the request, no token
    is right and asking for one raises :class:`RefusedSession`.

    :param namespace: which. One that nobody registered is a ``ConfigurationError`` when the
        application is made.
    :param key: the session key of the token.
    """

    def __init__(self, namespace: str, key: str = "_csrft_") -> None:
        self.namespace = namespace
        self.key = key
        self._policy = SessionCSRFStoragePolicy(key)

    def new_csrf_token(self, request: Request) -> str:
        """Store a new token in the namespace and return it.

        :raises RefusedSession: where the discriminator refuses the request.
        """
        token: str = self._policy.new_csrf_token(with_session(request, self.namespace))
        return token

    def get_csrf_token(self, request: Request) -> str:
        """The namespace's token; a new one where it has none.

        :raises RefusedSession: where the discriminator refuses the request.
        """
        token: str = self._policy.get_csrf_token(with_session(request, self.namespace))
        return token

    def check_csrf_token(self, request: Request, supplied_token: str) -> bool:
        """Is this the namespace's token? False where the namespace is refused."""
        try:
            bound = with_session(request, self.namespace)
        except RefusedSession:
            return False
        return bool(self._policy.check_csrf_token(bound, supplied_token))


def renew_stored_token(request: Request, namespace: str) -> None:
    """A new token where the application's storage policy keeps its own in this namespace."""
    policy = request.registry.queryUtility(ICSRFStoragePolicy)
    holder = policy
    if isinstance(policy, SessionCSRFStoragePolicy):  # it asks request.session
        holder = request.registry.queryUtility(ISessionFactory)
    ours = (SessionMultiCSRFStoragePolicy, NamespaceSessionFactory)
    if isinstance(holder, ours) and holder.namespace == namespace:
        policy.new_csrf_token(request)
