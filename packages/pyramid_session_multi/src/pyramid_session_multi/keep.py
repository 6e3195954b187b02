"""The ``keep`` parameter: which session keys survive a renewal."""

from __future__ import annotations

from collections.abc import Iterable


def check_keep(keep: Iterable[str] | None) -> None:
    """Reject a single ``str`` or ``bytes``: iterating over it would yield characters, not keys.

    :raises TypeError: if ``keep`` is one; the message shows how to write it.
    """
    if isinstance(keep, (str, bytes)):
        raise TypeError(f"keep takes a collection of keys: keep=[{keep!r}], not keep={keep!r}.")
