"""Errors about a list of names, or another object, where the name of one namespace is expected."""

from __future__ import annotations

from ..messages import dotted_name


def invalid_name(namespace: object) -> TypeError:
    """The error about an object that cannot be the name of a namespace."""
    return TypeError(
        f"The name of a namespace is a str, not {dotted_name(type(namespace))}. For several "
        "namespaces, make one call for each."
    )


def check_name(namespace: object) -> None:
    """Raise a ``TypeError`` for an object that cannot be hashed, such as a list of names."""
    try:
        hash(namespace)
    except TypeError:
        raise invalid_name(namespace) from None


def check_name_or_all(namespace: object) -> None:
    """Raise a ``TypeError`` unless this is a ``str``, or ``None`` for all namespaces."""
    if namespace is not None and not isinstance(namespace, str):
        raise TypeError(
            "invalidate takes the name of one namespace, or nothing for all of them, not "
            f"{dotted_name(type(namespace))}. Call it once for each namespace."
        )
