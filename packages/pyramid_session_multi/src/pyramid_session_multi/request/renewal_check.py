"""The check that a cookie has changed when its session was renewed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from pyramid.interfaces import ISessionFactory
from pyramid.request import Request
from pyramid.response import Response
from webob.cookies import RequestCookies

from ..libraries.renewal import may_keep_id
from ..registry.callback_cookies import recorded_cookies
from ..registry.inspected_factory import inspect_factory
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
            request_cookies = dict(request.cookies)
        except UnicodeError:  # a library that reads no cookies
            return False
        response_cookies = list(_cookies_of_response(response))
        response_names = {name for name, _ in response_cookies}
        names = self._possible_names(request, set(request_cookies), response_names)
        return not names.isdisjoint(request_cookies) and all(
            request_cookies.get(name) == value for name, value in response_cookies if name in names
        )

    def _possible_names(
        self, request: Request, request_names: set[str], response_names: set[str]
    ) -> set[str]:
        """The names of the cookies that may be the session's.

        If the name is not known and the library sets no cookie, that includes those of the
        application.
        """
        namespace, cookies_by_namespace = self._namespace, recorded_cookies(request)
        cookie_name = namespace.cookie_name
        if cookie_name is not None and namespace.is_cookie_name_certain:
            return {cookie_name}
        if own_names := cookies_by_namespace.get(namespace.name):
            return own_names
        if cookie_name in request_names:
            return {cookie_name}
        # A library with callbacks sets its cookie in these, so new cookies are the application's.
        names = request_names
        if namespace.name not in cookies_by_namespace:
            names = request_names | response_names
        return names - self._names_of_others(request)

    def _names_of_others(self, request: Request) -> set[str]:
        """The cookies of ``request.session`` and of the other namespaces."""
        own_name, config = self._namespace.name, self._config
        names = {each.cookie_name for each in config if each.name != own_name}
        names.update(*recorded_cookies(request).values())  # its own callbacks have set none
        factory = request.registry.queryUtility(ISessionFactory)
        if factory is not None:
            names.add(inspect_factory(factory, config.libraries).cookie_name)
        return {name for name in names if name is not None}


def expect_new_id(
    request: Request, namespace: Namespace, session: Any, config: SessionMultiManagerConfig
) -> None:
    """Check the response, if it is not known that the library gives the session a new id."""
    library = namespace.session_library_of(session)
    if config.completes_responses and may_keep_id(library):
        request.add_response_callback(RenewalCheck(namespace, config))


def _cookies_of_response(response: Response) -> Iterator[tuple[str, str]]:
    for header in response.headers.getall("Set-Cookie"):
        pair = header.partition(";")[0].strip()
        yield from RequestCookies({"HTTP_COOKIE": pair}).items()
