"""The end of a request that used a session: all sessions are stored, all headers are set."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ..registry.error_notes import add_callback_note, add_storage_note
from .callback_session import names_of_callback
from .cookie_budget import warn_of_large_cookies
from .response_headers import Headers, forbid_shared_caches, vary_on_cookie
from .set_cookies import repair_set_cookies

# Headers of nearly every response, which need no closer look.
_OTHER_HEADERS = frozenset({"Content-Type", "Content-Length"})


def complete_response(manager: Any, request: Request, response: Response) -> None:
    """Run the other response callbacks, then add what the headers need.

    As a method of the manager it is a response callback, which is queued before those of the
    sessions, so it sees their headers and their errors.
    """
    callbacks = request.response_callbacks
    while callbacks:
        callback = callbacks.popleft()
        try:
            callback(request, response)
        except Exception as error:
            names = names_of_callback(callback, manager)
            if len(names) == 1:
                add_storage_note(error, names[0])
            elif candidates := names or _opened(manager):
                add_callback_note(error, candidates)
            raise
    headers = response.headerlist
    sets_cookie = varies = False
    for name, _ in headers:
        if name not in _OTHER_HEADERS:
            sets_cookie = sets_cookie or name.lower() == "set-cookie"
            varies = varies or name.lower() == "vary"
    if sets_cookie:
        _protect_cookies(manager, request, headers)
    if manager._config.vary:
        if varies:
            vary_on_cookie(headers)
        else:
            headers.append(("Vary", "Cookie"))


def sets_session_cookie(manager: Any, set_cookies: list[str]) -> bool:
    """True if one of the cookies is or may be that of a session.

    :param set_cookies: the values of all ``Set-Cookie`` headers; at least one.
    """
    cookie_names = manager._config._by_cookie_name
    return _sets_one_of(cookie_names, set_cookies) or _may_be_of_session(manager)


def _protect_cookies(manager: Any, request: Request, headers: Headers) -> None:
    cookie_names = manager._config._by_cookie_name
    repair_set_cookies(headers, cookie_names)
    set_cookies = [value for name, value in headers if name.lower() == "set-cookie"]
    if _sets_one_of(cookie_names, set_cookies):
        warn_of_large_cookies(request.environ.get("HTTP_COOKIE", ""), set_cookies, cookie_names)
    elif not _may_be_of_session(manager):
        return  # another cookie of the application's
    forbid_shared_caches(headers)


def _may_be_of_session(manager: Any) -> bool:
    """True if a session is open whose cookie's name is not certain."""
    config = manager._config
    return not all(config.get(name).is_cookie_name_certain for name in _opened(manager))


def _sets_one_of(cookie_names: Container[str], set_cookies: list[str]) -> bool:
    return any(value.partition("=")[0].strip() in cookie_names for value in set_cookies)


def _opened(manager: Any) -> list[str]:
    return [name for name, session in manager.items() if session is not None]
