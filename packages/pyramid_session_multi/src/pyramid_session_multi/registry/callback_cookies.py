"""The cookies set by the callbacks of session libraries that are not built in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The request's attribute for them: sets of names, by namespace.
_COOKIE_NAMES = "_session_multi_callback_cookies"


def set_cookie_headers(response: Any) -> list[str]:
    """The values of the response's ``Set-Cookie`` headers."""
    return [value for name, value in response.headerlist if name.lower() == "set-cookie"]


def record_cookies(
    request: Any, namespace: str, earlier_headers: Iterable[str], response: Any
) -> None:
    """Record the names of the cookies that a callback has set.

    :param namespace: the name of the one that the callback belongs to.
    :param earlier_headers: the ``Set-Cookie`` headers before the callback ran.
    """
    headers = set(set_cookie_headers(response)).difference(earlier_headers)
    by_namespace = vars(request).setdefault(_COOKIE_NAMES, {})
    names = by_namespace.setdefault(namespace, set())
    names.update(header.partition("=")[0].strip() for header in headers)


def recorded_cookies(request: Any) -> dict[str, set[str]]:
    """The names of the cookies that callbacks have set so far, by namespace.

    The set is empty for a namespace whose callbacks have set none.
    """
    by_namespace: dict[str, set[str]] = vars(request).get(_COOKIE_NAMES, {})
    return by_namespace
