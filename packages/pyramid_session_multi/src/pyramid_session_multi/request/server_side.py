"""Server-side sessions by their id, for listing a user's logins and ending one of them."""

from __future__ import annotations

from pyramid.registry import Registry
from pyramid.request import Request

from ..interfaces import ISessionMultiManagerConfig


def session_id(request: Request, namespace: str) -> str | None:
    """The id under which the server keeps the session of a namespace in this request.

    For a list of logins: store the id after ``renew`` or ``remember``, which change it. End the
    session from anywhere with :func:`end_session`. Treat the id like a secret: if the session
    library does not sign its cookies, anyone who knows the id has the session.

    :returns: ``None`` if the server keeps no session: it is new and nothing was written, it was
        ended, all data are in the cookie, or its library is not described.
    :raises RefusedSession: if the discriminator refuses the request.
    :raises UnregisteredSession: for an unknown namespace.
    """
    manager = request.session_multi
    session = manager.require(namespace)
    library = manager._config.get(namespace).session_library_of(session)
    result: str | None = library.session_id(session)
    return result


def end_session(registry: Registry, namespace: str, session_id: str) -> bool:
    """End a server-side session by its id, from a script, a worker, or another user's request.

    The next request with its cookie gets a new session. A key in Redis whose value is not a session
    stays, unless the factory has a ``deserialize`` of the application's own. If namespaces share a
    Redis server or a storage of Beaker's, the id also ends the session if you pass the name of
    another namespace.

    :param registry: the application's, as ``request.registry`` or ``app.registry``.
    :param session_id: as :func:`session_id` returned it.
    :returns: false if there was no such session, for example because it ended before.
    :raises TypeError: if sessions of this namespace cannot be ended by an id: they are kept in the
        cookie, or their library is not described.
    :raises UnregisteredSession: for an unknown namespace.
    """
    registered = registry.getUtility(ISessionMultiManagerConfig).get(namespace)
    request = Request.blank("/")
    request.registry = registry
    library = registered.session_library
    has_ended = library and library.end_session(registered.library_factory, session_id, request)
    if has_ended is None:
        raise TypeError(
            f"A session of the {registered} cannot be ended by its id: sessions of "
            f"{registered.factory_name} are stored in the cookie, or the description of "
            "their library does not know how. To end the logins of a user, pass generation to "
            "SessionMultiAuthenticationHelper."
        )
    return bool(has_ended)
