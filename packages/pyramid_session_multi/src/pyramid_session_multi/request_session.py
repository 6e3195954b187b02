"""What Pyramid's machinery for one session needs to work on a namespace."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pyramid.interfaces import ISessionFactory
from pyramid.request import Request
from zope.interface import implementer

from .exceptions import RefusedSession


def session_of(request: Request, namespace: str) -> Any:
    """The namespace's session, or ``RefusedSession``."""
    manager = request.session_multi
    session = manager[namespace]
    if session is None:
        raise RefusedSession(namespace, manager.get_namespace_discriminator(namespace))
    return session


def with_session(request: Request, namespace: str) -> Any:
    """What Pyramid's classes that store something in ``request.session`` touch of a request."""
    return SimpleNamespace(session=session_of(request, namespace))


@implementer(ISessionFactory)
class NamespaceSessionFactory:
    """``request.session`` as one of the namespaces; see :func:`namespace_session_factory`.

    :ivar namespace: which.
    """

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def __call__(self, request: Request) -> Any:
        return session_of(request, self.namespace)


def namespace_session_factory(namespace: str) -> NamespaceSessionFactory:
    """A factory for ``config.set_session_factory``: ``request.session`` is the namespace's session.

    Every add-on that only knows ``request.session`` then works on that namespace. Where the
    discriminator refuses the request, ``request.session`` raises :class:`RefusedSession`, as
    Pyramid's own raises ``AttributeError`` where there is no session.

    It is no second use of the namespace's factory, so re-use and isolation do not look at it.

    :param namespace: which. One that nobody registered is a ``ConfigurationError`` when the
        application is made.
    """
    return NamespaceSessionFactory(namespace)
