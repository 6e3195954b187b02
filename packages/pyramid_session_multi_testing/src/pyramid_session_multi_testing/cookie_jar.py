"""The cookie jar of a WebTest ``TestApp``: the cookies it sends to a url, and those it stores."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyramid.request import Request

if TYPE_CHECKING:
    from webtest import TestApp


class JarClient:
    """Send requests to one url with the cookie jar of a ``TestApp``, but not to its application.

    WebTest's own code decides which cookies are sent and which are stored: the requests go through
    a copy of the ``TestApp`` that has the same jar and another WSGI application.

    :param testapp: a :class:`webtest.TestApp`, or an instance of a derived class.
    :param url: as for ``testapp.get``.
    :param extra_environ: as for ``testapp.get``.
    """

    def __init__(self, testapp: TestApp, url: str, extra_environ: Mapping[str, Any] | None) -> None:
        if not (hasattr(testapp, "cookiejar") and hasattr(testapp, "do_request")):
            raise TypeError(
                f"The first argument must be a webtest.TestApp, not "
                f"{type(testapp).__module__}.{type(testapp).__qualname__}: sessions are read and "
                "edited in its cookie jar. Pass the TestApp that wraps the application."
            )
        self._testapp = testapp
        self._url = url
        self._extra_environ = dict(extra_environ or {})

    def environ(self) -> dict[str, Any]:
        """The environ of a GET request, including the cookies that the jar sends."""
        return self._get([])

    def cookie_value(self, name: str) -> str | None:
        """The value of a cookie that the jar sends, as the application reads it."""
        value: str | None = Request(self.environ()).cookies.get(name)
        return value

    def store(self, set_cookies: Sequence[str]) -> None:
        """Let the jar store these ``Set-Cookie`` headers, as if the url's response had them."""
        self._get([("Set-Cookie", header) for header in set_cookies])

    @contextmanager
    def preserved_jar(self, *, on_error_only: bool = False) -> Iterator[None]:
        """Restore the jar at the end of the block, or only if the block raises."""
        cookies = list(self._testapp.cookiejar)
        try:
            yield
        except BaseException:
            self._set_jar(cookies)
            raise
        if not on_error_only:
            self._set_jar(cookies)

    def _set_jar(self, cookies: Iterable[Any]) -> None:
        jar = self._testapp.cookiejar
        jar.clear()
        for cookie in cookies:
            jar.set_cookie(cookie)

    def _get(self, headers: list[tuple[str, str]]) -> dict[str, Any]:
        sent_environ: dict[str, Any] = {}

        def echo_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
            sent_environ.update(environ)
            start_response("200 OK", [("Content-Type", "text/plain"), *headers])
            return [b""]

        testapp = copy.copy(self._testapp)
        testapp.app = echo_app
        testapp.get(self._url, extra_environ=self._extra_environ)
        return sent_environ
