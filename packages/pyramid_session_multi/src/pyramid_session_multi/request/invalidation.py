"""Ending a session and starting it anew, whatever its library leaves behind by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..exceptions import UndecodableCookies
from ..registry.namespace import Namespace


def end(namespace: Namespace, session: Any) -> None:
    """Empty the session and end its id."""
    namespace.session_library_of(session).invalidate(session)


def start_anew(namespace: Namespace, session: Any, keep: Iterable[str] | None) -> None:
    """End the session's id, and write the values that are kept under a new one.

    :param keep: the keys of these, those that are absent ignored; ``None``: all.
    """
    kept = namespace.session_library_of(session).read(session)
    if keep is not None:
        kept = {key: kept[key] for key in keep if key in kept}
    end(namespace, session)
    session.update(kept)
    session.new_csrf_token()


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
