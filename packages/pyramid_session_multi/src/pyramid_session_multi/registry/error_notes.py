"""Notes on exceptions that are raised while a session is stored."""

from __future__ import annotations

from ..messages import quoted

# The same words in WebOb (nacl), Pyramid and Beaker.
_COOKIE_TOO_LONG = "Cookie value is too long"

# In the names of exceptions: redis-py's, and those of PEP 249 (SQLAlchemy and database drivers).
_BACKEND_ERRORS = ("Connection", "Timeout", "OperationalError", "InterfaceError")

_TOO_LONG = (
    "Its cookie is too long: keep less in it, or register the namespace with a library that stores "
    "the data on a server."
)
_NO_BACKEND = (
    "The backend that stores it is not available: check that it is running, and that its address "
    "in the session factory's options is right."
)
_NOT_SERIALIZABLE = (
    "It may hold a value that its serializer cannot store: JSON takes str, int, float, bool, None, "
    "and lists and dicts of these."
)
_OTHER = "Check the values that were written to it, and the backend that stores it."


def add_storage_note(error: Exception, name: str) -> None:
    """Add a note to an exception: the namespace it came from, and what to do."""
    error.add_note(f"while storing the session {name!r}. {_advice(error)}")


def add_callback_note(error: Exception, names: list[str]) -> None:
    """Add a note to an exception of a response callback, which may be the application's own.

    :param names: the namespaces whose session it may store.
    """
    error.add_note(
        "while a response callback ran. The session that it stores, if any, is not known; these "
        f"were open: {quoted(names)}. {_advice(error)}"
    )


def _advice(error: Exception) -> str:
    if _COOKIE_TOO_LONG in _text(error):
        return _TOO_LONG
    names = [cls.__name__ for cls in type(error).__mro__]
    if isinstance(error, OSError) or any(mark in n for mark in _BACKEND_ERRORS for n in names):
        return _NO_BACKEND
    if isinstance(error, (TypeError, ValueError, AttributeError, OverflowError, RecursionError)):
        return _NOT_SERIALIZABLE
    return _NOT_SERIALIZABLE if "Pickl" in names[0] or "Serializ" in names[0] else _OTHER


def _text(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - it must not replace the error itself
        return ""
