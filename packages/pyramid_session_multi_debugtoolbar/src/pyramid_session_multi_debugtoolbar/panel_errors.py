"""The panel's own errors: each is a line in the panel and never reaches the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

from .limits import MAX_ERRORS
from .safe.names import type_name


class PanelErrors:
    """The panel's own errors during one request.

    :ivar lines: at most ``MAX_ERRORS`` of them.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextmanager
    def guard(self, activity: str) -> Iterator[None]:
        """Record an exception that the block raises, and continue after the block.

        Its line holds the activity, the type of the exception, and where it was raised.
        """
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it must not reach the application
            if len(self.lines) < MAX_ERRORS:
                *_, (frame, line) = walk_tb(error.__traceback__)
                # The error's own text may hold secrets, or raise.
                location = f"{frame.f_code.co_filename}:{line}"
                self.lines.append(f"{activity}: {type_name(type(error))} ({location})")
