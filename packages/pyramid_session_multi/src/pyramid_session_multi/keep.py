"""The ``keep`` parameter: which session keys survive a renewal."""

from __future__ import annotations

from collections.abc import Iterable


def check_keep(keep: Iterable[str] | None) -> None:
    """Reject one ``str`` or ``bytes``, which would be taken for a collection of letters.

    :raises TypeError: with the spelling that was probably meant.
    """
    if isinstance(keep, (str, bytes)):
        raise TypeError(f"keep takes a collection of keys: keep=[{keep!r}], not keep={keep!r}.")
