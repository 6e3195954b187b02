"""Doing something to every namespace, whatever fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .exceptions import UndecodableCookies


def try_all(attempts: Mapping[str, Callable[[], object]]) -> None:
    """Call all; none is skipped because an earlier one failed.

    One failure is raised as itself, several as an ``ExceptionGroup``, each with a note that names
    its namespace. An undecodable ``Cookie`` header fails many of them, and is one failure.
    """
    undecodable: UndecodableCookies | None = None
    failures: list[Exception] = []
    for namespace, attempt in attempts.items():
        try:
            attempt()
        except UndecodableCookies as error:
            undecodable = error
        except Exception as error:  # noqa: BLE001 - all are raised below
            error.add_note(f"while invalidating the session {namespace!r}")
            failures.append(error)
    if undecodable is not None:
        raise undecodable
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("several sessions could not be invalidated", failures)
