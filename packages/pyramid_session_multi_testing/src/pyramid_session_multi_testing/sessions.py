"""The real sessions of a WebTest client: to be read and edited from outside the application."""

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

from .application import find_application
from .client import Client
from .visit import forgotten, run_callbacks, visit
from .way_back import require_arrival, require_way_back

if TYPE_CHECKING:
    from webtest import TestApp


@contextmanager
def edit_session(
    testapp: TestApp,
    ns: str,
    *,
    url: str = "/",
    extra_environ: Mapping[str, Any] | None = None,
    app: Any = None,
) -> Iterator[Any]:
    """The real session that the ``TestApp``'s cookie jar holds; put back at the end of the block.

    It is opened as a request to ``url`` would open it, whatever its library: a signed cookie is
    signed anew, a session in Redis is changed in Redis. Changes in place are saved as well.
    Nothing else of the jar is touched, and no view, tween or event subscriber runs. Where the
    block raises, nothing is put back.

    :param testapp: a :class:`webtest.TestApp`.
    :param ns: the namespace.
    :param url: as for ``testapp.get``: its scheme, host and path are what a discriminator sees,
        and what the jar goes by.
    :param extra_environ: as for ``testapp.get``.
    :param app: the Pyramid application, where it cannot be found inside ``testapp``.
    :raises pyramid_session_multi.UnregisteredSession: a ``KeyError``, for an unknown namespace.
    :raises pyramid_session_multi.RefusedSession: when the discriminator refuses the request.
    :raises CookieNotReturned: where the jar would not send the cookie back to ``url``.
    :raises ApplicationNotFound: where there is not one Pyramid application inside ``testapp``.
    """
    client = Client(testapp, url, extra_environ)
    router = find_application(testapp.app if app is None else app)
    registered = router.registry.getUtility(ISessionMultiManagerConfig).get(ns)
    with visit(router, client.environ()) as request:
        before = request.session_multi.peek(ns)
        with forgotten(request):
            session = _open(request, registered)
            require_way_back(client, registered, request)
            yield session
            with client.jar_restored(on_error_only=True):
                _put_back(client, registered, request, session, before)


def read_session(
    testapp: TestApp,
    ns: str,
    *,
    url: str = "/",
    extra_environ: Mapping[str, Any] | None = None,
    app: Any = None,
) -> dict[str, Any]:
    """What the session holds that the ``TestApp``'s cookie jar has: a new ``dict``, ``{}`` if none.

    Parameters and errors are those of :func:`edit_session`. Nothing is changed: neither the jar
    nor what a server keeps, but where nobody described the session's library and opening it does.
    """
    client = Client(testapp, url, extra_environ)
    router = find_application(testapp.app if app is None else app)
    registered = router.registry.getUtility(ISessionMultiManagerConfig).get(ns)
    with client.jar_restored(), visit(router, client.environ()) as request:
        data: dict[str, Any] | None = request.session_multi.peek(ns)
        if data is not None:
            return data
        with forgotten(request):
            session = _open(request, registered)
            require_way_back(client, registered, request)
            library = registered.session_library_of(session)
            if library is registered.session_library:
                return {}  # peek would have told
            return copy.deepcopy(library.read(session))


def _open(request: Request, registered: Namespace) -> Any:
    session = request.session_multi[registered.name]
    if session is None:
        error = RefusedSession(registered.name, registered.discriminator)
        error.add_note(
            f"It was asked about {request.url}. Give edit_session or read_session a url that it "
            "agrees to, like url='https://localhost/', or what else it looks at as extra_environ."
        )
        raise error
    return session


def _put_back(
    client: Client, registered: Namespace, request: Request, session: Any, before: Any
) -> None:
    """What a response would do: save the session and set its cookie."""
    holds = registered.session_library_of(session).read(session)
    if holds:
        session.changed()  # it does not know of changes in place
    elif before:
        # Emptied, of which some libraries would store or send the old data once more.
        request.session_multi.invalidate(registered.name)
    response = Response()
    run_callbacks(request.response_callbacks, request, response)
    own = _own_cookies(request, registered, response.headers.getall("Set-Cookie"))
    client.keep(own)
    if holds:
        require_arrival(client, registered, request, own)
    run_callbacks(request.finished_callbacks, request)


def _own_cookies(request: Request, registered: Namespace, headers: list[str]) -> list[str]:
    """The ``Set-Cookie`` headers without those of other namespaces, that may be open as well."""
    named = [(header.partition("=")[0].strip(), header) for header in headers]
    if registered.session_library is not None:
        return [header for name, header in named if name == registered.cookie_name]
    cookies = {**request.session_multi.namespaces_to_cookienames, registered.name: None}
    return [header for name, header in named if name not in cookies.values()]
