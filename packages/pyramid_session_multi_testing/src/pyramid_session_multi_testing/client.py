"""What a WebTest ``TestApp`` sends to a url, and the cookies that it keeps of the answer."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyramid.request import Request

if TYPE_CHECKING:
    from webtest import TestApp


class Client:
    """A ``TestApp`` with its jar, at one url, without its application.

    WebTest's own code decides what is sent and what is kept: a copy of the ``TestApp``, which has
    the same jar, asks a WSGI application that notes what it got and answers with a few headers.

    :param testapp: a :class:`webtest.TestApp`, or of a class derived from it.
    :param url: as for ``testapp.get``.
    :param extra_environ: as for ``testapp.get``.
    """

    def __init__(self, testapp: TestApp, url: str, extra_environ: Mapping[str, Any] | None) -> None:
        if not (hasattr(testapp, "cookiejar") and hasattr(testapp, "do_request")):
            raise TypeError(
                f"The sessions of a webtest.TestApp can be read and edited, not those of "
                f"{type(testapp).__module__}.{type(testapp).__qualname__}. An application has no "
                "cookie jar: give the TestApp around it."
            )
        self._testapp = testapp
        self._url = url
        self._extra_environ = dict(extra_environ or {})

    def environ(self) -> dict[str, Any]:
        """The environ of a GET, with the cookies that the jar sends there."""
        return self._get([])

    def cookie(self, name: str) -> str | None:
        """The value that the jar sends for a cookie, as the application reads it."""
        value: str | None = Request(self.environ()).cookies.get(name)
        return value

    def keep(self, set_cookies: Sequence[str]) -> None:
        """Let the jar see these ``Set-Cookie`` headers as the url's answer."""
        self._get([("Set-Cookie", header) for header in set_cookies])

    @contextmanager
    def jar_restored(self, *, on_error_only: bool = False) -> Iterator[None]:
        """Put the jar's cookies back as they were; maybe only if the block raises."""
        before = list(self._testapp.cookiejar)
        try:
            yield
        except BaseException:
            self._refill(before)
            raise
        if not on_error_only:
            self._refill(before)

    def _refill(self, cookies: Iterable[Any]) -> None:
        jar = self._testapp.cookiejar
        jar.clear()
        for cookie in cookies:
            jar.set_cookie(cookie)

    def _get(self, answer: list[tuple[str, str]]) -> dict[str, Any]:
        noted: dict[str, Any] = {}

        def note(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
            noted.update(environ)
            start_response("200 OK", [("Content-Type", "text/plain"), *answer])
            return [b""]

        stand_in = copy.copy(self._testapp)
        stand_in.app = note
        stand_in.get(self._url, extra_environ=self._extra_environ)
        return noted
