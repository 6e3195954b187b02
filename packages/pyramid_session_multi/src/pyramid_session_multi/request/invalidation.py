"""Ending sessions and renewing them, whatever their library leaves behind by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..exceptions import UndecodableCookies
from ..registry.namespace import Namespace


def invalidate(namespace: Namespace, session: Any) -> None:
    """Empty the session and end its id."""
    namespace.session_library_of(session).invalidate(session)


def renew(namespace: Namespace, session: Any, keep: Iterable[str] | None) -> None:
    """End the session's id, and write the kept values under a new one.

    :param keep: the keys to keep, absent ones ignored; ``None``: all.
    """
    data = namespace.session_library_of(session).read(session)
    if keep is not None:
        data = {key: data[key] for key in keep if key in data}
    invalidate(namespace, session)
    session.update(data)
    session.new_csrf_token()


def call_all(calls: Mapping[str, Callable[[], object]]) -> None:
    """Call all; none is skipped because an earlier one failed.

    One failure is raised as itself, several as an ``ExceptionGroup``, each with a note that names
    its namespace. An undecodable ``Cookie`` header makes many of them fail, and is one failure.

    :param calls: by the name of their namespace.
    """
    undecodable: UndecodableCookies | None = None
    failures: list[Exception] = []
    for name, call in calls.items():
        try:
            call()
        except UndecodableCookies as error:
            undecodable = error
        except Exception as error:  # noqa: BLE001 - all are raised below
            error.add_note(f"while invalidating the session {name!r}")
            failures.append(error)
    if undecodable is not None:
        raise undecodable
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("several sessions could not be invalidated", failures)
