"""Read and edit the real sessions of a WebTest ``TestApp`` from outside the application."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid_session_multi import (
    ISessionMultiManagerConfig,
    Namespace,
    RefusedSession,
)

from .app_request import discarded_callbacks, request_for, run_callbacks
from .cookie_jar import JarClient
from .cookie_return import require_returnable, require_returned
from .find_app import find_app

if TYPE_CHECKING:
    from webtest import TestApp


@contextmanager
def edit_session(
    testapp: TestApp,
    namespace: str,
    *,
    url: str = "/",
    extra_environ: Mapping[str, Any] | None = None,
    app: Any = None,
) -> Iterator[Any]:
    """Yield the real session that the ``TestApp``'s cookie jar holds, and save it after the block.

    It is opened as a request to ``url`` would open it, with any library: a signed cookie is
    signed again, a session in Redis is changed in Redis. In-place changes are saved as well.
    Other cookies in the jar stay as they are, and no view, tween or event subscriber runs. If
    the block raises, nothing is saved.

    :param testapp: a :class:`webtest.TestApp`.
    :param namespace: the name of the namespace.
    :param url: as for ``testapp.get``: the discriminator sees its scheme, host and path, and they
        decide which cookies the jar sends.
    :param extra_environ: as for ``testapp.get``.
    :param app: the Pyramid application, if it cannot be found inside ``testapp``.
    :raises pyramid_session_multi.UnregisteredSession: a ``KeyError``, for an unknown namespace.
    :raises pyramid_session_multi.RefusedSession: if the discriminator refuses the request.
    :raises CookieNotReturned: if the jar would not send the cookie back to ``url``.
    :raises ApplicationNotFound: if ``testapp`` does not contain exactly one Pyramid application
        with sessions.
    """
    client = JarClient(testapp, url, extra_environ)
    router, record = _find_namespace(testapp, namespace, app)
    with request_for(router, client.environ()) as request:
        data_before = request.session_multi.peek(namespace)
        with discarded_callbacks(request):
            session = _open(request, record)
            require_returnable(client, record, request)
            yield session
            with client.preserved_jar(on_error_only=True):
                _save(client, record, request, session, data_before)


def read_session(
    testapp: TestApp,
    namespace: str,
    *,
    url: str = "/",
    extra_environ: Mapping[str, Any] | None = None,
    app: Any = None,
) -> dict[str, Any]:
    """Return the data of the session that the ``TestApp``'s cookie jar holds, as a new ``dict``.

    ``{}`` if there is no session. Parameters and errors are those of :func:`edit_session`. The jar
    and the data on a server do not change, except that a library which is not described may write
    to its storage when it opens a session.
    """
    client = JarClient(testapp, url, extra_environ)
    router, record = _find_namespace(testapp, namespace, app)
    with client.preserved_jar(), request_for(router, client.environ()) as request:
        data: dict[str, Any] | None = request.session_multi.peek(namespace)
        if data is not None:
            return data
        with discarded_callbacks(request):
            session = _open(request, record)
            require_returnable(client, record, request)
            library = record.session_library_of(session)
            if library is record.session_library:
                return {}  # else peek would have returned its data
            return copy.deepcopy(library.read(session))


def _find_namespace(testapp: TestApp, name: str, app: Any) -> tuple[Any, Namespace]:
    """The Pyramid application, and its record of the namespace."""
    router = find_app(testapp.app if app is None else app)
    namespace: Namespace = router.registry.getUtility(ISessionMultiManagerConfig).get(name)
    return router, namespace


def _open(request: Request, namespace: Namespace) -> Any:
    session = request.session_multi[namespace.name]
    if session is None:
        error = RefusedSession(namespace.name, namespace.discriminator)
        error.add_note(
            f"The url of the request was {request.url}. Pass one that the discriminator accepts, "
            "such as url='https://localhost/', or the environ keys that it reads, as "
            "extra_environ=..."
        )
        raise error
    return session


def _save(
    client: JarClient,
    namespace: Namespace,
    request: Request,
    session: Any,
    data_before: dict[str, Any] | None,
) -> None:
    """Save the session and store its cookie in the jar, as a response would."""
    data = namespace.session_library_of(session).read(session)
    if data:
        session.changed()  # the session does not notice in-place changes
    elif data_before:
        # The test emptied it; some libraries would otherwise write the old data again.
        request.session_multi.invalidate(namespace.name)
    response = Response()
    run_callbacks(request.response_callbacks, request, response)
    own_cookies = _own_cookies(request, namespace, response.headers.getall("Set-Cookie"))
    client.store(own_cookies)
    if data:
        require_returned(client, namespace, request, own_cookies)
    run_callbacks(request.finished_callbacks, request)


def _own_cookies(request: Request, namespace: Namespace, set_cookies: list[str]) -> list[str]:
    """The ``Set-Cookie`` headers of the namespace; a discriminator may have opened others."""
    headers = [header.strip() for header in set_cookies]  # Beaker's begins with a space
    pairs = [(header.partition("=")[0].strip(), header) for header in headers]
    if namespace.session_library is not None:
        return [header for name, header in pairs if name == namespace.cookie_name]
    other_names = {**request.session_multi.namespaces_to_cookienames, namespace.name: None}
    return [header for name, header in pairs if name not in other_names.values()]
