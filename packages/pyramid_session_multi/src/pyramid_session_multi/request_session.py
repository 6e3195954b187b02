"""``request.session`` as one namespace, for Pyramid code that knows only ``request.session``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pyramid.interfaces import ISessionFactory
from pyramid.request import Request
from zope.interface import implementer


def bound_request(request: Request, namespace: str) -> Any:
    """A stand-in request whose ``session`` is the namespace's.

    Pyramid's session-based policies use nothing else of a request.

    :raises RefusedSession: if the discriminator refuses the request.
    """
    return SimpleNamespace(session=request.session_multi.require(namespace))


@implementer(ISessionFactory)
class NamespaceSessionFactory:
    """A factory for ``config.set_session_factory`` that serves one namespace.

    ``request.session`` is then ``request.session_multi[namespace]``, so every add-on that only
    knows ``request.session`` works on that namespace. If the discriminator refuses the request,
    ``request.session`` raises :class:`RefusedSession`, an ``AttributeError`` like Pyramid's own
    for a missing session.

    This does not use the namespace's factory twice: the re-use and isolation checks skip it.

    :param namespace: its name. An unregistered name is a ``ConfigurationError`` when the
        application is created.
    :ivar namespace: its name.
    """

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def __call__(self, request: Request) -> Any:
        return request.session_multi.require(self.namespace)


# The public name.
namespace_session_factory = NamespaceSessionFactory
