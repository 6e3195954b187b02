"""Ending sessions and renewing them, whatever their library leaves behind by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..exceptions import RefusedSession, UndecodableCookies, UnregisteredSession
from ..registry.namespace import Namespace


def renew(namespace: Namespace, session: Any, keep: Iterable[str] | None) -> None:
    """End the session's id, and write the kept values under a new one.

    If the library fails half-way, the session holds its data as before.

    :param keep: the keys to keep, absent ones ignored; ``None``: all.
    """
    library = namespace.session_library_of(session)
    data = library.read(session)
    new_data = data if keep is None else {key: data[key] for key in keep if key in data}
    try:
        library.renew(session, new_data)
    except Exception as error:
        try:
            session.update(data)
        except Exception:  # noqa: BLE001 - the first one says more
            error.add_note("the data of the session could not be restored")
        raise


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


@contextmanager
def note_on_errors(name: str) -> Iterator[None]:
    """Add a note that names the namespace to an exception while its session is renewed."""
    try:
        yield
    except (RefusedSession, UndecodableCookies, UnregisteredSession):
        raise  # these say it themselves
    except Exception as error:
        error.add_note(f"while renewing the session {name!r}")
        raise
