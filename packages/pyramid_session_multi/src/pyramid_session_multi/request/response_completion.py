"""The end of a request that used a session: all sessions are stored, and all headers are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ..registry.registry import SessionMultiManagerConfig
from ..registry.storage_errors import add_storage_note
from .callback_session import names_of_callback
from .cookie_budget import warn_of_large_cookies
from .response_headers import Headers, forbid_shared_caches, vary_on_cookie

# Of request.session_multi: the sessions that were requested, ``None`` for a refused one.
Sessions = Mapping[str, Any]


def complete_response(
    sessions: Sessions, config: SessionMultiManagerConfig, request: Request, response: Response
) -> None:
    """Run the other response callbacks, then add what the headers need; a response callback.

    It is queued before those of the sessions, so it sees their headers and their errors.
    """
    callbacks = request.response_callbacks
    while callbacks:
        callback = callbacks.popleft()
        try:
            callback(request, response)
        except Exception as error:
            names = names_of_callback(callback, sessions) or _opened(sessions)
            if names:
                add_storage_note(error, *names)
            raise
    headers = response.headerlist
    names = [name.lower() for name, _ in headers]
    if "set-cookie" in names:
        _protect_cookies(sessions, config, request, headers)
    if config.vary:
        if "vary" in names:
            vary_on_cookie(headers)
        else:
            headers.append(("Vary", "Cookie"))


def _protect_cookies(
    sessions: Sessions, config: SessionMultiManagerConfig, request: Request, headers: Headers
) -> None:
    known = config._by_cookie_name
    set_cookies = [value for name, value in headers if name.lower() == "set-cookie"]
    if any(value.partition("=")[0].strip() in known for value in set_cookies):
        warn_of_large_cookies(request.environ.get("HTTP_COOKIE", ""), set_cookies, known)
    elif all(config.get(name).is_cookie_name_certain for name in _opened(sessions)):
        return  # another cookie of the application's
    forbid_shared_caches(headers)


def _opened(sessions: Sessions) -> list[str]:
    return [name for name, session in sessions.items() if session is not None]
