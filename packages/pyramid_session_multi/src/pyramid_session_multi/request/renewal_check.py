"""The check that a cookie has changed when its session was renewed."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from webob.cookies import RequestCookies

from ..libraries.renewal import may_keep_id
from ..registry.namespace import Namespace
from ..registry.registry import SessionMultiManagerConfig

log: logging.Logger = logging.getLogger("pyramid_session_multi")

# A callback that also wants to be the last one would otherwise go on forever.
_MAX_DELAYS = 10


class RenewalCheck:
    """A response callback that logs a warning if the cookie is the same as before ``renew``.

    It waits until the sessions have written their cookies.

    :param namespace: the one whose session was renewed.
    :param config: the registry of namespaces.
    """

    __slots__ = ("_config", "_delays", "_namespace")

    def __init__(self, namespace: Namespace, config: SessionMultiManagerConfig) -> None:
        self._namespace = namespace
        self._config = config
        self._delays = 0

    def __call__(self, request: Request, response: Response) -> None:
        queue = request.response_callbacks
        is_last = all(isinstance(callback, RenewalCheck) for callback in queue)
        if not is_last and self._delays < _MAX_DELAYS:
            self._delays += 1
            queue.append(self)
        elif self._is_unchanged(request, response):
            log.warning(
                "the cookie of the session %r is the same as before renew: its library keeps the "
                "id (%s), so anyone who knew it before the login has the session. Describe the "
                "library with config.register_session_library, including SessionLibrary.renew, or "
                "use another one",
                self._namespace.name,
                self._namespace.factory_name,
            )

    def _is_unchanged(self, request: Request, response: Response) -> bool:
        """True if the request brought the cookie, and the response does not change it."""
        try:
            received = dict(request.cookies)
        except UnicodeError:  # a library that reads no cookies
            return False
        sent = [pair for pair in _sent_cookies(response) if self._may_be_own(pair[0], received)]
        own = {name for name in received if self._may_be_own(name, received)}
        return bool(own) and all(received.get(name) == value for name, value in sent)

    def _may_be_own(self, name: str, received: Container[str]) -> bool:
        """True for the session's cookie; for all but other sessions', if its name is not known."""
        namespace = self._namespace
        if namespace.is_cookie_name_certain or namespace.cookie_name in received:
            return name == namespace.cookie_name
        owner = self._config._by_cookie_name.get(name)
        return owner is None or owner.name == namespace.name


def expect_new_id(
    request: Request, namespace: Namespace, session: Any, config: SessionMultiManagerConfig
) -> None:
    """Check the response, if it is not known that the library gives the session a new id."""
    library = namespace.session_library_of(session)
    if config.completes_responses and may_keep_id(library):
        request.add_response_callback(RenewalCheck(namespace, config))


def _sent_cookies(response: Response) -> Iterator[tuple[str, str]]:
    for header in response.headers.getall("Set-Cookie"):
        pair = header.partition(";")[0].strip()
        yield from RequestCookies({"HTTP_COOKIE": pair}).items()
